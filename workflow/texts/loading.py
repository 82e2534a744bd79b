"""Texts of what may be wrong with the form and the names of a definition."""

from __future__ import annotations

import workflow.texts.checks
import workflow.texts.expressions
import workflow.texts.text  # noqa: F401  (registers the codes that have variants here)
from workflow.locale import register
from workflow.source.diagnostics import codes
from workflow.texts.calendars import CODES as CALENDARS
from workflow.texts.states import CODES as STATES

register(
    {
        "shape.a-mapping": {"en": "a mapping (key: value)", "id": "pasangan kunci: nilai"},
        "shape.a-list": {"en": "a list", "id": "daftar"},
        "shape.a-scalar": {"en": "a single value", "id": "satu nilai"},
        "shape.text": {"en": "text", "id": "teks"},
        "shape.basis": {"en": "an article such as 'P22 ps 12(4)'", "id": "pasal seperti 'P22 ps 12(4)'"},
        "shape.expression": {"en": "an expression", "id": "sebuah syarat"},
        "shape.name": {
            "en": "a name (a-z, then a-z 0-9 _)",
            "id": "nama (a-z, lalu a-z 0-9 _)",
        },
        "shape.flag": {"en": "'$' and the name of a parameter", "id": "'$' dan nama sebuah parameter"},
        "shape.law": {"en": "the short name of a law (A-Z 0-9 _)", "id": "singkatan peraturan (A-Z 0-9 _)"},
        "shape.path": {"en": "a name, or names joined by dots", "id": "nama, atau nama-nama dengan titik"},
        "shape.role": {"en": "a role, or side.role", "id": "peran, atau pihak.peran"},
        "shape.date": {"en": "a date YYYY-MM-DD", "id": "tanggal YYYY-MM-DD"},
        "shape.day-of-year": {"en": "a day of the year MM-DD", "id": "hari dalam tahun MM-DD"},
        "shape.cron": {
            "en": "a recurrence by days: day of month, month, day of week, as '1 */3 *'",
            "id": "pengulangan menurut hari: tanggal, bulan, hari dalam minggu, seperti '1 */3 *'",
        },
        "shape.time": {"en": "a time of day HH:MM", "id": "jam HH:MM"},
        "shape.zone": {"en": "a time zone such as Asia/Makassar", "id": "zona waktu seperti Asia/Makassar"},
        "shape.file": {
            "en": "a file inside the definitions' folder, names joined by '/'",
            "id": "berkas di dalam folder definisi, nama-nama dipisah '/'",
        },
        "shape.currency": {"en": "a currency such as IDR", "id": "mata uang seperti IDR"},
        "shape.media": {
            "en": "a media type such as application/pdf",
            "id": "jenis media seperti application/pdf",
        },
        "shape.duration": {
            "en": "a duration such as '45 days', '10 working days', '6 months'",
            "id": "jangka waktu seperti '45 days', '10 working days', '6 months'",
        },
        "shape.integer": {"en": "a whole number from 0", "id": "bilangan bulat mulai dari 0"},
        "shape.positive": {"en": "a whole number from 1", "id": "bilangan bulat mulai dari 1"},
        "shape.boolean": {"en": "true or false", "id": "true atau false"},
        "shape.words": {"en": "one of: {words}", "id": "salah satu dari: {words}"},
        "shape.limit": {"en": "a number or a date YYYY-MM-DD", "id": "angka atau tanggal YYYY-MM-DD"},
        "shape.need": {
            "en": "all, majority or a whole number from 1",
            "id": "all, majority atau bilangan bulat mulai dari 1",
        },
        "loading.used-here": {
            "en": "the fragment '{name}' is used here",
            "id": "fragmen '{name}' dipakai di sini",
        },
        "loading.filled-in-here": {
            "en": "it fills the parameter '{name}' here",
            "id": "ini mengisi parameter '{name}' di sini",
        },
        "shape.number": {"en": "a number", "id": "angka"},
        "loading.did-you-mean": {"en": "did you mean '{word}'?", "id": "apakah maksudnya '{word}'?"},
        "loading.there-are": {"en": "there are: {names}", "id": "yang ada: {names}"},
        "loading.other-key": {"en": "'{name}' stands here", "id": "'{name}' ada di sini"},
        "loading.first-here": {"en": "it stands here already", "id": "sudah ada di sini"},
        "loading.asked-here": {
            "en": "the rule is asked here, where the field may be empty",
            "id": "aturan diperiksa di sini, tempat isian itu dapat kosong",
        },
        "file-not-resolved.missing": {"en": "there is no file {path}", "id": "tidak ada berkas {path}"},
        "file-not-resolved.outside": {
            "en": "{path} lies outside the definitions' folder",
            "id": "{path} berada di luar folder definisi",
        },
        "file-not-resolved.unreadable": {"en": "{path} cannot be read", "id": "{path} tidak dapat dibaca"},
        "file-not-resolved.too-large": {"en": "{path} is too large", "id": "{path} terlalu besar"},
    }
)

