"""Databases that cannot be used as they are: told for good, with the place and what would help."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from engine.errors import DatabaseUnusable, SchemaNewer, SchemaOutdated
from engine.store import schema
from engine.store.inspection import inspect
from kerjasama import Engine
from tests.cli import run
from tests.endurance import TENANT, deploy, note, open_case
from tests.places import ROOT


def no_folder(folder: Path) -> str:
    """Name a file in a folder that is not there."""
    return f"sqlite:///{folder}/tidak/ada/kerjasama.db"


def a_folder(folder: Path) -> str:
    """Name a folder."""
    (folder / "map").mkdir()
    return f"sqlite:///{folder}/map"


def a_text(folder: Path) -> str:
    """Name a file that is no database."""
    (folder / "surat.txt").write_text("Bukan basis data. " * 100)
    return f"sqlite:///{folder}/surat.txt"


def read_only(folder: Path) -> str:
    """Name a database so that it cannot be written."""
    with sqlite3.connect(folder / "a.db") as connection:
        connection.execute("CREATE TABLE other (id INTEGER)")
    connection.close()
    return f"sqlite:///file:{folder}/a.db?mode=ro&uri=true"


def damaged(folder: Path) -> str:
    """Name a database of which the inner pages were overwritten."""
    Engine(f"sqlite:///{folder}/a.db").close()
    content = bytearray((folder / "a.db").read_bytes())
    content[100:8192] = b"\xff" * 8092
    (folder / "a.db").write_bytes(content)
    return f"sqlite:///{folder}/a.db"


@pytest.mark.parametrize(
    ("make", "reason", "said"),
    [
        (no_folder, "no-folder", "there is no folder {}/tidak/ada"),
        (a_folder, "is-folder", "{}/map is a folder"),
        (a_text, "not-a-database", "{}/surat.txt is no SQLite database"),
        (read_only, "read-only", "it can only be read"),
        (damaged, "damaged", "its file is damaged"),
    ],
    ids=lambda one: one.__name__ if callable(one) else "",
)
def test_file_that_cannot_be_used_is_told_for_good(
    tmp_path: Path, make: Callable[[Path], str], reason: str, said: str
) -> None:
    """The error says which database, what is wrong and what to do, and that trying again is no use."""
    url = make(tmp_path)
    with pytest.raises(DatabaseUnusable) as caught:
        Engine(url).close()
    error = caught.value
    assert error.reason == reason
    assert (error.exit_status, error.is_retryable) == (8, False)
    assert said.format(tmp_path) in error.text("en")
    assert f"database {make_url(url).difference_update_query(())}" in error.text("en")

    ran = run("doctor", "--db", url)
    assert ran.status == 1 or reason == "no-folder"
    ran = run("deploy", "surat", "--db", url, "--as", "admin", "--lang", "en")
    assert ran.status in (2, 8), ran.both


def test_unusable_file_leaves_the_command_line_with_eight_and_no_promise(tmp_path: Path) -> None:
    """What a person reads, and what a program reads."""
    url = a_text(tmp_path)
    ran = run("cases", "--db", url, "--lang", "id", "--json")
    assert ran.status == 8
    assert "bukan basis data SQLite" in ran.err
    assert '"code": "database-unusable"' in ran.out
    assert "is_retryable" not in ran.out
    with pytest.raises(DatabaseUnusable, match=r"surat\.txt"):
        inspect(url)


def test_database_whose_disk_is_full_writes_nothing_and_says_so(tmp_path: Path) -> None:
    """A full disk is for a person to clear; what was there before stays, and works again afterwards."""
    host = sa.create_engine(f"sqlite:///{tmp_path}/a.db")
    with Engine(host, tenant=TENANT) as engine:
        case = open_case(deploy(engine))
        with host.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(DatabaseUnusable, match="no room left") as caught:
            while True:
                note(engine, case.id)
        assert caught.value.reason == "full"
        before = len(engine.history(case.id))
        with host.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
        note(engine, case.id)
        assert len(engine.history(case.id)) == before + 1
        assert engine.ledger.verify().is_clean
    host.dispose()


AS_NOBODY = """
import os, sys
from kerjasama import Engine
from engine.errors import DatabaseUnusable
with Engine("sqlite://") as engine:  # imports what is needed, which nobody may perhaps not read
    engine.cases()
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    Engine(sys.argv[1], schema="check").cases()
except DatabaseUnusable as error:
    print(error.reason)
"""


@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "reason"),
    [(0o755, 0o600, "no-permission"), (0o555, 0o666, "folder-read-only")],
)
def test_missing_right_is_told_by_what_it_concerns(folder_mode: int, file_mode: int, reason: str) -> None:
    """Whoever may not read the file, or not write beside it, is told which of the two."""
    folder = Path(os.environ.get("TMPDIR", "/tmp")) / f"kerjasama-{os.getpid()}-{file_mode}"
    folder.mkdir()
    try:
        Engine(f"sqlite:///{folder}/a.db").close()
        (folder / "a.db").chmod(file_mode)
        folder.chmod(folder_mode)
        ran = subprocess.run(
            [sys.executable, "-c", AS_NOBODY, f"sqlite:///{folder}/a.db"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.stdout.strip() == reason, ran.stderr
    finally:
        folder.chmod(0o755)
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()


def test_postgres_database_that_is_not_there_is_told_for_good(postgres_database: str) -> None:
    """A name that the server does not know will not be known a moment later."""
    url = make_url(postgres_database).set(database="tidak_ada")
    with pytest.raises(DatabaseUnusable, match="no such database") as caught:
        Engine(url.render_as_string(hide_password=False))
    assert caught.value.reason == "no-such-database"


def test_schema_errors_name_the_database(tmp_path: Path) -> None:
    """Of several databases people see which one is meant."""
    url = f"sqlite:///{tmp_path}/a.db"
    sqlite3.connect(tmp_path / "a.db").close()
    with pytest.raises(SchemaOutdated, match=rf"The database {url} has schema none.*--db"):
        Engine(url, schema="check")
    Engine(url).close()
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute(f"UPDATE {schema.version_table.name} SET version_num = '9999'")
    connection.close()
    with pytest.raises(SchemaNewer, match=rf"The database {url} has schema 9999"):
        Engine(url)
