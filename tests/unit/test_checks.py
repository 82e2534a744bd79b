"""What a whole definition must fulfil: each check finds its fault and leaves sound definitions alone."""

from __future__ import annotations

import pytest

from tests.definitions import HEAD, codes, findings, load, write
from workflow.checks.checks import CHECKS, NEEDS_WHOLE_GRAPH
from workflow.source.diagnostics import CODES, Severity

END = "selesai: {final: true, outcome: selesai}\n"
DATES = "fields: {mulai: {type: date}, nilai: {type: money}}\n"
GIVEN = """\
open:
  by: [opd]
  fields: {required: [mulai, nilai]}
  to: disusun
"""


def messages(states: str, declared: str = "", opening: str | None = None) -> list[tuple[str, str]]:
    """Return severity and message of what is found."""
    found = findings(declared, states=states, **({"opening": opening} if opening else {}))
    return [(one.severity.value, one.message) for one in found]


def state(name: str = "disusun", **parts: str) -> str:
    """Write one state with parts given as flow YAML."""
    body = "".join(f"  {key}: {value}\n" for key, value in parts.items())
    return f"{name}:\n{body}" if body else f"{name}: {{}}\n"


def test_every_check_has_a_registered_code() -> None:
    """The checks are known under codes that have texts; their functions are named after them."""
    assert set(CHECKS) <= set(CODES)
    assert all(function.__name__.replace("_", "-") == code for code, function in CHECKS.items())
    assert set(CHECKS.values()) >= NEEDS_WHOLE_GRAPH


# Reaching and ending -----------------------------------------------------------------------------


def test_unreachable_nested_states_are_one_finding() -> None:
    """Of an unreachable state with states inside only the outer one is named."""
    states = state(transitions="{ajukan: {by: [opd], to: selesai}}") + state(
        "dinilai", initial="a", states="{a: {}, b: {}}", transitions="{terima: {by: [opd], to: selesai}}"
    )
    assert messages(states + END) == [("error", "'dinilai' can never be reached")]


def test_state_reached_by_clock_branch_done_and_refusal_is_reachable() -> None:
    """Clocks, eventless branches, done and refused consents lead on as transitions do."""
    states = """\
    disusun:
      deadlines: {b: {within: 1 day, kind: target, then: {to: a}}}
    a:
      always: [{to: b}]
    b:
      initial: c
      states: {c: {transitions: {x: {by: [opd], to: d}}}, d: {final: true}}
      done: e
    e:
      transitions:
        setuju:
          by: [opd]
          consent: {of: parties, need: all, refuse: tolak, refused: {to: f}}
          to: selesai
    f: {transitions: {y: {by: [opd], to: selesai}}}
    selesai: {final: true, outcome: selesai}
    """
    assert codes("parties: {pihak: {min: 2, roles: [opd]}}", states=states) == []


def test_done_of_what_cannot_end_leads_nowhere() -> None:
    """A state that only a done leads to is unreachable while that can never be taken."""
    states = """\
    disusun:
      initial: a
      states: {a: {}, b: {final: true}}
      done: dinilai
      transitions: {x: {by: [opd], to: selesai}}
    dinilai: {transitions: {y: {by: [opd], to: selesai}}}
    selesai: {final: true, outcome: selesai}
    """
    assert codes(states=states) == ["region-never-done", "unreachable-state", "unreachable-state"]


