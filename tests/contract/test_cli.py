"""Every command on a database, on SQLite and PostgreSQL: what it does, says, and leaves with."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from tests.cli import Ran, run
from tests.clocks import FakeClock
from tests.families import MATERIAL as FAMILY
from tests.places import DEFINITIONS, ROOT

PROPOSAL = "examples/usulan_kukar_samarinda.yaml"
RINA = ("--as", "rina", "--role", "opd", "--party", "kukar")
BUDI = ("--as", "budi", "--role", "sekretariat_tkksd", "--party", "kukar")
BUPATI = ("--as", "bupati", "--role", "kepala_daerah", "--party", "kukar")
CRITERIA = ("sesuai_rpjmd", "sesuai_rtrw", "keterkaitan", "manfaat_biaya", "dampak_diterima")
CASE = "ksdd/2026/1"
SHIPPED = ("ksdd", "pks", "pengambilalihan")


class Kerjasama:
    """The command line on one database at one moment."""

    def __init__(self, url: str, clock: FakeClock) -> None:
        self.url = url
        self.clock = clock

    def __call__(self, *words: str) -> Ran:
        """Run a command on the database."""
        return run(*words, "--db", self.url, clock=self.clock)

    def ok(self, *words: str) -> Ran:
        """Run a command that must be done."""
        ran = self(*words)
        assert ran.status == 0, ran.both
        return ran

    def data(self, *words: str) -> Any:
        """Run a command that must be done and return its data."""
        return json.loads(self.ok(*words, "--json").out)

    def opened(self) -> Kerjasama:
        """Deploy the process and open a case from the example."""
        self.ok("deploy", *SHIPPED, "--as", "admin")
        self.ok("open", "--file", PROPOSAL)
        return self

    def assessed(self) -> Kerjasama:
        """Submit the terms of reference, so that the assessment waits."""
        self.opened()
        self.ok("do", CASE, "ajukan", *RINA, "--fields-file", PROPOSAL, "--attach", "kak=kak.pdf")
        return self


@pytest.fixture
def kerjasama(store_url: str, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kerjasama:
    """The command line in an empty folder with two documents, in English."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in [name for name in os.environ if name.startswith(("KERJASAMA_", "LC_", "LANG"))]:
        monkeypatch.delenv(name)
    Path("kak.pdf").write_bytes(b"%PDF-1.7 kak")
    Path("notulen.txt").write_text("notulen", encoding="utf-8")
    return Kerjasama(store_url, clock)


# --- schema, deploying -------------------------------------------------------------------------------


def test_db_upgrade_makes_the_schema_once(kerjasama: Kerjasama) -> None:
    """The first upgrade runs every revision, the second none."""
    first = kerjasama.data("db", "upgrade")
    assert (first["from"], first["ran"][-1]) == ("none", first["to"])
    assert kerjasama.data("db", "upgrade")["ran"] == []


def test_deploy_is_idempotent_and_brings_the_calendar(kerjasama: Kerjasama) -> None:
    """Deploying the same again changes nothing; the calendar comes along."""
    first = kerjasama.data("deploy", "ksdd", "--as", "admin")
    assert (first["is_new"], first["calendars"]) == (True, {"indonesia": 4})
    assert kerjasama.data("deploy", str(DEFINITIONS / "ksdd.yaml"), "--as", "admin")["is_new"] is False
    kinds = [(one["kind"], one["name"]) for one in kerjasama.data("definitions")["definitions"]]
    assert kinds == [("definition", "ksdd"), ("calendar", "indonesia")]


def test_deploy_takes_several_and_leaves_scenarios_out(kerjasama: Kerjasama) -> None:
    """What the shell makes of ``definitions/*.yaml`` is deployed in one call, the scenarios among it not."""
    files = sorted(map(str, DEFINITIONS.glob("*.yaml")))
    scenarios = [file for file in files if file.endswith(".scenarios.yaml")]
    assert scenarios
    ran = kerjasama.ok("deploy", *files, "--as", "admin")
    for name in SHIPPED:
        assert f"Deployed {name}, version 1" in ran.out
    assert f"{scenarios[0]} holds scenarios and is left out" in ran.err
    assert "not deployed yet" not in ran.err
    assert [one["name"] for one in kerjasama.data("definitions")["definitions"]] == [
        *("ksdd", "pengambilalihan", "pks"),
        "indonesia",
    ]
    alone = kerjasama("deploy", scenarios[0], "--as", "admin")
    assert (alone.status, "kerjasama test" in alone.err) == (2, True)


