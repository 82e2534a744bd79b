"""Killed in the middle of a family: parent and children are moved together or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kerjasama import Engine
from tests.clocks import FakeClock
from tests.contract.test_children import agreement, child, clean, deploy
from tests.families import HEAD
from tests.places import ROOT

pytestmark = pytest.mark.slow

CLOSING = """\
import sys
from engine import faults
from kerjasama import Actor, Engine
url, case_id, point = sys.argv[1:]
with Engine(url, tenant="kukar") as engine:
    faults.arm(point, faults.crash)
    engine.fire(case_id, "batalkan", by=Actor("bupati", roles=["kepala"], party="kukar"))
"""
CRASHED = 137


@pytest.mark.parametrize(
    ("point", "is_done"),
    [
        ("command.decided", False),
        ("store.applied", False),
        ("store.committing", False),
        ("store.committed", True),
        ("command.acknowledged", True),
    ],
)
def test_family_killed_at_a_point_is_moved_whole_or_not_at_all(
    store_url: str, clock: FakeClock, tmp_path: Path, point: str, is_done: bool
) -> None:
    """The last agreement ends, and with it the joint one: after the kill both have, or neither."""
    with Engine(store_url, tenant="kukar", clock=clock) as engine:
        deploy(engine)
        kb = agreement(engine)
        pks = child(engine, kb)
        engine.fire(kb, "akhiri", by=HEAD)
    ran = subprocess.run(
        [sys.executable, "-c", CLOSING, store_url, pks, point],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert ran.returncode == CRASHED
    with Engine(store_url, tenant="kukar", clock=clock) as engine:
        ends = [engine.case(one).outcome for one in (pks, kb)]
        assert ends == (["dibatalkan", "berakhir"] if is_done else [None, None])
        clean(engine)
        if not is_done:
            engine.fire(pks, "batalkan", by=HEAD)
            assert engine.case(kb).outcome == "berakhir"