def test_entering_a_region_enters_its_siblings() -> None:
    """A target inside one region makes the initial states of the others reachable."""
    states = """\
    disusun: {transitions: {x: {by: [opd], to: p.a.a2}}}
    p:
      regions:
        a: {initial: a1, states: {a1: {transitions: {y: {by: [opd], to: a2}}}, a2: {final: true}}}
        b: {initial: b1, states: {b1: {transitions: {z: {by: [opd], to: b2}}}, b2: {final: true}}}
      done: selesai
    selesai: {final: true, outcome: selesai}
    """
    assert codes(states=states) == ["unreachable-state"]  # a1, whose region is entered at a2


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        ("tunggu: {}\n", "from 'tunggu' the case can never end"),
        ("tunggu: {transitions: {y: {by: [opd], to: self}}}\n", "from 'tunggu' the case can never end"),
        (
            "tunggu: {transitions: {y: {by: [opd], to: lagi}}}\n"
            "lagi: {transitions: {z: {by: [opd], to: tunggu}}}\n",
            "these states lead only to each other, the case can never end: tunggu, lagi",
        ),
        (
            "tunggu: {transitions: {y: {by: [opd], to: buntu}}}\nbuntu: {}\n",
            "from 'buntu' the case can never end",  # not also from tunggu, which only leads there
        ),
        (
            "tunggu: {initial: a, states: {a: {transitions: {y: {by: [opd], to: b}}}, b: {final: true}}}\n",
            "from 'tunggu.b' the case can never end",
        ),
    ],
)
def test_cannot_end_names_where_it_hangs(rest: str, message: str) -> None:
    """The finding stands where the case hangs, not on all that leads there."""
    states = (
        state(transitions="{ajukan: {by: [opd], to: selesai}, tunda: {by: [opd], to: tunggu}}") + rest + END
    )
    assert messages(states) == [("error", message)]


@pytest.mark.parametrize(
    "way_out",
    [
        "transitions: {y: {by: [opd], to: selesai}}",
        "deadlines: {b: {within: 1 day, kind: target, then: {to: selesai}}}",
        "always: [{when: len(parties) > 1, to: selesai}]",
    ],
)
def test_any_way_out_lets_a_state_end(way_out: str) -> None:
    """A transition, a clock or an eventless branch leads to the end, also one of an outer state."""
    inner = "    states: {a: {}}\n    initial: a\n"
    states = f"disusun:\n  {way_out}\n{inner.replace('    ', '  ')}" + END
    assert "cannot-end" not in codes(states=states)


def test_one_region_can_lead_all_out() -> None:
    """A region in which nothing moves does not keep the case, while another leads out of both."""
    states = """\
    disusun:
      regions:
        a: {initial: a1, states: {a1: {}}}
        b: {initial: b1, states: {b1: {transitions: {z: {by: [opd], to: selesai}}}}}
    selesai: {final: true, outcome: selesai}
    """
    assert codes(states=states) == []


def test_regions_that_are_done_lead_on() -> None:
    """The end of the last region is a way out of each."""
    states = """\
    disusun:
      regions:
        a: {initial: a1, states: {a1: {transitions: {y: {by: [opd], to: a2}}}, a2: {final: true}}}
        b: {initial: b1, states: {b1: {transitions: {z: {by: [opd], to: b2}}}, b2: {final: true}}}
      done: selesai
    selesai: {final: true, outcome: selesai}
    """
    assert codes(states=states) == []


def test_region_never_done_names_each_region() -> None:
    """Every region that keeps the others from being done is named; what hangs thereby is said too."""
    states = """\
    disusun:
      regions:
        a: {initial: a1, states: {a1: {}}}
        b: {initial: b1, states: {b1: {}, b2: {final: true}}}
        c: {initial: c1, states: {c1: {transitions: {z: {by: [opd], to: c2}}}, c2: {final: true}}}
      done: selesai
      transitions: {x: {by: [opd], to: selesai}}
    selesai: {final: true, outcome: selesai}
    """
    found = [one for one in findings(states=states) if one.code == "region-never-done"]
    assert [one.message for one in found] == [
        "the region 'disusun.a' can never be final",
        "the region 'disusun.b' can never be final",
    ]


def test_graph_is_not_judged_while_a_target_is_unknown() -> None:
    """With an unknown target nothing is said about what can be reached."""
    states = state(transitions="{ajukan: {by: [opd], to: dinilaii}}") + state("dinilai") + END
    assert codes(states=states) == ["unknown-state"]