def test_deploy_parent_says_which_children_are_still_to_be_deployed(kerjasama: Kerjasama) -> None:
    """A process whose children are not deployed is deployed, and said to need them, with the command."""
    ran = kerjasama.ok("deploy", "ksdd", "--as", "admin")
    assert "kerjasama deploy pks pengambilalihan --as ID" in ran.err
    asked = kerjasama.data("deploy", "ksdd", "pks", "--as", "admin")
    assert [one["name"] for one in asked["deployed"]] == ["ksdd", "pks"]
    assert asked.items() >= asked["deployed"][0].items(), "what is said of one is said as before"
    assert asked["missing"] == ["pengambilalihan"]
    assert kerjasama.data("deploy", "pengambilalihan", "ksdd", "--as", "admin")["missing"] == []


def test_deploy_several_with_a_broken_one_deploys_none(kerjasama: Kerjasama) -> None:
    """All that is named is deployed or nothing of it, whatever is wrong with one."""
    Path("salah.yaml").write_text("format: 1\nworkflow: x\nversion: satu\n", encoding="utf-8")
    assert kerjasama("deploy", "ksdd", "salah.yaml", "--as", "admin").status == 3
    assert kerjasama.data("definitions") == {"definitions": []}


def test_deploy_parameter_with_several_is_an_error_of_usage(kerjasama: Kerjasama) -> None:
    """A parameter belongs to one definition, and nothing is deployed where it is not said to which."""
    ran = kerjasama("deploy", "ksdd", "pks", "--as", "admin", "--parameter", "tenggat_laporan=7 days")
    assert (ran.status, "by itself" in ran.err) == (2, True)
    kerjasama.ok("deploy", "pks", "--as", "admin", "--parameter", "tenggat_laporan=7 days")
    assert [one["name"] for one in kerjasama.data("definitions")["definitions"]] == ["pks", "indonesia"]


def test_child_that_is_not_deployed_is_said_where_it_would_be_opened(kerjasama: Kerjasama) -> None:
    """A step that opens a case of what is not deployed changes nothing, and says what would help."""
    kerjasama.ok("deploy", str(DEFINITIONS / "calendars" / "indonesia.yaml"), "--as", "admin")
    kerjasama.ok("deploy", str(FAMILY / "kb.yaml"), "--as", "admin")
    open_kb(kerjasama)
    before = kerjasama.data("history", "kb/2026/1")
    ran = kerjasama("do", "kb/2026/1", "mulai_pks", *RINA)
    assert ran.status == 5
    assert "opens a case of pks, which is not deployed" in ran.err
    assert "kerjasama deploy pks" in ran.err
    assert "yang belum digelar" in kerjasama("do", "kb/2026/1", "mulai_pks", *RINA, "--lang", "id").err
    assert kerjasama.data("history", "kb/2026/1") == before
    kerjasama.ok("deploy", str(FAMILY / "pks.yaml"), "--as", "admin")
    kerjasama.ok("do", "kb/2026/1", "mulai_pks", *RINA)


def open_kb(kerjasama: Kerjasama) -> None:
    """Open a case of the small family, its joint agreement handed in."""
    sides = "parties: [{id: kukar, side: pemrakarsa}, {id: samarinda, side: mitra}]"
    fields = "open: {judul: Angkutan, pagu: 1000}"
    who = "who: {id: rina, roles: [opd], party: kukar}"
    Path("kb.usulan.yaml").write_text("\n".join(["usulan: kb", who, sides, fields]), encoding="utf-8")
    kerjasama.ok("open", "--file", "kb.usulan.yaml")
    Path("kb.pdf").write_bytes(b"%PDF")
    kerjasama.ok("do", "kb/2026/1", "unggah", *RINA, "--attach", "kb=kb.pdf")


