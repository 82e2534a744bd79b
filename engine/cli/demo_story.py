"""The story of the demonstration: Kutai Kartanegara and Samarinda, from the proposal to the end.

Owns the people, the days and the acts, in the order of ``definitions/ksdd.yaml`` and, from the agreement
on, of ``definitions/pks.yaml``. Every act is one call of the embedding API, and what is told of it is read
back from history. Called by ``engine.cli.demo``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import click

from engine.calls import ADMINISTRATOR
from engine.cli.failures import reason_lines
from engine.cli.proposals import Proposal, fields_of, read_proposal, read_text
from engine.cli.session import Session
from engine.cli.showing import day, pairs, value
from engine.cli.telling import numbers_of, row, timer_lines
from engine.refused import Refused
from engine.runtime import Engine
from engine.views import Case, HistoryEntry
from workflow.case import Actor, Mandate
from workflow.definition import Definition

EXAMPLE = "examples/usulan_kukar_samarinda.yaml"
ZONE = "Asia/Makassar"

RINA = Actor("rina", roles=("opd",), party="kukar")
RINA_TWICE = Actor("rina", roles=("opd", "sekretariat_tkksd"), party="kukar")
BUDI = Actor("budi", roles=("sekretariat_tkksd",), party="kukar")
SEKDA = Actor("sekda", roles=("ketua_tkksd",), party="kukar")
BUPATI = Actor("bupati", roles=("kepala_daerah",), party="kukar")
KADIS = Actor(
    "kadishub",
    roles=("penerima_kuasa",),
    party="kukar",
    mandates=(
        Mandate(
            id="180/SK-KUASA/2026",
            role="penerima_kuasa",
            party="kukar",
            digest=sha256(b"surat kuasa khusus, a stand-in").hexdigest(),
        ),
    ),
)
WALI_KOTA = Actor("wali_kota", roles=("kepala_daerah",), party="samarinda")
DONI = Actor("doni", roles=("sekretariat_dprd",))

CRITERIA = ("sesuai_rpjmd", "sesuai_rtrw", "keterkaitan", "manfaat_biaya", "dampak_diterima")
COMMON = (
    *("komparisi", "para_pihak", "konsideran", "maksud_tujuan", "objek", "ruang_lingkup"),
    *("pelaksanaan", "jangka_waktu", "penutup"),
)
JOINT = {"unsur_naskah": [*COMMON, "surat_menyurat", "lain_lain"]}
BINDING = {
    "unsur_naskah": [
        *COMMON,
        *("hak_kewajiban", "pembiayaan", "perselisihan", "keadaan_kahar", "pengakhiran"),
    ]
}
FEASIBLE: dict[str, Any] = {**dict.fromkeys(CRITERIA, True), "hasil_telaah": "layak"}


class VirtualClock:
    """Time that stands still until the story goes on; an act takes ten minutes."""

    def __init__(self) -> None:
        self._now = datetime(2026, 2, 2, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the instant."""
        return self._now

    def go_to(self, on: date) -> None:
        """Go to nine in the morning of a day in Makassar."""
        self._now = datetime.combine(on, time(9), tzinfo=ZoneInfo(ZONE)).astimezone(UTC)

    def pass_by(self) -> None:
        """Let the time of one act pass."""
        self._now += timedelta(minutes=10)


class Narrator:
    """Tells the story on standard output.

    Args:
        is_quiet: Say nothing but headings and words of the end.
    """

    def __init__(self, session: Session, *, is_quiet: bool) -> None:
        self.session = session
        self._is_quiet = is_quiet
        self._section = 0
        self._day = ""

    def heading(self, name: str) -> None:
        """Begin what stands at the end, also when quiet."""
        session = self.session
        session.out()
        session.out(click.style(session.say(f"demo.{name}"), bold=True))

    def section(self, name: str, **params: Any) -> None:
        """Begin a section of the story: a title and what it is about."""
        self._section += 1
        title = self.session.say(f"demo.{name}")
        self.line()
        self.line(click.style(f"{self._section}. {title}", bold=True))
        self.say(f"{name}.about", **params)

    def say(self, key: str, **params: Any) -> None:
        """Say a sentence."""
        for line in self.session.say(f"demo.{key}", **params).split("\n"):
            self.line(f"   {line}")

    def line(self, text: str = "") -> None:
        """Say a line, unless quiet."""
        if not self._is_quiet:
            self.session.out(text)

    def entry(self, definition: Definition, entry: HistoryEntry, numbers: Mapping[str, str]) -> None:
        """Tell one entry of history: the day, what, who in which capacity, where to, the article."""
        _, on, what, who, to, basis = row(self.session, definition, entry, numbers)
        self._date(on)
        arrow = f" → {to}" if to else ""
        self.line(f"     {click.style(what, bold=True)}{arrow}")
        self.line("       " + " · ".join(part for part in (who, basis) if part))

    def _date(self, on: str) -> None:
        if on != self._day:
            self._day = on
            self.line(f"   {click.style(on, underline=True)}")

    def refusal(self, refused: Refused, on: date, who: str, what: str) -> None:
        """Tell a refusal with everything that it says."""
        self._date(day(self.session, on))
        title = self.session.say("demo.refused", who=who, what=what)
        self.line(f"     {click.style(title, fg='red')}")
        for line in reason_lines(self.session, refused.reasons):
            self.line(f"     {line}")


