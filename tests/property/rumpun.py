"""A family of definitions with everything that a case can do, in many shapes.

Owns the three workflows of ``tests/material/rumpun`` that the properties of whole families are played on:
``pokok`` opens cases of ``ranting``, and both are asked for facts by ``pokok`` and by ``lepas``, which has no
relatives. Suspension, extension, correction, attachment, consent with silence, mandates, recorders, duties
and clocks that hold: all are there, and a `Shape` says how. Nothing here judges.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from hypothesis import strategies as st

from engine.files import FolderResolver
from tests.places import ROOT
from workflow.chart.process import Process
from workflow.definition import Definition
from workflow.loading.loader import load_definition

MATERIAL = ROOT / "tests" / "material"
LATE = "mulai is not None and mulai <= today"
"""A condition on the day of the act that asks."""

ZONE = "timezone: Asia/Makassar"
WORKFLOWS = ("pokok", "ranting", "lepas")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What differs between the families.

    Attributes:
        zones: Of ``pokok``, ``ranting`` and ``lepas``.
        holds: How long the clocks of ``pokok`` and of ``ranting`` wait for letters on their way; "": not.
        terms: Days of their clocks.
        suspension: Keys of ``suspension`` beside ``by``; ``ranting`` has the first as well, or none: "".
        is_suspendable: Whether a statutory clock stands still with the case.
        at_end: ``at_parent_end`` of both relations, and of the branch by which a head ends its family.
        by_child: What the end of a child brings about.
        last: What the last clock of ``pokok`` does.
        condition: What is asked of other cases.
        silence: What silence means; "": nobody waits.
    """

    zones: tuple[str, str, str] = ("Asia/Makassar", "Asia/Makassar", "Asia/Makassar")
    holds: tuple[str, str] = ("", "")
    terms: tuple[int, int] = (9, 12)
    suspension: tuple[str, str] = ("max_total: 12 days", "max_total: 12 days")
    is_suspendable: bool = False
    at_end: tuple[str, str, str] = ("refuse", "close", "close")
    by_child: str = "{when: \"child.outcome == 'jadi'\", set: {n: len(children('ranting'))}}"
    last: str = "to: gagal"
    condition: str = "outcome == 'gagal'"
    silence: str = "consent"


ZONES = st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
HOLDS = st.sampled_from(["", "", "2 days", "3 working days", "9 days"])
POWERS = st.sampled_from(["max_total: 12 days", "max_total: 3 days", "reason: required", ""])
ENDS = st.sampled_from(["refuse", "close", "keep"])


@st.composite
def shapes(draw: st.DrawFn) -> Shape:
    """Any shape."""
    return Shape(
        zones=draw(st.tuples(ZONES, ZONES, ZONES)),
        holds=draw(st.tuples(HOLDS, HOLDS)),
        terms=draw(st.tuples(st.integers(1, 15), st.integers(1, 15))),
        suspension=draw(st.tuples(POWERS, POWERS)),
        is_suspendable=draw(st.booleans()),
        at_end=draw(st.tuples(ENDS, ENDS, ENDS)),
        by_child=draw(
            st.sampled_from(
                [
                    "{when: \"child.outcome == 'jadi'\", set: {n: len(children('ranting'))}}",
                    "{when: \"child.outcome != 'jadi'\", to: gagal}",
                    "{when: child.nilai is not None and child.nilai > 3, to: jalan}",
                    "{when: \"any(one.nilai is None for one in children('ranting'))\", set: {n: 7}}",
                ]
            )
        ),
        last=draw(
            st.sampled_from(
                [
                    "to: gagal",
                    "choose: [{when: \"len(children('ranting')) == 0\", to: gagal}]",
                    "choose: [{when: \"any(one.nilai is None for one in children('ranting'))\", to: gagal}]",
                    "choose: [{when: \"all(one.closed for one in children('per_mitra'))\", to: jalan}]",
                    "choose: [{when: n is not None, set: {n: n + 1}}]",
                ]
            )
        ),
        condition=draw(
            st.sampled_from(["outcome == 'gagal'", "overdue('laporan')", "n is not None and n > 1", LATE])
        ),
        silence=draw(st.sampled_from(["consent", "refusal", ""])),
    )


