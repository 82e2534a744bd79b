"""Files made to crash, exhaust, deceive or slip through: each is answered within bounds, with a place.

Every kind is read, parsed and rendered in another process, an exhausting one in its own, so that time
(of the processor: the machine may be busy) and memory are those of this file, start included.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.places import ROOT
from workflow.source.characters import BREAK
from workflow.source.formats import render_json
from workflow.source.renderers import render_text
from workflow.source.text import LIMITS, Mapping, Parsed, Scalar, parse

SECONDS = 2.0
MEGABYTES = 200

_CHILD = """
import json, pathlib, resource, sys
if sys.argv[1] == "python":
    import yaml
    del yaml.CBaseLoader  # as where PyYAML was built without its C parser
from workflow.source.formats import render_json
from workflow.source.renderers import render_text
from workflow.source.text import parse

def seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime

def megabytes():
    # ru_maxrss begins with the peak of the process that started this one; VmHWM is that of this alone.
    status = pathlib.Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    [peak] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
    return int(peak.split()[1]) / 1024

begun = 0.0
for path in sys.argv[2:]:
    parsed = parse(pathlib.Path(path).read_bytes(), file="hostile.yaml")
    for language in ("en", "id"):
        render_text(parsed.diagnostics, {"hostile.yaml": parsed.text}, language=language)
    found = json.loads(render_json(parsed.diagnostics))
    lines = parsed.text.replace("\\r\\n", "\\n").replace("\\r", "\\n").split("\\n")
    print(json.dumps({
        "codes": [one["code"] for one in found],
        "outside": [
            one for one in found
            if not (1 <= one["line"] <= len(lines) and 1 <= one["column"] <= len(lines[one["line"] - 1]) + 1)
        ],
        "read": parsed.root is not None,
        "seconds": seconds() - begun,
        "megabytes": megabytes(),
    }), flush=True)
    begun = seconds()
