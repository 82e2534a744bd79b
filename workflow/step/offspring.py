"""What the end of a relative means for a case: a child has closed, or the parent has.

Owns the entries that follow from it: ``child_closed`` with the ``by: child`` transition or the ``always``
that it opens, and the end together with the parent. The family's ripe clocks were taken before. Called
by ``decide``; who is asked, and in which order, is ``workflow.step.family``'s business.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from workflow.case import Body, CloseWithParent, Decision, NoteChildClosed, Refusal
from workflow.chart.interpreter import ALWAYS, ROOT
from workflow.definition import Handler
from workflow.step.assessment import children_open, too_many_children
from workflow.step.environment import Scene
from workflow.step.inputs import check_rules
from workflow.step.opening import PARENT
from workflow.step.progress import ChildrenOpen, Progress

CHILD = "child"
"""Id of the actor where the end of a child moves its parent."""


def note_child_closed(progress: Progress, command: NoteChildClosed) -> Decision:
    """Write that a child has closed, and take what that opens: ``by: child``, or else ``always``.

    A parent that has ended itself only notes it.
    """
    actor: Body = {"id": CHILD, "case": command.child}
    name = progress.case.children[command.child]["name"]
    keys: Body = {
        "actor": actor,
        "child": {"case": command.child, "name": name},
        "outcome": command.outcome,
    }
    progress.write("child_closed", command.effective_on, keys, revise=False)
    if progress.case.closed_at is None:
        progress.closed_child = command.child
        # The parent may have gone on meanwhile: what follows here is no earlier than its last step.
        on = max(command.effective_on, date.fromisoformat(progress.case.stepped_on))
        if not _take_by_child(progress, name, on, actor):
            scene = _scene(progress, on)
            progress.take("transition_taken", ALWAYS, scene, on, {"actor": actor, "trigger": ALWAYS})
    return progress.decision()


def close_with_parent(progress: Progress, command: CloseWithParent) -> Decision | Refusal:
    """Write the end of a case whose parent has ended, effective on the same day or its own last step's."""
    if progress.case.parent is None:
        raise ValueError("a case that ends with its parent has one")
    on = max(command.effective_on, date.fromisoformat(progress.case.stepped_on))
    actor: Body = {"id": PARENT, "case": progress.case.parent["case"]}
    taken = progress.close_with_parent(on, actor)
    if isinstance(taken, ChildrenOpen):
        return Refusal(reasons=(children_open(progress, taken.children),))
    return progress.decision()


def _scene(progress: Progress, on: date) -> Scene:
    return progress.scene(values=progress.case.fields, documents=progress.case.documents, today=on)


def _take_by_child(progress: Progress, name: str, on: date, actor: Body) -> bool:
    """Take the ``by: child`` transitions for a relation, the inner first, one in each region."""
    taken: set[str] = set()
    for handler in _waiting(progress, name):
        active = progress.process.active(progress.case.configuration)
        if progress.case.closed_at is not None or handler.state not in active:
            continue
        if any(_is_around(handler.state, inner) for inner in taken):
            continue
        if _take(progress, handler, on, actor):
            taken.add(handler.state)
    return bool(taken)


def _waiting(progress: Progress, name: str) -> Iterator[Handler]:
    """Yield the transitions that wait for a child of a relation, inner first, in document order."""
    states = progress.process.definition.states
    active = progress.process.active(progress.case.configuration)
    for path in sorted(active, key=lambda path: (-states[path].depth, states[path].order)):
        yield from (one for one in states[path].handlers if one.by_child and one.child == name)


def _is_around(outer: str, inner: str) -> bool:
    return outer in (ROOT, inner) or inner.startswith(f"{outer}.")


def _take(progress: Progress, handler: Handler, on: date, actor: Body) -> bool:
    """Take one, where its guard and rules hold and a branch is open."""
    scene = _scene(progress, on)
    if handler.when is not None and not scene.ask(handler.when):
        return False
    rules, failed = check_rules(progress.process.definition, handler, scene, {})
    if failed or (handler.opens is not None and too_many_children(progress, handler.opens)):
        return False
    keys: Body = {"actor": actor, "trigger": handler.path}
    if rules:
        keys["rules"] = rules
    taken = progress.take(
        "transition_taken",
        handler.path,
        scene,
        on,
        keys,
        basis=handler.basis,
        decided=handler.decided,
        emit=handler.emit,
        fulfils=handler.fulfils,
        opens=handler.opens,
    )
    return taken is None
