"""Findings as data, suggestions, and how they are shown."""

from __future__ import annotations

import json
import re
import string
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow import locale
from workflow.locale import Message
from workflow.source import diagnostics
from workflow.source.characters import lookalike, visible
from workflow.source.diagnostics import (
    CODES,
    Diagnostic,
    Severity,
    Span,
    codes,
    did_you_mean,
    finding,
    has_errors,
    place,
)
from workflow.source.formats import render_json
from workflow.source.renderers import render_text

TABLE = {
    "test-unknown": {
        "about": "a word that nobody knows",
        "en": "unknown word {word!r}",
        "id": "kata {word!r} tidak dikenal",
        "help": "did you mean {meant!r}?",
        "help_id": "maksud Anda {meant!r}?",
    },
    "test-unknown.state": {"en": "unknown state {word!r}", "id": "keadaan {word!r} tidak dikenal"},
    "test-plain": {"en": "something is odd", "id": "ada yang ganjil"},
}


@pytest.fixture(autouse=True, scope="module")
def registered() -> Iterator[None]:
    """Register the codes of these tests, and take them out again: the registry is that of the product."""
    codes(TABLE)
    locale.register({"place.test": {"en": "first written here", "id": "pertama kali di sini"}})
    yield
    for key in TABLE:
        CODES.pop(key, None)
        diagnostics._helped.discard(key)
    for key in [key for key in locale._catalogue if "test-" in key or key == "place.test"]:
        del locale._catalogue[key]


SOURCE = "format: 1\nstates:\n    penyusunam: {}\nstates: {}\n"


WORD = Span(3, 5, 3, 15)


def _unknown(span: Span = WORD, *, word: str = "penyusunam") -> Diagnostic:
    return finding("test-unknown", "ksdd.yaml", span, word=word, meant="penyusunan")


def test_text_renderer_shows_place_snippet_carets_and_help() -> None:
    """A finding is shown with its code, place, line, carets, help and a sum at the end."""
    assert render_text([_unknown()], {"ksdd.yaml": SOURCE}) == (
        "error[test-unknown]: unknown word 'penyusunam'\n"
        " --> ksdd.yaml:3:5\n"
        "  |\n"
        "3 |     penyusunam: {}\n"
        "  |     ^^^^^^^^^^\n"
        "  |\n"
        "  = help: did you mean 'penyusunan'?\n"
        "\n"
        "1 error in 1 file\n"
    )


def test_text_renderer_indonesian_is_indonesian_throughout() -> None:
    """With language id every word of the renderer and the message is Indonesian."""
    warning = finding("test-plain", "b.yaml", Span(1, 1, 1, 2), severity=Severity.WARNING)
    assert render_text([_unknown(), warning], {"ksdd.yaml": SOURCE}, language="id") == (
        "kesalahan[test-unknown]: kata 'penyusunam' tidak dikenal\n"
        " --> ksdd.yaml:3:5\n"
        "  |\n"
        "3 |     penyusunam: {}\n"
        "  |     ^^^^^^^^^^\n"
        "  |\n"
        "  = saran: maksud Anda 'penyusunan'?\n"
        "\n"
        "peringatan[test-plain]: ada yang ganjil\n"
        " --> b.yaml:1:1\n"
        "\n"
        "1 kesalahan, 1 peringatan dalam 2 berkas\n"
    )


def test_text_renderer_related_place_is_shown_like_the_first() -> None:
    """A related place has its message, its line and carets, in one gutter with the finding."""
    first = place(Message("place.test"), "ksdd.yaml", Span(2, 1, 2, 7))
    found = finding("test-plain", "ksdd.yaml", Span(4, 1, 4, 7), related=[first])
    assert render_text([found], {"ksdd.yaml": SOURCE}) == (
        "error[test-plain]: something is odd\n"
        " --> ksdd.yaml:4:1\n"
        "  |\n"
        "4 | states: {}\n"
        "  | ^^^^^^\n"
        "note: first written here\n"
        " --> ksdd.yaml:2:1\n"
        "  |\n"
        "2 | states:\n"
        "  | ^^^^^^\n"
        "\n"
        "1 error in 1 file\n"
    )


