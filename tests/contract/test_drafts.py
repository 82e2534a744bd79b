"""The drafts of the real definitions load as they stand, with all their fragments."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest

from engine.files import FolderResolver
from workflow.definition import Definition
from workflow.loading.loader import Loaded, load_definition
from workflow.source.text import parse

DEFINITIONS = ("ksdd", "ksdpl", "pengambilalihan", "pks")
FRAGMENTS = ("dprd", "gubernur", "penandatanganan", "penawaran", "penyusunan", "perselisihan", "telaah")


@pytest.fixture
def drafts(vectors: Path) -> Path:
    """The folder of the drafts, beside the vectors."""
    return vectors.parent / "drafts"


@pytest.fixture
def load(drafts: Path) -> Callable[[str], Loaded]:
    """Loads a file of the drafts' folder."""

    def loaded(name: str) -> Loaded:
        return load_definition(((drafts / name).read_bytes(), name), resolve=FolderResolver(drafts))

    return loaded


@pytest.fixture
def read(load: Callable[[str], Loaded]) -> Callable[[str], Definition]:
    """Loads a definition that must be right."""

    def definition(name: str) -> Definition:
        found = load(f"{name}.yaml").definition
        assert found is not None
        return found

    return definition


@pytest.mark.parametrize("name", DEFINITIONS)
def test_draft_loads_without_a_finding(name: str, load: Callable[[str], Loaded]) -> None:
    """Nothing is wrong with a draft, and what is doubtful is known."""
    loaded = load(f"{name}.yaml")
    assert [(one.file, one.line, one.code) for one in loaded.diagnostics] == EXPECTED.get(name, [])
    assert loaded.definition is not None


@pytest.mark.parametrize("name", FRAGMENTS)
def test_fragment_of_the_drafts_stands_alone(name: str, load: Callable[[str], Loaded]) -> None:
    """Each fragment can be checked without the workflow that uses it."""
    loaded = load(f"fragments/{name}.yaml")
    expected = [one for one in EXPECTED["pks"] if one[0] == f"fragments/{name}.yaml"]
    assert [(one.file, one.line, one.code) for one in loaded.diagnostics] == expected
    assert loaded.definition is None


EXPECTED = {"pks": [("fragments/dprd.yaml", 63, "old-field")]}
"""Draft → what is said of it, and rightly: the letter to the council may be withdrawn and sent anew while
`pandangan` still holds the view of the round before, so that the second round would never be deemed
approved. It is said once, though the fragment is used twice.
"""


def test_council_has_three_steps_where_the_law_has_them(read: Callable[[str], Definition]) -> None:
    """One fragment is the council of PP28 in steps and that of P25 in one letter."""
    steps = {path.rpartition(".")[2] for path in read("pks").states if path.startswith("dprd.di_dprd.")}
    assert steps == {"pembagian", "dikaji", "tindak_lanjut", "menunggu_persetujuan"}
    council = "menuju_naskah.masa_loi.dprd"
    other = read("ksdpl").states
    assert {path for path in other if path.startswith(f"{council}.di_dprd.")} == {
        f"{council}.di_dprd.pembagian",
        f"{council}.di_dprd.dibahas",
    }
    assert other[f"{council}.di_dprd.dibahas"].handlers == ()


def test_second_use_of_a_fragment_is_another(read: Callable[[str], Definition]) -> None:
    """The council on an amendment has fields and clocks of its own."""
    fields = read("pks").fields
    assert {"dprd.diterima_dprd", "pelaksanaan.perubahan.dprd.diterima_dprd"} <= fields.keys()


def test_signing_hands_its_date_to_the_workflow(read: Callable[[str], Definition]) -> None:
    """An exit reads the fragment by path and sets a field of the host."""
    (branch,) = read("ksdd").states["menuju_kb.kb.selesai"].always
    assert branch.target == "kb_berlaku"
    assert [(one.field, one.value.normal) for one in branch.set] == [("kb_tanggal", "menuju_kb.kb.tanggal")]


def test_largest_draft_is_checked_in_a_second(load: Callable[[str], Loaded]) -> None:
    """Checking a definition with all its fragments stays under a second."""
    started = process_time()
    load("pks.yaml")
    assert process_time() - started < 1


def test_two_thousand_lines_are_parsed_in_a_tenth_of_a_second(drafts: Path) -> None:
    """The text of a file ten times as long as any is no wait; the best of five, for a busy machine."""
    head, states = (drafts / "ksdd.yaml").read_text(encoding="utf-8").split("\nstates:\n")
    lines = states.splitlines()
    copies = (
        f"  v{number}_{line[2:]}" if line[:2] == "  " and line[2:3].isalpha() else line
        for number in range(15)
        for line in lines
    )
    text = head + "\nstates:\n" + "\n".join(copies)
    assert text.count("\n") > 2_000

    def took() -> float:
        started = process_time()
        assert not parse(text, file="long.yaml").diagnostics
        return process_time() - started

    assert min(took() for _ in range(5)) < 0.1
