"""What a definition says, in words short enough for a drawing.

Owns how guards, durations, roles and days are put for people who read law, not code. Guards were
checked when the definition was loaded; here their normal spelling is only read, never evaluated, and
what has no words of its own stays as it is written. Called by ``diagram``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import workflow.texts.diagram  # noqa: F401  (registers the texts)
from workflow.definition import Deadline, Definition, Field, FieldType, Label, Obligation, RoleRef
from workflow.durations import Duration, Unit
from workflow.expressions.guards import Expression
from workflow.locale import Message
from workflow.texts.calendars import DayText, DurationText

_SIGNS: dict[type[ast.AST], str] = {
    ast.Eq: "=",
    ast.NotEq: "≠",
    ast.Lt: "<",
    ast.LtE: "≤",
    ast.Gt: ">",
    ast.GtE: "≥",
    ast.Add: "+",
    ast.Sub: "−",
    ast.Mult: "×",
}
_UNITS = {unit.value for unit in Unit}
_ABOUT = {"in_state": "in-state", "expired": "expired", "overdue": "late"}
_CLOSED, _OUTCOME = ".closed", ".outcome"
_YEAR = 2024
"""A leap year, to name a day that has none."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says the parts of one definition in one language."""

    definition: Definition
    language: str

    def say(self, key: str, **params: Any) -> str:
        """Return a text of diagrams."""
        return Message(f"diagram.{key}", params).text(self.language)

    def title(self, label: Label | None, name: str) -> str:
        """Return a title on one line; a name as words where there is none."""
        text = label.text(self.language) if label is not None else ""
        shown = " ".join(text.split())
        return shown or name.replace("_", " ").strip().capitalize()

    def duration(self, duration: Duration) -> str:
        """Return a duration."""
        return DurationText(duration).text(self.language)

    def day(self, on: date) -> str:
        """Return a day without its weekday.

        Example:
            >>> from workflow.definition import Definition
            >>> Speaker(None, "id").day(date(2026, 2, 2))
            '2 Februari 2026'
        """
        return DayText(on).text(self.language).partition(" ")[2]

    def day_of_year(self, month: int, day: int) -> str:
        """Return a day of every year: ``30 Juni``."""
        return self.day(date(_YEAR, month, day)).rpartition(" ")[0]

    def listed(self, parts: Iterable[str], key: str = "and") -> str:
        """Return parts as an enumeration."""
        *first, last = list(parts) or [""]
        return self.say(key, first=", ".join(first), rest=last) if first else last

    def who(self, refs: Sequence[RoleRef]) -> str:
        """Return who may act, by the short titles of their roles; the side only where it matters."""
        return " / ".join(dict.fromkeys(self._role(ref) for ref in refs))

    def _role(self, ref: RoleRef) -> str:
        role = self.definition.roles.get(ref.role)
        shown = self.title(role.title if role else None, ref.role).partition(" (")[0]
        side = self.definition.sides.get(ref.side or "")
        if side is None or role is None or len(role.sides) < 2:
            return shown
        return self.say("who-of", role=shown, side=self.title(side.title, side.name))

    def field(self, name: str) -> str:
        """Return the title of a field."""
        declared = _field(self.definition, name)
        return self.title(declared.title if declared else None, name.rpartition(".")[2])

    def relation(self, name: str) -> str:
        """Return the title of children of one kind."""
        relation = self.definition.children.get(name)
        return self.title(relation.title if relation else None, name)

    def state(self, path: str) -> str:
        """Return the title of a state."""
        state = self.definition.states.get(path)
        return self.title(state.title if state else None, path.rpartition(".")[2])

    def condition(self, expression: Expression) -> str:
        """Return a guard in words.

        Returns:
            One line. What has no words stays as it is written.
        """
        return _Words(self).truth(ast.parse(f"({expression.normal})", mode="eval").body)

    def value(self, expression: Expression, *, beside: str = "") -> str:
        """Return an expression that is no guard, such as a day, in words.

        Args:
            expression: The expression.
            beside: The field that it is written to, for the titles of its options.
        """
        return _Words(self).of(ast.parse(f"({expression.normal})", mode="eval").body, beside)

    def timed(self, path: str) -> str:
        """Return the title of the deadline or obligation whose path is ``path`` or ends so."""
        for state in self.definition.states.values():
            every: list[Deadline | Obligation] = [*state.deadlines, *state.obligations]
            for one in every:
                if f".{one.path}".endswith(f".{path}"):
                    return self.title(one.title, one.name)
        return path


def _field(definition: Definition, name: str) -> Field | None:
    if name in definition.fields:
        return definition.fields[name]
    return next((one for one in definition.fields.values() if one.bare == name), None)


