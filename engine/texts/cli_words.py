"""Texts of what the commands say: errors, tables, explanations, the doctor."""

from __future__ import annotations

from workflow.locale import register

_DEPLOY = ("kerjasama deploy ksdd pks pengambilalihan --as ID",) * 2

_PROBLEMS = {
    "no-database": (
        "There is no database {file}. 'kerjasama deploy ksdd pks pengambilalihan --as ID' makes one, or name"
        " another with --db.",
        "Tidak ada basis data {file}. 'kerjasama deploy ksdd pks pengambilalihan --as ID' membuatnya, atau"
        " sebut yang lain dengan --db.",
    ),
    "no-actor": (
        "Nobody acts: say who with --as ID (and --role, --party).",
        "Tidak ada yang bertindak: sebut siapa dengan --as ID (serta --role, --party).",
    ),
    "no-workflow": (
        "Which workflow? Name it, or give a proposal with --file.",
        "Alur kerja mana? Sebut namanya, atau beri usulan dengan --file.",
    ),
    "other-workflow": (
        "{asked} was asked for, and the proposal is one of {file}.",
        "Yang diminta {asked}, sedangkan usulannya {file}.",
    ),
    "unreadable": ("{file}: {why}", "{file}: {why}"),
    "file-rejected": ("{file}: {count} problem(s)", "{file}: {count} masalah"),
    "parameter-of-several": (
        "--parameter fills those of one definition: deploy it by itself.",
        "--parameter mengisi parameter satu definisi: gelar definisi itu tersendiri.",
    ),
    "only-scenarios": (
        "{file} holds scenarios, which are not deployed: 'kerjasama test {file}' plays them.",
        "{file} berisi skenario, yang tidak digelar: 'kerjasama test {file}' memainkannya.",
    ),
    "parameter-form": (
        "'{word}' fills no parameter: write NAME=VALUE.",
        "'{word}' tidak mengisi parameter: tulis NAMA=NILAI.",
    ),
    "field-form": (
        "'{word}' is no field: write NAME=VALUE.",
        "'{word}' bukan isian: tulis NAMA=NILAI.",
    ),
    "with-form": (
        "'{word}' is no party: write PARTY=SIDE or PARTY=SIDE:NAME, such as kukar=pemrakarsa.",
        "'{word}' bukan pihak: tulis PIHAK=SISI atau PIHAK=SISI:NAMA, misalnya kukar=pemrakarsa.",
    ),
    "party-is-with": (
        "--party names the one party for which you act. The parties of the case: --with {word}.",
        "--party menyebut satu pihak yang Anda wakili. Pihak dalam kerja sama: --with {word}.",
    ),
    "attach-form": (
        "'{word}' is no document: write NAME=PATH.",
        "'{word}' bukan dokumen: tulis NAMA=JALUR.",
    ),
    "where-form": ("'{word}' is no condition: write NAME=VALUE.", "'{word}' bukan syarat: tulis NAMA=NILAI."),
    "date-form": (
        "'{text}' is no day: write YYYY-MM-DD.",
        "'{text}' bukan tanggal: tulis TTTT-BB-HH.",
    ),
    "instant-form": (
        "'{text}' is no instant: write YYYY-MM-DD, or YYYY-MM-DDTHH:MM with a zone if it is not the case's.",
        "'{text}' bukan saat: tulis TTTT-BB-HH, atau TTTT-BB-HHTJJ:MM dengan zona jika bukan zona kasus.",
    ),
    "not-yet": (
        "{number} was not there yet: it was opened {opened_at}.",
        "{number} belum ada: dibuka {opened_at}.",
    ),
    "no-section": (
        "The proposal {file} has no section '{name}'.",
        "Usulan {file} tidak mempunyai bagian '{name}'.",
    ),
    "no-fields": ("{file} holds no fields (name: value).", "{file} tidak memuat isian (nama: nilai)."),
    "nothing-to-check": (
        "There is no definition, calendar, list or proposal in {files}.",
        "Tidak ada definisi, kalender, daftar, atau usulan di {files}.",
    ),
    "watched-format": (
        "--watch shows findings as text; leave --format and --json out.",
        "--watch menampilkan temuan sebagai teks; hilangkan --format dan --json.",
    ),
    "watched-input": (
        "Standard input cannot be watched; name a file.",
        "Masukan standar tidak dapat diamati; sebut sebuah file.",
    ),
    "not-a-demo": (
        "{file} is not the database of a demonstration, so it is left alone; name another place with --db.",
        "{file} bukan basis data peragaan, jadi tidak disentuh; sebut tempat lain dengan --db.",
    ),
    "demo-on-file": (
        "The demonstration keeps its database in a file; give a path with --db.",
        "Peragaan menyimpan basis datanya dalam file; beri jalur dengan --db.",
    ),
    "demo-busy": (
        "{file} cannot be replaced: {why}",
        "{file} tidak dapat diganti: {why}",
    ),
}

