"""Cases by what people ask for: the same answers on every database, page after page."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from engine.errors import InvalidCursor
from engine.store import Store
from tests.contract.store_material import a_case, opening

FIELDS: list[dict[str, Any]] = [
    {"kategori": "wajib", "jumlah": 3, "aktif": True, "lama": [5, "years"], "urusan": ["a", "b"]},
    {
        "kategori": "3",
        "jumlah": 1,
        "aktif": False,
        "urusan": ["b"],
        "nomor": {"kukar": "12", "samarinda": "7"},
    },
    {"kategori": 'Pa\'di "x" é', "urusan": [], "jumlah": 0},
    {"kategori": "WAJIB", "aneh.nama": "ya", "nomor": "12"},
]


@pytest.fixture
def ids(store: Store) -> list[str]:
    """Four cases with the fields above, in order of id."""
    cases = [
        a_case(id=f"case-{n}", number=f"ksdd/2026/{n}", fields=fields) for n, fields in enumerate(FIELDS)
    ]
    with store.transaction() as tx:
        for case in cases:
            tx.apply(opening(case))
    return [case.id for case in cases]


def found(store: Store, **asked: Any) -> list[int]:
    """Return which of the cases are found."""
    with store.transaction(write=False) as tx:
        return [int(case.id.removeprefix("case-")) for case in tx.cases(**asked).items]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"kategori": "wajib"}, [0]),
        ({"kategori": "3"}, [1]),
        ({"kategori": 3}, []),
        ({"kategori": 'Pa\'di "x" é'}, [2]),
        ({"jumlah": 3}, [0]),
        ({"jumlah": 1}, [1]),
        ({"jumlah": 0}, [2]),
        ({"jumlah": None}, [3]),
        ({"aktif": True}, [0]),
        ({"aktif": False}, [1]),
        ({"aktif": None}, [2, 3]),
        ({"urusan": "b"}, [0, 1]),
        ({"urusan": ["a", "b"]}, [0]),
        ({"urusan": ["b", "a"]}, []),
        ({"lama": [5, "years"]}, [0]),
        ({"nomor": "12"}, [1, 3]),
        ({"nomor": "7"}, [1]),
        ({"aneh.nama": "ya"}, [3]),
        ({"kategori": "wajib", "urusan": "a"}, [0]),
        ({"kategori": "wajib", "urusan": "c"}, []),
        ({"tidak_ada": "x"}, []),
    ],
)
def test_where_means_the_same_on_every_database(
    store: Store, ids: list[str], where: dict[str, Any], expected: list[int]
) -> None:
    """A field matches by type and value; lists and values per party match by one of theirs."""
    assert found(store, where=where) == expected


def test_where_means_the_same_on_a_hosts_connection(store: Store, ids: list[str], store_url: str) -> None:
    """The other executor gives the same answers."""
    engine = sa.create_engine(store_url, poolclass=sa.NullPool)
    with engine.connect() as connection, store.transaction(connection, write=False) as tx:
        asked: list[tuple[dict[str, Any], int]] = [
            ({"kategori": "wajib"}, 1),
            ({"aktif": True}, 1),
            ({"urusan": "b"}, 2),
            ({"nomor": "12"}, 2),
            ({"lama": [5, "years"]}, 1),
            ({"jumlah": None}, 1),
        ]
        for where, expected in asked:
            assert len(tx.cases(where=where).items) == expected


def test_pages_follow_without_gap_or_repeat(store: Store, ids: list[str]) -> None:
    """The cursor of a page leads to the next; the last has none."""
    seen: list[str] = []
    cursor = None
    sizes = []
    while True:
        with store.transaction(write=False) as tx:
            page = tx.cases(after=cursor, limit=3)
        seen += [case.id for case in page.items]
        sizes.append(len(page.items))
        if page.next is None:
            break
        cursor = page.next
    assert (seen, sizes) == (ids, [3, 1])


@pytest.mark.parametrize("cursor", ["", "x", "case-1", "%%%", "YzE", "ééé"])
def test_foreign_cursor_is_refused(store: Store, cursor: str) -> None:
    """A cursor that no page gave is no cursor."""
    with pytest.raises(InvalidCursor), store.transaction(write=False) as tx:
        tx.cases(after=cursor)


def test_cases_by_workflow_state_and_end(store: Store) -> None:
    """Active states match as a leaf or around one, never by half a name."""
    cases = [
        a_case(
            id="case-0", number="0", configuration=("persetujuan.kukar.di_dprd", "persetujuan.mitra.selesai")
        ),
        a_case(id="case-1", number="1", configuration=("persetujuan_lain",)),
        a_case(
            id="case-2", number="2", configuration=("selesai",), closed_at="2026-03-01", outcome="selesai"
        ),
        a_case(id="case-3", number="3", workflow="pks", configuration=("persetujuanXkukar",)),
    ]
    with store.transaction() as tx:
        for case in cases:
            tx.apply(opening(case))
    assert found(store, workflow="pks") == [3]
    assert found(store, state="persetujuan") == [0]
    assert found(store, state="persetujuan.kukar") == [0]
    assert found(store, state="persetujuan.mitra.selesai") == [0]
    assert found(store, state="persetujuan_lain") == [1]
    assert found(store, state="selesai") == [2]
    assert found(store, closed=True) == [2]
    assert found(store, closed=False, workflow="ksdd") == [0, 1]


def test_cases_overdue(store: Store) -> None:
    """Overdue is a case with an expired clock or an overdue occurrence, as of its last entry."""
    running = {"status": "running", "due_at": "2026-03-01T00:00:00.000000Z"}
    occurrence = {"occurrence": "2026-06-30", "due_on": "2026-07-14", "due_at": "2026-07-14T16:00:00.000000Z"}
    cases = [
        a_case(id="case-0", number="0", clocks={"a": running}),
        a_case(id="case-1", number="1", clocks={"a": running, "b": {**running, "status": "expired"}}),
        a_case(id="case-2", number="2", obligations={"l": {"since": "2026-01-01", "open": [occurrence]}}),
        a_case(
            id="case-3",
            number="3",
            obligations={"l": {"since": "2026-01-01", "open": [{**occurrence, "overdue": True}]}},
        ),
    ]
    with store.transaction() as tx:
        for case in cases:
            tx.apply(opening(case))
    assert found(store, overdue=True) == [1, 3]
    assert found(store, overdue=False) == [0, 2]
