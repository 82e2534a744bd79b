"""What comes with a command: fields, documents, a reason; and the rules over them.

Owns the check that a command brings what its handler asks for, in the form that it asks for, and
nothing else. Every problem is a `Reason`; nothing here selects a handler. Called by ``decide``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from workflow.case import CaseState, Fire, Open, Reason
from workflow.definition import Definition, Field, FieldType, Handler, Json
from workflow.expressions.guards import check_limits, encode
from workflow.expressions.values import InvalidValue
from workflow.locale import Message
from workflow.source.diagnostics import did_you_mean
from workflow.step.environment import Scene

CommandT = TypeVar("CommandT", Fire, Open)

YEARS = (1900, 2200)
"""The years in which a date given with a command may lie."""


class Inputs(NamedTuple):
    """The fields of a command in history's form.

    Attributes:
        values: Field → new value, ``None`` where it is emptied; for ``per: party`` fields party →
            value.
        per_party: Names of the ``per: party`` fields among them.
    """

    values: Mapping[str, Any]
    per_party: frozenset[str]

    def merged(self, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the case's fields with these over them."""
        if not self.values:
            return fields
        merged = dict(fields)
        for name, given in self.values.items():
            after = _over(merged.get(name), given) if name in self.per_party else given
            if after is None:
                merged.pop(name, None)
            else:
                merged[name] = after
        return merged


