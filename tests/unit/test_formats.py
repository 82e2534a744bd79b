"""Findings for programs: JSON, GitHub's workflow commands, SARIF."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.bad_definitions import diagnose
from tests.places import ROOT
from workflow.locale import Message
from workflow.source.diagnostics import CODES, Diagnostic, Severity, Span, finding, place
from workflow.source.formats import render_github, render_json, render_sarif

# What SARIF 2.1.0 requires of the objects that are written, and no other property: from the sections of
# the standard that are named, since the schema itself is not in this repository.
_MESSAGE = {
    "type": "object",
    "required": ["text"],
    "additionalProperties": False,
    "properties": {"text": {"type": "string", "minLength": 1}},  # §3.11.8
}
_NUMBER = {"type": "integer", "minimum": 1}
_PHYSICAL = {  # §3.29
    "type": "object",
    "required": ["artifactLocation", "region"],
    "additionalProperties": False,
    "properties": {
        "artifactLocation": {  # §3.4
            "type": "object",
            "required": ["uri"],
            "additionalProperties": False,
            "properties": {
                "uri": {"type": "string", "pattern": r"^[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+$", "minLength": 1}
            },
        },
        "region": {  # §3.30.5 to 8
            "type": "object",
            "required": ["startLine", "startColumn", "endLine", "endColumn"],
            "additionalProperties": False,
            "properties": dict.fromkeys(("startLine", "startColumn", "endLine", "endColumn"), _NUMBER),
        },
    },
}
SARIF = {
    "type": "object",
    "required": ["version", "runs"],  # §3.13
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "pattern": "/sarif-schema-2.1.0.json$"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1,
            "items": {
                "type": "object",
                "required": ["tool", "columnKind", "results"],  # §3.14.6, §3.14.17, §3.14.23
                "additionalProperties": False,
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],  # §3.18.2
                        "additionalProperties": False,
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name", "rules"],  # §3.19.8
                                "additionalProperties": False,
                                "properties": {
                                    "name": {"const": "kerjasama"},
                                    "version": {"type": "string"},
                                    "semanticVersion": {"type": "string", "pattern": r"^\d+\.\d+\.\d+"},
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": ["id", "shortDescription", "help"],  # §3.49.3
                                            "additionalProperties": False,
                                            "properties": {
                                                "id": {"type": "string", "pattern": "^[a-z0-9-]+$"},
                                                "shortDescription": _MESSAGE,
                                                "help": _MESSAGE,
                                                "helpUri": {"type": "string", "pattern": "^[a-z]+:"},
                                            },
                                        },
                                    },
                                },
                            }
                        },
                    },
                    "language": {"type": "string", "pattern": "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$"},  # §3.14.7
                    "columnKind": {"const": "unicodeCodePoints"},
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["ruleId", "ruleIndex", "level", "message", "locations"],  # §3.27
                            "additionalProperties": False,
                            "properties": {
                                "ruleId": {"type": "string"},
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "level": {"enum": ["note", "warning", "error"]},
                                "message": _MESSAGE,
                                "locations": {
                                    "type": "array",
                                    "minItems": 1,
                                    "maxItems": 1,
                                    "items": {
                                        "type": "object",
                                        "required": ["physicalLocation"],
                                        "additionalProperties": False,
                                        "properties": {"physicalLocation": _PHYSICAL},
                                    },
                                },
                                "relatedLocations": {  # §3.27.22
                                    "type": "array",
                                    "minItems": 1,
                                    "uniqueItems": True,
                                    "items": {
                                        "type": "object",
                                        "required": ["id", "physicalLocation", "message"],
                                        "additionalProperties": False,
                                        "properties": {
                                            "id": {"type": "integer", "minimum": 0},
                                            "physicalLocation": _PHYSICAL,
                                            "message": _MESSAGE,
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}

CHECK = ("check", "--format", "sarif")
HERE = Span(3, 5, 3, 9)
OTHER = place(Message("check.hidden-by"), "b.yaml", Span(7, 2, 7, 9))


def _found(file: str = "a.yaml", span: Span = HERE, **more: Any) -> Diagnostic:
    return finding("shadowed-trigger", file, span, name="batal", state="s", **more)


def _unescaped(text: str) -> str:
    """Undo the escapes as GitHub's runner does: ``%25`` last."""
    for code, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, char)
    return text


def _read(line: str) -> tuple[str, dict[str, str], str]:
    """Read one workflow command as GitHub's runner does."""
    matched = re.fullmatch(r"::([a-z]+) ([^\n]*?)::([^\n]*)", line)
    assert matched is not None, line
    pairs = (one.split("=", 1) for one in matched[2].split(","))
    return matched[1], {name: _unescaped(value) for name, value in pairs}, _unescaped(matched[3])


# GitHub ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("severity", "command"),
    [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.NOTE, "notice")],
)
def test_github_finding_becomes_the_command_of_its_severity(severity: Severity, command: str) -> None:
    """Errors, warnings and notes are GitHub's errors, warnings and notices, code as title, help below."""
    assert render_github([_found(severity=severity)]) == (
        f"::{command} file=a.yaml,line=3,endLine=3,col=5,endColumn=9,title=shadowed-trigger::"
        "'batal' is hidden in 's' by the transition of that name there%0A"
        "help: give one of them another name, or the inner one a 'when'\n"
    )


