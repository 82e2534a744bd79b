"""The words in which the shape of a file is described.

Owns the kinds of leaf, the containers, and `members`, which reads a model's annotations once. A model
of ``loading.document`` is the one source of what may stand in a file: ``reading`` walks it
to check a file, ``loading.schema`` to write the JSON Schema, ``loading.digest`` to write the
canonical form. Nothing here reads a file or knows what a key means.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import (
    Annotated,
    Any,
    ClassVar,
    Self,
    TypeAlias,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import BaseModel, PrivateAttr

from workflow.source.diagnostics import Span
from workflow.source.text import Mapping, Node, Scalar

T = TypeVar("T")


class Form(StrEnum):
    """What a leaf is in JSON, and how it stands in the canonical form."""

    TEXT = "text"  # any text; numbers and booleans are taken as they are written
    WORD = "word"  # text of a pattern
    EXPRESSION = "expression"
    DURATION = "duration"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    LIMIT = "limit"  # a number or a date
    COUNT = "count"  # an integer or one of the words


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A single value.

    Attributes:
        name: Names the text that says what is expected, ``shape.<name>``.
        pattern: Of the whole text; ``None`` where anything but blanks will do.
        words: The only words allowed, where they are few.
        least: Smallest integer.
        takes_parameter: Whether ``$name`` is a parameter here.
    """

    form: Form
    name: str
    pattern: str | None = None
    words: tuple[str, ...] = ()
    least: int = 0
    takes_parameter: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A list; ``is_single`` allows one value without brackets, ``may_repeat`` the same word twice."""

    item: Any = None
    is_single: bool = False
    least: int = 0
    may_repeat: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A mapping whose keys the author chose, read as pairs of name and body in document order.

    ``is_ordered``: whether the order means something, so that the canonical form keeps it.
    """

    item: Any = None
    key: Leaf
    is_ordered: bool = True
    least: int = 0


@dataclass(frozen=True, slots=True)
class Either:
    """A single value or a mapping of fixed keys."""

    leaf: Leaf
    model: type[Shape]


@dataclass(frozen=True, slots=True)
class Free:
    """Anything: kept as a node, and typed once it is known what it fills.

    ``takes_null``: whether ``null`` is something.
    """

    takes_null: bool = True


class Shape(BaseModel, frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True):
    """A mapping of fixed keys, as one stands in a file; made by ``workflow.source.reading`` alone.

    ``exclusive``: of each group
    at most one key; ``needed``: of each group at least one.
    ``beside``: of each pair the first only where the second stands too.
    """

    exclusive: ClassVar[tuple[tuple[str, ...], ...]] = ()
    needed: ClassVar[tuple[tuple[str, ...], ...]] = ()
    beside: ClassVar[tuple[tuple[str, str], ...]] = ()

    _node: Mapping = PrivateAttr()
    _owner: Span = PrivateAttr()

    @classmethod
    def made(cls, values: MappingOf[str, Any], node: Mapping, owner: Span) -> Self:
        """Make a shape of values that have been checked, and remember where it stands."""
        shape = cls.model_construct(**values)
        shape._node = node  # type: ignore[misc]  # private attributes of a frozen model can be written
        shape._owner = owner  # type: ignore[misc]
        return shape

    @property
    def owner(self) -> Span:
        """Where the name stands under which this was written."""
        return self._owner

    def key(self, name: str) -> Span:
        """Return where the key ``name`` stands, or the owner where it is absent."""
        key = self._node.key(name)
        return key.span if key is not None else self._owner

    def has(self, name: str) -> bool:
        """Whether the key was written."""
        return self._node.key(name) is not None

    def written(self, name: str) -> frozenset[str]:
        """Return the names that stand under the key ``name``, those whose bodies are broken included."""
        node = self._node.get(name)
        return frozenset(one.key.text for one in node.entries) if isinstance(node, Mapping) else frozenset()

    def without(self, **changes: Any) -> Self:
        """Return the shape with other values for some of its attributes."""
        values = {name: getattr(self, name) for name in type(self).model_fields} | changes
        return type(self).made(values, self._node, self._owner)


@dataclass(frozen=True, slots=True)
class Member:
    """One key of a shape."""

    key: str
    attribute: str
    spec: Spec
    is_required: bool
    description: str | None


Spec: TypeAlias = Leaf | Items | Named | Either | Free | type[Shape]


@cache
def members(model: type[Shape]) -> MappingOf[str, Member]:
    """Return the keys of a shape in the order in which its model declares them."""
    hints = get_type_hints(model, include_extras=True)
    found = {}
    for attribute, field in model.model_fields.items():
        key = field.alias or attribute
        spec = _spec(hints[attribute])
        found[key] = Member(key, attribute, spec, field.is_required(), field.description)
    return found


def _spec(hint: Any) -> Spec:
    if isinstance(hint, type) and issubclass(hint, Shape):
        return hint
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        inner, mark = args[0], args[1]
        if isinstance(mark, Leaf | Free):
            return mark
        if isinstance(mark, Items):
            return replace(mark, item=_spec(get_args(inner)[0]))
        if isinstance(mark, Named):
            body = get_args(get_args(inner)[0])[1]
            return Named(item=_spec(body), key=mark.key, is_ordered=mark.is_ordered, least=mark.least)
    if origin in (Union, UnionType):
        kinds = [_spec(arg) for arg in args if arg is not type(None)]
        if len(kinds) == 1:
            return kinds[0]
        leaf, model = kinds
        if isinstance(leaf, Leaf) and isinstance(model, type):
            return Either(leaf, model)
    raise TypeError(f"no shape: {hint!r}")


