"""What is wrong with a guard is said all at once, where it is, and with what would help."""

from __future__ import annotations

import inspect
import sys
import warnings
from typing import Any

import pytest

from tests.guards import EVERYTHING, FIELDS, SCOPE, compiled, known, refused
from workflow.definition import FieldType
from workflow.expressions.guards import RESERVED, Expression, Problem, compile_expression
from workflow.expressions.tokens import MAX_DEPTH, MAX_LENGTH, MAX_OPERATORS
from workflow.source.diagnostics import CODES, Span, finding


def places(text: str, problems: tuple[Problem, ...]) -> list[tuple[str, str]]:
    """The key of each problem with the words that it points at."""
    return [(one.key, text[one.start : one.start + one.length]) for one in problems]


WRONG: list[tuple[str, str, str]] = [
    # what cannot be read
    ("", "guard-syntax.empty", ""),
    (" \n ", "guard-syntax.empty", " \n "),
    ("nilai = 3", "guard-syntax.instead", "="),
    ("bertahap && True", "guard-syntax.instead", "&&"),
    ("bertahap || True", "guard-syntax.instead", "||"),
    ("!bertahap", "guard-syntax.instead", "!"),
    ("bertahap AND True", "guard-syntax.instead", "AND"),
    ("nilai ≥ 3", "guard-syntax.instead", "≥"),
    ("nilai <> 3", "guard-syntax.instead", "<>"),
    ("judul == “x“", "guard-syntax.instead", "“"),
    ("nilai / 2 > 1", "guard-syntax.division", "/"),
    ("nilai // 2 > 1", "guard-syntax.division", "//"),
    ("nilai % 2 == 1", "guard-syntax.division", "%"),
    ("nilai ** 2 > 1", "guard-syntax.word", "**"),
    ("1 if bertahap else 2", "guard-syntax.word", "if"),
    ("lambda: 1", "guard-syntax.word", "lambda"),
    ("(x := 1) == 1", "guard-syntax.word", ":="),
    ("await bertahap", "guard-syntax.word", "await"),
    ("judul == 'x", "guard-syntax.quote", "'x"),
    ("judul == 'x\n'", "guard-syntax.quote", "'x\n'"),
    ("judul == f'x'", "guard-syntax.prefix", "f"),
    ("judul == '\\d'", "guard-syntax.escape", "\\d"),
    ("judul == 'a\x07'", "guard-syntax.control", "\x07"),
    ("judul == '\ud800'", "guard-syntax.control", "\ud800"),
    ("bertahap # nanti", "guard-syntax.comment", "# nanti"),
    ("nilаi > 3", "guard-syntax.letter", "а"),  # a Cyrillic letter
    ("nilai > 1.000.000", "guard-syntax.thousands", "1.000.000"),
    ("nilai > 50.000", "guard-syntax.ambiguous", "50.000"),
    ("nilai > 1e6", "guard-syntax.number", "1e6"),
    ("nilai > 0x10", "guard-syntax.number", "0x10"),
    ("nilai > 007", "guard-syntax.number", "007"),
    ("nilai > .5", "guard-syntax.number", ".5"),
    ("nilai > 5.", "guard-syntax.number", "5."),
    ("nilai > 1_", "guard-syntax.number", "1_"),
    ("nilai > 3juta", "guard-syntax.number", "3juta"),
    ("nilai > 9007199254740992", "guard-syntax.large", "9007199254740992"),
    ("(nilai > 3", "guard-syntax.never-closed", "("),
    ("nilai > 3)", "guard-syntax.closes-nothing", ")"),
    ("nilai in [1, 2)", "guard-syntax.closes-nothing", ")"),
    ("bertahap and", "guard-syntax.ends", "and"),
    ("and bertahap", "guard-syntax.value-missing", "and"),
    ("nilai > > 3", "guard-syntax.value-missing", ">"),
    ("nilai > + 3", "guard-syntax.value-missing", "+"),
    ("jumlah in [1, ]", "guard-syntax.value-missing", "]"),
    ("nilai > 3 bertahap", "guard-syntax.operator-missing", "bertahap"),
    ("bertahap not pagu_tersedia", "guard-syntax.operator-missing", "not"),
    ("judul == 'a' 'b'", "guard-syntax.operator-missing", "'b'"),
    ("len(judul)(1)", "guard-syntax.operator-missing", "("),
    ("bertahap == not True", "guard-syntax.not-brackets", "not"),
    ("urusan[0] == 'kesehatan'", "guard-syntax.subscript", "["),
    ("nilai > 1,5", "guard-syntax.comma", "nilai > 1,5"),
    ("1 < jumlah > 2", "guard-syntax.chain", "1 < jumlah > 2"),
    ("jumlah == 1 in [1]", "guard-syntax.chain", "jumlah == 1 in [1]"),
    ("jumlah == jumlah == 3", "guard-syntax.chain", "jumlah == jumlah == 3"),
    # what does not go together
    ("nilai == judul", "guard-type", "nilai == judul"),
    ("bertahap == 1", "guard-type", "bertahap == 1"),
    ("kategori == judul", "guard-type", "kategori == judul"),
    ("kategori == hasil", "guard-type", "kategori == hasil"),
    ("pengusul == judul", "guard-type", "pengusul == judul"),
    ("kb_tanggal == months(6)", "guard-type", "kb_tanggal == months(6)"),
    ("kb_tanggal > '2026-01-31'", "guard-type.date-text", "kb_tanggal > '2026-01-31'"),
    ("judul > 'a'", "guard-type.order", "judul > 'a'"),
    ("bertahap > False", "guard-type.order", "bertahap > False"),
    ("kategori < hasil", "guard-type", "kategori < hasil"),
    ("judul == None", "guard-type.none", "judul == None"),
    ("None != judul", "guard-type.none", "None != judul"),
    ("judul is True", "guard-type.is", "True"),
    ("judul is not kategori", "guard-type.is", "kategori"),
    ("pagu_tersedia is None", "guard-type.is-empty", "pagu_tersedia"),
    ("nilai + 1 is None", "guard-type.is-empty", "nilai + 1"),
    ("today is None", "guard-type.is-empty", "today"),
    ("urusan == urusan", "guard-type.list", "urusan == urusan"),
    ("urusan == 'kesehatan'", "guard-type.list", "urusan == 'kesehatan'"),
    ("'a' in judul", "guard-type.in-text", "judul"),
    ("'a' in 'abc'", "guard-type.in-text", "'abc'"),
    ("3 in nilai", "guard-type.in", "nilai"),
    ("jumlah in ['a']", "guard-type.in-other", "jumlah in ['a']"),
    ("judul in urusan", "guard-type.in-other", "judul in urusan"),
    ("hasil in urusan", "guard-type.in-other", "hasil in urusan"),
    ("judul in documents", "guard-type.in-other", "judul in documents"),
    ("days(1) in [days(1)]", "guard-type.in-durations", "days(1) in [days(1)]"),
    ("jumlah in []", "guard-type.empty-list", "[]"),
    ("jumlah in [1, 'a', today]", "guard-type.mixed-list", "[1, 'a', today]"),
    ("jumlah in [1, 'a']", "guard-type.mixed-list", "[1, 'a']"),
    ("jumlah in [1, None]", "guard-type.mixed-list", "[1, None]"),
    ("jangka < years(5)", "guard-type.duration-field", "jangka < years(5)"),
    ("jangka + days(1) == days(2)", "guard-type.duration-field", "jangka + days(1)"),
    ("days(30) < months(1)", "guard-type.duration-units", "days(30) < months(1)"),
    ("days(5) == working_days(5)", "guard-type.duration-units", "days(5) == working_days(5)"),
    ("judul + 'x' == 'y'", "guard-type.arithmetic", "judul + 'x'"),
    ("today + today == today", "guard-type.arithmetic", "today + today"),
    ("days(2) * 1.5 == days(3)", "guard-type.arithmetic", "days(2) * 1.5"),
    ("bertahap + 1 == 2", "guard-type.arithmetic", "bertahap + 1"),
    ("days(3) - today == days(1)", "guard-type.arithmetic", "days(3) - today"),
    ("today + 5 > kb_tanggal", "guard-type.date-number", "today + 5"),
    ("-judul == 'x'", "guard-type.minus", "-judul"),
    ("nilai and bertahap", "guard-type.boolean", "nilai"),
    ("not kategori", "guard-type.boolean", "kategori"),
    ("jumlah + 1", "guard-type.not-boolean", "jumlah + 1"),
    ("'wajib'", "guard-type.not-boolean", "'wajib'"),
    # names, options, calls
    ("nilia > 3", "guard-unknown-name.close", "nilia"),
    ("zzz > 3", "guard-unknown-name", "zzz"),
    ("kategori == wajib", "guard-unknown-name.quotes", "wajib"),
    ("kak in documents", "guard-unknown-name.quotes", "kak"),
    ("bertahap == true", "guard-syntax.instead", "true"),
    ("judul is null", "guard-type.is", "null"),
    ("kategori == 'wajip'", "guard-unknown-option.close", "'wajip'"),
    ("kategori == 'zzz'", "guard-unknown-option", "'zzz'"),
    ("'zzz' != kategori", "guard-unknown-option", "'zzz'"),
    ("kategori in ['wajib', 'Wajib']", "guard-unknown-option.close", "'Wajib'"),
    ("'kesehatn' in urusan", "guard-unknown-option.close", "'kesehatn'"),
    ("'kakk' in documents", "guard-unknown-option.close", "'kakk'"),
    ("role == 'kepala'", "guard-unknown-option", "'kepala'"),
    ("panjang(judul) > 3", "guard-unknown-name.function", "panjang"),
    ("month(6) == months(6)", "guard-unknown-name.function-close", "month"),
    ("nilai(3) > 1", "guard-call.value", "nilai"),
    ("today() > kb_tanggal", "guard-call.value", "today"),
    ("len > 3", "guard-call.brackets", "len"),
    ("len() > 3", "guard-call.one", "len()"),
    ("len(judul, judul) > 3", "guard-call.one", "len(judul, judul)"),
    ("len(nilai) > 3", "guard-call.len", "len(nilai)"),
    ("today + days(1.5) > today", "guard-call.number", "days(1.5)"),
    ("today + days(nilai) > today", "guard-call.number", "days(nilai)"),
    ("today + days(100001) > today", "guard-call.large", "days(100001)"),
    ("date(judul) > today", "guard-call.date", "date(judul)"),
    ("date('31-01-2026') > today", "guard-call.no-date", "'31-01-2026'"),
    ("date('2026-02-29') > today", "guard-call.no-date", "'2026-02-29'"),
    ("judul.upper() == 'X'", "guard-call.method", "judul.upper()"),
    ("in_state(judul)", "guard-call.in-state", "in_state(judul)"),
    ("in_state('dibahas')", "guard-call.several", "'dibahas'"),
    ("in_state('dprdd')", "guard-unknown-name.state-close", "'dprdd'"),
    ("in_state('kadis.diputus')", "guard-unknown-name.state-close", "'kadis.diputus'"),
    ("in_state('')", "guard-unknown-name.state", "''"),
    # places
    ("narahubung == 'x'", "personal-in-guard", "narahubung"),
    ("narahubung is None", "personal-in-guard", "narahubung"),
    ("nomor_kb == 'x'", "guard-not-here.per-party", "nomor_kb"),
    ("nomor_kb is not None", "guard-not-here.per-party", "nomor_kb"),
    # clocks and related cases
    ("expired('batass')", "guard-unknown-name.expired-close", "'batass'"),
    ("expired(judul)", "guard-call.expired", "expired(judul)"),
    ("overdue('laporn')", "guard-unknown-name.overdue-close", "'laporn'"),
    ("overdue('jawaban')", "guard-call.several-clocks", "'jawaban'"),
    ("outcome == 'selesai'", "guard-not-here.outcome", "outcome"),
    ("mandate is None and nothing", "guard-unknown-name", "nothing"),
    ("child.outcome == 'x'", "guard-unknown-option", "'x'"),
    ("child.nilai > 3", "maybe-empty", "child.nilai"),
    ("child.nilaai is None", "guard-unknown-name.shared-close", "child.nilaai"),
    ("child.closed is None", "guard-type.is-empty", "child.closed"),
    ("child", "guard-call.relative", "child"),
    ("parent.nilai is None", "guard-not-here.parent", "parent.nilai"),
    ("kb.tanggal == today", "guard-unknown-name", "kb.tanggal"),
    ("judul.panjang == 3", "guard-syntax.construct", "judul.panjang"),
    ("children('pks') == 1", "guard-type.list", "children('pks') == 1"),
    ("len(children('pksx')) > 1", "guard-unknown-name.relation-close", "'pksx'"),
    ("all(p.closed for p in urusan)", "guard-call.children", "urusan"),
    ("all(p.closed)", "guard-call.quantifier", "all(p.closed)"),
    ("all(p.closed for p in children('pks') if p.closed)", "guard-syntax.word", "if"),
    ("all(judul.closed for judul in children('pks'))", "guard-call.taken", "judul"),
    ("any(p.outcome == 'x' for p in children('pks'))", "guard-unknown-option", "'x'"),
    ("any(p.nilai > 3 for p in children('pks'))", "maybe-empty", "p.nilai"),
    ("any(p.nilai is None for p in children('lain'))", "guard-unknown-name.unread", "p.nilai"),
    ("p.closed", "guard-unknown-name", "p.closed"),
    ("all > 3", "guard-call.brackets", "all"),
    ("$lewat_provinsi", "guard-syntax.parameter", "$"),
]


