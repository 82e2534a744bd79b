"""Scenarios played on the engine and in memory at once, each step held against the other's.

Owns `Both`, a host for ``workflow.scenarios.scenarios.play`` that asks ``Memory`` and an `Engine` on
SQLite the same and fails where they differ in anything but ids and instants; and `shipped`, which
reads a scenario file of ``definitions/``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from engine.cli.scenario_files import ScenarioSource
from kerjasama import Actor, Engine, Refused
from tests.clocks import FakeClock
from workflow.case import (
    Body,
    CaseState,
    Correct,
    Extend,
    Fire,
    OnCase,
    Open,
    Personal,
    Reason,
    Refusal,
    Resume,
    Suspend,
)
from workflow.definition import Handler
from workflow.scenarios.coverage import Watch
from workflow.scenarios.host import placeholder
from workflow.scenarios.scenarios import Memory
from workflow.source.renderers import render_text
from workflow.source.text import parse
from workflow.time.deadlines import parse_instant

ADMIN = Actor("admin", roles=["administrator"])
OWN = ("case", "tenant", "number", "recorded_at", "prev", "engine")
"""Keys of an entry that are another host's own."""


@cache
def source(path: Path, folder: Path | None = None) -> ScenarioSource:
    """Read a scenario file, which must be without errors; ``folder``: of the definitions, else its own."""
    found = ScenarioSource(parse(path.read_bytes(), file=path.name), folder or path.parent)
    assert found.scenarios is not None, render_text(found.diagnostics, found.sources)
    return found


class Logged(Memory):
    """A host in memory that remembers the instants at which it took or sent something."""

    def __init__(self, read: ScenarioSource) -> None:
        super().__init__(read.definitions, read.calendars, Watch())
        self.instants: list[str] = []

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all cases, in the order in which they were opened."""
        return tuple(self._cases)

    def handlers(self, name: str) -> Mapping[str, Handler]:
        """Return the transitions of a case's definition by path."""
        return self._cases[name].process.handlers

    def _take(self, since: str, instant: str) -> None:
        self.instants.append(instant)
        super()._take(since, instant)


