"""The documents of the YAML test suite (yaml/yaml-test-suite, MIT): none misread, none without an answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from workflow.source.characters import BREAK
from workflow.source.text import Mapping, Node, Parsed, Scalar, Sequence, parse

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

DEVIATIONS = {
    # Invalid YAML 1.2 that the parser reads, each as what its author plainly meant.
    "9C9N": "lines of a flow list not indented further than its key",
    "CVW2": "no space before a comment after a comma",
    "DK95/01": "a continued line of a quoted text indented by a tab alone",
    "QB6E": "lines of a quoted text not indented further than its key",
    "S98Z": "a line of blanks longer than the indentation at the start of a block text",
}


@pytest.fixture(scope="module")
def suite(vectors: Path) -> list[dict[str, Any]]:
    """The 402 documents: ``id, label, yaml, error`` and, for most, ``json``."""
    documents: list[dict[str, Any]] = json.loads(
        (vectors / "yaml" / "yaml_test_suite.json").read_text("utf-8")
    )
    return documents


def _parsed(document: dict[str, Any]) -> Parsed:
    return parse(document["yaml"].encode(), file=document["id"])


def test_suite_is_whole(suite: list[dict[str, Any]]) -> None:
    """The suite has 402 documents, 94 of them invalid."""
    assert (len(suite), sum(document["error"] for document in suite)) == (402, 94)


def test_suite_every_rejection_has_a_place_within_the_text(suite: list[dict[str, Any]]) -> None:
    """Nothing crashes, and each rejection has a line and a column inside the document."""
    for document in suite:
        lines = BREAK.split(document["yaml"])
        for found in _parsed(document).diagnostics:
            assert 1 <= found.line <= len(lines), document["id"]
            assert 1 <= found.column <= len(lines[found.line - 1]) + 1, document["id"]


def test_suite_invalid_documents_are_rejected(suite: list[dict[str, Any]]) -> None:
    """Of the 94 invalid documents exactly the documented deviations are read."""
    invalid = [document for document in suite if document["error"]]
    read = {document["id"] for document in invalid if not _parsed(document).diagnostics}
    assert read == set(DEVIATIONS)


def test_suite_rejected_documents_say_why_or_hold_errors(suite: list[dict[str, Any]]) -> None:
    """What has no tree has a diagnostic, and what has no diagnostic has a tree."""
    for document in suite:
        parsed = _parsed(document)
        assert parsed.diagnostics or parsed.root is not None, document["id"]


def test_suite_what_is_read_is_what_was_written(suite: list[dict[str, Any]]) -> None:
    """A document read without a finding holds the suite's own values, apart from being all text."""
    compared = 0
    for document in suite:
        parsed = _parsed(document)
        if document["error"] or parsed.diagnostics or document.get("json") is None:
            continue
        compared += 1
        assert parsed.root is not None
        assert _agree(parsed.root, json.loads(document["json"])), document["id"]
    assert compared >= 150


def _agree(node: Node, expected: Json) -> bool:
    if isinstance(node, Mapping):
        names = [entry.key.text for entry in node.entries]
        return (
            isinstance(expected, dict)
            and sorted(names) == sorted(expected)
            and all(_agree(entry.value, expected[entry.key.text]) for entry in node.entries)
        )
    if isinstance(node, Sequence):
        return (
            isinstance(expected, list)
            and len(node.items) == len(expected)
            and all(map(_agree, node.items, expected))
        )
    return _means(node, expected)


def _means(scalar: Scalar, expected: Json) -> bool:
    """Tell whether the text of a scalar is one that YAML 1.2's core schema reads as the value."""
    if isinstance(expected, str):
        return scalar.text == expected
    if not scalar.plain:
        return False
    if expected is None:
        return scalar.text in ("", "~", "null", "Null", "NULL")
    if isinstance(expected, bool):
        return scalar.text.lower() == str(expected).lower()
    if isinstance(expected, int | float):
        based = scalar.text.startswith(("0x", "0o"))
        return (int(scalar.text, 0) if based else float(scalar.text)) == expected
    return False
