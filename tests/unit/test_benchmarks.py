"""The benchmarks keep up with what they measure."""

from __future__ import annotations

from pathlib import Path
from pkgutil import resolve_name

import pytest

from benchmarks.durable import on_sqlite
from benchmarks.scenes import FLAT, TWO_REGIONS, deciding
from benchmarks.stages import STAGES
from workflow.case import Decision


@pytest.mark.parametrize("target", STAGES.values())
def test_stage_names_a_function_there_is(target: str) -> None:
    """What is put behind a stopwatch exists under the name by which the engine calls it."""
    assert callable(resolve_name(target))


@pytest.mark.parametrize("path", [FLAT, TWO_REGIONS], ids=lambda path: path.stem)
def test_decision_measured_is_a_decision(path: Path) -> None:
    """What is measured is accepted, and stops one clock and starts another."""
    decided = deciding(path)()
    assert isinstance(decided, Decision)
    assert [record["op"] for record in decided.entries[0]["clocks"]] == ["stopped", "started"]


def test_raw_driver_ends_with_the_engines_rows(tmp_path: Path) -> None:
    """The floor writes what the engine writes: both databases are compared at the end."""
    beside_raw, beside_peer = on_sqlite(tmp_path, "NORMAL", 0.2, rounds=2)
    assert beside_raw.engine.rounds == beside_peer.floor.rounds == 2
