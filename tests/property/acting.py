"""Random acts upon a case: who, what, with which values, recorded when and of which day.

Owns the strategies that the properties of the engine share. Acts are drawn while a case is played, from
what its definition offers at that moment, so that random cases go somewhere; most are good and some are
not. Nothing here judges.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tests.unit.support import digests
from workflow.case import Actor, CaseState, Fire, Mandate, Party, World
from workflow.chart.process import Process
from workflow.definition import Act, Definition, Field, FieldType, Handler, Role, RoleRef, StateKind
from workflow.step.options import available

PARTIES = (Party("kukar", side="pemrakarsa"), Party("samarinda", side="mitra"))
STEPS = (0, 1, 7, 60, 60 * 5, 60 * 24, 60 * 24 * 3, 60 * 24 * 9, 60 * 24 * 30)
"""Minutes that may pass between two acts."""

TEXTS = ("ya", "Kafe\u0301", "x" * 40, "“kutip”", "日本", "0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A command and the instant at which it was recorded."""

    at: datetime
    command: Fire


def people(definition: Definition) -> tuple[Actor, ...]:
    """One person for each role of each party, and for each role outside the parties.

    Where a role needs a mandate, one person has one for the spring of 2026, one an old one and one none.
    """
    found = []
    for role in definition.roles.values():
        if not role.sides:
            found.extend(_holders(role, None))
        for party in PARTIES:
            if party.side in role.sides:
                found.extend(_holders(role, party.id))
    return tuple(found)


def _holders(role: Role, party: str | None) -> Iterator[Actor]:
    person = Actor(f"{role.name}-{party or ''}", roles=[role.name], party=party)
    yield person
    if role.is_mandate_required:
        good = Mandate(
            id="sk-1", role=role.name, digest="ab" * 32, party=party,
            valid_from=date(2026, 1, 1), valid_until=date(2026, 3, 15),
        )  # fmt: skip
        old = replace(good, id="sk-0", valid_from=None, valid_until=date(2026, 2, 5))
        yield replace(person, id=f"{person.id}-sk", mandates=(old, good))
        yield replace(person, id=f"{person.id}-lama", mandates=(old,))


def fits(definition: Definition, ref: RoleRef, actor: Actor) -> bool:
    """Whether a person holds a role of ``by``."""
    side = next((party.side for party in PARTIES if party.id == actor.party), None)
    return ref.role in actor.roles and (ref.side is None or ref.side == side)


# --- values ---------------------------------------------------------------------------------------------


def values(field: Field, today: date) -> st.SearchStrategy[Any]:
    """Good values of a field, mostly; ``None`` empties it."""
    one = _single(field, today)
    if field.many:
        return st.lists(one, min_size=1, max_size=2)
    return one


def _single(field: Field, today: date) -> st.SearchStrategy[Any]:
    match field.type:
        case FieldType.CHOICE:
            return st.sampled_from(list(field.options))
        case FieldType.DATE:
            near = st.integers(-20, 60) | st.sampled_from([0, -1, 1, 400])
            return near.map(lambda days: today + timedelta(days=days))
        case FieldType.BOOLEAN:
            return st.booleans()
        case FieldType.INTEGER:
            return st.integers(0, 5)
        case FieldType.DECIMAL | FieldType.MONEY:
            return st.sampled_from(["0", "1.5", "1500000000"])
        case FieldType.DURATION:
            return st.sampled_from(["3 days", "2 working days"])
        case FieldType.PARTY:
            return st.sampled_from([party.id for party in PARTIES])
    return st.sampled_from(TEXTS)


@st.composite
def given_fields(
    draw: st.DrawFn, definition: Definition, handler: Handler, today: date, is_good: bool
) -> dict[str, Any]:
    """The fields of a command: all that are required and some optional ones, unless it is a bad one."""
    fields: dict[str, Any] = {}
    for name in handler.required:
        if is_good or draw(st.booleans()):
            fields[name] = draw(values(definition.fields[name], today))
    for name in handler.optional:
        if draw(st.booleans()):
            fields[name] = draw(st.none() | values(definition.fields[name], today))
    if not is_good and draw(st.booleans()):
        fields[draw(st.sampled_from(sorted(definition.fields)) if definition.fields else st.just("x"))] = (
            draw(st.sampled_from([None, "\0", 3.5, [], object]))
        )
    return fields