def test_text_renderer_long_line_is_trimmed_around_the_span() -> None:
    """Of a long line only what is around the span is shown, at most 102 columns."""
    line = "a" * 500 + "HERE" + "b" * 500
    shown = render_text([_unknown(Span(1, 501, 1, 505))], {"ksdd.yaml": line}).splitlines()
    assert shown[3].startswith("1 | …aaa")
    assert shown[3].endswith("bbb…")
    assert len(shown[3]) <= 4 + 102
    assert shown[3][shown[4].index("^") : shown[4].rindex("^") + 1] == "HERE"


def test_text_renderer_span_longer_than_the_window_ends_in_an_ellipsis() -> None:
    """A span of a whole long line is cut, and the carets with it."""
    shown = render_text([_unknown(Span(1, 1, 1, 901))], {"ksdd.yaml": "x" * 900}).splitlines()
    assert shown[3] == "1 | " + "x" * 100 + "…"
    assert shown[4] == "  | " + "^" * 100


def test_text_renderer_span_of_several_lines_marks_the_first_to_its_end() -> None:
    """Of a span over several lines, the first line is shown."""
    shown = render_text([_unknown(Span(2, 1, 3, 5))], {"ksdd.yaml": SOURCE}).splitlines()
    assert shown[3:5] == ["2 | states:", "  | ^^^^^^^"]


def test_text_renderer_wide_and_combining_characters_keep_carets_in_place() -> None:
    """Carets count terminal columns: two for a wide character, none for a combining one."""
    shown = render_text([_unknown(Span(1, 6, 1, 7))], {"ksdd.yaml": "日本e\u0301:x"}).splitlines()
    assert shown[3:5] == ["1 | 日本e\u0301:x", "  |       ^"]


def test_text_renderer_tab_is_four_columns() -> None:
    """A tab in the line is shown as four spaces, and the carets know."""
    shown = render_text([_unknown(Span(1, 2, 1, 3))], {"ksdd.yaml": "\tx"}).splitlines()
    assert shown[3:5] == ["1 |     x", "  |     ^"]


def test_text_renderer_deceiving_characters_are_shown_as_codes() -> None:
    """No character of the file, its name or a message can move, hide or break what is printed."""
    found = finding(
        "test-unknown",
        "a\u202e\n.yaml",
        Span(1, 1, 1, 3),
        word="x\n = help: trust me\u202e\x1b[31m",
        meant="y",
    )
    shown = render_text([found], {"a\u202e\n.yaml": "\u202ea\x1b[2J\u00a0b"})
    assert shown == (
        "error[test-unknown]: unknown word 'x<U+000A> = help: trust me<U+202E><U+001B>[31m'\n"
        " --> a<U+202E><U+000A>.yaml:1:1\n"
        "  |\n"
        "1 | <U+202E>a<U+001B>[2J<U+00A0>b\n"
        "  | ^^^^^^^^^\n"
        "  |\n"
        "  = help: did you mean 'y'?\n"
        "\n"
        "1 error in 1 file\n"
    )


def test_text_renderer_place_outside_the_source_is_named_without_snippet() -> None:
    """A place that the source does not have is still named."""
    assert render_text([_unknown(Span(9, 1, 9, 2))], {"ksdd.yaml": SOURCE}).splitlines()[:3] == [
        "error[test-unknown]: unknown word 'penyusunam'",
        " --> ksdd.yaml:9:1",
        "  |",
    ]


def test_text_renderer_nothing_found_says_so() -> None:
    """An empty list is said in words."""
    assert render_text([], {}) == "no problems found\n"


