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


class ByHand:
    """A ``transitions.Machine`` with a guard, its state as JSON, one row updated and one added.

    Its rows are fewer than the engine's, so that it is no floor but a peer.
    """

    name = "by hand"

    def __init__(self, file: Path, *, synchronous: str) -> None:
        self._proposal = _Proposal()
        self._machine = transitions.Machine(
            model=self._proposal, states=["draf", "telaah"], initial="draf", auto_transitions=False
        )
        self._machine.add_transition("ajukan", "draf", "telaah", conditions="is_obligatory")
        self._machine.add_transition("putuskan", "telaah", "draf", conditions="is_obligatory")
        self._connection = sqlite.connect(make_url(f"sqlite:///{file}"), synchronous=synchronous)
        self._connection.execute("CREATE TABLE proposal (id INTEGER PRIMARY KEY, state TEXT, body TEXT)")
        self._connection.execute(
            "CREATE TABLE log (id INTEGER PRIMARY KEY, proposal INTEGER, at TEXT, what TEXT)"
        )
        self._connection.execute("INSERT INTO proposal VALUES (1, 'draf', '{}')")

    def act(self, times: int) -> None:
        """Fire so many times, each in a transaction of its own."""
        for _ in range(times):
            self._act()

    def _act(self) -> None:
        execute, proposal = self._connection.execute, self._proposal
        execute("BEGIN IMMEDIATE")
        state, _ = execute("SELECT state, body FROM proposal WHERE id = 1").fetchone()
        self._machine.set_state(state, proposal)
        trigger = "ajukan" if state == "draf" else "putuskan"
        proposal.trigger(trigger)  # type: ignore[attr-defined]  # added by the machine
        body = json.dumps({"state": proposal.state, "fields": proposal.fields})
        execute("UPDATE proposal SET state = ?, body = ? WHERE id = 1", (proposal.state, body))
        execute(
            "INSERT INTO log (proposal, at, what) VALUES (1, ?, ?)",
            (BEGIN.isoformat(), json.dumps({"trigger": trigger, "to": proposal.state})),
        )
        execute("COMMIT")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


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
