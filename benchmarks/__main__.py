"""``python -m benchmarks``: measure, then print a table or JSON. Takes less than three minutes."""

from __future__ import annotations

import argparse

from benchmarks import parts, peers, stages
from benchmarks.durable import on_postgres, on_sqlite, scratch
from benchmarks.measuring import Ratio, Timing
from benchmarks.report import Measured, as_json, as_table

PARTS = ("fire", "stages", "decide", "load", "read", "sweep", "peers")


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help=f"of {', '.join(PARTS)}; default: all")
    parser.add_argument("--rounds", type=int, default=50, help="of the comparison with the raw driver")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    asked = parser.parse_args()
    measured = measure(asked.parts or PARTS, asked.rounds)
    print(as_json(measured) if asked.json else as_table(measured))


def measure(wanted: tuple[str, ...] | list[str], rounds: int) -> Measured:
    """Measure some of `PARTS`."""
    ratios: list[Ratio] = []
    timings: list[Timing] = []
    shares: list[stages.Stage] = []
    with scratch() as folder:
        if "fire" in wanted:
            ratios += on_sqlite(folder, "FULL", 0.45, rounds)
            ratios += on_sqlite(folder, "NORMAL", 0.20, 2 * rounds)
            ratios += on_postgres(0.8, rounds)
        if "stages" in wanted:
            shares += stages.of_fire(folder)
        if "decide" in wanted:
            timings += parts.decide()
        if "load" in wanted:
            timings += parts.load()
        if "read" in wanted:
            timings += parts.read(folder)
        if "sweep" in wanted:
            timings += parts.sweep(folder)
        if "peers" in wanted:
            timings += peers.scheduled(folder)
    return Measured(ratios=ratios, timings=timings, stages=shares)


if __name__ == "__main__":
    main()
