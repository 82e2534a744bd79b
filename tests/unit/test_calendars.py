"""Calendar files are read with every problem at once, and count with the right reasons."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from importlib.resources import files
from time import process_time
from typing import Any

import pytest

from tests.calendars import calendar, indonesia, read
from workflow.history.canonical import canonical
from workflow.source.diagnostics import Severity
from workflow.source.shapes import members
from workflow.source.text import parse
from workflow.time.calendar_files import CODES, CalendarShape, DecreeShape
from workflow.time.calendars import Calendar, load_calendar

SMALL = """\
    format: 1
    calendar: kecil
    version: 1
    week: [mon, tue, wed, thu, fri]
    covers: {from: 2025-01-01, until: 2025-12-31}
    decrees:
      skb:
        title: SKB 2025
        issued: 2024-10-14
        national:
          2025-08-17: Hari Kemerdekaan
          2025-12-25: Hari Raya Natal
        joint_leave:
          2025-12-26: Cuti Bersama Natal
"""
AMENDMENT = """\
      perubahan:
        title: {id: Perubahan SKB, en: Amendment}
        amends: skb
        issued: 2025-08-05
        joint_leave:
          2025-08-18: Cuti Bersama Hari Kemerdekaan
"""


def found(text: str, **others: str) -> list[tuple[str, int, int]]:
    """Code, line and column of every finding."""
    return [(one.code, one.line, one.column) for one in read(text, **others)[1]]


# --- what a day is -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "reason"),
    [
        (date(2025, 8, 15), None),
        (date(2025, 8, 16), "weekend"),
        (date(2025, 8, 17), "weekend"),  # a Sunday, although a decree names it too
        (date(2025, 8, 18), None),
        (date(2025, 12, 25), "national"),
        (date(2025, 12, 26), "joint_leave"),
        (date(2030, 12, 25), None),
    ],
)
def test_reason_weekend_comes_before_any_decree(on: date, reason: str | None) -> None:
    """A day off the week is a weekend whatever a decree says of it; other days have their decree's reason."""
    small = calendar(SMALL)
    assert small.reason(on) == reason
    assert small.is_working_day(on) is (reason is None)


def test_reason_joint_leave_that_counts_is_a_working_day() -> None:
    """With the switch on, joint leave is worked; it stays listed among the days of the decrees."""
    small = calendar(SMALL.replace("version: 1", "version: 1\n    joint_leave_counts: true"))
    assert small.is_working_day(date(2025, 12, 26))
    assert small.days[date(2025, 12, 26)].reason == "joint_leave"
    assert small.days_off(date(2025, 12, 25), date(2025, 12, 28)) == (
        ("2025-12-25", "national"),
        ("2025-12-27", "weekend"),
        ("2025-12-28", "weekend"),
    )


def test_reason_two_lines_of_decrees_the_strongest_wins() -> None:
    """Where a region's day is also joint leave, it is off even if joint leave counts."""
    region = """\
        format: 1
        calendar: daerah
        version: 1
        extends: kecil
        joint_leave_counts: true
        decrees:
          perbup:
            title: Keputusan Bupati
            issued: 2025-01-10
            regional:
              2025-12-25: Hari jadi
              2025-12-26: Hari jadi
    """
    daerah = calendar(region, kecil=SMALL)
    assert daerah.reason(date(2025, 12, 25)) == "national"
    assert daerah.reason(date(2025, 12, 26)) == "regional"
    assert daerah.days[date(2025, 12, 26)].decree == "perbup"


def test_is_provisional_outside_covers_is_true() -> None:
    """Both ends of what is covered are covered."""
    small = calendar(SMALL)
    ends = [date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1)]
    assert [small.is_provisional(on) for on in ends] == [True, False, False, True]


@pytest.mark.parametrize(
    ("on", "n", "expected"),
    [
        (date(2025, 12, 24), 1, date(2025, 12, 29)),
        (date(2025, 12, 24), 0, date(2025, 12, 24)),
        (date(2025, 12, 29), -1, date(2025, 12, 24)),
        (date(2025, 12, 27), -1, date(2025, 12, 24)),
        (date(2025, 12, 27), 0, date(2025, 12, 27)),
        (date(2040, 1, 6), 1, date(2040, 1, 9)),
    ],
)
def test_add_working_days_skips_days_off_both_ways(on: date, n: int, expected: date) -> None:
    """The start never counts; days off are passed over forth and back, inside and outside the decrees."""
    assert calendar(SMALL).add_working_days(on, n) == expected


