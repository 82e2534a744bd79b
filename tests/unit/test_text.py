"""The text rules of the definition language, and where everything stands."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.locale import Message
from workflow.source.characters import BREAK
from workflow.source.diagnostics import CODES, Diagnostic, Span
from workflow.source.renderers import render_text
from workflow.source.text import LIMITS, Limits, Mapping, Node, Parsed, Scalar, Sequence, parse
from workflow.texts.text import SYNTAX, SYNTAX_CONTEXTS


def _read(source: str | bytes, limits: Limits = LIMITS) -> Parsed:
    return parse(source, file="f.yaml", limits=limits)


def _mapping(source: str | bytes) -> Mapping:
    parsed = _read(source)
    assert parsed.diagnostics == ()
    assert isinstance(parsed.root, Mapping)
    return parsed.root


def _scalar(node: Node | None) -> Scalar:
    assert isinstance(node, Scalar)
    return node


def _only(source: str | bytes, limits: Limits = LIMITS) -> Diagnostic:
    [found] = _read(source, limits).diagnostics
    return found


def _at(source: str, span: Span | Diagnostic) -> str:
    """Return what stands at a span, lines joined by the breaks that the source has."""
    starts = [0, *(found.end() for found in BREAK.finditer(source))]
    if isinstance(span, Diagnostic):
        span = Span(span.line, span.column, span.end_line, span.end_column)
    begin = starts[span.line - 1] + span.column - 1
    return source[begin : starts[span.end_line - 1] + span.end_column - 1]


# The tree and its positions


def test_parse_mapping_keeps_order_and_gives_values_and_keys() -> None:
    """Entries stand in the order of the file and are found by name, with their keys."""
    root = _mapping("b: 1\na: [x, 'y']\n")
    assert [entry.key.text for entry in root.entries] == ["b", "a"]
    assert _scalar(root.get("b")).text == "1"
    key = root.key("a")
    assert key is not None
    assert key.span == Span(2, 1, 2, 2)
    assert (root.get("c"), root.key("c")) == (None, None)
    items = root.get("a")
    assert isinstance(items, Sequence)
    assert [(_scalar(item).text, _scalar(item).plain) for item in items.items] == [("x", True), ("y", False)]


@pytest.mark.parametrize(
    "text", ["on", "NO", "012345", "12:30", "1.10", "2020-01-01", "0x1F", "~", "null", "true"]
)
def test_parse_scalar_stays_text(text: str) -> None:
    """No scalar is typed by its look."""
    scalar = _scalar(_mapping(f"a: {text}\n").get("a"))
    assert (scalar.text, scalar.plain) == (text, True)


def test_parse_value_left_out_is_empty_plain_text() -> None:
    """A key of a block without a value has an empty plain text right after its colon."""
    assert _mapping("a:\nb: 1\n").get("a") == Scalar(text="", plain=True, span=Span(1, 3, 1, 3))


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("日𝔸: é\n", "é"),
        ("𝔸𝔸𝔸: {b: '𝔸 é'}\n", "'𝔸 é'"),
        ("a: 'x''y'\n", "'x''y'"),
        ('a: "x\\"y"\n', '"x\\"y"'),
        ("a: one\n  two\n", "one\n  two"),
        ("a: |\n  one\n  two\n\n# c\nb: 1\n", "|\n  one\n  two"),
        ("a: >-\r\n  one\r\n  two\r\n", ">-\r\n  one\r\n  two"),
        ("- - x\n  - y # c\n", "x\n  - y"),
        ("a: {b: [1,\n 2]}  # c\n", "{b: [1,\n 2]}"),
        ("a:\n  b: 1\n\n  c: 2\n\nd: 3\n", "b: 1\n\n  c: 2"),
    ],
)
def test_parse_span_is_what_was_written(source: str, written: str) -> None:
    """The span of a value covers exactly its text, in characters, whatever their width."""
    root = _read(source).root
    found: list[str] = []
    nodes: list[Node | None] = [root]
    while nodes:
        match nodes.pop():
            case Mapping(entries=entries, span=span):
                nodes += [entry.value for entry in entries]
                found.append(_at(source, span))
            case Sequence(items=items, span=span):
                nodes += items
                found.append(_at(source, span))
            case Scalar(span=span):
                found.append(_at(source, span))
            case None:
                pass
    assert written in found or any(written in one for one in found if one.startswith("- "))


@pytest.mark.parametrize(
    ("source", "text", "word", "written"),
    [
        ("a: kategori == wajib\n", "kategori == wajib", "wajib", "wajib"),
        ("a: 'x == ''wajib'''\n", "x == 'wajib'", "'wajib'", "''wajib''"),
        ('a: "x == \\"wajib\\""\n', 'x == "wajib"', "wajib", "wajib"),
        ('a: "\\u00e9\\x41 wajib"\n', "éA wajib", "éA", "\\u00e9\\x41"),
        ('a: "𝔸é wajib"\n', "𝔸é wajib", "wajib", "wajib"),
        ("a: |\n    one\n      two wajib\n    three\n", "one\n  two wajib\nthree\n", "wajib", "wajib"),
        ("a: |2\n      one\n    two\n", "    one\n  two\n", "two", "two"),
        ("a: |\r\n  one\r\n\r\n  wajib\r\n", "one\n\nwajib\n", "wajib", "wajib"),
        (
            "a: >\n  one\n  two\n\n  three\n    four\n  wajib\n",
            "one two\nthree\n  four\nwajib\n",
            "wajib",
            "wajib",
        ),
        ("a: one\n  two\n\n\n  wajib\n", "one two\n\nwajib", "wajib", "wajib"),
        ("a: 'one  \n   two\n\n  wajib'\n", "one two\nwajib", "wajib", "wajib"),
        ('a: "one \\\n   two\\n\n  wajib"\n', "one two\n wajib", "wajib", "wajib"),
    ],
)
def test_scalar_part_points_at_the_word(source: str, text: str, word: str, written: str) -> None:
    """A part of a value is found in the source through quotes, escapes, folds and indentation."""
    scalar = _scalar(_mapping(source).get("a"))
    assert scalar.text == text
    assert _at(source, scalar.part(text.index(word), len(word))) == written


def test_scalar_part_outside_the_text_is_its_end() -> None:
    """Offsets beyond the value point at its end, an empty part has no width."""
    scalar = _scalar(_mapping("a: 'bc'\n").get("a"))
    assert scalar.part(2, 1) == Span(1, 7, 1, 7)
    assert scalar.part(99, 5) == Span(1, 7, 1, 7)
    assert scalar.part(1, 0) == Span(1, 6, 1, 6)
    made = Scalar(text="bc", plain=True, span=Span(4, 2, 4, 4))
    assert made.part(1, 1) == Span(4, 3, 4, 4)


WORDS = st.text(st.sampled_from("ab é𝔸'\"\\"), min_size=1, max_size=30)


@given(WORDS)
def test_scalar_part_single_quoted_is_exact(text: str) -> None:
    """Every character of a single-quoted text is found where it stands."""
    _every_character_is_found(f"a: '{text.replace(chr(39), chr(39) * 2)}'\n", text, {"'": "''"})


@given(WORDS)
def test_scalar_part_double_quoted_is_exact(text: str) -> None:
    """Every character of a double-quoted text is found where it stands, escapes whole."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("é", "\\u00e9")
    _every_character_is_found(f'a: "{escaped}"\n', text, {"\\": "\\\\", '"': '\\"', "é": "\\u00e9"})


