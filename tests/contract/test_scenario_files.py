"""The shipped scenarios: they pass, they cover their definitions, and the engine agrees with them.

Each course of events is played in memory and on an engine with SQLite at once; after every step the
refusals, the entries but for ids and instants, the cases and the messages are the same, whether the
engine's sweep wakes at every instant or only when the next act arrives.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.cli.scenario_files import ScenarioSource
from kerjasama import Engine
from tests.clocks import FakeClock
from tests.places import DEFINITIONS, ROOT
from tests.scenarios import ADMIN, Both, source
from workflow.scenarios.scenarios import Results, play, run

THREE_REGIONS = ROOT / "tests" / "material" / "tiga_daerah.scenarios.yaml"
"""Two partners, on the shipped definitions."""
SHIPPED = sorted(DEFINITIONS.glob("*.scenarios.yaml"))
FILES = [*SHIPPED, *sorted((ROOT / "tests" / "material").glob("*/*.scenarios.yaml"))]


def folder(path: Path) -> Path:
    """Return the folder of the definitions that a scenario file is for."""
    return DEFINITIONS if path == THREE_REGIONS else path.parent


def read(path: Path) -> ScenarioSource:
    """Read a scenario file."""
    return source(path, folder(path))


def _last() -> Iterator[tuple[Path, str]]:
    """Yield the scenarios that no other goes on from: their courses hold all others."""
    for path in (*FILES, THREE_REGIONS):
        scenarios = read(path).scenarios
        assert scenarios is not None
        gone_on_from = {one.start[0] for one in scenarios.scenarios.values() if one.start}
        yield from ((path, name) for name in scenarios.scenarios if name not in gone_on_from)


@pytest.fixture(scope="module", params=FILES, ids=lambda path: path.name)
def results(request: pytest.FixtureRequest) -> Results:
    """What came of a scenario file."""
    found = read(request.param)
    assert found.scenarios is not None
    return run(found.scenarios, found.definitions, found.calendars)


def test_scenarios_pass(results: Results) -> None:
    """Everything comes as the scenarios say."""
    failed = [(one.scenario, one.difference) for one in results.results if not one.is_ok]
    assert failed == []


def test_scenarios_take_every_transition(results: Results) -> None:
    """Every state, transition, other act, branch, rule and clock of their definitions is met."""
    missing = {
        (workflow, kind): part.missing
        for workflow, coverage in results.coverage.items()
        for kind, part in coverage.parts().items()
        if part.missing
    }
    assert missing == {}


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Path]:
    """A database for each scenario file with its definitions deployed, to be copied."""
    found = {}
    for path in (*FILES, THREE_REGIONS):
        found[path] = tmp_path_factory.mktemp("deployed") / "k.db"
        with Engine(f"sqlite:///{found[path]}", clock=FakeClock()) as engine:
            for workflow in read(path).definitions:
                engine.deploy(folder(path) / f"{workflow}.yaml", by=ADMIN)
    return found


@pytest.mark.parametrize("is_late", [False, True], ids=["sharp", "late"])
@pytest.mark.parametrize(("path", "name"), list(_last()), ids=lambda one: getattr(one, "stem", one))
def test_engine_agrees_with_scenario(
    path: Path, name: str, is_late: bool, deployed: dict[Path, Path], tmp_path: Path
) -> None:
    """Memory and the engine decide, write and send the same, however late the sweep wakes."""
    found = read(path)
    assert found.scenarios is not None
    clock = FakeClock()
    copy = shutil.copy(deployed[path], tmp_path / "k.db")
    with Engine(f"sqlite:///{copy}", clock=clock, synchronous="NORMAL") as engine:
        both = Both(found, engine, clock, is_late=is_late)
        steps = [step for _, step in found.scenarios.course(name).steps]
        assert play(steps, both, found.scenarios, found.definitions) is None
        assert engine.ledger.verify().is_clean
