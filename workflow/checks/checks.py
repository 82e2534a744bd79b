"""What a whole definition must fulfil once every name is resolved.

Owns one function a code, each of which looks at the definition and yields what is wrong with it.
Whether something is an error or a warning is said here too: an error is a process that cannot do
what it says, a warning one that probably does not mean it. Called by ``loading``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

import workflow.texts.checks  # noqa: F401  (registers the texts of these findings)
from workflow.chart.scope import domain_of
from workflow.checks.fields import maybe_empty, old_field, when_reads_input
from workflow.checks.subject import Found, Subject
from workflow.definition import (
    Act,
    Consent,
    Deadline,
    Handler,
    Kind,
    RoleRef,
    Side,
    StateKind,
)
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


def always_loop(subject: Subject) -> Iterator[Found]:
    """Find circles of branches that are taken at once."""
    yield from _circles(subject, lambda path: False, lambda ids: True)


def clock_loop(subject: Subject) -> Iterator[Found]:
    """Find circles in which clocks act that have already run out when their state is entered."""
    at_once = {one.path for one in subject.deadlines if _is_at_once(one)}
    yield from _circles(
        subject, at_once.__contains__, lambda ids: any(one.startswith("@clock/") for one in ids)
    )


def _is_at_once(deadline: Deadline) -> bool:
    if deadline.then is None:
        return False
    sets = {one.field for branch in deadline.then for one in branch.set}
    if deadline.since is not None:
        return deadline.since not in sets
    if deadline.at is not None:
        return sets.isdisjoint(deadline.at.fields)
    return deadline.within is not None and deadline.within.n == 0


def _circles(
    subject: Subject, is_at_once: Callable[[str], bool], is_meant: Callable[[tuple[str, ...]], bool]
) -> Iterator[Found]:
    sure = [one for one in subject.graph.circles(is_at_once, only_sure=True) if is_meant(one)]
    likely = [one for one in subject.graph.circles(is_at_once, only_sure=False) if is_meant(one)]
    certain = frozenset(edge for circle in sure for edge in circle)
    for circle in (*sure, *(one for one in likely if certain.isdisjoint(one))):
        is_sure = circle in sure
        clocks = [one for one in circle if one.startswith("@clock/")]
        kind, _, path = (clocks or circle)[0].removeprefix("@").partition("/")
        place = "clock" if kind == "clock" else kind
        states = ", ".join(dict.fromkeys(subject.graph.chart.edges[one].source for one in circle))
        yield Found(
            span=subject.places.of(place, path),
            variant=None if is_sure else "perhaps",
            severity=Severity.ERROR if is_sure else Severity.WARNING,
            params={"states": states},
        )


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
        yield from _quorum(handler.consent, sides, voters, span)


def _quorum(
    consent: Consent, sides: tuple[Side, ...], voters: tuple[Side, ...], span: Span
) -> Iterator[Found]:
    if not voters:
        yield Found(span=span, variant="nobody", params={})
        return
    silent = [side.name for side in sides if side not in voters and (side.max is None or side.max > 0)]
    if consent.need == "all" and any(side.min for side in sides if side.name in silent):
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


# Clocks ------------------------------------------------------------------------------------------


def deadline_never_starts(subject: Subject) -> Iterator[Found]:
    """Find clocks that count from a field which nothing ever writes."""
    for clock in subject.clocks:
        at = clock.at if isinstance(clock, Deadline) else None
        for name in sorted({clock.since} - {None} if at is None else at.fields, key=str):
            if name is not None and name not in subject.given:
                yield Found(
                    span=subject.places.of("start", clock.path), params={"field": name, "clock": clock.name}
                )


def statutory_without_basis(subject: Subject) -> Iterator[Found]:
    """Find clocks that call themselves law and name none."""
    for clock in subject.clocks:
        is_said = isinstance(clock, Deadline) and clock.is_suspendable  # by 'suspendable-without-basis'
        if clock.kind is Kind.STATUTORY and not clock.basis and not is_said:
            span = subject.places.of("clock", clock.path)
            yield Found(span=span, severity=Severity.WARNING, params={"clock": clock.name})


def restarts_clock(subject: Subject) -> Iterator[Found]:
    """Find transitions that leave and enter again a state in which a statutory clock runs."""
    chart = subject.graph.chart
    counting = {
        one.state: one for one in subject.deadlines if one.kind is Kind.STATUTORY and _from_entry(one)
    }
    for handler in subject.handlers:
        edge = chart.edges[handler.path]
        for number, branch in enumerate(edge.branches):
            if branch.target is None:
                continue
            domain = domain_of(chart, edge, branch)
            below = frozenset(chart.states) if domain is None else chart.inside[domain]
            entered = subject.graph.entered(edge, branch)
            for path, deadline in counting.items():
                if path in entered & below and _can_be_active(subject, handler.state, path):
                    note = subject.context.note("check.clock-here", subject.places.of("clock", deadline.path))
                    yield Found(
                        span=subject.places.of("handler", handler.path, number),
                        severity=Severity.WARNING,
                        related=(note,),
                        params={"clock": deadline.name},
                    )


def _from_entry(deadline: Deadline) -> bool:
    return deadline.since is None and deadline.within is not None


def _can_be_active(subject: Subject, source: str, path: str) -> bool:
    """Whether ``path`` may be active while ``source`` is."""
    chart = subject.graph.chart
    if path in chart.lineage[source] or source in chart.lineage[path]:
        return True
    shared = next(above for above in chart.lineage[source] if above in chart.lineage[path])
    return chart.states[shared].kind is StateKind.PARALLEL


# Declarations ------------------------------------------------------------------------------------


def unused_declaration(subject: Subject) -> Iterator[Found]:
    """Find what is declared and referred to nowhere."""
    for (kind, name), span in subject.declared.items():
        if kind in UNUSED_KINDS and (kind, name) not in subject.used:
            what = Message(f"check.kind.{kind}")
            yield Found(span=span, severity=Severity.WARNING, params={"kind": what, "name": name})


def duties_inseparable(subject: Subject) -> Iterator[Found]:
    """Find duties that no two persons could ever share out, because one of them is nobody's."""
    by_path = {one.path: one for one in subject.handlers}
    for handler in subject.handlers:
        span = subject.places.of("handler", handler.path)
        if handler.other_person_than and (handler.by_clock or handler.by_child):
            yield Found(span=span, severity=Severity.WARNING, params={"name": handler.name})
            continue
        for path in handler.other_person_than:
            other = by_path.get(path)
            if other is not None and (other.by_clock or other.by_child):
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
    "quorum-too-large": quorum_too_large,
    "duties-inseparable": duties_inseparable,
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
