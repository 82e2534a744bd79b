"""Drafts become chained canonical entries, and become drafts again."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from workflow.case import Personal
from workflow.history.canonical import ZERO, NotCanonical, entry_hash, parse_canonical, text_commitment
from workflow.history.sealing import PersonalRow, Sealed, commitments, seal, unseal


def counting_salts() -> Callable[[], bytes]:
    """A source of salts that never repeats, so that tests can tell them apart."""
    number = 0

    def salt() -> bytes:
        nonlocal number
        number += 1
        return number.to_bytes(32)

    return salt


def draft(seq: int, **more: Any) -> dict[str, Any]:
    """The draft of an entry with the keys that sealing itself needs."""
    return {
        "v": 1,
        "seq": seq,
        "revision": seq,
        "kind": "transition_taken",
        "recorded_at": f"2026-02-0{seq}T01:00:00.000000Z",
        "effective_on": f"2026-02-0{seq}",
        **more,
    }


OPENING = draft(
    1,
    parties=[
        {"id": "kukar", "side": "pemrakarsa", "name": Personal("Kabupaten Kutai Kartanegara")},
        {"id": "samarinda", "side": "mitra"},
    ],
    changes={
        "judul": {"new": "Angkutan"},
        "narahubung": {"new": Personal(["Siti Rahma"])},
        "penghubung": {
            "kukar": {"new": Personal("Rina")},
            "new": {"old": Personal("A"), "new": Personal("B")},
        },
    },
    comment=Personal("Segera ditelaah"),
)
CHANGE = draft(
    2,
    changes={"narahubung": {"old": Personal(["Siti Rahma"]), "new": Personal(["Budi"])}},
    reason=Personal("Ganti"),
)


def sealed() -> Sealed:
    """Two entries with every place where a personal value may stand."""
    return seal([OPENING, CHANGE], head=ZERO, salt=counting_salts())


def rows_of(made: Sealed, seq: int) -> list[PersonalRow]:
    """The personal rows of one entry."""
    return [row for row in made.personal if row.seq == seq]


def test_seal_entries_are_chained_and_canonical() -> None:
    """Each entry carries the hash of the one before; the first carries zeros."""
    made = sealed()
    first, second = made.entries
    assert parse_canonical(first.text)["prev"] == ZERO  # type: ignore[index,call-overload]  # an object
    assert parse_canonical(second.text)["prev"] == first.hash  # type: ignore[index,call-overload]  # an object
    assert made.head == second.hash == entry_hash(second.text.encode())
    assert (second.seq, second.kind, second.effective_on) == (2, "transition_taken", "2026-02-02")


def test_seal_on_a_head_goes_on_from_it() -> None:
    """A later command chains to the last entry of the case."""
    made = sealed()
    later = seal([draft(3)], head=made.head, salt=counting_salts())
    assert f'"prev":"{made.head}"' in later.entries[0].text


def test_seal_personal_values_leave_only_commitments() -> None:
    """No personal value and no comment stands in an entry; each is behind one row."""
    made = sealed()
    text = "".join(entry.text for entry in made.entries)
    for secret in ("Siti", "Kabupaten", "Segera", "Budi", "Ganti", "Rina"):
        assert secret not in text
    places = {(row.seq, row.field, row.party) for row in made.personal}
    assert places == {
        (1, "@party", "kukar"),
        (1, "narahubung", ""),
        (1, "penghubung", "kukar"),
        (1, "penghubung@old", "new"),
        (1, "penghubung", "new"),
        (1, "@comment", ""),
        (2, "narahubung@old", ""),
        (2, "narahubung", ""),
        (2, "@reason", ""),
    }


def test_seal_each_commitment_has_a_fresh_salt() -> None:
    """The same value committed to twice gives two salts, so that equal values cannot be told."""
    made = sealed()
    assert len({row.salt for row in made.personal}) == len(made.personal)
    new, old = (
        next(row for row in made.personal if (row.seq, row.field) == place)
        for place in ((1, "narahubung"), (2, "narahubung@old"))
    )
    assert new.value == old.value
    assert text_commitment(new.salt, new.value) != text_commitment(old.salt, old.value)


def test_seal_every_row_opens_its_commitment() -> None:
    """Rows and commitments correspond one to one."""
    made = sealed()
    found = {
        (entry.seq, field, party): commit
        for entry in made.entries
        for field, party, commit in commitments(parse_canonical(entry.text))  # type: ignore[arg-type]  # an object
    }
    given = {(row.seq, row.field, row.party): text_commitment(row.salt, row.value) for row in made.personal}
    assert found == given


def test_seal_drafts_are_left_as_they_are() -> None:
    """A draft can be sealed again, for instance after a serialization failure."""
    before = copy.deepcopy([OPENING, CHANGE])
    sealed()
    assert before == [OPENING, CHANGE]


def test_unseal_gives_the_draft_again() -> None:
    """Unsealing with the rows gives exactly what was sealed."""
    made = sealed()
    for entry, original in zip(made.entries, (OPENING, CHANGE), strict=True):
        opened = unseal(parse_canonical(entry.text), rows_of(made, entry.seq))  # type: ignore[arg-type]  # an object
        assert (opened.absent, opened.false) == ((), ())
        assert opened.body == original


def test_unseal_erased_row_is_absent_and_the_commitment_stays() -> None:
    """After an erasure the commitment cannot be opened and stands as it is."""
    made = sealed()
    rows = [row for row in rows_of(made, 2) if row.field != "narahubung"]
    opened = unseal(parse_canonical(made.entries[1].text), rows)  # type: ignore[arg-type]  # an object
    assert opened.absent == (("narahubung", ""),)
    assert set(opened.body["changes"]["narahubung"]["new"]) == {"commit"}


@pytest.mark.parametrize(
    ("salt", "value"),
    [
        (bytes(32), '["Budi"]'),
        (b"short", '["Budi"]'),
        (bytes(32), "1.5"),
        (bytes(32), ""),
        (bytes(32), "[ ]"),
    ],
)
def test_unseal_other_salt_or_value_is_false(salt: bytes, value: str) -> None:
    """A row that does not give the commitment is named, whatever was put there."""
    made = sealed()
    forged = PersonalRow(seq=2, field="narahubung", salt=salt, value=value)
    opened = unseal(parse_canonical(made.entries[1].text), [*rows_of(made, 2), forged])  # type: ignore[arg-type]  # an object
    assert opened.false == (("narahubung", ""),)


def test_unseal_value_in_another_spelling_is_false() -> None:
    """The value behind a commitment is kept in its canonical text; another spelling is another text."""
    made = sealed()
    rows = [
        PersonalRow(seq=2, field=row.field, salt=row.salt, value=row.value.replace("[", "[ "))
        for row in rows_of(made, 2)
    ]
    opened = unseal(parse_canonical(made.entries[1].text), rows)  # type: ignore[arg-type]  # an object
    assert set(opened.false) == {("narahubung@old", ""), ("narahubung", "")}


def test_seal_personal_value_in_an_unknown_place_is_refused() -> None:
    """A personal value where history has no commitment never slips into an entry."""
    with pytest.raises(NotCanonical) as refused:
        seal([draft(1, facts={"pagu": Personal("x")})], head=ZERO, salt=counting_salts())
    assert refused.value.path == "$.facts.pagu"


def test_seal_gap_or_wrong_start_is_refused() -> None:
    """Numbers follow one another, and only a case without entries starts at one."""
    with pytest.raises(ValueError, match="entry 3 cannot stand"):
        seal([draft(1), draft(3)], head=ZERO, salt=counting_salts())
    with pytest.raises(ValueError, match="entry 2 cannot stand"):
        seal([draft(2)], head="", salt=counting_salts())
    with pytest.raises(ValueError, match="prev"):
        seal([draft(1, prev=ZERO)], head=ZERO, salt=counting_salts())
