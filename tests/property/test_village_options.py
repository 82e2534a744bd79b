"""What may be done in a family, and what is done when it is asked for, agree."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from tests.property.acting import commands, offered, pass_time, people
from tests.property.happenings import happening
from tests.property.rumpun import shapes
from tests.property.test_fold import DEPENDS_ON_INPUT
from tests.property.village import Happening, Village
from workflow.step.options import available
from workflow.time.deadlines import day_in_zone


@settings(max_examples=40, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(st.data())
def test_village_option_and_decision_agree(data: st.DataObject) -> None:
    """What is allowed succeeds with good inputs; what is refused is refused with the same codes."""
    village = Village(data.draw(shapes()), has_budget=data.draw(st.booleans()))
    for _ in range(data.draw(st.integers(2, 8))):
        village.do(happening(data.draw, village))
    village.now = pass_time(data.draw, village.now)
    name = data.draw(st.sampled_from(list(village.names)))
    process, case, world = village.seen(name)
    handlers = offered(process, case, world)
    assume(handlers)
    handler = data.draw(st.sampled_from(handlers))
    today = day_in_zone(village.now, process.definition.timezone)
    command = data.draw(commands(process, case, handler, today, bad=False))
    by = data.draw(st.sampled_from([command.by, *people(process.definition)]))
    [option] = [one for one in available(process, case, by, world) if one.trigger == handler.path]
    command = replace(command, trigger=handler.path, effective_on=None, by=by)
    found = set(village.do(Happening(at=village.now, name=name, command=command)))
    event("allowed" if option.is_allowed else "refused")
    if option.is_allowed:
        assert found <= DEPENDS_ON_INPUT
    else:
        expected = {reason.code for reason in option.reasons}
        assert expected
        assert expected <= found
        assert found - expected <= DEPENDS_ON_INPUT
