"""Texts of the embedding API's errors."""

from __future__ import annotations

from workflow.locale import register

register(
    {
        "error.refused": {"en": "Refused.", "id": "Ditolak."},
        "error.case-not-found": {
            "en": "There is no case {case_id} here. 'kerjasama cases' lists those there are.",
            "id": "Tidak ada berkas {case_id} di sini. 'kerjasama cases' menampilkan yang ada.",
        },
        "error.definition-not-found": {
            "en": "{workflow} is not deployed; deployed are: {deployed}.",
            "id": "{workflow} belum digelar; yang digelar: {deployed}.",
        },
        "error.definition-rejected": {
            "en": "{file} was not deployed: {count} problem(s), the first: {first}",
            "id": "{file} tidak digelar: {count} masalah, yang pertama: {first}",
        },
        "error.fact-unknown": {
            "en": "This step reads the fact {fact} and nobody provides it."
            " Call engine.provide({fact!r}, provider) first.",
            "id": "Langkah ini membaca fakta {fact} dan tidak ada yang menyediakannya."
            " Panggil engine.provide({fact!r}, provider) lebih dulu.",
        },
        "error.provider-failed": {
            "en": "The provider of the fact {fact} failed: {detail}",
            "id": "Penyedia fakta {fact} gagal: {detail}",
        },
        "error.invalid-call": {"en": "{detail}", "id": "{detail}"},
        "refusal.not-administrator": {
            "en": "{actor} may not do this: the host gives no role 'administrator'.",
            "id": "{actor} tidak berwenang: sistem induk tidak memberinya peran 'administrator'.",
        },
    }
)
