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
from workflow.source.text import Mapping, Node, Sequence, parse

WORKFLOWS = sorted(path for path in DEFINITIONS.glob("*.yaml") if ".scenarios" not in path.suffixes)

WITHOUT_ARTICLE = {
    "ksdd": {
        "menuju_kb.batalkan"
    },  # no article says that a region may drop its own proposal; none forbids it
    "pks": {"menuju_pks.batalkan"},
    "pengambilalihan": set(),
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


@pytest.fixture(scope="module")
def pks() -> Definition:
    """The cooperation agreement."""
    return _load(DEFINITIONS / "pks.yaml")


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


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_definition_every_step_has_its_article(path: Path) -> None:
    """Each act and each clock of the law names what it rests on."""
    states = _load(path).states.values()
    handlers = [one for state in states for one in state.handlers]
    assert {one.path for one in handlers if not one.basis} == WITHOUT_ARTICLE[path.stem]
    clocks = [one for state in states for one in (*state.deadlines, *state.obligations)]
    assert [one.path for one in clocks if not one.basis and one.kind != "target"] == []


def _decided(file: str, name: str, node: Node) -> Iterator[tuple[str, str]]:
    """Yield file and element of each decision in a tree."""
    if isinstance(node, Mapping):
        for entry in node.entries:
            if entry.key.text == "decided":
                yield file, name
            else:
                inside = name if entry.key.text == "choose" else entry.key.text
                yield from _decided(file, inside, entry.value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _decided(file, name, item)


def test_decisions_are_explained() -> None:
    """Each ``decided`` of the files has its section in the page on the law, and the other way round."""
    files = [*WORKFLOWS, *sorted((DEFINITIONS / "fragments").glob("*.yaml"))]
    roots = [(path.name, parse(path.read_bytes(), file=path.name).root) for path in files]
    used = [one for name, root in roots if root is not None for one in _decided(name, "", root)]
    page = (ROOT / "docs" / "explanation" / "law.md").read_text(encoding="utf-8")
    explained = re.findall(r"^### [^\n]+\n\n`([\w.]+)`: `(\w+)`$", page, flags=re.MULTILINE)
    assert sorted(used) == sorted(explained)
    assert len(set(used)) == len(used) == 21


def _statutory(definition: Definition) -> dict[str, str]:
    return {
        one.path: str(one.within)
        for state in definition.states.values()
        for one in state.deadlines
        if one.kind == "statutory" and one.within is not None
    }


def test_statutory_clocks_are_those_of_the_law(ksdd: Definition, pks: Definition) -> None:
    """The lengths and units of the clocks D1 to D6 of P22, all of them in calendar days."""
    waiting, letter = "menuju_kb.penawaran.menunggu", "menuju_kb.surat_masuk"
    assert _statutory(ksdd) == {
        f"{waiting}.tanggapan_pertama.batas_tanggapan": "30 days",
        f"{waiting}.tanggapan_terakhir.batas_kedua": "15 days",
        f"{letter}.batas_tanggapan_kita": "30 days",
        f"{letter}.batas_tanggapan_kedua_kita": "15 days",
    }
    assert _statutory(pks) == {
        f"{council}.{name}": within
        for council in ("menuju_pks.dprd.di_dprd", "pelaksanaan.perubahan.dprd.di_dprd")
        for name, within in {
            "batas_keseluruhan": "45 days",
            "dikaji.batas_kajian": "15 days",
            "tindak_lanjut.batas_tindak_lanjut": "15 days",
            "menunggu_persetujuan.batas_persetujuan": "15 days",
        }.items()
    }


def test_example_proposal_fills_every_field_of_the_record(ksdd: Definition) -> None:
    """The example gives everything that opening and submitting may take, and nothing else."""
    given = proposal()
    assert set(given["open"]) == {*ksdd.opening.required, *ksdd.opening.optional}
    [submit] = [one for state in ksdd.states.values() for one in state.handlers if one.name == "ajukan"]
    assert set(given["ajukan"]) == set(submit.required)
    assert [one["side"] for one in given["parties"]] == list(ksdd.sides)
