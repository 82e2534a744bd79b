"""What was decided where the law is no answer, below a drawing; related cases in words."""

from __future__ import annotations

import re

import pytest

from engine.drawing import svg
from tests.definitions import definition
from workflow.definition import Definition
from workflow.diagram.drawing import draw
from workflow.diagram.model import Row

STATES = """\
disusun:
  decided: {question: Kapan mulai?, chosen: Sejak diterima., basis: P22 ps 8}
  transitions:
    ajukan:
      title: {id: Ajukan, en: Submit}
      by: [opd]
      fields: {required: [nilai]}
      choose:
        - when: nilai > 5
          to: menunggu
          decided: {question: {id: Siapa?, en: Who?}, chosen: {id: Ketua., en: The head.}}
        - to: menunggu
    mulai: {by: [opd], opens: {child: anak}}
menunggu:
  transitions:
    lupakan: {by: [ketua], set: {nilai: None}, to: disusun}
  always:
    - when: any(not p.closed for p in children('anak'))
      to: disusun
    - when: all(p.closed for p in children('anak')) and len(children('anak')) > 1
      to: selesai
selesai: {final: true, outcome: selesai}
"""
DECLARED = """\
fields:
  nilai:
    type: integer
    title: {id: Nilai, en: Value}
    decided: {question: Berapa?, chosen: Paling banyak dua ratus kata., basis: [P22 ps 7, P22 ps 9]}
children:
  anak: {workflow: contoh, title: {id: Perjanjian, en: Agreements}}
"""


@pytest.fixture(scope="module")
def decided() -> Definition:
    """A process with a decision at a field, a state and a branch."""
    return definition(DECLARED, states=STATES)


def test_decisions_stand_below_the_drawing_in_order(decided: Definition) -> None:
    """Each decision is told with the title of its element: declarations first, then states in order."""
    told = draw(decided, "en").decisions
    assert [(one.where, one.question, one.basis) for one in told] == [
        ("Value", "Berapa?", "P22 ps 7, P22 ps 9"),
        ("Disusun", "Kapan mulai?", "P22 ps 8"),
        ("Submit", "Who?", ""),
    ]


def test_decisions_are_told_in_the_language_of_the_drawing(decided: Definition) -> None:
    """What has both languages is told in that of the drawing; a single text is told in both."""
    assert [draw(decided, language).decisions[2].chosen for language in ("id", "en")] == [
        "Ketua.",
        "The head.",
    ]
    assert {draw(decided, language).decisions[1].chosen for language in ("id", "en")} == {"Sejak diterima."}


def test_decisions_are_drawn_whole_and_apart(decided: Definition) -> None:
    """The picture says what was asked and what was chosen; no two lines of it lie on each other."""
    drawn = svg(draw(decided, "id"))
    foot = drawn[drawn.index("Keputusan ketika hukum") :]
    said = " ".join(re.findall(r">([^<>]+)</text>", foot))
    for words in ("Berapa?", "Diputuskan: Paling banyak dua ratus kata. (P22 ps 7, P22 ps 9)", "Siapa?"):
        assert words in said
    places = re.findall(r'<text x="([\d.]+)" y="([\d.]+)"', foot[: foot.index("<g transform")])
    assert len(set(places)) == len(places) > 6


def test_decisions_are_left_out_of_the_phases(decided: Definition) -> None:
    """A drawing of the phases alone has no room for them."""
    assert draw(decided, "id", phases_only=True).decisions == ()


def _rows(definition: Definition, language: str) -> list[Row]:
    return [row for box in draw(definition, language).boxes() for row in box.rows]


def test_guard_over_children_is_said_in_words(decided: Definition) -> None:
    """``all`` and ``any`` over related cases are said with the title of the relation."""
    rows = _rows(decided, "en")
    conditions = " ".join(way.when for row in rows for way in row.ways)
    assert "one of Agreements: has not ended" in conditions
    assert "every one of Agreements: has ended and number of Agreements > 1" in conditions
    assert "opens a case of its own: Agreements" in [note for row in rows for note in row.notes]


def test_field_that_is_emptied_is_said_in_words(decided: Definition) -> None:
    """Writing ``None`` into a field is said as people say it."""
    assert "Value: nothing" in [way.sets for row in _rows(decided, "en") for way in row.ways]