@cache
def family(shape: Shape) -> dict[str, Process]:
    """Return the three workflows made ready."""
    found = texts(shape)
    return {name: Process(_load(name, text, Beside(found))) for name, text in found.items()}


class Beside:
    """Reads the three files where they refer to each other, and the calendar of the tests' material."""

    def __init__(self, found: Mapping[str, str]) -> None:
        self._found = found
        self._material = FolderResolver(MATERIAL)

    def read(self, relative_path: str, from_file: str) -> tuple[str, bytes]:
        """Read a file."""
        text = self._found.get(relative_path.removesuffix(".yaml"))
        if text is not None:
            return relative_path, text.encode()
        return self._material.read(relative_path, from_file)


def _load(name: str, text: str, beside: Beside) -> Definition:
    loaded = load_definition((text, f"{name}.yaml"), resolve=beside)
    assert loaded.definition is not None, [
        f"{name}:{one.line} {one.code} {one.message}" for one in loaded.diagnostics if one.severity == "error"
    ]
    return loaded.definition


def texts(shape: Shape) -> dict[str, str]:
    """Return the text of each workflow, by name: the files of the material with what the shape says."""
    first, second = (f", hold: {hold}" if hold else "" for hold in shape.holds)
    suspendable = ", suspendable: true" if shape.is_suspendable else ""
    silence = f", silence: {{after: 4 working days, means: {shape.silence}}}" if shape.silence else ""
    condition = {"any: \"outcome == 'gagal'\"": f'any: "{shape.condition}"'}
    pokok = condition | {
        ZONE: f"timezone: {shape.zones[0]}",
        "suspension: {by: [pemrakarsa.sekretariat], max_total: 12 days}": _suspension(
            "pemrakarsa.sekretariat", shape.suspension[0]
        ),
        "max: 3, at_parent_end: refuse": f"max: 3, at_parent_end: {shape.at_end[0]}",
        "shares: [nilai], at_parent_end: close": f"shares: [nilai], at_parent_end: {shape.at_end[1]}",
        "to: selesai, at_parent_end: close": f"to: selesai, at_parent_end: {shape.at_end[2]}",
        "kind: contractual, then": f"kind: contractual{first}, then",
        "kind: target, then": f"kind: target{first}, then",
        "within: 9 days": f"within: {shape.terms[0]} days",
        "basis: P22 ps 8(3), then: {to: gagal}": (
            f"basis: P22 ps 8(3){suspendable}{first}, then: {{{shape.last}}}"
        ),
        ", silence: {after: 4 working days, means: consent}": silence,
        "{when: \"child.outcome == 'jadi'\", set: {n: len(children('ranting'))}}": shape.by_child,
    }
    ranting = {
        ZONE: f"timezone: {shape.zones[1]}",
        "suspension: {by: [pemrakarsa.opd], max_total: 12 days}": _suspension(
            "pemrakarsa.opd", shape.suspension[1]
        ),
        "kind: contractual, then": f"kind: contractual{second}, then",
        "12 working days, kind: target": f"{shape.terms[1]} working days, kind: target{second}",
    }
    lepas = condition | {
        ZONE: f"timezone: {shape.zones[2]}",
        "kind: target, then": f"kind: target{first}, then",
    }
    found = {"pokok": pokok, "ranting": ranting, "lepas": lepas}
    return {name: _edited(name, changes) for name, changes in found.items()}


def _suspension(by: str, said: str) -> str:
    return f"suspension: {{by: [{by}], {said}}}" if said else ""


def _edited(name: str, changes: Mapping[str, str]) -> str:
    text = (MATERIAL / "rumpun" / f"{name}.yaml").read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text, f"{name}.yaml has no {old!r}"
        text = text.replace(old, new)
    return text
