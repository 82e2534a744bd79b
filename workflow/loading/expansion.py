"""One tree of a definition: fragments put where they are used, parameters filled in.

Owns the rules of ``use``, ``with``, ``exits``, ``only``, ``$name`` and ``none``. Works on the tree of
the text, before anything is known of its meaning; the result is read as if it had been written out,
with positions that say where each part comes from (``provenance``). Called by ``loading``.

An end of a fragment that an exit maps becomes a state that is left at once, so that an exit is taken as
any other eventless branch is.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence as SequenceOf
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from workflow.definition import Json, ParameterType
from workflow.expressions.guards import Constant
from workflow.loading.document import FragmentShape, ParameterShape
from workflow.loading.expansion_alone import workflow_of
from workflow.loading.expansion_tree import (
    NOWHERE,
    TABLES,
    entry_of,
    has_more,
    is_clock,
    is_expression,
    is_final,
    is_named,
    moved,
    moved_scalar,
    shifted,
    state_at,
    states_of,
    targets,
    unused_parameters,
    word,
)
from workflow.loading.parameters import CONSTANT, FORMS, SAMPLES, Value, is_none, node_of
from workflow.locale import Message
from workflow.source.diagnostics import Diagnostic, Span, finding
from workflow.source.provenance import HOST, Provenance
from workflow.source.reading import Parameters, Reader, suggestion
from workflow.source.shapes import PARAMETER
from workflow.source.text import Entry, Mapping, Node, Parsed, Scalar, Sequence

MOST_NESTED = 8
"""Deepest use of fragments by fragments."""

MOST_NODES = 200_000
"""Most keys, values, lists and mappings of an expanded definition."""

_TEXTS = frozenset(("title", "description", "message", "question", "chosen", "options", "parameters"))
_BODY = (*("fields", "groups", "documents", "rules"), *("deadlines", "obligations", "transitions"))
_WHOLE = ("initial", "states", "regions")
_LABELS = ("title", "description", "basis", "decided")
_STARTS = ("within", "at", "after")


class Gone:
    """What a parameter leaves out."""


GONE = Gone()


class Source(Protocol):
    """Gives the files of fragments; see `workflow.loading.catalogues.Catalogues`."""

    def fragment(self, file: Scalar) -> Parsed | None:
        """Return the tree of a fragment's file; report one that cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory:
    """A part of the definition in which names are looked up: the workflow, or one use of a fragment.

    Attributes:
        path: Path of the state that the fragment is used as; empty for the workflow.
        parent: The territory that uses it.
    """

    path: str
    parent: int
    values: MappingOf[str, Value]

    def constants(self) -> dict[str, Constant]:
        """Return what guards here see of the parameters."""
        found = ((name, value.constant()) for name, value in self.values.items())
        return {name: constant for name, constant in found if constant is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenExit:
    """An end of a fragment that its use does not map."""

    span: Span
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fragment:
    name: str
    parsed: Parsed
    root: Mapping
    parameters: tuple[tuple[Scalar, ParameterShape], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where the expansion is: in which territory, how far its lines are moved, inside which files."""

    territory: int
    move: int
    values: MappingOf[str, Value]
    files: tuple[str, ...]


@dataclass(slots=True)
class Expansion:
    """The expansion of one definition.

    Attributes:
        ghosts: Paths of states with the targets that a parameter left out there.
        exits: Path of a final state → the use that does not map it.
        declared: Every parameter of the workflow and of its fragments, with the file that declares it.
        diagnostics: In positions of the tree; of files of fragments, in their own.
    """

    provenance: Provenance
    source: Source
    diagnostics: list[Diagnostic] = field(default_factory=list)
    territories: list[Territory] = field(default_factory=list)
    ghosts: list[tuple[str, Scalar]] = field(default_factory=list)
    exits: dict[str, OpenExit] = field(default_factory=dict)
    declared: list[tuple[str, ParameterShape]] = field(default_factory=list)
    is_whole: bool = True  # whether every fragment is there
    _file: str = ""
    _fragments: dict[str, _Fragment | None] = field(default_factory=dict)
    _nodes: int = 0
    _is_too_large: bool = False

    def workflow(self, parsed: Parsed, root: Mapping, given: MappingOf[str, Json]) -> Mapping:
        """Return a workflow's tree with everything put in.

        Args:
            given: Values for its parameters, by name.
        """
        self._file = parsed.file
        self._keep(parsed, self._declared(root, self._file))
        values = self._bound(root, given)
        self.territories.append(Territory(path="", parent=HOST, values=values))
        if not values and not has_more(parsed.text):
            return root
        place = _Place(territory=HOST, move=0, values=values, files=(parsed.file,))
        expanded = self._expand(root, place, ())
        return expanded if isinstance(expanded, Mapping) else root

    def fragment(self, parsed: Parsed, root: Mapping) -> Mapping | None:
        """Return a workflow that is nothing but one fragment, its parameters filled with samples.

        What is made up stands on line 0, of which nothing is said.
        """
        self._file = parsed.file
        reader = Reader(parsed.file, Parameters.ACCEPTED)
        shape = reader.read(root, FragmentShape, Span(1, 1, 1, 1))
        self.diagnostics += reader.diagnostics
        if shape is None or shape.fragment is None:
            return None
        self._keep(parsed, shape.parameters)
        values = {}
        for key, declared in shape.parameters:
            kind = ParameterType(declared.type.text)
            if declared.default is not None and not is_none(declared.default):
                self._value(key.text, kind, declared.default, key.span, key.span)
            text = SAMPLES.get(kind)
            node = None if text is None else word(text, NOWHERE)
            values[key.text] = Value(name=key.text, type=kind, node=node, is_sample=True)
        self.territories.append(Territory(path="", parent=HOST, values=values))
        place = _Place(territory=HOST, move=0, values=values, files=(parsed.file,))
        name = shape.fragment.text
        read = _Fragment(name=name, parsed=parsed, root=root, parameters=shape.parameters)
        body = self._body(read, place, ("states", name))
        return workflow_of(name, body, root)

    # Parameters --------------------------------------------------------------------------------------

    def _keep(self, parsed: Parsed, declared: tuple[tuple[Scalar, ParameterShape], ...]) -> None:
        """Remember what a file declares; report what it does not use."""
        self.diagnostics += unused_parameters(parsed, declared)
        self.declared += ((parsed.file, shape) for _, shape in declared)

    def _bound(self, root: Mapping, given: MappingOf[str, Json]) -> dict[str, Value]:
        """Bind a workflow's parameters to what was given at deploying, else to their defaults."""
        declared = self._declared(root, self._file)
        for name in given:
            if name not in {key.text for key, _ in declared}:
                span = key.span if (key := root.key("parameters")) else Span(1, 1, 1, 1)
                self._report_unknown(name, span, [key.text for key, _ in declared])
        values = {}
        for key, shape in declared:
            kind = ParameterType(shape.type.text)
            node: Node | None = shape.default
            if key.text in given:
                node = node_of(given[key.text], kind, key.span)
                if node is None:
                    self._report("wrong-parameter", key.span, name=key.text, value=str(given[key.text]))
                    values[key.text] = Value(name=key.text, type=kind, node=None, is_broken=True)
                    continue
            values[key.text] = self._value(key.text, kind, node, key.span, key.span)
        return values

    def _declared(self, root: Mapping, file: str) -> tuple[tuple[Scalar, ParameterShape], ...]:
        node = root.get("parameters")
        reader = Reader(file)  # what is wrong with them is said when the file is read
        found = []
        for entry in node.entries if isinstance(node, Mapping) else ():
            shape = reader.read(entry.value, ParameterShape, entry.key.span)
            if shape is not None:
                found.append((entry.key, shape))
        return tuple(found)

    def _value(self, name: str, kind: ParameterType, node: Node | None, span: Span, asked: Span) -> Value:
        """Make a value, seeing that it is of the form of its type.

        Args:
            node: What is to fill it; ``None``: nothing was given.
            span: Where to point at the value; ``asked``: where it is missing.
        """
        if node is None:
            self._report("missing-parameter", asked, name=name)
            return Value(name=name, type=kind, node=None, is_broken=True)
        if is_none(node):
            return Value(name=name, type=kind, node=None)
        reader = Reader(self._file)
        read = reader.value(FORMS[kind], node, span)
        self.diagnostics += reader.diagnostics
        is_broken = read is None or bool(reader.diagnostics)
        return Value(name=name, type=kind, node=None if is_broken else node, is_broken=is_broken)

    # The tree ----------------------------------------------------------------------------------------

    def _expand(self, node: Node, place: _Place, keys: tuple[str, ...]) -> Node | Gone:
        self._nodes += 1
        if isinstance(node, Mapping):
            return self._mapping(node, place, keys)
        if isinstance(node, Sequence):
            items = tuple(self._items(node.items, place, keys))
            return Sequence(items=items, span=moved(node.span, place.move))
        if PARAMETER.fullmatch(node.text):
            return self._parameter(node, place, keys)
        return shifted(node, place.move)

    def _items(self, items: SequenceOf[Node], place: _Place, keys: tuple[str, ...]) -> Iterator[Node]:
        for item in items:
            found = self._expand(item, place, keys)
            if isinstance(found, Gone):
                continue
            is_spliced = isinstance(found, Sequence) and isinstance(item, Scalar)
            yield from found.items if is_spliced and isinstance(found, Sequence) else (found,)

    def _mapping(self, node: Mapping, place: _Place, keys: tuple[str, ...]) -> Node | Gone:
        if not self._is_wanted(node, place, keys):
            return GONE
        state = state_at(keys)
        if state is not None and node.key("use") is not None:
            return self._use(node, place, keys)
        entries = []
        for entry in node.entries:
            name = entry.key.text
            if name == "only" and keys:
                continue
            if name in _TEXTS and not is_named(keys):
                value: Node | Gone = shifted(entry.value, place.move)
            else:
                value = self._expand(entry.value, place, (*keys, name))
            if isinstance(value, Gone):
                if name in _STARTS and is_clock(keys):
                    self._leave_out(node, place, keys)
                    return GONE
                continue
            entries.append(Entry(key=moved_scalar(entry.key, place.move), value=value))
        return Mapping(entries=tuple(entries), span=moved(node.span, place.move))

    def _is_wanted(self, node: Mapping, place: _Place, keys: tuple[str, ...]) -> bool:
        """Whether ``only`` lets a mapping stand."""
        flag = node.get("only") if keys and not is_named(keys) else None
        if flag is None:
            return True
        span = moved(flag.span, place.move)
        if not isinstance(flag, Scalar) or not PARAMETER.fullmatch(flag.text):
            self._report("wrong-parameter", span, key="wrong-parameter.flag")
            return True
        value = self._named(flag, place)
        if value is None or value.is_broken or value.is_sample:
            return True
        if value.type is not ParameterType.BOOLEAN:
            self._report("wrong-parameter", span, key="wrong-parameter.flag")
            return True
        if isinstance(value.node, Scalar) and value.node.text == "true":
            return True
        self._leave_out(node, place, keys)
        return False

    def _leave_out(self, node: Mapping, place: _Place, keys: tuple[str, ...]) -> None:
        """Remember where what is left out would have led."""
        path = ".".join(states_of(keys))
        self.ghosts += ((path, moved_scalar(one, place.move)) for one in targets(node))

    def _named(self, scalar: Scalar, place: _Place) -> Value | None:
        name = scalar.text[1:]
        value = place.values.get(name)
        if value is None:
            self._report_unknown(name, moved(scalar.span, place.move), list(place.values))
        return value

    def _parameter(self, scalar: Scalar, place: _Place, keys: tuple[str, ...]) -> Node | Gone:
        value = self._named(scalar, place)
        if value is None or value.is_broken:
            return moved_scalar(scalar, place.move)
        is_constant = value.type in CONSTANT or value.is_sample
        if is_expression(keys) and is_constant:
            # Guards read constants by their bare names.
            return replace(moved_scalar(scalar, place.move), text=value.name)
        if value.node is None:
            return GONE
        at = moved(scalar.span, place.move)
        return self._brought(value.node, value.name, at)

    def _brought(self, node: Node, name: str, at: Span) -> Node:
        """Bring a value to a place that it fills."""
        if isinstance(node, Sequence):
            items = tuple(self._brought(item, name, at) for item in node.items)
            return Sequence(items=items, span=at)
        move = self.provenance.again(node.span, Message("loading.filled-in-here", {"name": name}), at)
        return shifted(node, move)

    # Fragments ---------------------------------------------------------------------------------------

    def _use(self, node: Mapping, place: _Place, keys: tuple[str, ...]) -> Node | Gone:
        file = node.get("use")
        host = self._host(node, place, keys)
        if not isinstance(file, Scalar):
            return Mapping(entries=(*host, entry_of("use", file, place.move)), span=node.span)
        used = moved_scalar(file, place.move)
        fragment = self._fragment(used) if self._may_nest(used, place) else None
        if fragment is None:
            self.is_whole = False
            # Without its states it would be reported again as a state that leads nowhere.
            return Mapping(entries=(*host, entry_of("use", file, place.move)), span=node.span)
        territory = len(self.territories)
        path = ".".join(states_of(keys))
        parsed = fragment.parsed
        why = Message("loading.used-here", {"name": fragment.name})
        move = self.provenance.add(parsed.file, parsed.text, territory, why, used.span)
        values = self._arguments(fragment, node, place, move)
        self.territories.append(Territory(path=path, parent=place.territory, values=values))
        inner = _Place(territory=territory, move=move, values=values, files=(*place.files, used.text))
        body = self._body(fragment, inner, keys)
        states = body.get("states")
        if isinstance(states, Mapping):
            exits = self._exits(node, states, place, (path, keys))
            body["states"] = exits
        return Mapping(entries=tuple(self._merged(host, body, fragment, move)), span=node.span)

    def _may_nest(self, file: Scalar, place: _Place) -> bool:
        if file.text in place.files:
            self._report("fragment-nesting", file.span, name=file.text)
            return False
        if len(place.files) > MOST_NESTED:
            self._report("fragment-nesting", file.span, key="fragment-nesting.deep", most=MOST_NESTED)
            return False
        if self._nodes > MOST_NODES:
            if not self._is_too_large:
                self._report("fragment-nesting", file.span, key="fragment-nesting.large", most=MOST_NODES)
            self._is_too_large = True
            return False
        return True

    def _fragment(self, file: Scalar) -> _Fragment | None:
        if file.text not in self._fragments:
            self._fragments[file.text] = self._read(file)
        return self._fragments[file.text]

    def _read(self, file: Scalar) -> _Fragment | None:
        parsed = self.source.fragment(file)
        if parsed is None or not isinstance(parsed.root, Mapping):
            return None
        reader = Reader(parsed.file, Parameters.ACCEPTED)
        shape = reader.read(parsed.root, FragmentShape, Span(1, 1, 1, 1))
        self.diagnostics += reader.diagnostics
        if shape is None or shape.fragment is None:
            self._report("file-not-read", file.span, key="file-not-read.no-fragment", path=file.text)
            return None
        self._keep(parsed, shape.parameters)
        return _Fragment(
            name=shape.fragment.text, parsed=parsed, root=parsed.root, parameters=shape.parameters
        )

    def _host(self, node: Mapping, place: _Place, keys: tuple[str, ...]) -> list[Entry]:
        """Return what the host writes beside ``use``."""
        entries = []
        for entry in node.entries:
            name = entry.key.text
            if name in ("use", "with", "exits", "only"):
                continue
            if name in _TEXTS:
                value: Node | Gone = shifted(entry.value, place.move)
            else:
                value = self._expand(entry.value, place, (*keys, name))
            if not isinstance(value, Gone):
                entries.append(Entry(key=moved_scalar(entry.key, place.move), value=value))
        return entries

    def _body(self, fragment: _Fragment, place: _Place, keys: tuple[str, ...]) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for entry in fragment.root.entries:
            name = entry.key.text
            if name in ("title", "description"):
                found[name] = shifted(entry.value, place.move)
            elif name in (*_BODY, *_WHOLE, *_LABELS):
                value = self._expand(entry.value, place, (*keys, name))
                if not isinstance(value, Gone):
                    found[name] = value
        return found

    def _merged(
        self, host: list[Entry], body: dict[str, Node], fragment: _Fragment, move: int
    ) -> Iterator[Entry]:
        """Yield the entries of the state: the fragment's, the host's labels and what it adds."""
        beside = {entry.key.text: entry for entry in host}
        for name, value in body.items():
            own = beside.get(name)
            if own is None or name not in (*TABLES, *_LABELS):
                key = fragment.root.key(name)
                yield Entry(key=moved_scalar(key, move) if key else word(name, value.span), value=value)
            elif name in TABLES and isinstance(value, Mapping) and isinstance(own.value, Mapping):
                entries = (*value.entries, *own.value.entries)
                yield Entry(key=own.key, value=Mapping(entries=entries, span=own.value.span))
            else:
                yield own
        for name, own in beside.items():
            if name in (*TABLES, *_LABELS):
                if name not in body:
                    yield own
            else:
                self._report("conflicting-keys", own.key.span, one=name, other="use")

    def _arguments(self, fragment: _Fragment, node: Mapping, place: _Place, move: int) -> dict[str, Value]:
        """Bind a fragment's parameters to what the host gives, else to their defaults."""
        given = node.get("with")
        entries = given.entries if isinstance(given, Mapping) else ()
        if given is not None and not isinstance(given, Mapping):
            self._report("wrong-parameter", moved(given.span, place.move), key="wrong-parameter.with")
        names = [key.text for key, _ in fragment.parameters]
        for entry in entries:
            if entry.key.text not in names:
                self._report_unknown(entry.key.text, moved(entry.key.span, place.move), names)
        written = {entry.key.text: entry for entry in entries}
        use = node.key("use")
        asked = moved(use.span, place.move) if use else Span(1, 1, 1, 1)
        values = {}
        for key, shape in fragment.parameters:
            kind, entry_or_none = ParameterType(shape.type.text), written.get(key.text)
            if entry_or_none is None:
                default = None if shape.default is None else shifted(shape.default, move)
                values[key.text] = self._value(key.text, kind, default, moved(key.span, move), asked)
            else:
                values[key.text] = self._argument(key.text, kind, entry_or_none, place)
        return values

    def _argument(self, name: str, kind: ParameterType, entry: Entry, place: _Place) -> Value:
        span = moved(entry.key.span, place.move)
        if isinstance(entry.value, Scalar) and PARAMETER.fullmatch(entry.value.text):
            passed = self._named(entry.value, place)
            if passed is None or passed.is_broken:
                return Value(name=name, type=kind, node=None, is_broken=True)
            if passed.node is None:
                return Value(name=name, type=kind, node=None)
            node = self._brought(passed.node, passed.name, moved(entry.value.span, place.move))
            made = self._value(name, kind, node, span, span)
            return replace(made, is_sample=passed.is_sample)
        found = self._expand(entry.value, place, ("with", name))
        if isinstance(found, Gone):
            return Value(name=name, type=kind, node=None)
        return self._value(name, kind, found, span, span)

    def _exits(
        self, node: Mapping, states: Mapping, place: _Place, at: tuple[str, tuple[str, ...]]
    ) -> Mapping:
        """Turn each end that is mapped into a state that is left at once."""
        path, keys = at
        given = node.get("exits")
        if given is not None and not isinstance(given, Mapping):
            self._report("wrong-parameter", moved(given.span, place.move), key="wrong-parameter.with")
        written = {one.key.text: one for one in given.entries} if isinstance(given, Mapping) else {}
        finals = [entry.key.text for entry in states.entries if is_final(entry.value)]
        for name, entry in written.items():
            if name not in finals:
                help = suggestion(name, finals) or Message("loading.there-are", {"names": ", ".join(finals)})
                self._report("unknown-exit", moved(entry.key.span, place.move), name=name, help=help)
        where = node.key("exits") or node.key("use")
        span = moved(where.span, place.move) if where else node.span
        entries = []
        for entry in states.entries:
            name = entry.key.text
            if name not in finals:
                entries.append(entry)
            elif name in written:
                left = self._left_at_once(entry, written[name], place, keys)
                entries.append(Entry(key=entry.key, value=left))
            else:
                self.exits[f"{path}.{name}"] = OpenExit(span=span, name=name)
                entries.append(entry)
        return Mapping(entries=tuple(entries), span=states.span)

    def _left_at_once(self, state: Entry, exit: Entry, place: _Place, keys: tuple[str, ...]) -> Mapping:
        key = moved_scalar(exit.key, place.move)
        where = self._expand(exit.value, place, (*keys, "always"))
        if isinstance(where, Scalar):
            where = Mapping(entries=(Entry(key=word("to", where.span), value=where),), span=where.span)
        branches = Sequence(items=() if isinstance(where, Gone) else (where,), span=key.span)
        body = state.value.entries if isinstance(state.value, Mapping) else ()
        kept = tuple(one for one in body if one.key.text != "final")
        always = Entry(key=replace(key, text="always"), value=branches)
        return Mapping(entries=(*kept, always), span=state.value.span)

    # Findings ----------------------------------------------------------------------------------------

    def _report_unknown(self, name: str, span: Span, names: SequenceOf[str]) -> None:
        help = suggestion(name, names)
        if help is None and names:
            help = Message("loading.there-are", {"names": ", ".join(names)})
        self._report("unknown-parameter", span, name=name, help=help)

    def _report(self, code: str, span: Span, **context: Any) -> None:
        self.diagnostics.append(finding(code, self._file, span, **context))
