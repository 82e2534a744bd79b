"""Checks of what is read where it may be empty, before it is given, or long after it was, and of `set`.

Owns one function a code, as ``checks`` does, which registers them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from workflow.checks.knowledge import counted_from, lacking_at_opening
from workflow.checks.subject import Found, Subject
from workflow.definition import Act, Assignment, Branch, Deadline, Field, Obligation
from workflow.expressions.guards import (
    Environment,
    EvaluationError,
    Expression,
    InvalidValue,
    check_limits,
    encode,
)
from workflow.locale import Message
from workflow.source.diagnostics import Related, Severity


def when_reads_input(subject: Subject) -> Iterator[Found]:
    """Find conditions that see what their own command gives as it was before."""
    for handler in subject.handlers:
        when = handler.when
        if when is None or handler.act in (Act.NO, Act.WITHDRAW):
            continue
        scalar = subject.scalars[when]
        for name in sorted(when.fields.intersection((*handler.required, *handler.optional))):
            if (when, name) not in subject.lacking:
                bare = name.rpartition(".")[2]
                span = scalar.part(_find_word(scalar.text, bare), len(bare))
                yield Found(span=span, severity=Severity.WARNING, params={"name": bare})


def _find_word(text: str, word: str) -> int:
    found = re.search(rf"\b{word}\b", text)
    return found.start() if found else 0


def maybe_empty(subject: Subject) -> Iterator[Found]:
    """Find reads of fields that may be empty where they are read."""
    shown: dict[tuple[str, int, str], Found] = {}
    lacking = list(lacking_at_opening(subject.definition))
    if subject.context.is_graph_whole:
        lacking += subject.knowledge.lacking()
    subject.lacking.update((lack.expression, lack.field) for lack in lacking)
    for lack in lacking:
        scalar = subject.scalars[lack.expression]
        span = scalar.part(*lack.at)
        key = scalar.text, span.line, lack.field
        asked: tuple[Related, ...] = ()
        if lack.asked_by is not None:
            place = ("handler", lack.asked_by) if lack.asked_by else ("open", "")
            asked = (subject.context.note("loading.asked-here", subject.places.of(*place)),)
        if key in shown:
            before = shown[key]
            shown[key] = replace(before, related=(*before.related, *asked))
            continue
        way = _shown(lack.way)
        shown[key] = Found(
            span=span,
            variant="way" if way else None,
            related=asked,
            params={"field": scalar.text[lack.at[0] : sum(lack.at)], "way": way},
        )
    yield from shown.values()


def set_over_given(subject: Subject) -> Iterator[Found]:
    """Find values of ``set`` that take the place of what the same command gives, unread."""
    opening = subject.definition.opening
    commands = [((*opening.required, *opening.optional), opening.branches)]
    commands += [((*one.required, *one.optional), one.branches) for one in subject.handlers]
    for given, branches in commands:
        asked: set[str] = set()
        for branch in branches:
            asked |= branch.when.fields if branch.when else frozenset()
            for one in branch.set:
                # What is read on the way here was given for something.
                if one.field in given and one.field not in asked | one.value.fields:
                    name = one.field.rpartition(".")[2]
                    span = subject.scalars[one.value].span
                    yield Found(span=span, severity=Severity.WARNING, params={"name": name})


def set_unfit(subject: Subject) -> Iterator[Found]:
    """Find values of ``set`` that are the same in every case and that their field does not take."""
    for one in _assignments(subject):
        why = _unfit(subject.definition.fields[one.field], one.value)
        if why is not None:
            yield Found(span=subject.scalars[one.value].span, params={"why": why})


def _assignments(subject: Subject) -> Iterator[Assignment]:
    branches: list[Branch] = [one for _, several in subject.branchings for one in several]
    branches += [one.consent.refused for one in subject.handlers if one.consent and one.consent.refused]
    for branch in branches:
        yield from branch.set


def _unfit(field: Field, value: Expression) -> Message | None:
    """Return why a field does not take a value; ``None``: it does, or the value depends on the case."""
    if value.fields or value.facts or value.uses or value.relations:
        return None
    try:
        return check_limits(field, encode(field, value(cast("Environment", None))))  # it reads nothing
    except (EvaluationError, InvalidValue) as error:
        return error.message


def old_field(subject: Subject) -> Iterator[Found]:
    """Find clocks that a date from an earlier entry of their state could start or decide."""
    for clock in subject.clocks:
        if clock.state not in subject.graph.reached:
            continue
        starts = counted_from(clock)
        for name in (*sorted(starts), *sorted(_asked(subject, clock) - starts)):
            way = subject.knowledge.outlives(name, clock)
            if way is None:
                continue
            span = subject.places.of("start" if name in starts else "then", clock.path)
            bare = name.rpartition(".")[2]
            params = {"field": bare, "clock": clock.name, "way": _shown(way)}
            yield Found(span=span, severity=Severity.WARNING, params=params)


def _shown(way: tuple[str, ...]) -> str:
    """Return the last steps of a way by the own names of the states."""
    return " → ".join(path.rpartition(".")[2] for path in way[-6:])


def _asked(subject: Subject, clock: Deadline | Obligation) -> frozenset[str]:
    """Return what the branches of a clock ask that was given in its state."""
    if isinstance(clock, Obligation) or clock.then is None:
        return frozenset()
    inside = {clock.state, *subject.graph.chart.inside[clock.state]}
    given = {
        name for one in subject.handlers if one.state in inside for name in (*one.required, *one.optional)
    }
    return frozenset(name for one in clock.then if one.when for name in one.when.fields if name in given)
