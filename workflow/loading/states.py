"""States, every name resolved, and the opening of a case.

Owns the kinds of states and what may stand in each; handlers, branches and clocks have modules of
their own. Called by ``loading`` once names, rules and triggers are known.
"""

from __future__ import annotations

from workflow.definition import Branch, Deadline, Obligation, Opening, State, StateKind
from workflow.loading.branches import Branches, Places
from workflow.loading.catalogues import Catalogues
from workflow.loading.clocks import Clocks
from workflow.loading.context import Context, label_or_none
from workflow.loading.document import OpeningShape, StateShape
from workflow.loading.guards import Place
from workflow.loading.handlers import PARENT, Handlers
from workflow.loading.names import Declarations
from workflow.loading.tree import Spot, Tree

_FINAL_KEYS = ("deadlines", "obligations", "transitions", "always", "initial", "states", "regions", "done")


class States:
    """Resolves the states of one definition.

    Args:
        fulfils: Filled here from the obligations; read by the handlers.
    """

    def __init__(
        self,
        *,
        context: Context,
        catalogues: Catalogues,
        declarations: Declarations,
        tree: Tree,
        handlers: Handlers,
        branches: Branches,
        clocks: Clocks,
        places: Places,
        fulfils: dict[str, list[str]],
    ) -> None:
        self._context = context
        self._catalogues = catalogues
        self._names = declarations
        self._tree = tree
        self._handlers = handlers
        self._branches = branches
        self._clocks = clocks
        self._places = places
        self._fulfils = fulfils

    def resolve(self) -> dict[str, State]:
        """Return every state by path, in document order, the root first."""
        # Clocks name the handlers that meet them, so they come first.
        clocks = {path: self._clocks_of(spot) for path, spot in self._tree.spots.items()}
        for deadlines, duties in clocks.values():
            both: tuple[Deadline | Obligation, ...] = (*deadlines, *duties)
            for clock in both:
                for handler in clock.fulfilled_by:
                    self._fulfils.setdefault(handler, []).append(clock.path)
        return {path: self._state(spot, *clocks[path]) for path, spot in self._tree.spots.items()}

    def _clocks_of(self, spot: Spot) -> tuple[tuple[Deadline, ...], tuple[Obligation, ...]]:
        self._names.here = spot
        return (
            tuple(self._clocks.deadline(spot, *pair) for pair in spot.shape.deadlines),
            tuple(self._clocks.obligation(spot, *pair) for pair in spot.shape.obligations),
        )

    def opening(self, shape: OpeningShape) -> Opening:
        """Return who may open a case, with what, and where it starts."""
        root = self._names.here = self._tree.root
        self._places.add(shape.owner, "open", "")
        required, optional = self._names.given(shape.fields)
        attach, present = self._handlers.papers(shape.documents)
        actors = self._handlers.by(shape.by, PARENT)
        by_parent = PARENT in actors.others
        if present and shape.documents is not None and not by_parent:
            self._context.report("present-at-opening", shape.documents.key("present"))
        rules = self._names.known("rule", shape.rules)
        for branch in shape.choose:
            if not branch.has("to"):
                self._context.report("missing-key", branch.owner, name="to")
        choices = self._branches.choices(shape, root, Place.OPENING, ("open", ""))
        return Opening(
            by=actors.people,
            by_parent=by_parent,
            present=present,
            required=required,
            optional=optional,
            attach=attach,
            rules=rules,
            facts=self._handlers.facts(None, choices, rules, self._names.known("fact", shape.facts)),
            branches=choices,
            emit=self._names.emits(shape.emit),
            decided=self._catalogues.decided(shape.decided),
            basis=self._catalogues.basis(shape.basis),
        )

    def _state(
        self, spot: Spot, deadlines: tuple[Deadline, ...], obligations: tuple[Obligation, ...]
    ) -> State:
        shape = spot.shape
        self._names.here = spot
        self._places.add(spot.span, "state", spot.path)
        is_root = spot.parent is None
        handlers = tuple(
            handler for key, body in shape.transitions for handler in self._handlers.handlers(spot, key, body)
        )
        inner = shape if isinstance(shape, StateShape) else None
        if inner is not None:
            self._check_kind(spot, inner)
        return State(
            path=spot.path,
            name=spot.name,
            kind=spot.kind,
            parent=spot.parent.path if spot.parent else None,
            order=spot.order,
            depth=spot.depth,
            title=label_or_none(shape.title),
            description=label_or_none(shape.description),
            basis=() if is_root else self._catalogues.basis(shape.basis),
            children=tuple(child.path for child in spot.children.values()),
            initial=self._initial(spot, inner) if inner else None,
            outcome=inner.outcome.text if inner and inner.outcome else None,
            handlers=handlers,
            always=self._always(spot, inner) if inner else (),
            done=self._done(spot, inner) if inner else None,
            deadlines=(*deadlines, *self._handlers.silences.get(spot.path, ())),
            obligations=obligations,
            fields=tuple(self._names.names.local.get(spot.path, ())),
            decided=None if is_root else self._catalogues.decided(shape.decided),
        )

    def _check_kind(self, spot: Spot, shape: StateShape) -> None:
        is_top = spot.depth == 1
        if spot.kind is StateKind.FINAL:
            for key in _FINAL_KEYS:
                if shape.has(key):
                    self._context.report("final-with-more", shape.key(key), name=key, state=spot.name)
            if is_top and not shape.has("outcome"):
                self._context.report("outcome-missing", spot.span, state=spot.name)
            if spot.parent is not None and spot.parent.kind is StateKind.PARALLEL:
                self._context.report("final-region", shape.key("final"), state=spot.name)
        if shape.has("outcome") and not (is_top and spot.kind is StateKind.FINAL):
            self._context.report("outcome-misplaced", shape.key("outcome"))
        if shape.has("done") and spot.kind is StateKind.ATOMIC:
            self._context.report("nothing-inside", shape.key("done"), name="done", state=spot.name)

    def _initial(self, spot: Spot, shape: StateShape) -> str | None:
        if shape.initial is None:
            if spot.kind is StateKind.COMPOUND and not shape.has("initial"):
                names = ", ".join(spot.children)
                self._context.is_graph_whole = False
                self._context.report("initial-missing", spot.span, state=spot.name, names=names)
            return None
        if spot.kind is not StateKind.COMPOUND:
            if spot.kind is StateKind.ATOMIC:
                self._context.report("nothing-inside", shape.key("initial"), name="initial", state=spot.name)
            return None
        child = spot.children.get(shape.initial.text)
        if child is None and not self._tree.is_whole:
            return None
        if child is None:
            self._context.is_graph_whole = False
            self._context.report_unknown(
                "state", shape.initial.span, shape.initial.text, tuple(spot.children)
            )
            return None
        return child.path

    def _always(self, spot: Spot, shape: StateShape) -> tuple[Branch, ...]:
        if shape.always:
            self._places.add(shape.key("always"), "always", spot.path)
        return self._branches.several(shape.always, spot, Place.ALWAYS, ("always", spot.path))

    def _done(self, spot: Spot, shape: StateShape) -> Branch | None:
        if shape.done is None:
            return None
        self._places.add(shape.done.span, "done", spot.path)
        target = self._branches.target(spot, shape.done)
        return Branch(target=target, external=target == spot.path)
