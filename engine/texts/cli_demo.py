"""Texts of the demonstration."""

from __future__ import annotations

from workflow.locale import register

_TEXTS = {
    "proposal": ("The proposal", "Usulan"),
    "proposal.about": (
        "Kutai Kartanegara wants buses that cross its border with Samarinda. Its transport agency opens"
        " the case\n"
        "with every field of the proposal record and submits the terms of reference.",
        "Kutai Kartanegara menginginkan angkutan umum yang melintasi batasnya dengan Samarinda. Dinas"
        " Perhubungan\n"
        "membuka kasus dengan semua isian usulan dan mengajukan kerangka acuan kerja.",
    ),
    "assessment": ("The assessment, and a refusal", "Telaah, dan sebuah penolakan"),
    "assessment.about": (
        "Rina, who submitted, also works for the secretariat and tries to assess her own proposal, with one\n"
        "criterion and the minutes missing. A refusal says everything at once, and nothing is written.",
        "Rina, yang mengajukan, juga bekerja di sekretariat dan mencoba menelaah usulannya sendiri, dengan"
        " satu\n"
        "kriteria dan notulen yang kurang. Penolakan menyebut semuanya sekaligus, dan tidak ada yang"
        " ditulis.",
    ),
    "offer": ("The offer, and a silent partner", "Penawaran, dan mitra yang diam"),
    "offer.about": (
        "The letter is received on 13 February and recorded on 16 February: the clock counts from the 13th.",
        "Surat diterima 13 Februari dan dicatat 16 Februari: tenggat dihitung sejak tanggal 13.",
    ),
    "offer.silent": (
        "The partner has thirty days. How the due day came about:",
        "Mitra mempunyai tiga puluh hari. Beginilah jatuh temponya dihitung:",
    ),
    "offer.second": (
        "The clock did not ask again: it opened the second request, which the head of region makes.",
        "Jam tidak meminta lagi: ia membuka permintaan kedua, yang dibuat kepala daerah.",
    ),
    "joint": (
        "The joint agreement, signed by two heads",
        "Kesepakatan Bersama, ditandatangani dua kepala daerah",
    ),
    "joint.about": (
        "Drafted, agreed, recommended; then both heads of region must sign the same draft.",
        "Disusun, disepakati, direkomendasikan; lalu kedua kepala daerah menandatangani rancangan yang sama.",
    ),
    "joint.recorded": (
        "The mayor has no account here. The secretariat records his signature of 8 April; history keeps"
        " apart\n"
        "who decided and who recorded.",
        "Wali kota tidak mempunyai akun di sini. Sekretariat mencatatkan tanda tangannya tanggal 8 April;"
        " riwayat\n"
        "membedakan siapa yang memutuskan dan siapa yang mencatat.",
    ),
    "joint.too-long": (
        "A term of six years is refused:",
        "Masa berlaku enam tahun ditolak:",
    ),
    "child": ("An agreement under the joint agreement", "Perjanjian di bawah Kesepakatan Bersama"),
    "child.about": (
        "Rights and obligations stand in cooperation agreements, as many as are needed. Each is a case of"
        " its own;\n"
        "the signed joint agreement is handed over to it.",
        "Hak dan kewajiban termuat dalam Perjanjian Kerja Sama, sebanyak yang diperlukan. Masing-masing"
        " kasus\n"
        "tersendiri, yang menerima Kesepakatan Bersama yang sudah ditandatangani.",
    ),
    "child.opened": ("Its number is {number}.", "Nomornya {number}."),
    "council": ("The council, silent for 45 days", "DPRD, diam 45 hari"),
    "council.about": (
        "The cooperation burdens the budget, so the council is asked for its approval.",
        "Kerja sama ini membebani anggaran, jadi DPRD dimintai persetujuan.",
    ),
    "council.silent": (
        "The letter reached the council on 17 April. The law gives it 45 calendar days:",
        "Surat sampai di DPRD 17 April. Hukum memberinya 45 hari kalender:",
    ),
    "council.no-consequence": (
        "For the study the law sets fifteen days and no consequence: it is marked overdue, no more.",
        "Untuk kajian hukum menetapkan lima belas hari tanpa akibat: hanya ditandai lewat.",
    ),
    "council.deemed": (
        "Silence is approval (P22 ps 12(4)), effective on the due day, 1 June, whenever the sweep comes.",
        "Diam berarti setuju (P22 ps 12(4)), berlaku pada hari jatuh tempo, 1 Juni, kapan pun penyapuan"
        " datang.",
    ),
    "agreement": ("The cooperation agreement", "Perjanjian Kerja Sama"),
    "agreement.about": (
        "Here the head of an agency signs with a power of attorney, there the mayor; it lasts eighteen"
        " months.",
        "Di sini kepala dinas menandatangani dengan surat kuasa, di sana wali kota; berlaku delapan belas"
        " bulan.",
    ),
    "reports": ("Reports, one of them late", "Laporan, satu di antaranya terlambat"),
    "reports.about": (
        "Every semester a report is due within fourteen days. The first one does not come.",
        "Setiap semester laporan wajib dalam empat belas hari. Yang pertama tidak datang.",
    ),
    "reports.in-time": ("The next report is in time.", "Laporan berikutnya tepat waktu."),
    "reports.team": (
        "The cooperation team reports on the whole cooperation, in the case above.",
        "TKKSD melaporkan seluruh kerja sama, dalam kasus di atasnya.",
    ),
    "end": ("The end of the term", "Akhir masa berlaku"),
    "end.about": (
        "On 10 December 2027 the agreement ends. The sweep comes on the 13th; the end is of the 10th.",
        "Pada 10 Desember 2027 perjanjian berakhir. Penyapuan datang tanggal 13; akhirnya tetap tanggal 10.",
    ),
    "end.waits": (
        "The goal is reached and the cooperation ends; it waits for its last agreement to be closed.",
        "Tujuan tercapai dan kerja sama diakhiri; kasusnya menunggu perjanjian terakhir ditutup.",
    ),
    "ended": (
        "{number} has ended ({outcome}) after {entries} entries of history.",
        "{number} selesai ({outcome}) setelah {entries} entri riwayat.",
    ),
    "sequel": ("Your turn", "Giliran Anda"),
    "sequel.about": (
        "A second case, in real time: it waits for the secretariat to submit the letter of offer.",
        "Kasus kedua, dalam waktu nyata: menunggu sekretariat mengajukan surat penawaran.",
    ),
    "swept": ("The sweep runs on {day}:", "Penyapuan berjalan {day}:"),
    "overdue": ("OVERDUE: {name}, due {due} ({basis})", "TERLAMBAT: {name}, jatuh tempo {due} ({basis})"),
    "refused": ("Refused: {what}, asked by {who}", "Ditolak: {what}, diminta {who}"),
    "verified": ("Is the history whole?", "Apakah riwayatnya utuh?"),
    "next": ("What to try next", "Yang dapat dicoba"),
    "left": (
        "The database is {file}: {number} has ended, {waiting} waits.",
        "Basis datanya {file}: {number} selesai, {waiting} menunggu.",
    ),
    "try.cases": (
        "Every case, the agreement and the cooperation that it belongs to among them:",
        "Semua kasus, termasuk perjanjian dan kerja sama induknya:",
    ),
    "try.history": ("Everything that happened, with articles:", "Semua yang terjadi, dengan pasalnya:"),
    "try.as-of": (
        "The agreement as it was known on 10 May 2026, while the council was silent:",
        "Perjanjian seperti diketahui 10 Mei 2026, ketika DPRD diam:",
    ),
    "try.why": (
        "Why the secretariat may not cancel the proposal:",
        "Mengapa sekretariat tidak boleh membatalkan usulan:",
    ),
    "try.do": ("Go on with the second case:", "Lanjutkan kasus kedua:"),
    "try.open": ("Open another from the proposal file:", "Buka satu lagi dari file usulan:"),
    "try.verify": ("Verify the history yourself:", "Verifikasi sendiri riwayatnya:"),
    "try.doctor": ("Look at the installation and the database:", "Periksa pemasangan dan basis data:"),
}

register({f"cli.demo.{name}": {"en": en, "id": id_} for name, (en, id_) in _TEXTS.items()})
