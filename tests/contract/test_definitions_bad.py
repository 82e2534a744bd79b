"""Every diagnostic code has a broken file, a page, and a rendering in both languages that stays as it is.

``python -m tests.contract.test_definitions_bad`` writes the renderings anew; read them before they are
committed.
"""

from __future__ import annotations

import re

import pytest

from tests.bad_definitions import FOLDER, MADE, content, diagnose
from tests.places import ROOT
from workflow.source.diagnostics import CODES, REFERENCE
from workflow.source.formats import render_json
from workflow.source.renderers import render_text

EXPECTED = {"en": "expected.txt", "id": "expected.id.txt"}


def rendered(code: str, language: str) -> str:
    """Render what is found in the broken file of a code."""
    findings, sources = diagnose(code)
    return render_text(findings, sources, language=language)


@pytest.mark.parametrize("language", EXPECTED)
@pytest.mark.parametrize("code", sorted(CODES))
def test_broken_file_rendered_as_expected(code: str, language: str) -> None:
    """What is said about the broken file of a code is what was read and approved."""
    assert rendered(code, language) == (FOLDER / code / EXPECTED[language]).read_text(encoding="utf-8")


@pytest.mark.parametrize("code", sorted(CODES))
def test_broken_file_has_its_code_and_no_other(code: str) -> None:
    """A broken file is broken in one way only, so that one mistake is seen to be reported once."""
    others = {"yaml-anchor"} if code == "too-many-problems" else set()
    assert {one.code for one in diagnose(code)[0]} - others == {code}


@pytest.mark.parametrize("code", sorted(CODES))
def test_finding_stands_inside_its_file(code: str) -> None:
    """Lines and columns begin at 1 and lie inside the file that the finding names."""
    findings, sources = diagnose(code)
    for one in findings:
        lines = sources[one.file].split("\n")
        assert 1 <= one.line <= one.end_line <= len(lines)
        assert 1 <= one.column <= len(lines[one.line - 1]) + 1
        assert one.message_id
        assert (one.help is None) == (one.help_id is None)
        assert one.url == f"{REFERENCE}#{one.code}"
    assert render_json(findings).startswith("[")


def test_codes_pages_and_folders_agree() -> None:
    """The codes, the sections of the reference and the folders of broken files are the same."""
    page = (ROOT / REFERENCE).read_text(encoding="utf-8")
    headings = re.findall(r"^### ([a-z0-9-]+)$", page, flags=re.MULTILINE)
    assert headings == sorted(headings)
    assert set(headings) == set(CODES)
    assert {folder.name for folder in FOLDER.iterdir() if folder.is_dir()} == set(CODES)


def test_page_says_what_each_code_is_about() -> None:
    """Each section begins with the line that the code was registered with."""
    page = (ROOT / REFERENCE).read_text(encoding="utf-8")
    for code, about in CODES.items():
        section = page.split(f"### {code}\n", 1)[1].split("\n### ", 1)[0]
        first = section.strip().split("\n", 1)[0].rstrip(".")
        assert first.lower() == about.rstrip(".").lower(), code


def test_made_files_are_those_that_are_too_large() -> None:
    """Only what cannot be kept is made; everything else can be opened and read."""
    for code in CODES:
        source, name = content(code)
        assert (code in MADE) == (not (FOLDER / code / name).exists())
        assert source


if __name__ == "__main__":
    for written in sorted(CODES):
        (FOLDER / written).mkdir(parents=True, exist_ok=True)
        for spoken, file in EXPECTED.items():
            (FOLDER / written / file).write_text(rendered(written, spoken), encoding="utf-8")
