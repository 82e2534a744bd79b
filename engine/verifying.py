"""One case verified: what its entries cite, fold to and were allowed to do, against what is stored.

Owns every check that reads the content of entries. The entries may have been forged in any shape, so
nothing that follows from them is trusted: what breaks on them is a finding, not an error. Called by
``engine.ledger`` with one transaction a case.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from engine.chain import Link, check_chain, check_log, read_links
from engine.evidence import Evidence
from engine.findings import Finding, called, found
from engine.relatives import Relatives
from engine.store.port import Transaction
from engine.store.rows import case_values
from engine.store.snapshots import to_text
from engine.timers import timer_rows
from workflow.case import Body, CaseState
from workflow.chart.process import Process
from workflow.history.replay import Illegal, replay
from workflow.history.sealing import OLD, PersonalRow, commitments, is_commitment, unseal
from workflow.locale import Message
from workflow.step.clocks import SUSPENSION
from workflow.step.evolve import evolve
from workflow.time.calendars import Calendar
from workflow.time.deadlines import recount

FORGED = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError)
"""What code that trusts entries raises on entries of another shape."""

UNREADABLE = frozenset({"invalid-field", "missing-field"})
"""Refusals that a step decided again gets where a value of it can no longer be opened."""

COUNTED = ("started", "moved")
"""The operations on a clock that carry a derivation."""


class _CalendarGone(Exception):
    """A step cannot be decided again, because a calendar is not there as it was."""

    def __init__(self, digest: str, code: str) -> None:
        super().__init__(digest)
        self.digest = digest
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was found in one case, and how many entries were read."""

    findings: tuple[Finding, ...]
    entries: int


def verify_case(tx: Transaction, case_id: str, evidence: Evidence) -> Verified:
    """Verify one case inside a transaction that sees one state of the database."""
    return _Verification(tx, case_id, evidence).run()


