"""The texts of a command in history's form: NFC, without what cannot be stored.

Owns what is done to every text that a person or host gives beside the fields (those are
`workflow.expressions.values`' business): who acts, why, for whom. A text that history cannot hold refuses the
command before anything is decided. Called by ``decide``.

Source: HISTORY-FORMAT, "Text is brought to NFC at input, personal values too".
"""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter
from typing import TypeAlias, TypeVar

from workflow.case import Actor, CaseAct, Fire, Open, Party, Reason, Refusal
from workflow.history.canonical import NotCanonical, normal_text
from workflow.locale import Message

Spoken: TypeAlias = Open | Fire | CaseAct
SpokenT = TypeVar("SpokenT", bound=Spoken)

_PLACES = ("by.id", "by.party", "as_role", "for_party", "reason", "comment", "request_id")
_said = attrgetter(*_PLACES)


def in_words(command: SpokenT) -> SpokenT | Refusal:
    """Return the command with every text in NFC, itself where they are; or the refusal."""
    words = "".join([text for _, text in _texts(command)])
    if words.isascii() and "\0" not in words:
        return command
    wrong = [place for place, text in _texts(command) if not _can_stand(text)]
    if wrong:
        return Refusal(reasons=(_unwritable(wrong),), trigger=None)
    changed = replace(
        command,
        by=_actor(command.by),
        as_role=_normal(command.as_role),
        for_party=_normal(command.for_party),
        reason=_normal(command.reason),
        comment=_normal(command.comment),
        request_id=_normal(command.request_id),
    )
    if isinstance(changed, Open):
        return replace(changed, parties=tuple(_party(party) for party in changed.parties))
    if isinstance(changed, Fire):
        return replace(changed, trigger=normal_text(changed.trigger))
    return changed


def _texts(command: Spoken) -> list[tuple[str, str]]:
    """Return every text with the name by which callers know it."""
    texts = [(place, text) for place, text in zip(_PLACES, _said(command), strict=True) if text is not None]
    if isinstance(command, Fire):
        texts.append(("trigger", command.trigger))
    elif isinstance(command, Open):
        for party in command.parties:
            texts.append(("parties.id", party.id))
            if party.name is not None:
                texts.append(("parties.name", party.name))
    return texts


def _can_stand(text: str) -> bool:
    try:
        normal_text(text)
    except NotCanonical:
        return False
    return True


def _normal(text: str | None) -> str | None:
    return None if text is None else normal_text(text)


def _actor(actor: Actor) -> Actor:
    return replace(actor, id=normal_text(actor.id), party=_normal(actor.party))


def _party(party: Party) -> Party:
    return replace(party, id=normal_text(party.id), name=_normal(party.name))


def _unwritable(places: list[str]) -> Reason:
    names = list(dict.fromkeys(places))
    message = Message("refusal.unwritable-text", {"names": ", ".join(names)})
    return Reason(code="invalid-field", message=message, needs={"texts": names})
