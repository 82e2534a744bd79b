"""Texts of what verification finds."""

from __future__ import annotations

from workflow.locale import register

register(
    {
        "ledger.unreadable": {
            "id": "Entri {seq} kasus {case} bukan teks kanonik: {why}",
            "en": "Entry {seq} of case {case} is not canonical text: {why}",
        },
        "ledger.hash-mismatch": {
            "id": "Entri {seq} kasus {case} telah diubah: sidik yang tersimpan bukan sidik teksnya.",
            "en": "Entry {seq} of case {case} was edited: the stored hash is not that of its text.",
        },
        "ledger.columns-changed": {
            "id": "Kolom {columns} pada entri {seq} kasus {case} berbeda dari isi entri itu.",
            "en": "The columns {columns} of entry {seq} of case {case} differ from the entry itself.",
        },
        "ledger.misplaced": {
            "id": "Entri {seq} kasus {case} menurut isinya adalah {belongs}.",
            "en": "Entry {seq} of case {case} is by its own text {belongs}.",
        },
        "ledger.belongs.here": {
            "id": "entri {seq} kasus ini",
            "en": "entry {seq} of this case",
        },
        "ledger.belongs.elsewhere": {
            "id": "entri {seq} kasus {case} milik {tenant}",
            "en": "entry {seq} of case {case} of {tenant}",
        },
        "ledger.gap": {
            "id": "Entri {missing} kasus {case} hilang; setelah itu baru ada entri {seq}.",
            "en": "Entry {missing} of case {case} is missing; what comes next is entry {seq}.",
        },
        "ledger.chain-broken": {
            "id": "Entri {seq} kasus {case} tidak menyambung pada entri {before}: salah satunya diganti.",
            "en": "Entry {seq} of case {case} does not follow on entry {before}: one of the two"
            " was replaced.",
        },
        "ledger.order-broken": {
            "id": "Entri {seq} kasus {case}: {what} tidak berurut setelah entri sebelumnya ({old} → {new}).",
            "en": "Entry {seq} of case {case}: {what} does not follow on the entry before ({old} → {new}).",
        },
        "ledger.truncated": {
            "id": "Kasus {case} pernah memuat entri sampai {expected}; kini berakhir pada {last}.",
            "en": "Case {case} once had entries up to {expected}; now it ends with {last}.",
        },
        "ledger.case-behind": {
            "id": "Baris kasus {case} berhenti pada entri {row}, riwayatnya berlanjut dengan entri {seq}:"
            " baris itu dikembalikan ke keadaan lama atau entri disisipkan.",
            "en": "The row of case {case} stops at entry {row} while history goes on with entry {seq}:"
            " the row was rolled back or the entry inserted.",
        },
        "ledger.case-missing": {
            "id": "Ada riwayat atau catatan log untuk kasus {case}, tetapi kasusnya sendiri tidak ada.",
            "en": "There is history or a log record of case {case}, but no such case.",
        },
        "ledger.head-mismatch": {
            "id": "Baris kasus {case} menunjuk entri terakhir yang lain daripada entri {seq} dalam riwayat.",
            "en": "The row of case {case} names another last entry than entry {seq} of its history.",
        },
        "ledger.case-changed": {
            "id": "Baris kasus {case} bukan hasil riwayatnya sampai entri {seq}; berbeda pada: {what}.",
            "en": "The row of case {case} is not what its history up to entry {seq} gives;"
            " it differs in: {what}.",
        },
        "ledger.not-foldable": {
            "id": "Entri {seq} kasus {case} tidak dapat mengikuti keadaan sebelumnya: {why}",
            "en": "Entry {seq} of case {case} cannot follow on what was before: {why}",
        },
        "ledger.log-mismatch": {
            "id": "Log mencatat sidik lain untuk entri {seq} kasus {case}: entri itu diganti kemudian.",
            "en": "The log holds another hash for entry {seq} of case {case}: the entry was replaced later.",
        },
        "ledger.log-surplus": {
            "id": "Log mencatat entri {seq} kasus {case} yang tidak ada lagi dalam riwayat.",
            "en": "The log holds entry {seq} of case {case}, which is no longer in the history.",
        },
        "ledger.unlogged": {
            "id": "Entri {seq} kasus {case} tidak tercatat dalam log: disisipkan tanpa mesin ini.",
            "en": "Entry {seq} of case {case} is not in the log: it was not written by the engine.",
        },
        "ledger.timer-changed": {
            "id": "Pengatur waktu kasus {case} tidak sesuai tenggatnya: {what}.",
            "en": "The timers of case {case} do not agree with its clocks: {what}.",
        },
        "ledger.personal-changed": {
            "id": "Nilai pribadi {field} pada entri {seq} kasus {case} bukan nilai yang dahulu dikunci.",
            "en": "The personal value {field} of entry {seq} of case {case} is not the one committed to.",
        },
        "ledger.personal-missing": {
            "id": "Nilai pribadi {field} pada entri {seq} kasus {case} hilang tanpa penghapusan"
            " yang tercatat.",
            "en": "The personal value {field} of entry {seq} of case {case} is gone without a"
            " recorded erasure.",
        },
        "ledger.personal-surplus": {
            "id": "Ada nilai pribadi {field} pada entri {seq} kasus {case} yang tidak dikunci"
            " oleh entri itu.",
            "en": "There is a personal value {field} of entry {seq} of case {case} that no entry"
            " committed to.",
        },
        "ledger.clock-mismatch": {
            "id": "Tenggat {path} pada entri {seq} kasus {case} bukan hasil hitungannya; berbeda: {what}.",
            "en": "The clock {path} in entry {seq} of case {case} does not follow from its start;"
            " it differs in: {what}.",
        },
        "ledger.calendar-missing": {
            "id": "Kalender {digest}, dasar hitungan entri {seq} kasus {case}, tidak tersimpan.",
            "en": "The calendar {digest}, which entry {seq} of case {case} counted with, is not stored.",
        },
        "ledger.calendar-changed": {
            "id": "Kalender {name} yang tersimpan bukan lagi {digest}, yang dikutip entri {seq}"
            " kasus {case}.",
            "en": "The stored calendar {name} is no longer {digest}, which entry {seq} of case {case} cites.",
        },
        "ledger.definition-missing": {
            "id": "Definisi {workflow} versi {version}, yang dikutip entri {seq} kasus {case},"
            " tidak tersimpan.",
            "en": "The definition {workflow} version {version}, which entry {seq} of case {case} cites,"
            " is not stored.",
        },
        "ledger.definition-changed": {
            "id": "Definisi {workflow} versi {version} yang tersimpan bukan lagi yang dikutip entri {seq}"
            " kasus {case} ({digest}).",
            "en": "The stored definition {workflow} version {version} is no longer the one that entry {seq}"
            " of case {case} cites ({digest}).",
        },
        "ledger.document-missing": {
            "id": "Isi dokumen {document} ({digest}), yang dilampirkan pada entri {seq} kasus {case},"
            " tidak tersimpan.",
            "en": "The file of the document {document} ({digest}), which entry {seq} of case {case} attached,"
            " is not stored.",
        },
        "ledger.document-changed": {
            "id": "Isi dokumen {document} yang tersimpan bukan lagi {digest}, yang dilampirkan pada entri"
            " {seq} kasus {case}.",
            "en": "The stored file of the document {document} is no longer {digest}, which entry {seq}"
            " of case {case} attached.",
        },
        "ledger.number-missing": {
            "id": "Nomor {numbers} pernah diberikan, tetapi tidak ada kasus dengan nomor itu.",
            "en": "The number {numbers} was given out, and there is no case with it.",
        },
        "ledger.counter-behind": {
            "id": "Ada kasus bernomor {numbers}, padahal penghitungnya baru sampai {last}.",
            "en": "There is a case with the number {numbers}, but the counter has come to {last} only.",
        },
        "ledger.relative-mismatch": {
            "id": "Entri {seq} kasus {case} tidak sesuai dengan riwayat kasus kerabatnya {relative}.",
            "en": "Entry {seq} of case {case} does not agree with the history of its relative {relative}.",
        },
        "ledger.not-allowed": {
            "id": "Entri {seq} kasus {case} tidak diperbolehkan oleh definisinya: {why}",
            "en": "Entry {seq} of case {case} is not allowed by its definition: {why}",
        },
        "ledger.not-allowed.refused": {
            "id": "diputuskan ulang, perintahnya ditolak ({detail}).",
            "en": "decided again, the command is refused ({detail}).",
        },
        "ledger.not-allowed.not-due": {
            "id": "tidak ada tenggat yang jatuh pada saat itu; berikutnya: {detail}.",
            "en": "no clock was due at that time; the next is: {detail}.",
        },
        "ledger.not-allowed.differs": {
            "id": "diputuskan ulang, hasilnya lain pada: {detail}.",
            "en": "decided again, it comes out differently in: {detail}.",
        },
        "ledger.not-allowed.skipped-clock": {
            "id": "tenggat yang sudah jatuh dilewati: {detail}.",
            "en": "a clock that was due was passed over: {detail}.",
        },
        "ledger.not-allowed.failed": {
            "id": "dari keadaan itu tidak ada langkah yang dapat diputuskan ulang ({detail}).",
            "en": "no step can be decided again from there ({detail}).",
        },
        "ledger.not-allowed.unknown-kind": {
            "id": "jenis entri {detail} tidak dikenal perangkat lunak ini.",
            "en": "this software does not know the kind {detail}.",
        },
        "ledger.unprotected": {
            "id": "Basis data tidak menolak perubahan riwayat dengan sendirinya; pemicu yang tidak"
            " ada: {what}."
            " Verifikasi tetap menemukan perubahan.",
            "en": "The database does not refuse changes of history by itself; these triggers are"
            " missing: {what}."
            " Verification still finds changes.",
        },
    }
)
