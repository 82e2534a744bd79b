"""The second reader accepts what is written and rejects what was changed afterwards.

The reader (``tests/reader``) is written from the page of the format alone; it stands for the auditor
who does not run the engine.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.histories import (
    CALENDAR,
    CALENDAR_DIGEST,
    CASE,
    DEFINITION,
    DEFINITION_DIGEST,
    Line,
    drafts,
    lines_of,
    personal_of,
    rechained,
    salts,
    whole_case,
)
from tests.places import ROOT
from tests.reader.model import Broken, commitment, digest, entry_hash, is_decimal, read_line, tree_root, write
from tests.reader.reader import Reader
from workflow.history.canonical import (
    ZERO,
    NotCanonical,
    canonical_text,
    digest_of,
    parse_canonical,
)
from workflow.history.sealing import seal

SEALED = whole_case()
LINES = lines_of(SEALED)
FORMS: dict[str, Any] = {
    "definitions": {DEFINITION_DIGEST: DEFINITION},
    "calendars": {CALENDAR_DIGEST: CALENDAR},
}


def codes(lines: list[str], **given: Any) -> list[str]:
    """What the reader finds in lines."""
    found: list[str] = Reader(**given).read(lines).codes
    return found


# --- it accepts ----------------------------------------------------------------------------------


def test_reader_whole_case_is_accepted() -> None:
    """A case as the format describes it is accepted, with everything handed over and with nothing."""
    reader = Reader(personal=personal_of(SEALED), **FORMS)
    report = reader.read(LINES)
    assert [str(problem) for problem in report.problems] == []
    assert report.opened == len(SEALED.personal) == 7
    assert codes(LINES) == []


def test_reader_vectors_are_accepted_exactly(vectors: Path) -> None:
    """Bytes, hashes, links, commitments, roots and shapes of the vectors hold for the reader too."""
    history = json.loads((vectors / "history_format_1.json").read_text())
    lines = [vector["canonical"] for vector in history["entries"]]
    report = Reader(excerpt=True).read(lines)
    assert [str(problem) for problem in report.problems] == []
    assert report.hashes == [vector["hash"] for vector in history["entries"]]
    for vector in history["entries"]:
        assert write(vector["entry"]) == vector["canonical"]
    for vector in history["commitments"]:
        assert commitment(bytes.fromhex(vector["salt"]), vector["value"]) == vector["commit"]
    for size, root in history["roots"].items():
        assert tree_root(report.hashes[: int(size)]) == root
    for spelling, normal in history["decimals"].items():
        assert is_decimal(normal)
        assert is_decimal(spelling) == (spelling == normal)


def test_reader_unknown_kind_is_kept_and_named() -> None:
    """Later kinds may join: an entry of one is read and chained, and the report names it."""

    def change(entries: list[Line]) -> None:
        entries[2]["kind"] = "case_blessed"

    reader = Reader()
    report = reader.read(rechained(LINES, change))
    assert report.codes == []
    assert report.unknown_kinds == ["case_blessed"]


def test_reader_erased_values_leave_the_rest_provable() -> None:
    """Without salts and values the chain, the hashes and the root are as before."""
    rest = [row for row in personal_of(SEALED) if row["field"] != "narahubung"]
    report = Reader(personal=rest, **FORMS).read(LINES)
    assert report.codes == []
    assert tree_root(report.hashes) == tree_root([entry.hash for entry in SEALED.entries])


def test_reader_two_cases_interleaved_are_told_apart() -> None:
    """In a tree's order the entries of several cases stand between each other."""
    other = "01940000-0000-7000-8000-000000000002"
    second = lines_of(seal([{**draft, "case": other} for draft in drafts()], head=ZERO, salt=salts()))
    mixed = [line for pair in zip(LINES, second, strict=True) for line in pair]
    assert codes(mixed) == []


# --- it rejects what breaks the text --------------------------------------------------------------


