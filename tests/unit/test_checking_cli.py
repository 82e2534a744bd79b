"""``kerjasama check``: its formats, ``--strict`` and ``--watch``."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest

from engine.cli.checking import FORMATS, check_files
from engine.cli.failures import CommandProblem
from engine.cli.session import Session
from engine.cli.watching import Seen, watch
from tests.cli import run
from tests.places import ROOT

SOUND = (ROOT / "examples" / "surat.yaml").read_text(encoding="utf-8")
WARNED = SOUND.replace("fields:\n", "fields:\n  sisa: {type: text}\n")
BROKEN = SOUND.replace("calendar: indonesia", "calender: indonesia")
SCENARIOS = """\
format: 1
scenarios_for: [surat.yaml]
parties: {kominfo: dinas}
actors: {sari: {roles: [arsiparis], party: kominfo}}
scenarios:
  masuk:
    title: Masuk
    steps:
      - {open: surat, case: s, on: 2026-01-05, who: sari, give: {perihal: Undangan}}
"""
HOST = """\
format: 1
workflow: induk
version: 1
title: Induk
timezone: Asia/Makassar
calendar: indonesia
roles: {opd: {title: OPD}}
open: {by: [opd], to: telaah}
states:
  telaah:
    use: fragments/telaah.yaml
    exits: {setuju: selesai}
  selesai: {final: true, outcome: selesai}
"""
FRAGMENT = """\
format: 1
fragment: telaah
initial: mulai
states:
  mulai: {transitions: {setujui: {by: [opd], to: setuju}}}
  setuju: {final: true}
"""


@pytest.fixture(autouse=True)
def _place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("KERJASAMA_", "LC_", "LANG"))]:
        monkeypatch.delenv(name)


def _write(name: str, text: str) -> None:
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


# --- formats and strictness --------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_check_strict_fails_on_warnings_in_every_format(form: str) -> None:
    """A warning fails only with `--strict`, however it is printed, and is printed as a warning both times."""
    _write("surat.yaml", WARNED)
    lenient = run("check", "--format", form, "surat.yaml")
    strict = run("check", "--format", form, "--strict", "surat.yaml")
    assert (lenient.status, strict.status) == (0, 3)
    assert lenient.out == strict.out
    assert "warning" in strict.out
    assert run("check", "--format", form, "--strict", "ksdd").status == 0


def test_check_strict_counts_the_warnings_of_what_a_scenario_file_is_for() -> None:
    """A scenario file fails strictly where its definition has a warning, which stands there once."""
    _write("surat.yaml", WARNED)
    _write("surat.scenarios.yaml", SCENARIOS)
    ran = run("check", "--strict", "surat.scenarios.yaml")
    assert ran.status == 3
    assert "warning[unused-declaration]" in ran.out
    assert run("check", "surat.scenarios.yaml").status == 0
    both = json.loads(run("check", "--json", "surat.yaml", "surat.scenarios.yaml").out)
    assert [one["code"] for one in both] == ["unused-declaration"]
    _write("surat.yaml", SOUND)
    assert run("check", "--strict", "surat.scenarios.yaml").status == 0


def test_check_strict_counts_the_warnings_of_calendars() -> None:
    """A calendar that says again what its base says is fit to use, and fails strictly."""
    _write("calendars/dasar.yaml", CALENDAR)
    _write("calendars/daerah.yaml", REGIONAL)
    ran = run("check", "calendars/daerah.yaml")
    assert (ran.status, "warning[" in ran.out) == (0, True)
    assert run("check", "--strict", "calendars/daerah.yaml").status == 3
    assert run("check", "--strict", "calendars/dasar.yaml").status == 0


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[opd]", "[odp]"),  # of its meaning
        ("to: setuju", "too: setuju"),  # of its form
        ("initial: mulai", "inital: mulai"),
        ("initial:", "parameters: {lama: {type: durasi}}\ninitial:"),
        ("setuju: {final: true}", "setuju: {final: true, final: true}"),  # of its text
        ("setuju: {final: true}", "setuju: {final: true"),
        (FRAGMENT, ""),
    ],
)
def test_check_problem_in_a_fragment_names_both_places(form: str, old: str, new: str) -> None:
    """Whatever the format, a problem in a fragment is shown there and where the fragment is used."""
    _write("induk.yaml", HOST)
    _write("fragments/telaah.yaml", FRAGMENT.replace(old, new))
    ran = run("check", "--format", form, "induk.yaml")
    assert ran.status == 3
    blocks = {"text": ran.out.split("\n\n"), "github": ran.out.splitlines()}.get(form)
    if blocks is None:
        shown = json.loads(ran.out)
        found = shown if form == "json" else shown["runs"][0]["results"]
        blocks = [json.dumps(one) for one in found]
    inside = [block for block in blocks if "fragments/telaah.yaml" in block and "file-not-read" not in block]
    assert inside
    assert all("induk.yaml" in block and "is used here" in block for block in inside)


def test_check_problem_in_a_fragment_of_a_fragment_names_every_place() -> None:
    """From the inside out: the place, where its fragment is used, and where that one is."""
    _write("induk.yaml", HOST)
    outer = FRAGMENT.replace(
        "mulai: {transitions: {setujui: {by: [opd], to: setuju}}}",
        "mulai: {use: fragments/dalam.yaml, exits: {usai: setuju}}",
    )
    _write("fragments/telaah.yaml", outer)
    inner = FRAGMENT.replace("fragment: telaah", "fragment: dalam").replace("setuju:", "usai:")
    for broken in (inner.replace("to: setuju", "too: usai"), inner):
        _write("fragments/dalam.yaml", broken)
        [found, *_] = json.loads(run("check", "--json", "induk.yaml").out)
        assert found["file"] == "fragments/dalam.yaml"
        places = [one["file"] for one in found["related"] if "is used here" in one["message"]]
        assert places == ["fragments/telaah.yaml", "induk.yaml"]


def test_check_problem_in_a_fragment_is_said_once_with_every_place() -> None:
    """Checked by itself and with two files that use it, a problem in a fragment counts once."""
    for name in ("induk", "induk_lain"):
        _write(f"{name}.yaml", HOST.replace("workflow: induk", f"workflow: {name}"))
    _write("fragments/telaah.yaml", FRAGMENT.replace("to: setuju", "to: stuju"))
    found = json.loads(run("check", "--json", "fragments/telaah.yaml", "induk.yaml", "induk_lain.yaml").out)
    assert [one["code"] for one in found].count("unknown-state") == 1
    [one] = [one for one in found if one["code"] == "unknown-state"]
    places = [place["file"] for place in one["related"] if "is used here" in place["message"]]
    assert places == ["induk.yaml", "induk_lain.yaml"]


def test_check_explicit_format_wins_over_json() -> None:
    """`--format` says more than `--json`."""
    _write("surat.yaml", WARNED)
    assert run("check", "--json", "--format", "github", "surat.yaml").out.startswith("::warning ")


CALENDAR = """\
format: 1
calendar: dasar
version: 1
week: [mon, tue, wed, thu, fri]
joint_leave_counts: false
covers: {from: 2026-01-01, until: 2026-12-31}
decrees:
  skb:
    title: SKB
    issued: 2025-10-01
    national: {2026-01-01: Tahun Baru}
