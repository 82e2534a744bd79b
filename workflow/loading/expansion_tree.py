"""Trees of definitions before anything is known of their meaning: where one is, and moving one.

Owns what ``expansion`` asks of keys (is this a state, a clock, an expression, a name that the author
chose?) and the moving of trees to lines of their own. Called by ``expansion`` and its parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from workflow.loading.document import ParameterShape
from workflow.locale import Message
from workflow.source.diagnostics import Diagnostic, Severity, Span, finding
from workflow.source.text import Entry, Mapping, Node, Parsed, Scalar, Sequence

INSIDE = ("states", "regions")
TABLES = ("deadlines", "obligations", "transitions")

NOWHERE = Span(0, 1, 0, 1)
"""Where what nobody has written stands."""


def unused_parameters(
    parsed: Parsed, declared: Iterable[tuple[Scalar, ParameterShape]]
) -> Iterator[Diagnostic]:
    """Yield a finding for each parameter that a file declares and names nowhere."""
    body = [node for key, node in _pairs(parsed.root) if key != "parameters"]
    texts = " ".join(text for node in body for text in _texts(node))
    for key, _ in declared:
        if key.text not in _words(texts):
            what = Message("check.kind.parameter")
            yield finding(
                "unused-declaration",
                parsed.file,
                key.span,
                severity=Severity.WARNING,
                kind=what,
                name=key.text,
            )


def _words(text: str) -> frozenset[str]:
    return frozenset(re.split(r"[^a-z0-9_]+", text))


def _pairs(node: Node | None) -> Iterator[tuple[str, Node]]:
    if isinstance(node, Mapping):
        yield from ((entry.key.text, entry.value) for entry in node.entries)


def _texts(node: Node) -> Iterator[str]:
    if isinstance(node, Scalar):
        yield node.text
    for inner in node.items if isinstance(node, Sequence) else [one for _, one in _pairs(node)]:
        yield from _texts(inner)


def has_more(text: str) -> bool:
    """Whether there can be anything to expand in a file without parameters."""
    return "$" in text or "use" in text or "only" in text


def states_of(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the states that keys lead into."""
    names = []
    for inside, name in zip(keys[::2], keys[1::2], strict=False):
        if inside not in INSIDE:
            break
        names.append(name)
    return tuple(names)


def state_at(keys: tuple[str, ...]) -> str | None:
    """Return the name of the state whose body stands under some keys, ``None`` if none does."""
    names = states_of(keys)
    return names[-1] if names and len(names) * 2 == len(keys) else None


def is_named(keys: tuple[str, ...]) -> bool:
    """Whether the keys of the mapping under some keys are names that the author chose."""
    if not keys or state_at(keys) is not None or is_named(keys[:-1]):
        return False
    last, before = keys[-1], keys[:-1]
    if last in ("set", "with", "exits", "options"):
        return True
    if not before or state_at(before) is not None:
        return last in _NAMED
    return last == "fields" and (before[-1] == "opens" or before[-2:-1] == ("fields",))


_NAMED = frozenset(
    (*TABLES, *INSIDE, *("fields", "groups", "documents", "rules", "roles", "parties", "facts", "children"))
)


def is_clock(keys: tuple[str, ...]) -> bool:
    """Whether the mapping under some keys is a clock."""
    return keys[-1:] == ("silence",) or keys[-2:-1] in (("deadlines",), ("obligations",))


def is_expression(keys: tuple[str, ...]) -> bool:
    """Whether the value under some keys is an expression."""
    if keys[-1:] in (("when",), ("check",), ("any",)) or keys[-2:-1] == ("set",):
        return True
    return (keys[-1:] == ("at",) and keys[-3:-2] == ("deadlines",)) or keys[-3:-1] == ("opens", "fields")


def targets(node: Node) -> Iterator[Scalar]:
    """Yield every target named in a tree."""
    if isinstance(node, Sequence):
        for item in node.items:
            yield from targets(item)
    elif isinstance(node, Mapping):
        for entry in node.entries:
            if entry.key.text in ("to", "done") and isinstance(entry.value, Scalar):
                yield entry.value
            else:
                yield from targets(entry.value)


def is_final(node: Node) -> bool:
    """Whether a tree is the body of a final state."""
    final = node.get("final") if isinstance(node, Mapping) else None
    return isinstance(final, Scalar) and final.text == "true"


def entry_of(name: str, value: Node | None, move: int) -> Entry:
    """Make an entry; a missing value is an empty word."""
    node = value if value is not None else word(name, Span(1, 1, 1, 1))
    node = shifted(node, move)
    return Entry(key=word(name, node.span), value=node)


def word(text: str, span: Span) -> Scalar:
    """Make a word that stands at a place."""
    return Scalar(text=text, plain=True, span=span)


def moved(span: Span, move: int) -> Span:
    """Return a span moved by some lines."""
    return Span(span.line + move, span.column, span.end_line + move, span.end_column) if move else span


def moved_scalar(scalar: Scalar, move: int) -> Scalar:
    """Return a scalar moved by some lines."""
    return replace(scalar, span=moved(scalar.span, move)) if move else scalar


def shifted(node: Node, move: int) -> Node:
    """Return a tree moved by some lines."""
    if not move:
        return node
    if isinstance(node, Scalar):
        return moved_scalar(node, move)
    span = moved(node.span, move)
    if isinstance(node, Sequence):
        return Sequence(items=tuple(shifted(item, move) for item in node.items), span=span)
    entries = (Entry(key=moved_scalar(one.key, move), value=shifted(one.value, move)) for one in node.entries)
    return Mapping(entries=tuple(entries), span=span)
