"""The machine that executes a chart: the interpreter's paths as edges of one flat `transitions.Machine`.

Owns the only use of `transitions`. The states of the flat machine are configurations; each path that
the interpreter has gone (from a configuration, by an edge, with these answers) is one trigger with one
transition. So a step that was met before costs its guards and one trigger, whatever the nesting, and
its result is the interpreter's for every oracle. It decides nothing.

`transitions` is kept on a short lead: no model, no automatic transitions, no name from a definition
(states are ``c0``, triggers ``t0`` …), and it is fired on a throw-away token with nothing but a
``state``. Called by ``decide``, from any thread.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar

import transitions

from workflow.chart import interpreter
from workflow.chart.interpreter import ALWAYS, OPEN, Chart, NoBranch, Oracle, Step
from workflow.chart.machine_paths import Paths, Recorder
from workflow.errors import WorkflowError

LIMIT = 50_000
"""How many paths a machine remembers; past it, what is new is interpreted each time."""

LeafT = TypeVar("LeafT")


class IllegalConfiguration(WorkflowError):
    """The active leaves given are none that the chart can be in, or not in document order.

    Attributes:
        configuration: As given.
    """

    code = "illegal-configuration"

    def __init__(self, configuration: tuple[str, ...]) -> None:
        super().__init__(configuration)
        self.configuration = configuration

    def __str__(self) -> str:
        return f"no configuration of this chart: {'|'.join(self.configuration) or 'nothing active'}"


class Diverged(WorkflowError):
    """The flat machine did not go where the interpreter had gone. A defect; nothing was adopted.

    Attributes:
        step: What the interpreter did.
    """

    code = "machine-diverged"

    def __init__(self, step: Step) -> None:
        super().__init__(step)
        self.step = step

    def __str__(self) -> str:
        source, target = "|".join(self.step.source) or OPEN, "|".join(self.step.target)
        return f"the machine did not go from {source} to {target} by {self.step.taken[0]}"


class _Always:
    """An oracle to whom every guard holds."""

    def ask(self, guard: Hashable) -> bool:
        return True

    def do(self, effect: object) -> None:
        pass

    def moved(self, active: frozenset[str], entered: tuple[str, ...]) -> None:
        pass


_ALWAYS = _Always()


class _Transition(transitions.Transition):
    """A transition without callbacks: we register none, and looking for them is half of its cost.

    Whether the trigger may be fired from the token's state is still the library's to say.
    """

    def execute(self, event_data: transitions.EventData) -> bool:
        """Move the token; an internal transition leaves it where it is."""
        if self.dest:
            event_data.machine.set_state(self.dest, event_data.model)
        return True


class _Flat(transitions.Machine):
    """The library's flat machine, with such transitions."""

    transition_cls = _Transition