@pytest.mark.parametrize(("text", "key", "words"), WRONG, ids=[text[:40] for text, *_ in WRONG])
def test_wrong_guard_is_refused_where_it_is_wrong(text: str, key: str, words: str) -> None:
    """The first problem has its key and points at its words; code and both texts are registered."""
    first, *_ = problems = refused(text, expect="boolean")
    assert places(text, problems)[0] == (key, words)
    assert first.code in CODES
    found = finding(first.code, "x.yaml", Span(1, 1, 1, 2), key=first.key, **first.params)
    assert "{" not in found.message and found.message != found.message_id
    assert str(first.message)


def test_every_problem_is_reported_at_once() -> None:
    """Problems in different parts are all found, in the order of the text, none twice."""
    text = "nilia > 3 and kategori == 'x' and (today + 5 > kb_tanggal or panjang(judul) > 1) and jumlah > 3"
    scope = known("judul", "nilai", "kategori", "kb_tanggal")
    assert places(text, refused(text, scope)) == [
        ("guard-unknown-name.close", "nilia"),
        ("guard-unknown-option", "'x'"),
        ("guard-type.date-number", "today + 5"),
        ("guard-unknown-name.function", "panjang"),
        ("maybe-empty", "jumlah"),
    ]


def test_words_that_cannot_be_read_are_reported_together() -> None:
    """What needs no grammar is found in one look too."""
    text = "nilai = 1.000.000 && bertahap || !pagu_tersedia"
    assert [words for _, words in places(text, refused(text))] == ["=", "1.000.000", "&&", "||", "!"]