@given(st.lists(WORDS, min_size=1, max_size=5), st.integers(1, 6), st.sampled_from(["\n", "\r\n", "\r"]))
def test_scalar_part_literal_block_is_exact(lines: list[str], indent: int, newline: str) -> None:
    """Every character of a literal block is found where it stands, under any indentation and line end."""
    text = "x\n" + "\n".join(lines) + "\n"
    source = "a: |\n" + textwrap.indent(text, " " * indent, lambda line: True)
    source = source.replace("\n", newline)
    _every_character_is_found(source, text, {"\n": newline})


def _every_character_is_found(source: str, text: str, written: dict[str, str]) -> None:
    scalar = _scalar(_mapping(source).get("a"))
    assert scalar.text == text
    for i, char in enumerate(text):
        assert _at(source, scalar.part(i, 1)) == written.get(char, char)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_parse_line_ends_are_all_lines(newline: str) -> None:
    """Lines are counted the same whatever ends them."""
    root = _mapping(newline.join(["a: 1", "b: |", "  x", "  y", "c: 2", ""]))
    key = root.key("c")
    assert key is not None
    assert key.span == Span(5, 1, 5, 2)
    assert _scalar(root.get("b")).text == "x\ny\n"


def test_parse_byte_order_mark_is_no_character() -> None:
    """A byte order mark of UTF-8 is dropped and counts for no column, in bytes and in text."""
    for source in ("\ufeffa: 1\n", "\ufeffa: 1\n".encode()):
        key = _mapping(source).key("a")
        assert key is not None
        assert key.span == Span(1, 1, 1, 2)


# What is refused