def test_deploy_broken_file_shows_every_problem(kerjasama: Kerjasama) -> None:
    """A file with errors leaves with status 3, its findings as words and as data, and nothing deployed."""
    Path("salah.yaml").write_text("format: 1\nworkflow: x\nversion: satu\n", encoding="utf-8")
    ran = kerjasama("deploy", "salah.yaml", "--as", "admin", "--json")
    assert ran.status == 3
    assert "salah.yaml:3:10" in ran.err
    error = json.loads(ran.out)["error"]
    assert error["code"] == "definition-rejected"
    assert {"wrong-value", "missing-key"} <= {one["code"] for one in error["diagnostics"]}
    assert kerjasama.data("definitions") == {"definitions": []}


def test_deploy_other_content_of_the_same_version_is_a_conflict(kerjasama: Kerjasama) -> None:
    """A version is what it was: other content under the same number leaves with status 6."""
    source = (ROOT / "examples" / "surat.yaml").read_text(encoding="utf-8")
    Path("surat.yaml").write_text(source, encoding="utf-8")
    kerjasama.ok("deploy", "surat.yaml", "--as", "admin")
    Path("surat.yaml").write_text(source.replace("5 working days", "6 working days"), encoding="utf-8")
    assert kerjasama("deploy", "surat.yaml", "--as", "admin").status == 6


def test_deploy_new_calendar_says_how_many_clocks_it_would_move(kerjasama: Kerjasama) -> None:
    """A new version of a calendar applies to cases opened later, and the answer counts open clocks."""
    kerjasama.assessed()
    text = (DEFINITIONS / "calendars" / "indonesia.yaml").read_text(encoding="utf-8")
    text = text.replace("version: 4", "version: 5").replace(
        "2026-01-16:", "2026-01-15: Hari lain\n      2026-01-16:"
    )
    Path("indonesia.yaml").write_text(text, encoding="utf-8")
    deployed = kerjasama.data("deploy", "indonesia.yaml", "--as", "admin")
    assert (deployed["kind"], deployed["open_clocks"], deployed["moved_clocks"]) == ("calendar", 1, 1)


# --- opening and acting ------------------------------------------------------------------------------


def test_open_from_a_proposal(kerjasama: Kerjasama) -> None:
    """A proposal brings who, parties and fields; options replace what it says."""
    kerjasama.ok("deploy", "ksdd", "--as", "admin")
    case = kerjasama.data("open", "--file", PROPOSAL)
    assert (case["number"], case["fields"]["kategori"]) == (CASE, "sukarela")
    other = kerjasama.data("open", "--file", PROPOSAL, *BUDI, "--field", "kategori=wajib")
    assert other["fields"]["kategori"] == "wajib"
    history = kerjasama.data("history", other["number"])
    assert history["entries"][0]["entry"]["actor"]["id"] == "budi"


def test_open_parties_are_given_by_words_too(kerjasama: Kerjasama) -> None:
    """Without a proposal file parties come with --with, in their order; a file's are added to or replaced."""
    kerjasama.ok("deploy", "ksdd", "--as", "admin")
    words = ("--with", "samarinda=mitra:Kota Baru", "--with", "bontang=mitra")
    case = kerjasama.data("open", "--file", PROPOSAL, *words)
    assert [(one["id"], one["side"]) for one in case["parties"]] == [
        ("kukar", "pemrakarsa"),
        ("samarinda", "mitra"),
        ("bontang", "mitra"),
    ]
    assert re.search(r"samarinda +Kota Baru \(", kerjasama.ok("case", case["number"]).out)
    ran = kerjasama("open", "ksdd", *RINA, "--with", "kukar=pemrakarsa", "--with", "samarinda=mitra")
    assert ran.status == 4
    assert "kukar" not in ran.err, "the parties are as they must be; only fields are lacking"


def test_open_slip_with_parties_says_how_they_are_written(kerjasama: Kerjasama) -> None:
    """A party without a side, and --party for --with, are errors of usage with the way to write them."""
    kerjasama.ok("deploy", "ksdd", "--as", "admin")
    ran = kerjasama("open", "ksdd", *RINA, "--with", "kukar")
    assert (ran.status, "PARTY=SIDE" in ran.err) == (2, True)
    ran = kerjasama("open", "ksdd", "--as", "rina", "--party", "kukar=pemrakarsa")
    assert (ran.status, "--with kukar=pemrakarsa" in ran.err) == (2, True)


