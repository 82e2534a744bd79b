"""One case's stored entries: text, hash, links, order, log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from engine.chain import check_chain, check_log, read_links
from engine.findings import CODES, Finding, found
from tests.histories import CASE, Line, lines_of, rechained, whole_case
from tests.places import ROOT
from workflow.history.canonical import entry_hash
from workflow.history.sealing import SealedEntry
from workflow.locale import LANGUAGES

SEALED = whole_case()
ROWS = list(SEALED.entries)
LOGGED = {row.seq: row.hash for row in ROWS}


def findings(rows: list[SealedEntry], logged: dict[int, str] | None = None) -> list[tuple[str, int | None]]:
    """What is found in rows, as code and entry."""
    links = read_links(rows)
    found: list[Finding] = [*check_chain("kukar", CASE, links), *check_log(CASE, links, logged or LOGGED)]
    return [(one.code, one.seq) for one in found]


def stored(lines: list[str]) -> list[SealedEntry]:
    """Rows whose hash and columns agree with their text, as a forger would write them."""
    rows = []
    for line in lines:
        (link,) = read_links([replace(ROWS[0], text=line)])
        assert link.body is not None
        columns = {
            name: link.body[name] for name in ("seq", "revision", "kind", "recorded_at", "effective_on")
        }
        rows.append(SealedEntry(text=line, hash=link.hash, **columns))
    return rows


def test_chain_as_written_has_no_findings() -> None:
    """A case as it was sealed is whole."""
    assert findings(ROWS) == []


def test_chain_edited_text_names_the_entry() -> None:
    """Text edited without its hash is found at that entry, and in the link after it."""
    edited = replace(ROWS[1], text=ROWS[1].text.replace("P22 ps 7", "P22 ps 8"))
    assert findings([ROWS[0], edited, *ROWS[2:]]) == [
        ("hash-mismatch", 2),
        ("chain-broken", 3),
        ("log-mismatch", 2),
    ]


def test_chain_text_edited_with_its_hash_is_found_by_link_and_log() -> None:
    """Whoever writes the hash anew as well breaks the next link, and the log holds the true hash."""
    text = ROWS[1].text.replace("P22 ps 7", "P22 ps 8")
    edited = replace(ROWS[1], text=text, hash=entry_hash(text.encode()))
    assert findings([ROWS[0], edited, *ROWS[2:]]) == [("chain-broken", 3), ("log-mismatch", 2)]


def test_chain_last_entry_edited_with_its_hash_is_found_by_the_log() -> None:
    """The last entry has no link after it; the log still knows it."""
    text = ROWS[-1].text.replace("selesai", "berhenti")
    edited = replace(ROWS[-1], text=text, hash=entry_hash(text.encode()))
    assert findings([*ROWS[:-1], edited]) == [("log-mismatch", 5)]


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "{}", '{"v":1}', '{"v": 1}', "[" * 90_000, '"\ud800"', "x" * 10]
)
def test_chain_unreadable_text_is_a_finding(text: str) -> None:
    """Whatever was written into the row, it is named and nothing breaks."""
    broken = replace(ROWS[1], text=text)
    assert findings([ROWS[0], broken, *ROWS[2:]])[:2] == [("unreadable", 2), ("hash-mismatch", 2)]


def test_chain_value_of_another_type_is_unreadable() -> None:
    """A key that must be there with one type cannot carry another."""
    rows = stored([ROWS[0].text])
    text = rows[0].text.replace('"revision":1', '"revision":"1"')
    assert findings([replace(rows[0], text=text)], {1: "x"})[0] == ("unreadable", 1)


def test_chain_entry_deleted_is_a_gap() -> None:
    """A missing entry is named by what comes after it, and the log still has it."""
    assert findings([*ROWS[:2], *ROWS[3:]]) == [("gap", 4), ("log-surplus", 3)]


def test_chain_beginning_deleted_is_a_gap() -> None:
    """Entries missing at the beginning are a gap too."""
    assert findings(ROWS[2:]) == [("gap", 3), ("log-surplus", 1), ("log-surplus", 2)]


def test_chain_end_deleted_is_found_by_the_log() -> None:
    """A chain cannot show that its end is missing; the log does."""
    assert findings(ROWS[:-1]) == [("log-surplus", 5)]


def test_chain_entries_that_changed_places_are_misplaced() -> None:
    """Two rows with each other's seq say so themselves."""
    second, third = replace(ROWS[2], seq=2), replace(ROWS[1], seq=3)
    codes = findings([ROWS[0], second, third, *ROWS[3:]])
    assert {("misplaced", 2), ("misplaced", 3)} <= set(codes)


