"""Small edits of files, of the kinds that people really make, chosen by a seed.

Owns `KINDS` and `edits`. Each kind changes one thing and knows where; what is then said of the file is
``tests.edited_files``. Lines are counted from 1, in the edited text.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
KEY = re.compile(r"(?P<indent>\s*(?:- )*)(?P<key>[^\s#:'\"\[\]{},]+):(?= |$)")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
TYPED = LETTERS + "_0123456789 .,:;-'\"()[]{}$=<>|&*!%@`?\\/#+~A"
UNITS = ("days", "working days", "months", "years", "weeks", "hari", "day", "hours")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A file after one edit.

    Attributes:
        kind: Name of the kind of edit, a key of `KINDS`.
        text: The whole file after it.
        first: The first line that it touched, in ``text``.
        last: The last; where lines were taken out, the two around the gap.
        before: What stood on the touched lines before.
        after: What stands there now.
        is_neutral: Whether the file means the same by the language's rules.
    """

    kind: str
    text: str
    first: int
    last: int
    before: str
    after: str
    is_neutral: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A text as lines, with a source of chance; makes edits."""

    lines: list[str]
    chance: random.Random

    @property
    def content(self) -> list[int]:
        """Numbers of lines, from 0, that hold something."""
        return [
            at for at, line in enumerate(self.lines) if line.strip() and not line.lstrip().startswith("#")
        ]

    def pick(self, where: Callable[[str], object]) -> int | None:
        """Choose a line for which something holds."""
        found = [at for at in self.content if where(self.lines[at])]
        return self.chance.choice(found) if found else None

    def replaced(self, kind: str, at: int, count: int, put: list[str], *, is_neutral: bool = False) -> Edit:
        """Put lines in the place of ``count`` others from ``at``, counted from 0."""
        lines = [*self.lines[:at], *put, *self.lines[at + count :]]
        # Where lines went, the touched ones are those around the gap.
        first, last = (at + 1, at + len(put)) if put else (at, at + 1)
        return Edit(
            kind=kind,
            text="\n".join(lines) + "\n",
            first=max(1, first),
            last=min(last, len(lines)),
            before="\n".join(self.lines[at : at + count]),
            after="\n".join(put),
            is_neutral=is_neutral,
        )

    def line(self, kind: str, at: int, put: str, *, is_neutral: bool = False) -> Edit | None:
        """Put another line in the place of one; nothing where it is the same."""
        if put == self.lines[at]:
            return None
        return self.replaced(kind, at, 1, [put], is_neutral=is_neutral)

    def substituted(
        self, kind: str, pattern: str, put: Callable[[re.Match[str]], str | None], *, is_neutral: bool = False
    ) -> Edit | None:
        """Replace one match of a pattern, chosen among all of the file outside comments."""
        found = [(at, one) for at in self.content for one in re.finditer(pattern, _code(self.lines[at]))]
        if not found:
            return None
        at, match = self.chance.choice(found)
        text = put(match)
        if text is None:
            return None
        line = self.lines[at]
        return self.line(kind, at, line[: match.start()] + text + line[match.end() :], is_neutral=is_neutral)

    def block(self, at: int) -> int:
        """Count the lines of the entry that begins on a line."""
        depth = _indent(self.lines[at])
        end = at + 1
        while end < len(self.lines) and (
            not self.lines[end].strip()
            or _indent(self.lines[end]) > depth
            or (
                _indent(self.lines[end]) == depth
                and self.lines[end].lstrip().startswith("- ")
                and not self.lines[at].lstrip().startswith("- ")
            )
        ):
            end += 1
        while end - 1 > at and not self.lines[end - 1].strip():
            end -= 1
        return end - at


def _code(line: str) -> str:
    """Return a line without its comment."""
    return re.split(r"(?:^|\s)#", line, maxsplit=1)[0]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def misspelt(word: str, chance: random.Random) -> str:
    """Return a word with one letter wrong, missing, doubled or exchanged, still a name."""
    for _ in range(20):
        at = chance.randrange(len(word))
        made = chance.choice(
            (
                word[:at] + chance.choice(LETTERS) + word[at + 1 :],
                word[:at] + word[at + 1 :],
                word[:at] + word[at] + word[at:],
                word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
            )
        )
        if made != word and re.fullmatch(r"[a-z][a-z0-9_]*", made):
            return made
    return word + "x"


# Lines ---------------------------------------------------------------------------------------------


def _delete_line(draft: Draft, kind: str) -> Edit | None:
    at = draft.pick(bool)
    return None if at is None else draft.replaced(kind, at, 1, [])


def _duplicate_line(draft: Draft, kind: str) -> Edit | None:
    at = draft.pick(bool)
    return None if at is None else draft.replaced(kind, at, 1, [draft.lines[at]] * 2)


def _swap_lines(draft: Draft, kind: str) -> Edit | None:
    at = draft.chance.randrange(len(draft.lines) - 1)
    here, below = draft.lines[at : at + 2]
    return None if here == below else draft.replaced(kind, at, 2, [below, here])


def _join_lines(draft: Draft, kind: str) -> Edit | None:
    at = draft.chance.randrange(len(draft.lines) - 1)
    here, below = draft.lines[at : at + 2]
    return draft.replaced(kind, at, 2, [f"{here} {below.strip()}"])


def _split_line(draft: Draft, kind: str) -> Edit | None:
    at = draft.pick(lambda line: " " in line.strip())
    if at is None:
        return None
    line = draft.lines[at]
    gaps = [one.start() for one in re.finditer(" ", line) if one.start() > _indent(line)]
    cut = draft.chance.choice(gaps)
    return draft.replaced(kind, at, 1, [line[:cut], line[cut + 1 :]])


def _remove_block(draft: Draft, kind: str) -> Edit | None:
    at = draft.pick(lambda line: KEY.match(line) or line.lstrip().startswith("- "))
    return None if at is None else draft.replaced(kind, at, draft.block(at), [])


def _duplicate_block(draft: Draft, kind: str) -> Edit | None:
    at = draft.pick(KEY.match)
    if at is None:
        return None
    count = draft.block(at)
    return draft.replaced(kind, at, count, draft.lines[at : at + count] * 2)


def _conflict_mark(draft: Draft, kind: str) -> Edit | None:
    at = draft.chance.randrange(len(draft.lines))
    mark = draft.chance.choice(("<<<<<<< HEAD", "=======", ">>>>>>> main"))
    return draft.replaced(kind, at, 0, [mark])


def _indentation(*, by: int) -> Callable[[Draft, str], Edit | None]:
    def made(draft: Draft, kind: str) -> Edit | None:
        at = draft.pick(lambda line: _indent(line) >= -by)
        if at is None:
            return None
        line = draft.lines[at]
        return draft.line(kind, at, " " * by + line if by > 0 else line[-by:])

    return made


def _indented_block(*, by: int) -> Callable[[Draft, str], Edit | None]:
    def made(draft: Draft, kind: str) -> Edit | None:
        at = draft.pick(lambda line: KEY.match(line) and _indent(line) >= max(-by, 1))
        if at is None:
            return None
        count = draft.block(at)
        moved = [
            (" " * by + one if by > 0 else one[-by:]) if one.strip() else one
            for one in draft.lines[at : at + count]
        ]
        return draft.replaced(kind, at, count, moved)

    return made


def _tab(draft: Draft, kind: str) -> Edit | None:
    return draft.substituted(kind, r"^ {2,}|(?<=:) (?=\S)|(?<=,) ", lambda _: "\t")


# Signs ---------------------------------------------------------------------------------------------


def _delete_char(draft: Draft, kind: str) -> Edit | None:
    return draft.substituted(kind, r"\S", lambda _: "")


def _insert_char(draft: Draft, kind: str) -> Edit | None:
    return draft.substituted(kind, r"(?=\S)|(?<=\S)", lambda _: draft.chance.choice(TYPED))


def _replace_char(draft: Draft, kind: str) -> Edit | None:
    return draft.substituted(kind, r"\S", lambda _: draft.chance.choice(TYPED))


def _drop(pattern: str) -> Callable[[Draft, str], Edit | None]:
    return lambda draft, kind: draft.substituted(kind, pattern, lambda _: "")


def _sign(pattern: str, *puts: str) -> Callable[[Draft, str], Edit | None]:
    return lambda draft, kind: draft.substituted(kind, pattern, lambda _: draft.chance.choice(puts))


# Names ---------------------------------------------------------------------------------------------


def _names(draft: Draft, is_declared: bool) -> list[tuple[int, re.Match[str]]]:
    """Return where names of the file stand that are declared and used: at their keys, or anywhere else."""
    keys: list[tuple[int, re.Match[str]]] = []
    others: list[tuple[int, re.Match[str]]] = []
    for at in draft.content:
        line = _code(draft.lines[at])
        for match in re.finditer(r"[a-z][a-z0-9_]*", line):
            is_key = line[match.end() : match.end() + 1] == ":"
            (keys if is_key else others).append((at, match))
    declared = {match.group() for _, match in keys} & {match.group() for _, match in others}
    return [one for one in (keys if is_declared else others) if one[1].group() in declared]


def _renamed(*, is_declared: bool, is_fresh: bool) -> Callable[[Draft, str], Edit | None]:
    def made(draft: Draft, kind: str) -> Edit | None:
        found = _names(draft, is_declared)
        if not found:
            return None
        at, match = draft.chance.choice(found)
        word = match.group()
        put = f"lain_{draft.chance.randrange(100)}" if is_fresh else misspelt(word, draft.chance)
        line = draft.lines[at]
        return draft.line(kind, at, line[: match.start()] + put + line[match.end() :])

    return made


def _misspell_key(draft: Draft, kind: str) -> Edit | None:
    return draft.substituted(
        kind, r"[a-z_]{2,}(?=:(?: |$))", lambda match: misspelt(match.group(), draft.chance)
    )


def _case_change(draft: Draft, kind: str) -> Edit | None:
    return draft.substituted(kind, r"\b[a-z][a-z0-9_]*\b", lambda match: match.group().capitalize())


def _retarget(draft: Draft, kind: str) -> Edit | None:
    targets = sorted(
        {one.group() for one in re.finditer(r"(?<=to: )[a-z][a-z0-9_.]*", "\n".join(draft.lines))}
    )
    if not targets:
        return None
    return draft.substituted(kind, r"(?<=\bto: )[a-z][a-z0-9_.]*", lambda _: draft.chance.choice(targets))


def _retarget_nowhere(draft: Draft, kind: str) -> Edit | None:
    return draft.substituted(kind, r"(?<=\bto: )[a-z][a-z0-9_.]*", lambda _: "entah_ke_mana")


def _exchange_name(draft: Draft, kind: str) -> Edit | None:
    """Put another name of the file where a name is used: often of another kind of thing."""
    found = _names(draft, is_declared=False)
    if not found:
        return None
    at, match = draft.chance.choice(found)
    other = draft.chance.choice(found)[1].group()
    line = draft.lines[at]
    return draft.line(kind, at, line[: match.start()] + other + line[match.end() :])


# Values --------------------------------------------------------------------------------------------

_FLOW_LIST = r"\[[^\[\]]*\]"
_PLAIN_VALUE = r"(?<=: )[A-Za-z0-9][^\s,{}\[\]#:'\"]*(?=\s*$|[,}])"


def _list_to_scalar(draft: Draft, kind: str) -> Edit | None:
    return draft.substituted(kind, _FLOW_LIST, lambda match: match.group()[1:-1])


def _change_value(*puts: str) -> Callable[[Draft, str], Edit | None]:
    return lambda draft, kind: draft.substituted(kind, _PLAIN_VALUE, lambda _: draft.chance.choice(puts))


def _empty_value(draft: Draft, kind: str) -> Edit | None:
    return draft.substituted(kind, r"(?<=:) \S.*$", lambda _: "")


def _change_number(draft: Draft, kind: str) -> Edit | None:
    return draft.substituted(
        kind,
        r"(?<![\w.])[0-9]+(?![\w.])",
        lambda match: draft.chance.choice(("0", "-1", "1.5", "99999999", f"{match.group()}0", "dua", "07")),
    )


def _change_unit(draft: Draft, kind: str) -> Edit | None:
    return draft.substituted(
        kind, r"(?<=[0-9] )(?:working days|days?|months?|years?)", lambda _: draft.chance.choice(UNITS)
    )


def _flow_guard(draft: Draft, kind: str) -> Edit | None:
    return draft.substituted(
        kind,
        r"(?P<key>\b(?:when|check|at|any)): (?P<text>[^'\">|\s{}][^{}]*)$",
        lambda match: f"{match['key']}: {{when: {match['text']}, lain}}",
    )


def _comma_in_guard(draft: Draft, kind: str) -> Edit | None:
    return draft.substituted(kind, r"(?<= )(?:and|or)(?= )", lambda _: ",")


# What changes nothing --------------------------------------------------------------------------------


def _in_block_text(draft: Draft) -> frozenset[int]:
    """Return the numbers of lines of texts that go over several lines."""
    found: set[int] = set()
    for at in draft.content:
        if re.search(r"[:\-] [|>][-+0-9]*\s*(?:#.*)?$", draft.lines[at]):
            found.update(range(at, at + draft.block(at)))
    return frozenset(found)


def _is_open(draft: Draft, at: int) -> bool:
    """Whether a line goes on from the one before, or is in the middle of a quoted text."""
    code = _code(draft.lines[at])
    return KEY.match(code) is None and not code.lstrip().startswith("- ")


def _blank_line(draft: Draft, kind: str) -> Edit | None:
    at = draft.pick(KEY.match)
    if at is None or at in _in_block_text(draft):
        return None
    put = draft.chance.choice(("", " " * _indent(draft.lines[at]) + "# catatan: {a, [b", "# x"))
    return draft.replaced(kind, at, 0, [put], is_neutral=True)


def _end_of_line(draft: Draft, kind: str) -> Edit | None:
    at = draft.pick(KEY.match)
    if at is None or at in _in_block_text(draft) or (at + 1 < len(draft.lines) and _is_open(draft, at + 1)):
        return None
    put = draft.chance.choice((" ", "   ", "  # catatan: 'a'"))
    return draft.line(kind, at, draft.lines[at] + put, is_neutral=True)


def _quoted(draft: Draft, kind: str) -> Edit | None:
    sign = draft.chance.choice("'\"")
    return draft.substituted(
        kind, r"(?<=\bto: )[a-z][a-z0-9_.]*", lambda match: sign + match.group() + sign, is_neutral=True
    )


def _swap_keys(draft: Draft, kind: str) -> Edit | None:
    free = re.compile(r"\s*(?:by|to|title|basis|reason|kind|within|since|type|max_length): \S.*[^>|]$")
    fits = [
        at
        for at in range(len(draft.lines) - 1)
        if free.match(draft.lines[at])
        and free.match(draft.lines[at + 1])
        and _indent(draft.lines[at]) == _indent(draft.lines[at + 1])
        and not (at + 2 < len(draft.lines) and _indent(draft.lines[at + 2]) > _indent(draft.lines[at + 1]))
    ]
    if not fits:
        return None
    at = draft.chance.choice(fits)
    return draft.replaced(kind, at, 2, [draft.lines[at + 1], draft.lines[at]], is_neutral=True)


def _line_ends(draft: Draft, kind: str) -> Edit | None:
    text = "\r\n".join(draft.lines) + "\r\n"
    return Edit(kind=kind, text=text, first=1, last=1, before="", after="", is_neutral=True)


KINDS: dict[str, Callable[[Draft, str], Edit | None]] = {
    "delete line": _delete_line,
    "duplicate line": _duplicate_line,
    "swap lines": _swap_lines,
    "join lines": _join_lines,
    "split line": _split_line,
    "remove block": _remove_block,
    "duplicate block": _duplicate_block,
    "conflict mark": _conflict_mark,
    "indent 1": _indentation(by=1),
    "indent 2": _indentation(by=2),
    "outdent 1": _indentation(by=-1),
    "outdent 2": _indentation(by=-2),
    "indent block 2": _indented_block(by=2),
    "outdent block 2": _indented_block(by=-2),
    "tab": _tab,
    "delete char": _delete_char,
    "insert char": _insert_char,
    "replace char": _replace_char,
    "drop colon": _drop(r":(?= |$)"),
    "drop space after colon": _drop(r"(?<=:) (?=\S)"),
    "drop quote": _drop(r"['\"]"),
    "drop bracket": _drop(r"[\[\]{}()]"),
    "drop comma": _drop(r","),
    "drop dash": _drop(r"(?<=^)\s*- |- "),
    "drop dot": _drop(r"(?<=[a-z])\.(?=[a-z])"),
    "curly quotes": _sign(r"['\"]", "\u2018", "\u2019", "\u201c", "\u201d"),
    "no-break space": _sign(r"(?<=\S) ", "\u00a0"),
    "semicolon for comma": _sign(r",", ";", "،", "."),
    "one equals": _sign(r"==", "=", "===", "is", "sama dengan"),
    "indonesian operator": _sign(r"(?<= )(?:and|or|not|in|is)(?= )", "dan", "atau", "bukan", "AND", "&&"),
    "misspell declaration": _renamed(is_declared=True, is_fresh=False),
    "misspell use": _renamed(is_declared=False, is_fresh=False),
    "rename declaration": _renamed(is_declared=True, is_fresh=True),
    "rename use": _renamed(is_declared=False, is_fresh=True),
    "exchange name": _exchange_name,
    "misspell key": _misspell_key,
    "case change": _case_change,
    "retarget": _retarget,
    "retarget nowhere": _retarget_nowhere,
    "list to scalar": _list_to_scalar,
    "scalar to list": _change_value("[a, b]", "[]", "[[a]]"),
    "scalar to mapping": _change_value("{a: b}", "{}"),
    "wrong type": _change_value("ya", "12", "1.5", "null", "~", "true", "2026-13-45", "'12'"),
    "empty value": _empty_value,
    "change number": _change_number,
    "change unit": _change_unit,
    "flow guard": _flow_guard,
    "comma in guard": _comma_in_guard,
    "blank line": _blank_line,
    "end of line": _end_of_line,
    "quoted": _quoted,
    "swap keys": _swap_keys,
    "line ends": _line_ends,
}


def edits(text: str, seed: str, each: int, kinds: tuple[str, ...] = tuple(KINDS)) -> Iterator[Edit]:
    """Yield edits of every kind, ``each`` of one where the text gives occasion, never one twice."""
    lines = text.rstrip("\n").split("\n")
    for kind in kinds:
        seen: set[str] = {text}
        for number in range(each):
            draft = Draft(lines, random.Random(f"{seed}/{kind}/{number}"))
            edit = KINDS[kind](draft, kind)
            if edit is not None and edit.text not in seen:
                seen.add(edit.text)
                yield edit