_FORM = {
    "unknown-key": {
        "about": "A key that does not exist at this place.",
        "en": "there is no key '{name}' here",
        "id": "tidak ada kunci '{name}' di sini",
    },
    "missing-key": {
        "about": "A key that is needed at this place is missing.",
        "en": "the key '{name}' is missing",
        "id": "kunci '{name}' belum ada",
    },
    "missing-key.one-of": {
        "en": "one of these keys is missing: {names}",
        "id": "salah satu dari kunci ini belum ada: {names}",
    },
    "missing-key.beside": {
        "en": "'{key_here}' stands only beside '{name}', which is missing",
        "id": "'{key_here}' hanya berdiri bersama '{name}', yang belum ada",
    },
    "conflicting-keys": {
        "about": "Two keys that exclude each other.",
        "en": "'{one}' and '{other}' exclude each other",
        "id": "'{one}' dan '{other}' saling meniadakan",
        "help": "keep one of the two",
        "help_id": "pertahankan salah satunya",
    },
    "wrong-type": {
        "about": "A list, a mapping or a single value where something else belongs.",
        "en": "expected {wanted} here, found {found}",
        "id": "di sini seharusnya {wanted}, bukan {found}",
    },
    "wrong-value": {
        "about": "A value that is not of the form that its key takes.",
        "en": "'{value}' is not {expected}",
        "id": "'{value}' bukan {expected}",
    },
    "wrong-value.quoted": {
        "en": "'{value}' in quotes is text, expected {expected}",
        "id": "'{value}' dalam tanda kutip adalah teks, seharusnya {expected}",
        "help": "remove the quotes",
        "help_id": "hapus tanda kutipnya",
    },
    "no-such-day": CALENDARS["no-such-day"],
    "no-such-day.of-year": {
        "en": "there is no day {value}",
        "id": "tanggal {value} tidak ada",
        "help": "days of the year are written MM-DD: month, day",
        "help_id": "hari dalam tahun ditulis BB-HH: bulan, hari",
    },
    "wrong-value.period": {
        "en": "a duty cannot recur every '{value}'",
        "id": "kewajiban tidak dapat berulang setiap '{value}'",
        "help": "use at least one day, month or year, not working days",
        "help_id": "pakai paling sedikit satu hari, bulan, atau tahun, bukan hari kerja",
    },
    "wrong-value.cron": {
        "en": "'{value}' is no recurrence by days, or of days that never come",
        "id": "'{value}' bukan pengulangan menurut hari, atau harinya tidak pernah ada",
        "help": "write day of month, month, day of week: '1 */3 *', 'last 6,12 *', '* * mon'",
        "help_id": "tulis tanggal, bulan, hari dalam minggu: '1 */3 *', 'last 6,12 *', '* * mon'",
    },
    "empty-value": {
        "about": "A key without a value.",
        "en": "a value is missing here",
        "id": "di sini belum ada nilainya",
        "help": "write a value, or leave the key out",
        "help_id": "tulis nilainya, atau hilangkan kuncinya",
    },
    "empty-value.list": {
        "en": "this list is empty",
        "id": "daftar ini kosong",
    },
    "empty-value.mapping": {
        "en": "there is nothing under this key",
        "id": "tidak ada apa-apa di bawah kunci ini",
    },
    "bad-name": {
        "about": "A name that is not written as names are.",
        "en": "'{name}' is not {expected}",
        "id": "'{name}' bukan {expected}",
    },
}

