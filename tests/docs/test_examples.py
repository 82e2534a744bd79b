"""Every example is executed: docstrings, and the Python and YAML of README and documentation.

A page's Python blocks run in order in one namespace, in an empty folder of their own. A block that
cannot run stands under ``<!-- not executed: why -->``.
"""

from __future__ import annotations

import doctest
import os
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

import engine
import kerjasama
import workflow
from engine.files import FolderResolver
from tests.places import DEFINITIONS, ROOT
from workflow.loading.loader import load_definition
from workflow.source.diagnostics import Severity
from workflow.source.renderers import render_text

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
WHOLE = re.compile(r"^(?P<kind>workflow|fragment): (?P<name>[a-z][a-z0-9_]*)$", re.MULTILINE)
"""What a block has that is a whole file."""

NOT_EXECUTED = "<!-- not executed:"


def _blocks(page: Path, language: str) -> list[str]:
    blocks, is_left_out = [], False
    for token in MarkdownIt("commonmark").parse(page.read_text(encoding="utf-8")):
        if token.type == "fence" and token.info.split()[:1] == [language] and not is_left_out:
            blocks.append(token.content)
        is_left_out = token.type == "html_block" and token.content.startswith(NOT_EXECUTED)
    return blocks


def _modules() -> Iterator[str]:
    for package in (workflow, engine, kerjasama):
        yield package.__name__
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations.versions." not in found.name and not found.name.endswith("__main__"):
                yield found.name


def _with(language: str) -> list[Path]:
    return [page for page in PAGES if _blocks(page, language)]


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.fixture
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, with nothing of ours in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("KERJASAMA_")]:
        monkeypatch.delenv(name)
    return tmp_path


@pytest.mark.parametrize("name", list(_modules()))
def test_docstring_examples_hold(name: str, empty_folder: Path) -> None:
    """What a docstring shows is what happens."""
    failed, _ = doctest.testmod(import_module(name), optionflags=doctest.ELLIPSIS)
    assert failed == 0


@pytest.mark.parametrize("page", _with("python"), ids=_name)
def test_python_of_a_page_runs(page: Path, empty_folder: Path) -> None:
    """The Python of a page runs as it stands, top to bottom."""
    (empty_folder / "definitions").symlink_to(DEFINITIONS)
    namespace: dict[str, object] = {"__name__": "__example__"}
    for number, block in enumerate(_blocks(page, "python"), start=1):
        exec(compile(block, f"{_name(page)}, Python block {number}", "exec"), namespace)


class _Beside:
    """Gives the other whole files of a page, else those that are shipped."""

    def __init__(self, page: Path) -> None:
        self._shipped = FolderResolver(DEFINITIONS)
        self._files = {}
        for block in _blocks(page, "yaml"):
            if found := WHOLE.search(block):
                folder = "fragments/" if found["kind"] == "fragment" else ""
                self._files[f"{folder}{found['name']}.yaml"] = block

    def read(self, relative_path: str, from_file: str) -> tuple[str, bytes]:
        """Read a file; see `workflow.loading.loader.Resolver`."""
        if relative_path in self._files:
            return relative_path, self._files[relative_path].encode()
        return self._shipped.read(relative_path, from_file)


@pytest.mark.parametrize("page", _with("yaml"), ids=_name)
def test_yaml_of_a_page_loads(page: Path) -> None:
    """Every whole definition or fragment that a page shows is free of errors, the page's others beside it."""
    beside = _Beside(page)
    for block in _blocks(page, "yaml"):
        if WHOLE.search(block):
            loaded = load_definition((block, _name(page)), resolve=beside)
            errors = [one for one in loaded.diagnostics if one.severity is Severity.ERROR]
            assert not errors, render_text(errors, {**loaded.sources, _name(page): block})
