"""Kutai Kartanegara and Samarinda, for the scenarios: who acts, what they hand in, how far it goes.

Owns the people, the example proposal and the walk along the main line of ``definitions/ksdd.yaml``,
through the public API alone. Time is virtual; the clock is moved to nine in the morning in Makassar.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import yaml

from kerjasama import Actor, Case, Engine, Party, Refused
from tests.clocks import FakeClock
from tests.places import DEFINITIONS, ROOT

KSDD = DEFINITIONS / "ksdd.yaml"
PROPOSAL = ROOT / "examples" / "usulan_kukar_samarinda.yaml"

ADMIN = Actor("admin", roles=["administrator"])
OPD = Actor("rina", roles=["opd"], party="kukar")
SECRETARIAT = Actor("budi", roles=["sekretariat_tkksd"], party="kukar")
CHAIR = Actor("sekda", roles=["ketua_tkksd"], party="kukar")
HEAD = Actor("bupati", roles=["kepala_daerah"], party="kukar")
PLANNING = Actor("bappeda", roles=["bappeda"], party="kukar")
PARTNER_HEAD = Actor("wali", roles=["kepala_daerah"], party="samarinda")
PARTNER_OPD = Actor("sari", roles=["opd"], party="samarinda")
COUNCIL_OFFICE = Actor("doni", roles=["sekretariat_dprd"])
COUNCIL = Actor("ketua", roles=["pimpinan_dprd"])
GOVERNOR = Actor("gub", roles=["gubernur"])
MINISTER = Actor("mendagri", roles=["menteri"])

CRITERIA = ("sesuai_rpjmd", "sesuai_rtrw", "keterkaitan", "manfaat_biaya", "dampak_diterima")
FEASIBLE = dict.fromkeys(CRITERIA, True) | {"hasil_telaah": "layak"}
NO_BURDEN = {
    "membebani": False,
    "alasan_beban": "Tidak ada beban",
    "dianggarkan": True,
    "tahun_anggaran": 2026,
    "bukti_anggaran": "DPA 2026",
}
BURDEN = NO_BURDEN | {"membebani": True, "alasan_beban": "Subsidi"}


def proposal() -> dict[str, Any]:
    """Return the example proposal as plain values, dates and choices as text."""
    loaded: dict[str, Any] = yaml.load(PROPOSAL.read_text(encoding="utf-8"), yaml.SafeLoader)
    return loaded


def paper(name: str) -> bytes:
    """Return a file that stands for a document; the terms of reference must be PDF."""
    return f"%PDF-1.7 {name}".encode()


class Cooperation:
    """One case and the acts upon it, each a thin call of the public API."""

    def __init__(self, engine: Engine, clock: FakeClock) -> None:
        self.engine = engine
        self.clock = clock
        engine.deploy(KSDD, by=ADMIN)
        self.id = ""

    # Acts ------------------------------------------------------------------------------------------

    def on(self, text: str) -> None:
        """Go to nine in the morning of a day."""
        self.clock.set_local(date.fromisoformat(text))

    def open(self, by: Actor = OPD, **changes: Any) -> Case:
        """Open the case with the example proposal and these changes."""
        given = proposal()
        case = self.engine.open(
            "ksdd",
            by=by,
            fields={**given["open"], **changes},
            parties=[Party(one["id"], side=one["side"], name=one["name"]) for one in given["parties"]],
        )
        self.id = case.id
        return case

    def do(self, trigger: str, by: Actor, *documents: str, **options: Any) -> Case:
        """Fire ``trigger``; keyword arguments that `Engine.fire` does not know are fields."""
        known = ("reason", "comment", "as_role", "for_party", "effective_on", "request_id", "expect")
        named = {name: options.pop(name) for name in known if name in options}
        return self.engine.fire(
            self.id,
            trigger,
            by=by,
            fields=options,
            documents={name: paper(f"{name} {self.clock().isoformat()}") for name in documents},
            **named,
        )

    def refused(self, trigger: str, by: Actor, *documents: str, **options: Any) -> Refused:
        """Fire ``trigger``, which must be refused and leave no trace; return the refusal."""
        before = self.engine.case(self.id), len(self.engine.history(self.id))
        try:
            case = self.do(trigger, by, *documents, **options)
        except Refused as refusal:
            assert (self.engine.case(self.id), len(self.engine.history(self.id))) == before
            return refusal
        raise AssertionError(f"{trigger} was not refused: {case}")

    # What can be seen ------------------------------------------------------------------------------

    @property
    def case(self) -> Case:
        """The case as it stands."""
        return self.engine.case(self.id)

    def is_in(self, end_of_path: str) -> bool:
        """Whether an active leaf lies at or below a state whose path ends so."""
        return any(f".{end_of_path}." in f".{path}." for path in self.case.configuration)

    def due(self, name: str) -> date:
        """Return the due day of the running clock of this name."""
        [timer] = [one for one in self.engine.timers(self.id) if one.path.endswith(f".{name}")]
        return timer.due_on

    def last(self, kind: str) -> dict[str, Any]:
        """Return the body of the last history entry of a kind."""
        return dict([one for one in self.engine.history(self.id) if one.kind == kind][-1].body)

    def wait_until(self, text: str) -> None:
        """Go to a day and let the sweep run."""
        self.on(text)
        self.engine.tick()

    # The main line ---------------------------------------------------------------------------------

    def to_assessment(self, **changes: Any) -> Cooperation:
        """Open and submit the terms of reference on 2 February 2026, a Monday."""
        self.on("2026-02-02")
        self.open(**changes)
        self.do("ajukan", OPD, "kak", **proposal()["ajukan"])
        return self

    def to_offer_sent(self) -> Cooperation:
        """Assessed as feasible on 10 February, the offer is signed and sent on 12 February."""
        self.to_assessment()
        self.on("2026-02-10")
        self.do("putuskan_telaah", SECRETARIAT, "notulen_telaah", **FEASIBLE)
        self.do("ajukan_surat", SECRETARIAT, penawaran_nomor="100.3.7/12")
        self.on("2026-02-12")
        self.do("tandatangani_surat", HEAD, "surat_penawaran", penawaran_tanggal=date(2026, 2, 12))
        return self

    def to_waiting(self) -> Cooperation:
        """The partner received the offer on 13 February, which is recorded on 16 February."""
        self.to_offer_sent()
        self.on("2026-02-16")
        self.do("catat_penerimaan", SECRETARIAT, diterima_mitra=date(2026, 2, 13))
        return self

    def to_joint_signature(self) -> Cooperation:
        """The partner accepts on 2 March; the joint agreement may be signed from 9 March."""
        self.to_waiting()
        self.on("2026-03-02")
        self.do("tanggapi", PARTNER_HEAD, "surat_tanggapan", tanggapan_mitra="menerima")
        self.do("sampaikan_rancangan", OPD, "rancangan_kb")
        self.on("2026-03-09")
        self.do("sepakati_rancangan", SECRETARIAT)
        self.do("rekomendasikan", CHAIR)
        return self

    def to_agreement_drafting(self) -> Cooperation:
        """Both heads sign on 10 March; the joint agreement lasts until 10 March 2031."""
        self.to_joint_signature()
        self.on("2026-03-10")
        self.do("tandatangani", HEAD, kb_nomor="KUKAR/1", kb_cara="basah")
        self.do("tandatangani", PARTNER_HEAD, kb_nomor="SMD/9", kb_cara="basah")
        self.do("arsipkan", SECRETARIAT, "kb", **joint_term())
        return self

    def to_gate(self) -> Cooperation:
        """The draft of the agreement is agreed on 1 April."""
        self.to_agreement_drafting()
        self.on("2026-04-01")
        self.do("sampaikan_rancangan", OPD, "rancangan_pks")
        self.do("sepakati_rancangan", SECRETARIAT)
        return self

    def to_council(self) -> Cooperation:
        """The council received the letter of 6 April on 8 April, which is recorded on 10 April."""
        self.to_gate()
        self.on("2026-04-06")
        self.do("nilai_beban", SECRETARIAT, **BURDEN)
        self.send_letter("S/1")
        self.on("2026-04-10")
        self.do("catat_penerimaan", COUNCIL_OFFICE, diterima_dprd=date(2026, 4, 8))
        return self

    def send_letter(self, number: str) -> None:
        """The head of region sends the letter to the council, dated today."""
        self.do(
            "kirim_ke_dprd",
            HEAD,
            "surat_permohonan_dprd",
            dprd_surat_nomor=number,
            dprd_surat_tanggal=self.clock().date(),
        )

    def to_implementation(self) -> Cooperation:
        """Without the council; the agreement runs from 20 April 2026 until 31 December 2027."""
        self.to_gate()
        self.do("nilai_beban", SECRETARIAT, **NO_BURDEN)
        return self.sign_agreement("2026-04-20")

    def sign_agreement(self, on: str) -> Cooperation:
        """Recommended, signed by both heads and filed on one day."""
        self.on(on)
        self.do("rekomendasikan", CHAIR)
        self.do("tandatangani", HEAD, pks_nomor="KUKAR/2", pks_cara="elektronik")
        self.do("tandatangani", PARTNER_HEAD, pks_nomor="SMD/10", pks_cara="elektronik")
        self.do(
            "arsipkan",
            SECRETARIAT,
            "pks",
            pks_tanggal=date.fromisoformat(on),
            pks_jumlah_asli=2,
            berlaku_sejak=date.fromisoformat(on),
            berlaku_sampai=date(2027, 12, 31),
        )
        return self

    def report(self, by: Actor = OPD) -> Case:
        """Send a semester report."""
        return self.do(
            "kirim_laporan",
            by,
            "laporan_semester",
            laporan_permasalahan="Dua halte belum selesai",
            laporan_upaya="Halte sementara",
        )


def joint_term(**changes: Any) -> dict[str, Any]:
    """Return the fields with which the joint agreement is filed."""
    term = {
        "kb_tanggal": date(2026, 3, 10),
        "kb_berlaku_sampai": date(2031, 3, 10),
        "kb_jumlah_asli": 2,
    }
    return {**term, **changes}
