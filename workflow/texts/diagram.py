"""Texts of diagrams: guards in words, who may act, what clocks and duties say."""

from __future__ import annotations

from workflow.locale import register

_TEXTS = {
    # --- guards in words ---------------------------------------------------------------------------
    "and": ("{first} and {rest}", "{first} dan {rest}"),
    "or": ("{first} or {rest}", "{first} atau {rest}"),
    "is-true": ("{what}: yes", "{what}: ya"),
    "is-false": ("{what}: no", "{what}: tidak"),
    "not": ("not ({what})", "tidak ({what})"),
    "is-empty": ("{what} not given", "{what} belum ada"),
    "is-given": ("{what} given", "{what} sudah ada"),
    "in": ("{item} among {all}", "{item} termasuk {all}"),
    "not-in": ("{item} not among {all}", "{item} tidak termasuk {all}"),
    "document-there": ("{what} is there", "{what} sudah ada"),
    "document-missing": ("{what} is not there", "{what} belum ada"),
    "all-of": ("every one of {what}: {so}", "setiap {what}: {so}"),
    "any-of": ("one of {what}: {so}", "salah satu {what}: {so}"),
    "ended": ("has ended", "sudah selesai"),
    "not-ended": ("has not ended", "belum selesai"),
    "outcome": ("its outcome", "hasilnya"),
    "nothing": ("nothing", "kosong"),
    "count": ("number of {what}", "jumlah {what}"),
    "parties": ("parties", "pihak"),
    "documents": ("documents", "dokumen"),
    "today": ("today", "hari ini"),
    "in-state": ("in “{what}”", "dalam “{what}”"),
    "expired": ("“{what}” has passed", "“{what}” telah lewat"),
    "late": ("“{what}” is overdue", "“{what}” terlambat"),
    "if": ("if {what}", "jika {what}"),
    "and-if": ("{first} and {what}", "{first} dan {what}"),
    "else": ("otherwise", "selain itu"),
    # --- who ---------------------------------------------------------------------------------------
    "who-of": ("{role} ({side})", "{role} ({side})"),
    "by-child": ("when “{child}” ends", "ketika “{child}” berakhir"),
    "opens": ("opens a case of its own: {child}", "membuka kasus tersendiri: {child}"),
    "other-person": ("not whoever did: {what}", "bukan orang yang melakukan: {what}"),
    "consent-all": ("needs the yes of all parties", "perlu setuju semua pihak"),
    "consent-majority": ("needs the yes of most parties", "perlu setuju mayoritas pihak"),
    "consent-number": ("needs the yes of {n} parties", "perlu setuju {n} pihak"),
    "refused": ("if one says no", "jika ada yang menolak"),
    # --- clocks and duties -------------------------------------------------------------------------
    "within-since": ("{within} from: {since}", "{within} sejak: {since}"),
    "within-entry": ("{within} from entering", "{within} sejak masuk tahap ini"),
    "at": ("on: {what}", "pada: {what}"),
    "kind-contractual": ("by agreement", "menurut perjanjian"),
    "kind-target": ("target, not law", "target, bukan hukum"),
    "no-consequence": ("noted when passed, no more", "jika lewat dicatat, tanpa akibat lain"),
    "passed": ("when passed", "jika lewat"),
    "yearly": ("every {days}, within {within}", "tiap {days}, paling lambat {within}"),
    "every": ("every {every}, within {within}", "tiap {every}, paling lambat {within}"),
    "schedule": (
        "by the calendar “{cron}”, within {within}",
        "menurut jadwal “{cron}”, paling lambat {within}",
    ),
    "fulfilled": ("met by: {what}", "dipenuhi dengan: {what}"),
    # --- parts -------------------------------------------------------------------------------------
    "open": ("A case is opened", "Kasus dibuka"),
    "always": ("At once", "Langsung"),
    "done": ("When all of it is done", "Setelah semuanya selesai"),
    "done-one": ("When it is done", "Setelah selesai"),
    # --- a case ------------------------------------------------------------------------------------
    "clock-running": ("runs, due {due}", "berjalan, jatuh tempo {due}"),
    "clock-suspended": ("stopped for now, was due {due}", "berhenti sementara, semula jatuh tempo {due}"),
    "clock-ripe": (
        "due {due}, acts soon",
        "jatuh tempo {due}, berakibat sebentar lagi",
    ),
    "clock-overdue": ("overdue since {due}", "terlambat sejak {due}"),
    "clock-expired": ("passed on {due}", "lewat pada {due}"),
    "duty-open": ("of {on}: due {due}", "untuk {on}: jatuh tempo {due}"),
    "duty-overdue": ("of {on}: overdue since {due}", "untuk {on}: terlambat sejak {due}"),
}

register({f"diagram.{key}": {"en": en, "id": id_} for key, (en, id_) in _TEXTS.items()})
