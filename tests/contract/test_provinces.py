"""The shipped list of provinces is that of the Ministry of Home Affairs: codes, order and names."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from engine.files import FolderResolver
from tests.places import DEFINITIONS
from workflow.loading.catalogues import check_shared
from workflow.source.text import Mapping, Scalar, parse

LIST = DEFINITIONS / "lists" / "provinsi.yaml"


def _listed() -> list[tuple[str, str]]:
    """Return code, from the comment of the line, and Indonesian name of each item, in their order."""
    text = LIST.read_text(encoding="utf-8")
    lines = text.splitlines()
    root = parse(text, file=LIST.name).root
    assert isinstance(root, Mapping)
    items = root.get("items")
    assert isinstance(items, Mapping)
    found = []
    for entry in items.entries:
        assert isinstance(entry.value, Mapping)
        title = entry.value.get("title")
        assert isinstance(title, Mapping)
        name = title.get("id")
        assert isinstance(name, Scalar)
        code = re.search(r"# (\d+)$", lines[entry.key.span.line - 1])
        assert code is not None, entry.key.text
        found.append((code[1], name.text))
    return found


def test_provinces_are_the_38_of_the_ministry(vectors: Path) -> None:
    """Codes of two digits are provinces; the list has all of them, in that order, under those names."""
    with (vectors / "indonesia" / "wilayah_level_1_2.csv").open(encoding="utf-8", newline="") as file:
        provinces = [(row["kode"], row["nama"]) for row in csv.DictReader(file) if len(row["kode"]) == 2]
    assert len(provinces) == 38
    assert _listed() == provinces


def test_provinces_are_a_clean_list() -> None:
    """The list has no finding."""
    parsed = parse(LIST.read_text(encoding="utf-8"), file=LIST.name)
    assert check_shared(parsed, FolderResolver(DEFINITIONS)) == ()
