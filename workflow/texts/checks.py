"""Texts of what may be wrong with a definition as a whole."""

from __future__ import annotations

from workflow.locale import register
from workflow.source.diagnostics import codes

register(
    {
        "check.done-waits": {"en": "'done' waits for it here", "id": "'done' menunggunya di sini"},
        "check.taken-before": {"en": "this one is taken before", "id": "cabang ini diambil lebih dulu"},
        "check.overlaps": {"en": "and here", "id": "dan di sini"},
        "check.hidden-by": {"en": "this one comes first", "id": "transisi ini didahulukan"},
        "check.clock-here": {"en": "this clock starts anew", "id": "penghitungan waktu ini mulai dari awal"},
        "check.kind.parameter": {"en": "parameter", "id": "parameter"},
        "check.kind.child": {"en": "kind of children", "id": "jenis kasus turunan"},
        "check.kind.role": {"en": "role", "id": "peran"},
        "check.kind.field": {"en": "field", "id": "isian"},
        "check.kind.group": {"en": "group", "id": "kelompok"},
        "check.kind.fact": {"en": "fact", "id": "fakta"},
        "check.kind.document": {"en": "document", "id": "dokumen"},
        "check.kind.rule": {"en": "rule", "id": "aturan"},
    }
)

codes(
    {
        "unreachable-state": {
            "about": "A state that no transition leads to.",
            "en": "'{state}' can never be reached",
            "id": "'{state}' tidak pernah dapat dicapai",
            "help": "let a transition lead to it, or remove it",
            "help_id": "arahkan sebuah transisi ke sana, atau hapus",
        },
        "exit-missing": {
            "about": "An end of a fragment that can be reached and leads nowhere.",
            "en": "the fragment can end in '{name}', and nothing says where that leads",
            "id": "fragmen dapat berakhir di '{name}', dan kelanjutannya tidak disebut",
            "help": "add '{name}:' with a target under 'exits'",
            "help_id": "tambahkan '{name}:' dengan tujuannya di 'exits'",
        },
        "duties-inseparable": {
            "about": "Duties kept apart of which one is done by nobody.",
            "en": "nobody does '{name}', so nobody else can be asked for",
            "id": "'{name}' tidak dilakukan siapa pun, jadi tidak ada orang lain yang dapat diminta",
            "help": "remove 'other_person_than'",
            "help_id": "hapus 'other_person_than'",
        },
        "duties-inseparable.nobody": {
            "en": "'{name}' is done by nobody, so everyone is another person",
            "id": "'{name}' tidak dilakukan siapa pun, jadi setiap orang adalah orang lain",
            "help": "name a transition that people ask for",
            "help_id": "sebut transisi yang diminta orang",
        },
        "old-field": {
            "about": "A clock that a value from an earlier entry of its state can start or decide.",
            "en": "'{clock}' may count with an old '{field}' when its state is entered again: {way}",
            "id": "'{clock}' dapat memakai '{field}' yang lama saat keadaannya dimasuki lagi: {way}",
            "help": "declare the field under 'fields' of that state, so that it is empty at each entry",
            "help_id": "nyatakan isian itu di 'fields' keadaan tersebut, agar kosong setiap kali dimasuki",
        },
        "cannot-end": {
            "about": "A state out of which no way leads to the end of the case.",
            "en": "from '{state}' the case can never end",
            "id": "dari '{state}' kasus tidak pernah dapat berakhir",
            "help": "add a way that leads, over whatever steps, to a final state at the top",
            "help_id": "tambahkan jalan yang, lewat langkah apa pun, menuju keadaan akhir paling luar",
        },
        "cannot-end.several": {
            "en": "these states lead only to each other, the case can never end: {states}",
            "id": "keadaan ini hanya saling menuju, kasus tidak pernah dapat berakhir: {states}",
            "help": "add a way that leads, over whatever steps, to a final state at the top",
            "help_id": "tambahkan jalan yang, lewat langkah apa pun, menuju keadaan akhir paling luar",
        },
        "region-never-done": {
            "about": "A region or nested machine that can never be final, so that 'done' is never taken.",
            "en": "the region '{state}' can never be final",
            "id": "wilayah '{state}' tidak pernah dapat berakhir",
            "help": "give it a final state that can be reached, or leave 'done' out",
            "help_id": "beri keadaan akhir yang dapat dicapai, atau hilangkan 'done'",
        },
        "region-never-done.machine": {
            "en": "nothing inside '{state}' can be final",
            "id": "tidak ada di dalam '{state}' yang dapat berakhir",
            "help": "give it a final state that can be reached, or leave 'done' out",
            "help_id": "beri keadaan akhir yang dapat dicapai, atau hilangkan 'done'",
        },
        "unreachable-branch": {
            "about": "A branch that is never taken, because one before it always is.",
            "en": "this branch can never be taken",
            "id": "cabang ini tidak pernah dapat diambil",
            "help": "put it before the other, or remove it; a branch without 'when' comes last",
            "help_id": "letakkan sebelum yang lain, atau hapus; cabang tanpa 'when' paling akhir",
        },
        "always-loop": {
            "about": "Branches that are taken at once lead back to where they began.",
            "en": "these states follow each other at once and for ever: {states}",
            "id": "keadaan ini saling menyusul seketika tanpa akhir: {states}",
            "help": "let one of them wait for a transition",
            "help_id": "biarkan salah satunya menunggu sebuah transisi",
        },
        "always-loop.perhaps": {
            "en": "these states may follow each other at once and for ever: {states}",
            "id": "keadaan ini mungkin saling menyusul seketika tanpa akhir: {states}",
            "help": "let one of them wait for a transition",
            "help_id": "biarkan salah satunya menunggu sebuah transisi",
        },
        "clock-loop": {
            "about": "A clock that has run out leads back to a state in which it has run out again.",
            "en": "the clock acts, and has run out again at once: {states}",
            "id": "waktu bertindak lalu seketika habis lagi: {states}",
            "help": "count from the entry of the state, or set the date anew",
            "help_id": "hitung sejak keadaan dimasuki, atau isi tanggalnya kembali",
        },
        "clock-loop.perhaps": {
            "en": "the clock may act, and have run out again at once: {states}",
            "id": "waktu mungkin bertindak lalu seketika habis lagi: {states}",
            "help": "count from the entry of the state, or set the date anew",
            "help_id": "hitung sejak keadaan dimasuki, atau isi tanggalnya kembali",
        },
        "clock-loop.later": {
            "en": "the clock acts as of a day long past, so that the next has run out too: {states}",
            "id": "waktu bertindak per hari yang lampau, sehingga berikutnya habis pula: {states}",
            "help": "set the date anew on the way, or count from the entry of the state",
            "help_id": "isi tanggalnya kembali di jalan itu, atau hitung sejak keadaan dimasuki",
        },
        "clock-loop.perhaps-later": {
            "en": "the clock may act as of a day long past, so that the next has run out too: {states}",
            "id": "waktu mungkin bertindak per hari yang lampau, sehingga berikutnya habis pula: {states}",
            "help": "set the date anew on the way, or count from the entry of the state",
            "help_id": "isi tanggalnya kembali di jalan itu, atau hitung sejak keadaan dimasuki",
        },
        "clock-without-deadline": {
            "about": "A transition by the clock, which nothing ever takes.",
            "en": "nothing ever takes '{name}': a clock acts by what its deadline says",
            "id": "'{name}' tidak pernah diambil: waktu bertindak menurut tenggatnya",
            "help": "write what follows under 'then' of a deadline, and leave this transition out",
            "help_id": "tulis kelanjutannya di 'then' pada tenggat, dan hilangkan transisi ini",
        },
        "set-over-given": {
            "about": "A value of 'set' that takes the place of what the same command gives.",
            "en": "what the command gives for '{name}' is lost: this takes its place",
            "id": "isian '{name}' yang diberikan perintah hilang: digantikan oleh ini",
            "help": "remove the field from 'fields' or from 'set', or set another field",
            "help_id": "hapus isian itu dari 'fields' atau dari 'set', atau isi isian lain",
        },
        "set-unfit": {
            "about": "A value of 'set' that its field does not take.",
            "en": "this value does not fit: {why}",
            "id": "nilai ini tidak cocok: {why}",
            "help": "correct the value, or the limits of the field",
            "help_id": "perbaiki nilainya, atau batas isiannya",
        },
        "shadowed-trigger": {
            "about": "A transition that one of the same name further in hides.",
            "en": "'{name}' is hidden in '{state}' by the transition of that name there",
            "id": "'{name}' tertutup di '{state}' oleh transisi bernama sama di sana",
            "help": "give one of them another name, or the inner one a 'when'",
            "help_id": "beri salah satunya nama lain, atau beri 'when' pada yang di dalam",
        },
        "overlapping-trigger": {
            "about": "A transition of the same name in two regions.",
            "en": "'{name}' stands in two regions: while both may be asked for, the bare name is ambiguous",
            "id": "'{name}' ada di dua region: selama keduanya dapat diminta, nama saja tidak cukup",
            "help": "ask for '{first}' or '{second}', or give one of them another name",
            "help_id": "minta '{first}' atau '{second}', atau beri salah satunya nama lain",
        },
        "nobody-may-act": {
            "about": "A role of a side that does not hold it.",
            "en": "nobody may act",
            "id": "tidak ada yang berwenang",
        },
        "nobody-may-act.side": {
            "en": "nobody is '{role}' of '{side}': that side does not hold the role",
            "id": "tidak ada '{role}' pada '{side}': pihak itu tidak memegang peran tersebut",
            "help": "its roles are: {roles}",
            "help_id": "perannya: {roles}",
        },
        "quorum-too-large": {
            "about": "A consent that the members who may vote can never reach.",
            "en": "{need} must agree, but at most {most} may vote",
            "id": "{need} harus setuju, padahal paling banyak {most} yang dapat bersuara",
            "help": "lower 'need', or let more sides vote",
            "help_id": "turunkan 'need', atau biarkan lebih banyak pihak bersuara",
        },
        "quorum-too-large.nobody": {
            "en": "no side holds a role that may vote",
            "id": "tidak ada pihak yang memegang peran yang dapat bersuara",
            "help": "let 'by' name roles that the sides hold",
            "help_id": "sebut di 'by' peran yang dipegang para pihak",
        },
        "quorum-too-large.silent": {
            "en": "all parties must agree, but these sides have nobody who may vote: {sides}",
            "id": "semua pihak harus setuju, padahal pihak ini tidak punya yang dapat bersuara: {sides}",
            "help": "let 'by' name a role that they hold, or ask for fewer votes",
            "help_id": "sebut di 'by' peran yang dipegangnya, atau minta lebih sedikit suara",
        },
        "quorum-too-large.perhaps": {
            "en": "{need} must agree, but a case may have only {least} who vote",
            "id": "{need} harus setuju, padahal sebuah kasus mungkin hanya punya {least} suara",
        },
        "deadline-never-starts": {
            "about": "A clock counts from a field that nothing ever writes.",
            "en": "'{clock}' never starts: nothing ever gives or sets '{field}'",
            "id": "'{clock}' tidak pernah mulai: tidak ada yang mengisi '{field}'",
            "help": "let a transition require the field, or count from the entry of the state",
            "help_id": "wajibkan isian itu di sebuah transisi, atau hitung sejak keadaan dimasuki",
        },
        "statutory-without-basis": {
            "about": "A statutory clock that names no article.",
            "en": "'{clock}' is statutory and names no article",
            "id": "'{clock}' bersifat statutory tetapi tidak menyebut pasal",
            "help": "add 'basis', or say 'kind: contractual' or 'kind: target'",
            "help_id": "tambahkan 'basis', atau tulis 'kind: contractual' atau 'kind: target'",
        },
        "restarts-clock": {
            "about": "A transition that leaves and enters again a state in which a statutory clock runs.",
            "en": "this starts the statutory clock '{clock}' anew",
            "id": "ini memulai lagi batas waktu '{clock}' yang bersifat statutory",
            "help": "leave out 'to' if nothing is to be left, or count from a date with 'since'",
            "help_id": "hilangkan 'to' bila tak ada yang ditinggalkan, atau hitung sejak tanggal ('since')",
        },
        "unused-declaration": {
            "about": "Something is declared and used nowhere.",
            "en": "the {kind} '{name}' is used nowhere",
            "id": "{kind} '{name}' tidak dipakai di mana pun",
            "help": "use it, or remove it",
            "help_id": "pakai, atau hapus",
        },
    }
)
