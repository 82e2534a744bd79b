"""The restricted model and its canonical bytes, for the second reader.

Written from HISTORY-FORMAT alone, with the standard library alone; shares no line with the engine.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata

LARGEST = 2**53 - 1
DEEPEST = 64

_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?")


class Broken(Exception):
    """Something is not as the format says: ``code`` and a sentence."""

    def __init__(self, code, sentence):
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence


def read_line(line):
    """Read one line of text (without its end) into a value, refusing all but the canonical bytes."""
    try:
        value = json.loads(
            line,
            object_pairs_hook=_object,
            parse_float=_no_float,
            parse_constant=_no_float,
            parse_int=_integer,
        )
    except RecursionError:
        raise Broken("depth", "nested too deeply") from None
    except json.JSONDecodeError as error:
        raise Broken("json", str(error)) from None
    check_value(value, "$", 0)
    if write(value) != line:
        raise Broken("bytes", "the line is not the canonical form of its value")
    return value


def write(value):
    """Write a checked value as canonical text."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sha256(*parts):
    """Hex SHA-256 over the parts put together."""
    return hashlib.sha256(b"".join(parts)).hexdigest()


def entry_hash(line):
    """Hash of an entry: link of the chain and leaf of the tree."""
    return sha256(b"\x00", line.encode("utf-8"))


def commitment(salt, value):
    """Commitment to a value with a 32-byte salt."""
    check_value(value, "$", 0)
    if len(salt) != 32:
        raise Broken("salt", f"a salt has 32 bytes, this one {len(salt)}")
    return sha256(b"kerjasama/commit/1", b"\x00", salt, write(value).encode("utf-8"))


def digest(kind, form):
    """Digest of a definition's or calendar's canonical form; ``kind``: ``definition`` or ``calendar``."""
    check_value(form, "$", 0)
    return sha256(f"kerjasama/{kind}/1".encode(), b"\x00", write(form).encode("utf-8"))


def tree_root(hashes):
    """RFC 9162 Merkle tree hash of leaf hashes (hex) in order, in hex."""
    if not hashes:
        return sha256(b"")
    if len(hashes) == 1:
        return hashes[0]
    half = 1
    while half * 2 < len(hashes):
        half *= 2
    return sha256(b"\x01", bytes.fromhex(tree_root(hashes[:half])), bytes.fromhex(tree_root(hashes[half:])))


def is_decimal(text):
    """Whether text is a decimal in the one normal form."""
    return isinstance(text, str) and bool(_DECIMAL.fullmatch(text)) and text != "-0"


def check_value(value, path, depth):
    """Raise `Broken` for what is outside the restricted model."""
    if isinstance(value, bool):
        return
    if isinstance(value, int):
        if abs(value) > LARGEST:
            raise Broken("integer", f"{path} is beyond 2^53-1")
    elif isinstance(value, str):
        _check_text(value, path)
    elif isinstance(value, (list, dict)):
        _check_container(value, path, depth)
    elif value is None:
        raise Broken("null", f"{path} is null")
    else:
        raise Broken("float", f"{path} is a {type(value).__name__}")


def _check_container(value, path, depth):
    if not value:
        raise Broken("empty", f"{path} is empty")
    if depth >= DEEPEST:
        raise Broken("depth", "nested too deeply")
    if isinstance(value, list):
        for position, inner in enumerate(value):
            check_value(inner, f"{path}[{position}]", depth + 1)
        return
    for key, inner in value.items():
        if not key.isascii():
            raise Broken("key", f"a key in {path} is not ASCII")
        check_value(inner, f"{path}.{key}", depth + 1)


def _check_text(text, path):
    if "\0" in text:
        raise Broken("nul", f"{path} holds NUL")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise Broken("surrogate", f"{path} holds a lone surrogate")
    if not unicodedata.is_normalized("NFC", text):
        raise Broken("nfc", f"{path} is not in NFC")


def _object(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Broken("duplicate", "a key is written twice")
    return found


def _integer(text):
    if len(text) > 20:
        raise Broken("integer", "an integer is beyond 2^53-1")
    return int(text)


def _no_float(text):
    raise Broken("float", f"{text} is a float")
