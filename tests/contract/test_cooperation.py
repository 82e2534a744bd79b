"""Cooperation between regions by the shipped definitions, through the public API on every store.

The cooperation is one case, each agreement under it and a takeover cases of their own.

Each names the article that it tests. Dates are those of 2026; days in P22 are calendar days, and what
a clock does is effective on its due day, whenever the sweep comes.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kerjasama import Actor, Case, Engine, IdempotencyMismatch, Refused, StaleCase
from tests.clocks import FakeClock
from tests.contract.cooperation import (
    ADMIN,
    AGREEMENT,
    CHAIR,
    COUNCIL,
    COUNCIL_OFFICE,
    FEASIBLE,
    GOVERNOR,
    HEAD,
    JOINT_PARTS,
    MINISTER,
    NO_BURDEN,
    OFFICIAL,
    OFFICIAL_WITH_POWER,
    OPD,
    PARTNER_HEAD,
    PARTNER_OPD,
    PLAN,
    PLANNING,
    POWER,
    PROVINCE,
    SECRETARIAT,
    Cooperation,
    proposal,
)
from tests.places import DEFINITIONS


@pytest.fixture
def engine(store_url: str, clock: FakeClock) -> Iterator[Engine]:
    """An engine on an empty store, in virtual time."""
    engine = Engine(store_url, tenant="kukar", clock=clock)
    yield engine
    engine.close()


class Restarting(Cooperation):
    """A cooperation whose engine is closed before every act and every sweep, and opened anew."""

    def __init__(self, start: Callable[[], Engine], clock: FakeClock) -> None:
        self._start = start
        super().__init__(start(), clock)

    def _restart(self) -> None:
        self.engine.close()
        self.engine = self._start()

    def open(self, by: Actor = OPD, **changes: Any) -> Case:
        """Open the case after a restart."""
        self._restart()
        return super().open(by, **changes)

    def do(self, trigger: str, by: Actor, *documents: str, **options: Any) -> Case:
        """Fire after a restart."""
        self._restart()
        return super().do(trigger, by, *documents, **options)

    def wait_until(self, text: str) -> None:
        """Sweep after a restart."""
        self._restart()
        super().wait_until(text)


@pytest.fixture
def start(store_url: str, clock: FakeClock) -> Callable[[], Engine]:
    """Start an engine on this test's database."""
    return lambda: Engine(store_url, tenant="kukar", clock=clock)


@pytest.fixture
def restarting(start: Callable[[], Engine], clock: FakeClock) -> Iterator[Cooperation]:
    """The cooperation, with a restart before everything that happens."""
    cooperation = Restarting(start, clock)
    yield cooperation
    cooperation.engine.close()


@pytest.fixture(params=["held", pytest.param("restarted", marks=pytest.mark.soak)])
def cooperation(
    request: pytest.FixtureRequest, start: Callable[[], Engine], clock: FakeClock
) -> Iterator[Cooperation]:
    """The cooperation before it is opened, on one engine throughout; under soak also with restarts."""
    made = Restarting(start, clock) if request.param == "restarted" else Cooperation(start(), clock)
    yield made
    made.engine.close()


# --- from the proposal to the end -------------------------------------------------------------------


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
    cooperation.do("minta_kedua", HEAD, "surat_kedua", kedua_diterima=date(2026, 3, 17))
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


# --- the joint agreement, P22 ps 9-10 ----------------------------------------------------------------


def test_joint_agreement_refused_signature_returns_to_drafting(cooperation: Cooperation) -> None:
    """One head who refuses sends the draft back; a new round starts without old votes (P22 ps 10(2))."""
    cooperation.to_joint_signature()
    cooperation.do("tandatangani", HEAD, nomor="KUKAR/1", cara="basah")
    cooperation.do("tolak_tanda_tangan", PARTNER_HEAD)
    assert cooperation.is_in("penyusunan_kb.disusun")
    cooperation.draft_joint_agreement("2026-03-10")
    cooperation.do("tandatangani", PARTNER_HEAD, nomor="SMD/9", cara="basah")
    assert cooperation.is_in("ditandatangani_para_pihak")
    cooperation.do("tandatangani", HEAD, nomor="KUKAR/1", cara="basah")
    assert cooperation.is_in("penandatanganan_kb.diarsipkan")
    numbers = cooperation.case.fields["menuju_kb.penandatanganan_kb.nomor"]
    assert numbers == {"kukar": "KUKAR/1", "samarinda": "SMD/9"}


def test_joint_agreement_withdrawn_signature_can_be_given_again(cooperation: Cooperation) -> None:
    """Until the last signature a head may withdraw his."""
    cooperation.to_joint_signature()
    cooperation.do("tandatangani", HEAD, nomor="KUKAR/1", cara="basah")
    cooperation.do("tarik_tanda_tangan", HEAD)
    cooperation.do("tandatangani", PARTNER_HEAD, nomor="SMD/9", cara="basah")
    assert cooperation.is_in("ditandatangani_para_pihak")
    cooperation.do("tandatangani", HEAD, nomor="KUKAR/1", cara="basah")
    assert cooperation.is_in("penandatanganan_kb.diarsipkan")


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"jumlah_asli": 3}, "menuju_kb.penandatanganan_kb.rangkap_cukup"),
        ({"tanggal": date(2026, 3, 11)}, "menuju_kb.penandatanganan_kb.tanggal_tidak_di_depan"),
    ],
)
def test_joint_agreement_filed_against_a_rule_is_refused(
    cooperation: Cooperation, changes: dict[str, Any], rule: str
) -> None:
    """As many originals as parties, not dated ahead (P22 ps 10(2)-(3))."""
    cooperation.to_joint_signature()
    cooperation.on("2026-03-10")
    cooperation.sign_joint_agreement()
    filed = {"tanggal": date(2026, 3, 10), "jumlah_asli": 2, **changes}
    _assert_rule(cooperation.refused("arsipkan", SECRETARIAT, "kb", **filed), rule)