class _Verification:
    """The verification of one case; findings come in order of what is looked at."""

    def __init__(self, tx: Transaction, case_id: str, evidence: Evidence) -> None:
        self._tx = tx
        self._case = case_id
        self._evidence = evidence
        self._relatives = Relatives(tx, evidence)
        self._findings: list[Finding] = []
        self._closed: set[int] = set()  # entries with a commitment that could not be opened

    def run(self) -> Verified:
        links = read_links(self._tx.history(self._case))
        broken = list(check_chain(self._tx.tenant, self._case, links))
        self._findings.extend(broken)
        self._findings.extend(check_log(self._case, links, self._tx.audit.logged(self._case)))
        row = self._row(links)
        if links and not broken:
            self._content([link.body for link in links if link.body is not None], links[-1], row)
        number = self._number(links)
        findings = tuple(called(finding, number) for finding in self._findings)
        return Verified(findings=findings, entries=len(links))

    def _number(self, links: Sequence[Link]) -> str | None:
        """Return how people call the case: by its opening, else by its row."""
        opening = links[0].body if links else None
        number = (opening or {}).get("number") or self._tx.audit.columns(self._case).get("number")
        return number if isinstance(number, str) else None

    def _note(self, code: str, seq: int | None = None, **params: Any) -> None:
        self._findings.append(found(code, self._case, seq, **params))

    @contextmanager
    def _distrusting(self, seq: int) -> Iterator[None]:
        try:
            yield
        except FORGED as error:
            self._note("not-foldable", seq, why=f"{type(error).__name__}: {error}")

    # --- the row beside the history ------------------------------------------------------------------

    def _row(self, links: Sequence[Link]) -> CaseState | None:
        """Hold the case row against the end of its history; ``None``: there is nothing to compare."""
        last = links[-1].row.seq if links else 0
        try:
            row = self._tx.case(self._case)
        except FORGED as error:
            self._note("case-changed", last, what=f"snapshot ({type(error).__name__})")
            return None
        if row is None:
            self._note("case-missing")
        elif row.seq > last:
            self._note("truncated", last or None, expected=row.seq, last=last)
        elif row.seq < last:
            self._note("case-behind", row.seq + 1, row=row.seq)
        elif row.head != links[-1].hash:
            self._note("head-mismatch", last)
        return row if row is not None and row.seq == last else None

    def _compare(self, folded: CaseState, row: CaseState, head: str) -> None:
        expected, stored = _plain(folded), _plain(row)
        _hide_what_is_closed(expected, stored)
        what = [
            *_differences(expected.pop("fields", {}), stored.pop("fields", {}), "fields."),
            *_differences(expected, stored, ""),
        ]
        wanted = case_values(self._tx.tenant, replace(folded, head=head))
        columns = self._tx.audit.columns(self._case)
        what += [name for name in columns if columns[name] != wanted[name]]
        if self._tx.audit.parent(self._case) != (folded.parent["case"] if folded.parent else None):
            what.append("parent")
        if what:
            self._note("case-changed", folded.seq, what=", ".join(dict.fromkeys(what)))

    # --- the content of the entries -------------------------------------------------------------------

    def _content(self, bodies: list[Body], last: Link, row: CaseState | None) -> None:
        drafts = self._opened(bodies)
        for body in bodies:
            with self._distrusting(body["seq"]):
                self._check_clocks(body)
            with self._distrusting(body["seq"]):
                self._check_documents(body)
        process = self._definition(bodies)
        if drafts is None or process is None:
            return
        folded = self._fold(drafts, process)
        if folded is None:
            return
        with self._distrusting(folded.seq):
            self._replay(drafts, process)
        with self._distrusting(folded.seq):
            for seq, relative in self._relatives.differing(bodies):
                known = self._tx.audit.columns(relative).get("number", relative)
                self._note("relative-mismatch", seq, relative=known)
        with self._distrusting(folded.seq):
            if row is not None:
                self._compare(folded, row, last.hash)
                self._check_timers(process, folded)

    def _opened(self, bodies: list[Body]) -> list[Body] | None:
        """Return the drafts with the personal values put in; ``None`` where an entry has no shape."""
        rows: dict[int, list[PersonalRow]] = {body["seq"]: [] for body in bodies}
        for row in self._tx.personal(self._case):
            if row.seq in rows:
                rows[row.seq].append(row)
            else:
                self._note("personal-surplus", row.seq, field=_place(row.field, row.party))
        drafts: list[Body] = []
        erased: set[tuple[Any, ...]] = set()
        for body in bodies:
            with self._distrusting(body["seq"]):
                erased |= {(one["seq"], one["field"], one.get("party", "")) for one in body.get("erased", ())}
        for body in bodies:
            with self._distrusting(body["seq"]):
                drafts.append(self._open(body, rows[body["seq"]], erased))
        return drafts if len(drafts) == len(bodies) else None

    def _open(self, body: Body, rows: list[PersonalRow], erased: set[tuple[Any, ...]]) -> Body:
        seq = body["seq"]
        opened = unseal(body, rows)
        if opened.false or opened.absent:
            self._closed.add(seq)
        for field, party in opened.false:
            self._note("personal-changed", seq, field=_place(field, party))
        for field, party in opened.absent:
            if (seq, field.removesuffix(OLD), party) not in erased:
                self._note("personal-missing", seq, field=_place(field, party))
        committed = {(field, party) for field, party, _ in commitments(body)}
        for row in rows:
            if (row.field, row.party) not in committed:
                self._note("personal-surplus", seq, field=_place(row.field, row.party))
        return opened.body

    def _check_clocks(self, body: Body) -> None:
        gone: set[str] = set()
        for record in body.get("clocks", ()):
            if record["op"] not in COUNTED:
                continue
            reference = record["calendar"]
            cited = self._evidence.calendar(self._tx, reference["digest"])
            if cited.calendar is None:
                if reference["digest"] not in gone:
                    code = cited.code or "calendar-missing"
                    self._note(code, body["seq"], digest=reference["digest"], name=reference["name"])
                gone.add(reference["digest"])
                continue
            again = recount(record, cited.calendar).record()
            given = {key: value for key, value in record.items() if key not in ("op", "path")}
            if what := _differences(again, given, ""):
                self._note("clock-mismatch", body["seq"], path=record["path"], what=", ".join(what))

    def _check_documents(self, body: Body) -> None:
        for name, digests in body.get("documents", {}).items():
            for digest in digests:
                if code := self._evidence.document(self._tx, digest):
                    self._note(code, body["seq"], document=name, digest=digest)

    def _definition(self, bodies: list[Body]) -> Process | None:
        """Return the definition that the case runs on; every entry must cite the stored one."""
        process = None
        for body in bodies:
            reference = body["definition"]
            with self._distrusting(body["seq"]):
                name, version, digest = (reference[key] for key in ("workflow", "version", "digest"))
                cited = self._evidence.definition(self._tx, name, version, digest)
                if cited.process is None:
                    code = cited.code or "definition-missing"
                    self._note(code, body["seq"], workflow=name, version=version, digest=digest)
                    return None
                process = cited.process
        return process

    def _fold(self, drafts: list[Body], process: Process) -> CaseState | None:
        case: CaseState | None = None
        for draft in drafts:
            before = case
            with self._distrusting(draft["seq"]):
                case = evolve(case, draft, process.definition)
            if case is before:
                return None
        return case

    def _replay(self, drafts: list[Body], process: Process) -> None:
        for illegal in self._illegal(drafts, process):
            if illegal.seq in self._closed and set(illegal.detail.split(", ")) <= UNREADABLE:
                continue  # found already, as a personal value that cannot be opened
            why = Message(f"ledger.not-allowed.{illegal.why}", {"detail": illegal.detail})
            self._note("not-allowed", illegal.seq, why=why)

    def _illegal(self, drafts: list[Body], process: Process) -> Iterator[Illegal]:
        try:
            yield from replay(process, drafts, self._calendar, self._relatives.as_of)
        except _CalendarGone as gone:
            # Said already of each entry that counted with it; nothing can be decided again without.
            if all(one.code not in ("calendar-missing", "calendar-changed") for one in self._findings):
                self._note(gone.code, drafts[-1]["seq"], digest=gone.digest, name="")

    def _calendar(self, digest: str) -> Calendar:
        cited = self._evidence.calendar(self._tx, digest)
        if cited.calendar is None:
            raise _CalendarGone(digest, cited.code or "calendar-missing")
        return cited.calendar

    def _check_timers(self, process: Process, folded: CaseState) -> None:
        paths = dict.fromkeys((*folded.clocks, *folded.obligations, SUSPENSION))
        expected = {row for path in paths for row in timer_rows(process, folded, path)}
        stored = {one.timer for one in self._tx.timers.of(self._case) if one.timer.kind != "reminder"}
        what = [
            f"{sign} {row.path} {row.kind} {row.mark or ''}{' ' if row.mark else ''}{row.due_at}"
            for sign, rows in (("−", expected - stored), ("+", stored - expected))
            for row in sorted(rows, key=lambda row: (row.path, row.kind, row.mark, row.due_at))
        ]
        if what:
            self._note("timer-changed", folded.seq, what="; ".join(what))


def _place(field: str, party: str) -> str:
    return f"{field}.{party}" if party else field


def _plain(case: CaseState) -> dict[str, Any]:
    """Return a case as JSON, without the head: a fold of drafts has none."""
    plain: dict[str, Any] = json.loads(to_text(replace(case, head="")))
    return plain


def _differences(expected: Mapping[str, Any], stored: Mapping[str, Any], prefix: str) -> list[str]:
    names = sorted(expected.keys() | stored.keys())
    return [prefix + name for name in names if expected.get(name) != stored.get(name)]


def _hide_what_is_closed(expected: dict[str, Any], stored: dict[str, Any]) -> None:
    """Leave out of the comparison what a commitment in ``expected`` still hides."""
    for name, value in list(expected.get("fields", {}).items()):
        by_party = isinstance(value, dict) and any(is_commitment(one) for one in value.values())
        if by_party or is_commitment(value):
            expected["fields"].pop(name)
            stored.get("fields", {}).pop(name, None)
    for ours, theirs in zip(expected.get("parties", ()), stored.get("parties", ()), strict=False):
        if is_commitment(ours.get("name")):
            ours.pop("name")
            theirs.pop("name", None)
