"""Crash points: inert until armed, and every name is known and in use."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import engine
from engine import faults


@pytest.fixture(autouse=True)
def _disarmed() -> Iterator[None]:
    yield
    faults.disarm()


def test_unarmed_point_does_nothing() -> None:
    """Product code passes."""
    faults.reach("store.applied")
    faults.arm_from(None)
    faults.arm_from("")
    faults.reach("store.applied")


def test_armed_point_acts_every_time_it_is_reached() -> None:
    """A test decides what happens there."""
    seen: list[str] = []
    faults.arm("store.applied", lambda: seen.append("applied"))
    faults.reach("store.applied")
    faults.reach("store.committing")
    faults.reach("store.applied")
    assert seen == ["applied", "applied"]


def test_unknown_point_is_refused() -> None:
    """A misspelt name would test nothing."""
    with pytest.raises(KeyError, match="no crash point"):
        faults.arm("store.aplied", lambda: None)


def test_setting_crashes_at_the_nth_time() -> None:
    """``name:n`` ends the process at once when the point is reached for the n-th time."""
    script = (
        "from engine import faults\n"
        "faults.arm_from('store.applied:2')\n"
        "faults.reach('store.applied'); print('once', flush=True)\n"
        "faults.reach('store.applied'); print('twice', flush=True)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=Path(engine.__file__).parents[1],
        check=False,
    )
    assert (ended.stdout, ended.returncode) == ("once\n", 137)


def test_every_point_reached_in_the_engine_is_listed() -> None:
    """The list and the code agree: no unlisted point."""
    sources = Path(engine.__file__).parent.rglob("*.py")
    reached = {name for path in sources for name in re.findall(r'reach\("([^"]+)"\)', path.read_text())}
    assert reached <= set(faults.POINTS)
