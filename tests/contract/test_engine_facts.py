"""Facts that a host provides: what it answers is looked at before anything is decided with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.refused import FactUnknown, ProviderFailed
from kerjasama import Actor, Engine, Party
from tests.clocks import FakeClock
from tests.places import DEFINITIONS

ADMIN = Actor("admin", roles=["administrator"])
OPD = Actor("rina", roles=["opd"], party="kukar")
DEFINITION = """\
format: 1
workflow: fakta
version: 1
title: Fakta
timezone: Asia/Makassar
calendar: indonesia
roles: {opd: {title: OPD}}
parties: {kita: {count: 1, roles: [opd]}}
facts: {pagu: {type: integer}}
open: {by: [kita.opd], to: awal}
states:
  awal:
    transitions:
      maju: {by: [opd], when: pagu > 10, to: akhir}
  akhir: {final: true, outcome: akhir}
"""


@pytest.fixture
def engine(tmp_path: Path, clock: FakeClock) -> Iterator[Engine]:
    """An engine with a workflow that asks a fact."""
    file = tmp_path / "fakta.yaml"
    file.write_text(DEFINITION, encoding="utf-8")
    with Engine(f"sqlite:///{tmp_path}/a.db", tenant="kukar", clock=clock) as made:
        made.deploy_many([DEFINITIONS / "calendars" / "indonesia.yaml", file], by=ADMIN)
        made.open("fakta", by=OPD, parties=[Party("kukar", side="kita")])
        yield made


def failing(request: object) -> int:
    """Fail, as a service that is not there."""
    raise OSError("no answer")


@pytest.mark.parametrize(
    ("provider", "why"),
    [
        (lambda request: None, "never empty"),
        (lambda request: "sepuluh", "not an integer"),
        (lambda request: True, "true or false"),
        (lambda request: 10.5, "float"),
        (failing, "OSError: no answer"),
    ],
    ids=["nothing", "text", "boolean", "float", "raises"],
)
def test_answer_that_is_none_is_the_providers_failure_and_is_unknown_to_who_reads(
    engine: Engine, provider: Any, why: str
) -> None:
    """Guards need not ask whether a fact is empty: an act fails before it, a reader is told it is unknown."""
    engine.provide("pagu", provider)
    with pytest.raises(ProviderFailed, match=why):
        engine.fire("fakta/2026/1", "maju", by=OPD)
    assert engine.case("fakta/2026/1").revision == 1
    [option] = engine.available("fakta/2026/1", by=OPD)
    assert option.unknown == ("pagu",)
    assert engine.explain("fakta/2026/1", "maju", by=OPD).unknown == ("pagu",)


def test_fact_that_nobody_provides_is_named_and_one_that_is_provided_is_recorded(engine: Engine) -> None:
    """The answer stands in history with the step that it decided."""
    with pytest.raises(FactUnknown, match=r"engine\.provide\('pagu', provider\)"):
        engine.fire("fakta/2026/1", "maju", by=OPD)
    engine.provide("pagu", lambda request: 11)
    assert engine.fire("fakta/2026/1", "maju", by=OPD).outcome == "akhir"
    assert engine.history("fakta/2026/1")[-1].body["facts"] == {"pagu": 11}
