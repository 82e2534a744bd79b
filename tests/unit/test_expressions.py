"""Guards mean what they say, to the last digit and day."""

from __future__ import annotations

import decimal
import unicodedata
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.guards import CALENDAR, FIELDS, SCOPE, Sight, compiled, known, make_field
from workflow.definition import Fact, FieldType
from workflow.durations import Duration, Unit
from workflow.expressions.guards import EvaluationError

VALUES: dict[str, Any] = {
    "judul": "Jalan penghubung",
    "jumlah": 3,
    "skor": Decimal("7.25"),
    "nilai": Decimal(1500000),
    "bertahap": True,
    "kb_tanggal": date(2024, 2, 29),
    "kb_sampai": date(2029, 2, 28),
    "jangka": Duration(6, Unit.MONTHS),
    "kategori": "wajib",
    "hasil": "layak",
    "urusan": ("kesehatan",),
    "pejabat": "budi",
    "pengusul": "kukar",
}
SIGHT = Sight(
    fields=VALUES,
    facts={"pagu_tersedia": False},
    documents=("kak",),
    active=frozenset(("dprd", "dprd.dibahas")),
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("nilai > 1_000_000 and kategori == 'wajib'", True),
        ("nilai > 1_500_000 or bertahap", True),
        ("not bertahap", False),
        ("jumlah == 3 and jumlah != 4 and jumlah >= 3 and jumlah <= 3 and not jumlah < 3", True),
        ("1 < jumlah <= 3", True),
        ("3 > jumlah >= 1", False),
        ("skor == 7.25", True),
        ("skor * 4 - 1 == 28", True),
        ("-skor < 0", True),
        ("jumlah - -2 == 5", True),
        ("2 * jumlah + 1 == 7", True),
        ("2 + jumlah * 2 == 8", True),
        ("(2 + jumlah) * 2 == 10", True),
        ("0.1 + 0.2 == 0.3", True),
        ("jumlah in [1, 3.0]", True),
        ("skor in [7, 7.25]", True),
        ("jumlah not in [1, 2]", True),
        ("kategori in ['wajib', 'sukarela']", True),
        ("hasil not in ['perbaikan', 'tidak_layak']", True),
        ("'kesehatan' in urusan", True),
        ("'pendidikan' in urusan", False),
        ("len(urusan) == 1 and len(catatan) == 0", True),
        ("urusan is not None and catatan is None", True),
        ("judul == 'Jalan penghubung'", True),
        ("judul in ['x', 'Jalan penghubung']", True),
        ("len(judul) == 16", True),
        ("kb_sampai <= kb_tanggal + years(5)", True),
        ("kb_sampai < kb_tanggal + years(5)", False),
        ("kb_tanggal + months(12) == date('2025-02-28')", True),
        ("kb_sampai - months(6) > today", True),
        ("kb_tanggal + jangka == date('2024-08-29')", True),
        ("today + working_days(5) == date('2026-01-12')", True),
        ("today - working_days(1) == date('2026-01-02')", True),
        ("today + -days(1) == date('2026-01-04')", True),
        ("days(3) + today == date('2026-01-08')", True),
        ("today + days(jumlah) == date('2026-01-08')", True),
        ("today + days(2) * jumlah == date('2026-01-11')", True),
        ("today + jumlah * days(2) == date('2026-01-11')", True),
        ("today - kb_tanggal > days(365)", True),
        ("today - kb_tanggal == days(676)", True),
        ("years(1) + months(1) == months(13)", True),
        ("years(1) > months(11) and days(2) - days(3) == days(-1)", True),
        ("'kak' in documents and 'kb' not in documents and len(documents) == 1", True),
        ("len(parties) == 2 and pengusul in parties and 'kukar' in parties", True),
        ("pengusul == 'kukar'", True),
        ("pejabat == 'budi' and pejabat != judul", True),
        ("role == 'opd' and role in ['opd', 'kepala_daerah']", True),
        ("role is None", False),
        ("in_state('dprd') and in_state('diputus') == False", True),
        ("in_state('dprd.dibahas')", True),
        ("pagu_tersedia == False or not pagu_tersedia", True),
        ("True and not False", True),
        ("'it\\'s' == \"it's\"", True),
        ("nilai\n  > 1\tand\r\n  bertahap", True),
        ("(((bertahap)))", True),
    ],
)
def test_guard_of_the_language_gives_its_value(text: str, value: bool) -> None:
    """Every construct of the language computes what it says."""
    assert compiled(text, expect="boolean")(SIGHT) is value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("jumlah * 2", 6),
        ("nilai", Decimal(1500000)),
        ("kb_sampai - months(6)", date(2028, 8, 28)),
        ("kb_sampai - kb_tanggal", Duration(1826, Unit.DAYS)),
        ("working_days(10)", Duration(10, Unit.WORKING_DAYS)),
        ("years(1) - months(3)", Duration(9, Unit.MONTHS)),
        ("['a', 'b']", ("a", "b")),
        ("[jumlah, 2.5]", (3, Decimal("2.5"))),
        ("1_000_000.50", Decimal("1000000.5")),
        ("None", None),
    ],
)
def test_expression_without_expectation_gives_a_python_value(text: str, value: object) -> None:
    """Values come back as Python has them, decimals as Decimal, lists as tuples."""
    found = compiled(text)(SIGHT)
    assert found == value
    assert type(found) is type(value)


