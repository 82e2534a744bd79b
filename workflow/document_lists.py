"""The shape of the files that definitions share: lists of choices and the catalogue of laws.

Owns the models, as ``workflow.document`` does for definitions. Made by ``workflow.reading`` alone.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from workflow.document import DecidedShape, Format, LabelShape
from workflow.shapes import LAW, Basis, FullTable, Name, Named, Positive, Shape, Some
from workflow.text import Scalar


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
