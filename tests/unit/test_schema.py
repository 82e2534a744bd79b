"""The JSON Schema and the loader accept the same files."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.bad_definitions import FOLDER, MATERIAL
from tests.places import DEFINITIONS, ROOT
from workflow.loading.document import FragmentShape, WorkflowShape
from workflow.loading.document_lists import LawsShape, ListShape
from workflow.loading.schema import definition_schema
from workflow.source.diagnostics import Span
from workflow.source.reading import NULLS, Parameters, Reader
from workflow.source.shapes import INTEGER, NUMBER, Either, Items, Named, Shape, Spec, members
from workflow.source.text import Entry, Mapping, Node, Scalar, Sequence, parse

NOWHERE = Span(1, 1, 1, 1)
SCHEMA = Draft202012Validator(definition_schema())


def as_json(node: Node) -> Any:
    """Return what a JSON Schema validator sees of a file."""
    if isinstance(node, Mapping):
        return {entry.key.text: as_json(entry.value) for entry in node.entries}
    if isinstance(node, Sequence):
        return [as_json(item) for item in node.items]
    if not node.plain:
        return node.text
    if node.text in NULLS:
        return None
    if node.text in ("true", "false"):
        return node.text == "true"
    if INTEGER.fullmatch(node.text.removeprefix("-")):
        return int(node.text)
    return Decimal(node.text) if NUMBER.fullmatch(node.text) else node.text


def is_accepted(node: Node, model: type[Shape] = WorkflowShape) -> bool:
    """Whether the loader finds nothing wrong with the form of a file."""
    reader = Reader("definition.yaml", Parameters.ACCEPTED)
    shape = reader.read(node, model, NOWHERE)
    assert reader.diagnostics or shape is not None
    return not reader.diagnostics


def files() -> Iterator[Path]:
    """Every definition at hand, good and bad."""
    yield from (path for path in DEFINITIONS.glob("*.yaml") if ".scenarios" not in path.suffixes)
    yield from MATERIAL.glob("*.yaml")
    yield from FOLDER.glob("*/definition.yaml")
    yield from (ROOT / "examples").glob("**/*.yaml")


def shapes(spec: Spec, found: dict[str, type[Shape]]) -> dict[str, type[Shape]]:
    """Collect the shapes that a specification leads to."""
    if isinstance(spec, Items | Named):
        return shapes(spec.item, found)
    model = spec.model if isinstance(spec, Either) else spec
    if isinstance(model, type) and model.__name__ not in found:
        found[model.__name__] = model
        for member in members(model).values():
            shapes(member.spec, found)
    return found


@pytest.mark.parametrize("model", [WorkflowShape, FragmentShape, ListShape, LawsShape])
def test_schema_is_valid_draft_2020_12(model: type[Shape]) -> None:
    """The schema itself obeys the dialect that it names."""
    schema = definition_schema(model)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_schema_keys_are_those_of_the_shapes() -> None:
    """Every shape is in the schema with exactly its keys."""
    definitions = definition_schema()["$defs"]
    found = shapes(WorkflowShape, {})
    assert {name.removesuffix("Shape") for name in found} == set(definitions) - {"Filled"}
    for name, model in found.items():
        schema = definitions[name.removesuffix("Shape")]
        assert list(schema["properties"]) == list(members(model))
        assert schema["additionalProperties"] is False


@pytest.mark.parametrize("path", sorted(files()), ids=lambda path: str(path.relative_to(ROOT)))
def test_schema_and_loader_agree_on_a_file(path: Path) -> None:
    """A file is valid under the schema just when the loader accepts its form."""
    root = parse(path.read_bytes(), file=path.name).root
    if root is None or not isinstance(root, Mapping) or root.get("workflow") is None:
        assert root is None or not SCHEMA.is_valid(as_json(root))
        return
    assert SCHEMA.is_valid(as_json(root)) == is_accepted(root)


@pytest.mark.parametrize(("name", "model"), [("urusan", ListShape), ("laws", LawsShape)])
@pytest.mark.parametrize("folder", [DEFINITIONS, MATERIAL], ids=["definitions", "material"])
def test_schema_and_loader_accept_the_lists(folder: Path, name: str, model: type[Shape]) -> None:
    """The shared lists and the catalogue of laws are valid under both."""
    root = parse((folder / "lists" / f"{name}.yaml").read_bytes(), file=name).root
    assert root is not None
    assert Draft202012Validator(definition_schema(model)).is_valid(as_json(root))
    assert is_accepted(root, model)


# Mutations ---------------------------------------------------------------------------------------

SMALL = parse((MATERIAL / "kerjasama_kecil.yaml").read_bytes(), file="kerjasama_kecil.yaml").root
assert isinstance(SMALL, Mapping)

WORDS = sorted({key for model in shapes(WorkflowShape, {}).values() for key in members(model)})
TEXTS = (
    *("", "~", "null", "true", "false", "True", "0", "1", "7", "-1", "007", "1.10", "2.5", "1000000000"),
    *("a", "self", "a.b", "a.b.c", "A", "a b", "$a", "$A", "clock", "all", "majority", "required", "stay"),
    *(
        "party",
        "parties",
        "text",
        "money",
        "record",
        "choice",
        "target",
        "statutory",
        "after",
        "same",
        "none",
    ),
    *("2026-02-30", "2026-01-01", "06-30", "07:00", "25:00", "45 days", "1 day", "0 days", "10 hari"),
    *(
        "Asia/Makassar",
        "lists/urusan.yaml",
        "../x.yaml",
        "/x",
        "IDR",
        "idr",
        "application/pdf",
        "P22 ps 1",
        " ",
    ),
)


def scalar(text: str, *, plain: bool) -> Scalar:
    """Make a scalar that stands nowhere."""
    return Scalar(text=text, plain=plain, span=NOWHERE)


scalars = st.builds(scalar, st.sampled_from(TEXTS), plain=st.booleans())
keys = st.builds(scalar, st.sampled_from((*WORDS, "a", "A", "true", "zz")), plain=st.just(True))
sequences = st.lists(scalars, max_size=2).map(lambda items: Sequence(items=tuple(items), span=NOWHERE))


def mapping(entries: list[Entry]) -> Mapping:
    """Make a mapping with each key once."""
    once = {entry.key.text: entry for entry in entries}
    return Mapping(entries=tuple(once.values()), span=NOWHERE)


mappings = st.lists(st.builds(Entry, key=keys, value=st.one_of(scalars, sequences)), max_size=3).map(mapping)
nodes: st.SearchStrategy[Node] = st.one_of(scalars, sequences, mappings)


def mutated(draw: st.DrawFn, node: Node) -> Node:
    """Change one place of a tree, chosen by going down at random."""
    if isinstance(node, Mapping) and node.entries and draw(st.integers(0, 5)):
        at = draw(st.integers(0, len(node.entries) - 1))
        entry = node.entries[at]
        return mapping([*node.entries[:at], *changed(draw, entry), *node.entries[at + 1 :]])
    if isinstance(node, Sequence) and node.items and draw(st.integers(0, 3)):
        at = draw(st.integers(0, len(node.items) - 1))
        items = (*node.items[:at], mutated(draw, node.items[at]), *node.items[at + 1 :])
        return Sequence(items=items, span=NOWHERE)
    if draw(st.booleans()):
        return Sequence(items=(node,), span=NOWHERE)
    return draw(nodes)


def changed(draw: st.DrawFn, entry: Entry) -> list[Entry]:
    """Change an entry: most often what is under it, else drop it, rename it or put another beside it."""
    what = draw(st.sampled_from(("into", "into", "into", "into", "drop", "rename", "beside")))
    if what == "drop":
        return []
    if what == "rename":
        return [Entry(key=draw(keys), value=entry.value)]
    if what == "beside":
        return [entry, Entry(key=draw(keys), value=draw(nodes))]
    return [Entry(key=entry.key, value=mutated(draw, entry.value))]


@st.composite
def definitions(draw: st.DrawFn) -> Node:
    """A valid definition with up to three changes."""
    node: Node = SMALL
    for _ in range(draw(st.integers(1, 3))):
        node = mutated(draw, node)
    return node


@settings(max_examples=400)
@given(node=definitions())
def test_schema_and_loader_agree_on_a_changed_file(node: Node) -> None:
    """Whatever is changed in a valid file, schema and loader judge its form alike."""
    assert SCHEMA.is_valid(as_json(node)) == is_accepted(node)
