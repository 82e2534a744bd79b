"""Texts of the command line's help and of errors of usage: what `kerjasama --help` needs, no more."""

from __future__ import annotations

from workflow.locale import register

_COMMANDS = {
    "demo": (
        "a whole cooperation in virtual time, then where to look",
        "satu kerja sama utuh dalam waktu maya, lalu ke mana melihat",
    ),
    "doctor": ("is this installation and database sound?", "apakah pemasangan dan basis data ini sehat?"),
    "db": ("the schema of a database", "skema basis data"),
    "check": ("find every problem in definition files", "temukan semua masalah di file definisi"),
    "schema": ("JSON Schema of definition files, for editors", "JSON Schema file definisi, untuk penyunting"),
    "test": ("play scenario files", "jalankan file skenario"),
    "diagram": ("draw a process, or the way of a case", "gambar alur kerja, atau jalan sebuah kasus"),
    "deploy": ("put definitions or calendars to work", "gelar definisi atau kalender"),
    "definitions": ("what is deployed", "apa yang digelar"),
    "open": ("open a case", "buka kasus kerja sama"),
    "do": ("ask for a transition of a case", "minta satu langkah pada kasus"),
    "suspend": ("suspend a case", "tangguhkan kasus"),
    "resume": ("resume a suspended case", "lanjutkan kasus yang ditangguhkan"),
    "extend": ("give a deadline more time", "perpanjang tenggat"),
    "correct": ("correct fields under an authority of its own", "koreksi isian dengan wewenangnya sendiri"),
    "attach": ("attach documents outside of a transition", "lampirkan dokumen di luar langkah"),
    "why": ("may this be done, and if not, why?", "bolehkah ini dilakukan, dan jika tidak, mengapa?"),
    "case": ("one case, now or as it was known", "satu kasus, kini atau seperti diketahui dulu"),
    "cases": ("cases by state, field, overdue", "kasus menurut keadaan, isian, keterlambatan"),
    "history": ("everything that happened to a case", "semua yang terjadi pada kasus"),
    "timers": ("clocks and duties with their derivation", "tenggat dan kewajiban beserta penghitungannya"),
    "verify": ("prove that history is whole", "buktikan bahwa riwayat utuh"),
    "tick": ("take what is due now", "jalankan yang sudah jatuh tempo"),
    "upgrade": ("bring the schema up to date", "perbarui skema"),
}

