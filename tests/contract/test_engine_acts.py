"""Acts that are no transitions, through the engine, on every store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kerjasama import Actor, Duration, Engine, Party, Refused
from tests.clocks import FakeClock

ADMIN = Actor("admin", roles=["administrator"])
OPD = Actor("rina", roles=["opd"], party="kukar")
OFFICE = Actor("budi", roles=["sekretariat"], party="kukar")
HEAD = Actor("bupati", roles=["kepala"], party="kukar")

TEXT = """
format: 1
workflow: contoh
version: 1
title: Contoh
timezone: Asia/Makassar
calendar: indonesia
roles: {opd: {title: OPD}, sekretariat: {title: Sekretariat}, kepala: {title: Kepala}}
parties:
  pemrakarsa: {count: 1, roles: [opd, sekretariat, kepala]}
  mitra: {min: 1, roles: [kepala], recorded_by: [pemrakarsa.sekretariat]}
fields: {diterima: {type: date}}
documents: {surat: {title: Surat}}
suspension: {by: [pemrakarsa.sekretariat], max_total: 20 days, reason: required}
extension: {by: [pemrakarsa.kepala], of: [hukum], max_total: 10 days}
correction: {by: [pemrakarsa.sekretariat], fields: [diterima]}
attachment: {by: [pemrakarsa.opd], documents: [surat]}
open: {by: [pemrakarsa.opd], to: awal}
states:
  awal:
    deadlines:
      target: {within: 10 working days, kind: target}
      hukum: {within: 30 days, since: diterima, kind: contractual, then: {to: akhir}}
    transitions:
      terima:
        by: [opd]
        fields: {required: [diterima]}
        emit: [{event: surat_diterima, notify: [pemrakarsa.kepala]}]
  akhir: {final: true, outcome: selesai}
"""


@pytest.fixture
def engine(store_url: str, clock: FakeClock, tmp_path: Path) -> Iterator[Engine]:
    """An engine with the example deployed, on 2 February 2026."""
    clock.set_local(date.fromisoformat("2026-02-02"))
    engine = Engine(store_url, tenant="kukar", clock=clock)
    (tmp_path / "contoh.yaml").write_text(TEXT, encoding="utf-8")
    engine.deploy(tmp_path / "contoh.yaml", by=ADMIN)
    yield engine
    engine.close()


@pytest.fixture
def case_id(engine: Engine) -> str:
    """A case whose letter was received on 2 February."""
    parties = [Party("kukar", side="pemrakarsa"), Party("samarinda", side="mitra")]
    case = engine.open("contoh", by=OPD, parties=parties)
    engine.fire(case.id, "terima", by=OPD, fields={"diterima": date(2026, 2, 2)})
    return case.id


def due(engine: Engine, case_id: str, name: str) -> date:
    """The due day of a clock."""
    return next(timer.due_on for timer in engine.timers(case_id) if timer.path.endswith(name))


def test_acts_are_written_verified_and_read_again(engine: Engine, case_id: str, clock: FakeClock) -> None:
    """Each act is an entry, the clocks follow, and the whole is verified."""
    engine.extend(case_id, "hukum", "10 days", by=HEAD)
    assert due(engine, case_id, "hukum") == date(2026, 3, 14)
    engine.correct(case_id, {"diterima": date(2026, 2, 1)}, by=OFFICE)
    assert due(engine, case_id, "hukum") == date(2026, 3, 13)
    engine.attach(case_id, {"surat": b"isi"}, by=OPD)
    engine.suspend(case_id, by=OFFICE, reason="sengketa")
    clock.set_local(date.fromisoformat("2026-02-12"))
    engine.tick()
    engine.resume(case_id, by=OFFICE, reason="selesai")
    assert due(engine, case_id, "target") > date(2026, 2, 18)
    kinds = [entry.kind for entry in engine.history(case_id)]
    assert kinds[2:] == [
        "deadline_extended",
        "fields_corrected",
        "document_attached",
        "case_suspended",
        "case_resumed",
    ]
    assert engine.ledger.verify().findings == ()


def test_suspension_that_is_forgotten_is_ended_by_the_sweep(
    engine: Engine, case_id: str, clock: FakeClock
) -> None:
    """The timer of a suspension is a row like any other: it is swept on its day."""
    engine.suspend(case_id, by=OFFICE, reason="x")
    clock.set_local(date.fromisoformat("2026-02-23"))
    assert engine.tick().entries == 1
    assert engine.history(case_id)[-1].body["effective_on"] == "2026-02-22"
    assert engine.ledger.verify().is_clean


def test_act_repeated_under_one_request_id_has_one_effect(engine: Engine, case_id: str) -> None:
    """A request id covers acts as it covers transitions."""
    first = engine.extend(case_id, "hukum", Duration.from_json([5, "days"]), by=HEAD, request_id="p1")
    again = engine.extend(case_id, "hukum", "5 days", by=HEAD, request_id="p1")
    assert (first.revision, len(engine.history(case_id))) == (again.revision, 3)
    assert due(engine, case_id, "hukum") == date(2026, 3, 9)


def test_act_refused_leaves_the_case(engine: Engine, case_id: str) -> None:
    """A refused act writes nothing."""
    with pytest.raises(Refused) as refused:
        engine.suspend(case_id, by=OPD, reason="x")
    assert refused.value.code == "wrong-role"
    assert len(engine.history(case_id)) == 2


def test_emitted_event_reaches_its_consumer(engine: Engine, case_id: str) -> None:
    """What a transition emits is delivered as `event.<name>`, with whom it is meant for."""
    heard: list[Any] = []
    engine.subscribe("pemberitahu", "event.*", heard.append, from_start=True)
    engine.tick()
    assert [one.topic for one in heard] == ["event.surat_diterima"]
    assert '"notify":["pemrakarsa.kepala"]' in heard[0].payload
