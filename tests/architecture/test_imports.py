"""What an import costs and touches, and what stands beside the public names."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path

import pytest

import kerjasama
from engine.version import VERSION
from tests.places import ROOT


def _run(code: str, *, cwd: Path = ROOT, path: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=cwd,
        env={"PYTHONPATH": str(path), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


def test_public_names_are_all_there() -> None:
    """Every name that is promised can be imported."""
    for name in kerjasama.__all__:
        assert getattr(kerjasama, name) is not None
    assert set(kerjasama.__all__) <= set(dir(kerjasama))


def test_public_face_unknown_name_is_an_attribute_error() -> None:
    """A name that is not promised is not found, as in any module."""
    assert not hasattr(kerjasama, "nothing_of_this_name")


def test_import_has_no_effects() -> None:
    """Importing the public names starts no thread, opens no database and reads no setting."""
    done = _run(
        """
        import json, os, sys, threading
        class Watched(dict):
            read = []
            def __getitem__(self, key): self.read.append(key); return super().__getitem__(key)
            def get(self, key, default=None): self.read.append(key); return super().get(key, default)
        environment = dict(os.environ)
        os.environ = Watched(environment)
        import kerjasama
        for name in kerjasama.__all__:
            getattr(kerjasama, name)
        print(json.dumps({
            "threads": threading.active_count(),
            "environment": dict(os.environ) == environment,
            "ours": [key for key in Watched.read if "KERJASAMA" in key],
            "drivers": [name for name in ("psycopg", "psycopg2", "pymysql") if name in sys.modules],
        }))
        """
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "threads": 1,
        "environment": True,
        "ours": [],
        "drivers": [],
    }


def test_import_alone_loads_no_dependency() -> None:
    """`import kerjasama` loads nothing heavy until a name is used."""
    done = _run("import sys, kerjasama; print(*sorted({m.split('.')[0] for m in sys.modules}))")
    assert done.returncode == 0, done.stderr
    assert not set(done.stdout.split()) & {
        "sqlalchemy",
        "pydantic",
        "yaml",
        "alembic",
        "apscheduler",
        "click",
    }


def test_command_line_help_imports_little() -> None:
    """`kerjasama --help` answers quickly because it loads neither the store nor the loader."""
    done = _run(
        """
        import sys
        from engine.cli import main
        try:
            main(["--help"])
        except SystemExit as stop:
            assert not stop.code, stop.code
        print("LOADED", *sorted({m.split('.')[0] for m in sys.modules}))
        """
    )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.rpartition("LOADED")[2].split())
    heavy = {"sqlalchemy", "yaml", "alembic", "apscheduler", "pydantic", "transitions", "psycopg"}
    assert "click" in loaded
    assert not loaded & heavy


PROBLEMS = re.compile(r'CommandProblem\(\s*what="([\w-]+)"')


def _raising() -> dict[str, list[str]]:
    """Return each module of the command line with the problems that it names."""
    found = {}
    for path in sorted((ROOT / "engine" / "cli").glob("*.py")):
        if named := sorted(set(PROBLEMS.findall(path.read_text(encoding="utf-8")))):
            found[f"engine.cli.{path.stem}"] = named
    return found


@pytest.mark.parametrize(("module", "named"), _raising().items(), ids=list(_raising()))
def test_module_has_the_texts_of_its_problems(module: str, named: list[str]) -> None:
    """What a module may raise can be said although no other command was imported."""
    done = _run(
        f"""
        import {module}
        from workflow.locale import Message
        for name in {named!r}:
            try:
                Message("cli.problem." + name).text("id")
            except KeyError as missing:
                if str(missing) == repr("cli.problem." + name):
                    raise SystemExit(name)
        """
    )
    assert done.returncode == 0, done.stderr


def test_import_shadowed_sibling_says_what_shadows_it(tmp_path: Path) -> None:
    """Another package called `workflow` in front of ours is named with its place."""
    (tmp_path / "workflow.py").write_text("")
    done = _run("import kerjasama", cwd=tmp_path, path=ROOT)
    assert done.returncode == 1
    assert str(tmp_path / "workflow.py") in done.stderr
    assert "shadows" in done.stderr


def test_version_is_the_same_everywhere() -> None:
    """The distribution, the public face and what history records name one version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert kerjasama.__version__ == project["version"] == VERSION
