"""The page on the language names every key there is, where it may stand, and no other."""

from __future__ import annotations

import re

import pytest

from tests.places import ROOT
from workflow.loading.document import FragmentShape, WorkflowShape
from workflow.loading.schema import definition_schema
from workflow.source.shapes import Either, Items, Named, Shape, Spec, members

PAGE = (ROOT / "docs" / "reference" / "language.md").read_text(encoding="utf-8")


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


SHAPES = shapes(FragmentShape, shapes(WorkflowShape, {}))


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_page_has_the_keys_of_loader_and_schema(name: str) -> None:
    """The loader's keys, the schema's and the page's are the same, in one order."""
    model = SHAPES[name]
    word = name.removesuffix("Shape")
    section = PAGE.split(f"### Keys of {word}\n", 1)[1].split("\n### ", 1)[0]
    keys = re.findall(r"^\| `([a-z_]+)` \|", section, flags=re.MULTILINE)
    schema = definition_schema(FragmentShape if model is FragmentShape else WorkflowShape)["$defs"][word]
    assert keys == list(members(model)) == list(schema["properties"])


def test_page_has_no_other_sections_of_keys() -> None:
    """Every section of keys is of a shape that the loader has."""
    sections = re.findall(r"^### Keys of (\w+)$", PAGE, flags=re.MULTILINE)
    assert sorted(sections) == sorted(name.removesuffix("Shape") for name in SHAPES)
