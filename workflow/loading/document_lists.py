"""The shape of the files that definitions share: lists of choices and the catalogue of laws.

Owns the models, as ``document`` does for definitions. Made by ``source.reading`` alone.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from workflow.loading.document import DecidedShape, Format, LabelShape
from workflow.source.shapes import LAW, Basis, FullTable, Name, Named, Positive, Shape, Some
from workflow.source.text import Scalar


class ListItemShape(Shape, frozen=True):
    """One choice of a shared list."""

    title: LabelShape
    group: Name | None = None


class ListShape(Shape, frozen=True):
    """A shared list of choices."""

    basis: Some[Basis] = ()
    decided: DecidedShape | None = None

    format: Format
    list: Name
    version: Positive
    title: LabelShape
    items: FullTable[ListItemShape]


class LawShape(Shape, frozen=True):
    """One law of the catalogue."""

    title: LabelShape
    articles: Positive | None = Field(None, description="How many articles; without it they are not checked")


class LawsShape(Shape, frozen=True):
    """The catalogue of laws."""

    format: Format
    laws: Annotated[tuple[tuple[Scalar, LawShape], ...], Named(key=LAW, least=1)]
