"""The broken files under ``tests/definitions_bad``, one a diagnostic code, and how they are loaded.

Files too large to keep are made here. Used by the contract tests of diagnostics and of the schema.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from engine.files import FolderResolver
from tests.places import ROOT
from workflow.loading.loader import FileNotResolved, load_definition
from workflow.scenarios.scenarios import read_scenarios
from workflow.source.diagnostics import Diagnostic
from workflow.source.text import LIMITS, Parsed, parse
from workflow.time.calendars import load_calendar

FOLDER = ROOT / "tests" / "definitions_bad"
MATERIAL = ROOT / "tests" / "material"
SMALL = "kerjasama_kecil.yaml"
"""The definition that broken scenarios are for."""

MADE: Mapping[str, Callable[[], bytes]] = {
    "file-too-large": lambda: b"# " + b"x" * LIMITS.max_bytes,
    "text-too-long": lambda: _sound().replace(b"Contoh", b"x" * (LIMITS.max_text + 1)),
    "too-many-nodes": lambda: b"\n".join(b"- a" for _ in range(LIMITS.max_nodes + 1)),
    "too-many-problems": lambda: b"\n".join(b"- &a%d b" % n for n in range(LIMITS.max_findings + 1)),
}
"""Code → the content of a definition file that is too large to keep."""


def _sound() -> bytes:
    """Return a file without errors."""
    return (
        (FOLDER / "shadowed-trigger" / "definition.yaml")
        .read_bytes()
        .replace(b"transitions:\n  ajukan", b"transitions:\n  batalkan", 1)
    )


class MaterialResolver:
    """Reads from the folder of a broken file, else from the tests' own lists."""

    def __init__(self, folder: Path) -> None:
        self._folders = (FolderResolver(folder), FolderResolver(MATERIAL))

    def read(self, relative_path: str, from_file: str) -> tuple[str, bytes]:
        """Read a file; see `workflow.loading.loader.Resolver`."""
        try:
            return self._folders[0].read(relative_path, from_file)
        except FileNotResolved:
            return self._folders[1].read(relative_path, from_file)


def content(code: str) -> tuple[bytes, str]:
    """Return the broken file for a code and its name."""
    if code in MADE:
        return MADE[code](), "definition.yaml"
    names = ("calendar.yaml", "scenarios.yaml", "definition.yaml")
    name = next((name for name in names if (FOLDER / code / name).exists()), names[-1])
    return (FOLDER / code / name).read_bytes(), name


def diagnose(code: str) -> tuple[tuple[Diagnostic, ...], dict[str, str]]:
    """Load the broken file for a code: its findings, and the texts that they are in."""
    folder = FOLDER / code
    source, name = content(code)
    parsed = parse(source, file=name)
    if name == "definition.yaml":
        loaded = load_definition(parsed, resolve=MaterialResolver(folder))
        return loaded.diagnostics, dict(loaded.sources)
    if name == "scenarios.yaml":
        small = (MATERIAL / SMALL).read_bytes()
        definition = load_definition((small, SMALL), resolve=FolderResolver(MATERIAL)).definition
        return read_scenarios(parsed, {SMALL: definition}).diagnostics, {name: parsed.text}
    sources = {name: parsed.text}

    def extended(calendar: str) -> Parsed | None:
        file = folder / f"{calendar}.yaml"
        if not file.exists():
            return None
        found = parse(file.read_bytes(), file=file.name)
        sources[file.name] = found.text
        return found

    _, findings = load_calendar(parsed, extended)
    return findings, sources
