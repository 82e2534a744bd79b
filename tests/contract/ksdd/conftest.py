"""The shipped cooperation on an empty store, its engine held open or started anew before each act."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kerjasama import Actor, Case, Engine
from tests.clocks import FakeClock
from tests.contract.cooperation import (
    OPD,
    Cooperation,
)


@pytest.fixture
def engine(store_url: str, clock: FakeClock) -> Iterator[Engine]:
    """An engine on an empty store, in virtual time."""
    engine = Engine(store_url, tenant="kukar", clock=clock)
    yield engine
    engine.close()


class Restarting(Cooperation):
    """A cooperation whose engine is closed before every act and every sweep, and opened anew."""

    def __init__(self, start: Callable[[], Engine], clock: FakeClock) -> None:
        self._start = start
        super().__init__(start(), clock)

    def _restart(self) -> None:
        self.engine.close()
        self.engine = self._start()

    def open(self, by: Actor = OPD, **changes: Any) -> Case:
        """Open the case after a restart."""
        self._restart()
        return super().open(by, **changes)

    def do(self, trigger: str, by: Actor, *documents: str, **options: Any) -> Case:
        """Fire after a restart."""
        self._restart()
        return super().do(trigger, by, *documents, **options)

    def wait_until(self, text: str) -> None:
        """Sweep after a restart."""
        self._restart()
        super().wait_until(text)


@pytest.fixture
def start(store_url: str, clock: FakeClock) -> Callable[[], Engine]:
    """Start an engine on this test's database."""
    return lambda: Engine(store_url, tenant="kukar", clock=clock)


@pytest.fixture
def restarting(start: Callable[[], Engine], clock: FakeClock) -> Iterator[Cooperation]:
    """The cooperation, with a restart before everything that happens."""
    cooperation = Restarting(start, clock)
    yield cooperation
    cooperation.engine.close()


@pytest.fixture(params=["held", pytest.param("restarted", marks=pytest.mark.soak)])
def cooperation(
    request: pytest.FixtureRequest, start: Callable[[], Engine], clock: FakeClock
) -> Iterator[Cooperation]:
    """The cooperation before it is opened, on one engine throughout; under soak also with restarts."""
    made = Restarting(start, clock) if request.param == "restarted" else Cooperation(start(), clock)
    yield made
    made.engine.close()
