"""The rules of the interpreter, one by one, on charts of a few states."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from tests.charts import Answers, atomic, chart_of, final, machine, regions, to
from workflow.chart.interpreter import (
    MICROSTEPS,
    ROOT,
    Chart,
    NoBranch,
    NotActive,
    Runaway,
    Step,
    askable,
    select,
    start,
    take,
)


def names(chart: Chart, configuration: tuple[str, ...], event: str, *true: str) -> list[str]:
    """Ids of what an event enables where only the guards ``true`` hold."""
    return [edge.id for edge in select(chart, configuration, event, Answers(true))]


def stepped(chart: Chart, configuration: tuple[str, ...], *edges: str, oracle: Answers | None = None) -> Step:
    """The step by these edges, which must succeed."""
    taken = tuple(chart.edges[one] for one in edges)
    step = take(chart, configuration, taken, oracle or Answers())
    assert isinstance(step, Step)
    return step


def started(chart: Chart, oracle: Answers | None = None) -> Step:
    """The opening, which must succeed."""
    opening = chart.edges.get("@open")
    step = start(chart, opening.branches if opening else (), oracle or Answers())
    assert isinstance(step, Step)
    return step


# --- selection -----------------------------------------------------------------------------------


def test_select_inner_and_outer_handler_returns_inner() -> None:
    """Inner before outer."""
    chart = chart_of(
        machine("a", atomic("a1").when("t", to("b"))).when("t", to("c")), atomic("b"), atomic("c")
    )
    assert names(chart, ("a1",), "t") == ["a1.t"]


def test_select_two_handlers_in_one_state_returns_the_first_enabled() -> None:
    """Document order within a state, guards decide."""
    chart = chart_of(atomic("a").when("t", to("b"), guard="g").when("t", to("c")), atomic("b"), atomic("c"))
    assert names(chart, ("a",), "t", "g") == ["a.t"]
    assert names(chart, ("a",), "t") == ["a.t#2"]


def test_select_inner_guard_false_looks_outward() -> None:
    """A handler whose ``when`` is false lets outer ones be looked at."""
    chart = chart_of(machine("a", atomic("a1").when("t", to("b"), guard="g")).when("t", to("b")), atomic("b"))
    assert names(chart, ("a1",), "t") == ["a.t"]


def test_select_branch_guards_are_not_asked() -> None:
    """``choose`` is looked at after selection."""
    chart = chart_of(machine("a", atomic("a1").when("t", to("b", "g"))).when("t", to("b")), atomic("b"))
    oracle = Answers()
    assert [edge.id for edge in select(chart, ("a1",), "t", oracle)] == ["a1.t"]
    assert oracle.log == []


def test_select_same_name_in_two_regions_returns_both_in_document_order() -> None:
    """Handlers of different regions are all enabled, also where taking one would leave the other."""
    chart = chart_of(
        regions(
            "p", machine("l", atomic("l1").when("t", to("z"))), machine("r", atomic("r1").when("t", to("z")))
        ),
        atomic("z"),
    )
    assert names(chart, ("l1", "r1"), "t") == ["l1.t", "r1.t"]


def test_select_handler_around_one_in_another_region_is_hidden() -> None:
    """An inner state that reserves a name reserves it for the other regions too."""
    left = machine("l", atomic("l1").when("t", to("l1")))
    chart = chart_of(regions("p", left, machine("r", atomic("r1"))).when("t", to(None)))
    assert names(chart, ("l1", "r1"), "t") == ["l1.t"]


def test_select_handler_around_regions_is_returned_and_asked_once() -> None:
    """One handler that several leaves lead to is one edge and one question."""
    chart = chart_of(regions("p", atomic("l"), atomic("r")).when("t", to("z"), guard="g"), atomic("z"))
    oracle = Answers({"g"})
    assert [edge.id for edge in select(chart, ("l", "r"), "t", oracle)] == ["p.t"]
    assert oracle.log == [("ask", "g")]


def test_select_root_handler_is_enabled_everywhere() -> None:
    """The workflow is the outermost state."""
    chart = chart_of(root=machine(ROOT, machine("a", atomic("a1")), atomic("b")).when("t", to("b")))
    assert names(chart, ("a1",), "t") == [".t"]


def test_select_unknown_name_returns_nothing() -> None:
    """What nobody handles is not enabled."""
    assert names(chart_of(atomic("a").when("t", to("a"))), ("a",), "u") == []


def test_askable_ignores_guards_and_hides_outer_ones_of_the_same_name() -> None:
    """What could be asked for here stands in document order, each name at its innermost place."""
    inner = atomic("a1").when("t", to("b"), guard="g").when("u", to("b"))
    chart = chart_of(
        root=machine(ROOT, machine("a", inner).when("t", to("b")), atomic("b").when("w", to("a"))).when(
            "v", to("b")
        )
    )
    assert [edge.id for edge in askable(chart, ("a1",))] == [".v", "a1.t", "a1.u"]


def test_askable_with_an_oracle_is_hidden_only_by_what_is_enabled() -> None:
    """An inner edge whose guard is false does not hide the outer one, which is enabled in its place."""
    inner = atomic("a1").when("t", to("b"), guard="g").when("u", to("b"), guard="h")
    chart = chart_of(root=machine(ROOT, machine("a", inner), atomic("b")).when("t", to("b")))
    oracle = Answers()
    assert [edge.id for edge in askable(chart, ("a1",), oracle)] == [".t", "a1.t", "a1.u"]
    assert oracle.log == [("ask", "g")]
    assert [edge.id for edge in askable(chart, ("a1",), Answers({"g"}))] == ["a1.t", "a1.u"]


# --- branches ------------------------------------------------------------------------------------


def test_take_first_true_branch_wins() -> None:
    """Branches are looked at in document order."""
    chart = chart_of(
        atomic("a").when("t", to("b", "no"), to("c", "yes"), to("d")), atomic("b"), atomic("c"), atomic("d")
    )
    oracle = Answers({"yes"})
    step = stepped(chart, ("a",), "a.t", oracle=oracle)
    assert (step.target, step.branch) == (("c",), 1)
    assert oracle.heard("ask") == ["no", "yes"]


def test_take_no_true_branch_changes_nothing() -> None:
    """With no true branch nothing is done, and nothing is passed outward."""
    chart = chart_of(machine("a", atomic("a1").when("t", to("b", "no"))).when("t", to("b")), atomic("b"))
    oracle = Answers()
    assert take(chart, ("a1",), (chart.edges["a1.t"],), oracle) == NoBranch("a1.t")
    assert oracle.log == [("ask", "no")]


def test_take_without_branches_is_no_branch() -> None:
    """An act that is decided elsewhere has no branch of its own."""
    chart = chart_of(atomic("a").when("t"))
    assert take(chart, ("a",), (chart.edges["a.t"],), Answers()) == NoBranch("a.t")


def test_take_edge_of_inactive_state_raises() -> None:
    """Only an edge of an active state can be taken."""
    chart = chart_of(atomic("a"), atomic("b").when("t", to("a")))
    with pytest.raises(NotActive, match=r"b\.t is not active in a"):
        take(chart, ("a",), (chart.edges["b.t"],), Answers())


# --- leaving and entering ------------------------------------------------------------------------


def nested() -> Chart:
    """Two stages, each with a machine inside."""
    return chart_of(
        machine(
            "a",
            atomic("a1").when("on", to("a2")).when("away", to("b2")).when("up", to("a")),
            atomic("a2"),
        )
        .when("inside", to("a2"))
        .when("again", to("a2", external=True))
        .when("self", to("a", external=True))
        .when("stay", to(None)),
        machine("b", atomic("b1"), atomic("b2")),
    )


@pytest.mark.parametrize(
    ("edge", "exited", "entered"),
    [
        ("a1.on", ["a1"], ["a2"]),
        ("a1.away", ["a1", "a"], ["b", "b2"]),
        ("a1.up", ["a1", "a"], ["a", "a1"]),
        ("a.inside", ["a1"], ["a2"]),
        ("a.again", ["a1", "a"], ["a", "a2"]),
        ("a.self", ["a1", "a"], ["a", "a1"]),
        ("a.stay", [], []),
    ],
)
def test_take_leaves_and_enters_as_the_target_demands(
    edge: str, exited: list[str], entered: list[str]
) -> None:
    """A target inside the source does not leave it, unless external; else the common state stays."""
    step = stepped(nested(), ("a1",), edge)
    assert (list(step.exited), list(step.entered)) == (exited, entered)


def parallel() -> Chart:
    """Two regions beside a stage that leads into them."""
    return chart_of(
        atomic("a").when("t", to("p")).when("deep", to("r2")),
        regions(
            "p",
            machine("l", atomic("l1").when("on", to("l2")).when("over", to("r2")), atomic("l2")),
            machine("r", atomic("r1"), atomic("r2")),
        )
        .when("out", to("a"))
        .when("inside", to("l2")),
    )


def test_take_into_regions_enters_each_by_default() -> None:
    """A state with regions is entered with all of them, outer first, in document order."""
    step = stepped(parallel(), ("a",), "a.t")
    assert list(step.entered) == ["p", "l", "l1", "r", "r1"]
    assert step.target == ("l1", "r1")


def test_take_deep_into_one_region_enters_the_other_by_default() -> None:
    """A target inside one region leaves the others to their defaults."""
    assert stepped(parallel(), ("a",), "a.deep").target == ("l1", "r2")


def test_take_out_of_regions_leaves_inner_and_later_first() -> None:
    """States are left in reverse document order."""
    assert list(stepped(parallel(), ("l1", "r1"), "p.out").exited) == ["r1", "r", "l1", "l", "p"]


def test_take_within_a_region_leaves_the_other_alone() -> None:
    """A transition inside a region does not touch its neighbour."""
    step = stepped(parallel(), ("l1", "r2"), "l1.on")
    assert (step.exited, step.entered, step.target) == (("l1",), ("l2",), ("l2", "r2"))


def test_take_from_one_region_into_another_leaves_them_all() -> None:
    """Crossing regions leaves and enters the state that has them."""
    step = stepped(parallel(), ("l1", "r1"), "l1.over")
    assert list(step.exited) == ["r1", "r", "l1", "l", "p"]
    assert list(step.entered) == ["p", "l", "l1", "r", "r2"]


def test_take_from_the_state_with_regions_to_inside_keeps_it() -> None:
    """A target inside the source does not leave the source, also where the source has regions."""
    step = stepped(parallel(), ("l1", "r2"), "p.inside")
    assert list(step.exited) == ["r2", "r", "l1", "l"]
    assert list(step.entered) == ["l", "l2", "r", "r1"]


def test_take_between_regions_at_the_top_keeps_the_root() -> None:
    """The root is left by nothing that stands inside it."""
    left = machine("l", atomic("l1").when("over", to("r2")))
    chart = chart_of(root=regions(ROOT, left, machine("r", atomic("r1"), atomic("r2"))))
    step = stepped(chart, ("l1", "r1"), "l1.over")
    assert ROOT not in step.exited
    assert step.target == ("l1", "r2")


def test_take_external_at_the_root_leaves_the_root() -> None:
    """``reenter`` on the workflow itself leaves and enters it."""
    chart = chart_of(root=machine(ROOT, atomic("a"), atomic("b")).when("t", to("b", external=True)))
    step = stepped(chart, ("a",), ".t")
    assert (step.exited, step.entered) == (("a", ROOT), (ROOT, "b"))


def test_take_initial_deeper_than_a_child_enters_what_lies_between() -> None:
    """A default that lies deeper is entered with all around it."""
    chart = chart_of(
        atomic("a").when("t", to("b")), machine("b", machine("c", atomic("c1"), atomic("c2")), initial="c2")
    )
    assert list(stepped(chart, ("a",), "a.t").entered) == ["b", "c", "c2"]


def test_take_in_two_regions_takes_both_in_one_microstep() -> None:
    """Edges whose exits do not meet are taken together: all exits, all effects, all entries."""
    left = machine("l", atomic("l1").when("t", to("l2")), atomic("l2"))
    right = machine("r", atomic("r1").when("t", to("r2")), atomic("r2"))
    oracle = Answers()
    step = stepped(chart_of(regions("p", left, right)), ("l1", "r1"), "l1.t", "r1.t", oracle=oracle)
    assert (step.exited, step.entered, step.taken) == (("r1", "l1"), ("l2", "r2"), ("l1.t", "r1.t"))
    assert oracle.heard("do") == ["→ l2", "→ r2"]


def test_take_edges_whose_exits_meet_takes_the_earlier() -> None:
    """Of two regions that stand in each other's way the earlier one wins."""
    left = machine("l", atomic("l1").when("t", to("z")))
    right = machine("r", atomic("r1").when("t", to("r2")), atomic("r2"))
    chart = chart_of(regions("p", left, right), atomic("z"))
    assert stepped(chart, ("l1", "r1"), "l1.t", "r1.t").taken == ("l1.t",)