@pytest.mark.parametrize(
    ("end", "rule"),
    [
        (date(2031, 3, 11), "kb_paling_lama_lima_tahun"),
        (date(2026, 3, 10), "kb_masa_benar"),
    ],
)
def test_joint_agreement_of_an_impossible_term_is_refused(
    cooperation: Cooperation, end: date, rule: str
) -> None:
    """At most five years, and at least a day (P22 ps 9(3))."""
    cooperation.to_joint_signature()
    cooperation.on("2026-03-10")
    cooperation.sign_joint_agreement()
    cooperation.do("arsipkan", SECRETARIAT, "kb", tanggal=date(2026, 3, 10), jumlah_asli=2)
    _assert_rule(cooperation.refused("tetapkan_masa", SECRETARIAT, kb_berlaku_sampai=end), rule)


def _assert_rule(refusal: Refused, rule: str) -> None:
    assert refusal.code == "rule-failed"
    assert [reason.rule for reason in refusal.reasons] == [rule]
    assert refusal.reasons[0].basis


@pytest.mark.parametrize(
    ("parts", "is_refused"), [(JOINT_PARTS, False), (JOINT_PARTS[1:], True), (["penutup"], True)]
)
def test_joint_agreement_drafted_without_what_it_must_contain_is_refused(
    cooperation: Cooperation, parts: list[str], is_refused: bool
) -> None:
    """A draft is agreed only with every element of P22 ps 40."""
    cooperation.to_waiting()
    cooperation.do("terima_penawaran", PARTNER_HEAD, "surat_tanggapan")
    cooperation.do("sampaikan_rancangan", OPD, "rancangan_kb")
    if is_refused:
        refusal = cooperation.refused("sepakati_rancangan", SECRETARIAT, unsur_naskah=parts)
        _assert_rule(refusal, "menuju_kb.penyusunan_kb.unsur_lengkap")
    else:
        cooperation.do("sepakati_rancangan", SECRETARIAT, unsur_naskah=parts)
        assert cooperation.is_in("penandatanganan_kb.rekomendasi")


def test_joint_agreement_extended_moves_its_end(cooperation: Cooperation) -> None:
    """Both heads extend by at most five years, and the cooperation stays where it is (P22 ps 9(3))."""
    cooperation.to_joint_agreement()
    cooperation.on("2026-09-01")
    too_long = {"kb_diperpanjang_sampai": date(2036, 3, 11)}
    _assert_rule(cooperation.refused("sepakati_perpanjangan", HEAD, **too_long), "perpanjangan_kb_benar")
    cooperation.do("sepakati_perpanjangan", HEAD, kb_diperpanjang_sampai=date(2034, 3, 10))
    cooperation.do("tarik_perpanjangan", HEAD)
    new_end = {"kb_diperpanjang_sampai": date(2036, 3, 10)}
    cooperation.do("sepakati_perpanjangan", HEAD, **new_end)
    assert cooperation.due("akhir_kb") == date(2031, 3, 10)
    other = cooperation.refused(
        "sepakati_perpanjangan", PARTNER_HEAD, "perpanjangan_kb", kb_diperpanjang_sampai=date(2035, 3, 10)
    )
    assert other.code == "differing-consent"
    cooperation.do("sepakati_perpanjangan", PARTNER_HEAD, "perpanjangan_kb", **new_end)
    assert cooperation.due("akhir_kb") == date(2036, 3, 10)
    cooperation.wait_until("2031-03-12")
    assert cooperation.is_in("kb_berlaku.berjalan")
    cooperation.wait_until("2036-03-11")
    assert cooperation.case.outcome == "berakhir"


def test_joint_agreement_ended_without_an_agreement_closes_the_case(cooperation: Cooperation) -> None:
    """A joint agreement whose term ends and under which nothing was begun ends the case (PP28 ps 9)."""
    cooperation.to_joint_agreement()
    cooperation.wait_until("2031-03-10")
    assert cooperation.is_in("kb_berlaku.berjalan")
    cooperation.wait_until("2031-03-11")
    assert cooperation.case.outcome == "berakhir"
    assert cooperation.case.fields["sebab_berakhir"] == "jangka_waktu"


def test_joint_agreement_ended_waits_for_the_agreement_being_drafted(cooperation: Cooperation) -> None:
    """Its term ends while an agreement is drafted: the case waits until that one is over (PP28 ps 9)."""
    cooperation.to_agreement_drafting()
    agreement = cooperation.id
    cooperation.wait_until("2031-03-11")
    cooperation.take_up()
    assert cooperation.is_in("penutupan")
    assert cooperation.case.fields["sebab_berakhir"] == "jangka_waktu"
    assert cooperation.refused("mulai_pks", OPD, **AGREEMENT).code == "not-enabled"
    cooperation.take_up(agreement)
    assert cooperation.is_in("penyusunan_pks.disusun")
    cooperation.do("batalkan", HEAD, reason="Kesepakatan Bersama berakhir")
    cooperation.take_up()
    assert cooperation.case.outcome == "berakhir"


