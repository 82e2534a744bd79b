"""Who may do it: roles, parties and sides, recording for others, and two different persons.

Owns the answer to "in which capacity does this actor perform this handler"; it reads the definition
and the case and never selects a handler. Called by ``decide``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from workflow.case import Actor, CaseState, Reason
from workflow.definition import Definition, Handler, Label, RoleRef
from workflow.locale import Message

RESERVED = frozenset({"clock", "child", "parent", "engine"})
"""Ids that history uses for the machine itself; refused for people."""


class Capacity(NamedTuple):
    """In which role, and for which party, an act is done.

    ``entry`` is the actor as history keeps it: with ``recorder`` where another wrote it down, and
    then without an id.
    """

    role: str
    party: str | None
    entry: dict[str, Any]

    @property
    def mandate(self) -> str | None:
        """Id of the mandate acted under, where the role needs one."""
        named = self.entry.get("mandate")
        return str(named["id"]) if named else None


Parties = Sequence[dict[str, Any]]


def side_of(parties: Parties, party: str | None) -> str | None:
    """Return the side of a party of the case, ``None`` for anyone else."""
    for one in parties:
        if one["id"] == party:
            return str(one["side"])
    return None


def authorise(
    definition: Definition,
    parties: Parties,
    by: Sequence[RoleRef],
    actor: Actor,
    as_role: str | None,
    for_party: str | None,
    on: date,
) -> Capacity | Reason:
    """Find the capacity in which ``actor`` may act under ``by``.

    Args:
        by: Document order; the first that fits is recorded.
        as_role: The role to act in, bare; ``None`` takes the first that the actor holds.
        for_party: The party acted for; another one than the actor's own means recording for it.
        on: The day of the act, on which a mandate must be valid.
    """
    if actor.id in RESERVED or not actor.id:
        return Reason(code="wrong-role", message=Message("refusal.reserved-actor", {"actor": actor.id}))
    wanted = [ref for ref in by if as_role is None or ref.role == as_role]
    if for_party is None or for_party == actor.party:
        for ref in wanted:
            if _holds(definition, parties, ref, actor):
                found = _mandated(definition, _capacity(ref.role, actor), actor, on)
                if isinstance(found, Capacity) or ref is wanted[-1]:
                    return found
    if as_role is not None:
        for ref in wanted:
            recorder = _recorder(definition, parties, ref, for_party, actor)
            if recorder is not None:
                party = for_party if definition.roles[ref.role].sides else None
                return _mandated(definition, _recorded(ref.role, party, recorder, actor), actor, on)
    return _why_not(definition, parties, by, wanted, actor, as_role, for_party)


def _mandated(definition: Definition, capacity: Capacity, actor: Actor, on: date) -> Capacity | Reason:
    """Add the mandate that a role needs, or say that there is none on that day."""
    if not definition.roles[capacity.role].is_mandate_required:
        return capacity
    for mandate in actor.mandates:
        if (
            mandate.role == capacity.role
            and mandate.party in (None, capacity.party)
            and (mandate.valid_from is None or mandate.valid_from <= on)
            and (mandate.valid_until is None or on <= mandate.valid_until)
        ):
            entry = {**capacity.entry, "mandate": {"id": mandate.id, "digest": mandate.digest}}
            return Capacity(role=capacity.role, party=capacity.party, entry=entry)
    params = {"role": capacity.role, "party": capacity.party or "-", "on": on.isoformat()}
    needs = {"mandate": capacity.role}
    return Reason(code="missing-mandate", message=Message("refusal.missing-mandate", params), needs=needs)


def _capacity(role: str, actor: Actor) -> Capacity:
    entry = {"id": actor.id, "role": role}
    if actor.party is not None:
        entry["party"] = actor.party
    return Capacity(role=role, party=actor.party, entry=entry)


def _recorded(role: str, party: str | None, recorder: RoleRef, actor: Actor) -> Capacity:
    by: dict[str, Any] = {"id": actor.id, "role": recorder.role}
    if actor.party is not None:
        by["party"] = actor.party
    entry: dict[str, Any] = {"role": role, "recorder": by}
    if party is not None:
        entry["party"] = party
    return Capacity(role=role, party=party, entry=entry)


def _holds(definition: Definition, parties: Parties, ref: RoleRef, actor: Actor) -> bool:
    return ref.role in actor.roles and _stands_for(definition, parties, ref, actor.party)


def _stands_for(definition: Definition, parties: Parties, ref: RoleRef, party: str | None) -> bool:
    """Whether the role of ``ref`` can be held for ``party`` in this case."""
    sides = definition.roles[ref.role].sides
    if not sides:
        return True
    side = side_of(parties, party)
    return side in sides and (ref.side is None or ref.side == side)


def _recorder(
    definition: Definition, parties: Parties, ref: RoleRef, party: str | None, actor: Actor
) -> RoleRef | None:
    """Return the role in which the actor may record an act of ``ref`` for ``party``."""
    role = definition.roles[ref.role]
    if not _stands_for(definition, parties, ref, party):
        return None
    allowed = list(role.recorded_by)
    side = side_of(parties, party) if role.sides else None
    if side is not None:
        allowed += definition.sides[side].recorded_by
    for one in allowed:
        if _holds(definition, parties, one, actor):
            return one
    return None


def _why_not(
    definition: Definition,
    parties: Parties,
    by: Sequence[RoleRef],
    wanted: Sequence[RoleRef],
    actor: Actor,
    as_role: str | None,
    for_party: str | None,
) -> Reason:
    needs: dict[str, Any] = {"role": [str(ref) for ref in by]}
    params = {
        "actor": actor.id,
        "held": ", ".join(actor.roles) or "-",
        "needed": ", ".join(str(ref) for ref in by) or "-",
        "party": for_party or actor.party or "-",
        "parties": ", ".join(str(one["id"]) for one in parties) or "-",
        "as_role": as_role or "-",
    }
    recorders = {one.role for ref in by for one in _may_record(definition, ref)}
    if as_role is not None and not wanted:
        return Reason(code="wrong-role", message=Message("refusal.wrong-role.as", params), needs=needs)
    if any(ref.role in actor.roles for ref in wanted) and for_party in (None, actor.party):
        return Reason(code="wrong-party", message=Message("refusal.wrong-party", params), needs=needs)
    if as_role is not None and for_party is not None and side_of(parties, for_party) is None:
        return Reason(code="wrong-party", message=Message("refusal.wrong-party", params), needs=needs)
    if as_role is None and recorders.intersection(actor.roles):
        needs["as_role"] = sorted({ref.role for ref in by})
        return Reason(code="wrong-role", message=Message("refusal.wrong-role.record", params), needs=needs)
    return Reason(code="wrong-role", message=Message("refusal.wrong-role", params), needs=needs)


def _may_record(definition: Definition, ref: RoleRef) -> list[RoleRef]:
    """Return who may record an act of ``ref`` for some party."""
    recorders = list(definition.roles[ref.role].recorded_by)
    for side in definition.sides.values():
        if ref.role in side.roles and ref.side in (None, side.name):
            recorders += side.recorded_by
    return recorders


def same_person(
    definition: Definition, case: CaseState, handler: Handler, capacity: Capacity
) -> Reason | None:
    """Refuse whoever last performed one of ``other_person_than``.

    A person is known by id; a recorded decider has none and is known by role and party, or by the role
    alone where it is held for no party.
    """
    is_of_party = bool(definition.roles[capacity.role].sides)
    for path in handler.other_person_than:
        earlier = case.performers.get(path)
        if earlier is None:
            continue
        if "id" in earlier and "id" in capacity.entry:
            same = earlier["id"] == capacity.entry["id"]
        else:
            same = earlier.get("role") == capacity.role and (
                not is_of_party or earlier.get("party") == capacity.party
            )
        if same:
            who = capacity.entry.get("id") or capacity.role
            return Reason(
                code="same-person",
                message=Message("refusal.same-person", {"actor": who, "trigger": _title(definition, path)}),
                needs={"other_person_than": [path]},
            )
    return None


def _title(definition: Definition, path: str) -> Label | str:
    """Return what people call a transition; its path where it has no title."""
    for handler in definition.states[path.rpartition(".")[0]].handlers:
        if path in (handler.path, handler.consent_path) and handler.title:
            return handler.title
    return path