def test_take_edges_whose_exits_meet_takes_the_inner() -> None:
    """An inner edge wins over the outer one that was found first."""
    right = machine("r", atomic("r1").when("t", to("r2")), atomic("r2"))
    chart = chart_of(regions("p", machine("l", atomic("l1")), right).when("t", to("z")), atomic("z"))
    assert stepped(chart, ("l1", "r1"), "p.t", "r1.t").taken == ("r1.t",)


# --- opening -------------------------------------------------------------------------------------


def test_start_enters_from_the_root_inward() -> None:
    """Opening enters the workflow itself first, so that its clocks start."""
    step = started(nested())
    assert (step.source, step.entered, step.target) == ((), (ROOT, "a", "a1"), ("a1",))
    assert step.taken == ("@open",)


def test_start_takes_the_first_true_branch() -> None:
    """The opening chooses where the case starts."""
    chart = chart_of(atomic("a"), atomic("b"), opening=[to("a", "no"), to("b")])
    oracle = Answers()
    step = started(chart, oracle)
    assert (step.target, step.branch) == (("b",), 1)
    assert oracle.log == [("ask", "no"), ("do", "→ b")]


def test_start_without_true_branch_is_no_branch() -> None:
    """An opening with no true branch opens nothing."""
    chart = chart_of(atomic("a"))
    assert start(chart, (to("a", "no"),), Answers()) == NoBranch("@open")


