"""Kutai Kartanegara and Samarinda, for the scenarios: who acts, what they hand in, how far it goes.

Owns the people, the example proposal and the walk along the main line of ``definitions/ksdd.yaml`` and,
under its joint agreement, of ``definitions/pks.yaml``, through the public API alone. Time is virtual; the
clock is moved to nine in the morning in Makassar.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import yaml

from kerjasama import Actor, Case, Engine, Mandate, Party, Refused
from tests.clocks import FakeClock
from tests.places import DEFINITIONS, ROOT

KSDD = DEFINITIONS / "ksdd.yaml"
FAMILY = (KSDD, DEFINITIONS / "pks.yaml", DEFINITIONS / "pengambilalihan.yaml")
"""The cooperation and the children that it opens; deployed together."""
PROPOSAL = ROOT / "examples" / "usulan_kukar_samarinda.yaml"

ADMIN = Actor("admin", roles=["administrator"])
OPD = Actor("rina", roles=["opd"], party="kukar")
SECRETARIAT = Actor("budi", roles=["sekretariat_tkksd"], party="kukar")
CHAIR = Actor("sekda", roles=["ketua_tkksd"], party="kukar")
HEAD = Actor("bupati", roles=["kepala_daerah"], party="kukar")
PLANNING = Actor("bappeda", roles=["bappeda"], party="kukar")
OFFICIAL = Actor("kadishub", roles=["penerima_kuasa"], party="kukar")
POWER = Mandate(id="180/SK-BUP/2026", role="penerima_kuasa", party="kukar", digest="a" * 64)
OFFICIAL_WITH_POWER = Actor("kadishub", roles=["penerima_kuasa"], party="kukar", mandates=[POWER])
PARTNER_HEAD = Actor("wali", roles=["kepala_daerah"], party="samarinda")
PARTNER_OPD = Actor("sari", roles=["opd"], party="samarinda")
COUNCIL_OFFICE = Actor("doni", roles=["sekretariat_dprd"])
COUNCIL = Actor("ketua", roles=["pimpinan_dprd"])
PROVINCE = Actor("tkksd_kaltim", roles=["tkksd_provinsi"])
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

COMMON_PARTS = (
    *("komparisi", "para_pihak", "konsideran", "maksud_tujuan", "objek", "ruang_lingkup"),
    *("pelaksanaan", "jangka_waktu", "penutup"),
)
JOINT_PARTS = [*COMMON_PARTS, "surat_menyurat", "lain_lain"]
BINDING_PARTS = [
    *COMMON_PARTS,
    *("hak_kewajiban", "pembiayaan", "perselisihan", "keadaan_kahar", "pengakhiran"),
]
AGREEMENT = {
    "pks_judul": "Operasi bus koridor satu",
    "pks_maksud_tujuan": "Layanan terjadwal",
    "pks_objek": "Koridor Tenggarong-Samarinda",
}
PLAN = [
    {
        "urusan": "lingkungan_hidup",
        "tahun": 2026,
        "kegiatan": "Pengerukan muara",
        "jangka": "1 tahun",
        "prioritas": 1,
    },
    {"urusan": "perhubungan", "tahun": 2027, "kegiatan": "Dermaga penyeberangan", "prioritas": 2},
]


def proposal() -> dict[str, Any]:
    """Return the example proposal as plain values, dates and choices as text."""
    loaded: dict[str, Any] = yaml.load(PROPOSAL.read_text(encoding="utf-8"), yaml.SafeLoader)
    return loaded


def paper(name: str) -> bytes:
    """Return a file that stands for a document; the terms of reference must be PDF."""
    return f"%PDF-1.7 {name}".encode()


class Cooperation:
    """A cooperation, the cases under it and the acts upon them, each a thin call of the public API.

    Attributes:
        id: The case acted upon and looked at: the cooperation itself, or what was taken up under it.
        parent_id: The cooperation itself.
    """

    def __init__(self, engine: Engine, clock: FakeClock) -> None:
        self.engine = engine
        self.clock = clock
        for path in FAMILY:
            engine.deploy(path, by=ADMIN)
        self.id = self.parent_id = ""

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
        self.id = self.parent_id = case.id
        return case

    def take_up(self, case_id: str = "") -> None:
        """Go on with a case under the cooperation, or with the cooperation itself."""
        self.id = case_id or self.parent_id

    def opens(self, trigger: str, by: Actor, *documents: str, **options: Any) -> str:
        """Fire a trigger of the cooperation that opens a child; take it up and return its id."""
        self.take_up()
        before = {child.id for child in self.engine.children(self.id)}
        self.do(trigger, by, *documents, **options)
        [new] = [child.id for child in self.engine.children(self.id) if child.id not in before]
        self.take_up(new)
        return new

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
        self.assess()
        return self.send_offer("2026-02-12")

    def assess(self) -> None:
        """The team finds the proposal feasible, today."""
        self.do("putuskan_telaah", SECRETARIAT, "notulen_telaah", **FEASIBLE)

    def send_offer(self, on: str) -> Cooperation:
        """The offer is written today, signed and sent on a day."""
        self.do("ajukan_surat", SECRETARIAT, penawaran_nomor="100.3.7/12")
        self.on(on)
        self.do("tandatangani_surat", HEAD, "surat_penawaran", penawaran_tanggal=date.fromisoformat(on))
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
        self.do("terima_penawaran", PARTNER_HEAD, "surat_tanggapan")
        return self.draft_joint_agreement("2026-03-09")

    def draft_joint_agreement(self, on: str) -> Cooperation:
        """Drafted today; agreed and recommended on a day."""
        self.do("sampaikan_rancangan", OPD, "rancangan_kb")
        self.on(on)
        self.do("sepakati_rancangan", SECRETARIAT, unsur_naskah=JOINT_PARTS)
        self.do("rekomendasikan", CHAIR)
        return self

    def sign_joint_agreement(self) -> Cooperation:
        """Both heads sign today; the joint agreement is not filed yet."""
        self.do("tandatangani", HEAD, nomor="KUKAR/1", cara="basah")
        self.do("tandatangani", PARTNER_HEAD, nomor="SMD/9", cara="basah")
        return self

    def to_joint_agreement(self) -> Cooperation:
        """Both heads sign on 10 March; the joint agreement lasts until 10 March 2031."""
        self.to_joint_signature()
        self.on("2026-03-10")
        self.sign_joint_agreement()
        self.do("arsipkan", SECRETARIAT, "kb", tanggal=date(2026, 3, 10), jumlah_asli=2)
        self.do("tetapkan_masa", SECRETARIAT, kb_berlaku_sampai=date(2031, 3, 10))
        return self

    def to_agreement_drafting(self) -> Cooperation:
        """An agreement is begun on 10 March and taken up: a case of its own from here on."""
        self.to_joint_agreement()
        self.opens("mulai_pks", OPD, **AGREEMENT)
        return self

    def to_gate(self) -> Cooperation:
        """The draft of the agreement is agreed on 1 April."""
        self.to_agreement_drafting()
        self.on("2026-04-01")
        return self.draft_agreement()

    def draft_agreement(self) -> Cooperation:
        """The draft of the agreement taken up is handed in and agreed."""
        self.do("sampaikan_rancangan", OPD, "rancangan_pks")
        self.do("sepakati_rancangan", SECRETARIAT, unsur_naskah=BINDING_PARTS)
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
        today = self.clock().date()
        self.do("kirim_ke_dprd", HEAD, "surat_permohonan", nomor_surat=number, tanggal_surat=today)

    def to_implementation(self) -> Cooperation:
        """Without the council; the agreement runs from 20 April 2026 until 31 December 2027."""
        self.to_gate()
        self.do("nilai_beban", SECRETARIAT, **NO_BURDEN)
        return self.sign_agreement("2026-04-20")

    def sign_agreement(self, on: str) -> Cooperation:
        """Recommended, signed by both heads, filed and in force on one day."""
        self.on(on)
        self.do("rekomendasikan", CHAIR)
        self.do("tandatangani", HEAD, nomor="KUKAR/2", cara="elektronik")
        self.do("tandatangani", PARTNER_HEAD, nomor="SMD/10", cara="elektronik")
        return self.put_in_force(on)

    def put_in_force(self, on: str) -> Cooperation:
        """The signed agreement is filed and in force from a day until 31 December 2027."""
        signed = date.fromisoformat(on)
        self.do("arsipkan", SECRETARIAT, "pks", tanggal=signed, jumlah_asli=2)
        term = {"berlaku_sejak": signed, "berlaku_sampai": date(2027, 12, 31)}
        self.do("tetapkan_masa", SECRETARIAT, **term)
        return self

    def to_incoming_offer(self, **changes: Any) -> Cooperation:
        """The partner's letter of 29 January, received on 2 February, is recorded on 4 February."""
        self.on("2026-02-02")
        self.open(SECRETARIAT, arah="masuk", **changes)
        self.on("2026-02-04")
        letter = {"surat_mitra_nomor": "500/9", "surat_mitra_tanggal": date(2026, 1, 29)}
        received = {**letter, "diterima_kita": date(2026, 2, 2)}
        self.do("catat_surat_masuk", SECRETARIAT, "surat_mitra", "kak", **received)
        return self

    def to_obligatory_agreement(self) -> Cooperation:
        """An obligatory cooperation, offered by the partner and mapped before; one agreement is begun."""
        self.to_incoming_offer(kategori="wajib")
        self.assess()
        self.do("lampirkan_berita_acara", SECRETARIAT, "berita_acara_pemetaan")
        self.do("terima_penawaran", HEAD, "surat_tanggapan_kita", tidak_bertentangan=True)
        self.draft_joint_agreement("2026-02-10")
        self.sign_joint_agreement()
        self.do("arsipkan", SECRETARIAT, "kb", tanggal=date(2026, 2, 10), jumlah_asli=2)
        self.do("tetapkan_masa", SECRETARIAT, kb_berlaku_sampai=date(2031, 2, 10))
        self.opens("mulai_pks", OPD, **AGREEMENT)
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


def assert_rule(refusal: Refused, rule: str) -> None:
    """Assert that one rule refused, and said its article."""
    assert refusal.code == "rule-failed"
    assert [reason.rule for reason in refusal.reasons] == [rule]
    assert refusal.reasons[0].basis
