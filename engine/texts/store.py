"""Texts of the store's errors."""

from __future__ import annotations

from workflow.locale import register

register(
    {
        "error.engine-error": {
            "en": "The engine met an error.",
            "id": "Mesin alur kerja mengalami galat.",
        },
        "error.stale-case": {
            "en": "Case {case} has changed since it was read. Read it again and decide anew.",
            "id": "Kasus {case} sudah berubah sejak dibaca. Baca kembali lalu putuskan lagi.",
        },
        "error.duplicate-request": {
            "en": "Request id {request_id} has been used already.",
            "id": "Nomor permintaan {request_id} sudah dipakai.",
        },
        "error.idempotency-mismatch": {
            "en": "Request id {request_id} was used before for something else. "
            "Repeat the same request with the same content, or use a fresh id.",
            "id": "Nomor permintaan {request_id} pernah dipakai untuk isi yang lain. "
            "Ulangi permintaan yang sama dengan isi yang sama, atau pakai nomor baru.",
        },
        "error.contention": {
            "en": "Others were working on the same rows ({detail}). Nothing was written; try again. "
            "In a transaction of your own, roll it back first.",
            "id": "Pihak lain sedang mengerjakan baris yang sama ({detail}). Tidak ada yang ditulis; "
            "coba lagi. Dalam transaksi Anda sendiri, batalkan dulu transaksi itu.",
        },
        "error.store-unavailable": {
            "en": "The database{database} cannot be reached now: {detail}",
            "id": "Basis data{database} saat ini tidak dapat dihubungi: {detail}",
        },
        "error.database-unusable": {
            "en": "The database{database} cannot be used: {why}",
            "id": "Basis data{database} tidak dapat dipakai: {why}",
        },
        "unusable.cannot-open": {
            "en": "its file cannot be opened ({detail}). Look whether {file} is what you mean,"
            " and whether this user may read and write it.",
            "id": "filenya tidak dapat dibuka ({detail}). Periksa apakah {file} memang yang dimaksud,"
            " dan apakah pengguna ini boleh membaca dan menulisnya.",
        },
        "unusable.damaged": {
            "en": "its file is damaged ({detail}). Keep a copy of it, and go back to a backup.",
            "id": "filenya rusak ({detail}). Simpan salinannya, lalu kembali ke cadangan.",
        },
        "unusable.folder-read-only": {
            "en": "this user may not write in the folder {folder}, and SQLite keeps its log beside the file."
            " Give it the right, or choose another folder.",
            "id": "pengguna ini tidak boleh menulis di folder {folder}, padahal SQLite menaruh lognya di"
            " samping file itu. Beri haknya, atau pilih folder lain.",
        },
        "unusable.full": {
            "en": "there is no room left on its disk. Nothing was written; make room.",
            "id": "diska penuh. Tidak ada yang ditulis; sediakan ruang.",
        },
        "unusable.is-folder": {
            "en": "{file} is a folder. Name a file in it, such as {file}/kerjasama.db.",
            "id": "{file} adalah folder. Sebut sebuah file di dalamnya, misalnya {file}/kerjasama.db.",
        },
        "unusable.login-refused": {
            "en": "the server does not let this user in ({detail}). Look at user and password.",
            "id": "server menolak pengguna ini ({detail}). Periksa nama pengguna dan kata sandinya.",
        },
        "unusable.no-folder": {
            "en": "there is no folder {folder}. Make it, or name another place.",
            "id": "tidak ada folder {folder}. Buat foldernya, atau sebut tempat lain.",
        },
        "unusable.no-permission": {
            "en": "this user may not read {file}. Give it the right to read and to write.",
            "id": "pengguna ini tidak boleh membaca {file}. Beri hak membaca dan menulis.",
        },
        "unusable.no-rights": {
            "en": "the user has no right to do this there ({detail}). Grant it, or connect as its owner.",
            "id": "pengguna tidak berhak melakukan ini di sana ({detail}). Beri haknya, atau masuk sebagai"
            " pemiliknya.",
        },
        "unusable.no-such-database": {
            "en": "the server has no such database. Make it there first (createdb), or name another.",
            "id": "server tidak mempunyai basis data itu. Buat dulu di sana (createdb),"
            " atau sebut yang lain.",
        },
        "unusable.not-a-database": {
            "en": "{file} is no SQLite database. Name another file; this one was not touched.",
            "id": "{file} bukan basis data SQLite. Sebut file lain; file ini tidak disentuh.",
        },
        "unusable.read-only": {
            "en": "it can only be read ({detail}). Give this user the right to write the file,"
            " and open it without mode=ro.",
            "id": "isinya hanya dapat dibaca ({detail}). Beri pengguna ini hak menulis file itu,"
            " dan buka tanpa mode=ro.",
        },
        "unusable.read-only-server": {
            "en": "the server takes no changes here ({detail}). It may be a standby: name the primary.",
            "id": "server tidak menerima perubahan di sini ({detail}). Mungkin ini server cadangan: sebut"
            " server utama.",
        },
        "error.schema-newer": {
            "en": "The database{database} has schema {found}, which this version of kerjasama does not know "
            "(it knows up to {known}). Install the newer version; never run the older one on it.",
            "id": "Basis data{database} memakai skema {found} yang tidak dikenal versi kerjasama ini "
            "(yang dikenal sampai {known}). Pasang versi yang lebih baru; jangan jalankan versi lama.",
        },
        "error.schema-outdated": {
            "en": "The database{database} has schema {found}, and this version of kerjasama needs {known}. "
            "Run 'kerjasama db upgrade' with the same --db, or open it with schema=\"upgrade\".",
            "id": "Basis data{database} memakai skema {found}, sedangkan versi kerjasama ini "
            "memerlukan {known}. "
            "Jalankan 'kerjasama db upgrade' dengan --db yang sama, atau buka dengan schema=\"upgrade\".",
        },
        "error.definition-conflict": {
            "en": "{name} version {version} is deployed already with other content "
            "(digest {found}, not {given}). Give the changed one a higher version.",
            "id": "{name} versi {version} sudah digelar dengan isi yang berbeda "
            "(sidik {found}, bukan {given}). Beri versi yang lebih tinggi pada yang berubah.",
        },
        "error.unsupported-database": {
            "en": "{database} is not supported. Use sqlite:///file.db or postgresql://…",
            "id": "{database} tidak didukung. Pakai sqlite:///berkas.db atau postgresql://…",
        },
        "error.cannot-join": {
            "en": "The connection cannot be joined: {why}",
            "id": "Koneksi tidak dapat diikuti: {why}",
        },
        "cannot-join.autocommit": {
            "en": "it is in AUTOCOMMIT mode, so nothing would be undone together. "
            "Give a connection with a transaction.",
            "id": "koneksi itu dalam mode AUTOCOMMIT, sehingga tidak ada yang dapat dibatalkan bersama. "
            "Berikan koneksi yang bertransaksi.",
        },
        "cannot-join.other-database": {
            "en": "it speaks {given}, and this engine's database is {own}.",
            "id": "koneksi itu memakai {given}, sedangkan basis data mesin ini {own}.",
        },
        "cannot-join.not-a-connection": {
            "en": "{given} is neither a sqlalchemy Connection nor an ORM Session.",
            "id": "{given} bukan Connection sqlalchemy dan bukan Session ORM.",
        },
        "cannot-join.closed": {
            "en": "it is closed.",
            "id": "koneksi itu sudah ditutup.",
        },
        "cannot-join.savepoint": {
            "en": "it is inside a savepoint that the driver opened without BEGIN; releasing it would commit. "
            "Let your engine send BEGIN (see SQLAlchemy, pysqlite, SAVEPOINT support), or call this before "
            "the savepoint.",
            "id": "koneksi itu di dalam savepoint yang dibuka driver tanpa BEGIN; melepasnya berarti commit. "
            "Aturlah agar engine Anda mengirim BEGIN (lihat SQLAlchemy, pysqlite, SAVEPOINT), atau panggil "
            "sebelum savepoint.",
        },
        "error.nested-transaction": {
            "en": "This thread is in a transaction of this store already. "
            "Use that one, or end it before the next begins.",
            "id": "Utas ini sudah berada dalam transaksi penyimpanan ini. "
            "Pakai transaksi itu, atau akhiri sebelum memulai yang berikut.",
        },
        "error.store-closed": {
            "en": "The store is closed.",
            "id": "Penyimpanan sudah ditutup.",
        },
        "error.invalid-cursor": {
            "en": "{cursor!r} is not the cursor of a page. Take 'next' of the page before, unchanged.",
            "id": "{cursor!r} bukan penunjuk halaman. Pakai 'next' dari halaman sebelumnya apa adanya.",
        },
    }
)
