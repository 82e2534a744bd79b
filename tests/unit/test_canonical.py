"""The restricted model of history format 1 and its bytes."""

from __future__ import annotations

import pickle
from decimal import Decimal, localcontext
from hashlib import sha256
from typing import Any
from unicodedata import normalize

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from workflow.history.canonical import (
    MAX_DEPTH,
    ZERO,
    NotCanonical,
    canonical,
    canonical_text,
    commitment,
    decimal_text,
    digest_of,
    entry_hash,
    normal_text,
    parse_canonical,
    tree_root,
)

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])).map(
    lambda text: normalize("NFC", text)
)
keys = st.text(st.characters(min_codepoint=1, max_codepoint=127), max_size=8)
integers = st.integers(min_value=-(2**53) + 1, max_value=2**53 - 1)
values = st.recursive(
    st.booleans() | integers | texts,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4) | st.dictionaries(keys, inner, min_size=1, max_size=4)
    ),
    max_leaves=20,
)


@given(values)
def test_canonical_any_value_of_the_model_equals_rfc8785(value: Any) -> None:
    """On the restricted model our bytes are RFC 8785's, as an independent implementation has them."""
    assert canonical(value) == rfc8785.dumps(value)


@given(values)
def test_parse_canonical_what_was_written_is_read_back(value: Any) -> None:
    """Reading the canonical text gives the value again."""
    assert parse_canonical(canonical_text(value)) == value


@given(st.lists(st.sampled_from(["\n", "\t", "n", "a", "\u0303", "\u0301", '"', "\\", "\u1100", "\u1161"])))
def test_canonical_mark_after_an_escape_is_judged_by_the_value(parts: list[str]) -> None:
    """A combining mark after an escaped control character is judged in the value, not in its escape."""
    text = "".join(parts)
    if normalize("NFC", text) == text:
        assert canonical({"a": text}) == rfc8785.dumps({"a": text})
    else:
        with pytest.raises(NotCanonical, match="NFC"):
            canonical({"a": text})


@pytest.mark.parametrize("number", [*range(1, 0x20), 0x7F, 0x80, 0x2028, 0x2029, 0xFEFF, 0x1F600, 0x10FFFF])
def test_canonical_special_characters_equal_rfc8785(number: int) -> None:
    """Control characters, DEL, line separators and planes beyond the first are written as RFC 8785 does."""
    assert canonical(["x" + chr(number)]) == rfc8785.dumps(["x" + chr(number)])


def _nested(depth: int) -> Any:
    value: Any = "leaf"
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "problem", "path"),
    [
        ({"a": {"b": 1.0}}, "float", "$.a.b"),
        ({"a": float("nan")}, "float", "$.a"),
        ({"a": [1, None]}, "null", "$.a[1]"),
        (None, "null", "$"),
        ({"a": {}}, "empty", "$.a"),
        ({"a": ["x", []]}, "empty", "$.a[1]"),
        ([], "empty", "$"),
        ({}, "empty", "$"),
        ({"kunci\u00e9": "x"}, "key", "$"),
        ({"a": {"\0": "x"}}, "key", "$.a"),
        ({"a": {1: "x"}}, "key", "$.a"),
        ({0: "x"}, "key", "$"),
        ({None: "x"}, "key", "$"),
        ({"a": "x", 1: "x"}, "key", "$"),
        ({"a": 2**53}, "integer", "$.a"),
        ({"a": -(2**53)}, "integer", "$.a"),
        ({"a": 10**5000}, "integer", "$.a"),
        ({"a": "x\0y"}, "nul", "$.a"),
        ({"a": "\ud800"}, "surrogate", "$.a"),
        ({"a": {"b": "e\u0301"}}, "nfc", "$.a.b"),
        ({"a": b"bytes"}, "type", "$.a"),
        ({"a": Decimal("1.5")}, "type", "$.a"),
        ({"a": {"set"}}, "type", "$.a"),
        (_nested(MAX_DEPTH + 1), "depth", "$" + "[0]" * MAX_DEPTH),
        (_nested(100_000), "depth", "$" + "[0]" * MAX_DEPTH),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 12 else "",
)
def test_canonical_value_outside_the_model_is_refused_with_its_place(
    value: Any, problem: str, path: str
) -> None:
    """What may not stand in history is refused, and the error names what and where."""
    with pytest.raises(NotCanonical) as refused:
        canonical(value)
    assert (refused.value.problem, refused.value.path) == (problem, path)


def test_canonical_limits_of_the_model_are_within_it() -> None:
    """The largest integers and the greatest depth still belong to the model."""
    assert canonical([2**53 - 1, -(2**53) + 1]) == b"[9007199254740991,-9007199254740991]"
    assert canonical(_nested(MAX_DEPTH)).startswith(b"[[")


def test_canonical_literal_backslash_u0000_is_text() -> None:
    r"""Text that spells ``\u0000`` is not a NUL."""
    assert canonical({"a": "\\u0000"}) == rfc8785.dumps({"a": "\\u0000"})


