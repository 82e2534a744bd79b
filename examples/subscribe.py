"""A durable consumer gets every event at least once, in order per case; its key tells repeats apart."""

import json
from pathlib import Path

from kerjasama import Actor, Engine, Party

seen: set[str] = set()  # in real life a table, written in the consumer's own transaction


def notify(delivery) -> None:
    """Handle one event; an exception here means another attempt later."""
    if delivery.key in seen:
        return
    seen.add(delivery.key)
    entry = json.loads(delivery.payload)
    print(f"{delivery.topic}: {entry['number']} {entry.get('trigger', '')}".rstrip())


with Engine("sqlite:///subscribe.db", tenant="kukar") as engine:
    engine.deploy(Path(__file__).with_name("surat.yaml"), by=Actor("admin", roles=["administrator"]))
    engine.provide("pagu_tersedia", lambda asked: 10_000_000)
    engine.subscribe("notifier", "case.*", notify)

    parties = [Party("dishub", side="dinas")]
    rina = Actor("rina", roles=["arsiparis"], party="dishub")
    case = engine.open("surat", by=rina, parties=parties, fields={"perihal": "Sewa bus"})
    head = Actor("kadis", roles=["kepala_dinas"], party="dishub")
    engine.fire(case.id, "setujui", by=head, fields={"biaya": 4_000_000})
    engine.tick()  # or engine.start(), which sweeps and delivers in the background