def test_open_proposal_of_another_workflow_is_an_error_of_usage(kerjasama: Kerjasama) -> None:
    """What is asked for and what the file says must be the same."""
    kerjasama.ok("deploy", "ksdd", "--as", "admin")
    ran = kerjasama("open", "pks", "--file", PROPOSAL)
    assert ran.status == 2
    assert "pks" in ran.err


def test_open_field_of_another_form_is_told_with_its_place(kerjasama: Kerjasama) -> None:
    """A value that cannot be is shown in the file, and nothing is opened."""
    kerjasama.ok("deploy", "ksdd", "--as", "admin")
    text = (DEFINITIONS / PROPOSAL).read_text(encoding="utf-8")
    Path("usulan.yaml").write_text(text.replace("berbatasan: true", "berbatasan: ya"), encoding="utf-8")
    ran = kerjasama("open", "--file", "usulan.yaml")
    assert ran.status == 3
    line = 1 + text.splitlines().index("  berbatasan: true")
    assert f"usulan.yaml:{line}:15" in ran.err
    assert kerjasama.data("cases")["cases"] == []


def test_do_takes_the_step_and_says_where_the_case_stands(kerjasama: Kerjasama) -> None:
    """An act is said with the new state and what is due, or given as data."""
    kerjasama.opened()
    ran = kerjasama.ok("do", CASE, "ajukan", *RINA, "--fields-file", PROPOSAL, "-a", "kak=kak.pdf")
    assert "menuju_kb.telaah" in ran.out
    assert "Tuesday 20 January 2026: Target of the assessment" in ran.out
    fields = [word for name in CRITERIA for word in ("--field", f"{name}=true")]
    case = kerjasama.data(
        *("do", CASE, "putuskan_telaah", *BUDI, *fields, "-f", "hasil_telaah=layak"),
        *("-a", "notulen_telaah=notulen.txt", "--comment", "lengkap", "--expect", "2"),
    )
    assert case["state"] == "menuju_kb.penawaran.disiapkan"
    assert case["documents"]["menuju_kb.telaah.notulen_telaah"]
    assert case["fields"]["menuju_kb.telaah.hasil_telaah"] == "layak"
    entry = kerjasama.data("history", CASE)["entries"][-1]
    assert entry["personal"]["@comment"] == "lengkap"


def test_do_by_id_as_by_number(kerjasama: Kerjasama) -> None:
    """A case is known by its id and by its number."""
    kerjasama.opened()
    case = kerjasama.data("case", CASE)
    assert kerjasama.data("case", case["id"]) == case


def test_do_refused_says_every_reason_and_writes_nothing(kerjasama: Kerjasama) -> None:
    """A refusal leaves with status 4, with all reasons as words and as data."""
    kerjasama.assessed()
    before = kerjasama.data("history", CASE)
    words = ("do", CASE, "putuskan_telaah", "--as", "rina", "--role", "sekretariat_tkksd", "--party", "kukar")
    ran = kerjasama(*words, "--field", "hasil_telaah=mungkin", "--json")
    assert ran.status == 4
    error = json.loads(ran.out)["error"]
    codes = {one["code"] for one in error["reasons"]}
    assert codes == {"same-person", "missing-field", "invalid-field", "missing-document"}
    assert (error["exit_status"], error["code"]) == (4, "same-person")
    assert all(code in ran.err for code in codes)
    assert "P22 ps 49" in ran.err
    assert kerjasama.data("history", CASE) == before
    assert "Ditolak" in kerjasama(*words, "--lang", "id").err


def test_do_what_is_not_here_offers_only_what_people_may_ask_for(kerjasama: Kerjasama) -> None:
    """What the end of a child takes by itself is nothing that anybody can ask for."""
    kerjasama.opened()
    ran = kerjasama("do", CASE, "putuskan_telaah", *BUDI)
    assert (ran.status, "Possible here: ajukan, batalkan, mulai_pembinaan." in ran.err) == (4, True)