# --- follow-ups ----------------------------------------------------------------------------------


def test_always_is_followed_until_none_is_open() -> None:
    """A step runs to completion; effects are told on the way."""
    chart = chart_of(
        atomic("a").when("t", to("b")), atomic("b").then(to("c")), atomic("c").then(to("d")), atomic("d")
    )
    oracle = Answers()
    step = stepped(chart, ("a",), "a.t", oracle=oracle)
    assert step.target == ("d",)
    assert step.taken == ("a.t", "@always/b", "@always/c")
    assert oracle.heard("do") == ["→ b", "→ c", "→ d"]


def test_always_transient_state_is_both_entered_and_exited() -> None:
    """A state passed through stands in both lists."""
    chart = chart_of(atomic("a").when("t", to("b")), atomic("b").then(to("c")), atomic("c"))
    step = stepped(chart, ("a",), "a.t")
    assert (step.exited, step.entered) == (("a", "b"), ("b", "c"))


def test_always_inner_before_outer_and_document_order() -> None:
    """The innermost state with a true branch goes first, its branches in document order."""
    inner = atomic("b1").then(to("c", "no"), to("d", "yes"), to("e"))
    chart = chart_of(
        atomic("a").when("t", to("b")),
        machine("b", inner).then(to("c")),
        atomic("c"),
        atomic("d"),
        atomic("e"),
    )
    assert stepped(chart, ("a",), "a.t", oracle=Answers({"yes"})).target == ("d",)
    inner.always[:] = [to("d", "no")]
    chart = chart_of(
        atomic("a").when("t", to("b")), machine("b", inner).then(to("c")), atomic("c"), atomic("d")
    )
    assert stepped(chart, ("a",), "a.t").target == ("c",)


