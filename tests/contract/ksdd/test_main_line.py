"""From the proposal to the offer, and the main line to the end.

Each names the article that it tests. Dates are those of 2026; days in P22 are calendar days, and what
a clock does is effective on its due day, whenever the sweep comes.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kerjasama import Engine
from tests.clocks import FakeClock
from tests.contract.cooperation import (
    FEASIBLE,
    GOVERNOR,
    HEAD,
    OPD,
    PARTNER_HEAD,
    PLAN,
    PLANNING,
    SECRETARIAT,
    Cooperation,
    proposal,
)


def test_main_line_with_a_restart_before_every_act_is_the_same(
    restarting: Cooperation, clock: FakeClock, tmp_path: Path
) -> None:
    """Nothing that decides lives in the process: with restarts the same history is written."""
    held = Cooperation(Engine(f"sqlite:///{tmp_path / 'held.db'}", tenant="kukar", clock=clock), clock)
    written = []
    for cooperation in (held, restarting):
        cooperation.to_council()
        cooperation.wait_until("2026-05-24")
        cooperation.sign_agreement("2026-05-25")
        cooperation.wait_until("2026-08-01")
        written.append(_written(cooperation))
        assert cooperation.engine.ledger.verify().is_clean
    held.engine.close()
    assert written[0] == written[1]
    assert len(written[0]) > 30
    assert {entry["kind"] for entry in written[0]} >= {"child_opened", "clock_fired", "obligation_overdue"}


def _written(cooperation: Cooperation) -> list[dict[str, Any]]:
    """Return the histories of the agreement and of its cooperation, without what is each case's own."""
    own = {"case", "number", "prev", "parties", "changes", "reason", "comment"}
    entries = []
    for case_id in (cooperation.id, cooperation.parent_id):
        for entry in cooperation.engine.history(case_id):
            text = entry.text.replace(cooperation.id, "agreement").replace(cooperation.parent_id, "parent")
            entries.append({key: value for key, value in json.loads(text).items() if key not in own})
    return entries


def test_main_line_carried_to_the_end_closes_the_case(cooperation: Cooperation) -> None:
    """A cooperation goes from its proposal to its end by the acts that the law names."""
    cooperation.to_waiting()
    assert cooperation.is_in("menunggu.tanggapan_pertama")
    assert cooperation.due("batas_tanggapan") == date(2026, 3, 15)  # 30 days after 13 February

    cooperation = Cooperation(cooperation.engine, cooperation.clock)
    cooperation.to_implementation()
    assert cooperation.case.fields["persetujuan_dprd"] == "tidak_diperlukan"
    assert cooperation.is_in("pelaporan.disusun")
    assert cooperation.is_in("perselisihan.tidak_ada")
    assert cooperation.due("akhir_pks") == date(2027, 12, 31)

    cooperation.on("2026-07-03")
    cooperation.report()
    cooperation.do("teruskan_laporan", HEAD, "pengantar_laporan")
    cooperation.on("2026-09-01")
    cooperation.do("akhiri", HEAD, "bukti_berakhir", sebab_berakhir="tujuan_tercapai")
    assert cooperation.is_in("penutupan")
    closed = cooperation.do("kirim_laporan_akhir", OPD, "laporan_akhir")

    assert closed.outcome == "berakhir"
    assert closed.closed_at is not None
    assert closed.fields["sebab_berakhir"] == "tujuan_tercapai"
    assert cooperation.refused("akhiri", HEAD).code == "case-closed"

    cooperation.take_up()
    assert cooperation.is_in("kb_berlaku.berjalan")  # further agreements may follow
    ended = cooperation.do("akhiri", HEAD, "bukti_berakhir", sebab_berakhir="kebijakan")
    assert ended.outcome == "berakhir"
    assert cooperation.refused("akhiri", HEAD).code == "case-closed"
    assert cooperation.engine.ledger.verify().is_clean


def test_proposal_keeps_every_field_and_hides_personal_ones(cooperation: Cooperation) -> None:
    """Every field of the proposal record is kept, and no contact person stands in history."""
    cooperation.to_assessment()
    given = proposal()
    kept = cooperation.case.fields
    assert set(kept) == {*given["open"], *given["ajukan"]}
    assert kept["narahubung_pertama"] == "narahubung-kukar-01"
    entries = "".join(entry.text for entry in cooperation.engine.history(cooperation.id))
    assert "narahubung-kukar-01" not in entries
    assert "narahubung-smd-01" not in entries


