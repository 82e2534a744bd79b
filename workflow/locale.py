"""Text for people, in Indonesian and English.

Owns `Message` and the catalogue. Each area keeps its texts in a module of its own under
``workflow/texts`` or ``engine/texts`` and registers them here at import. A message is data until it
is rendered, so that one and the same diagnostic or refusal can be shown in either language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LANGUAGES = ("id", "en")

_catalogue: dict[str, Mapping[str, str]] = {}


def register(texts: Mapping[str, Mapping[str, str]]) -> None:
    """Add texts: key → language → `str.format` template. Both languages are required."""
    for key, by_language in texts.items():
        if missing := [lang for lang in LANGUAGES if lang not in by_language]:
            raise ValueError(f"text {key!r} lacks language {', '.join(missing)}")
        if key in _catalogue and _catalogue[key] != by_language:
            raise ValueError(f"text {key!r} is registered twice")
        _catalogue[key] = by_language


@dataclass(frozen=True, slots=True)
class Message:
    """A text by key with its parameters.

    Parameters that are themselves messages or labels (anything with ``text(language)``) are rendered
    in the same language.
    """

    key: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def text(self, language: str = "en") -> str:
        """Render in ``language`` (``id`` or ``en``)."""
        values = {
            name: value.text(language) if hasattr(value, "text") else value
            for name, value in self.params.items()
        }
        return _catalogue[self.key][language].format(**values)

    def __str__(self) -> str:
        return self.text("en")
