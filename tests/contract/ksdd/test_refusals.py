"""Every refusal that the shipped cooperation can give, with all its reasons."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from kerjasama import Actor, Engine, IdempotencyMismatch, Refused, StaleCase
from tests.contract.cooperation import (
    ADMIN,
    FEASIBLE,
    HEAD,
    OPD,
    PARTNER_HEAD,
    SECRETARIAT,
    Cooperation,
)
from tests.places import DEFINITIONS


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
