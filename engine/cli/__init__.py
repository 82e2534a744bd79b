"""The command line: ``kerjasama``.

Owns nothing but the entry point. What a command needs is imported when that command runs, so that
``kerjasama --help`` answers at once. Nothing here decides: commands call the embedding API and say
what it answered.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NoReturn

from engine.cli.boundary import Boundary
from engine.cli.commands import COMMAND
from engine.cli.session import Session, language_of

__all__ = ["main"]


def main(args: Sequence[str] | None = None, *, clock: Callable[[], datetime] | None = None) -> NoReturn:
    """Run one command and leave with its exit status.

    Args:
        args: The words after the program's name; ``None``: those of the process.
        clock: Virtual time, for tests; it cannot be given on the command line.

    Raises:
        SystemExit: Always; see docs/reference/cli.md for the statuses.
    """
    words = list(sys.argv[1:] if args is None else args)
    session = Session(language=language_of(words, os.environ), environment=os.environ, clock=clock)
    session.debug = "--debug" in words
    session.as_json = "--json" in words
    with Boundary(session) as boundary:
        answer = COMMAND.main(args=words, prog_name="kerjasama", standalone_mode=False, obj=session)
        boundary.status = answer if isinstance(answer, int) else 0
        sys.stdout.flush()
    sys.exit(boundary.status)
