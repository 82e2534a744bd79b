"""Words of the renderers of diagnostics."""

from __future__ import annotations

from workflow.locale import register

register(
    {
        "renderer.error": {"en": "error", "id": "kesalahan"},
        "renderer.error.many": {"en": "errors", "id": "kesalahan"},
        "renderer.warning": {"en": "warning", "id": "peringatan"},
        "renderer.warning.many": {"en": "warnings", "id": "peringatan"},
        "renderer.note": {"en": "note", "id": "catatan"},
        "renderer.note.many": {"en": "notes", "id": "catatan"},
        "renderer.file": {"en": "file", "id": "berkas"},
        "renderer.file.many": {"en": "files", "id": "berkas"},
        "renderer.help": {"en": "help", "id": "saran"},
        "renderer.in": {"en": "in", "id": "dalam"},
        "renderer.none": {"en": "no problems found", "id": "tidak ada masalah"},
    }
)
