"""The words of a guard, and every refusal that needs no grammar tree.

Owns the lexical rules of guards and their bounds: what reaches Python's parser afterwards is one
short line of known words, shallowly nested, with every bracket closed, so that the parser can
neither crash nor warn nor read something that this module did not. Called by
``compiler`` only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from keyword import iskeyword
from typing import NamedTuple

from workflow.expressions.types import Problem
from workflow.history.canonical import MAX_INTEGER

MAX_LENGTH = 2_000
"""Most characters of a guard."""

MAX_DEPTH = 16
"""Most brackets inside each other."""

MAX_OPERATORS = 50
"""Most signs that nest (``+ - *``, ``not``): they build a tree as deep as they are many."""

_WORDS = frozenset(("and", "or", "not", "in", "is", "for", "None", "True", "False"))

_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<string>'(?:[^'\\\r\n]|\\.)*'|"(?:[^"\\\r\n]|\\.)*")
      | (?P<number>\.?[0-9][0-9A-Za-z_.]*)
      | (?P<name>[^\W\d]\w*)
      | (?P<foreign>&&|\|\||<>|\*\*|//|:=|->|<<|>>|=>|=<|===|!==)
      | (?P<operator>==|!=|<=|>=|[-<>+*(),.\[\]])
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_NUMBER = re.compile(r"(?:0|[1-9][0-9]*(?:_[0-9]+)*)(?:\.[0-9]+)?")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){2,}")
_AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_UNPRINTABLE = re.compile("[\0-\x1f\x7f-\x9f\ud800-\udfff]")

_INSTEAD = {
    "&&": "and", "&": "and", "||": "or", "|": "or", "!": "not", "~": "not", "AND": "and", "And": "and",
    "OR": "or", "Or": "or", "NOT": "not", "Not": "not", "IN": "in", "IS": "is", "=": "==", "===": "==",
    "<>": "!=", "!==": "!=", "≠": "!=", "≤": "<=", "=<": "<=", "≥": ">=", "=>": ">=", "−": "-",
    "–": "-", "—": "-", "×": "*", "·": "*", "{": "[", "}": "]", "“": "'", "”": "'", "„": "'", "‘": "'",
    "’": "'", "`": "'", "«": "'", "»": "'",
}  # fmt: skip
_DIVISION = frozenset(("/", "//", "%", "÷"))
_OPENING = {"(": ")", "[": "]"}
_NESTING = frozenset(("+", "-", "*", "."))
_BINARY = frozenset(
    ("and", "or", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "in", "is", "not in", "is not", "for")
)


class Token(NamedTuple):
    """One word of a guard. ``kind``: ``string number name word operator``."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Offset after the word."""
        return self.start + len(self.text)


def scan(text: str) -> tuple[str, tuple[Problem, ...]]:
    """Look at the words of a guard.

    Returns:
        The guard on one line, every word where it was, as Python's parser may have it; and what is
        wrong, in the order of the text. With any problem the line must not be parsed.
    """
    if len(text) > MAX_LENGTH:
        return "", (problem("guard-too-large.length", 0, len(text), found=len(text), most=MAX_LENGTH),)
    problems: list[Problem] = []
    tokens = list(_tokens(text, problems))
    if too_nested := tuple(_too_nested(tokens)):
        return "", too_nested
    problems.extend(_unbalanced(tokens))
    if not problems:
        problems.extend(_misplaced(tokens, len(text)))
    return _on_one_line(tokens), tuple(sorted(problems, key=lambda found: found.start))


def problem(key: str, start: int, length: int, **params: object) -> Problem:
    """Make a problem; its code is what stands before the dot of ``key``."""
    return Problem(key.partition(".")[0], start, length, key, params)


def _on_one_line(tokens: Sequence[Token]) -> str:
    parts: list[str] = []
    end = 0
    for token in tokens:
        parts.append(" " * (token.start - end) + token.text)
        end = token.end
    return "".join(parts)


# --- words ---------------------------------------------------------------------------------------


def _tokens(text: str, problems: list[Problem]) -> Iterator[Token]:
    before: Token | None = None
    for found in _TOKEN.finditer(text):
        kind, word = found.lastgroup or "other", found[0]
        token = Token("word" if kind == "name" and word in _WORDS else kind, word, found.start())
        if kind == "space":
            continue
        if kind == "other" and word == "#":
            problems.append(problem("guard-syntax.comment", token.start, len(text) - token.start))
            return
        if kind == "other" and word in "'\"":
            problems.append(problem("guard-syntax.quote", token.start, len(text) - token.start))
            return
        wrong = _CHECKS[kind](token)
        if kind == "string" and before is not None and before.kind == "name" and before.end == token.start:
            wrong = problem("guard-syntax.prefix", before.start, len(before.text), found=before.text)
        if wrong is not None:
            problems.append(wrong)
        yield token
        before = token


def _check_string(token: Token) -> Problem | None:
    for escape in _ESCAPE.finditer(token.text, 1, len(token.text) - 1):
        if escape[1] not in "\\'\"":
            return problem("guard-syntax.escape", token.start + escape.start(), 2, found=escape[0])
    if hidden := _UNPRINTABLE.search(token.text):
        shown = f"U+{ord(hidden[0]):04X}"
        return problem("guard-syntax.control", token.start + hidden.start(), 1, found=shown)
    return None


