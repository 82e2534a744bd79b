"""Verification of what lies beside history: the files of documents, and the numbers that were given out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy.exc import DBAPIError

from engine.findings import Finding
from engine.store import tables
from kerjasama import Engine, Refused
from tests.cli import run
from tests.clocks import FakeClock
from tests.endurance import OFFICER, TENANT, deploy, note, open_case, send
from tests.tampering import Intruder

DAY = date(2026, 1, 2)
DIGEST = sha256(DAY.isoformat().encode()).hexdigest()
DRIVERS = {"sqli": "sqlite", "post": "postgresql+psycopg"}


@pytest.fixture
def engine(store_url: str, clock: FakeClock) -> Iterator[Engine]:
    """An engine with the small workflow, in virtual time."""
    with Engine(store_url, tenant=TENANT, clock=clock) as made:
        yield deploy(made)


def findings(engine: Engine, **options: Any) -> list[Finding]:
    """What speaks against the history of everything."""
    return [one for one in engine.ledger.verify(**options).findings if not one.is_warning]


def with_document(engine: Engine) -> str:
    """Open a case and attach a file to it; return its id."""
    return send(engine, open_case(engine).id, DAY).id


# --- calendars ---------------------------------------------------------------------------------------


def test_calendar_that_is_gone_is_found_once_for_each_entry_and_nothing_else(
    engine: Engine, store_url: str
) -> None:
    """What cannot be decided again for want of it is not told as a forgery."""
    case_id = with_document(engine)
    Intruder(store_url).run("DELETE FROM wf_calendar")
    found = [(one.code, one.case, one.seq) for one in findings(engine)]
    assert {code for code, _, _ in found} == {"calendar-missing"}
    assert {case for _, case, _ in found} == {case_id}
    assert len(found) == len(set(found))


# --- files -------------------------------------------------------------------------------------------


def test_file_that_was_changed_is_found_with_the_entry_that_attached_it(
    engine: Engine, store_url: str
) -> None:
    """The stored bytes are held against the digest in history; the case is called by its number."""
    case = engine.case(with_document(engine))
    assert findings(engine) == []
    Intruder(store_url).update("wf_content", "body", b"lain", "digest = :digest", digest=DIGEST)
    [found] = findings(engine)
    assert (found.code, found.case, found.number, found.seq) == ("document-changed", case.id, case.number, 2)
    for language in ("id", "en"):
        text = found.message.text(language)
        assert case.number in text
        assert case.id not in text
        assert "berkas" in text
    assert found.to_json()["number"] == case.number


def test_file_that_was_deleted_is_found(engine: Engine, store_url: str) -> None:
    """What history says was attached must be there."""
    with_document(engine)
    Intruder(store_url).run("DELETE FROM wf_content WHERE tenant = :tenant", tenant=TENANT)
    assert [one.code for one in findings(engine)] == ["document-missing"]


def test_files_are_left_unread_where_that_is_asked(engine: Engine, store_url: str) -> None:
    """Reading every file takes long where there are many; the rest of the verification stands alone."""
    case = engine.case(with_document(engine))
    Intruder(store_url).run("DELETE FROM wf_content WHERE tenant = :tenant", tenant=TENANT)
    assert findings(engine, documents=False) == []
    words = ("verify", case.number, "--db", store_url, "--tenant", TENANT, "--lang", "en")
    assert run(*words, "--no-documents").status == 0
    ran = run(*words)
    assert ran.status == 1
    assert f"document-missing {case.number} 2: " in ran.out
    assert case.id not in ran.out


def test_file_cited_by_several_cases_is_told_in_each(engine: Engine, store_url: str) -> None:
    """The same bytes are kept once and missed by everybody who cites them."""
    cases = {with_document(engine), with_document(engine)}
    Intruder(store_url).run("DELETE FROM wf_content WHERE tenant = :tenant", tenant=TENANT)
    assert {(one.code, one.case) for one in findings(engine)} == {("document-missing", one) for one in cases}


# --- numbers -----------------------------------------------------------------------------------------


TABLES = ("history", "unsequenced", "leaf", "timer", "personal", "outbox", "request")


def gone(intruder: Intruder, case_id: str) -> None:
    """Delete everything that tells of a case."""
    with intruder.engine.begin() as connection:
        for table in TABLES:
            rows = tables.metadata.tables[f"wf_{table}"]
            connection.execute(rows.delete().where(rows.c.case_id == case_id))
        assert connection.execute(tables.case.delete().where(tables.case.c.id == case_id)).rowcount == 1


def test_case_deleted_with_every_trace_leaves_its_number(engine: Engine, store_url: str) -> None:
    """Numbers without a case are found, a run of them at once; the last one too."""
    cases = [open_case(engine) for _ in range(6)]
    assert findings(engine) == []
    intruder = Intruder(store_url)
    for case in (cases[1], cases[2], cases[5]):
        gone(intruder, case.id)
    found = findings(engine)
    assert [(one.code, one.case) for one in found] == [("number-missing", None)] * 2
    assert "ketahanan/2026/2–3" in found[0].message.text("en")
    assert "ketahanan/2026/6" in found[1].message.text("id")
    assert engine.ledger.verify(cases[0].id).is_clean


def test_counter_put_back_is_found(engine: Engine, store_url: str) -> None:
    """A counter behind its cases would give a number twice."""
    for _ in range(2):
        open_case(engine)
    Intruder(store_url).update("wf_number", "last", 1)
    assert [one.code for one in findings(engine)] == ["counter-behind"]


REFUSING = {
    "sqlite": ("CREATE TRIGGER no BEFORE INSERT ON wf_case BEGIN SELECT RAISE(ABORT, 'not today'); END",),
    "postgresql": (
        "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'not today'; END $$",
        "CREATE TRIGGER no BEFORE INSERT ON wf_case FOR EACH ROW EXECUTE FUNCTION no()",
    ),
}
ALLOWING = {"sqlite": "DROP TRIGGER no", "postgresql": "DROP FUNCTION no CASCADE"}


def test_opening_that_is_not_written_takes_no_number(engine: Engine, store_url: str) -> None:
    """Refused, rolled back, or failed in a host's transaction that goes on: the number comes back."""
    with pytest.raises(Refused):
        engine.open("ketahanan", by=OFFICER, fields={})
    url = sqlalchemy.make_url(store_url).set(drivername=DRIVERS[store_url[:4]])
    host = sqlalchemy.create_engine(url)
    with host.connect() as connection:
        connection.begin()
        open_case(engine, connection=connection)
        connection.rollback()

    with host.connect() as connection:
        for statement in REFUSING[host.dialect.name]:
            connection.exec_driver_sql(statement)
        connection.commit()
        with pytest.raises(DBAPIError, match="not today"):
            open_case(engine, connection=connection)
        connection.exec_driver_sql(ALLOWING[host.dialect.name])
        connection.commit()
    host.dispose()
    assert open_case(engine).number == "ketahanan/2026/1"
    assert note(engine, "ketahanan/2026/1").revision == 2
    assert findings(engine) == []
