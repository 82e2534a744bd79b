"""Behaviours that the W3C's conformance tests ask for and that no other test states.

Each test names in its docstring the W3C test (SCXML 1.0 IRP) whose rule it checks; all of them stand in
the table of docs/reference/semantics.md. Every step is made by the interpreter and, where one edge is
taken, by the machine too, cold and warm.
"""

from __future__ import annotations

from tests.charts import Answers, atomic, chart_of, final, machine, regions, to
from tests.definitions import findings
from workflow.chart.interpreter import ROOT, Chart, Step, select, start, take
from workflow.chart.machine import Machine


def opened(chart: Chart, *true: str) -> Step:
    """The opening by both implementations, which must agree."""
    opening = chart.edges.get("@open")
    step = start(chart, opening.branches if opening else (), Answers(true))
    flat = Machine(chart)
    assert flat.start(Answers(true)) == flat.start(Answers(true)) == step
    assert isinstance(step, Step)
    return step


def asked(chart: Chart, configuration: tuple[str, ...], event: str, *true: str) -> Step:
    """The step by the one edge that an event enables, by both implementations, which must agree."""
    (edge,) = select(chart, configuration, event, Answers(true))
    step = take(chart, configuration, (edge,), Answers(true))
    flat = Machine(chart)
    assert flat.select(configuration, event, Answers(true)) == (edge.id,)
    assert flat.take(configuration, edge.id, Answers(true)) == step
    assert flat.take(configuration, edge.id, Answers(true)) == step
    assert isinstance(step, Step)
    return step


def test_branch_without_guard_is_taken_when_no_other_is_open() -> None:
    """test148: the last branch is the ``else``, taken when the guards before it are false."""
    chart = chart_of(
        atomic("a").when("t", to("b", "g"), to("c", "h"), to("d")), atomic("b"), atomic("c"), atomic("d")
    )
    assert asked(chart, ("a",), "t").target == ("d",)
    assert asked(chart, ("a",), "t", "h").target == ("c",)


def test_state_without_initial_starts_at_its_first_child() -> None:
    """test355: the default is the first state in document order."""
    assert opened(chart_of(atomic("a"), atomic("b"))).target == ("a",)


def test_defaults_are_entered_through_every_level() -> None:
    """test364: ``initial`` where it is given, else the first child, down to the leaves."""
    inner = machine("c", atomic("no"), machine("d", atomic("d1"), atomic("d2")), initial="d")
    chart = chart_of(machine("a", atomic("a1"), machine("b", inner), initial="b"))
    step = opened(chart)
    assert (step.target, step.entered) == (("d1",), (ROOT, "a", "b", "c", "d", "d1"))


def test_done_sees_what_the_branch_into_the_final_state_did() -> None:
    """test372: what is done on the way into the final state is done before ``done`` is looked at."""
    ends = machine("a", atomic("a1").when("t", to("a2")), final("a2")).ended(to("z", "late"))
    chart = chart_of(ends, atomic("z"))
    oracle = Answers(decide=lambda guard, log: ("do", "→ a2") in log)
    (edge,) = select(chart, ("a1",), "t", oracle)
    step = take(chart, ("a1",), (edge,), oracle)
    assert isinstance(step, Step)
    assert step.taken == ("a1.t", "@done/a")


def test_states_are_left_from_the_inside_before_the_effect_is_told() -> None:
    """test404: children before parents, later before earlier; entering follows in the other order."""
    left = machine("l", machine("m", atomic("m1")))
    right = machine("r", atomic("r1").when("t", to("z")))
    step = asked(chart_of(regions("p", left, right), machine("y", atomic("z"))), ("m1", "r1"), "t")
    assert step.exited == ("r1", "r", "m1", "m", "l", "p")
    assert step.entered == ("y", "z")


def test_states_are_entered_parents_first_and_regions_in_document_order() -> None:
    """test406: a whole region with all inside it before the next one."""
    left = machine("l", machine("m", atomic("m1")))
    chart = chart_of(atomic("a").when("t", to("p")), regions("p", left, machine("r", atomic("r1"))))
    assert asked(chart, ("a",), "t").entered == ("p", "l", "m", "m1", "r", "r1")


