"""Facts: asked outside of the transaction, of the host or of other cases, used for the case they are about.

Owns the providers, and what is known of the facts of one command while it is tried. A step that lacks
facts says which; they are asked while no lock of ours is held, and where the case has moved on
meanwhile, all of them are asked again. Called by ``engine.commands`` and ``engine.readings``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from engine.errors import EngineError
from engine.others import Others
from engine.refused import FactUnknown, ProviderFailed
from engine.views import Case
from workflow.case import Actor, CaseAct, CaseState, Command, Fire, OnCase, Open
from workflow.chart.process import Process
from workflow.definition import Fact, FromCases
from workflow.expressions.guards import encode
from workflow.step.other_cases import parties_of
from workflow.time.deadlines import day_in_zone


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRequest:
    """What a provider is told: which fact, for which case (``None`` at opening) and which act."""

    fact: str
    case: Case | None
    trigger: str | None
    by: Actor
    fields: Mapping[str, Any]


Provider: TypeAlias = Callable[[FactRequest], Any]
Stamp: TypeAlias = tuple[tuple[str, int], ...]
"""A state of things: the cases that a command is about, each with its revision."""


class FactsLacking(Exception):
    """A step needs facts that were not asked yet; the transaction is left in order to ask them."""

    def __init__(
        self,
        names: tuple[str, ...],
        process: Process,
        case: CaseState | None,
        command: Command,
        *,
        target: Open | OnCase,
        family: Sequence[CaseState] = (),
    ) -> None:
        super().__init__(names)
        self.names = names
        self.process = process
        self.case = case
        self.command = command
        self.target = target
        self.stamp = _stamp(case, family)


class Asked:
    """The facts known so far for one command, and the revision of the case that they were asked of."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}
        self._stamp: Stamp = ()

    def of(self, case: CaseState | None, family: Sequence[CaseState] = ()) -> Mapping[str, Any]:
        """Return what is known for a case, or its family, as it stands; nothing where it has moved on."""
        return self._values if self._stamp == _stamp(case, family) else {}

    def note(self, stamp: Stamp, values: Mapping[str, Any]) -> bool:
        """Keep answers for a state of things; returns whether it had changed and others are forgotten."""
        has_moved = bool(self._values) and self._stamp != stamp
        self._values = {**({} if has_moved else self._values), **values}
        self._stamp = stamp
        return has_moved


class Facts:
    """The providers of one engine, and its cases as providers of others' facts.

    Args:
        now: Gives the instant.
    """

    def __init__(self, others: Others, now: Callable[[], datetime]) -> None:
        self._others = others
        self._now = now
        self._providers: dict[str, Provider] = {}

    def provide(self, fact: str, provider: Provider) -> None:
        """Say who answers a fact."""
        self._providers[fact] = provider

    def ask(self, lacking: FactsLacking, asked: Asked, connection: Any = None) -> bool:
        """Ask what a step lacks; returns whether the case had moved on since facts were last asked.

        Raises:
            FactUnknown: Nobody provides one.
            ProviderFailed: A provider raised, or gave a value of another type.
        """
        answers = {name: self._ask(name, lacking, connection) for name in lacking.names}
        return asked.note(lacking.stamp, answers)

    def _ask(self, name: str, lacking: FactsLacking, connection: Any) -> Any:
        declared = lacking.process.definition.facts[name]
        if declared.from_cases is not None:
            return self._from_cases(
                declared.from_cases, lacking.process, lacking.case, lacking.command, connection
            )
        provider = self._providers.get(name)
        if provider is None:
            raise FactUnknown(fact=name)
        command, target = lacking.command, lacking.target
        request = FactRequest(
            fact=name,
            case=Case(lacking.process, lacking.case) if lacking.case is not None else None,
            trigger=command.trigger if isinstance(command, Fire) else None,
            by=target.by,
            fields=command.fields if isinstance(command, (Fire, Open)) else {},
        )
        try:
            return _answer(declared, provider, request)
        except EngineError:
            raise
        except Exception as error:
            raise ProviderFailed(fact=name, detail=f"{type(error).__name__}: {error}") from error

    def _from_cases(
        self,
        asked: FromCases,
        process: Process,
        case: CaseState | None,
        command: Command | None,
        connection: Any,
    ) -> bool:
        """Ask other cases of the tenant."""
        parties = command.parties if isinstance(command, Open) else case.parties if case else ()
        on = command.effective_on if isinstance(command, (Open, Fire, CaseAct)) else None
        return self._others.any(
            asked,
            parties_of(asked, parties),
            apart_from=case.id if case is not None else None,
            today=on or day_in_zone(self._now(), process.definition.timezone),
            connection=connection,
        )

    def known(
        self,
        process: Process,
        case: CaseState,
        by: Actor,
        connection: Any = None,
        command: Fire | None = None,
    ) -> Mapping[str, Any]:
        """Ask every fact of a definition for reading; one without an answer is left out.

        Args:
            command: The act that is asked about, if any: other cases are seen on its day.
        """
        found = {}
        shown = Case(process, case)
        for name, declared in process.definition.facts.items():
            if declared.from_cases is not None:
                found[name] = self._from_cases(declared.from_cases, process, case, command, connection)
                continue
            provider = self._providers.get(name)
            if provider is not None:
                request = FactRequest(fact=name, case=shown, trigger=None, by=by, fields={})
                try:
                    found[name] = _answer(declared, provider, request)
                except Exception:  # noqa: BLE001, S112 - reading answers "unknown", LANGUAGE "Facts"
                    continue
        return found


def _answer(declared: Fact, provider: Provider, request: FactRequest) -> Any:
    """Return what a provider answers, once it is a value that guards can be asked about.

    Raises:
        ProviderFailed: It is of another type, or none: guards need not ask whether a fact is empty.
    """
    value = provider(request)
    try:
        encoded = encode(declared, value)
    except ValueError as error:
        raise ProviderFailed(fact=declared.name, detail=str(error)) from error
    if encoded is None:
        raise ProviderFailed(fact=declared.name, detail="it gave nothing, and a fact is never empty")
    return value


def _stamp(case: CaseState | None, family: Sequence[CaseState]) -> Stamp:
    every = family or (() if case is None else (case,))
    return tuple((one.id, one.revision) for one in every)
