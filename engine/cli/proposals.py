"""Proposal files: who opens a case, for which parties, with which fields and documents.

Owns the form of such a file and its findings, each with its place. Whether a case may be opened with it
is the engine's to say. The form (docs/reference/cli.md, "Proposal files")::

    usulan: ksdd                       # the workflow
    who: {id: rina, roles: [opd], party: kukar}
    parties:
      - {id: kukar, side: pemrakarsa, name: Pemerintah Kabupaten Kutai Kartanegara}
    open: {judul: …}                   # fields that the case is opened with
    documents: {lampiran: surat.pdf}   # files, beside this one
    ajukan: {latar_belakang: …}        # fields of a trigger, for ``do --fields-file``
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field as Member

import workflow.texts.loading  # noqa: F401  (registers the texts of the findings)
from engine.cli.failures import CommandProblem, FileRejected
from engine.cli.values import declared_as, from_node
from engine.files import read_file, shipped_definition
from workflow.case import Actor, Party
from workflow.definition import Definition, Field, FieldType
from workflow.expressions.values import encode
from workflow.locale import Message
from workflow.source.diagnostics import Diagnostic, Span, finding
from workflow.source.reading import Reader, suggestion
from workflow.source.shapes import Name, Shape, Some, Text
from workflow.source.text import Mapping as TextMapping
from workflow.source.text import Node, Parsed, Scalar, Sequence, parse

KEYS = ("usulan", "who", "parties", "open", "documents")
"""Keys with a meaning of their own; every other key is a trigger with its fields."""

TOP = Span(1, 1, 1, 1)

S = TypeVar("S", bound=Shape)


class WhoShape(Shape, frozen=True):
    """Who opens the case."""

    id: Text
    roles: Some[Name] = Member(())
    party: Text | None = None


class PartyShape(Shape, frozen=True):
    """A party of the cooperation."""

    id: Text
    side: Name
    name: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a proposal file says, as it was written: fields are typed once their definition is known.

    Attributes:
        sections: Trigger → its fields; ``open`` for the opening.
        documents: Document → files, relative names already beside the file.
        parsed: The file's text, for findings.
    """

    workflow: str
    who: Actor | None
    parties: tuple[Party, ...]
    sections: Mapping[str, TextMapping]
    documents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parsed: Parsed


def read_text(name: str) -> Parsed:
    """Read a file of the command line; a shipped one (``examples/…``) where there is no such file.

    Raises:
        CommandProblem: It cannot be read.
        FileRejected: Its text has problems.
    """
    path = Path(name)
    if not path.exists() and (shipped := shipped_definition(name)) is not None:
        path = shipped
    try:
        source = read_file(path)
    except OSError as error:
        raise CommandProblem(what="unreadable", file=name, why=error.strerror or str(error)) from error
    parsed = parse(source, file=name)
    reject(parsed, parsed.diagnostics)
    return parsed


def reject(parsed: Parsed, found: tuple[Diagnostic, ...] | list[Diagnostic]) -> None:
    """Refuse a file that has problems.

    Raises:
        FileRejected: There are some.
    """
    if found:
        raise FileRejected(diagnostics=found, sources={parsed.file: parsed.text})


def is_proposal(parsed: Parsed) -> bool:
    """Whether a file is a proposal rather than the fields of one act."""
    return isinstance(parsed.root, TextMapping) and parsed.root.get("usulan") is not None


def read_proposal(parsed: Parsed) -> Proposal:
    """Read a proposal.

    Raises:
        FileRejected: With every problem of its form.
    """
    reading = _Reading(parsed)
    proposal = reading.run()
    reject(parsed, reading.found)
    return proposal


class _Reading:
    """One proposal being read; ``found`` grows as it goes."""

    def __init__(self, parsed: Parsed) -> None:
        self._parsed = parsed
        self._reader = Reader(parsed.file)
        self._more: list[Diagnostic] = []

    @property
    def found(self) -> list[Diagnostic]:
        """The findings by place."""
        both = (*self._reader.diagnostics, *self._more)
        return sorted(both, key=lambda one: (one.line, one.column))

    def run(self) -> Proposal:
        root = self._parsed.root
        if not isinstance(root, TextMapping):
            self._wrong(TOP if root is None else root.span, "mapping")
            root = TextMapping(entries=(), span=TOP)
        workflow = root.get("usulan")
        if not isinstance(workflow, Scalar):
            self._report("missing-key", TOP, name="usulan")
        elif not workflow.text:
            key = root.key("usulan")
            self._report("empty-value", workflow.span if key is None else key.span)
        return Proposal(
            workflow=workflow.text if isinstance(workflow, Scalar) else "",
            who=self._who(root.get("who")),
            parties=tuple(self._parties(root.get("parties"))),
            sections=dict(self._sections(root)),
            documents=dict(self._documents(root.get("documents"))),
            parsed=self._parsed,
        )

    def _who(self, node: Node | None) -> Actor | None:
        who = None if node is None else self._reader.read(node, WhoShape, node.span)
        if who is None:
            return None
        roles = tuple(role.text for role in who.roles)
        return Actor(who.id.text, roles=roles, party=who.party.text if who.party else None)

    def _parties(self, node: Node | None) -> Iterator[Party]:
        if node is None:
            return
        if not isinstance(node, Sequence):
            self._wrong(node.span, "list")
            return
        known: set[str] = set()
        for item in node.items:
            party = self._reader.read(item, PartyShape, item.span)
            if party is not None:
                if party.id.text in known:
                    self._report("name-twice", party.id.span, name=party.id.text)
                known.add(party.id.text)
                name = party.name.text if party.name else None
                yield Party(party.id.text, side=party.side.text, name=name)

    def _sections(self, root: TextMapping) -> Iterator[tuple[str, TextMapping]]:
        for entry in root.entries:
            name = entry.key.text
            if name in KEYS and name != "open":
                continue
            if isinstance(entry.value, TextMapping):
                yield name, entry.value
            elif name == "open":
                self._wrong(entry.key.span, "mapping")
            else:
                self._report("unknown-key", entry.key.span, help=suggestion(name, KEYS), name=name)

    def _documents(self, node: Node | None) -> Iterator[tuple[str, tuple[str, ...]]]:
        if node is None:
            return
        if not isinstance(node, TextMapping):
            self._wrong(node.span, "mapping")
            return
        folder = Path(self._parsed.file).parent
        for entry in node.entries:
            value = entry.value
            files = value.items if isinstance(value, Sequence) else (value,)
            names = [str(folder / one.text) for one in files if isinstance(one, Scalar) and one.text]
            if len(names) != len(files) or not names:
                self._report("empty-value", entry.key.span)
            yield entry.key.text, tuple(names)

    def _wrong(self, span: Span, wanted: str) -> None:
        found = Message("cli.something-else")
        self._report("wrong-type", span, wanted=Message(f"shape.a-{wanted}"), found=found)

    def _report(self, code: str, span: Span, **params: Any) -> None:
        self._more.append(finding(code, self._parsed.file, span, **params))


