"""The engine on a store against ``decide`` in memory: whatever happens, in whatever order, they agree.

A model in memory is asked everything that the engine is asked: acts at random instants and of random
days, sweeps, repeated requests, stale callers, reading, closing and reopening. After each step both have
written the same, and at the end the store's own verification finds nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.engine import make_url

from engine.timers import timer_rows
from engine.views import Case
from tests.databases import empty
from tests.property.acting import next_act, pass_time, people
from tests.property.driving import Driver, common, prepared
from tests.property.stages import STAGES
from tests.unit.support import Play
from workflow.case import Fire, Reason, Refusal, Tick
from workflow.step.decide import decide
from workflow.step.evolve import fold
from workflow.step.options import available
from workflow.time.deadlines import parse_instant


def _gist(reason: Reason) -> tuple[Any, ...]:
    """A reason without its words, which name each case's own number."""
    return reason.code, reason.message.key, reason.rule, reason.basis, reason.values, reason.needs


class EngineModel(RuleBasedStateMachine):
    """One case on a store, and the same case in memory.

    Args:
        fresh: Gives the URL of an empty database for each run; ``None``: an SQLite file that has come
            to the stage already, of any definition.
    """

    def __init__(self, fresh: Callable[[], str] | None = None) -> None:
        super().__init__()
        self.fresh = fresh
        self.driver: Driver | None = None
        self.model: Play | None = None
        self.requests = 0

    @property
    def store(self) -> Driver:
        """The engine's side."""
        assert self.driver is not None
        return self.driver

    @property
    def play(self) -> Play:
        """The model's side."""
        assert self.model is not None
        return self.model

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        """Bring both to one stage by the same commands."""
        stages = STAGES if self.fresh is None else {name: STAGES[name] for name in STAGES if "small:" in name}
        stage = data.draw(st.sampled_from(sorted(stages)))
        self.model = stages[stage]()
        if self.fresh is None:
            self.driver = Driver(prepared(stage))
        else:
            self.driver = Driver(url=self.fresh())
            self.driver.play(self.model)
        self.driver.clock.set(self.model.now)

    def teardown(self) -> None:
        """Verify everything once more."""
        if self.driver is None:
            return
        try:
            self.agree_on_history()
            findings = self.driver.engine.ledger.verify().findings
            assert not findings, [finding.message.text("en") for finding in findings]
        finally:
            self.driver.close()

    # --- what happens ----------------------------------------------------------------------------------

    def _moment(self, data: st.DataObject) -> None:
        self.play.now = pass_time(data.draw, self.play.now)
        self.store.clock.set(self.play.now)

    def _drawn(self, data: st.DataObject) -> Fire:
        process = self.play.process
        return data.draw(next_act(process, self.play.case, self.play.world, process.definition.timezone))

    def _asked(self, command: Fire) -> tuple[str, ...]:
        """Ask both; they must answer alike."""
        answer = self.play.put(command)
        codes = tuple(reason.code for reason in answer.reasons) if isinstance(answer, Refusal) else ()
        assert self.store.fire(command) == codes
        event("accepted" if not codes else codes[0])
        return codes

    @rule(data=st.data())
    def act(self, data: st.DataObject) -> None:
        """Somebody asks for something that is offered, or not."""
        self._moment(data)
        self._asked(self._drawn(data))

    @rule(data=st.data())
    def act_at_once(self, data: st.DataObject) -> None:
        """The next act comes before the clock has moved."""
        self._asked(self._drawn(data))

    @rule(data=st.data())
    def act_twice(self, data: st.DataObject) -> None:
        """A request that is repeated has one effect and the same answer."""
        self._moment(data)
        self.requests += 1
        command = replace(self._drawn(data), request_id=f"ulang-{self.requests}")
        if self._asked(command) == ():
            before = len(self.store.engine.history(self.store.id))
            revision = self.store.engine.case(self.store.id).revision
            self._moment(data)
            again = self.store.engine.fire(
                self.store.id, command.trigger, by=command.by, request_id=command.request_id,
                documents=self.store.documents(command.documents), reason=command.reason,
                fields=command.fields, effective_on=command.effective_on,
            )  # fmt: skip
            assert again.revision == revision
            assert len(self.store.engine.history(self.store.id)) == before

    @rule(data=st.data())
    def act_on_an_old_view(self, data: st.DataObject) -> None:
        """Who saw an earlier revision is refused, and nothing is written."""
        self._moment(data)
        command = replace(self._drawn(data), expect=self.play.case.revision - 1)
        assert self._asked(command)[0] in ("stale-case", "case-closed")

    @rule(data=st.data())
    def sweep(self, data: st.DataObject) -> None:
        """The sweep wakes at some time."""
        self._moment(data)
        self.play.put(Tick())
        swept = self.store.engine.tick()
        assert swept.failed == 0

    @rule()
    def sweep_on_time(self) -> None:
        """The sweep wakes exactly when something falls due."""
        case = self.play.case
        due = [
            row.due_at
            for path in (*case.clocks, *case.obligations)
            for row in timer_rows(self.play.process, case, path)
        ]
        if due:
            self.play.now = max(self.play.now, parse_instant(min(due)))
            self.store.clock.set(self.play.now)
            self.play.put(Tick())
            self.store.engine.tick()

    @rule()
    def reopen(self) -> None:
        """The process ends and another begins."""
        self.store.reopen()

    @precondition(lambda self: self.model is not None)
    @rule(data=st.data())
    def read(self, data: st.DataObject) -> None:
        """Options and explanations are those of the model, and leave no trace."""
        self._moment(data)
        play, store = self.play, self.store
        by = data.draw(st.sampled_from(people(play.process.definition)))
        ours = available(play.process, play.case, by, play.world)
        theirs = store.engine.available(store.id, by=by)
        assert [(one.trigger, one.is_allowed, one.reasons, one.unknown) for one in theirs] == [
            (one.trigger, one.is_allowed, one.reasons, one.unknown) for one in ours
        ]
        command = self._drawn(data)
        answer = decide(play.process, play.case, command, play.world)
        told = store.engine.explain(
            store.id, command.trigger, by=command.by, fields=command.fields, reason=command.reason,
            documents=store.documents(command.documents), effective_on=command.effective_on,
        )  # fmt: skip
        assert told.is_allowed == (not isinstance(answer, Refusal))
        expected = answer.reasons if isinstance(answer, Refusal) else ()
        assert [_gist(one) for one in told.reasons] == [_gist(one) for one in expected]

    @rule(data=st.data())
    def look_back(self, data: st.DataObject) -> None:
        """The case as it was known at the instant of any entry is the fold until there."""
        play = self.play
        seen = data.draw(st.integers(1, len(play.entries)))
        was = fold(play.entries[:seen], play.process.definition)
        case = self.store.engine.case(self.store.id, as_of=parse_instant(was.recorded_at))
        expected = Case(play.process, was)
        assert (case.configuration, case.revision, dict(case.fields)) == (
            expected.configuration, expected.revision, dict(expected.fields),
        )  # fmt: skip

    # --- what holds after each step ------------------------------------------------------------------------

    @invariant()
    def agree_on_the_case(self) -> None:
        """The case row is the model's case."""
        if self.driver is None:
            return
        case, mine = self.store.engine.case(self.store.id), self.play.case
        expected = Case(self.play.process, mine)
        assert (case.configuration, case.revision, case.outcome) == (
            expected.configuration, expected.revision, expected.outcome,
        )  # fmt: skip
        assert dict(case.fields) == dict(expected.fields)
        assert len(self.store.engine.history(self.store.id)) == mine.seq
        timers = {one.path: one.due_on.isoformat() for one in self.store.engine.timers(self.store.id)}
        assert timers == {path: clock["due_on"] for path, clock in mine.clocks.items()}

    def agree_on_history(self) -> None:
        """Every entry is the model's, to the microsecond."""
        written: list[Any] = common(self.store.entries())
        assert written == common(self.play.entries)