def test_text_renderer_color_only_adds_escapes() -> None:
    """Colours change nothing but the colour."""
    colored = render_text([_unknown()], {"ksdd.yaml": SOURCE}, color=True)
    assert "\x1b[1;31merror[test-unknown]\x1b[0m" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == render_text([_unknown()], {"ksdd.yaml": SOURCE})


def test_json_renderer_has_exactly_the_documented_keys() -> None:
    """The JSON form is a list of objects with ten keys, in either language, pure ASCII."""
    [shown] = json.loads(render_json([_unknown()]))
    assert shown == {
        "code": "test-unknown",
        "severity": "error",
        "message": "unknown word 'penyusunam'",
        "file": "ksdd.yaml",
        "line": 3,
        "column": 5,
        "end_line": 3,
        "end_column": 15,
        "help": "did you mean 'penyusunan'?",
        "url": "docs/reference/diagnostics.md#test-unknown",
    }
    [other] = json.loads(render_json([_unknown(word="caf\u00e9")], language="id"))
    assert other["message"] == "kata 'caf\u00e9' tidak dikenal"
    assert render_json([_unknown(word="caf\u00e9")]).isascii()


def test_finding_variant_has_its_own_text_and_the_same_code() -> None:
    """A variant changes the words; code and page stay; it has no help but its own."""
    found = finding("test-unknown", "f", Span(1, 1, 1, 2), key="test-unknown.state", word="a")
    assert (found.code, found.message, found.help) == ("test-unknown", "unknown state 'a'", None)
    assert found.url == "docs/reference/diagnostics.md#test-unknown"


def test_finding_given_help_replaces_the_registered_one() -> None:
    """Help given with a finding is shown instead of that of its code."""
    found = finding("test-unknown", "f", Span(1, 1, 1, 2), help=Message("place.test"), word="a", meant="b")
    assert (found.help, found.help_id) == ("first written here", "pertama kali di sini")


def test_finding_long_word_is_cut() -> None:
    """A message quotes at most 80 characters of the file."""
    assert _unknown(word="x" * 900).message == f"unknown word '{'x' * 79}…'"


def test_finding_template_in_a_word_is_not_filled() -> None:
    """Braces in a word of the file are text, never a template."""
    assert _unknown(word="{meant} {0.__class__}").message == "unknown word '{meant} {0.__class__}'"


def test_finding_unregistered_code_raises() -> None:
    """A code that no area has registered cannot be reported."""
    with pytest.raises(KeyError):
        finding("test-nowhere", "f", Span(1, 1, 1, 2))


@pytest.mark.parametrize(
    "table",
    [
        {"test-plain": {"en": "other", "id": "lain"}},
        {"test-nowhere.variant": {"en": "a", "id": "b"}},
        {"test-unknown.help": {"en": "a", "id": "b"}},
        {"test-new": {"en": "has {parameter}", "id": "ada {parameter}"}},
    ],
)
def test_codes_contradiction_is_refused(table: dict[str, dict[str, str]]) -> None:
    """A second meaning, a variant of nothing and a description with parameters are refused."""
    with pytest.raises(ValueError, match=r"code|variant"):
        codes(table)


def test_codes_same_table_twice_is_harmless() -> None:
    """Registering the same texts again changes nothing."""
    codes(TABLE)
    assert CODES["test-unknown"] == "a word that nobody knows"
    assert CODES["test-plain"] == "something is odd"


def test_has_errors_warnings_do_not_count() -> None:
    """Only an error keeps a definition from being used."""
    warning = finding("test-plain", "f", Span(1, 1, 1, 2), severity=Severity.WARNING)
    assert not has_errors([warning])
    assert has_errors([warning, _unknown()])