def test_main_line_obligatory_begins_with_the_mapping(cooperation: Cooperation) -> None:
    """An obligatory cooperation is mapped with the partner first (P22 ps 5)."""
    cooperation.on("2026-01-12")
    cooperation.open(kategori="wajib")
    assert cooperation.is_in("pemetaan.identifikasi")
    assert cooperation.refused("serahkan_daftar", PLANNING, "daftar_rencana").code == "missing-field"
    cooperation.do("serahkan_daftar", PLANNING, "daftar_rencana", rencana=PLAN)
    assert cooperation.case.fields["rencana"] == tuple(PLAN)
    refusal = cooperation.refused("catat_forum", PLANNING, forum_pembahasan="musrenbangnas")
    assert [reason.rule for reason in refusal.reasons] == ["forum_sesuai"]
    cooperation.do("catat_forum", PLANNING, forum_pembahasan="rakor_teknis_provinsi")
    cooperation.do("sepakati_pemetaan", HEAD)
    cooperation.do("tolak_pemetaan", PARTNER_HEAD)
    assert cooperation.is_in("pemetaan.identifikasi")
    cooperation.do("serahkan_daftar", PLANNING, "daftar_rencana", rencana=PLAN[:1])
    assert cooperation.case.fields["rencana"] == (PLAN[0],)
    cooperation.do("catat_forum", SECRETARIAT, forum_pembahasan="musrenbang_provinsi")
    cooperation.do("sepakati_pemetaan", HEAD)
    cooperation.do("sepakati_pemetaan", PARTNER_HEAD)
    cooperation.do("simpan_berita_acara", SECRETARIAT, "berita_acara_pemetaan")
    assert cooperation.is_in("menuju_kb.penyusunan_kak")


@pytest.mark.parametrize(
    ("result", "state"), [("perbaikan", "menuju_kb.penyusunan_kak"), ("tidak_layak", "ditolak")]
)
def test_assessment_other_than_feasible_goes_no_further(
    cooperation: Cooperation, result: str, state: str
) -> None:
    """A proposal to be revised returns to the agency; one that is not feasible ends (P22 ps 7(5))."""
    cooperation.to_assessment()
    cooperation.do("putuskan_telaah", SECRETARIAT, "notulen_telaah", **FEASIBLE | {"hasil_telaah": result})
    assert cooperation.is_in(state)


def test_assessment_target_counts_working_days(cooperation: Cooperation) -> None:
    """Ten working days from 2 February skip weekends and the new year of 16 and 17 February 2026."""
    cooperation.to_assessment()
    assert cooperation.due("target_telaah") == date(2026, 2, 18)
    cooperation.wait_until("2026-02-19")
    assert cooperation.case.overdue == ("menuju_kb.telaah.dinilai.target_telaah",)
    assert cooperation.is_in("menuju_kb.telaah")


# --- the offer, P22 ps 8 -----------------------------------------------------------------------------


def test_offer_silent_partner_is_asked_again_and_reported(cooperation: Cooperation) -> None:
    """After 30 days a second request is open, after 15 more the report, and then the order."""
    cooperation.to_waiting()
    cooperation.wait_until("2026-03-15")
    assert cooperation.is_in("tanggapan_pertama")  # the last day belongs to the partner
    cooperation.wait_until("2026-03-16")
    assert cooperation.is_in("perlu_permintaan_kedua")
    fired = cooperation.last("clock_fired")
    assert fired["effective_on"] == "2026-03-15"
    assert "P22 ps 8(3)-(4)" in fired["basis"]

    cooperation.on("2026-03-17")
    cooperation.do("minta_kedua", HEAD, "surat_kedua")
    cooperation.do("catat_penerimaan_kedua", SECRETARIAT, kedua_diterima=date(2026, 3, 17))
    assert cooperation.due("batas_kedua") == date(2026, 4, 1)
    cooperation.wait_until("2026-04-02")
    assert cooperation.is_in("perlu_dilaporkan")
    cooperation.do("laporkan", HEAD, "laporan_tanpa_tanggapan")
    cooperation.do("perintahkan", GOVERNOR, "surat_perintah")
    assert cooperation.is_in("diperintahkan")
    closed = cooperation.do("tutup_tanpa_tanggapan", HEAD, reason="Mitra tidak menjawab")
    assert closed.outcome == "tanpa_tanggapan"


def test_offer_late_answer_still_counts(cooperation: Cooperation) -> None:
    """The partner may answer at any rung; a "no" ends the case (P22 ps 8(3))."""
    cooperation.to_waiting()
    cooperation.wait_until("2026-03-20")
    closed = cooperation.do("tolak_penawaran", PARTNER_HEAD, "surat_tanggapan")
    assert closed.outcome == "ditolak_mitra"


def test_offer_answer_recorded_by_the_secretariat_keeps_both_apart(cooperation: Cooperation) -> None:
    """Who decided and who recorded are told apart in history."""
    cooperation.to_waiting()
    cooperation.on("2026-03-02")
    cooperation.do(
        "terima_penawaran",
        SECRETARIAT,
        "surat_tanggapan",
        as_role="kepala_daerah",
        for_party="samarinda",
        effective_on=date(2026, 2, 27),
    )
    entry = cooperation.last("transition_taken")
    assert entry["effective_on"] == "2026-02-27"
    assert cooperation.is_in("penyusunan_kb.disusun")