def test_joint_agreement_of_an_offer_by_the_partner(cooperation: Cooperation) -> None:
    """An offer received is answered within 30 days, and leads to the same joint agreement (P22 ps 8)."""
    cooperation.to_incoming_offer()
    assert cooperation.is_in("surat_masuk.dikaji")
    assert cooperation.due("batas_tanggapan_kita") == date(2026, 3, 4)  # received on 2 February
    cooperation.on("2026-02-10")
    cooperation.do("putuskan_telaah", SECRETARIAT, "notulen_telaah", **FEASIBLE)
    assert cooperation.due("batas_tanggapan_kita") == date(2026, 3, 4)  # assessed is not answered
    cooperation.on("2026-02-16")
    assert cooperation.refused("terima_penawaran", PARTNER_HEAD, "surat_tanggapan_kita").code == "wrong-party"
    cooperation.do("terima_penawaran", HEAD, "surat_tanggapan_kita")
    cooperation.draft_joint_agreement("2026-02-20")
    cooperation.sign_joint_agreement()
    cooperation.do("arsipkan", SECRETARIAT, "kb", tanggal=date(2026, 2, 20), jumlah_asli=2)
    cooperation.do("tetapkan_masa", SECRETARIAT, kb_berlaku_sampai=date(2031, 2, 20))
    assert cooperation.is_in("kb_berlaku.berjalan")
    cooperation.opens("mulai_pks", OPD, **AGREEMENT)
    assert cooperation.is_in("penyusunan_pks.disusun")


def test_offer_by_the_partner_left_unanswered_is_overdue_and_asked_again(cooperation: Cooperation) -> None:
    """Our own silence has no consequence but being overdue, being asked again and being ordered."""
    cooperation.to_incoming_offer()
    cooperation.wait_until("2026-03-05")
    late = {
        "menuju_kb.surat_masuk.batas_tanggapan_kita",
        "menuju_kb.surat_masuk.dikaji.dinilai.target_telaah",
    }
    assert set(cooperation.case.overdue) == late
    cooperation.on("2026-03-09")
    second = {"permintaan_kedua_diterima": date(2026, 3, 6)}
    cooperation.do("catat_permintaan_kedua", SECRETARIAT, "surat_kedua_mitra", **second)
    assert cooperation.due("batas_tanggapan_kedua_kita") == date(2026, 3, 21)
    cooperation.wait_until("2026-03-22")
    assert "menuju_kb.surat_masuk.batas_tanggapan_kedua_kita" in cooperation.case.overdue
    cooperation.do("catat_perintah", GOVERNOR, "surat_perintah_menanggapi")
    assert cooperation.is_in("surat_masuk.dikaji")
    unfit = FEASIBLE | {"sesuai_rtrw": False, "hasil_telaah": "tidak_layak"}
    cooperation.do("putuskan_telaah", SECRETARIAT, "notulen_telaah", **unfit)
    assert cooperation.do("tolak_penawaran", HEAD, "surat_tanggapan_kita").outcome == "ditolak"


# --- two agreements under one joint agreement ---------------------------------------------------------


def test_agreements_under_one_joint_agreement_go_their_own_ways(cooperation: Cooperation) -> None:
    """Each agreement is a case of its own; the cooperation ends with the last of them (P22 ps 13)."""
    cooperation.to_implementation()
    first = cooperation.id
    second = cooperation.opens("mulai_pks", OPD, **AGREEMENT | {"pks_judul": "Pembangunan halte"})
    assert [child.id for child in cooperation.engine.children(cooperation.parent_id)] == [first, second]
    assert cooperation.case.fields["judul"] == "Pembangunan halte"
    cooperation.draft_agreement()
    cooperation.do("nilai_beban", SECRETARIAT, **NO_BURDEN | {"dianggarkan": False})
    assert cooperation.is_in("dprd.surat_disiapkan")

    cooperation.take_up()
    ending = {"sebab_berakhir": "kebijakan"}
    cooperation.do("akhiri", HEAD, "bukti_berakhir", **ending)
    assert cooperation.is_in("penutupan")
    cooperation.take_up(second)
    assert cooperation.do("batalkan", HEAD, reason="Anggaran").outcome == "dibatalkan"
    cooperation.take_up()
    assert cooperation.is_in("penutupan")  # the other one goes on
    cooperation.take_up(first)
    assert cooperation.is_in("pelaporan.disusun")
    cooperation.do("akhiri", HEAD, "bukti_berakhir", **ending)
    cooperation.do("kirim_laporan_akhir", OPD, "laporan_akhir")
    cooperation.take_up()
    assert cooperation.case.outcome == "berakhir"
    assert cooperation.engine.ledger.verify().is_clean


def test_agreement_opened_brings_the_joint_agreement_and_its_parties(cooperation: Cooperation) -> None:
    """An agreement has the signed text, the parties and what the cooperation handed over, no more."""
    cooperation.to_agreement_drafting()
    case = cooperation.case
    given = {"judul": AGREEMENT["pks_judul"], "maksud_tujuan": AGREEMENT["pks_maksud_tujuan"]}
    assert dict(case.fields) == {**given, "objek": AGREEMENT["pks_objek"], "lewat_provinsi": True}
    assert [party.id for party in case.parties] == ["kukar", "samarinda"]
    assert set(case.documents) == {"kb"}
    assert cooperation.engine.children(cooperation.id) == ()


# --- takeover, UU23 ps 364(3)-(5) -------------------------------------------------------------------------