"""


class Kind(NamedTuple):
    """One kind of hostile file: how to make it and the code of its answer (``None``: it is accepted).

    ``or_code`` is that of PyYAML without its C parser, where it differs.
    """

    make: Callable[[], str | bytes]
    code: str | None
    or_code: str | None = None


def _blocks(levels: int) -> str:
    return "".join(" " * level + "a:\n" for level in range(levels))


def _laughs() -> str:
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    return "\n".join(lines)


def _merges() -> str:
    lines = ["m0: &m0 {a: 1}"]
    lines += [f"m{n}: &m{n} {{<<: [{', '.join([f'*m{n - 1}'] * 10)}]}}" for n in range(1, 20)]
    return "\n".join(lines)


MOST = LIMITS.max_bytes  # the largest file that is looked into
DEFINITION = "format: 1\nworkflow: x\nstates:\n  a: {final: true}\n"

EXHAUSTING: dict[str, Kind] = {
    "100,000 open brackets": Kind(lambda: "[" * 100_000, "too-deep"),
    "100,000 open brackets, closed": Kind(lambda: "[" * 100_000 + "]" * 100_000, "too-deep"),
    "100,000 open braces with keys": Kind(lambda: "{a: " * 100_000, "too-deep"),
    "100,000 dashes on one line": Kind(lambda: "- " * 100_000, "too-deep"),
    "100,000 question marks on one line": Kind(lambda: "? " * 100_000, "too-deep"),
    "900 nested blocks": Kind(lambda: _blocks(900), "too-deep"),
    "900 brackets within one line, then a colon": Kind(lambda: "[" * 900 + "]" * 900 + ": a", "too-deep"),
    "alias bomb": Kind(_laughs, "yaml-alias"),
    "merge bomb": Kind(_merges, "merge-key"),
    "50 MB scalar": Kind(lambda: "a: " + "x" * (50 << 20), "file-too-large"),
    "50 MB of comments": Kind(lambda: "# comment\n" * (5 << 20), "file-too-large"),
    "50 MB of zeros": Kind(lambda: bytes(50 << 20), "file-too-large"),
    "millions of keys": Kind(lambda: "".join(f"k{n}:\n" for n in range(3_000_000)), "file-too-large"),
    "as much as is read of keys": Kind(lambda: "".join(f"k{n}:\n" for n in range(60_000)), "too-many-nodes"),
    "as much as is read of items": Kind(lambda: "[" + "a," * 250_000 + "]", "too-many-nodes"),
    "as much as is read of comments": Kind(lambda: "#\n" * (MOST // 2), "empty-file"),
    "as much as is read of line breaks": Kind(lambda: "\n" * MOST, "empty-file"),
    "as much as is read of spaces": Kind(lambda: " " * MOST, "empty-file"),
    "as much as is read in one scalar": Kind(lambda: "a: " + "x" * (MOST - 9), "text-too-long"),
    "as much as is read of escapes": Kind(lambda: 'a: "' + "\\n" * (MOST // 2 - 9) + '"', "text-too-long"),
    "as much as is read of folded lines": Kind(lambda: "a:\n" + " b\n" * (MOST // 3 - 9), "text-too-long"),
    "as much as is read of colons": Kind(lambda: ":" * MOST, "yaml-syntax"),
    "as much as is read of carets and tabs": Kind(lambda: "\t%" * (MOST // 2), "tab-indentation"),
    "as much as is read of directives": Kind(lambda: "%A\n" * (MOST // 3), "yaml-directive"),
    "as much as is read of tabbed lines": Kind(
        lambda: "a: b\n" + "\tc\n" * (MOST // 3 - 9), "tab-indentation"
    ),
    "as much as is read of NUL": Kind(lambda: "a: " + "x\0" * (MOST // 2 - 9), "forbidden-character"),
    "a very long key": Kind(lambda: "k" * 5_000 + ": a", "yaml-syntax"),
    "a long key": Kind(lambda: "k" * 800 + ": a", "text-too-long"),
    "a very long explicit key": Kind(lambda: "? " + "k" * 50_000 + "\n: a", "text-too-long"),
    "a very long anchor": Kind(lambda: "a: &" + "b" * 500_000 + " c", "yaml-anchor"),
    "a very long tag": Kind(lambda: "a: !<" + "b" * 500_000 + "> c", "yaml-tag"),
    "thousands of the same key": Kind(lambda: "a: b\n" * 20_000, "duplicate-key"),
    "thousands of huge look-alike keys": Kind(
        lambda: "".join(f"\u0430{n:0>200}:\n" for n in range(2_000)), "lookalike-key"
    ),
    "NULs at the end of long escaped texts": Kind(
        lambda: "\n".join(f'a{n}: "{"b" * 65_000}\\0"' for n in range(7)), "forbidden-character"
    ),
}
DECEIVING: dict[str, Kind] = {
    # running code, changing types
    "tag that runs code": Kind(lambda: "a: !!python/object/apply:os.system ['true']", "yaml-tag"),
    "tag of binary": Kind(lambda: "a: !!binary aGFsbG8=", "yaml-tag"),
    "tag of a set": Kind(lambda: "a: !!set {b, c}", "yaml-tag"),
    "tag without name": Kind(lambda: "a: ! b", "yaml-tag"),
    "tag directive": Kind(lambda: "%TAG ! tag:example.com,2000:\n---\na: !b c", "yaml-directive"),
    "version directive": Kind(lambda: "%YAML 1.1\n---\na: yes", "yaml-directive"),
    "merge key": Kind(lambda: "a: &b {c: d}\ne:\n  <<: *b", "merge-key"),
    "alias of itself": Kind(lambda: "a: &b [*b]", "yaml-alias"),
    "alias as a key": Kind(lambda: "a: &b c\n*b : d", "yaml-alias"),
    "undefined alias": Kind(lambda: "a: *nowhere", "yaml-alias"),
    # deceiving
    "NUL": Kind(lambda: "a: b\0c", "forbidden-character"),
    "NUL by escape": Kind(lambda: 'a: "b\\0c"', "forbidden-character"),
    "bidi override": Kind(lambda: "a: \u202eb\u202c", "forbidden-character"),
    "bidi isolate in a comment": Kind(lambda: "a: b # \u2066c\u2069", "forbidden-character"),
    "bidi override by escape": Kind(lambda: 'a: "\\u202eb"', "forbidden-character"),
    "zero-width space": Kind(lambda: "sta\u200btes: b", "forbidden-character"),
    "joiner in a key": Kind(lambda: "sta\u200dtes: b", "lookalike-key"),
    "byte order mark in the middle": Kind(lambda: "a: b\n\ufeffc: d", "forbidden-character"),
    "tag characters": Kind(lambda: "a: b\U000e0041", "forbidden-character"),
    "escape sequence of a terminal": Kind(lambda: "a: \x1b[2Jb", "forbidden-character"),
    "line separator": Kind(lambda: "a: b\u2028c: d", "forbidden-character"),
    "next line": Kind(lambda: "a: b\x85c: d", "forbidden-character"),
    "noncharacter": Kind(lambda: "a: \uffff", "forbidden-character"),
    "look-alike key": Kind(lambda: "st\u0430tes: b", "lookalike-key"),
    "look-alike beside the key": Kind(lambda: "states: a\nst\u0430tes: b", "lookalike-key"),
    "full-width key": Kind(lambda: "\uff53tates: b", "lookalike-key"),
    "no-break space as indentation": Kind(lambda: "a:\n\u00a0\u00a0b: c", "odd-space"),
    "no-break space after a colon": Kind(lambda: "a:\u00a0b", "odd-space"),
    "tab as indentation": Kind(lambda: "a:\n\tb: c", "tab-indentation"),
    "tab as indentation of a continued text": Kind(lambda: "a: b\n\tc", "tab-indentation"),
    "duplicate key": Kind(lambda: "a: b\nc: d\na: e", "duplicate-key"),
    "duplicate key, once quoted": Kind(lambda: "a: b\n'a': e", "duplicate-key"),
    "duplicate key in braces": Kind(lambda: "{a: b, a: c}", "duplicate-key"),
    # other than one mapping of text
    "several documents": Kind(lambda: "a: b\n---\nc: d\n", "several-documents"),
    "second document after an end mark": Kind(lambda: "a: b\n...\n---\nc: d\n", "several-documents"),
    "text after an end mark": Kind(lambda: "a: b\n...\nc: d\n", "yaml-syntax"),
    "list as a key": Kind(lambda: "? [a]\n: b", "key-not-text"),
    "mapping as a key": Kind(lambda: "{{a: b}: c}", "key-not-text"),
    "empty key": Kind(lambda: ": b", "yaml-syntax"),
    "empty explicit key": Kind(lambda: "?\n: b", "key-not-text"),
    "key cut by a comma": Kind(lambda: "a: {when: b in c, d}", "empty-flow-value"),
    "empty file": Kind(lambda: "", "empty-file"),
    "only comments": Kind(lambda: "# one\n  # two\n", "empty-file"),
    "only a document mark": Kind(lambda: "---\n...\n", "empty-file"),
    # damaged
    "UTF-16 with mark": Kind(lambda: DEFINITION.encode("utf-16"), "not-utf8"),
    "UTF-16 without mark": Kind(lambda: DEFINITION.encode("utf-16-le"), "not-utf8"),
    "UTF-16 of the other order": Kind(lambda: DEFINITION.encode("utf-16-be"), "not-utf8"),
    "UTF-32 with mark": Kind(lambda: DEFINITION.encode("utf-32"), "not-utf8"),
    "UTF-32 without mark": Kind(lambda: DEFINITION.encode("utf-32-be"), "not-utf8"),
    "latin-1": Kind(lambda: "title: caf\u00e9\n".encode("latin-1"), "not-utf8"),
    "overlong UTF-8": Kind(lambda: b"a: \xc0\x80", "not-utf8"),
    "surrogate in UTF-8": Kind(lambda: b"a: \xed\xa0\x80", "not-utf8"),
    "UTF-8 cut within a character": Kind(lambda: b"a: \xf0\x9f\x98", "not-utf8"),
    "surrogate by escape": Kind(lambda: 'a: "\\ud800"', "yaml-syntax", "forbidden-character"),
    "surrogate pair by escapes": Kind(lambda: 'a: "\\ud83d\\ude00"', "yaml-syntax", "forbidden-character"),
    "random bytes": Kind(lambda: random.Random(7).randbytes(100_000), "not-utf8"),
    "random characters": Kind(
        lambda: "".join(random.Random(7).choices("[]{},:&*!|>'\"%@`#-? \n\tab", k=50_000)), None
    ),
    "unterminated single quote": Kind(lambda: "a: 'b\nc: d\n", "yaml-syntax"),
    "unterminated double quote": Kind(lambda: 'a: "b\nc: d\n', "yaml-syntax"),
    "unterminated flow": Kind(lambda: "a: [b, {c: d\n", "yaml-syntax"),
    "escape cut off": Kind(lambda: 'a: "\\', "yaml-syntax"),
    "cut in the middle": Kind(lambda: DEFINITION[:-4], "yaml-syntax"),
    "a zip archive": Kind(lambda: b"PK\x03\x04" + random.Random(7).randbytes(50_000), "not-utf8"),
    "block text without header end": Kind(lambda: "a: |b\n c", "yaml-syntax"),
    "block text indented by a tab": Kind(lambda: "a: |\n\tb", "tab-indentation"),
    # odd, and read as written
    "line breaks of old Macintoshes": Kind(lambda: "a: b\rc:\r  d: e\r", None),
    "line breaks of Windows with mark": Kind(lambda: b"\xef\xbb\xbfa: b\r\nc: d\r\n", None),
    "integer of 60,000 digits": Kind(lambda: "a: " + "9" * 60_000, None),
    "words that YAML 1.1 changes": Kind(lambda: "on: NO\n12:30: 012345\n1.10: 2020-01-01\n~: .inf\n", None),
    "64 levels": Kind(lambda: _blocks(64), None),
    "text with joiners": Kind(lambda: "title: \u1b13\u1b44\u200c\u1b13", None),
}

KINDS = EXHAUSTING | DECEIVING

UNDECIDED = {"random characters"}
"""Made by chance: any answer will do, if it comes within bounds and with a place."""


def _answers(parser: str, names: list[str], folder: Path) -> list[dict[str, Any]]:
    """Let one process read the files of some kinds; an answer is missing from where it died."""
    paths = []
    for i, name in enumerate(names):
        made = KINDS[name].make()
        path = folder / f"{i}.yaml"
        path.write_bytes(made if isinstance(made, bytes) else made.encode("utf-8", "surrogatepass"))
        paths.append(str(path))
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, parser, *paths],
        capture_output=True,
        check=False,
        cwd=ROOT,
        text=True,
        timeout=120,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(names), f"{names[len(answers)]}: {done.returncode} {done.stderr[-2000:]}"
    return answers


def _judge(name: str, parser: str, answer: dict[str, Any]) -> None:
    kind = KINDS[name]
    code = kind.or_code if parser == "python" and kind.or_code else kind.code
    assert answer["seconds"] <= SECONDS, name
    assert answer["megabytes"] <= MEGABYTES, name
    if answer["codes"] != ["file-too-large"]:  # its text is never decoded; the place is the beginning
        assert answer["outside"] == [], name
    if name in UNDECIDED:
        return
    if code is None:
        assert (answer["codes"], answer["read"]) == ([], True), name
    else:
        assert code in answer["codes"], name


@pytest.mark.parametrize("name", EXHAUSTING)
def test_exhausting_file_is_answered_within_bounds(name: str, tmp_path: Path) -> None:
    """No file takes more than 2 s or 200 MB, start included; each rejection has a place in the file."""
    [answer] = _answers("c", [name], tmp_path)
    _judge(name, "c", answer)


@pytest.mark.parametrize(("parser", "names"), [("c", DECEIVING), ("python", KINDS)])
def test_hostile_files_are_answered_within_bounds(
    parser: str, names: dict[str, Kind], tmp_path: Path
) -> None:
    """The same holds for all kinds, read one after the other, also where PyYAML has no C parser."""
    for name, answer in zip(names, _answers(parser, list(names), tmp_path), strict=True):
        _judge(name, parser, answer)


def test_kinds_are_more_than_thirty() -> None:
    """The table holds the 31 kinds that were promised, and more."""
    assert len(KINDS) >= 31


def test_odd_scalars_stay_text() -> None:
    """What YAML 1.1 would turn into a boolean, a number or a date stays as it was written."""
    root = parse("on: NO\n12:30: 012345\n1.10: 2020-01-01\n~: .inf\n", file="f").root
    assert isinstance(root, Mapping)
    written = [(one.key.text, one.value.text) for one in root.entries if isinstance(one.value, Scalar)]
    assert written == [("on", "NO"), ("12:30", "012345"), ("1.10", "2020-01-01"), ("~", ".inf")]


def _places_are_inside(parsed: Parsed) -> None:
    lines = BREAK.split(parsed.text)
    for found in parsed.diagnostics:
        assert 1 <= found.line <= len(lines)
        assert 1 <= found.column <= len(lines[found.line - 1]) + 1
        assert (found.line, found.column) <= (found.end_line, found.end_column)
    render_text(parsed.diagnostics, {parsed.file: parsed.text}, language="id", color=True)
    render_json(parsed.diagnostics)


@given(st.binary(max_size=300))
def test_any_bytes_get_an_answer(source: bytes) -> None:
    """Whatever bytes are in a file, parsing answers, and every place is inside the text."""
    _places_are_inside(parse(source, file="f"))


@given(st.text(st.sampled_from("[]{},:&*!|>'\"%@`#-?\\ \n\r\ta\u0430\u00a0\u202e\0"), max_size=60))
def test_any_signs_get_an_answer(source: str) -> None:
    """Whatever order YAML's signs come in, parsing answers, and every place is inside the text."""
    _places_are_inside(parse(source, file="f"))


@pytest.mark.parametrize("end", range(1, len(DEFINITION)))
def test_truncated_definition_gets_an_answer(end: int) -> None:
    """A definition cut off anywhere is read as far as it is YAML or refused with a place."""
    parsed = parse(DEFINITION[:end], file="f")
    assert parsed.root is not None or parsed.diagnostics
    _places_are_inside(parsed)
