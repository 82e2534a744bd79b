"""Slips in values, and what is offered instead."""

from __future__ import annotations

import pytest

from tests.definitions import findings
from workflow.locale import Message
from workflow.source.remedies import remedy
from workflow.source.shapes import DURATION, LAW, NAME, PATH, Form, Leaf, word

DAY = word("date", r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TRUTH = Leaf(form=Form.BOOLEAN, name="boolean", words=("true", "false"))
ONLY_DAYS = Leaf(form=Form.DURATION, name="days", pattern=r"[1-9][0-9]* days?")


def _text(message: Message | None) -> str | None:
    return None if message is None else message.text("en")


@pytest.mark.parametrize(
    ("leaf", "written", "meant"),
    [
        (DURATION, "10 hari kerja", "10 working days"),
        (DURATION, "30 hari", "30 days"),
        (DURATION, "6 bulan", "6 months"),
        (DURATION, "3 workdays", "3 working days"),
        (DURATION, "45days", "45 days"),
        (NAME, "Indonesia", "indonesia"),
        (NAME, "berita-acara", "berita_acara"),
        (PATH, "Menuju.KB", "menuju.kb"),
        (LAW, "p22", "P22"),
        (DAY, "14-04-2020", "2020-04-14"),
        (DAY, "1/2/2026", "2026-02-01"),
        (TRUTH, "ya", "true"),
        (TRUTH, "No", "false"),
        (ONLY_DAYS, "30", "30 days"),
    ],
)
def test_remedy_of_a_slip_is_what_was_meant(leaf: Leaf, written: str, meant: str) -> None:
    """A slip with one reading is answered with that reading, which fits where it stands."""
    assert _text(remedy(leaf, written)) == f"did you mean '{meant}'?"


@pytest.mark.parametrize(
    ("leaf", "written"),
    [
        (DURATION, "lama"),
        (DURATION, "10 minggu"),
        (DURATION, "10 days kalender"),
        (NAME, "12"),
        (NAME, "opd@kukar.go.id"),
        (DAY, "besok"),
        (TRUTH, "mungkin"),
        (ONLY_DAYS, "10 hari kerja"),
    ],
)
def test_remedy_of_what_is_anyones_guess_is_none(leaf: Leaf, written: str) -> None:
    """What fits nowhere after being mended is not offered."""
    assert remedy(leaf, written) is None


def test_remedy_of_a_number_asks_for_its_unit() -> None:
    """Calendar days and working days differ, so neither is guessed."""
    assert _text(remedy(DURATION, "30")) == "write the unit: '30 days', or '30 working days'"


def test_remedy_of_blanks_is_one_name_or_several() -> None:
    """Two words in a list lack their comma, or are one name: both are shown."""
    assert _text(remedy(PATH, "judul nilai")) == (
        "a name has no blanks: 'judul_nilai'; in a list, commas stand between names: 'judul, nilai'"
    )


def test_type_of_a_value_where_keys_belong_names_the_keys() -> None:
    """One value where key: value belongs is answered with the keys that may stand there."""
    (found,) = findings(
        states="disusun: {deadlines: {batas: {within: 5 days, kind: target, then: selesai}}, "
        "transitions: {ajukan: {by: [opd], to: selesai}}}\nselesai: {final: true, outcome: x}\n"
    )
    assert found.code == "wrong-type"
    assert "to, reenter, set" in (found.help_in("en") or "")
