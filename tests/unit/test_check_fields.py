"""Checks of old values and of duties that nobody can share out."""

from __future__ import annotations

import pytest

from tests.definitions import codes, findings
from workflow.source.diagnostics import Severity

DECLARED = "fields: {diterima: {type: date}, setuju: {type: boolean}}\n"
OPENING = "open: {by: [opd], to: menunggu}\n"
END = "usai: {final: true, outcome: usai}\n"
WAITING = """\
menunggu:
  deadlines: {{batas: {{within: 10 days, since: diterima, kind: target}}}}
  transitions:
    catat: {{by: [opd], fields: {{required: [diterima]}}}}
    tarik: {{by: [opd], to: disusun}}
    terima: {{by: [opd], to: usai}}
disusun: {{transitions: {{kirim: {{by: [opd], {kirim}to: menunggu}}}}}}
"""


def test_date_that_outlives_a_state_entered_again_is_doubted() -> None:
    """The clock of a second entry would count from the date of the first."""
    states = WAITING.format(kirim="") + END
    (found,) = findings(DECLARED, opening=OPENING, states=states)
    assert (found.code, found.severity) == ("old-field", Severity.WARNING)
    assert found.message.endswith("entered again: disusun → menunggu")


def test_date_given_anew_on_the_way_back_is_no_old_one() -> None:
    """Whoever enters the state again gives the date again."""
    states = WAITING.format(kirim="fields: {required: [diterima]}, ") + END
    assert codes(DECLARED, opening=OPENING, states=states) == []


def test_local_date_is_never_old() -> None:
    """A local field is empty at each entry of its state."""
    local = WAITING.format(kirim="").replace("menunggu:\n", "menunggu:\n  fields: {diterima: {type: date}}\n")
    assert codes("", opening=OPENING, states=local + END) == []


def test_date_of_a_state_that_is_entered_once_is_not_old() -> None:
    """Where no way leads back there is only one entry."""
    states = WAITING.format(kirim="").replace("to: menunggu", "to: usai") + END
    assert codes(DECLARED, opening=OPENING, states=states) == []


def test_answer_of_an_earlier_entry_that_decides_a_clock_is_doubted() -> None:
    """What a clock asks and was given inside its state is old when the state is entered again."""
    states = """\
    menunggu:
      deadlines:
        batas: {within: 10 days, kind: target, then: {choose: [{when: setuju is None, to: usai}]}}
      transitions:
        jawab: {by: [opd], fields: {required: [setuju]}}
        tarik: {by: [opd], to: disusun}
    disusun: {transitions: {kirim: {by: [opd], to: menunggu}, batal: {by: [opd], to: usai}}}
    usai: {final: true, outcome: usai}
    """
    assert codes(DECLARED, opening=OPENING, states=states) == ["old-field"]


@pytest.mark.parametrize(
    "transitions",
    [
        "lewat: {by: clock}\n    putuskan: {by: [opd], other_person_than: [lewat], to: usai}",
        "lewat: {by: clock, other_person_than: [putuskan]}\n    putuskan: {by: [opd], to: usai}",
    ],
)
def test_duty_of_a_clock_cannot_be_kept_apart(transitions: str) -> None:
    """A clock is no person, so nobody is another than it, and it is no other than anybody."""
    states = (
        "menunggu:\n  deadlines: {batas: {within: 3 days, kind: target}}\n"
        f"  transitions:\n    {transitions}\n{END}"
    )
    assert codes("", opening=OPENING, states=states) == ["duties-inseparable"]


def test_calendar_that_is_nowhere_is_a_warning() -> None:
    """A calendar may be loaded apart, so that its absence is no error yet; a clock may have its own."""
    clock = "menunggu:\n  deadlines: {b: {within: 3 days, kind: target, calendar: lain}}\n"
    states = clock + "  transitions: {ya: {by: [opd], to: usai}}\n" + END
    (found,) = findings("", opening=OPENING, states=states)
    assert (found.code, found.severity) == ("unknown-calendar", Severity.WARNING)


def test_kind_of_children_that_nothing_opens_is_unused() -> None:
    """Declared children that are neither opened nor read are a leftover."""
    states = "menunggu: {transitions: {ya: {by: [opd], to: usai}}}\n" + END
    found = codes("children: {pks: {workflow: pks}}\n", opening=OPENING, states=states)
    assert found == ["child-not-read"]
