"""Consent: the agreement of several members, one vote each.

Owns who the members are, what a vote is about, and when the agreement is reached or can no longer
be. Writing votes is here too, on a `Progress`; whether an actor may vote at all is ``decide``'s
question. LANGUAGE, "Consent".

Values of fields that are not ``per: party`` wait for the last yes: every yes must give the same
ones, which a digest among the documents that the vote is about makes sure of, and the last one
writes them (docs/decisions/0002).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflow.case import CaseState, Reason
from workflow.definition import Act, Definition, Handler
from workflow.history.canonical import digest_of
from workflow.locale import Message
from workflow.step.authority import Capacity
from workflow.step.inputs import Inputs

FIELDS = "@fields"
"""Name under which a vote names the digest of the field values that it agrees to."""


def members(definition: Definition, case: CaseState, handler: Handler) -> tuple[str, ...]:
    """Return the parties whose yes counts: those of a side that holds a role of ``by``."""
    sides = {
        side.name
        for side in definition.sides.values()
        for ref in handler.by
        if ref.role in side.roles and ref.side in (None, side.name)
    }
    return tuple(str(party["id"]) for party in case.parties if party["side"] in sides)


def needed(need: str | int, size: int) -> int:
    """Return how many yes votes of ``size`` members make the consent."""
    if need == "all":
        return size
    if need == "majority":
        return size // 2 + 1
    return int(need)


def about(case: CaseState, handler: Handler, inputs: Inputs) -> dict[str, list[str]]:
    """Return the digests of what a yes agrees to: the documents, and the values given with it."""
    named = handler.consent.about if handler.consent else ()
    digests = {name: list(case.documents[name]) for name in named if name in case.documents}
    waiting = {
        name: value
        for name, value in inputs.values.items()
        if name not in inputs.per_party and value is not None
    }
    if waiting:
        digests[FIELDS] = [values_digest(waiting)]
    return digests


def values_digest(values: Mapping[str, Any]) -> str:
    """Return the digest by which a vote names the values that wait for the last yes."""
    return digest_of("kerjasama/consent/1", dict(values))


def check_vote(
    definition: Definition, case: CaseState, carrier: Handler, act: Act, capacity: Capacity, inputs: Inputs
) -> list[Reason]:
    """Check that this party may cast this vote now, and agrees to what the others agreed to."""
    group = members(definition, case, carrier)
    votes = case.votes.get(carrier.path, ())
    own = next((vote for vote in votes if vote["member"] == capacity.party), None)
    params: dict[str, Any] = {"party": capacity.party or "-", "members": ", ".join(group)}
    if capacity.party not in group:
        return [Reason(code="wrong-party", message=Message("refusal.wrong-party.member", params))]
    if act is Act.WITHDRAW:
        if own is None:
            return [Reason(code="not-enabled", message=Message("refusal.nothing-to-withdraw", params))]
        return []
    if own is not None:
        params["vote"] = own["vote"]
        params["withdraw"] = (carrier.consent.withdraw if carrier.consent else None) or "-"
        return [Reason(code="already-consented", message=Message("refusal.already-consented", params))]
    reasons = []
    if act is Act.YES:
        for name in carrier.consent.about if carrier.consent else ():
            if name not in case.documents:
                params["document"] = name
                message = Message("refusal.missing-document.about", params)
                needs = {"documents": [name]}
                reasons.append(Reason(code="missing-document", message=message, needs=needs))
        mine = about(case, carrier, inputs).get(FIELDS)
        for vote in votes:
            if vote["vote"] == "yes" and vote.get("about", {}).get(FIELDS) != mine:
                params["other"] = vote["member"]
                message = Message("refusal.differing-consent", params)
                reasons.append(Reason(code="differing-consent", message=message))
                break
    return reasons


def is_reached(definition: Definition, case: CaseState, carrier: Handler, *, more: int = 0) -> bool:
    """Whether the yes votes, and ``more`` of them, make the consent."""
    if carrier.consent is None:
        return False
    size = len(members(definition, case, carrier))
    yes = sum(1 for vote in case.votes.get(carrier.path, ()) if vote["vote"] == "yes")
    return yes + more >= needed(carrier.consent.need, size)


def is_lost(definition: Definition, case: CaseState, carrier: Handler) -> bool:
    """Whether the consent can no longer be reached."""
    if carrier.consent is None:
        return False
    size = len(members(definition, case, carrier))
    no = sum(1 for vote in case.votes.get(carrier.path, ()) if vote["vote"] == "no")
    return size - no < needed(carrier.consent.need, size)


def vote_record(capacity: Capacity, act: Act, named: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return the vote as history keeps it."""
    record: dict[str, Any] = {"member": capacity.party, "vote": str(act)}
    if named:
        record["about"] = dict(named)
    return record


def by_party_changes(case: CaseState, inputs: Inputs) -> dict[str, Any]:
    """Return the ``per: party`` values of a vote as they stand in the case after it."""
    own = Inputs(values={name: inputs.values[name] for name in inputs.per_party}, per_party=inputs.per_party)
    return dict(own.merged(case.fields))
