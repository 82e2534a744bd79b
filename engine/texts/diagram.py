"""Texts of drawn processes: heading, legend, what a screen reader says."""

from __future__ import annotations

from workflow.locale import register

_TEXTS = {
    "version": ("{workflow}, version {version}", "{workflow}, versi {version}"),
    "basis": ("under {basis}", "menurut {basis}"),
    "in-force": ("in force from {day}", "berlaku sejak {day}"),
    "digest": ("digest {digest}", "sidik {digest}"),
    "continued": ("(continued)", "(lanjutan)"),
    "side-by-side": ("all of this goes on at the same time", "semua ini berjalan bersamaan"),
    "ends": ("How a case ends", "Akhir kasus"),
    "here": ("THE CASE STANDS HERE since {day}", "KASUS BERADA DI SINI sejak {day}"),
    "entered": ("entered {days}", "masuk {days}"),
    # --- the case ----------------------------------------------------------------------------------
    "case": ("Case {number}", "Kasus {number}"),
    "opened": ("opened {day}", "dibuka {day}"),
    "closed": ("ended {day}: {outcome}", "berakhir {day}: {outcome}"),
    "stands": ("stands in {where}", "berada di {where}"),
    "late": ("overdue: {what}", "terlambat: {what}"),
    # --- decisions ----------------------------------------------------------------------------------
    "decisions": (
        "Decided where the law contradicts itself or is silent",
        "Keputusan ketika hukum bertentangan atau tidak mengatur",
    ),
    "chosen": ("Decided", "Diputuskan"),
    # --- signs -------------------------------------------------------------------------------------
    "sign-number": ("number of a state; where it is named, an arrow goes there", "nomor tahap; tujuan panah"),
    "sign-open": ("starts here", "mulai di sini"),
    "sign-act": ("act: who may do it, on which article", "tindakan: siapa yang boleh, pasal mana"),
    "sign-consent": ("consent of several", "persetujuan beberapa pihak"),
    "sign-clock": (
        "time limit; bar broken: no law behind it",
        "tenggat; garis putus: bukan dari hukum",
    ),
    "sign-duty": ("recurring duty", "kewajiban berkala"),
    "sign-automatic": ("goes on by itself", "berlanjut sendiri"),
    "sign-line": ("by an act", "karena tindakan"),
    "sign-dashed": ("by time, or by itself", "karena waktu, atau sendiri"),
    "sign-end": ("end", "akhir"),
    "sign-here": ("the case stands here", "kasus berada di sini"),
    "sign-check": ("done on that day", "dilakukan pada hari itu"),
    "sign-taken": ("way of the case", "jalan kasus"),
    "sign-late": ("overdue", "terlambat"),
    # --- for who cannot see it ---------------------------------------------------------------------
    "told-phase": ("{number} {title}, leads to: {ways}.", "{number} {title}, menuju: {ways}."),
    "told-end": ("End: {title}.", "Akhir: {title}."),
    "told-case": ("Case {number} stands in: {here}.", "Kasus {number} berada di: {here}."),
}

register({f"drawing.{key}": {"en": en, "id": id_} for key, (en, id_) in _TEXTS.items()})

register(
    {
        "cli.diagram.written": {"en": "{file} written", "id": "{file} ditulis"},
        "cli.problem.unwritable": {
            "en": "{file} cannot be written: {why}",
            "id": "{file} tidak dapat ditulis: {why}",
        },
        "cli.problem.diagram-of-what": {
            "en": "Name a file, a shipped definition such as ksdd, or a case with --case.",
            "id": "Sebutkan file, definisi bawaan seperti ksdd, atau kasus dengan --case.",
        },
        "cli.problem.diagram-case-as-file": {
            "en": "{number} is a case, not a file: write --case {number}.",
            "id": "{number} adalah kasus, bukan file: tulis --case {number}.",
        },
        "cli.problem.diagram-other-version": {
            "en": "{file} is not what case {number} runs on: it is {asked}, the case runs on {runs_on}, or"
            " the same version with other content. Leave the file out.",
            "id": "{file} bukan definisi kasus {number}: file itu {asked}, kasus berjalan dengan {runs_on},"
            " atau versi yang sama dengan isi lain. Jangan sebutkan file.",
        },
    }
)
