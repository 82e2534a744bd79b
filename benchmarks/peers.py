"""What others do, in the same run: a state machine, JSON and a commit by hand; APScheduler's job store.

Neither checks who may act, keeps a chain, an outbox or request ids; they say what the least would cost.
"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import transitions
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import make_url

from benchmarks.measuring import Timing, repeated, say
from benchmarks.scenes import BEGIN
from engine.store import sqlite


class _Proposal:
    """What a program keeps beside its state machine."""

    state: str

    def __init__(self) -> None:
        self.fields = {"judul": "Pengelolaan air minum lintas daerah", "nilai": "1500000000"}
        self.kategori = "wajib"

    def is_obligatory(self) -> bool:
        """The guard."""
        return self.kategori == "wajib"


def by_hand(folder: Path) -> list[Timing]:
    """A ``transitions.Machine`` with a guard, its state as JSON, one row updated and one added."""
    say("by hand: transitions, JSON, sqlite3")
    return [_by_hand(folder, synchronous) for synchronous in ("FULL", "NORMAL")]


def _by_hand(folder: Path, synchronous: str) -> Timing:
    proposal = _Proposal()
    machine = transitions.Machine(model=proposal, states=["draf", "telaah"], initial="draf")
    machine.add_transition("ajukan", "draf", "telaah", conditions="is_obligatory")
    machine.add_transition("putuskan", "telaah", "draf", conditions="is_obligatory")
    connection = sqlite.connect(
        make_url(f"sqlite:///{folder / f'hand-{synchronous}.db'}"), synchronous=synchronous
    )
    connection.execute("CREATE TABLE proposal (id INTEGER PRIMARY KEY, state TEXT, body TEXT)")
    connection.execute("CREATE TABLE log (id INTEGER PRIMARY KEY, proposal INTEGER, at TEXT, what TEXT)")
    connection.execute("INSERT INTO proposal VALUES (1, 'draf', '{}')")

    def act() -> None:
        connection.execute("BEGIN IMMEDIATE")
        state, _ = connection.execute("SELECT state, body FROM proposal WHERE id = 1").fetchone()
        machine.set_state(state, proposal)
        trigger = "ajukan" if state == "draf" else "putuskan"
        proposal.trigger(trigger)  # type: ignore[attr-defined]  # added by the machine
        body = json.dumps({"state": proposal.state, "fields": proposal.fields})
        connection.execute("UPDATE proposal SET state = ?, body = ? WHERE id = 1", (proposal.state, body))
        connection.execute(
            "INSERT INTO log (proposal, at, what) VALUES (1, ?, ?)",
            (BEGIN.isoformat(), json.dumps({"trigger": trigger, "to": proposal.state})),
        )
        connection.execute("COMMIT")

    try:
        return repeated(f"by hand, SQLite {synchronous}", act, note="transitions, JSON, two rows")
    finally:
        connection.close()


def scheduled(folder: Path) -> list[Timing]:
    """A date job of APScheduler, written into its SQLAlchemy job store and taken out again."""
    say("APScheduler's job store")
    url = f"sqlite:///{folder / 'jobs.db'}"
    scheduler = BackgroundScheduler(jobstores={"default": SQLAlchemyJobStore(url=url)}, timezone="UTC")
    scheduler.start(paused=True)
    at = BEGIN + timedelta(days=365_00)

    def act() -> None:
        scheduler.add_job(print, "date", run_date=at, id="batas").remove()

    try:
        return [repeated("APScheduler, a job", act, note="added and removed, its SQLAlchemy store")]
    finally:
        scheduler.shutdown()