def test_canonical_tuple_is_written_as_list() -> None:
    """Frozen values of a case are tuples; history has lists only."""
    assert canonical({"a": ("b", ("c", 1))}) == b'{"a":["b",["c",1]]}'


def test_not_canonical_says_so_in_both_languages_and_pickles() -> None:
    """The error is a message for people in both languages and survives a process boundary."""
    with pytest.raises(NotCanonical) as refused:
        canonical({"changes": {"nilai": {"new": 1.5}}})
    error = pickle.loads(pickle.dumps(refused.value))
    assert error.path == "$.changes.nilai.new"
    assert str(error) == str(refused.value)
    assert "1.5" in error.message.text("id")
    assert error.message.text("id") != error.message.text("en")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"b":1,"a":2}', "bytes"),
        ('{"a": 1}', "bytes"),
        ('{"a":1}\n', "bytes"),
        ('{"a":"\\u0041"}', "bytes"),
        ('{"a":"\\/"}', "bytes"),
        ('{"a":1,"a":1}', "duplicate"),
        ('{"a":1.0}', "float"),
        ('{"a":1e3}', "float"),
        ('{"a":NaN}', "float"),
        ('{"a":-0}', "bytes"),
        ('{"a":null}', "null"),
        ('{"a":[]}', "empty"),
        ('{"a":1', "json"),
        ("", "json"),
        ('\ufeff{"a":1}', "json"),
        ("[" * 100_000, "depth"),
        ('{"a":"\\ud800"}', "surrogate"),
    ],
)
def test_parse_canonical_other_spelling_is_refused(text: str, problem: str) -> None:
    """Only the canonical bytes are history; another spelling of the same value is refused."""
    with pytest.raises(NotCanonical) as refused:
        parse_canonical(text)
    assert refused.value.problem == problem


def test_entry_hash_begins_with_the_leaf_byte() -> None:
    """The hash of an entry is the RFC 9162 hash of a leaf."""
    assert entry_hash(b"{}") == sha256(b"\x00{}").hexdigest()


def test_commitment_salt_of_another_length_is_refused() -> None:
    """A salt has 32 bytes, so that prefix, salt and value cannot be divided in another way."""
    with pytest.raises(ValueError, match="32 bytes"):
        commitment(b"short", "value")


def test_digest_of_prefix_tells_definitions_from_calendars() -> None:
    """The same form has different digests as a definition and as a calendar."""
    form: Any = {"a": "b"}
    assert digest_of("kerjasama/definition/1", form) != digest_of("kerjasama/calendar/1", form)
    expected = sha256(b"kerjasama/definition/1\x00" + b'{"a":"b"}').hexdigest()
    assert digest_of("kerjasama/definition/1", form) == expected


def _recursive_root(leaves: list[bytes]) -> bytes:
    """Compute RFC 9162 section 2.1.1 word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + _recursive_root(leaves[:k]) + _recursive_root(leaves[k:])).digest()


@pytest.mark.parametrize("size", [*range(35), 64, 65, 127])
def test_tree_root_any_size_equals_the_recursive_definition(size: int) -> None:
    """The root is RFC 9162's for every shape of tree."""
    leaves = [sha256(bytes([number])).digest() for number in range(size)]
    assert tree_root(leaf.hex() for leaf in leaves) == _recursive_root(leaves).hex()


def test_zero_is_sixty_four_zeros() -> None:
    """The first entry of a case has no entry before it."""
    assert ZERO == "0" * 64


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_decimal_text_is_one_form_for_one_number(number: Decimal) -> None:
    """Equal decimals have one text, which reads back as the same number, in any decimal context."""
    text = decimal_text(number)
    assert Decimal(text) == number
    assert "e" not in text.lower() and not text.startswith("+") and text != "-0"
    assert not (("." in text) and text.endswith(("0", ".")))
    with localcontext(prec=3):
        assert decimal_text(number) == text


@pytest.mark.parametrize("text", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+1000", "1E-1001", "1E+999999"])
def test_decimal_text_without_a_bounded_form_is_refused(text: str) -> None:
    """What is not finite or would fill pages is refused before it is written out."""
    with pytest.raises(NotCanonical) as refused:
        decimal_text(Decimal(text))
    assert refused.value.problem == "decimal"


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_normal_text_is_nfc(text: str) -> None:
    """What is taken in can stand in history."""
    assert normal_text(text) == normalize("NFC", text)
    assert canonical(normal_text(text))


@pytest.mark.parametrize(("text", "problem"), [("a\0", "nul"), ("\u00e9\0", "nul"), ("\udc00", "surrogate")])
def test_normal_text_nul_or_surrogate_is_refused(text: str, problem: str) -> None:
    """NUL and half of a surrogate pair are refused where text is taken in."""
    with pytest.raises(NotCanonical) as refused:
        normal_text(text)
    assert refused.value.problem == problem
