"""What holds for one run of the command line: language, database, tenant, and where words go.

Owns the settings that every command shares and how they are found: option, then environment, then
default. Data goes to standard output, words and progress to standard error. Imported by
``kerjasama --help``, so it imports little.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import IO, Any

import click

import engine.texts.cli  # noqa: F401  (registers the texts of the command line)
from workflow.locale import LANGUAGES, Message

DEFAULT_DATABASE = "sqlite:///kerjasama.db"
DEFAULT_TENANT = "default"


class Session:
    """One run of the command line.

    Attributes:
        language: ``id`` or ``en``, for everything that a person reads.
        as_json: Whether data is printed as JSON.
        database: As ``--db`` names it; ``None``: it was not given, see `url`.
        debug: Whether an unexpected error shows its traceback.
        clock: Virtual time, where a test or the demonstration gives one.
    """

    def __init__(
        self,
        *,
        language: str,
        environment: Mapping[str, str],
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self.language = language
        self.as_json = False
        self.debug = False
        self.clock = clock
        self.database: str | None = None
        self.tenant = environment.get("KERJASAMA_TENANT") or DEFAULT_TENANT
        self._environment = environment

    @property
    def url(self) -> str:
        """The database as a URL; a plain path is that of a SQLite file."""
        named = self.database or self._environment.get("KERJASAMA_DB") or DEFAULT_DATABASE
        return named if "://" in named else f"sqlite:///{named}"

    def say(self, key: str, **params: Any) -> str:
        """Return a text of the command line in the session's language."""
        return Message(f"cli.{key}", params).text(self.language)

    def text(self, message: Any) -> str:
        """Return a message or label in the session's language; ``None`` is nothing."""
        return "" if message is None else str(message.text(self.language))

    # --- output --------------------------------------------------------------------------------------

    def out(self, text: str = "") -> None:
        """Write data to standard output."""
        click.echo(text, color=self.has_color(sys.stdout))

    def note(self, text: str = "", *, newline: bool = True) -> None:
        """Write words to standard error."""
        click.echo(text, err=True, nl=newline, color=self.has_color(sys.stderr))

    def json(self, value: Any) -> None:
        """Write a value to standard output as JSON."""
        self.out(json.dumps(value, ensure_ascii=False, indent=2))

    def has_color(self, stream: IO[str]) -> bool:
        """Whether to colour what goes to ``stream``: a terminal whose user did not decline."""
        declined = self._environment.get("NO_COLOR") or self._environment.get("TERM") == "dumb"
        return not declined and stream.isatty()

    def is_watched(self) -> bool:
        """Whether somebody watches standard error, so that progress is worth showing."""
        return sys.stderr.isatty()


def language_of(words: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return the language to speak: ``--lang``, ``KERJASAMA_LANG``, or that of the locale.

    Read before the command line itself is, since help and usage errors are in that language too.

    Example:
        >>> language_of(["case", "1", "--lang", "id"], {}), language_of([], {"LANG": "id_ID.UTF-8"})
        ('id', 'id')
        >>> language_of([], {"LANG": "C.UTF-8"})
        'en'
    """
    given = [after for before, after in pairwise(words) if before == "--lang"]
    given += [word.partition("=")[2] for word in words if word.startswith("--lang=")]
    given.append(environment.get("KERJASAMA_LANG", ""))
    for one in given:
        if one in LANGUAGES:
            return one
    names = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next((name for name in names if name), "")
    return "id" if locale.lower().startswith("id") else "en"
