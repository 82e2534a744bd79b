"""The host answers what only it knows: how much budget is left is asked before the step, and recorded."""

from decimal import Decimal
from pathlib import Path

from kerjasama import Actor, Engine, Party, Refused

budget = {"dishub": Decimal(5_000_000)}  # some other system of the host

with Engine("sqlite:///facts.db", tenant="kukar") as engine:
    engine.deploy(Path(__file__).with_name("surat.yaml"), by=Actor("admin", roles=["administrator"]))
    engine.provide("pagu_tersedia", lambda asked: budget[asked.by.party])

    rina = Actor("rina", roles=["arsiparis"], party="dishub")
    head = Actor("kadis", roles=["kepala_dinas"], party="dishub")
    parties = [Party("dishub", side="dinas")]
    case = engine.open("surat", by=rina, parties=parties, fields={"perihal": "Sewa bus"})
    try:
        engine.fire(case.id, "setujui", by=head, fields={"biaya": Decimal(7_500_000)})
    except Refused as refused:
        print(refused.text("en"))
    case = engine.fire(case.id, "setujui", by=head, fields={"biaya": Decimal(4_000_000)})
    recorded = engine.history(case.id)[-1].body["facts"]
    print(f"{case.outcome}; recorded: {recorded}")
