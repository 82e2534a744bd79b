"""Replaying the transcripts of a page: its ``console`` blocks, in order, in one folder.

Owns what a block means. ``$ kerjasama …`` is run inside the test's process; ``$ cat FILE`` is followed by
the file, which is made from the page; ``$ export NAME=value`` sets the environment. Ids and digests are
shown as ``…``. Called by the tests of the pages; with ``KERJASAMA_REGENERATE=1`` they write the page
anew, and the difference is there to be read.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli import run
from tests.clocks import FakeClock

BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RANDOM = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|\b(?:[0-9a-f]{64}|[0-9a-f]{12})\b"
)
REGENERATE = "KERJASAMA_REGENERATE"


class Shell:
    """Runs what a page shows.

    Attributes:
        statuses: Of every command of ours that was run, in order, its words and its exit status.
    """

    def __init__(
        self, place: Path, monkeypatch: pytest.MonkeyPatch, clock: FakeClock, *, pace: timedelta = timedelta()
    ) -> None:
        """Make ``place`` the current folder, with nothing of the environment that changes what is said.

        Args:
            place: An empty folder.
            monkeypatch: Undoes everything when the test is over.
            clock: What the commands take for the time.
            pace: How much time passes after each command.
        """
        self._setenv = monkeypatch.setenv
        self._clock = clock
        self._pace = pace
        self.statuses: list[tuple[str, int]] = []
        monkeypatch.chdir(place)
        for name in [name for name in os.environ if name.startswith(("KERJASAMA_", "LC_", "LANG"))]:
            if name != REGENERATE:
                monkeypatch.delenv(name)
        monkeypatch.setenv("COLUMNS", "80")

    def replay(self, page: str) -> str:
        """Return the page with what its commands say now."""
        return BLOCK.sub(lambda found: f"```console\n{self._block(found[1])}```", page)

    def replayed(self, page: Path) -> str:
        """Return the text of a page as `replay` does; where that is asked for, the page is written anew."""
        text = self.replay(page.read_text(encoding="utf-8"))
        if os.environ.get(REGENERATE):
            page.write_text(text, encoding="utf-8")
        return text

    def _block(self, block: str) -> str:
        return "".join(f"$ {words}\n{self._said(words, shown)}" for words, shown in commands(block))

    def _said(self, words: str, shown: str) -> str:
        program, *rest = shlex.split(words)
        if program == "cat":
            Path(rest[0]).write_text(shown, encoding="utf-8")
            return shown
        if program == "export":
            self._setenv(*rest[0].split("=", 1))
            return ""
        assert program == "kerjasama", words
        ran = run(*rest, clock=self._clock)
        self._clock.advance(self._pace)
        self.statuses.append((words, ran.status))
        return RANDOM.sub("…", ran.both)


def commands(block: str) -> Iterator[tuple[str, str]]:
    """Yield every command of a block with what stands under it."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        words, _, shown = part.partition("\n")
        yield words, shown