@pytest.mark.parametrize(
    ("on", "n"), [(date(9999, 12, 31), 1), (date(1, 1, 1), -1), (date(2025, 1, 1), 10**7)]
)
def test_add_working_days_beyond_the_years_is_one_error(on: date, n: int) -> None:
    """What no date can hold is refused as for the other units."""
    with pytest.raises(OverflowError):
        calendar(SMALL).add_working_days(on, n)


def test_days_off_far_outside_the_decrees_are_weekends() -> None:
    """Where nothing is known, only the week speaks."""
    assert calendar(SMALL).days_off(date(2040, 1, 5), date(2040, 1, 9)) == (
        ("2040-01-07", "weekend"),
        ("2040-01-08", "weekend"),
    )


# --- decrees -----------------------------------------------------------------------------------------


def test_known_on_decree_not_yet_issued_is_left_out() -> None:
    """What was known on a day are the decrees issued by then, the day itself included."""
    small = calendar(SMALL + AMENDMENT)
    day = date(2025, 8, 18)
    assert small.known_on(date(2025, 8, 4)).is_working_day(day)
    assert small.known_on(date(2025, 8, 5)).reason(day) == "joint_leave"
    assert small.known_on(date(2024, 10, 13)).days == {}
    assert small.known_on(date(2026, 1, 1)) == small


def test_amending_decree_changes_and_takes_back_days() -> None:
    """A later decree may give a day another reason and take days back; before it, the first holds."""
    later = """\
      perubahan:
        title: Perubahan
        amends: skb
        issued: 2025-06-01
        national: {2025-12-26: Hari kedua Natal}
        removes: [2025-12-25]
"""
    small = calendar(SMALL + later)
    assert small.reason(date(2025, 12, 25)) is None
    assert small.reason(date(2025, 12, 26)) == "national"
    assert small.days[date(2025, 12, 26)].decree == "perubahan"
    before = small.known_on(date(2025, 5, 31))
    assert (before.reason(date(2025, 12, 25)), before.reason(date(2025, 12, 26))) == (
        "national",
        "joint_leave",
    )


def test_decree_title_has_both_languages() -> None:
    """A decree is named in the language of the reader."""
    small = calendar(SMALL + AMENDMENT)
    assert small.decree_title("perubahan").text("en") == "Amendment"
    assert small.decree_title("skb").text("en") == "SKB 2025"
    assert small.decree_title("lain").text() == "lain"


# --- digest and extends --------------------------------------------------------------------------------


def test_digest_is_over_the_canonical_form() -> None:
    """The digest is what HISTORY-FORMAT says, and a stored form builds the same calendar."""
    small = calendar(SMALL)
    expected = sha256(b"kerjasama/calendar/1\0" + canonical(dict(small.canonical))).hexdigest()
    assert small.digest == expected
    assert Calendar.from_canonical(small.canonical) == small
    assert small.canonical["decrees"]["skb"] == {  # type: ignore[index,call-overload]  # JSON
        "title": {"id": "SKB 2025"},
        "issued": "2024-10-14",
        "national": {"2025-08-17": "Hari Kemerdekaan", "2025-12-25": "Hari Raya Natal"},
        "joint_leave": {"2025-12-26": "Cuti Bersama Natal"},
    }


def test_digest_spelling_does_not_matter_and_content_does() -> None:
    """Comments, quotes and the order of keys and days change nothing; a title or a day does."""
    small = calendar(SMALL)
    spelled = SMALL.replace("title: SKB 2025", 'title: {id: "SKB 2025"}  # a comment').replace(
        "[mon, tue, wed, thu, fri]", "[fri, mon, tue, wed, thu]"
    )
    assert calendar(spelled) == small
    assert calendar(SMALL.replace("SKB 2025", "SKB")) != small
    assert calendar(SMALL.replace("2025-12-26", "2025-12-24")) != small


