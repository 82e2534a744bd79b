"""Arguments of the embedding API: one of another type is told at once, and a number stands for an id."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy

from engine.arguments import SAID
from kerjasama import (
    Actor,
    Case,
    CaseNotFound,
    Engine,
    InvalidCall,
    Mandate,
    Party,
    StaleCase,
    WrongArgument,
)
from tests.clocks import FakeClock
from tests.endurance import ADMIN, DEFINITION, OFFICER, TENANT, deploy, note, open_case, requests, send


@pytest.fixture
def engine(store_url: str, clock: FakeClock) -> Iterator[Engine]:
    """An engine with the small workflow, in virtual time."""
    with Engine(store_url, tenant=TENANT, clock=clock) as made:
        yield deploy(made)


def loose(function: Any) -> Any:
    """Return a function as what has no types: these tests give it wrong ones on purpose."""
    return function


WRONG: tuple[tuple[str, Callable[[Any, Any], Any]], ...] = (
    ("by", lambda e, c: e.fire(c, "catat", by="admin")),
    ("by", lambda e, c: e.fire(c, "catat", by=None)),
    ("by", lambda e, c: e.open("ketahanan", by={"id": "rina"})),
    ("by", lambda e, c: e.suspend(c, by="rina")),
    ("by", lambda e, c: e.available(c, by="rina")),
    ("by", lambda e, c: e.explain(c, "catat", by="rina")),
    ("by", lambda e, c: e.deploy(DEFINITION, by="admin")),
    ("fields", lambda e, c: e.fire(c, "catat", by=OFFICER, fields=["urutan"])),
    ("fields", lambda e, c: e.open("ketahanan", by=OFFICER, fields="judul")),
    ("fields", lambda e, c: e.correct(c, [("urutan", 1)], by=OFFICER)),
    ("documents", lambda e, c: e.fire(c, "kirim", by=OFFICER, documents=["berkas.pdf"])),
    ("documents", lambda e, c: e.attach(c, "berkas.pdf", by=OFFICER)),
    ("documents['berkas']", lambda e, c: e.fire(c, "kirim", by=OFFICER, documents={"berkas": 5})),
    ("documents['berkas']", lambda e, c: e.fire(c, "kirim", by=OFFICER, documents={"berkas": [5]})),
    ("documents['berkas']", lambda e, c: e.fire(c, "kirim", by=OFFICER, documents={"berkas": {"a": b""}})),
    ("parties", lambda e, c: e.open("ketahanan", by=OFFICER, parties="kukar")),
    ("parties", lambda e, c: e.open("ketahanan", by=OFFICER, parties=["kukar"])),
    ("parties", lambda e, c: e.open("ketahanan", by=OFFICER, parties={"kukar": "pemrakarsa"})),
    ("parties", lambda e, c: e.open("ketahanan", by=OFFICER, parties=Party("kukar", side="a"))),
    ("parties", lambda e, c: e.open("ketahanan", by=OFFICER, parties=None)),
    ("effective_on", lambda e, c: note(e, c, effective_on="2026-01-01")),
    ("effective_on", lambda e, c: note(e, c, effective_on=datetime(2026, 1, 1, tzinfo=UTC))),
    ("effective_on", lambda e, c: e.resume(c, by=OFFICER, effective_on="2026-01-01")),
    ("reason", lambda e, c: note(e, c, reason=7)),
    ("comment", lambda e, c: note(e, c, comment=b"x")),
    ("as_role", lambda e, c: note(e, c, as_role=["petugas"])),
    ("for_party", lambda e, c: note(e, c, for_party=Party("kukar", side="a"))),
    ("request_id", lambda e, c: note(e, c, request_id=7)),
    ("expect", lambda e, c: note(e, c, expect="1")),
    ("expect", lambda e, c: note(e, c, expect=True)),
    ("trigger", lambda e, c: e.fire(c, None, by=OFFICER)),
    ("deadline", lambda e, c: e.extend(c, 5, "10 days", by=OFFICER)),
    ("within", lambda e, c: e.extend(c, "tinjauan", 10, by=OFFICER)),
    ("workflow", lambda e, c: e.open(7, by=OFFICER)),
    ("workflow", lambda e, c: e.definition(7)),
    ("version", lambda e, c: e.definition("ketahanan", "1")),
    ("path", lambda e, c: e.deploy(b"ksdd", by=ADMIN)),
    ("paths", lambda e, c: e.deploy_many("ksdd", by=ADMIN)),
    ("parameters", lambda e, c: e.deploy(DEFINITION, by=ADMIN, parameters=["a"])),
    ("as_of", lambda e, c: e.case(c, as_of="2026-01-01")),
    ("as_of", lambda e, c: e.case(c, as_of=date(2026, 1, 1))),
    ("at", lambda e, c: e.explain(c, "catat", by=OFFICER, at="2026-01-01")),
    ("where", lambda e, c: e.cases(where=["judul"])),
    ("state", lambda e, c: e.cases(state=["kerja"])),
    ("overdue", lambda e, c: e.cases(overdue="yes")),
    ("closed", lambda e, c: e.cases(closed=1)),
    ("after", lambda e, c: e.cases(after=3)),
    ("limit", lambda e, c: e.cases(limit="3")),
    ("after", lambda e, c: e.history(c, after="3")),
    ("limit", lambda e, c: e.history(c, limit=1.5)),
    ("limit", lambda e, c: e.tick(limit="3")),
    ("limit", lambda e, c: e.dead_timers(limit="3")),
    ("digest", lambda e, c: e.content(b"ab")),
    ("number", lambda e, c: e.case_id(7)),
    ("handler", lambda e, c: e.subscribe("pelapor", "case.*", "print")),
    ("pattern", lambda e, c: e.subscribe("pelapor", None, print)),
    ("provider", lambda e, c: e.provide("pagu", 100)),
    ("calls", lambda e, c: e.fire_many([(c, "catat")])),
    ("calls", lambda e, c: e.fire_many(None)),
    ("calls", lambda e, c: e.fire_many({"case_id": c, "trigger": "catat", "by": OFFICER})),
    ("paths[1]", lambda e, c: e.deploy_many([DEFINITION, 7], by=ADMIN)),
    ("where", lambda e, c: e.cases(where={7: "a"})),
    ("consumer", lambda e, c: e.dead_letters(7)),
    ("delivery_id", lambda e, c: e.redeliver("pelapor", "7")),
    *(
        ("case_id", call)
        for call in (
            lambda e, c: e.case(UUID(c)),
            lambda e, c: e.case(None),
            lambda e, c: e.fire(e.case(c), "catat", by=OFFICER),
            lambda e, c: e.fire_many([{"case_id": 7, "trigger": "catat", "by": OFFICER}]),
            lambda e, c: e.history(e.case(c)),
            lambda e, c: e.timers(7),
            lambda e, c: e.obligations(7),
            lambda e, c: e.children(7),
            lambda e, c: e.revive(7),
            lambda e, c: e.ledger.verify(7),
        )
    ),
)


@pytest.mark.parametrize(("argument", "call"), WRONG, ids=lambda one: one if isinstance(one, str) else "")
def test_argument_of_another_type_is_told_by_name_with_an_example(
    tmp_path: Path, argument: str, call: Callable[[Any, Any], Any]
) -> None:
    """What can never be taken is a `TypeError` that names the argument, what it takes, and an example."""
    with Engine(f"sqlite:///{tmp_path}/a.db", tenant=TENANT) as engine:
        case = open_case(deploy(engine))
        with pytest.raises(WrongArgument) as caught:
            call(engine, case.id)
        assert len(engine.history(case.id)) == 1
    assert isinstance(caught.value, TypeError)
    assert caught.value.context["argument"] == argument
    english, indonesian = caught.value.text("en"), caught.value.text("id")
    assert english.startswith(f"{argument} takes ")
    assert indonesian.startswith(f"{argument} memerlukan ")
    assert "Misalnya: " in indonesian
    assert caught.value.exit_status == 2
    assert not caught.value.is_retryable
    assert str(pickle.loads(pickle.dumps(caught.value))) == english


def test_wrong_argument_says_what_was_given_but_no_value_that_is_somebodys_own(engine: Engine) -> None:
    """The value given is shown where it helps; what people write, and fields, show their type alone."""
    case = open_case(engine)
    with pytest.raises(WrongArgument, match=r"given str 'admin'\. For instance: by=Actor\("):
        loose(engine.fire)(case.id, "catat", by="admin")
    with pytest.raises(WrongArgument, match=r"given bytes\. "):
        loose(note)(engine, case.id, comment=b"rahasia")


@pytest.mark.parametrize("is_file", [False, True])
def test_document_without_content_is_no_document(engine: Engine, tmp_path: Path, is_file: bool) -> None:
    """An empty file proves nothing: it is told by the document's name and nothing is written."""
    case = open_case(engine).id
    (tmp_path / "kosong.pdf").write_bytes(b"")
    paper: object = tmp_path / "kosong.pdf" if is_file else b""
    with pytest.raises(InvalidCall, match="document berkas is empty"):
        engine.fire(case, "kirim", by=OFFICER, documents={"berkas": paper})
    assert len(engine.history(case)) == 1


