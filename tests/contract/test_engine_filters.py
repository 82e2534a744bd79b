"""Asking for cases: a slip in a name is told and never looks like an empty answer."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from engine.refused import InvalidCall
from kerjasama import Engine, UnknownFilter, WrongArgument
from tests.cli import run
from tests.clocks import FakeClock
from tests.endurance import ADMIN, DEFINITION, TENANT, deploy, note, open_case, send


@pytest.fixture
def engine(store_url: str, clock: FakeClock) -> Iterator[Engine]:
    """An engine with the small workflow, in virtual time."""
    with Engine(store_url, tenant=TENANT, clock=clock) as made:
        yield deploy(made)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"workflow": "ketahana"}, "workflow ketahana. Did you mean ketahanan?"),
        ({"state": "kerjaa"}, "state kerjaa. Did you mean kerja?"),
        ({"where": {"jdul": "Uji"}}, "field jdul. Did you mean judul?"),
        ({"where": {"zzzzzzzz": "Uji"}}, "field zzzzzzzz. There are: judul, "),
        ({"workflow": "ketahanan", "state": "kerjaa"}, "state kerjaa. Did you mean kerja?"),
    ],
)
def test_unknown_name_is_told_with_the_nearest(engine: Engine, asked: dict[str, Any], said: str) -> None:
    """Workflow, state and field are looked up in what is deployed."""
    open_case(engine)
    with pytest.raises(UnknownFilter) as caught:
        engine.cases(**asked)
    assert said in caught.value.text("en")
    assert caught.value.text("id") != caught.value.text("en")
    assert caught.value.exit_status == 2
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_known_names_find_cases_by_python_values_and_by_those_of_history(engine: Engine) -> None:
    """A date is found as a date and as its text; what nobody has is an empty answer."""
    case = open_case(engine)
    note(engine, case.id, 7)
    send(engine, case.id, date(2026, 1, 2))
    for where in ({"sejak": date(2026, 1, 2)}, {"sejak": "2026-01-02"}, {"urutan": 7}, {"judul": "Uji"}):
        assert [one.id for one in engine.cases(where=where).items] == [case.id]
    assert engine.cases(where={"judul": "Lain"}).items == ()
    assert engine.cases(where={"urutan": "tujuh"}).items == ()
    with pytest.raises(WrongArgument, match=r"where\['judul'\]"):
        engine.cases(where={"judul": date(2026, 1, 2)})


def test_name_of_an_older_version_is_known(engine: Engine, tmp_path: Any) -> None:
    """Cases of an older version may still run: what it calls its fields can be asked for."""
    case = open_case(engine)
    text = DEFINITION.read_text(encoding="utf-8").replace("version: 1", "version: 2", 1)
    newer = tmp_path / "ketahanan.yaml"
    newer.write_text(text.replace("judul", "nama"), encoding="utf-8")
    engine.deploy(newer, by=ADMIN)
    assert [one.id for one in engine.cases(where={"judul": "Uji"}).items] == [case.id]
    assert engine.cases(where={"nama": "Uji"}).items == ()
    with pytest.raises(UnknownFilter, match="judul"):
        engine.cases(where={"judl": "Uji"})


@pytest.mark.parametrize("limit", [0, -1])
def test_limit_below_one_is_told(engine: Engine, limit: int) -> None:
    """No page, history or list has less than one."""
    case = open_case(engine)
    for call in (
        engine.cases,
        engine.dead_timers,
        engine.tick,
        lambda **limit: engine.history(case.id, **limit),
        lambda **limit: engine.dead_letters("pelapor", **limit),
    ):
        with pytest.raises(InvalidCall, match="1 or more"):
            call(limit=limit)


@pytest.mark.parametrize(
    "words",
    [("--where", "jdul=Uji"), ("--state", "kerjaa"), ("--workflow", "ketahana"), ("--limit", "0")],
)
def test_slip_on_the_command_line_is_an_error_of_usage(
    engine: Engine, store_url: str, words: tuple[str, str]
) -> None:
    """`cases` leaves with two, and says what was meant."""
    ran = run("cases", "--db", store_url, "--tenant", TENANT, "--lang", "en", *words)
    assert ran.status == 2, ran.both
    assert ran.out == ""
    assert "Did you mean" in ran.err or words[0] == "--limit"
