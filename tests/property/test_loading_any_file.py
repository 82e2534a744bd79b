"""Whatever a file holds, loading it answers with findings that stand in it, and never raises."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.files import FolderResolver
from tests.bad_definitions import MATERIAL
from tests.unit.test_schema import definitions
from workflow.definition import Definition
from workflow.loading.loader import Loaded, load_definition
from workflow.source.diagnostics import has_errors
from workflow.source.formats import render_json
from workflow.source.renderers import render_text
from workflow.source.text import Node, Parsed

TEXT = (MATERIAL / "kerjasama_kecil.yaml").read_text(encoding="utf-8")
LINES = TEXT.split("\n")


def load(source: str) -> Loaded:
    """Load a text beside the tests' lists."""
    return load_definition((source, "kerjasama_kecil.yaml"), resolve=FolderResolver(MATERIAL))


def assert_is_an_answer(loaded: Loaded) -> None:
    """A definition just when nothing is an error; every finding can be shown."""
    assert (loaded.definition is None) == has_errors(loaded.diagnostics)
    if loaded.definition is not None:
        assert len(loaded.definition.digest) == 64
    for language in ("en", "id"):
        assert render_text(loaded.diagnostics, loaded.sources, language=language)
    render_json(loaded.diagnostics)


@settings(max_examples=300)
@given(node=definitions())
def test_loading_changed_tree_answers(node: Node) -> None:
    """A definition with some parts replaced, dropped or moved is answered."""
    parsed = Parsed(root=node, diagnostics=(), file="kerjasama_kecil.yaml", text="")
    assert_is_an_answer(load_definition(parsed, resolve=FolderResolver(MATERIAL)))


@settings(max_examples=100)
@given(st.data())
def test_loading_edited_text_answers(data: st.DataObject) -> None:
    """A definition of which a stretch of text was replaced is answered."""
    start = data.draw(st.integers(0, len(TEXT)))
    end = data.draw(st.integers(start, min(len(TEXT), start + 40)))
    put = data.draw(st.text(alphabet="abc_.:,-{}[]()'\"$#&*!|> \n\t0129=ékψ", max_size=12))
    assert_is_an_answer(load(TEXT[:start] + put + TEXT[end:]))


@settings(max_examples=60)
@given(line=st.integers(0, len(LINES) - 1))
def test_loading_without_a_line_answers(line: int) -> None:
    """A definition from which one line was lost is answered."""
    assert_is_an_answer(load("\n".join(LINES[:line] + LINES[line + 1 :])))


@pytest.mark.parametrize("content", ["", "a", "[]", "{}", "- a", "format: 1", "fragment: x", "workflow: {}"])
def test_loading_what_is_no_definition_answers(content: str) -> None:
    """A file that is something else is refused with a place."""
    loaded = load(content)
    assert loaded.definition is None
    assert has_errors(loaded.diagnostics)


def test_loading_same_text_gives_same_digest() -> None:
    """Loading is a function of the text."""
    first, second = load(TEXT).definition, load(TEXT).definition
    assert isinstance(first, Definition)
    assert isinstance(second, Definition)
    assert (first.digest, first.canonical) == (second.digest, second.canonical)
