"""Texts that no store can hold are refused by the engine, in whatever place of a command they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kerjasama import Actor, Case, Engine, Party, Refused
from tests.clocks import FakeClock
from tests.places import DEFINITIONS, ROOT

OPD = Actor("rina", roles=["opd"], party="kukar")
ADMIN = Actor("admin", roles=["administrator"])
PARTIES = [Party("kukar", side="pemrakarsa"), Party("samarinda", side="mitra")]
PROPOSAL = {"judul": "Angkutan", "kategori": "sukarela", "urusan": ["perhubungan"]}
PLACES = ("trigger", "reason", "comment", "request_id", "as_role", "for_party", "id", "field", "value")


@pytest.fixture
def engine(store_url: str, clock: FakeClock) -> Iterator[Engine]:
    """An engine with the small cooperation."""
    engine = Engine(store_url, tenant="kukar", clock=clock)
    engine.deploy(DEFINITIONS / "calendars" / "indonesia.yaml", by=ADMIN)
    engine.deploy(ROOT / "tests" / "material" / "kerjasama_kecil.yaml", by=ADMIN)
    yield engine
    engine.close()


def fired(engine: Engine, case: Case, place: str, bad: str) -> None:
    """Fire with a bad text in one place."""
    given: dict[str, Any] = {"by": OPD, "fields": {}}
    if place == "id":
        given["by"] = Actor(bad, roles=["opd"], party="kukar")
    elif place == "field":
        given["fields"] = {bad: "x"}
    elif place == "value":
        given["fields"] = {"manfaat": bad}
    elif place != "trigger":
        given[place] = bad
    engine.fire(case.id, bad if place == "trigger" else "perbaiki", **given)


def test_texts_that_no_store_holds_are_refused_and_leave_no_trace(engine: Engine) -> None:
    """NUL and half a surrogate pair never reach a driver; the refusal itself is kept legibly."""
    case = engine.open("kerjasama_kecil", by=OPD, parties=PARTIES, fields=PROPOSAL)
    for bad in ("a\0", "\ud800"):
        for place in PLACES:
            with pytest.raises(Refused) as refused:
                fired(engine, case, place, bad)
            assert refused.value.code == "invalid-field", place
            assert refused.value.reasons[0].message.text("id")
        with pytest.raises(Refused):
            engine.open("kerjasama_kecil", by=OPD, parties=PARTIES, fields={**PROPOSAL, "judul": bad})
        with pytest.raises(Refused):
            bad_party = [PARTIES[0], Party("samarinda", side="mitra", name=bad)]
            engine.open("kerjasama_kecil", by=OPD, parties=bad_party, fields=PROPOSAL)
        with pytest.raises(Refused):
            engine.open("kerjasama_kecil", by=OPD, parties=PARTIES, fields=PROPOSAL, request_id=bad)
    assert len(engine.history(case.id)) == 1
    assert len(engine.cases().items) == 1
    assert engine.ledger.verify().is_clean


def test_texts_in_another_form_are_brought_to_nfc(engine: Engine) -> None:
    """The same name typed in two ways is one name, and one request."""
    typed = Actor("andre\u0301", roles=["opd"], party="kukar")
    fields = {**PROPOSAL, "judul": "Kafe\u0301"}
    case = engine.open("kerjasama_kecil", by=typed, parties=PARTIES, fields=fields, comment="Kafe\u0301")
    [entry] = engine.history(case.id)
    assert entry.body["actor"]["id"] == "andré"
    assert entry.personal["@comment"] == "Kafé"
    assert case.fields["judul"] == "Kafé"