@pytest.mark.parametrize(
    ("source", "code", "written"),
    [
        ("x: 1\ny: &a 2\n", "yaml-anchor", "&"),
        ("x: *a\n", "yaml-alias", "*a"),
        ("x: !!int 2\n", "yaml-tag", "!"),
        ("x: {y: 1}\n<<: {z: 2}\n", "merge-key", "<<"),
        ("a: 1\nb:\n  c: 1\n  c: 2\n", "duplicate-key", "c"),
        ("a: 1\n? [b, c]\n: d\n", "key-not-text", "[b, c]"),
        ("a: {b: 1, '': 2, ? : 3}\n", "key-not-text", ""),
        ("a: {when: len(b) in (1, 2), c: 3}\n", "empty-flow-value", "2)"),
        ("a: {b:1}\n", "empty-flow-value", "b:1"),
        ("a: {b: }\n", "empty-flow-value", "b"),
        ("a: [b: , c]\n", "empty-flow-value", "b"),
        ("st\u0430tes: 1\n", "lookalike-key", "st\u0430tes"),
        ("a:\n\u00a0 b: 1\n", "odd-space", "\u00a0"),
        ("a b\u00a0c: 1\n", "odd-space", "\u00a0"),
        ("a: b:\u00a0c\n", "odd-space", "\u00a0"),
        ("a:\n  - b\n  -\u00a0c\n", "odd-space", "\u00a0"),
        ("a:\n \tb: 1\n", "tab-indentation", "\t"),
        ("# c\n%YAML 1.2\n---\na: 1\n", "yaml-directive", "%YAML 1.2"),
        ("a: 1\n---\nb: 2\n", "several-documents", "-"),
        ("a: x\0y\n", "forbidden-character", "\0"),
        ("a: x # \u202e\n", "forbidden-character", "\u202e"),
        ("a: \ud800\n", "forbidden-character", "\ud800"),
        ('a: "xy\\u202ez"\n', "forbidden-character", "\\u202e"),
        ("a: {?b: c}\n", "yaml-syntax", "?"),
        ("a: [-]\n", "yaml-syntax", "-"),
        ("a: [b]#c\n", "yaml-syntax", "#"),
        ("a: 'b'#c\n", "yaml-syntax", "#"),
        ("a: |#c\n  d\n", "yaml-syntax", "#"),
    ],
)
def test_parse_what_is_not_allowed_is_found_where_it_stands(source: str, code: str, written: str) -> None:
    """Each rule of the text has its code, and the place is that of the offence alone."""
    found = _only(source)
    assert (found.code, _at(source, found)) == (code, written)


@pytest.mark.parametrize(
    ("source", "variant", "written"),
    [
        ("a: b: c\n", "inside another value", ":"),
        ("a: b\n  c: d\n", "inside another value", ":"),
        ("a:b\nc: d\n", "no space after the ':' in 'a:b'", "a:b"),
        ("a: b\nc:>-\n  d e\n  f g\nh: i\n", "no space after the ':' in 'c:>-'", "c:>-"),
        ("a:\n  - b\n c: d\n", "does not fit the mapping", "c"),
        ("a: 'b' c\n", "does not fit the mapping", "c"),
        ("- a\nb: c\n", "does not fit the list", "b"),
        ("a: {b: c\nd: e\n", "expected ',' or '}'", ":"),
        ("a: [b, c\n", "'[' is never closed", "["),
        ("a: {b: c\n", "'{' is never closed", "{"),
        ("a: 'b\nc: d\n", "never closed", "'"),
        ("a: @b\n", "cannot begin with '@'", "@"),
        ("a: `b`\n", "cannot begin with '`'", "`"),
        ("a: %b\n", "cannot begin with '%'", "%"),
        ("a: * b\n", "cannot begin with '*'", "*"),
        ('a: "\\d+"\n', "means nothing in double quotes", "\\"),
        ("a: 1\n\t# b\nc: 2\n", "a tab stands", "\t"),
        ("a: 1\n\t\nc: 2\n", "a tab stands", "\t"),
        ("a: - b\n", "a list cannot begin here", "-"),
        ("a: [, b]\n", "expected a value here", ","),
        ("a: 1\nb\n", "expected ': ' after a key", "b"),
    ],
)
def test_parse_syntax_error_is_one_sentence_at_its_place(source: str, variant: str, written: str) -> None:
    """An error of YAML's own syntax is said in plain words, once, where it helps."""
    parsed = _read(source)
    [found] = parsed.diagnostics
    assert parsed.root is None
    assert found.code == "yaml-syntax"
    assert variant in found.message
    assert _at(source, found) == written


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("states:\n  a: b\nc:\n    d: e\n    f: g\n  h: i\n", 4),  # 'c' lost its indentation
        ("states:\n    d: e\n    f: g\n  h: i\n", 2),  # the key above 'd' is gone
        ("states:\n    c:\n    d: e\n    f:\n      j: k\n  h: i\n", 2),  # 'c' was moved in
        ("a: b\nc:\n  d e\n  f g\n  h i\n  j: k\n", 3),  # a line with '|' or '>' is gone above it
        ("# a\n=======\n# b\n\nformat: 1\nworkflow: c\n", 2),  # no key stands before the first key
    ],
)
def test_parse_syntax_error_names_the_line_that_was_moved(source: str, line: int) -> None:
    """What a moved or lost key breaks shows many lines below; the other place is where it happened."""
    [found] = _read(source).diagnostics
    assert found.code == "yaml-syntax"
    assert [one.line for one in found.related] == [line]


