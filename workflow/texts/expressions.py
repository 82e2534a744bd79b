"""Codes and texts of guards."""

from __future__ import annotations

from workflow.locale import register
from workflow.source.diagnostics import codes
from workflow.texts.expression_names import NAMES

register(
    {
        "guard.kind.text": {"id": "teks", "en": "text"},
        "guard.kind.person": {"id": "orang", "en": "a person"},
        "guard.kind.party": {"id": "pihak", "en": "a party"},
        "guard.kind.choice": {"id": "pilihan", "en": "a choice"},
        "guard.kind.role": {"id": "peran", "en": "a role"},
        "guard.kind.document": {"id": "dokumen", "en": "a document"},
        "guard.kind.integer": {"id": "bilangan bulat", "en": "an integer"},
        "guard.kind.decimal": {"id": "angka desimal", "en": "a decimal"},
        "guard.kind.boolean": {"id": "benar/salah", "en": "true or false"},
        "guard.kind.date": {"id": "tanggal", "en": "a date"},
        "guard.kind.duration": {"id": "jangka waktu", "en": "a duration"},
        "guard.kind.record": {"id": "baris tabel", "en": "a row of a table"},
        "guard.kind.child": {"id": "kasus turunan", "en": "a child case"},
        "guard.kind.list": {"id": "daftar", "en": "a list"},
        "guard.kind.list-of": {"id": "daftar ({element})", "en": "a list (of {element})"},
        "guard.kind.none": {"id": "None (kosong)", "en": "None (empty)"},
        "guard.kind.unknown": {"id": "tidak diketahui", "en": "unknown"},
        "guard.out-of-range": {
            "id": "Syarat menghitung hari di luar tahun 1 sampai 9999: {day} dan {added}",
            "en": "The guard reckons with a day outside the years 1 to 9999: {day} and {added}",
        },
    }
)

