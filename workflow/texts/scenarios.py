"""Texts of scenario files: what may be wrong with one, and how it differs from what came of it."""

from __future__ import annotations

import workflow.texts.loading  # noqa: F401  (registers the codes that have variants here)
from workflow.locale import register
from workflow.source.diagnostics import codes

_FILES = {
    "unknown-actor": {
        "about": "An actor that is not declared under 'actors'.",
        "en": "there is no actor '{name}'",
        "id": "tidak ada pelaku '{name}'",
    },
    "unknown-workflow": {
        "about": "A workflow that none of the files under 'scenarios_for' holds.",
        "en": "there is no workflow '{name}' in the files under 'scenarios_for'",
        "id": "tidak ada alur kerja '{name}' dalam file di 'scenarios_for'",
    },
    "unknown-case": {
        "about": "A case that no step before has opened.",
        "en": "no step before opens a case '{name}'",
        "id": "tidak ada langkah sebelumnya yang membuka kasus '{name}'",
    },
    "unknown-case.none": {
        "en": "no step before opens the case of this scenario",
        "id": "tidak ada langkah sebelumnya yang membuka kasus skenario ini",
        "help": "begin with 'open: WORKFLOW', go on 'from' a mark, or name a 'case'",
        "help_id": "mulailah dengan 'open: ALUR', lanjutkan dari penanda ('from'), atau sebutkan 'case'",
    },
    "unknown-clock": {
        "about": "A deadline or obligation that does not exist.",
        "en": "there is no clock '{name}'",
        "id": "tidak ada tenggat atau kewajiban '{name}'",
    },
    "unknown-message": {
        "about": "An event or reminder that nothing sends.",
        "en": "nothing sends '{name}'",
        "id": "tidak ada yang mengirim '{name}'",
    },
    "unknown-outcome": {
        "about": "An outcome with which no case ends.",
        "en": "no case ends as '{name}'",
        "id": "tidak ada kasus yang berakhir sebagai '{name}'",
    },
    "unknown-scenario": {
        "about": "A scenario or mark to go on from that does not exist.",
        "en": "there is no scenario '{name}'",
        "id": "tidak ada skenario '{name}'",
    },
    "unknown-scenario.mark": {
        "en": "the scenario '{scenario}' has no mark '{name}'",
        "id": "skenario '{scenario}' tidak mempunyai penanda '{name}'",
    },
    "unknown-party.id": {
        "en": "there is no party '{name}' under 'parties'",
        "id": "tidak ada pihak '{name}' di 'parties'",
    },
    "unknown-field.several": {
        "en": "several fields are called '{name}'",
        "id": "beberapa isian bernama '{name}'",
        "help": "write more of the path: {names}",
        "help_id": "tulis jalurnya lebih lengkap: {names}",
    },
    "scenario-circle": {
        "about": "Scenarios that go on from each other in a circle.",
        "en": "these scenarios go on from each other: {names}",
        "id": "skenario-skenario ini saling melanjutkan: {names}",
        "help": "let one of them begin with a step that opens a case",
        "help_id": "biarkan salah satunya mulai dengan langkah yang membuka kasus",
    },
    "scenario-time": {
        "about": "A step on a day before that of the step before it.",
        "en": "{on} is before {before}, the day of the step before",
        "id": "{on} sebelum {before}, hari langkah sebelumnya",
        "help": "time only goes on; for something that is recorded late give 'effective_on'",
        "help_id": "waktu hanya maju; untuk yang dicatat terlambat berikan 'effective_on'",
    },
    "opens-nothing": {
        "about": "A name for a case that the act does not open.",
        "en": "'{name}' opens no case",
        "id": "'{name}' tidak membuka kasus",
    },
    "value-unfit": {
        "about": "A value that its field does not take.",
        "en": "this value does not fit: {why}",
        "id": "nilai ini tidak cocok: {why}",
        "help": "to show that it is refused, say so: 'refused: invalid-field'",
        "help_id": "untuk menunjukkan bahwa ini ditolak, sebutkan: 'refused: invalid-field'",
    },
    "name-twice.case": {
        "en": "this scenario has opened its case already",
        "id": "skenario ini sudah membuka kasusnya",
        "help": "give the other one a name: 'case: NAME'",
        "help_id": "beri nama pada yang lain: 'case: NAMA'",
    },
}

codes(_FILES)

register(
    {
        "shape.party": {
            "en": "the id of a party (printable ASCII)",
            "id": "id pihak (ASCII yang dapat dicetak)",
        },
        "shape.mark": {"en": "scenario.mark", "id": "skenario.penanda"},
        "scenario.act.open": {"en": "{who} opens {workflow}", "id": "{who} membuka {workflow}"},
        "scenario.act.does": {"en": "{who} does {trigger}", "id": "{who} melakukan {trigger}"},
        "scenario.act.suspend": {"en": "{who} suspends the case", "id": "{who} menangguhkan kasus"},
        "scenario.act.resume": {"en": "{who} resumes the case", "id": "{who} melanjutkan kasus"},
        "scenario.act.extend": {"en": "{who} extends {names}", "id": "{who} memperpanjang {names}"},
        "scenario.act.correct": {"en": "{who} corrects {names}", "id": "{who} membetulkan {names}"},
        "scenario.act.attach": {"en": "{who} attaches {names}", "id": "{who} melampirkan {names}"},
        "scenario.act.wait": {"en": "wait until {on}", "id": "tunggu sampai {on}"},
        "scenario.act.look": {"en": "look", "id": "lihat"},
        "scenario.act.in-case": {"en": "{act} (case {case})", "id": "{act} (kasus {case})"},
        "scenario.accepted": {"en": "accepted", "id": "diterima"},
        "scenario.refused": {"en": "refused: {what}", "id": "ditolak: {what}"},
        "scenario.at-mark": {
            "en": "the state at {mark}",
            "id": "keadaan pada {mark}",
        },
        "scenario.not-there": {
            "en": "{scenario} does not come so far",
            "id": "{scenario} tidak sampai ke sana",
        },
        "scenario.facts": {"en": "no facts needed", "id": "tidak perlu fakta"},
        "scenario.facts-needed": {
            "en": "a guard or rule asks for {names}: answer under 'facts'",
            "id": "sebuah syarat atau aturan menanyakan {names}: jawab di 'facts'",
        },
        "scenario.defect": {"en": "no defect", "id": "tidak ada cacat"},
        "scenario.defect-found": {"en": "a defect: {what}", "id": "cacat: {what}"},
        "scenario.value": {"en": "{key}: {value}", "id": "{key}: {value}"},
        "scenario.of": {"en": "{key} {name}: {value}", "id": "{key} {name}: {value}"},
        "scenario.nothing": {"en": "nothing", "id": "tidak ada"},
        "scenario.several": {
            "en": "several clocks of that name, write more of the path: {names}",
            "id": "beberapa tenggat bernama itu, tulis jalurnya lebih lengkap: {names}",
        },
        "scenario.not-opened": {
            "en": "{count} opened",
            "id": "{count} dibuka",
        },
    }
)
