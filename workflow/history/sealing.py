"""Drafts of entries made into history, and back.

Owns how a draft (a dictionary with the keys of history, without ``prev``, its personal values
wrapped in `Personal`) becomes a canonical entry: every personal value gets a fresh salt and leaves
only its commitment, and the entries are chained. `unseal` is the way back, for folding and replay.
Must not decide, read a clock or make randomness: salts come from the caller. Called by the runtime
(seal) and the ledger (unseal).

Source: HISTORY-FORMAT, "Commitment", "Hash", key ``prev``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.case import Body, Personal
from workflow.definition import Json
from workflow.history.canonical import (
    ZERO,
    NotCanonical,
    canonical_text,
    entry_hash,
    parse_canonical,
    text_commitment,
)

COMMENT = "@comment"
REASON = "@reason"
PARTY_NAME = "@party"
OLD = "@old"
"""Suffix of ``field`` for the value that a change replaces: ``narahubung@old``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedEntry:
    """One entry as it is stored: what queries need, the canonical text, and its hash in hex."""

    seq: int
    revision: int
    kind: str
    recorded_at: str
    effective_on: str
    text: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalRow:
    """The salt and value behind one commitment: exactly one row for each.

    Attributes:
        seq: The entry that carries the commitment.
        field: Name of the field in ``changes`` (with ``@old`` for the value replaced), or
            ``@comment``, ``@reason``, ``@party`` (the name of a party).
        salt: 32 random bytes.
        value: Canonical text of the value committed to.
        party: Id of the party for ``@party`` and ``per: party`` fields, else empty text.
    """

    seq: int
    field: str
    salt: bytes
    value: str
    party: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """Entries of one case in order, the personal rows behind them, and the new head of its chain."""

    entries: tuple[SealedEntry, ...]
    personal: tuple[PersonalRow, ...]
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsealed:
    """An entry's draft again, and the commitments that could not be opened.

    Attributes:
        body: The draft; a commitment that could not be opened still stands in it.
        absent: Places (field, party) without a row: the value was erased, or is missing.
        false: Places whose salt and value do not give the commitment.
    """

    body: Body
    absent: tuple[tuple[str, str], ...]
    false: tuple[tuple[str, str], ...]


def seal(drafts: Sequence[Body], *, head: str, salt: Callable[[], bytes]) -> Sealed:
    """Make drafts of one case into chained canonical entries. The drafts are left as they are.

    Args:
        drafts: In order of ``seq``.
        head: Hash of the case's last entry; `ZERO` (or empty text) for a case that has none.
        salt: Gives 32 fresh random bytes at every call.

    Raises:
        NotCanonical: A draft holds something outside the model.
        ValueError: A draft carries ``prev``, or its ``seq`` does not follow.
    """
    entries: list[SealedEntry] = []
    personal: list[PersonalRow] = []
    prev = head or ZERO
    expected: int | None = 1 if prev == ZERO else None
    for draft in drafts:
        if "prev" in draft:
            raise ValueError("a draft has no 'prev': sealing chains it")
        if expected is not None and draft["seq"] != expected:
            raise ValueError(f"entry {draft['seq']} cannot stand where entry {expected} is due")
        body = _committed(draft, salt, personal)
        body["prev"] = prev
        entry = _entry(body)
        entries.append(entry)
        prev, expected = entry.hash, entry.seq + 1
    return Sealed(entries=tuple(entries), personal=tuple(personal), head=prev)


def unseal(entry: Mapping[str, Json], rows: Iterable[PersonalRow]) -> Unsealed:
    """Turn an entry back into its draft: no ``prev``, commitments replaced by `Personal` values.

    Args:
        entry: As read from its canonical text.
        rows: The personal rows of this entry, in any order.
    """
    by_place = {(row.field, row.party): row for row in rows}
    body = {key: value for key, value in entry.items() if key != "prev"}
    absent: list[tuple[str, str]] = []
    false: list[tuple[str, str]] = []

    def opened(place: tuple[str, str], value: Any) -> Any:
        if not is_commitment(value):
            return value
        row = by_place.get(place)
        if row is None:
            absent.append(place)
            return value
        if not is_opened_by(value["commit"], row):
            false.append(place)
            return value
        return Personal(json.loads(row.value))

    _replace(body, opened)
    return Unsealed(body=body, absent=tuple(absent), false=tuple(false))