def test_chain_entry_of_another_case_is_misplaced() -> None:
    """An entry put into another case is still its own."""
    links = read_links(ROWS)
    other = [one.code for one in check_chain("kukar", "another case", links)]
    assert other == ["misplaced"] * len(ROWS)
    assert [one.code for one in check_chain("samarinda", CASE, links)] == ["misplaced"] * len(ROWS)


def test_chain_columns_changed_are_named() -> None:
    """The columns that queries read say what the entry says, or are found."""
    changed = replace(ROWS[1], kind="consent_given", effective_on="2026-02-01")
    (finding,) = check_chain("kukar", CASE, read_links([ROWS[0], changed, *ROWS[2:]]))
    assert (finding.code, finding.seq) == ("columns-changed", 2)
    assert "kind, effective_on" in finding.message.text("en")


def test_chain_entry_inserted_with_everything_after_it_chained_again_is_not_in_the_log() -> None:
    """An inserted entry, chained and numbered, meets other hashes in the log from there on."""

    def insert(entries: list[Line]) -> None:
        entries.insert(2, {**entries[2], "recorded_at": "2026-02-03T02:00:00.500000Z"})
        for number, entry in enumerate(entries, 1):
            entry["seq"] = number

    codes = findings(stored(rechained([row.text for row in ROWS], insert)))
    assert codes == [("log-mismatch", 3), ("log-mismatch", 4), ("log-mismatch", 5), ("unlogged", 6)]


@pytest.mark.parametrize(
    ("key", "value", "what"),
    [
        ("recorded_at", "2026-02-02T02:00:00.000001Z", "recorded_at"),
        ("revision", 5, "revision"),
        ("revision", 0, "revision"),
    ],
)
def test_chain_order_that_does_not_follow_is_found(key: str, value: Any, what: str) -> None:
    """Instants increase strictly, the revision by one or not at all."""

    def change(entries: list[Line]) -> None:
        entries[1][key] = value

    rows = stored(rechained([row.text for row in ROWS], change))
    (first, *_) = check_chain("kukar", CASE, read_links(rows))
    assert (first.code, first.seq) == ("order-broken", 2)
    assert what in first.message.text("id")


def test_chain_lines_as_given_are_those_of_the_case() -> None:
    """The helper that forges rows leaves an unforged case as it was."""
    unchanged: Callable[[list[Line]], None] = lambda entries: None  # noqa: E731 - shorter than a function
    assert stored(rechained(lines_of(SEALED), unchanged)) == ROWS


@pytest.mark.parametrize("code", sorted(CODES))
def test_finding_every_code_has_a_text_in_both_languages(code: str) -> None:
    """Each code renders in Indonesian and English."""
    names = ("why", "columns", "belongs", "missing", "before", "what", "old", "new", "expected", "last")
    more = ("row", "field", "path", "digest", "name", "workflow", "version", "relative")
    lists = ("document", "numbers")
    finding = found(code, "a case", 3, **dict.fromkeys((*names, *more, *lists), "…"))
    texts = {finding.message.text(language) for language in LANGUAGES}
    assert len(texts) == 2
    assert finding.to_json()["code"] == code


def test_finding_unknown_code_is_a_mistake_of_ours() -> None:
    """A code that is not on the list cannot be made."""
    with pytest.raises(ValueError, match="no code"):
        found("no-such-code")


def test_finding_every_code_is_explained_to_those_who_verify() -> None:
    """The page on verifying lists every code."""
    page = (ROOT / "docs" / "how-to" / "verify.md").read_text()
    assert [code for code in CODES if f"`{code}`" not in page] == []
