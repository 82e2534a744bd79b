"""The long tests: ``make soak``. The same as the short ones, for longer; figures are printed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.crash.melee import fight
from tests.crash.ruins import every_point, killer, ruins
from tests.edit_verdicts import judge_all
from tests.edited_files import FOLDERS, materials

pytestmark = pytest.mark.soak

SECONDS = 30.0
ENOUGH = 1_000_000


def test_eight_threads_for_half_a_minute_lose_and_double_nothing(store_url: str) -> None:
    """Eight threads of one process, and two more that sweep."""
    print(fight(store_url, processes=1, threads=8, acts=ENOUGH, sweepers=[2], seconds=SECONDS))  # noqa: T201


def test_four_processes_of_eight_threads_for_half_a_minute_lose_and_double_nothing(store_url: str) -> None:
    """Four processes of eight threads each; two of them sweep as well."""
    figures = fight(
        store_url, processes=4, threads=8, acts=ENOUGH, cases=16, sweepers=[1, 1], seconds=SECONDS
    )
    print(figures)  # noqa: T201


def test_two_hundred_kills_lose_and_double_nothing(store_url: str, tmp_path: Path) -> None:
    """Every named point eight times, and the rest at moments chosen by chance."""
    weeks = 400
    upgrade = "schema.upgrading"
    with killer(tmp_path, store_url, seed=2) as kill:
        kill.crash_at(upgrade, 1)
        assert kill.do() == 0
        for _ in range(8):
            for point in every_point(but=(upgrade,)):
                kill.crash_anywhere_at(point)
            with ruins(tmp_path, store_url, weeks=weeks) as left:
                left.check_answers()
        while kill.kills < 200:
            kill.kill_anywhen(threads=1 if kill.kills % 2 else 3)
            if kill.kills % 20 == 0:
                with ruins(tmp_path, store_url, weeks=weeks) as left:
                    left.check()
        print(f"{kill.kills} kills")  # noqa: T201
        kill.settle()
    with ruins(tmp_path, store_url, weeks=weeks) as left:
        left.check_settled()
        kinds = Counter(entry.kind for history in left.histories.values() for entry in history)
        print(f"{len(left.cases)} cases, {sum(kinds.values())} entries: {dict(kinds)}")  # noqa: T201


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_tens_of_thousands_of_small_edits_are_refused_at_their_place_or_valid(folder: Path) -> None:
    """The short test of ``tests/property/test_edited_files.py`` with every kind in every file."""
    tally = judge_all(materials(folder), seed="soak", each=8)
    print(f"{folder.name}: {tally.figures()}")  # noqa: T201
    assert (tally.wrong, tally.excesses()) == ([], [])