_HELP = {
    "kerjasama": (
        "Cooperation of Indonesian regional governments: definitions in YAML, deadlines of the law, history"
        " that can be verified.\n\n"
        "Data goes to standard output, words to standard error. Exit status: 0 done, 1 a defect or something"
        " found, 2 usage, 3 a file with errors, 4 refused, 5 not there, 6 the state of things has moved on,"
        " 7 try again, 8 the database itself: its schema, its file, its rights.",
        "Kerja sama daerah: definisi dalam YAML, tenggat menurut hukum, riwayat yang dapat diverifikasi.\n\n"
        "Data ke keluaran standar, kata-kata ke galat standar. Status keluar: 0 berhasil, 1 cacat atau ada"
        " temuan, 2 salah pakai, 3 file dengan kesalahan, 4 ditolak, 5 tidak ada, 6 keadaan sudah berubah,"
        " 7 coba lagi, 8 basis datanya sendiri: skema, file, hak.",
    ),
    "demo": (
        "Carry a whole cooperation of Kutai Kartanegara and Samarinda from the proposal to its end, in"
        " virtual time: refusals with their reasons, deadlines that really act, signatures, a late report."
        " Then verify its history and say what to try on the database that is left.\n\n"
        "The file is replaced where it is the database of an earlier demonstration; any other file is left"
        " alone.",
        "Jalankan satu kerja sama utuh Kutai Kartanegara dan Samarinda dari usulan sampai berakhir, dalam"
        " waktu maya: penolakan dengan alasannya, tenggat yang sungguh berakibat, tanda tangan, laporan yang"
        " terlambat. Lalu verifikasi riwayatnya dan sebutkan apa yang dapat dicoba pada basis data yang"
        " ditinggalkan.\n\n"
        "File diganti jika itu basis data peragaan sebelumnya; file lain tidak disentuh.",
    ),
    "doctor": (
        "Look at Python, packages, time zones, shipped definitions and the database, and say what would help."
        " Exit status 1 where something fails.",
        "Periksa Python, paket, zona waktu, definisi bawaan, dan basis data, dan sebutkan apa yang akan"
        " membantu. Status keluar 1 jika ada yang gagal.",
    ),
    "db": ("Look after the schema of a database.", "Rawat skema basis data."),
    "upgrade": (
        "Bring the schema of the database up to date; several processes may do so at once.",
        "Perbarui skema basis data; beberapa proses boleh melakukannya sekaligus.",
    ),
    "check": (
        "Find every problem in definitions, calendars, lists, proposals and scenarios, with line, column and"
        " what would help. FILE is a file, a folder (all *.yaml below it), - for standard input, or the name"
        " of a shipped definition (ksdd). Exit status 3 where there are errors.",
        "Temukan semua masalah di definisi, kalender, daftar, usulan, dan skenario, dengan baris, kolom, dan"
        " saran."
        " FILE adalah file, folder (semua *.yaml di bawahnya), - untuk masukan standar, atau nama definisi"
        " bawaan (ksdd). Status keluar 3 jika ada kesalahan.",
    ),
    "schema": (
        "Print the JSON Schema (draft 2020-12) of definition files.",
        "Cetak JSON Schema (draft 2020-12) file definisi.",
    ),
    "test": (
        "Play scenario files in memory, in virtual time, and say for each scenario whether everything came as"
        " it says, or the first thing that did not: where, in which step, what was expected and found, what"
        " could have been done there. PATH is a file or a folder (all *.scenarios.yaml below it), definitions"
        " by default. What a step may say, acts that are no transitions too, is told by"
        " docs/reference/scenarios.md. Exit status 1 where a scenario failed, 3 where a file has errors.",
        "Jalankan file skenario di memori, dalam waktu maya, dan sebutkan untuk tiap skenario apakah semuanya"
        " terjadi seperti tertulis, atau hal pertama yang tidak: di mana, pada langkah mana, apa yang"
        " diharapkan dan ditemukan, apa yang dapat diminta di sana. PATH adalah file atau folder (semua"
        " *.scenarios.yaml di bawahnya), definitions jika tidak disebut. Apa yang dapat disebut sebuah"
        " langkah, juga tindakan yang bukan transisi, ada di docs/reference/scenarios.md. Status keluar 1"
        " jika ada skenario yang gagal, 3 jika ada file dengan kesalahan.",
    ),
    "diagram": (
        "Draw a definition: a file, or the name of a shipped one (ksdd). SVG to print and to pin to the"
        " wall, landscape, its paper the smallest on which the text can be read; or Mermaid or DOT as text."
        " With --case the way that a case has gone, where it stands, and what is due or overdue; FILE may"
        " be left out then.",
        "Gambar definisi: file, atau nama bawaan (ksdd). SVG untuk dicetak dan ditempel, melintang, kertas"
        " terkecil yang teksnya masih terbaca; atau teks Mermaid atau DOT. Dengan --case: jalan yang sudah"
        " ditempuh kasus, di mana ia berada, dan apa yang akan atau sudah lewat jatuh tempo; FILE boleh"
        " tidak disebut.",
    ),
    "deploy": (
        "Deploy definitions and calendars: files, or names of shipped ones (ksdd pks pengambilalihan). The"
        " same again changes nothing; the same version with other content is refused. A process that opens"
        " cases of another needs that one deployed too. Of several all are deployed or none. Makes the"
        " database where there is none.\n\n"
        "Deploying needs the role administrator. Whoever uses the command line has it: it trusts whoever can"
        " open the database. --as says who that is, for the record.",
        "Gelar definisi dan kalender: file, atau nama bawaan (ksdd pks pengambilalihan). Menggelar yang sama"
        " lagi tidak mengubah apa pun; versi yang sama dengan isi lain ditolak. Proses yang membuka kasus"
        " proses lain memerlukan proses itu digelar juga. Bila beberapa, semuanya digelar atau tidak satu"
        " pun. Basis data dibuat jika belum ada.\n\n"
        "Menggelar memerlukan peran administrator. Pemakai baris perintah memilikinya: siapa yang dapat"
        " membuka basis data dipercaya. --as menyebut siapa dia, untuk dicatat.",
    ),
    "definitions": (
        "Show every deployed version of definitions and calendars.",
        "Tampilkan semua versi definisi dan kalender yang digelar.",
    ),
    "open": (
        "Open a case of the highest deployed version of WORKFLOW. A proposal file brings who, parties, fields"
        " and documents; options add to it or replace it.\n\n"
        "The roles given are believed: the command line trusts whoever can open the database.",
        "Buka kasus menurut versi tertinggi WORKFLOW yang digelar. File usulan membawa pelaku, pihak, isian,"
        " dan dokumen; opsi menambah atau menggantinya.\n\n"
        "Peran yang disebut dipercaya: baris perintah memercayai siapa yang dapat membuka basis data.",
    ),
    "do": (
        "Ask for TRIGGER of CASE (an id, or a number such as ksdd/2026/1). Refused with every reason at once"
        " (status 4); nothing is written then.\n\n"
        "To record what another decided, give --as-role and --for-party: history keeps both apart. The roles"
        " given are believed: the command line trusts whoever can open the database.",
        "Minta TRIGGER pada CASE (id, atau nomor seperti ksdd/2026/1). Penolakan menyebut semua alasan"
        " sekaligus (status 4); tidak ada yang ditulis.\n\n"
        "Untuk mencatat keputusan orang lain, sebut --as-role dan --for-party: riwayat membedakan keduanya."
        " Peran yang disebut dipercaya: baris perintah memercayai siapa yang dapat membuka basis data.",
    ),
    "suspend": (
        "Suspend CASE, where its definition has `suspension`. Targets and duties stand still until it is"
        " resumed; a deadline of the law runs on unless the definition says otherwise.",
        "Tangguhkan CASE, jika definisinya memuat `suspension`. Target dan kewajiban berhenti sampai kasus"
        " dilanjutkan; tenggat menurut hukum tetap berjalan kecuali definisi menyatakan lain.",
    ),
    "resume": (
        "Resume CASE. What stood still is due as much later.",
        "Lanjutkan CASE. Yang berhenti jatuh tempo selama itu pula kemudian.",
    ),
    "extend": (
        "Give DEADLINE of CASE more time, counted from its due day, where its definition has `extension`."
        " DURATION is text such as '10 days' or '5 working days'.",
        "Perpanjang DEADLINE pada CASE, dihitung dari hari jatuh temponya, jika definisinya memuat"
        " `extension`. DURATION ditulis seperti '10 days' atau '5 working days'.",
    ),
    "correct": (
        "Correct fields of CASE, where its definition has `correction`. Nothing that happened is rewound;"
        " clocks that start from a corrected date are counted anew.",
        "Koreksi isian CASE, jika definisinya memuat `correction`. Yang sudah terjadi tidak diputar balik;"
        " tenggat yang berawal dari tanggal terkoreksi dihitung ulang.",
    ),
    "attach": (
        "Attach documents to CASE outside of a transition, where its definition has `attachment`.",
        "Lampirkan dokumen pada CASE di luar langkah, jika definisinya memuat `attachment`.",
    ),
    "why": (
        "Say whether TRIGGER of CASE would be accepted, and if not every reason, its article and what would"
        " help. Without TRIGGER: everything that could be asked for here. Writes nothing.",
        "Sebutkan apakah TRIGGER pada CASE akan diterima, dan jika tidak semua alasan, pasalnya, dan apa yang"
        " akan membantu. Tanpa TRIGGER: semua yang dapat diminta di sini. Tidak menulis apa pun.",
    ),
    "case": (
        "Show a case: state, parties, fields, documents, what is due.",
        "Tampilkan kasus: keadaan, pihak, isian, dokumen, yang akan jatuh tempo.",
    ),
    "cases": ("Show cases in the order of opening.", "Tampilkan kasus menurut urutan pembukaan."),
    "history": (
        "Show every entry of a case: when, who, in which capacity, what, on which article.",
        "Tampilkan semua entri kasus: kapan, siapa, dalam kedudukan apa, apa, pasal mana.",
    ),
    "timers": (
        "Show the clocks and duties of a case, and day by day how each due day came about.",
        "Tampilkan tenggat dan kewajiban kasus, dan hari demi hari bagaimana tiap jatuh tempo dihitung.",
    ),
    "verify": (
        "Verify the history of CASE, or of every case: chain, order, the case itself, due days, the files of"
        " documents, and every step decided again. Exit status 1 where something is found.",
        "Verifikasi riwayat CASE, atau semua kasus: rantai, urutan, kasus itu sendiri, jatuh tempo, isi"
        " dokumen, dan setiap langkah diputuskan ulang. Status keluar 1 jika ada temuan.",
    ),
    "tick": (
        "Take the deadlines and duties that are due now, and send reminders. It takes no time: time is the"
        " system's.",
        "Jalankan tenggat dan kewajiban yang sudah jatuh tempo, dan kirim pengingat. Perintah ini tidak"
        " menerima waktu: waktunya waktu sistem.",
    ),
}

