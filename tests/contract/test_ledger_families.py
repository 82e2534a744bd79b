"""Verification of a family: what was done to one case is said of that case, not of its relatives."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.findings import Finding
from kerjasama import Actor, Engine, Party
from tests.clocks import FakeClock
from tests.families import HEAD, MATERIAL, OFFICE, OPD
from tests.places import DEFINITIONS
from tests.tampering import TENANT, Intruder

ADMIN = Actor("admin", roles=["administrator"])
PARTIES = (Party("kukar", side="pemrakarsa"), Party("samarinda", side="mitra"), Party("paser", side="mitra"))


@pytest.fixture
def engine(store_url: str, clock: FakeClock) -> Iterator[Engine]:
    """An engine with a joint agreement that ended when its only agreement did."""
    with Engine(store_url, tenant=TENANT, clock=clock) as made:
        made.deploy(DEFINITIONS / "calendars" / "indonesia.yaml", by=ADMIN)
        made.deploy_many([MATERIAL / f"{name}.yaml" for name in ("kb", "pks", "rincian", "ambil")], by=ADMIN)
        kb = made.open("kb", by=OPD, fields={"judul": "Angkutan", "pagu": 1_000_000_000}, parties=PARTIES).id
        made.fire(kb, "unggah", by=OPD, documents={"kb": b"%PDF kb"})
        made.fire(kb, "mulai_pks", by=OPD)
        [pks] = (one.id for one in made.children(kb))
        made.fire(pks, "nilai_pekerjaan", by=OFFICE, fields={"nilai": 600_000_000})
        made.fire(kb, "tandai", by=OFFICE)
        made.fire(kb, "akhiri", by=HEAD)
        made.fire(pks, "batalkan", by=HEAD)
        yield made


def findings(engine: Engine) -> list[Finding]:
    """What speaks against the history of everything."""
    return [one for one in engine.ledger.verify().findings if not one.is_warning]


@pytest.mark.parametrize(("workflow", "other"), [("pks", "kb"), ("kb", "pks")])
@pytest.mark.parametrize("text", ["no json", "{}", "[1]"])
def test_entry_that_cannot_be_read_is_found_in_its_own_case_alone(
    engine: Engine, store_url: str, workflow: str, other: str, text: str
) -> None:
    """A relative that cannot be read is not believed, and nothing is said of who is innocent."""
    assert findings(engine) == []
    spoilt = engine.case_id(f"{workflow}/2026/1")
    Intruder(store_url).update("wf_history", "entry", text, f"case_id = '{spoilt}' AND seq = 2")
    found = findings(engine)
    assert {one.number for one in found} == {f"{workflow}/2026/1"}
    assert {one.code for one in found} >= {"unreadable", "hash-mismatch"}
    assert all("Error" not in one.message.text("en") for one in found)
    assert engine.ledger.verify(f"{other}/2026/1").is_clean


def test_entries_that_changed_places_say_which_place_is_theirs(engine: Engine, store_url: str) -> None:
    """Within a case the place is enough; ids and tenants would only be in the way."""
    pks = engine.case_id("pks/2026/1")
    intruder = Intruder(store_url)
    for old, new in ((2, 99), (3, 2), (99, 3)):
        intruder.run(
            "UPDATE wf_history SET seq = :new WHERE case_id = :case AND seq = :old",
            new=new,
            old=old,
            case=pks,
        )
    said = [one.message.text("en") for one in findings(engine) if one.code == "misplaced"]
    assert said == [
        f"Entry {here} of case pks/2026/1 is by its own text entry {there} of this case."
        for here, there in ((2, 3), (3, 2))
    ]
