"""What a definition decides where the law contradicts itself or is silent, for its drawing.

Owns where decisions are looked for and in which order they are told: declarations first, then states in
document order. Called by ``drawing``.
"""

from __future__ import annotations

from collections.abc import Iterator

from workflow.definition import Decided, Definition, Handler, Label, State
from workflow.diagram.model import Decision
from workflow.diagram.words import Speaker


def decisions(speaker: Speaker) -> tuple[Decision, ...]:
    """Return every decision of a definition once, also where a fragment is used several times."""
    found: dict[Decided, Decision] = {}
    for decided, label, name in _decided(speaker.definition):
        if decided is not None and decided not in found:
            found[decided] = Decision(
                where=speaker.title(label, name),
                question=decided.question.text(speaker.language),
                chosen=decided.chosen.text(speaker.language),
                basis=", ".join(decided.basis),
            )
    return tuple(found.values())


def _decided(definition: Definition) -> Iterator[tuple[Decided | None, Label | None, str]]:
    yield definition.decided, definition.title, definition.workflow
    for declared in (definition.roles, definition.sides, definition.fields, definition.facts):
        yield from ((one.decided, one.title, one.name) for one in declared.values())
    yield from ((one.decided, one.title, one.name) for one in definition.documents.values())
    yield from ((one.decided, one.message, one.name) for one in definition.rules.values())
    yield from ((one.decided, one.title, one.name) for one in definition.children.values())
    for state in definition.states.values():
        yield from _of_state(state)


def _of_state(state: State) -> Iterator[tuple[Decided | None, Label | None, str]]:
    yield state.decided, state.title, state.name
    for handler in state.handlers:
        yield from _of_handler(handler)
    for deadline in state.deadlines:
        yield deadline.decided, deadline.title, deadline.name
    for duty in state.obligations:
        yield duty.decided, duty.title, duty.name


def _of_handler(handler: Handler) -> Iterator[tuple[Decided | None, Label | None, str]]:
    yield handler.decided, handler.title, handler.name
    yield from ((branch.decided, handler.title, handler.name) for branch in handler.branches)
