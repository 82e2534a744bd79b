"""A real event log through the public API, held against a reading of the log that knows no engine.

The log is "Receipt phase of an environmental permit application process ('WABO'), CoSeLoG project" by
J.C.A.M. Buijs (4TU.ResearchData). What each event must come to is worked out here from the chart beside
the log, from the groups that the log names and from the calendar days, in fifty lines. Normally the first
150 cases are played; ``make soak`` plays all 8,577 events and asserts the figures of
``docs/explanation/replay.md``.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.places import ROOT

EXAMPLES = ROOT / "examples"
PROGRAM = EXAMPLES / "replay_permit.py"
FIRST = ("wrong-role", "same-person", "not-enabled", "case-closed")
REST = {"confirmation": "sent", "stop_advice": "indication"}
ENDS = {"confirmation": ("sent",), "stop_advice": ("docx_printed", "y_printed")}
CHECK, DETERMINE = "T02", "T04"


@pytest.fixture(scope="module")
def program() -> Iterator[ModuleType]:
    """The program under ``examples/``."""
    spec = importlib.util.spec_from_file_location("replay_permit", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.fixture(scope="module")
def events(program: ModuleType, vectors: Path) -> list[Any]:
    """The whole log, case by case."""
    return list(program.read_events(vectors / "logs" / "08_receipt.xes.gz"))


@pytest.fixture(scope="module")
def chart(vectors: Path) -> dict[str, dict[tuple[str, str], str]]:
    """Region → (state, activity) → next state, as it stands beside the log."""
    written = json.loads((vectors / "logs" / "receipt_statechart.json").read_text(encoding="utf-8"))
    return {
        region: {(one["source"], one["event"]): one["target"] for one in body["transitions"]}
        for region, body in written["parallel"].items()
    }


# --- what must come of an event, without an engine ------------------------------------------------


@dataclass
class _Course:
    """One case as the log and the chart have it."""

    planned_end: Any
    states: dict[str, str] = field(default_factory=lambda: {"confirmation": "start", "stop_advice": "start"})
    outcome: str | None = None
    checked_by: str | None = None

    def comes_to_rest(self) -> bool:
        return self.states == REST

    def is_done(self) -> bool:
        return all(self.states[region] in ends for region, ends in ENDS.items())


class _Reading:
    """What the log must come to, event by event."""

    def __init__(self, chart: dict[str, dict[tuple[str, str], str]], log: Sequence[Any]) -> None:
        self.chart = chart
        self.groups: defaultdict[str, set[str]] = defaultdict(set)
        named: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for event in log:
            if event.group is not None:
                self.groups[event.person].add(event.group)
                named[event.activity][event.group] += 1
        self.in_charge = {activity: groups.most_common(1)[0][0] for activity, groups in named.items()}

    def results(self, events: Sequence[Any], *, four_eyes: bool, waits: bool) -> list[str]:
        """Return what comes of each event in the order of time: ``ok`` or the code of the refusal."""
        self.courses: dict[str, _Course] = {}
        return [self._result(event, four_eyes, waits) for event in sorted(events, key=lambda one: one.at)]

    def _result(self, event: Any, four_eyes: bool, waits: bool) -> str:
        may = self.in_charge[event.activity] in ({event.group} if event.group else self.groups[event.person])
        if event.activity == "Confirmation of receipt":
            if may:
                self.courses[event.case] = _Course(event.planned_end)
            return "ok" if may else "wrong-role"
        course = self.courses.get(event.case)
        if course is None:
            return "never-opened"
        is_late = event.at.date() > course.planned_end
        if course.outcome is None and course.comes_to_rest() and is_late:
            course.outcome = "lapsed"
        if course.outcome is not None:
            return "case-closed"
        regions = [one for one, moves in self.chart.items() if (course.states[one], event.activity) in moves]
        if not regions:
            return "not-enabled"
        if not may:
            return "wrong-role"
        if four_eyes and event.activity.startswith(DETERMINE) and course.checked_by == event.person:
            return "same-person"
        if event.activity.startswith(CHECK):
            course.checked_by = event.person
        [region] = regions
        course.states[region] = self.chart[region][course.states[region], event.activity]
        if course.is_done():
            course.outcome = "finished"
        elif course.comes_to_rest() and (is_late or not waits):
            course.outcome = "lapsed"
        return "ok"

    def standing(self, at: Any) -> Counter[str]:
        """Return how many cases stand where, on a day; see ``Replay.standing``."""
        return Counter(
            one.outcome
            or ("lapsed" if one.comes_to_rest() and at > one.planned_end else "")
            or "open: " + " and ".join(f"{region}.{state}" for region, state in one.states.items())
            for one in self.courses.values()
        )


@dataclass
class _Play:
    """A run of the program, and its figures."""

    run: Any
    results: list[str]
    standing: Counter[str]
    later: Counter[str]


def _play(
    program: ModuleType, events: Sequence[Any], people: dict[str, Any], definition: Path, folder: Path
) -> _Play:
    clock = program.LogClock()
    database = f"sqlite:///{folder / 'replay.db'}"
    run = program.replay(events, people, definition, database=database, clock=clock)
    with run.engine:
        refused = {id(one.event): one.code for one in run.refusals}
        results = [refused.get(id(event), "ok") for event in sorted(events, key=lambda one: one.at)]
        standing = run.standing()
        printed = "\n".join(program.report(run, clock))
        assert f"{len(events)} events" in printed
        report = run.engine.ledger.verify()
        assert not report.findings, report.findings
        return _Play(run=run, results=results, standing=standing, later=run.standing())


def _agrees(play: _Play, reading: _Reading, events: Sequence[Any], **how: bool) -> None:
    assert play.results == reading.results(events, **how)
    last = max(event.at for event in events).date()
    assert play.standing == reading.standing(last)
    assert play.later == reading.standing(last.replace(year=last.year + 1))


# --- the first part of the log --------------------------------------------------------------------


def _first(events: Sequence[Any], cases: int) -> list[Any]:
    names = list(dict.fromkeys(event.case for event in events))[:cases]
    return [event for event in events if event.case in set(names)]


@pytest.mark.parametrize("four_eyes", [False, True], ids=["permit", "permit_four_eyes"])
def test_first_cases_of_the_log_come_to_what_the_chart_says(
    program: ModuleType,
    events: list[Any],
    chart: dict[str, dict[tuple[str, str], str]],
    tmp_path: Path,
    four_eyes: bool,
) -> None:
    """Each event of 150 cases is accepted, or refused for the reason that the chart and the log give."""
    part = _first(events, 150)
    definition = EXAMPLES / ("permit_four_eyes.yaml" if four_eyes else "permit.yaml")
    play = _play(program, part, program.directory(events), definition, tmp_path)
    _agrees(play, _Reading(chart, events), part, four_eyes=four_eyes, waits=True)
    assert {"same-person" in play.results} == {four_eyes}


def test_log_is_read_whole(events: list[Any]) -> None:
    """All events of all cases, each at an instant of its own."""
    assert (len(events), len({event.case for event in events})) == (8577, 1434)
    assert len({event.at for event in events}) == 8577
    assert len({event.activity for event in events}) == 27


def test_page_has_the_variants_that_are_played() -> None:
    """The table of the explanation has a column for each, and accounts for every event and case."""
    page = _page()
    assert tuple(page) == VARIANTS
    for name, figures in page.items():
        refused = sum(count for what, count in figures.items() if what.startswith("refused: "))
        assert figures["accepted"] + refused == 8577, name
        cases = figures["cases finished"] + figures["cases lapsed"] + figures["cases open"]
        assert cases == 1434 - (3 if figures["refused: never-opened"] else 0), name
        first = sum(count for what, count in figures.items() if what.startswith("… first for "))
        assert first == figures["cases with a refusal"], name


def test_versions_of_the_permit_differ_in_the_four_eyes_alone() -> None:
    """Besides the number of the version, one line."""
    one, two = (
        (EXAMPLES / name).read_text(encoding="utf-8").splitlines()
        for name in ("permit.yaml", "permit_four_eyes.yaml")
    )
    more = [line.strip() for line in two if line not in one and not line.startswith("#")]
    assert more == ["version: 2", "other_person_than: [check_confirmation]"]
    assert [line for line in one if line not in two and not line.startswith("#")] == ["version: 1"]


def test_program_prints_its_figures(vectors: Path, tmp_path: Path) -> None:
    """Run on a log of thirty cases in an empty folder, it says how they end under both versions."""
    with gzip.open(vectors / "logs" / "08_receipt.xes.gz", "rt", encoding="utf-8") as log:
        head, *traces = re.split(r"(?=\t<trace>)", log.read())
    small = tmp_path / "small.xes.gz"
    with gzip.open(small, "wt", encoding="utf-8") as log:
        log.write("".join([head, *traces[:30], "</log>\n"]))
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(small)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [line for line in lines if line.startswith("==")] == ["== permit.yaml", "== permit_four_eyes.yaml"]
    assert sum(line.startswith(f"{_events_in(traces[:30])} events, ") for line in lines) == 2
    assert lines.count("where the cases stand at the last event:") == 2
    assert list(tmp_path.iterdir()) == [small]


def _events_in(traces: Sequence[str]) -> int:
    return sum(trace.count("<event>") for trace in traces)


# --- the whole log --------------------------------------------------------------------------------


VARIANTS = ("permit", "permit_four_eyes", "every role", "ends at once")
"""As written; with four eyes; where everybody is in every group; where a case at rest is over at once."""


@pytest.mark.soak
@pytest.mark.parametrize("variant", VARIANTS)
def test_whole_log_comes_to_the_figures_of_the_page(
    program: ModuleType,
    events: list[Any],
    chart: dict[str, dict[tuple[str, str], str]],
    tmp_path: Path,
    variant: str,
) -> None:
    """All 8,577 events in the order of their times; the figures are those of the explanation."""
    definition = EXAMPLES / f"{variant if variant == 'permit_four_eyes' else 'permit'}.yaml"
    reading, people = _Reading(chart, events), program.directory(events)
    if variant in ("every role", "ends at once"):
        roles = tuple(sorted({group for groups in reading.groups.values() for group in groups}))
        people = {person: type(one)(person, roles=roles) for person, one in people.items()}
        reading.groups = defaultdict(set, {person: set(roles) for person in people})
    if variant == "ends at once":
        (tmp_path / "calendars").mkdir()
        shutil.copy(EXAMPLES / "calendars" / "tanpa_libur.yaml", tmp_path / "calendars")
        written = definition.read_text(encoding="utf-8")
        definition = tmp_path / "permit.yaml"
        definition.write_text(written.replace("expired('planned_end') and ", ""), encoding="utf-8")
    play = _play(program, events, people, definition, tmp_path)
    four_eyes, waits = variant == "permit_four_eyes", variant != "ends at once"
    _agrees(play, reading, events, four_eyes=four_eyes, waits=waits)
    assert _figures(play) == _page()[variant]


def _figures(play: _Play) -> dict[str, int]:
    """Return the figures of a run under the names of the page."""
    results, refusals = Counter(play.results), play.run.refusals
    first = Counter(one.code for one in refusals if one.is_first)
    figures = {
        "accepted": results.pop("ok"),
        "cases with a refusal": len({one.event.case for one in refusals}),
        "cases finished": play.standing["finished"],
        "cases lapsed": play.standing["lapsed"],
        "cases open": sum(count for where, count in play.standing.items() if where.startswith("open: ")),
        "lapsed a year later": play.later["lapsed"],
    }
    figures |= {f"refused: {code}": results.pop(code, 0) for code in (*FIRST, "never-opened")}
    figures |= {f"… first for {code}": first.pop(code, 0) for code in FIRST}
    assert not results
    assert not first
    return figures


def _page() -> dict[str, dict[str, int]]:
    """Return the table of the explanation: variant → name → figure."""
    page = (ROOT / "docs" / "explanation" / "replay.md").read_text(encoding="utf-8")
    section = page.partition("## What comes out")[2].partition("\n## ")[0]
    head, _, *rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in section.splitlines()
        if line.startswith("|")
    ]
    return {name: {row[0]: int(row[place]) for row in rows} for place, name in enumerate(head) if name}
