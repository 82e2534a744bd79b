"""The parts by themselves: deciding, loading, what may I do, verifying, sweeping."""

from __future__ import annotations

from pathlib import Path

from benchmarks.measuring import Timing, repeated, say, seconds, timing
from benchmarks.scenes import FLAT, SECRETARIAT, SHIPPED, TWO_REGIONS, Bench, Clock, Files, deciding
from workflow.loading.loader import load_definition
from workflow.source.text import parse

KSDD = SHIPPED / "ksdd.yaml"


def decide() -> list[Timing]:
    """``decide`` alone: a guard, a role, a field, one deadline stopped and one started."""
    say("decide, flat and with two regions")
    return [
        repeated("decide, flat", deciding(FLAT), lasting=4),
        repeated("decide, two regions", deciding(TWO_REGIONS), lasting=4),
    ]


def load() -> list[Timing]:
    """Reading the largest shipped definition and its fragments: YAML, names, guards, checks, digest."""
    say("definitions/ksdd.yaml, read and checked with its fragments")
    source, files = KSDD.read_bytes(), Files()
    lines = source.count(b"\n")

    def whole() -> None:
        load_definition(parse(source, file=KSDD.name), resolve=files)

    return [
        repeated("parse ksdd.yaml", lambda: parse(source, file=KSDD.name), note=f"{lines} lines"),
        repeated("parse and load ksdd.yaml", whole, lasting=4),
    ]


def read(folder: Path) -> list[Timing]:
    """``available`` of a case, and verification of a whole database."""
    say("available, verify")
    bench = Bench(f"sqlite:///{folder / 'read.db'}", synchronous="NORMAL")
    bench.prepare(50)
    try:
        for _ in range(9):
            bench.fire_each()
        engine, case_id = bench.engine, bench.ids[0]
        asked = repeated("available", lambda: engine.available(case_id, by=SECRETARIAT))
        entries = 10 * len(bench.ids)
        assert engine.ledger.verify().is_clean
        rounds = [seconds(engine.ledger.verify) for _ in range(5)]
    finally:
        bench.close()
    return [asked, timing("verify, an entry", rounds, each=entries, note=f"{entries} entries")]


def sweep(folder: Path) -> list[Timing]:
    """A sweep over cases that each have one deadline that has passed."""
    say("sweep")
    cases, rounds = 100, []
    for n in range(3):
        clock = Clock()
        bench = Bench(f"sqlite:///{folder / f'sweep{n}.db'}", clock=clock)
        bench.prepare(cases)
        clock.pass_by(days=60)
        try:
            rounds.append(seconds(bench.engine.tick))
            assert not bench.engine.tick().cases
        finally:
            bench.close()
    return [timing("sweep, a timer", rounds, each=cases, note="SQLite FULL, a transaction for each case")]
