"""The memoised machine: what it remembers, what it refuses, and that threads do not disturb it."""

from __future__ import annotations

import pickle
import random
import sys
import threading
from collections.abc import Iterator

import pytest
import transitions

from tests.charts import Answers, atomic, chart_of, final, machine, regions, to
from workflow.chart.interpreter import Chart, NoBranch, NotActive, Runaway, Step, select, start, take
from workflow.chart.machine import Diverged, IllegalConfiguration, Machine


def office() -> Chart:
    """A choice with effects and follow-ups, beside a stage of two regions."""
    left = machine(
        "l", atomic("l1").when("on", to("l2", "g"), to(None, "h")), atomic("l2").when("on", to("l1"))
    )
    right = machine(
        "r", atomic("r1").when("by", to("r2"), guard="w"), atomic("r2").then(to("r1", "k"), to("r3", "m"))
    )
    right.children = (*right.children, final("r3"))
    stage = regions("p", left, right).when("out", to("a"), guard="w").when("self", to("p", external=True))
    return chart_of(
        atomic("a").when("go", to("p", "g"), to("b", "h"), to("a", "k", external=True)),
        stage,
        atomic("b").when("go", to("a")),
        opening=[to("b", "h"), to("a")],
    )


def answers(seed: int) -> Answers:
    """An oracle whose answers depend on the seed, the guard and what it was told."""
    return Answers(decide=lambda guard, log: random.Random(f"{seed}/{guard}/{log}").random() < 0.5)


def result(work: object) -> object:
    """What a call returned or raised."""
    try:
        return work()  # type: ignore[operator]  # a lambda of the test
    except Runaway as error:
        return (error.code, error.source, error.taken)


# --- remembering ---------------------------------------------------------------------------------


def test_take_warm_equals_cold() -> None:
    """The second time gives the same step, with the same questions and effects in the same order."""
    flat, cold, warm = Machine(office()), Answers({"h", "g"}), Answers({"h", "g"})
    first = flat.take(("l1", "r1"), "l1.on", cold)
    remembered = flat.remembered
    assert flat.take(("l1", "r1"), "l1.on", warm) == first
    assert warm.log == cold.log == [("ask", "g"), ("do", "→ l2")]
    assert flat.remembered == remembered


def test_take_other_answers_are_another_path() -> None:
    """What is remembered is keyed by the answers; nothing is asked or told twice on a new path."""
    flat = Machine(office())
    flat.take(("l1", "r1"), "l1.on", Answers({"g"}))
    other = Answers({"h"})
    step = flat.take(("l1", "r1"), "l1.on", other)
    assert isinstance(step, Step)
    assert (step.target, step.branch) == (("l1", "r1"), 1)
    assert other.log == [("ask", "g"), ("ask", "h"), ("do", "→ None")]


def test_take_path_that_parts_after_an_effect_tells_it_once() -> None:
    """A path that is new only after effects were told does not tell them again."""
    flat, where = Machine(office()), ("l1", "r1")
    first, second = Answers({"k"}), Answers({"m"})
    first_step = flat.take(where, "r1.by", first)
    assert isinstance(first_step, Step)
    second_step = flat.take(where, "r1.by", second)
    assert isinstance(second_step, Step)
    assert first_step.target == ("l1", "r1")
    assert second_step.target == ("l1", "r3")
    assert second.heard("do") == ["→ r2", "→ r3"]
    assert len(second.heard("moved")) == 1
    fresh = Answers({"m"})
    assert take(office(), where, (office().edges["r1.by"],), fresh) == second_step
    assert fresh.log == second.log


def test_take_no_branch_is_remembered_too() -> None:
    """A "no" of every branch is a path like any other."""
    flat = Machine(office())
    for _ in range(2):
        oracle = Answers()
        assert flat.take(("a",), "a.go", oracle) == NoBranch("a.go")
        assert oracle.heard("ask") == ["g", "h", "k"]
    assert flat.remembered == 1


def test_select_is_keyed_by_answers() -> None:
    """A selection asks its guards each time and answers accordingly."""
    flat, where = Machine(office()), ("l1", "r1")
    assert flat.select(where, "by", Answers({"w"})) == ("r1.by",)
    assert flat.select(where, "by", Answers()) == ()
    assert flat.select(where, "by", Answers({"w"})) == ("r1.by",)


