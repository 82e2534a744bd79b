"""What was measured, as a table for people or as JSON."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.measuring import Ratio, Timing
from benchmarks.stages import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Everything of one run."""

    ratios: Sequence[Ratio]
    timings: Sequence[Timing]
    stages: Sequence[Stage]


def machine() -> dict[str, Any]:
    """Say on what was measured, as far as it bears on the figures."""
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        "load": round(busy, 2) if busy is not None else None,
        "sqlite": sqlite3.sqlite_version,
    }


def as_json(measured: Measured) -> str:
    """Return all of it, times in seconds."""
    return json.dumps({"machine": machine(), **asdict(measured)}, indent=2)


def as_table(measured: Measured) -> str:
    """Return it for reading, times in microseconds."""
    about = ", ".join(f"{name} {value}" for name, value in machine().items())
    blocks = (
        _block(
            "engine.fire beside others, in turn (ratio; 1 is as fast, higher is faster)", _ratios(measured)
        ),
        _block(
            "Where the time of a fire goes (SQLite NORMAL, each stage at its quickest)", _stages(measured)
        ),
        _block("Times", _timings(measured)),
    )
    return "\n\n".join((about, *filter(None, blocks)))


def _ratios(measured: Measured) -> list[list[str]]:
    head = ["", "ratio", "quartiles", "of the best", "engine", "the other", "", "set out to reach"]
    return [head] + [
        [
            one.name,
            f"{one.median:.2f}",
            f"{one.low:.2f}-{one.high:.2f}",
            f"{one.floor.best / one.engine.best:.2f}",
            _spent(one.engine),
            _spent(one.floor),
            one.floor.name,
            "" if one.wanted is None else f"{one.wanted:.2f}",
        ]
        for one in measured.ratios
    ]


def _stages(measured: Measured) -> list[list[str]]:
    rows = [[one.name, f"{one.seconds * 1e6:.1f} µs", f"{one.share:.1%}"] for one in measured.stages]
    return [["", "best", "share"], *rows]


def _timings(measured: Measured) -> list[list[str]]:
    head = ["", "best", "median", "a second", ""]
    return [head] + [
        [one.name, *(_micro(at) for at in (one.best, one.median)), f"{one.per_second:,.0f}", one.note]
        for one in measured.timings
    ]


def _micro(seconds: float) -> str:
    return f"{seconds * 1e6:,.1f} µs"


def _spent(one: Timing) -> str:
    return f"{one.best * 1e6:,.0f} ({one.median * 1e6:,.0f}) µs"


def _block(title: str, rows: Iterable[Sequence[str]]) -> str:
    table = list(rows)
    if len(table) < 2:
        return ""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [
        "  ".join(
            cell.ljust(width) if n == 0 else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    ]
    return "\n".join([title, "-" * len(title), *lines])