def test_takeover_closes_the_cooperation_and_the_agreement_goes_on(cooperation: Cooperation) -> None:
    """The governor takes over with the minister's approval; the agreement runs to its own end."""
    cooperation.to_obligatory_agreement()
    agreement = cooperation.id
    cooperation.take_up()
    cooperation.on("2026-09-01")
    _assert_rule(cooperation.refused("mulai_pembinaan", MINISTER), "pembina_berwenang")
    cooperation.opens("mulai_pembinaan", GOVERNOR)
    takeover = cooperation.id
    not_yet = {"hasil_evaluasi": "belum"}
    cooperation.do("selesaikan_pembinaan", GOVERNOR, "laporan_pembinaan")
    cooperation.do("putuskan_evaluasi", GOVERNOR, "laporan_evaluasi", **not_yet)
    cooperation.do("mohon_persetujuan", GOVERNOR, "permohonan_persetujuan")
    assert cooperation.refused("setujui_pengambilalihan", GOVERNOR, "surat_persetujuan").code == "wrong-role"
    cooperation.do("setujui_pengambilalihan", SECRETARIAT, "surat_persetujuan", as_role="menteri")
    done = cooperation.do(
        "ambil_alih", GOVERNOR, "keputusan_pengambilalihan", pelaksana="Dinas PUPR Provinsi"
    )
    assert done.outcome == "diambil_alih"

    cooperation.take_up()
    assert cooperation.case.outcome == "diambil_alih"
    assert cooperation.last("transition_taken")["outcome"] == "diambil_alih"
    assert cooperation.last("transition_taken")["actor"]["id"] == "child"
    cooperation.take_up(agreement)
    assert cooperation.case.outcome is None
    cooperation.draft_agreement()
    cooperation.do("nilai_beban", SECRETARIAT, **NO_BURDEN)
    cooperation.sign_agreement("2026-09-02")
    cooperation.wait_until("2028-01-01")
    assert cooperation.is_in("penutupan")
    assert cooperation.do("kirim_laporan_akhir", OPD, "laporan_akhir").outcome == "berakhir"
    assert takeover in {child.id for child in cooperation.engine.children(cooperation.parent_id)}
    assert cooperation.engine.ledger.verify().is_clean


def test_takeover_not_needed_leaves_the_cooperation(cooperation: Cooperation) -> None:
    """Where supervision was enough the cooperation goes on (PP28 ps 11)."""
    cooperation.to_obligatory_agreement()
    cooperation.opens("mulai_pembinaan", GOVERNOR)
    cooperation.do("selesaikan_pembinaan", GOVERNOR, "laporan_pembinaan")
    done = cooperation.do("putuskan_evaluasi", GOVERNOR, "laporan_evaluasi", hasil_evaluasi="terlaksana")
    assert done.outcome == "tidak_perlu"
    cooperation.take_up()
    assert cooperation.is_in("kb_berlaku.berjalan")


def test_takeover_of_a_voluntary_cooperation_is_not_open(cooperation: Cooperation) -> None:
    """Only an obligatory cooperation can be taken over."""
    cooperation.to_joint_agreement()
    assert cooperation.refused("mulai_pembinaan", GOVERNOR).code == "not-enabled"


# --- the council, P22 ps 11-12 -----------------------------------------------------------------------


def test_council_silent_for_45_days_is_deemed_to_approve(cooperation: Cooperation) -> None:
    """After 45 days without a view the clock deems approval, citing its article (P22 ps 12(4))."""
    cooperation.to_council()
    assert cooperation.due("batas_keseluruhan") == date(2026, 5, 23)
    assert cooperation.due("batas_kajian") == date(2026, 4, 23)
    cooperation.wait_until("2026-05-23")
    assert cooperation.is_in("di_dprd.dikaji")
    assert cooperation.case.overdue == ("menuju_pks.dprd.di_dprd.dikaji.batas_kajian",)
    cooperation.wait_until("2026-05-24")
    assert cooperation.is_in("penandatanganan_pks.rekomendasi")
    assert cooperation.case.fields["persetujuan_dprd"] == "dianggap_disetujui"
    fired = cooperation.last("clock_fired")
    assert fired["effective_on"] == "2026-05-23"
    assert fired["basis"] == ["P22 ps 12(4)"]


def test_council_15_15_15_without_approval_is_deemed_to_approve(cooperation: Cooperation) -> None:
    """Study, follow-up and 15 days of silence deem approval by the last step's clock (P22 ps 12(1)f)."""
    cooperation.to_council()
    cooperation.on("2026-04-23")
    cooperation.do("sampaikan_kajian", COUNCIL, "hasil_kajian", pandangan="catatan")
    assert cooperation.due("batas_tindak_lanjut") == date(2026, 5, 8)
    cooperation.on("2026-05-08")
    cooperation.do("kirim_kembali", HEAD, "surat_permohonan", diterima_kembali=date(2026, 5, 8))
    assert cooperation.due("batas_persetujuan") == date(2026, 5, 23)
    cooperation.wait_until("2026-05-24")
    assert cooperation.is_in("penandatanganan_pks.rekomendasi")
    assert cooperation.last("clock_fired")["basis"] == ["P22 ps 12(1)e-f"]


def test_council_view_given_lets_45_days_expire_without_effect(cooperation: Cooperation) -> None:
    """Once the council has given its view, a slow head of region cannot use up its time."""
    cooperation.to_council()
    cooperation.on("2026-04-23")
    cooperation.do("sampaikan_kajian", COUNCIL, "hasil_kajian", pandangan="catatan")
    cooperation.wait_until("2026-05-24")
    assert cooperation.is_in("di_dprd.tindak_lanjut")
    assert "persetujuan_dprd" not in cooperation.case.fields
    assert cooperation.case.overdue == ("menuju_pks.dprd.di_dprd.tindak_lanjut.batas_tindak_lanjut",)


def test_council_approval_goes_to_signature(cooperation: Cooperation) -> None:
    """An approval in time leads to the signature (P22 ps 12(1)e), and its clocks stop."""
    cooperation.to_council()
    cooperation.on("2026-04-20")
    cooperation.do("putuskan", COUNCIL, "surat_pimpinan", putusan="setuju", nomor_putusan="DPRD/1")
    assert cooperation.case.fields["persetujuan_dprd"] == "disetujui"
    cooperation.sign_agreement("2026-04-27")
    cooperation.wait_until("2026-06-01")
    assert cooperation.case.fields["persetujuan_dprd"] == "disetujui"


def test_council_refusal_returns_to_drafting(cooperation: Cooperation) -> None:
    """A council that says no is not silent: the agreement is drafted anew."""
    cooperation.to_council()
    cooperation.on("2026-04-20")
    cooperation.do("putuskan", COUNCIL, "surat_pimpinan", putusan="tolak", nomor_putusan="DPRD/1")
    assert cooperation.is_in("penyusunan_pks.disusun")
    assert cooperation.case.fields["persetujuan_dprd"] == "ditolak"
    cooperation.wait_until("2026-06-01")
    assert cooperation.is_in("penyusunan_pks.disusun")