_SYNTAX = {
    "guard-syntax": {
        "about": "A guard cannot be read.",
        "en": "this guard cannot be read: `{found}`",
        "id": "syarat ini tidak dapat dibaca: `{found}`",
    },
    "guard-syntax.empty": {
        "en": "the guard is empty",
        "id": "syarat ini kosong",
        "help": "Write a condition, or leave the key out.",
        "help_id": "Tulis syaratnya, atau hilangkan kuncinya.",
    },
    "guard-syntax.word": {
        "en": "`{found}` is not part of guards",
        "id": "`{found}` bukan bagian dari bahasa syarat",
        "help": "Guards know: and or not, == != < <= > >=, in, is None, + - *, lists [a, b], and functions.",
        "help_id": "Yang ada: and or not, == != < <= > >=, in, is None, + - *, daftar [a, b], dan fungsi.",
    },
    "guard-syntax.instead": {
        "en": "`{found}` is not part of guards",
        "id": "`{found}` bukan bagian dari bahasa syarat",
        "help": "Write `{instead}`.",
        "help_id": "Tulis `{instead}`.",
    },
    "guard-syntax.construct": {
        "en": "`{found}` is a construct that guards do not have",
        "id": "`{found}` adalah bentuk yang tidak ada dalam bahasa syarat",
    },
    "guard-syntax.parameter": {
        "en": "`{found}` does not belong inside a guard",
        "id": "`{found}` tidak boleh ada di dalam syarat",
        "help": "A parameter is read by its bare name; `$name` stands for a whole value only.",
        "help_id": "Parameter dibaca dengan namanya saja; `$nama` hanya untuk seluruh nilai.",
    },
    "guard-syntax.comma": {
        "en": "a comma stands here outside a list: `{found}`",
        "id": "ada koma di luar daftar: `{found}`",
        "help": "A list is written in square brackets: [a, b]. A number has no comma: 1000000 or 12.5.",
        "help_id": "Daftar ditulis dalam kurung siku: [a, b]. Angka tanpa koma: 1000000 atau 12.5.",
    },
    "guard-syntax.comment": {
        "en": "a guard has no comments",
        "id": "syarat tidak memuat komentar",
        "help": "Put the comment on a line of its own, outside the guard.",
        "help_id": "Taruh komentar di baris tersendiri, di luar syarat.",
    },
    "guard-syntax.division": {
        "en": "`{found}`: guards do not divide, because a quotient is seldom exact",
        "id": "`{found}`: syarat tidak membagi, karena hasil bagi jarang persis",
        "help": "Multiply the other side instead: a / b > 2 is a > 2 * b where b is above zero.",
        "help_id": "Kalikan sisi lainnya: a / b > 2 sama dengan a > 2 * b bila b di atas nol.",
    },
    "guard-syntax.quote": {
        "en": "the text that begins here is never closed",
        "id": "teks yang mulai di sini tidak ditutup",
        "help": "Close it with the same quote on the same line.",
        "help_id": "Tutup dengan tanda kutip yang sama di baris yang sama.",
    },
    "guard-syntax.prefix": {
        "en": "`{found}` stands right before a quote",
        "id": "`{found}` berdiri tepat di depan tanda kutip",
        "help": "Text is written 'like this', with nothing before the quote.",
        "help_id": "Teks ditulis 'seperti ini', tanpa apa pun di depan tanda kutip.",
    },
    "guard-syntax.escape": {
        "en": "`{found}` means nothing inside text",
        "id": "`{found}` tidak berarti apa-apa di dalam teks",
        "help": "After a backslash only a quote or another backslash can stand.",
        "help_id": (
            "Setelah garis miring terbalik hanya dapat berdiri tanda kutip atau garis miring terbalik."
        ),
    },
    "guard-syntax.control": {
        "en": "text may not hold the invisible character {found}",
        "id": "teks tidak boleh memuat karakter tak tampak {found}",
    },
    "guard-syntax.letter": {
        "en": "`{found}` ({number}) is not one of the letters a to z",
        "id": "`{found}` ({number}) bukan salah satu huruf a sampai z",
        "help": "Names consist of a to z, digits and _; other letters stand only inside quotes.",
        "help_id": "Nama terdiri atas a sampai z, angka, dan _; huruf lain hanya di dalam tanda kutip.",
    },
    "guard-syntax.number": {
        "en": "`{found}` is not a number",
        "id": "`{found}` bukan angka",
        "help": "Numbers are written 1000000, 1_000_000 or 12.5.",
        "help_id": "Angka ditulis 1000000, 1_000_000, atau 12.5.",
    },
    "guard-syntax.thousands": {
        "en": "`{found}`: thousands are not separated by dots",
        "id": "`{found}`: ribuan tidak dipisah dengan titik",
        "help": "Write {instead}, or with _ between the thousands.",
        "help_id": "Tulis {instead}, atau dengan _ di antara ribuan.",
    },
    "guard-syntax.ambiguous": {
        "en": "`{found}` may be read as {whole} or as a fraction",
        "id": "`{found}` dapat dibaca sebagai {whole} atau sebagai pecahan",
        "help": "Write {whole} for the whole number, {fraction} for the fraction.",
        "help_id": "Tulis {whole} untuk bilangan bulat, {fraction} untuk pecahan.",
    },
    "guard-syntax.large": {
        "en": "the number `{found}` is beyond {most} or longer than 40 characters",
        "id": "angka `{found}` melampaui {most} atau lebih dari 40 karakter",
    },
    "guard-syntax.closes-nothing": {
        "en": "`{found}` closes nothing",
        "id": "`{found}` tidak menutup apa pun",
    },
    "guard-syntax.never-closed": {
        "en": "`{found}` is never closed",
        "id": "`{found}` tidak ditutup",
        "help": "Add `{instead}`.",
        "help_id": "Tambahkan `{instead}`.",
    },
    "guard-syntax.value-missing": {
        "en": "a value is missing before `{found}`",
        "id": "ada nilai yang kurang di depan `{found}`",
    },
    "guard-syntax.operator-missing": {
        "en": "`{found}` follows `{before}` with nothing that joins them",
        "id": "`{found}` mengikuti `{before}` tanpa penghubung",
        "help": "Join them with and, or, a comparison or a sign. Text stands in quotes.",
        "help_id": "Hubungkan dengan and, or, pembanding, atau tanda hitung. Teks ditulis dalam tanda kutip.",
    },
    "guard-syntax.subscript": {
        "en": "guards do not take single entries out of a list",
        "id": "syarat tidak mengambil satu unsur dari daftar",
        "help": "Ask with `in` whether a value is in the list, or with len() how many there are.",
        "help_id": "Tanyakan dengan `in` apakah nilai ada dalam daftar, atau dengan len() berapa jumlahnya.",
    },
    "guard-syntax.not-brackets": {
        "en": "`not` cannot stand after `{before}`",
        "id": "`not` tidak dapat berdiri setelah `{before}`",
        "help": "Put what it belongs to in brackets: (not …).",
        "help_id": "Taruh bagiannya dalam kurung: (not …).",
    },
    "guard-syntax.ends": {
        "en": "the guard ends after `{found}`, where a value is missing",
        "id": "syarat berakhir setelah `{found}`, padahal nilainya kurang",
    },
    "guard-syntax.chain": {
        "en": "comparisons can be chained in one direction only: `{found}`",
        "id": "perbandingan hanya dapat dirangkai searah: `{found}`",
        "help": "1 <= x <= 5 can be written; join all others with `and`.",
        "help_id": "1 <= x <= 5 dapat ditulis; selain itu hubungkan dengan `and`.",
    },
    "guard-too-large": {
        "about": "A guard is longer, deeper or has more signs than guards may.",
        "en": "this guard is too large",
        "id": "syarat ini terlalu besar",
    },
    "guard-too-large.length": {
        "en": "this guard has {found} characters; at most {most} are read",
        "id": "syarat ini {found} karakter; paling banyak {most}",
        "help": "Split it: rules can stand side by side.",
        "help_id": "Pecah: beberapa aturan (rules) dapat berdiri berdampingan.",
    },
    "guard-too-large.depth": {
        "en": "brackets are nested more than {most} deep",
        "id": "kurung bersarang lebih dari {most} tingkat",
    },
    "guard-too-large.signs": {
        "en": "this guard has more than {most} of + - * not",
        "id": "syarat ini memuat lebih dari {most} tanda + - * not",
    },
}

