"""Texts that come in: nothing in them that hides or reorders what people read, and none without end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from engine.legible import LONGEST_FIELD, LONGEST_NAME, LONGEST_SAID
from kerjasama import Actor, Engine, Party, Refused
from tests.clocks import FakeClock
from tests.endurance import OFFICER, TENANT, close, deploy, note, open_case


@pytest.fixture
def engine(store_url: str, clock: FakeClock) -> Iterator[Engine]:
    """An engine with the small workflow, in virtual time."""
    with Engine(store_url, tenant=TENANT, clock=clock) as made:
        yield deploy(made)


def refused(call: Any, *given: Any, **named: Any) -> Refused:
    """Call what must be refused."""
    with pytest.raises(Refused) as caught:
        call(*given, **named)
    assert {reason.code for reason in caught.value.reasons} == {"invalid-field"}
    for language in ("id", "en"):
        assert caught.value.text(language).isprintable() or "\n" in caught.value.text(language)
    return caught.value


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\u202e", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("\u2066", "U+2066"),
        ("\u200b", "U+200B ZERO WIDTH SPACE"),
        ("\ufeff", "U+FEFF"),
        ("\u3164", "U+3164 HANGUL FILLER"),
        ("\x07", "U+0007"),
        ("\x1b", "U+001B"),
        ("\u2028", "U+2028"),
        ("\U000e0041", "U+E0041"),
    ],
)
def test_unseen_character_is_refused_by_name_and_place(engine: Engine, character: str, name: str) -> None:
    """Fields, what is said, names and ids: each is told where it is, all at once."""
    text = f"Air{character}baku"
    refusal = refused(open_case, engine, text, comment=text, reason=text)
    places = [name for reason in refusal.reasons for names in reason.needs.values() for name in names]
    assert places == ["reason", "comment", "judul"]
    assert f"judul holds {name}" in refusal.text("en").splitlines()[2]
    assert "character 4" in refusal.text("en")
    refused(open_case, engine, parties=[Party("kukar", side="a", name=text)])
    case = open_case(engine)
    refused(note, engine, case.id, request_id=text)
    refused(engine.suspend, case.id, by=Actor(text))
    [stands] = engine.fire_many(
        [{"case_id": case.id, "trigger": "tutup", "by": OFFICER, "reason": text}], atomic=False
    )
    assert isinstance(stands, Refused)
    explanation = engine.explain(case.id, "tutup", by=OFFICER, reason=text)
    assert [reason.code for reason in explanation.reasons] == ["invalid-field"]
    assert len(engine.history(case.id)) == 1


@pytest.mark.parametrize("text", ["Baris satu\n\tbaris dua\r\n", "ꦲꦏ꧀\u200cꦱꦫ", "مرحبا", "Café, 50 °C ≥ 10 €"])
def test_text_that_people_write_is_taken(engine: Engine, text: str) -> None:
    """Line breaks, tabs, other scripts and the joiners that they need are no problem."""
    case = open_case(engine, text, comment=text)
    assert case.fields["judul"] == text
    assert engine.ledger.verify(case.id).is_clean


def test_text_without_a_limit_of_its_own_has_one_all_the_same(engine: Engine) -> None:
    """Reason, comment, names and fields end somewhere; what is longer belongs in a document."""
    case = open_case(engine)
    assert note(engine, case.id, comment="x" * LONGEST_SAID).revision == 2
    for said, most in (
        ({"comment": "x" * (LONGEST_SAID + 1)}, LONGEST_SAID),
        ({"reason": "x" * (LONGEST_SAID + 1)}, LONGEST_SAID),
        ({"request_id": "x" * (LONGEST_NAME + 1)}, LONGEST_NAME),
    ):
        assert f"at most {most}" in refused(note, engine, case.id, **said).text("en")
    given = {"urutan": 1, "narahubung": "x" * (LONGEST_FIELD + 1)}
    assert "narahubung" in refused(engine.fire, case.id, "catat", by=OFFICER, fields=given).text("id")


def test_closed_case_says_on_which_day_in_its_own_zone(engine: Engine, clock: FakeClock) -> None:
    """Late in the evening in UTC it is the next day in Makassar."""
    case = open_case(engine)
    clock.set_local(date(2026, 3, 4), hour=1)
    close(engine, case.id)
    with pytest.raises(Refused) as caught:
        note(engine, case.id)
    for language in ("id", "en"):
        assert "2026-03-04" in caught.value.text(language)
        assert "T1" not in caught.value.text(language)
