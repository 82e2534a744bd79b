"""History format 1: the restricted model, its canonical bytes, and every hash over them.

Owns what can never change: which values may stand in history, the bytes that are hashed (RFC 8785
of that model), the hash of an entry, commitments, digests, the normal form of decimals and text,
and the RFC 9162 tree root. Must not know what an entry means. Called by whatever writes or verifies
history: ``inputs``, ``sealing``, ``loading``, ``calendars``, ``replay`` and the ledger.

Source: HISTORY-FORMAT; RFC 8785; RFC 9162 section 2.1.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from hashlib import sha256
from typing import Any, ClassVar, NoReturn
from unicodedata import is_normalized, normalize

import workflow.texts.history  # noqa: F401  (registers the texts of NotCanonical)
from workflow.definition import Json
from workflow.errors import WorkflowError
from workflow.locale import Message

ZERO = "0" * 64
"""``prev`` of the first entry of a case."""

DEFINITION_PREFIX = "kerjasama/definition/1"
CALENDAR_PREFIX = "kerjasama/calendar/1"
COMMITMENT_PREFIX = "kerjasama/commit/1"

SALT_BYTES = 32
MAX_INTEGER = 2**53 - 1
MAX_DEPTH = 64
MAX_DIGITS = 1000


class NotCanonical(WorkflowError):  # says what it is, as Refused and StaleCase do
    """A value or a text is outside the model of history format 1.

    Attributes:
        problem: What is wrong: ``float null empty type key integer nul surrogate nfc depth decimal
            json duplicate bytes``.
        path: Where, from the outermost value: ``$.changes.judul.new``, ``$.clocks[0].within``.
        shown: The offending value as far as the message needs it.
    """

    code: ClassVar[str] = "not-canonical"

    def __init__(self, *, problem: str, path: str = "$", shown: str = "") -> None:
        self.problem = problem
        self.path = path
        self.shown = shown
        super().__init__(self.message.text("en"))

    @property
    def message(self) -> Message:
        """The message for people, in both languages."""
        detail = Message(f"not-canonical.{self.problem}", {"shown": self.shown})
        return Message("not-canonical.at", {"path": self.path, "problem": detail})

    def __reduce__(self) -> tuple[Any, ...]:
        return _not_canonical, (self.problem, self.path, self.shown)


def _not_canonical(problem: str, path: str, shown: str) -> NotCanonical:
    return NotCanonical(problem=problem, path=path, shown=shown)


# --- bytes ---------------------------------------------------------------------------------------

# Built once: `json.dumps` with arguments builds an encoder for every call. With ASCII keys Python's
# order of keys is RFC 8785's order of UTF-16 code units.
# `_fits` bounds the depth, so the encoder need not look for circles.
_write = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), check_circular=False
).encode


def canonical(value: Json) -> bytes:
    r"""Write a value of the restricted model as its canonical bytes (UTF-8).

    Tuples are written as lists and ``str`` subclasses (enums) as their text. Text must already be
    in NFC: it is brought there where it is taken in (`normal_text`), never silently here.

    Raises:
        NotCanonical: The value is outside the model; ``path`` names the offending place.

    Example:
        >>> canonical({"b": ["ü", True], "a": 1})
        b'{"a":1,"b":["\xc3\xbc",true]}'
    """
    return canonical_text(value).encode()


def canonical_text(value: Json) -> str:
    """Return the canonical form as text, as it is stored; see `canonical`."""
    if not _fits(value, 0):
        _refuse(value)
    text = _write(value)
    # One look at the whole text instead of one at every string. It may only err on the careful
    # side: an escape such as \n followed by a combining mark looks as if it were not NFC.
    if "\\u0000" not in text and (text.isascii() or _is_plain(value, text)):
        return text
    if _find(value, "$", 0) is not None:
        _refuse(value)
    return text


def _fits(value: Any, depth: int) -> bool:
    """Whether types, sizes and emptiness fit the model; texts are looked at as a whole later."""
    kind = type(value)
    if kind is dict:
        for key in value:
            if type(key) is not str:
                return False
        inside = value.values()
    elif kind is list or kind is tuple:
        inside = value
    elif kind is int:
        return bool(-MAX_INTEGER <= value <= MAX_INTEGER)
    else:
        return kind is bool or isinstance(value, str)
    if not value or depth >= MAX_DEPTH:
        return False
    for inner in inside:  # noqa: SIM110  # a generator costs a third more, at every command
        if type(inner) is not str and not _fits(inner, depth + 1):
            return False
    return True


def _is_plain(value: object, text: str) -> bool:
    return is_normalized("NFC", text) and _is_encodable(text) and _has_ascii_keys(value)


def _has_ascii_keys(value: object) -> bool:
    if isinstance(value, dict):
        return all(key.isascii() and _has_ascii_keys(inner) for key, inner in value.items())
    if isinstance(value, list | tuple):
        return all(map(_has_ascii_keys, value))
    return True


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refuse(value: object) -> NoReturn:
    found = _find(value, "$", 0)
    if found is None:
        raise AssertionError("refused although nothing is wrong: the two walks disagree")
    problem, path, shown = found
    raise NotCanonical(problem=problem, path=path, shown=shown)


def _find(value: object, path: str, depth: int) -> tuple[str, str, str] | None:
    """Find the first thing outside the model: problem, path, shown."""
    if type(value) not in (dict, list, tuple):
        problem, shown = _scalar_problem(value)
        return (problem, path, shown) if problem else None
    if not value:
        return "empty", path, ""
    if depth >= MAX_DEPTH:
        return "depth", path, str(MAX_DEPTH)
    return _find_inside(value, path, depth)


def _find_inside(value: Any, path: str, depth: int) -> tuple[str, str, str] | None:
    if isinstance(value, dict):
        if bad := [key for key in value if not _is_key(key)]:
            return "key", path, ascii(bad[0])
        parts = ((f"{path}.{key}", inner) for key, inner in value.items())
    else:
        parts = ((f"{path}[{position}]", inner) for position, inner in enumerate(value))
    found = (_find(inner, where, depth + 1) for where, inner in parts)
    return next((one for one in found if one is not None), None)


def _is_key(key: object) -> bool:
    return type(key) is str and key.isascii() and "\0" not in key


def _scalar_problem(value: object) -> tuple[str, str]:
    """Return what is wrong with a value that holds no others, and how to show it."""
    if isinstance(value, str):
        return _text_problem(value), ""
    if type(value) is int and not -MAX_INTEGER <= value <= MAX_INTEGER:
        return "integer", _short(value)
    if value is None:
        return "null", ""
    if isinstance(value, float):
        return "float", repr(value)
    return ("", "") if type(value) in (bool, int) else ("type", type(value).__name__)


def _text_problem(text: str) -> str:
    if "\0" in text:
        return "nul"
    if not _is_encodable(text):
        return "surrogate"
    return "" if is_normalized("NFC", text) else "nfc"


def _short(value: int) -> str:
    # str() of an int beyond 4300 digits raises; the message needs no more than its beginning
    return str(value) if value.bit_length() < 256 else f"{value.bit_length()}-bit integer"


# --- reading -------------------------------------------------------------------------------------


def parse_canonical(text: str) -> Json:
    """Read a canonical text back, refusing every other spelling of the same value.

    Raises:
        NotCanonical: Not JSON, a key twice, outside the model, or not the canonical bytes.
    """
    try:
        value: Json = json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except RecursionError:
        raise NotCanonical(problem="depth", shown=str(MAX_DEPTH)) from None
    except ValueError as error:
        raise NotCanonical(problem="json", shown=str(error)) from None
    if canonical_text(value) != text:
        raise NotCanonical(problem="bytes")
    return value


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for key, value in pairs:
        if key in found:
            raise NotCanonical(problem="duplicate", shown=ascii(key))
        found[key] = value
    return found


def _constant(name: str) -> NoReturn:
    raise NotCanonical(problem="float", shown=name)


# --- hashes --------------------------------------------------------------------------------------


def entry_hash(canonical_bytes: bytes) -> str:
    """Return SHA-256(0x00 ‖ canonical bytes) in hex: the link of the chain and the tree's leaf."""
    return sha256(b"\0" + canonical_bytes).hexdigest()