def test_parse_syntax_error_hides_other_findings() -> None:
    """After a syntax error nothing else is certain: it stands alone."""
    assert [found.code for found in _read("a: &x 1\na: 2\nb: [\n").diagnostics] == ["yaml-syntax"]


def test_parse_syntax_error_yields_to_refused_characters() -> None:
    """Where characters were refused, they are the cause that people can mend first."""
    assert {found.code for found in _read("a: 'b\0\nc: d\n").diagnostics} == {"forbidden-character"}


def test_parse_all_problems_come_at_once_and_in_order() -> None:
    """Without a syntax error every problem is reported, by line and column."""
    source = "a: &x 1\n\u202eb: 2\nc: {d, e: *x}\na: 3\n<<: {f: 4}\n? {g: 5}\n: 6\n"
    parsed = _read(source)
    assert [(found.code, found.line) for found in parsed.diagnostics] == [
        ("yaml-anchor", 1),
        ("forbidden-character", 2),
        ("empty-flow-value", 3),
        ("yaml-alias", 3),
        ("duplicate-key", 4),
        ("merge-key", 5),
        ("key-not-text", 6),
    ]


def test_parse_refused_entries_are_left_out_of_the_tree() -> None:
    """The tree holds what could be read, so that later checks go on with it."""
    root = _read("a: 1\na: 2\n<<: {b: 3}\nc: *d\nst\u0430tes: 4\ne: {f, g: 5}\n").root
    assert isinstance(root, Mapping)
    assert [entry.key.text for entry in root.entries] == ["a", "states", "e"]
    assert _scalar(root.get("a")).text == "1"
    inner = root.get("e")
    assert isinstance(inner, Mapping)
    assert [entry.key.text for entry in inner.entries] == ["g"]


def test_parse_first_document_is_kept() -> None:
    """With a second document, the first is still read."""
    root = _read("a: 1\n---\nb: 2\n").root
    assert isinstance(root, Mapping)
    assert [entry.key.text for entry in root.entries] == ["a"]


def test_parse_tab_and_odd_space_inside_quoted_and_block_text_are_text() -> None:
    """Inside a quoted or block text, what begins a line is the author's affair."""
    _mapping("a: |\n  x\n  \ty\n  \u00a0z\nb: 'x\n  \u00a0y'\n")


def test_parse_tab_elsewhere_is_allowed() -> None:
    """Tabs may separate and stand in comments."""
    _mapping("a:\t1\t# x\n  # y\t\nb:\t\n - 2\n")


def test_parse_plain_marks_of_one_document_are_allowed() -> None:
    """A single document may be opened and closed by its marks."""
    assert _scalar(_mapping("---\na: 1\n...\n").get("a")).text == "1"


@pytest.mark.parametrize(
    ("source", "encoding"),
    [
        ("a: b\n".encode("utf-16"), "UTF-16"),
        ("a: b\n".encode("utf-16-be"), "UTF-16"),
        ("a: b\n".encode("utf-16-le"), "UTF-16"),
        ("a: b\n".encode("utf-32"), "UTF-32"),
        ("a: b\n".encode("utf-32-be"), "UTF-32"),
        ("a: b\n".encode("utf-32-le"), "UTF-32"),
    ],
)
def test_parse_wide_encoding_is_named(source: bytes, encoding: str) -> None:
    """UTF-16 and UTF-32 are recognised with and without a mark, in either order."""
    found = _only(source)
    assert (found.code, found.line, found.column) == ("not-utf8", 1, 1)
    assert encoding in found.message


def test_parse_bad_byte_is_found_by_character() -> None:
    """The place of a byte that is not UTF-8 counts characters, not bytes."""
    found = _only("a: 1\né𝔸: ".encode() + b"caf\xe9\n")
    assert (found.code, found.line, found.column) == ("not-utf8", 2, 8)
    assert "0xE9" in found.message


