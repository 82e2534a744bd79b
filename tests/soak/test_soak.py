"""The long tests: ``make soak``. The same as the short ones, for longer; figures are printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.melee import fight
from tests.crash.ruins import every_point, killer, ruins

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