"""
REGIONAL = """\
format: 1
calendar: daerah
version: 1
extends: dasar
decrees:
  perda:
    title: Perda
    issued: 2025-11-01
    regional: {2026-01-01: Hari jadi}
"""


# --- watching ----------------------------------------------------------------------------------------


def _watched(*names: str, changes: list[Callable[[], None]], is_strict: bool = False) -> tuple[int, str, str]:
    """Watch, making one change at each look; after the last one somebody presses Ctrl-C."""
    session = Session(language="en", environment={})
    left = iter(changes)

    def wait() -> None:
        change = next(left, None)
        if change is None:
            raise KeyboardInterrupt
        change()

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = watch(
            session,
            lambda seen: check_files(session, names, form="text", is_strict=is_strict, seen=seen),
            wait,
        )
    return status, out.getvalue(), err.getvalue()


def _nothing() -> None:
    """Change nothing."""


def test_watch_checks_again_when_the_file_changes_and_only_then() -> None:
    """Each change is one check more, looking without a change none; the last check's status stays."""
    _write("surat.yaml", SOUND)
    changes = [_nothing, lambda: _write("surat.yaml", BROKEN), _nothing, lambda: _write("surat.yaml", SOUND)]
    status, out, err = _watched("surat.yaml", changes=changes)
    assert (status, out.count("no problems found"), out.count("error[missing-key]")) == (0, 2, 1)
    assert err.count("Changed: surat.yaml\n") == 2
    assert _watched("surat.yaml", changes=changes[1:2])[0] == 3
    _write("surat.yaml", WARNED)
    assert _watched("surat.yaml", changes=[], is_strict=True)[0] == 3


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("fragments/telaah.yaml", FRAGMENT.replace("[opd]", "[odp]")),
        ("calendars/indonesia.yaml", CALENDAR.replace("calendar: dasar", "calendar: indonesia")),
        ("lists/laws.yaml", "format: 1\nlaws: {P22: {title: P22}}\n"),
    ],
)
def test_watch_sees_what_the_file_reads(name: str, text: str) -> None:
    """A fragment that changes, and a calendar or catalogue that comes beside the file, are seen."""
    _write("fragments/telaah.yaml", FRAGMENT)
    _write("induk.yaml", HOST.replace("workflow: induk", "workflow: induk\nbasis: P22 ps 6"))
    _, out, err = _watched("induk.yaml", changes=[_nothing, lambda: _write(name, text)])
    assert err.count("Changed: ") == 1
    assert name in err
    assert out.count("\n") > 1


