"""The tutorial, word for word, in both languages: whoever follows it sees what it shows.

Write its outputs anew with ``KERJASAMA_REGENERATE=1 python -m pytest tests/docs/test_tutorial.py`` and
read the difference.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.clocks import FakeClock
from tests.places import ROOT
from tests.transcripts import BLOCK, Shell, commands

FOLDER = ROOT / "docs" / "tutorial"
LANGUAGES = ("id", "en")
TODAY = datetime(2026, 3, 2, 1, tzinfo=UTC)
ANOTHER_DAY = datetime(2026, 10, 15, 3, tzinfo=UTC)
TITLES = re.compile(r"(?<=title: )[^,}\n]+|(?<=setuju: )[A-Z][^,}\n]+|(?<=tolak: )[A-Z][^,}\n]+")


def page(language: str) -> Path:
    """The tutorial in one language."""
    return FOLDER / f"index.{language}.md"


def shell(place: Path, monkeypatch: pytest.MonkeyPatch, now: datetime) -> Shell:
    """A terminal in an empty folder, with a minute between the commands."""
    return Shell(place, monkeypatch, FakeClock(now), pace=timedelta(minutes=1))


def told(language: str) -> list[tuple[str, str]]:
    """Every command of a page, with the file where it shows one."""
    text = page(language).read_text(encoding="utf-8")
    return [
        (words, TITLES.sub("…", shown) if words.startswith("cat ") else "")
        for block in BLOCK.findall(text)
        for words, shown in commands(block)
        if not words.startswith(("export ", "cat jawaban"))
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_tutorial_shows_what_its_commands_say(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every output of the tutorial is what its command prints, from an empty folder on."""
    replayed = shell(tmp_path, monkeypatch, TODAY).replayed(page(language))
    assert replayed == page(language).read_text(encoding="utf-8")


def test_tutorial_goes_the_same_way_on_another_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever follows it later in the year meets the same refusals and successes, on other dates."""
    text = page("id").read_text(encoding="utf-8")
    ran = []
    for name, day in (("today", TODAY), ("another", ANOTHER_DAY)):
        place = tmp_path / name
        place.mkdir()
        terminal = shell(place, monkeypatch, day)
        terminal.replay(text)
        ran.append(terminal.statuses)
    assert ran[0] == ran[1]


def test_tutorial_meets_errors_and_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file with errors (3), a scenario that fails (1), a refusal (4), a version taken (6): each is met."""
    terminal = shell(tmp_path, monkeypatch, TODAY)
    terminal.replay(page("en").read_text(encoding="utf-8"))
    assert {status for _, status in terminal.statuses} == {0, 1, 3, 4, 6}


def test_tutorial_is_the_same_in_both_languages() -> None:
    """Both pages give the same commands and the same files, but for the titles in them."""
    assert told("id") == told("en")
