"""Texts of calendars and due days: findings about calendar files, days and derivations for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow.durations import Duration, Unit
from workflow.locale import register

CODES = {
    "no-such-day": {
        "about": "A date that the calendar of the world does not have.",
        "en": "There is no day {value}",
        "id": "Tanggal {value} tidak ada",
        "help": "Dates are written YYYY-MM-DD: year, month, day",
        "help_id": "Tanggal ditulis TTTT-BB-HH: tahun, bulan, hari",
    },
    "weekday-twice": {
        "about": "A day of the week is listed twice.",
        "en": "'{value}' is listed twice",
        "id": "'{value}' tercantum dua kali",
    },
    "calendar-covers": {
        "about": "The days that a calendar covers are no span, too long, or more than its base covers.",
        "en": "What the calendar covers is wrong",
        "id": "Rentang yang dicakup kalender salah",
    },
    "calendar-covers.order": {
        "en": "'until' is before 'from'",
        "id": "'until' mendahului 'from'",
    },
    "calendar-covers.long": {
        "en": "A calendar covers at most a hundred years",
        "id": "Kalender mencakup paling lama seratus tahun",
    },
    "calendar-covers.base": {
        "en": "'{name}', which this calendar extends, covers {first} to {last} only",
        "id": "'{name}', yang diperluas kalender ini, hanya mencakup {first} sampai {last}",
        "help": "Leave 'covers' out to cover the same days",
        "help_id": "Hilangkan 'covers' agar mencakup hari yang sama",
    },
    "calendar-extends": {
        "about": "The calendar named by 'extends' is not there, or is this one again.",
        "en": "There is no calendar '{name}'",
        "id": "Tidak ada kalender '{name}'",
        "help": "It is looked for in calendars/{name}.yaml",
        "help_id": "Kalender itu dicari di calendars/{name}.yaml",
    },
    "calendar-extends.broken": {
        "en": "The calendar '{name}' has errors of its own",
        "id": "Kalender '{name}' sendiri masih salah",
    },
    "calendar-extends.circle": {
        "en": "'{name}' would extend itself",
        "id": "'{name}' akan memperluas dirinya sendiri",
    },
    "calendar-extends.other-name": {
        "en": "The file of the calendar '{name}' is that of '{other}'",
        "id": "Berkas kalender '{name}' berisi kalender '{other}'",
    },
    "day-outside-covers": {
        "about": "A decree has a day outside the days that the calendar covers.",
        "en": "{day} lies outside what the calendar covers, {first} to {last}",
        "id": "{day} di luar rentang yang dicakup kalender, {first} sampai {last}",
        "help": "Widen 'covers' once all decrees of that time are in the file",
        "help_id": "Perluas 'covers' setelah semua keputusan untuk waktu itu ada di berkas",
    },
    "day-twice": {
        "about": "Two decrees, or one decree twice, name the same day.",
        "en": "{day} already stands under '{decree}'",
        "id": "{day} sudah ada di bawah '{decree}'",
        "help": "If this decree changes the other, say so with 'amends'",
        "help_id": "Jika keputusan ini mengubah yang lain, nyatakan dengan 'amends'",
    },
    "decree-twice": {
        "about": "A decree has the name of one in the calendar that is extended.",
        "en": "The calendar that this one extends already has a decree '{name}'",
        "id": "Kalender yang diperluas sudah mempunyai keputusan '{name}'",
    },
    "decree-amends": {
        "about": "A decree amends one that is not there, is later, or is itself.",
        "en": "There is no decree '{name}'",
        "id": "Tidak ada keputusan '{name}'",
    },
    "decree-amends.meant": {
        "en": "There is no decree '{name}'",
        "id": "Tidak ada keputusan '{name}'",
        "help": "Did you mean '{meant}'?",
        "help_id": "Maksud Anda '{meant}'?",
    },
    "decree-amends.circle": {
        "en": "'{name}' would amend itself",
        "id": "'{name}' akan mengubah dirinya sendiri",
    },
    "decree-amends.earlier": {
        "en": "It amends '{name}', which was issued later",
        "id": "Keputusan ini mengubah '{name}', yang ditetapkan kemudian",
    },
    "decree-removes": {
        "about": "A decree takes back a day that no decree which it amends has made.",
        "en": "'{name}' takes days back but amends no decree",
        "id": "'{name}' mencabut hari tetapi tidak mengubah keputusan mana pun",
        "help": "Name the decree whose days it takes back with 'amends'",
        "help_id": "Sebutkan keputusan yang harinya dicabut dengan 'amends'",
    },
    "decree-removes.unknown-day": {
        "en": "No earlier decree of those that this one amends has {day}",
        "id": "Tidak ada keputusan terdahulu yang diubah ini yang memuat {day}",
    },
}
"""Diagnostic codes of calendar files; registered by ``time.calendar_files``."""

_WEEKDAYS = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "id": (
        *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
        *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_UNITS = {Unit.DAYS: "hari", Unit.WORKING_DAYS: "hari kerja", Unit.MONTHS: "bulan", Unit.YEARS: "tahun"}


@dataclass(frozen=True, slots=True)
class DayText:
    """A day for people, e.g. ``Senin, 2 Februari 2026``; a parameter of a `Message`."""

    on: date

    def text(self, language: str = "id") -> str:
        """Render in ``language``."""
        on = self.on
        comma = "," if language == "id" else ""
        weekday, month = _WEEKDAYS[language][on.weekday()], _MONTHS[language][on.month - 1]
        return f"{weekday}{comma} {on.day} {month} {on.year}"


@dataclass(frozen=True, slots=True)
class DurationText:
    """A duration for people, e.g. ``10 hari kerja``; a parameter of a `Message`."""

    duration: Duration

    def text(self, language: str = "id") -> str:
        """Render in ``language``."""
        if language == "id":
            return f"{self.duration.n} {_UNITS[self.duration.unit]}"
        return str(self.duration)


register(
    {
        "calendar.day-there": {
            "en": "{day} stands here, under '{decree}'",
            "id": "{day} ada di sini, di bawah '{decree}'",
        },
        "day-off.weekend": {"en": "weekend", "id": "akhir pekan"},
        "day-off.national": {"en": "national holiday", "id": "libur nasional"},
        "day-off.joint_leave": {"en": "joint leave", "id": "cuti bersama"},
        "day-off.regional": {"en": "regional holiday", "id": "libur daerah"},
        "day-off.decreed": {
            "en": "{kind}: {title}; {decree}",
            "id": "{kind}: {title}; {decree}",
        },
        "due.since.after": {
            "en": "{within} from {since}; the day after it is the first",
            "id": "{within} sejak {since}; hari berikutnya adalah hari ke-1",
        },
        "due.since.same": {
            "en": "{within} from {since}, which is itself counted",
            "id": "{within} sejak {since}, yang ikut dihitung",
        },
        "due.at": {
            "en": "The due day is given: {at}",
            "id": "Hari jatuh tempo ditetapkan: {at}",
        },
        "due.counted.one": {
            "en": "Working day {n}: {day}",
            "id": "Hari kerja ke-{n}: {day}",
        },
        "due.counted.many": {
            "en": "Working days {n} to {last_n}: {day} to {last_day}",
            "id": "Hari kerja ke-{n} s.d. ke-{last_n}: {day} s.d. {last_day}",
        },
        "due.skipped.one": {
            "en": "Not counted: {day} ({reason})",
            "id": "Tidak dihitung: {day} ({reason})",
        },
        "due.skipped.many": {
            "en": "Not counted: {day} to {last_day} ({reason})",
            "id": "Tidak dihitung: {day} s.d. {last_day} ({reason})",
        },
        "due.nominal": {
            "en": "Would be due on {day}",
            "id": "Seharusnya jatuh tempo {day}",
        },
        "due.rolled": {
            "en": "Passed over: {day} ({reason})",
            "id": "Dilewati: {day} ({reason})",
        },
        "due.result": {
            "en": "Due on {day}, until the end of that day in {zone}",
            "id": "Jatuh tempo {day}, sampai akhir hari itu menurut waktu {zone}",
        },
        "due.held": {
            "en": "Letters on their way are awaited for {hold}, until the end of {day}",
            "id": "Surat yang masih di jalan ditunggu {hold}, sampai akhir {day}",
        },
        "due.calendar": {
            "en": "Counted with calendar '{name}', version {version} ({digest})",
            "id": "Dihitung dengan kalender '{name}' versi {version} ({digest})",
        },
        "due.provisional": {
            "en": "Provisional: the decrees are known from {first} to {last} only",
            "id": "Sementara: keputusan hari libur baru diketahui dari {first} s.d. {last}",
        },
    }
)