# On a store a step takes milliseconds and shrinking takes minutes: the failure is shown as it was found.
_FOUND = settings(
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
    deadline=None,
)

TestEngineModel = EngineModel.TestCase
TestEngineModel.settings = settings(_FOUND, max_examples=12, stateful_step_count=12)


def _on_postgres(database: str, examples: int, steps: int) -> None:
    def fresh() -> str:
        empty(make_url(database))
        return database

    how = settings(_FOUND, max_examples=examples, stateful_step_count=steps)
    run_state_machine_as_test(lambda: EngineModel(fresh), settings=how)  # type: ignore[no-untyped-call]


def test_engine_model_on_postgres_agrees(postgres_database: str) -> None:
    """The same on a server: bounded, since each run begins with an empty database."""
    _on_postgres(postgres_database, 5, 12)


@pytest.mark.soak
def test_engine_model_on_postgres_agrees_for_long(postgres_database: str) -> None:
    """A hundred longer runs."""
    _on_postgres(postgres_database, 100, 40)


class _LongEngineModel(EngineModel):
    """The same for long."""


@pytest.mark.soak
class TestEngineModelForLong(_LongEngineModel.TestCase):  # type: ignore[name-defined]  # made by Hypothesis
    """Hundreds of longer runs."""

    settings = settings(_FOUND, max_examples=400, stateful_step_count=40)
