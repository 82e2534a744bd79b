"""Remembered paths of the interpreter: what it asked and told on the way, and where it came out.

Owns the tree of one starting point: each inner node is a guard, its two sides the answers, and before
each guard stand the effects told to the oracle. Walking a tree makes the very calls that the
interpreter would make; a path not yet in it is recorded while the interpreter goes it. Knows nothing
of states or of `transitions`. Called by ``machine`` alone.

Readers take no lock. A branch of a tree is built whole and then hung on by one assignment, so a reader
sees all of it or none; growing must be done under the caller's lock.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

from workflow.chart.interpreter import Oracle

LeafT = TypeVar("LeafT")
KeyT = TypeVar("KeyT", bound=Hashable)


class _Node(Generic[LeafT]):
    """What the oracle is told, and then either a guard with two sides or the end of the path."""

    __slots__ = ("guard", "leaf", "no", "tells", "yes")

    def __init__(self, tells: tuple[tuple[bool, Any], ...]) -> None:
        self.tells = tells
        self.guard: Hashable = None
        self.yes: _Node[LeafT] | None = None
        self.no: _Node[LeafT] | None = None
        self.leaf: LeafT | None = None


class Recorder:
    """An oracle that records what passes between the interpreter and another oracle.

    Args:
        oracle: The real one.
        answers: What it has answered already while a tree was walked; the interpreter is given these
            again without asking or telling anything twice.
    """

    __slots__ = ("_answers", "_oracle", "asked", "tells")

    def __init__(self, oracle: Oracle, answers: list[bool]) -> None:
        self._oracle = oracle
        self._answers = answers
        self.asked: list[tuple[tuple[tuple[bool, Any], ...], Hashable, bool]] = []
        self.tells: list[tuple[bool, Any]] = []

    def ask(self, guard: Hashable) -> bool:
        """Answer as before, or ask."""
        is_known = len(self.asked) < len(self._answers)
        answer = self._answers[len(self.asked)] if is_known else bool(self._oracle.ask(guard))
        self.asked.append((tuple(self.tells), guard, answer))
        self.tells.clear()
        return answer

    def do(self, effect: Any) -> None:
        """Pass on, unless it was told while the tree was walked."""
        self.tells.append((False, effect))
        if len(self.asked) >= len(self._answers):
            self._oracle.do(effect)

    def moved(self, active: frozenset[str], entered: tuple[str, ...]) -> None:
        """Pass on, unless it was told while the tree was walked."""
        self.tells.append((True, (active, entered)))
        if len(self.asked) >= len(self._answers):
            self._oracle.moved(active, entered)


class Paths(Generic[KeyT, LeafT]):
    """Trees of paths by starting point."""

    __slots__ = ("_roots",)

    def __init__(self) -> None:
        self._roots: dict[KeyT, _Node[LeafT]] = {}

    def walk(self, key: KeyT, oracle: Oracle, answers: list[bool]) -> LeafT | None:
        """Go a remembered path, asking and telling the oracle as the interpreter would.

        Args:
            key: The starting point.
            oracle: Asked and told.
            answers: Receives each answer; for `Recorder` where the path is not known to its end.

        Returns:
            The leaf, or ``None`` where the answers lead to where nobody has been yet.
        """
        node = self._roots.get(key)
        while node is not None:
            for is_move, what in node.tells:
                if is_move:
                    oracle.moved(*what)
                else:
                    oracle.do(what)
            if node.leaf is not None:
                return node.leaf
            answer = bool(oracle.ask(node.guard))
            answers.append(answer)
            node = node.yes if answer else node.no
        return None

    def grow(self, key: KeyT, record: Recorder, make: Callable[[], LeafT]) -> LeafT:
        """Add a recorded path. Must run under the caller's lock.

        Args:
            key: The starting point.
            record: What was asked and told from there.
            make: Makes the leaf; called before anything of the path can be seen by readers, and not at
                all where another thread has added the path meanwhile.

        Returns:
            The leaf at the end of the path.
        """
        parent: _Node[LeafT] | None = None
        node = self._roots.get(key)
        depth = 0
        while node is not None:
            if node.leaf is not None:
                return node.leaf
            parent = node
            node = node.yes if record.asked[depth][2] else node.no
            depth += 1
        leaf = make()
        branch = _grown(record, depth, leaf)
        if parent is None:
            self._roots[key] = branch
        elif record.asked[depth - 1][2]:
            parent.yes = branch
        else:
            parent.no = branch
        return leaf


def _grown(record: Recorder, depth: int, leaf: LeafT) -> _Node[LeafT]:
    node: _Node[LeafT] = _Node(tuple(record.tells))
    node.leaf = leaf
    for tells, guard, answer in reversed(record.asked[depth:]):
        above: _Node[LeafT] = _Node(tells)
        above.guard = guard
        if answer:
            above.yes = node
        else:
            above.no = node
        node = above
    return node
