"""The shipped definitions: clean, in both languages, each step with its article, explained."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from engine.files import FolderResolver
from tests.contract.cooperation import KSDD, proposal
from tests.places import DEFINITIONS, ROOT
from workflow.definition import Act, Definition, Label
from workflow.loading.loader import load_definition
from workflow.source.renderers import render_text

WORKFLOWS = sorted(path for path in DEFINITIONS.glob("*.yaml") if ".scenarios" not in path.suffixes)

WITHOUT_ARTICLE = {
    "menuju_kb.batalkan",  # no article says that a region may drop its own proposal; none forbids it
    "menuju_kb.penyusunan_kak.lampirkan",  # practice: annexes of the proposal
}


def _load(path: Path) -> Definition:
    source = path.read_text(encoding="utf-8")
    loaded = load_definition((source, path.name), resolve=FolderResolver(DEFINITIONS))
    assert not loaded.diagnostics, render_text(loaded.diagnostics, loaded.sources)
    assert loaded.definition is not None
    return loaded.definition


@pytest.fixture(scope="module")
def ksdd() -> Definition:
    """The cooperation with another region."""
    return _load(KSDD)


def _labels(value: object) -> Iterator[Label]:
    if isinstance(value, Label):
        yield value
    elif is_dataclass(value):
        for one in fields(value):
            yield from _labels(getattr(value, one.name))
    elif isinstance(value, dict):
        for one in value.values():
            yield from _labels(one)
    elif isinstance(value, tuple):
        for one in value:
            yield from _labels(one)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_definition_loads_without_a_finding(path: Path) -> None:
    """A shipped definition has neither an error nor a warning nor a note."""
    assert _load(path).workflow == path.stem


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_definition_speaks_both_languages(path: Path) -> None:
    """Whatever people read stands in Indonesian and in English."""
    definition = _load(path)
    lacking = [label.id for label in _labels(definition) if label.en is None]
    assert lacking == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_definition_titles_what_people_see(path: Path) -> None:
    """States, acts, clocks and duties have a title; the votes of a consent are named after it."""
    untitled = []
    for state in _load(path).states.values():
        acts = [one for one in state.handlers if one.act in (Act.TAKE, Act.YES)]
        shown = [state, *acts, *state.deadlines, *state.obligations]
        untitled += [one.path for one in shown if one.title is None and one.path]
    assert untitled == []


def test_ksdd_every_step_has_its_article(ksdd: Definition) -> None:
    """Each act and each clock of the law names what it rests on."""
    handlers = [one for state in ksdd.states.values() for one in state.handlers]
    assert {one.path for one in handlers if not one.basis} == WITHOUT_ARTICLE
    clocks = [one for state in ksdd.states.values() for one in (*state.deadlines, *state.obligations)]
    assert [one.path for one in clocks if not one.basis and one.kind != "target"] == []


def test_ksdd_decisions_are_explained() -> None:
    """Each "Keputusan N" of the file has its section in the page on the law, and the other way round."""
    used = re.findall(r"# Keputusan (\d+):", KSDD.read_text(encoding="utf-8"))
    page = (ROOT / "docs" / "explanation" / "law.md").read_text(encoding="utf-8")
    explained = re.findall(r"^### Keputusan (\d+):", page, flags=re.MULTILINE)
    assert sorted(map(int, used)) == sorted(map(int, explained)) == list(range(1, len(explained) + 1))


def test_ksdd_council_clocks_are_those_of_the_law(ksdd: Definition) -> None:
    """The lengths and units of the statutory clocks of P22, all of them in calendar days."""
    clocks = {
        one.name: str(one.within)
        for state in ksdd.states.values()
        for one in state.deadlines
        if one.kind == "statutory" and one.within is not None
    }
    assert clocks == {
        "batas_tanggapan": "30 days",
        "batas_kedua": "15 days",
        "batas_keseluruhan": "45 days",
        "batas_kajian": "15 days",
        "batas_tindak_lanjut": "15 days",
        "batas_persetujuan": "15 days",
    }


def test_example_proposal_fills_every_field_of_the_record(ksdd: Definition) -> None:
    """The example gives everything that opening and submitting may take, and nothing else."""
    given = proposal()
    assert set(given["open"]) == {*ksdd.opening.required, *ksdd.opening.optional}
    [submit] = [one for state in ksdd.states.values() for one in state.handlers if one.name == "ajukan"]
    assert set(given["ajukan"]) == set(submit.required)
    assert [one["side"] for one in given["parties"]] == list(ksdd.sides)
