"""Findings written for programs: JSON, the commands of GitHub's workflows, SARIF.

Owns the three formats and nothing of what is found; what people read on a terminal is drawn by
``renderers``. Columns count characters (code points) from 1 and the end is exclusive, in all three. The
same findings give the same bytes: nothing here depends on a clock, a machine or the order of a set.
Called by the command line.

Source:
    GitHub: "Workflow commands for GitHub Actions", and the escapes of its ``@actions/core``. SARIF: OASIS
    "Static Analysis Results Interchange Format (SARIF) Version 2.1.0 Plus Errata 01".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias
from urllib.parse import quote, urlsplit

import workflow.texts.diagnostics  # noqa: F401  (registers the words of the renderers)
from workflow.locale import Message
from workflow.source.characters import visible
from workflow.source.diagnostics import CODES, REFERENCE, Diagnostic, Related, Severity, said_in

Object: TypeAlias = "dict[str, Any]"

_JSON_KEYS = {
    *("code", "severity", "message", "file", "line", "column", "end_line", "end_column", "help", "url")
}
_PLACE_KEYS = {"file", "line", "column", "end_line", "end_column"}
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render_json(diagnostics: Iterable[Diagnostic], *, language: str = "en") -> str:
    """Render as a JSON list, one object a finding, lines and columns from 1; ASCII only.

    ``related`` is there where a finding has to do with other places: each with its message and place.
    """
    return json.dumps([_json(found, language) for found in diagnostics], indent=2)


def _json(found: Diagnostic, language: str) -> Object:
    shown: Object = found.model_dump(mode="json", include=_JSON_KEYS)
    shown |= {"message": said_in(found, language), "help": found.help_in(language)}
    if found.related:
        shown["related"] = [
            {"message": said_in(one, language), **one.model_dump(mode="json", include=_PLACE_KEYS)}
            for one in found.related
        ]
    return shown


# GitHub ------------------------------------------------------------------------------------------


def render_github(diagnostics: Iterable[Diagnostic], *, language: str = "en") -> str:
    r"""Render as commands of a GitHub workflow, one line a finding, which become annotations.

    Columns are left out where a finding ends on another line, since GitHub refuses them there. Help and
    other places are further lines of the message.

    Returns:
        Lines with ``\n`` behind each; nothing where nothing was found.
    """
    return "".join(f"{_command(found, language)}\n" for found in diagnostics)


def _command(found: Diagnostic, language: str) -> str:
    where: dict[str, str | int] = {"file": found.file, "line": found.line, "endLine": found.end_line}
    if found.line == found.end_line:
        where |= {"col": found.column, "endColumn": found.end_column}
    where["title"] = found.code
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in where.items())
    return f"::{_COMMANDS[found.severity]} {properties}::{_escaped(_with_help(found, language, True))}"


def _with_help(found: Diagnostic, language: str, has_places: bool) -> str:
    """Return the message, below it what would help and, where asked for, the other places."""
    lines = [visible(said_in(found, language))]
    if text := found.help_in(language):
        lines.append(f"{_word('help', language)}: {visible(text)}")
    if has_places:
        lines += [
            f"{_word('note', language)}: {visible(said_in(one, language))}"
            f" ({visible(one.file)}:{one.line}:{one.column})"
            for one in found.related
        ]
    return "\n".join(lines)


def _word(name: str, language: str) -> str:
    return Message(f"renderer.{name}").text(language)


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


# SARIF -------------------------------------------------------------------------------------------


def render_sarif(diagnostics: Iterable[Diagnostic], *, version: str, language: str = "en") -> str:
    """Render as a SARIF 2.1.0 log of one run; ASCII only.

    The rules are all codes that are registered, in alphabetical order.

    Args:
        diagnostics: In the order in which to write them.
        version: That of this software.
        language: Of messages and help; the descriptions of the rules are English.
    """
    rules = sorted(CODES)
    numbers = {code: number for number, code in enumerate(rules)}
    driver = {
        "name": "kerjasama",
        "version": version,
        "semanticVersion": version,
        "rules": [_rule(code) for code in rules],
    }
    run = {
        "tool": {"driver": driver},
        "language": language,
        "columnKind": "unicodeCodePoints",
        "results": [_result(found, numbers[found.code], language) for found in diagnostics],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(code: str) -> Object:
    url = f"{REFERENCE}#{code}"
    rule: Object = {
        "id": code,
        "shortDescription": _text(f"{CODES[code].rstrip('.')}."),
        "help": _text(f"See {url}"),
    }
    if urlsplit(url).scheme:  # §3.49.12: only an absolute address may stand there
        rule["helpUri"] = url
    return rule


def _result(found: Diagnostic, number: int, language: str) -> Object:
    result: Object = {
        "ruleId": found.code,
        "ruleIndex": number,
        "level": found.severity.value,
        "message": _text(_with_help(found, language, False)),
        "locations": [{"physicalLocation": _physical(found)}],
    }
    if found.related:
        result["relatedLocations"] = list(_related(found.related, language))
    return result


def _related(places: Iterable[Related], language: str) -> Iterator[Object]:
    for number, one in enumerate(places):
        yield {
            "id": number,
            "physicalLocation": _physical(one),
            "message": _text(visible(said_in(one, language))),
        }


def _physical(where: Diagnostic | Related) -> Mapping[str, Object]:
    region = {
        "startLine": where.line,
        "startColumn": where.column,
        "endLine": where.end_line,
        "endColumn": where.end_column,
    }
    return {"artifactLocation": {"uri": _uri(where.file)}, "region": region}


def _uri(file: str) -> str:
    """Return a file's name as a URI: an absolute path as ``file:``, another relative to where it is read."""
    path = quote(file, errors="surrogateescape")
    return f"file://{path}" if file.startswith("/") else path


def _text(text: str) -> Object:
    """Return a message: braces would be placeholders (§3.11.5), ``](`` a link (§3.11.6)."""
    return {"text": text.replace("{", "{{").replace("}", "}}").replace("](", "] (")}