def _replaced(old: str, new: str, at: int = 1) -> list[str]:
    assert old in LINES[at]
    return [line.replace(old, new, 1) if number == at else line for number, line in enumerate(LINES)]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (_replaced("Angkutan", "Angkatan", at=0), "prev"),
        (_replaced('"1250000000.5"', "1250000000.5"), "float"),
        (_replaced('"1250000000.5"', "1e9"), "float"),
        (_replaced('"1250000000.5"', "NaN"), "float"),
        (_replaced('"1250000000.5"', "null"), "null"),
        (_replaced('"1250000000.5"', "{}"), "empty"),
        (_replaced('"1250000000.5"', "[]"), "empty"),
        (_replaced('"1250000000.5"', "9007199254740992"), "integer"),
        (_replaced('"1250000000.5"', "9" * 5000), "integer"),
        (_replaced('"1250000000.5"', '"e\u0301"'), "nfc"),
        (_replaced('"1250000000.5"', '"\\u0000"'), "nul"),
        (_replaced('"1250000000.5"', '"\\ud800"'), "surrogate"),
        (_replaced('"1250000000.5"', '"\\u0031"'), "bytes"),
        (_replaced('"1250000000.5"', "[" * 5000), "depth"),
        (_replaced('"v":1', '"v":1 '), "bytes"),
        (_replaced('"v":1', '"v":1,"v":1'), "duplicate"),
        (_replaced('"v":1', '"v":1,"\u00e9":1'), "key"),
        (_replaced('{"actor"', '{"zzz":1,"actor"'), "bytes"),
        (_replaced('"v":1}', '"v":1'), "json"),
        ([LINES[0], "", *LINES[1:]], "json"),
    ],
)
def test_reader_text_outside_the_format_is_rejected(lines: list[str], code: str) -> None:
    """An edited byte, a value outside the model or another spelling is found."""
    assert code in codes(lines)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([LINES[0], LINES[2], LINES[1], *LINES[3:]], {"seq", "prev"}),
        ([*LINES[:2], *LINES[3:]], {"seq", "prev"}),
        (LINES[1:], {"truncated", "prev"}),
        ([*LINES[:3], LINES[2], *LINES[3:]], {"seq", "prev", "recorded_at"}),
        ([LINES[0], *LINES], {"seq", "prev"}),
    ],
    ids=["reordered", "dropped", "beginning dropped", "duplicated", "opened twice"],
)
def test_reader_lines_moved_dropped_or_doubled_are_rejected(lines: list[str], expected: set[str]) -> None:
    """Reordering, gaps and repetitions break the numbers and the chain."""
    assert expected <= set(codes(lines))


def test_reader_end_cut_off_is_found_by_the_root() -> None:
    """A chain cannot show that its end is missing; the root over all entries does."""
    report = Reader().read(LINES[:-1])
    assert report.codes == []
    assert tree_root(report.hashes) != tree_root([entry.hash for entry in SEALED.entries])


# --- it rejects what a forger chained again -------------------------------------------------------


def _set(seq: int, *path: Any, to: Any) -> Callable[[list[Line]], None]:
    def change(entries: list[Line]) -> None:
        inner: Any = entries[seq - 1]
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = to

    return change


def _without(seq: int, *path: Any) -> Callable[[list[Line]], None]:
    def change(entries: list[Line]) -> None:
        inner: Any = entries[seq - 1]
        for step in path[:-1]:
            inner = inner[step]
        del inner[path[-1]]

    return change


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_set(2, "recorded_at", to="2026-02-02T02:00:00.000001Z"), "recorded_at"),
        (_set(2, "recorded_at", to="2026-02-03T02:00:00Z"), "instant"),
        (_set(2, "effective_on", to="2026-02-05"), "effective_on"),
        (_set(2, "effective_on", to="2026-02-30"), "date"),
        (_set(2, "revision", to=3), "revision"),
        (_set(3, "revision", to=3), "revision"),
        (_set(2, "revision", to=1), "revision"),
        (_set(2, "seq", to=4), "seq"),
        (_set(2, "case", to="01940000-0000-4000-8000-000000000001"), "shape"),
        (_set(2, "v", to=2), "shape"),
        (_set(2, "clock", to="mine"), "shape"),
        (_set(2, "from", to=["elsewhere"]), "from"),
        (_set(2, "kind", to="case_opened"), "missing-key"),
        (_set(2, "comment", to="Segera ditelaah"), "shape"),
        (_set(2, "documents", "kak", to=["abc"]), "shape"),
        (_set(2, "changes", "nilai", "old", to="1400000000"), "old"),
        (_set(2, "changes", "judul", to={"new": "Baru"}), "old"),
        (_set(2, "changes", "nilai", "new", to="1250000000.50"), "decimal"),
        (_set(2, "changes", "nilai", "new", to="-0"), "decimal"),
        (_set(2, "changes", "nilai", "new", to="1E+9"), "decimal"),
        (_set(2, "changes", "diterima_dprd", "new", to="3 Februari"), "date"),
        (_set(2, "changes", "lain", to={"new": "x"}), "field"),
        (_set(4, "votes", 0, "vote", to="maybe"), "shape"),
        (_set(4, "actor", "id", to="wali"), "shape"),
        (_without(2, "trigger"), "missing-key"),
        (_without(2, "actor"), "missing-key"),
        (_without(2, "to"), "missing-key"),
        (_without(1, "calendars"), "missing-key"),
        (_without(4, "votes"), "missing-key"),
        (_set(1, "clocks", 0, "due_on", to="2026-02-19"), "clock"),
        (_set(1, "clocks", 0, "due_at", to="2026-02-18T17:00:00.000000Z"), "clock"),
        (_set(1, "clocks", 0, "acts_at", to="2026-02-19T16:00:00.000000Z"), "clock"),
        (_set(1, "clocks", 0, "within", to=[9, "working_days"]), "clock"),
        (_set(1, "clocks", 0, "within", to=[10, "fortnights"]), "duration"),
        (_set(1, "clocks", 0, "zone", to="Asia/Atlantis"), "clock"),
        (_without(1, "clocks", 0, "skipped", 5), "clock"),
        (_set(1, "clocks", 0, "skipped", 5, to=["2026-02-18", "national"]), "clock"),
        (_set(1, "clocks", 0, "skipped", 5, to=["2026-02-13", "national"]), "clock"),
        (_set(1, "clocks", 0, "skipped", 4, to=["2026-02-16", "weekend"]), "calendar"),
        (_set(1, "clocks", 0, "skipped", 1, to=["2026-02-09", "weekend"]), "calendar"),
        (_set(2, "clocks", 1, "within", to=[2, "months"]), "clock"),
        (_set(2, "clocks", 1, "first_day", to="after"), "clock"),
        (_set(2, "clocks", 1, "acts_at", to="2026-03-04T16:00:00.000000Z"), "clock"),
        (_set(2, "clocks", 2, "roll", to="none"), "clock"),
        (_set(2, "clocks", 2, "at", to="2026-02-15"), "clock"),
        (_without(2, "clocks", 2, "skipped", 0), "clock"),
        (lambda entries: entries.pop(0), "truncated"),
    ],
)
def test_reader_forged_and_chained_again_is_rejected(change: Callable[[list[Line]], Any], code: str) -> None:
    """Rules that hold between and inside entries are checked even where every hash is right."""
    assert code in codes(rechained(LINES, change), **FORMS)


