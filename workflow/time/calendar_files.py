"""A calendar's file → its canonical form: every key, date and reference checked, ``extends`` resolved.

Owns what a calendar file may say and the findings about it. Must not count: the canonical form is
all that `workflow.time.calendars` builds on, so that a stored calendar counts exactly as its file did.
Called by ``calendars.load_calendar`` only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeAlias

from pydantic import Field

from workflow.history.canonical import normal_text
from workflow.loading.document import DecidedShape, LabelShape, TitleShape
from workflow.locale import Message
from workflow.source import articles
from workflow.source.diagnostics import (
    Diagnostic,
    Severity,
    Span,
    codes,
    did_you_mean,
    finding,
    has_errors,
    place,
)
from workflow.source.reading import Reader
from workflow.source.shapes import (
    DATE,
    Basis,
    Boolean,
    DateText,
    Listed,
    Lookup,
    Name,
    Named,
    Positive,
    Several,
    Shape,
    Some,
    Text,
    one_of,
    word,
)
from workflow.source.text import LIMITS, Scalar
from workflow.texts.calendars import CODES
from workflow.time.decrees import REASONS, in_order, lines, titles

if TYPE_CHECKING:
    from workflow.source.text import Parsed

codes(CODES)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Canonical: TypeAlias = dict[str, Any]
Resolve: TypeAlias = "Callable[[str], Parsed | None]"

_INHERITED = ("basis", "week", "joint_leave_counts", "covers")
_LONGEST = timedelta(days=366 * 100)

# --- the shape of the file -------------------------------------------------------------------------


Days: TypeAlias = Annotated[
    tuple[tuple[Scalar, Text], ...], Named(key=word("date", DATE.pattern), is_ordered=False)
]


class CoversShape(Shape, frozen=True):
    """The days for which the decrees are in the file."""

    from_: DateText = Field(alias="from")
    until: DateText


class DecreeShape(Shape, frozen=True):
    """What one decree says. ``removes``: days that a decree which it amends had made."""

    title: LabelShape
    issued: DateText
    amends: Name | None = None
    basis: Some[Basis] = ()
    decided: DecidedShape | None = None
    national: Days = ()
    regional: Days = ()
    joint_leave: Days = ()
    removes: Several[DateText] = ()


class CalendarShape(Shape, frozen=True):
    """A calendar file. ``week`` and ``covers`` may be left out where it extends another."""

    needed: ClassVar[tuple[tuple[str, ...], ...]] = (("week", "extends"), ("covers", "extends"))

    format: Annotated[Scalar, one_of("1")]
    calendar: Name
    version: Positive
    extends: Name | None = None
    title: LabelShape | None = None
    description: LabelShape | None = None
    basis: Some[Basis] = ()
    decided: DecidedShape | None = None
    week: Listed[Annotated[Scalar, one_of(*WEEKDAYS)]] = ()
    joint_leave_counts: Boolean | None = None
    covers: CoversShape | None = None
    decrees: Lookup[DecreeShape] = ()


# --- the calendar ----------------------------------------------------------------------------------


def read(
    parsed: Parsed, resolve: Resolve, extending: tuple[str, ...] = ()
) -> tuple[Canonical | None, tuple[Diagnostic, ...]]:
    """Read a file.

    Args:
        parsed: The file's text as a tree.
        resolve: Finds another calendar's file by its name.
        extending: Names of the calendars on whose behalf this one is read.

    Returns:
        The canonical form, ``None`` where a finding is an error; the findings, a base's first.
    """
    if parsed.root is None:
        return None, parsed.diagnostics
    reader = Reader(parsed.file)
    start = parsed.root.span
    shape = reader.read(
        parsed.root, CalendarShape, Span(start.line, start.column, start.line, start.column + 1)
    )
    findings = _Findings(parsed.file, [*parsed.diagnostics, *reader.diagnostics])
    canonical = None if shape is None else _calendar(findings, shape, resolve, extending)
    found = tuple(findings.all)
    return (None if has_errors(found) else canonical), found


@dataclass(slots=True)
class _Findings:
    """Collects findings about one file, at most so many of each severity: a hostile file has no end."""

    file: str
    all: list[Diagnostic]
    counts: Counter[Severity] = field(default_factory=Counter)

    def report(
        self,
        code: str,
        span: Span,
        variant: str | None = None,
        severity: Severity = Severity.ERROR,
        **context: Any,
    ) -> None:
        self.counts[severity] += 1
        if not self.is_full(severity):
            key = None if variant is None else f"{code}.{variant}"
            self.all.append(finding(code, self.file, span, key=key, severity=severity, **context))

    def is_full(self, severity: Severity = Severity.ERROR) -> bool:
        return self.counts[severity] > LIMITS.max_findings

    def day(self, scalar: Scalar) -> str | None:
        """The text of a date that exists."""
        try:
            date.fromisoformat(scalar.text)
        except ValueError:
            self.report("no-such-day", scalar.span, value=scalar.text)
            return None
        return scalar.text


def _calendar(
    findings: _Findings, shape: CalendarShape, resolve: Resolve, extending: tuple[str, ...]
) -> Canonical | None:
    base = _base(findings, shape, resolve, (*extending, shape.calendar.text))
    own = _own(findings, shape)
    if shape.extends is not None and base is None:
        return None
    canonical = ({key: base[key] for key in _INHERITED if key in base} if base else {}) | own
    if base is not None and shape.covers is not None and "covers" in own:
        _check_covers(findings, shape, own["covers"], base)
    decrees = _Decrees(findings, canonical.get("covers"), base.get("decrees", {}) if base else {})
    decrees.read(shape.decrees)
    if decrees.all:
        canonical["decrees"] = decrees.all
    return canonical


def _base(
    findings: _Findings, shape: CalendarShape, resolve: Resolve, extending: tuple[str, ...]
) -> Canonical | None:
    if shape.extends is None:
        return None
    name, span = shape.extends.text, shape.extends.span
    if name in extending:
        findings.report("calendar-extends", span, "circle", name=name)
        return None
    parsed = resolve(name)
    if parsed is None:
        findings.report("calendar-extends", span, name=name)
        return None
    canonical, found = read(parsed, resolve, extending)
    findings.all[:0] = found
    if canonical is None:
        findings.report("calendar-extends", span, "broken", name=name)
    elif canonical["calendar"] != name:
        findings.report("calendar-extends", span, "other-name", name=name, other=canonical["calendar"])
        return None
    return canonical


def _own(findings: _Findings, shape: CalendarShape) -> Canonical:
    """What the file itself says, but for its decrees."""
    counts = shape.joint_leave_counts
    own: Canonical = {
        "format": 1,
        "calendar": shape.calendar.text,
        "version": int(shape.version.text),
        "title": _label(shape.title),
        "description": _label(shape.description),
        "basis": _articles(findings, shape.basis),
        "decided": _decided(findings, shape.decided),
        "week": _week(findings, shape.week),
        "joint_leave_counts": None if counts is None else counts.text == "true",
        "covers": _covers(findings, shape.covers),
    }
    return _filled(own)


def _filled(values: Canonical) -> Canonical:
    return {key: value for key, value in values.items() if value not in (None, [], {})}


def _label(label: LabelShape | None) -> dict[str, str] | None:
    if isinstance(label, TitleShape):
        texts = {"id": label.id, "en": label.en}
        return {language: normal_text(text.text) for language, text in texts.items() if text}
    return None if label is None else {"id": normal_text(label.text)}


def _decided(findings: _Findings, shape: DecidedShape | None) -> Canonical | None:
    if shape is None:
        return None
    question, chosen = (
        normal_text(one.text) if isinstance(one, Scalar) else _label(one)
        for one in (shape.question, shape.chosen)
    )
    return _filled({"question": question, "chosen": chosen, "basis": _articles(findings, shape.basis)})


def _articles(findings: _Findings, scalars: Iterable[Scalar]) -> list[str]:
    """Articles in the form in which they are cited; a calendar knows no catalogue of laws."""
    scalars = tuple(scalars)
    for one in scalars:
        if wrong := articles.problem(one.text):
            findings.report("basis-syntax", one.span, wrong.partition(".")[2] or None, value=one.text)
    return [normal_text(scalar.text) for scalar in scalars]


def _week(findings: _Findings, days: Iterable[Scalar]) -> list[str]:
    week: list[str] = []
    for day in days:
        if day.text in week:
            findings.report("weekday-twice", day.span, value=day.text)
        else:
            week.append(day.text)
    return sorted(week, key=WEEKDAYS.index)


def _covers(findings: _Findings, shape: CoversShape | None) -> Canonical | None:
    if shape is None:
        return None
    first, last = findings.day(shape.from_), findings.day(shape.until)
    if first is None or last is None:
        return None
    length = date.fromisoformat(last) - date.fromisoformat(first)
    if length < timedelta() or length > _LONGEST:
        findings.report("calendar-covers", shape.owner, "order" if last < first else "long")
        return None
    return {"from": first, "until": last}


def _check_covers(findings: _Findings, shape: CalendarShape, own: Canonical, base: Canonical) -> None:
    """A calendar cannot cover what its base does not."""
    outer = base["covers"]
    if not outer["from"] <= own["from"] <= own["until"] <= outer["until"]:
        ends = {"first": outer["from"], "last": outer["until"]}
        findings.report("calendar-covers", shape.key("covers"), "base", name=base["calendar"], **ends)


# --- decrees ---------------------------------------------------------------------------------------


class _Decrees:
    """Reads the decrees of one file on top of those of its base.

    ``all``: every decree in canonical form, the base's first; ``places``: where a decree of this file
    names a day.
    """

    def __init__(self, findings: _Findings, covers: Canonical | None, inherited: Canonical) -> None:
        self.findings = findings
        self.covers = covers
        self.inherited = frozenset(inherited)
        self.all: Canonical = dict(inherited)
        self.places: dict[tuple[str, str], Span] = {}

    def read(self, shapes: Iterable[tuple[Scalar, DecreeShape]]) -> None:
        read: list[tuple[str, DecreeShape]] = []
        for key, shape in shapes:
            if key.text in self.inherited:
                self.findings.report("decree-twice", key.span, name=key.text)
            else:
                self.all[key.text] = self._decree(key.text, shape)
                read.append((key.text, shape))
        for name, shape in read:
            self._check_amends(name, shape)
        self._break_circles(read)
        for name, shape in read:
            self._check_order(name, shape)
        self._check_days([name for name, _ in read])

    def _decree(self, name: str, shape: DecreeShape) -> Canonical:
        decree: Canonical = {
            "title": _label(shape.title),
            "issued": self.findings.day(shape.issued),
            "amends": None if shape.amends is None else shape.amends.text,
            "basis": _articles(self.findings, shape.basis),
            "decided": _decided(self.findings, shape.decided),
            "removes": sorted(day for day, _ in self._days(name, ((day, day) for day in shape.removes))),
        }
        for reason in REASONS:
            decree[reason] = dict(self._days(name, getattr(shape, reason)))
        return _filled(decree)

    def _days(self, name: str, days: Iterable[tuple[Scalar, Scalar]]) -> list[tuple[str, str]]:
        """Days with their titles, each once in a decree and inside what the calendar covers."""
        found: list[tuple[str, str]] = []
        for key, title in days:
            day = self.findings.day(key)
            if day is None:
                continue
            if (name, day) in self.places:
                self._report_twice(day, key.span, self.places[name, day], name)
            elif self.covers and not self.covers["from"] <= day <= self.covers["until"]:
                ends = {"first": self.covers["from"], "last": self.covers["until"]}
                self.findings.report("day-outside-covers", key.span, day=day, **ends)
            else:
                self.places[name, day] = key.span
                found.append((day, normal_text(title.text)))
        return found

    def _report_twice(self, day: str, span: Span, other: Span | None, decree: str) -> None:
        """Report a day that another decree has; only a warning where that one is the base's.

        The base may come to have a day that a region has had for long: that must not break the
        region's calendar.
        """
        message = Message("calendar.day-there", {"day": day, "decree": decree})
        related = () if other is None else (place(message, self.findings.file, other),)
        severity = Severity.WARNING if decree in self.inherited else Severity.ERROR
        self.findings.report("day-twice", span, severity=severity, related=related, day=day, decree=decree)

    def _check_amends(self, name: str, shape: DecreeShape) -> None:
        if shape.amends is None:
            if shape.removes:
                self.findings.report("decree-removes", shape.key("removes"), name=name)
        elif shape.amends.text not in self.all:
            amended = shape.amends.text
            meant = None if self.findings.is_full() else did_you_mean(amended, self.all)
            variant = None if meant is None else "meant"
            self.findings.report("decree-amends", shape.amends.span, variant, name=amended, meant=meant)
            del self.all[name]["amends"]

    def _break_circles(self, read: Iterable[tuple[str, DecreeShape]]) -> None:
        """Report each circle of amendments once and cut it there, so that every line has an end."""
        is_checked: set[str] = set()
        shapes = dict(read)
        for name in shapes:
            path: dict[str, None] = {}
            at: str | None = name
            while at is not None and at not in is_checked and at not in path:
                path[at] = None
                at = self.all[at].get("amends")
            if at is not None and at in path:
                self.findings.report("decree-amends", shapes[at].key("amends"), "circle", name=at)
                del self.all[at]["amends"]
            is_checked.update(path)

    def _check_order(self, name: str, shape: DecreeShape) -> None:
        decree = self.all[name]
        if shape.amends is None or "amends" not in decree:
            return
        amended = self.all[decree["amends"]]
        if decree.get("issued", "") < amended.get("issued", ""):
            self.findings.report("decree-amends", shape.amends.span, "earlier", name=shape.amends.text)

    def _check_days(self, names: Iterable[str]) -> None:
        """A day stands in one family of decrees, and is taken back where an earlier one had made it."""
        known = lines(self.all)
        order = {name: position for position, name in enumerate(in_order(self.all))}
        made: dict[tuple[str, str], int] = {}  # (family, day) → when it was first made
        first: dict[str, str] = {}  # day → the decree that is first in the file to name it
        for name, decree in self.all.items():
            for day, _, _ in titles(decree):
                key = known[name][0], day
                made[key] = min(order[name], made.get(key, order[name]))
                first.setdefault(day, name)
        for name in names:
            root = known[name][0]
            for day in self.all[name].get("removes", ()) if "amends" in self.all[name] else ():
                if made.get((root, day), order[name]) >= order[name]:
                    self.findings.report("decree-removes", self.places[name, day], "unknown-day", day=day)
            for day, _, _ in titles(self.all[name]):
                other = first[day]
                if known[other][0] != root:
                    self._report_twice(day, self.places[name, day], self.places.get((other, day)), other)
