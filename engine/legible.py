"""The texts of a command before it is decided: nothing in them that nobody sees, none without end.

Owns which characters and how much text are taken in. Asked here and not in ``decide``: what was taken in
by earlier versions must still be decided again as it was. A definition's own ``max_length`` is looked at
there. Called by ``engine.commands`` and ``engine.readings``.

Source: HISTORY-FORMAT forbids NUL and lone surrogates, LANGUAGE what hides or reorders text in a
definition; values stand beside both in what auditors read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import Any

from workflow.case import OnCase, Open, Reason, Refusal
from workflow.locale import Message
from workflow.source.characters import FORBIDDEN, name_of

LONGEST_FIELD = 100_000
"""Characters that one text in a field may have, where its ``max_length`` is not less."""

LONGEST_SAID = 10_000
"""Characters that a reason or comment may have."""

LONGEST_NAME = 1_000
"""Characters that a party's name or any id may have."""

_UNSEEN = frozenset({"bidi", "invisible", "control"})
_LONGEST = {"reason": LONGEST_SAID, "comment": LONGEST_SAID}
_PLACES = ("by.id", "by.party", "as_role", "for_party", "reason", "comment", "request_id")
_said = attrgetter(*_PLACES)


def illegible(command: Open | OnCase) -> Refusal | None:
    """Return why a command cannot be taken in, every text of it at once; ``None``: it can."""
    if not isinstance(command, Open) and _is_plain(command):
        return None
    reasons: list[Reason] = []
    for place, text in zip(_PLACES, _said(command), strict=True):
        if text is not None:
            _look(place, text, _LONGEST.get(place, LONGEST_NAME), reasons, {"texts": [place]})
    for name, value in command.fields.items():
        for text in texts_of(value):
            _look(name, text, LONGEST_FIELD, reasons, {"fields": [name]})
    if isinstance(command, Open):
        for party in command.parties:
            for text in (party.id, party.name or ""):
                _look("parties", text, LONGEST_NAME, reasons, {"texts": ["parties"]})
    return Refusal(reasons=tuple(reasons), trigger=getattr(command, "trigger", None)) if reasons else None


def _is_plain(command: OnCase) -> bool:
    """Whether everything is short ASCII at first sight: nearly all commands are, and each passes here."""
    words = [text for text in _said(command) if text is not None]
    for value in command.fields.values():
        if type(value) is str:
            words.append(value)
        elif isinstance(value, (Mapping, list, tuple, str)):
            return False
    text = "".join(words)
    return text.isascii() and text.isprintable() and len(text) <= LONGEST_NAME


def texts_of(value: Any) -> Iterator[str]:
    """Return every text in a value, at any depth; the keys of mappings are none."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from texts_of(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from texts_of(one)


def _look(place: str, text: str, longest: int, reasons: list[Reason], needs: dict[str, list[str]]) -> None:
    if len(text) > longest:
        params: dict[str, Any] = {"name": place, "most": longest, "found": len(text)}
        reasons.append(_reason("refusal.text-too-long", params, needs))
    elif not (text.isascii() and text.isprintable()):  # some that nobody sees are printable to Python
        for found in FORBIDDEN.finditer(text):
            if found.lastgroup in _UNSEEN:
                params = {"name": place, "character": name_of(found[0]), "at": found.start() + 1}
                reasons.append(_reason("refusal.unseen-character", params, needs))
                return


def _reason(key: str, params: dict[str, Any], needs: dict[str, list[str]]) -> Reason:
    return Reason(code="invalid-field", message=Message(key, params), needs=needs)
