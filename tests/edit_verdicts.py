"""What became of a small edit: refused at its place, refused elsewhere for a reason, or accepted.

Owns the rule by which a finding counts as being at the place of an edit, and the exceptions from it, each a
class of its own with the largest share that it may have.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from tests.edited_files import Answer, Material
from tests.edits import KEY, KINDS, NAME, Edit, edits
from workflow.loading.document import FragmentShape, WorkflowShape
from workflow.loading.document_lists import LawsShape, ListShape
from workflow.scenarios.shapes import ScenariosShape
from workflow.source.diagnostics import Diagnostic
from workflow.source.shapes import Either, Items, Named, Shape, Spec, members
from workflow.time.calendar_files import CalendarShape


class Verdict(StrEnum):
    """What became of an edit."""

    PLACE = "refused at its place"
    NAMED = "refused where its name is used"
    OWNER = "refused at the key that it stands under"
    TOP = "refused at the top of the file"
    PARAMETER = "refused in the workflow that fills the fragment's parameter"
    ELSEWHERE = "refused elsewhere"
    ACCEPTED = "accepted"
    SAME = "accepted, means the same"
    NEUTRAL = "accepted, as it must be"
    CHANGED = "accepted, and means something else though it must not"
    REFUSED = "refused, though it is right"
    SWALLOWED = "accepted, and makes no difference though it must"
    SLIPPED = "accepted, though it cannot be right"


LARGEST_SHARE = {
    Verdict.NAMED: 0.08,
    Verdict.OWNER: 0.01,
    Verdict.TOP: 0.015,
    Verdict.PARAMETER: 0.005,
}
"""Exception → the largest share of the refused edits that it may make up.

* ``NAMED``: what is declared was removed or renamed, or is no longer used or reached. The edit leaves a
  sound line; what is wrong is where the name is used, or where the thing stands that lost its only use.
  The finding must say a name from the touched lines: the old, or the new as "did you mean".
* ``OWNER``: a key was removed which what it stood under needs (``initial``, ``kind``, a way that leads to an
  end); nothing is left at the place, so it is said at the nearest name that is.
* ``TOP``: a key of the whole file was removed, and said at the file's first line by name.
* ``PARAMETER``: the last use of a fragment's ``$parameter`` was removed, and with it that of what the
  workflow gives for it.
"""

NEVER_RIGHT = frozenset(("retarget nowhere", "conflict mark", "flow guard"))
"""Kinds of edit that leave no valid file, whatever they hit."""

WORDS_CHANGED = frozenset(
    (
        "misspell declaration",
        "misspell use",
        "rename declaration",
        "rename use",
        "exchange name",
        "misspell key",
        "retarget",
        "change number",
        "case change",
    )
)
"""Kinds of edit that change a word or number outside comments; accepted, they must change the meaning."""


@dataclass(slots=True)
class Tally:
    """The verdicts of many edits.

    Attributes:
        counts: How many edits of each verdict.
        kinds: Kinds of edit that were made.
        wrong: Whatever must not happen, in words.
        accepted: Edits that were accepted, in words, for who looks at them.
    """

    counts: Counter[Verdict] = field(default_factory=Counter)
    kinds: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """How many edits were refused."""
        return sum(self.counts[one] for one in (Verdict.PLACE, *LARGEST_SHARE))

    def excesses(self) -> list[str]:
        """Return the exceptions that are more frequent than they may be."""
        shares = ((one, self.counts[one], most * self.refused) for one, most in LARGEST_SHARE.items())
        return [f"{one}: {count} of {self.refused}" for one, count, most in shares if count > most + 1]

    def figures(self) -> str:
        """Return the counts in words."""
        lines = (
            f"{count:6} {count / self.counts.total():6.1%}  {one}" for one, count in self.counts.most_common()
        )
        return "\n".join((f"{self.counts.total()} edits", *lines))


def judge_all(material: Iterable[Material], seed: str, each: int, *, is_quick: bool = False) -> Tally:
    """Make edits of every kind in every file and see what becomes of them.

    Args:
        each: How many of a kind in one file, at most.
        is_quick: Whether a file that is slow to read takes one kind in ``PART`` only, each such file
            others, and one edit of it.
    """
    tally = Tally()
    for number, one in enumerate(material):
        is_part = is_quick and one.size > LARGE
        kinds = tuple(KINDS)[number % PART :: PART] if is_part else tuple(KINDS)
        judge = Judge(one)
        for edit in edits(one.text, f"{seed}/{one.name}", 1 if is_part else each, kinds):
            verdict, said = judge.verdict(edit)
            tally.counts[verdict] += 1
            tally.kinds.add(edit.kind)
            shown = (
                f"{one.name}:{edit.first} [{edit.kind}] {edit.before!r} → {edit.after!r}: {verdict}: {said}"
            )
            if verdict in WRONG:
                tally.wrong.append(shown)
            elif verdict is Verdict.ACCEPTED:
                tally.accepted.append(shown)
    return tally


WRONG = frozenset(
    (
        Verdict.ELSEWHERE,
        Verdict.CHANGED,
        Verdict.REFUSED,
        Verdict.SWALLOWED,
        Verdict.SLIPPED,
    )
)


LARGE = 9_000
PART = 6
"""How many characters are slow to read, and how many times fewer edits such a file gets in a quick run."""


class Judge:
    """Judges edits of one file."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._before = material.read(material.text)
        self._known = {_identity(one) for one in self._before.diagnostics}

    def verdict(self, edit: Edit) -> tuple[Verdict, str]:
        """Return what becomes of an edit, and what is said first."""
        answer = self._material.read(edit.text)
        found = [one for one in answer.diagnostics if _identity(one) not in self._known]
        said = f"{found[0].file}:{found[0].line} {found[0].code} {found[0].message}" if found else ""
        if not found:
            return self._accepted(edit, answer), said
        return Verdict.REFUSED if edit.is_neutral else self._refused(edit, found), said

    def _accepted(self, edit: Edit, answer: Answer) -> Verdict:
        is_same = answer.meaning == self._before.meaning
        if edit.is_neutral:
            return Verdict.NEUTRAL if is_same else Verdict.CHANGED
        if edit.kind in NEVER_RIGHT:
            return Verdict.SLIPPED
        if answer.meaning is None or not is_same:
            return Verdict.ACCEPTED
        is_told = self._material.kind in ("workflow", "calendar") and edit.kind in WORDS_CHANGED
        if is_told and not _is_parameter(edit, self._material.text):
            return Verdict.SWALLOWED
        return Verdict.SAME

    def _refused(self, edit: Edit, found: list[Diagnostic]) -> Verdict:
        places = {(one.file, one.line) for each in found for one in (each, *each.related)}
        here = {line for file, line in places if file == self._material.file}
        if any(edit.first - 1 <= line <= edit.last + 1 for line in here):
            return Verdict.PLACE
        if any(_is_missing_at_top(one, edit) for one in found):
            return Verdict.TOP
        said = {name for one in found for name in NAME.findall(f"{one.message} {one.help or ''}")}
        touched = "\n".join(edit.text.split("\n")[edit.first - 1 : edit.last])
        if said & _names("\n".join((edit.before, edit.after, touched))):
            return Verdict.NAMED
        if here & (_above(edit.text, edit.first) | _above(edit.text, edit.last)):
            return Verdict.OWNER
        if "$" in edit.before and any(file != self._material.file for file, _ in places):
            return Verdict.PARAMETER
        return Verdict.ELSEWHERE


