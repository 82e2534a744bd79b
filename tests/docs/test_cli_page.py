"""The transcripts of docs/reference/cli.md are what the commands say.

Write them anew with ``KERJASAMA_REGENERATE=1 python -m pytest tests/docs/test_cli_page.py`` and read the
difference. Commands run in order, in one empty folder, on a clock that stands still.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.clocks import FakeClock
from tests.places import ROOT
from tests.transcripts import Shell

PAGE = ROOT / "docs" / "reference" / "cli.md"


def test_transcripts_of_the_page_are_what_commands_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: FakeClock
) -> None:
    """Every transcript of the page is what its commands print today."""
    (tmp_path / "kak.pdf").write_bytes(b"%PDF-1.7 kak")
    replayed = Shell(tmp_path, monkeypatch, clock).replayed(PAGE)
    assert replayed == PAGE.read_text(encoding="utf-8")


def test_page_names_every_command() -> None:
    """Every command has its part on the page."""
    from engine.cli.commands import PLACES

    headings = re.findall(r"^### (\S+)", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == list(PLACES)
