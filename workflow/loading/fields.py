"""Fields and the columns of records: their types, limits and choices.

Owns the step from a field's shape to `workflow.definition.Field`. Called by ``names``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from workflow.definition import Field, FieldType, Label
from workflow.loading.catalogues import Catalogues
from workflow.loading.context import Context, label, label_or_none
from workflow.loading.document import ColumnShape, FieldShape
from workflow.source.shapes import DATE
from workflow.source.text import Scalar

_LIMITED = frozenset((FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY, FieldType.DATE))
_WITH_LENGTH = frozenset((FieldType.TEXT, FieldType.PERSON))


class Fields:
    """Resolves the fields of one definition."""

    def __init__(self, context: Context, catalogues: Catalogues) -> None:
        self._context = context
        self._catalogues = catalogues

    def field(self, name: str, shape: FieldShape, state: str | None) -> Field:
        """Resolve a field; ``state``: path of the state that it is local to."""
        made = self._value(name, shape)
        columns = {key.text: self._value(key.text, column) for key, column in shape.fields}
        is_record = made.type is FieldType.RECORD
        if is_record and not columns and not shape.has("fields"):
            self._context.report("record-columns", shape.owner)
        if not is_record and shape.has("fields"):
            self._context.report("record-columns", shape.key("fields"), key="record-columns.type")
        if is_record and shape.many is not None and not _is_true(shape.many):
            self._context.report("record-columns", shape.many.span, key="record-columns.many")
        return replace(
            made,
            many=made.many or is_record,
            per_party=shape.per is not None,
            personal=_is_true(shape.personal),
            columns=columns,
            state=state,
        )

    def _value(self, name: str, shape: FieldShape | ColumnShape) -> Field:
        kind = FieldType(shape.type.text)
        low, high = self._limits(kind, shape)
        short, long = number(shape.min_length, None), number(shape.max_length, None)
        if short is not None and long is not None and short > long:
            self._context.report("wrong-limit", shape.key("max_length"), key="wrong-limit.order")
        self._check_for_type(shape, ("min_length", "max_length"), kind, _WITH_LENGTH)
        self._check_for_type(shape, ("currency",), kind, frozenset((FieldType.MONEY,)))
        return Field(
            name=name,
            type=kind,
            title=label_or_none(shape.title),
            description=label_or_none(shape.description),
            options=self._options(kind, shape),
            many=_is_true(shape.many),
            min=low,
            max=high,
            min_length=short,
            max_length=long,
            currency=shape.currency.text if shape.currency else None,
            decided=self._catalogues.decided(shape.decided),
            basis=self._catalogues.basis(shape.basis),
        )

    def _options(self, kind: FieldType, shape: FieldShape | ColumnShape) -> dict[str, Label]:
        self._check_for_type(shape, ("options", "list"), kind, frozenset((FieldType.CHOICE,)))
        if shape.list is not None:
            return dict(self._catalogues.options(shape.list))
        if (
            kind is FieldType.CHOICE
            and not shape.options
            and not shape.has("options")
            and not shape.has("list")
        ):
            self._context.report("choice-without-options", shape.owner)
        return {key.text: label(title) for key, title in shape.options}

    def _check_for_type(
        self,
        shape: FieldShape | ColumnShape,
        keys: tuple[str, ...],
        kind: FieldType,
        allowed: frozenset[FieldType],
    ) -> None:
        for key in keys:
            if shape.has(key) and kind not in allowed:
                self._context.report(
                    "wrong-limit",
                    shape.key(key),
                    key="wrong-limit.type",
                    name=key,
                    type=kind.value,
                    allowed=", ".join(sorted(one.value for one in allowed)),
                )

    def _limits(
        self, kind: FieldType, shape: FieldShape | ColumnShape
    ) -> tuple[Decimal | date | None, Decimal | date | None]:
        self._check_for_type(shape, ("min", "max"), kind, _LIMITED)
        if kind not in _LIMITED:
            return None, None
        low, high = self._limit(kind, shape.min), self._limit(kind, shape.max)
        if low is not None and high is not None and low > high:  # type: ignore[operator]  # of one type
            self._context.report("wrong-limit", shape.key("max"), key="wrong-limit.order")
        return low, high

    def _limit(self, kind: FieldType, scalar: Scalar | None) -> Decimal | date | None:
        if scalar is None:
            return None
        is_date = DATE.fullmatch(scalar.text) is not None
        if is_date != (kind is FieldType.DATE) or (kind is FieldType.INTEGER and "." in scalar.text):
            self._context.report(
                "wrong-limit", scalar.span, key="wrong-limit.value", value=scalar.text, type=kind.value
            )
            return None
        return self._context.date(scalar) if is_date else Decimal(scalar.text)


def number(scalar: Scalar | None, default: int | None) -> int | None:
    """Return a whole number."""
    return default if scalar is None else int(scalar.text)


def _is_true(scalar: Scalar | None) -> bool:
    return scalar is not None and scalar.text == "true"
