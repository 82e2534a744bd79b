"""Values as people write them, on the command line and in files, and the Python values they stand for.

Owns the way from text to what the embedding API takes. It types what has the form of its field and
leaves everything else as it was written: the engine refuses it, with every other reason, in one place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.cli.failures import CommandProblem
from workflow.case import Party
from workflow.definition import Definition, Field, FieldType
from workflow.expressions.values import encode
from workflow.source.text import Mapping as TextMapping
from workflow.source.text import Node, Scalar

_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_TRUTH = {"true": True, "false": False}
_NULLS = frozenset({"", "~", "null"})


def typed(declared: Field | None, text: str, *, is_plain: bool = True) -> Any:
    """Return what a text stands for in a field.

    Example:
        >>> typed(Field(name="n", type=FieldType.INTEGER), "12"), typed(None, "12")
        (12, '12')
    """
    if is_plain and text in _NULLS:
        return None
    if declared is None or not is_plain:
        return text
    if declared.type is FieldType.BOOLEAN:
        return _TRUTH.get(text.lower(), text)
    if declared.type is FieldType.INTEGER and _INTEGER.fullmatch(text):
        return int(text)
    return text


def from_node(declared: Field | None, node: Node) -> Any:
    """Return what a part of a file stands for in a field."""
    if isinstance(node, TextMapping):
        columns = declared.columns if declared is not None else {}
        return {
            entry.key.text: from_node(columns.get(entry.key.text, declared), entry.value)
            for entry in node.entries
        }
    if isinstance(node, Scalar):
        one = typed(declared, node.text, is_plain=node.plain)
        return [one] if declared is not None and declared.many and one is not None else one
    return [from_node(_single(declared), item) for item in node.items]


def _single(declared: Field | None) -> Field | None:
    if declared is None or not declared.many:
        return declared
    return replace(declared, many=False)


def declared_as(fields: Mapping[str, Field], name: str) -> Field | None:
    """Return the field that a name stands for: its own, or the end of a local field's path.

    Of local fields with one bare name the first; the engine, which knows the state, says which is meant.

    Example:
        >>> local = Field(name="telaah.layak", type=FieldType.BOOLEAN)
        >>> declared_as({"telaah.layak": local}, "layak") is local
        True
    """
    if name in fields:
        return fields[name]
    return next((one for path, one in fields.items() if path.endswith(f".{name}")), None)


def from_words(definition: Definition, words: Sequence[str]) -> dict[str, Any]:
    """Return the fields given as ``name=value``; a name given again makes a list.

    ``name.party=value`` is the value of one party of a ``per: party`` field. Rows of a record are given
    as JSON: ``name={"column": "value"}``, again for each row.

    Raises:
        CommandProblem: A word has no ``=``.
    """
    texts: dict[str, list[str]] = {}
    for word in words:
        name, sign, text = word.partition("=")
        if not sign or not name:
            raise CommandProblem(what="field-form", word=word)
        texts.setdefault(name, []).append(text)
    fields: dict[str, Any] = {}
    for name, several in texts.items():
        field, party = _of_party(definition.fields, name)
        one = _from_texts(declared_as(definition.fields, field), several)
        if party:
            fields.setdefault(field, {})[party] = one
        else:
            fields[field] = one
    return fields


def _of_party(fields: Mapping[str, Field], name: str) -> tuple[str, str]:
    """Split ``name.party``; a local field's path has dots of its own."""
    if declared_as(fields, name) is not None:
        return name, ""
    field, _, party = name.rpartition(".")
    if declared_as(fields, field) is not None:
        return field, party
    field, _, party = name.partition(".")
    return field, party


def _from_texts(declared: Field | None, texts: Sequence[str]) -> Any:
    values = [typed(declared, text) for text in texts]
    if declared is not None and declared.type is FieldType.RECORD:
        return [row for text in texts for row in _rows(text)]
    is_list = len(values) > 1 or (declared is not None and declared.many and values[0] is not None)
    return values if is_list else values[0]


def _rows(text: str) -> list[Any]:
    """Return the rows of a table given as JSON: one row as an object, or a list of them."""
    try:
        given = json.loads(text)
    except ValueError:
        return [text]
    return given if isinstance(given, list) else [given]


def attachments(words: Sequence[str]) -> dict[str, list[str]]:
    """Return the documents given as ``name=path``; a name given again attaches several files.

    Raises:
        CommandProblem: A word has no ``=``.
    """
    found: dict[str, list[str]] = {}
    for word in words:
        name, sign, path = word.partition("=")
        if not sign or not name or not path:
            raise CommandProblem(what="attach-form", word=word)
        found.setdefault(name, []).append(path)
    return found


def parties(words: Sequence[str]) -> tuple[Party, ...]:
    """Return the parties given as ``id=side`` or ``id=side:name``, in their order.

    Raises:
        CommandProblem: A word has no ``=``.

    Example:
        >>> parties(["samarinda=mitra:Kota Samarinda"])
        (Party(id='samarinda', side='mitra', name='Kota Samarinda'),)
    """
    found = []
    for word in words:
        party, _, rest = word.partition("=")
        side, _, name = rest.partition(":")
        if not party or not side:
            raise CommandProblem(what="with-form", word=word)
        found.append(Party(party, side=side, name=name or None))
    return tuple(found)


def filters(fields: Mapping[str, Field], words: Sequence[str]) -> dict[str, Any]:
    """Return what ``--where name=value`` asks for, in history's form as far as the field is known."""
    from_text: dict[str, Any] = {}
    for word in words:
        name, sign, text = word.partition("=")
        if not sign or not name:
            raise CommandProblem(what="where-form", word=word)
        declared = fields.get(name)
        from_text[name] = _in_history(declared, typed(declared, text))
    return from_text


def _in_history(declared: Field | None, given: Any) -> Any:
    if declared is None:
        return given
    try:
        return encode(Field(name=declared.name, type=declared.type), given)
    except ValueError:
        return given