_NAMES = {
    "unknown-field": {
        "about": "A field that is not declared.",
        "en": "there is no field '{name}'",
        "id": "tidak ada isian '{name}'",
    },
    "unknown-field.column": {
        "en": "the table '{record}' has no column '{name}'",
        "id": "tabel '{record}' tidak mempunyai kolom '{name}'",
    },
    "unknown-role": {
        "about": "A role that is not declared.",
        "en": "there is no role '{name}'",
        "id": "tidak ada peran '{name}'",
    },
    "unknown-party": {
        "about": "A side that is not declared under 'parties'.",
        "en": "there is no side '{name}' under 'parties'",
        "id": "tidak ada pihak '{name}' di 'parties'",
    },
    "unknown-document": {
        "about": "A document that is not declared.",
        "en": "there is no document '{name}'",
        "id": "tidak ada dokumen '{name}'",
    },
    "unknown-rule": {
        "about": "A rule that is not declared.",
        "en": "there is no rule '{name}'",
        "id": "tidak ada aturan '{name}'",
    },
    "unknown-fact": {
        "about": "A fact that is not declared.",
        "en": "there is no fact '{name}'",
        "id": "tidak ada fakta '{name}'",
    },
    "unknown-state": {
        "about": "A target or initial state that cannot be found from where it is named.",
        "en": "there is no state '{name}' here",
        "id": "tidak ada keadaan '{name}' di sini",
    },
    "unknown-state.elsewhere": {
        "en": "'{name}' cannot be reached by this name from here",
        "id": "'{name}' tidak dapat dicapai dengan nama ini dari sini",
        "help": "write its path: {path}",
        "help_id": "tulis jalurnya: {path}",
    },
    "unknown-trigger": {
        "about": "A transition that does not exist, named in 'other_person_than' or 'fulfilled_by'.",
        "en": "there is no transition '{name}'",
        "id": "tidak ada transisi '{name}'",
    },
    "unknown-child": {
        "about": "A kind of child cases that is not declared under 'children'.",
        "en": "there is no '{name}' under 'children'",
        "id": "tidak ada '{name}' di 'children'",
    },
    "unknown-deadline": {
        "about": "A deadline that does not exist, named in 'extension'.",
        "en": "there is no deadline '{name}'",
        "id": "tidak ada tenggat '{name}'",
    },
    "unknown-timezone": {
        "about": "A time zone that does not exist.",
        "en": "there is no time zone '{name}'",
        "id": "tidak ada zona waktu '{name}'",
    },
    "unknown-calendar": {
        "about": "A calendar that is neither beside the definition nor shipped.",
        "en": "there is no calendar '{name}' here",
        "id": "tidak ada kalender '{name}' di sini",
        "help": "put it into the folder 'calendars', or load it before deploying",
        "help_id": "taruh di folder 'calendars', atau muat sebelum memasang",
    },
    "unknown-calendar.other-name": {
        "en": "the calendar in {path} is called '{other}', not '{name}'",
        "id": "kalender di {path} bernama '{other}', bukan '{name}'",
        "help": "give the file the name of its calendar",
        "help_id": "beri berkas itu nama kalendernya",
    },
    "unknown-law": {
        "about": "A law that is not in the catalogue.",
        "en": "'{name}' is not in the catalogue of laws",
        "id": "'{name}' tidak ada dalam katalog peraturan",
    },
    "article-beyond-law": {
        "about": "An article with a number that the law does not reach.",
        "en": "{law} has {articles} articles, there is no article {article}",
        "id": "{law} mempunyai {articles} pasal, tidak ada pasal {article}",
    },
    "basis-syntax": {
        "about": "A basis that is not written as articles are cited.",
        "en": "'{value}' is not how an article is cited",
        "id": "'{value}' bukan cara mengutip pasal",
        "help": "write LAW ps N, e.g. 'P22 ps 12(4)', 'P22 ps 12(1)a', 'PP28 ps 10-11', 'P22 ps 7(2)-(3)'",
        "help_id": "tulis HUKUM ps N: 'P22 ps 12(4)', 'P22 ps 12(1)a', 'PP28 ps 10-11', 'P22 ps 7(2)-(3)'",
    },
    "basis-syntax.range": {
        "en": "the range in '{value}' does not go forward",
        "id": "rentang dalam '{value}' tidak maju",
        "help": "the last of a range comes after the first",
        "help_id": "akhir rentang harus sesudah awalnya",
    },
    "file-not-read": {
        "about": "A file that the definition refers to cannot be used.",
        "en": "this file cannot be read: {reason}",
        "id": "berkas ini tidak dapat dibaca: {reason}",
    },
    "file-not-read.broken": {
        "en": "the file {path} has errors",
        "id": "berkas {path} mengandung kesalahan",
    },
    "file-not-read.laws": {
        "en": "articles are not checked, because there is no catalogue of laws: {reason}",
        "id": "pasal tidak diperiksa karena katalog peraturan tidak ada: {reason}",
    },
    "file-not-read.no-fragment": {
        "en": "the file {path} is not a fragment, or has errors",
        "id": "berkas {path} bukan fragmen, atau mengandung kesalahan",
        "help": "a fragment's file begins with 'format: 1' and 'fragment: NAME'",
        "help_id": "berkas fragmen diawali 'format: 1' dan 'fragment: NAMA'",
    },
    "fragment-nesting": {
        "about": "Fragments that use each other without end, or too deeply.",
        "en": "'{name}' would use itself",
        "id": "'{name}' akan memakai dirinya sendiri",
    },
    "fragment-nesting.deep": {
        "en": "fragments use each other more than {most} levels deep",
        "id": "fragmen saling memakai lebih dari {most} tingkat",
    },
    "fragment-nesting.large": {
        "en": "with its fragments the definition has more than {most} keys and values",
        "id": "bersama fragmennya definisi ini memuat lebih dari {most} kunci dan nilai",
    },
    "unknown-parameter": {
        "about": "A parameter that is not declared.",
        "en": "there is no parameter '{name}'",
        "id": "tidak ada parameter '{name}'",
    },
    "missing-parameter": {
        "about": "A parameter without a default that nothing fills.",
        "en": "the parameter '{name}' has no value",
        "id": "parameter '{name}' belum diisi",
        "help": "give it under 'with', or when deploying; or give it a default",
        "help_id": "isi di 'with', atau saat memasang; atau beri nilai bawaan (default)",
    },
    "wrong-parameter": {
        "about": "A parameter is filled or used with something that it does not take.",
        "en": "'{value}' cannot fill the parameter '{name}'",
        "id": "'{value}' tidak dapat mengisi parameter '{name}'",
    },
    "wrong-parameter.flag": {
        "en": "'only' takes '$' and the name of a boolean parameter",
        "id": "'only' menerima '$' dan nama parameter boolean",
    },
    "wrong-parameter.with": {
        "en": "expected a mapping here: name: value",
        "id": "di sini seharusnya pasangan nama: nilai",
    },
    "unknown-exit": {
        "about": "An exit that is no end of the fragment.",
        "en": "the fragment has no end '{name}'",
        "id": "fragmen itu tidak mempunyai akhir '{name}'",
    },
    "reserved-name": {
        "about": "A name that has a meaning of its own in the language.",
        "en": "'{name}' has a meaning of its own and cannot be used as a name here",
        "id": "'{name}' mempunyai arti tersendiri dan tidak dapat dipakai sebagai nama di sini",
        "help": "choose another name",
        "help_id": "pilih nama lain",
    },
    "name-twice": {
        "about": "Two things of one name where only one can be meant.",
        "en": "the name '{name}' is taken already",
        "id": "nama '{name}' sudah dipakai",
        "help": "choose another name",
        "help_id": "pilih nama lain",
    },
    "name-twice.given": {
        "en": "'{name}' is required already",
        "id": "'{name}' sudah wajib",
        "help": "remove it from 'optional'",
        "help_id": "hapus dari 'optional'",
    },
    "name-twice.list": {
        "en": "'{name}' stands in this list already",
        "id": "'{name}' sudah ada dalam daftar ini",
        "help": "write what was meant here, or remove it",
        "help_id": "tulis yang dimaksud di sini, atau hapus",
    },
}