def test_one_mistake_is_reported_once() -> None:
    """A wrong part goes with everything, so that nothing follows from it."""
    for text in ("nilia + 1 > kb_tanggal", "not nilia", "len(nilia) == nilia", "nilia in [nilia, 'a']"):
        problems = refused(text, expect="boolean")
        assert {one.key for one in problems} == {"guard-unknown-name.close"}


def test_place_counts_characters_on_every_line() -> None:
    """Letters of several bytes and line breaks before a problem do not move it."""
    text = "judul == 'é😀ß' and\r\n\tjudul == 'ÿ'\n  and nilia > 3"
    [one] = refused(text)
    assert text[one.start : one.start + one.length] == "nilia"


# --- empty fields --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "jumlah is not None and jumlah > 3",
        "jumlah is None or jumlah > 3",
        "not (jumlah is None) and jumlah > 3",
        "not jumlah is not None or jumlah > 3",
        "not (jumlah is None or skor is None) and jumlah > skor",
        "not (jumlah is not None and skor is not None) or jumlah > skor",
        "(jumlah is not None and skor is not None) and jumlah > skor",
        "(jumlah is not None and True or jumlah is not None) and jumlah > 3",
        "jumlah is not None and (False or jumlah > 3) and jumlah < 9",
        "bertahap is not None and bertahap and not bertahap",
        "(jumlah is None or skor is None) or jumlah > skor",
        "jumlah is not None and jumlah in [1, jumlah]",
        "len(urusan) > 0 and 'kesehatan' in urusan",
        "urusan is None or 'kesehatan' in urusan",
        "role is not None and role == 'opd'",
    ],
)
def test_field_asked_for_first_may_be_read(text: str) -> None:
    """After what shows that it is there, a field is known; lists and the role need no asking."""
    assert compiled(text, SCOPE, expect="boolean")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("jumlah > 3", "jumlah"),
        ("bertahap", "bertahap"),
        ("not bertahap", "bertahap"),
        ("jumlah is None and jumlah > 3", "jumlah"),
        ("jumlah is not None or jumlah > 3", "jumlah"),
        ("jumlah > 3 and jumlah is not None", "jumlah"),
        ("(jumlah is not None or skor is not None) and jumlah > 3", "jumlah"),
        ("not (jumlah is None and skor is None) and jumlah > 3", "jumlah"),
        ("(jumlah is not None and True) or jumlah > 3", "jumlah"),
        ("jumlah in [1, 2]", "jumlah"),
        ("2 in [1, jumlah]", "jumlah"),
        ("today + days(jumlah) > today", "jumlah"),
        ("len(judul) > 3", "judul"),
        ("(kategori is not None) == (kategori == 'wajib')", "kategori"),
    ],
)
def test_field_that_may_be_empty_is_not_read(text: str, words: str) -> None:
    """Where a field may be empty, reading it is an error that names it and the remedy."""
    [one] = refused(text, SCOPE, expect="boolean")
    assert (one.code, one.params["field"]) == ("maybe-empty", words)
    assert text[one.start : one.start + one.length] == words
    found = finding(one.code, "x.yaml", Span(1, 1, 1, 2), key=one.key, **one.params)
    assert found.help is not None and f"{words} is not None and" in found.help


