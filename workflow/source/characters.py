"""What single characters may do to a reader: hide, reorder, imitate.

Owns the classes of characters that a definition may not contain, the table of look-alikes, and
`visible`, by which text from a file is shown without being able to forge what is around it. Reads
and refuses nothing itself: `text` and `diagnostics` call it.
"""

from __future__ import annotations

import re
import unicodedata

BREAK = re.compile(r"\r\n|\r|\n")
"""A line break as editors and YAML 1.2 count it; the others of YAML 1.1 are forbidden characters."""

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_CONTROL = "\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufdd0-\ufdef\ufffe\uffff" + "".join(
    f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17)
)

FORBIDDEN = re.compile(
    f"(?P<nul>\0)|(?P<bidi>[{_BIDI}])|(?P<invisible>[{_INVISIBLE}])"
    f"|(?P<surrogate>[\ud800-\udfff])|(?P<control>[{_CONTROL}])"
)
"""Characters that may stand nowhere in a definition; the group that matched says of which sort.

Not among them are the joiners U+200C and U+200D, which Balinese and Javanese text needs; a key may
not contain them (`JOINER`).
"""

JOINER = re.compile("[\u200c\u200d]")

ODD_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""Spaces that look like a space and are none to YAML, for use inside a character class."""

# Letter → the letters of Cyrillic, Greek, Armenian and phonetic Latin, the dashes and the low lines that
# are drawn like it in common fonts (a part of Unicode's confusables.txt); full-width and mathematical
# letters are resolved by NFKD instead.
_DRAWN_LIKE = {
    "a": "\u0251\u03b1\u0430",
    "b": "\u0432",
    "c": "\u03f2\u0441\u1d04",
    "d": "\u0501",
    "e": "\u0435",
    "g": "\u0261\u0581",
    "h": "\u04bb\u0570",
    "i": "\u0131\u0269\u03b9\u0456",
    "j": "\u03f3\u0458",
    "k": "\u03ba\u043a",
    "l": "\u04cf",
    "m": "\u043c",
    "n": "\u043f\u0578",
    "o": "\u03bf\u043e\u0585\u1d0f",
    "p": "\u03c1\u0440",
    "q": "\u051b\u0563\u0566",
    "r": "\u0433",
    "s": "\u0455",
    "t": "\u03c4\u0442",
    "u": "\u03c5\u057d",
    "v": "\u028b\u03bd\u0475\u1d20",
    "w": "\u03c9\u051d\u0561\u1d21",
    "x": "\u03c7\u0445",
    "y": "\u03b3\u0443",
    "z": "\u1d22",
    "!": "\u01c3",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2cb8\ufe58",
    ".": "\u2024\ua4f8",
    "A": "\u0391\u0410",
    "B": "\u0392\u0412",
    "C": "\u0421",
    "E": "\u0395\u0415",
    "H": "\u0397\u041d",
    "I": "\u0399\u0406",
    "J": "\u0408",
    "K": "\u039a\u041a",
    "M": "\u039c\u041c",
    "N": "\u039d",
    "O": "\u039f\u041e",
    "P": "\u03a1\u0420",
    "S": "\u0405",
    "T": "\u03a4\u0422",
    "X": "\u03a7\u0425",
    "Y": "\u03a5\u0423",
    "Z": "\u0396",
    "_": "\u02cd\u203f",
}
_LOOKALIKES = {ord(twin): letter for letter, twins in _DRAWN_LIKE.items() for twin in twins}


def lookalike(word: str) -> str | None:
    r"""Return the ASCII word that ``word`` looks like, or None where it is ASCII or looks like none.

    Example:
        >>> lookalike("st\u0430tes")
        'states'
        >>> lookalike("states") is None
        True
    """
    if word.isascii():
        return None
    bare = JOINER.sub("", FORBIDDEN.sub("", word))
    parts = unicodedata.normalize("NFKD", bare.translate(_LOOKALIKES)).translate(_LOOKALIKES)
    plain = "".join(char for char in parts if not unicodedata.combining(char))
    return plain if plain and plain.isascii() else None


def name_of(char: str) -> str:
    """Name a character as people look it up: ``U+202E RIGHT-TO-LEFT OVERRIDE``."""
    return f"U+{ord(char):04X} {unicodedata.name(char, '')}".rstrip()


_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def visible(text: str) -> str:
    """Return ``text`` with every character that is unseen, or moves others, written as ``<U+XXXX>``.

    Example:
        >>> visible("sta\u202etes")
        'sta<U+202E>tes'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(char) for char in text)


def _shown(char: str) -> str:
    if char == " " or (char.isascii() and char.isprintable()):
        return char
    category = unicodedata.category(char)
    # A space other than the ordinary one is shown too: it is usually what the finding is about.
    if category in _HIDDEN_CATEGORIES or category == "Zs" or FORBIDDEN.match(char):
        return f"<U+{ord(char):04X}>"
    return char


def width(text: str) -> int:
    """Count the columns of a terminal that ``text`` (already `visible`) takes."""
    if text.isascii():
        return len(text)
    return sum(_width(char) for char in text)


def _width(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1