@pytest.mark.parametrize(
    ("word", "candidates", "meant"),
    [
        ("transitons", ["states", "transitions"], "transitions"),
        ("kepala_daera", ["opd", "kepala_daerah"], "kepala_daerah"),
        ("filed", ["field", "fields", "file"], "field"),
        ("Fields", ["fields"], "fields"),
        ("kepala-daerah", ["kepala_daerah"], "kepala_daerah"),
        ("mitra.kepala_daerha", ["mitra.opd", "mitra.kepala_daerah"], "mitra.kepala_daerah"),
        ("penawaran", ["penyusunan", "pembahasan"], None),
        ("opd", ["dprd", "kak"], None),
        ("x", ["y"], None),
        ("", ["a"], None),
        ("ab", ["ba"], "ba"),
        ("states", ["states"], None),
    ],
)
def test_did_you_mean_offers_only_what_is_near(word: str, candidates: list[str], meant: str | None) -> None:
    """A suggestion is the nearest word, and none at all where none is near."""
    assert did_you_mean(word, candidates) == meant


def test_did_you_mean_equal_distance_takes_the_first() -> None:
    """Of equally near words the one declared first is offered."""
    assert did_you_mean("batas_x", ["batas_a", "batas_b"]) == "batas_a"


def test_did_you_mean_huge_words_cost_little() -> None:
    """Neither a huge word nor endless candidates are worked through."""
    begun = time.process_time()
    assert did_you_mean("x" * 1_000_000, ["x" * 999_999]) is None
    assert did_you_mean("penandatangan_x", (f"penandatangan_{n}" for n in iter(int, 1))) == "penandatangan_0"
    assert did_you_mean("a" * 60, ["a" * 30 + "b" + "c" * 29] * 100_000) is None
    assert did_you_mean("a" * 60, ["a" * 20 + "b" * 5 + "a" * 20 + "b" * 15] * 100_000) is None
    assert time.process_time() - begun < 1


def _edits(one: str, other: str) -> int:
    """The same distance written plainly, as a table over the whole of both words."""
    table = {(i, 0): i for i in range(len(one) + 1)} | {(0, j): j for j in range(len(other) + 1)}
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            ways = [
                table[i - 1, j] + 1,
                table[i, j - 1] + 1,
                table[i - 1, j - 1] + (one[i - 1] != other[j - 1]),
            ]
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                ways.append(table[i - 2, j - 2] + 1)
            table[i, j] = min(ways)
    return table[len(one), len(other)]


@given(st.text("abc", min_size=2, max_size=12), st.lists(st.text("abc", max_size=12), max_size=4))
def test_did_you_mean_agrees_with_the_plain_distance(word: str, candidates: list[str]) -> None:
    """The bounded search finds what measuring every candidate in full would find."""
    near = [(_edits(word, one), i) for i, one in enumerate(candidates) if one != word]
    best = min(near, default=(99, 0))
    expected = candidates[best[1]] if best[0] <= max(1, len(word) // 3) else None
    assert did_you_mean(word, candidates) == expected


@given(st.text(string.ascii_lowercase, min_size=6, max_size=30), st.data())
def test_did_you_mean_one_mistake_is_forgiven(word: str, draw: st.DataObject) -> None:
    """A word of six letters or more with one letter dropped is always recognised."""
    at = draw.draw(st.integers(0, len(word) - 1))
    wrong = word[:at] + word[at + 1 :]
    assert did_you_mean(wrong, ["zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", word]) == word


@given(st.text())
def test_visible_text_has_nothing_unseen(text: str) -> None:
    """What is shown has no control, format or separator characters; plain text is untouched."""
    shown = visible(text)
    assert shown.isprintable()
    if text.isascii() and text.isprintable():
        assert shown == text


@pytest.mark.parametrize(
    ("word", "plain"),
    [
        ("st\u0430tes", "states"),
        ("\uff53\uff54\uff41\uff54\uff45\uff53", "states"),
        ("sta\u200dtes", "states"),
        ("batas\u2013waktu", "batas-waktu"),
        ("\u03bfpd", "opd"),
        ("states", None),
        ("\u65e5\u672c", None),
    ],
)
def test_lookalike_names_the_ascii_word(word: str, plain: str | None) -> None:
    """A word drawn like an ASCII one is recognised; other scripts are left alone."""
    assert lookalike(word) == plain
