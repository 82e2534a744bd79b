"""The page on guards says what is so."""

from __future__ import annotations

import re

import pytest

from tests.guards import SCOPE, compiled, known, refused
from tests.places import ROOT
from workflow.expressions.compiler import FUNCTIONS, QUANTIFIERS, RELATED, SPECIAL
from workflow.expressions.tokens import MAX_DEPTH, MAX_LENGTH, MAX_OPERATORS
from workflow.source.diagnostics import CODES

PAGE = (ROOT / "docs" / "reference" / "guards.md").read_text(encoding="utf-8")


def lines(sort: str) -> list[str]:
    """The lines of every block of one sort."""
    blocks = re.findall(rf"^```{sort}\n(.*?)^```$", PAGE, flags=re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines()]


@pytest.mark.parametrize("text", lines("guard"))
def test_guard_of_the_page_compiles(text: str) -> None:
    """What the page shows as a guard is one, where every field is known."""
    assert compiled(text, known(), expect="boolean")


@pytest.mark.parametrize("text", lines("maybe-empty"))
def test_guard_of_the_page_reads_no_empty_field(text: str) -> None:
    """What the page shows as asking first compiles where no field is known."""
    assert compiled(text, SCOPE, expect="boolean")


@pytest.mark.parametrize("line", lines("refused"))
def test_refusal_of_the_page_has_its_code(line: str) -> None:
    """What the page shows as refused is refused with that code."""
    text, code = line.split(" → ")
    assert {one.code for one in refused(text, known(), expect="boolean")} == {code}


def test_page_names_every_code_function_and_bound() -> None:
    """Codes, functions, words and bounds of the page are those of the code."""
    own = {code for code in CODES if code.startswith("guard-")}
    own |= {"maybe-empty", "personal-in-guard"}
    assert set(re.findall(r"^\| `([a-z-]+)` \|", PAGE.partition("## Codes")[2], flags=re.MULTILINE)) == own
    for word in (*FUNCTIONS, *SPECIAL, *RELATED, *QUANTIFIERS):
        assert re.search(rf"`{word}\b", PAGE), word
    bounds = (
        f"At most {MAX_LENGTH:,} characters, {MAX_DEPTH} brackets inside each other, and {MAX_OPERATORS} of"
    )
    assert bounds in PAGE
