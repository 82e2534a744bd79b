"""What the sources may and may not contain: sizes, imports, dynamic code, words of a machine."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.places import ROOT

PACKAGES = ("workflow", "engine", "kerjasama")
SOURCES = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))

LARGEST_MODULE = 600

HOMES = {
    "yaml": ("workflow.source.text",),
    "transitions": ("workflow.chart.machine",),
    "apscheduler": ("engine.clock",),
    "alembic": ("engine.store.migrations",),
    "click": ("engine.cli",),
    "sqlalchemy": ("engine.store",),
    "psycopg": ("engine.store",),
    "sqlite3": ("engine.store",),
}
"""Third-party package → the modules, with what is below them, that may import it."""

BOUNDARIES = {
    "engine.facts": "a provider that fails leaves an answer unknown, it does not end the reading",
    "engine.outbox": "a handler is the host's code: its failure is kept and tried again",
    "engine.sweep": "whatever is wrong with one case, the clocks of the others go on",
}
"""Modules with one place each that may catch whatever comes, and why."""

DYNAMIC = {"eval", "exec", "compile", "__import__"}
FORBIDDEN_MODULES = {"pickle", "marshal", "shelve", "dill"}


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def _imports(tree: ast.AST) -> Iterator[str]:
    """Yield the full names of imported modules, those for type checkers left out."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
        else:
            yield from _imports(node)


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_module_size_stays_readable(path: Path) -> None:
    """A module that no one can see whole is to be divided."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LARGEST_MODULE


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_module_says_what_it_owns(path: Path) -> None:
    """Every module begins with a docstring."""
    text = path.read_text(encoding="utf-8")
    assert not text.strip() or ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_module_third_party_imports_have_one_home(path: Path) -> None:
    """Each dependency is imported in one place, so that it can be replaced in one place."""
    module = _module(path)
    strays = [
        name
        for name in _imports(_tree(path))
        if (homes := HOMES.get(name.split(".")[0]))
        and not any(module == home or module.startswith(f"{home}.") for home in homes)
    ]
    assert strays == []


@pytest.mark.parametrize("path", [p for p in SOURCES if p.is_relative_to(ROOT / "workflow")], ids=_name)
def test_core_imports_no_input_output(path: Path) -> None:
    """The core reads no clock, file, socket, randomness or environment, and does not log."""
    impure = {"os", "io", "socket", "random", "secrets", "logging", "subprocess", "threading", "time", "uuid"}
    allowed = {"workflow.chart.machine": {"threading"}}.get(_module(path), set())
    found = {name.split(".")[0] for name in _imports(_tree(path))} & (impure - allowed)
    assert not found


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_module_runs_no_dynamic_code(path: Path) -> None:
    """No text becomes code, and nothing is unpickled."""
    calls = {
        node.func.id
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not calls & DYNAMIC
    assert not {name.split(".")[0] for name in _imports(_tree(path))} & FORBIDDEN_MODULES


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_module_catches_what_it_names(path: Path) -> None:
    """No handler swallows whatever comes along, but at the listed boundaries to the host's code."""
    broad = [
        node.lineno
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.ExceptHandler) and _is_broad(node) and not _raises_again(node)
    ]
    assert len(broad) <= (1 if _module(path) in BOUNDARIES else 0), f"lines {broad}"


def _is_broad(handler: ast.ExceptHandler) -> bool:
    caught = ast.walk(handler.type) if handler.type else ()
    names = {name.id for name in caught if isinstance(name, ast.Name)}
    return handler.type is None or bool(names & {"Exception", "BaseException"})


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_module_leaves_warnings_to_the_host(path: Path) -> None:
    """No module touches the warning filters of the process."""
    calls = {ast.unparse(node.func) for node in ast.walk(_tree(path)) if isinstance(node, ast.Call)}
    assert not {call for call in calls if call.endswith(("filterwarnings", "simplefilter"))}


def _raises_again(handler: ast.ExceptHandler) -> bool:
    """Whether nothing is swallowed: the error is raised on, or named and raised on."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and (last.exc is None or last.cause is not None)


@pytest.mark.parametrize("path", TESTS, ids=_name)
def test_tests_wait_for_nothing(path: Path) -> None:
    """Time in the tests is a fake clock: nothing sleeps."""
    sleeps = [
        node.lineno
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Attribute) and node.func.attr == "sleep")
            or (isinstance(node.func, ast.Name) and node.func.id == "sleep")
        )
    ]
    assert sleeps == []


@pytest.mark.parametrize("path", TESTS, ids=_name)
def test_tests_state_their_rule(path: Path) -> None:
    """Every test is named in words and has a docstring of one sentence."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            sentence = ast.get_docstring(node)
            assert sentence, f"{node.name} has no docstring"
            assert sentence.rstrip().endswith((".", "?", ":")), f"{node.name}: the docstring is no sentence"


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        return [path for path in ROOT.rglob("*") if path.is_file() and ".venv" not in path.parts]
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


FOREIGN = re.compile(
    "|".join(
        [
            r"(?<![\w.])/(?:work|root|farm|home/\w+)/",
            r"py" + r"pi\.org",
            r"python" + r"hosted\.org",
            r"[a-z]:\\users",
        ]
    ),
    re.IGNORECASE,
)


def test_repository_names_no_machine() -> None:
    """No file carries the path of a machine or the host of a package registry."""
    found = [
        f"{_name(path)}: {match.group()}"
        for path in _tracked()
        for match in FOREIGN.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []
