"""The statechart cases of the SCION test framework, through a chart-level adapter.

One event may take several regions here, which a command would refuse as ambiguous.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.charts import Answers, Node, atomic, chart_of, final, machine, regions, to
from tests.places import VECTORS
from workflow.chart.interpreter import ROOT, Chart, Step, select, start, take
from workflow.chart.machine import Machine

SEMANTICS = Path(__file__).parents[2] / "docs" / "reference" / "semantics.md"

OUTSIDE = {
    "history/history0": "history state",
    "history/history1": "history state",
    "history/history2": "history state",
    "history/history3": "history state",
    "history/history4": "history state",
    "history/history4b": "history state",
    "history/history5": "history state",
    "multiple-events-per-transition/test1": "several event names",
    "scxml-prefix-event-name-matching/star0": "wildcard",
    "scxml-prefix-event-name-matching/test0": "dotted event name",
    "scxml-prefix-event-name-matching/test1": "dotted event name",
}


def _cases() -> list[dict[str, Any]]:
    path = VECTORS / "statecharts" / "scion_cases.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []


def _inside() -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in _cases() if case["name"] not in OUTSIDE]


def _reasons(state: dict[str, Any]) -> set[str]:
    """Why format 1 cannot say what a state of the vectors says."""
    found = {"history state"} if state["type"] == "history" else set()
    for transition in state.get("transitions", ()):
        names = transition.get("event", "").split()
        if len(names) > 1:
            found.add("several event names")
        elif names == ["*"]:
            found.add("wildcard")
        elif names and "." in names[0]:
            found.add("dotted event name")
    return found.union(*(_reasons(child) for child in state.get("states", ())))


def _chart(case: dict[str, Any]) -> Chart:
    return chart_of(root=_node(case["chart"]))


def _node(state: dict[str, Any]) -> Node:
    name = state["id"] or ROOT
    children = [_node(child) for child in state.get("states", ())]
    if state["type"] == "parallel":
        node = regions(name, *children)
    elif children:
        node = machine(name, *children, initial=next(iter(state.get("initial", ())), None))
    else:
        node = final(name) if state["type"] == "final" else atomic(name)
    for transition in state.get("transitions", ()):
        (target,) = transition["target"]
        if "event" in transition:
            node.when(transition["event"], to(target, external=True), guard=transition.get("cond"))
        else:
            node.then(to(target, transition.get("cond"), external=True))
    return node


def test_vectors_are_thirty_cases(vectors: Path) -> None:
    """No case of the vectors goes missing without being noticed."""
    assert len(json.loads((vectors / "statecharts" / "scion_cases.json").read_text())) == 30


def test_outside_list_is_exact(vectors: Path) -> None:
    """A case is left out if, and only if, it uses what format 1 does not have."""
    assert vectors.is_dir()
    reasons = {case["name"]: _reasons(case["chart"]) for case in _cases()}
    # history1 and history2 are named with dots too; those are names of states, not of events.
    assert {name: ", ".join(sorted(found)) for name, found in reasons.items() if found} == OUTSIDE


def test_outside_list_equals_the_reference() -> None:
    """The reference page names every case left out, with its reason, and no other."""
    rows = re.findall(r"^\| `([\w+/-]+)` \| (.+?) \|$", SEMANTICS.read_text(encoding="utf-8"), re.MULTILINE)
    assert {name: reason for name, reason in rows if "/" in name} == OUTSIDE


@pytest.mark.parametrize("case", _inside())
def test_interpreter_case_agrees(case: dict[str, Any]) -> None:
    """The interpreter reaches the leaves that the case expects, from the opening to the last event."""
    chart, oracle = _chart(case), Answers({"true"})
    step = start(chart, (), oracle)
    assert isinstance(step, Step)
    assert set(step.target) == set(case["initialConfiguration"])
    for sent in case["events"]:
        edges = select(chart, step.target, sent["event"]["name"], oracle)
        step = take(chart, step.target, edges, oracle)
        assert isinstance(step, Step)
        assert set(step.target) == set(sent["nextConfiguration"])


@pytest.mark.parametrize("case", _inside())
def test_machine_case_agrees(case: dict[str, Any]) -> None:
    """The machine agrees, cold and warm, wherever an event takes one edge, as commands do."""
    chart, oracle = _chart(case), Answers({"true"})
    flat = Machine(chart)
    for _ in range(2):
        step = flat.start(oracle)
        assert isinstance(step, Step)
        assert set(step.target) == set(case["initialConfiguration"])
        for sent in case["events"]:
            ids = flat.select(step.target, sent["event"]["name"], oracle)
            if len(ids) == 1:
                step = flat.take(step.target, ids[0], oracle)
            else:
                step = take(chart, step.target, tuple(chart.edges[one] for one in ids), oracle)
            assert isinstance(step, Step)
            assert set(step.target) == set(sent["nextConfiguration"])