def test_council_letter_withdrawn_and_sent_again_starts_a_new_clock(cooperation: Cooperation) -> None:
    """Neither the date nor the view of an earlier round counts in the next one."""
    cooperation.to_council()
    cooperation.on("2026-04-23")
    cooperation.do("sampaikan_kajian", COUNCIL, "hasil_kajian", pandangan="catatan")
    cooperation.on("2026-05-20")
    cooperation.do("tarik_surat", HEAD, reason="Lampiran keliru")
    cooperation.on("2026-06-01")
    cooperation.send_letter("S/2")
    cooperation.wait_until("2026-06-20")  # the old 45 days are long over
    assert cooperation.is_in("dprd.menunggu_penerimaan")

    cooperation.on("2026-06-22")
    refusal = cooperation.refused("catat_penerimaan", COUNCIL_OFFICE, diterima_dprd=date(2026, 4, 8))
    assert [reason.rule for reason in refusal.reasons] == ["menuju_pks.dprd.diterima_setelah_surat"]
    cooperation.do("catat_penerimaan", COUNCIL_OFFICE, diterima_dprd=date(2026, 6, 2))
    assert cooperation.due("batas_keseluruhan") == date(2026, 7, 17)
    cooperation.wait_until("2026-07-17")
    assert cooperation.is_in("di_dprd.dikaji")
    cooperation.wait_until("2026-07-18")  # silent in this round, whatever was said in the first
    assert cooperation.case.fields["persetujuan_dprd"] == "dianggap_disetujui"


def test_council_clock_acts_before_a_late_letter(cooperation: Cooperation) -> None:
    """A decision that arrives after the 45 days finds approval deemed, though no sweep ran."""
    cooperation.to_council()
    cooperation.on("2026-05-26")
    decision = {"putusan": "tolak", "nomor_putusan": "DPRD/9"}
    assert cooperation.refused("putuskan", COUNCIL, "surat_pimpinan", **decision).code == "not-enabled"
    cooperation.engine.tick()
    assert cooperation.case.fields["persetujuan_dprd"] == "dianggap_disetujui"
    late = cooperation.refused("rekomendasikan", CHAIR, effective_on=date(2026, 5, 22))
    assert late.code == "clock-already-acted"


# --- the agreement and its implementation, P22 ps 13-17 ----------------------------------------------


def test_agreement_refused_signature_returns_to_drafting(cooperation: Cooperation) -> None:
    """A head who refuses to sign the agreement sends it back to drafting (P22 ps 14(1))."""
    cooperation.to_gate()
    cooperation.do("nilai_beban", SECRETARIAT, **NO_BURDEN)
    cooperation.do("rekomendasikan", CHAIR)
    cooperation.do("tolak_tanda_tangan", PARTNER_HEAD)
    assert cooperation.is_in("penyusunan_pks.disusun")


def test_agreement_signed_by_an_official_needs_a_mandate(cooperation: Cooperation) -> None:
    """An official signs with a power of attorney, which history keeps, and not without (P22 ps 14(2))."""
    cooperation.to_gate()
    cooperation.do("nilai_beban", SECRETARIAT, **NO_BURDEN)
    cooperation.on("2026-04-20")
    cooperation.do("rekomendasikan", CHAIR)
    signature = {"nomor": "KUKAR/2", "cara": "elektronik"}
    assert cooperation.refused("tandatangani", OFFICIAL, **signature).code == "missing-mandate"
    elsewhere = replace(POWER, party="samarinda")
    borrowed = replace(OFFICIAL, mandates=(elsewhere,))
    assert cooperation.refused("tandatangani", borrowed, **signature).code == "missing-mandate"
    expired = replace(OFFICIAL, mandates=(replace(POWER, valid_until=date(2026, 4, 19)),))
    assert cooperation.refused("tandatangani", expired, **signature).code == "missing-mandate"
    cooperation.do("tandatangani", OFFICIAL_WITH_POWER, **signature)
    given = cooperation.last("consent_given")
    assert given["actor"]["role"] == "penerima_kuasa"
    assert given["actor"]["mandate"]["id"] == POWER.id
    assert cooperation.refused("tandatangani", HEAD, **signature).code == "already-consented"
    cooperation.do("tandatangani", PARTNER_HEAD, nomor="SMD/10", cara="elektronik")
    cooperation.put_in_force("2026-04-20")
    assert cooperation.is_in("pelaporan.disusun")


def test_joint_agreement_is_not_signed_by_an_official(cooperation: Cooperation) -> None:
    """The heads of region sign the joint agreement themselves (P22 ps 10(2))."""
    cooperation.to_joint_signature()
    refusal = cooperation.refused("tandatangani", OFFICIAL_WITH_POWER, nomor="KUKAR/1", cara="basah")
    assert refusal.code == "wrong-role"


def test_agreement_signature_withdrawn_can_be_given_again(cooperation: Cooperation) -> None:
    """Until the last signature whoever signed may withdraw it (P22 ps 14(1))."""
    cooperation.to_gate()
    cooperation.do("nilai_beban", SECRETARIAT, **NO_BURDEN)
    cooperation.do("rekomendasikan", CHAIR)
    cooperation.do("tandatangani", HEAD, nomor="KUKAR/2", cara="basah")
    assert cooperation.refused("tarik_tanda_tangan", PARTNER_HEAD).code == "not-enabled"
    cooperation.do("tarik_tanda_tangan", HEAD)
    cooperation.do("tandatangani", PARTNER_HEAD, nomor="SMD/10", cara="basah")
    assert cooperation.is_in("ditandatangani_para_pihak")
    cooperation.do("tandatangani", HEAD, nomor="KUKAR/3", cara="basah")
    assert cooperation.case.fields["menuju_pks.penandatanganan_pks.nomor"]["kukar"] == "KUKAR/3"
    assert cooperation.is_in("penandatanganan_pks.diarsipkan")