@pytest.mark.parametrize(
    "database", [Path("a.db"), None, 5, ["sqlite://"]], ids=lambda one: type(one).__name__
)
def test_database_that_is_no_url_is_told(database: object) -> None:
    """A path is no URL; the text shows how one is written."""
    with pytest.raises(WrongArgument, match=r"sqlite:///kerjasama\.db"):
        loose(Engine)(database)


@pytest.mark.parametrize(
    ("clock", "error"),
    [
        (datetime(2026, 1, 1, tzinfo=UTC), WrongArgument),
        (lambda: datetime(2026, 1, 1), InvalidCall),  # noqa: DTZ001  (that is what is wrong)
        (lambda: "2026-01-01", InvalidCall),
    ],
    ids=["no function", "no zone", "text"],
)
def test_clock_gives_aware_instants_or_nothing_is_done(clock: Any, error: type[Exception]) -> None:
    """A naive instant would be read in the zone of whatever machine runs."""
    with pytest.raises(error), Engine("sqlite://", clock=clock) as engine:
        engine.deploy(DEFINITION, by=ADMIN)


@pytest.mark.parametrize(
    "call",
    [
        lambda e, bad: e.case(bad),
        lambda e, bad: e.history(f"a/{bad}"),
        lambda e, bad: e.explain(bad, "catat", by=OFFICER),
        lambda e, bad: e.ledger.verify(bad),
        lambda e, bad: e.case_id(bad),
        lambda e, bad: e.open(bad, by=OFFICER),
        lambda e, bad: e.definition(bad),
        lambda e, bad: e.cases(workflow=bad),
        lambda e, bad: e.cases(after=bad),
        lambda e, bad: e.cases(where={"judul": bad}),
        lambda e, bad: e.content(bad),
        lambda e, bad: e.subscribe(bad, "case.*", print),
        lambda e, bad: e.subscribe("pelapor", bad, print),
        lambda e, bad: e.redeliver(bad, 7),
        lambda e, bad: e.dead_letters(bad),
        lambda e, bad: e.revive(bad),
        lambda e, bad: e.deploy(DEFINITION, by=Actor(bad, roles=["administrator"])),
    ],
)
@pytest.mark.parametrize("bad", ["a\0b", "a\ud800b"], ids=["NUL", "half a character"])
def test_name_that_no_database_takes_is_told_and_is_no_defect(
    engine: Engine, bad: str, call: Callable[[Any, str], Any]
) -> None:
    """What comes in with a URL may hold anything; a driver's error would look like a broken server."""
    with pytest.raises(InvalidCall, match="characters that no name has") as caught:
        call(engine, bad)
    assert "karakter" in caught.value.text("id")


