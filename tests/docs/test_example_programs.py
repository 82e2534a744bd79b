"""The programs under ``examples/`` run as they stand and print what they say they do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli import run
from tests.places import ROOT

EXAMPLES = ROOT / "examples"
PRINTED = {
    "embed.py": ["after the rollback: 0 letters, 0 cases", "after the commit: 1 letters, 1 cases"],
    "facts.py": [
        "rule-failed: The budget does not suffice (rule pagu_cukup)",
        "disetujui; recorded: {'pagu_tersedia': '5000000'}",
    ],
    "subscribe.py": ["case.case_opened: surat/2", "case.transition_taken: surat/2"],
}
NEEDS_DATA = {"replay_permit.py", "list_of_regions.py"}  # run by contract tests on data of others


def test_every_program_is_tested() -> None:
    """No program stands there that the tests do not run."""
    assert {path.name for path in EXAMPLES.glob("*.py")} == set(PRINTED) | NEEDS_DATA


@pytest.mark.parametrize("name", sorted(PRINTED))
def test_program_prints_what_it_says(name: str, tmp_path: Path) -> None:
    """A program runs in an empty folder, ends well, and prints these lines."""
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / name)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert len(lines) == len(PRINTED[name])
    assert all(line.startswith(wanted) for line, wanted in zip(lines, PRINTED[name], strict=True)), lines


def test_definitions_of_the_examples_are_clean() -> None:
    """What the examples deploy has neither errors nor warnings."""
    files = [str(path) for path in sorted(EXAMPLES.glob("*.yaml"))]
    assert run("check", "--strict", *files, "--lang", "en").out == "no problems found\n"