class _Acting:
    """The case in hand in an engine, and its new entries told after each act."""

    def __init__(self, engine: Engine, narrator: Narrator) -> None:
        self.engine = engine
        self.narrator = narrator
        self._id = ""
        self._told: dict[str, int] = {}
        self.proposal: Proposal = read_proposal(read_text(EXAMPLE))
        self.definition = engine.definition("ksdd")

    def take_up(self, case: Case) -> None:
        """Go on with another case, and tell what has happened to it."""
        self._id = case.id
        self.definition = self.engine.definition(case.workflow)
        self.tell()

    @property
    def case(self) -> Case:
        """The case as it stands."""
        return self.engine.case(self._id)

    def fields(self, section: str) -> dict[str, Any]:
        """Return what the proposal gives in a section."""
        return fields_of(self.proposal.parsed, self.proposal.sections[section], self.definition)

    def open(self) -> None:
        """Open the case with the proposal."""
        case = self.engine.open("ksdd", by=RINA, parties=self.proposal.parties, fields=self.fields("open"))
        self.take_up(case)

    def do(self, trigger: str, by: Actor, *documents: str, **options: Any) -> None:
        """Fire a trigger; ``given`` are its fields, the rest is named as in `Engine.fire`."""
        self.engine.fire(
            self._id,
            trigger,
            by=by,
            fields=options.pop("given", None),
            documents={name: _paper(name) for name in documents},
            **options,
        )
        self.tell()

    def tell(self) -> None:
        """Tell the entries that are new."""
        entries = self.engine.history(self._id, after=self._told.get(self._id, 0))
        numbers = numbers_of(self.engine, entries)
        for entry in entries:
            self.narrator.entry(self.definition, entry, numbers)
            self._told[self._id] = entry.seq