def test_select_unknown_name_is_never_remembered() -> None:
    """A caller cannot fill the memory with names that nothing handles."""
    flat = Machine(office())
    for number in range(100):
        assert flat.select(("a",), f"name{number}", Answers()) == ()
    assert flat.remembered == 0


def test_enabled_lists_ids_in_document_order() -> None:
    """What could be asked for here, whatever the guards say."""
    flat = Machine(office())
    for _ in range(2):
        assert flat.enabled(("l1", "r1")) == ("p.out", "p.self", "l1.on", "r1.by")


def test_enabled_with_an_oracle_depends_on_what_hides() -> None:
    """Which edges are on offer is keyed by the answers, and remembered."""
    inner = machine("a", atomic("a1").when("t", to("b"), guard="g")).when("t", to("b"))
    flat = Machine(chart_of(inner, atomic("b")))
    for _ in range(2):
        assert flat.enabled(("a1",), Answers()) == ("a.t", "a1.t")
        assert flat.enabled(("a1",), Answers({"g"})) == flat.enabled(("a1",)) == ("a1.t",)
    assert flat.remembered == 2


def test_start_is_remembered() -> None:
    """The opening is a path like any other."""
    flat = Machine(office())
    for true, leaf in (({"h"}, "b"), (set(), "a"), ({"h"}, "b")):
        step = flat.start(Answers(true))
        assert isinstance(step, Step)
        assert step.target == (leaf,)
    assert flat.remembered == 2


def test_limit_past_it_steps_are_interpreted() -> None:
    """A full memory grows no more, and the answers stay right."""
    chart = office()
    flat = Machine(chart, limit=3)
    for seed in range(200):
        mine, theirs = answers(seed), answers(seed)
        edges = (chart.edges["a.go"],)
        assert flat.take(("a",), "a.go", mine) == take(chart, ("a",), edges, theirs)
        assert mine.log == theirs.log
        assert flat.select(("a",), "go", mine) == ("a.go",)
        assert flat.enabled(("a",)) == ("a.go",)
        assert flat.remembered <= 3
    assert flat.remembered == 3


# --- refusing ------------------------------------------------------------------------------------


@pytest.mark.parametrize("configuration", [(), ("l1",), ("r1", "l1"), ("a", "b"), ("gone",), ("p",)])
def test_illegal_configuration_is_refused(configuration: tuple[str, ...]) -> None:
    """A case that stands where the chart cannot be is not moved from there."""
    flat = Machine(office())
    with pytest.raises(IllegalConfiguration):
        flat.select(configuration, "go", Answers())
    with pytest.raises(IllegalConfiguration):
        flat.take(configuration, "a.go", Answers())
    with pytest.raises(IllegalConfiguration):
        flat.enabled(configuration)
    assert flat.remembered == 0


def test_take_edge_of_inactive_state_raises_each_time() -> None:
    """An edge of a state that is not active is never taken."""
    flat = Machine(office())
    for _ in range(2):
        with pytest.raises(NotActive):
            flat.take(("b",), "a.go", Answers())


def test_guard_that_fails_leaves_nothing_behind() -> None:
    """An error in a guard goes to the caller; what was met is not remembered."""
    flat = Machine(office())

    def fail(guard: object, log: list[tuple[str, object]]) -> bool:
        raise LookupError(guard)

    with pytest.raises(LookupError):
        flat.take(("a",), "a.go", Answers(decide=fail))
    assert flat.remembered == 0


def test_runaway_goes_to_the_caller_each_time() -> None:
    """A step that does not end is never remembered."""
    flat = Machine(chart_of(atomic("a").when("t", to("b")), atomic("b").then(to("b", external=True))))
    for _ in range(2):
        with pytest.raises(Runaway):
            flat.take(("a",), "a.t", Answers())
    assert flat.remembered == 0


# --- the flat machine ----------------------------------------------------------------------------


@pytest.fixture
def inner(monkeypatch: pytest.MonkeyPatch) -> list[transitions.Machine]:
    """The machines of `transitions` made during the test."""
    made: list[transitions.Machine] = []
    real = transitions.Machine.__init__

    def making(self: transitions.Machine, **options: object) -> None:
        made.append(self)
        real(self, **options)

    monkeypatch.setattr(transitions.Machine, "__init__", making)
    return made