def test_guard_of_an_empty_case_reads_nothing_after_what_decides() -> None:
    """An empty field is never compared: what asks for emptiness decides first."""
    guard = compiled("jumlah is not None and jumlah > 3 or kategori is not None and hasil is None", SCOPE)
    assert guard(Sight()) is False
    assert guard(Sight(fields={"kategori": "wajib"})) is True
    assert guard(Sight(fields={"jumlah": 4})) is True


def test_guard_in_the_hosts_decimal_context_stays_exact() -> None:
    """A host's precision, rounding and traps do not reach a guard."""
    guard = compiled("skor * 3 + 1 == 3703703702.961110101 and -skor < -1234567900")
    sight = Sight(fields={"skor": Decimal("1234567900.653703367")})
    hostile = decimal.Context(prec=6, traps=[decimal.Inexact, decimal.Rounded, decimal.FloatOperation])
    with decimal.localcontext(hostile):
        assert guard(sight) is True
        assert (
            compiled("skor * 3 + 1 == 3703703702.961110101").normal == "skor * 3 + 1 == 3703703702.961110101"
        )


def test_product_of_the_largest_numbers_is_exact() -> None:
    """As many factors as a guard can hold, each as long as history takes, lose no digit."""
    long = Decimal("9" * 999 + "." + "9" * 999)
    text = " * ".join(["skor"] * 51)
    exact = compiled(text)(Sight(fields={"skor": long}))
    digits, places = int("9" * 1998), 999
    assert exact == Decimal(digits**51).scaleb(-51 * places, decimal.Context(prec=150_000))


def test_text_is_compared_in_normal_form() -> None:
    """One and the same text is equal however it was typed, in the guard or in the value."""
    composed, apart = "Amélie", unicodedata.normalize("NFD", "Amélie")
    assert composed != apart
    for written in (composed, apart):
        guard = compiled(f"judul == '{written}' and judul in ['{written}', 'x'] and '{written}' in catatan")
        for value in (composed, apart):
            assert guard(Sight(fields={"judul": value, "catatan": (value,)})) is True


def test_clock_has_no_role() -> None:
    """Where nobody acts the role is none of the roles, and no comparison with it fails."""
    assert compiled("role == 'opd' or role in ['kepala_daerah']")(Sight(role=None)) is False


@pytest.mark.parametrize(
    "text",
    [
        "kb_sampai + years(100000) > today",
        "kb_sampai - months(100000) > today",
        "kb_sampai + working_days(100000) * 100000 > today",
        "kb_sampai + days(jumlah) > today",
    ],
)
def test_day_outside_the_years_of_dates_is_an_error(text: str) -> None:
    """A day beyond the year 9999 is said to be none, in both languages, and never guessed."""
    guard = compiled(text)
    with pytest.raises(EvaluationError) as caught:
        guard(Sight(fields=VALUES | {"jumlah": 2**53 - 1}))
    assert caught.value.code == "guard-without-value"
    assert "9999" in caught.value.message.text("id")
    assert str(caught.value) == caught.value.message.text("en")


def test_working_days_are_counted_by_the_calendar_of_the_environment() -> None:
    """Days off of the case's calendar do not count, and the guard says that it uses one."""
    guard = compiled("kb_sampai == kb_tanggal + working_days(10)")
    start = date(2026, 1, 2)
    fields = {"kb_tanggal": start, "kb_sampai": CALENDAR.add_working_days(start, 10)}
    assert guard(Sight(fields=fields)) is True
    assert guard.uses == {"calendar"}
    assert compiled("kb_tanggal + jangka > today").uses == {"calendar", "today"}
    assert compiled("kb_tanggal + days(3) > today").uses == {"today"}


