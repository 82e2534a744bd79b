"""From a recorded entry back to the command that made it.

Owns what history still says of a command: who, in which capacity, with which fields, documents and words.
What cannot be known any more is said by ``None``. Decides nothing. Called by ``workflow.history.replay``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Any

from workflow.case import (
    Actor,
    Attach,
    Body,
    CaseState,
    Command,
    Correct,
    Extend,
    Fire,
    Mandate,
    NoteChildClosed,
    Open,
    Party,
    Resume,
    Suspend,
)
from workflow.chart.process import Process
from workflow.definition import Act, Handler
from workflow.durations import Duration
from workflow.step.consent import FIELDS, values_digest
from workflow.step.evolve import plain

MOST_UNCHANGED = 10
"""Fields of a consent, given as they were, that are looked for."""


def noting_of(entry: Body) -> NoteChildClosed:
    """Return what a parent was told of a child's end."""
    return NoteChildClosed(
        child=entry["child"]["case"],
        outcome=entry["outcome"],
        effective_on=date.fromisoformat(entry["effective_on"]),
    )


def opening_of(process: Process, entry: Body) -> Open:
    """Return the opening that an entry records."""
    handler = process.opening
    return Open(
        case_id=entry["case"],
        number=entry["number"],
        tenant=entry["tenant"],
        parties=tuple(
            Party(one["id"], side=one["side"], name=_shown(one.get("name")))
            for one in entry.get("parties", ())
        ),
        fields=_given(process, handler, entry.get("changes", {}), None),
        parent=entry.get("parent"),
        **_said(process, handler, entry),
    )


def firing_of(
    process: Process,
    case: CaseState,
    handler: Handler,
    entry: Body,
    waiting: Mapping[str, Any],
) -> Fire:
    """Return the command behind a transition or vote; ``waiting``: values that its vote only names."""
    changes = {**entry.get("changes", {}), **waiting}
    fields = _given(process, handler, changes, case, entry["actor"].get("party"))
    return Fire(trigger=handler.path, fields=fields, **_said(process, handler, entry))


def _said(process: Process, handler: Handler, entry: Body) -> dict[str, Any]:
    actor = entry["actor"]
    recorder = actor.get("recorder")
    who = recorder or actor
    roles = (str(who.get("role")),)
    return {
        "by": Actor(str(who.get("id", "")), roles=roles, party=who.get("party"), mandates=_mandates(actor)),
        "as_role": actor.get("role"),
        "for_party": actor.get("party") if recorder else None,
        "documents": {name: tuple(digests) for name, digests in entry.get("documents", {}).items()},
        "reason": _shown(entry.get("reason")),
        "comment": _shown(entry.get("comment")),
        "effective_on": date.fromisoformat(entry["effective_on"]),
        "request_id": entry.get("request"),
    }


def _mandates(actor: Mapping[str, Any]) -> tuple[Mandate, ...]:
    """The mandate that an act was done under; who vouched for it and until when is not in history."""
    if "mandate" not in actor:
        return ()
    mandate = actor["mandate"]
    return (Mandate(id=mandate["id"], digest=mandate["digest"], role=str(actor.get("role"))),)


def act_of(process: Process, entry: Body) -> Command:
    """Return the act, no transition, that an entry records."""
    said = _said(process, process.opening, entry)
    documents = said.pop("documents")
    kind = entry["kind"]
    if kind == "document_attached":
        return Attach(documents=documents, **said)
    if kind == "fields_corrected":
        return Correct(fields=_corrected(process, entry.get("changes", {})), **said)
    if kind == "deadline_extended":
        clock = entry["clocks"][0]
        return Extend(deadline=clock["path"], within=Duration.from_json(clock["within"]), **said)
    return Suspend(**said) if kind == "case_suspended" else Resume(**said)


def _corrected(process: Process, changes: Mapping[str, Any]) -> dict[str, Any]:
    declared = process.definition.fields
    return {
        name: {party: plain(one.get("new")) for party, one in change.items()}
        if name in declared and declared[name].per_party
        else plain(change.get("new"))
        for name, change in changes.items()
    }


def _shown(value: Any) -> str | None:
    """A personal text, or any text where only its commitment is left."""
    value = plain(value)
    return value if value is None or isinstance(value, str) else "-"


def _given(
    process: Process,
    handler: Handler,
    changes: Mapping[str, Any],
    case: CaseState | None,
    acting: str | None = None,
) -> dict[str, Any]:
    """Return the fields that the command gave: what changed, and what was given as it was before.

    ``acting`` is the party acted for, whose own values of ``per: party`` fields a command gives.
    """
    fields: dict[str, Any] = {}
    for name in (*handler.required, *handler.optional):
        declared = process.definition.fields[name]
        change = changes.get(name)
        if declared.per_party:
            if change:
                fields[name] = {party: plain(one.get("new")) for party, one in change.items()}
            elif case is not None and name in handler.required and acting in case.fields.get(name, {}):
                fields[name] = {acting: case.fields[name][acting]}
        elif change is not None:
            fields[name] = plain(change.get("new"))
        elif case is not None and name in handler.required and name in case.fields:
            fields[name] = case.fields[name]
    return fields


def with_documents(handler: Handler, entries: Sequence[Body], at: int) -> Body:
    """Return a vote with the documents that came with the last yes: they stand in what it made."""
    entry = entries[at]
    following = entries[at + 1] if at + 1 < len(entries) else {}
    made = following.get("kind") == "transition_taken" and following.get("trigger") == handler.path
    if handler.act is not Act.YES or not made or "documents" not in following:
        return entry
    return {**entry, "documents": following["documents"]}


def waiting_values(
    process: Process, case: CaseState, handler: Handler, entries: Sequence[Body], at: int
) -> Mapping[str, Any] | None:
    """Return, as changes, the values that wait for the last yes; ``None`` where they are not known.

    They stand in the entry that wrote them, and the vote names their digest. A vote whose values were
    never written, since it was withdrawn or voided or is still waiting, cannot be asked again.
    """
    named = entries[at]["votes"][0].get("about", {}).get(FIELDS) if handler.act is Act.YES else None
    if named is None:
        return {}
    waits = [
        name
        for name in (*handler.required, *handler.optional)
        if not process.definition.fields[name].per_party
    ]
    made = ("consent_voided", "transition_taken")
    later = next((one for one in entries[at + 1 :] if _ends(one, handler, made)), None)
    if later is None or later["kind"] == "consent_voided":
        return None
    changes = {name: change for name, change in later.get("changes", {}).items() if name in waits}
    as_before = [name for name in waits if name in case.fields and name not in changes]
    for given in _choices(as_before):
        values = {name: case.fields[name] for name in given}
        values |= {name: plain(one["new"]) for name, one in changes.items() if "new" in one}
        if values and [values_digest(values)] == named:
            return {**changes, **{name: {"new": case.fields[name]} for name in given}}
    return None


def _ends(entry: Body, handler: Handler, kinds: tuple[str, ...]) -> bool:
    return entry["kind"] in kinds and entry.get("trigger") == handler.path


def _choices(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield every choice of some names, all of them first: fields are mostly given in full."""
    for size in range(min(len(names), MOST_UNCHANGED), -1, -1):
        yield from combinations(names[:MOST_UNCHANGED], size)


def without_values(vote: Body) -> Body:
    """Return a vote as it would stand if it had given none of the values that wait."""
    [one] = vote["votes"]
    about = {name: digests for name, digests in one.get("about", {}).items() if name != FIELDS}
    left = {key: value for key, value in one.items() if key != "about"}
    return {**vote, "votes": [{**left, "about": about} if about else left]}