def commitment(salt: bytes, value: Json) -> str:
    """Return the commitment to a personal value or comment, in hex.

    Args:
        salt: 32 random bytes, fresh for every commitment.
        value: In the restricted model, text in NFC.

    Raises:
        NotCanonical: The value is outside the model.
        ValueError: The salt has another length.
    """
    return text_commitment(salt, canonical_text(value))


def text_commitment(salt: bytes, text: str) -> str:
    """Return the commitment to a value whose canonical text is at hand; see `commitment`."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return sha256(COMMITMENT_PREFIX.encode() + b"\0" + salt + text.encode()).hexdigest()


def digest_of(prefix: str, value: Json) -> str:
    """Return SHA-256(prefix ‖ 0x00 ‖ canonical bytes) in hex, of a definition or calendar."""
    return sha256(prefix.encode() + b"\0" + canonical(value)).hexdigest()


def tree_root(leaf_hashes: Iterable[str]) -> str:
    """Return the RFC 9162 root (hex) over entry hashes (hex) in leaf order.

    Example:
        >>> tree_root([ZERO]) == ZERO
        True
    """
    complete: list[tuple[int, bytes]] = []  # complete subtrees from the left: (leaves, root)
    for leaf in leaf_hashes:
        size, root = 1, bytes.fromhex(leaf)
        while complete and complete[-1][0] == size:
            root = _node(complete.pop()[1], root)
            size *= 2
        complete.append((size, root))
    if not complete:
        return sha256(b"").hexdigest()
    _, root = complete.pop()
    while complete:
        root = _node(complete.pop()[1], root)
    return root.hex()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


# --- normal forms --------------------------------------------------------------------------------


def decimal_text(number: Decimal) -> str:
    """Write a decimal in history's one form: no exponent, no sign on zero, no trailing zeros.

    Raises:
        NotCanonical: Not finite, or more than 1000 digits when written out.

    Example:
        >>> decimal_text(Decimal("1E+3")), decimal_text(Decimal("-0.50")), decimal_text(Decimal("-0"))
        ('1000', '-0.5', '0')
    """
    if not number:
        return "0"
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or not -MAX_DIGITS < exponent <= number.adjusted() < MAX_DIGITS:
        raise NotCanonical(problem="decimal", shown=str(number)[:80])
    text = format(number, "f")  # exact, whatever the context's precision
    return text.rstrip("0").rstrip(".") if "." in text else text


def normal_text(text: str) -> str:
    """Bring text to NFC, as everything taken in is.

    Raises:
        NotCanonical: It holds NUL or a lone surrogate.
    """
    if text.isascii():
        if "\0" in text:
            raise NotCanonical(problem="nul")
        return text
    problem = _text_problem(text)
    if problem in ("nul", "surrogate"):
        raise NotCanonical(problem=problem)
    return normalize("NFC", text) if problem else text