def test_reader_wrong_prev_is_rejected() -> None:
    """An entry that names another predecessor breaks the chain, and so does the one after it."""
    entry = {**json.loads(LINES[1]), "prev": "0" * 64}
    assert codes([LINES[0], canonical_text(entry), *LINES[2:]]) == ["prev", "prev"]


@pytest.mark.parametrize("change", [{"value": "Orang Lain"}, {"salt": "00" * 32}, {"salt": "00" * 31}])
def test_reader_false_personal_value_is_rejected(change: dict[str, Any]) -> None:
    """A salt or a value that does not give the commitment is found and its entry named."""
    rows = personal_of(SEALED)
    rows[0].update(change)
    report = Reader(personal=rows).read(LINES)
    assert report.codes in (["commitment"], ["salt"])
    assert report.problems[0].seq == rows[0]["seq"]


@pytest.mark.parametrize("kind", ["definition", "calendar"])
def test_reader_form_under_a_foreign_digest_is_rejected(kind: str) -> None:
    """A definition or calendar handed over must be the one that the entries cite."""
    forms = {kind + "s": {"a" * 64: DEFINITION if kind == "definition" else CALENDAR}}
    assert codes(LINES, **forms) == [f"{kind}-digest"]


# --- it agrees with the engine and needs nothing of it ---------------------------------------------

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(json_values)
def test_reader_and_engine_agree_on_every_line(value: Any) -> None:
    """What one of the two takes for history, the other does too; their hashes are the same."""
    line = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    try:
        ours: Any = parse_canonical(line)
    except NotCanonical:
        ours = None
    try:
        theirs = read_line(line)
    except Broken:
        theirs = None
    assert theirs == ours


def test_reader_and_engine_have_the_same_digests() -> None:
    """Definition and calendar digests agree."""
    assert digest("definition", DEFINITION) == digest_of("kerjasama/definition/1", DEFINITION)
    assert digest("calendar", CALENDAR) == CALENDAR_DIGEST
    assert [entry_hash(line) for line in LINES] == [entry.hash for entry in SEALED.entries]


def test_reader_imports_the_standard_library_only() -> None:
    """No line of the reader imports the engine or a package from outside."""
    for path in sorted((ROOT / "tests" / "reader").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                assert name.split(".")[0] in sys.stdlib_module_names or name.startswith("tests.reader"), name


def test_reader_program_runs_without_any_installed_package(tmp_path: Path) -> None:
    """The program says what it found and exits 0 or 1, without a site-packages folder."""
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_text("".join(line + "\n" for line in LINES))
    bad.write_text("".join(line + "\n" for line in LINES[1:]))
    (tmp_path / "personal.jsonl").write_text("\n".join(json.dumps(row) for row in personal_of(SEALED)))
    (tmp_path / "definition.json").write_text(json.dumps([DEFINITION_DIGEST, DEFINITION]))
    (tmp_path / "calendar.json").write_text(json.dumps([CALENDAR_DIGEST, CALENDAR]))
    more = [
        f"--personal={tmp_path / 'personal.jsonl'}",
        f"--definition={tmp_path / 'definition.json'}",
        f"--calendar={tmp_path / 'calendar.json'}",
        f"--root={tree_root([entry.hash for entry in SEALED.entries])}",
    ]

    def run(path: Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-S", "-m", "tests.reader.reader", str(path), *more]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    accepted, rejected = run(good), run(bad)
    assert (accepted.returncode, accepted.stderr) == (0, "")
    assert accepted.stdout.startswith("5 entries, 1 cases, root ")
    assert rejected.returncode == 1
    assert f"line 1, case {CASE}, entry 2: truncated" in rejected.stdout
    assert "is not" in rejected.stdout