def test_opening_deep_inside_a_region_overrides_the_defaults_around_it() -> None:
    """test413, test576: where the opening says; what it leaves open is entered by default."""
    left = machine("l", atomic("no").then(to("bad")), machine("m", atomic("m1"), atomic("m2")))
    right = machine("r", atomic("r1"), atomic("r2"))
    chart = chart_of(atomic("bad"), regions("p", left, right), opening=[to("m2")])
    step = opened(chart)
    assert (step.target, step.taken) == (("m2", "r1"), ("@open",))


def test_always_is_taken_before_a_done_that_was_there_first() -> None:
    """test419: what needs no event goes before the event that ending raised, in any region."""
    left = machine(
        "l", machine("m", atomic("m1").when("t", to("m2")), final("m2")).ended(to("x")), atomic("x")
    )
    right = machine("r", atomic("r1").then(to("r2", "g")), atomic("r2"))
    chart = chart_of(regions("p", left, right))
    oracle = Answers(decide=lambda guard, log: ("do", "→ m2") in log)
    (edge,) = select(chart, ("m1", "r1"), "t", oracle)
    step = take(chart, ("m1", "r1"), (edge,), oracle)
    assert isinstance(step, Step)
    assert step.taken == ("m1.t", "@always/r1", "@done/m")


def test_transition_without_target_leaves_every_region_alone() -> None:
    """test503: nothing is left or entered, and what the transition does is done."""
    chart = chart_of(regions("p", atomic("l"), machine("r", atomic("r1"), atomic("r2"))).when("t", to(None)))
    step = asked(chart, ("l", "r2"), "t")
    assert (step.exited, step.entered, step.target) == ((), (), ("l", "r2"))
    assert step.taken == ("p.t",)


def test_external_transition_leaves_all_up_to_the_common_machine() -> None:
    """test504: regions are no common ancestor, so the state that has them is left with all inside."""
    inner = regions("p", machine("l", atomic("l1")), machine("r", atomic("r1")))
    inner.when("t", to("l", external=True))
    step = asked(chart_of(machine("s", inner, atomic("s2"))), ("l1", "r1"), "t")
    assert step.exited == ("r1", "r", "l1", "l", "p")
    assert step.entered == ("p", "l", "l1", "r", "r1")


def test_target_that_is_the_source_itself_leaves_it() -> None:
    """test506: a target that does not lie properly inside the source leaves it, ``external`` or not."""
    chart = chart_of(machine("a", atomic("a1"), atomic("a2")).when("t", to("a")))
    step = asked(chart, ("a2",), "t")
    assert (step.exited, step.entered) == (("a2", "a"), ("a", "a1"))


def test_regions_that_end_one_after_the_other_are_done_with_the_last() -> None:
    """test570: ``done`` of the state with regions follows the last of them, also two levels deep."""
    left = machine("l", atomic("l1").when("t", to("l2")), final("l2"))
    right = machine("r", atomic("r1").when("u", to("r2")), final("r2"))
    chart = chart_of(
        machine("s", regions("p", left, right).ended(to("e")), final("e")).ended(to("z")), atomic("z")
    )
    first = asked(chart, ("l1", "r1"), "u")
    assert (first.target, first.taken) == (("l1", "r2"), ("r1.u",))
    assert asked(chart, first.target, "t").taken == ("l1.t", "@done/p", "@done/s")


def test_assignment_to_what_is_not_declared_is_found_at_load() -> None:
    """test286, test311: what SCXML reports when it runs into it, never gets as far as running here."""
    states = """
    disusun:
      transitions:
        ajukan: {by: [opd], to: selesai, set: {tidak_ada: "1"}}
    selesai: {final: true, outcome: selesai}
    """
    assert [one.code for one in findings(states=states)] == ["unknown-field"]
