"""A small workflow's fields and an environment with plain values, for tests of guards."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from workflow.definition import Fact, Field, FieldType, Label
from workflow.expressions.guards import Expression, Kin, Problem, Scope, compile_expression
from workflow.time.calendars import Calendar

EVERYTHING = frozenset(
    ("today", "role", "mandate", "documents", "parties", "in_state", "facts", "clocks", "children")
)


def options(*names: str) -> dict[str, Label]:
    """Options of a choice, each its own label."""
    return {name: Label(id=name) for name in names}


def make_field(name: str, kind: FieldType, **attributes: Any) -> Field:
    """A field of the given type."""
    return Field(name=name, type=kind, **attributes)


FIELDS = {
    one.name: one
    for one in (
        make_field("judul", FieldType.TEXT),
        make_field("jumlah", FieldType.INTEGER),
        make_field("skor", FieldType.DECIMAL),
        make_field("nilai", FieldType.MONEY, currency="IDR"),
        make_field("bertahap", FieldType.BOOLEAN),
        make_field("kb_tanggal", FieldType.DATE),
        make_field("kb_sampai", FieldType.DATE),
        make_field("jangka", FieldType.DURATION),
        make_field("kategori", FieldType.CHOICE, options=options("wajib", "sukarela")),
        make_field("hasil", FieldType.CHOICE, options=options("layak", "perbaikan", "tidak_layak")),
        make_field("urusan", FieldType.CHOICE, options=options("kesehatan", "pendidikan"), many=True),
        make_field("catatan", FieldType.TEXT, many=True),
        make_field("pejabat", FieldType.PERSON),
        make_field("pengusul", FieldType.PARTY),
        make_field("narahubung", FieldType.PERSON, personal=True),
        make_field("nomor_kb", FieldType.TEXT, per_party=True),
    )
}
FACTS = {"pagu_tersedia": Fact(name="pagu_tersedia", type=FieldType.BOOLEAN)}
PKS = Kin(fields={"nilai": FIELDS["nilai"], "urusan": FIELDS["urusan"]}, outcomes=("berakhir", "dibatalkan"))
SCOPE = Scope(
    fields=FIELDS,
    facts=FACTS,
    allow=EVERYTHING,
    states=frozenset(("telaah", "dprd", "dprd.dibahas", "dprd.diputus", "mitra", "mitra.dibahas")),
    documents=frozenset(("kak", "kb", "rancangan_pks")),
    roles=frozenset(("opd", "kepala_daerah")),
    deadlines=frozenset(("dprd.batas", "dprd.dibahas.batas_langkah")),
    obligations=frozenset(("laporan", "dprd.jawaban", "mitra.jawaban")),
    children={"pks": PKS, "lain": Kin()},
    child=PKS,
)

CALENDAR = Calendar.from_canonical(
    {
        "format": 1,
        "calendar": "contoh",
        "version": 1,
        "week": ["mon", "tue", "wed", "thu", "fri"],
        "covers": {"from": "2024-01-01", "until": "2026-12-31"},
    }
)


@dataclass(frozen=True, kw_only=True)
class Relative:
    """A related case, given as plain values."""

    closed: bool = False
    outcome: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)

    def field(self, name: str) -> Any:
        """What it shares."""
        return self.fields.get(name)


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What a guard sees, given as plain values."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    today: date = date(2026, 1, 5)
    role: str | None = "opd"
    documents: Collection[str] = frozenset()
    parties: tuple[str, ...] = ("kukar", "samarinda")
    active: frozenset[str] = frozenset()
    calendar: Calendar = CALENDAR
    mandate: str | None = None
    outcome: str | None = None
    passed: frozenset[str] = frozenset()
    late: frozenset[str] = frozenset()
    family: Mapping[str, tuple[Relative, ...]] = field(default_factory=dict)
    child: Relative = Relative()
    parent: Relative = Relative()

    def field(self, name: str) -> Any:
        """A field's value."""
        return self.fields.get(name)

    def fact(self, name: str) -> Any:
        """A fact's value."""
        return self.facts[name]

    def in_state(self, path: str) -> bool:
        """Whether a state is active."""
        return path in self.active

    def expired(self, path: str) -> bool:
        """Whether a deadline has passed."""
        return path in self.passed

    def overdue(self, path: str) -> bool:
        """Whether an obligation is overdue."""
        return path in self.late

    def children(self, name: str) -> tuple[Relative, ...]:
        """The children of one kind."""
        return self.family.get(name, ())


def known(*names: str, **attributes: Any) -> Scope:
    """The scope in which these fields, or all where none is named, cannot be empty."""
    allow = attributes.get("allow", EVERYTHING)
    return replace(SCOPE, known=frozenset(names or FIELDS), allow=allow)


def compiled(text: str, scope: Scope | None = None, expect: Any = None) -> Expression:
    """Compile a guard that must be right."""
    found = compile_expression(text, known() if scope is None else scope, expect=expect)
    assert isinstance(found, Expression), [str(one.message) for one in found]
    return found


def refused(text: str, scope: Scope | None = None, expect: Any = None) -> tuple[Problem, ...]:
    """Compile a guard that must be wrong."""
    found = compile_expression(text, known() if scope is None else scope, expect=expect)
    assert not isinstance(found, Expression), f"{text!r} was taken"
    return found
