"""The joint agreement, offers of the partner, and what hangs below it: agreements, takeover.

Each names the article that it tests. Dates are those of 2026; days in P22 are calendar days, and what
a clock does is effective on its due day, whenever the sweep comes.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.contract.cooperation import (
    AGREEMENT,
    FEASIBLE,
    GOVERNOR,
    HEAD,
    JOINT_PARTS,
    MINISTER,
    NO_BURDEN,
    OPD,
    PARTNER_HEAD,
    SECRETARIAT,
    Cooperation,
    assert_rule,
)


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
    assert_rule(cooperation.refused("arsipkan", SECRETARIAT, "kb", **filed), rule)


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
    assert_rule(cooperation.refused("tetapkan_masa", SECRETARIAT, kb_berlaku_sampai=end), rule)


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
        assert_rule(refusal, "menuju_kb.penyusunan_kb.unsur_lengkap")
    else:
        cooperation.do("sepakati_rancangan", SECRETARIAT, unsur_naskah=parts)
        assert cooperation.is_in("penandatanganan_kb.rekomendasi")


def test_joint_agreement_extended_moves_its_end(cooperation: Cooperation) -> None:
    """Both heads extend by at most five years, and the cooperation stays where it is (P22 ps 9(3))."""
    cooperation.to_joint_agreement()
    cooperation.on("2026-09-01")
    too_long = {"kb_diperpanjang_sampai": date(2036, 3, 11)}
    assert_rule(cooperation.refused("sepakati_perpanjangan", HEAD, **too_long), "perpanjangan_kb_benar")
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
    cooperation.do("terima_penawaran", HEAD, "surat_tanggapan_kita", tidak_bertentangan=True)
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
    assert_rule(cooperation.refused("mulai_pembinaan", MINISTER), "pembina_berwenang")
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
