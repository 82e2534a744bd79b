"""Texts of names and calls in guards; registered by ``texts.expressions``."""

from __future__ import annotations

NAMES = {
    "guard-call": {
        "about": "A function in a guard is called in a way that it does not know.",
        "en": "`{found}` is not how this is called",
        "id": "`{found}` bukan cara memanggilnya",
    },
    "guard-call.one": {
        "en": "`{name}()` takes exactly one value",
        "id": "`{name}()` menerima tepat satu nilai",
    },
    "guard-call.brackets": {
        "en": "`{found}` is a function and needs a value in brackets",
        "id": "`{found}` adalah fungsi dan membutuhkan nilai dalam kurung",
    },
    "guard-call.value": {
        "en": "`{name}` is a value, not a function",
        "id": "`{name}` adalah nilai, bukan fungsi",
        "help": "Write it without brackets.",
        "help_id": "Tulis tanpa kurung.",
    },
    "guard-call.method": {
        "en": "`{found}`: values in guards have no functions of their own",
        "id": "`{found}`: nilai dalam syarat tidak mempunyai fungsi sendiri",
    },
    "guard-call.len": {
        "en": "len() counts a list or text, not {one}",
        "id": "len() menghitung daftar atau teks, bukan {one}",
    },
    "guard-call.number": {
        "en": "`{name}()` takes an integer, not {one}",
        "id": "`{name}()` menerima bilangan bulat, bukan {one}",
    },
    "guard-call.large": {
        "en": "`{found}`: at most {most}",
        "id": "`{found}`: paling banyak {most}",
    },
    "guard-call.date": {
        "en": "date() takes a date in quotes",
        "id": "date() menerima tanggal dalam tanda kutip",
        "help": "Write date('2026-01-31'); a date field stands without date().",
        "help_id": "Tulis date('2026-01-31'); isian tanggal ditulis tanpa date().",
    },
    "guard-call.no-date": {
        "en": "there is no day `{name}`",
        "id": "tidak ada hari `{name}`",
        "help": "Write year, month and day: 2026-01-31.",
        "help_id": "Tulis tahun, bulan, dan hari: 2026-01-31.",
    },
    "guard-call.in-state": {
        "en": "in_state() takes the path of a state in quotes",
        "id": "in_state() menerima jalur keadaan dalam tanda kutip",
    },
    "guard-call.several": {
        "en": "`{name}` may be any of several states: {known}",
        "id": "`{name}` dapat berarti beberapa keadaan: {known}",
        "help": "Write more of its path.",
        "help_id": "Tulis jalurnya lebih lengkap.",
    },
    "guard-call.several-clocks": {
        "en": "`{name}` may be any of several clocks: {known}",
        "id": "`{name}` dapat berarti beberapa tenggat: {known}",
        "help": "Write more of its path.",
        "help_id": "Tulis jalurnya lebih lengkap.",
    },
    "guard-call.expired": {
        "en": "expired() takes the name of a deadline in quotes",
        "id": "expired() menerima nama tenggat dalam tanda kutip",
    },
    "guard-call.overdue": {
        "en": "overdue() takes the name of an obligation in quotes",
        "id": "overdue() menerima nama kewajiban dalam tanda kutip",
    },
    "guard-call.children": {
        "en": "children() takes the name of one kind of children in quotes",
        "id": "children() menerima nama satu jenis kasus turunan dalam tanda kutip",
        "help": "Write `for p in children('name')`.",
        "help_id": "Tulis `for p in children('nama')`.",
    },
    "guard-call.quantifier": {
        "en": "`{name}()` asks one thing of every child: {name}(p.closed for p in children('name'))",
        "id": "`{name}()` menanyakan satu hal tiap turunan: {name}(p.closed for p in children('nama'))",
    },
    "guard-call.relative": {
        "en": "`{name}` is another case: ask what it shares",
        "id": "`{name}` adalah kasus lain: tanyakan yang dibagikannya",
        "help": "Write {name}.closed, {name}.outcome or a shared field.",
        "help_id": "Tulis {name}.closed, {name}.outcome, atau isian yang dibagikan.",
    },
    "guard-call.taken": {
        "en": "`{name}` means something else already",
        "id": "`{name}` sudah berarti lain",
        "help": "Choose another name after `for`.",
        "help_id": "Pilih nama lain sesudah `for`.",
    },
    "guard-unknown-name": {
        "about": "A guard names something that is not there.",
        "en": "nothing is called `{name}`",
        "id": "tidak ada yang bernama `{name}`",
        "help": "Fields and facts are declared under `fields:` and `facts:`.",
        "help_id": "Isian dan fakta dinyatakan di `fields:` dan `facts:`.",
    },
    "guard-unknown-name.close": {
        "en": "nothing is called `{name}`",
        "id": "tidak ada yang bernama `{name}`",
        "help": "Did you mean `{close}`?",
        "help_id": "Apakah maksudnya `{close}`?",
    },
    "guard-unknown-name.local": {
        "en": "the field `{name}` is local to the state '{state}'",
        "id": "isian `{name}` hanya milik keadaan '{state}'",
        "help": "A rule about it belongs there, under `rules:` of that state; elsewhere write"
        " `{state}.{name}`.",
        "help_id": "Aturan tentangnya ditulis di sana, di `rules:` keadaan itu; di tempat lain tulis"
        " `{state}.{name}`.",
    },
    "guard-unknown-name.quotes": {
        "en": "nothing is called `{name}` but an option, document or role",
        "id": "tidak ada yang bernama `{name}` selain pilihan, dokumen, atau peran",
        "help": "Write it in quotes: '{name}'.",
        "help_id": "Tulis dalam tanda kutip: '{name}'.",
    },
    "guard-unknown-name.function": {
        "en": "there is no function `{name}()`",
        "id": "tidak ada fungsi `{name}()`",
        "help": "There are: {known}.",
        "help_id": "Yang ada: {known}.",
    },
    "guard-unknown-name.function-close": {
        "en": "there is no function `{name}()`",
        "id": "tidak ada fungsi `{name}()`",
        "help": "Did you mean `{close}()`?",
        "help_id": "Apakah maksudnya `{close}()`?",
    },
    "guard-unknown-name.state": {
        "en": "there is no state `{name}`",
        "id": "tidak ada keadaan `{name}`",
    },
    "guard-unknown-name.state-close": {
        "en": "there is no state `{name}`",
        "id": "tidak ada keadaan `{name}`",
        "help": "Did you mean '{close}'?",
        "help_id": "Apakah maksudnya '{close}'?",
    },
    "guard-unknown-name.expired": {
        "en": "there is no deadline `{name}`",
        "id": "tidak ada tenggat `{name}`",
    },
    "guard-unknown-name.expired-close": {
        "en": "there is no deadline `{name}`",
        "id": "tidak ada tenggat `{name}`",
        "help": "Did you mean '{close}'?",
        "help_id": "Apakah maksudnya '{close}'?",
    },
    "guard-unknown-name.overdue": {
        "en": "there is no obligation `{name}`",
        "id": "tidak ada kewajiban `{name}`",
    },
    "guard-unknown-name.overdue-close": {
        "en": "there is no obligation `{name}`",
        "id": "tidak ada kewajiban `{name}`",
        "help": "Did you mean '{close}'?",
        "help_id": "Apakah maksudnya '{close}'?",
    },
    "guard-unknown-name.relation": {
        "en": "there is no kind of children `{name}`",
        "id": "tidak ada jenis kasus turunan `{name}`",
    },
    "guard-unknown-name.relation-close": {
        "en": "there is no kind of children `{name}`",
        "id": "tidak ada jenis kasus turunan `{name}`",
        "help": "Did you mean '{close}'?",
        "help_id": "Apakah maksudnya '{close}'?",
    },
    "guard-unknown-name.shared": {
        "en": "the other case does not share `{name}`",
        "id": "kasus lain itu tidak membagikan `{name}`",
        "help": "It shows: {known}.",
        "help_id": "Yang terlihat: {known}.",
    },
    "guard-unknown-name.shared-close": {
        "en": "the other case does not share `{name}`",
        "id": "kasus lain itu tidak membagikan `{name}`",
        "help": "Did you mean `{close}`?",
        "help_id": "Apakah maksudnya `{close}`?",
    },
    "guard-unknown-name.unread": {
        "en": "what `{name}` is cannot be known: the definition of the other case is not beside this one",
        "id": "jenis `{name}` tidak diketahui: definisi kasus lain itu tidak ada di samping definisi ini",
        "help": "Put its file into the same folder; `closed` and `outcome` can be read without it.",
        "help_id": "Taruh berkasnya di folder yang sama; `closed` dan `outcome` dapat dibaca tanpanya.",
    },
    "guard-unknown-option": {
        "about": "A guard compares a choice, role or document with a name that is none.",
        "en": "'{option}' does not exist as {kind} here",
        "id": "'{option}' tidak ada sebagai {kind} di sini",
        "help": "There are: {known}.",
        "help_id": "Yang ada: {known}.",
    },
    "guard-unknown-option.close": {
        "en": "'{option}' does not exist as {kind} here",
        "id": "'{option}' tidak ada sebagai {kind} di sini",
        "help": "Did you mean '{close}'? There are: {known}.",
        "help_id": "Apakah maksudnya '{close}'? Yang ada: {known}.",
    },
}