_HEADS = {
    "kind": ("kind", "jenis"),
    "name": ("name", "nama"),
    "version": ("version", "versi"),
    "digest": ("digest", "sidik"),
    "deployed": ("deployed", "digelar"),
    "by": ("by", "oleh"),
    "number": ("number", "nomor"),
    "state": ("state", "keadaan"),
    "parties": ("parties", "pihak"),
    "opened": ("opened", "dibuka"),
    "overdue": ("overdue", "terlambat"),
}

_KINDS = {
    "definition": ("definition", "definisi"),
    "calendar": ("calendar", "kalender"),
    "case_opened": ("Case opened", "Kasus dibuka"),
    "transition_taken": ("Step taken", "Langkah diambil"),
    "consent_given": ("Consent given", "Persetujuan diberikan"),
    "consent_refused": ("Consent refused", "Persetujuan ditolak"),
    "consent_withdrawn": ("Consent withdrawn", "Persetujuan ditarik"),
    "consent_voided": ("Consents voided", "Persetujuan gugur"),
    "clock_fired": ("Deadline took effect", "Tenggat berakibat"),
    "deadline_expired": ("Deadline passed", "Tenggat lewat"),
    "obligation_opened": ("Duty begun", "Kewajiban mulai"),
    "obligation_met": ("Duty met", "Kewajiban dipenuhi"),
    "obligation_overdue": ("Duty overdue", "Kewajiban terlambat"),
    "obligation_lapsed": ("Duty lapsed", "Kewajiban gugur"),
    "calendar_applied": ("Calendar applied", "Kalender diterapkan"),
    "child_opened": ("Child case opened", "Kasus turunan dibuka"),
    "child_closed": ("Child case ended", "Kasus turunan berakhir"),
}

_NEEDS = {
    "role": ("a role:", "peran:"),
    "as_role": ("--as-role", "--as-role"),
    "other_person_than": ("somebody else than at", "orang lain daripada pada"),
    "trigger": ("possible here:", "yang dapat diminta di sini:"),
    "state": ("the state", "keadaan"),
    "allowed": ("taken are", "yang diterima"),
    "side": ("side", "sisi"),
    "fields": ("fields", "isian"),
    "documents": ("documents", "dokumen"),
}

_CASE = {
    "number": ("Number", "Nomor"),
    "id": ("Id", "Id"),
    "process": ("Process", "Proses"),
    "revision": ("Revision", "Revisi"),
    "opened": ("Opened", "Dibuka"),
    "closed": ("Closed", "Ditutup"),
    "outcome": ("Outcome", "Hasil"),
    "parent": ("Parent case", "Kasus induk"),
    "children": ("Child cases", "Kasus turunan"),
    "state": ("State", "Keadaan"),
    "parties": ("Parties", "Pihak"),
    "fields": ("Fields", "Isian"),
    "documents": ("Documents (SHA-256)", "Dokumen (SHA-256)"),
    "overdue": ("Overdue", "Terlambat"),
    "due": ("Due", "Akan jatuh tempo"),
}

