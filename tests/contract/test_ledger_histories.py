"""Histories of many shapes: verification finds nothing in them, and the second reader accepts them.

What the engine itself writes must never look tampered with. One store is enough here: how rows are
kept is not the question.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from kerjasama import Engine
from tests.clocks import FakeClock
from tests.contract.cooperation import GOVERNOR, HEAD, MINISTER, OPD, PARTNER_HEAD, Cooperation
from tests.reader.reader import Reader


@pytest.fixture
def engine(tmp_path: Path, clock: FakeClock) -> Iterator[Engine]:
    """An engine on an empty file, in virtual time."""
    with Engine(f"sqlite:///{tmp_path / 'kerjasama.db'}", tenant="kukar", clock=clock) as engine:
        yield engine


@pytest.fixture
def cooperation(engine: Engine, clock: FakeClock) -> Cooperation:
    """The cooperation before it is opened."""
    return Cooperation(engine, clock)


def assert_whole(engine: Engine, case_id: str, kinds: set[str]) -> None:
    """Both verifications find nothing, and the history has the kinds that the test is about."""
    assert [finding.message.text("en") for finding in engine.ledger.verify().findings] == []
    entries = engine.history(case_id)
    assert kinds <= {entry.kind for entry in entries}
    lines = [
        json.dumps(entry.body, sort_keys=True, ensure_ascii=False, separators=(",", ":")) for entry in entries
    ]
    report = Reader().read(lines)
    assert [str(problem) for problem in report.problems] == []
    assert report.hashes == [entry.hash for entry in entries]


def refused_and_signed_again(cooperation: Cooperation) -> set[str]:
    """One head refuses; the next round is signed with the same numbers as before."""
    cooperation.to_joint_signature()
    cooperation.do("tandatangani", HEAD, nomor="KUKAR/1", cara="basah")
    cooperation.do("tolak_tanda_tangan", PARTNER_HEAD, comment="Belum sepakat")
    cooperation.draft_joint_agreement("2026-03-10")
    cooperation.do("tandatangani", PARTNER_HEAD, nomor="SMD/9", cara="basah")
    cooperation.do("tandatangani", HEAD, nomor="KUKAR/1", cara="basah")
    return {"consent_given", "transition_taken"}


def withdrawn_and_signed_again(cooperation: Cooperation) -> set[str]:
    """A head withdraws and signs again with the same number."""
    cooperation.to_joint_signature()
    cooperation.do("tandatangani", HEAD, nomor="KUKAR/1", cara="basah", comment="Mohon arsip")
    cooperation.do("tarik_tanda_tangan", HEAD)
    cooperation.do("tandatangani", PARTNER_HEAD, nomor="SMD/9", cara="basah")
    cooperation.do("tandatangani", HEAD, nomor="KUKAR/1", cara="basah")
    return {"consent_withdrawn"}


def extended_by_consent(cooperation: Cooperation) -> set[str]:
    """Both heads move the end; values and a document wait for the last vote."""
    cooperation.to_implementation()
    cooperation.on("2027-11-01")
    new_end = {"diperpanjang_sampai": date(2028, 12, 31)}
    cooperation.do("sepakati_perpanjangan", HEAD, **new_end)
    cooperation.do("sepakati_perpanjangan", PARTNER_HEAD, "perpanjangan_pks", **new_end)
    cooperation.wait_until("2028-02-01")
    return {"consent_given", "obligation_opened", "obligation_overdue"}


def reported_late_and_ended(cooperation: Cooperation) -> set[str]:
    """A report becomes overdue and is met, the term ends by its clock, and the case closes."""
    cooperation.to_implementation()
    cooperation.wait_until("2026-07-15")
    cooperation.on("2026-07-20")
    cooperation.report()
    cooperation.wait_until("2028-01-04")
    cooperation.do("kirim_laporan_akhir", OPD, "laporan_akhir")
    return {"obligation_met", "obligation_overdue", "obligation_lapsed", "clock_fired"}


def council_silent(cooperation: Cooperation) -> set[str]:
    """One clock expires without effect and another acts; what came late is recorded late."""
    cooperation.to_council()
    cooperation.wait_until("2026-06-10")
    return {"deadline_expired", "clock_fired"}


def taken_over(cooperation: Cooperation) -> set[str]:
    """A child's end closes the cooperation, while another child goes on."""
    cooperation.to_obligatory_agreement()
    cooperation.opens("mulai_pembinaan", GOVERNOR)
    cooperation.do("selesaikan_pembinaan", GOVERNOR, "laporan_pembinaan")
    cooperation.do("putuskan_evaluasi", GOVERNOR, "laporan_evaluasi", hasil_evaluasi="belum")
    cooperation.do("mohon_persetujuan", GOVERNOR, "permohonan_persetujuan")
    cooperation.do("setujui_pengambilalihan", MINISTER, "surat_persetujuan")
    cooperation.do("ambil_alih", GOVERNOR, "keputusan_pengambilalihan", pelaksana="Dinas PUPR")
    cooperation.take_up()
    return {"child_opened", "child_closed"}


@pytest.mark.parametrize(
    "walk",
    [
        taken_over,
        refused_and_signed_again,
        withdrawn_and_signed_again,
        extended_by_consent,
        reported_late_and_ended,
        council_silent,
    ],
)
def test_ledger_history_as_the_engine_writes_it_is_whole(
    engine: Engine, cooperation: Cooperation, walk: Callable[[Cooperation], set[str]]
) -> None:
    """Votes refused, withdrawn and given again, late reports, clocks: nothing of it looks tampered with."""
    kinds = walk(cooperation)
    assert_whole(engine, cooperation.id, kinds)


def test_ledger_acts_while_it_verifies_are_seen_whole(engine: Engine, clock: FakeClock) -> None:
    """Cases that go on between and during the looks are seen before or after, never half."""
    first = Cooperation(engine, clock).to_waiting()
    second = Cooperation(engine, clock).to_waiting()
    acted: list[int] = []

    def act(done: int, total: int) -> None:
        for one in (first, second):
            if done == 1:
                one.do("terima_penawaran", PARTNER_HEAD, "surat_tanggapan")
            else:
                one.do("sampaikan_rancangan", OPD, "rancangan_kb")
        acted.append(done)

    assert engine.ledger.verify(progress=act).findings == ()
    assert acted == [1, 2]
    assert engine.ledger.verify().findings == ()
