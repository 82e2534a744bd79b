"""A host opens a case in its own transaction: with its rollback nothing is left, with its commit both are."""

from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from kerjasama import Actor, Engine, Party

host = create_engine("sqlite:///host.db")  # the host's database, its pool, its tables
with host.begin() as connection:
    connection.execute(text("CREATE TABLE letter (number TEXT)"))

with Engine(host) as engine:
    engine.deploy(Path(__file__).with_name("surat.yaml"), by=Actor("admin", roles=["administrator"]))
    rina = Actor("rina", roles=["arsiparis"], party="dishub")
    for ending in ("rollback", "commit"):
        with Session(host) as session:  # one transaction for the host's row and the case
            parties, fields = [Party("dishub", side="dinas")], {"perihal": "Undangan"}
            case = engine.open("surat", by=rina, parties=parties, fields=fields, connection=session)
            session.execute(text("INSERT INTO letter VALUES (:number)"), {"number": case.number})
            getattr(session, ending)()
        with host.connect() as connection:
            letters = connection.scalar(text("SELECT count(*) FROM letter"))
        print(f"after the {ending}: {letters} letters, {len(engine.cases().items)} cases")
host.dispose()