class _Words:
    """Reads one guard."""

    def __init__(self, speaker: Speaker) -> None:
        self._say = speaker.say
        self._speaker = speaker
        self._definition = speaker.definition

    # --- what is true or false -----------------------------------------------------------------------

    def truth(self, node: ast.expr, *, inside: bool = False) -> str:
        """Return words for what is true or false."""
        if isinstance(node, ast.BoolOp):
            return self._joined(node, inside)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self._negated(node.operand)
        if isinstance(node, ast.Compare):
            return self._compared(node)
        if name := _name(node):
            is_closed = name.endswith(_CLOSED)
            return self._say("ended") if is_closed else self._say("is-true", what=self._named(name))
        return self.of(node)

    def _joined(self, node: ast.BoolOp, inside: bool) -> str:
        values = _without_presence(node.values) if isinstance(node.op, ast.And) else node.values
        if len(values) == 1:
            return self.truth(values[0], inside=inside)
        key = "and" if isinstance(node.op, ast.And) else "or"
        text = self.truth(values[0], inside=True)
        for value in values[1:]:
            text = self._say(key, first=text, rest=self.truth(value, inside=True))
        return f"({text})" if inside else text

    def _negated(self, node: ast.expr) -> str:
        if name := _name(node):
            is_closed = name.endswith(_CLOSED)
            return self._say("not-ended") if is_closed else self._say("is-false", what=self._named(name))
        return self._say("not", what=self.truth(node))

    def _compared(self, node: ast.Compare) -> str:
        operands = [node.left, *node.comparators]
        parts = [
            self._pair(left, operator, right)
            for left, operator, right in zip(operands, node.ops, operands[1:], strict=False)
        ]
        return self._speaker.listed(parts)

    def _pair(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> str:
        if isinstance(operator, (ast.Is, ast.IsNot)):
            return self._say("is-empty" if isinstance(operator, ast.Is) else "is-given", what=self.of(left))
        if isinstance(operator, (ast.In, ast.NotIn)):
            return self._among(left, right, isinstance(operator, ast.In))
        beside = _name(left) or _name(right)
        return f"{self.of(left, beside)} {_SIGNS[type(operator)]} {self.of(right, beside)}"

    def _among(self, left: ast.expr, right: ast.expr, is_in: bool) -> str:
        if _name(right) == "documents" and isinstance(left, ast.Constant):
            document = self._definition.documents.get(str(left.value))
            what = self._speaker.title(document.title if document else None, str(left.value))
            return self._say("document-there" if is_in else "document-missing", what=what)
        beside = _name(left) or _name(right)
        item, everything = self.of(left, beside), self.of(right, beside)
        return self._say("in" if is_in else "not-in", item=item, all=everything)

    # --- values ----------------------------------------------------------------------------------------

    def of(self, node: ast.expr, beside: str = "") -> str:
        """Return words for a value; ``beside``: the field that it is compared with, for its options."""
        if name := _name(node):
            return self._named(name)
        if isinstance(node, ast.Constant):
            return self._constant(node.value, beside)
        if isinstance(node, (ast.List, ast.Tuple)):
            return ", ".join(self.of(one, beside) for one in node.elts)
        if isinstance(node, ast.BinOp) and type(node.op) in _SIGNS:
            return f"{self.of(node.left)} {_SIGNS[type(node.op)]} {self.of(node.right)}"
        if isinstance(node, ast.Call) and (said := self._call(node)) is not None:
            return said
        if isinstance(node, (ast.BoolOp, ast.Compare)):
            return self.truth(node)
        return ast.unparse(node)

    def _constant(self, value: object, beside: str) -> str:
        declared = _field(self._definition, beside)
        if declared is not None and isinstance(value, str) and value in declared.options:
            return self._speaker.title(declared.options[value], value)
        if declared is not None and declared.type is FieldType.PARTY:
            return str(value)
        if value is None:
            return self._say("nothing")
        return f"“{value}”" if isinstance(value, str) else str(value)

    def _call(self, node: ast.Call) -> str | None:
        function = _name(node.func)
        if len(node.args) != 1:
            return None
        [given] = node.args
        if isinstance(given, ast.GeneratorExp):
            return self._say(
                f"{function}-of", what=self.of(given.generators[0].iter), so=self.truth(given.elt)
            )
        if function == "children" and isinstance(given, ast.Constant):
            return self._speaker.relation(str(given.value))
        if function in _UNITS and isinstance(given, ast.Constant) and isinstance(given.value, int):
            return self._speaker.duration(Duration(given.value, Unit(function)))
        if function == "len":
            return self._say("count", what=self.of(given))
        if function in _ABOUT and isinstance(given, ast.Constant):
            path = str(given.value)
            return self._say(_ABOUT[function], what=_titled(self._speaker, path))
        return None

    def _named(self, name: str) -> str:
        if name in ("today", "parties", "documents"):
            return self._say(name)
        if name.endswith(_OUTCOME):
            return self._say("outcome")
        if name in self._definition.facts:
            return self._speaker.title(self._definition.facts[name].title, name)
        return self._speaker.field(name)


def _titled(speaker: Speaker, path: str) -> str:
    """Return the title of the state, deadline or obligation that a guard names by a path or its end."""
    definition = speaker.definition
    found = [one for one in definition.states if one and f".{one}".endswith(f".{path}")]
    if found:
        return speaker.state(found[0])
    return speaker.timed(path)


def _name(node: ast.expr) -> str:
    """Return the dotted name that an expression is; empty where it is something else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := _name(node.value)):
        return f"{before}.{node.attr}"
    return ""


def _without_presence(values: list[ast.expr]) -> list[ast.expr]:
    """Leave out ``x is not None`` where what stands beside it speaks of ``x`` anyway."""
    kept = []
    for value in values:
        name = _present(value)
        others = [one for one in values if one is not value and not _present(one)]
        if not name or not any(name == _name(part) for one in others for part in _parts(one)):
            kept.append(value)
    return kept


def _present(node: ast.expr) -> str:
    is_presence = isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.IsNot)
    return _name(node.left) if is_presence and isinstance(node, ast.Compare) else ""


def _parts(node: ast.expr) -> list[ast.expr]:
    return [one for one in ast.walk(node) if isinstance(one, (ast.Name, ast.Attribute))]
