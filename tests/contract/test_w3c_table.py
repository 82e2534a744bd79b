"""The table of the W3C's conformance tests in docs/reference/semantics.md is complete and true.

Every mandatory test of the vectors has one row; what a row names exists, and what is not applicable has
a reason that the page explains.
"""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from functools import cache
from pathlib import Path

from tests.places import ROOT

PAGE = ROOT / "docs" / "reference" / "semantics.md"
HEADING = "## The W3C's conformance tests"
ROW = re.compile(r"^\| `(test\w+)` \| (covered|deviates|not applicable) \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def part() -> str:
    """The part of the page about the W3C's tests."""
    return PAGE.read_text(encoding="utf-8").partition(HEADING)[2].partition("\n## ")[0]


def rows() -> list[tuple[str, str, str]]:
    """Test of the W3C, verdict, and what stands behind it."""
    return ROW.findall(part())


@cache
def functions(file: str) -> dict[str, str]:
    """The test functions of a file with their docstrings."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    found = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    return {node.name: ast.get_docstring(node) or "" for node in found}


def test_table_lists_exactly_the_mandatory_tests(vectors: Path) -> None:
    """Each mandatory test of the W3C has one row, in the order of the vectors, and nothing else has."""
    index = json.loads((vectors / "statecharts" / "w3c_index.json").read_text(encoding="utf-8"))
    assert [name for name, _, _ in rows()] == [one["id"] for one in index if one["group"] == "mandatory"]


def test_table_names_tests_that_exist() -> None:
    """Every test of ours that the page names is a function of that file."""
    named = NAMED.findall(part())
    assert named
    assert [f"{file}::{name}" for file, name in named if name not in functions(file)] == []


def test_table_covered_and_deviating_rows_name_a_test() -> None:
    """Nothing is called covered, or different on purpose, without a test that shows it."""
    shown = [(name, why) for name, verdict, why in rows() if verdict != "not applicable"]
    assert [name for name, why in shown if not NAMED.search(why)] == []


def test_table_reasons_are_explained_and_used() -> None:
    """What is not applicable has one of the reasons above the table, and each of them is used."""
    explained = re.findall(r"^\| ([a-z ]+) \| \S.+ \|$", part().partition("| W3C test |")[0], re.MULTILINE)
    used = {why for _, verdict, why in rows() if verdict == "not applicable"}
    assert set(explained) - {"reason"} == used


def test_table_counts_are_those_of_its_rows() -> None:
    """The figures above the table are the number of rows of each kind."""
    said = re.search(
        r"(\d+) are covered by tests of ours, (\d+) behave otherwise here, (\d+) ask for", part()
    )
    assert said
    count = Counter(verdict for _, verdict, _ in rows())
    assert [int(one) for one in said.groups()] == [
        count["covered"],
        count["deviates"],
        count["not applicable"],
    ]


def test_w3c_test_in_a_docstring_has_its_row() -> None:
    """A test that says which W3C test it is for stands in that row."""
    file = "tests/unit/test_chart_w3c.py"
    behind = {name: why for name, _, why in rows()}
    for name, docstring in functions(file).items():
        for theirs in re.findall(r"\btest\d+\w*", docstring):
            assert f"`{file}::{name}`" in behind[theirs], (name, theirs)
