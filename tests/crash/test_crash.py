"""Killed at every named point and at moments chosen by chance: what was answered is there, once.

Twenty-five kills on each database; ``make soak`` does two hundred.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.errors import SchemaOutdated
from kerjasama import Engine
from tests.crash.ruins import every_point, killer, ruins
from tests.endurance import TENANT

pytestmark = pytest.mark.slow

UPGRADE = "schema.upgrading"

SEEN = {
    "case.clock_fired",
    "case.obligation_opened",
    "case.obligation_met",
    "case.obligation_overdue",
    "case.deadline_expired",
    "case.child_opened",
    "case.child_closed",
    "case.consent_given",
    "case.case_suspended",
    "case.case_resumed",
    "case.deadline_extended",
    "case.fields_corrected",
    "case.document_attached",
    "reminder.menunggu.batas",
    "reminder.wajib_lapor.laporan",
}
"""What must have happened among the kills, or they proved little."""


def test_upgrade_killed_on_the_way_leaves_nothing_and_is_done_by_the_next(
    store_url: str, tmp_path: Path
) -> None:
    """A schema is there whole or not at all; who comes next makes it."""
    with killer(tmp_path, store_url) as kill:
        kill.crash_at(UPGRADE, 1)
        database = sa.create_engine(store_url)
        assert sa.inspect(database).get_table_names() == []
        database.dispose()
        with pytest.raises(SchemaOutdated):
            Engine(store_url, tenant=TENANT, schema="check")
        assert kill.do(steps=5) == 0
        kill.settle()
    with ruins(tmp_path, store_url, weeks=5) as left:
        left.check_settled()


def test_runs_killed_at_every_point_and_anywhen_lose_and_double_nothing(
    store_url: str, tmp_path: Path
) -> None:
    """After each kill every invariant holds, and after the last everything is done and handed over."""
    weeks = 60
    with killer(tmp_path, store_url) as kill:
        kill.crash_at(UPGRADE, 1)
        assert kill.do() == 0
        for point in every_point(but=(UPGRADE,)):
            kill.crash_anywhere_at(point)
            with ruins(tmp_path, store_url, weeks=weeks) as left:
                left.check_answers()
        for n in range(12):
            kill.kill_anywhen(threads=1 if n % 2 else 3)
            with ruins(tmp_path, store_url, weeks=weeks) as left:
                left.check()
        assert kill.kills == 25
        kill.settle()
    with ruins(tmp_path, store_url, weeks=weeks) as left:
        left.check_settled()
        missed = SEEN - {one["topic"] for one in left.logs.handed.read()}
        assert missed == set()