def test_watch_sees_the_definition_of_a_scenario_file() -> None:
    """A scenario file is checked again when the definition that it is for changes."""
    _write("surat.yaml", SOUND)
    _write("surat.scenarios.yaml", SCENARIOS)
    status, out, err = _watched("surat.scenarios.yaml", changes=[lambda: _write("surat.yaml", BROKEN)])
    assert (status, err.count("Changed: ")) == (3, 1)
    assert "surat.yaml" in out


def test_watch_of_a_folder_sees_files_come_and_go() -> None:
    """In a folder a new file is checked and one that is gone is not."""
    _write("surat.yaml", SOUND)
    changes = [lambda: _write("lain.yaml", BROKEN), lambda: Path("lain.yaml").unlink()]
    status, out, err = _watched(".", changes=changes)
    assert (status, out.count("error[missing-key]")) == (0, 1)
    assert err.count("Changed: lain.yaml\n") == 2


def test_watch_goes_on_when_a_file_is_gone_for_a_while() -> None:
    """Editors replace files: a file that is missing is said, watched further, and checked when it is back."""
    _write("surat.yaml", SOUND)
    gone = lambda: Path("surat.yaml").unlink()  # noqa: E731  (one of several changes)
    status, out, err = _watched("surat.yaml", changes=[gone, _nothing, lambda: _write("surat.yaml", SOUND)])
    assert (status, out.count("no problems found")) == (0, 2)
    assert err.count("Changed: ") == 2
    assert _watched("surat.yaml", changes=[gone])[0] == 2


def test_watch_of_a_file_that_was_never_there_is_an_error_of_usage() -> None:
    """A name with a typing error is said at once, not waited for."""
    with pytest.raises(CommandProblem):
        _watched("surta.yaml", changes=[])


def test_watch_interrupted_before_the_first_check_is_an_interruption() -> None:
    """Without a check there is no status of one to leave with."""

    def work(seen: Seen) -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        watch(Session(language="en", environment={}), work, _nothing)


@pytest.mark.parametrize("words", [("--json", "surat.yaml"), ("--format", "sarif", "surat.yaml"), ("-",)])
def test_watch_is_for_people_and_files(words: tuple[str, ...]) -> None:
    """A stream of documents is no document, and standard input has no second state: errors of usage."""
    _write("surat.yaml", SOUND)
    assert run("check", "--watch", *words).status == 2


def test_watch_process_ends_with_ctrl_c_and_never_loads_the_store() -> None:
    """A process sees a change, ends at SIGINT with the status of its last check, and needs no SQL."""
    _write("surat.yaml", SOUND)
    # A process started in the background of a shell without job control ignores SIGINT, as do its children.
    code = (
        "import signal, sys\nfrom engine.cli import main\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "try: main()\nfinally: print('LOADED', *sorted(sys.modules), file=sys.stderr)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, "check", "--watch", "surat.yaml"],
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        assert process.stdout is not None
        _read_until(process.stderr, "Watching")
        _write("surat.yaml", BROKEN)
        _read_until(process.stderr, "Watching")
        process.send_signal(signal.SIGINT)
        left, out = process.stderr.read(), process.stdout.read()
    assert process.returncode == 3
    assert "Traceback" not in left
    assert "error[missing-key]" in out
    loaded = {name.split(".")[0] for name in left.rpartition("LOADED")[2].split()}
    assert "yaml" in loaded
    assert not loaded & {"sqlalchemy", "sqlite3", "alembic"}


def _read_until(stream: IO[str], word: str) -> None:
    for line in stream:
        if word in line:
            return
    pytest.fail(f"ended before it said {word!r}")
