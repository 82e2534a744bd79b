"""What the embedding API shows of a case: the case itself, its entries, clocks and duties.

Owns the public, frozen values that callers read. They decode history's form into Python values when
asked and hold no connection. Made by ``engine.runtime``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from workflow.case import CaseState, Party, Reason
from workflow.chart.process import Process
from workflow.definition import Definition, Json, Label
from workflow.expressions.guards import decode
from workflow.time.deadlines import parse_instant


class Case:
    """One running cooperation, as it stood when it was read.

    Attributes are those of the embedding API; values of ``fields`` are Python values (``Decimal``,
    ``date``, tuples), instants are aware UTC. Two cases are equal when their states are.
    """

    __slots__ = ("_fields", "_process", "state_of")

    def __init__(self, process: Process, state: CaseState) -> None:
        self._process = process
        self._fields: Mapping[str, Any] | None = None
        self.state_of = state

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Case) and self.state_of == other.state_of

    def __hash__(self) -> int:
        return hash((self.id, self.revision, self.state_of.seq))

    def __repr__(self) -> str:
        return f"Case({self.number!r}, state={self.state!r}, revision={self.revision})"

    @property
    def id(self) -> str:
        """UUIDv7 text."""
        return self.state_of.id

    @property
    def number(self) -> str:
        """``<workflow>/<year>/<n>``."""
        return self.state_of.number

    @property
    def tenant(self) -> str:
        """The tenant that it belongs to."""
        return self.state_of.tenant

    @property
    def workflow(self) -> str:
        """Name of its workflow."""
        return self.state_of.workflow

    @property
    def version(self) -> int:
        """Version of the definition."""
        return self.state_of.version

    @property
    def definition(self) -> Definition:
        """The definition that it runs on: titles of states, fields and documents, its time zone."""
        return self._process.definition

    @property
    def digest(self) -> str:
        """Digest of the definition."""
        return self.state_of.digest

    @property
    def state(self) -> str:
        """Active leaf paths joined with ``|``."""
        return "|".join(self.state_of.configuration)

    @property
    def configuration(self) -> tuple[str, ...]:
        """Active leaf paths in document order."""
        return self.state_of.configuration

    @property
    def fields(self) -> Mapping[str, Any]:
        """Field → Python value; for ``per: party`` fields party → value. Empty fields are absent."""
        if self._fields is None:
            declared = self._process.definition.fields
            self._fields = MappingProxyType(
                {
                    name: {party: decode(declared[name], one) for party, one in value.items()}
                    if declared[name].per_party
                    else decode(declared[name], value)
                    for name, value in self.state_of.fields.items()
                }
            )
        return self._fields

    @property
    def parties(self) -> tuple[Party, ...]:
        """The parties, in the order given at opening."""
        return tuple(
            Party(str(one["id"]), side=str(one["side"]), name=_text(one.get("name")))
            for one in self.state_of.parties
        )

    @property
    def documents(self) -> Mapping[str, tuple[str, ...]]:
        """Document → SHA-256 of the files last attached."""
        return self.state_of.documents

    @property
    def revision(self) -> int:
        """Counts states; give it back as ``expect`` to be told when someone was quicker."""
        return self.state_of.revision

    @property
    def opened_at(self) -> datetime:
        """When it was opened."""
        return parse_instant(self.state_of.opened_at)

    @property
    def closed_at(self) -> datetime | None:
        """When it ended; ``None`` while it runs."""
        return parse_instant(self.state_of.closed_at) if self.state_of.closed_at else None

    @property
    def outcome(self) -> str | None:
        """How it ended."""
        return self.state_of.outcome

    @property
    def parent(self) -> str | None:
        """Id of the case that opened it."""
        return self.state_of.parent["case"] if self.state_of.parent is not None else None

    @property
    def overdue(self) -> tuple[str, ...]:
        """Paths of deadlines without consequence that have passed, and of duties overdue."""
        clocks = [
            path
            for path, clock in self.state_of.clocks.items()
            if clock["status"] == "expired" and self._process.deadlines[path].then is None
        ]
        duties = [
            path
            for path, duty in self.state_of.obligations.items()
            if any(one["overdue"] for one in duty["open"])
        ]
        return (*clocks, *duties)

    def to_json(self) -> dict[str, Json]:
        """Return the case as plain data, values as in history."""
        state = self.state_of
        body: dict[str, Any] = {
            "id": state.id,
            "number": state.number,
            "tenant": state.tenant,
            "workflow": state.workflow,
            "version": state.version,
            "state": self.state,
            "configuration": list(state.configuration),
            "revision": state.revision,
            "opened_at": state.opened_at,
            "closed_at": state.closed_at,
            "outcome": state.outcome,
            "parent": self.parent,
            "parties": [dict(party) for party in state.parties],
            "fields": dict(state.fields),
            "documents": {name: list(digests) for name, digests in state.documents.items()},
            "overdue": list(self.overdue),
        }
        return body


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One entry of history: ``body`` as parsed, ``text`` the canonical bytes, ``hash`` the link.

    ``personal``: the values behind its commitments that are still there, place → value; a place is a
    field name, ``@comment``, ``@reason`` or ``@party``.
    """

    seq: int
    kind: str
    body: Mapping[str, Any]
    text: str
    hash: str
    personal: Mapping[str, Json]

    @classmethod
    def of(cls, seq: int, kind: str, text: str, hash_: str, personal: Mapping[str, Json]) -> HistoryEntry:
        """Make an entry from its stored text."""
        return cls(seq=seq, kind=kind, body=json.loads(text), text=text, hash=hash_, personal=personal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """A clock of a case with its derivation.

    Attributes:
        status: ``running``, ``expired`` (no consequence, or none that applied), ``fired`` (its
            branch was taken and its state goes on), or ``due`` (ripe, the sweep has not come yet).
        record: As in history: since, within, skipped days with reasons, calendar, zone.
        is_provisional: The due day lies beyond what the calendar covers.
        explanation: The derivation for people, language → lines.
    """

    path: str
    title: Label | None
    kind: str
    status: str
    due_on: date
    due_at: datetime
    acts_at: datetime
    basis: tuple[str, ...]
    record: Mapping[str, Any]
    is_provisional: bool
    explanation: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One occurrence of an obligation that is open, or the next one to come.

    ``status``: ``open``, ``overdue`` or ``coming``.
    """

    path: str
    title: Label | None
    occurrence: date
    due_on: date
    status: str
    by: tuple[str, ...]
    basis: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Available:
    """A trigger that could be asked for here.

    Attributes:
        trigger: Path; give it to `Engine.fire` as it is.
        is_allowed: Whether nothing but the inputs below is lacking.
        required: Names of fields to give; ``optional`` may be given.
        attach: Documents to attach.
        is_reason_required: Whether a reason must be given.
        by: Who may, as the definition says.
        reasons: Why not, where it is not allowed.
        unknown: Facts on which the answer depends and which nobody provides.
    """

    trigger: str
    title: Label | None
    is_allowed: bool
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    attach: tuple[str, ...] = ()
    is_reason_required: bool = False
    by: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Whether an act would be accepted, and every reason why not."""

    trigger: str
    is_allowed: bool
    reasons: tuple[Reason, ...] = ()
    unknown: tuple[str, ...] = ()