def test_always_is_asked_again_after_each_follow_up() -> None:
    """An effect on the way opens an ``always`` that was closed before."""
    left = machine("l", atomic("l1").then(to("l2", "late")), atomic("l2"))
    right = machine("r", atomic("r1").then(to("r2")), atomic("r2"))
    chart = chart_of(atomic("a").when("t", to("p")), regions("p", left, right))
    oracle = Answers(decide=lambda guard, log: ("do", "→ r2") in log)
    step = stepped(chart, ("a",), "a.t", oracle=oracle)
    assert step.target == ("l2", "r2")
    assert step.taken == ("a.t", "@always/r1", "@always/l1")


def test_always_in_two_regions_is_taken_in_one_microstep() -> None:
    """All guards of a microstep are asked before any of its effects."""
    left = machine("l", atomic("l1").then(to("l2", "g")), atomic("l2"))
    right = machine("r", atomic("r1").then(to("r2", "h")), atomic("r2"))
    chart = chart_of(atomic("a").when("t", to("p")), regions("p", left, right))
    oracle = Answers({"g", "h"})
    assert stepped(chart, ("a",), "a.t", oracle=oracle).target == ("l2", "r2")
    assert [said for said, _ in oracle.log] == ["do", "moved", "entered", "ask", "ask", "do", "do"]


