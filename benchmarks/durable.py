"""Durable ``engine.fire`` beside the raw driver that writes the same rows, in turn, in the same run."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from sqlalchemy.engine import URL

from benchmarks.measuring import Ratio, ratio, say, seconds
from benchmarks.mirrors import Capture, Raw, RawPostgres, RawSqlite, Read, differing
from benchmarks.peers import ByHand
from benchmarks.scenes import Bench
from tests.databases import NoPostgresError, execute, fresh_database, postgres_server

CASES = 30
WARMING = 2
"""Rounds that are not counted: statements are prepared, caches and the memory of the machine grow."""


def on_sqlite(folder: Path, synchronous: str, wanted: float, rounds: int) -> list[Ratio]:
    """Compare on a SQLite file."""
    say(f"engine.fire on SQLite, synchronous={synchronous}: {rounds} rounds of {CASES}")
    file, copy = folder / f"{synchronous}.db", folder / f"{synchronous}-raw.db"
    bench = Bench(f"sqlite:///{file}", synchronous=synchronous)
    bench.prepare(CASES)
    bench.reopen(lambda: shutil.copy(file, copy))
    raw = RawSqlite(copy, synchronous=synchronous)
    source = RawSqlite(file, synchronous=synchronous)
    peer = ByHand(folder / f"{synchronous}-hand.db", synchronous=synchronous)
    try:
        times = _in_turn(bench, source.read, "?", [raw], rounds, peer=peer)
    finally:
        for one in (source, raw, peer, bench):
            one.close()
    name = f"fire, SQLite {synchronous}"
    return [
        ratio(name, times[0], times[1], each=CASES, floor_name=raw.name, wanted=wanted),
        ratio("  beside a peer", times[0], times[2], each=CASES, floor_name=peer.name),
    ]


def on_postgres(wanted: float, rounds: int) -> list[Ratio]:
    """Compare on PostgreSQL; nothing where there is no server and none can be started."""
    say(f"engine.fire on PostgreSQL: {rounds} rounds of {CASES}")
    try:
        with postgres_server() as server, fresh_database(server) as original:
            return _on_postgres(server, original, wanted, rounds)
    except NoPostgresError as absent:
        say(f"  left out: {absent}")
        return []


def _on_postgres(server: URL, original: URL, wanted: float, rounds: int) -> list[Ratio]:
    bench = Bench(original.render_as_string(hide_password=False))
    bench.prepare(CASES)
    copies = [original.set(database=f"{original.database}_raw{n}") for n in (1, 2)]
    with _copied(server, original, copies, bench):
        raws: list[Raw] = [RawPostgres(copies[0]), RawPostgres(copies[1], is_pipelined=True)]
        source = RawPostgres(original)
        try:
            times = _in_turn(bench, source.read, "%s", raws, rounds)
        finally:
            for one in (source, *raws):
                one.close()
            bench.close()
    return [
        ratio(
            "fire, PostgreSQL" if n == 1 else "  beside a pipeline",
            times[0],
            times[n],
            each=CASES,
            floor_name=raw.name,
            wanted=wanted if n == 1 else None,
        )
        for n, raw in enumerate(raws, 1)
    ]


@contextmanager
def _copied(server: URL, original: URL, copies: list[URL], bench: Bench) -> Iterator[None]:
    def copy() -> None:
        for one in copies:
            execute(server, f'CREATE DATABASE "{one.database}" TEMPLATE "{original.database}"')

    bench.reopen(copy)
    try:
        yield
    finally:
        for one in copies:
            execute(server, f'DROP DATABASE IF EXISTS "{one.database}" WITH (FORCE)')


def _in_turn(
    bench: Bench, read: Read, place: str, raws: list[Raw], rounds: int, *, peer: ByHand | None = None
) -> list[list[float]]:
    """Let the engine act, the raw drivers write the same and the peer act as often, in turn.

    Returns:
        Seconds a round, of each in this order.
    """
    capture = Capture(read, place)
    times: list[list[float]] = [[] for _ in range(1 + len(raws) + (peer is not None))]
    for n in range(WARMING + rounds):
        taken = [seconds(bench.fire_each)]
        transactions = capture.transactions()
        assert len(transactions) == len(bench.ids)
        taken += [seconds(partial(raw.write, transactions)) for raw in raws]
        if peer is not None:
            taken.append(seconds(partial(peer.act, len(transactions))))
        if n >= WARMING:
            for found, one in zip(times, taken, strict=True):
                found.append(one)
    for raw in raws:
        assert not (found_in := differing(read, raw.read)), found_in
    return times


@contextmanager
def scratch() -> Iterator[Path]:
    """Yield a folder for database files, on the disk where the system keeps such files."""
    with tempfile.TemporaryDirectory(prefix="kerjasama-bench-") as folder:
        yield Path(folder)