@pytest.mark.parametrize(
    ("argument", "known"), [("schema", "upgrade, check"), ("synchronous", "FULL, NORMAL")]
)
def test_setting_that_does_not_exist_is_told_with_those_that_do(argument: str, known: str) -> None:
    """A slip in a setting never falls through to a table of the implementation."""
    with pytest.raises(InvalidCall, match=f"{argument} cannot be 'ful'; it is one of: {known}"):
        loose(Engine)("sqlite://", **{argument: "ful"})


@pytest.mark.parametrize("call", ["case", "explain"])
def test_instant_without_zone_is_told(engine: Engine, call: str) -> None:
    """`as_of` and `at` are instants."""
    case = open_case(engine)
    naive = datetime(2026, 1, 1)  # noqa: DTZ001  (that is what is wrong)
    with pytest.raises(InvalidCall, match="time zone"):
        if call == "case":
            engine.case(case.id, as_of=naive)
        else:
            engine.explain(case.id, "catat", by=OFFICER, at=naive)


@pytest.mark.parametrize("act", ["suspend", "fire_many"])
def test_unknown_keyword_of_an_act_is_told_with_the_nearest(engine: Engine, act: str) -> None:
    """A slip in a keyword is answered with the keyword that was meant."""
    case = open_case(engine)
    with pytest.raises(InvalidCall, match=r"no argument raeson\. Did you mean reason"):
        if act == "suspend":
            engine.suspend(case.id, by=OFFICER, raeson="x")
        else:
            engine.fire_many([{"case_id": case.id, "trigger": "catat", "by": OFFICER, "raeson": "x"}])
    with pytest.raises(InvalidCall, match="trigger is lacking"):
        engine.fire_many([{"case_id": case.id, "by": OFFICER}])
    with pytest.raises(InvalidCall, match=f"There are: {SAID[0]}"):
        engine.suspend(case.id, by=OFFICER, zzzzzzzz="x")