def test_always_in_regions_that_meet_is_pre_empted_by_the_earlier() -> None:
    """Only one of two follow-ups that leave the same states is taken."""
    chart = chart_of(
        atomic("a").when("t", to("p")),
        regions("p", machine("l", atomic("l1").then(to("y"))), machine("r", atomic("r1").then(to("z")))),
        atomic("y"),
        atomic("z"),
    )
    assert stepped(chart, ("a",), "a.t").taken == ("a.t", "@always/l1")


def test_always_guard_learns_the_configuration_of_that_moment() -> None:
    """Before a guard or effect of a follow-up the oracle learns what is active now."""
    chart = chart_of(atomic("a").when("t", to("b", "g")), atomic("b").then(to("c", "g")), atomic("c"))
    oracle = Answers({"g"})
    stepped(chart, ("a",), "a.t", oracle=oracle)
    assert oracle.log == [
        ("ask", "g"),
        ("do", "→ b"),
        ("moved", frozenset({ROOT, "b"})),
        ("entered", ("b",)),
        ("ask", "g"),
        ("do", "→ c"),
    ]


def test_effect_of_a_follow_up_learns_the_configuration_before_it() -> None:
    """What an effect computes, it computes before its own exits; also where no guard was asked."""
    chart = chart_of(atomic("a").when("t", to("b")), atomic("b").then(to("c")), atomic("c"))
    oracle = Answers()
    stepped(chart, ("a",), "a.t", oracle=oracle)
    assert oracle.log == [
        ("do", "→ b"),
        ("moved", frozenset({ROOT, "b"})),
        ("entered", ("b",)),
        ("do", "→ c"),
    ]


def test_moves_are_not_told_when_nobody_asks() -> None:
    """Without a follow-up there is nothing to learn."""
    oracle = Answers()
    stepped(nested(), ("a1",), "a1.away", oracle=oracle)
    assert oracle.log == [("do", "→ b2")]


def test_always_that_never_rests_raises_runaway() -> None:
    """A step that does not end is an error that names the circle."""
    chart = chart_of(atomic("a").when("t", to("b")), atomic("b").then(to("c")), atomic("c").then(to("b")))
    with pytest.raises(Runaway) as caught:
        stepped(chart, ("a",), "a.t")
    assert len(caught.value.taken) == MICROSTEPS + 1
    assert "@always/b → @always/c" in str(caught.value) or "@always/c → @always/b" in str(caught.value)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_always_of_exactly_the_bound_is_no_runaway() -> None:
    """A long chain that ends is taken to its end."""
    chain = [atomic(f"s{n}").then(to(f"s{n + 1}")) for n in range(MICROSTEPS)]
    chart = chart_of(atomic("a").when("t", to("s0")), *chain, atomic(f"s{MICROSTEPS}"))
    assert stepped(chart, ("a",), "a.t").target == (f"s{MICROSTEPS}",)


# --- done and the end ----------------------------------------------------------------------------


def test_done_of_a_nested_machine_is_taken_at_its_end() -> None:
    """``done`` follows when the nested machine reaches a final state."""
    chart = chart_of(machine("a", atomic("a1").when("t", to("a2")), final("a2")).ended(to("b")), atomic("b"))
    step = stepped(chart, ("a1",), "a1.t")
    assert (step.target, step.taken, step.final) == (("b",), ("a1.t", "@done/a"), False)


def two_ends() -> Chart:
    """Two regions, each with an end."""
    left = machine("l", atomic("l1").when("t", to("l2")), final("l2"))
    right = machine("r", atomic("r1").when("u", to("r2")), final("r2"))
    return chart_of(regions("p", left, right).ended(to("z")), atomic("z"))


def test_done_of_regions_waits_for_all_of_them() -> None:
    """``done`` of a state with regions follows when each region has ended."""
    first = stepped(two_ends(), ("l1", "r1"), "l1.t")
    assert (first.target, first.taken) == (("l2", "r1"), ("l1.t",))
    assert stepped(two_ends(), first.target, "r1.u").target == ("z",)


