"""Texts of the walk from the tree of a file to its shape."""

from __future__ import annotations

from workflow.locale import register

register(
    {
        "reading.keys-here": {"en": "the keys here are: {names}", "id": "kunci di sini: {names}"},
        "shape.days": {"en": "a number of days such as '60 days'", "id": "jumlah hari seperti '60 days'"},
    }
)
