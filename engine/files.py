"""The files of definitions: read from one folder and never from outside it.

Owns `FolderResolver`, `DefinitionResolver` and `TextResolver`, the ways in which the loader's port is
filled, and the way to the definitions that are shipped. Must not know what the files mean. Called by
whoever deploys or checks a definition.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from workflow.loading.loader import FileNotResolved

SUFFIX = ".yaml"
SHIPPED = Path(__file__).resolve().parent.parent / "definitions"
"""The folder of the definitions that come with this software."""

MOST_BYTES = 1 << 24
"""Larger files are not even read; what is larger than a definition may be, the loader says with a place."""

LookedAt: TypeAlias = Callable[[Path], object]
"""Is told of every file that is about to be read, whether it is there or not."""


class FolderResolver:
    """Reads the files of one folder.

    A path is refused when it is absolute, has ``..`` in it, leads out of the folder through a symbolic
    link, or names what is no ordinary file: a definition comes from others, and must not make its reader
    open what they choose. The folder itself may be a link, and links inside it may lead to each other, as
    those of a mounted ConfigMap do.

    Args:
        root: The definitions' folder.
        looked_at: Is told of every file that is asked for and lies in the folder.
    """

    def __init__(self, root: str | Path, looked_at: LookedAt | None = None) -> None:
        self._root = Path(root).resolve()
        self._looked_at = looked_at

    def read(self, relative_path: str, from_file: str) -> tuple[str, bytes]:
        """Read a file of the folder.

        Args:
            relative_path: Names joined by ``/``, relative to the folder, whichever file refers to it.
            from_file: Name of the file that refers to it.

        Returns:
            The path as it was asked for, and the bytes.

        Raises:
            FileNotResolved: It is not there, cannot be read, is too large or lies outside the folder.
        """
        path = self._root.joinpath(*_names(relative_path))
        if self._looked_at is not None:
            self._looked_at(path)
        try:
            # Also where it leads to nothing: whether a file outside is there is nobody's business here.
            target = path.resolve()
        except (OSError, RuntimeError):  # links in a circle
            raise FileNotResolved(path=relative_path, reason="unreadable") from None
        if not target.is_relative_to(self._root):
            raise FileNotResolved(path=relative_path, reason="outside")
        return relative_path, _content(target, relative_path)


class DefinitionResolver:
    """Reads the files that a definition refers to: from its own folder, else those that are shipped.

    So a definition that stands alone finds the catalogue of laws, the shared lists and the calendars,
    and a folder that has a file of its own under the same name is asked first.

    Args:
        root: The definition's folder.
        looked_at: Is told of every file that is asked for, in either folder.
    """

    def __init__(self, root: str | Path, looked_at: LookedAt | None = None) -> None:
        self._own = FolderResolver(root, looked_at)
        self._shipped = FolderResolver(SHIPPED, looked_at)

    def read(self, relative_path: str, from_file: str) -> tuple[str, bytes]:
        """Read a file; see `FolderResolver.read`."""
        try:
            return self._own.read(relative_path, from_file)
        except FileNotResolved as missing:
            if missing.reason != "missing":
                raise
            return self._shipped.read(relative_path, from_file)


class TextResolver:
    """Gives the files that were read before, from their texts.

    Args:
        sources: Name → text, as `workflow.loading.loader.Loaded` returns them.
    """

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = sources

    def read(self, relative_path: str, from_file: str) -> tuple[str, bytes]:
        """Return a file that is among the texts; see `FolderResolver.read`."""
        if relative_path not in self._sources:
            raise FileNotResolved(path=relative_path, reason="missing")
        return relative_path, self._sources[relative_path].encode()


def read_file(path: Path) -> bytes:
    """Return what is in a file that a person names: of an endless one (a device) not all of it.

    Raises:
        OSError: It is not there or cannot be read.
    """
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def shipped_definition(name: str) -> Path | None:
    """Return the path of a definition that is shipped with this software.

    Args:
        name: ``ksdd``, ``ksdd.yaml`` or ``definitions/ksdd.yaml``.

    Returns:
        Where it is, in a checkout as in an installed wheel; ``None`` where none is called so.
    """
    inner = name.replace("\\", "/").removeprefix("definitions/")
    try:
        path = SHIPPED.joinpath(*_names(inner if inner.endswith(SUFFIX) else inner + SUFFIX))
    except FileNotResolved:
        return None
    return path if path.is_file() else None


def _names(relative_path: str) -> list[str]:
    """Split a path that stays inside its folder; refuse every other."""
    names = relative_path.split("/")
    is_inside = all(name not in ("", ".", "..") for name in names)
    if not is_inside or any(sign in relative_path for sign in ("\\", ":", "\0")):
        raise FileNotResolved(path=relative_path, reason="outside")
    return names


def _content(path: Path, asked: str) -> bytes:
    # A pipe or device would block or never end: opened without waiting, and refused if no plain file.
    flags = os.O_RDONLY
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):
        flags |= getattr(os, name, 0)
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            is_plain = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
            content = file.read(MOST_BYTES + 1) if is_plain else b""
    except FileNotFoundError:
        raise FileNotResolved(path=asked, reason="missing") from None
    except OSError:
        raise FileNotResolved(path=asked, reason="unreadable") from None
    if not is_plain:
        raise FileNotResolved(path=asked, reason="unreadable")
    if len(content) > MOST_BYTES:
        raise FileNotResolved(path=asked, reason="too-large")
    return content
