"""Facts from other cases are answered for the day of the act, in an explanation as in the act itself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kerjasama import Refused
from tests.property.colony import Colony
from tests.property.rumpun import LATE, Shape
from tests.property.test_village_found import OPD, fired, opened


@pytest.mark.parametrize(("days", "codes"), [(0, ["rule-failed"]), (3, [])])
def test_explanation_of_an_earlier_act_asks_other_cases_about_that_day(
    store_url: str, days: int, codes: list[str]
) -> None:
    """What another case has begun since does not stand in the way of what was done before."""
    colony = Colony(store_url, Shape(condition=LATE))
    try:
        colony.do(opened("2026-02-02", "0", mulai=date(2026, 2, 4)))
        colony.do(opened("2026-02-02", "1", "lepas"))
        act = fired("2026-02-05", "1", "lapor")
        colony.clock.set(act.at)
        on, lapor = date(2026, 2, 5) - timedelta(days=days), colony.names["1"]
        told = colony.engine.explain(lapor, "lapor", by=OPD, effective_on=on)
        assert [reason.code for reason in told.reasons] == codes
        try:
            colony.engine.fire(lapor, "lapor", by=OPD, effective_on=on)
            done: list[str] = []
        except Refused as refused:
            done = [reason.code for reason in refused.reasons]
        assert done == codes
    finally:
        colony.close()
