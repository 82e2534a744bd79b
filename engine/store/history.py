"""History entries, the personal values behind their commitments, and the stream of refused attempts.

Owns ``wf_history``, ``wf_personal`` and ``wf_refusal``. History is only ever inserted, by
``engine.store.cases.apply``; here it is read.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select

from engine.store import tables as t
from engine.store.executors import Executor
from engine.store.port import PersonalRow, RefusalRow, SealedEntry
from engine.store.statements import Statement, Values, insert

_ENDLESS = 2**31 - 1

_h = t.history.c
_HISTORY = Statement(
    select(_h.seq, _h.revision, _h.kind, _h.recorded_at, _h.effective_on, _h.entry, _h.hash)
    .where(_h.tenant == bindparam("tenant"), _h.case_id == bindparam("case_id"), _h.seq > bindparam("after"))
    .order_by(_h.seq)
    .limit(bindparam("limit"))
)

_p = t.personal.c
_PERSONAL = Statement(
    select(_p.seq, _p.field, _p.party, _p.salt, _p.value)
    .where(_p.tenant == bindparam("tenant"), _p.case_id == bindparam("case_id"))
    .order_by(_p.seq, _p.field, _p.party)
)

_r = t.refusal.c
_REFUSALS = Statement(
    select(_r.recorded_at, _r.case_id, _r.asked, _r.actor, _r.code, _r.refusal)
    .where(_r.tenant == bindparam("tenant"), _r.case_id == bindparam("case_id"))
    .order_by(_r.id.desc())
    .limit(bindparam("limit"))
)
_INSERT_REFUSAL = insert(t.refusal, "id")


def sealed_values(entry: SealedEntry) -> dict[str, Any]:
    """Return an entry as the columns of its row, but for tenant and case."""
    return {
        "seq": entry.seq,
        "revision": entry.revision,
        "kind": entry.kind,
        "recorded_at": entry.recorded_at,
        "effective_on": entry.effective_on,
        "entry": entry.text,
        "hash": entry.hash,
    }


def personal_values(row: PersonalRow) -> dict[str, Any]:
    """Return a personal value as the columns of its row, but for tenant and case."""
    return {"seq": row.seq, "field": row.field, "party": row.party, "salt": row.salt, "value": row.value}


def entries(
    executor: Executor, tenant: str, case_id: str, after: int, limit: int | None
) -> tuple[SealedEntry, ...]:
    """Return the entries of a case after a seq, in order."""
    values = {
        "tenant": tenant,
        "case_id": case_id,
        "after": after,
        "limit": _ENDLESS if limit is None else limit,
    }
    return tuple(
        SealedEntry(
            seq=seq,
            revision=revision,
            kind=kind,
            recorded_at=recorded_at,
            effective_on=effective_on,
            text=text,
            hash=hash_,
        )
        for seq, revision, kind, recorded_at, effective_on, text, hash_ in executor.rows(_HISTORY, values)
    )


def personal(executor: Executor, tenant: str, case_id: str) -> tuple[PersonalRow, ...]:
    """Return the personal values of a case by seq, field and party."""
    rows = executor.rows(_PERSONAL, {"tenant": tenant, "case_id": case_id})
    return tuple(
        PersonalRow(seq=seq, field=field, party=party, salt=bytes(salt), value=value)
        for seq, field, party, salt, value in rows
    )


def refuse(executor: Executor, tenant: str, row: RefusalRow) -> None:
    """Note a refused attempt."""
    values: Values = {
        "tenant": tenant,
        "case_id": row.case_id,
        "recorded_at": row.recorded_at,
        "asked": row.trigger,
        "actor": row.actor,
        "code": row.code,
        "refusal": row.text,
    }
    executor.run(_INSERT_REFUSAL, values)


def refusals(executor: Executor, tenant: str, case_id: str, limit: int) -> tuple[RefusalRow, ...]:
    """Return refused attempts at a case, latest first."""
    rows = executor.rows(_REFUSALS, {"tenant": tenant, "case_id": case_id, "limit": limit})
    return tuple(
        RefusalRow(recorded_at=at, case_id=of, trigger=asked, actor=actor, code=code, text=text)
        for at, of, asked, actor, code, text in rows
    )
