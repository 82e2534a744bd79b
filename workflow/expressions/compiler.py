"""From the tree of a guard to closures, every part checked on the way.

Owns what each construct means and what it lets a later part know (``x is not None and x > 3``). One
walk finds all problems; a wrong part is typed `UNKNOWN` and goes with everything, so that one
mistake is reported once. The tree comes from Python's parser through an allow-list; nothing of it is
ever compiled or executed by Python. Called by ``expressions`` only.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from workflow.definition import Fact, Field
from workflow.durations import MAX_N, Duration, Unit
from workflow.expressions import operations
from workflow.expressions.family import Family, attribute_path
from workflow.expressions.parts import (
    AND,
    ATOM,
    COMPARISON,
    NOT,
    NOTHING,
    OR,
    SIGN,
    Findings,
    Part,
    spell,
    truth,
)
from workflow.expressions.rules import compare, fits_beside, negate, reckon, want_truth
from workflow.expressions.types import BOOLEAN, Constant, Kind, Need, Scope, Type, type_of
from workflow.expressions.values import DATE_FORM
from workflow.source.diagnostics import did_you_mean

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

SPECIAL = ("today", "role", "mandate", "documents", "parties", "outcome")
UNITS = tuple(unit.value for unit in Unit)
FUNCTIONS = ("len", *UNITS, "date", "in_state", "expired", "overdue", "children")
RELATED = ("child", "parent")
QUANTIFIERS = ("all", "any")
RESERVED = frozenset((*SPECIAL, *FUNCTIONS, *RELATED, *QUANTIFIERS))
"""Words of the guard language, which no field or fact may be called."""

_OF_TEXT = ("date", "in_state", "expired", "overdue", "children")

_SPELLED = {"true": "True", "false": "False", "null": "None", "none": "None", "nil": "None"}

Known = frozenset[str]


class Compiler:
    """One walk over one guard.

    Attributes:
        findings: What is wrong.
        fields: Full names of the fields that it reads.
        facts: Names of the facts that it reads.
        uses: What else it reads; see `workflow.expressions.guards.Expression`.
        needs: Reads of fields that may be empty, in a lenient scope.
        relations: Kinds of children that it reads.
        constants: Parameters that it reads.
    """

    def __init__(self, scope: Scope, text: str) -> None:
        self.findings = Findings(text)
        self.fields: set[str] = set()
        self.facts: set[str] = set()
        self.uses: set[str] = set()
        self.needs: list[Need] = []
        self.relations: set[str] = set()
        self.constants: set[str] = set()
        self.scope = scope
        self._family = Family(self)
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
        return self.refuse("guard-syntax.comma" if is_comma else "guard-syntax.construct", node)

    def refuse(self, key: str, node: ast.expr, **params: object) -> Part:
        """Report a node and stand for it."""
        place = self.findings.place(node)
        self.findings.report(key, place, **{"found": self.findings.shown(place), **params})
        return self.findings.wrong(place)

    def part(self, node: ast.expr, **attributes: Any) -> Part:
        """Make a part of a node."""
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
        if any(part.is_bound for part in parts):
            return self._settled(node, parts, is_and, passed, decided or NOTHING)
        return self._joined(parts, is_and, passed, decided or NOTHING)

    def _joined(self, parts: list[Part], is_and: bool, passed: Known, decided: Known) -> Part:
        binding, word = (AND, "and") if is_and else (OR, "or")
        run = (operations.both if is_and else operations.either)(tuple(part.run for part in parts))
        normal = f" {word} ".join(part.inside(binding) for part in parts)
        made = truth(parts, run, normal, binding, self.findings)
        when_true, when_false = (passed, decided) if is_and else (decided, passed)
        return replace(made, when_true=when_true, when_false=when_false)

    def _settled(
        self, node: ast.BoolOp, parts: list[Part], is_and: bool, passed: Known, decided: Known
    ) -> Part:
        """Join parts of which a parameter has decided some: those are left out, or settle the whole."""
        if any(part.type.kind is Kind.UNKNOWN for part in parts):
            return self.findings.wrong(self.findings.place(node))
        if any(part.is_bound and part.value is not is_and for part in parts):
            return self._bound(node, not is_and)
        left = [part for part in parts if not part.is_bound]
        if len(left) > 1:
            return self._joined(left, is_and, passed, decided)
        return left[0] if left else self._bound(node, is_and)

    def _bound(self, node: ast.expr, value: bool) -> Part:
        return replace(self._fixed(node, BOOLEAN, value), is_bound=True)

    def _unary(self, node: ast.UnaryOp, known: Known) -> Part:
        part = self.walk(node.operand, known)
        place = self.findings.place(node)
        if isinstance(node.op, ast.USub):
            return negate(part, place, self.findings)
        if not isinstance(node.op, ast.Not):
            return self.refuse("guard-syntax.construct", node)
        part = want_truth(part, self.findings)
        if part.is_bound:
            return self._bound(node, not part.value)
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
            return self.refuse("guard-syntax.chain", node)
        parts = [self.walk(operand, known) for operand in (node.left, *node.comparators)]
        pairs = [
            compare(sign, left, right, self.findings)
            for sign, left, right in zip(signs, parts, parts[1:], strict=False)
        ]
        if any(pair.type.kind is Kind.UNKNOWN for pair in pairs):
            return self.findings.wrong(self.findings.place(node))
        if any(part.is_bound for part in parts) and all(part.is_constant for part in parts):
            # Constants are the same in every environment, so they need none.
            return self._bound(node, all(pair.run(None) for pair in pairs))  # type: ignore[arg-type]  # see above
        if len(pairs) == 1:
            return pairs[0]
        spelt = (f" {sign} {part.inside(COMPARISON)}" for sign, part in zip(signs, parts[1:], strict=True))
        normal = parts[0].inside(COMPARISON) + "".join(spelt)
        run = operations.both(tuple(pair.run for pair in pairs))
        return truth(parts, run, normal, COMPARISON, self.findings)

    def _is_none(self, node: ast.Compare, known: Known) -> Part:
        right = node.comparators[0]
        negated = isinstance(node.ops[0], ast.IsNot)
        if not (isinstance(right, ast.Constant) and right.value is None):
            sign = "!=" if negated else "=="
            return self.refuse("guard-type.is", right, sign=sign)
        name = attribute_path(node.left) or ""
        declared = self._find(name)
        if name in ("role", "mandate", "outcome"):
            part = self._special(node.left, name)
        elif self._family.is_shared(name):
            part = self._family.attribute(node.left, name)
        elif name in self.scope.constants and self.scope.constants[name].is_known:
            return self._bound(node, (self._constant_of(node.left, name).value is None) is not negated)
        elif declared is not None:
            part = self._read(node.left, declared)
        else:
            before = len(self.findings.problems)
            self.walk(node.left, known)
            if len(self.findings.problems) > before:
                return self.findings.wrong(self.findings.place(node))
            return self.refuse("guard-type.is-empty", node.left)
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
            return self.refuse("guard-syntax.construct", node)
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
            return self.refuse("guard-syntax.construct", node)
        # The tree holds a binary fraction; only the text has the number that was written.
        start, length = self.findings.place(node)
        exact = Decimal(self.findings.text[start : start + length].replace("_", ""))
        if exact == int(exact):
            return self._fixed(node, Type(kind=Kind.INTEGER), int(exact))
        return self._fixed(node, Type(kind=Kind.DECIMAL), exact)

    def _fixed(self, node: ast.expr, kind: Type, value: Any, normal: str | None = None) -> Part:
        return self.part(
            node,
            type=kind,
            run=operations.constant(value),
            normal=normal or spell(value),
            is_constant=True,
            value=value,
        )

    def _list(self, node: ast.List, known: Known) -> Part:
        if not node.elts:
            return self.refuse("guard-type.empty-list", node)
        items = tuple(self.walk(item, known) for item in node.elts)
        if any(item.type.kind is Kind.UNKNOWN for item in items):
            return self.findings.wrong(self.findings.place(node))
        first = next((item for item in items if not item.is_text), items[0])
        for item in items:
            if not fits_beside(first, item):
                params = {"left": first.shown, "one": first.type, "right": item.shown, "other": item.type}
                return self.refuse("guard-type.mixed-list", node, **params)
        is_decimal = any(item.type.kind is Kind.DECIMAL for item in items)
        element = Type(kind=Kind.DECIMAL) if is_decimal else first.type
        is_constant = all(item.is_constant for item in items)
        value = tuple(item.value for item in items) if is_constant else None
        gather = operations.gather(tuple(item.run for item in items))
        return self.part(
            node,
            type=Type(kind=Kind.LIST, element=element),
            run=operations.constant(value) if is_constant else gather,
            normal=f"[{', '.join(item.normal for item in items)}]",
            is_constant=is_constant,
            value=value,
            items=items,
        )

    def _attribute(self, node: ast.Attribute, known: Known) -> Part:
        path = attribute_path(node)
        if path is None:
            return self.refuse("guard-syntax.construct", node)
        if self._family.is_relative(path):
            part = self._family.attribute(node, path)
        elif (declared := self._find(path)) is not None:
            part = self._read(node, declared)
        else:
            return self._unknown_path(node, path)
        return self._asked(part, known)

    def _find(self, name: str) -> Field | None:
        """Find a field by the name under which it is seen here."""
        if "." in name:
            return self.scope.find(name)
        return None if name in RESERVED else self.scope.fields.get(name)

    def is_taken(self, name: str) -> bool:
        """Whether a name means something already."""
        names = (self.scope.fields, self.scope.facts, self.scope.constants, RESERVED)
        return any(name in taken for taken in names)

    def _asked(self, part: Part, known: Known) -> Part:
        """See that a field that has been read cannot be empty."""
        if part.field and part.type.kind not in (Kind.LIST, Kind.UNKNOWN) and part.field not in known:
            self._note_empty(part, part.field)
        return part

    # --- names -----------------------------------------------------------------------------------

    def _name(self, node: ast.Name, known: Known) -> Part:
        name = node.id
        if name in SPECIAL:
            return self._special(node, name)
        if name in FUNCTIONS:
            return self.refuse("guard-call.brackets", node)
        if name in QUANTIFIERS:
            return self.refuse("guard-call.brackets", node)
        if self._family.is_relative(name):
            return self._family.whole(node, name)
        if name in self.scope.constants:
            return self._constant_of(node, name)
        if name in self.scope.fields:
            return self._asked(self._read(node, self.scope.fields[name]), known)
        if name in self.scope.facts:
            return self._fact(node, self.scope.facts[name])
        return self._unknown(node, name)

    def _constant_of(self, node: ast.expr, name: str) -> Part:
        constant: Constant = self.scope.constants[name]
        self.constants.add(name)
        value, normal, binding = constant.value, None, ATOM
        if isinstance(value, Duration):
            normal = f"{value.unit}({value.n})"
        elif isinstance(value, int | Decimal) and not isinstance(value, bool) and value < 0:
            binding = SIGN
        if not constant.is_known:
            return self.part(node, type=constant.type, run=operations.constant(value), normal=name)
        made = self._fixed(node, constant.type, value, normal)
        return replace(made, binding=binding, is_bound=True)

    def _note_empty(self, part: Part, name: str) -> None:
        if name in self._lacking:
            return
        self._lacking.add(name)
        if self.scope.is_lenient and name in self.fields:
            self.needs.append(Need(name, *part.place))
        else:
            self.findings.report("maybe-empty", part.place, field=part.shown)

    def _read(self, node: ast.expr, declared: Field) -> Part:
        """Read a field that may be empty."""
        name = declared.name
        if declared.personal:
            return self.refuse("personal-in-guard", node)
        if declared.per_party:
            return self.refuse("guard-not-here.per-party", node)
        self.fields.add(name)
        part = self._declared(node, declared, operations.read_field(name))
        return replace(part, field=name)

    def _fact(self, node: ast.expr, declared: Fact) -> Part:
        if "facts" not in self.scope.allow:
            return self.refuse("guard-not-here.fact", node)
        self.facts.add(declared.name)
        return self._declared(node, declared, operations.read_fact(declared.name))

    def _declared(self, node: ast.expr, declared: Field | Fact, read: operations.Run) -> Part:
        kind = type_of(declared)
        return self.typed(node, kind, read, normal=declared.name, is_field=isinstance(declared, Field))

    def typed(self, node: ast.expr, kind: Type, read: operations.Run, *, normal: str, is_field: bool) -> Part:
        """Make a part of a value that is read: text in NFC, and an empty list for none."""
        is_text = (kind.element or kind).family == "text"
        if kind.element is not None:
            read = (operations.read_texts if is_text else operations.read_list)(read)
        elif is_text:
            read = operations.read_text(read)
        plain = kind.element is None and not is_text and is_field
        return self.part(node, type=kind, run=read, normal=normal, plain=plain)

    def _special(self, node: ast.expr, name: str) -> Part:
        if name not in self.scope.allow:
            return self.refuse(f"guard-not-here.{name}", node)
        self.uses.add(name)
        return self.part(node, type=self._type_of_special(name), run=operations.SPECIAL[name], normal=name)

    def _type_of_special(self, name: str) -> Type:
        match name:
            case "today":
                return Type(kind=Kind.DATE)
            case "mandate" | "outcome":
                return Type(kind=Kind.TEXT)
            case "role":
                return Type(kind=Kind.ROLE, options=tuple(sorted(self.scope.roles)))
            case "documents":
                options = tuple(sorted(self.scope.documents))
                spellings = self.scope.spellings
                document = Type(kind=Kind.DOCUMENT, options=options, spellings=spellings)
                return Type(kind=Kind.LIST, element=document)
        return Type(kind=Kind.LIST, element=Type(kind=Kind.PARTY))

    def _unknown(self, node: ast.expr, name: str) -> Part:
        if name in _SPELLED:
            return self.refuse("guard-syntax.instead", node, instead=_SPELLED[name])
        if self._is_quotable(name):
            return self.refuse("guard-unknown-name.quotes", node, name=name)
        here = (word for word in SPECIAL if word in self.scope.allow)
        if name in self.scope.parameters:
            close: str | None = f"${name}"
        else:
            close = did_you_mean(name, (*self.scope.fields, *self.scope.facts, *self.scope.constants, *here))
        key = "guard-unknown-name" + (".close" if close else "")
        return self.refuse(key, node, name=name, close=close)

    def _unknown_path(self, node: ast.expr, path: str) -> Part:
        bare = path.rpartition(".")[2]
        if path.partition(".")[0] in self.scope.fields:
            return self.refuse("guard-syntax.construct", node)
        close = bare if bare in self.scope.fields else None
        return self.refuse("guard-unknown-name" + (".close" if close else ""), node, name=path, close=close)

    def _is_quotable(self, name: str) -> bool:
        """Whether a word is the name of an option, role or document that lacks its quotes."""
        options = (field.options for field in self.scope.fields.values())
        return any(name in names for names in (self.scope.documents, self.scope.roles, *options))

    # --- calls -----------------------------------------------------------------------------------

    def _call(self, node: ast.Call, known: Known) -> Part:
        if not isinstance(node.func, ast.Name):
            return self.refuse("guard-call.method", node)
        name = node.func.id
        if name in QUANTIFIERS:
            return self._family.quantified(node, name, known)
        if name not in FUNCTIONS:
            return self._unknown_function(node.func, name)
        if len(node.args) != 1:
            return self.refuse("guard-call.one", node, name=name)
        if name in _OF_TEXT:
            return self._of_text(node, name)
        part = self.walk(node.args[0], known)
        return self._length(node, part) if name == "len" else self._duration(node, Unit(name), part)

    def _unknown_function(self, node: ast.expr, name: str) -> Part:
        if name in self.scope.fields or name in self.scope.facts or name in SPECIAL:
            return self.refuse("guard-call.value", node, name=name)
        close = did_you_mean(name, FUNCTIONS)
        key = "guard-unknown-name.function" + ("-close" if close else "")
        return self.refuse(key, node, name=name, close=close, known=", ".join(FUNCTIONS))

    def _length(self, node: ast.Call, part: Part) -> Part:
        if part.type.kind is Kind.UNKNOWN:
            return part
        if part.type.kind is not Kind.LIST and part.type.family != "text":
            return self.refuse("guard-call.len", node, one=part.type)
        run, kind = operations.length(part.run), Type(kind=Kind.INTEGER)
        return self.part(node, type=kind, run=run, normal=f"len({part.normal})", binding=ATOM)

    def _duration(self, node: ast.Call, unit: Unit, part: Part) -> Part:
        if part.type.kind is Kind.UNKNOWN:
            return part
        if part.type.kind is not Kind.INTEGER:
            return self.refuse("guard-call.number", node, name=unit.value, one=part.type)
        kind = Type(kind=Kind.DURATION, unit=Unit.MONTHS if unit is Unit.YEARS else unit)
        normal = f"{unit}({part.normal})"
        if not part.is_constant:
            return self.part(node, type=kind, run=operations.build(unit, part.run), normal=normal)
        if abs(part.value) > MAX_N:
            return self.refuse("guard-call.large", node, most=MAX_N)
        return self._fixed(node, kind, Duration(part.value, unit), normal)

    def _of_text(self, node: ast.Call, name: str) -> Part:
        argument = node.args[0]
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
            return self.refuse(f"guard-call.{name.replace('_', '-')}", node)
        if name == "date":
            return self._date(node, argument.value)
        if name == "in_state":
            return self._in_state(node, argument.value)
        if name == "children":
            return self._family.children(node, argument.value)
        return self._clock(node, name, argument.value)

    def _date(self, node: ast.Call, text: str) -> Part:
        try:
            on = date.fromisoformat(text) if DATE_FORM.fullmatch(text) else None
        except ValueError:
            on = None
        if on is None:
            return self.refuse("guard-call.no-date", node.args[0], name=text)
        return self._fixed(node, Type(kind=Kind.DATE), on, f"date('{on}')")

    def _in_state(self, node: ast.Call, text: str) -> Part:
        if "in_state" not in self.scope.allow:
            return self.refuse("guard-not-here.in_state", node)
        path = self._path(node, text, self.scope.states, "state")
        if isinstance(path, Part):
            return path
        self.uses.add("in_state")
        return self.part(node, type=BOOLEAN, run=operations.active(path), normal=f"in_state({spell(path)})")

    def _clock(self, node: ast.Call, name: str, text: str) -> Part:
        if "clocks" not in self.scope.allow:
            return self.refuse("guard-not-here.clocks", node, name=name)
        paths = self.scope.deadlines if name == "expired" else self.scope.obligations
        path = text if paths is None else self._path(node, text, paths, name)
        if isinstance(path, Part):
            return path
        self.uses.add("clocks")
        run = (operations.expired if name == "expired" else operations.overdue)(path)
        return self.part(node, type=BOOLEAN, run=run, normal=f"{name}({spell(path)})")

    def _path(self, node: ast.Call, text: str, paths: Collection[str], sort: str) -> str | Part:
        """Find the one path that ends in ``text``, the nearest first; refuse what is none or several."""
        found = sorted(path for path in paths if path == text or path.endswith(f".{text}"))
        for place in self.scope.near if len(found) > 1 else ():
            inside = [path for path in found if path.startswith(f"{place}.") or not place]
            if inside:
                found = inside
                break
        if text in found:
            found = [text]
        if not text or not found:
            close = did_you_mean(text, paths) or self._same_end(text, paths)
            key = f"guard-unknown-name.{sort}" + ("-close" if close else "")
            return self.refuse(key, node.args[0], name=text, close=close)
        if len(found) > 1:
            key = "guard-call.several" + ("" if sort == "state" else "-clocks")
            return self.refuse(key, node.args[0], name=text, known=", ".join(found[:6]))
        return found[0]

    @staticmethod
    def _same_end(text: str, paths: Collection[str]) -> str | None:
        """Return the path whose own name was meant where what stands before it is wrong."""
        names = {path.rpartition(".")[2]: path for path in sorted(paths, reverse=True)}
        close = did_you_mean(text.rpartition(".")[2], names) or text.rpartition(".")[2]
        return names.get(close)
