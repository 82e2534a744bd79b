"""Texts of the walk from the tree of a file to its shape."""

from __future__ import annotations

from workflow.locale import register

register(
    {
        "reading.keys-here": {"en": "the keys here are: {names}", "id": "kunci di sini: {names}"},
        "reading.unit-missing": {
            "en": "write the unit: '{days}', or '{working}'",
            "id": "tulis satuannya: '{days}' (hari kalender) atau '{working}' (hari kerja)",
        },
        "reading.blanks": {
            "en": "a name has no blanks: '{one}'; in a list, commas stand between names: '{several}'",
            "id": "nama ditulis tanpa spasi: '{one}'; dalam daftar, nama dipisahkan koma: '{several}'",
        },
        "shape.days": {"en": "a number of days such as '60 days'", "id": "jumlah hari seperti '60 days'"},
    }
)
