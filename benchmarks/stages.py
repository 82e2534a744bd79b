"""Where the time of one ``engine.fire`` on SQLite goes.

For as long as it is measured, the function that is a stage is put behind a stopwatch. What a stage
calls of another stage is counted there alone; what no stopwatch sees is ``the rest``. A stopwatch costs
some time itself, so that the sum is a little larger than a fire that nobody watches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from time import perf_counter
from typing import Any
from unittest.mock import patch

from benchmarks.measuring import say, seconds
from benchmarks.scenes import Bench
from engine import faults

STAGES: dict[str, str] = {
    "begin": "engine.store.sqlite.begin_immediate",
    "load: statements": "engine.store.executors.SqliteExecutor.several",
    "load: snapshot to case": "engine.store.cases.from_text",
    "decide": "engine.commands.decide",
    "seal": "engine.writing.seal",
    "request digest": "engine.commands.request_row",
    "timers, events": "engine.commands.writes_of",
    "rows: case to snapshot": "engine.store.rows.to_text",
    "rows: the others": "engine.store.cases.rows_of",
    "write: statements": "engine.store.executors.SqliteExecutor.steps",
}
"""Stage → the function that it consists of, in the order of a command."""

COMMIT, REST = "commit", "the rest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Seconds of a stage at its quickest, and its share of all of them."""

    name: str
    seconds: float
    share: float


class _Watch:
    """Stopwatches of which one runs at a time: a stage that calls another stands still meanwhile."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = dict.fromkeys((*STAGES, COMMIT), 0.0)
        self._since = 0.0
        self._running: list[str] = []

    def over(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that is timed as ``name``."""

        @wraps(function)
        def watched(*args: Any, **kwargs: Any) -> Any:
            self.switch(name)
            try:
                return function(*args, **kwargs)
            finally:
                self.switch(None)

        return watched

    def switch(self, name: str | None) -> None:
        """Begin a stage, or end the one that runs."""
        now = perf_counter()
        if self._running:
            self.spent[self._running[-1]] += now - self._since
        if name is None:
            self._running.pop()
        else:
            self._running.append(name)
        self._since = perf_counter()


@contextmanager
def _watching() -> Iterator[_Watch]:
    watch = _Watch()
    with ExitStack() as stack:
        for name, target in STAGES.items():
            patching = patch(target)
            function = patching.get_original()[0]
            stack.enter_context(patch(target, watch.over(name, function)))
        stack.callback(faults.disarm)
        faults.arm("store.committing", lambda: watch.switch(COMMIT))
        faults.arm("store.committed", lambda: watch.switch(None))
        yield watch


def of_fire(folder: Path, *, cases: int = 20, rounds: int = 100) -> list[Stage]:
    """Measure the stages of a durable fire, synchronous=NORMAL: there the engine's own share is largest."""
    say(f"stages of a fire: {rounds} rounds of {cases}")
    bench = Bench(f"sqlite:///{folder / 'stages.db'}", synchronous="NORMAL")
    bench.prepare(cases)
    rounds_spent: list[dict[str, float]] = []
    try:
        bench.fire_each()
        bench.fire_each()
        for _ in range(rounds):
            with _watching() as watch:
                taken = seconds(bench.fire_each)
            rounds_spent.append({**watch.spent, REST: taken - sum(watch.spent.values())})
    finally:
        bench.close()
    quickest = {name: min(spent[name] for spent in rounds_spent) / cases for name in rounds_spent[0]}
    whole = sum(quickest.values())
    return [Stage(name=name, seconds=least, share=least / whole) for name, least in quickest.items()]
