"""Checks of clocks, and of circles that nobody stops.

Owns one function a code, as ``checks`` does, which registers them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from workflow.chart.scope import domain_of
from workflow.checks.knowledge import counted_from
from workflow.checks.subject import Found, Subject
from workflow.definition import Branch, Deadline, Kind, StateKind
from workflow.source.diagnostics import Severity

CLOCK = "@clock/"

# Circles -----------------------------------------------------------------------------------------


def always_loop(subject: Subject) -> Iterator[Found]:
    """Find circles of branches that are taken at once."""
    for circle, is_sure in _circles(subject, lambda path: False):
        yield _found(subject, circle, circle[0], "" if is_sure else "perhaps", is_sure)


def clock_loop(subject: Subject) -> Iterator[Found]:
    """Find circles in which a clock has already run out when its state is entered again.

    Where every clock of the circle has, it acts for ever within an instant. Where only one has, because it
    counts from a field that nothing on the way writes, it acts effective on its day of long ago, so that
    what counts from there has run out too: the same, once the others have run out for the first time.
    """
    clocks = {f"{CLOCK}{one.path}": one for one in subject.deadlines if one.then is not None}
    at_once = {one.path for one in clocks.values() if _is_at_once(subject, one)}
    said: set[str] = set()
    for circle, is_sure in _circles(subject, at_once.__contains__):
        acting = [one for one in circle if one in clocks]
        if acting:
            said.update(circle)
            is_certain = is_sure and all(clocks[one].when is None for one in acting)
            yield _found(subject, circle, acting[0], "" if is_certain else "perhaps", is_certain)
    others = _by_state(clocks)
    for circle, is_sure in _circles(subject, lambda path: True):
        acting = [one for one in circle if one in clocks]
        back = _turning_back(subject, circle, clocks) if acting and said.isdisjoint(circle) else None
        if back is not None:
            is_armed = is_sure and all(clocks[one].when is None for one in acting)
            is_certain = is_armed and _has_no_other_clock(subject, circle, others)
            yield _found(subject, circle, back, "later" if is_certain else "perhaps-later", is_certain)


def _by_state(clocks: Mapping[str, Deadline]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for edge, clock in clocks.items():
        found.setdefault(clock.state, []).append(edge)
    return found


def _circles(subject: Subject, is_at_once: Callable[[str], bool]) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Yield the circles that need nobody, and whether every branch of one is certain."""
    sure = subject.graph.circles(is_at_once, only_sure=True)
    certain = frozenset(edge for circle in sure for edge in circle)
    yield from ((one, True) for one in sure)
    for one in subject.graph.circles(is_at_once, only_sure=False):
        if certain.isdisjoint(one):
            yield one, False


def _found(subject: Subject, circle: tuple[str, ...], edge: str, variant: str, is_sure: bool) -> Found:
    kind, _, path = edge.removeprefix("@").partition("/")
    states = ", ".join(dict.fromkeys(subject.graph.chart.edges[one].source for one in circle))
    return Found(
        span=subject.places.of(kind, path),
        variant=variant or None,
        severity=Severity.ERROR if is_sure else Severity.WARNING,
        params={"states": states},
    )


def _is_at_once(subject: Subject, deadline: Deadline) -> bool:
    if deadline.then is None:
        return False
    if _from_entry(deadline):
        return deadline.within is not None and deadline.within.n == 0
    starts = counted_from(deadline)
    # A field of its own state is empty when that is entered anew.
    is_kept = all(subject.definition.fields[name].state != deadline.state for name in starts)
    return is_kept and starts.isdisjoint(one.field for branch in deadline.then for one in branch.set)


def _turning_back(subject: Subject, circle: tuple[str, ...], clocks: Mapping[str, Deadline]) -> str | None:
    """Return the clock of a circle that counts from what nothing on the circle writes or empties."""
    written: set[str] = set()
    for one in circle:
        edge = subject.graph.chart.edges[one]
        for branch in edge.branches:
            effect: Branch = branch.effect
            written.update(assigned.field for assigned in effect.set)
            for path in subject.graph.entered(edge, branch):
                written.update(subject.definition.states[path].fields)
    for one in circle:
        clock = clocks.get(one)
        if clock is not None and not _from_entry(clock) and counted_from(clock).isdisjoint(written):
            return one
    return None


def _has_no_other_clock(subject: Subject, circle: tuple[str, ...], by_state: Mapping[str, list[str]]) -> bool:
    """Whether no clock outside a circle could end it first."""
    chart = subject.graph.chart
    for source in {chart.edges[one].source for one in circle}:
        company = {*chart.lineage[source], *chart.inside[source]}
        for above in chart.lineage[source]:
            if chart.states[above].kind is StateKind.PARALLEL:
                company |= chart.inside[above]
        if any(one not in circle for path in company for one in by_state.get(path, ())):
            return False
    return True


# Clocks ------------------------------------------------------------------------------------------


def clock_without_deadline(subject: Subject) -> Iterator[Found]:
    """Find transitions by the clock: a clock acts by the ``then`` of its deadline, so nothing takes them."""
    for handler in subject.handlers:
        if handler.by_clock and not handler.by and not handler.by_child:
            yield Found(span=subject.places.of("handler", handler.path), params={"name": handler.name})


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
