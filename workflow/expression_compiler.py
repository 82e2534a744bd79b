"""From the tree of a guard to closures, every part checked on the way.

Owns what each construct means and what it lets a later part know (``x is not None and x > 3``). One
walk finds all problems; a wrong part is typed `UNKNOWN` and goes with everything, so that one
mistake is reported once. The tree comes from Python's parser through an allow-list; nothing of it is
ever compiled or executed by Python. Called by ``expressions`` only.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from workflow import expression_operations as operations
from workflow.definition import Fact, Field
from workflow.diagnostics import did_you_mean
from workflow.durations import MAX_N, Duration, Unit
from workflow.expression_parts import AND, ATOM, COMPARISON, NOT, NOTHING, OR, Findings, Part, spell, truth
from workflow.expression_rules import compare, fits_beside, negate, reckon, want_truth
from workflow.expression_tokens import NOT_YET
from workflow.expression_types import BOOLEAN, Kind, Scope, Type, type_of
from workflow.values import DATE_FORM

_SIGNS: dict[type[ast.AST], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
}
_CHAINS = (frozenset(("<", "<=")), frozenset((">", ">=")))

SPECIAL = ("today", "role", "documents", "parties")
UNITS = tuple(unit.value for unit in Unit)
FUNCTIONS = ("len", *UNITS, "date", "in_state")
RESERVED = frozenset((*SPECIAL, *FUNCTIONS, *NOT_YET))
"""Words of the guard language, which no field or fact may be called."""

_SPELLED = {"true": "True", "false": "False", "null": "None", "none": "None", "nil": "None"}

Known = frozenset[str]


class Compiler:
    """One walk over one guard.

    Attributes:
        findings: What is wrong.
        fields: Names of the fields that it reads.
        facts: Names of the facts that it reads.
        uses: What else it reads, of ``today role documents parties in_state calendar``.
    """

    def __init__(self, scope: Scope, text: str) -> None:
        self.findings = Findings(text)
        self.fields: set[str] = set()
        self.facts: set[str] = set()
        self.uses: set[str] = set()
        self._scope = scope
        self._lacking: set[str] = set()
        self._walkers: dict[type[ast.expr], Callable[[Any, Known], Part]] = {
            ast.BoolOp: self._join,
            ast.UnaryOp: self._unary,
            ast.Compare: self._compare,
            ast.BinOp: self._binary,
            ast.Call: self._call,
            ast.Name: self._name,
            ast.Constant: self._constant,
            ast.List: self._list,
            ast.Attribute: self._attribute,
        }

    def walk(self, node: ast.expr, known: Known) -> Part:
        """Check and compile a node.

        Args:
            node: An expression.
            known: Fields that cannot be empty when it is computed.
        """
        walker = self._walkers.get(type(node))
        if walker is not None:
            return walker(node, known)
        is_comma = isinstance(node, ast.Tuple)
        return self._refuse("guard-syntax.comma" if is_comma else "guard-syntax.construct", node)

    def _refuse(self, key: str, node: ast.expr, **params: object) -> Part:
        place = self.findings.place(node)
        self.findings.report(key, place, **{"found": self.findings.shown(place), **params})
        return self.findings.wrong(place)

    def _part(self, node: ast.expr, **attributes: Any) -> Part:
        place = self.findings.place(node)
        return Part(place=place, shown=self.findings.shown(place), **attributes)

    # --- logic -----------------------------------------------------------------------------------

    def _join(self, node: ast.BoolOp, known: Known) -> Part:
        is_and = isinstance(node.op, ast.And)
        parts: list[Part] = []
        passed: Known = NOTHING  # known where no part has decided
        decided: Known | None = None  # known whichever of them decided
        for value in node.values:
            part = want_truth(self.walk(value, known | passed), self.findings)
            goes_on, ends = (part.when_true, part.when_false) if is_and else (part.when_false, part.when_true)
            decided = ends if decided is None else decided & ends
            passed |= goes_on
            parts.append(part)
        binding, word = (AND, "and") if is_and else (OR, "or")
        run = (operations.both if is_and else operations.either)(tuple(part.run for part in parts))
        normal = f" {word} ".join(part.inside(binding) for part in parts)
        made = truth(parts, run, normal, binding, self.findings)
        all_of_them = passed, decided or NOTHING
        when_true, when_false = all_of_them if is_and else all_of_them[::-1]
        return replace(made, when_true=when_true, when_false=when_false)

    def _unary(self, node: ast.UnaryOp, known: Known) -> Part:
        part = self.walk(node.operand, known)
        place = self.findings.place(node)
        if isinstance(node.op, ast.USub):
            return negate(part, place, self.findings)
        if not isinstance(node.op, ast.Not):
            return self._refuse("guard-syntax.construct", node)
        part = want_truth(part, self.findings)
        return Part(
            type=BOOLEAN,
            run=operations.deny(part.run),
            normal=f"not {part.inside(NOT - 1)}",
            binding=NOT,
            place=place,
            shown=self.findings.shown(place),
            when_true=part.when_false,
            when_false=part.when_true,
        )

    def _compare(self, node: ast.Compare, known: Known) -> Part:
        signs = [_SIGNS[type(op)] for op in node.ops]
        if signs[0] in ("is", "is not") and len(signs) == 1:
            return self._is_none(node, known)
        if len(signs) > 1 and not any(chain.issuperset(signs) for chain in _CHAINS):
            return self._refuse("guard-syntax.chain", node)
        parts = [self.walk(operand, known) for operand in (node.left, *node.comparators)]
        pairs = [
            compare(sign, left, right, self.findings)
            for sign, left, right in zip(signs, parts, parts[1:], strict=False)
        ]
        if len(pairs) == 1:
            return pairs[0]
        if any(pair.type.kind is Kind.UNKNOWN for pair in pairs):
            return self.findings.wrong(self.findings.place(node))
        spelt = (f" {sign} {part.inside(COMPARISON)}" for sign, part in zip(signs, parts[1:], strict=True))
        normal = parts[0].inside(COMPARISON) + "".join(spelt)
        run = operations.both(tuple(pair.run for pair in pairs))
        return truth(parts, run, normal, COMPARISON, self.findings)

    def _is_none(self, node: ast.Compare, known: Known) -> Part:
        right = node.comparators[0]
        negated = isinstance(node.ops[0], ast.IsNot)
        if not (isinstance(right, ast.Constant) and right.value is None):
            sign = "!=" if negated else "=="
            return self._refuse("guard-type.is", right, sign=sign)
        name = node.left.id if isinstance(node.left, ast.Name) else None
        if name == "role":
            part = self._special(node.left, name)
        elif name is not None and name in self._scope.fields and name not in RESERVED:
            part = self._read(node.left, name)
        else:
            before = len(self.findings.problems)
            self.walk(node.left, known)
            if len(self.findings.problems) > before:
                return self.findings.wrong(self.findings.place(node))
            return self._refuse("guard-type.is-empty", node.left)
        if part.type.kind is Kind.UNKNOWN:
            return part
        run = self._emptiness(part, negated)
        normal = f"{part.normal} {'is not' if negated else 'is'} None"
        place = self.findings.place(node)
        made = Part(type=BOOLEAN, run=run, normal=normal, binding=COMPARISON, place=place, shown=part.shown)
        there = frozenset((part.field,)) if part.field else NOTHING
        return replace(made, when_true=there) if negated else replace(made, when_false=there)

    def _emptiness(self, part: Part, negated: bool) -> operations.Run:
        if part.type.kind is Kind.LIST:
            return operations.has_entries(part.run) if negated else operations.deny(part.run)
        return operations.is_given(part.run) if negated else operations.is_empty(part.run)

    def _binary(self, node: ast.BinOp, known: Known) -> Part:
        sign = _SIGNS.get(type(node.op))
        if sign is None:
            return self._refuse("guard-syntax.construct", node)
        left, right = self.walk(node.left, known), self.walk(node.right, known)
        made = reckon(sign, left, right, self.findings)
        by = right.type if right.type.kind is Kind.DURATION else left.type
        if made.type.kind is Kind.DATE and by.unit in (None, Unit.WORKING_DAYS):
            self.uses.add("calendar")
        return made

    # --- values ----------------------------------------------------------------------------------

    def _constant(self, node: ast.Constant, known: Known) -> Part:
        value = node.value
        if value is None:
            return self._fixed(node, Type(kind=Kind.NONE), None)
        if isinstance(value, bool):
            return self._fixed(node, BOOLEAN, value)
        if isinstance(value, str):
            return self._fixed(node, Type(kind=Kind.TEXT), normalize("NFC", value))
        if not isinstance(value, int | float):
            return self._refuse("guard-syntax.construct", node)
        # The tree holds a binary fraction; only the text has the number that was written.
        start, length = self.findings.place(node)
        exact = Decimal(self.findings.text[start : start + length].replace("_", ""))
        if exact == int(exact):
            return self._fixed(node, Type(kind=Kind.INTEGER), int(exact))
        return self._fixed(node, Type(kind=Kind.DECIMAL), exact)

    def _fixed(self, node: ast.expr, kind: Type, value: Any, normal: str | None = None) -> Part:
        return self._part(
            node,
            type=kind,
            run=operations.constant(value),
            normal=normal or spell(value),
            is_constant=True,
            value=value,
        )

    def _list(self, node: ast.List, known: Known) -> Part:
        if not node.elts:
            return self._refuse("guard-type.empty-list", node)
        items = tuple(self.walk(item, known) for item in node.elts)
        if any(item.type.kind is Kind.UNKNOWN for item in items):
            return self.findings.wrong(self.findings.place(node))
        first = next((item for item in items if not item.is_text), items[0])
        for item in items:
            if not fits_beside(first, item):
                params = {"left": first.shown, "one": first.type, "right": item.shown, "other": item.type}
                return self._refuse("guard-type.mixed-list", node, **params)
        is_decimal = any(item.type.kind is Kind.DECIMAL for item in items)
        element = Type(kind=Kind.DECIMAL) if is_decimal else first.type
        is_constant = all(item.is_constant for item in items)
        value = tuple(item.value for item in items) if is_constant else None
        gather = operations.gather(tuple(item.run for item in items))
        return self._part(
            node,
            type=Type(kind=Kind.LIST, element=element),
            run=operations.constant(value) if is_constant else gather,
            normal=f"[{', '.join(item.normal for item in items)}]",
            is_constant=is_constant,
            value=value,
            items=items,
        )

    def _attribute(self, node: ast.Attribute, known: Known) -> Part:
        return self._refuse("not-yet-supported", node, name=self.findings.shown(self.findings.place(node)))

    # --- names -----------------------------------------------------------------------------------

    def _name(self, node: ast.Name, known: Known) -> Part:
        name = node.id
        if name in SPECIAL:
            return self._special(node, name)
        if name in FUNCTIONS:
            return self._refuse("guard-call.brackets", node)
        if name in NOT_YET:
            return self._refuse("not-yet-supported", node, name=name)
        if name in self._scope.fields:
            part = self._read(node, name)
            if part.type.kind not in (Kind.LIST, Kind.UNKNOWN) and name not in known:
                self._note_empty(part, name)
            return part
        if name in self._scope.facts:
            return self._fact(node, self._scope.facts[name])
        return self._unknown(node, name)

    def _note_empty(self, part: Part, name: str) -> None:
        if name not in self._lacking:
            self._lacking.add(name)
            self.findings.report("maybe-empty", part.place, field=name)

    def _read(self, node: ast.expr, name: str) -> Part:
        """Read a field that may be empty."""
        declared = self._scope.fields[name]
        if declared.personal:
            return self._refuse("personal-in-guard", node)
        if declared.per_party:
            return self._refuse("guard-not-here.per-party", node)
        self.fields.add(name)
        part = self._declared(node, declared, operations.read_field(name))
        return replace(part, field=name)

    def _fact(self, node: ast.expr, declared: Fact) -> Part:
        if "facts" not in self._scope.allow:
            return self._refuse("guard-not-here.fact", node)
        self.facts.add(declared.name)
        return self._declared(node, declared, operations.read_fact(declared.name))

    def _declared(self, node: ast.expr, declared: Field | Fact, read: operations.Run) -> Part:
        kind = type_of(declared)
        is_text = (kind.element or kind).family == "text"
        if kind.element is not None:
            read = (operations.read_texts if is_text else operations.read_list)(read)
        elif is_text:
            read = operations.read_text(read)
        plain = kind.element is None and not is_text and isinstance(declared, Field)
        return self._part(node, type=kind, run=read, normal=declared.name, plain=plain)

    def _special(self, node: ast.expr, name: str) -> Part:
        if name not in self._scope.allow:
            return self._refuse(f"guard-not-here.{name}", node)
        self.uses.add(name)
        return self._part(node, type=self._type_of_special(name), run=operations.SPECIAL[name], normal=name)

    def _type_of_special(self, name: str) -> Type:
        match name:
            case "today":
                return Type(kind=Kind.DATE)
            case "role":
                return Type(kind=Kind.ROLE, options=tuple(sorted(self._scope.roles)))
            case "documents":
                options = tuple(sorted(self._scope.documents))
                return Type(kind=Kind.LIST, element=Type(kind=Kind.DOCUMENT, options=options))
        return Type(kind=Kind.LIST, element=Type(kind=Kind.PARTY))

    def _unknown(self, node: ast.expr, name: str) -> Part:
        if name in _SPELLED:
            return self._refuse("guard-syntax.instead", node, instead=_SPELLED[name])
        if self._is_quotable(name):
            return self._refuse("guard-unknown-name.quotes", node, name=name)
        here = (word for word in SPECIAL if word in self._scope.allow)
        close = did_you_mean(name, (*self._scope.fields, *self._scope.facts, *here))
        key = "guard-unknown-name" + (".close" if close else "")
        return self._refuse(key, node, name=name, close=close)

    def _is_quotable(self, name: str) -> bool:
        """Whether a word is the name of an option, role or document that lacks its quotes."""
        options = (field.options for field in self._scope.fields.values())
        return any(name in names for names in (self._scope.documents, self._scope.roles, *options))

    # --- calls -----------------------------------------------------------------------------------

    def _call(self, node: ast.Call, known: Known) -> Part:
        if not isinstance(node.func, ast.Name):
            return self._refuse("guard-call.method", node)
        name = node.func.id
        if name in NOT_YET:
            return self._refuse("not-yet-supported", node, name=f"{name}()")
        if name not in FUNCTIONS:
            return self._unknown_function(node.func, name)
        if len(node.args) != 1:
            return self._refuse("guard-call.one", node, name=name)
        if name in ("date", "in_state"):
            return self._of_text(node, name)
        part = self.walk(node.args[0], known)
        return self._length(node, part) if name == "len" else self._duration(node, Unit(name), part)

    def _unknown_function(self, node: ast.expr, name: str) -> Part:
        if name in self._scope.fields or name in self._scope.facts or name in SPECIAL:
            return self._refuse("guard-call.value", node, name=name)
        close = did_you_mean(name, FUNCTIONS)
        key = "guard-unknown-name.function" + ("-close" if close else "")
        return self._refuse(key, node, name=name, close=close, known=", ".join(FUNCTIONS))

    def _length(self, node: ast.Call, part: Part) -> Part:
        if part.type.kind is Kind.UNKNOWN:
            return part
        if part.type.kind is not Kind.LIST and part.type.family != "text":
            return self._refuse("guard-call.len", node, one=part.type)
        run, kind = operations.length(part.run), Type(kind=Kind.INTEGER)
        return self._part(node, type=kind, run=run, normal=f"len({part.normal})", binding=ATOM)

    def _duration(self, node: ast.Call, unit: Unit, part: Part) -> Part:
        if part.type.kind is Kind.UNKNOWN:
            return part
        if part.type.kind is not Kind.INTEGER:
            return self._refuse("guard-call.number", node, name=unit.value, one=part.type)
        kind = Type(kind=Kind.DURATION, unit=Unit.MONTHS if unit is Unit.YEARS else unit)
        normal = f"{unit}({part.normal})"
        if not part.is_constant:
            return self._part(node, type=kind, run=operations.build(unit, part.run), normal=normal)
        if abs(part.value) > MAX_N:
            return self._refuse("guard-call.large", node, most=MAX_N)
        return self._fixed(node, kind, Duration(part.value, unit), normal)

    def _of_text(self, node: ast.Call, name: str) -> Part:
        argument = node.args[0]
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
            return self._refuse(f"guard-call.{name.replace('_', '-')}", node)
        return self._date(node, argument.value) if name == "date" else self._in_state(node, argument.value)

    def _date(self, node: ast.Call, text: str) -> Part:
        try:
            on = date.fromisoformat(text) if DATE_FORM.fullmatch(text) else None
        except ValueError:
            on = None
        if on is None:
            return self._refuse("guard-call.no-date", node.args[0], name=text)
        return self._fixed(node, Type(kind=Kind.DATE), on, f"date('{on}')")

    def _in_state(self, node: ast.Call, text: str) -> Part:
        if "in_state" not in self._scope.allow:
            return self._refuse("guard-not-here.in_state", node)
        found = sorted(path for path in self._scope.states if path == text or path.endswith(f".{text}"))
        if text in found:
            found = [text]
        if not text or not found:
            close = did_you_mean(text, self._scope.states) or self._same_end(text)
            key = "guard-unknown-name.state" + ("-close" if close else "")
            return self._refuse(key, node.args[0], name=text, close=close)
        if len(found) > 1:
            return self._refuse("guard-call.several", node.args[0], name=text, known=", ".join(found[:6]))
        self.uses.add("in_state")
        run = operations.active(found[0])
        return self._part(node, type=BOOLEAN, run=run, normal=f"in_state({spell(found[0])})")

    def _same_end(self, text: str) -> str | None:
        """Return the state whose own name was meant where the path before it is wrong."""
        names = {path.rpartition(".")[2]: path for path in sorted(self._scope.states, reverse=True)}
        close = did_you_mean(text.rpartition(".")[2], names) or text.rpartition(".")[2]
        return names.get(close)