def test_do_stale_revision_and_reused_request_leave_with_six(kerjasama: Kerjasama) -> None:
    """`--expect` and `--request-id` protect against what another did, and say so."""
    kerjasama.opened()
    cancel = ("do", CASE, "batalkan", *BUPATI, "--reason")
    assert kerjasama(*cancel, "x", "--expect", "7").status == 6
    kerjasama.ok(*cancel, "x", "--request-id", "r-1")
    again = kerjasama.data(*cancel, "x", "--request-id", "r-1")
    assert again["outcome"] == "dibatalkan"
    assert kerjasama(*cancel, "y", "--request-id", "r-1").status == 6


def test_do_records_for_another(kerjasama: Kerjasama) -> None:
    """An act recorded for a partner keeps decider and recorder apart, on the day that it happened."""
    kerjasama.assessed()
    fields = [word for name in CRITERIA for word in ("--field", f"{name}=true")]
    to_waiting = [
        ("putuskan_telaah", *BUDI, *fields, "-f", "hasil_telaah=layak", "-a", "notulen_telaah=notulen.txt"),
        ("ajukan_surat", *BUDI, "-f", "penawaran_nomor=1"),
        (
            "tandatangani_surat",
            *BUPATI,
            "-f",
            "penawaran_tanggal=2026-01-05",
            "-a",
            "surat_penawaran=kak.pdf",
        ),
        ("catat_penerimaan", *BUDI, "-f", "diterima_mitra=2026-01-05"),
    ]
    for words in to_waiting:
        kerjasama.ok("do", CASE, *words)
    kerjasama.clock.advance(days=4)
    answer = ("terima_penawaran", *BUDI, "-a", "surat_tanggapan=kak.pdf")
    assert kerjasama("do", CASE, *answer).status == 4
    recorded = ("--as-role", "kepala_daerah", "--for-party", "samarinda", "--on", "2026-01-08")
    kerjasama.ok("do", CASE, *answer, *recorded)
    entry = kerjasama.data("history", CASE)["entries"][-1]["entry"]
    assert (entry["actor"]["party"], entry["effective_on"]) == ("samarinda", "2026-01-08")
    shown = kerjasama.ok("history", CASE).out
    assert "samarinda, recorded by budi" in shown
    assert "recorded Friday 9 January 2026" in shown


# --- asking and reading ------------------------------------------------------------------------------


def test_why_says_the_reasons_and_writes_nothing(kerjasama: Kerjasama) -> None:
    """An explanation has every reason, what would help, and what the act is given with."""
    kerjasama.assessed()
    before = kerjasama.data("history", CASE)
    ran = kerjasama.ok("why", CASE, "batalkan", *BUDI)
    assert "wrong-role" in ran.out
    assert "pemrakarsa.kepala_daerah" in ran.out
    assert "missing-reason" in ran.out
    asked = kerjasama.data("why", CASE, "batalkan", *BUPATI, "--reason", "x")
    assert asked == {"trigger": "batalkan", "is_allowed": True, "reasons": [], "unknown": []}
    assert kerjasama.data("history", CASE) == before


def test_why_without_a_trigger_shows_what_could_be_asked(kerjasama: Kerjasama) -> None:
    """Everything that could be asked for here is shown, allowed or not."""
    kerjasama.assessed()
    offered = {one["trigger"]: one for one in kerjasama.data("why", CASE, *BUDI)["triggers"]}
    assert offered["menuju_kb.telaah.dinilai.putuskan_telaah"]["is_allowed"]
    assert not offered["menuju_kb.batalkan"]["is_allowed"]
    shown = kerjasama.ok("why", CASE, *BUDI).out
    assert re.search(r"^yes +putuskan_telaah: Decide the assessment$", shown, re.MULTILINE)
    assert re.search(r"^no +batalkan", shown, re.MULTILINE)


