"""Scenario files: read, held against their definitions, and played in memory.

The public face of the scenario modules: ``scenario_model`` (the values), ``scenario_reading`` (text to
values, with every problem), ``scenario_running`` (playing them over ``decide``). Pure: definitions and
calendars are handed in.

Source: LANGUAGE, "Scenarios".
"""

from __future__ import annotations

from workflow.scenario_host import Host, Memory
from workflow.scenario_model import (
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
from workflow.scenario_reading import ScenariosRead, files_named, read_scenarios
from workflow.scenario_running import play, run

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