@pytest.mark.parametrize(
    "make",
    [
        lambda: loose(Actor)(7),
        lambda: loose(Actor)("rina", roles="opd"),
        lambda: loose(Actor)("rina", roles=None),
        lambda: loose(Actor)("rina", roles=[7]),
        lambda: loose(Actor)("rina", roles={"opd": True}),
        lambda: loose(Actor)("rina", party=Party("kukar", side="a")),
        lambda: loose(Actor)("rina", mandates=[{"id": "SK-7"}]),
        lambda: loose(Actor)("rina", mandates=Mandate(id="SK-7", role="opd", digest="0")),
        lambda: loose(Party)(7, side="a"),
        lambda: loose(Party)("kukar", side=None),
        lambda: loose(Party)("kukar", side="a", name=7),
    ],
)
def test_people_and_parties_of_other_types_are_told_when_they_are_made(make: Callable[[], object]) -> None:
    """An actor or party of the wrong shape never reaches an engine; the text shows how it is written."""
    with pytest.raises(TypeError, match=r"^(Actor|Party)\.\w+ is .* for instance "):
        make()


# --- numbers -----------------------------------------------------------------------------------------


def test_number_stands_for_the_id_in_every_call(engine: Engine) -> None:
    """Whatever takes a case takes its number, with the same answer."""
    case = open_case(engine)
    number = case.number
    assert engine.case(number) == engine.case(case.id) == case
    assert note(engine, number).id == case.id
    assert send(engine, number).id == case.id
    for call in (engine.history, engine.timers, engine.obligations, engine.children):
        assert loose(call)(number) == loose(call)(case.id)
    assert engine.available(number, by=OFFICER) == engine.available(case.id, by=OFFICER)
    asked = {"by": OFFICER, "fields": {"urutan": 1}}
    assert loose(engine.explain)(number, "catat", **asked) == loose(engine.explain)(case.id, "catat", **asked)
    [after] = engine.fire_many(
        [{"case_id": number, "trigger": "catat", "by": OFFICER, "fields": {"urutan": 3}}]
    )
    assert isinstance(after, Case)
    assert after.id == case.id
    assert engine.revive(number) == 0
    assert engine.ledger.verify(number) == engine.ledger.verify(case.id)


def test_request_repeated_under_the_number_is_the_same_request(engine: Engine) -> None:
    """A request is remembered by the case, however that was named."""
    case = open_case(engine)
    first = note(engine, case.id, 1, request_id="r-1")
    assert note(engine, case.number, 1, request_id="r-1") == first
    assert requests(engine, case.id) == {"r-1": 1}


def test_stale_case_is_called_by_its_number(engine: Engine) -> None:
    """People know a case by its number; the id stays at hand for programs."""
    case = open_case(engine)
    note(engine, case.id)
    with pytest.raises(StaleCase, match=f"Case {case.number} has changed") as caught:
        note(engine, case.id, expect=case.revision)
    assert caught.value.case_id == case.id
    assert case.number in caught.value.text("id")


def test_number_that_no_case_has_is_not_found(engine: Engine) -> None:
    """A number of nobody is told as it was asked for; that of another tenant is nobody's."""
    for call in (engine.case, engine.history, engine.timers, engine.ledger.verify):
        with pytest.raises(CaseNotFound, match="ketahanan/2026/77"):
            loose(call)("ketahanan/2026/77")
    with pytest.raises(CaseNotFound):
        note(engine, "ketahanan/2026/77")


def test_number_of_a_case_opened_in_the_hosts_transaction_is_found_there(
    store_url: str, clock: FakeClock
) -> None:
    """Inside a host's transaction a number is looked up in it, before it is committed."""
    host = sqlalchemy.create_engine(sqlalchemy.make_url(store_url).set(drivername=DRIVERS[store_url[:4]]))
    with Engine(store_url, tenant=TENANT, clock=clock) as engine:
        deploy(engine)
        with host.connect() as connection, connection.begin():
            case = open_case(engine, connection=connection)
            assert note(engine, case.number, connection=connection).id == case.id
            assert engine.case(case.number, connection=connection).fields["urutan"] == 1
        assert engine.case(case.number).id == case.id
    host.dispose()


DRIVERS = {"sqli": "sqlite", "post": "postgresql+psycopg"}