def test_case_as_of_shows_what_was_known(kerjasama: Kerjasama) -> None:
    """A past instant shows the case as it was known then; before its opening it was not there."""
    kerjasama.opened()
    kerjasama.clock.advance(days=3)
    kerjasama.ok("do", CASE, "ajukan", *RINA, "--fields-file", PROPOSAL, "-a", "kak=kak.pdf")
    assert kerjasama.data("case", CASE)["revision"] == 2
    assert kerjasama.data("case", CASE, "--as-of", "2026-01-06")["revision"] == 1
    assert kerjasama.data("case", CASE, "--as-of", "2026-01-08T09:00+08:00")["revision"] == 2
    ran = kerjasama("case", CASE, "--as-of", "2026-01-04")
    assert ran.status == 5
    assert "was not there yet" in ran.err
    assert kerjasama("case", CASE, "--as-of", "kemarin").status == 2


def test_case_shows_titles_zone_and_values(kerjasama: Kerjasama) -> None:
    """People see titles in their language, the zone by name, and money as they write it."""
    kerjasama.assessed()
    shown = kerjasama.ok("case", CASE, "--lang", "id").out
    assert "09:00 WITA" in shown
    assert "IDR 7.850.000.000" in shown
    assert "Menuju Kesepakatan Bersama › Telaah TKKSD" in shown
    assert "Kerangka Acuan Kerja" in shown


def test_case_shows_its_parent_and_its_children(kerjasama: Kerjasama) -> None:
    """A case names the one that opened it, and those that it opened with where they stand."""
    kerjasama.ok("deploy", str(DEFINITIONS / "calendars" / "indonesia.yaml"), "--as", "admin")
    for name in ("kb", "pks"):
        kerjasama.ok("deploy", str(FAMILY / f"{name}.yaml"), "--as", "admin")
    open_kb(kerjasama)
    kerjasama.ok("do", "kb/2026/1", "mulai_pks", *RINA)
    kerjasama.ok("do", "kb/2026/1", "mulai_pks", *RINA)
    kerjasama.ok("do", "pks/2026/1", "batalkan", "--as", "b", "--role", "kepala", "--party", "kukar")
    shown = kerjasama.ok("case", "kb/2026/1", "--lang", "en").out
    assert "pks/2026/1  Outcome: dibatalkan" in shown
    assert "pks/2026/2  penyusunan" in shown
    told = kerjasama.ok("history", "kb/2026/1", "--lang", "en").out
    assert "Child case opened: pks/2026/1\n" in told
    assert "Child case opened: pks/2026/2\n" in told
    assert "Child case ended: pks/2026/1 (dibatalkan)\n      a child case" in told
    assert re.search(r"Parent case +kb/2026/1", kerjasama.ok("case", "pks/2026/2", "--lang", "en").out)
    parent = kerjasama.data("case", "kb/2026/1")
    assert kerjasama.data("case", "pks/2026/2")["parent"] == parent["id"]
    assert parent["parent"] is None


def test_cases_are_found_by_state_field_and_lateness(kerjasama: Kerjasama) -> None:
    """Each filter leaves what fits it, and pages follow one another."""
    kerjasama.assessed()
    kerjasama.clock.advance(seconds=1)
    kerjasama.ok("open", "--file", PROPOSAL, "--field", "judul=Lain", "--field", "nilai=500000")

    def numbers(*words: str) -> list[str]:
        return [one["number"] for one in kerjasama.data("cases", *words)["cases"]]

    assert numbers() == ["ksdd/2026/1", "ksdd/2026/2"]
    assert numbers("--state", "menuju_kb.telaah") == ["ksdd/2026/1"]
    assert numbers("--where", "judul=Lain") == ["ksdd/2026/2"]
    assert numbers("--where", "nilai=500000.00") == ["ksdd/2026/2"]
    assert numbers("--where", "urusan=perhubungan", "--where", "membebani=true") == numbers()
    assert numbers("--overdue") == []
    assert numbers("--closed") == []
    page = kerjasama.data("cases", "--limit", "1")
    assert [one["number"] for one in page["cases"]] == ["ksdd/2026/1"]
    assert numbers("--after", page["next"]) == ["ksdd/2026/2"]
    assert "--after" in kerjasama.ok("cases", "--limit", "1").err
    kerjasama.clock.advance(days=30)
    kerjasama.ok("tick")
    assert numbers("--overdue") == ["ksdd/2026/1"]
    assert "1 overdue" in kerjasama.ok("cases", "--overdue").out


