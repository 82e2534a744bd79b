"""Deployed definitions and calendars, made ready to run and kept.

Owns deploying, and the caches of `Process` by digest and `Calendar` by digest and name. A definition is
stored as its sources (the YAML files that it was made of, and what its parameters were filled with) and
made ready from these; its digest is
checked against the stored one. Called by ``engine.runtime`` and ``engine.commands``.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from engine.errors import EngineError
from engine.files import DefinitionResolver, TextResolver
from engine.refused import DefinitionNotFound, DefinitionRejected
from engine.store.port import CalendarRow, DefinitionRow, Transaction
from workflow.case import CaseState
from workflow.chart.process import Process
from workflow.definition import Json
from workflow.history.canonical import canonical
from workflow.loading.loader import FileNotResolved, Loaded, load_definition
from workflow.source.diagnostics import Diagnostic, Severity
from workflow.source.text import Mapping as TextMapping
from workflow.source.text import Parsed, parse
from workflow.time.calendars import Calendar, load_calendar
from workflow.time.deadlines import instant_text

PARAMETERS = "@parameters"
"""Among the stored sources, what was given for the parameters; no file can be called so."""


class DigestMismatch(EngineError):
    """What is stored of a definition or calendar no longer gives the digest that it was deployed with."""

    code = "digest-mismatch"

    def __init__(self, *, name: str, stored: str, found: str) -> None:
        super().__init__(name=name, stored=stored, found=found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """What deploying did.

    Attributes:
        kind: ``definition`` or ``calendar``.
        is_new: ``False`` where exactly this was deployed before.
        diagnostics: Warnings and notes; errors are refused.
        calendars: Calendars that came along, name → version.
        open_clocks: For a calendar: clocks of open cases that count with this calendar's name.
        moved_clocks: For a calendar: how many of them it would move. They keep the version that their
            case was opened with until it is applied to them.
    """

    kind: str
    name: str
    version: int
    digest: str
    is_new: bool
    diagnostics: tuple[Diagnostic, ...] = ()
    calendars: Mapping[str, int] | None = None
    open_clocks: int = 0
    moved_clocks: int = 0


def is_calendar(parsed: Parsed) -> bool:
    """Whether a file is a calendar rather than a workflow."""
    root = parsed.root
    return isinstance(root, TextMapping) and root.get("calendar") is not None and root.get("workflow") is None


def errors_of(diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """Return those that keep a file from being deployed."""
    return tuple(one for one in diagnostics if one.severity is Severity.ERROR)


def load_file(path: Path) -> tuple[Parsed, DefinitionResolver]:
    """Read a definition file and the resolver of its folder."""
    resolver = DefinitionResolver(path.parent)
    name, source = resolver.read(path.name, path.name)
    return parse(source, file=name), resolver


class Registry:
    """The definitions and calendars of one store, shared by all threads of an engine."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._processes: dict[str, Process] = {}
        self._calendars: dict[str, Calendar] = {}

    def process(self, tx: Transaction, workflow: str, version: int | None = None) -> Process:
        """Return a definition made ready; ``version is None``: the highest that is deployed.

        Raises:
            DefinitionNotFound: It is not deployed.
        """
        row = tx.definitions.get(workflow, version)
        if row is None:
            deployed = [f"{one.workflow} {one.version}" for one in tx.definitions.all()]
            asked = workflow if version is None else f"{workflow} {version}"
            raise DefinitionNotFound(workflow=asked, deployed=deployed)
        return self._ready(row)

    def process_of(self, tx: Transaction, case: CaseState) -> Process:
        """Return the definition that a case runs on, made ready.

        Raises:
            DefinitionNotFound: It is not deployed.
            DigestMismatch: What is deployed is not what the case was opened with.
        """
        # By digest alone: a version that was deployed in a transaction of the host's and rolled back
        # may be deployed again with another content.
        process = self._processes.get(case.digest)
        if process is None:
            process = self.process(tx, case.workflow, case.version)
            if process.definition.digest != case.digest:
                found = process.definition.digest
                raise DigestMismatch(name=case.workflow, stored=case.digest, found=found)
        return process

    def _ready(self, row: DefinitionRow) -> Process:
        process = self._processes.get(row.digest)
        if process is None:
            loaded = load_stored(row)
            if loaded.definition is None or loaded.definition.digest != row.digest:
                found = loaded.definition.digest if loaded.definition else "-"
                raise DigestMismatch(name=row.workflow, stored=row.digest, found=found)
            with self._lock:
                process = self._processes.setdefault(row.digest, Process(loaded.definition))
        return process

    def after_fork(self) -> None:
        """Start anew in a child: another thread of the parent may have been in the middle of something."""
        self._lock = threading.Lock()
        self._processes = {}
        self._calendars = {}

    def calendar(self, tx: Transaction, name_or_digest: str) -> Calendar:
        """Return a calendar by digest, or the current version by name.

        Raises:
            DefinitionNotFound: It was never loaded.
        """
        known = self._calendars.get(name_or_digest)
        if known is not None:
            return known
        is_digest = len(name_or_digest) == 64
        row = (
            tx.definitions.calendar_by_digest(name_or_digest)
            if is_digest
            else tx.definitions.calendar(name_or_digest)
        )
        if row is None:
            raise DefinitionNotFound(workflow=f"calendar {name_or_digest}")
        calendar = self._calendars.get(row.digest)
        if calendar is None:
            calendar = Calendar.from_canonical(json.loads(row.canonical))
            if calendar.digest != row.digest:
                raise DigestMismatch(name=row.name, stored=row.digest, found=calendar.digest)
            self._calendars[row.digest] = calendar
        return calendar

    def looker(self, tx: Transaction) -> Callable[[str], Calendar]:
        """Return `World.calendar` for a transaction."""
        return lambda name_or_digest: self.calendar(tx, name_or_digest)

    # --- deploying -------------------------------------------------------------------------------

    def deploy_definition(
        self,
        tx: Transaction,
        parsed: Parsed,
        resolver: DefinitionResolver,
        *,
        by: str,
        now: datetime,
        parameters: Mapping[str, Json] | None = None,
    ) -> Deployed:
        """Deploy a workflow, and the calendars that it names and that are not loaded yet.

        Args:
            parameters: Values for its parameters; what is not given has its default.

        Raises:
            DefinitionRejected: It has errors.
            DefinitionConflict: The same version is deployed with another digest.
        """
        loaded = load_definition(parsed, resolve=resolver, parameters=parameters)
        if loaded.definition is None or errors_of(loaded.diagnostics):
            raise DefinitionRejected(file=parsed.file, diagnostics=loaded.diagnostics, sources=loaded.sources)
        definition = loaded.definition
        calendars = {}
        for name in definition.calendars:
            calendars[name] = self._bring_calendar(tx, name, parsed.file, resolver, by=by, now=now)
        row = DefinitionRow(
            workflow=definition.workflow,
            version=definition.version,
            digest=definition.digest,
            sources=_with_parameters(loaded.sources, parameters),
            canonical=canonical(dict(definition.canonical)).decode(),
            deployed_by=by,
            deployed_at=instant_text(now),
        )
        is_new = tx.definitions.put(row)
        return Deployed(
            kind="definition",
            name=definition.workflow,
            version=definition.version,
            digest=definition.digest,
            is_new=is_new,
            diagnostics=loaded.diagnostics,
            calendars=calendars,
        )

    def _bring_calendar(
        self, tx: Transaction, name: str, file: str, resolver: DefinitionResolver, *, by: str, now: datetime
    ) -> int:
        row = tx.definitions.calendar(name)
        if row is not None:
            return row.version
        try:
            found, source = resolver.read(f"calendars/{name}.yaml", file)
        except FileNotResolved:
            loaded_names = [one.name for one in tx.definitions.calendars()]
            raise DefinitionNotFound(workflow=f"calendar {name}", deployed=loaded_names) from None
        return self.deploy_calendar(tx, parse(source, file=found), resolver, by=by, now=now).version

    def deploy_calendar(
        self, tx: Transaction, parsed: Parsed, resolver: DefinitionResolver, *, by: str, now: datetime
    ) -> Deployed:
        """Load a version of a calendar; it applies to cases opened afterwards.

        Raises:
            DefinitionRejected: It has errors.
            DefinitionConflict: The same version is loaded with another digest.
        """
        sources = {parsed.file: parsed.text}

        def resolve(name: str) -> Parsed | None:
            for candidate in (f"{name}.yaml", f"calendars/{name}.yaml"):
                try:
                    found, source = resolver.read(candidate, parsed.file)
                except FileNotResolved:
                    continue
                extended = parse(source, file=found)
                sources[found] = extended.text
                return extended
            return None

        calendar, diagnostics = load_calendar(parsed, resolve)
        if calendar is None or errors_of(diagnostics):
            raise DefinitionRejected(file=parsed.file, diagnostics=diagnostics, sources=sources)
        row = CalendarRow(
            name=calendar.name,
            version=calendar.version,
            digest=calendar.digest,
            sources=sources,
            canonical=canonical(calendar.canonical).decode(),
            loaded_by=by,
            loaded_at=instant_text(now),
        )
        is_new = tx.definitions.put_calendar(row)
        return Deployed(
            kind="calendar",
            name=calendar.name,
            version=calendar.version,
            digest=calendar.digest,
            is_new=is_new,
            diagnostics=diagnostics,
        )


def load_stored(row: DefinitionRow) -> Loaded:
    """Load a definition from its stored sources."""
    file, source = next(iter(row.sources.items()))
    parameters = json.loads(row.sources.get(PARAMETERS, "{}"))
    return load_definition(parse(source, file=file), resolve=TextResolver(row.sources), parameters=parameters)


def _with_parameters(sources: Mapping[str, str], parameters: Mapping[str, Json] | None) -> dict[str, str]:
    """Return what a definition was made of: its files, and what its parameters were filled with."""
    if not parameters:
        return dict(sources)
    # A decimal is bound as its text is.
    given = json.dumps(dict(parameters), ensure_ascii=False, sort_keys=True, default=str)
    return {**sources, PARAMETERS: given}
