"""Facts from the host: asked outside of the transaction, used for the case that they were asked of.

Owns the providers, and what is known of the facts of one command while it is tried. A step that lacks
facts says which; they are asked while no lock of ours is held, and where the case has moved on
meanwhile, all of them are asked again. Called by ``engine.commands`` and ``engine.readings``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from engine.errors import EngineError
from engine.refused import FactUnknown, ProviderFailed
from engine.views import Case
from workflow.case import Actor, CaseState, Fire, OnCase, Open
from workflow.expressions import encode
from workflow.process import Process


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRequest:
    """What a provider is told: which fact, for which case (``None`` at opening) and which act."""

    fact: str
    case: Case | None
    trigger: str | None
    by: Actor
    fields: Mapping[str, Any]


Provider: TypeAlias = Callable[[FactRequest], Any]


class FactsLacking(Exception):
    """A step needs facts that were not asked yet; the transaction is left in order to ask them."""

    def __init__(
        self, names: tuple[str, ...], process: Process, case: CaseState | None, command: Open | OnCase
    ) -> None:
        super().__init__(names)
        self.names = names
        self.process = process
        self.case = case
        self.command = command


class Asked:
    """The facts known so far for one command, and the revision of the case that they were asked of."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}
        self._revision: int | None = None

    def of(self, case: CaseState | None) -> Mapping[str, Any]:
        """Return what is known for a case as it stands; nothing where it has moved on."""
        return self._values if self._revision == _revision(case) else {}

    def note(self, case: CaseState | None, values: Mapping[str, Any]) -> bool:
        """Keep answers for a case; returns whether it had moved on and former ones are forgotten."""
        has_moved = bool(self._values) and self._revision != _revision(case)
        self._values = {**self.of(case), **values}
        self._revision = _revision(case)
        return has_moved


class Facts:
    """The providers of one engine."""

    def __init__(self) -> None:
        self._providers: dict[str, Provider] = {}

    def provide(self, fact: str, provider: Provider) -> None:
        """Say who answers a fact."""
        self._providers[fact] = provider

    @property
    def is_provided(self) -> bool:
        """Whether there is any provider."""
        return bool(self._providers)

    def ask(self, lacking: FactsLacking, asked: Asked) -> bool:
        """Ask what a step lacks; returns whether the case had moved on since facts were last asked.

        Raises:
            FactUnknown: Nobody provides one.
            ProviderFailed: A provider raised, or gave a value of another type.
        """
        return asked.note(lacking.case, {name: self._ask(name, lacking) for name in lacking.names})

    def _ask(self, name: str, lacking: FactsLacking) -> Any:
        provider = self._providers.get(name)
        if provider is None:
            raise FactUnknown(fact=name)
        command = lacking.command
        request = FactRequest(
            fact=name,
            case=Case(lacking.process, lacking.case) if lacking.case is not None else None,
            trigger=command.trigger if isinstance(command, Fire) else None,
            by=command.by,
            fields=command.fields,
        )
        try:
            value = provider(request)
        except EngineError:
            raise
        except Exception as error:
            raise ProviderFailed(fact=name, detail=f"{type(error).__name__}: {error}") from error
        try:
            encode(lacking.process.definition.facts[name], value)
        except ValueError as error:
            raise ProviderFailed(fact=name, detail=str(error)) from error
        return value

    def known(self, process: Process, case: CaseState, by: Actor) -> Mapping[str, Any]:
        """Ask every fact of a definition for reading; one without an answer is left out."""
        found = {}
        shown = Case(process, case)
        for name in process.definition.facts:
            provider = self._providers.get(name)
            if provider is not None:
                request = FactRequest(fact=name, case=shown, trigger=None, by=by, fields={})
                try:
                    found[name] = provider(request)
                except Exception:  # noqa: BLE001, S112 - reading answers "unknown", LANGUAGE "Facts"
                    continue
        return found


def _revision(case: CaseState | None) -> int | None:
    return case.revision if case is not None else None
