"""The ledger of a tenant: what proves that its history is whole.

Owns `Ledger`, the part of the embedding API that verifies. It writes nothing. Every case is looked at in
a reading transaction of its own, so that a long verification holds nobody up; what changes meanwhile is
seen before or after, never half.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.arguments import check
from engine.counters import check_numbers
from engine.evidence import Evidence
from engine.findings import Finding, Report, found
from engine.numbers import Reads, id_of
from engine.refused import CaseNotFound
from engine.verifying import verify_case

PAGE = 500


class Ledger:
    """Verification of the histories of one tenant.

    Args:
        store: Where the rows are.
    """

    def __init__(self, store: Reads) -> None:
        self._store = store

    def verify(
        self,
        case_id: str | None = None,
        *,
        documents: bool = True,
        progress: Callable[[int, int], None] | None = None,
    ) -> Report:
        """Verify one case, or every case that there is or ever was.

        Checked are the canonical text, hash and link of every entry, gaps and order, the log, the case
        row and its timers against the fold of the history, personal values against their commitments,
        every due day against its calendar, definitions, calendars and the files of documents against their
        digests, and every step by deciding it again; with every case also that each number given out has one.

        Args:
            case_id: Only this case, by its id or its number.
            documents: Whether the files are read: some seconds for each gigabyte.
            progress: Called after each case with how many are done and how many there are.

        Returns:
            Findings by case; what is about the database comes first, what is about numbers last.

        Raises:
            CaseNotFound: There is no such case, and nothing is left of one.
        """
        if case_id is not None:
            check(case_id=case_id)
            case_id = id_of(self._store, case_id)
        findings = list(self._protection())
        evidence = Evidence(has_files=documents)
        cases = entries = 0
        total = 1 if case_id is not None else self._count()
        for one in self._ids() if case_id is None else [case_id]:
            with self._store.transaction(write=False) as tx:
                verified = verify_case(tx, one, evidence)
                if case_id is not None and not verified.entries and tx.case(one) is None:
                    raise CaseNotFound(case_id=one)
            findings.extend(verified.findings)
            cases, entries = cases + 1, entries + verified.entries
            if progress is not None:
                progress(cases, max(cases, total))
        if case_id is None:
            with self._store.transaction(write=False) as tx:
                findings.extend(check_numbers(tx))
        return Report(findings=tuple(findings), cases=cases, entries=entries)

    def _protection(self) -> Iterator[Finding]:
        with self._store.transaction(write=False) as tx:
            if missing := tx.audit.missing_triggers():
                yield found("unprotected", what=", ".join(missing))

    def _count(self) -> int:
        with self._store.transaction(write=False) as tx:
            return tx.audit.count()

    def _ids(self) -> Iterator[str]:
        """Every case, and after them those of which only entries are left."""
        after: str | None = ""
        while after is not None:
            with self._store.transaction(write=False) as tx:
                page = tx.audit.case_ids(after=after, limit=PAGE)
            yield from page
            after = page[-1] if page else None
        with self._store.transaction(write=False) as tx:
            orphans = tx.audit.orphans()
        yield from orphans
