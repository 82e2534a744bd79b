"""Files that come with a command: read, hashed, named, and kept under their SHA-256.

Owns how a caller may give a document: a path, bytes, or several of these. Called by
``engine.commands``; the content goes into the store in the transaction of the command.
"""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TypeAlias

from engine.refused import InvalidCall, WrongArgument
from engine.store.port import Content

Attachment: TypeAlias = "bytes | str | PathLike[str] | Content"

MAX_BYTES = 100 * 1024 * 1024
"""Largest file that is taken; a larger one belongs in an object store of its own."""

_MAGIC = ((b"%PDF-", "application/pdf"), (b"\x89PNG\r\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """The documents of a command: digests and media types by name, and the contents to keep."""

    digests: Mapping[str, tuple[str, ...]]
    media: Mapping[str, tuple[str, ...]]
    contents: tuple[Content, ...]


NONE = Attached(digests={}, media={}, contents=())


def attach(given: Mapping[str, Attachment | Sequence[Attachment]]) -> Attached:
    """Read what a caller gives under each document's name.

    Raises:
        InvalidCall: A file cannot be read, is empty or is too large.
        WrongArgument: It is neither bytes nor a path.
    """
    if not given:
        return NONE
    by_name = {
        name: tuple(_read(name, one) for one in _several(name, files)) for name, files in given.items()
    }
    return Attached(
        digests={name: tuple(one.digest for one in files) for name, files in by_name.items()},
        media={
            name: tuple(one.media_type or "application/octet-stream" for one in files)
            for name, files in by_name.items()
        },
        contents=tuple(one for files in by_name.values() for one in files),
    )


def _several(name: str, files: Attachment | Sequence[Attachment]) -> Sequence[Attachment]:
    if isinstance(files, (bytes, str, PathLike, Content)):
        return (files,)
    if isinstance(files, Mapping) or not isinstance(files, Iterable):
        raise _wrong(name, files)
    return tuple(files)


def _wrong(name: str, given: object) -> WrongArgument:
    return WrongArgument(
        argument=f"documents[{name!r}]",
        kind="attachment",
        given=type(given).__name__,
        example='"kak.pdf", b"%PDF-…", or ["a.pdf", "b.pdf"]',
    )


def _read(name: str, given: Attachment) -> Content:
    if isinstance(given, Content):
        return given
    if isinstance(given, bytes):
        body, file_name = given, None
    elif isinstance(given, (str, PathLike)):
        path = Path(given)
        try:
            with path.open("rb") as file:
                body, file_name = file.read(MAX_BYTES + 1), path.name  # a device has no size and no end
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise InvalidCall(what="document-unreadable", name=name, path=str(path), why=why) from error
        except ValueError as error:  # a NUL in it
            raise InvalidCall(
                what="document-unreadable", name=name, path=ascii(path), why=str(error)
            ) from error
    else:
        raise _wrong(name, given)
    if not body:
        raise InvalidCall(what="document-empty", name=name)
    if len(body) > MAX_BYTES:
        raise InvalidCall(what="document-large", name=name, most=MAX_BYTES)
    digest = hashlib.sha256(body).hexdigest()
    return Content(digest=digest, body=body, media_type=_media_type(body, file_name), name=file_name)


def _media_type(body: bytes, file_name: str | None) -> str | None:
    for magic, media_type in _MAGIC:
        if body.startswith(magic):
            return media_type
    return mimetypes.guess_type(file_name)[0] if file_name else None
