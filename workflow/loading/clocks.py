"""Deadlines and obligations, every name resolved.

Owns what a clock counts from, how long, in which zone and calendar, and whom it reminds. Called by
``states``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, time

from workflow.definition import Branch, Deadline, FieldType, FirstDay, Kind, Obligation, Reminder, Roll
from workflow.durations import Duration, Unit, parse
from workflow.loading.branches import Branches, Places
from workflow.loading.catalogues import Catalogues
from workflow.loading.context import Context, label_or_none
from workflow.loading.document import ClockShape, DeadlineShape, ObligationShape, ReminderShape, SilenceShape
from workflow.loading.guards import Guards, Place
from workflow.loading.names import Declarations
from workflow.loading.tree import Spot, Tree
from workflow.locale import Message
from workflow.source.reading import suggestion
from workflow.source.text import Scalar
from workflow.time import cron
from workflow.time.deadlines import is_zone

_ZONES = ("Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura")
_LEAP_YEAR = 2024


class Clocks:
    """Resolves the clocks of one definition.

    Args:
        zone: The workflow's time zone, of every clock without its own.
        calendar: The workflow's calendar, likewise.
    """

    def __init__(
        self,
        *,
        context: Context,
        catalogues: Catalogues,
        declarations: Declarations,
        tree: Tree,
        guards: Guards,
        branches: Branches,
        places: Places,
        zone: str,
        calendar: str,
    ) -> None:
        self._context = context
        self._catalogues = catalogues
        self._names = declarations
        self._tree = tree
        self._guards = guards
        self._branches = branches
        self._places = places
        self._zone = zone
        self._calendar = calendar

    def deadline(self, spot: Spot, key: Scalar, shape: DeadlineShape) -> Deadline:
        """Resolve one deadline of a state."""
        path = spot.child_path(key.text)
        self._places.add(key.span, "clock", path)
        if shape.then:
            self._places.add(shape.key("then"), "then", path)
        self._places.add(shape.key("since" if shape.has("since") else "at"), "start", path)
        basis = self._catalogues.basis(shape.basis)
        if shape.then is not None and shape.then.otherwise is not None and not shape.then.has("choose"):
            self._context.report("otherwise-without-choose", shape.then.key("otherwise"))
        kind = Kind(shape.kind.text) if shape.kind else Kind.TARGET
        return Deadline(
            path=path,
            name=key.text,
            state=spot.path,
            kind=kind,
            title=label_or_none(shape.title),
            within=_duration(shape.within),
            at=self._guards.due_day(shape.at) if shape.at else None,
            since=self._date_field(shape.since),
            first_day=_first_day(shape),
            roll=_roll(shape),
            hold=_duration(shape.hold),
            zone=self._zone_of(shape),
            calendar=self._calendar_of(shape),
            remind=self._reminder(shape.remind),
            then=self._branches.choices(shape.then, spot, Place.CLOCK, ("then", path))
            if shape.then
            else None,
            then_basis=self._then_basis(shape, basis),
            when=self._guards.guard(shape.when, Place.ARMED) if shape.when else None,
            fulfilled_by=self._handlers_of(spot, shape.fulfilled_by),
            is_suspendable=self._is_suspendable(shape, kind),
            emit=self._names.emits(shape.emit),
            decided=self._catalogues.decided(shape.decided),
            basis=basis,
        )

    def _handlers_of(self, spot: Spot, scalars: Iterable[Scalar]) -> tuple[str, ...]:
        return self._names.triggers(spot, scalars)

    def _then_basis(self, shape: DeadlineShape, basis: tuple[str, ...]) -> tuple[str, ...]:
        own = self._catalogues.basis(shape.then.basis) if shape.then else ()
        return own or basis

    def silence(self, spot: Spot, handler: str, shape: SilenceShape, then: tuple[Branch, ...]) -> Deadline:
        """Resolve what a consent says of those who stay silent: a deadline of the handler's state.

        Args:
            handler: Path of the consent's handler.
            then: What silence amounts to: the handler's branches, or where a refusal leads.
        """
        path = f"{handler}.silence"
        span = shape.owner
        self._places.add(span, "clock", path)
        self._places.add(span, "then", path)
        self._places.add(span, "start", path)
        basis = self._catalogues.basis(shape.basis)
        kind = Kind(shape.kind.text) if shape.kind else Kind.STATUTORY
        return Deadline(
            path=path,
            name="silence",
            state=spot.path,
            kind=kind,
            title=label_or_none(shape.title),
            within=_duration(shape.after),
            first_day=_first_day(shape),
            roll=_roll(shape),
            hold=_duration(shape.hold),
            zone=self._zone_of(shape),
            calendar=self._calendar_of(shape),
            remind=self._reminder(shape.remind),
            then=then,
            then_basis=basis,
            is_suspendable=self._is_suspendable(shape, kind),
            silence_of=handler,
            decided=self._catalogues.decided(shape.decided),
            basis=basis,
        )

    def _is_suspendable(self, shape: DeadlineShape | SilenceShape, kind: Kind) -> bool:
        is_said = shape.suspendable is not None and shape.suspendable.text == "true"
        if is_said and kind is Kind.STATUTORY and not shape.basis:
            self._context.report("suspendable-without-basis", shape.key("suspendable"))
        return is_said or kind is Kind.TARGET

    def obligation(self, spot: Spot, key: Scalar, shape: ObligationShape) -> Obligation:
        """Resolve one obligation of a state."""
        path = spot.child_path(key.text)
        self._places.add(key.span, "clock", path)
        self._places.add(shape.key("since"), "start", path)
        self._places.add(shape.key("until"), "until", path)
        return Obligation(
            path=path,
            name=key.text,
            state=spot.path,
            within=_duration(shape.within) or Duration(0, Unit.DAYS),
            title=label_or_none(shape.title),
            kind=Kind(shape.kind.text) if shape.kind else Kind.STATUTORY,
            each_year=tuple(self._days_of_year(shape.each_year)),
            every=self._period(shape.every),
            since=self._date_field(shape.since),
            until=self._date_field(shape.until),
            first_day=_first_day(shape),
            roll=_roll(shape),
            zone=self._zone_of(shape),
            calendar=self._calendar_of(shape),
            by=self._names.role_refs(shape.by),
            cron=self._cron(shape.cron),
            when=self._guards.guard(shape.when, Place.ARMED) if shape.when else None,
            fulfilled_by=self._handlers_of(spot, shape.fulfilled_by),
            remind=self._reminder(shape.remind),
            decided=self._catalogues.decided(shape.decided),
            basis=self._catalogues.basis(shape.basis),
        )

    def _days_of_year(self, scalars: Iterable[Scalar]) -> Iterator[tuple[int, int]]:
        for one in scalars:
            month, day = int(one.text[:2]), int(one.text[3:])
            try:
                date(_LEAP_YEAR, month, day)
            except ValueError:
                self._context.report("no-such-day", one.span, key="no-such-day.of-year", value=one.text)
                continue
            yield month, day

    def _cron(self, scalar: Scalar | None) -> str | None:
        if scalar is None:
            return None
        text = " ".join(scalar.text.split())
        if cron.parse(text) is None:
            self._context.report("wrong-value", scalar.span, key="wrong-value.cron", value=scalar.text)
            return None
        return text

    def _period(self, scalar: Scalar | None) -> Duration | None:
        period = _duration(scalar)
        if scalar is not None and period is not None and (not period.n or period.unit is Unit.WORKING_DAYS):
            self._context.report("wrong-value", scalar.span, key="wrong-value.period", value=scalar.text)
            return None
        return period

    def _date_field(self, scalar: Scalar | None) -> str | None:
        full = self._names.find("field", scalar) if scalar else None
        if scalar is None or full is None:
            return None
        declared = self._names.names.fields[full]
        if declared.type is not FieldType.DATE or declared.many or declared.per_party or declared.personal:
            self._context.report("start-not-a-date", scalar.span, name=scalar.text)
            return None
        return declared.name

    def _calendar_of(self, shape: ClockShape | SilenceShape) -> str:
        if shape.calendar is None:
            return self._calendar
        self._catalogues.check_calendar(shape.calendar)
        return shape.calendar.text

    def _zone_of(self, shape: ClockShape | SilenceShape) -> str:
        return self._zone if shape.zone is None else zone(shape.zone, self._context)

    def _reminder(self, shape: ReminderShape | None) -> Reminder | None:
        if shape is None:
            return None
        before = tuple(found for one in shape.before if (found := _duration(one)) is not None)
        to = self._names.role_refs(shape.to)
        if shape.at is None:
            return Reminder(before=before, to=to)
        return Reminder(before=before, to=to, at=time.fromisoformat(shape.at.text))


def zone(scalar: Scalar, context: Context) -> str:
    """Return a time zone's name; report one that does not exist."""
    if not is_zone(scalar.text):
        help = suggestion(scalar.text, _ZONES) or Message("loading.there-are", {"names": ", ".join(_ZONES)})
        context.report("unknown-timezone", scalar.span, name=scalar.text, help=help)
    return scalar.text


def _duration(scalar: Scalar | None) -> Duration | None:
    return None if scalar is None else parse(scalar.text)


def _first_day(shape: ClockShape | SilenceShape) -> FirstDay:
    return FirstDay(shape.first_day.text) if shape.first_day else FirstDay.AFTER


def _roll(shape: ClockShape | SilenceShape) -> Roll:
    return Roll(shape.roll.text) if shape.roll else Roll.NONE