# --- commands -------------------------------------------------------------------------------------------


@st.composite
def commands(
    draw: st.DrawFn, process: Process, case: CaseState, handler: Handler, today: date, *, bad: bool = True
) -> Fire:
    """A command for a handler: in a good capacity with good values, mostly."""
    definition = process.definition
    is_good = not bad or draw(st.sampled_from(range(10))) < 9
    everyone = people(definition)
    able = [actor for actor in everyone if any(fits(definition, ref, actor) for ref in handler.by)]
    actor = draw(st.sampled_from(able if able and is_good else everyone))
    attach = handler.attach
    if handler.act is Act.YES:  # the attachments come with the last vote
        waiting = sum(party["side"] in definition.sides for party in case.parties)
        votes = sum(vote["vote"] == "yes" for vote in case.votes.get(handler.path, ()))
        attach = attach if votes + 1 >= waiting else ()
    lag = draw(st.sampled_from([0, 0, 0, 0, 0, 0, 0, 1, 3, 12])) if bad else 0
    return Fire(
        trigger=handler.path if draw(st.booleans()) else handler.name,
        by=actor,
        fields=draw(given_fields(definition, handler, today, is_good)),
        documents=digests(*(f"{name}@{draw(st.integers(1, 3))}" for name in attach)),
        reason="karena" if handler.reason_required else None,
        effective_on=today - timedelta(days=lag) if lag else None,
    )


def offered(process: Process, case: CaseState, world: World) -> list[Handler]:
    """The handlers that could be asked for now, after the clocks, whoever asks."""
    return [option.handler for option in available(process, case, Actor("siapa-pun"), world)]


def ends(process: Process, handler: Handler) -> bool:
    """Whether a handler can end the case by itself."""
    states = process.definition.states
    targets = [states[branch.target] for branch in handler.branches if branch.target]
    return any(state.kind is StateKind.FINAL and state.parent == "" for state in targets)


@st.composite
def next_act(
    draw: st.DrawFn, process: Process, case: CaseState, world: World, zone: str, *, bad: bool = True
) -> Fire:
    """An act that the case offers at this moment; now and then one that it does not."""
    handlers = offered(process, case, world)
    if not handlers or (bad and draw(st.sampled_from(range(12))) == 11):
        handlers = list(process.handlers.values())
    if draw(st.sampled_from(range(6))) < 5:  # a case that ends at once is soon told
        handlers = [one for one in handlers if not ends(process, one)] or handlers
    handler = draw(st.sampled_from(handlers))
    today = world.now.astimezone(ZoneInfo(zone)).date()
    return draw(commands(process, case, handler, today, bad=bad))


def pass_time(draw: Any, now: datetime) -> datetime:
    """Let some time pass, at times until shortly before or after a midnight of the archipelago."""
    later: datetime = now + timedelta(minutes=draw(st.sampled_from(STEPS)))
    if draw(st.sampled_from(range(5))) == 4:
        hour = draw(st.sampled_from([15, 16, 17]))  # midnight in Jayapura, Makassar and Jakarta
        edge = datetime.combine(later.date(), datetime.min.time(), tzinfo=UTC).replace(hour=hour)
        edge += timedelta(seconds=draw(st.sampled_from([-1, 0, 1])))
        later = edge if edge >= now else edge + timedelta(days=1)
    return later


# --- definitions ----------------------------------------------------------------------------------------

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")


