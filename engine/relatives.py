"""The relatives of a case under verification: how they stood, and whether both tell the same.

Owns reading other cases' histories for the replay of one, and the comparison of what parent and child say
of each other. What is wrong inside a relative's own history is found when that one is verified; here it is
only not believed. Called by ``engine.verifying``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.chain import read_links
from engine.evidence import Evidence
from engine.store.port import Transaction
from workflow.case import Body, CaseState, RelativeUnknown
from workflow.definition import Definition
from workflow.step.evolve import evolve

FORGED = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError)

Told = tuple[Definition, list[str], list[CaseState]]
"""A definition, the instants of a history, and the case after each."""


class Relatives:
    """Related cases, each read once."""

    def __init__(self, tx: Transaction, evidence: Evidence) -> None:
        self._tx = tx
        self._evidence = evidence
        self._bodies: dict[str, list[Body]] = {}
        self._torn: set[str] = set()  # relatives with an entry that cannot be read
        self._told: dict[str, Told | None] = {}

    def as_of(self, case_id: str, before: str) -> tuple[Definition, CaseState]:
        """Return a case as it stood before an instant.

        Raises:
            RelativeUnknown: It was not there, or its history cannot be read.
        """
        if case_id not in self._told:
            try:
                self._told[case_id] = self._tell(case_id)
            except FORGED:
                self._told[case_id] = None
        told = self._told[case_id]
        at = bisect_left(told[1], before) if told is not None else 0
        if told is None or at == 0:
            raise RelativeUnknown(case_id)
        return told[0], told[2][at - 1]

    def _tell(self, case_id: str) -> Told | None:
        bodies = self._read(case_id)
        if not bodies or case_id in self._torn:
            return None
        reference = bodies[0]["definition"]
        name, version, digest = (reference[key] for key in ("workflow", "version", "digest"))
        process = self._evidence.definition(self._tx, name, version, digest).process
        if process is None:
            return None
        case: CaseState | None = None
        states = []
        for body in bodies:
            case = evolve(case, body, process.definition)
            states.append(case)
        return process.definition, [str(body["recorded_at"]) for body in bodies], states

    def _read(self, case_id: str) -> list[Body]:
        """Return the entries of a relative that can be read."""
        if case_id not in self._bodies:
            links = read_links(self._tx.history(case_id))
            self._bodies[case_id] = [link.body for link in links if link.body is not None]
            if len(self._bodies[case_id]) < len(links):
                self._torn.add(case_id)
        return self._bodies[case_id]

    # --- whether both tell the same ------------------------------------------------------------------

    def differing(self, bodies: Sequence[Body]) -> Iterator[tuple[int, str]]:
        """Yield the entries that a relative's history does not bear out, each with the relative's id."""
        for body in bodies:
            relative = self._differs(body)
            if relative is not None:
                yield body["seq"], relative

    def _differs(self, body: Body) -> str | None:
        """Return the relative that does not bear out what an entry says of it."""
        kind, case_id = body["kind"], body["case"]
        if kind == "case_opened" and "parent" in body:
            relative, is_so = body["parent"]["case"], self._has_opened(body["parent"], case_id)
        elif kind == "child_opened":
            relative, is_so = body["child"]["case"], self._is_child(body["child"], case_id)
        elif kind == "child_closed":
            relative = body["child"]["case"]
            is_so = self._outcome(relative) == body["outcome"]
        else:
            return None
        return None if is_so else str(relative)

    def _has_opened(self, parent: Mapping[str, Any], case_id: str) -> bool:
        wanted = {"case": case_id, "name": parent["name"]}
        return any(
            body["kind"] == "child_opened" and body["child"] == wanted for body in self._read(parent["case"])
        )

    def _is_child(self, child: Mapping[str, Any], case_id: str) -> bool:
        bodies = self._read(child["case"])
        return bool(bodies) and bodies[0].get("parent") == {"case": case_id, "name": child["name"]}

    def _outcome(self, case_id: str) -> str | None:
        ends = (one for one in self._read(case_id) if "outcome" in one and one["kind"] != "child_closed")
        return next((str(one["outcome"]) for one in ends), None)