def readable(draft: Body) -> Body:
    """Return a draft with its personal values as they are, for who may see them."""
    body = dict(draft)
    _replace(body, lambda _, value: value.value if isinstance(value, Personal) else value)
    return body


def commitments(entry: Mapping[str, Json]) -> Iterator[tuple[str, str, str]]:
    """Yield every commitment of an entry: field, party and its hex, as `PersonalRow` names them."""
    found: list[tuple[str, str, str]] = []

    def noted(place: tuple[str, str], value: Any) -> Any:
        if is_commitment(value):
            found.append((*place, value["commit"]))
        return value

    _replace(dict(entry), noted)
    yield from found


def is_commitment(value: object) -> bool:
    """Whether a value of history is a commitment; no field's value has that shape."""
    return isinstance(value, dict) and value.keys() == {"commit"}


def is_opened_by(commit: Json, row: PersonalRow) -> bool:
    """Whether a row, wherever it comes from, is what a commitment was made of."""
    try:
        parse_canonical(row.value)
        return text_commitment(row.salt, row.value) == commit
    except (NotCanonical, ValueError):
        return False


def is_per_party(change: Mapping[str, Any]) -> bool:
    """Whether a field's entry in ``changes`` has one more level by party.

    Decided by shape alone, so that a party called ``old`` or ``new`` is no trap.
    """
    return all(isinstance(part, dict) and part.keys() <= {"old", "new"} for part in change.values())


def _committed(draft: Body, salt: Callable[[], bytes], personal: list[PersonalRow]) -> Body:
    body = dict(draft)

    def committed(place: tuple[str, str], value: Any) -> Any:
        if not isinstance(value, Personal):
            return value
        fresh, text = salt(), canonical_text(value.value)
        field, party = place
        personal.append(PersonalRow(seq=draft["seq"], field=field, party=party, salt=fresh, value=text))
        return {"commit": text_commitment(fresh, text)}

    _replace(body, committed)
    return body


def _replace(body: Body, change: Callable[[tuple[str, str], Any], Any]) -> None:
    """Pass every place where a commitment may stand through ``change``; inner values are copied."""
    for key, field in (("comment", COMMENT), ("reason", REASON)):
        if key in body:
            body[key] = change((field, ""), body[key])
    if "parties" in body:
        body["parties"] = [
            {**party, "name": change((PARTY_NAME, party["id"]), party["name"])} if "name" in party else party
            for party in body["parties"]
        ]
    if "changes" in body:
        body["changes"] = {name: _changed(name, found, change) for name, found in body["changes"].items()}


def _changed(
    name: str, found: Mapping[str, Any], change: Callable[[tuple[str, str], Any], Any]
) -> dict[str, Any]:
    if is_per_party(found):
        return {party: _pair(name, party, pair, change) for party, pair in found.items()}
    return _pair(name, "", found, change)


def _pair(
    name: str, party: str, pair: Mapping[str, Any], change: Callable[[tuple[str, str], Any], Any]
) -> dict[str, Any]:
    return {
        side: change((name + OLD if side == "old" else name, party), value) for side, value in pair.items()
    }


def _entry(body: Body) -> SealedEntry:
    text = canonical_text(body)
    return SealedEntry(
        seq=body["seq"],
        revision=body["revision"],
        kind=body["kind"],
        recorded_at=body["recorded_at"],
        effective_on=body["effective_on"],
        text=text,
        hash=entry_hash(text.encode()),
    )