class Story(_Acting):
    """The cooperation that is carried to its end."""

    def __init__(self, engine: Engine, clock: VirtualClock, narrator: Narrator) -> None:
        for name in ("ksdd", "pks", "pengambilalihan"):
            engine.deploy(name, by=Actor("demo", roles=(ADMINISTRATOR,)))
        super().__init__(engine, narrator)
        self._clock = clock

    # --- what happens ------------------------------------------------------------------------------

    def on(self, text: str) -> None:
        """Go to a day."""
        self._clock.go_to(date.fromisoformat(text))

    def do(self, trigger: str, by: Actor, *documents: str, **options: Any) -> None:
        """Let an act take its time."""
        super().do(trigger, by, *documents, **options)
        self._clock.pass_by()

    def refused(self, trigger: str, by: Actor, *documents: str, **options: Any) -> None:
        """Fire a trigger that the law does not allow, and tell why."""
        try:
            super().do(trigger, by, *documents, **options)
        except Refused as refused:
            handlers = [one for state in self.definition.states.values() for one in state.handlers]
            label = next((one.title for one in handlers if one.name == trigger and one.title), None)
            what = self.narrator.session.text(label) or trigger
            self.narrator.refusal(refused, self._clock().date(), by.id, what)
            return
        raise AssertionError(f"the story has {trigger} refused, and it was not")

    def clock_of(self, name: str) -> None:
        """Tell how the due day of a clock came about."""
        for timer in self.engine.timers(self._id):
            if timer.path.endswith(f".{name}"):
                for line in timer_lines(self.narrator.session, timer):
                    self.narrator.line(f"     {line}")

    def sweep(self, text: str) -> None:
        """Go to a day and let the engine take what is due."""
        self.on(text)
        self.narrator.say("swept", day=day(self.narrator.session, self._clock().date()))
        self.engine.tick()
        self.tell()
        self._clock.pass_by()

    def overdue(self) -> None:
        """Tell what is overdue."""
        for duty in self.engine.obligations(self._id):
            if duty.status == "overdue":
                said = {"due": day(self.narrator.session, duty.due_on), "basis": ", ".join(duty.basis)}
                self.narrator.say("overdue", name=self.narrator.session.text(duty.title), **said)

    # --- the story ---------------------------------------------------------------------------------

    def run(self) -> tuple[Case, Case]:
        """Tell everything; return the cooperation and the agreement under it, both at their end."""
        self._proposal()
        self._assessment()
        self._offer()
        self._joint_agreement()
        cooperation = self.case
        agreement = self._begin_agreement()
        self._council()
        self._agreement()
        self._reports(cooperation, agreement)
        self._end(cooperation)
        return self.engine.case(cooperation.id), self.engine.case(agreement.id)

    def _proposal(self) -> None:
        self.narrator.section("proposal")
        self.on("2026-02-02")
        self.open()
        shown = ("judul", "kategori", "urusan", "nilai", "membebani")
        case, session = self.case, self.narrator.session
        rows = [
            (
                session.text(self.definition.fields[name].title),
                value(session, self.definition.fields[name], one),
            )
            for name in shown
            if (one := case.fields.get(name)) is not None
        ]
        for line in pairs(rows, "       "):
            self.narrator.line(line)
        self.do("ajukan", RINA, "kak", given=self.fields("ajukan"))

    def _assessment(self) -> None:
        self.narrator.section("assessment")
        self.on("2026-02-04")
        incomplete = {name: one for name, one in FEASIBLE.items() if name != "sesuai_rtrw"}
        self.refused("putuskan_telaah", RINA_TWICE, given=incomplete)
        self.on("2026-02-10")
        self.do("putuskan_telaah", BUDI, "notulen_telaah", given=FEASIBLE)

    def _offer(self) -> None:
        self.narrator.section("offer")
        self.do("ajukan_surat", BUDI, given={"penawaran_nomor": "100.3.7/12"})
        self.on("2026-02-12")
        self.do(
            "tandatangani_surat", BUPATI, "surat_penawaran", given={"penawaran_tanggal": date(2026, 2, 12)}
        )
        self.on("2026-02-16")
        self.do("catat_penerimaan", BUDI, given={"diterima_mitra": date(2026, 2, 13)})
        self.narrator.say("offer.silent")
        self.clock_of("batas_tanggapan")
        self.sweep("2026-03-16")
        self.narrator.say("offer.second")
        self.on("2026-03-17")
        self.do("minta_kedua", BUPATI, "surat_kedua")
        self.on("2026-03-18")
        self.do("catat_penerimaan_kedua", BUDI, given={"kedua_diterima": date(2026, 3, 18)})
        self.on("2026-03-27")
        self.do("terima_penawaran", WALI_KOTA, "surat_tanggapan")

    def _joint_agreement(self) -> None:
        self.narrator.section("joint")
        self.on("2026-03-30")
        self.do("sampaikan_rancangan", RINA, "rancangan_kb")
        self.on("2026-04-06")
        self.do("sepakati_rancangan", BUDI, given=JOINT)
        self.do("rekomendasikan", SEKDA)
        self.on("2026-04-07")
        self.do("tandatangani", BUPATI, given={"nomor": "119/KB/KUKAR/2026", "cara": "basah"})
        self.narrator.say("joint.recorded")
        self.on("2026-04-09")
        self.do(
            "tandatangani",
            BUDI,
            given={"nomor": "500/SMD/2026", "cara": "basah"},
            as_role="kepala_daerah",
            for_party="samarinda",
            effective_on=date(2026, 4, 8),
        )
        self.do("arsipkan", BUDI, "kb", given={"tanggal": date(2026, 4, 8), "jumlah_asli": 2})
        self.narrator.say("joint.too-long")
        self.refused("tetapkan_masa", BUDI, given={"kb_berlaku_sampai": date(2032, 4, 8)})
        self.do("tetapkan_masa", BUDI, given={"kb_berlaku_sampai": date(2031, 4, 8)})

    def _begin_agreement(self) -> Case:
        self.narrator.section("child")
        self.on("2026-04-13")
        agreement = {
            "pks_judul": "Pengoperasian bus koridor Tenggarong-Samarinda",
            "pks_maksud_tujuan": "Layanan terjadwal dengan satu tarif",
            "pks_objek": "Koridor Tenggarong-Samarinda",
        }
        self.do("mulai_pks", RINA, given=agreement)
        [child] = self.engine.cases(workflow="pks", limit=1).items
        self.narrator.say("child.opened", number=child.number)
        self.take_up(child)
        return child

    def _council(self) -> None:
        self.narrator.section("council")
        self.on("2026-04-14")
        self.do("sampaikan_rancangan", RINA, "rancangan_pks")
        self.do("sepakati_rancangan", BUDI, given=BINDING)
        burden = {
            "membebani": True,
            "alasan_beban": "Subsidi operasi ditanggung APBD kedua daerah",
            "dianggarkan": True,
            "tahun_anggaran": 2026,
            "bukti_anggaran": "DPA Dinas Perhubungan 2026",
        }
        self.do("nilai_beban", BUDI, given=burden)
        self.on("2026-04-15")
        letter = {"nomor_surat": "100.3.7/98", "tanggal_surat": date(2026, 4, 15)}
        self.do("kirim_ke_dprd", BUPATI, "surat_permohonan", given=letter)
        self.on("2026-04-20")
        self.do("catat_penerimaan", DONI, given={"diterima_dprd": date(2026, 4, 17)})
        self.narrator.say("council.silent")
        self.clock_of("batas_keseluruhan")
        self.sweep("2026-05-04")
        self.narrator.say("council.no-consequence")
        self.sweep("2026-06-02")
        self.narrator.say("council.deemed")

    def _agreement(self) -> None:
        self.narrator.section("agreement")
        self.on("2026-06-09")
        self.do("rekomendasikan", SEKDA)
        self.on("2026-06-10")
        self.do("tandatangani", KADIS, given={"nomor": "188/PKS/KUKAR/2026", "cara": "elektronik"})
        self.do("tandatangani", WALI_KOTA, given={"nomor": "612/SMD/2026", "cara": "elektronik"})
        self.on("2026-06-11")
        self.do("arsipkan", BUDI, "pks", given={"tanggal": date(2026, 6, 10), "jumlah_asli": 2})
        term = {"berlaku_sejak": date(2026, 6, 11), "berlaku_sampai": date(2027, 12, 10)}
        self.do("tetapkan_masa", BUDI, given=term)

    def _reports(self, cooperation: Case, agreement: Case) -> None:
        self.narrator.section("reports")
        self.sweep("2026-07-15")
        self.overdue()
        self.on("2026-07-20")
        self._report("Dua halte belum selesai", "Halte sementara dipasang")
        self.narrator.say("reports.team")
        self.take_up(cooperation)
        self.do("laporkan_semester", BUDI, "laporan_tkksd")
        self.take_up(agreement)
        for text, problem, answer in (
            ("2027-01-08", "Jalur prioritas sering terhalang", "Pengawasan bersama setiap pagi"),
            ("2027-07-09", "Penumpang akhir pekan di bawah target", "Jadwal akhir pekan disesuaikan"),
        ):
            self.narrator.say("reports.in-time")
            self.sweep(text)
            self._report(problem, answer)
            self.take_up(cooperation)
            self.do("laporkan_semester", BUDI, "laporan_tkksd")
            if text.endswith("01-08"):
                self.do("laporkan_tahunan", BUDI, "laporan_tahunan_tkksd")
            self.take_up(agreement)

    def _report(self, problem: str, answer: str) -> None:
        given = {"laporan_permasalahan": problem, "laporan_upaya": answer}
        self.do("kirim_laporan", RINA, "laporan_semester", given=given)
        self.do("teruskan_laporan", BUPATI, "pengantar_laporan")

    def _end(self, cooperation: Case) -> None:
        self.narrator.section("end")
        self.sweep("2027-12-13")
        self.on("2027-12-14")
        self.narrator.say("end.waits")
        agreement = self._id
        self.take_up(cooperation)
        self.do("akhiri", BUPATI, "bukti_berakhir", given={"sebab_berakhir": "tujuan_tercapai"})
        self.take_up(self.engine.case(agreement))
        self.on("2027-12-15")
        self.do("kirim_laporan_akhir", RINA, "laporan_akhir")
        for case_id in (agreement, cooperation.id):
            self.take_up(self.engine.case(case_id))
            case, entries = self.case, self._told[case_id]
            self.narrator.say("ended", number=case.number, outcome=case.outcome, entries=entries)


def sequel(engine: Engine, narrator: Narrator) -> Case:
    """Open a second case in the engine's own time and leave it where the reader can go on."""
    narrator.section("sequel")
    acting = _Acting(engine, narrator)
    acting.open()
    acting.do("ajukan", RINA, "kak", given=acting.fields("ajukan"))
    acting.do("putuskan_telaah", BUDI, "notulen_telaah", given=FEASIBLE)
    return acting.case


def _paper(name: str) -> bytes:
    """Return a file that stands for a document."""
    return f"%PDF-1.7\n% {name}, a stand-in of the demonstration\n%%EOF\n".encode()
