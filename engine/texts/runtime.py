"""Texts of the embedding API's errors."""

from __future__ import annotations

from workflow.locale import register

register(
    {
        "error.refused": {"en": "Refused.", "id": "Ditolak."},
        "error.case-not-found": {
            "en": "There is no case {case_id} here. 'kerjasama cases' lists those there are.",
            "id": "Tidak ada kasus {case_id} di sini. 'kerjasama cases' menampilkan yang ada.",
        },
        "error.definition-not-found": {
            "en": "{workflow} is not deployed; deployed are: {deployed}.",
            "id": "{workflow} belum digelar; yang digelar: {deployed}.",
        },
        "error.definition-not-found.child": {
            "en": "This step opens a case of {workflow}, which is not deployed; deployed are: {deployed}."
            " Deploy {workflow}, then ask again: 'kerjasama deploy {workflow} --as ID'.",
            "id": "Langkah ini membuka kasus {workflow}, yang belum digelar; yang digelar: {deployed}."
            " Gelar {workflow}, lalu minta lagi: 'kerjasama deploy {workflow} --as ID'.",
        },
        "error.definition-rejected": {
            "en": "{file} was not deployed: {count} problem(s), the first: {first}",
            "id": "{file} tidak digelar: {count} masalah, yang pertama: {first}",
        },
        "error.fact-unknown": {
            "en": "This step reads the fact {fact} and nobody provides it."
            " Call engine.provide({fact!r}, provider) first.",
            "id": "Langkah ini membaca fakta {fact} dan tidak ada yang menyediakannya."
            " Panggil engine.provide({fact!r}, provider) lebih dulu.",
        },
        "error.provider-failed": {
            "en": "The provider of the fact {fact} failed: {detail}",
            "id": "Penyedia fakta {fact} gagal: {detail}",
        },
        "error.wrong-argument": {
            "en": "{argument} takes {kind}, and was given {given}. For instance: {argument}={example}",
            "id": "{argument} memerlukan {kind}, tetapi yang diberikan {given}."
            " Misalnya: {argument}={example}",
        },
        "error.unknown-filter": {
            "en": "No deployed definition has the {what} {name}. There are: {known}.",
            "id": "Tidak ada definisi yang digelar dengan {what} {name}. Yang ada: {known}.",
        },
        "error.unknown-filter.nearest": {
            "en": "No deployed definition has the {what} {name}. Did you mean {nearest}?",
            "id": "Tidak ada definisi yang digelar dengan {what} {name}. Maksudnya {nearest}?",
        },
        "filter.workflow": {"en": "workflow", "id": "alur kerja"},
        "filter.state": {"en": "state", "id": "keadaan"},
        "filter.field": {"en": "field", "id": "isian"},
        "argument.value": {
            "en": "a value as history has it: text, a number, True or False, None",
            "id": "nilai seperti dalam riwayat: teks, bilangan, True atau False, None",
        },
        "argument.actor": {"en": "an Actor", "id": "sebuah Actor"},
        "argument.attachment": {
            "en": "the path of a file, bytes, or a list of these",
            "id": "jalur file, bytes, atau daftarnya",
        },
        "argument.calls": {
            "en": "a list of mappings with the arguments of fire",
            "id": "daftar pemetaan dengan argumen fire",
        },
        "argument.case": {
            "en": "the id or the number of a case as text",
            "id": "id atau nomor kasus sebagai teks",
        },
        "argument.database": {
            "en": "a URL as text, or a sqlalchemy Engine",
            "id": "URL sebagai teks, atau Engine sqlalchemy",
        },
        "argument.day": {"en": "a date (not a datetime)", "id": "sebuah date (bukan datetime)"},
        "argument.documents": {
            "en": "a mapping from the names of documents to files",
            "id": "pemetaan dari nama dokumen ke file",
        },
        "argument.duration": {"en": "a duration", "id": "sebuah durasi"},
        "argument.function": {"en": "what can be called", "id": "sesuatu yang dapat dipanggil"},
        "argument.instant": {
            "en": "a datetime with a time zone",
            "id": "sebuah datetime dengan zona waktu",
        },
        "argument.mapping": {
            "en": "a mapping from names to values",
            "id": "pemetaan dari nama ke nilai",
        },
        "argument.names": {
            "en": "a mapping whose names are text",
            "id": "pemetaan dengan nama berupa teks",
        },
        "argument.number": {"en": "a whole number", "id": "sebuah bilangan bulat"},
        "argument.parties": {"en": "a list of Party", "id": "daftar Party"},
        "argument.path": {"en": "a path", "id": "sebuah jalur file"},
        "argument.paths": {"en": "a list of paths", "id": "daftar jalur file"},
        "argument.text": {"en": "text", "id": "teks"},
        "argument.truth": {"en": "True, False or None", "id": "True, False, atau None"},
        "invalid-call.argument-missing": {
            "en": "{argument} is lacking.",
            "id": "{argument} belum diberikan.",
        },
        "invalid-call.argument-unknown": {
            "en": "There is no argument {argument}. There are: {known}.",
            "id": "Tidak ada argumen {argument}. Yang ada: {known}.",
        },
        "invalid-call.argument-unknown.nearest": {
            "en": "There is no argument {argument}. Did you mean {nearest}?",
            "id": "Tidak ada argumen {argument}. Maksudnya {nearest}?",
        },
        "invalid-call.calendar-parameters": {
            "en": "A calendar has no parameters.",
            "id": "Kalender tidak mempunyai parameter.",
        },
        "invalid-call.choice": {
            "en": "{argument} cannot be {given!r}; it is one of: {known}.",
            "id": "{argument} tidak boleh {given!r}; pilihannya: {known}.",
        },
        "invalid-call.clock": {
            "en": "clock() gives a datetime with a time zone, such as datetime.now(UTC).",
            "id": "clock() memberi datetime dengan zona waktu, misalnya datetime.now(UTC).",
        },
        "invalid-call.document-empty": {
            "en": "The file of the document {name} is empty; nothing can be proved by it.",
            "id": "Berkas dokumen {name} kosong; tidak ada yang dapat dibuktikan dengannya.",
        },
        "invalid-call.document-large": {
            "en": "The document {name} is larger than {most} bytes.",
            "id": "Dokumen {name} lebih besar dari {most} byte.",
        },
        "invalid-call.document-unreadable": {
            "en": "The document {name} cannot be read: {path}: {why}",
            "id": "Dokumen {name} tidak dapat dibaca: {path}: {why}",
        },
        "invalid-call.duration": {
            "en": "{given!r} is no duration; write for instance '10 days'.",
            "id": "{given!r} bukan durasi; tulis misalnya '10 days'.",
        },
        "invalid-call.limit": {
            "en": "limit is how many at most: 1 or more, not {limit}.",
            "id": "limit adalah jumlah terbanyak: 1 atau lebih, bukan {limit}.",
        },
        "invalid-call.no-clock.memory": {
            "en": "A database in memory has one connection for everything:"
            " call engine.tick(), or use a file.",
            "id": "Basis data di memori hanya punya satu koneksi: panggil engine.tick(), atau pakai file.",
        },
        "invalid-call.no-clock.virtual": {
            "en": "Time that is virtual does not pass by itself: call engine.tick() after moving it.",
            "id": "Waktu maya tidak berjalan sendiri: panggil engine.tick() setelah memajukannya.",
        },
        "invalid-call.no-file": {
            "en": "{path}: no such definition file.",
            "id": "{path}: tidak ada file definisi itu.",
        },
        "invalid-call.tenant": {
            "en": "tenant is a name of 1 to 64 characters.",
            "id": "tenant adalah nama sepanjang 1 sampai 64 karakter.",
        },
        "invalid-call.unkept": {
            "en": "{argument} holds characters that no name has (NUL or half a character).",
            "id": "{argument} memuat karakter yang tidak dipunyai nama apa pun (NUL atau setengah huruf).",
        },
        "invalid-call.zone": {
            "en": "{argument} is an instant; give it a time zone, such as tzinfo=UTC.",
            "id": "{argument} adalah saat tertentu; beri zona waktu, misalnya tzinfo=UTC.",
        },
        "refusal.text-too-long": {
            "en": "The text {name} has {found} characters; at most {most} are taken."
            " What is longer belongs in a document.",
            "id": "Teks {name} sepanjang {found} karakter; paling banyak {most}."
            " Yang lebih panjang sebaiknya menjadi dokumen.",
        },
        "refusal.unseen-character": {
            "en": "The text {name} holds {character} as its character {at}, which nobody sees"
            " and which can hide or reorder what is beside it. Leave it out.",
            "id": "Teks {name} memuat {character} sebagai karakter ke-{at}, yang tidak terlihat"
            " dan dapat menyembunyikan atau membalik tulisan di sampingnya. Hilangkan.",
        },
        "refusal.not-administrator": {
            "en": "{actor} may not do this: the host gives no role 'administrator'.",
            "id": "{actor} tidak berwenang: sistem induk tidak memberinya peran 'administrator'.",
        },
    }
)
