"""The demonstration: what it tells, what it leaves, what it may replace, and that its advice works."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.cli.demo import program
from kerjasama import Engine
from tests.cli import Ran, run
from tests.places import ROOT


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, in English."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("KERJASAMA_", "LC_", "LANG"))]:
        monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Ran, Path]]:
    """The demonstration in a language, run once, and its folder."""
    ran: dict[str, tuple[Ran, Path]] = {}

    def tell(language: str) -> tuple[Ran, Path]:
        if language not in ran:
            place = tmp_path_factory.mktemp(f"demo-{language}")
            ran[language] = (run("demo", "--db", str(place / "demo.db"), "--lang", language), place)
        return ran[language]

    return tell


Told = Callable[[str], tuple[Ran, Path]]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "en",
            [
                "same-person: rina performed “Submit the terms of reference”",
                "missing-field: The field “Fits the spatial plan”",
                "missing-document: The document “Minutes of the technical meeting”",
                "Deadline took effect: Time limit for the answer",
                "Head of region, samarinda, recorded by budi",
                "A joint agreement lasts at most five years",
                "Child case opened: pks/2026/1",
                "Deadline took effect: Overall time limit of the council",
                "the clock · P22 ps 12(4)",
                "OVERDUE: Semester report to the head of region, due Tuesday 14 July 2026 (P22 ps 17)",
                "Duty met: Semester report to the head of region",
                "Deadline took effect: End of the agreement",
                "nothing speaks against them",
            ],
        ),
        (
            "id",
            [
                "same-person: rina sudah melakukan “Ajukan KAK”",
                "Tenggat berakibat: Batas tanggapan mitra",
                "samarinda, dicatat oleh budi",
                "Kesepakatan Bersama paling lama lima tahun",
                "turunan dibuka: pks/2026/1",
                "Tenggat berakibat: Batas keseluruhan DPRD",
                "jam · P22 ps 12(4)",
                "TERLAMBAT: Laporan semester kepada kepala daerah",
                "Kewajiban dipenuhi",
                "tidak ada yang menyangkalnya",
            ],
        ),
    ],
)
def test_demo_tells_the_story_in_order(told: Told, language: str, sentences: list[str]) -> None:
    """Refusals, deadlines, signatures, the late report and the end are told in order, in the language."""
    ran, _ = told(language)
    assert ran.status == 0, ran.both
    places = [ran.out.find(sentence) for sentence in sentences]
    assert -1 not in places, sentences[places.index(-1)]
    assert places == sorted(places)
    assert ran.err == ""


def test_demo_refuses_what_the_readme_shows(told: Told) -> None:
    """The refusal of the README is one of the story, word for word."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"^\$ kerjasama do .*? tetapkan_masa .*\n((?:.+\n)+?)```", readme, re.MULTILINE)
    assert shown is not None
    lines = [line.strip() for line in shown[1].splitlines()]
    assert len(lines) == 3
    said, _ = told("en")
    told_lines = [line.strip() for line in said.out.splitlines()]
    at = told_lines.index(lines[0])
    assert told_lines[at : at + 3] == lines


def test_demo_leaves_a_whole_cooperation_in_virtual_time(told: Told) -> None:
    """It leaves a cooperation and its agreement, ended in virtual time, and a case waiting in real time."""
    _, place = told("en")
    with Engine(f"sqlite:///{place / 'demo.db'}", schema="check") as engine:
        cooperation, agreement, waiting = engine.cases().items
        assert (cooperation.workflow, agreement.workflow, agreement.parent) == ("ksdd", "pks", cooperation.id)
        assert (cooperation.outcome, agreement.outcome) == ("berakhir", "berakhir")
        assert agreement.fields["persetujuan_dprd"] == "dianggap_disetujui"
        assert agreement.fields["sebab_berakhir"] == "jangka_waktu"
        assert cooperation.fields["sebab_berakhir"] == "tujuan_tercapai"
        entries = {one.workflow: engine.history(one.id) for one in (cooperation, agreement)}
        assert {entry.body["clock"] for each in entries.values() for entry in each} == {"virtual"}
        fired = {
            workflow: [entry.body["effective_on"] for entry in each if entry.kind == "clock_fired"]
            for workflow, each in entries.items()
        }
        assert fired == {"ksdd": ["2026-03-15"], "pks": ["2026-06-01", "2027-12-10"]}
        kinds = {workflow: {entry.kind for entry in each} for workflow, each in entries.items()}
        assert {"obligation_met", "consent_given", "child_opened", "child_closed"} <= kinds["ksdd"]
        assert {"obligation_overdue", "obligation_met", "consent_given", "deadline_expired"} <= kinds["pks"]
        assert {entry.body["clock"] for entry in engine.history(waiting.id)} == {"system"}
        assert waiting.state == "menuju_kb.penawaran.disiapkan"
        assert engine.ledger.verify().is_clean


@pytest.mark.parametrize("language", ["en", "id"])
def test_demo_what_to_try_next_works(told: Told, language: str) -> None:
    """Every command that it suggests runs on the database that it left."""
    ran, _ = told(language)
    suggested = re.findall(rf"^    {re.escape(program())} (.+)$", ran.out, re.MULTILINE)
    assert len(suggested) == 8
    for words in suggested:
        tried = run(*shlex.split(words), "--lang", language)
        assert tried.status == 0, f"{words}\n{tried.both}"
        assert tried.out


def test_demo_by_default_in_the_current_folder(folder: Path) -> None:
    """Without `--db` it is demo.db in the current folder; quiet tells only the end."""
    ran = run("demo", "--quiet")
    assert ran.status == 0
    assert (folder / "demo.db").exists()
    assert "1." not in ran.out
    assert "nothing speaks against them" in ran.out


def test_demo_ignores_the_database_of_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that KERJASAMA_DB names is never touched."""
    monkeypatch.setenv("KERJASAMA_DB", f"sqlite:///{folder / 'real.db'}")
    assert run("demo", "--quiet").status == 0
    assert not (folder / "real.db").exists()


def test_demo_replaces_an_earlier_demonstration(folder: Path) -> None:
    """Run again, it begins anew."""
    assert run("demo", "--quiet").status == 0
    run("open", "--file", "examples/usulan_kukar_samarinda.yaml", "--db", "demo.db")
    assert run("demo", "--quiet").status == 0
    with Engine("sqlite:///demo.db", schema="check") as engine:
        assert len(engine.cases().items) == 3


def test_demo_killed_as_soon_as_its_file_is_there_can_be_run_again(folder: Path) -> None:
    """A demonstration that is killed leaves nothing that the next one takes for somebody's database."""
    words = [sys.executable, "-c", "import sys; from engine.cli import main; sys.exit(main())", "demo"]
    environment = {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(words, cwd=folder, env=environment, stdout=subprocess.DEVNULL) as program:
        while not (folder / "demo.db").exists():
            assert program.poll() is None
        program.kill()
    assert program.returncode < 0
    assert run("demo", "--quiet").status == 0
    assert not (folder / "demo.db.new").exists()


def test_demo_leaves_another_database_alone(folder: Path) -> None:
    """A database that no demonstration made, or a file that is none, is refused and stays as it is."""
    assert run("deploy", "ksdd", "--as", "admin", "--db", "real.db").status == 0
    (folder / "catatan.txt").write_text("penting", encoding="utf-8")
    for name in ("real.db", "catatan.txt"):
        before = (folder / name).read_bytes()
        ran = run("demo", "--db", name)
        assert ran.status == 2
        assert "left alone" in ran.err
        assert (folder / name).read_bytes() == before


def test_demo_needs_a_file() -> None:
    """A server's database is no place for a demonstration."""
    assert run("demo", "--db", "postgresql://127.0.0.1/x").status == 2
