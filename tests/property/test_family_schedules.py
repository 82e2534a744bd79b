"""A family comes out the same whenever the sweep wakes: acts on any of its cases, clocks of all of them.

Each run plays the same acts three times: nobody ever sweeps before the end, somebody sweeps daily, and
somebody sweeps on days chosen by chance. What was refused, with which codes, and what history says of every
case but for when it was written down must be the same. Every decision on the way is checked by `Clan`.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.families import GOVERNOR, HEAD, OFFICE, OPD, Clan
from workflow.case import Actor, Refusal

START = date(2026, 2, 2)
DAYS = 40

Act = tuple[str, str, Actor]

ACTS: tuple[Act, ...] = (
    ("kb", "mulai_pks", OPD),
    ("kb", "mulai_per_mitra", OPD),
    ("kb", "mulai_catatan", OPD),
    ("kb", "mulai_pembinaan", GOVERNOR),
    ("kb", "tandai", OFFICE),
    ("kb", "akhiri", HEAD),
    ("kb", "bubarkan", HEAD),
    ("pks", "tanda_tangan", HEAD),
    ("pks", "nilai_pekerjaan", OFFICE),
    ("pks", "batalkan", HEAD),
    ("pks", "rinci", OPD),
    ("pks", "lampirkan", OPD),
    ("rincian", "tuntaskan", OPD),
    ("ambil", "ambil_alih", GOVERNOR),
    ("ambil", "terlaksana", GOVERNOR),
    ("catatan", "lapor", OPD),
    ("catatan", "tutup", OPD),
)

STEP = st.tuples(
    st.integers(0, 3),  # days that pass before
    st.sampled_from(ACTS),
    st.integers(0, 3),  # which case of the workflow
    st.integers(1, 20),  # a term in days, or a value
    st.integers(0, 2),  # how many days ago it happened
)
Steps = list[tuple[int, Act, int, int, int]]


def fields(trigger: str, today: date, number: int) -> dict[str, Any]:
    """What comes with an act."""
    if trigger == "tanda_tangan":
        return {"berlaku_sampai": today + timedelta(days=number)}
    return {"nilai": number * 50_000_000} if trigger == "nilai_pekerjaan" else {}


def chosen(clan: Clan, workflow: str, number: int) -> str | None:
    """Return one of the cases of a workflow."""
    ids = [one.id for one in clan.cases.values() if one.workflow == workflow]
    return ids[number % len(ids)] if ids else None


def played(steps: Steps, term: int, sweeps: set[int]) -> tuple[list[Any], list[Any]]:
    """Play acts with sweeps on some days; return the answers, and what history says."""
    clan = Clan(START.isoformat())
    kb = clan.open(berlaku_sampai=START + timedelta(days=term))
    clan.do(kb, "unggah", OPD, "kb")
    answers: list[Any] = []
    on = START
    for wait, (workflow, trigger, by), which, number, ago in steps:
        for _ in range(wait):
            on += timedelta(days=1)
            if (on - START).days in sweeps:
                clan.tick(on.isoformat())
        clan.at(on.isoformat())
        case_id = chosen(clan, workflow, which)
        if case_id is not None:
            given = fields(trigger, on, number)
            refusal = clan.fire(case_id, trigger, by, effective_on=on - timedelta(days=ago), **given)
            answers.append(codes(refusal))
    clan.tick((START + timedelta(days=200)).isoformat())
    assert not clan.failures
    return answers, [history(drafts) for drafts in clan.entries.values()]


def codes(refusal: Refusal | None) -> list[str]:
    """Return why something was refused."""
    return [] if refusal is None else [reason.code for reason in refusal.reasons]


def history(drafts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return entries without when they were written down."""
    left = ("recorded_at",)
    return [{key: value for key, value in one.items() if key not in left} for one in drafts]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    steps=st.lists(STEP, min_size=4, max_size=14),
    term=st.integers(5, DAYS),
    sweeps=st.sets(st.integers(0, DAYS)),
)
def test_family_comes_out_the_same_for_every_schedule(steps: Steps, term: int, sweeps: set[int]) -> None:
    """The law of a family never depends on when somebody swept."""
    never = played(steps, term, set())
    assert played(steps, term, set(range(DAYS + 20))) == never
    assert played(steps, term, sweeps) == never