# Branches and circles ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "branches",
    [
        "[{to: selesai}, {when: nilai > 0, to: selesai}]",
        "[{when: nilai > 0, to: selesai}, {when: nilai>0, to: disusun}]",
        "[{when: nilai > 0, to: selesai}, {to: selesai}, {to: disusun}]",
    ],
)
@pytest.mark.parametrize(
    "around",
    [
        "transitions: {{ajukan: {{by: [opd], choose: {}}}}}",
        "always: {}",
        "deadlines: {{b: {{within: 1 day, kind: target, then: {{choose: {}}}}}}}",
    ],
)
def test_branch_behind_one_that_is_taken_is_found(branches: str, around: str) -> None:
    """Behind a branch without condition, or with the same one, a branch is never taken."""
    states = f"disusun:\n  {around.format(branches)}\n" + END
    assert "unreachable-branch" in codes(DATES, opening=GIVEN, states=states)


def test_different_conditions_are_no_unreachable_branch() -> None:
    """Branches with conditions of their own are left alone."""
    branches = "[{when: nilai > 9, to: selesai}, {when: nilai > 0, to: disusun}, {to: selesai}]"
    states = state(transitions=f"{{ajukan: {{by: [opd], choose: {branches}}}}}") + END
    assert codes(DATES, opening=GIVEN, states=states) == []


CIRCLE = """\
disusun: {{transitions: {{x: {{by: [opd], to: a}}}}}}
a: {{always: [{first}]}}
b: {{always: [{second}]}}
selesai: {{final: true, outcome: selesai}}
"""


@pytest.mark.parametrize(
    ("first", "second", "severity"),
    [
        ("{to: b}", "{to: a}", "error"),
        ("{when: nilai > 0, to: b}, {to: selesai}", "{to: a}", "warning"),
        ("{when: nilai > 0, to: selesai}, {to: b}", "{to: selesai}", None),
        ("{when: nilai > 0, to: b}, {to: selesai}", "{set: {nilai: 3}}", "error"),
    ],
)
def test_circle_of_eventless_branches(first: str, second: str, severity: str | None) -> None:
    """A circle that is surely taken is an error, one with conditions a warning."""
    declared = DATES + "transitions: {batal: {by: [opd], to: selesai}}\n"
    found = findings(declared, opening=GIVEN, states=CIRCLE.format(first=first, second=second))
    assert [one.severity.value for one in found if one.code == "always-loop"] == (
        [severity] if severity else []
    )
    assert [one.code for one in found if one.code != "always-loop"] == []


@pytest.mark.parametrize(
    ("clock", "severity"),
    [
        ("within: 3 days, since: mulai, kind: target, then: {to: self}", "error"),
        ("at: mulai, kind: target, then: {to: self}", "error"),
        ("within: 0 days, kind: target, then: {to: self}", "error"),
        ("within: 3 days, kind: target, then: {to: self}", None),
        ("within: 3 days, since: mulai, kind: target, then: {to: self, set: {mulai: today}}", None),
        ("within: 3 days, since: mulai, kind: target, then: {to: selesai}", None),
        ("within: 3 days, since: mulai, kind: target", None),
        (
            "within: 3 days, since: mulai, kind: target, then: {choose: [{when: nilai > 0, to: self}]}",
            "warning",
        ),
    ],
)
def test_circle_of_clocks(clock: str, severity: str | None) -> None:
    """A clock that has run out again when its state is entered anew would act for ever."""
    states = state(deadlines=f"{{b: {{{clock}}}}}", transitions="{x: {by: [opd], to: selesai}}") + END
    found = findings(DATES, opening=GIVEN, states=states)
    assert [(one.code, one.severity.value) for one in found] == (
        [("clock-loop", severity)] if severity else []
    )


def test_clock_circle_over_another_state() -> None:
    """A circle may lead through eventless branches of other states."""
    states = (
        state(deadlines="{b: {within: 3 days, since: mulai, kind: target, then: {to: a}}}")
        + state("a", always="[{when: nilai > 0, to: selesai}, {to: disusun}]")
        + END
    )
    assert codes(DATES, opening=GIVEN, states=states) == ["clock-loop"]


