"""Running the command line inside the test's process.

Owns capturing what a command wrote where, and its exit status. Called by the tests of the command line
and of its page.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.cli import main


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a command did: its exit status, standard output and error, and both in their order."""

    status: int
    out: str
    err: str
    both: str


class _Into(io.StringIO):
    """A stream that also writes into another."""

    def __init__(self, both: io.StringIO) -> None:
        super().__init__()
        self._both = both

    def write(self, text: str) -> int:
        """Write to both."""
        self._both.write(text)
        return super().write(text)


def run(*words: str, clock: Callable[[], datetime] | None = None) -> Ran:
    """Run ``kerjasama`` with these words."""
    both = io.StringIO()
    out, err = _Into(both), _Into(both)
    status: Any = None
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(list(words), clock=clock)
        except SystemExit as stop:
            status = stop.code
    return Ran(status=status or 0, out=out.getvalue(), err=err.getvalue(), both=both.getvalue())