def _over(by_party: Mapping[str, Any] | None, given: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Lay the values of some parties over those of all; ``None`` empties one."""
    values = {**(by_party or {}), **(given or {})}
    return {party: one for party, one in values.items() if one is not None} or None


NOTHING = Inputs(values={}, per_party=frozenset())


def with_full_names(handler: Handler, command: CommandT) -> CommandT:
    """Return the command with fields and documents under the names that the handler knows them by.

    A local field or document is known by its full name, the path of its state first; its bare name is
    enough where the handler takes only one such.
    """
    fields = full_names((*handler.required, *handler.optional), command.fields)
    documents = full_names(handler.attach, command.documents)
    if fields is command.fields and documents is command.documents:
        return command
    media = full_names(handler.attach, command.media)
    return replace(command, fields=fields, documents=documents, media=media)


def full_names(allowed: Sequence[str], given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a mapping under full names; what cannot be told apart, or is not known, stays as given."""
    if set(allowed).issuperset(given):
        return given
    names: dict[str, Any] = {}
    for name, value in given.items():
        ends = [one for one in allowed if one.rpartition(".")[2] == name]
        names[ends[0] if name not in allowed and len(ends) == 1 else name] = value
    return names


def read_fields(
    definition: Definition,
    handler: Handler,
    given: Mapping[str, Any],
    *,
    party: str | None,
    parties: Sequence[Mapping[str, Any]],
    reasons: list[Reason],
) -> Inputs:
    """Bring the given fields to history's form; add a reason for each that is wrong or lacking."""
    if not given and not handler.required:
        return NOTHING
    ids = [one["id"] for one in parties]
    values: dict[str, Any] = {}
    per_party: set[str] = set()
    for name, value in given.items():
        declared = definition.fields.get(name)
        if declared is None or (name not in handler.required and name not in handler.optional):
            reasons.append(_unexpected(definition, handler, name))
        elif declared.per_party:
            per_party.add(name)
            values[name] = _read_by_party(declared, value, party, ids, reasons)
        else:
            values[name] = _read(declared, value, ids, reasons)
    if missing := [name for name in handler.required if _is_empty(values.get(name))]:
        missing = [name for name in missing if name not in given or _is_empty(given[name])]
        reasons.extend(_missing(definition, missing))
    return Inputs(values=values, per_party=frozenset(per_party))


def _is_empty(value: Any) -> bool:
    if type(value) is str:  # most are; looking for a mapping takes longer than all the rest
        return not value
    if isinstance(value, Mapping):
        return not value or any(_is_empty(one) for one in value.values())
    return value is None or value in ("", [], ())


def _read(declared: Field, value: Any, parties: Collection[str], reasons: list[Reason]) -> Json:
    if _is_empty(value):
        return None
    try:
        encoded = encode(declared, value)
    except InvalidValue as error:
        reasons.append(invalid(declared, error.message))
        return None
    if declared.type is FieldType.DATE and (odd := _odd_years(encoded)):
        params = {"on": odd, "first": YEARS[0], "last": YEARS[1]}
        reasons.append(invalid(declared, Message("refusal.invalid-field.year", params)))
        return None
    if problem := check_limits(declared, encoded):
        reasons.append(invalid(declared, problem))
    elif declared.type is FieldType.PARTY and (strangers := _strangers(encoded, parties)):
        reasons.append(invalid(declared, Message("refusal.invalid-field.party", {"party": strangers})))
    return encoded


def _odd_years(encoded: Json) -> str:
    """Return the dates that no act can mean: a slip of the pen, and beyond what can be counted from."""
    dates = encoded if isinstance(encoded, list) else [encoded]
    return ", ".join(str(on) for on in dates if not YEARS[0] <= int(str(on)[:4]) <= YEARS[1])


def _strangers(encoded: Json, parties: Collection[str]) -> str:
    ids = encoded if isinstance(encoded, list) else [encoded]
    return ", ".join(str(one) for one in ids if one not in parties)


def _read_by_party(
    declared: Field, value: Any, party: str | None, parties: Collection[str], reasons: list[Reason]
) -> Json:
    """A mapping gives a value for each party; a plain value is that of the party acted for."""
    if isinstance(value, Mapping):
        if strangers := [str(one) for one in value if one not in parties]:
            message = Message("refusal.invalid-field.party", {"party": ", ".join(strangers)})
            reasons.append(invalid(declared, message))
            return None
        return {one: _read(declared, single, parties, reasons) for one, single in value.items()}
    if party is None or party not in parties:
        reasons.append(invalid(declared, Message("refusal.invalid-field.no-party", {})))
        return None
    return {party: _read(declared, value, parties, reasons)}


def invalid(declared: Field, why: Message) -> Reason:
    """Say that a value given for a field is not valid."""
    params = {"field": declared.name, "title": declared.title or declared.name, "why": why}
    return Reason(
        code="invalid-field",
        message=Message("refusal.invalid-field", params),
        basis=declared.basis,
        needs={"fields": [declared.name]},
    )


def _unexpected(definition: Definition, handler: Handler, name: str) -> Reason:
    allowed = (*handler.required, *handler.optional)
    nearest = did_you_mean(str(name), allowed)
    params = {
        "field": name,
        "trigger": handler.name,
        "allowed": ", ".join(allowed) or "-",
        "nearest": nearest or "",
    }
    key = "refusal.invalid-field.unexpected" + (".nearest" if nearest else "")
    return Reason(code="invalid-field", message=Message(key, params), needs={"allowed": list(allowed)})


def _missing(definition: Definition, names: Iterable[str]) -> Iterable[Reason]:
    for name in names:
        declared = definition.fields[name]
        yield Reason(
            code="missing-field",
            message=Message("refusal.missing-field", {"field": name, "title": declared.title or name}),
            basis=declared.basis,
            needs={"fields": [name]},
        )


def check_documents(
    definition: Definition,
    handler: Handler,
    case: CaseState | None,
    given: Mapping[str, tuple[str, ...]],
    media: Mapping[str, tuple[str, ...]],
    *,
    attachments: bool = True,
) -> list[Reason]:
    """Check attached and present documents.

    Args:
        case: ``None`` at opening.
        media: Media types of the files given, by document.
        attachments: ``False`` leaves out what only the last vote of a consent needs.
    """
    reasons: list[Reason] = []
    if not (given or handler.attach or handler.present):
        return reasons
    for name in given:
        if name not in handler.attach:
            nearest = did_you_mean(name, handler.attach)
            params = {
                "document": name,
                "trigger": handler.name,
                "allowed": ", ".join(handler.attach) or "-",
                "nearest": nearest or "",
            }
            key = "refusal.document-unexpected" + (".nearest" if nearest else "")
            reasons.append(Reason(code="missing-document", message=Message(key, params)))
            continue
        allowed = definition.documents[name].media
        wrong = [kind for kind in media.get(name, ()) if allowed and kind not in allowed]
        if wrong:
            params = {"document": name, "media": ", ".join(wrong), "allowed": ", ".join(allowed)}
            message = Message("refusal.document-media", params)
            reasons.append(Reason(code="missing-document", message=message, needs={"documents": [name]}))
    if attachments:
        lacking = [name for name in handler.attach if not given.get(name)]
        reasons += [_missing_document(definition, name, "refusal.missing-document") for name in lacking]
    present = case.documents if case is not None else {}
    absent = [name for name in handler.present if name not in present and name not in given]
    reasons += [_missing_document(definition, name, "refusal.missing-document.present") for name in absent]
    return reasons


def _missing_document(definition: Definition, name: str, key: str) -> Reason:
    declared = definition.documents[name]
    return Reason(
        code="missing-document",
        message=Message(key, {"document": name, "title": declared.title}),
        basis=declared.basis,
        needs={"documents": [name]},
    )


def check_rules(
    definition: Definition, handler: Handler, scene: Scene, given: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], list[Reason]]:
    """Evaluate the handler's rules; a rule that reads a field still to be given is not judged.

    Returns:
        The records for history, in the handler's order, and a reason for each rule that failed.
    """
    records: list[dict[str, Any]] = []
    reasons: list[Reason] = []
    for name in handler.rules:
        rule = definition.rules[name]
        asked = rule.check.fields.intersection(handler.required)
        if any(field not in given or scene.field(field) is None for field in asked):
            continue
        ok = scene.ask(rule.check)
        records.append({"id": name, "ok": ok})
        if not ok:
            values = {
                field: scene.values[field]
                for field in sorted(rule.check.fields)
                if field in scene.values and not definition.fields[field].personal
            }
            reasons.append(
                Reason(
                    code="rule-failed",
                    message=Message("refusal.rule-failed", {"rule": name, "message": rule.message}),
                    rule=name,
                    basis=rule.basis,
                    values=values,
                )
            )
    return records, reasons
