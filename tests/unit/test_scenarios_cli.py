"""`kerjasama test`: which files are played, what is shown of them, and with what status it ends."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli import run
from tests.places import DEFINITIONS, ROOT

PAGE = ROOT / "docs" / "reference" / "scenarios.md"
OFFER = DEFINITIONS / "examples" / "penawaran.yaml"


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty current folder with the example's definition and the scenarios of the reference page."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("KERJASAMA_", "LC_", "LANG"))]:
        monkeypatch.delenv(name)
    block = _shown("scenarios_for: penawaran.yaml")
    (tmp_path / "definitions").mkdir()
    (tmp_path / "definitions" / "penawaran.yaml").write_bytes(OFFER.read_bytes())
    (tmp_path / "definitions" / "penawaran.scenarios.yaml").write_text(block, encoding="utf-8")
    return tmp_path


def _shown(line: str) -> str:
    """Return the file on the reference page whose second line this is."""
    [block] = re.findall(
        rf"```yaml\n(format: 1\n{line}\n.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL
    )
    return str(block)


def _change(folder: Path, old: str, new: str) -> None:
    file = folder / "definitions" / "penawaran.scenarios.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_example_of_the_reference_passes(folder: Path) -> None:
    """The scenarios that the reference page shows are played and pass; definitions/ is the default."""
    ran = run("test")
    assert ran.status == 0
    assert ran.out == (
        "definitions/penawaran.scenarios.yaml\n"
        "  ok      penawaran_dikirim  The offer reaches the partner\n"
        "  ok      mitra_diam         The partner stays silent for 30 days\n"
        "  ok      mitra_menerima     The partner's answer is recorded\n"
    )
    assert ran.err == "3 scenarios: 3 ok, 0 failed.\n"
    assert run("test", "definitions/penawaran.scenarios.yaml").status == 0


def test_other_acts_of_the_reference_pass_and_are_covered(folder: Path) -> None:
    """The reference page's scenario of acts that are no transitions passes and leaves none of them out."""
    for name, line in {
        "permohonan": "workflow: permohonan",
        "p.scenarios": "scenarios_for: permohonan.yaml",
    }.items():
        (folder / "definitions" / f"{name}.yaml").write_text(_shown(line), encoding="utf-8")
    ran = run("test", "definitions/p.scenarios.yaml", "--coverage")
    assert ran.status == 0, ran.out
    assert "    other acts   100 %  5 of 5\n" in ran.out


def test_first_difference_is_shown_with_its_place(folder: Path) -> None:
    """A scenario that fails shows where, which step, what was expected, found and could be done."""
    _change(folder, "fired: [batas], outcome: tanpa_tanggapan", "fired: [batas], outcome: diterima")
    ran = run("test", "definitions")
    assert ran.status == 1
    assert ran.out.splitlines()[2:9] == [
        "  FAILED  mitra_diam         The partner stays silent for 30 days",
        "      definitions/penawaran.scenarios.yaml:17:68",
        "      17 |       - {wait_until: 2026-03-16, expect: {fired: [batas], outcome: diterima,"
        " last: {by: clock, basis…",
        "         |                                                                    ^^^^^^^^",
        "      step 2 of 2, 2026-03-16: wait until 2026-03-16",
        "      expected   outcome: diterima",
        "      found      outcome: tanpa_tanggapan",
    ]
    assert ran.err == "3 scenarios: 2 ok, 1 failed.\n"


def test_difference_of_a_refusal_tells_every_reason(folder: Path) -> None:
    """An act that was refused unexpectedly shows its reasons, and what its actor may do there."""
    _change(folder, "does: terima, refused: wrong-role", "does: terima")
    out = run("test", "definitions").out
    assert "step 1 of 2, 2026-03-02: budi does terima" in out
    assert "expected   accepted" in out
    assert "found      refused: wrong-role" in out
    assert "wrong-role: " in out
    assert "state      menunggu" in out
    assert "available  nothing" in out


def test_language_is_that_of_the_session(folder: Path) -> None:
    """Titles, differences and counts are said in the language asked for."""
    _change(folder, "outcome: diterima}}", "outcome: tanpa_tanggapan}}")
    ran = run("test", "definitions", "--lang", "id")
    assert "GAGAL  mitra_menerima     Jawaban mitra dicatat" in ran.out
    assert "langkah 2 dari 2, 2026-03-02: budi melakukan terima" in ran.out
    assert "diharapkan     outcome: tanpa_tanggapan" in ran.out
    assert ran.err == "3 skenario: 2 lulus, 1 gagal.\n"