@st.composite
def clocked_definitions(draw: st.DrawFn) -> str:
    """The text of a definition with clocks of every sort, in regions side by side."""
    regions = draw(st.integers(1, 3))
    is_cyclic = draw(st.booleans())
    lines = [
        "fields: {a: {type: date}, b: {type: date}, n: {type: integer}}",
        "open: {by: [opd], fields: {optional: [a, b, n]}, to: kerja}",
        f"timezone: {draw(st.sampled_from(ZONES))}",
    ]
    lines += _clocks(draw, "", ["lewat"], [])
    lines += [
        "transitions:",
        "  isi: {by: [opd], fields: {optional: [a, b, n]}}",
        "  lapor: {by: [opd], set: {n: 0}}",
        "  tutup: {by: [opd], to: lewat}",
        "states:",
        "  kerja:",
        "    regions:",
    ]
    for region in range(regions):
        names = [f"s{number}" for number in range(draw(st.integers(2, 3)))]
        lines += [f"      r{region}:", "        initial: s0", "        states:"]
        for number, name in enumerate(names):
            following = names[(number + 1) % len(names)]
            lines += [f"          {name}:"]
            lines += _clocks(
                draw,
                "            ",
                ["selesai"] if is_cyclic else [*names[number + 1 :], "selesai"],
                names if is_cyclic else [],
            )
            lines += ["            transitions:"]
            lines += [f"              r{region}_{name}: {{by: [opd], to: {following}}}"]
            lines += [f"              usai_{region}: {{by: [opd], to: selesai}}"]
        lines += ["          selesai: {final: true}"]
    lines += ["    done: lewat", "  lewat: {final: true, outcome: lewat}"]
    return "\n".join(lines)


def _clocks(draw: Any, indent: str, onward: Sequence[str], back: Sequence[str]) -> list[str]:
    lines = []
    if count := draw(st.integers(0, 2)):
        lines += [f"{indent}deadlines:"]
        for number in range(count):
            lines += [f"{indent}  d{number}: {{{_deadline(draw, onward, back)}}}"]
    if draw(st.sampled_from(range(3))) == 2:
        lines += [f"{indent}obligations:", f"{indent}  o: {{{_duty(draw)}}}"]
    return lines


def _deadline(draw: Any, onward: Sequence[str], back: Sequence[str]) -> str:
    """A deadline; only one that counts from its entry is in a circle, or a case would never come to rest."""
    starts = ["within: {n} days", "within: {n} working days"]
    starts += ["within: {n} days, since: a", "within: {n} days, since: b", "at: a + days({n})", "at: b"]
    start = draw(st.sampled_from(starts))
    is_from_entry = start.startswith("within") and "since" not in start
    target = draw(st.sampled_from([*onward, *back] if is_from_entry else onward))
    parts = [start.format(n=draw(st.integers(1, 9))), "kind: target"]
    if hold := draw(st.sampled_from([None, None, "2 days", "9 days", "3 working days"])):
        parts.append(f"hold: {hold}")
    if zone := draw(st.sampled_from([None, None, *ZONES])):
        parts.append(f"zone: {zone}")
    branches = [
        *(None, f"{{to: {target}}}", "{set: {n: 3}}", f"{{to: {target}, set: {{n: 4}}}}"),
        f"{{choose: [{{when: n is None or n < 3, to: {target}}}], otherwise: stay}}",
        f"{{choose: [{{when: a is None, to: {target}}}, {{when: b is not None, set: {{n: 1}}}}]}}",
        f"{{choose: [{{when: a is not None and b is not None and b > a, to: {target}}}]}}",
    ]
    if then := draw(st.sampled_from(branches)):
        parts.append(f"then: {then}")
    return ", ".join(parts)


def _duty(draw: Any) -> str:
    how = draw(
        st.sampled_from(
            [
                *("each_year: [02-10, 02-20, 03-01, 03-31]", "every: 9 days", "every: 1 months, since: a"),
                "every: 7 days, since: a, until: b",
            ]
        )
    )
    return f"{how}, within: {draw(st.integers(0, 5))} days, kind: target, by: [opd], fulfilled_by: lapor"


def fields_of(draw: Any, names: Mapping[str, Field], today: date) -> dict[str, Any]:
    """Values for some of the fields."""
    return {name: draw(values(field, today)) for name, field in names.items() if draw(st.booleans())}
