"""The documentation holds together: links lead somewhere, indexes are complete."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.places import ROOT

PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")],
)


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _tokens(page: Path) -> list[Token]:
    flat: list[Token] = []
    for token in MarkdownIt("commonmark").parse(page.read_text(encoding="utf-8")):
        flat += [token, *(token.children or ())]
    return flat


def _anchors(page: Path) -> set[str]:
    """Return the anchors of headings as code hosts make them."""
    tokens = _tokens(page)
    titles = [text.content for token, text in pairwise(tokens) if token.type == "heading_open"]
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of a page leads to a file, and every anchor to a heading."""
    dead = []
    for token in _tokens(page):
        target = str(token.attrGet("href") or token.attrGet("src") or "")
        if not target or re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        place = (page.parent / path).resolve() if path else page
        if not place.exists() or (anchor and place.suffix == ".md" and anchor not in _anchors(place)):
            dead.append(target)
    assert dead == []


def test_index_of_documentation_names_every_page() -> None:
    """No page of the documentation is an orphan: its index links to it."""
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = [
        str(page.relative_to(ROOT / "docs"))
        for page in (ROOT / "docs").rglob("*.md")
        if "decisions" not in page.parts and page != ROOT / "docs" / "README.md"
    ]
    assert [page for page in pages if f"({page})" not in index] == []


def test_index_of_decisions_is_complete() -> None:
    """Every decision is listed, and numbers are used once."""
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    names = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert [name for name in names if f"({name})" not in index] == []
    numbers = [name[:4] for name in names]
    assert len(set(numbers)) == len(numbers)


def test_readme_names_the_test_command() -> None:
    """`.ci/run` finds the command in the README by its marker and one code block after it."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    [command] = re.findall(r"<!-- ci: test -->\n```sh\n(.+?)\n```", text, flags=re.DOTALL)
    assert command.strip()