def test_extends_base_is_inlined_and_covered_by_the_digest() -> None:
    """A region's calendar has the days of its base; another day in the base is another calendar."""
    region = """\
        format: 1
        calendar: daerah
        version: 2
        extends: kecil
        decrees:
          perbup:
            title: Keputusan Bupati
            issued: 2025-01-10
            regional: {2025-09-29: Hari jadi}
    """
    daerah = calendar(region, kecil=SMALL)
    assert (daerah.name, daerah.version, daerah.week) == ("daerah", 2, ("mon", "tue", "wed", "thu", "fri"))
    assert (daerah.covers_from, daerah.covers_until) == (date(2025, 1, 1), date(2025, 12, 31))
    assert daerah.reason(date(2025, 9, 29)) == "regional"
    assert daerah.reason(date(2025, 12, 25)) == "national"
    assert calendar(region, kecil=SMALL + AMENDMENT).digest != daerah.digest


def test_extends_region_may_narrow_and_override() -> None:
    """A region may work on Saturdays and cover less than its base."""
    region = """\
        format: 1
        calendar: daerah
        version: 1
        extends: kecil
        week: [mon, tue, wed, thu, fri, sat]
        covers: {from: 2025-01-01, until: 2025-06-30}
    """
    daerah = calendar(region, kecil=SMALL)
    assert daerah.is_working_day(date(2025, 8, 16))
    assert daerah.covers_until == date(2025, 6, 30)


# --- findings ----------------------------------------------------------------------------------------


BAD: list[tuple[str, dict[str, str], list[tuple[str, int, int]]]] = [
    (
        "covers: {from: 2025-01-01",
        {"covers: {from: 2025-01-01": "covers: {from: 2025-02-30"},
        [("no-such-day", 5, 20)],
    ),
    ("until", {"until: 2025-12-31": "until: 2024-12-31"}, [("calendar-covers", 5, 5)]),
    ("long", {"until: 2025-12-31": "until: 2225-12-31"}, [("calendar-covers", 5, 5)]),
    ("outside", {"2025-12-26: Cuti": "2026-12-26: Cuti"}, [("day-outside-covers", 14, 11)]),
    ("impossible", {"2025-12-26: Cuti": "2025-11-31: Cuti"}, [("no-such-day", 14, 11)]),
    ("twice in one decree", {"2025-12-26: Cuti": "2025-12-25: Cuti"}, [("day-twice", 14, 11)]),
    ("weekday twice", {"[mon, tue,": "[mon, mon,"}, [("weekday-twice", 4, 17)]),
    (
        "article",
        {"issued: 2024-10-14": "issued: 2024-10-14\n        basis: P22 pasal 4"},
        [("basis-syntax", 10, 16)],
    ),
]


@pytest.mark.parametrize(("changes", "expected"), [pytest.param(b, c, id=a) for a, b, c in BAD])
def test_load_wrong_day_is_found_where_it_stands(
    changes: dict[str, str], expected: list[tuple[str, int, int]]
) -> None:
    """Impossible, repeated and uncovered days are errors at their own place."""
    text = SMALL
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    read_calendar, _ = read(text)
    assert read_calendar is None
    assert found(text) == [(code, line, column - 4) for code, line, column in expected]


@pytest.mark.parametrize(
    ("decree", "code", "message"),
    [
        ("{title: P, issued: 2025-08-05, amends: skbb}", "decree-amends", "There is no decree 'skbb'"),
        ("{title: P, issued: 2025-08-05, amends: lain}", "decree-amends", "'lain' would amend itself"),
        (
            "{title: P, issued: 2024-01-01, amends: skb}",
            "decree-amends",
            "It amends 'skb', which was issued later",
        ),
        ("{title: P, issued: 2025-08-05, removes: [2025-12-25]}", "decree-removes", "'lain' takes days back"),
        (
            "{title: P, issued: 2025-08-05, amends: skb, removes: [2025-12-24]}",
            "decree-removes",
            "No earlier decree of those that this one amends has 2025-12-24",
        ),
        (
            "{title: P, issued: 2025-08-05, joint_leave: {2025-12-25: Cuti}}",
            "day-twice",
            "2025-12-25 already stands under 'skb'",
        ),
    ],
)
def test_load_wrong_reference_between_decrees_is_found(decree: str, code: str, message: str) -> None:
    """What a decree says about another is checked."""
    read_calendar, diagnostics = read(SMALL + f"      lain: {decree}\n")
    assert read_calendar is None
    [only] = diagnostics
    assert (only.code, only.line) == (code, 15)
    assert only.message.startswith(message)
    assert only.message_id != only.message


