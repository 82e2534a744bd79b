"""Workflows of others, written in the language: as their sources say, clean, and walked to every end.

The eight municipal workflows are those of DIGIT by the eGovernments Foundation (egovernments/DIGIT-OSS,
MIT licence); the permit process is that of an event log (see ``vectors/README.md``). What ``check`` says
of the originals is asked of the originals: they are put into the language as they stand, without a thought.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from engine.files import SHIPPED, DefinitionResolver, FolderResolver
from kerjasama import Actor, Engine
from tests import walks
from tests.calendars import calendar, indonesia
from tests.clocks import FakeClock
from tests.places import ROOT
from tests.unit.support import Play
from workflow.chart.process import Process
from workflow.loading.loader import load_definition
from workflow.source.renderers import render_text
from workflow.time.calendars import Calendar

EXAMPLES = ROOT / "examples"
SOURCES = {
    "building_plan": "BPA",
    "building_plan_low_risk": "BPA_LOW",
    "grievance": "PGR",
    "property_assessment": "ASSESSMENTFLOW",
    "property_registration": "PT.CREATE",
    "trade_licence": "NewTL",
    "vehicle_trip": "FSM_VEHICLE_TRIP",
    "water_connection": "NewWS1",
}
"""File under ``examples/municipal`` → code of the workflow in the source."""

PERMITS = ("permit", "permit_four_eyes")
DAY = 24 * 60 * 60 * 1000
HALF_A_DAY = DAY // 2

Arrow = tuple[str, str, str, frozenset[str]]
"""State, act, next state, roles."""


def _path(name: str) -> Path:
    return EXAMPLES / (f"{name}.yaml" if name in PERMITS else f"municipal/{name}.yaml")


@cache
def _process(name: str) -> Process:
    path = _path(name)
    resolver = DefinitionResolver(EXAMPLES)
    loaded = load_definition((path.read_text(encoding="utf-8"), path.name), resolve=resolver)
    assert not loaded.diagnostics, render_text(loaded.diagnostics, loaded.sources)
    assert loaded.definition is not None
    return Process(loaded.definition)


@cache
def _calendars() -> dict[str, Calendar]:
    text = (EXAMPLES / "calendars" / "tanpa_libur.yaml").read_text(encoding="utf-8")
    return {"indonesia": indonesia(), "tanpa_libur": calendar(text)}


@cache
def _map(name: str) -> walks.Map:
    return walks.explore(_process(name), _calendars())


@pytest.fixture(scope="module")
def originals(vectors: Path) -> dict[str, dict[str, Any]]:
    """The source's workflows by their code."""
    every = json.loads((vectors / "defs" / "digit_definitions.json").read_text(encoding="utf-8"))
    return {one["service"]: one for one in every}


# --- as the source says ---------------------------------------------------------------------------


def test_every_workflow_of_the_source_is_written(originals: dict[str, dict[str, Any]]) -> None:
    """Each of the eight has its file, and no file is without a source."""
    assert set(SOURCES.values()) == set(originals)
    assert {path.stem for path in (EXAMPLES / "municipal").glob("*.yaml")} == set(SOURCES)


@pytest.mark.parametrize("name", SOURCES)
def test_municipal_definition_has_the_acts_of_its_source(
    name: str, originals: dict[str, dict[str, Any]]
) -> None:
    """States, acts, targets and roles are the source's, but for a licence that the clock expires."""
    original, definition = originals[SOURCES[name]], _process(name).definition
    said = set(_said(original))
    if name == "trade_licence":
        said.remove(("approved", "expire", "expired", frozenset({"system"})))
    written = {
        (state.path, one.name, one.branches[0].target or state.path, frozenset(ref.role for ref in one.by))
        for state in definition.states.values()
        for one in state.handlers
    }
    assert written == said
    assert set(definition.states) - {""} == {one["state"].lower() for one in original["states"][1:]}
    [start] = original["states"][0]["actions"]
    assert {ref.role for ref in definition.opening.by} == {one.lower() for one in start["roles"]}
    assert [one.target for one in definition.opening.branches] == [start["next"].lower()]


