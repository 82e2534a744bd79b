"""Numbers of cases against their counters: which were given out and belong to no case.

Owns what verification says of numbers. A number is taken in the transaction that opens its case and comes
back where that is undone, so every number up to the counter has a case. Called by ``engine.ledger``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from engine.findings import Finding, found
from engine.store.port import Transaction

PAGE = 5000
_FORM = re.compile(r"(.+)/([0-9]{4})/([1-9][0-9]{0,9})")

Counter = tuple[str, int]
"""Workflow and year."""


def check_numbers(tx: Transaction) -> Iterator[Finding]:
    """Yield a finding for every run of numbers without a case, and for every counter behind its cases."""
    last = tx.audit.counters()
    seen: dict[Counter, set[int]] = {counter: set() for counter in last}
    for counter, number in _given(tx):
        seen.setdefault(counter, set()).add(number)
    for counter in sorted(seen):
        yield from _missing(counter, last.get(counter, 0), seen[counter])


def _missing(counter: Counter, last: int, seen: set[int]) -> Iterator[Finding]:
    workflow, year = counter
    for first, final in _runs(last, seen):
        numbers = f"{workflow}/{year}/{first}" + (f"–{final}" if final > first else "")
        yield found("number-missing", numbers=numbers)
    if (highest := max(seen, default=0)) > last:
        yield found("counter-behind", numbers=f"{workflow}/{year}/{highest}", last=last)


def _runs(last: int, seen: set[int]) -> Iterator[tuple[int, int]]:
    """Yield the gaps in 1 … ``last``, each as its first and final number."""
    before = 0
    for number in (*sorted(one for one in seen if one <= last), last + 1):
        if number > before + 1:
            yield before + 1, number - 1
        before = number


def _given(tx: Transaction) -> Iterator[tuple[Counter, int]]:
    """Yield the numbers of all cases; what has not the form of one is found with its case."""
    after = ""
    while rows := tx.audit.numbers(after=after, limit=PAGE):
        yield from _parsed(rows)
        after = list(rows)[-1]


def _parsed(rows: Mapping[str, str]) -> Iterator[tuple[Counter, int]]:
    for number in rows.values():
        if form := _FORM.fullmatch(number):
            yield (form[1], int(form[2])), int(form[3])
