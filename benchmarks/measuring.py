"""How long something takes, honestly: repeated, with the spread shown, and nothing judged.

Other work on the machine only ever makes a time longer, so of repeated times the least is the nearest
to the truth. Two things that are compared are measured in turn (A, B, A, B …), so that what disturbs one
disturbs the other, and it is their ratios whose median is reported.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Seconds for one of something.

    Attributes:
        best: The least of all rounds.
        median: The middle one.
    """

    name: str
    best: float
    median: float
    rounds: int
    note: str = ""

    @property
    def per_second(self) -> float:
        """How many a second, at best."""
        return 1 / self.best


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """How fast the engine is beside a floor: 1 is as fast, 0.5 takes twice as long.

    Attributes:
        median: Of the ratios of each pair of rounds; ``low`` and ``high`` are their quartiles.
        engine: Seconds, as ``floor``.
        wanted: What the project set itself to reach; nothing depends on it.
    """

    name: str
    median: float
    low: float
    high: float
    engine: Timing
    floor: Timing
    wanted: float | None = None


def say(words: str) -> None:
    """Tell of progress, to where it is in nobody's way."""
    print(words, file=sys.stderr, flush=True)


def seconds(act: Callable[[], object]) -> float:
    """Return how long ``act`` took."""
    begin = perf_counter()
    act()
    return perf_counter() - begin


def timing(name: str, rounds: Sequence[float], *, each: int = 1, note: str = "") -> Timing:
    """Return what rounds of ``each`` repetitions say of one of them."""
    return Timing(
        name=name,
        best=min(rounds) / each,
        median=statistics.median(rounds) / each,
        rounds=len(rounds),
        note=note,
    )


def repeated(name: str, act: Callable[[], object], *, lasting: float = 1.5, note: str = "") -> Timing:
    """Measure something short: many times a round, as many rounds as fit into ``lasting`` seconds."""
    act()
    each = max(1, int(0.002 / max(seconds(act), 1e-7)))  # short: the quiet moments are

    def round_() -> None:
        for _ in range(each):
            act()

    rounds = [seconds(round_)]
    end = perf_counter() + lasting
    while perf_counter() < end or len(rounds) < 5:
        rounds.append(seconds(round_))
    return timing(name, rounds, each=each, note=note)


def ratio(
    name: str,
    engine: Sequence[float],
    floor: Sequence[float],
    *,
    each: int,
    floor_name: str,
    wanted: float | None = None,
) -> Ratio:
    """Compare rounds that were measured in turn."""
    ratios = [there / here for here, there in zip(engine, floor, strict=True)]
    low, median, high = statistics.quantiles(ratios, n=4)
    return Ratio(
        name=name,
        median=median,
        low=low,
        high=high,
        engine=timing("engine.fire", engine, each=each),
        floor=timing(floor_name, floor, each=each),
        wanted=wanted,
    )