def _identity(found: Diagnostic) -> tuple[str, str, str]:
    """What is said, without the line: an edit above moves it."""
    return found.code, found.file, found.message


def _names(text: str) -> set[str]:
    """Return the names in a text, without the keys of the language; a state may be called as one of them."""
    rest = re.sub(r"\w+:(?=\s|$)", lambda key: "" if key[0][:-1] in language() else key[0], text)
    return set(NAME.findall(rest)) - _SAID


def _is_missing_at_top(found: Diagnostic, edit: Edit) -> bool:
    lost = {match["key"] for line in edit.before.split("\n") if (match := KEY.match(line))}
    return found.code == "missing-key" and found.column == 1 and bool(lost & set(NAME.findall(found.message)))


def _is_parameter(edit: Edit, text: str) -> bool:
    """Whether an edit is where parameters are declared, of which only the values bound have a meaning."""
    lines = text.split("\n")
    above = _above(text, min(edit.first, len(lines)))
    return any(lines[at - 1].startswith("parameters:") for at in above)


def _above(text: str, line: int) -> set[int]:
    """Return the lines of the keys that a line stands under, outwards."""
    lines = text.split("\n")
    found: set[int] = set()
    indent = _indent(lines[line - 1]) if lines[line - 1].strip() else len(lines[line - 1]) + 1_000
    for at in range(line - 1, 0, -1):
        above = lines[at - 1]
        if above.strip() and not above.lstrip().startswith("#") and _indent(above) < indent:
            indent = _indent(above)
            found.add(at)
    return found


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


@cache
def language() -> frozenset[str]:
    """Return the words of the language: that a finding says one of them tells nothing of the place."""
    shapes = (WorkflowShape, FragmentShape, CalendarShape, ListShape, LawsShape, ScenariosShape)
    seen: set[type[Shape]] = set()
    return frozenset(word for one in shapes for word in _words(one, seen))


_SAID = frozenset(
    re.findall(r"\w+", "the is of to in at be can it a no and or not never there are here date text")
)
"""Words that findings say anyway."""


def _words(spec: Spec, seen: set[type[Shape]]) -> Iterator[str]:
    match spec:
        case Items() | Named():
            yield from _words(spec.item, seen)
        case Either():
            yield from _words(spec.model, seen)
        case type() if spec not in seen:
            seen.add(spec)
            for member in members(spec).values():
                yield member.key
                yield from _words(member.spec, seen)
