"""What the families of ``tests/material/rumpun`` are asked by programs that are killed.

Owns who acts in them and how an act that was noted as JSON is asked of an engine, so that it can be asked
again by another process. Draws acts for a case; some are refused. Used by ``driver`` and ``one_act``.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from kerjasama import Actor, Case, Engine, Party
from tests.endurance import ADMIN
from tests.places import DEFINITIONS, ROOT
from workflow.case import Mandate

MATERIAL = ROOT / "tests" / "material" / "rumpun"
WORKFLOWS = ("pokok", "ranting", "lepas")
PARTIES = (Party("kukar", side="pemrakarsa"), Party("samarinda", side="mitra"), Party("paser", side="mitra"))
ACTORS = {
    "opd": Actor("rina", roles=["opd"], party="kukar"),
    "sekretariat": Actor("budi", roles=["sekretariat"], party="kukar"),
    "kepala": Actor("bupati", roles=["kepala"], party="kukar"),
    "samarinda": Actor("wali", roles=["kepala"], party="samarinda"),
    "paser": Actor("bupati-paser", roles=["kepala"], party="paser"),
    "kuasa": Actor(
        "kadis",
        roles=["kuasa"],
        party="kukar",
        mandates=[Mandate(id="sk-1", role="kuasa", digest="ab" * 32, party="kukar")],
    ),
}
OLD = timedelta(days=10)
"""A family that began so long ago is brought to its end, so that there are never many."""

FIRST = "pokok"


def deploy(engine: Engine) -> Engine:
    """Load the calendar and deploy the family; both are no news where they are there."""
    engine.deploy(DEFINITIONS / "calendars" / "indonesia.yaml", by=ADMIN)
    for name in WORKFLOWS:
        engine.deploy(MATERIAL / f"{name}.yaml", by=ADMIN)
    engine.provide("pagu", lambda request: True)
    return engine


def ask(engine: Engine, one: Mapping[str, Any]) -> Case:
    """Ask what was noted; the same request id again has one effect."""
    by, request = ACTORS[one["who"]], one["request"]
    fields = {name: _value(name, value) for name, value in one.get("fields", {}).items()}
    files = {name: content.encode() for name, content in one.get("files", {}).items()}
    reason = one.get("reason")
    match one["does"]:
        case "open":
            workflow = one["workflow"]
            return engine.open(workflow, by=by, fields=fields, parties=PARTIES, request_id=request)
        case "suspend":
            return engine.suspend(one["case"], by=by, reason=reason, request_id=request)
        case "resume":
            return engine.resume(one["case"], by=by, reason=reason, request_id=request)
        case "extend":
            return engine.extend(
                one["case"], one["deadline"], "2 days", by=by, reason=reason, request_id=request
            )
        case "correct":
            return engine.correct(one["case"], fields, by=by, reason=reason, request_id=request)
        case "attach":
            return engine.attach(one["case"], files, by=by, request_id=request)
    return engine.fire(
        one["case"], one["does"], by=by, fields=fields, documents=files, reason=reason, request_id=request
    )


def _value(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name in ("mulai", "akhir") else value


def opening(random_: random.Random, now: datetime) -> dict[str, Any]:
    """Draw the opening of a head."""
    if random_.random() < 0.2:
        since = (now.date() - timedelta(days=random_.randrange(5))).isoformat()
        return {"does": "open", "workflow": "lepas", "who": "opd", "fields": {"mulai": since, "n": 1}}
    return {"does": "open", "workflow": FIRST, "who": "opd", "fields": {
        "nilai": random_.randrange(6), "n": random_.randrange(5), "kontak": f"p-{random_.randrange(9)}",
        "mulai": (now.date() - timedelta(days=random_.randrange(6))).isoformat(),
        "akhir": (now.date() + timedelta(days=random_.randrange(3, 15))).isoformat(),
    }}  # fmt: skip


def act(random_: random.Random, case: Case, now: datetime) -> dict[str, Any]:
    """Draw an act on a case that goes on."""
    state = case.state_of
    if state.suspension is not None and random_.random() < 0.5:
        who = "sekretariat" if case.workflow == FIRST else "opd"
        chosen: dict[str, Any] = {"does": "resume", "who": who, "reason": "selesai"}
    elif now - case.opened_at > OLD:
        chosen = dict(random_.choice(ENDS[case.workflow]))
    else:
        chosen = dict(random_.choice(ACTS[case.workflow]))
    if "files" in chosen:
        chosen["files"] = {"kb": f"naskah {random_.randrange(4)}"}
    for name in chosen.get("fields", ()):
        near = (now.date() + timedelta(days=random_.randrange(-5, 12))).isoformat()
        value = near if name in ("mulai", "akhir") else random_.randrange(6)
        chosen["fields"] = {**chosen["fields"], name: value}
    return {**chosen, "case": case.id}


def _acts(*told: tuple[str, str, dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    return tuple({"does": does, "who": who, **more} for does, who, more in told)


CORRECTED = {"fields": {"mulai": None}, "reason": "keliru"}
EXTENDED = {"deadline": "hukum", "reason": "perlu"}
ACTS = {
    "pokok": _acts(
        ("unggah", "opd", {"files": {}}),
        ("unggah", "opd", {"files": {}}),
        ("buka", "opd", {}),
        ("buka", "opd", {}),
        ("buka_semua", "opd", {}),
        ("lapor", "opd", {}),
        ("isi", "opd", {"fields": {"n": None}}),
        ("siap.teken", "kepala", {}),
        ("siap.teken", "samarinda", {}),
        ("siap.teken", "paser", {}),
        ("siap.tolak", "samarinda", {}),
        ("kuasakan", "kuasa", {}),
        ("kembali", "opd", {}),
        ("akhiri", "kuasa", {}),
        ("suspend", "sekretariat", {"reason": "sengketa"}),
        ("extend", "kepala", EXTENDED),
        ("correct", "sekretariat", CORRECTED),
        ("attach", "opd", {"files": {}}),
        ("bubarkan", "kepala", {"reason": "cukup"}),
    ),
    "ranting": _acts(
        ("lapor", "opd", {}),
        ("nilai", "opd", {"fields": {"nilai": None, "akhir": None}}),
        ("jadikan", "samarinda", {}),
        ("batal", "kepala", {}),
        ("suspend", "opd", {}),
        ("extend", "kepala", {"deadline": "batas"}),
        ("correct", "opd", {"fields": {"nilai": None}}),
        ("attach", "opd", {"files": {}}),
    ),
    "lepas": _acts(
        ("lapor", "opd", {"fields": {"n": None}}),
        ("akhiri", "kepala", {}),
        ("suspend", "opd", {}),
        ("extend", "opd", {"deadline": "batas"}),
        ("correct", "opd", {"fields": {"mulai": None}}),
    ),
}
ENDS = {
    "pokok": _acts(
        ("gagalkan", "kepala", {}), ("bubarkan", "kepala", {"reason": "cukup"}), ("kembali", "opd", {})
    ),
    "ranting": _acts(("batal", "kepala", {}), ("jadikan", "samarinda", {})),
    "lepas": _acts(("akhiri", "kepala", {})),
}
