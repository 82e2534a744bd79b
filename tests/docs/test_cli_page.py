"""The transcripts of docs/reference/cli.md are what the commands say.

Write them anew with ``KERJASAMA_REGENERATE=1 python -m pytest tests/docs/test_cli_page.py`` and read the
difference. Commands run in order, in one empty folder, on a clock that stands still; ids and
digests are shown as ``…``. ``$ cat FILE`` is followed by the file, which is made from the page.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli import run
from tests.clocks import FakeClock
from tests.places import ROOT

PAGE = ROOT / "docs" / "reference" / "cli.md"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RANDOM = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{12}\b")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder with the files that the page attaches, in English."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("KERJASAMA_", "LC_", "LANG"))]:
        if name != "KERJASAMA_REGENERATE":
            monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "80")
    (tmp_path / "kak.pdf").write_bytes(b"%PDF-1.7 kak")
    return tmp_path


def _commands(block: str) -> Iterator[tuple[str, str]]:
    """Yield every command of a block with what stands under it."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        words, _, shown = part.partition("\n")
        yield words, shown


def _replayed(block: str, clock: FakeClock) -> str:
    lines = []
    for words, shown in _commands(block):
        program, *rest = shlex.split(words)
        if program == "cat":
            Path(rest[0]).write_text(shown, encoding="utf-8")
            said = shown
        else:
            assert program == "kerjasama", words
            said = RANDOM.sub("…", run(*rest, clock=clock).both)
        lines.append(f"$ {words}\n{said}")
    return "".join(lines)


def test_transcripts_of_the_page_are_what_commands_say(folder: Path, clock: FakeClock) -> None:
    """Every transcript of the page is what its commands print today."""
    page = PAGE.read_text(encoding="utf-8")
    replayed = BLOCK.sub(lambda found: f"```console\n{_replayed(found[1], clock)}```", page)
    if os.environ.get("KERJASAMA_REGENERATE"):
        PAGE.write_text(replayed, encoding="utf-8")
    assert replayed == PAGE.read_text(encoding="utf-8")


def test_page_names_every_command() -> None:
    """Every command has its part on the page."""
    from engine.cli.commands import PLACES

    headings = re.findall(r"^### (\S+)", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == list(PLACES)