def test_flat_machine_has_no_name_from_the_chart(inner: list[transitions.Machine]) -> None:
    """Whatever a definition calls things, `transitions` hears only names of our own making."""
    chart = chart_of(
        atomic("to_x").when("state", to("trigger")), atomic("trigger").when("os.getpid", to("to_x"))
    )
    flat = Machine(chart)
    flat.take(("to_x",), "to_x.state", Answers())
    flat.take(("trigger",), "trigger.os.getpid", Answers())
    (made,) = inner
    assert set(made.states) == {"c0", "c1"}
    assert all(name[0] == "t" and name[1:].isdigit() for name in made.events)
    assert not made.models
    assert not made.auto_transitions


def test_flat_machine_has_one_transition_for_a_path(inner: list[transitions.Machine]) -> None:
    """Each path is one trigger with one transition between configurations; an internal one goes nowhere."""
    chart = chart_of(atomic("a").when("on", to("b")).when("in", to(None)).when("self", to("a")), atomic("b"))
    flat = Machine(chart)
    for edge in ("a.on", "a.in", "a.self", "a.on"):
        flat.take(("a",), edge, Answers())
    (made,) = inner
    assert [(one.source, one.dest) for one in made.get_transitions()] == [
        ("c0", "c1"),
        ("c0", None),
        ("c0", "c0"),
    ]


def test_flat_machine_that_goes_elsewhere_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step counts only where the flat machine and the interpreter agree."""
    flat = Machine(office())
    flat.take(("b",), "b.go", Answers())
    monkeypatch.setattr(transitions.Event, "trigger", lambda self, model: True)
    with pytest.raises(Diverged, match="did not go from b to a"):
        flat.take(("b",), "b.go", Answers())


def test_errors_pickle() -> None:
    """Errors survive a process boundary."""
    illegal = pickle.loads(pickle.dumps(IllegalConfiguration(("x",))))
    assert str(illegal) == str(IllegalConfiguration(("x",)))
    step = start(office(), (to("a"),), Answers())
    assert isinstance(step, Step)
    assert pickle.loads(pickle.dumps(Diverged(step))).step == step


# --- threads -------------------------------------------------------------------------------------


@pytest.fixture
def eager_threads() -> Iterator[None]:
    """Threads that give way to each other every few bytecodes."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("eager_threads")
def test_threads_on_a_cold_machine_agree_with_the_interpreter() -> None:
    """Eight threads that start on a cold machine get the interpreter's answer every time."""
    chart = office()
    edges = {name: edge for name, edge in chart.edges.items() if edge.event}
    wrong: list[object] = []

    def work(flat: Machine, number: int, barrier: threading.Barrier) -> None:
        barrier.wait()
        for seed in range(number * 60, number * 60 + 60):
            mine, theirs = answers(seed), answers(seed)
            opened, expected = flat.start(mine), start(chart, chart.edges["@open"].branches, theirs)
            where: tuple[str, ...] = expected.target if isinstance(expected, Step) else ("a",)
            if opened != expected:
                wrong.append((opened, expected))
            for name, edge in edges.items():
                if edge.source not in chart.active(where):
                    continue
                picked = flat.select(where, edge.event or "", mine)
                known = select(chart, where, edge.event or "", theirs)
                if picked != tuple(edge.id for edge in known) or mine.log != theirs.log:
                    wrong.append((where, name, picked, known))
                moved = result(lambda: flat.take(where, name, mine))  # noqa: B023
                truth = result(lambda: take(chart, where, (edge,), theirs))  # noqa: B023
                if moved != truth or mine.log != theirs.log:
                    wrong.append((where, name, moved, truth))
                if isinstance(truth, Step):
                    where = truth.target

    for _ in range(10):
        flat, barrier = Machine(chart), threading.Barrier(8)
        threads = [threading.Thread(target=work, args=(flat, number, barrier)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert flat.remembered > 10
    assert wrong == []


def test_machine_that_another_thread_grows_answers_without_waiting() -> None:
    """While somebody else grows the memory, also for ever (after a fork), steps are interpreted."""
    flat = Machine(office())
    with flat._lock:
        step = flat.take(("b",), "b.go", Answers())
        assert isinstance(step, Step)
        assert step.target == ("a",)
        assert flat.remembered == 0
    flat.take(("b",), "b.go", Answers())
    assert flat.remembered == 1
