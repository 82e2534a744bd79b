"""Scenario files: read, held against their definitions, and played in memory.

The public face of the scenario modules: ``model`` (the values), ``reading`` (text to
values, with every problem), ``running`` (playing them over ``decide``). Pure: definitions and
calendars are handed in.

Source: LANGUAGE, "Scenarios".
"""

from __future__ import annotations

from workflow.scenarios.host import Host, Memory
from workflow.scenarios.model import (
    Course,
    Coverage,
    Covered,
    Difference,
    Expected,
    RefusedAs,
    Result,
    Results,
    Scenario,
    ScenarioFile,
    Step,
)
from workflow.scenarios.reading import ScenariosRead, files_named, read_scenarios
from workflow.scenarios.running import play, run

__all__ = [
    "Course",
    "Coverage",
    "Covered",
    "Difference",
    "Expected",
    "Host",
    "Memory",
    "RefusedAs",
    "Result",
    "Results",
    "Scenario",
    "ScenarioFile",
    "ScenariosRead",
    "Step",
    "files_named",
    "play",
    "read_scenarios",
    "run",
]
