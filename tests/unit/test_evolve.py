"""The fold: an entry and the case before it give the case after it, whoever wrote the entry."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from tests.unit import played
from tests.unit.support import Play, sealed_of, small, unsealed
from workflow.case import Body, CaseState
from workflow.history.canonical import parse_canonical
from workflow.history.sealing import is_commitment
from workflow.step.evolve import consent_path, evolve, fold


@pytest.fixture(params=[played.ended, played.cancelled], ids=["ended", "cancelled"])
def play(request: pytest.FixtureRequest) -> Play:
    """A case with every kind of entry."""
    whole: Play = request.param()
    return whole


def folds(entries: list[Body]) -> list[CaseState]:
    """The case after each entry."""
    cases: list[CaseState] = []
    for entry in entries:
        cases.append(evolve(cases[-1] if cases else None, entry, small().definition))
    return cases


def test_fold_of_drafts_is_the_case_that_decide_returned(play: Play) -> None:
    """The case row is a cache of its history."""
    assert fold(play.entries, small().definition) == play.case


def test_fold_of_sealed_and_opened_entries_is_that_of_the_drafts(play: Play) -> None:
    """At every entry, what is stored folds as what was drafted."""
    assert folds(unsealed(sealed_of(play.entries))) == folds(play.entries)


def test_fold_of_entries_without_their_personal_values_keeps_everything_else(play: Play) -> None:
    """Where values were erased the commitment stands in their place, and nothing else differs."""
    closed: list[Any] = [parse_canonical(entry.text) for entry in sealed_of(play.entries).entries]
    case = fold([{key: value for key, value in body.items() if key != "prev"} for body in closed],
                small().definition)  # fmt: skip
    hidden = {name for name, value in case.fields.items() if is_commitment(value)}
    assert hidden == {"narahubung"}
    assert {name: value for name, value in case.fields.items() if name not in hidden} == {
        name: value for name, value in play.fields.items() if name not in hidden
    }
    for slot in ("configuration", "clocks", "obligations", "votes", "documents", "outcome", "performers"):
        assert getattr(case, slot) == getattr(play.case, slot)


def test_fold_never_changes_the_case_before(play: Play) -> None:
    """Snapshots are values: folding on leaves the earlier ones as they were."""
    cases = folds(play.entries)
    again = folds(play.entries)
    for case, same in zip(cases, again, strict=True):
        assert case == same
        assert case is not same


def test_fold_of_a_kind_that_is_not_known_keeps_the_case_going(play: Play) -> None:
    """Later kinds may join: an unknown entry counts, and changes only what its keys say."""
    before = fold(play.entries[:4], small().definition)
    strange: Body = {
        **play.entries[3],
        "seq": 5,
        "kind": "kunjungan",
        "recorded_at": "2027-01-01T00:00:00.000000Z",
    }
    strange = {key: value for key, value in strange.items() if key not in ("trigger", "to", "from")}
    for key in ("changes", "documents", "clocks"):
        strange.pop(key, None)
    after = evolve(before, strange, small().definition)
    assert (after.seq, after.recorded_at) == (5, "2027-01-01T00:00:00.000000Z")
    assert (after.fields, after.configuration, after.clocks) == (
        before.fields, before.configuration, before.clocks,
    )  # fmt: skip


def test_fold_of_nothing_is_no_case() -> None:
    """A case has at least the entry that opened it."""
    with pytest.raises(ValueError, match="at least"):
        fold([], small().definition)


def test_fold_day_of_the_last_step_follows_the_revision(play: Play) -> None:
    """An entry that changes no state moves neither the revision nor the day of the last step."""
    cases = folds(play.entries)
    for before, after in pairwise(cases):
        if before.revision == after.revision:
            assert before.stepped_on == after.stepped_on


def test_fold_latest_day_on_which_a_clock_acted_never_goes_back(play: Play) -> None:
    """What bars an act is the latest day on which a clock's branch was taken."""
    days = [case.clock_acted_on or "" for case in folds(play.entries)]
    assert days == sorted(days)


@pytest.mark.parametrize("act", ["tandatangani", "tolak_tanda_tangan", "tarik_tanda_tangan"])
def test_consent_path_is_that_of_the_yes_for_every_act(act: str) -> None:
    """A yes, a no and a withdrawal belong to one consent."""
    path = consent_path(small().definition, f"penandatanganan.{act}")
    assert path == "penandatanganan.tandatangani"


def test_consent_path_of_a_plain_trigger_is_itself() -> None:
    """What is no vote, or not there at all, belongs to no consent."""
    assert consent_path(small().definition, "batalkan") == "batalkan"
    assert consent_path(small().definition, "penyusunan.entah") == "penyusunan.entah"
