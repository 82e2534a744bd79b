"""A whole case's history made by hand from the page of the format, and ways to tamper with it.

Owned by the history tests. It uses only `workflow.history.sealing`: what the engine itself writes is checked
elsewhere; here every entry is known word for word.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from workflow.case import Personal
from workflow.history.canonical import ZERO, canonical_text, digest_of, entry_hash
from workflow.history.sealing import Sealed, seal

CASE = "01940000-0000-7000-8000-000000000001"

CALENDAR: dict[str, Any] = {
    "format": 1,
    "calendar": "indonesia",
    "version": 4,
    "week": ["mon", "tue", "wed", "thu", "fri"],
    "covers": {"from": "2026-01-01", "until": "2026-12-31"},
    "decrees": {
        "skb_2026": {
            "title": "SKB 2026",
            "issued": "2025-09-19",
            "national": {"2026-02-17": "Imlek", "2026-03-19": "Nyepi"},
            "joint_leave": {"2026-02-16": "Cuti bersama Imlek"},
        }
    },
}
CALENDAR_DIGEST = digest_of("kerjasama/calendar/1", CALENDAR)

DEFINITION: dict[str, Any] = {
    "workflow": "ksdd",
    "version": 1,
    "fields": [
        ["judul", {"type": "text"}],
        ["nilai", {"type": "money"}],
        ["narahubung", {"type": "person", "personal": True}],
        ["nomor_kb", {"type": "text", "per": "party"}],
        ["diterima_dprd", {"type": "date"}],
    ],
}
DEFINITION_DIGEST = digest_of("kerjasama/definition/1", DEFINITION)

Line = dict[str, Any]


def salts() -> Callable[[], bytes]:
    """Return a source of salts that never repeats."""
    number = 0

    def salt() -> bytes:
        nonlocal number
        number += 1
        return number.to_bytes(32)

    return salt


def _draft(seq: int, revision: int, kind: str, on: str, **more: Any) -> Line:
    return {
        "v": 1,
        "tenant": "kukar",
        "case": CASE,
        "seq": seq,
        "revision": revision,
        "kind": kind,
        "recorded_at": f"{on}T02:00:00.00000{seq}Z",
        "effective_on": on,
        "clock": "system",
        "engine": {"version": "0.1.0", "semantics": 1},
        "definition": {"workflow": "ksdd", "version": 1, "digest": DEFINITION_DIGEST},
        **more,
    }


def _clock(path: str, **more: Any) -> Line:
    reference = {"name": "indonesia", "version": 4, "digest": CALENDAR_DIGEST}
    return {"path": path, "roll": "none", "zone": "Asia/Makassar", "calendar": reference, **more}


def drafts() -> list[Line]:
    """The drafts of a case with every kind of clock, consent, personal values and a closing."""
    opd = {"id": "rina", "role": "opd", "party": "kukar"}
    recorder = {"id": "budi", "role": "sekretariat_tkksd", "party": "kukar"}
    return [
        _draft(
            1, 1, "case_opened", "2026-02-02",
            actor=opd, request="req-1", number="ksdd/2026/1", to=["penyusunan"],
            parties=[
                {"id": "kukar", "side": "pemrakarsa", "name": Personal("Kabupaten Kutai Kartanegara")},
                {"id": "samarinda", "side": "mitra", "name": Personal("Kota Samarinda")},
            ],
            calendars={"indonesia": {"version": 4, "digest": CALENDAR_DIGEST}},
            changes={
                "judul": {"new": "Angkutan perkotaan – lintas batas"},
                "nilai": {"new": "1500000000"},
                "narahubung": {"new": Personal("Siti Rahma")},
            },
            clocks=[
                _clock(
                    "penyusunan.target", op="started", since="2026-02-02", within=[10, "working_days"],
                    first_day="after",
                    skipped=[
                        ["2026-02-07", "weekend"], ["2026-02-08", "weekend"], ["2026-02-14", "weekend"],
                        ["2026-02-15", "weekend"], ["2026-02-16", "joint_leave"], ["2026-02-17", "national"],
                    ],
                    due_on="2026-02-18", due_at="2026-02-18T16:00:00.000000Z",
                    acts_at="2026-02-18T16:00:00.000000Z",
                )
            ],
        ),
        _draft(
            2, 2, "transition_taken", "2026-02-03",
            **{"from": ["penyusunan"]}, to=["dprd", "kajian"], trigger="penyusunan.ajukan", actor=opd,
            documents={"kak": ["b" * 64]}, facts={"pagu_tersedia": True},
            rules=[{"id": "objek_dalam_rencana", "ok": True}], basis=["P22 ps 7(2)-(3)"],
            changes={
                "nilai": {"old": "1500000000", "new": "1250000000.5"},
                "narahubung": {"old": Personal("Siti Rahma"), "new": Personal("Budi Santoso")},
                "diterima_dprd": {"new": "2026-02-03"},
            },
            comment=Personal("Segera ditelaah"),
            clocks=[
                {"op": "stopped", "path": "penyusunan.target"},
                _clock(
                    "dprd.batas", op="started", since="2026-02-03", within=[1, "months"], first_day="same",
                    hold=[3, "working_days"],
                    due_on="2026-03-02", due_at="2026-03-02T16:00:00.000000Z",
                    acts_at="2026-03-05T16:00:00.000000Z",
                ),
                _clock(
                    "kajian.batas", op="started", at="2026-02-14", first_day="after",
                    roll="next_working_day",
                    skipped=[
                        ["2026-02-14", "weekend"], ["2026-02-15", "weekend"], ["2026-02-16", "joint_leave"],
                        ["2026-02-17", "national"],
                    ],
                    due_on="2026-02-18", due_at="2026-02-18T16:00:00.000000Z",
                    acts_at="2026-02-18T16:00:00.000000Z",
                ),
            ],
        ),
        _draft(
            3, 2, "deadline_expired", "2026-02-18",
            recorded_at="2026-02-18T16:00:00.000003Z",
            actor={"id": "clock"}, clocks=[{"op": "fired", "path": "kajian.batas"}],
        ),
        _draft(
            4, 3, "consent_given", "2026-03-09",
            trigger="dprd.tandatangani",
            actor={"role": "kepala_daerah", "party": "samarinda", "recorder": recorder},
            votes=[{"member": "samarinda", "vote": "yes", "about": {"rancangan": ["d" * 64]}}],
            changes={"nomor_kb": {"samarinda": {"new": "SMD/9"}}},
        ),
        _draft(
            5, 4, "transition_taken", "2026-03-10",
            **{"from": ["dprd", "kajian"]}, to=["selesai"], trigger="dprd.tandatangani", outcome="selesai",
            actor={"id": "wali", "role": "kepala_daerah", "party": "kukar"},
            changes={"nomor_kb": {"kukar": {"new": "KKR/1"}}, "diterima_dprd": {"old": "2026-02-03"}},
            clocks=[{"op": "stopped", "path": "dprd.batas"}], reason=Personal("Sepakat"),
        ),
    ]  # fmt: skip


def whole_case() -> Sealed:
    """The case, sealed."""
    return seal(drafts(), head=ZERO, salt=salts())


def lines_of(sealed: Sealed) -> list[str]:
    """The canonical lines of a sealed case."""
    return [entry.text for entry in sealed.entries]


def personal_of(sealed: Sealed, case: str = CASE) -> list[Line]:
    """The personal rows as the second reader takes them."""
    return [
        {
            "case": case,
            "seq": row.seq,
            "field": row.field.removesuffix("@old"),
            "party": row.party,
            "old": row.field.endswith("@old"),
            "salt": row.salt.hex(),
            "value": json.loads(row.value),
        }
        for row in sealed.personal
    ]


def rechained(lines: Iterable[str], change: Callable[[list[Line]], object]) -> list[str]:
    """Change the entries and chain them again, as a forger who holds the database would."""
    entries: list[Line] = [json.loads(line) for line in lines]
    change(entries)
    return chain(entries)


def chain(entries: Iterable[Mapping[str, Any]]) -> list[str]:
    """Write entries as lines, each with the hash of the one before."""
    prev, lines = ZERO, []
    for entry in entries:
        body = {**copy.deepcopy(dict(entry)), "prev": prev}
        lines.append(canonical_text(body))
        prev = entry_hash(lines[-1].encode())
    return lines
