"""The law's scenarios, carried through the public API on every store.

Each names the article that it tests. Dates are those of 2026; days in P22 are calendar days, and what
a clock does is effective on its due day, whenever the sweep comes.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kerjasama import Actor, Case, Engine, IdempotencyMismatch, Refused, StaleCase
from tests.clocks import FakeClock
from tests.contract.cooperation import (
    ADMIN,
    CHAIR,
    COUNCIL,
    COUNCIL_OFFICE,
    FEASIBLE,
    GOVERNOR,
    HEAD,
    MINISTER,
    NO_BURDEN,
    OPD,
    PARTNER_HEAD,
    PARTNER_OPD,
    PLANNING,
    SECRETARIAT,
    Cooperation,
    joint_term,
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
        own = {"case", "number", "prev", "parties", "changes", "reason", "comment"}
        entries = [entry.body for entry in cooperation.engine.history(cooperation.id)]
        written.append([{key: value for key, value in body.items() if key not in own} for body in entries])
        assert cooperation.engine.ledger.verify().is_clean
    held.engine.close()
    assert written[0] == written[1]
    assert len(written[0]) > 25


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
    cooperation.do("serahkan_daftar", PLANNING, "daftar_rencana")
    cooperation.do("sepakati_pemetaan", HEAD)
    cooperation.do("tolak_pemetaan", PARTNER_HEAD)
    assert cooperation.is_in("pemetaan.identifikasi")
    cooperation.do("serahkan_daftar", PLANNING, "daftar_rencana")
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
    assert cooperation.case.overdue == ("menuju_kb.telaah.target_telaah",)
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
    closed = cooperation.do("tanggapi", PARTNER_HEAD, "surat_tanggapan", tanggapan_mitra="menolak")
    assert closed.outcome == "ditolak_mitra"


def test_offer_answer_recorded_by_the_secretariat_keeps_both_apart(cooperation: Cooperation) -> None:
    """Who decided and who recorded are told apart in history."""
    cooperation.to_waiting()
    cooperation.on("2026-03-02")
    cooperation.do(
        "tanggapi",
        SECRETARIAT,
        "surat_tanggapan",
        tanggapan_mitra="menerima",
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
    cooperation.do("tandatangani", HEAD, kb_nomor="KUKAR/1", kb_cara="basah")
    cooperation.do("tolak_tanda_tangan", PARTNER_HEAD)
    assert cooperation.is_in("penyusunan_kb.disusun")
    cooperation.do("sampaikan_rancangan", OPD, "rancangan_kb")
    cooperation.do("sepakati_rancangan", SECRETARIAT)
    cooperation.do("rekomendasikan", CHAIR)
    cooperation.do("tandatangani", PARTNER_HEAD, kb_nomor="SMD/9", kb_cara="basah")
    assert cooperation.is_in("ditandatangani_para_pihak")
    cooperation.do("tandatangani", HEAD, kb_nomor="KUKAR/1", kb_cara="basah")
    assert cooperation.is_in("penandatanganan_kb.diarsipkan")
    assert cooperation.case.fields["kb_nomor"] == {"kukar": "KUKAR/1", "samarinda": "SMD/9"}


def test_joint_agreement_withdrawn_signature_can_be_given_again(cooperation: Cooperation) -> None:
    """Until the last signature a head may withdraw his."""
    cooperation.to_joint_signature()
    cooperation.do("tandatangani", HEAD, kb_nomor="KUKAR/1", kb_cara="basah")
    cooperation.do("tarik_tanda_tangan", HEAD)
    cooperation.do("tandatangani", PARTNER_HEAD, kb_nomor="SMD/9", kb_cara="basah")
    assert cooperation.is_in("ditandatangani_para_pihak")
    cooperation.do("tandatangani", HEAD, kb_nomor="KUKAR/1", kb_cara="basah")
    assert cooperation.is_in("penandatanganan_kb.diarsipkan")


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"kb_berlaku_sampai": date(2031, 3, 11)}, "kb_paling_lama_lima_tahun"),
        ({"kb_jumlah_asli": 3}, "kb_rangkap_cukup"),
        ({"kb_tanggal": date(2026, 3, 11)}, "kb_masa_benar"),
    ],
)
def test_joint_agreement_filed_against_a_rule_is_refused(
    cooperation: Cooperation, changes: dict[str, Any], rule: str
) -> None:
    """At most five years, as many originals as parties, not dated ahead (P22 ps 9(3), 10(3))."""
    cooperation.to_joint_signature()
    cooperation.on("2026-03-10")
    cooperation.do("tandatangani", HEAD, kb_nomor="KUKAR/1", kb_cara="basah")
    cooperation.do("tandatangani", PARTNER_HEAD, kb_nomor="SMD/9", kb_cara="basah")
    refusal = cooperation.refused("arsipkan", SECRETARIAT, "kb", **joint_term(**changes))
    assert refusal.code == "rule-failed"
    assert [reason.rule for reason in refusal.reasons] == [rule]
    assert refusal.reasons[0].basis


def test_joint_agreement_ended_before_the_agreement_closes_the_case(cooperation: Cooperation) -> None:
    """A joint agreement whose term ends while the agreement is drafted ends the case (PP28 ps 9)."""
    cooperation.to_agreement_drafting()
    cooperation.wait_until("2031-03-11")
    assert cooperation.case.outcome == "berakhir"
    assert cooperation.case.fields["sebab_berakhir"] == "jangka_waktu"


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
    cooperation.do("sampaikan_kajian", COUNCIL, "hasil_kajian_dprd", pandangan_dprd="catatan")
    assert cooperation.due("batas_tindak_lanjut") == date(2026, 5, 8)
    cooperation.on("2026-05-08")
    cooperation.do("kirim_kembali", HEAD, "surat_permohonan_dprd", diterima_kembali=date(2026, 5, 8))
    assert cooperation.due("batas_persetujuan") == date(2026, 5, 23)
    cooperation.wait_until("2026-05-24")
    assert cooperation.is_in("penandatanganan_pks.rekomendasi")
    assert cooperation.last("clock_fired")["basis"] == ["P22 ps 12(1)e-f"]


def test_council_view_given_lets_45_days_expire_without_effect(cooperation: Cooperation) -> None:
    """Once the council has given its view, a slow head of region cannot use up its time."""
    cooperation.to_council()
    cooperation.on("2026-04-23")
    cooperation.do("sampaikan_kajian", COUNCIL, "hasil_kajian_dprd", pandangan_dprd="catatan")
    cooperation.wait_until("2026-05-24")
    assert cooperation.is_in("di_dprd.tindak_lanjut")
    assert "persetujuan_dprd" not in cooperation.case.fields
    assert cooperation.case.overdue == ("menuju_pks.dprd.di_dprd.tindak_lanjut.batas_tindak_lanjut",)


def test_council_approval_goes_to_signature(cooperation: Cooperation) -> None:
    """An approval in time leads to the signature (P22 ps 12(1)e), and its clocks stop."""
    cooperation.to_council()
    cooperation.on("2026-04-20")
    cooperation.do(
        "putuskan", COUNCIL, "surat_pimpinan_dprd", putusan_dprd="setuju", dprd_putusan_nomor="DPRD/1"
    )
    assert cooperation.case.fields["persetujuan_dprd"] == "disetujui"
    cooperation.sign_agreement("2026-04-27")
    cooperation.wait_until("2026-06-01")
    assert cooperation.case.fields["persetujuan_dprd"] == "disetujui"


def test_council_refusal_returns_to_drafting(cooperation: Cooperation) -> None:
    """A council that says no is not silent: the agreement is drafted anew (Keputusan 8)."""
    cooperation.to_council()
    cooperation.on("2026-04-20")
    cooperation.do(
        "putuskan", COUNCIL, "surat_pimpinan_dprd", putusan_dprd="tolak", dprd_putusan_nomor="DPRD/1"
    )
    assert cooperation.is_in("penyusunan_pks.disusun")
    cooperation.wait_until("2026-06-01")
    assert cooperation.is_in("penyusunan_pks.disusun")


def test_council_letter_withdrawn_and_sent_again_starts_a_new_clock(cooperation: Cooperation) -> None:
    """Neither the date nor the view of an earlier round counts in the next one."""
    cooperation.to_council()
    cooperation.on("2026-04-23")
    cooperation.do("sampaikan_kajian", COUNCIL, "hasil_kajian_dprd", pandangan_dprd="catatan")
    cooperation.on("2026-05-20")
    cooperation.do("tarik_surat", HEAD, reason="Lampiran keliru")
    cooperation.on("2026-06-01")
    cooperation.send_letter("S/2")
    cooperation.wait_until("2026-06-20")  # the old 45 days are long over
    assert cooperation.is_in("dprd.menunggu_penerimaan")

    cooperation.on("2026-06-22")
    refusal = cooperation.refused("catat_penerimaan", COUNCIL_OFFICE, diterima_dprd=date(2026, 4, 8))
    assert [reason.rule for reason in refusal.reasons] == ["diterima_dprd_setelah_surat"]
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
    decision = {"putusan_dprd": "tolak", "dprd_putusan_nomor": "DPRD/9"}
    assert cooperation.refused("putuskan", COUNCIL, "surat_pimpinan_dprd", **decision).code == "not-enabled"
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
    new_end = {"berlaku_sampai": date(2028, 12, 31)}
    cooperation.do("sepakati_perpanjangan", HEAD, **new_end)
    assert cooperation.due("akhir_pks") == date(2027, 12, 31)
    other_end = {"berlaku_sampai": date(2029, 12, 31)}
    refusal = cooperation.refused("sepakati_perpanjangan", PARTNER_HEAD, "perpanjangan_pks", **other_end)
    assert refusal.code == "differing-consent"
    cooperation.do("sepakati_perpanjangan", PARTNER_HEAD, "perpanjangan_pks", **new_end)
    assert cooperation.due("akhir_pks") == date(2028, 12, 31)
    cooperation.wait_until("2028-02-01")
    assert cooperation.is_in("pelaporan.disusun")


@pytest.mark.parametrize(
    "cause", ["jangka_waktu", "tujuan_tercapai", "kesepakatan", "kebijakan", "objek_hilang"]
)
def test_agreement_ends_by_each_of_the_five_causes(cooperation: Cooperation, cause: str) -> None:
    """The five causes of PP28 ps 9 end the implementation, and no other does."""
    cooperation.to_implementation()
    refusal = cooperation.refused("akhiri", HEAD, "bukti_berakhir", sebab_berakhir="ganti_bupati")
    assert refusal.code == "invalid-field"
    assert (
        cooperation.do("akhiri", HEAD, "bukti_berakhir", sebab_berakhir=cause).fields["sebab_berakhir"]
        == cause
    )


# --- refusals -----------------------------------------------------------------------------------------


def test_open_proposal_against_the_law_is_refused_with_every_reason(cooperation: Cooperation) -> None:
    """Opening gives all reasons at once, each with its rule and article."""
    changes = {"kategori": "wajib", "berbatasan": False, "jenis": "sinergi", "arah": "masuk"}
    with pytest.raises(Refused) as refused:
        cooperation.open(**changes)
    rules = {reason.rule for reason in refused.value.reasons}
    assert rules == {"jenis_ksdd", "prakarsa_keluar", "wajib_berbatasan"}
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
    answer = {"tanggapan_mitra": "menerima"}
    future = cooperation.refused(
        "tanggapi", PARTNER_HEAD, "surat_tanggapan", effective_on=date(2026, 2, 17), **answer
    )
    assert future.code == "effective-in-future"
    before = cooperation.refused(
        "tanggapi", PARTNER_HEAD, "surat_tanggapan", effective_on=date(2026, 2, 11), **answer
    )
    assert before.code == "effective-before-last-step"


def test_refusal_of_a_second_signature(cooperation: Cooperation) -> None:
    """Nobody signs twice."""
    cooperation.to_joint_signature()
    cooperation.do("tandatangani", HEAD, kb_nomor="KUKAR/1", kb_cara="basah")
    again = cooperation.refused("tandatangani", HEAD, kb_nomor="KUKAR/1", kb_cara="basah")
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
    decide = offered["menuju_kb.telaah.putuskan_telaah"]
    assert decide.is_allowed
    assert set(decide.required) == set(FEASIBLE)
    assert decide.attach == ("notulen_telaah",)
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