def test_timers_show_the_derivation(kerjasama: Kerjasama) -> None:
    """A due day is shown with every day that was counted or passed over, in either language."""
    kerjasama.assessed()
    [timer] = kerjasama.data("timers", CASE)["timers"]
    assert timer["due_on"] == "2026-01-20"
    assert timer["record"]["within"] == [10, "working_days"]
    shown = kerjasama.ok("timers", CASE, "--lang", "id").out
    assert all(line in shown for line in timer["explanation"]["id"])
    assert "Isra Mikraj" in shown


def test_tick_takes_what_is_due_now(kerjasama: Kerjasama) -> None:
    """A sweep takes due clocks once; it is given no time."""
    kerjasama.assessed()
    assert kerjasama.data("tick")["entries"] == 0
    kerjasama.clock.advance(days=30)
    assert kerjasama.data("tick")["entries"] == 1
    assert kerjasama.data("tick")["entries"] == 0
    assert kerjasama("tick", "--at", "2027-01-01").status == 2


def test_tick_failed_clock_is_counted_without_a_traceback(kerjasama: Kerjasama) -> None:
    """A case that cannot be read is counted and hinted at; `verify` says what is wrong with it."""
    kerjasama.assessed()
    database = create_engine(kerjasama.url)
    with database.begin() as connection:
        connection.execute(text("UPDATE wf_case SET snapshot = '{}'"))
    database.dispose()
    kerjasama.clock.advance(days=30)
    ran = kerjasama("tick")
    assert ran.status == 1
    assert "1 failed" in ran.out
    assert "verify" in ran.err
    assert "Traceback" not in ran.err
    found = kerjasama("verify")
    assert found.status == 1
    assert "case-changed" in found.out


def test_verify_one_case_and_all(kerjasama: Kerjasama) -> None:
    """A whole history is verified by case and altogether."""
    kerjasama.assessed()
    assert kerjasama.data("verify")["is_clean"] is True
    assert kerjasama.data("verify", CASE)["entries"] == 2
    assert "nothing speaks against them" in kerjasama.ok("verify").out
    assert kerjasama("verify", "ksdd/2026/9").status == 5


def test_doctor_finds_a_sound_installation(kerjasama: Kerjasama) -> None:
    """On a database that is up to date nothing fails."""
    kerjasama.opened()
    seen = kerjasama.data("doctor")
    assert seen["is_sound"] is True
    by_name = {one["name"]: one for one in seen["lines"]}
    assert {"python", "SQLAlchemy", "tz", "definitions", "database", "schema", "triggers", "clock"} <= set(
        by_name
    )
    assert by_name["deployed"]["found"] == "ksdd 1, pengambilalihan 1, pks 1"


# --- what is not there -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ("case", "ksdd/2026/9"),
        ("history", "nowhere"),
        ("timers", "nowhere"),
        ("why", "ksdd/2026/9", "x", *BUDI),
    ],
)
def test_case_that_is_not_there_leaves_with_five(kerjasama: Kerjasama, words: tuple[str, ...]) -> None:
    """A case that nobody knows is said to be missing."""
    kerjasama.ok("db", "upgrade")
    ran = kerjasama(*words)
    assert ran.status == 5
    assert words[1] in ran.err


def test_act_of_nobody_is_an_error_of_usage(kerjasama: Kerjasama) -> None:
    """An act needs somebody who acts."""
    kerjasama.opened()
    assert kerjasama("do", CASE, "batalkan").status == 2
    assert kerjasama("deploy", "ksdd").status == 2


def test_tenants_do_not_see_each_other(kerjasama: Kerjasama) -> None:
    """A tenant's cases are his own."""
    kerjasama.opened()
    assert kerjasama.data("cases", "--tenant", "lain")["cases"] == []
    assert kerjasama("case", CASE, "--tenant", "lain").status == 5


def test_old_schema_leaves_with_eight(kerjasama: Kerjasama, tmp_path: Path) -> None:
    """A database without our schema is not changed by reading it."""
    if kerjasama.url.startswith("sqlite"):
        (tmp_path / "kerjasama.db").touch()
    ran = kerjasama("cases")
    assert ran.status == 8
    assert "db upgrade" in ran.err
    assert kerjasama("do", CASE, "x", *BUDI).status == 8