def test_field_that_is_required_may_be_read() -> None:
    """What the place knows to be there needs no asking, and may still be asked."""
    assert compiled("jumlah > 3 and jumlah is not None", known("jumlah"))
    assert [one.key for one in refused("jumlah > skor", known("jumlah"))] == ["maybe-empty"]


def test_field_that_may_be_empty_is_reported_once() -> None:
    """However often a field is read, its emptiness is one problem."""
    assert len(refused("jumlah > 3 and jumlah < 5 or jumlah == 7", SCOPE)) == 1


# --- places --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "needs", "key"),
    [
        ("today > kb_tanggal", "today", "guard-not-here.today"),
        ("role == 'opd'", "role", "guard-not-here.role"),
        ("role is None", "role", "guard-not-here.role"),
        ("'kak' in documents", "documents", "guard-not-here.documents"),
        ("len(parties) > 2", "parties", "guard-not-here.parties"),
        ("in_state('dprd')", "in_state", "guard-not-here.in_state"),
        ("pagu_tersedia", "facts", "guard-not-here.fact"),
    ],
)
def test_special_word_is_read_only_where_it_is_allowed(text: str, needs: str, key: str) -> None:
    """Each of them is refused by name where the place does not allow it."""
    assert compiled(text)
    [one] = refused(text, known(allow=EVERYTHING - {needs}))
    assert one.key == key


