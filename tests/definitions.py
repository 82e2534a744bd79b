"""Small definitions for tests of the loader, written from what differs."""

from __future__ import annotations

from textwrap import dedent, indent

from engine.files import FolderResolver
from tests.bad_definitions import MATERIAL
from workflow.definition import Definition
from workflow.loading.loader import Loaded, load_definition
from workflow.source.diagnostics import Diagnostic, Severity

HEAD = """\
format: 1
workflow: contoh
version: 1
title: Contoh
timezone: Asia/Makassar
calendar: indonesia
roles:
  opd: {title: Perangkat daerah}
  ketua: {title: Ketua}
"""
OPEN = """\
open:
  by: [opd]
  to: disusun
"""
STATES = """\
disusun:
  transitions:
    ajukan: {by: [opd], to: selesai}
    putuskan: {by: [ketua], to: selesai}
selesai: {final: true, outcome: selesai}
"""


def write(declared: str = "", *, opening: str = OPEN, states: str = STATES, head: str = HEAD) -> str:
    """Write a definition: declarations and an opening at the top, states without their key."""
    parts = (head, dedent(declared), dedent(opening), "states:\n", indent(dedent(states), "  "))
    return "".join(part if part.endswith("\n") or not part else part + "\n" for part in parts)


def load(text: str) -> Loaded:
    """Load a text beside the tests' lists."""
    return load_definition((text, "contoh.yaml"), resolve=FolderResolver(MATERIAL))


def definition(declared: str = "", *, opening: str = OPEN, states: str = STATES) -> Definition:
    """Load what must be without errors."""
    loaded = load(write(declared, opening=opening, states=states))
    assert loaded.definition is not None, [one.message for one in loaded.diagnostics]
    return loaded.definition


def findings(
    declared: str = "", *, opening: str = OPEN, states: str = STATES, head: str = HEAD
) -> list[Diagnostic]:
    """Return what is found, without what is merely unused."""
    loaded = load(write(declared, opening=opening, states=states, head=head))
    return [one for one in loaded.diagnostics if one.code != "unused-declaration"]


def codes(declared: str = "", *, opening: str = OPEN, states: str = STATES, head: str = HEAD) -> list[str]:
    """Return the codes of what is found, without what is merely unused."""
    return [one.code for one in findings(declared, opening=opening, states=states, head=head)]


def errors(found: list[Diagnostic]) -> list[str]:
    """Return the codes of errors."""
    return [one.code for one in found if one.severity is Severity.ERROR]