def test_amendment_goes_to_the_council_while_implementation_runs(cooperation: Cooperation) -> None:
    """An amendment that adds a burden waits for the council; reports and the end run on (P22 ps 15(6))."""
    cooperation.to_implementation()
    cooperation.on("2026-06-01")
    change = {"alasan_perubahan": "Rute kedua", "menambah_beban": True}
    cooperation.do("usulkan_perubahan", OPD, "rancangan_adendum", **change)
    cooperation.do("setujui_rancangan", SECRETARIAT)
    cooperation.send_letter("S/9")
    cooperation.on("2026-06-04")
    cooperation.do("catat_penerimaan", COUNCIL_OFFICE, diterima_dprd=date(2026, 6, 3))
    assert cooperation.is_in("perubahan.dprd.di_dprd.dikaji")
    assert cooperation.due("perubahan.dprd.di_dprd.batas_keseluruhan") == date(2026, 7, 18)
    assert cooperation.due("akhir_pks") == date(2027, 12, 31)

    cooperation.on("2026-07-10")
    cooperation.report()
    cooperation.do("nyatakan_perselisihan", PARTNER_OPD, pokok_sengketa="Tarif")
    assert cooperation.is_in("perubahan.dprd.di_dprd.dikaji")
    cooperation.wait_until("2026-07-19")
    assert cooperation.is_in("perubahan.penandatanganan.rekomendasi")
    assert cooperation.is_in("pelaporan.di_kepala_daerah")
    assert cooperation.is_in("perselisihan.musyawarah")
    assert cooperation.last("clock_fired")["effective_on"] == "2026-07-18"

    cooperation.do("rekomendasikan", CHAIR)
    cooperation.do("tandatangani", HEAD, nomor="KUKAR/5", cara="basah")
    cooperation.do("tandatangani", PARTNER_HEAD, nomor="SMD/15", cara="basah")
    cooperation.do("arsipkan", SECRETARIAT, "adendum", tanggal=date(2026, 7, 19), jumlah_asli=2)
    cooperation.do("berlakukan_perubahan", SECRETARIAT, nilai=9_000_000_000, objek="Dua koridor")
    assert cooperation.is_in("perubahan.tidak_ada")
    assert cooperation.case.fields["objek"] == "Dua koridor"
    assert cooperation.engine.ledger.verify().is_clean


def test_amendment_refused_by_the_council_changes_nothing(cooperation: Cooperation) -> None:
    """A council that refuses leaves the agreement as it was; the persetujuan of the agreement stands."""
    cooperation.to_implementation()
    cooperation.on("2026-06-01")
    change = {"alasan_perubahan": "Rute kedua", "menambah_beban": True}
    cooperation.do("usulkan_perubahan", OPD, "rancangan_adendum", **change)
    cooperation.do("setujui_rancangan", SECRETARIAT)
    cooperation.send_letter("S/9")
    cooperation.do("catat_penerimaan", COUNCIL_OFFICE, diterima_dprd=date(2026, 6, 1))
    cooperation.do("putuskan", COUNCIL, "surat_pimpinan", putusan="tolak", nomor_putusan="DPRD/3")
    assert cooperation.is_in("perubahan.tidak_ada")
    assert cooperation.is_in("pelaporan.disusun")
    assert cooperation.case.fields["persetujuan_dprd"] == "tidak_diperlukan"


def test_report_late_is_overdue_until_it_is_sent(cooperation: Cooperation) -> None:
    """A semester report not sent by 14 July is overdue, and its arrival meets it (P22 ps 17)."""
    duty = "pelaksanaan.pelaporan.laporan_semester"
    cooperation.to_implementation()
    cooperation.wait_until("2026-07-14")
    assert cooperation.case.overdue == ()
    cooperation.wait_until("2026-07-15")
    assert cooperation.case.overdue == (duty,)
    assert [
        one.due_on for one in cooperation.engine.obligations(cooperation.id) if one.status == "overdue"
    ] == [date(2026, 7, 14)]
    cooperation.on("2026-07-20")
    cooperation.report()
    assert cooperation.case.overdue == ()
    assert cooperation.is_in("pelaporan.di_kepala_daerah")
    assert cooperation.last("obligation_met")["obligations"][0]["occurrence"] == "2026-06-30"


def test_report_of_two_semesters_meets_the_older_first(cooperation: Cooperation) -> None:
    """Each report meets one occurrence, the oldest open one first."""
    cooperation.to_implementation()
    cooperation.wait_until("2027-01-15")
    assert (
        len([one for one in cooperation.engine.obligations(cooperation.id) if one.status == "overdue"]) == 2
    )
    cooperation.report()
    assert cooperation.last("obligation_met")["obligations"][0]["occurrence"] == "2026-06-30"
    cooperation.report()
    assert cooperation.last("obligation_met")["obligations"][0]["occurrence"] == "2026-12-31"
    assert cooperation.case.overdue == ()