def _said(original: dict[str, Any]) -> Iterator[Arrow]:
    for state in original["states"][1:]:
        for one in state["actions"]:
            roles = frozenset(role.lower() for role in one["roles"])
            yield state["state"].lower(), one["action"].lower(), one["next"].lower(), roles


@pytest.mark.parametrize("name", SOURCES)
def test_municipal_definition_has_the_service_levels_of_its_source(
    name: str, originals: dict[str, dict[str, Any]]
) -> None:
    """A day is a day, half a day is the day itself, and nought is none."""
    original = originals[SOURCES[name]]
    levels = {state["state"].lower(): state["sla_ms"] for state in original["states"][1:] if state["sla_ms"]}
    if original["sla_days"]:
        levels[""] = int(original["sla_days"] * DAY)
    clocks = {one.state: one for one in _process(name).deadlines.values() if one.name == "service_level"}
    assert clocks.keys() == levels.keys()
    for state, milliseconds in levels.items():
        days, first_day = (1, "same") if milliseconds == HALF_A_DAY else (milliseconds // DAY, "after")
        one = clocks[state]
        assert (one.within and one.within.to_json(), one.first_day) == ([days, "days"], first_day)
        assert (one.kind, one.then) == ("target", None)
        assert days * DAY == milliseconds or milliseconds == HALF_A_DAY


def test_grievance_is_closed_when_nothing_may_follow_any_more() -> None:
    """What the source calls an end and goes on from is closed by its clock ten days later."""
    found = {
        one.state: (str(one.within), one.then and one.then[0].target)
        for one in _process("grievance").deadlines.values()
        if one.name == "reopening"
    }
    assert found == {
        "rejected": ("10 days", "closedafterrejection"),
        "resolved": ("10 days", "closedafterresolution"),
    }


# --- what check says of the originals -------------------------------------------------------------

SAID = {
    "BPA": [],
    "BPA_LOW": [],
    "FSM_VEHICLE_TRIP": [],
    "PT.CREATE": [],
    "PGR": ["final-with-more 'rejected'", "final-with-more 'resolved'"],
    "ASSESSMENTFLOW": ["wrong-value '12 hours'"] * 2,
    "NewTL": ["wrong-value '12 hours'"] * 2,
    "NewWS1": ["wrong-value '12 hours'"] * 2,
}


def _literally(original: dict[str, Any], *, ends_are_ends: bool = False) -> str:
    """Put a workflow of the source into the language as it stands.

    Args:
        ends_are_ends: Leave out what would follow a state that the source calls terminal.
    """
    roles = {
        role.lower() for state in original["states"] for one in state["actions"] for role in one["roles"]
    }
    [start] = original["states"][0]["actions"]
    return json.dumps(
        {
            "format": 1,
            "workflow": "asli",
            "version": 1,
            "title": original["service"],
            "timezone": "Asia/Jakarta",
            "calendar": "indonesia",
            "roles": {role: {"title": role} for role in sorted(roles)},
            "open": {"by": [role.lower() for role in start["roles"]], "to": start["next"].lower()},
            "deadlines": {"sla": {"within": f"{original['sla_days']:.0f} days", "kind": "target"}},
            "states": {
                state["state"].lower(): _state(state, ends_are_ends) for state in original["states"][1:]
            },
        }
    )


def _state(state: dict[str, Any], ends_are_ends: bool) -> dict[str, Any]:
    written: dict[str, Any] = {}
    if state["terminal"]:
        written |= {"final": True, "outcome": state["state"].lower()}
    if state["sla_ms"]:
        days, rest = divmod(state["sla_ms"], DAY)
        within = f"{state['sla_ms'] // (60 * 60 * 1000)} hours" if rest else f"{days} days"
        written["deadlines"] = {"sla": {"within": within, "kind": "target"}}
    if state["actions"] and not (ends_are_ends and state["terminal"]):
        written["transitions"] = {
            one["action"].lower(): {
                "by": [role.lower() for role in one["roles"]],
                "to": "self" if one["next"] == state["state"] else one["next"].lower(),
            }
            for one in state["actions"]
        }
    return written


def _findings(text: str) -> list[str]:
    loaded = load_definition((text, "asli.yaml"), resolve=FolderResolver(SHIPPED))
    return [f"{one.code} {_quoted(one.message)}" for one in loaded.diagnostics]


def _quoted(message: str) -> str:
    return "'" + message.split("'")[1] + "'"


@pytest.mark.parametrize("code", SAID)
def test_check_says_what_is_true_of_an_original(code: str, originals: dict[str, dict[str, Any]]) -> None:
    """Ends that are none, hours that are no days; and of four workflows there is nothing to be said."""
    assert _findings(_literally(originals[code])) == SAID[code]


def test_check_takes_the_ends_of_an_original_at_their_word(originals: dict[str, dict[str, Any]]) -> None:
    """If a rejected or resolved grievance were over, it could never be closed as the source means to."""
    found = _findings(_literally(originals["PGR"], ends_are_ends=True))
    assert sorted(found) == [
        "unreachable-state 'closedafterrejection'",
        "unreachable-state 'closedafterresolution'",
        "unused-declaration 'cfc'",
    ]


# --- walked ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*SOURCES, *PERMITS])
def test_example_is_clean(name: str) -> None:
    """Neither errors nor warnings nor notes, and what people read stands in both languages."""
    definition = _process(name).definition
    titled = [
        one for state in definition.states.values() for one in (state, *state.handlers, *state.deadlines)
    ]
    assert [one.path for one in titled if one.path and (one.title is None or one.title.en is None)] == []


@pytest.mark.parametrize("name", [*SOURCES, *PERMITS])
def test_example_is_walked_to_an_end_along_every_transition(name: str) -> None:
    """Walks through ``decide`` take every act and every clock, and each of them closes the case."""
    process, taken, ends = _process(name), set(), set()
    for walk in walks.walks(_map(name)):
        play = _played(process, walk)
        assert play.case.closed_at is not None
        ends.add(play.case.outcome)
        taken.update(*(move.taken for move in walk))
    assert taken == {*process.handlers, *(one.path for one in process.deadlines.values() if one.then)}
    assert ends == {state.outcome for state in process.definition.states.values() if state.outcome}


def _played(process: Process, walk: list[walks.Move]) -> Play:
    play = Play(process, calendars=_calendars())
    play.now = walks.START
    play.put(walks.opening(process))
    for move in walk:
        acts_at = walks.next_act(process, play.case) if move.handler is None else None
        play.now = acts_at or play.now
        play.put(move.command())
        assert play.states == move.to[0]
    return play


@pytest.mark.parametrize("name", [*SOURCES, *PERMITS])
def test_example_runs_on_the_engine_as_it_was_walked(name: str, tmp_path: Path) -> None:
    """The same walks on SQLite come to the same states, and their histories verify."""
    process, clock = _process(name), FakeClock(walks.START)
    with Engine(f"sqlite:///{tmp_path / 'kota.db'}", tenant="kota", clock=clock) as engine:
        engine.deploy(_path(name), by=Actor("admin", roles=("administrator",)))
        for walk in walks.walks(_map(name)):
            clock.set(walks.START)
            opening = walks.opening(process)
            workflow = process.definition.workflow
            case = engine.open(workflow, by=opening.by, fields=opening.fields)
            for move in walk:
                command = move.command()
                if move.handler is None:
                    acts_at = walks.next_act(process, case.state_of)
                    assert acts_at is not None
                    clock.set(acts_at)
                    engine.tick()
                    case = engine.case(case.id)
                else:
                    case = engine.fire(case.id, move.handler.path, by=command.by, fields=move.fields)
                assert case.configuration == move.to[0]
            assert case.closed_at is not None
        report = engine.ledger.verify()
        assert not report.findings, report.findings
