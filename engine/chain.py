"""One case's entries as they are stored: text, hash, links, order, and the log beside them.

Owns the checks that need nothing but the rows. It knows no definition and no database. Called by
``engine.ledger`` before anything that trusts the entries' content.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.findings import Finding, found
from workflow.case import Body
from workflow.history.canonical import ZERO, NotCanonical, entry_hash, parse_canonical
from workflow.history.sealing import SealedEntry
from workflow.locale import Message

_COLUMNS = ("seq", "revision", "kind", "recorded_at", "effective_on")
_TYPES: Mapping[str, type] = {
    "v": int,
    "tenant": str,
    "case": str,
    "seq": int,
    "revision": int,
    "kind": str,
    "recorded_at": str,
    "effective_on": str,
    "clock": str,
    "engine": dict,
    "definition": dict,
    "actor": dict,
    "prev": str,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A stored row with what its text says; ``body`` is ``None`` where it cannot be read."""

    row: SealedEntry
    body: Body | None
    hash: str


def read_links(rows: Sequence[SealedEntry]) -> list[Link]:
    """Read the rows of a case, in order of ``seq``."""
    return [Link(row=_numbered(row), body=_read(row.text)[0], hash=_hash(row.text)) for row in rows]


def check_chain(tenant: str, case: str, links: Sequence[Link]) -> Iterator[Finding]:
    """Yield everything that is wrong with the links of one case, in order."""
    before: Link | None = None
    for link in links:
        yield from _check_text(tenant, case, link)
        yield from _check_following(case, before, link)
        before = link


def check_log(case: str, links: Sequence[Link], logged: Mapping[int, str]) -> Iterator[Finding]:
    """Yield where the tenant's log and the entries of a case differ; ``logged``: seq → hash."""
    hashes = {link.row.seq: link.hash for link in links}
    for seq in sorted(hashes.keys() | logged.keys()):
        if seq not in hashes:
            yield found("log-surplus", case, seq)
        elif seq not in logged:
            yield found("unlogged", case, seq)
        elif logged[seq] != hashes[seq]:
            yield found("log-mismatch", case, seq)


def _numbered(row: SealedEntry) -> SealedEntry:
    """Return the row; one whose place is no number, which SQLite stores too, stands at place 0."""
    return row if type(row.seq) is int else replace(row, seq=0)


def _read(text: object) -> tuple[Body | None, str]:
    """Return the entry, or ``None`` and why it is none."""
    if not isinstance(text, str):
        return None, type(text).__name__
    try:
        body: Any = parse_canonical(text)
    except NotCanonical as error:
        return None, str(error)
    if not isinstance(body, dict):
        return None, type(body).__name__
    wrong = [key for key, kind in _TYPES.items() if type(body.get(key)) is not kind]
    return (None, f"{', '.join(wrong)} ?") if wrong else (body, "")


def _hash(text: object) -> str:
    # what is stored may be anything, also text that no canonical entry could be, or (SQLite) no text
    if isinstance(text, bytes):
        return entry_hash(text)
    return entry_hash(str(text).encode("utf-8", "surrogatepass"))


def _check_text(tenant: str, case: str, link: Link) -> Iterator[Finding]:
    row, body = link.row, link.body
    if body is None:
        yield found("unreadable", case, row.seq, why=_read(row.text)[1])
    if row.hash != link.hash:
        yield found("hash-mismatch", case, row.seq)
    if body is None:
        return
    if (body["tenant"], body["case"], body["seq"]) != (tenant, case, row.seq):
        yield found("misplaced", case, row.seq, belongs=_home(tenant, case, body))
    elif changed := [name for name in _COLUMNS if getattr(row, name) != body[name]]:
        yield found("columns-changed", case, row.seq, columns=", ".join(changed))


def _home(tenant: str, case: str, body: Body) -> Message:
    """Say where an entry belongs by its own text."""
    where = "here" if (body["tenant"], body["case"]) == (tenant, case) else "elsewhere"
    params = {"tenant": body["tenant"], "case": body["case"], "seq": body["seq"]}
    return Message(f"ledger.belongs.{where}", params)


def _check_following(case: str, before: Link | None, link: Link) -> Iterator[Finding]:
    seq = link.row.seq
    last = before.row.seq if before else 0
    if seq < 1:
        return  # its text says where it belongs, or that nothing can be read
    if seq != last + 1:
        missing = str(last + 1) if seq == last + 2 else f"{last + 1}–{seq - 1}"
        yield found("gap", case, seq, missing=missing)
        return
    if link.body is None:
        return
    if link.body["prev"] != (before.hash if before else ZERO):
        yield found("chain-broken", case, seq, before=last)
    if before is not None and before.body is not None:
        yield from _check_order(case, seq, before.body, link.body)


def _check_order(case: str, seq: int, old: Body, new: Body) -> Iterator[Finding]:
    if not str(old["recorded_at"]) < str(new["recorded_at"]):
        yield found(
            "order-broken", case, seq, what="recorded_at", old=old["recorded_at"], new=new["recorded_at"]
        )
    if new["revision"] not in (old["revision"], old["revision"] + 1):
        yield found("order-broken", case, seq, what="revision", old=old["revision"], new=new["revision"])