_DOCTOR = {
    "ok": ("ok", "baik"),
    "warn": ("warn", "awas"),
    "fail": ("FAIL", "GAGAL"),
    "help": ("→ {help}", "→ {help}"),
    "package.missing": ("not installed", "tidak terpasang"),
    "package.help": ("install kerjasama again: pip install kerjasama", "pasang ulang: pip install kerjasama"),
    "optional.psycopg": (
        "not installed (only for PostgreSQL: kerjasama[postgres])",
        "tidak terpasang (hanya untuk PostgreSQL: kerjasama[postgres])",
    ),
    "optional.tzdata": (
        "not installed (the system's time zones are used)",
        "tidak terpasang (dipakai zona waktu sistem)",
    ),
    "shadow.help": (
        "rename what comes first on the import path; ours lie in {here}",
        "ganti nama yang mendahului di jalur impor; milik kami ada di {here}",
    ),
    "zones": ("{names} ({count} zones)", "{names} ({count} zona)"),
    "zones.help": ("pip install tzdata", "pip install tzdata"),
    "definitions.none": ("none found", "tidak ditemukan"),
    "calendar": ("{name} {version}, decrees until {until}", "{name} {version}, keputusan sampai {until}"),
    "calendar.help": (
        "due days beyond are provisional: deploy a version with the next decrees",
        "jatuh tempo setelahnya bersifat sementara: gelar versi dengan keputusan berikutnya",
    ),
    "database.none": ("there is no {file}", "tidak ada {file}"),
    "database.help": _DEPLOY,
    "pragmas.help": ("weaker than ours: {names}", "lebih lemah daripada milik kami: {names}"),
    "schema": ("{found}, needed is {head}", "{found}, diperlukan {head}"),
    "schema.help": ("kerjasama db upgrade", "kerjasama db upgrade"),
    "triggers": ("history refuses UPDATE and DELETE", "riwayat menolak UPDATE dan DELETE"),
    "triggers.missing": ("missing: {names}", "tidak ada: {names}"),
    "triggers.help": (
        "they guard against accidents; 'kerjasama verify' still proves that history is whole",
        "ini penjaga kecelakaan; 'kerjasama verify' tetap membuktikan riwayat utuh",
    ),
    "deployed.help": _DEPLOY,
    "on-time": ("nothing is late, nothing failed", "tidak ada yang telat, tidak ada yang gagal"),
    "late": ("due since {since} and not taken", "jatuh tempo sejak {since} dan belum dijalankan"),
    "late.help": (
        "no sweep runs: kerjasama tick, or start the engine's clock",
        "tidak ada penyapuan: kerjasama tick, atau jalankan jam mesin",
    ),
    "dead": ("timers failed for good", "ada tenggat yang gagal terus"),
    "dead.help": (
        "engine.dead_timers() says why; engine.revive(case) tries again",
        "engine.dead_timers() menyebut sebabnya; engine.revive(case) mencoba lagi",
    ),
    "outbox.help": (
        "some events were given up after several attempts; look at what the consumer's handler raised",
        "beberapa peristiwa tidak dikirim lagi setelah beberapa kali gagal; lihat galat penanganannya",
    ),
    "outbox": ("{count} event(s) wait for {name}", "{count} peristiwa menunggu {name}"),
}

