"""The engine on every store against families in memory: whatever happens to whom, they agree.

A model in memory is asked everything that the engine is asked: every kind of act, at random instants and
of random days, sweeps, repeated requests, stale callers, reading, closing and reopening. After each step
both stand alike, and at the end both have written the same, every entry was handed over once, and the
store's own verification finds nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy.engine import make_url

from tests.databases import empty
from tests.property.acting import next_act, pass_time, people
from tests.property.colony import Colony, gist, papers
from tests.property.happenings import at_once
from tests.property.rumpun import Shape, shapes
from tests.property.village import END, Codes, Happening, Village
from workflow.case import Fire, Open
from workflow.step.options import available

Fresh = Callable[[], str]
"""Gives the URL of an empty database."""


class VillageModel(RuleBasedStateMachine):
    """Families on a store, and the same families in memory."""

    def __init__(self, fresh: Fresh) -> None:
        super().__init__()
        self.fresh = fresh
        self.store: Colony | None = None
        self.requests = 0

    @initialize(shape=shapes(), has_budget=st.sampled_from([True, True, True, False]), data=st.data())
    def begin(self, shape: Shape, has_budget: bool, data: st.DataObject) -> None:
        """Begin with one head."""
        self.village = Village(shape, has_budget=has_budget)
        self.store = Colony(self.fresh(), shape, has_budget=has_budget)
        self._ask(at_once(data.draw, self.village))

    def teardown(self) -> None:
        """Let everything come to rest, and verify it."""
        if self.store is None:
            return
        try:
            self._go(self.village.now + END)
            self._sweep()
            self.village.check()
            assert self.store.told() == self.village.told()
            findings = self.store.engine.ledger.verify().findings
            assert not findings, [finding.message.text("en") for finding in findings]
            self.store.check_handed()
            assert self.store.engine.dead_timers() == ()
        finally:
            self.store.close()

    # --- what happens ----------------------------------------------------------------------------------

    @property
    def colony(self) -> Colony:
        """The engine's side."""
        assert self.store is not None
        return self.store

    def _go(self, at: Any) -> None:
        self.village.now = at
        self.colony.clock.set(at)

    def _ask(self, what: Happening) -> Codes:
        """Ask both; they must answer alike, and a "no" must leave no trace."""
        before = self.colony.rows()
        answer = self.colony.do(what)
        assert answer == self.village.do(what)
        if answer:
            assert self.colony.rows() == before
        event(f"{type(what.command).__name__}: {answer[0] if answer else 'accepted'}")
        return answer

    def _pass(self, data: st.DataObject) -> None:
        self._go(pass_time(data.draw, self.village.now))

    @rule(data=st.data())
    def act(self, data: st.DataObject) -> None:
        """Somebody does something."""
        self._pass(data)
        self._ask(at_once(data.draw, self.village))

    @rule(data=st.data())
    def act_at_once(self, data: st.DataObject) -> None:
        """The next act comes before the clock has moved."""
        self._ask(at_once(data.draw, self.village))

    @rule(data=st.data())
    def act_twice(self, data: st.DataObject) -> None:
        """A request that is repeated has one effect and the same answer, whatever it asks."""
        self._pass(data)
        what = at_once(data.draw, self.village)
        self.requests += 1
        what = replace(what, command=replace(what.command, request_id=f"ulang-{self.requests}"))
        if self._ask(what) == ():
            case = self.colony.case(what.name)
            lengths = {name: len(self.colony.engine.history(one)) for name, one in self.colony.names.items()}
            self._pass(data)
            again = self.colony.ask(replace(what, at=self.village.now))
            assert (again.id, again.revision) == (case.id, case.revision)
            assert lengths == {
                name: len(self.colony.engine.history(one)) for name, one in self.colony.names.items()
            }

    @rule(data=st.data())
    def act_on_an_old_view(self, data: st.DataObject) -> None:
        """Who saw an earlier revision is refused."""
        self._pass(data)
        what = at_once(data.draw, self.village)
        if not isinstance(what.command, Open):
            seen = self.village.case(what.name).revision - 1
            what = replace(what, command=replace(what.command, expect=seen))
            assert self._ask(what)[0] in ("stale-case", "case-closed")

    def _sweep(self) -> None:
        self.village.sweep(self.village.now)
        self.colony.sweep()

    @rule(data=st.data())
    def sweep(self, data: st.DataObject) -> None:
        """The sweep wakes at some time."""
        self._pass(data)
        self._sweep()

    @rule()
    def sweep_on_time(self) -> None:
        """The sweep wakes exactly when something falls due."""
        due = self.village.next_due()
        if due is not None:
            self._go(max(due, self.village.now))
            self._sweep()

    @rule()
    def reopen(self) -> None:
        """The process ends and another begins."""
        self.colony.reopen()

    @rule(data=st.data())
    def read(self, data: st.DataObject) -> None:
        """Options and explanations are those of the model, and leave no trace."""
        self._pass(data)
        before = self.colony.rows()
        name = data.draw(st.sampled_from(list(self.village.names)))
        process, case, world = self.village.seen(name)
        by = data.draw(st.sampled_from(people(process.definition)))
        ours = available(process, case, by, world)
        theirs = self.colony.engine.available(self.colony.names[name], by=by)
        assert [(one.trigger, one.is_allowed, _codes(one)) for one in theirs] == [
            (one.trigger, one.is_allowed, _codes(one)) for one in ours
        ]
        command: Fire = data.draw(next_act(process, case, world, process.definition.timezone))
        told = self.colony.engine.explain(
            self.colony.names[name], command.trigger, by=command.by, fields=command.fields,
            reason=command.reason, effective_on=command.effective_on,
            documents=papers(command.documents),
        )  # fmt: skip
        assert self.colony.rows() == before
        answer = self._ask(Happening(at=self.village.now, name=name, command=command))
        assert tuple(one.code for one in told.reasons) == answer
        assert told.is_allowed == (answer == ())

    # --- what holds after each step ------------------------------------------------------------------------

    @invariant()
    def agree(self) -> None:
        """The case rows are the model's cases."""
        if self.store is None:
            return
        assert list(self.colony.names) == list(self.village.names)
        for name in self.village.names:
            assert gist(self.colony.case(name).state_of) == gist(self.village.case(name)), name


def _codes(option: Any) -> list[str]:
    return [reason.code for reason in option.reasons]


# On a store a step takes milliseconds and shrinking takes minutes: the failure is shown as it was found.
_FOUND = settings(
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
    deadline=None,
)


def _run(fresh: Fresh, examples: int, steps: int) -> None:
    how = settings(_FOUND, max_examples=examples, stateful_step_count=steps)
    run_state_machine_as_test(lambda: VillageModel(fresh), settings=how)  # type: ignore[no-untyped-call]


@pytest.fixture
def fresh(request: pytest.FixtureRequest, store_url: str, tmp_path: Path) -> Fresh:
    """An empty database for each run, on the store of this test."""
    runs = iter(range(1 << 30))

    def url() -> str:
        if store_url.startswith("sqlite"):
            return f"sqlite:///{tmp_path / f'{next(runs)}.db'}"
        empty(make_url(store_url))
        return store_url

    return url


def test_village_on_a_store_agrees_with_the_model(fresh: Fresh) -> None:
    """Whatever happens to families, the engine says and writes what the pure step says."""
    _run(fresh, 8, 12)


@pytest.mark.soak
def test_village_on_a_store_agrees_with_the_model_for_long(fresh: Fresh) -> None:
    """Hundreds of longer runs."""
    _run(fresh, 300, 30)