def test_dispute_runs_beside_the_reports(cooperation: Cooperation) -> None:
    """A dispute climbs its ladder while the reports go on (P22 ps 18-21, UU23 ps 370)."""
    cooperation.to_implementation()
    cooperation.on("2026-06-20")
    cooperation.do("nyatakan_perselisihan", PARTNER_OPD, pokok_sengketa="Pembagian tarif")
    assert cooperation.is_in("perselisihan.musyawarah")
    cooperation.on("2026-07-10")
    cooperation.report()
    cooperation.do("musyawarah_gagal", SECRETARIAT, "berita_acara_musyawarah")
    assert cooperation.is_in("perselisihan.tkksd_provinsi")
    assert cooperation.is_in("pelaporan.di_kepala_daerah")
    cooperation.do("sepakat_provinsi", PROVINCE, "berita_acara_provinsi")
    assert cooperation.is_in("perselisihan.tidak_ada")
    cooperation.do("nyatakan_perselisihan", OPD, pokok_sengketa="Subsidi")
    cooperation.do("musyawarah_gagal", SECRETARIAT, "berita_acara_musyawarah")
    cooperation.do("provinsi_gagal", GOVERNOR, "laporan_gubernur")
    cooperation.do("putuskan_perselisihan", MINISTER, "keputusan_menteri")
    assert cooperation.is_in("perselisihan.tidak_ada")


def test_agreement_term_over_is_ended_by_the_clock(cooperation: Cooperation) -> None:
    """The end of the term is effective on its day, although the sweep comes later (PP28 ps 9)."""
    cooperation.to_implementation()
    cooperation.wait_until("2028-01-04")
    assert cooperation.is_in("penutupan")
    assert cooperation.case.fields["sebab_berakhir"] == "jangka_waktu"
    assert cooperation.last("clock_fired")["effective_on"] == "2027-12-31"
    assert cooperation.due("target_laporan_akhir") == date(2028, 1, 14)  # counted from the due day
    assert cooperation.do("kirim_laporan_akhir", OPD, "laporan_akhir").outcome == "berakhir"


def test_agreement_extended_moves_its_end(cooperation: Cooperation) -> None:
    """An extension agreed by both heads moves the end without leaving the implementation."""
    cooperation.to_implementation()
    cooperation.on("2027-11-01")
    new_end = {"diperpanjang_sampai": date(2028, 12, 31)}
    same_end = {"diperpanjang_sampai": date(2027, 12, 31)}
    _assert_rule(cooperation.refused("sepakati_perpanjangan", HEAD, **same_end), "perpanjangan_ke_depan")
    cooperation.do("sepakati_perpanjangan", HEAD, **new_end)
    assert cooperation.due("akhir_pks") == date(2027, 12, 31)
    other_end = {"diperpanjang_sampai": date(2029, 12, 31)}
    refusal = cooperation.refused("sepakati_perpanjangan", PARTNER_HEAD, "perpanjangan_pks", **other_end)
    assert refusal.code == "differing-consent"
    cooperation.do("sepakati_perpanjangan", PARTNER_HEAD, "perpanjangan_pks", **new_end)
    assert cooperation.due("akhir_pks") == date(2028, 12, 31)
    cooperation.wait_until("2028-02-01")
    assert cooperation.is_in("pelaporan.disusun")


BY_ONE = ("tujuan_tercapai", "kebijakan", "objek_hilang")
FIVE_CAUSES = ("jangka_waktu", "kesepakatan", *BY_ONE)


@pytest.mark.parametrize("cause", FIVE_CAUSES)
@pytest.mark.parametrize(
    ("stage", "term_over"), [("to_implementation", "2028-01-01"), ("to_joint_agreement", "2031-03-11")]
)
def test_end_comes_by_each_of_the_five_causes(
    cooperation: Cooperation, stage: str, term_over: str, cause: str
) -> None:
    """The five causes of PP28 ps 9 end agreement and joint agreement, each in its way, and no other does."""
    getattr(cooperation, stage)()
    refusal = cooperation.refused("akhiri", HEAD, "bukti_berakhir", sebab_berakhir="ganti_bupati")
    assert refusal.code == "invalid-field"
    if cause in BY_ONE:
        cooperation.do("akhiri", HEAD, "bukti_berakhir", sebab_berakhir=cause)
    else:
        refusal = cooperation.refused("akhiri", HEAD, "bukti_berakhir", sebab_berakhir=cause)
        _assert_rule(refusal, "bukan_jangka_waktu")
        if cause == "jangka_waktu":
            cooperation.wait_until(term_over)
        else:
            _agree_to_end(cooperation)
    assert cooperation.case.fields["sebab_berakhir"] == cause
    assert cooperation.is_in("penutupan") or cooperation.case.outcome == "berakhir"


def _agree_to_end(cooperation: Cooperation) -> None:
    """Both heads agree, one of them at the second attempt."""
    cooperation.do("sepakati_pengakhiran", HEAD)
    cooperation.do("tarik_pengakhiran", HEAD)
    cooperation.do("sepakati_pengakhiran", HEAD)
    assert cooperation.case.fields.get("sebab_berakhir") is None
    assert cooperation.refused("sepakati_pengakhiran", PARTNER_HEAD).code == "missing-document"
    cooperation.do("sepakati_pengakhiran", PARTNER_HEAD, "bukti_berakhir")


# --- refusals -----------------------------------------------------------------------------------------


def test_open_proposal_against_the_law_is_refused_with_every_reason(cooperation: Cooperation) -> None:
    """Opening gives all reasons at once, each with its rule and article."""
    changes = {
        **{"kategori": "wajib", "berbatasan": False, "jenis": "sinergi", "konstelasi": "prov_prov"},
        **{"tujuan_target": None, "bukti_anggaran": None},
    }
    with pytest.raises(Refused) as refused:
        cooperation.open(**changes)
    assert {reason.rule for reason in refused.value.reasons} == {
        *("jenis_ksdd", "wajib_berbatasan", "tingkat_sesuai", "provinsi_sesuai"),
        *("usulan_keluar_lengkap", "anggaran_berbukti"),
    }
    assert all(reason.basis for reason in refused.value.reasons)
    assert all(reason.message.text("id") != reason.message.text("en") for reason in refused.value.reasons)


