"""What a scenario expects after a step, as it is written: flattened to single expectations.

Owns `Expectations`, which resolves the names under ``expect`` against the definition of the step's case.
Whether an expectation is met is ``workflow.scenarios.comparing``'s question. Called by ``steps``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from workflow.definition import Definition
from workflow.loading.context import Context, texts
from workflow.scenarios.model import Expected
from workflow.scenarios.names import Names
from workflow.scenarios.shapes import ExpectShape, LastShape
from workflow.source.nodes import Scalar

MACHINES = ("clock", "child", "parent", "engine")
"""Who acts besides people, as history names them."""

WHOLE = ("overdue", "fired", "available", "messages")
"""Keys whose list is compared as a whole."""


class Expectations:
    """Reads what steps expect.

    Args:
        context: Where findings go.
        actors: Names of the actors.
    """

    def __init__(self, context: Context, actors: Collection[str]) -> None:
        self._context = context
        self._actors = actors

    def read(self, shape: ExpectShape, definition: Definition | None) -> tuple[Expected, ...]:
        """Read what a step expects, in the order in which it is written."""
        names = Names(self._context, definition)
        if definition is not None:
            self._check(shape, names, definition)
        found = [*self._places(shape), *self._fields(shape, names), *self._lists(shape)]
        if shape.outcome is not None:
            found.append(Expected(key="outcome", value=shape.outcome.text, span=shape.outcome.span))
        if shape.last is not None:
            found += self._last(shape.last)
        return tuple(sorted(found, key=lambda one: one.span))

    def _places(self, shape: ExpectShape) -> Iterator[Expected]:
        for state in shape.in_:
            yield Expected(key="in", value=state.text, span=state.span)
        for name, on in shape.due:
            self._context.date(on)
            yield Expected(key="due", name=name.text, value=on.text, span=on.span)

    def _fields(self, shape: ExpectShape, names: Names) -> Iterator[Expected]:
        for name, _, field, value in names.expected_fields(shape.fields):
            yield Expected(key="fields", name=field, value=value, span=name.span)

    def _lists(self, shape: ExpectShape) -> Iterator[Expected]:
        for key in WHOLE:
            if shape.has(key):
                yield Expected(key=key, value=texts(getattr(shape, key)), span=shape.key(key))

    def _last(self, shape: LastShape) -> Iterator[Expected]:
        self._context.date(shape.effective_on)
        if shape.by is not None and shape.by.text not in (*self._actors, *MACHINES):
            self._context.report_unknown("actor", shape.by.span, shape.by.text, (*self._actors, *MACHINES))
        for key in ("kind", "by", "role", "for_party", "trigger", "effective_on", "outcome"):
            scalar: Scalar | None = getattr(shape, key)
            if scalar is not None:
                yield Expected(key=f"last.{key}", value=scalar.text, span=scalar.span)
        if shape.basis:
            yield Expected(key="last.basis", value=texts(shape.basis), span=shape.key("basis"))

    # --- names -------------------------------------------------------------------------------------

    def _check(self, shape: ExpectShape, names: Names, definition: Definition) -> None:
        """Report what is named here and is nowhere in the definition."""
        states = definition.states.values()
        deadlines = [one.path for state in states for one in state.deadlines]
        clocks = [*deadlines, *(one.path for state in states for one in state.obligations)]
        for state in shape.in_:
            names.end("state", state, [path for path in definition.states if path])
        for clock in (*(name for name, _ in shape.due), *shape.overdue):
            names.end("clock", clock, clocks)
        for clock in shape.fired:
            names.end("clock", clock, deadlines)
        for trigger in shape.available:
            names.end("trigger", trigger, names.handlers)
        for message in shape.messages:
            names.end("message", message, [*clocks, *_events(definition)])
        if shape.outcome is not None:
            outcomes = {
                one.outcome or one.name: None for one in states if one.kind == "final" and one.parent == ""
            }
            if shape.outcome.text not in outcomes:
                self._context.report_unknown("outcome", shape.outcome.span, shape.outcome.text, outcomes)
        if shape.last is not None and shape.last.trigger is not None:
            names.end("trigger", shape.last.trigger, names.handlers)


def _events(definition: Definition) -> Iterator[str]:
    for state in definition.states.values():
        emitted = (*(one.emit for one in state.handlers), *(one.emit for one in state.deadlines))
        yield from (one.event for several in emitted for one in several)
