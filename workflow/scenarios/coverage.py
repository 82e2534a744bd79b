"""What a run of scenarios meets of the definitions: states, transitions, acts, branches, rules, clocks.

Owns `Watch`, which makes the processes of a run so that every path taken through their statecharts is
seen, and counts what belongs to decisions that were accepted. Changes nothing about a decision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from workflow.case import Body, Decision, Refusal
from workflow.chart.interpreter import NoBranch, Oracle, Step
from workflow.chart.machine import Machine
from workflow.chart.model import Edge
from workflow.chart.process import OPEN, Process
from workflow.definition import Branch, Definition
from workflow.scenarios.model import Coverage, Covered
from workflow.step.acts import allowed
from workflow.step.environment import Scene
from workflow.step.progress import CLOCK

HELD, FAILED = WAYS = ("held", "refused")
"""How a rule can turn out; a rule is covered when it has turned out both ways."""

_ACTS = {
    "case_suspended": "suspend",
    "case_resumed": "resume",
    "deadline_extended": "extend",
    "fields_corrected": "correct",
    "document_attached": "attach",
}
"""Kind of an entry → the act that is no transition."""

_WAYS = {"@clock/": "clock ", "@refused/": "refused ", "@always/": "always ", "@done/": "done "}


@dataclass(slots=True)
class _Met:
    """What was met of one definition so far."""

    states: set[str] = field(default_factory=set)
    transitions: set[str] = field(default_factory=set)
    acts: set[str] = field(default_factory=set)
    branches: set[tuple[str, int]] = field(default_factory=set)
    rules: set[tuple[str, str]] = field(default_factory=set)
    clocks: set[str] = field(default_factory=set)

    def note(self, entry: Body) -> None:
        """Count what an entry says."""
        if "trigger" in entry and entry["kind"] != "consent_voided":
            self.transitions.add(entry["trigger"])
        if entry["kind"] in _ACTS and entry["actor"] != CLOCK:
            self.acts.add(_ACTS[entry["kind"]])
        self.rules.update((rule["id"], HELD) for rule in entry.get("rules", ()) if rule["ok"])
        self.clocks.update(one["path"] for one in entry.get("clocks", ()) if one["op"] == "fired")
        self.clocks.update(one["path"] for one in entry.get("obligations", ()) if one["op"] == "opened")


class _WatchedMachine(Machine):
    """A machine that remembers the steps it took until they are asked for."""

    def __init__(self, process: Process) -> None:
        super().__init__(process.chart)
        self._edges = process.chart.edges
        self.entered: list[str] = []
        self.branches: list[tuple[str, int]] = []

    def take(self, configuration: tuple[str, ...], edge_id: str, oracle: Oracle) -> Step | NoBranch:
        """Take an edge; see `Machine.take`."""
        done = _branches_of(oracle)
        return self._seen(super().take(configuration, edge_id, oracle), oracle, done)

    def settle(self, configuration: tuple[str, ...], oracle: Oracle) -> Step | NoBranch:
        """Look at ``always`` again; see `Machine.settle`."""
        done = _branches_of(oracle)
        return self._seen(super().settle(configuration, oracle), oracle, done)

    def start(self, oracle: Oracle) -> Step | NoBranch:
        """Open; see `Machine.start`."""
        done = _branches_of(oracle)
        return self._seen(super().start(oracle), oracle, done)

    def forget(self) -> None:
        """Forget what was not asked for."""
        self.entered.clear()
        self.branches.clear()

    def _seen(self, step: Step | NoBranch, oracle: Oracle, done: int) -> Step | NoBranch:
        if isinstance(step, Step):
            self.entered += step.entered
            taken = oracle.branches[done:] if isinstance(oracle, Scene) else []
            for edge, branch in zip(step.taken, taken, strict=True):
                self.branches.append((edge, _position(self._edges[edge], branch)))
        return step


def _branches_of(oracle: Oracle) -> int:
    return len(oracle.branches) if isinstance(oracle, Scene) else 0


def _position(edge: Edge, branch: Branch) -> int:
    """Return the position of a branch in its edge; by identity, since two may be equal."""
    return next(i for i, one in enumerate(edge.branches) if one.effect is branch)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """What one step met, until it is known whether it is kept."""

    workflow: str
    entered: tuple[str, ...]
    branches: tuple[tuple[str, int], ...]
    decision: Decision


class Watch:
    """Counts what the steps of a run meet; one for all its scenarios."""

    def __init__(self) -> None:
        self._definitions: dict[str, Definition] = {}
        self._processes: dict[str, Process] = {}
        self._machines: dict[str, _WatchedMachine] = {}
        self._met: dict[str, _Met] = {}
        self._steps: list[_Step] = []

    def process(self, definition: Definition) -> Process:
        """Return a definition made ready and watched, the same one each time."""
        name = definition.workflow
        if name not in self._processes:
            process = Process(definition)
            process.machine = self._machines[name] = _WatchedMachine(process)
            self._definitions[name] = definition
            self._processes[name] = process
            self._met[name] = _Met()
        return self._processes[name]

    def around(self, process: Process, step: Callable[[], Decision | Refusal]) -> Decision | Refusal:
        """Run one step and watch it; what it met counts once it is kept.

        The rules that refuse count at once: a refusal is never kept.
        """
        name = process.definition.workflow
        machine = self._machines[name]
        machine.forget()
        decision = step()
        if isinstance(decision, Refusal):
            failed = (reason.rule for reason in decision.reasons if reason.rule is not None)
            self._met[name].rules.update((rule, FAILED) for rule in failed)
        else:
            entered, branches = tuple(machine.entered), tuple(machine.branches)
            self._steps.append(_Step(workflow=name, entered=entered, branches=branches, decision=decision))
        return decision

    def keep(self) -> None:
        """Count what the steps met since the last time."""
        for step in self._steps:
            met = self._met[step.workflow]
            met.states.update(step.entered)
            met.branches.update(step.branches)
            for entry in step.decision.entries:
                met.note(entry)
        self.drop()

    def drop(self) -> None:
        """Forget the steps since the last time: nothing of them was kept."""
        self._steps.clear()

    def coverage(self) -> Mapping[str, Coverage]:
        """Return what was met of each definition."""
        return {name: self._of(process, self._met[name]) for name, process in self._processes.items()}

    def _of(self, process: Process, met: _Met) -> Coverage:
        definition = process.definition
        states = [path for path in definition.states if path]
        clocks = [*process.deadlines, *process.obligations]
        return Coverage(
            workflow=definition.workflow,
            states=_covered(states, met.states),
            transitions=_covered(process.handlers, met.transitions),
            acts=_covered(allowed(definition), met.acts),
            branches=self._branches(process, met),
            rules=self._rules(process, met),
            clocks=_covered(clocks, met.clocks),
        )

    @staticmethod
    def _rules(process: Process, met: _Met) -> Covered:
        # A fragment keeps the rules of the steps that its parameters drop: nothing can meet those.
        definition = process.definition
        named = {
            *definition.opening.rules,
            *(rule for one in process.handlers.values() for rule in one.rules),
        }
        asked = [name for name in definition.rules if name in named]
        unseen = {name: [way for way in WAYS if (name, way) not in met.rules] for name in asked}
        missing = tuple(f"{name} (never {' or '.join(ways)})" for name, ways in unseen.items() if ways)
        return Covered(total=len(asked), missing=missing)

    @staticmethod
    def _branches(process: Process, met: _Met) -> Covered:
        every = [
            (edge.id, position)
            for edge in process.chart.edges.values()
            for position in range(len(edge.branches))
        ]
        missing = [key for key in every if key not in met.branches]
        names = tuple(_name(process.chart.edges[edge], position) for edge, position in missing)
        return Covered(total=len(every), missing=names)


def _covered(every: Iterable[str], met: set[str]) -> Covered:
    known = tuple(every)
    return Covered(total=len(known), missing=tuple(one for one in known if one not in met))


def _name(edge: Edge, position: int) -> str:
    """Name a branch for people: its transition, which of several it is, and where it leads."""
    way = "open" if edge.id == OPEN else edge.id
    for prefix, words in _WAYS.items():
        way = way.replace(prefix, words, 1) if way.startswith(prefix) else way
    number = f"[{position + 1}]" if len(edge.branches) > 1 else ""
    return f"{way}{number} → {edge.branches[position].target or '·'}"