TWO_CLOCKS = """\
disusun:
  deadlines: {{a: {{within: 10 days, {a}kind: target, then: {{to: dinilai}}}}}}
  transitions: {{x: {{by: [opd], to: selesai}}}}
dinilai:
  deadlines: {{b: {{within: 5 days, kind: target, {b}}}}}
"""
BACK = "then: {to: disusun}"


@pytest.mark.parametrize(
    ("a", "b", "severity"),
    [
        ("since: mulai, ", BACK, "error"),
        ("", BACK, None),  # every turn takes fifteen days: nothing acts as of a day that lies behind
        ("since: mulai, ", "then: {to: disusun, set: {mulai: today}}", None),
        ("since: mulai, ", "then: {to: selesai}", None),
        ("since: mulai, when: nilai > 3, ", BACK, "warning"),
        ("since: mulai, ", "then: {choose: [{when: nilai > 0, to: disusun}]}", "warning"),
        ("since: mulai, ", BACK + "}, c: {within: 2 days, kind: target, then: {to: selesai}", "warning"),
    ],
)
def test_circle_of_clocks_of_which_one_counts_from_a_field(a: str, b: str, severity: str | None) -> None:
    """A clock that counts from what nothing on the way writes takes the circle back in time, for ever."""
    found = findings(DATES, opening=GIVEN, states=TWO_CLOCKS.format(a=a, b=b) + END)
    assert [(one.code, one.severity.value) for one in found] == (
        [("clock-loop", severity)] if severity else []
    )


def test_clock_that_counts_from_a_field_of_its_own_state_is_no_circle() -> None:
    """A local field is empty when its state is entered again, so that its clock waits for it."""
    states = TWO_CLOCKS.format(a="since: hari, ", b=BACK).replace(
        "disusun:\n", "disusun:\n  fields: {hari: {type: date}}\n", 1
    )
    given = states.replace("x: {", "y: {by: [opd], fields: {required: [hari]}}, x: {")
    assert codes(DATES, opening=GIVEN, states=given + END) == []
    alone = given.replace("to: dinilai", "to: self", 1)
    assert "clock-loop" not in codes(DATES, opening=GIVEN, states=alone + END)


# Authority ---------------------------------------------------------------------------------------


def test_inner_handler_with_when_hides_nothing() -> None:
    """A handler that is not always there leaves the outer one its turn."""
    declared = DATES + "transitions: {ajukan: {by: [opd], to: selesai}}\n"
    inner = "{{ajukan: {{by: [opd], {}to: selesai}}}}"
    hidden = state(transitions=inner.format("")) + END
    open_to_both = state(transitions=inner.format("when: nilai > 0, ")) + END
    assert codes(declared, opening=GIVEN, states=hidden) == ["shadowed-trigger"]
    assert codes(declared, opening=GIVEN, states=open_to_both) == []


def test_same_trigger_in_regions_hides_nothing_and_is_noted() -> None:
    """Handlers of one name in different regions stand beside each other; the bare name is ambiguous there."""
    states = """\
    disusun:
      regions:
        a: {initial: a1, states: {a1: {transitions: {x: {by: [opd], to: selesai}}}}}
        b: {initial: b1, states: {b1: {transitions: {x: {by: [opd], to: selesai}}}}}
    selesai: {final: true, outcome: selesai}
    """
    assert codes(states=states) == ["overlapping-trigger"]
    [found] = findings(states=states)
    assert (found.severity, len(found.related)) == (Severity.NOTE, 1)
    assert codes(states=states.replace("b1: {transitions: {x:", "b1: {transitions: {y:")) == []
    one_after_another = states.replace("regions:", "initial: a\n      states:")
    assert (
        codes(
            states=one_after_another.replace(
                "a1: {transitions: {x: {by: [opd], to: selesai}}", "a1: {transitions: {x: {by: [opd], to: b}}"
            )
        )
        == []
    )