def test_expression_says_what_it_reads() -> None:
    """Fields, facts and the rest are listed, also those in parts that are not computed."""
    text = "nilai is None and pagu_tersedia or role == 'opd' and 'kak' in documents and in_state('telaah')"
    guard = compiled(text)
    assert guard.fields == {"nilai"}
    assert guard.facts == {"pagu_tersedia"}
    assert guard.uses == {"role", "documents", "in_state"}
    assert guard.text == text


def test_expression_is_equal_to_itself_only() -> None:
    """Expressions are hashed by identity, so that a definition can key by them."""
    one, other = compiled("bertahap"), compiled("bertahap")
    assert one == one and one != other
    assert len({one, other}) == 2


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ('( nilai>1_000.50 )and  kategori=="wajib"', "nilai > 1000.5 and kategori == 'wajib'"),
        ("not(bertahap)", "not bertahap"),
        ("not (bertahap and pagu_tersedia)", "not (bertahap and pagu_tersedia)"),
        ("(bertahap or pagu_tersedia) and True", "(bertahap or pagu_tersedia) and True"),
        ("bertahap or (pagu_tersedia and True)", "bertahap or pagu_tersedia and True"),
        ("bertahap and (pagu_tersedia and True)", "bertahap and (pagu_tersedia and True)"),
        ("jumlah - (2 - 1) == (jumlah - 2) - 1", "jumlah - (2 - 1) == jumlah - 2 - 1"),
        ("-(jumlah + 1) < -(-5)", "-(jumlah + 1) < --5"),
        ("(jumlah == 1) == bertahap", "(jumlah == 1) == bertahap"),
        ("skor == 2.50", "skor == 2.5"),
        ("skor == 2.0", "skor == 2"),
        ("in_state('diputus')", "in_state('dprd.diputus')"),
        ('kb_tanggal<date( "2026-01-31" )', "kb_tanggal < date('2026-01-31')"),
        ('judul == "it\'s \\\\ "', "judul == 'it\\'s \\\\ '"),
        ("jumlah not  in[1,2]", "jumlah not in [1, 2]"),
        ("not jumlah in [1]", "not jumlah in [1]"),
    ],
)
def test_normal_form_forgets_spelling_and_means_the_same(text: str, normal: str) -> None:
    """Blanks, quotes, idle brackets and spellings of numbers leave no trace; the value stays."""
    guard = compiled(text)
    again = compiled(normal)
    assert guard.normal == normal == again.normal
    assert guard(SIGHT) == again(SIGHT)


@pytest.mark.parametrize(
    ("text", "expect", "value"),
    [
        ("'perbaikan'", FIELDS["hasil"], "perbaikan"),
        ("hasil", FIELDS["hasil"], "layak"),
        ("jumlah + 1", FIELDS["nilai"], Decimal(4)),
        ("jumlah + 1", FieldType.MONEY, Decimal(4)),
        ("jumlah", FIELDS["jumlah"], 3),
        ("None", FIELDS["judul"], None),
        ("['kesehatan', 'pendidikan']", FIELDS["urusan"], ("kesehatan", "pendidikan")),
        ("urusan", FIELDS["urusan"], ("kesehatan",)),
        ("today", FieldType.DATE, date(2026, 1, 5)),
        ("months(6)", FIELDS["jangka"], Duration(6, Unit.MONTHS)),
        ("'kukar'", FIELDS["pengusul"], "kukar"),
        ("'x'", FIELDS["judul"], "x"),
        ("[1, jumlah]", make_field("angka", FieldType.DECIMAL, many=True), (Decimal(1), Decimal(3))),
    ],
)
def test_expression_for_a_field_gives_its_type(text: str, expect: Any, value: object) -> None:
    """What is written to a field has the field's type; integers become decimals where it wants them."""
    found = compiled(text, expect=expect)(SIGHT)
    assert found == value
    assert type(found) is type(value)


def test_name_of_a_field_and_a_fact_is_the_field() -> None:
    """A name that is a field and a fact at once is read as the field, which may be empty."""
    scope = replace(known(), facts={"bertahap": Fact(name="bertahap", type=FieldType.BOOLEAN)})
    guard = compiled("bertahap", scope, expect="boolean")
    assert guard.fields == {"bertahap"}
    assert guard.facts == frozenset()
    assert guard(SIGHT) is True