_TYPES = {
    "guard-type": {
        "about": "Values in a guard do not go together.",
        "en": "`{left}` is {one} and `{right}` is {other}: they cannot be compared",
        "id": "`{left}` adalah {one} dan `{right}` adalah {other}: keduanya tidak dapat dibandingkan",
    },
    "guard-type.date-text": {
        "en": "a date cannot be compared with text: `{left}` {sign} `{right}`",
        "id": "tanggal tidak dapat dibandingkan dengan teks: `{left}` {sign} `{right}`",
        "help": "Write a date as date('2026-01-31').",
        "help_id": "Tulis tanggal sebagai date('2026-01-31').",
    },
    "guard-type.order": {
        "en": "`{sign}`: {one} has no order, it is only equal or not",
        "id": "`{sign}`: {one} tidak berurutan, hanya sama atau tidak sama",
        "help": "Compare with == != or `in`.",
        "help_id": "Bandingkan dengan == != atau `in`.",
    },
    "guard-type.none": {
        "en": "`{sign} None` asks nothing: emptiness is asked with `is`",
        "id": "`{sign} None` tidak menanyakan apa pun: kekosongan ditanyakan dengan `is`",
        "help": "Write `{instead}`, if that is a field that may be empty.",
        "help_id": "Tulis `{instead}`, bila itu isian yang dapat kosong.",
    },
    "guard-type.is": {
        "en": "`is` and `is not` only ask for None",
        "id": "`is` dan `is not` hanya menanyakan None",
        "help": "Write `{sign}` here; a field that is true or false stands alone.",
        "help_id": "Tulis `{sign}` di sini; isian benar/salah berdiri sendiri.",
    },
    "guard-type.is-empty": {
        "en": "`{found}` is never empty: only a field can be None",
        "id": "`{found}` tidak pernah kosong: hanya isian yang dapat None",
        "help": "Facts, `today` and what is computed always have a value.",
        "help_id": "Fakta, `today`, dan hasil hitungan selalu bernilai.",
    },
    "guard-type.list": {
        "en": "lists cannot be compared: `{left}` {sign} `{right}`",
        "id": "daftar tidak dapat dibandingkan: `{left}` {sign} `{right}`",
        "help": "Ask with `in` for one value, or with len() how many there are.",
        "help_id": "Tanyakan satu nilai dengan `in`, atau jumlahnya dengan len().",
    },
    "guard-type.in": {
        "en": "`{sign}` needs a list on its right; `{right}` is {other}",
        "id": "`{sign}` membutuhkan daftar di sebelah kanan; `{right}` adalah {other}",
        "help": "Write a list: [a, b].",
        "help_id": "Tulis daftar: [a, b].",
    },
    "guard-type.in-text": {
        "en": "`{sign}` looks in a list, never inside text",
        "id": "`{sign}` mencari dalam daftar, tidak pernah di dalam teks",
        "help": "Write a list: ['a', 'b'].",
        "help_id": "Tulis daftar: ['a', 'b'].",
    },
    "guard-type.in-other": {
        "en": "`{left}` is {one} and can never be in {other}",
        "id": "`{left}` adalah {one} dan tidak mungkin ada dalam {other}",
    },
    "guard-type.in-durations": {
        "en": "durations cannot be looked up in a list",
        "id": "jangka waktu tidak dapat dicari dalam daftar",
        "help": "Compare each with `==`.",
        "help_id": "Bandingkan satu per satu dengan `==`.",
    },
    "guard-type.empty-list": {
        "en": "this list has no entries",
        "id": "daftar ini tidak berisi",
    },
    "guard-type.mixed-list": {
        "en": "a list holds one sort of values: `{left}` is {one} and `{right}` is {other}",
        "id": "daftar memuat satu jenis nilai: `{left}` adalah {one} dan `{right}` adalah {other}",
    },
    "guard-type.duration-field": {
        "en": "whether `{left}` {sign} `{right}` depends on the day from which it is counted",
        "id": "`{left}` {sign} `{right}` tergantung pada hari mulai menghitung",
        "help": (
            "The unit of a field is not known; add both to the same date and compare: a + x <= a + months(6)."
        ),
        "help_id": (
            "Satuan isian tidak diketahui; tambahkan keduanya pada tanggal yang sama: a + x <= a + months(6)."
        ),
    },
    "guard-type.duration-units": {
        "en": "`{left}` and `{right}` are in units without a common measure",
        "id": "`{left}` dan `{right}` memakai satuan yang tidak sebanding",
        "help": "Days, working days and months compare only from a date: a + days(30) <= a + months(1).",
        "help_id": (
            "Hari, hari kerja, dan bulan hanya sebanding dari suatu tanggal: a + days(30) <= a + months(1)."
        ),
    },
    "guard-type.arithmetic": {
        "en": "`{left}` is {one} and `{right}` is {other}: `{sign}` does not join them",
        "id": "`{left}` adalah {one} dan `{right}` adalah {other}: `{sign}` tidak menghubungkan keduanya",
        "help": (
            "Numbers with numbers, dates with durations, a date minus a date, a duration times an integer."
        ),
        "help_id": (
            "Angka dengan angka, tanggal dengan jangka waktu, tanggal dikurangi tanggal, jangka "
            "kali bilangan."
        ),
    },
    "guard-type.date-number": {
        "en": "`{right}` is a number without a unit: it cannot be reckoned with the date `{left}`",
        "id": "`{right}` adalah angka tanpa satuan: tidak dapat dihitung dengan tanggal `{left}`",
        "help": (
            "Say what is counted: days({right}), working_days({right}), months({right}) or years({right})."
        ),
        "help_id": (
            "Sebut satuannya: days({right}), working_days({right}), months({right}), atau years({right})."
        ),
    },
    "guard-type.minus": {
        "en": "`{right}` is {other}: it has no negative",
        "id": "`{right}` adalah {other}: tidak ada negatifnya",
    },
    "guard-type.boolean": {
        "en": "`{left}` is {one}; and, or, not join only what is true or false",
        "id": "`{left}` adalah {one}; and, or, not hanya menghubungkan yang benar atau salah",
        "help": "Compare it with something, or ask `is not None`.",
        "help_id": "Bandingkan dengan sesuatu, atau tanyakan `is not None`.",
    },
    "guard-type.not-boolean": {
        "en": "a guard is true or false; `{left}` is {one}",
        "id": "syarat harus benar atau salah; `{left}` adalah {one}",
        "help": "Compare it with something, or ask `is not None`.",
        "help_id": "Bandingkan dengan sesuatu, atau tanyakan `is not None`.",
    },
    "guard-type.result": {
        "en": "{other} is wanted here; `{left}` is {one}",
        "id": "di sini dibutuhkan {other}; `{left}` adalah {one}",
    },
}