def _check_number(token: Token) -> Problem | None:
    place = token.start, len(token.text)
    if _THOUSANDS.fullmatch(token.text):
        return problem(
            "guard-syntax.thousands", *place, found=token.text, instead=token.text.replace(".", "")
        )
    if _AMBIGUOUS.fullmatch(token.text):
        whole = token.text.replace(".", "")
        return problem(
            "guard-syntax.ambiguous", *place, found=token.text, whole=whole, fraction=f"{token.text}0"
        )
    if not _NUMBER.fullmatch(token.text):
        return problem("guard-syntax.number", *place, found=token.text)
    if len(token.text) > 40 or int(token.text.partition(".")[0]) > MAX_INTEGER:
        return problem("guard-syntax.large", *place, found=token.text, most=MAX_INTEGER)
    return None


def _check_name(token: Token) -> Problem | None:
    if token.text in _WORDS:
        return None
    if token.text in _INSTEAD or iskeyword(token.text):
        return _check_other(token)
    for at, letter in enumerate(token.text):
        if not letter.isascii():
            shown = f"U+{ord(letter):04X}"
            return problem("guard-syntax.letter", token.start + at, 1, found=letter, number=shown)
    return None


def _check_other(token: Token) -> Problem | None:
    place = token.start, len(token.text)
    if token.text in _DIVISION:
        return problem("guard-syntax.division", *place, found=token.text)
    if token.text == "$":
        return problem("guard-syntax.parameter", *place, found=token.text)
    if token.text in _INSTEAD:
        return problem("guard-syntax.instead", *place, found=token.text, instead=_INSTEAD[token.text])
    return problem("guard-syntax.word", *place, found=token.text)


def _fine(token: Token) -> Problem | None:
    return None


_CHECKS: dict[str, Callable[[Token], Problem | None]] = {
    "string": _check_string,
    "number": _check_number,
    "name": _check_name,
    "operator": _fine,
    "foreign": _check_other,
    "other": _check_other,
}


# --- order ---------------------------------------------------------------------------------------


def _unbalanced(tokens: Sequence[Token]) -> Iterator[Problem]:
    still_open: list[Token] = []
    for token in tokens:
        if token.text in _OPENING:
            still_open.append(token)
        elif token.text in (")", "]"):
            if not still_open or _OPENING[still_open[-1].text] != token.text:
                yield problem("guard-syntax.closes-nothing", token.start, 1, found=token.text)
                return
            still_open.pop()
    for token in still_open[:1]:
        closing = _OPENING[token.text]
        yield problem("guard-syntax.never-closed", token.start, 1, found=token.text, instead=closing)


def _too_nested(tokens: Sequence[Token]) -> Iterator[Problem]:
    depth = signs = 0
    for before, token, after in zip((None, *tokens), tokens, (*tokens[1:], None), strict=False):
        depth += (token.text in _OPENING) - (token.text in (")", "]"))
        if depth > MAX_DEPTH:
            yield problem("guard-too-large.depth", token.start, 1, most=MAX_DEPTH)
            return
        part_of_a_pair = (after and after.text == "in") or (before and before.text == "is")
        signs += token.text in _NESTING or (token.text == "not" and not part_of_a_pair)
        if signs > MAX_OPERATORS:
            yield problem("guard-too-large.signs", token.start, len(token.text), most=MAX_OPERATORS)
            return


def _misplaced(tokens: Sequence[Token], end: int) -> Iterator[Problem]:
    """Find the first word that cannot stand where it stands.

    Values and what joins them take turns; CPython would say the same in words that change with its
    version.
    """
    if not tokens:
        yield problem("guard-syntax.empty", 0, end)
        return
    value_next = True
    before: Token | None = None
    for token in _paired(tokens):
        key = _misplacement(token, before, value_next)
        if key is not None:
            shown = before.text if before else ""
            yield problem(key, token.start, len(token.text), found=token.text, before=shown)
            return
        value_next = token.text in _BINARY or token.text in ("not", "(", "[", ",", ".")
        before = token
    if value_next:
        last = tokens[-1]
        yield problem("guard-syntax.ends", last.start, len(last.text), found=last.text)


def _paired(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield the words with ``not in`` and ``is not`` as one."""
    waiting: Token | None = None
    value_before = False
    for token in tokens:
        if waiting is not None:
            pair = f"{waiting.text} {token.text}"
            first, waiting = waiting, None
            if pair in ("not in", "is not"):
                yield Token("word", pair, first.start)
                value_before = False
                continue
            yield first
            value_before = False
        if token.text == "is" or (token.text == "not" and value_before):
            waiting = token
            continue
        yield token
        value_before = token.kind in _VALUES or token.text in _ENDS_VALUE
    if waiting is not None:
        yield waiting


_VALUES = frozenset(("string", "number", "name"))
_STARTS_VALUE = frozenset(("(", "[", "None", "True", "False"))
_ENDS_VALUE = frozenset((")", "]", "None", "True", "False"))
_BEFORE_NOT = frozenset(("and", "or", "not", "(", "[", ","))


def _misplacement(token: Token, before: Token | None, value_next: bool) -> str | None:
    """Return what is wrong with ``token`` after ``before``, as a key; ``None``: nothing."""
    starts_value = token.kind in _VALUES or token.text in _STARTS_VALUE
    if value_next:
        if before is not None and before.text == ".":
            return None if token.kind == "name" else "guard-syntax.value-missing"
        if token.text == "not":
            return None if before is None or before.text in _BEFORE_NOT else "guard-syntax.not-brackets"
        is_empty = before is not None and _OPENING.get(before.text) == token.text
        return None if starts_value or token.text == "-" or is_empty else "guard-syntax.value-missing"
    if token.text == "(" and before is not None and before.kind == "name":
        return None
    if token.text == "[" and before is not None and before.text not in _OPENING:
        return "guard-syntax.subscript"
    return "guard-syntax.operator-missing" if starts_value or token.text == "not" else None