# Bounds


@pytest.mark.parametrize(
    ("source", "limits", "code", "column"),
    [
        ("a: 1234567\n", Limits(max_bytes=10), "file-too-large", 1),
        ("éééé\n", Limits(max_bytes=8), "file-too-large", 1),
        ("[[[a]]]\n", Limits(max_depth=2), "too-deep", 3),
        ("[a, b, c]\n", Limits(max_nodes=3), "too-many-nodes", 8),
        ("a: 12345\n", Limits(max_text=4), "text-too-long", 4),
        ("abcde: 1\n", Limits(max_key=4), "text-too-long", 1),
    ],
)
def test_parse_limit_is_its_own_finding(source: str, limits: Limits, code: str, column: int) -> None:
    """Each bound has its own finding at the place where it is passed."""
    found = _only(source, limits)
    assert (found.code, found.line, found.column) == (code, 1, column)


@pytest.mark.parametrize(
    ("source", "limits"),
    [
        ("a: 123456\n", Limits(max_bytes=10)),
        ("[[a]]\n", Limits(max_depth=2)),
        ("[a, b]\n", Limits(max_nodes=3)),
        ("a: 1234\n", Limits(max_text=4)),
        ("abcd: 1\n", Limits(max_key=4)),
    ],
)
def test_parse_at_the_limit_is_read(source: str, limits: Limits) -> None:
    """What is exactly as large as allowed is allowed."""
    assert _read(source, limits).diagnostics == ()


def test_parse_endless_problems_end() -> None:
    """A file with countless problems reports a bounded number and says that it stopped."""
    found = _read("a: *b\n" * 5_000).diagnostics
    assert len(found) == LIMITS.max_findings + 1
    assert "too-many-problems" in {one.code for one in found}


# The whole, as people see it


def test_parse_cut_guard_is_explained() -> None:
    """A guard cut by its own comma is shown with what was cut and how to write it."""
    source = "choose:\n  - {when: nilai in (1, 2), to: telaah}\n"
    assert render_text(_read(source).diagnostics, {"f.yaml": source}) == (
        "error[empty-flow-value]: the key '2)' has no value: the comma before it ended the value of 'when'\n"
        " --> f.yaml:2:25\n"
        "  |\n"
        "2 |   - {when: nilai in (1, 2), to: telaah}\n"
        "  |                         ^^\n"
        "  |\n"
        "  = help: if the comma belongs to the text, put that in quotes or on a line of its own\n"
        "note: this value was cut at the comma\n"
        " --> f.yaml:2:12\n"
        "  |\n"
        "2 |   - {when: nilai in (1, 2), to: telaah}\n"
        "  |            ^^^^^^^^^^^\n"
        "\n"
        "1 error in 1 file\n"
    )


def test_parse_duplicate_key_shows_both_places_in_indonesian() -> None:
    """A repeated key is shown with the place where it first stands, in the reader's language."""
    source = "judul: a\nroles: {}\njudul: b\n"
    assert render_text(_read(source).diagnostics, {"f.yaml": source}, language="id") == (
        "kesalahan[duplicate-key]: kunci 'judul' muncul untuk kedua kalinya\n"
        " --> f.yaml:3:1\n"
        "  |\n"
        "3 | judul: b\n"
        "  | ^^^^^\n"
        "  |\n"
        "  = saran: pertahankan salah satu, atau beri nama lain pada yang lain\n"
        "catatan: pertama kali ditulis di sini\n"
        " --> f.yaml:1:1\n"
        "  |\n"
        "1 | judul: a\n"
        "  | ^^^^^\n"
        "\n"
        "1 kesalahan dalam 1 berkas\n"
    )


def test_syntax_variants_all_have_texts() -> None:
    """Every wording that a syntax error may be given exists in both languages."""
    for variant in {*SYNTAX.values(), *SYNTAX_CONTEXTS.values(), "unclosed", "missing-space", "comment"}:
        message = Message(f"diagnostic.yaml-syntax.{variant}", {"char": "x", "problem": "y", "word": "z"})
        assert message.text("id") != message.text("en")
    assert "yaml-syntax" in CODES


def test_drafts_are_read_without_a_finding(vectors: Path) -> None:
    """The definitions that the language was tried on break no rule of its text."""
    drafts = sorted((vectors.parent / "drafts").rglob("*.yaml"))
    assert drafts
    for path in drafts:
        parsed = parse(path.read_bytes(), file=path.name)
        assert parsed.diagnostics == (), path.name