@pytest.mark.parametrize(
    ("text", "expect", "key"),
    [
        ("'tidak layak'", FIELDS["hasil"], "guard-unknown-option.close"),
        ("kategori", FIELDS["hasil"], "guard-type.result"),
        ("judul", FIELDS["hasil"], "guard-type.result"),
        ("hasil", FIELDS["judul"], "guard-type.result"),
        ("nilai", FIELDS["jumlah"], "guard-type.result"),
        ("jumlah > 3", FIELDS["jumlah"], "guard-type.result"),
        ("'2026-01-31'", FIELDS["kb_tanggal"], "guard-type.date-text"),
        ("'kesehatan'", FIELDS["urusan"], "guard-type.result"),
        ("['kesehatan', 'x']", FIELDS["urusan"], "guard-unknown-option"),
        ("urusan", FIELDS["hasil"], "guard-type.result"),
        ("None", FieldType.DATE, "guard-type.result"),
        ("None", "boolean", "guard-type.not-boolean"),
    ],
)
def test_value_that_does_not_fit_its_field_is_refused(text: str, expect: Any, key: str) -> None:
    """What is written to a field must have its type and be one of its options."""
    assert refused(text, expect=expect)[0].key == key


def test_reserved_words_cannot_be_reached_as_fields() -> None:
    """Every word that a guard reads in its own way is listed for the loader to refuse as a name."""
    assert {"today", "role", "len", "days", "date", "in_state", "child", "any"} <= RESERVED


