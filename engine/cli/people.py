"""Who acts on the command line, and what comes with an act.

Owns the options of an act and how they become the arguments of the embedding API. The command line
trusts whoever can open the database: the roles given here are believed, as a host's are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, TypeVar

from engine.cli.commands import option
from engine.cli.failures import CommandProblem
from engine.cli.proposals import fields_of, is_proposal, read_proposal, read_text
from engine.cli.values import attachments, from_words
from workflow.case import Actor
from workflow.definition import Definition
from workflow.source.text import Mapping as TextMapping

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """The options of an act as they were given."""

    who: str | None
    roles: tuple[str, ...]
    party: str | None
    as_role: str | None
    for_party: str | None
    words: tuple[str, ...]
    file: str | None
    attach: tuple[str, ...]
    reason: str | None
    comment: str | None
    on: date | None
    request_id: str | None

    @property
    def actor(self) -> Actor:
        """Who acts.

        Raises:
            CommandProblem: Nobody was named.
        """
        if not self.who:
            raise CommandProblem(what="no-actor")
        return Actor(self.who, roles=self.roles, party=self.party)

    def fields(self, definition: Definition, trigger: str) -> dict[str, Any]:
        """Return the fields given, those of the file first.

        Raises:
            FileRejected: The file has problems.
            CommandProblem: A word is no ``name=value``.
        """
        return {**self._from_file(definition, trigger), **from_words(definition, self.words)}

    def _from_file(self, definition: Definition, trigger: str) -> dict[str, Any]:
        if self.file is None:
            return {}
        parsed = read_text(self.file)
        name = trigger.rpartition(".")[2]
        if is_proposal(parsed):
            part = read_proposal(parsed).sections.get(name)
            if part is None:
                raise CommandProblem(what="no-section", file=self.file, name=name)
        elif isinstance(parsed.root, TextMapping):
            part = parsed.root
        else:
            raise CommandProblem(what="no-fields", file=self.file)
        return fields_of(parsed, part, definition)

    @property
    def documents(self) -> dict[str, list[str]]:
        """The documents attached."""
        return attachments(self.attach)

    @property
    def named(self) -> dict[str, Any]:
        """The arguments that every act takes by name."""
        return {"as_role": self.as_role, "for_party": self.for_party, "effective_on": self.on}


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandProblem(what="date-form", text=text) from None


_OPTIONS: Sequence[Callable[[F], F]] = (
    option("--as", "who", text="as", metavar="ID"),
    option("--role", "roles", text="role", metavar="ROLE", multiple=True),
    option("--party", "party", text="party", metavar="PARTY"),
    option("--as-role", "as_role", text="as-role", metavar="ROLE"),
    option("--for-party", "for_party", text="for-party", metavar="PARTY"),
    option("--field", "-f", "words", text="field", metavar="NAME=VALUE", multiple=True),
    option("--fields-file", "file", text="fields-file", metavar="FILE"),
    option("--attach", "-a", "attach", text="attach", metavar="NAME=PATH", multiple=True),
    option("--reason", "reason", text="reason", metavar="TEXT"),
    option("--comment", "comment", text="comment", metavar="TEXT"),
    option("--on", "on", text="on", metavar="DATE"),
    option("--request-id", "request_id", text="request-id", metavar="ID"),
)


def act_options(function: F) -> F:
    """Add the options of an act, handed over as ``act``."""

    @wraps(function)
    def with_act(*args: Any, **options: Any) -> Any:
        given = {name: options.pop(name) for name in Act.__slots__}
        act = Act(**{**given, "on": _day(given["on"])})
        return function(*args, act=act, **options)

    wrapped: Any = with_act
    for add in reversed(_OPTIONS):
        wrapped = add(wrapped)
    return wrapped  # type: ignore[no-any-return]  # click hands the options over by keyword