def test_load_decrees_amending_each_other_are_found_once() -> None:
    """A circle of amendments does not hang, and is said once."""
    circle = """\
      a: {title: A, issued: 2025-01-01, amends: b}
      b: {title: B, issued: 2025-01-01, amends: a}
"""
    assert [code for code, *_ in found(SMALL + circle)] == ["decree-amends"]


def test_load_all_problems_come_at_once() -> None:
    """One wrong day does not hide another, nor a wrong key."""
    text = SMALL.replace("2025-12-25:", "2025-13-25:").replace("2025-12-26:", "2027-12-26:")
    text += "      lain: {title: L, issued: 2025-01-01, nasional: {}}\n"
    assert sorted(code for code, *_ in found(text)) == ["day-outside-covers", "no-such-day", "unknown-key"]


@pytest.mark.parametrize("kind", ["circle", "chain", "one day", "unknown names"])
def test_load_thousands_of_hostile_decrees_end_soon_with_few_findings(kind: str) -> None:
    """Checks are linear in the decrees, and a flood of problems is cut off; an error stays an error."""
    n = 4000
    amends = {
        "circle": lambda i: f"amends: d{(i + 1) % n}",
        "chain": lambda i: f"amends: d{i - 1}" if i else "basis: PP1 ps 1",
        "one day": lambda i: "national: {2025-12-24: X}",
        "unknown names": lambda i: f"amends: e{i}",
    }[kind]
    decrees = (f"      d{i}: {{title: D, issued: 2025-01-01, {amends(i)}}}\n" for i in range(n))
    started = process_time()
    read_calendar, diagnostics = read(SMALL + "".join(decrees))
    assert process_time() - started < 10
    assert (read_calendar is None) == (kind != "chain")
    assert len(diagnostics) == {"circle": 1, "chain": 0}.get(kind, 100)


def test_load_decided_is_kept_in_the_canonical_form() -> None:
    """What was decided about a calendar or decree is part of it, and of its digest."""
    text = SMALL.replace("version: 1", "version: 1\n    decided: {question: Apa?, chosen: Tidak.}")
    plain, _ = read(SMALL)
    decided, diagnostics = read(text)
    assert not diagnostics and plain is not None and decided is not None
    assert decided.canonical["decided"] == {"question": "Apa?", "chosen": "Tidak."}
    assert decided.digest != plain.digest


def test_load_missing_keys_are_named() -> None:
    """A calendar of its own needs a week and what it covers."""
    messages = [one.message for one in read("calendar: kecil\nversion: 1\nformat: 1\n")[1]]
    assert len(messages) == 2
    assert any("week" in message for message in messages)
    assert any("covers" in message for message in messages)


def test_load_text_that_is_no_yaml_has_its_finding_only() -> None:
    """What the text rules refuse is not looked at further."""
    read_calendar, diagnostics = read("format: 1\ncalendar: [\n")
    assert read_calendar is None
    assert len(diagnostics) == 1


@pytest.mark.parametrize(
    ("extends", "others", "message"),
    [
        ("tidak_ada", {}, "There is no calendar 'tidak_ada'"),
        ("daerah", {}, "'daerah' would extend itself"),
        (
            "kecil",
            {"kecil": SMALL.replace("calendar: kecil", "calendar: besar")},
            "The file of the calendar 'kecil' is that of 'besar'",
        ),
    ],
)
def test_load_extends_what_cannot_be_extended_is_found(
    extends: str, others: dict[str, str], message: str
) -> None:
    """A base that is missing, the same or another calendar is an error at the name."""
    text = f"format: 1\ncalendar: daerah\nversion: 1\nextends: {extends}\n"
    read_calendar, [only] = read(text, **others)
    assert read_calendar is None
    assert (only.code, only.line, only.column) == ("calendar-extends", 4, 10)
    assert only.message.startswith(message)