# --- fields ------------------------------------------------------------------------------------------


def fields_of(parsed: Parsed, part: TextMapping, definition: Definition) -> dict[str, Any]:
    """Return the fields of a part of a file as the embedding API takes them.

    Raises:
        FileRejected: With every field that there is not and every value of another form, and its place.
    """
    found = [one for entry in part.entries for one in _problems(parsed, entry.key, entry.value, definition)]
    reject(parsed, found)
    fields = definition.fields
    return {
        entry.key.text: from_node(declared_as(fields, entry.key.text), entry.value) for entry in part.entries
    }


def _problems(parsed: Parsed, key: Scalar, value: Node, definition: Definition) -> Iterator[Diagnostic]:
    declared = declared_as(definition.fields, key.text)
    if declared is None:
        near = suggestion(key.text, definition.fields)
        yield finding("unknown-field", parsed.file, key.span, help=near, name=key.text)
        return
    yield from _in_value(parsed, declared, value)


def _in_value(parsed: Parsed, declared: Field, value: Node) -> Iterator[Diagnostic]:
    if declared.columns:
        yield from _in_table(parsed, declared, value)
        return
    for scalar in _scalars(value):
        given = from_node(_one(declared), scalar)
        if _is_wrong(declared, given):
            expected = _expected(declared)
            yield finding("wrong-value", parsed.file, scalar.span, value=scalar.text, expected=expected)


def _in_table(parsed: Parsed, record: Field, value: Node) -> Iterator[Diagnostic]:
    if record.per_party and isinstance(value, TextMapping):
        for party in value.entries:
            yield from _in_rows(parsed, record, party.value)
    else:
        yield from _in_rows(parsed, record, value)


def _in_rows(parsed: Parsed, record: Field, rows: Node) -> Iterator[Diagnostic]:
    if isinstance(rows, Scalar) and from_node(None, rows) is None:
        return
    if not isinstance(rows, Sequence):
        yield _not_a(parsed, rows, "list")
        return
    for row in rows.items:
        if not isinstance(row, TextMapping):
            yield _not_a(parsed, row, "mapping")
            continue
        for cell in row.entries:
            column = record.columns.get(cell.key.text)
            if column is not None:
                yield from _in_value(parsed, column, cell.value)
                continue
            yield _no_column(parsed, record, cell.key)


def _no_column(parsed: Parsed, record: Field, key: Scalar) -> Diagnostic:
    near, variant = suggestion(key.text, record.columns), "unknown-field.column"
    return finding(
        "unknown-field", parsed.file, key.span, key=variant, help=near, name=key.text, record=record.name
    )


def _not_a(parsed: Parsed, node: Node, wanted: str) -> Diagnostic:
    shapes = {Scalar: "scalar", Sequence: "list", TextMapping: "mapping"}
    found = Message(f"shape.a-{shapes[type(node)]}")
    return finding("wrong-type", parsed.file, node.span, wanted=Message(f"shape.a-{wanted}"), found=found)


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _scalars(item)
    else:
        for entry in node.entries:
            yield from _scalars(entry.value)


def _one(declared: Field) -> Field:
    return Field(name=declared.name, type=declared.type, options=declared.options)


def _is_wrong(declared: Field, given: Any) -> bool:
    try:
        encoded = encode(_one(declared), given)
    except ValueError:
        return True
    return declared.type is FieldType.CHOICE and encoded is not None and encoded not in declared.options


def _expected(declared: Field) -> Message:
    match declared.type:
        case FieldType.CHOICE:
            return Message("shape.words", {"words": ", ".join(declared.options)})
        case FieldType.BOOLEAN:
            return Message("shape.boolean", {})
        case FieldType.DATE:
            return Message("shape.date", {})
        case FieldType.DURATION:
            return Message("shape.duration", {})
        case FieldType.INTEGER | FieldType.DECIMAL | FieldType.MONEY:
            return Message("cli.expected.number", {})
    return Message("shape.text", {})