_OPTIONS = {
    "help": ("Show this and leave.", "Tampilkan ini lalu keluar."),
    "version": ("Show the version and leave.", "Tampilkan versi lalu keluar."),
    "lang": (
        "Language of what people read. [KERJASAMA_LANG; else the locale's]",
        "Bahasa untuk yang dibaca orang. [KERJASAMA_LANG; jika tidak, menurut locale]",
    ),
    "debug": ("Show the traceback of an error.", "Tampilkan jejak galat."),
    "db": (
        "Database: a URL or the path of a SQLite file. [KERJASAMA_DB; else sqlite:///kerjasama.db]",
        "Basis data: URL atau jalur file SQLite. [KERJASAMA_DB; jika tidak sqlite:///kerjasama.db]",
    ),
    "tenant": (
        "Whose cases. [KERJASAMA_TENANT; else default]",
        "Kasus milik siapa. [KERJASAMA_TENANT; jika tidak default]",
    ),
    "json": ("Print data as JSON.", "Cetak data sebagai JSON."),
    "format": ("How findings are printed. [text]", "Bentuk temuan. [text]"),
    "coverage": (
        "Show what the scenarios cover of each definition, and what they do not.",
        "Tampilkan apa yang dicakup skenario dari tiap definisi, dan apa yang tidak.",
    ),
    "only": (
        "Only this scenario, and those that it goes on from; may be repeated.",
        "Hanya skenario ini, dan yang dilanjutkannya; boleh berulang.",
    ),
    "diagram-format": (
        "svg, mermaid or dot. [by the end of --output; else svg]",
        "svg, mermaid, atau dot. [menurut akhiran --output; jika tidak svg]",
    ),
    "output": ("Where to write it. [standard output]", "Ke mana ditulis. [keluaran standar]"),
    "diagram-case": ("Show the way of this case.", "Tampilkan jalan kasus ini."),
    "level": (
        "How deep states are drawn; 1 draws the phases.",
        "Sedalam apa tahap digambar; 1 menggambar fase saja.",
    ),
    "phases-only": (
        "Only the phases, what is in them, and the ways between.",
        "Hanya fase, isinya, dan jalan di antaranya.",
    ),
    "strict": (
        "Warnings count as errors: exit status 3.",
        "Peringatan dihitung sebagai kesalahan: status keluar 3.",
    ),
    "watch": (
        "Check again whenever one of the files, or one that they read, changes; Ctrl-C ends it, with the exit"
        " status of the last check.",
        "Periksa lagi setiap kali salah satu file, atau file yang dibacanya, berubah; Ctrl-C mengakhirinya,"
        " dengan status keluar pemeriksaan terakhir.",
    ),
    "parameter": ("Fill a parameter; may be repeated.", "Isi sebuah parameter; boleh berulang."),
    "as": ("Who acts: an opaque id.", "Siapa yang bertindak: id."),
    "role": ("A role that they hold; may be repeated.", "Peran yang dipegang; boleh berulang."),
    "party": ("The party for which they hold it.", "Pihak yang diwakilinya."),
    "as-role": ("The role to act in, or whose act is recorded.", "Peran yang dipakai, atau yang dicatatkan."),
    "for-party": ("The party whose act is recorded.", "Pihak yang tindakannya dicatatkan."),
    "field": (
        "A field; again for a list; NAME.PARTY=VALUE for one party's.",
        "Isian; ulangi untuk daftar; NAMA.PIHAK=NILAI untuk satu pihak.",
    ),
    "fields-file": (
        "Fields from a YAML file, or from the section of a proposal named like the trigger.",
        "Isian dari file YAML, atau dari bagian usulan bernama seperti langkahnya.",
    ),
    "attach": ("A document; again for several files.", "Dokumen; ulangi untuk beberapa file."),
    "reason": ("Why.", "Alasan."),
    "comment": ("A remark, kept as a personal value.", "Catatan, disimpan sebagai nilai pribadi."),
    "on": (
        "The day on which it happened, YYYY-MM-DD. [today]",
        "Hari terjadinya, TTTT-BB-HH. [hari ini]",
    ),
    "request-id": (
        "The same id again has one effect and the same answer.",
        "Id yang sama lagi berakibat satu kali dan dijawab sama.",
    ),
    "expect": ("The revision that you saw.", "Revisi yang Anda lihat."),
    "documents": (
        "Whether the files of documents are read and held against history. [yes]",
        "Apakah isi dokumen dibaca dan dicocokkan dengan riwayat. [ya]",
    ),
    "with": (
        "A party of the cooperation and its side; may be repeated.",
        "Pihak dalam kerja sama dan sisinya; boleh berulang.",
    ),
    "proposal": ("A proposal file (docs/reference/cli.md).", "File usulan (docs/reference/cli.md)."),
    "as-of": (
        "As it was known then: 2026-05-10 (its end) or 2026-05-10T09:00.",
        "Seperti diketahui saat itu: 2026-05-10 (akhirnya) atau 2026-05-10T09:00.",
    ),
    "workflow": ("Only of this workflow.", "Hanya dari alur kerja ini."),
    "state": ("Only in this state, or one inside it.", "Hanya di keadaan ini, atau di dalamnya."),
    "overdue": ("Only with, or without, something overdue.", "Hanya dengan, atau tanpa, keterlambatan."),
    "closed": ("Only ended, or only running.", "Hanya yang selesai, atau yang berjalan."),
    "where": ("Only with this value; may be repeated.", "Hanya dengan nilai ini; boleh berulang."),
    "after": ("Go on after a page: its cursor.", "Lanjutkan setelah halaman: kursornya."),
    "after-seq": ("Only entries after this number.", "Hanya entri setelah nomor ini."),
    "limit": ("How many at most.", "Paling banyak berapa."),
    "quiet": ("Say only what was found at the end.", "Hanya sebutkan yang ditemukan di akhir."),
    "demo-db": ("Where to put the database. [demo.db]", "Letak basis data. [demo.db]"),
}

