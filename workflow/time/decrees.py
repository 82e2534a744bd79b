"""Decrees of a calendar in their canonical form: which belong together, and which days they take off.

Owns the order in which decrees speak and what holds where several name a day. Called by
``calendar_files``, which checks decrees, and by ``calendars``, which counts with their days. Every
function is linear in the decrees: a file may hold thousands.

A *family* is a decree and all that amend it, directly or not; in it the latest word on a day holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

REASONS = ("national", "regional", "joint_leave")
"""Why a decree may take a day off, the strongest first."""

Decrees: TypeAlias = Mapping[str, Mapping[str, Any]]
"""Name → ``{"title", "issued", "amends"?, "national"?, "regional"?, "joint_leave"?, "removes"?}``."""


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day that a decree takes off; ``reason`` is one of `REASONS`, ``decree`` its name."""

    reason: str
    title: str
    decree: str


def lines(decrees: Decrees) -> dict[str, tuple[str, int]]:
    """Return for each decree the first of its family and how many amendments lie between.

    Amendments must not form a circle. A decree that amends one that is not there is the first of a
    family.
    """
    found: dict[str, tuple[str, int]] = {}
    for name in decrees:
        path = []
        at = name
        while at not in found:
            path.append(at)
            amended = decrees[at].get("amends")
            if amended is None or amended not in decrees:
                found[path.pop()] = at, 0
            else:
                at = amended
        root, depth = found[at]
        for passed in reversed(path):
            depth += 1
            found[passed] = root, depth
    return found


def in_order(decrees: Decrees) -> list[str]:
    """Return the names by date of issue; on one day what is amended comes before what amends it."""
    known = lines(decrees)
    return sorted(decrees, key=lambda name: (decrees[name].get("issued", ""), known[name][1], name))


def titles(decree: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield ``(day, reason, title)`` for every day that a decree names, the weakest reason first."""
    for reason in reversed(REASONS):
        for day, title in decree.get(reason, {}).items():
            yield day, reason, title


def days_off(decrees: Decrees) -> dict[date, DayOff]:
    """Return the days off by date: the latest word in each family, between families the strongest."""
    known = lines(decrees)
    found: dict[tuple[str, str], DayOff] = {}
    for name in in_order(decrees):
        root = known[name][0]
        for day in decrees[name].get("removes", ()):
            found.pop((root, day), None)
        for day, reason, title in titles(decrees[name]):
            found[root, day] = DayOff(reason, title, name)
    days: dict[str, DayOff] = {}
    for (_, day), day_off in sorted(found.items(), key=lambda item: REASONS.index(item[1].reason)):
        days.setdefault(day, day_off)
    return {date.fromisoformat(day): days[day] for day in sorted(days)}
