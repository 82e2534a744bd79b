"""Parameters at the engine: bound when deploying, kept with the definition, the same after a restart."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.errors import DefinitionConflict
from engine.refused import DefinitionRejected, InvalidCall
from kerjasama import Actor, Engine
from tests.clocks import FakeClock

ADMIN = Actor("admin", roles=("administrator",))
OPD = Actor("rina", roles=("opd",))
TEXT = """\
format: 1
workflow: contoh
version: 1
title: Contoh
timezone: Asia/Makassar
calendar: indonesia
parameters: {batas: {type: duration, default: 10 days}}
roles: {opd: {title: Perangkat daerah}}
open: {by: [opd], to: disusun}
states:
  disusun:
    deadlines: {batas: {within: $batas, kind: target}}
    transitions: {ajukan: {by: [opd], to: selesai}}
  selesai: {final: true, outcome: selesai}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A definition with one parameter."""
    path = tmp_path / "contoh.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def engine(tmp_path: Path) -> Engine:
    """An engine on the folder's database."""
    clock = FakeClock(datetime(2026, 1, 5, 1, tzinfo=UTC))
    return Engine(f"sqlite:///{tmp_path / 'db.sqlite'}", clock=clock)


def test_parameter_given_at_deploying_is_there_after_a_restart(tmp_path: Path, file: Path) -> None:
    """A definition that is made ready from what is stored has the digest that it was deployed with."""
    with engine(tmp_path) as first:
        deployed = first.deploy(file, by=ADMIN, parameters={"batas": "3 days"})
        assert deployed.is_new
        assert not first.deploy(file, by=ADMIN, parameters={"batas": "3 days"}).is_new
    with engine(tmp_path) as second:
        assert second.definition("contoh").digest == deployed.digest
        assert second.definition("contoh").parameters == {"batas": [3, "days"]}
        case = second.open("contoh", by=OPD)
        (timer,) = second.timers(case.id)
        assert str(timer.due_on) == "2026-01-08"


def test_other_value_for_the_same_version_is_another_definition(tmp_path: Path, file: Path) -> None:
    """Parameters are part of the digest: one version has one set of values."""
    with engine(tmp_path) as one:
        one.deploy(file, by=ADMIN)
        with pytest.raises(DefinitionConflict):
            one.deploy(file, by=ADMIN, parameters={"batas": "3 days"})


def test_wrong_parameter_is_rejected_with_a_finding(tmp_path: Path, file: Path) -> None:
    """What cannot be bound keeps the definition from being deployed."""
    with engine(tmp_path) as one:
        with pytest.raises(DefinitionRejected) as rejected:
            one.deploy(file, by=ADMIN, parameters={"batass": "3 days"})
        assert [found.code for found in rejected.value.diagnostics] == ["unknown-parameter"]


def test_calendar_takes_no_parameters(tmp_path: Path) -> None:
    """Only workflows have parameters."""
    path = tmp_path / "libur.yaml"
    path.write_text(
        "format: 1\ncalendar: libur\nversion: 1\nweek: [mon]\n"
        "covers: {from: 2026-01-01, until: 2026-12-31}\n",
        encoding="utf-8",
    )
    with engine(tmp_path) as one, pytest.raises(InvalidCall):
        one.deploy(path, by=ADMIN, parameters={"batas": "3 days"})


def test_several_are_deployed_all_or_none(tmp_path: Path, file: Path) -> None:
    """Of several files a conflict in the last leaves the first undeployed; without it all are there."""
    with Engine(f"sqlite:///{tmp_path / 'k.db'}", clock=FakeClock()) as engine:
        engine.deploy(file, by=ADMIN)
        file.write_text(TEXT.replace("10 days", "11 days"), encoding="utf-8")
        with pytest.raises(DefinitionConflict):
            engine.deploy_many(["pks", file], by=ADMIN)
        assert [one.workflow for one in engine.definitions()] == ["contoh"]
        file.write_text(TEXT.replace("version: 1", "version: 2"), encoding="utf-8")
        deployed = engine.deploy_many(["pks", file], by=ADMIN)
        assert [(one.name, one.version, one.is_new) for one in deployed] == [
            ("pks", 1, True),
            ("contoh", 2, True),
        ]