# Leaves ------------------------------------------------------------------------------------------

_NO_WORD = r"(?!(?:true|false|null)$)"
NAME_PATTERN = rf"{_NO_WORD}[a-z][a-z0-9_]*"
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
INTEGER = re.compile(r"0|[1-9][0-9]{0,8}")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
PARAMETER = re.compile(r"\$[a-z][a-z0-9_]*")
LARGEST = 999_999_999

NAME = Leaf(form=Form.WORD, name="name", pattern=NAME_PATTERN)
PATH = Leaf(form=Form.WORD, name="path", pattern=rf"{NAME_PATTERN}(?:\.{NAME_PATTERN})*")
DURATION = Leaf(
    form=Form.DURATION,
    name="duration",
    pattern=r"(?:0|[1-9][0-9]{0,4}) (?:day|working day|month|year)s?",
)
LAW = Leaf(form=Form.WORD, name="law", pattern=r"[A-Z][A-Z0-9_]*", takes_parameter=False)


def word(name: str, pattern: str) -> Leaf:
    """Return a leaf of a pattern."""
    return Leaf(form=Form.WORD, name=name, pattern=pattern)


def one_of(*words: str) -> Leaf:
    """Return a leaf that is one of a few words."""
    return Leaf(form=Form.WORD, name="words", words=words)


Text: TypeAlias = Annotated[Scalar, Leaf(form=Form.TEXT, name="text", takes_parameter=False)]
Basis: TypeAlias = Annotated[Scalar, Leaf(form=Form.TEXT, name="basis")]
Guard: TypeAlias = Annotated[Scalar, Leaf(form=Form.EXPRESSION, name="expression")]
Name: TypeAlias = Annotated[Scalar, NAME]
Flag: TypeAlias = Annotated[
    Scalar, Leaf(form=Form.WORD, name="flag", pattern=PARAMETER.pattern, takes_parameter=False)
]
Path: TypeAlias = Annotated[Scalar, PATH]
RoleName: TypeAlias = Annotated[Scalar, word("role", rf"{NAME_PATTERN}(?:\.{NAME_PATTERN})?")]
DateText: TypeAlias = Annotated[Scalar, word("date", DATE.pattern)]
DayOfYear: TypeAlias = Annotated[Scalar, word("day-of-year", r"[0-9]{2}-[0-9]{2}")]
TimeOfDay: TypeAlias = Annotated[Scalar, word("time", r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")]
Zone: TypeAlias = Annotated[Scalar, word("zone", rf"{_NO_WORD}[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*")]
File: TypeAlias = Annotated[
    Scalar,
    word("file", rf"{_NO_WORD}(?![0-9.]*$)[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)*"),
]
Currency: TypeAlias = Annotated[Scalar, word("currency", r"[A-Z]{3}")]
MediaType: TypeAlias = Annotated[Scalar, word("media", r"[a-z0-9.+-]+/[a-z0-9.+*-]+")]
Length: TypeAlias = Annotated[Scalar, DURATION]
Cron: TypeAlias = Annotated[Scalar, word("cron", r"[A-Za-z0-9*,/-]+(?: +[A-Za-z0-9*,/-]+){2}")]
Integer: TypeAlias = Annotated[Scalar, Leaf(form=Form.INTEGER, name="integer")]
Positive: TypeAlias = Annotated[Scalar, Leaf(form=Form.INTEGER, name="positive", least=1)]
Boolean: TypeAlias = Annotated[Scalar, Leaf(form=Form.BOOLEAN, name="boolean", words=("true", "false"))]
Yes: TypeAlias = Annotated[Scalar, Leaf(form=Form.BOOLEAN, name="words", words=("true",))]
Limit: TypeAlias = Annotated[Scalar, Leaf(form=Form.LIMIT, name="limit")]
Need: TypeAlias = Annotated[Scalar, Leaf(form=Form.COUNT, name="need", words=("all", "majority"), least=1)]

Anything: TypeAlias = Annotated[Node, Free()]
Filling: TypeAlias = Annotated[Node, Free(takes_null=False)]

# Containers --------------------------------------------------------------------------------------

Some: TypeAlias = Annotated[tuple[T, ...], Items(is_single=True)]
Course: TypeAlias = Annotated[tuple[T, ...], Items(is_single=True, may_repeat=True)]
Several: TypeAlias = Annotated[tuple[T, ...], Items(is_single=True, least=1)]
Listed: TypeAlias = Annotated[tuple[T, ...], Items(least=1)]
Table: TypeAlias = Annotated[tuple[tuple[Scalar, T], ...], Named(key=NAME)]
FullTable: TypeAlias = Annotated[tuple[tuple[Scalar, T], ...], Named(key=NAME, least=1)]
PathLookup: TypeAlias = Annotated[tuple[tuple[Scalar, T], ...], Named(key=PATH, is_ordered=False)]
Lookup: TypeAlias = Annotated[tuple[tuple[Scalar, T], ...], Named(key=NAME, is_ordered=False)]
