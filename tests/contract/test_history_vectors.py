"""History format 1 against its vectors: bytes, hashes, commitments, roots, decimals, refusals."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
import rfc8785

from workflow.history.canonical import (
    ZERO,
    NotCanonical,
    canonical,
    commitment,
    decimal_text,
    entry_hash,
    normal_text,
    parse_canonical,
    tree_root,
)


@pytest.fixture(scope="module")
def history(vectors: Path) -> Any:
    """The vectors of history format 1."""
    return json.loads((vectors / "history_format_1.json").read_text())


@pytest.fixture(scope="module")
def jcs(vectors: Path) -> Path:
    """The RFC 8785 vectors."""
    return vectors / "crypto" / "jcs" / "testdata"


def test_vector_entries_bytes_and_hashes_are_exact(history: Any) -> None:
    """Every entry has the fixed bytes, its hash, and the link to the entry before."""
    prev = ZERO
    for vector in history["entries"]:
        assert canonical(vector["entry"]).decode() == vector["canonical"]
        assert entry_hash(vector["canonical"].encode()) == vector["hash"]
        assert parse_canonical(vector["canonical"]) == vector["entry"]
        assert vector["entry"]["prev"] == prev
        prev = vector["hash"]


def test_vector_commitments_are_exact(history: Any) -> None:
    """Salt and value give the fixed commitment."""
    for vector in history["commitments"]:
        assert commitment(bytes.fromhex(vector["salt"]), vector["value"]) == vector["commit"]


def test_vector_roots_are_exact(history: Any) -> None:
    """The tree over the first n entries has the fixed root."""
    leaves = [vector["hash"] for vector in history["entries"]]
    for size, root in history["roots"].items():
        assert tree_root(leaves[: int(size)]) == root


def test_vector_decimals_are_exact(history: Any) -> None:
    """Every spelling of a decimal has the fixed normal form."""
    for spelling, normal in history["decimals"].items():
        assert decimal_text(Decimal(spelling)) == normal


@pytest.mark.parametrize("name", ["arrays", "french", "structures", "values", "weird"])
def test_vector_jcs_outside_the_model_is_refused(jcs: Path, name: str) -> None:
    """General JSON with floats, nulls, empty members or foreign keys is not history."""
    value = json.loads((jcs / "input" / f"{name}.json").read_text())
    with pytest.raises(NotCanonical):
        canonical(value)


def test_vector_jcs_unicode_is_brought_to_nfc_at_input(jcs: Path) -> None:
    """Text that is not in NFC is refused in history and brought to NFC where it is taken in."""
    value = json.loads((jcs / "input" / "unicode.json").read_text())
    with pytest.raises(NotCanonical, match="NFC"):
        canonical(value)
    normal = {key: normal_text(text) for key, text in value.items()}
    assert normal == {key: normalize("NFC", text) for key, text in value.items()}
    assert canonical(normal) == rfc8785.dumps(normal)


@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
def test_vector_jcs_oracle_writes_the_fixed_bytes(jcs: Path, name: str) -> None:
    """The oracle of the other tests is itself right about RFC 8785."""
    value = json.loads((jcs / "input" / f"{name}.json").read_text())
    assert rfc8785.dumps(value).hex() == "".join((jcs / "outhex" / f"{name}.txt").read_text().split())