class Both:
    """Memory and the engine, asked the same.

    Args:
        read: The scenario file.
        engine: With every definition deployed.
        clock: The engine's.
        is_late: Whether the engine's sweep sleeps until the next step; else it wakes whenever something
            is due.
    """

    def __init__(self, read: ScenarioSource, engine: Engine, clock: FakeClock, *, is_late: bool) -> None:
        self.memory = Logged(read)
        self.engine = engine
        self.clock = clock
        self._is_late = is_late
        self._ids: dict[str, str] = {}
        self._agreed: dict[str, int] = {}  # entries already held against each other
        self._sent: list[tuple[str, str]] = []
        for consumer in ("reminder.*", "event.*"):
            engine.subscribe(consumer, consumer, lambda one: self._sent.append((one.case_id, one.topic)))

    def go(self, now: datetime) -> None:
        """Let time pass on both."""
        self.memory.instants.clear()
        self.memory.go(now)
        for instant in () if self._is_late else self.memory.instants:
            self.clock.set(parse_instant(instant))
            self.engine.tick()
        self.clock.set(now)
        self.engine.tick()
        self._agree()

    def open(self, name: str, workflow: str, command: Open, facts: Mapping[str, Any]) -> Refusal | None:
        """Open a case on both."""
        self._provide(facts)
        refusal = self.memory.open(name, workflow, command, facts)
        try:
            case = self.engine.open(
                workflow,
                by=command.by,
                parties=command.parties,
                fields=command.fields,
                documents=_papers(command),
                as_role=command.as_role,
                for_party=command.for_party,
                reason=command.reason,
                effective_on=command.effective_on,
            )
        except Refused as refused:
            _same_refusal(refusal, refused.refusal)
            return refusal
        assert refusal is None, refusal
        self._ids[name] = case.id
        self._agree()
        return None

    def act(
        self, name: str, command: OnCase, facts: Mapping[str, Any], children: tuple[str, ...]
    ) -> Refusal | None:
        """Ask both for a transition or another act."""
        self._provide(facts)
        refusal = self.memory.act(name, command, facts, children)
        try:
            self._ask(self._ids[name], command)
        except Refused as refused:
            _same_refusal(refusal, refused.refusal)
            return refusal
        assert refusal is None, refusal
        self._meet(self._ids[name])
        self._agree()
        return None

    def _ask(self, case_id: str, command: OnCase) -> None:
        """Ask the engine by the method that a host would call."""
        said: dict[str, Any] = {
            "by": command.by,
            "as_role": command.as_role,
            "for_party": command.for_party,
            "reason": command.reason,
            "effective_on": command.effective_on,
        }
        match command:
            case Fire():
                given = {"fields": command.fields, "documents": _papers(command)}
                self.engine.fire(case_id, command.trigger, **given, **said)
            case Suspend():
                self.engine.suspend(case_id, **said)
            case Resume():
                self.engine.resume(case_id, **said)
            case Extend():
                self.engine.extend(case_id, command.deadline, command.within, **said)
            case Correct():
                self.engine.correct(case_id, command.fields, **said)
            case _:
                self.engine.attach(case_id, _papers(command), **said)

    def _meet(self, case_id: str) -> None:
        """Find the cases that a step has opened, in their order, each with those that it has opened."""
        for entry in self.engine.history(case_id):
            child = entry.body["child"]["case"] if entry.kind == "child_opened" else None
            if child is not None and child not in self._ids.values():
                name = next(name for name in self.memory.names if name not in self._ids)
                self._ids[name] = child
                self._meet(child)

    def state(self, name: str) -> CaseState | None:
        """Return the case in memory."""
        return self.memory.state(name)

    def entries(self, name: str) -> tuple[Body, ...]:
        """Return the history in memory."""
        return self.memory.entries(name)

    def messages(self, name: str) -> tuple[str, ...]:
        """Return what was sent; a sweep that sleeps does not remind of what is over."""
        sent = self.memory.messages(name)
        if name in self._ids and not self._is_late:
            assert [topic for case, topic in self._sent if case == self._ids[name]] == list(sent)
        return sent

    def available(
        self,
        name: str,
        by: Actor | None,
        as_role: str | None,
        for_party: str | None,
        facts: Mapping[str, Any],
    ) -> tuple[str, ...]:
        """Return what both say may be asked for; the engine goes on knowing the facts of earlier steps."""
        paths = self.memory.available(name, by, as_role, for_party, facts)
        asked = by or Actor("nobody")
        offered = self.engine.available(self._ids[name], by=asked, as_role=as_role, for_party=for_party)
        handlers = self.memory.handlers(name)
        allowed = [one.trigger for one in offered if one.is_allowed or by is None]
        assert [path for path in allowed if not handlers[path].facts] == [
            path for path in paths if not handlers[path].facts
        ]
        return paths

    def _provide(self, facts: Mapping[str, Any]) -> None:
        for fact, value in facts.items():
            self.engine.provide(fact, lambda _, value=value: value)

    def _agree(self) -> None:
        """Hold the histories and the cases of both against each other."""
        for name, case_id in self._ids.items():
            held = self._agreed.get(name, 0)
            stored = [dict(entry.body) for entry in self.engine.history(case_id, after=held)]
            fresh = self.memory.entries(name)[held:]
            assert list(map(_normal, stored)) == list(map(_normal, fresh))
            self._agreed[name] = held + len(fresh)
            ours, theirs = self.memory.state(name), self.engine.case(case_id)
            assert ours is not None
            assert (ours.configuration, ours.outcome, ours.revision) == (
                theirs.configuration,
                theirs.outcome,
                theirs.revision,
            )


def _papers(command: Open | OnCase) -> dict[str, bytes]:
    return {name: _content(name) for name in command.documents}


def _content(name: str) -> bytes:
    """Return the file that a scenario's document stands for; a PDF, so that its kind is allowed."""
    return f"%PDF-1.7 {name}".encode()


def _normal(value: Any) -> Any:
    """Return an entry without what is a host's own, personal values and digests of papers."""
    if isinstance(value, Personal) or (isinstance(value, dict) and set(value) == {"commit"}):
        return "personal"
    if isinstance(value, dict):
        kept = {key: one for key, one in value.items() if key not in OWN}
        for key in ("documents", "about"):
            if isinstance(kept.get(key), dict):
                kept[key] = {name: _paper(name, one) for name, one in kept[key].items()}
        return {key: _normal(one) for key, one in kept.items()}
    if isinstance(value, (list, tuple)):
        return [_normal(one) for one in value]
    return value


def _paper(name: str, digests: list[str]) -> list[str]:
    """Return digests of memory for the engine's; a document is given by any end of its path."""
    parts = name.split(".")
    ends = [".".join(parts[start:]) for start in range(len(parts))]
    placed = {hashlib.sha256(_content(end)).hexdigest(): placeholder(end) for end in ends}
    return [placed.get(one, one) for one in digests]


def _same_refusal(ours: Refusal | None, theirs: Refusal) -> None:
    assert ours is not None, [str(reason.message) for reason in theirs.reasons]
    assert list(map(_without_ids, ours.reasons)) == list(map(_without_ids, theirs.reasons))
    assert ours.trigger == theirs.trigger


def _without_ids(reason: Reason) -> Reason:
    """Return a reason that names cases by their numbers alone."""
    return replace(reason, needs={name: one for name, one in reason.needs.items() if name != "children"})
