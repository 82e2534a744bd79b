"""A whole cooperation played in memory, on which history, fold and replay are tried.

Owns one case of ``tests/material/kerjasama_kecil.yaml`` that meets every kind of entry of this slice.
"""

from __future__ import annotations

from datetime import date

from tests.unit.support import Play, small
from workflow.case import Actor

OPD = Actor("rina", roles=["opd"], party="kukar")
SECRETARIAT = Actor("budi", roles=["sekretariat"], party="kukar")
HEAD = Actor("bupati", roles=["kepala_daerah"], party="kukar")
PARTNER = Actor("wali", roles=["kepala_daerah"], party="samarinda")
COUNCIL = Actor("ketua", roles=["pimpinan_dprd"])

KINDS = (
    *("case_opened", "transition_taken", "consent_given", "consent_withdrawn", "consent_voided"),
    *("clock_fired", "deadline_expired", "obligation_opened", "obligation_met", "obligation_overdue"),
    "obligation_lapsed",
)
"""Every kind of entry that this slice writes."""


def opened(play: Play | None = None) -> Play:
    """A voluntary cooperation, opened on 2 February 2026 with a contact person."""
    play = play or Play(small())
    play.facts = {"pagu_tersedia": True}
    return play.open(
        judul="Angkutan perkotaan", kategori="sukarela", urusan=["perhubungan"], nilai="1500000000",
        narahubung=["Siti Rahma"], comment="Usulan bersama", request_id="r-1",
    )  # fmt: skip


def to_council(play: Play | None = None) -> Play:
    """The draft took too long; then both regions of the council's gate are open."""
    play = opened(play)
    play.at("2026-02-20").do("ajukan", OPD, "kak", latar_belakang="Macet", manfaat="Lancar", comment="ini")
    play.at("2026-02-23").do("putuskan", SECRETARIAT, hasil="perbaikan")
    play.do("ajukan", OPD, "kak@2", latar_belakang="Macet sekali", manfaat="Lancar")
    play.at("2026-02-25").do("putuskan", SECRETARIAT, hasil="layak")
    return play


def to_signature(play: Play | None = None) -> Play:
    """The council stays silent for 45 days from 2 March; the draft is agreed meanwhile."""
    play = to_council(play)
    play.at("2026-03-04").do("kirim_surat", SECRETARIAT, diterima_dprd=date(2026, 3, 2))
    play.do("sepakati_rancangan", OPD, "rancangan_kb")
    play.at("2026-04-20").tick()
    return play


def to_implementation(play: Play | None = None) -> Play:
    """Signed at the third attempt: withdrawn once, and once refused."""
    play = to_signature(play)
    play.do("tandatangani", HEAD, nomor_kb="K/1").do("tarik_tanda_tangan", HEAD)
    play.do("tandatangani", HEAD, nomor_kb="K/1").do("tolak_tanda_tangan", PARTNER)
    play.do("ajukan", OPD, "kak@3", latar_belakang="Macet", manfaat="Lancar", effective_on=date(2026, 4, 20))
    play.at("2026-04-21").do("putuskan", SECRETARIAT, hasil="layak")
    play.do("kirim_surat", SECRETARIAT, diterima_dprd=date(2026, 4, 21))
    play.do("beri_pandangan", SECRETARIAT, pandangan="setuju", as_role="pimpinan_dprd")
    play.do("putuskan_dprd", COUNCIL, putusan="setuju")
    play.do("sepakati_rancangan", OPD, "rancangan_kb@2")
    play.at("2026-05-04").do("tandatangani", HEAD, nomor_kb="K/2")
    play.do("tandatangani", SECRETARIAT, "kb", nomor_kb="S/2", as_role="kepala_daerah", for_party="samarinda")
    play.at("2026-05-05")
    play.do("arsipkan", SECRETARIAT, jumlah_asli=2, berlaku_sejak="2026-05-04", berlaku_sampai="2027-07-05")
    return play


def ended(play: Play | None = None) -> Play:
    """One report too late, one never: the term ends the case by the clock."""
    play = to_implementation(play)
    play.at("2026-07-20").do("kirim_laporan", OPD, "laporan")
    play.tick("2028-01-01")
    return play


def cancelled(play: Play | None = None) -> Play:
    """Cancelled while one head had signed."""
    play = to_signature(play)
    play.do("tandatangani", HEAD, nomor_kb="K/1")
    return play.do("batalkan", HEAD, reason="Kebijakan berubah")