def test_github_signs_with_a_meaning_are_escaped() -> None:
    """Per cent, line breaks, and in properties colon and comma come back as they were."""
    found = _found("c:/50%,a\nb.yaml").model_copy(update={"message": "100% of a: b, c", "help": None})
    shown = render_github([found])
    assert shown.count("\n") == 1
    assert "file=c%3A/50%25%2Ca%0Ab.yaml," in shown
    assert shown.endswith("::100%25 of a: b, c\n")
    assert _read(shown.rstrip("\n"))[1]["file"] == "c:/50%,a\nb.yaml"


def test_github_columns_only_within_one_line() -> None:
    """GitHub refuses columns where a finding ends on another line."""
    _, properties, _ = _read(render_github([_found(span=Span(3, 5, 4, 2))]).rstrip("\n"))
    assert properties == {"file": "a.yaml", "line": "3", "endLine": "4", "title": "shadowed-trigger"}


def test_github_nothing_found_says_nothing() -> None:
    """Without findings there is no command."""
    assert render_github([]) == ""


@pytest.mark.parametrize("code", sorted(CODES))
@pytest.mark.parametrize("language", ["en", "id"])
def test_github_command_of_every_code_is_read_back(code: str, language: str) -> None:
    """Every finding is one line, from which message, place and the other places come back."""
    findings, _ = diagnose(code)
    lines = render_github(findings, language=language).splitlines()
    assert len(lines) == len(findings)
    for line, found in zip(lines, findings, strict=True):
        _, properties, message = _read(line)
        assert (properties["file"], properties["line"]) == (found.file, str(found.line))
        assert properties["title"] == found.code
        said = [found.message_id if language == "id" else found.message]
        said += [text for text in (found.help_id if language == "id" else found.help,) if text]
        assert len(message.split("\n")) == len(said) + len(found.related)
        assert all(f"({one.file}:{one.line}:{one.column})" in message for one in found.related)


# SARIF -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "id"])
def test_sarif_of_every_code_is_as_the_standard_says(language: str) -> None:
    """A log with the findings of all broken files has what SARIF requires, and names its rules rightly."""
    findings = [found for code in sorted(CODES) for found in diagnose(code)[0]]
    log = json.loads(render_sarif(findings, version="1.2.3", language=language))
    Draft202012Validator(SARIF).validate(log)
    [run] = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == sorted(CODES)
    assert len(run["results"]) == len(findings)
    for result, found in zip(run["results"], findings, strict=True):
        assert rules[result["ruleIndex"]] == result["ruleId"] == found.code
        assert result["level"] == found.severity.value
        region = result["locations"][0]["physicalLocation"]["region"]
        assert tuple(region.values()) == (found.line, found.column, found.end_line, found.end_column)
        assert len(result.get("relatedLocations", ())) == len(found.related)


def test_sarif_the_same_findings_give_the_same_bytes() -> None:
    """Nothing in a log depends on when or where it is written."""
    findings = [_found(related=(OTHER,))]
    shown = render_sarif(findings, version="1.2.3")
    assert shown == render_sarif(findings, version="1.2.3")
    assert shown.isascii()


def test_sarif_braces_and_links_are_only_text() -> None:
    """Braces are no placeholders and brackets no links, whatever a file brings into a message."""
    found = _found().model_copy(update={"message": "{0} is [here](3)", "help": None})
    [result] = json.loads(render_sarif([found], version="1.2.3"))["runs"][0]["results"]
    assert result["message"] == {"text": "{{0}} is [here] (3)"}


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("definitions/ksdd.yaml", "definitions/ksdd.yaml"),
        ("/srv/a b.yaml", "file:///srv/a%20b.yaml"),
        ("<stdin>", "%3Cstdin%3E"),
        ("kerja sama#é.yaml", "kerja%20sama%23%C3%A9.yaml"),
        ("x\udcff.yaml", "x%FF.yaml"),
    ],
)
def test_sarif_file_is_a_uri(file: str, uri: str) -> None:
    """A relative name stays relative to the checkout, an absolute one becomes a ``file:`` URI."""
    [result] = json.loads(render_sarif([_found(file)], version="1.2.3"))["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": uri}


def test_sarif_of_the_command_line_is_the_same_in_every_process() -> None:
    """However a process orders its sets, the broken files give the same log, ways included."""
    logs = set()
    for seed in ("1", "2", "3"):
        done = subprocess.run(
            [*(sys.executable, "-c", "from engine.cli import main; main()"), *CHECK, "tests/definitions_bad"],
            env={"PYTHONPATH": str(ROOT), "PATH": "", "PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 3, done.stderr
        logs.add(done.stdout)
    assert len(logs) == 1


def test_sarif_of_the_command_line_has_every_rule() -> None:
    """A process that only checks knows every code, whichever modules it has loaded until then."""
    done = subprocess.run(
        [sys.executable, "-c", "from engine.cli import main; main()", *CHECK, "ksdd"],
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    [run] = json.loads(done.stdout)["runs"]
    page = (ROOT / "docs" / "reference" / "diagnostics.md").read_text(encoding="utf-8")
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert ids == re.findall(r"^### ([a-z0-9-]+)$", page, flags=re.MULTILINE)
    assert run["results"] == []


# JSON --------------------------------------------------------------------------------------------


def test_json_other_places_only_where_there_are_some() -> None:
    """``related`` names each other place; a finding without one has the documented keys alone."""
    plain, with_other = json.loads(render_json([_found(), _found(related=(OTHER,))]))
    assert set(plain) == {
        *("code", "severity", "message", "file", "line", "column", "end_line", "end_column", "help", "url")
    }
    [other] = with_other.pop("related")
    assert with_other == plain
    assert other == {
        **{"message": "this one comes first", "file": "b.yaml"},
        **{"line": 7, "column": 2, "end_line": 7, "end_column": 9},
    }