def test_load_extends_in_a_circle_is_found() -> None:
    """Two calendars that extend each other do not hang."""
    one = "format: 1\ncalendar: satu\nversion: 1\nextends: dua\n"
    other = "format: 1\ncalendar: dua\nversion: 1\nextends: satu\n"
    messages = [diagnostic.message for diagnostic in read(one, dua=other)[1]]
    assert messages == ["'satu' would extend itself", "The calendar 'dua' has errors of its own"]


def test_load_problems_of_the_base_are_shown_in_its_file() -> None:
    """An error in the base stands at its place in the base."""
    base = SMALL.replace("2025-12-25:", "2025-12-32:")
    _, diagnostics = read("format: 1\ncalendar: daerah\nversion: 1\nextends: kecil\n", kecil=base)
    assert [(one.code, one.file) for one in diagnostics] == [
        ("no-such-day", "kecil.yaml"),
        ("calendar-extends", "calendar.yaml"),
    ]


def test_load_region_names_a_day_of_its_base_is_a_warning() -> None:
    """The base may come to have a region's day later: that must not break the region's calendar."""
    region = """\
        format: 1
        calendar: daerah
        version: 1
        extends: kecil
        decrees:
          perbup: {title: Keputusan, issued: 2025-01-10, regional: {2025-12-25: Hari jadi}}
    """
    read_calendar, [only] = read(region, kecil=SMALL)
    assert read_calendar is not None
    assert (only.code, only.severity) == ("day-twice", Severity.WARNING)


def test_load_region_cannot_cover_more_than_its_base_or_take_its_decree_names() -> None:
    """What the base does not know the region cannot know; names of decrees are one set."""
    region = """\
        format: 1
        calendar: daerah
        version: 1
        extends: kecil
        covers: {from: 2025-01-01, until: 2026-12-31}
        decrees:
          skb: {title: Keputusan, issued: 2025-01-10, regional: {2025-09-29: Hari jadi}}
    """
    assert [code for code, *_ in found(region, kecil=SMALL)] == ["calendar-covers", "decree-twice"]


def test_codes_every_text_has_both_languages() -> None:
    """Each finding about calendars can be read in Indonesian and in English."""
    for entry in CODES.values():
        assert entry["id"]
        assert entry["en"]
        assert entry["id"] != entry["en"]
        assert ("help" in entry) == ("help_id" in entry)


def test_canonical_form_has_a_place_for_every_key_of_the_file() -> None:
    """No key of the shape is read and then forgotten."""
    full = """\
        format: 1
        calendar: penuh
        version: 1
        title: {id: Penuh, en: Full}
        description: Semua kunci
        basis: [PERPRES21 ps 2]
        decided: {question: Apa?, chosen: Tidak, basis: PERPRES21 ps 6}
        week: [mon]
        joint_leave_counts: false
        covers: {from: 2025-01-01, until: 2025-12-31}
        decrees:
          satu: {title: A, issued: 2025-01-01, national: {2025-03-03: X}}
          dua:
            title: B
            issued: 2025-01-02
            amends: satu
            basis: PERPRES21 ps 6
            decided: {question: Apa?, chosen: Ya}
            national: {2025-03-10: X}
            regional: {2025-03-17: X}
            joint_leave: {2025-03-24: X}
            removes: 2025-03-03
    """
    form: Any = calendar(full).canonical
    assert set(members(CalendarShape)) - {"extends"} == set(form)
    assert set(members(DecreeShape)) == set(form["decrees"]["dua"])


def test_shipped_file_is_found_as_package_data() -> None:
    """The calendar is read from an installed wheel as from a checkout."""
    text = files("definitions").joinpath("calendars/indonesia.yaml").read_bytes()
    shipped, diagnostics = load_calendar(parse(text, file="indonesia.yaml"), lambda path: None)
    assert isinstance(shipped, Calendar)
    assert diagnostics == ()
    assert shipped.digest == indonesia().digest
