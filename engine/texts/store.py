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
            "en": "The database cannot be used: {detail}",
            "id": "Basis data tidak dapat dipakai: {detail}",
        },
        "error.schema-newer": {
            "en": "The database has schema {found}, which this version of kerjasama does not know "
            "(it knows up to {known}). Install the newer version; never run the older one on it.",
            "id": "Basis data memakai skema {found} yang tidak dikenal versi kerjasama ini "
            "(yang dikenal sampai {known}). Pasang versi yang lebih baru; jangan jalankan versi lama.",
        },
        "error.schema-outdated": {
            "en": "The database has schema {found}, and this version of kerjasama needs {known}. "
            "Run 'kerjasama db upgrade', or open it with schema=\"upgrade\".",
            "id": "Basis data memakai skema {found}, sedangkan versi kerjasama ini memerlukan {known}. "
            "Jalankan 'kerjasama db upgrade', atau buka dengan schema=\"upgrade\".",
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