register(
    {
        **{f"cli.command.{name}": {"en": en, "id": id_} for name, (en, id_) in _COMMANDS.items()},
        **{f"cli.help.{name}": {"en": en, "id": id_} for name, (en, id_) in _HELP.items()},
        **{f"cli.option.{name}": {"en": en, "id": id_} for name, (en, id_) in _OPTIONS.items()},
        "cli.usage": {"en": "Usage:", "id": "Pemakaian:"},
        "cli.usage.options": {"en": "[OPTIONS]", "id": "[OPSI]"},
        "cli.help.options": {"en": "Options", "id": "Opsi"},
        "cli.help.commands": {"en": "Commands", "id": "Perintah"},
        "cli.help.required": {"en": "[required]", "id": "[wajib]"},
        "cli.usage.try": {
            "en": "'{command} --help' says more.",
            "id": "'{command} --help' menjelaskan lebih lanjut.",
        },
        "cli.usage.error": {"en": "Error: {message}", "id": "Galat: {message}"},
        "cli.usage.no-option": {
            "en": "There is no option {option}.",
            "id": "Tidak ada opsi {option}.",
        },
        "cli.usage.no-option.near": {
            "en": "There is no option {option}. Did you mean {near}?",
            "id": "Tidak ada opsi {option}. Maksud Anda {near}?",
        },
        "cli.usage.no-command": {
            "en": "There is no command '{command}'. '{help} --help' lists them.",
            "id": "Tidak ada perintah '{command}'. '{help} --help' menampilkannya.",
        },
        "cli.usage.no-command.near": {
            "en": "There is no command '{command}'. Did you mean '{near}'?",
            "id": "Tidak ada perintah '{command}'. Maksud Anda '{near}'?",
        },
        "cli.usage.not-utf8": {
            "en": "What was given is not UTF-8 text.",
            "id": "Yang diberikan bukan teks UTF-8.",
        },
        "cli.usage.choice": {"en": "{what} takes one of: {known}.", "id": "{what}: pilihannya {known}."},
        "cli.usage.extra": {"en": "There is a word too much: {what}.", "id": "Ada kata berlebih: {what}."},
        "cli.usage.integer": {
            "en": "{what} takes a whole number.",
            "id": "{what} memerlukan bilangan bulat.",
        },
        "cli.usage.no-value": {"en": "{what} takes a value.", "id": "{what} memerlukan nilai."},
        "cli.usage.no-value-taken": {
            "en": "{what} takes no value.",
            "id": "{what} tidak menerima nilai.",
        },
        "cli.usage.range": {
            "en": "{what} takes a whole number from {least} to {most}.",
            "id": "{what} memerlukan bilangan bulat dari {least} sampai {most}.",
        },
        "cli.usage.missing": {"en": "{what} is missing.", "id": "{what} belum diberikan."},
        "cli.interrupted": {"en": "Interrupted.", "id": "Dihentikan."},
        "cli.defect": {
            "en": "This is a defect of kerjasama: {what}",
            "id": "Ini cacat kerjasama: {what}",
        },
        "cli.defect.report": {
            "en": "Please report this line; with --debug the command says where it happened.",
            "id": "Mohon laporkan baris ini; dengan --debug perintah menyebut di mana terjadinya.",
        },
    }
)