def test_done_of_regions_that_end_at_once_is_taken_once() -> None:
    """Regions entered at their ends are done at once."""
    chart = chart_of(
        atomic("a").when("t", to("p")),
        regions("p", machine("l", final("l1")), machine("r", final("r1"))).ended(to("z")),
        atomic("z"),
    )
    assert stepped(chart, ("a",), "a.t").taken == ("a.t", "@done/p")


def test_done_of_regions_in_a_region_reaches_outward() -> None:
    """Regions within regions are done from the inside out."""
    inner = regions(
        "q", machine("l", atomic("l1").when("t", to("l2")), final("l2")), machine("r", final("r1"))
    )
    chart = chart_of(regions("p", inner, machine("s", final("s1"))).ended(to("z")), atomic("z"))
    assert stepped(chart, ("l1", "r1", "s1"), "l1.t").target == ("z",)


def test_done_yields_to_always() -> None:
    """``always`` is followed before ``done``; a state left by it is not done any more."""
    ends = machine("a", atomic("a1").when("t", to("a2")), final("a2").then(to("y")))
    chart = chart_of(ends.ended(to("z")), atomic("y"), atomic("z"))
    assert stepped(chart, ("a1",), "a1.t").target == ("y",)


def test_done_of_a_state_that_has_moved_on_is_dropped() -> None:
    """An ``always`` that leads back out of the final state takes its ``done`` away."""
    ends = machine("a", atomic("a1").when("t", to("a2")), final("a2"), atomic("a3"))
    ends.ended(to("z")).then(to("a3", "once"))
    chart = chart_of(ends, atomic("z"))
    oracle = Answers(decide=lambda guard, log: ("do", "→ a3") not in log)
    assert stepped(chart, ("a1",), "a1.t", oracle=oracle).target == ("a3",)


def test_done_absent_rests_in_the_final_state() -> None:
    """A machine that ends without ``done`` stays where it is."""
    chart = chart_of(machine("a", atomic("a1").when("t", to("a2")), final("a2")), atomic("b"))
    step = stepped(chart, ("a1",), "a1.t")
    assert (step.target, step.final) == (("a2",), False)


def test_final_at_the_top_ends_at_once() -> None:
    """A final state at the top ends the case before any ``always`` is looked at."""
    chart = chart_of(root=machine(ROOT, atomic("a").when("t", to("z")), final("z")).then(to("a")))
    step = stepped(chart, ("a",), "a.t")
    assert (step.target, step.final, step.taken) == (("z",), True, ("a.t",))


def test_final_of_regions_at_the_top_needs_each_of_them() -> None:
    """A workflow of regions has ended when each of them has."""
    left = machine("l", atomic("l1").when("t", to("l2")), final("l2"))
    chart = chart_of(root=regions(ROOT, left, machine("r", atomic("r1").when("u", to("r2")), final("r2"))))
    first = stepped(chart, ("l1", "r1"), "l1.t")
    assert not first.final
    assert stepped(chart, first.target, "r1.u").final


# --- configurations ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("configuration", "legal"),
    [
        (("a",), True),
        (("l1", "r1"), True),
        (("r1", "l1"), False),
        (("l1",), False),
        (("l1", "l2", "r1"), False),
        (("a", "l1", "r1"), False),
        (("p",), False),
        (("p", "l1", "r1"), False),
        (("nowhere",), False),
        (("a", "a"), False),
        ((), False),
    ],
)
def test_configuration_is_legal_only_when_whole_and_in_order(
    configuration: tuple[str, ...], legal: bool
) -> None:
    """One child of each machine, every region, leaves only, in document order."""
    assert parallel().is_legal(configuration) is legal


def test_active_includes_composite_states_and_the_root() -> None:
    """Active are the leaves and all that encloses them."""
    assert parallel().active(("l1", "r1")) == {ROOT, "p", "l", "l1", "r", "r1"}


def test_not_active_pickles() -> None:
    """Errors survive a process boundary."""
    error: Any = pickle.loads(pickle.dumps(NotActive("b.t", ("a",))))
    assert (error.edge, error.configuration, error.code) == ("b.t", ("a",), "not-active")
