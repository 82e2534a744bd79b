"""Texts of the refusals: what stands against it and what would help."""

from __future__ import annotations

from workflow.locale import register

register(
    {
        "refusal.reserved-actor": {
            "id": "Id pelaku “{actor}” dicadangkan bagi mesin; pakai id orang yang bertindak.",
            "en": "The actor id “{actor}” is reserved for the engine; use the id of the person who acts.",
        },
        "refusal.wrong-role": {
            "id": "{actor} tidak memegang peran yang diperlukan ({needed}); yang dipegang: {held}.",
            "en": "{actor} does not hold the role that this needs ({needed}); held: {held}.",
        },
        "refusal.wrong-role.as": {
            "id": "Peran “{as_role}” tidak berwenang di sini; yang berwenang: {needed}.",
            "en": "The role “{as_role}” may not do this; these may: {needed}.",
        },
        "refusal.wrong-role.record": {
            "id": "{actor} tidak memegang peran yang diperlukan ({needed}), tetapi dapat mencatatkannya:"
            " sebutkan as_role dan for_party.",
            "en": "{actor} does not hold the role that this needs ({needed}) but may record it for"
            " another: give as_role and for_party.",
        },
        "refusal.wrong-party": {
            "id": "Peran itu dipegang bagi “{party}”, bukan bagi pihak yang berwenang di kasus ini"
            " (pihak: {parties}; diperlukan: {needed}).",
            "en": "That role is held for “{party}”, which is not a party of this case that may do this"
            " (parties: {parties}; needed: {needed}).",
        },
        "refusal.wrong-party.member": {
            "id": "“{party}” bukan anggota persetujuan ini; anggotanya: {members}.",
            "en": "“{party}” is not a member of this consent; its members are {members}.",
        },
        "refusal.wrong-party.id": {
            "id": "“{party}” tidak dapat menjadi id pihak; pakai huruf, angka dan tanda ASCII, mis. “kukar”.",
            "en": "“{party}” cannot be the id of a party; use letters, digits and signs of ASCII: “kukar”.",
        },
        "refusal.wrong-party.twice": {
            "id": "Pihak “{party}” disebut lebih dari sekali.",
            "en": "The party “{party}” is given more than once.",
        },
        "refusal.wrong-party.side": {
            "id": "Pihak “{party}” diletakkan di sisi “{side}” yang tidak ada; sisi yang ada: {sides}.",
            "en": (
                "The party “{party}” is put on the side “{side}”, which does not exist; there are: {sides}."
            ),
        },
        "refusal.wrong-party.count": {
            "id": "Sisi “{side}” memerlukan {bounds} pihak, diberikan {size}.",
            "en": "The side “{side}” takes {bounds} parties, {size} given.",
        },
        "refusal.same-person": {
            "id": "{actor} sudah melakukan “{trigger}”; langkah ini harus dilakukan orang lain.",
            "en": "{actor} performed “{trigger}”; somebody else must do this.",
        },
        "refusal.not-enabled": {
            "id": "“{trigger}” tidak ada di keadaan ini ({state}). Yang dapat diminta di sini: {here}.",
            "en": "“{trigger}” cannot be asked for in this state ({state}). Possible here: {here}.",
        },
        "refusal.not-enabled.elsewhere": {
            "id": "“{trigger}” tidak dapat diminta di keadaan ini ({state}), tetapi di: {elsewhere}."
            " Yang dapat diminta di sini: {here}.",
            "en": "“{trigger}” cannot be asked for in this state ({state}) but in: {elsewhere}."
            " Possible here: {here}.",
        },
        "refusal.not-enabled.condition": {
            "id": "“{trigger}” belum dapat diminta karena syaratnya tidak terpenuhi: {when}."
            " Yang lain di sini: {here}.",
            "en": "“{trigger}” cannot be asked for now, since its condition does not hold: {when}."
            " Others here: {here}.",
        },
        "refusal.not-in-force": {
            "id": "Definisi “{workflow}” berlaku {from} sampai {until}; tanggal {on} di luarnya.",
            "en": "The definition “{workflow}” is in force from {from} until {until}; {on} lies outside.",
        },
        "refusal.ambiguous-trigger": {
            "id": "“{trigger}” ada di lebih dari satu tempat; sebutkan jalurnya: {paths}.",
            "en": "“{trigger}” stands in more than one place; ask by path: {paths}.",
        },
        "refusal.no-branch": {
            "id": (
                "Nilai yang diberikan untuk “{trigger}” tidak memenuhi cabang mana pun (yang dibaca:"
                " {fields})."
            ),
            "en": "What was given with “{trigger}” fulfils none of its branches (they read: {fields}).",
        },
        "refusal.missing-field": {
            "id": "Isian “{title}” ({field}) belum diberikan.",
            "en": "The field “{title}” ({field}) is missing.",
        },
        "refusal.invalid-field": {
            "id": "Isian “{title}” ({field}) tidak sah: {why}",
            "en": "The field “{title}” ({field}) is not valid: {why}",
        },
        "refusal.invalid-field.year": {
            "id": "tanggal {on} di luar tahun {first} sampai {last}.",
            "en": "the date {on} lies outside the years {first} to {last}.",
        },
        "refusal.invalid-field.party": {
            "id": "“{party}” bukan pihak kasus ini.",
            "en": "“{party}” is not a party of this case.",
        },
        "refusal.invalid-field.no-party": {
            "id": (
                "isian ini milik masing-masing pihak; beri nilai per pihak, atau bertindaklah bagi satu"
                " pihak."
            ),
            "en": "this field belongs to each party; give a value by party, or act for one of them.",
        },
        "refusal.invalid-field.emptied": {
            "id": "perbaikan memberi nilai lain; isian tidak dapat dikosongkan.",
            "en": "a correction gives another value; it cannot empty a field.",
        },
        "refusal.invalid-field.unexpected": {
            "id": "“{trigger}” tidak menerima isian “{field}”; yang diterima: {allowed}.",
            "en": "“{trigger}” does not take the field “{field}”; it takes: {allowed}.",
        },
        "refusal.invalid-field.unexpected.nearest": {
            "id": "“{trigger}” tidak menerima isian “{field}”; maksudnya “{nearest}”?",
            "en": "“{trigger}” does not take the field “{field}”; did you mean “{nearest}”?",
        },
        "refusal.unwritable-text": {
            "id": "Teks {names} memuat tanda yang tidak dapat disimpan (NUL atau setengah tanda).",
            "en": "The text {names} holds characters that history cannot keep (NUL or half a character).",
        },
        "refusal.missing-document": {
            "id": "Dokumen “{title}” ({document}) harus dilampirkan.",
            "en": "The document “{title}” ({document}) must be attached.",
        },
        "refusal.missing-document.present": {
            "id": "Dokumen “{title}” ({document}) harus sudah ada di kasus.",
            "en": "The document “{title}” ({document}) must be in the case already.",
        },
        "refusal.missing-document.about": {
            "id": "Dokumen “{document}”, yang disetujui di sini, belum ada di kasus.",
            "en": "The document “{document}”, which this consent is about, is not in the case.",
        },
        "refusal.document-unexpected": {
            "id": "“{trigger}” tidak menerima dokumen “{document}”; yang diterima: {allowed}.",
            "en": "“{trigger}” does not take the document “{document}”; it takes: {allowed}.",
        },
        "refusal.document-unexpected.nearest": {
            "id": "“{trigger}” tidak menerima dokumen “{document}”; maksudnya “{nearest}”?",
            "en": "“{trigger}” does not take the document “{document}”; did you mean “{nearest}”?",
        },
        "refusal.document-media": {
            "id": "Dokumen “{document}” berjenis {media}; yang diterima: {allowed}.",
            "en": "The document “{document}” is of type {media}; accepted: {allowed}.",
        },
        "refusal.document-too-early": {
            "id": "Lampiran ({documents}) diberikan bersama suara terakhir, bukan sebelumnya.",
            "en": "Attachments ({documents}) come with the last vote, not before it.",
        },
        "refusal.missing-reason": {
            "id": "“{trigger}” memerlukan alasan.",
            "en": "“{trigger}” needs a reason.",
        },
        "refusal.rule-failed": {"id": "{message} (aturan {rule})", "en": "{message} (rule {rule})"},
        "refusal.already-consented": {
            "id": "“{party}” sudah memberi suara ({vote}); untuk mengubahnya tarik dulu ({withdraw}).",
            "en": "“{party}” has voted already ({vote}); to change it, withdraw first ({withdraw}).",
        },
        "refusal.nothing-to-withdraw": {
            "id": "“{party}” belum memberi suara, tidak ada yang dapat ditarik.",
            "en": "“{party}” has not voted; there is nothing to withdraw.",
        },
        "refusal.differing-consent": {
            "id": (
                "Nilai yang diberikan berbeda dari yang disetujui “{other}”; semua suara harus atas isi"
                " yang sama."
            ),
            "en": (
                "The values given differ from those that “{other}” agreed to; all votes must be about"
                " the same."
            ),
        },
        "refusal.clock-already-acted": {
            "id": "Tanggal {on} tidak lebih akhir dari {last}, saat tenggat sudah berakibat menurut hukum."
            " Yang sudah terjadi tidak diputar balik; catat koreksi dengan wewenangnya.",
            "en": "{on} is not after {last}, the day on which a deadline took effect by law. What happened"
            " is not rewound; record a correction under its own authority.",
        },
        "refusal.effective-in-future": {
            "id": "Tanggal {on} lebih akhir dari hari ini ({today}).",
            "en": "{on} is later than today ({today}).",
        },
        "refusal.effective-before-last-step": {
            "id": "Tanggal {on} mendahului langkah terakhir ({last}).",
            "en": "{on} is before the last step ({last}).",
        },
        "refusal.child-open": {
            "id": "Kasus {number} tidak dapat berakhir selama kasus turunannya berjalan: {children}.",
            "en": "The case {number} cannot end while its child cases go on: {children}.",
        },
        "refusal.child-open.max": {
            "id": "Paling banyak {most} kasus turunan “{name}” boleh berjalan; yang berjalan: {children}.",
            "en": "At most {most} child cases “{name}” may be open; open are: {children}.",
        },
        "refusal.child-not-opened": {
            "id": "Kasus turunan “{name}” ({workflow}) tidak dapat dibuka: {why}",
            "en": "The child case “{name}” ({workflow}) cannot be opened: {why}",
        },
        "refusal.only-by-parent": {
            "id": "Kasus “{workflow}” hanya dibuka oleh kasus induknya:"
            " mintalah di sana langkah yang membukanya.",
            "en": "A case of “{workflow}” is only opened by its parent case:"
            " ask there for the step that opens it.",
        },
        "refusal.not-by-parent": {
            "id": "Kasus “{workflow}” tidak dibuka oleh kasus lain (open: by: parent).",
            "en": "A case of “{workflow}” is not opened by another case (open: by: parent).",
        },
        "refusal.case-closed": {
            "id": "Kasus {number} sudah ditutup pada {closed_on} ({outcome}).",
            "en": "The case {number} was closed on {closed_on} ({outcome}).",
        },
        "refusal.stale-case": {
            "id": (
                "Kasus sudah berubah: Anda melihat revisi {expected}, sekarang {revision}. Muat ulang"
                " dan putuskan lagi."
            ),
            "en": (
                "The case has changed: you saw revision {expected}, it is now {revision}. Reload and"
                " decide again."
            ),
        },
        "refusal.idempotency-mismatch": {
            "id": "Permintaan “{request}” sudah dipakai untuk isi yang lain.",
            "en": "The request id “{request}” was used before with other content.",
        },
        "refusal.missing-mandate": {
            "id": "Peran “{role}” bagi “{party}” hanya dapat dijalankan dengan kuasa yang berlaku pada {on}.",
            "en": "The role “{role}” for “{party}” is held under a mandate only, valid on {on}.",
        },
        "refusal.case-suspended": {
            "id": "Kasus ditangguhkan sejak {since}; lanjutkan dulu.",
            "en": "The case is suspended since {since}; resume it first.",
        },
        "refusal.not-suspended": {
            "id": "Kasus ini tidak sedang ditangguhkan.",
            "en": "The case is not suspended.",
        },
        "refusal.suspension-spent": {
            "id": "Penangguhan sudah memakai {days} hari dari paling lama {most}.",
            "en": "Suspensions have taken {days} days of at most {most}.",
        },
        "refusal.no-power": {
            "id": "Definisi ini tidak mengenal {act} (kunci “{key}”), jadi tidak seorang pun berwenang.",
            "en": "This definition knows no {act} (key “{key}”), so nobody may.",
        },
        "refusal.not-extensible": {
            "id": "“{deadline}” bukan tenggat berjalan yang dapat diperpanjang; yang dapat: {possible}.",
            "en": "“{deadline}” is no running deadline that may be extended; these may: {possible}.",
        },
        "refusal.extension-too-long": {
            "id": "Tenggat “{deadline}” dapat diperpanjang paling lama {most}; sudah diberikan: {given}.",
            "en": "The deadline “{deadline}” may be extended by {most} at most; given so far: {given}.",
        },
        "refusal.nothing-corrected": {
            "id": "Tidak ada isian yang berubah; yang dapat dikoreksi: {allowed}.",
            "en": "No field changes; these may be corrected: {allowed}.",
        },
        "refusal.nothing-attached": {
            "id": "Tidak ada dokumen; yang dapat dilampirkan: {allowed}.",
            "en": "No document is given; these may be attached: {allowed}.",
        },
        "act.suspend": {"id": "penangguhan", "en": "suspension"},
        "act.resume": {"id": "penangguhan", "en": "suspension"},
        "act.extend": {"id": "perpanjangan tenggat", "en": "extension"},
        "act.correct": {"id": "koreksi", "en": "correction"},
        "act.attach": {"id": "lampiran di luar langkah", "en": "attachment"},
    }
)
