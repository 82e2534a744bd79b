"""Texts about values of fields: the form that a type asks for, and the limits that a field sets."""

from __future__ import annotations

from workflow.locale import register

register(
    {
        "value.float": {
            "id": (
                "{field}: {shown} adalah bilangan pecahan biner (float), yang sudah kehilangan angka "
                "persisnya; berikan Decimal, bilangan bulat, atau angka sebagai teks"
            ),
            "en": (
                "{field}: {shown} is a float, which has lost the exact number already; give a Decimal, "
                "an integer, or the number as text"
            ),
        },
        "value.boolean-number": {
            "id": "{field}: {shown} adalah benar/salah, bukan angka",
            "en": "{field}: {shown} is true or false, not a number",
        },
        "value.text": {
            "id": "{field}: {shown} bukan teks",
            "en": "{field}: {shown} is not text",
        },
        "value.characters": {
            "id": "{field}: teks {shown} memuat karakter NUL atau bukan Unicode yang sah",
            "en": "{field}: the text {shown} holds a NUL character or is not valid Unicode",
        },
        "value.integer": {
            "id": "{field}: {shown} bukan bilangan bulat",
            "en": "{field}: {shown} is not an integer",
        },
        "value.large": {
            "id": (
                "{field}: {shown} melampaui 2^53-1; nomor identitas disimpan sebagai teks, jumlah "
                "besar sebagai decimal"
            ),
            "en": (
                "{field}: {shown} is beyond 2^53-1; keep identity numbers as text and large amounts as "
                "decimal"
            ),
        },
        "value.number": {
            "id": "{field}: {shown} bukan angka; tulis seperti 1500000.50, tanpa pemisah ribuan",
            "en": (
                "{field}: {shown} is not a number; write it like 1500000.50, without separators of thousands"
            ),
        },
        "value.digits": {
            "id": "{field}: angka itu tidak terhingga atau lebih dari 1000 angka",
            "en": "{field}: the number is not finite or has more than 1000 digits",
        },
        "value.truth": {
            "id": "{field}: {shown} bukan benar atau salah",
            "en": "{field}: {shown} is neither true nor false",
        },
        "value.date": {
            "id": "{field}: {shown} bukan tanggal; berikan date atau teks TTTT-BB-HH seperti 2026-01-31",
            "en": "{field}: {shown} is not a date; give a date or text like 2026-01-31",
        },
        "value.no-date": {
            "id": "{field}: tanggal {shown} tidak ada dalam kalender",
            "en": "{field}: there is no day {shown}",
        },
        "value.datetime": {
            "id": (
                "{field}: {shown} adalah saat (datetime), yang tanggalnya tergantung zona waktu; berikan date"
            ),
            "en": "{field}: {shown} is an instant (datetime), whose day depends on a time zone; give a date",
        },
        "value.duration": {
            "id": (
                "{field}: {shown} bukan jangka waktu; tulis seperti 45 days, 10 working days, 6 "
                "months, 5 years"
            ),
            "en": (
                "{field}: {shown} is not a duration; write it like 45 days, 10 working days, 6 months, "
                "5 years"
            ),
        },
        "value.timedelta": {
            "id": (
                "{field}: {shown} (timedelta) tidak mengenal hari kerja, bulan, dan tahun; berikan "
                "teks seperti 45 days"
            ),
            "en": (
                "{field}: {shown} (timedelta) knows no working days, months and years; give text like 45 days"
            ),
        },
        "value.list": {
            "id": "{field} memuat beberapa nilai; {shown} bukan daftar",
            "en": "{field} holds several values; {shown} is not a list",
        },
        "value.set": {
            "id": "{field} memuat beberapa nilai berurutan; {shown} tidak berurutan, berikan daftar",
            "en": "{field} holds several values in order; {shown} has no order, give a list",
        },
        "value.row": {
            "id": "{field} adalah tabel; {shown} bukan baris yang memuat kolom dan nilainya",
            "en": "{field} is a table; {shown} is no row of columns with their values",
        },
        "value.column": {
            "id": "{field}: tidak ada kolom {shown}",
            "en": "{field}: there is no column {shown}",
        },
        "value.in-row": {
            "id": "{field}, baris {row}: {problem}",
            "en": "{field}, row {row}: {problem}",
        },
        "value.option": {
            "id": "{field}: {shown} bukan salah satu pilihan; pilihannya: {known}",
            "en": "{field}: {shown} is not one of the options, which are: {known}",
        },
        "value.blank": {
            "id": "{field}: teks kosong; isi, atau hilangkan",
            "en": "{field}: the text is blank; fill it in, or leave it out",
        },
        "value.short": {
            "id": "{field}: paling sedikit {least} karakter, ini {found}",
            "en": "{field}: at least {least} characters, this has {found}",
        },
        "value.long": {
            "id": "{field}: paling banyak {most} karakter, ini {found}",
            "en": "{field}: at most {most} characters, this has {found}",
        },
        "value.low": {
            "id": "{field}: {shown} kurang dari batas bawah {limit}",
            "en": "{field}: {shown} is below the least value allowed, {limit}",
        },
        "value.high": {
            "id": "{field}: {shown} melebihi batas atas {limit}",
            "en": "{field}: {shown} is above the greatest value allowed, {limit}",
        },
        "value.places": {
            "id": (
                "{field}: {shown} {currency} lebih teliti daripada pecahan terkecil mata uang itu "
                "({places} angka desimal)"
            ),
            "en": (
                "{field}: {shown} {currency} is finer than that currency's smallest unit ({places} "
                "decimal places)"
            ),
        },
    }
)