# --- settings ----------------------------------------------------------------------------------------


def test_reading_makes_no_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking a database that is not there leaves no empty one behind."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KERJASAMA_DB", raising=False)
    for words in (("cases",), ("verify",), ("tick",), ("do", "1", "x", *BUDI), ("doctor",)):
        assert run(*words).status == (0 if words == ("doctor",) else 5)
    assert list(tmp_path.iterdir()) == []


def test_settings_option_before_environment_before_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--db` and `--tenant` come before their variables; a plain path is a SQLite file."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KERJASAMA_DB", "sqlite:///from-environment.db")
    monkeypatch.setenv("KERJASAMA_TENANT", "kukar")
    assert run("db", "upgrade").status == 0
    assert run("--db", "before.db", "db", "upgrade").status == 0
    assert run("db", "upgrade", "--db", "after.db").status == 0
    assert {path.name for path in tmp_path.glob("*.db")} == {"from-environment.db", "before.db", "after.db"}
    assert run("deploy", "ksdd", "--as", "a").status == 0
    assert json.loads(run("definitions", "--json", "--tenant", "lain").out) == {"definitions": []}
    assert json.loads(run("definitions", "--json").out)["definitions"]


@pytest.mark.parametrize(
    ("url", "status"),
    [("mysql://x/y", 2), ("://", 2), ("sqlite:///no/folder/x.db", 5), ("postgresql://127.0.0.1:1/x", 7)],
)
def test_database_that_cannot_be_is_said(url: str, status: int) -> None:
    """A database that is not supported, not there or not reachable is no defect."""
    ran = run("cases", "--db", url)
    assert ran.status == status
    assert "defect" not in ran.err


def test_database_that_is_none_is_left_alone(tmp_path: Path) -> None:
    """A file that is no database is said to be none and stays as it is."""
    file = tmp_path / "catatan.txt"
    file.write_text("bukan basis data", encoding="utf-8")
    assert run("cases", "--db", str(file)).status == 8
    assert file.read_text(encoding="utf-8") == "bukan basis data"


# --- shapes ------------------------------------------------------------------------------------------


def _documented() -> dict[str, set[str]]:
    """Return the outer keys of every shape in the page's table, by what it is of."""
    page = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    table = page.partition("## JSON")[2]
    shapes = {}
    for command, shape in re.findall(r"^\| (.+?) \| .*?`(\{.+?\})`", table, re.MULTILINE):
        inner = shape[1:-1]
        while (outer := re.sub(r"\{[^{}]*\}|\[[^\[\]]*\]", "", inner)) != inner:
            inner = outer
        names = {one.partition(":")[0].strip() for one in inner.split(",")}
        shapes[command.replace("`", "")] = {name for name in names if name}
    return shapes


def test_json_shapes_are_those_of_the_page(kerjasama: Kerjasama) -> None:
    """Every command's data has the keys that the page promises, no more and no less."""
    shapes = _documented()
    upgraded = kerjasama.data("db", "upgrade")
    deployed = kerjasama.data("deploy", "ksdd", "--as", "admin")
    opened = kerjasama.data("open", "--file", PROPOSAL)
    found = {
        "db upgrade": upgraded,
        "deploy": deployed,
        "definitions": kerjasama.data("definitions"),
        "open, do, case": opened,
        "cases": kerjasama.data("cases"),
        "why with a trigger": kerjasama.data("why", CASE, "batalkan", *BUDI),
        "why without": kerjasama.data("why", CASE, *BUDI),
        "history": kerjasama.data("history", CASE),
        "timers": kerjasama.data("timers", CASE),
        "verify": kerjasama.data("verify"),
        "tick": kerjasama.data("tick"),
        "doctor": kerjasama.data("doctor"),
    }
    found["a reason"] = found["why with a trigger"]["reasons"][0]
    Path("salah.yaml").write_text("format: 2\n", encoding="utf-8")
    [*_, found["check"]] = json.loads(run("check", "--json", "salah.yaml").out)
    assert shapes.keys() == found.keys()
    for command, data in found.items():
        assert set(data) == shapes[command], command
