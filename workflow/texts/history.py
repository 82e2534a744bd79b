"""Texts of history format 1: why a value cannot stand in history."""

from __future__ import annotations

from workflow.locale import register

register(
    {
        "not-canonical.at": {
            "id": "Nilai di {path} tidak dapat masuk riwayat: {problem}",
            "en": "The value at {path} cannot stand in history: {problem}",
        },
        "not-canonical.float": {
            "id": "{shown} adalah bilangan pecahan biner; tulis desimal sebagai teks dalam bentuk baku.",
            "en": "{shown} is a binary fraction; write decimals as text in normal form.",
        },
        "not-canonical.null": {
            "id": "nilai kosong (null) tidak ada dalam riwayat; hilangkan kuncinya.",
            "en": "there is no null in history; leave the key out.",
        },
        "not-canonical.empty": {
            "id": "objek atau daftar kosong tidak ada dalam riwayat; hilangkan kuncinya.",
            "en": "there are no empty objects or lists in history; leave the key out.",
        },
        "not-canonical.type": {
            "id": "riwayat tidak mengenal {shown}; yang ada: objek, daftar, teks, bilangan, benar/salah.",
            "en": "history has no type {shown}; it has objects, lists, text, integers and booleans.",
        },
        "not-canonical.key": {
            "id": "kunci {shown} bukan teks ASCII.",
            "en": "the key {shown} is not ASCII text.",
        },
        "not-canonical.integer": {
            "id": "{shown} melampaui 2^53-1; tulis nomor identitas dan bilangan besar sebagai teks.",
            "en": "{shown} is beyond 2^53-1; write identity numbers and large numbers as text.",
        },
        "not-canonical.nul": {
            "id": "teks memuat karakter NUL.",
            "en": "the text holds a NUL character.",
        },
        "not-canonical.surrogate": {
            "id": "teks memuat separuh pasangan surrogate, jadi bukan Unicode yang sah.",
            "en": "the text holds half a surrogate pair, so it is not valid Unicode.",
        },
        "not-canonical.nfc": {
            "id": "teks tidak dalam bentuk NFC; bawa ke NFC saat masukan diterima.",
            "en": "the text is not in NFC; bring it to NFC where it is taken in.",
        },
        "not-canonical.depth": {
            "id": "nilai bersarang lebih dari {shown} tingkat.",
            "en": "the value is nested more than {shown} levels deep.",
        },
        "not-canonical.decimal": {
            "id": "{shown} bukan desimal yang terhingga dengan paling banyak 1000 angka.",
            "en": "{shown} is not a finite decimal of at most 1000 digits.",
        },
        "not-canonical.json": {
            "id": "teks ini bukan JSON yang dapat dibaca: {shown}",
            "en": "the text is not JSON that can be read: {shown}",
        },
        "not-canonical.duplicate": {
            "id": "kunci {shown} tertulis dua kali.",
            "en": "the key {shown} is written twice.",
        },
        "not-canonical.bytes": {
            "id": "nilainya terbaca, tetapi teksnya bukan bentuk kanonik (RFC 8785).",
            "en": "the value can be read, but the text is not its canonical form (RFC 8785).",
        },
    }
)