_PLACES = {
    "maybe-empty": {
        "about": "A guard reads a field that may be empty where it is read.",
        "en": "`{field}` may be empty here",
        "id": "`{field}` dapat kosong di sini",
        "help": "Write `{field} is not None and …`, or require the field where the guard stands.",
        "help_id": "Tulis `{field} is not None and …`, atau wajibkan isian itu di tempat syarat berdiri.",
    },
    "maybe-empty.way": {
        "en": "`{field}` may be empty here: nothing gives it on the way {way}",
        "id": "`{field}` dapat kosong di sini: tidak ada yang mengisinya pada jalan {way}",
        "help": "Write `{field} is not None and …`, or require the field on that way.",
        "help_id": "Tulis `{field} is not None and …`, atau wajibkan isian itu pada jalan tersebut.",
    },
    "personal-in-guard": {
        "about": "A guard reads a personal field, whose value may be erased.",
        "en": "`{found}` is personal: guards, rules and `set` cannot read it",
        "id": "`{found}` adalah data pribadi: syarat, aturan, dan `set` tidak dapat membacanya",
        "help": "What is erased one day cannot decide; keep what decides in a field that is not personal.",
        "help_id": (
            "Yang dapat dihapus tidak dapat menentukan; simpan penentunya di isian yang bukan pribadi."
        ),
    },
    "guard-not-here": {
        "about": "A guard reads something that cannot be read at its place.",
        "en": "`{found}` cannot be read here",
        "id": "`{found}` tidak dapat dibaca di sini",
    },
    "guard-not-here.today": {
        "en": "`today` cannot be read here",
        "id": "`today` tidak dapat dibaca di sini",
        "help": "What is taken by itself must not change with the day; use a deadline.",
        "help_id": (
            "Yang terjadi dengan sendirinya tidak boleh berubah menurut hari; pakai tenggat (deadline)."
        ),
    },
    "guard-not-here.role": {
        "en": "`role` can be read in rules only",
        "id": "`role` hanya dapat dibaca dalam aturan (rules)",
        "help": "Who may act is said by `by`.",
        "help_id": "Siapa yang boleh bertindak ditentukan oleh `by`.",
    },
    "guard-not-here.mandate": {
        "en": "`mandate` can be read in rules only",
        "id": "`mandate` hanya dapat dibaca dalam aturan (rules)",
        "help": "That a role needs a mandate is said by `mandate: required`.",
        "help_id": "Bahwa sebuah peran memerlukan mandat dinyatakan oleh `mandate: required`.",
    },
    "guard-not-here.outcome": {
        "en": "`outcome` is read of another case: in `from_cases`, or as child.outcome",
        "id": "`outcome` dibaca dari kasus lain: dalam `from_cases`, atau sebagai child.outcome",
    },
    "guard-not-here.clocks": {
        "en": "`{name}()` cannot be asked here",
        "id": "`{name}()` tidak dapat ditanyakan di sini",
    },
    "guard-not-here.children": {
        "en": "`children()` cannot be asked here",
        "id": "`children()` tidak dapat ditanyakan di sini",
    },
    "guard-not-here.child": {
        "en": "`child` is there only where a child has closed",
        "id": "`child` hanya ada saat sebuah kasus turunan ditutup",
        "help": "Read it in a transition with `by: child` and `child:`.",
        "help_id": "Bacalah dalam transisi dengan `by: child` dan `child:`.",
    },
    "guard-not-here.parent": {
        "en": "`parent` is there only in a workflow that a parent opens",
        "id": "`parent` hanya ada dalam alur yang dibuka oleh kasus induk",
        "help": "Write `by: parent` under `open`.",
        "help_id": "Tulis `by: parent` di `open`.",
    },
    "guard-not-here.documents": {
        "en": "`documents` cannot be read here",
        "id": "`documents` tidak dapat dibaca di sini",
    },
    "guard-not-here.parties": {
        "en": "`parties` cannot be read here",
        "id": "`parties` tidak dapat dibaca di sini",
    },
    "guard-not-here.in_state": {
        "en": "`in_state()` cannot be asked here",
        "id": "`in_state()` tidak dapat ditanyakan di sini",
    },
    "guard-not-here.fact": {
        "en": "the fact `{found}` cannot be read here",
        "id": "fakta `{found}` tidak dapat dibaca di sini",
        "help": "Facts are asked before a command; what a clock or `always` takes has no one to ask.",
        "help_id": "Fakta ditanyakan sebelum perintah; jam dan `always` tidak dapat bertanya.",
    },
    "guard-not-here.per-party": {
        "en": "`{found}` has a value for each party: a guard cannot tell which one is meant",
        "id": "`{found}` bernilai untuk tiap pihak: syarat tidak tahu nilai pihak mana yang dimaksud",
    },
}

codes(
    {
        **_SYNTAX,
        **_TYPES,
        **NAMES,
        **_PLACES,
    }
)
