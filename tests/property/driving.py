"""The same commands on an engine with a store as on a case in memory.

Owns `Driver`, which asks a real `Engine` what a `Play` was asked, and can close and reopen it between any two
commands; and the comparison of what both have written.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from kerjasama import Engine, Refused, StaleCase
from tests.clocks import FakeClock
from tests.places import DEFINITIONS
from tests.property.stages import STAGES, file_of
from tests.unit.support import PAPERS, Play
from workflow.case import Actor, Body, Command, Fire, Open, Personal
from workflow.chart.process import Process

ADMIN = Actor("admin", roles=["administrator"])
TENANT = "kukar"
OWN = ("case", "number", "prev")
"""Keys that are each case's own, in memory and in the store."""

NOT_ASKED = frozenset({"trigger", "by", "documents", "media"})


class Driver:
    """One case on one engine in virtual time, on an SQLite file of its own or on a database given.

    Args:
        begun: A database to start from, which is copied, and the id of the case in it.
        url: An empty database.
    """

    def __init__(self, begun: tuple[Path, str] | None = None, *, url: str | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="kerjasama-")
        self.file = Path(self._folder.name) / "kerjasama.db"
        self._url = url or f"sqlite:///{self.file}"
        self.clock = FakeClock()
        self.id = ""
        if begun is not None:
            shutil.copy(begun[0], self.file)
            self.id = begun[1]
        self.engine = self._start()

    def _start(self) -> Engine:
        engine = Engine(self._url, tenant=TENANT, clock=self.clock, synchronous="NORMAL")
        engine.provide("pagu_tersedia", lambda request: True)
        return engine

    def deploy(self, process: Process) -> None:
        """Deploy a process of the stages, from its file."""
        self.engine.deploy(DEFINITIONS / "calendars" / "indonesia.yaml", by=ADMIN)
        self.engine.deploy(file_of(process, Path(self._folder.name)), by=ADMIN)

    def play(self, play: Play) -> None:
        """Do all that a play did."""
        self.deploy(play.process)
        for at, command in play.asked:
            self.put(at, command)

    def put(self, at: datetime, command: Command) -> None:
        """Do at an instant what a play did, which must be accepted."""
        self.clock.set(at)
        if isinstance(command, Open):
            self.open(command)
        elif isinstance(command, Fire):
            assert self.fire(command) == ()
        else:
            self.engine.tick()

    def reopen(self) -> None:
        """Close the engine and open another one on the same file."""
        self.engine.close()
        self.engine = self._start()

    def close(self) -> None:
        """Give everything back."""
        self.engine.close()
        self._folder.cleanup()

    def documents(self, given: Mapping[str, tuple[str, ...]]) -> dict[str, list[bytes]]:
        """Return the files behind the digests of a command."""
        return {name: [PAPERS[digest] for digest in found] for name, found in given.items()}

    def open(self, command: Open) -> None:
        """Open the case."""
        case = self.engine.open(
            command_workflow(self.engine),
            by=command.by,
            fields=command.fields,
            parties=command.parties,
            comment=command.comment,
            request_id=command.request_id,
            documents=self.documents(command.documents),
        )
        self.id = case.id

    def fire(self, command: Fire) -> tuple[str, ...]:
        """Fire; return the codes of the refusal, none where it was accepted."""
        try:
            self.engine.fire(
                self.id,
                command.trigger,
                by=command.by,
                documents=self.documents(command.documents),
                **arguments(command),
            )
        except Refused as refused:
            return tuple(reason.code for reason in refused.reasons)
        except StaleCase:
            return ("stale-case",)
        return ()

    def entries(self) -> list[Body]:
        """The drafts behind the history, with the personal values that it gives with it."""
        return [opened(entry.body, entry.personal) for entry in self.engine.history(self.id)]


def arguments(command: Fire) -> dict[str, Any]:
    """What a command says besides trigger, actor and documents, as `Engine.fire` takes it."""
    names = [one.name for one in fields(command) if one.name not in NOT_ASKED]
    return {name: getattr(command, name) for name in names if getattr(command, name) is not None}


def command_workflow(engine: Engine) -> str:
    """The one workflow that is deployed."""
    [row] = engine.definitions()
    return row.workflow


_prepared = tempfile.TemporaryDirectory(prefix="kerjasama-stages-")


@cache
def prepared(stage: str) -> tuple[Path, str]:
    """Return a database whose one case has come to a stage, made once, and the id of the case."""
    play, driver = STAGES[stage](), Driver()
    try:
        driver.play(play)
        assert common(driver.entries()) == common(play.entries)
        driver.engine.close()
        kept = Path(_prepared.name) / f"{stage.replace(':', '-')}.db"
        shutil.copy(driver.file, kept)
        return kept, driver.id
    finally:
        driver.close()


def opened(body: Mapping[str, Any], personal: Mapping[str, Any]) -> Body:
    """Put the personal values of an entry in the place of their commitments."""
    entry: Body = json.loads(json.dumps(body))
    for key in ("comment", "reason"):
        if key in entry:
            entry[key] = Personal(personal[f"@{key}"])
    for party in entry.get("parties", ()):
        if "name" in party:
            party["name"] = Personal(personal[f"@party.{party['id']}"])
    for name, change in entry.get("changes", {}).items():
        for side, place in (("old", f"{name}@old"), ("new", name)):
            if isinstance(change.get(side), dict) and "commit" in change[side]:
                change[side] = Personal(personal[place])
    return entry


def common(entries: Iterable[Body]) -> list[Body]:
    """Entries without what is each case's own."""
    return [{key: value for key, value in entry.items() if key not in OWN} for entry in entries]
