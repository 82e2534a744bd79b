"""Replay a real event log through the engine: who acted when, and what the definition says to it.

    python replay_permit.py 08_receipt.xes.gz [DEFINITION.yaml …]

The log is "Receipt phase of an environmental permit application process ('WABO'), CoSeLoG project" by
J.C.A.M. Buijs, 4TU.ResearchData. Its events are taken in the order of their times, over all cases; the
engine's clock stands at the time of the event, and the sweep runs once on every new day. A person is the
log's resource and holds the roles of the groups under which the log shows them anywhere; where an event
names its group, the person acts in that role. What happens to be refused stays refused: the process is
not bent to the log. docs/explanation/replay.md tells what comes out and why.
"""

from __future__ import annotations

import gzip
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

from kerjasama import Actor, Case, Engine, Refused

XES = "{http://www.xes-standard.org/}"
OPENING = "Confirmation of receipt"
NO_GROUP = "EMPTY"
BESIDE = Path(__file__).parent


@dataclass(frozen=True)
class Event:
    """One event of the log, with what its case says of the planned end."""

    case: str
    activity: str
    person: str
    group: str | None
    at: datetime
    planned_end: date


def read_events(log: Path) -> Iterator[Event]:
    """Yield the events of a log, case by case, without ever holding more than one case."""
    with gzip.open(log) as stream:
        for _, element in ElementTree.iterparse(stream):  # noqa: S314  # a file that the user names
            if element.tag == f"{XES}trace":
                yield from _events_of(element)
                element.clear()


def _events_of(trace: ElementTree.Element) -> Iterator[Event]:
    case = _attributes(trace)
    for one in map(_attributes, trace.iterfind(f"{XES}event")):
        group = one["org:group"]
        yield Event(
            case=case["concept:name"],
            activity=one["concept:name"],
            person=one["org:resource"],
            group=None if group == NO_GROUP else group.lower().replace(" ", "_"),
            at=datetime.fromisoformat(one["time:timestamp"]),
            planned_end=datetime.fromisoformat(case["enddate_planned"]).date(),
        )


def _attributes(element: ElementTree.Element) -> dict[str, str]:
    return {one.attrib["key"]: one.attrib["value"] for one in element if "value" in one.attrib}


@dataclass(frozen=True)
class Refusal:
    """An event that was refused: why, and where its case stood (``None``: there is no case)."""

    event: Event
    code: str
    state: str | None
    is_first: bool  # of its case; later ones may follow from it


@dataclass
class Replay:
    """A run of a log through one definition, and what came of it."""

    engine: Engine
    people: dict[str, Actor]
    acts: dict[str, str] = field(default_factory=dict)  # activity of the log → trigger
    cases: dict[str, Case] = field(default_factory=dict)  # case of the log → ours
    refusals: list[Refusal] = field(default_factory=list)
    accepted: int = 0
    seconds: float = 0.0

    def play(self, event: Event) -> None:
        """Do what an event says, or note why not."""
        by = self.people[event.person]
        case = self.cases.get(event.case)
        try:
            if event.activity == OPENING:
                given = {"reference": event.case, "planned_end": event.planned_end}
                case = self.engine.open("permit", by=by, as_role=event.group, fields=given)
            elif case is None:
                self._refuse(event, "never-opened", None)
                return
            else:
                case = self.engine.fire(case.id, self.acts[event.activity], by=by, as_role=event.group)
        except Refused as refused:
            now = self.engine.case(case.id) if case else None
            self._refuse(event, refused.code, now.state if now else None)
            return
        self.cases[event.case] = case
        self.accepted += 1

    def _refuse(self, event: Event, code: str, state: str | None) -> None:
        is_first = all(one.event.case != event.case for one in self.refusals)
        self.refusals.append(Refusal(event=event, code=code, state=state, is_first=is_first))

    def standing(self) -> Counter[str]:
        """Return how many cases stand where: the outcome of those that have ended, else their states."""
        return Counter(one.outcome or f"open: {_short(one.state)}" for one in self.all_cases())

    def all_cases(self) -> Iterator[Case]:
        """Yield every case as it stands."""
        page = self.engine.cases(limit=500)
        yield from page.items
        while page.next:
            page = self.engine.cases(limit=500, after=page.next)
            yield from page.items


class LogClock:
    """A clock that stands where the log stands."""

    def __init__(self) -> None:
        self.at = datetime.fromisoformat("1970-01-01T00:00:00+00:00")

    def __call__(self) -> datetime:
        """Return the time of the event that is being played."""
        return self.at


def directory(events: Sequence[Event]) -> dict[str, Actor]:
    """Return who is who: a person has the roles of all groups under which the log shows them."""
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for event in events:
        groups[event.person].update([event.group] if event.group else [])
    return {person: Actor(person, roles=tuple(sorted(roles))) for person, roles in groups.items()}


def replay(
    events: Sequence[Event], people: dict[str, Actor], definition: Path, *, database: str, clock: LogClock
) -> Replay:
    """Play events, in the order of their times, through a definition in an empty database.

    The caller closes the engine of what is returned; ``clock`` stands at the last event.
    """
    engine = Engine(database, tenant="municipality", clock=clock, synchronous="NORMAL")
    run = Replay(engine=engine, people=people)
    engine.deploy(definition, by=Actor("admin", roles=("administrator",)))
    for state in engine.definition("permit").states.values():
        run.acts.update({one.title.text("en"): one.name for one in state.handlers if one.title})
    started = time.perf_counter()
    for event in sorted(events, key=lambda one: one.at):
        is_new_day, clock.at = event.at.date() > clock.at.date(), event.at
        if is_new_day:
            engine.tick()
        run.play(event)
    run.seconds = time.perf_counter() - started
    return run


def report(run: Replay, clock: LogClock) -> Iterator[str]:
    """Yield the figures of a run, line by line; the last of them after moving the clock on by a year."""
    played, refused = run.accepted + len(run.refusals), {one.event.case for one in run.refusals}
    yield f"{played} events, {played / run.seconds:.0f} a second: {run.accepted} accepted"
    yield f"{len(run.refusals)} refused, in {len(refused)} cases"
    yield "why the first refusal of a case, and where the case stood:"
    first = [one for one in run.refusals if one.is_first]
    yield from _table(Counter(f"{one.code} {one.event.activity} in {_short(one.state)}" for one in first))
    yield "later refusals, most of which follow from the first:"
    yield from _table(Counter(one.code for one in run.refusals if not one.is_first))
    yield "where the cases stand at the last event:"
    yield from _table(run.standing())
    clock.at += timedelta(days=365)
    run.engine.tick()
    yield "a year later, when every planned end has passed:"
    yield from _table(run.standing())


def _table(counted: Counter[str]) -> Iterator[str]:
    yield from (f"{count:6}  {what}" for what, count in counted.most_common())


def _short(state: str | None) -> str:
    return "no case" if state is None else state.replace("received.", "").replace("|", " and ")


def main(log: str, *definitions: str) -> None:
    """Print what each definition says to a log."""
    events = list(read_events(Path(log)))
    for name in definitions or (str(BESIDE / "permit.yaml"), str(BESIDE / "permit_four_eyes.yaml")):
        with tempfile.TemporaryDirectory() as folder:
            clock = LogClock()
            database = f"sqlite:///{Path(folder) / 'replay.db'}"
            run = replay(events, directory(events), Path(name), database=database, clock=clock)
            with run.engine:
                print(f"== {Path(name).name}")
                print("\n".join(report(run, clock)))


if __name__ == "__main__":
    main(*sys.argv[1:])