_SAID = {
    "something-else": ("something else", "yang lain"),
    "expected.number": ("a number", "bilangan"),
    "yes": ("yes", "ya"),
    "no": ("no", "tidak"),
    "refused": ("Refused. Nothing was written.", "Ditolak. Tidak ada yang ditulis."),
    "not-deployed": ("{file} was not deployed.", "{file} tidak digelar."),
    "error": ("Error: {message}", "Galat: {message}"),
    "reason.basis": ("article: {basis}", "pasal: {basis}"),
    "reason.values": ("as it stands: {values}", "yang ada: {values}"),
    "reason.needs": ("would help: {needs}", "yang akan membantu: {needs}"),
    "check.left-out": (
        "{file} is no definition, calendar, list or proposal; left out",
        "{file} bukan definisi, kalender, daftar, atau usulan; dilewati",
    ),
    "watch.waiting": (
        "Watching {count} file(s); Ctrl-C ends it",
        "Mengamati {count} file; Ctrl-C untuk mengakhiri",
    ),
    "watch.changed": ("Changed: {files}", "Berubah: {files}"),
    "check.count": ("{count} file(s) looked at", "{count} file diperiksa"),
    "opened": (
        "{number} is open, revision {revision}: {state} ({path})",
        "{number} dibuka, revisi {revision}: {state} ({path})",
    ),
    "done": (
        "{number}, revision {revision}: {state} ({path})",
        "{number}, revisi {revision}: {state} ({path})",
    ),
    "ended": ("  ended: {outcome}", "  berakhir: {outcome}"),
    "due-line": ("  due {day}: {name}", "  jatuh tempo {day}: {name}"),
    "why.allowed": (
        "“{trigger}” of {number} would be accepted. State: {state}",
        "“{trigger}” pada {number} akan diterima. Keadaan: {state}",
    ),
    "why.refused": (
        "“{trigger}” of {number} would be refused. State: {state}",
        "“{trigger}” pada {number} akan ditolak. Keadaan: {state}",
    ),
    "why.unknown": (
        "depends on facts that nobody provides here: {facts}",
        "bergantung pada fakta yang tidak disediakan di sini: {facts}",
    ),
    "why.here": ("{number} is in: {state}", "{number} berada di: {state}"),
    "why.yes": ("yes  {trigger}: {title}", "ya     {trigger}: {title}"),
    "why.no": ("no   {trigger}: {title}", "tidak  {trigger}: {title}"),
    "why.nothing": (
        "Nothing can be asked for: the case has ended.",
        "Tidak ada yang dapat diminta: kasus selesai.",
    ),
    "why.fields": ("fields to give: {names}", "isian wajib: {names}"),
    "why.optional": ("may be given: {names}", "boleh diberikan: {names}"),
    "why.documents": ("documents to attach: {names}", "dokumen dilampirkan: {names}"),
    "why.reason": ("a reason must be given", "alasan wajib diberikan"),
    "why.by": ("by: {roles}", "oleh: {roles}"),
    "deployed.definition.new": (
        "Deployed {name}, version {version} ({digest}).",
        "{name} versi {version} digelar ({digest}).",
    ),
    "deployed.definition.same": (
        "{name}, version {version}, is deployed already ({digest}); nothing changed.",
        "{name} versi {version} sudah digelar ({digest}); tidak ada yang berubah.",
    ),
    "deployed.calendar.new": (
        "Loaded calendar {name}, version {version} ({digest}); cases opened from now on count with it.",
        "Kalender {name} versi {version} dimuat ({digest}); kasus yang dibuka mulai kini memakainya.",
    ),
    "deployed.calendar.same": (
        "Calendar {name}, version {version}, is loaded already ({digest}); nothing changed.",
        "Kalender {name} versi {version} sudah dimuat ({digest}); tidak ada yang berubah.",
    ),
    "deployed.with-calendar": (
        "  with calendar {name}, version {version}",
        "  dengan kalender {name} versi {version}",
    ),
    "deployed.no-definition": (
        "{file} holds scenarios and is left out: 'kerjasama test {file}' plays them.",
        "{file} berisi skenario dan dilewati: 'kerjasama test {file}' memainkannya.",
    ),
    "deployed.missing": (
        "It opens cases of {names}, not deployed yet. Next: kerjasama deploy {words} --as ID",
        "Kasus {names} dibuka dari sini dan belum digelar. Selanjutnya: kerjasama deploy {words} --as ID",
    ),
    "deployed.moves": (
        "  {open} clock(s) of open cases count with this name; it would move {moved} of them",
        "  {open} tenggat kasus terbuka memakai nama ini; {moved} di antaranya akan bergeser",
    ),
    "definitions.none": ("Nothing is deployed.", "Belum ada yang digelar."),
    "cases.none": ("No case is like that.", "Tidak ada kasus seperti itu."),
    "cases.more": ("There are more: --after {cursor}", "Masih ada lagi: --after {cursor}"),
    "cases.overdue": ("{count} overdue", "{count} terlambat"),
    "history.comment": ("remark: {text}", "catatan: {text}"),
    "history.reason": ("reason: {text}", "alasan: {text}"),
    "history.recorded": ("recorded {at}", "dicatat {at}"),
    "who.clock": ("the clock", "jam"),
    "who.child": ("a child case", "kasus turunan"),
    "who.parent": ("the parent case", "kasus induk"),
    "who.engine": ("the engine", "mesin"),
    "history.followed": ("Follows from that", "Akibat dari itu"),
    "history.with-parent": ("Ended with the parent case", "Berakhir bersama kasus induk"),
    "who.recorded": ("{who}, recorded by {recorder}", "{who}, dicatat oleh {recorder}"),
    "timers.none": ("{number} has no clocks.", "{number} tidak mempunyai tenggat."),
    "timer.running": ("running", "berjalan"),
    "timer.due": ("due, not yet taken", "jatuh tempo, belum dijalankan"),
    "timer.expired": ("passed", "lewat"),
    "timer.fired": ("took effect", "sudah berakibat"),
    "timer.kind.statutory": ("set by law", "menurut hukum"),
    "timer.kind.contractual": ("set by agreement", "menurut perjanjian"),
    "timer.kind.target": ("target", "target"),
    "duty.open": ("of {on}, due {due}", "untuk {on}, jatuh tempo {due}"),
    "duty.overdue": ("of {on}, OVERDUE since {due}", "untuk {on}, TERLAMBAT sejak {due}"),
    "duty.coming": ("next on {on}, due {due}", "berikutnya {on}, jatuh tempo {due}"),
    "verify.clean": (
        "Verified: {entries} entries of {cases} case(s); nothing speaks against them.",
        "Terverifikasi: {entries} entri dari {cases} kasus; tidak ada yang menyangkalnya.",
    ),
    "verify.found": (
        "{count} finding(s) in {entries} entries of {cases} case(s).",
        "{count} temuan dalam {entries} entri dari {cases} kasus.",
    ),
    "verify.progress": ("{done} of {total} cases", "{done} dari {total} kasus"),
    "tick": (
        "{cases} case(s) looked at, {entries} entries written, {reminders} reminder(s), {failed} failed,"
        " {busy} busy",
        "{cases} kasus diperiksa, {entries} entri ditulis, {reminders} pengingat, {failed} gagal, {busy}"
        " sibuk",
    ),
    "tick.failed": (
        "What failed is tried again later, and holds back its own case only. --debug shows the error;"
        " 'kerjasama verify' shows what is wrong with the case.",
        "Yang gagal dicoba lagi nanti, dan hanya menahan kasusnya sendiri. --debug menampilkan galatnya;"
        " 'kerjasama verify' menunjukkan apa yang salah pada kasus itu.",
    ),
    "upgraded": ("Schema {before} → {after}.", "Skema {before} → {after}."),
    "upgraded.nothing": ("The schema is up to date ({after}).", "Skema sudah mutakhir ({after})."),
}

_AREAS = {
    "problem.": _PROBLEMS,
    "head.": _HEADS,
    "kind.": _KINDS,
    "needs.": _NEEDS,
    "case.": _CASE,
    "doctor.": _DOCTOR,
    "": _SAID,
}

register(
    {
        f"cli.{area}{name}": {"en": en, "id": id_}
        for area, texts in _AREAS.items()
        for name, (en, id_) in texts.items()
    }
)