@pytest.mark.parametrize(
    ("parties", "by", "need", "found"),
    [
        ("{a: {count: 1, roles: [opd]}, b: {min: 1, roles: [opd]}}", "[opd]", "all", None),
        ("{a: {count: 1, roles: [opd]}, b: {min: 1, roles: [ketua]}}", "[opd]", "all", "silent"),
        ("{a: {count: 1, roles: [opd]}, b: {min: 0, roles: [ketua]}}", "[opd]", "all", None),
        ("{a: {count: 1, roles: [opd]}, b: {min: 1, roles: [opd]}}", "[a.opd]", "all", None),
        ("{a: {count: 1, roles: [opd]}, b: {min: 1, roles: [opd]}}", "[a.opd]", "1", None),
        ("{a: {count: 1, roles: [opd]}, b: {min: 1, roles: [opd]}}", "[a.opd]", "2", "most"),
        ("{a: {count: 1, roles: [opd]}, b: {min: 1, roles: [opd]}}", "[opd]", "3", "perhaps"),
        ("{a: {count: 1, roles: [opd]}, b: {min: 1, max: 2, roles: [opd]}}", "[opd]", "3", "perhaps"),
        ("{a: {count: 1, roles: [opd]}, b: {min: 1, max: 2, roles: [opd]}}", "[opd]", "4", "most"),
        ("{a: {count: 1, roles: [opd]}}", "[ketua]", "majority", "nobody"),
    ],
)
def test_quorum_is_held_against_who_may_vote(parties: str, by: str, need: str, found: str | None) -> None:
    """A consent must be within reach of the sides that hold a voting role."""
    states = (
        state(transitions=f"{{setuju: {{by: {by}, consent: {{of: parties, need: {need}}}, to: selesai}}}}")
        + END
    )
    result = findings(f"parties: {parties}\n", states=states)
    words = {
        "silent": "have nobody who may vote",
        "most": "but at most",
        "perhaps": "may have only",
        "nobody": "no side holds",
    }
    if found is None:
        assert result == []
        return
    (one,) = result
    assert one.code == "quorum-too-large"
    assert words[found] in one.message
    assert (one.severity is Severity.WARNING) == (found == "perhaps")


# Clocks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "clock",
    [
        "deadlines: {b: {within: 3 days, since: mulai, kind: target}}",
        "deadlines: {b: {at: mulai - days(3), kind: target}}",
        "obligations: {b: {every: 1 month, since: mulai, within: 3 days, kind: target, by: [opd]}}",
    ],
)
@pytest.mark.parametrize(
    ("writer", "starts"),
    [
        ("", False),
        ("catat: {by: [opd], fields: {required: [mulai]}}", True),
        ("catat: {by: [opd], fields: {optional: [mulai]}}", True),
        ("catat: {by: [opd], set: {mulai: today}}", True),
    ],
)
def test_clock_needs_someone_who_writes_its_start(clock: str, writer: str, starts: bool) -> None:
    """A clock that counts from a field starts only if something writes the field."""
    more = f", {writer}" if writer else ""
    states = f"disusun:\n  {clock}\n  transitions: {{x: {{by: [opd], to: selesai}}{more}}}\n" + END
    assert codes("fields: {mulai: {type: date}}\n", states=states) == (
        [] if starts else ["deadline-never-starts"]
    )


def test_obligation_without_kind_is_statutory_and_wants_a_basis() -> None:
    """A duty that says nothing of its kind counts as law and should name it."""
    clock = "{{l: {{each_year: [06-30], within: 3 days, by: [opd]{}}}}}"
    ways = {"": 1, ", kind: target": 0, ", basis: P22 ps 17": 0}
    for more, count in ways.items():
        states = state(obligations=clock.format(more), transitions="{x: {by: [opd], to: selesai}}") + END
        assert codes(states=states) == ["statutory-without-basis"] * count