class _Token:
    """What is moved through the flat machine, once."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


class _Fired:
    """A remembered step: its result, and the trigger that takes a token there."""

    __slots__ = ("_event", "_source", "_target", "step")

    def __init__(self, step: Step, event: transitions.Event, source: str, target: str) -> None:
        self.step = step
        self._event = event
        self._source = source
        self._target = target

    def fire(self) -> Step:
        token = _Token(self._source)
        if not self._event.trigger(token) or token.state != self._target:
            raise Diverged(self.step)
        return self.step


class _Refused:
    """A remembered path that no branch leads on from."""

    __slots__ = ("_answer",)

    def __init__(self, answer: NoBranch) -> None:
        self._answer = answer

    def fire(self) -> NoBranch:
        return self._answer


class Machine:
    """Executes one chart. One for each definition version, shared by all threads.

    Args:
        chart: The chart.
        limit: How many paths are remembered.
    """

    def __init__(self, chart: Chart, *, limit: int = LIMIT) -> None:
        self._chart = chart
        self._limit = limit
        self._flat = _Flat(model=None, states=None, initial=None, auto_transitions=False, send_event=False)
        self._names: dict[tuple[str, ...], str] = {}
        self._steps: Paths[tuple[tuple[str, ...], str], _Fired | _Refused] = Paths()
        self._selections: Paths[tuple[tuple[str, ...], str], tuple[str, ...]] = Paths()
        self._offers: Paths[tuple[str, ...], tuple[str, ...]] = Paths()
        self._lock = Lock()
        self._remembered = 0

    @property
    def remembered(self) -> int:
        """How many paths are remembered now."""
        return self._remembered

    def select(self, configuration: tuple[str, ...], event: str, oracle: Oracle) -> tuple[str, ...]:
        """Return the ids of the edges that an event enables, as `chart.select` does.

        Args:
            configuration: Active leaf paths in document order.
            event: The name asked for; one that the chart does not know enables nothing.
            oracle: Asked about guards.

        Returns:
            Ids in document order of the regions that they were found in.

        Raises:
            IllegalConfiguration: The chart cannot be there (``illegal-configuration``).
        """
        key = (configuration, event)
        answers: list[bool] = []
        known = self._selections.walk(key, oracle, answers)
        if known is not None:
            return known
        self._check(configuration)
        if event not in self._chart.events:  # never remembered: callers could fill the memory with it
            return ()
        record = Recorder(oracle, answers)
        found = interpreter.select(self._chart, configuration, event, record)
        ids = tuple(edge.id for edge in found)
        self._remember(lambda: self._selections.grow(key, record, self._counting(lambda: ids)))
        return ids

    def enabled(self, configuration: tuple[str, ...], oracle: Oracle | None = None) -> tuple[str, ...]:
        """Return every edge that could be asked for by name, as `chart.askable` does.

        Args:
            configuration: Active leaf paths in document order.
            oracle: Says whether an inner edge hides those of its name in the states around its own; it
                does not where its guard is false. Without an oracle it always does.

        Returns:
            Ids in document order.

        Raises:
            IllegalConfiguration: The chart cannot be there (``illegal-configuration``).
        """
        oracle = _ALWAYS if oracle is None else oracle
        answers: list[bool] = []
        known = self._offers.walk(configuration, oracle, answers)
        if known is not None:
            return known
        self._check(configuration)
        record = Recorder(oracle, answers)
        ids = tuple(edge.id for edge in interpreter.askable(self._chart, configuration, record))
        self._remember(lambda: self._offers.grow(configuration, record, self._counting(lambda: ids)))
        return ids

    def take(self, configuration: tuple[str, ...], edge_id: str, oracle: Oracle) -> Step | NoBranch:
        """Take an edge to completion, as `chart.take` does.

        Args:
            configuration: Active leaf paths in document order.
            edge_id: Id of an edge whose state is active.
            oracle: Asked and told, in the interpreter's order.

        Returns:
            The step, or `NoBranch`.

        Raises:
            IllegalConfiguration: The chart cannot be there (``illegal-configuration``).
            NotActive: The state of the edge is not active (``not-active``).
            Runaway: The follow-ups do not end (``runaway``).
        """
        answers: list[bool] = []
        known = self._steps.walk((configuration, edge_id), oracle, answers)
        if known is not None:
            return known.fire()
        self._check(configuration)
        edges = (self._chart.edges[edge_id],)
        record = Recorder(oracle, answers)
        step = interpreter.take(self._chart, configuration, edges, record)
        return self._taken((configuration, edge_id), record, step)

    def start(self, oracle: Oracle) -> Step | NoBranch:
        """Open: enter the chart from nothing, as `chart.start` does.

        Args:
            oracle: Asked and told, in the interpreter's order.

        Returns:
            The step, or `NoBranch`.

        Raises:
            Runaway: The follow-ups do not end (``runaway``).
        """
        key: tuple[tuple[str, ...], str] = ((), OPEN)
        answers: list[bool] = []
        known = self._steps.walk(key, oracle, answers)
        if known is not None:
            return known.fire()
        opening = self._chart.edges.get(OPEN)
        record = Recorder(oracle, answers)
        step = interpreter.start(self._chart, opening.branches if opening else (), record)
        return self._taken(key, record, step)

    def settle(self, configuration: tuple[str, ...], oracle: Oracle) -> Step | NoBranch:
        """Look at ``always`` again, as `chart.settle` does.

        Args:
            configuration: Active leaf paths in document order.
            oracle: Asked and told, in the interpreter's order.

        Raises:
            IllegalConfiguration: The chart cannot be there (``illegal-configuration``).
            Runaway: The follow-ups do not end (``runaway``).
        """
        answers: list[bool] = []
        known = self._steps.walk((configuration, ALWAYS), oracle, answers)
        if known is not None:
            return known.fire()
        self._check(configuration)
        record = Recorder(oracle, answers)
        step = interpreter.settle(self._chart, configuration, record)
        return self._taken((configuration, ALWAYS), record, step)

    # --- growing -----------------------------------------------------------------------------------

    def _check(self, configuration: tuple[str, ...]) -> None:
        if configuration not in self._names and not self._chart.is_legal(configuration):
            raise IllegalConfiguration(configuration)

    def _taken(
        self, key: tuple[tuple[str, ...], str], record: Recorder, step: Step | NoBranch
    ) -> Step | NoBranch:
        leaf = self._remember(lambda: self._steps.grow(key, record, self._counting(lambda: self._leaf(step))))
        return step if leaf is None else leaf.fire()

    def _remember(self, grow: Callable[[], LeafT]) -> LeafT | None:
        """Grow under the lock, unless the memory is full or another thread is growing.

        Never waits: the interpreter's answer is at hand, and a process forked while another thread grew
        would wait for ever.
        """
        if self._remembered >= self._limit or not self._lock.acquire(blocking=False):
            return None
        try:
            return grow()
        finally:
            self._lock.release()

    def _counting(self, make: Callable[[], LeafT]) -> Callable[[], LeafT]:
        def made() -> LeafT:
            self._remembered += 1
            return make()

        return made

    def _leaf(self, step: Step | NoBranch) -> _Fired | _Refused:
        if isinstance(step, NoBranch):
            return _Refused(step)
        source, target = self._name(step.source), self._name(step.target)
        trigger = f"t{self._remembered}"
        is_internal = not step.exited and not step.entered
        self._flat.add_transition(trigger, source, None if is_internal else target)
        return _Fired(step, self._flat.events[trigger], source, target)

    def _name(self, configuration: tuple[str, ...]) -> str:
        name = self._names.get(configuration)
        if name is None:
            name = f"c{len(self._names)}"
            self._flat.add_state(name)
            self._names[configuration] = name
        return name
