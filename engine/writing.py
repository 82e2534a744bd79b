"""What a decision writes: sealed entries, timers, events for consumers, as one `Writes`.

Owns the way from a decision about one case to the rows of it. It decides nothing and writes nothing.
Called by ``engine.commands``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence

from engine.documents import Attached
from engine.events import emitted_event, entry_event, reminder_event
from engine.store.port import PersonalRow, RequestRow, SealedEntry, TimerRow, Transaction, Writes
from engine.timers import changed_paths, reminder_rows, timer_rows
from workflow.case import Body, CaseState, Decision, World, changed_case
from workflow.chart.process import Process
from workflow.history.sealing import seal, unseal
from workflow.step.clocks import calendars_of
from workflow.time.deadlines import instant_text


def writes_of(
    tx: Transaction,
    process: Process,
    before: CaseState | None,
    decision: Decision,
    world: World,
    *,
    request: RequestRow | None = None,
    attached: Attached | None = None,
    touched: Sequence[str] = (),
) -> Writes:
    """Return everything that a decision writes; ``touched``: paths with rows that are due.

    A reminder that is due goes out with whatever comes first, sweep or command, if what it reminds
    of still stands afterwards.
    """
    sealed = seal(decision.entries, head=before.head if before else "", salt=_salt)
    case = changed_case(decision.case, {"head": sealed.head})
    paths = tuple(dict.fromkeys((*changed_paths(process, before, case), *touched)))
    rows: list[TimerRow] = []
    late: list[TimerRow] = []
    if paths:
        now = instant_text(world.now)
        calendars = calendars_of(process, case, world)
        for path in paths:
            rows.extend(timer_rows(process, case, path))
            # The rows of duties are made anew with every entry, those of a clock when it changes.
            since = before.recorded_at if before is not None and path in case.obligations else ""
            for row in reminder_rows(process, case, path, calendars, since):
                (rows if row.due_at > now else late).append(row)
    if late:
        waiting = {status.timer for status in tx.timers.of(case.id)} if before is not None else ()
        late = [row for row in late if row in waiting]
    return Writes(
        before=before,
        case=case,
        entries=sealed.entries,
        personal=sealed.personal,
        timers=tuple(rows),
        timer_paths=paths,
        events=(
            *(entry_event(body, case.number) for body in decision.entries),
            *(emitted_event(one, case) for one in decision.events),
            *(reminder_event(process, case, row) for row in late),
        ),
        request=request,
        contents=attached.contents if attached else (),
    )


def open_entries(entries: list[SealedEntry], rows: tuple[PersonalRow, ...]) -> list[Body]:
    """Return entries as drafts again, personal values put in where they are still there."""
    by_seq: dict[int, list[PersonalRow]] = {}
    for row in rows:
        by_seq.setdefault(row.seq, []).append(row)
    return [unseal(json.loads(entry.text), by_seq.get(entry.seq, ())).body for entry in entries]


def _salt() -> bytes:
    return os.urandom(32)


def earliest(*several: Writes) -> str | None:
    """Return the first instant at which something of what is written will be due."""
    return min((row.due_at for one in several for row in one.timers), default=None)
