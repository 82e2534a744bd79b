"""Doing something again whenever a file that it read has changed.

Owns what counts as a change, and the loop that looks for one. It looks at the files' times now and then
rather than have the system tell: that needs nothing but the standard library, works on every file system,
and costs one ``stat`` a file. Knows nothing of what is done with the files. Called by ``check``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from engine.cli.failures import said
from engine.cli.session import Session
from engine.errors import EngineError

INTERVAL = 0.5
"""Seconds between two looks at the files."""

MOST_NAMED = 5

Stamp: TypeAlias = "tuple[int, int, int] | None"


class Seen:
    """The files and folders that were looked at, and how each was just before.

    Noted before a file is read, so that a change while it is being read is seen too. A file that was
    looked for and is not there counts: it may come.
    """

    def __init__(self) -> None:
        self._files: dict[Path, Stamp] = {}
        self._folders: dict[Path, tuple[Path, ...]] = {}

    def look(self, path: Path) -> None:
        """Note a file that is about to be read."""
        self._files.setdefault(path, _stamp(path))

    def files_in(self, folder: Path) -> tuple[Path, ...]:
        """Return the definition files below a folder, in order, and note them."""
        self._folders[folder] = found = _yaml_files(folder)
        return found

    def take(self, others: Seen) -> None:
        """Note what others noted, as it is now."""
        for path in others._files:
            self.look(path)
        for folder in others._folders:
            self.files_in(folder)

    def changed(self) -> tuple[Path, ...]:
        """Return the files that are not as they were, those come and gone too."""
        files = {path for path, before in self._files.items() if _stamp(path) != before}
        for folder, before in self._folders.items():
            files.update(set(_yaml_files(folder)).symmetric_difference(before))
        return tuple(sorted(files))

    def __len__(self) -> int:
        """Count the files that are there."""
        return sum(stamp is not None for stamp in self._files.values())


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    # The size and the inode too: within one tick of a clock a file can be written, or replaced, twice.
    return found.st_mtime_ns, found.st_size, found.st_ino


def _yaml_files(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(folder.rglob("*.yaml")))


def watch(session: Session, work: Callable[[Seen], int], wait: Callable[[], None]) -> int:
    """Do some work, and again whenever a file that it looked at has changed, until interrupted.

    Args:
        session: Where it is said what changed.
        work: Notes what it reads, and returns an exit status.
        wait: Returns when it is time to look at the files again.

    Returns:
        The exit status of the last work that came to its end.

    Raises:
        KeyboardInterrupt: Before the first work had come to its end.
        EngineError: By the first work; by a later one it is said, and the files are watched further.
    """
    seen = Seen()
    status = work(seen)
    try:
        while True:
            session.note(session.say("watch.waiting", count=len(seen)))
            changed = _change(seen, wait)
            session.note("\n" + session.say("watch.changed", files=_names(changed)))
            seen, status = _again(session, work, seen)
    except KeyboardInterrupt:
        session.note()
        return status


def _change(seen: Seen, wait: Callable[[], None]) -> tuple[Path, ...]:
    while True:
        wait()
        if changed := seen.changed():
            return changed


def _again(session: Session, work: Callable[[Seen], int], before: Seen) -> tuple[Seen, int]:
    now = Seen()
    try:
        return now, work(now)
    except EngineError as error:
        status = said(session, error)
        # What was watched is watched further as it is now: the file that is missing may come back.
        now.take(before)
        return now, status or error.exit_status


def _names(paths: tuple[Path, ...]) -> str:
    shown = ", ".join(map(str, paths[:MOST_NAMED]))
    return f"{shown}, …" if len(paths) > MOST_NAMED else shown