def test_refusals_of_authority(cooperation: Cooperation) -> None:
    """Another role, another party and the same person are refused, each with its code."""
    cooperation.to_assessment()
    assessed = {**FEASIBLE}
    assert cooperation.refused("putuskan_telaah", OPD, "notulen_telaah", **assessed).code == "wrong-role"
    both = Actor("rina", roles=["sekretariat_tkksd"], party="kukar")
    assert cooperation.refused("putuskan_telaah", both, "notulen_telaah", **assessed).code == "same-person"
    stranger = Actor("asing", roles=["sekretariat_tkksd"], party="balikpapan")
    refusal = cooperation.refused("putuskan_telaah", stranger, "notulen_telaah", **assessed)
    assert refusal.code == "wrong-party"


def test_refusals_of_inputs_come_together(cooperation: Cooperation) -> None:
    """A missing field, an invalid one and a missing document are told in one refusal."""
    cooperation.to_assessment()
    given = {**FEASIBLE, "hasil_telaah": "mungkin"}
    del given["sesuai_rtrw"]
    refusal = cooperation.refused("putuskan_telaah", SECRETARIAT, **given)
    assert {reason.code for reason in refusal.reasons} == {
        "missing-field",
        "invalid-field",
        "missing-document",
    }
    assert cooperation.refused("batalkan", HEAD).code == "missing-reason"


def test_refusals_of_place_and_time(cooperation: Cooperation) -> None:
    """A trigger of another state, a day in the future and a day before the last step are refused."""
    cooperation.to_waiting()
    assert cooperation.refused("ajukan", OPD).code == "not-enabled"
    future = cooperation.refused(
        "terima_penawaran", PARTNER_HEAD, "surat_tanggapan", effective_on=date(2026, 2, 17)
    )
    assert future.code == "effective-in-future"
    before = cooperation.refused(
        "terima_penawaran", PARTNER_HEAD, "surat_tanggapan", effective_on=date(2026, 2, 11)
    )
    assert before.code == "effective-before-last-step"


def test_refusal_of_a_second_signature(cooperation: Cooperation) -> None:
    """Nobody signs twice."""
    cooperation.to_joint_signature()
    cooperation.do("tandatangani", HEAD, nomor="KUKAR/1", cara="basah")
    again = cooperation.refused("tandatangani", HEAD, nomor="KUKAR/1", cara="basah")
    assert again.code == "already-consented"


def test_refusal_of_a_stale_revision_and_a_reused_request(cooperation: Cooperation) -> None:
    """A caller who saw an older state is told so; a request id stands for one content only."""
    case = cooperation.to_assessment().case
    with pytest.raises(StaleCase):
        cooperation.do("batalkan", HEAD, reason="x", expect=case.revision - 1)
    cooperation.do("putuskan_telaah", SECRETARIAT, "notulen_telaah", request_id="r-1", **FEASIBLE)
    with pytest.raises(IdempotencyMismatch):
        cooperation.do("ajukan_surat", SECRETARIAT, penawaran_nomor="1", request_id="r-1")


def test_available_names_what_each_may_do(cooperation: Cooperation) -> None:
    """`available` allows the one who may and gives reasons to the one who may not."""
    cooperation.to_assessment()
    offered = {one.trigger: one for one in cooperation.engine.available(cooperation.id, by=SECRETARIAT)}
    decide = offered["menuju_kb.telaah.dinilai.putuskan_telaah"]
    assert decide.is_allowed
    assert set(decide.required) == {f"menuju_kb.telaah.{name}" for name in FEASIBLE}
    assert decide.attach == ("menuju_kb.telaah.notulen_telaah",)
    assert not offered["menuju_kb.batalkan"].is_allowed
    assert offered["menuju_kb.batalkan"].reasons[0].code == "wrong-role"


SIDE_BY_SIDE = """\
format: 1
workflow: berdampingan
version: 1
title: {id: Dua wilayah, en: Two regions}
timezone: Asia/Makassar
calendar: indonesia
roles: {opd: {title: {id: Perangkat daerah, en: Agency}}}
fields: {hasil: {type: choice, options: {satu: {id: Satu, en: One}, dua: {id: Dua, en: Two}}}}
open: {by: [opd], to: berjalan}
states:
  berjalan:
    transitions: {tutup: {by: [opd], to: selesai}}
    regions:
      kiri:
        transitions: {periksa: {by: [opd]}}
        initial: awal
        states: {awal: {title: {id: Awal, en: Start}}}
      kanan:
        transitions:
          periksa: {by: [opd]}
          pilih:
            by: [opd]
            fields: {required: [hasil]}
            choose:
              - when: hasil == 'satu'
                to: akhir
        initial: awal
        states: {awal: {title: {id: Awal, en: Start}}, akhir: {title: {id: Akhir, en: End}}}
  selesai: {final: true, outcome: selesai}
"""


def test_refusals_of_a_trigger_in_two_regions_and_of_no_branch(engine: Engine, tmp_path: Path) -> None:
    """A bare name that two regions answer to must be asked by path; no true branch refuses."""
    definition = tmp_path / "berdampingan.yaml"
    definition.write_text(SIDE_BY_SIDE, encoding="utf-8")
    shutil.copytree(DEFINITIONS / "calendars", tmp_path / "calendars")
    engine.deploy(definition, by=ADMIN)
    someone = Actor("a", roles=["opd"])
    case = engine.open("berdampingan", by=someone)

    with pytest.raises(Refused) as ambiguous:
        engine.fire(case.id, "periksa", by=someone)
    assert ambiguous.value.code == "ambiguous-trigger"
    assert "berjalan.kanan.periksa" in ambiguous.value.text("id")
    assert engine.fire(case.id, "berjalan.kanan.periksa", by=someone).revision == case.revision

    with pytest.raises(Refused) as unanswered:
        engine.fire(case.id, "pilih", by=someone, fields={"hasil": "dua"})
    assert unanswered.value.code == "no-branch"
    assert engine.case(case.id).fields == {}