def test_coverage_lists_what_was_not_met(folder: Path) -> None:
    """``--coverage`` counts each kind of thing and names what the scenarios leave out."""
    out = run("test", "definitions", "--coverage").out
    assert "Coverage of penawaran\n" in out
    assert "    states       100 %  4 of 4\n" in out
    assert "    transitions  100 %  2 of 2\n" in out
    only = run("test", "definitions", "--coverage", "--only", "mitra_diam").out
    assert "    transitions   50 %  1 of 2\n      not covered:\n        menunggu.terima\n" in only
    assert "mitra_menerima" not in only


def test_json_has_everything_as_data(folder: Path) -> None:
    """``--json`` gives results, the difference with its place, and coverage."""
    _change(folder, "does: terima, refused: wrong-role", "does: terima")
    ran = run("test", "definitions", "--json")
    assert ran.status == 1
    found = json.loads(ran.out)
    assert (found["ok"], found["diagnostics"]) == (False, [])
    [file] = found["files"]
    assert [one["ok"] for one in file["scenarios"]] == [True, True, False]
    difference = file["scenarios"][2]["difference"]
    assert (difference["line"], difference["column"], difference["step"]) == (22, 9, 1)
    assert (difference["expected"], difference["found"]) == ("accepted", "refused: wrong-role")
    assert [reason["code"] for reason in difference["reasons"]] == ["wrong-role"]
    assert file["coverage"]["penawaran"]["rules"] == {"covered": 0, "total": 0, "missing": []}


def test_file_with_errors_ends_with_three(folder: Path) -> None:
    """Mistakes in a scenario file are shown as those of definitions are; nothing of it is played."""
    _change(folder, "does: catat_penerimaan", "does: catat_penerimaaan")
    ran = run("test", "definitions")
    assert ran.status == 3
    assert "error[unknown-trigger]: there is no transition 'catat_penerimaaan'" in ran.out
    assert "did you mean 'catat_penerimaan'?" in ran.out
    checked = run("check", "definitions")
    assert checked.status == 3
    assert "unknown-trigger" in checked.out
    found = json.loads(run("test", "definitions", "--json").out)
    assert [one["code"] for one in found["diagnostics"]] == ["unknown-trigger"]


def test_definition_with_errors_ends_with_three(folder: Path) -> None:
    """Errors of a definition are shown in its own file; its scenarios are not played."""
    file = folder / "definitions" / "penawaran.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("to: menunggu", "to: menungu"), encoding="utf-8")
    ran = run("test", "definitions")
    assert ran.status == 3
    assert "definitions/penawaran.yaml" in ran.out
    assert "error[unknown-state]" in ran.out


@pytest.mark.parametrize("command", ["check", "test"])
def test_calendar_that_is_not_there_is_an_error_at_its_place(folder: Path, command: str) -> None:
    """Without its calendar nothing is played, and the place that names it is said."""
    definition = folder / "definitions" / "penawaran.yaml"
    text = definition.read_text(encoding="utf-8").replace("calendar: indonesia", "calendar: indonesa")
    definition.write_text(text, encoding="utf-8")
    done = run(command, "definitions/penawaran.scenarios.yaml", "--lang", "en")
    said = done.out + done.err
    assert done.status == 3
    assert "error[unknown-calendar]: there is no calendar 'indonesa' here" in said
    assert "penawaran.yaml:" in said


def test_nothing_to_play_is_said(folder: Path) -> None:
    """No scenario files, a file that is not there and a name that is unknown are usage errors."""
    (folder / "kosong").mkdir()
    assert run("test", "kosong").status == 2
    assert run("test", "tidak_ada.scenarios.yaml").status == 2
    ran = run("test", "definitions", "--only", "mitra_dim")
    assert ran.status == 2
    assert "mitra_diam" in ran.err


def test_definitions_are_found_around_a_folder_of_scenarios(folder: Path) -> None:
    """Scenario files may stand in a folder of their own below the definitions with their calendars."""
    inner = folder / "definitions" / "skenario"
    inner.mkdir()
    (folder / "definitions" / "penawaran.scenarios.yaml").rename(inner / "penawaran.scenarios.yaml")
    (folder / "definitions" / "calendars").mkdir()
    (folder / "definitions" / "calendars" / "indonesia.yaml").write_bytes(
        (DEFINITIONS / "calendars" / "indonesia.yaml").read_bytes()
    )
    assert run("test", "definitions").status == 0


def test_playing_needs_no_database() -> None:
    """``test`` loads neither SQLAlchemy nor anything else of the store."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys\nfrom engine.cli import main\ntry: main(['test', 'definitions'])\n"
            "finally: print('LOADED', *sorted(sys.modules), file=sys.stderr)",
        ],
        env={"PYTHONPATH": str(ROOT), "PATH": "", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    loaded = set(done.stderr.rpartition("LOADED")[2].split())
    assert done.returncode == 0, done.stderr
    assert not loaded & {"sqlalchemy", "alembic", "apscheduler", "sqlite3"}
