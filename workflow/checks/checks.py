"""What a whole definition must fulfil once every name is resolved.

Owns one function a code, each of which looks at the definition and yields what is wrong with it.
Whether something is an error or a warning is said here too: an error is a process that cannot do
what it says, a warning one that probably does not mean it. Called by ``loading``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

import workflow.texts.checks  # noqa: F401  (registers the texts of these findings)
from workflow.checks.clocks import (
    always_loop,
    clock_loop,
    clock_without_deadline,
    deadline_never_starts,
    restarts_clock,
    statutory_without_basis,
)
from workflow.checks.fields import maybe_empty, old_field, set_over_given, set_unfit, when_reads_input
from workflow.checks.subject import Found, Subject
from workflow.definition import Act, Consent, Handler, RoleRef, Side, StateKind
from workflow.locale import Message
from workflow.source.diagnostics import Severity, Span

UNUSED_KINDS = ("role", "field", "group", "fact", "document", "rule", "child")


def check(subject: Subject, only: Collection[str] | None = None) -> None:
    """Report everything that the checks find, or that some of them find.

    Checks that ask what can be reached are left out where a target is unknown.
    """
    whole = subject.context.is_graph_whole
    for code, function in CHECKS.items():
        if only is not None and code not in only:
            continue
        if not whole and function in NEEDS_WHOLE_GRAPH:
            continue
        for one in function(subject):
            subject.context.report(
                code,
                one.span,
                key=f"{code}.{one.variant}" if one.variant else None,
                severity=one.severity,
                related=one.related,
                **one.params,
            )


# The chart ---------------------------------------------------------------------------------------


def unreachable_state(subject: Subject) -> Iterator[Found]:
    """Find states that can never become active; of nested ones the outermost only."""
    for path, state in subject.definition.states.items():
        if path in subject.graph.reached or state.parent not in subject.graph.reached:
            continue
        yield Found(span=subject.places.of("state", path), params={"state": path})


def cannot_end(subject: Subject) -> Iterator[Found]:
    """Find states out of which no way leads to an end."""
    for group in subject.graph.stuck:
        if subject.exits.keys() >= set(group):
            continue  # said by 'exit-missing'
        span = subject.places.of("state", group[0])
        variant = "several" if len(group) > 1 else None
        yield Found(span=span, variant=variant, params={"state": group[0], "states": ", ".join(group)})


def region_never_done(subject: Subject) -> Iterator[Found]:
    """Find what keeps a ``done`` from ever being taken."""
    graph = subject.graph
    for path, state in subject.definition.states.items():
        if state.done is None or not state.children or path not in graph.reached:
            continue
        if graph.can_be_done(path):
            continue
        note = subject.context.note("check.done-waits", subject.places.of("done", path))
        if state.kind is not StateKind.PARALLEL:
            span = subject.places.of("state", path)
            yield Found(span=span, variant="machine", related=(note,), params={"state": path})
            continue
        for region in state.children:
            if not graph.can_be_done(region):
                yield Found(
                    span=subject.places.of("state", region), related=(note,), params={"state": region}
                )


def unreachable_branch(subject: Subject) -> Iterator[Found]:
    """Find branches behind one that is always taken, or behind the same condition."""
    for key, branches in subject.branchings:
        seen: dict[str, int] = {}
        for number, branch in enumerate(branches):
            before = seen.get("") if "" in seen else seen.get(branch.when.normal if branch.when else "")
            if before is not None:
                note = subject.context.note("check.taken-before", subject.places.of(*key, before))
                yield Found(span=subject.places.of(*key, number), related=(note,), params={})
                continue
            seen.setdefault(branch.when.normal if branch.when else "", number)


def shadowed_trigger(subject: Subject) -> Iterator[Found]:
    """Find handlers that one of the same name further in hides."""
    outer_by_name: dict[str, list[Handler]] = {}
    for handler in subject.handlers:
        outer_by_name.setdefault(handler.name, []).append(handler)
    for inner in subject.handlers:
        if inner.when is not None:
            continue
        lineage = subject.graph.chart.lineage[inner.state][1:]
        for outer in outer_by_name[inner.name]:
            if outer.state in lineage:
                note = subject.context.note("check.hidden-by", subject.places.of("handler", inner.path))
                yield Found(
                    span=subject.places.of("handler", outer.path),
                    severity=Severity.WARNING,
                    related=(note,),
                    params={"name": outer.name, "state": inner.state},
                )


def overlapping_trigger(subject: Subject) -> Iterator[Found]:
    """Find handlers of one name in two regions: while both are active, the bare name is ambiguous."""
    chart = subject.graph.chart
    known: dict[str, list[Handler]] = {}
    for handler in subject.handlers:
        for other in known.setdefault(handler.name, []):
            lineage = chart.lineage[other.state]
            above = next(path for path in chart.lineage[handler.state] if path in lineage)
            is_beside = above not in (handler.state, other.state)
            if is_beside and chart.states[above].kind is StateKind.PARALLEL:
                note = subject.context.note("check.overlaps", subject.places.of("handler", other.path))
                yield Found(
                    span=subject.places.of("handler", handler.path),
                    severity=Severity.NOTE,
                    related=(note,),
                    params={"name": handler.name, "first": other.path, "second": handler.path},
                )
                break
        known[handler.name].append(handler)


def exit_missing(subject: Subject) -> Iterator[Found]:
    """Find ends of fragments that are reached and lead nowhere."""
    for path, one in subject.exits.items():
        if path in subject.graph.reached:
            yield Found(span=one.span, params={"name": one.name})


# Authority ---------------------------------------------------------------------------------------


def quorum_too_large(subject: Subject) -> Iterator[Found]:
    """Find consents that can never be reached."""
    sides = tuple(subject.definition.sides.values())
    for handler in subject.handlers:
        if handler.act is not Act.YES or handler.consent is None:
            continue
        span = subject.places.of("consent", handler.path)
        voters = tuple(side for side in sides if any(_may_act(ref, side) for ref in handler.by))
        is_open = any(ref.side is None for ref in handler.by)  # a side that is named is meant
        yield from _quorum(handler.consent, sides, voters, span, is_open=is_open)


def _quorum(
    consent: Consent, sides: tuple[Side, ...], voters: tuple[Side, ...], span: Span, *, is_open: bool
) -> Iterator[Found]:
    if not voters:
        yield Found(span=span, variant="nobody", params={})
        return
    silent = [side.name for side in sides if side not in voters and (side.max is None or side.max > 0)]
    if consent.need == "all" and is_open and any(side.min for side in sides if side.name in silent):
        yield Found(span=span, variant="silent", params={"sides": ", ".join(silent)})
    if isinstance(consent.need, int):
        limits = [side.max for side in voters]
        most = None if None in limits else sum(limit or 0 for limit in limits)
        if most is not None and consent.need > most:
            yield Found(span=span, params={"need": consent.need, "most": most})
        elif consent.need > sum(side.min for side in voters):
            least = sum(side.min for side in voters)
            params = {"need": consent.need, "least": least}
            yield Found(span=span, variant="perhaps", severity=Severity.WARNING, params=params)


def _may_act(ref: RoleRef, side: Side) -> bool:
    return ref.role in side.roles and ref.side in (None, side.name)


# Declarations ------------------------------------------------------------------------------------


def unused_declaration(subject: Subject) -> Iterator[Found]:
    """Find what is declared and referred to nowhere."""
    for (kind, name), span in subject.declared.items():
        if kind in UNUSED_KINDS and (kind, name) not in subject.used:
            what = Message(f"check.kind.{kind}")
            yield Found(span=span, severity=Severity.WARNING, params={"kind": what, "name": name})


def duties_inseparable(subject: Subject) -> Iterator[Found]:
    """Find duties that no two persons could ever share out, because one of them is nobody's.

    Of those of a clock nothing is said here: 'clock-without-deadline' says more.
    """
    by_path = {one.path: one for one in subject.handlers}
    for handler in subject.handlers:
        span = subject.places.of("handler", handler.path)
        if handler.other_person_than and handler.by_child:
            yield Found(span=span, severity=Severity.WARNING, params={"name": handler.name})
            continue
        for path in handler.other_person_than:
            other = by_path.get(path)
            if other is not None and other.by_child:
                yield Found(
                    span=span, variant="nobody", severity=Severity.WARNING, params={"name": other.name}
                )


CHECKS: dict[str, Callable[[Subject], Iterator[Found]]] = {
    "maybe-empty": maybe_empty,
    "when-reads-input": when_reads_input,
    "exit-missing": exit_missing,
    "unreachable-state": unreachable_state,
    "cannot-end": cannot_end,
    "region-never-done": region_never_done,
    "unreachable-branch": unreachable_branch,
    "always-loop": always_loop,
    "clock-loop": clock_loop,
    "shadowed-trigger": shadowed_trigger,
    "overlapping-trigger": overlapping_trigger,
    "quorum-too-large": quorum_too_large,
    "duties-inseparable": duties_inseparable,
    "clock-without-deadline": clock_without_deadline,
    "set-over-given": set_over_given,
    "set-unfit": set_unfit,
    "old-field": old_field,
    "deadline-never-starts": deadline_never_starts,
    "statutory-without-basis": statutory_without_basis,
    "restarts-clock": restarts_clock,
    "unused-declaration": unused_declaration,
}
"""Every check under its code, in the order in which they are made."""

NEEDS_WHOLE_GRAPH = frozenset(
    (
        old_field,
        exit_missing,
        unreachable_state,
        cannot_end,
        region_never_done,
        always_loop,
        clock_loop,
        shadowed_trigger,
        restarts_clock,
    )
)
