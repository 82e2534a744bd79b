"""Guards that look at related cases: children, the child that has closed, the parent.

Owns what ``children('pks')``, ``all(… for …)``, ``any(… for …)``, ``child.outcome`` and
``parent.nilai`` mean and what of a related case may be read. A part of ``compiler``, which
alone calls it.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from workflow.expressions import operations
from workflow.expressions.parts import Part, spell
from workflow.expressions.rules import want_truth
from workflow.expressions.types import BOOLEAN, UNKNOWN, Kin, Kind, Type, type_of
from workflow.source.diagnostics import did_you_mean

if TYPE_CHECKING:
    from workflow.expressions.compiler import Compiler

_OWN = ("closed", "outcome")


def attribute_path(node: ast.expr) -> str | None:
    """Return a name, or names joined by dots; ``None`` where a node is neither."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return ".".join((node.id, *reversed(names))) if isinstance(node, ast.Name) else None


class Family:
    """The related cases of one guard; ``compiler`` walks the rest of it."""

    def __init__(self, compiler: Compiler) -> None:
        self._compiler = compiler
        self._bound: dict[str, Kin] = {}  # the name inside an `all` or `any`, while it is walked

    def is_relative(self, path: str) -> bool:
        """Whether a name, or the first of a dotted one, stands for a related case."""
        return path.partition(".")[0] in (*self._bound, "child", "parent")

    def is_shared(self, path: str) -> bool:
        """Whether a dotted name is something that a related case shares, and so may be empty."""
        return self.is_relative(path) and path.partition(".")[2] not in ("", "closed")

    def whole(self, node: ast.expr, name: str) -> Part:
        """Refuse a related case that stands alone."""
        if self._kin(name) is None:
            return self._compiler.refuse(f"guard-not-here.{name}", node)
        return self._compiler.refuse("guard-call.relative", node, name=name)

    def _kin(self, name: str) -> Kin | None:
        scope = self._compiler.scope
        return self._bound.get(name) or {"child": scope.child, "parent": scope.parent}.get(name)

    def attribute(self, node: ast.expr, path: str) -> Part:
        """Read something of a related case; what it shares may be empty."""
        compiler = self._compiler
        name, _, attribute = path.partition(".")
        kin = self._kin(name)
        if kin is None:
            return compiler.refuse(f"guard-not-here.{name}", node)
        reach = operations.KIN["" if name in self._bound else name]
        if name not in self._bound:
            compiler.uses.add(name)
        if attribute == "closed":
            return compiler.part(node, type=BOOLEAN, run=operations.is_closed(reach), normal=path)
        if attribute == "outcome":
            kind = Kind.CHOICE if kin.outcomes else Kind.TEXT
            outcome = Type(kind=kind, options=kin.outcomes)
            return compiler.part(node, type=outcome, run=operations.outcome_of(reach), normal=path)
        if kin.fields is None:
            return compiler.refuse("guard-unknown-name.unread", node, name=attribute)
        declared = kin.fields.get(attribute)
        if declared is None:
            close = did_you_mean(attribute, (*kin.fields, *_OWN))
            key = "guard-unknown-name.shared" + ("-close" if close else "")
            known = ", ".join((*_OWN, *kin.fields))
            return compiler.refuse(key, node, name=attribute, close=close, known=known)
        read = operations.shared(reach, attribute)
        part = compiler.typed(node, type_of(declared), read, normal=path, is_field=False)
        return replace(part, field=path)

    def children(self, node: ast.Call, text: str) -> Part:
        """List the children of one kind."""
        compiler = self._compiler
        if "children" not in compiler.scope.allow:
            return compiler.refuse("guard-not-here.children", node)
        if text not in compiler.scope.children:
            close = did_you_mean(text, compiler.scope.children)
            key = "guard-unknown-name.relation" + ("-close" if close else "")
            return compiler.refuse(key, node.args[0], name=text, close=close)
        compiler.uses.add("children")
        compiler.relations.add(text)
        listed = Type(kind=Kind.LIST, element=Type(kind=Kind.CHILD, options=(text,)))
        return compiler.part(
            node, type=listed, run=operations.children(text), normal=f"children({spell(text)})"
        )

    def quantified(self, node: ast.Call, name: str, known: frozenset[str]) -> Part:
        """Ask something of every child, or of any."""
        compiler = self._compiler
        argument = node.args[0] if len(node.args) == 1 else None
        if not isinstance(argument, ast.GeneratorExp) or self._bound:
            return compiler.refuse("guard-call.quantifier", node, name=name)
        clause = argument.generators[0]
        if len(argument.generators) > 1 or clause.ifs or not isinstance(clause.target, ast.Name):
            return compiler.refuse("guard-call.quantifier", node, name=name)
        of = compiler.walk(clause.iter, known)
        element = of.type.element
        if of.type.kind is Kind.UNKNOWN:
            return of
        if element is None or element.kind is not Kind.CHILD:
            return compiler.refuse("guard-call.children", clause.iter, one=of.type)
        word = clause.target.id
        if compiler.is_taken(word):
            return compiler.refuse("guard-call.taken", clause.target, name=word)
        self._bound[word] = compiler.scope.children[element.options[0]]
        holds = want_truth(compiler.walk(argument.elt, known), compiler.findings)
        del self._bound[word]
        if holds.type is UNKNOWN:
            return holds
        make = operations.every_one if name == "all" else operations.any_one
        normal = f"{name}({holds.normal} for {word} in {of.normal})"
        return compiler.part(node, type=BOOLEAN, run=make(of.run, holds.run), normal=normal)
