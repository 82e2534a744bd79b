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


@pytest.mark.parametrize(
    "clock",
    [
        "deadlines: {batas: {at: diterima + months(2), kind: target}}",
        "obligations: {batas: {every: 6 months, since: diterima, within: 3 days, kind: target, by: [opd]}}",
    ],
)
def test_every_kind_of_clock_that_counts_from_an_old_date_is_doubted(clock: str) -> None:
    """A deadline at a day and a duty that repeats count from an old date as well."""
    deadline = "deadlines: {batas: {within: 10 days, since: diterima, kind: target}}"
    for kirim, expected in (("", ["old-field"]), ("fields: {required: [diterima]}, ", [])):
        states = WAITING.format(kirim=kirim).replace(deadline, clock) + END
        assert clock in states
        assert codes(DECLARED, opening=OPENING, states=states) == expected


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


CHILD = "children: {pks: {workflow: pks}}\n"


@pytest.mark.parametrize(
    "transitions",
    [
        "lewat: {by: child, child: pks}\n    putuskan: {by: [opd], other_person_than: [lewat], to: usai}",
        "lewat: {by: child, child: pks, other_person_than: [putuskan]}\n    putuskan: {by: [opd], to: usai}",
    ],
)
def test_duty_of_a_child_cannot_be_kept_apart(transitions: str) -> None:
    """The end of a child is nobody's act: nobody is another than it, and it is no other than anybody."""
    opens = "mulai: {by: [opd], opens: {child: pks}}"
    states = f"menunggu:\n  transitions:\n    {opens}\n    {transitions}\n{END}"
    assert codes(CHILD, opening=OPENING, states=states) == ["child-not-read", "duties-inseparable"]


@pytest.mark.parametrize("more", ["", ", to: usai", ", other_person_than: [ya]"])
def test_transition_by_the_clock_is_taken_by_nothing(more: str) -> None:
    """A clock acts by the `then` of its deadline, so that a transition `by: clock` is an error, said once."""
    states = (
        "menunggu:\n  deadlines: {b: {within: 3 days, kind: target}}\n"
        f"  transitions:\n    ya: {{by: [opd], to: usai}}\n    lewat: {{by: clock{more}}}\n{END}"
    )
    (found,) = findings("", opening=OPENING, states=states)
    assert (found.code, found.severity) == ("clock-without-deadline", Severity.ERROR)


# Set ---------------------------------------------------------------------------------------------

SET = "fields: {n: {type: integer, min: 1, max: 100}, t: {type: text, max_length: 5}, d: {type: date}}\n"


def _setting(transition: str) -> str:
    return f"menunggu: {{transitions: {{ya: {{by: [opd], {transition}}}}}}}\n{END}"


@pytest.mark.parametrize("given", ["required", "optional"])
@pytest.mark.parametrize(
    ("transition", "count"),
    [
        ("to: usai, set: {n: 3}", 1),
        ("to: usai, set: {n: None}", 1),
        ("to: usai, set: {n: len(t)}", 1),
        ("to: usai, set: {d: today}", 0),
        ("choose: [{when: t == 'a', to: usai, set: {n: 3}}, {to: usai}]", 1),
        ("choose: [{to: usai}], set: {n: 3}", 1),
        ("choose: [{when: n is not None and n > 3, to: usai, set: {n: 3}}, {to: usai}]", 0),
        ("choose: [{when: n is None, to: usai}, {to: usai, set: {n: 3}}]", 0),
    ],
)
def test_set_of_what_the_command_gives_loses_it(given: str, transition: str, count: int) -> None:
    """What is given is lost where a branch writes the field without having read it: a warning."""
    states = _setting(f"fields: {{{given}: [n]}}, {transition}")
    opening = "open: {by: [opd], fields: {required: [t]}, to: menunggu}\n"
    found = findings(SET, opening=opening, states=states)
    assert [(one.code, one.severity) for one in found] == [("set-over-given", Severity.WARNING)] * count


def test_set_made_of_what_the_command_gives_loses_nothing() -> None:
    """A value that is worked out from the given one is what was meant."""
    states = _setting("fields: {required: [n]}, to: usai, set: {n: n + 1}")
    assert codes(SET, opening=OPENING, states=states) == []


def test_set_at_the_opening_of_what_it_gives_loses_it() -> None:
    """An opening is a command as well."""
    opening = "open: {by: [opd], fields: {required: [n]}, to: menunggu, set: {n: 3}}\n"
    states = _setting("to: usai")
    assert codes(SET, opening=opening, states=states) == ["set-over-given"]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("{n: 0}", "least value allowed, 1"),
        ("{n: 100 + 1}", "greatest value allowed, 100"),
        ("{n: 100}", None),
        ("{n: 99 + len(t)}", None),
        ("{t: \"'terlalu panjang'\"}", "5"),
        ("{t: \"'cukup'\"}", None),
        ("{t: None}", None),
        ("{d: today}", None),
    ],
)
def test_set_of_a_constant_outside_the_limits_is_an_error(value: str, why: str | None) -> None:
    """A value that is the same in every case must lie within the limits of its field."""
    opening = "open: {by: [opd], fields: {required: [t]}, to: menunggu}\n"
    found = findings(SET, opening=opening, states=_setting(f"to: usai, set: {value}"))
    assert [one.code for one in found] == ([] if why is None else ["set-unfit"])
    assert why is None or (why in found[0].message and found[0].severity is Severity.ERROR)


@pytest.mark.parametrize(
    "states",
    [
        "menunggu: {deadlines: {b: {within: 1 day, kind: target, then: {to: usai, set: {n: 0}}}}}\n",
        "menunggu: {always: [{to: usai, set: {n: 0}}]}\n",
        "menunggu: {transitions: {x: {by: [pihak.opd], to: usai,"
        " consent: {of: parties, need: all, refuse: tolak, refused: {to: usai, set: {n: 0}}}}}}\n",
    ],
)
def test_set_of_a_constant_is_looked_at_wherever_it_stands(states: str) -> None:
    """Clocks, eventless branches and refused consents set fields as transitions do."""
    declared = SET + "parties: {pihak: {min: 2, roles: [opd]}}\n"
    assert codes(declared, opening=OPENING, states=states + END) == ["set-unfit"]


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
