"""Cases and writes for the store's tests: plain rows, as the runtime would hand them over."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from engine.store.port import Event, RequestRow, SealedEntry, TimerRow, Writes
from workflow.case import CaseState

TENANT = "kukar"
OPENED_AT = "2026-02-02T01:00:00.000000Z"


def a_case(**changes: Any) -> CaseState:
    """Return a case after its opening."""
    case_id = str(changes.pop("id", uuid.uuid4()))
    case = CaseState(
        tenant=TENANT,
        id=case_id,
        number=f"ksdd/2026/{case_id}",
        workflow="ksdd",
        version=1,
        digest="a" * 64,
        parties=({"id": "kukar", "side": "pemrakarsa", "name": "Kabupaten Kutai Kartanegara"},),
        configuration=("penyusunan_kak",),
        calendars={"indonesia": {"version": 4, "digest": "c" * 64}},
        revision=1,
        seq=1,
        recorded_at=OPENED_AT,
        stepped_on="2026-02-02",
        opened_at=OPENED_AT,
        head="0" * 63 + "1",
        fields={"judul": "Angkutan perkotaan", "urusan": ["perhubungan", "tata_ruang"]},
    )
    return replace(case, **changes)


def entry(case: CaseState, kind: str = "transition_taken") -> SealedEntry:
    """Return the entry that brought a case to its seq."""
    return SealedEntry(
        seq=case.seq,
        revision=case.revision,
        kind=kind,
        recorded_at=case.recorded_at,
        effective_on=case.stepped_on,
        text=f'{{"seq":{case.seq}}}',
        hash=case.head,
    )


def request(case: CaseState, request_id: str) -> RequestRow:
    """Return a remembered request of a case's last entry."""
    return RequestRow(request_id=request_id, case_id=case.id, seq=case.seq, salt=b"s" * 32, digest="d" * 64)


def opening(case: CaseState | None = None, **more: Any) -> Writes:
    """Return what opening a case writes."""
    case = case or a_case()
    return Writes(
        before=None,
        case=case,
        entries=(entry(case, "case_opened"),),
        events=(Event(topic="case.case_opened", seq=case.seq, payload='{"kind":"case_opened"}'),),
        **more,
    )


def step(before: CaseState, *, request_id: str | None = None, **changes: Any) -> Writes:
    """Return what one transition writes: the next revision and seq, one entry, one event."""
    more = {
        name: changes.pop(name)
        for name in ("timers", "timer_paths", "personal", "contents")
        if name in changes
    }
    after = replace(
        before,
        revision=before.revision + 1,
        seq=before.seq + 1,
        head=f"{before.seq + 1:064x}",
        **changes,
    )
    return Writes(
        before=before,
        case=after,
        entries=(entry(after),),
        events=(Event(topic="case.transition_taken", seq=after.seq, payload=f'{{"seq":{after.seq}}}'),),
        request=request(after, request_id) if request_id else None,
        **more,
    )


def due(path: str, at: str, *, kind: str = "act", mark: str = "") -> TimerRow:
    """Return a timer row."""
    return TimerRow(path=path, kind=kind, due_at=at, mark=mark)


def instant(day: int, hour: int = 0) -> str:
    """Return an instant in March 2026."""
    return f"2026-03-{day:02d}T{hour:02d}:00:00.000000Z"
