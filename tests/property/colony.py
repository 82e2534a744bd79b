"""The engine's side of a village: the same acts on a store, by the same names.

Owns `Colony`, which asks a real `Engine` what a `Village` was asked, can close and reopen it between any two
acts, and says of every history what `Village.told` says. A consumer notes every event that it is handed.
"""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.store.port import Delivery
from kerjasama import Case, Engine, Refused, StaleCase
from tests.clocks import FakeClock
from tests.places import DEFINITIONS
from tests.property.driving import ADMIN, TENANT, opened
from tests.property.happenings import said_of
from tests.property.rumpun import Shape, texts
from tests.property.village import Codes, Happening, in_words
from tests.unit.support import PAPERS
from workflow.case import Attach, Body, Correct, Extend, Fire, Open, Suspend

CONSUMER = "saksi"


class Colony:
    """Families on an engine in virtual time.

    Args:
        url: An empty database of its own.
        has_budget: What the host answers when it is asked for ``pagu``.

    Attributes:
        names: Name → id, as those of a village.
        handed: What the consumer was handed of each case: seq and topic.
    """

    def __init__(self, url: str, shape: Shape, *, has_budget: bool = True) -> None:
        self.url = url
        self.clock = FakeClock()
        self.names: dict[str, str] = {}
        self.handed: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._keys: set[str] = set()
        self._has_budget = has_budget
        self.engine = self._start()
        with tempfile.TemporaryDirectory(prefix="kerjasama-rumpun-") as folder:
            for name, text in texts(shape).items():
                (Path(folder) / f"{name}.yaml").write_text(text, encoding="utf-8")
            self.engine.deploy(DEFINITIONS / "calendars" / "indonesia.yaml", by=ADMIN)
            for name in texts(shape):
                self.engine.deploy(Path(folder) / f"{name}.yaml", by=ADMIN)

    def _start(self) -> Engine:
        engine = Engine(self.url, tenant=TENANT, clock=self.clock, synchronous="NORMAL")
        engine.provide("pagu", lambda request: self._has_budget)
        engine.subscribe(CONSUMER, "*", self._hand, from_start=True)
        return engine

    def _hand(self, event: Delivery) -> None:
        if event.seq and event.topic.startswith("case."):
            assert event.key not in self._keys, f"handed twice: {event.key}"
            self._keys.add(event.key)
            self.handed[event.case_id].append((event.seq, event.topic))

    def reopen(self) -> None:
        """Close the engine and open another one on the same database."""
        self.engine.close()
        self.engine = self._start()

    # --- what is asked -----------------------------------------------------------------------------

    def do(self, what: Happening) -> Codes:
        """Let something happen; return the codes of the refusal, none where it was accepted."""
        self.clock.set(what.at)
        try:
            self.ask(what)
        except Refused as refused:
            return tuple(reason.code for reason in refused.reasons)
        except StaleCase:
            return ("stale-case",)
        return ()

    def ask(self, what: Happening) -> Case:
        """Ask the engine, and note whoever was opened."""
        command = what.command
        if isinstance(command, Open):
            given = command.fields
            case = self.engine.open(
                command.number, by=command.by, fields=given, parties=command.parties,
                request_id=command.request_id,
            )  # fmt: skip
            self._name(what.name, case.id)
            return case
        case_id, by, said = self.names[what.name], command.by, said_of(command)
        files = papers(command.documents)
        if isinstance(command, Fire):
            case = self.engine.fire(
                case_id, command.trigger, by=by, fields=command.fields, documents=files, **said
            )
        elif isinstance(command, Extend):
            case = self.engine.extend(case_id, command.deadline, command.within, by=by, **said)
        elif isinstance(command, Correct):
            case = self.engine.correct(case_id, command.fields, by=by, **said)
        elif isinstance(command, Attach):
            case = self.engine.attach(case_id, files, by=by, **said)
        elif isinstance(command, Suspend):
            case = self.engine.suspend(case_id, by=by, **said)
        else:
            case = self.engine.resume(case_id, by=by, **said)
        self.rename()
        return case

    def sweep(self) -> None:
        """Take what is due; nothing of it may fail."""
        swept = self.engine.tick()
        assert (swept.failed, swept.busy) == (0, 0)
        self.rename()

    def rename(self) -> None:
        """Name whoever was opened meanwhile."""
        for name in [one for one in self.names if "." not in one]:
            self._name(name, self.names[name])

    def _name(self, name: str, case_id: str) -> None:
        self.names[name] = case_id
        for number, child in enumerate(self.engine.children(case_id)):
            self._name(f"{name}.{number}", child.id)

    # --- what is there -----------------------------------------------------------------------------

    def case(self, name: str) -> Case:
        """A case by its name."""
        return self.engine.case(self.names[name])

    def entries(self, name: str) -> list[Body]:
        """The drafts behind a history, with the personal values that it gives with it."""
        return [opened(entry.body, entry.personal) for entry in self.engine.history(self.names[name])]

    def told(self) -> dict[str, list[Body]]:
        """What the histories say, as `Village.told`."""
        known = {case_id: name for name, case_id in self.names.items()}
        return {name: in_words(self.entries(name), known) for name in self.names}

    def check_handed(self) -> None:
        """Every entry was handed over once, in order."""
        for case_id in self.names.values():
            expected = [(entry.seq, f"case.{entry.kind}") for entry in self.engine.history(case_id)]
            assert self.handed[case_id] == expected

    def rows(self) -> dict[str, str]:
        """Every case row as text, by name."""
        return {name: json.dumps(self.case(name).to_json(), sort_keys=True) for name in self.names}

    def close(self) -> None:
        """Give everything back."""
        self.engine.close()


def papers(given: Mapping[str, tuple[str, ...]]) -> dict[str, list[bytes]]:
    """Return the files behind the digests of a command."""
    return {name: [PAPERS[one] for one in digests] for name, digests in given.items()}


def gist(case: Any) -> Any:
    """What a case row and a case in memory must have in common, ids apart."""
    return (
        case.configuration, case.revision, case.seq, case.outcome, case.fields, case.documents,
        case.clocks, case.obligations, case.suspension, case.suspended_days, case.votes,
        {path: {**one, "case": None} for path, one in case.performers.items()},
        case.stepped_on, case.clock_acted_on, [one.get("outcome") for one in case.children.values()],
    )  # fmt: skip
