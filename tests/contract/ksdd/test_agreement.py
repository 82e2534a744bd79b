"""The agreement: council, signature, implementation, amendment.

Each names the article that it tests. Dates are those of 2026; days in P22 are calendar days, and what
a clock does is effective on its due day, whenever the sweep comes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.contract.cooperation import (
    CHAIR,
    COUNCIL,
    COUNCIL_OFFICE,
    GOVERNOR,
    HEAD,
    MINISTER,
    NO_BURDEN,
    OFFICIAL,
    OFFICIAL_WITH_POWER,
    OPD,
    PARTNER_HEAD,
    PARTNER_OPD,
    POWER,
    PROVINCE,
    SECRETARIAT,
    Cooperation,
    assert_rule,
)


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
    cooperation.do("kirim_kembali", HEAD, "surat_permohonan")
    cooperation.do("catat_penerimaan_kembali", COUNCIL_OFFICE, diterima_kembali=date(2026, 5, 8))
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
    assert_rule(cooperation.refused("sepakati_perpanjangan", HEAD, **same_end), "perpanjangan_ke_depan")
    cooperation.do("sepakati_perpanjangan", HEAD, **new_end)
    assert cooperation.due("akhir_pks") == date(2027, 12, 31)
    other_end = {"diperpanjang_sampai": date(2029, 12, 31)}
    refusal = cooperation.refused("sepakati_perpanjangan", PARTNER_HEAD, "perpanjangan_pks", **other_end)
    assert refusal.code == "differing-consent"
    cooperation.do("sepakati_perpanjangan", PARTNER_HEAD, "perpanjangan_pks", **new_end)
    assert cooperation.due("akhir_pks") == date(2028, 12, 31)
    cooperation.wait_until("2028-02-01")
    assert cooperation.is_in("pelaporan.disusun")
