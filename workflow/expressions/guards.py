"""Guards: the typed expressions of definitions, from their text to something that can be asked.

Owns `compile_expression` and `Expression`, the face of the modules ``expression_*`` and ``values``.
A guard is a subset of Python's expressions, parsed by `ast` behind an allow-list, type-checked with
positions, and compiled to closures; text is never handed to ``eval`` or ``compile``. Called by the
loader; what it returns is called by ``decide`` through an `Environment`.

Source: LANGUAGE, "Guards".
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any, Literal

from workflow.definition import Fact, Field, FieldType
from workflow.expressions.compiler import RESERVED, Compiler
from workflow.expressions.operations import Run
from workflow.expressions.parts import Part
from workflow.expressions.rules import want, want_truth
from workflow.expressions.tokens import MAX_LENGTH, problem, scan
from workflow.expressions.types import (
    CaseEnvironment,
    Constant,
    Environment,
    EvaluationError,
    Kin,
    Kind,
    Need,
    Problem,
    RelatedCase,
    Scope,
    Type,
    type_of,
)
from workflow.expressions.values import InvalidValue, check_limits, decode, encode

__all__ = (
    "MAX_LENGTH",
    "RESERVED",
    "CaseEnvironment",
    "Constant",
    "Environment",
    "EvaluationError",
    "Expression",
    "InvalidValue",
    "Kin",
    "Kind",
    "Need",
    "Problem",
    "RelatedCase",
    "Scope",
    "Type",
    "check_limits",
    "compile_expression",
    "decode",
    "encode",
    "type_of",
)


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """A guard that has been checked and can be asked; equal only to itself.

    Attributes:
        text: As it was written.
        normal: Its normal spelling: two guards that differ in blanks, quotes, brackets without need
            or the spelling of numbers have the same. It compiles to the same guard.
        fields: Full names of the fields that it reads.
        facts: Names of the facts that it reads.
        uses: What else it reads, of ``today role mandate documents parties outcome in_state calendar
            clocks children child parent``.
        type: The type of its value.
        needs: Reads of fields that may be empty, in a lenient scope.
        relations: Names of the kinds of children that it reads.
        constants: Names of the parameters that it reads.
        bound: Its value, where parameters alone decide it; else ``None``.
        if_true: Full names of the fields that cannot be empty where it is true; ``if_false`` likewise.
    """

    text: str
    normal: str
    fields: frozenset[str]
    facts: frozenset[str]
    uses: frozenset[str]
    type: Type
    run: Run
    needs: tuple[Need, ...] = ()
    relations: frozenset[str] = frozenset()
    constants: frozenset[str] = frozenset()
    bound: bool | None = None
    if_true: frozenset[str] = frozenset()
    if_false: frozenset[str] = frozenset()

    def __call__(self, env: Environment) -> Any:
        """Compute its value.

        Raises:
            EvaluationError: It reckons with a day outside the years 1 to 9999; nothing else.
        """
        return self.run(env)

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"


def compile_expression(
    text: str, scope: Scope, *, expect: Literal["boolean"] | Field | Fact | FieldType | None = None
) -> Expression | tuple[Problem, ...]:
    """Check and compile a guard.

    Args:
        text: One expression; line breaks count as blanks.
        scope: What it may name.
        expect: What its value must be: ``"boolean"`` for a guard or rule, a field (or its type) for
            what is written to it, ``None`` for anything. For a field, ``None`` as a value empties it.

    Returns:
        The guard; or every problem that it has, in the order of the text.

    Example:
        >>> scope = Scope(fields={"nilai": Field(name="nilai", type=FieldType.MONEY)})
        >>> compile_expression("nilai  >1_000", scope, expect="boolean")[0].code
        'maybe-empty'
        >>> guard = compile_expression("nilai is not None and nilai>1_000", scope, expect="boolean")
        >>> guard.normal
        'nilai is not None and nilai > 1000'
    """
    line, problems = scan(text)
    if problems:
        return problems
    tree = _parse(line)
    if tree is None:
        return (problem("guard-syntax", 0, len(text), found=" ".join(text.split())),)
    compiler = Compiler(scope, line)
    part = _want(compiler.walk(tree, scope.known), expect, compiler)
    if compiler.findings.problems:
        return tuple(sorted(compiler.findings.problems, key=lambda found: found.start))
    return Expression(
        text=text,
        normal=part.normal,
        fields=frozenset(compiler.fields),
        facts=frozenset(compiler.facts),
        uses=frozenset(compiler.uses),
        type=part.type,
        run=part.run,
        needs=tuple(compiler.needs),
        relations=frozenset(compiler.relations),
        constants=frozenset(compiler.constants),
        if_true=part.when_true,
        if_false=part.when_false,
        bound=part.value if part.is_bound and part.type.kind is Kind.BOOLEAN else None,
    )


def _parse(line: str) -> ast.expr | None:
    """Parse what `scan` let through, in brackets: leading blanks would read as an indent."""
    try:
        return ast.parse(f"({line})", mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None


def _want(
    part: Part, expect: Literal["boolean"] | Field | Fact | FieldType | None, compiler: Compiler
) -> Part:
    if expect is None:
        return part
    if expect == "boolean":
        return want_truth(part, compiler.findings, "guard-type.not-boolean")
    return want(part, expect, compiler.findings)