STATUTORY = "{b: {within: 3 days, kind: statutory, basis: P22 ps 8}}"


@pytest.mark.parametrize(
    ("transition", "restarts"),
    [
        ("{by: [opd], to: self}", True),
        ("{by: [opd], to: disusun}", True),
        ("{by: [opd], to: a}", False),
        ("{by: [opd], to: a, reenter: true}", True),
        ("{by: [opd]}", False),
        ("{by: [opd], to: selesai}", False),
    ],
)
def test_transition_that_starts_a_statutory_clock_anew(transition: str, restarts: bool) -> None:
    """Leaving and entering the state of a statutory clock restarts it; staying inside does not."""
    states = (
        state(
            deadlines=STATUTORY,
            transitions=f"{{u: {transition}, x: {{by: [opd], to: selesai}}}}",
            initial="a",
            states="{a: {}}",
        )
        + END
    )
    assert codes(states=states) == (["restarts-clock"] if restarts else [])


def test_clock_counted_from_a_date_is_not_restarted() -> None:
    """A clock that counts from a date or is only a target may be entered anew."""
    for clock, found in (
        ("{b: {within: 3 days, since: mulai, kind: statutory, basis: P22 ps 8}}", ["old-field"]),
        ("{b: {within: 3 days, kind: target}}", []),
    ):
        states = (
            state(deadlines=clock, transitions="{u: {by: [opd], to: self}, x: {by: [opd], to: selesai}}")
            + END
        )
        assert codes(DATES, opening=GIVEN, states=states) == found


def test_transition_of_a_region_restarts_the_clock_of_another() -> None:
    """A transition that leaves all regions restarts what is entered again by default."""
    states = f"""\
    disusun:
      regions:
        a: {{initial: a1, states: {{a1: {{transitions: {{u: {{by: [opd], to: b.b2}}}}}}}}}}
        b:
          initial: b1
          states: {{b1: {{}}, b2: {{}}}}
          deadlines: {STATUTORY}
      transitions: {{x: {{by: [opd], to: selesai}}}}
    selesai: {{final: true, outcome: selesai}}
    """
    assert codes(states=states) == ["restarts-clock"]


# Declarations ------------------------------------------------------------------------------------


def test_unused_declarations_are_warned_about() -> None:
    """What nothing refers to is named once; what anything refers to is not."""
    declared = """\
    parties:
      pihak: {min: 1, roles: [opd]}
    fields: {a: {type: text}, b: {type: text}, c: {type: date}, d: {type: text}, e: {type: text}}
    groups: {g: [a], h: [e]}
    facts: {f: {type: boolean}, k: {type: boolean}}
    documents: {p: {title: P}, q: {title: Q}, r: {title: R}}
    rules:
      u: {check: "f and 'q' in documents and role != 'perekam'", message: U}
      v: {check: "len(parties) > 1", message: V}
    """
    states = """\
    disusun:
      deadlines: {l: {within: 1 day, since: c, kind: target, remind: {before: 1 day, to: [ketua]}}}
      transitions:
        x: {by: [opd], fields: {required: [g, c]}, documents: {attach: [p]}, rules: [u], to: selesai}
        y: {by: [opd], set: {d: "'x'"}}
    selesai: {final: true, outcome: selesai}
    """
    head = HEAD + "  perekam: {title: Perekam}\n  saksi: {title: Saksi}\n"
    loaded = load(write(declared, states=states, head=head))
    assert {one.code for one in loaded.diagnostics} == {"unused-declaration"}
    assert all(one.severity is Severity.WARNING for one in loaded.diagnostics)
    assert [one.message for one in loaded.diagnostics] == [
        "the role 'saksi' is used nowhere",
        "the field 'b' is used nowhere",
        "the field 'e' is used nowhere",
        "the group 'h' is used nowhere",
        "the fact 'k' is used nowhere",
        "the document 'r' is used nowhere",
        "the rule 'v' is used nowhere",
    ]
    assert loaded.definition is not None