# --- bounds --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("jumlah == 1 or " * 400, "guard-too-large.length"),
        ("(" * (MAX_DEPTH + 1) + "True" + ")" * (MAX_DEPTH + 1), "guard-too-large.depth"),
        ("(" * 990 + "1" + ")" * 990, "guard-too-large.depth"),
        ("[" * 1999, "guard-too-large.depth"),
        ("-" * 1998 + "1", "guard-too-large.signs"),
        ("not " * 499 + "True", "guard-too-large.signs"),
        ("1" + "+1" * 999, "guard-too-large.signs"),
        ("x" + ".x" * 999, "guard-too-large.signs"),
        ("'" + "\\" * 1999, "guard-syntax.quote"),
        ("f" + "()" * 999, "guard-syntax.operator-missing"),
        ("True and " * 221 + "True", ""),
        ("jumlah == 1 or " * 130 + "True", ""),
        ("1 < " * 400 + "1", ""),
        ("jumlah in [" + "1, " * 600 + "1]", ""),
        ("(" * MAX_DEPTH + "True" + ")" * MAX_DEPTH, ""),
        ("-" * MAX_OPERATORS + "1 == 1", ""),
        ("not " * MAX_OPERATORS + "True", ""),
        ("jumlah" + " + jumlah" * MAX_OPERATORS + " > 1", ""),
    ],
)
def test_large_guard_is_refused_before_it_is_parsed(text: str, key: str) -> None:
    """Bounds on length, brackets and signs; what stays inside them compiles on a shallow stack."""
    limit = sys.getrecursionlimit()
    depth = len(inspect.stack(0))
    sys.setrecursionlimit(depth + 450)
    try:
        found = compile_expression(text, known(), expect="boolean")
    finally:
        sys.setrecursionlimit(limit)
    assert (found[0].key if not isinstance(found, Expression) else "") == key
    assert len(text) <= MAX_LENGTH or key == "guard-too-large.length"


def test_compiling_warns_of_nothing() -> None:
    """Python's parser has nothing to warn of in what it is given, so a strict host sees no warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for text, *_ in WRONG:
            compile_expression(text, known(), expect="boolean")
        compiled("1 in [1] and 'x' == 'x' and (1 == 1) == True")
