"""How articles of a law are cited: ``P22 ps 12(4)``, ``PP28 ps 10-11``.

Owns the form of a citation. Which laws there are, and how many articles they have, is
``workflow.loading.catalogues``. Called by whatever reads a ``basis``.

Source: LANGUAGE, "Text".
"""

from __future__ import annotations

import re

_ARTICLE = r"(?:\((?P<{0}paragraph>[1-9][0-9]?)\))?(?P<{0}letter>[a-z]?)"
_CITATION = re.compile(
    rf"(?P<law>[A-Z][A-Z0-9_]*) ps (?P<article>[1-9][0-9]{{0,3}})[A-Z]?{_ARTICLE.format('')}"
    rf"(?:-(?=.)(?P<last_article>(?:[1-9][0-9]{{0,3}}[A-Z]?)?){_ARTICLE.format('last_')})?"
)


def citation(text: str) -> re.Match[str] | None:
    """Return the parts of a citation: ``law article paragraph letter``, and ``last_…`` of a range.

    ``None`` where the text is no citation.
    """
    return _CITATION.fullmatch(text)


def problem(text: str) -> str | None:
    """Return what is wrong with the form of a citation: the key of a text; ``None`` if nothing is.

    Example:
        >>> problem("P22 ps 12(4)"), problem("P22 pasal 12"), problem("P22 ps 12-7")
        (None, 'basis-syntax', 'basis-syntax.range')
    """
    found = citation(text)
    if found is None:
        return "basis-syntax"
    return None if _goes_forward(found) else "basis-syntax.range"


def number_of(text: str | None) -> int:
    """Return the number of an article or paragraph, 0 where there is none."""
    return int((text or "").rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") or 0)


def _goes_forward(found: re.Match[str]) -> bool:
    """Whether the last of a range comes after the first: an article, a paragraph, or a letter."""
    if found["last_article"]:
        return number_of(found["last_article"]) > number_of(found["article"])
    if found["last_paragraph"]:
        return number_of(found["last_paragraph"]) > number_of(found["paragraph"])
    return not found["last_letter"] or found["last_letter"] > (found["letter"] or "z")