_FIELDS = {
    "choice-without-options": {
        "about": "A choice field without choices.",
        "en": "a choice needs 'options' or a 'list'",
        "id": "isian pilihan memerlukan 'options' atau 'list'",
        "help": "write 'options: {{yes: Yes, no: No}}', or 'list:' with a file of lists/",
        "help_id": "tulis 'options: {{ya: Ya, tidak: Tidak}}', atau 'list:' dengan file dari lists/",
    },
    "wrong-limit": {
        "about": "A limit that does not suit the type of its field, or limits that nothing can meet.",
        "en": "this limit does not suit its field",
        "id": "batas ini tidak sesuai dengan isiannya",
    },
    "wrong-limit.type": {
        "en": "'{name}' is not for fields of type {type}",
        "id": "'{name}' bukan untuk isian berjenis {type}",
        "help": "it is for: {allowed}",
        "help_id": "gunanya untuk: {allowed}",
    },
    "wrong-limit.value": {
        "en": "'{value}' cannot be the limit of a field of type {type}",
        "id": "'{value}' tidak dapat menjadi batas isian berjenis {type}",
    },
    "wrong-limit.order": {
        "en": "the upper limit lies below the lower one",
        "id": "batas atas lebih rendah daripada batas bawah",
    },
    "record-columns": {
        "about": "A record without columns, or columns of what is no record.",
        "en": "a record needs its columns under 'fields'",
        "id": "tabel (record) memerlukan kolomnya di 'fields'",
        "help": "write 'fields: {{name: {{type: text}}}}', one entry for each column",
        "help_id": "tulis 'fields: {{nama: {{type: text}}}}', satu entri untuk setiap kolom",
    },
    "record-columns.type": {
        "en": "only a field of type record has columns",
        "id": "hanya isian berjenis record yang mempunyai kolom",
    },
    "record-columns.many": {
        "en": "a record is always a list of rows",
        "id": "record selalu berupa daftar baris",
        "help": "leave 'many' out",
        "help_id": "hilangkan 'many'",
    },
    "from-cases-type": {
        "about": "A fact that is asked of other cases and is not true or false.",
        "en": "'{name}' says whether any other case fulfils a condition, so it is a boolean",
        "id": "'{name}' menyatakan ada tidaknya kasus lain yang memenuhi syarat, jadi jenisnya boolean",
        "help": "write 'type: boolean'",
        "help_id": "tulis 'type: boolean'",
    },
    "start-not-a-date": {
        "about": "A clock starts or ends with a field that holds no single date of the case.",
        "en": "'{name}' cannot start or end a clock",
        "id": "'{name}' tidak dapat memulai atau mengakhiri penghitungan waktu",
        "help": "name a field of type date that is not 'many', 'per: party' or 'personal'",
        "help_id": "sebut isian berjenis date yang bukan 'many', 'per: party', atau 'personal'",
    },
    "set-per-party": {
        "about": "A field with one value for each party in 'set'.",
        "en": "'{name}' has one value for each party and cannot be set",
        "id": "'{name}' bernilai untuk tiap pihak dan tidak dapat diisi dengan 'set'",
    },
    "personal-in-guard.set": {
        "en": "`{found}` is personal and cannot be set by an expression",
        "id": "`{found}` adalah data pribadi dan tidak dapat diisi dengan 'set'",
        "help": "let a command give it",
        "help_id": "biarkan perintah yang mengisinya",
    },
    "personal-in-guard.shares": {
        "en": "`{found}` is personal and cannot be shared with another case",
        "id": "`{found}` adalah data pribadi dan tidak dapat dibagikan ke kasus lain",
    },
    "personal-in-consent": {
        "about": "A personal field that is not 'per: party' given with a consent.",
        "en": "'{name}' is personal and waits with the votes, where its value would be seen",
        "id": "'{name}' adalah data pribadi dan menunggu bersama suara, tempat nilainya akan terlihat",
        "help": "make the field 'per: party', or ask for it in another transition",
        "help_id": "jadikan isian itu 'per: party', atau minta di transisi lain",
    },
}

codes({**_FORM, **_NAMES, **_FIELDS, **STATES})
