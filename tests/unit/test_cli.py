"""The command line without a database: help, language, errors, what it imports and what it costs."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import pytest
from jsonschema import Draft202012Validator

from engine.cli.commands import COMMAND, PLACES, Option
from engine.cli.session import language_of
from tests.cli import run
from tests.places import DEFINITIONS, ROOT
from workflow.locale import LANGUAGES, Message

HEAVY = {"sqlalchemy", "yaml", "pydantic", "alembic", "apscheduler", "transitions", "psycopg", "sqlite3"}
BARE = "import click\n@click.group()\ndef main(): pass\n@main.command()\ndef a(): pass\nmain()"
OURS = "from engine.cli import main; main()"


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("KERJASAMA_", "LC_", "LANG"))]:
        monkeypatch.delenv(name)


def _python(code: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        env={"PYTHONPATH": str(ROOT), "PATH": "", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
    )


def _loaded(*words: str) -> set[str]:
    code = (
        "import sys\nfrom engine.cli import main\n"
        "try: main()\nfinally: print('LOADED', *sorted(sys.modules), file=sys.stderr)"
    )
    done = _python(code, *words)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.rpartition("LOADED")[2].split())


def _cpu(code: str) -> float:
    """Return the least processor time of several runs: what waits for others is not counted."""
    best = float("inf")
    for _ in range(7):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert _python(code, "--help").returncode == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return best


# --- what it imports and costs ----------------------------------------------------------------------


def test_help_imports_only_what_help_needs() -> None:
    """The modules of ours that `--help` loads are these and no others."""
    ours = {name for name in _loaded("--help") if name.split(".")[0] in ("engine", "workflow", "kerjasama")}
    assert ours == {
        "engine",
        "engine.cli",
        "engine.cli.boundary",
        "engine.cli.commands",
        "engine.cli.session",
        "engine.texts",
        "engine.texts.cli",
        "workflow",
        "workflow.locale",
    }


def test_help_imports_no_dependency_but_click() -> None:
    """`--help` loads neither the store nor the loader."""
    assert not {name.split(".")[0] for name in _loaded("--help")} & HEAVY


@pytest.mark.parametrize("words", [("check", str(DEFINITIONS / "ksdd.yaml")), ("schema",)])
def test_checking_imports_no_database(words: tuple[str, ...]) -> None:
    """Checking a file and printing the schema need no database driver."""
    assert not {name.split(".")[0] for name in _loaded(*words)} & {"sqlalchemy", "sqlite3", "alembic"}


def test_help_costs_little_more_than_a_bare_program() -> None:
    """`--help` takes less than 100 ms of processor time and at most half more than click alone."""
    ours, bare = _cpu(OURS), _cpu(BARE)
    assert ours <= 1.5 * bare
    assert ours < 0.1


# --- help and language -------------------------------------------------------------------------------


def _commands() -> list[tuple[str, click.Command]]:
    context = click.Context(COMMAND, info_name="kerjasama")
    assert isinstance(COMMAND, click.Group)
    found = [("", COMMAND)]
    for name in COMMAND.list_commands(context):
        command = COMMAND.get_command(context, name)
        assert command is not None
        found.append((name, command))
        if isinstance(command, click.Group):
            found += [(f"{name} {one}", sub) for one, sub in command.commands.items()]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_of_every_command_is_said_in_the_language(language: str) -> None:
    """Every command and every option explains itself in both languages."""
    other = next(one for one in LANGUAGES if one != language)
    for name, command in _commands():
        shown = run(*name.split(), "--help", "--lang", language)
        assert shown.status == 0
        words = " ".join(shown.out.split())
        text = Message(f"cli.{command.help}")
        assert " ".join(text.text(language).split())[:60] in words
        assert " ".join(text.text(other).split())[:60] not in words


def test_help_every_option_has_its_text() -> None:
    """No option of any command is left without an explanation."""
    for _, command in _commands():
        for param in command.params:
            if isinstance(param, click.Option):
                assert isinstance(param, Option) or param.hidden, param.name
                if isinstance(param, Option):
                    assert Message(f"cli.{param.help}").text("id")


@pytest.mark.parametrize(
    ("words", "environment", "language"),
    [
        ([], {}, "en"),
        ([], {"LANG": "id_ID.UTF-8"}, "id"),
        ([], {"LANG": "id_ID.UTF-8", "LC_ALL": "C"}, "en"),
        ([], {"LANG": "en_US.UTF-8", "LC_MESSAGES": "id_ID"}, "id"),
        ([], {"LANG": "id_ID", "KERJASAMA_LANG": "en"}, "en"),
        (["--lang", "id", "cases"], {"KERJASAMA_LANG": "en"}, "id"),
        (["cases", "--lang=id"], {}, "id"),
        ([], {"KERJASAMA_LANG": "jv"}, "en"),
    ],
)
def test_language_option_then_setting_then_locale(
    words: Sequence[str], environment: dict[str, str], language: str
) -> None:
    """`--lang` comes before KERJASAMA_LANG, and that before the locale."""
    assert language_of(words, environment) == language


# --- usage -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["chek"], "Did you mean 'check'?"),
        (["nothing"], "There is no command 'nothing'"),
        (["check", "--formt", "json"], "Did you mean --format?"),
        (["db", "status"], "'kerjasama db --help' lists them"),
        (["do", "1", "x", "--document", "kak=a.pdf"], "Did you mean --attach?"),
        (["cases", "--field", "judul=x"], "Did you mean --where?"),
        (["cases", "--colour"], "There is no option --colour."),
        (["do", "1"], "TRIGGER"),
        (["cases", "--limit", "0"], "--limit"),
        (["check"], "FILE…"),
    ],
)
def test_usage_error_says_what_was_meant(words: list[str], said: str) -> None:
    """A wrong word leaves with status 2 and says what would help."""
    ran = run(*words)
    assert ran.status == 2
    assert said in ran.err
    assert not ran.out


def test_usage_error_is_said_in_indonesian() -> None:
    """Errors of usage follow the language too."""
    assert "Maksud Anda 'check'?" in run("chek", "--lang", "id").err


def test_no_words_shows_the_help() -> None:
    """Without a command the help is shown, and it is an error of usage."""
    ran = run()
    assert ran.status == 2
    assert all(name in ran.err for name in PLACES)


def test_usage_error_with_json_is_data_too() -> None:
    """Whoever asks for JSON gets an error as JSON."""
    ran = run("cases", "--limit", "x", "--json")
    error = json.loads(ran.out)["error"]
    assert (error["code"], error["exit_status"], ran.status) == ("usage", 2, 2)


# --- defects -----------------------------------------------------------------------------------------

BROKEN = (
    "import engine.cli.checking as checking\n"
    "def broken(*a, **k): raise RuntimeError('two\\nlines')\n"
    "checking.definition_schema = broken\n"
    "from engine.cli import main\nmain()"
)


def test_defect_is_one_line_and_a_request_to_report() -> None:
    """An unexpected error shows no traceback, only what it was and that it should be reported."""
    done = _python(BROKEN, "schema")
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == "This is a defect of kerjasama: RuntimeError: two lines"
    assert len(done.stderr.splitlines()) == 2
    assert not done.stdout


def test_defect_with_debug_shows_where() -> None:
    """With `--debug` the traceback is shown."""
    done = _python(BROKEN, "schema", "--debug")
    assert done.returncode == 1
    assert "Traceback (most recent call last)" in done.stderr
    assert "checking.py" in done.stderr


def test_reader_gone_is_no_defect() -> None:
    """When the reader of a pipe has read enough, nothing is complained about."""
    writing = subprocess.Popen(
        [sys.executable, "-c", OURS, "schema"],
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert writing.stdout is not None
    assert writing.stderr is not None
    writing.stdout.close()
    said = writing.stderr.read()
    writing.stderr.close()
    assert writing.wait() == 1
    assert said == b""


def test_output_that_cannot_be_written_is_no_defect() -> None:
    """A full disk is said as what it is."""
    full = Path("/dev/full")
    if not full.exists():  # only Linux has one
        full = Path("/dev/null")
    with full.open("wb") as output:
        done = subprocess.run(
            [sys.executable, "-c", OURS, "schema"],
            env={"PYTHONPATH": str(ROOT), "PATH": ""},
            stdout=output,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == (1 if full.name == "full" else 0)
    assert b"defect" not in done.stderr


# --- check and schema --------------------------------------------------------------------------------


def test_check_shipped_definitions_are_clean() -> None:
    """Everything that is shipped passes, warnings counted."""
    ran = run("check", "--strict", str(DEFINITIONS))
    assert (ran.status, ran.out) == (0, "no problems found\n")
    assert run("check", "ksdd", "calendars/indonesia", "lists/laws").status == 0


def test_check_errors_of_several_files_come_together() -> None:
    """All findings of all files are shown, as text and as data, with status 3."""
    Path("one.yaml").write_text("format: 1\nworkflow: x\n", encoding="utf-8")
    Path("two.yaml").write_text("calendar: libur\nversion: 1\ncovers: 3\n", encoding="utf-8")
    ran = run("check", "one.yaml", "two.yaml")
    assert ran.status == 3
    assert "one.yaml" in ran.out
    assert "two.yaml" in ran.out
    found = json.loads(run("check", "--format", "json", "one.yaml", "two.yaml").out)
    assert {one["file"] for one in found} == {"one.yaml", "two.yaml"}
    assert all(one["line"] >= 1 and one["column"] >= 1 and one["code"] for one in found)


def test_check_message_follows_the_language() -> None:
    """Findings are said in Indonesian where that is asked for, codes stay."""
    Path("one.yaml").write_text("format: 1\nworkflow: x\nversoin: 1\n", encoding="utf-8")
    english = json.loads(run("check", "--json", "one.yaml").out)
    indonesian = json.loads(run("check", "--json", "--lang", "id", "one.yaml").out)
    assert [one["code"] for one in english] == [one["code"] for one in indonesian]
    assert all(one["message"] != other["message"] for one, other in zip(english, indonesian, strict=True))


WARNED = (
    (ROOT / "examples" / "surat.yaml")
    .read_text(encoding="utf-8")
    .replace("fields:\n", "fields:\n  sisa: {type: text}\n")
)


def test_check_warning_fails_only_where_strict() -> None:
    """A warning is shown and fails only with `--strict`."""
    Path("surat.yaml").write_text(WARNED, encoding="utf-8")
    ran = run("check", "surat.yaml")
    assert ran.status == 0
    assert "warning[unused-declaration]" in ran.out
    assert run("check", "--strict", "surat.yaml").status == 3


def test_check_standard_input() -> None:
    """`-` is standard input."""
    done = subprocess.run(
        [sys.executable, "-c", OURS, "check", "-"],
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        input=WARNED.encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"<stdin>:" in done.stdout


def test_check_folder_leaves_out_what_is_no_definition() -> None:
    """In a folder, what is something else is named and left out; a folder of nothing is an error."""
    Path("other.yaml").write_text("services: {web: {image: x}}\n", encoding="utf-8")
    ran = run("check", ".")
    assert ran.status == 2
    assert "other.yaml" in ran.err
    Path("usulan.yaml").write_text("usulan: ksdd\nopen: {judul: x}\n", encoding="utf-8")
    assert run("check", ".").status == 0
    assert run("check", "other.yaml").status == 3


def test_check_file_that_is_not_there_is_an_error_of_usage() -> None:
    """A file that cannot be read is said with its name."""
    ran = run("check", "nowhere.yaml")
    assert ran.status == 2
    assert "nowhere.yaml" in ran.err


def test_check_endless_file_is_too_large() -> None:
    """Of a file without an end no more is read than shows that it is too large."""
    ran = run("check", "/dev/zero")
    assert ran.status == 3
    assert "file-too-large" in ran.out


def test_check_list_and_laws_are_read() -> None:
    """Lists and the catalogue of laws are checked as such."""
    Path("daftar.yaml").write_text("format: 1\nlist: a\nversion: 1\nitms: {}\n", encoding="utf-8")
    found = json.loads(run("check", "--json", "daftar.yaml").out)
    assert {one["code"] for one in found} >= {"unknown-key", "missing-key"}


def test_schema_is_a_schema() -> None:
    """What `schema` prints is a JSON Schema of draft 2020-12."""
    schema = json.loads(run("schema").out)
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("cases", "--limit", "0"), "memerlukan bilangan bulat dari 1 sampai 1000"),
        (("cases", "--limit", "banyak"), "memerlukan bilangan bulat dari 1 sampai 1000"),
        (("history", "ksdd/2026/1", "--after", "-1"), "memerlukan bilangan bulat dari 0 sampai …"),
        (("do", "ksdd/2026/1", "ajukan", "--expect", "dua"), "memerlukan bilangan bulat."),
        (("check", "ksdd", "--format", "pdf"), "pilihannya text, json"),
        (("cases", "lagi"), "Ada kata berlebih: lagi."),
        (("cases", "--where"), "--where memerlukan nilai."),
        (("cases", "--overdue=ya"), "--overdue tidak menerima nilai."),
    ],
)
def test_usage_error_of_click_is_said_in_indonesian(words: tuple[str, ...], said: str) -> None:
    """What click finds by itself is told in the language of everything else, and leaves with two."""
    ran = run("--lang", "id", *words)
    assert ran.status == 2
    assert said in ran.err.splitlines()[-1]
    ran = run("--lang", "en", *words)
    assert ran.status == 2
    assert said not in ran.err
