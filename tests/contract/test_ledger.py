"""Verification finds what was changed behind the engine's back, and names the entry.

One cooperation and the beginning of another are written once for each store; each test tampers with a
copy. What is found besides the missing triggers is compared exactly wherever one change has one trace.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from engine.findings import Report
from engine.refused import CaseNotFound
from engine.store import tables
from kerjasama import Engine
from tests.clocks import FakeClock
from tests.contract.cooperation import HEAD, PARTNER_HEAD, SECRETARIAT, Cooperation
from tests.databases import execute, fresh_database
from tests.reader.reader import Reader
from tests.tampering import TENANT, Entry, Intruder, following, put
from workflow.history.canonical import ZERO, canonical_text, digest_of, entry_hash
from workflow.time.deadlines import later_instant


def _written(url: str) -> tuple[str, str]:
    """Write the histories; return the ids of the cooperation that went far and of the short one."""
    clock = FakeClock()
    with Engine(url, tenant=TENANT, clock=clock) as engine:
        short = Cooperation(engine, clock).to_assessment().id
        far = Cooperation(engine, clock).to_assessment()
        far.wait_until("2026-02-19")  # the assessment is late
        far.assess()
        far.send_offer("2026-02-20")
        far.do("catat_penerimaan", SECRETARIAT, diterima_mitra=date(2026, 2, 20))
        far.wait_until("2026-03-25")  # the partner was silent for 30 days
        far.do("minta_kedua", HEAD, "surat_kedua")
        far.do("catat_penerimaan_kedua", SECRETARIAT, kedua_diterima=date(2026, 3, 25))
        far.do("terima_penawaran", PARTNER_HEAD, "surat_tanggapan")
        far.draft_joint_agreement("2026-03-27")
        far.sign_joint_agreement()
        far.do("arsipkan", SECRETARIAT, "kb", tanggal=date(2026, 3, 27), jumlah_asli=2)
        far.do("tetapkan_masa", SECRETARIAT, kb_berlaku_sampai=date(2031, 3, 27))
        far.wait_until("2026-06-10")
        far.wait_until("2026-07-20")
        return far.id, short


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def original(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str, str]]:
    """URL of a database with both histories, and the ids of the cases."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('ledger') / 'original.db'}"
        yield (url, *_written(url))
        return
    server = make_url(request.getfixturevalue("postgres_url"))
    with fresh_database(server) as fresh:
        url = fresh.render_as_string(hide_password=False)
        yield (url, *_written(url))


class Copy:
    """A copy of the original that a test may spoil."""

    def __init__(self, url: str, far: str, short: str) -> None:
        self.url, self.far, self.short = url, far, short
        self.intruder = Intruder(url)

    def verify(self, case_id: str | None = None) -> Report:
        """Verify it with an engine that has just started."""
        with Engine(self.url, tenant=TENANT, clock=FakeClock(), schema="check") as engine:
            return engine.ledger.verify(case_id)

    def found(self) -> list[tuple[str, str | None, int | None]]:
        """What speaks against the history: code, case (``far`` or ``short``) and entry."""
        names = {self.far: "far", self.short: "short"}
        return [
            (one.code, names.get(one.case or "", one.case), one.seq)
            for one in self.verify().findings
            if not one.is_warning
        ]

    def entries(self, case_id: str | None = None) -> list[Entry]:
        """The entries of a case."""
        return self.intruder.entries(case_id or self.far)

    def seq_of(self, kind: str, trigger: str = "") -> int:
        """The first entry of a kind, and of a trigger if one is named."""
        return next(
            int(entry["seq"])
            for entry in self.entries()
            if entry["kind"] == kind and entry.get("trigger", "").endswith(trigger)
        )


@pytest.fixture
def copied(original: tuple[str, str, str], tmp_path: Path) -> Iterator[Copy]:
    """A copy of the original database for this test alone."""
    url, far, short = original
    if url.startswith("sqlite"):
        target = tmp_path / "copy.db"
        shutil.copy(url.removeprefix("sqlite:///"), target)
        yield Copy(f"sqlite:///{target}", far, short)
        return
    source = make_url(url)
    with fresh_database(source.set(database="postgres"), template=str(source.database)) as fresh:
        yield Copy(fresh.render_as_string(hide_password=False), far, short)


WHERE = "case_id = :case AND seq = :seq"
KSDD = "workflow = 'ksdd'"
"""The definition that both cases are on, of the three deployed."""


# --- nothing was changed -----------------------------------------------------------------------------


def test_ledger_untouched_database_is_clean(original: tuple[str, str, str]) -> None:
    """What the engine wrote is whole, warnings included, and everything was looked at."""
    url, far, short = original
    seen: list[tuple[int, int]] = []
    with Engine(url, tenant=TENANT, clock=FakeClock()) as engine:
        report = engine.ledger.verify(progress=lambda done, total: seen.append((done, total)))
        assert report.findings == ()
        assert report.is_clean
        assert report.cases == 2
        assert report.entries == len(engine.history(far)) + len(engine.history(short))
        assert engine.ledger.verify(far).entries == len(engine.history(far))
    assert seen == [(1, 2), (2, 2)]


def test_ledger_history_tampered_with_has_every_kind_of_content(original: tuple[str, str, str]) -> None:
    """The tests below mean something: there are clocks that fired, personal values, rules and votes."""
    url, far, _ = original
    with Engine(url, tenant=TENANT, clock=FakeClock()) as engine:
        entries = engine.history(far)
    keys = {key for entry in entries for key in entry.body}
    assert {"clocks", "changes", "documents", "rules", "votes", "basis"} <= keys
    assert {"clock_fired", "consent_given", "transition_taken"} <= {entry.kind for entry in entries}


def test_ledger_other_tenant_sees_nothing(original: tuple[str, str, str]) -> None:
    """A tenant's ledger is its own."""
    url, far, _ = original
    with Engine(url, tenant="samarinda", clock=FakeClock()) as engine:
        assert engine.ledger.verify().cases == 0
        with pytest.raises(CaseNotFound):
            engine.ledger.verify(far)


# --- the rows of the history ---------------------------------------------------------------------------


def _edited(copied: Copy, seq: int, *, with_hash: bool) -> None:
    entry = copied.entries()[seq - 1]
    entry["effective_on"] = "2026-01-01"
    line = canonical_text(entry)
    changes = {"entry": line, "effective_on": "2026-01-01"}
    if with_hash:
        changes["hash"] = entry_hash(line.encode())
    for column, value in changes.items():
        copied.intruder.update("wf_history", column, value, WHERE, case=copied.far, seq=seq)


def test_ledger_entry_edited_is_named(copied: Copy) -> None:
    """An edited text does not have the stored hash, breaks the link after it, and is not in the log."""
    _edited(copied, 4, with_hash=False)
    assert copied.found() == [
        ("hash-mismatch", "far", 4),
        ("chain-broken", "far", 5),
        ("log-mismatch", "far", 4),
    ]


def test_ledger_entry_edited_with_its_hash_is_named(copied: Copy) -> None:
    """With the hash written anew the link after it and the log still tell."""
    _edited(copied, 4, with_hash=True)
    assert copied.found() == [("chain-broken", "far", 5), ("log-mismatch", "far", 4)]


def test_ledger_last_entry_edited_with_its_hash_is_named(copied: Copy) -> None:
    """The last entry has no link after it, but the case row and the log know it."""
    last = len(copied.entries())
    _edited(copied, last, with_hash=True)
    found = copied.found()
    assert ("head-mismatch", "far", last) in found
    assert ("log-mismatch", "far", last) in found


def test_ledger_entry_deleted_is_named(copied: Copy) -> None:
    """A gap is named by the entry that comes next, and the log still has the missing one."""
    copied.intruder.run(f"DELETE FROM wf_history WHERE {WHERE}", case=copied.far, seq=4)
    assert copied.found() == [("gap", "far", 5), ("log-surplus", "far", 4)]


@pytest.mark.parametrize("original", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("column", "code"), [("entry", "unreadable"), ("seq", "misplaced")])
def test_ledger_column_of_another_type_is_named(copied: Copy, column: str, code: str) -> None:
    """SQLite keeps bytes where text or a number belongs; verification goes on and says so."""
    copied.intruder.run(
        f"UPDATE wf_history SET {column} = CAST({column} AS BLOB) WHERE {WHERE}", case=copied.far, seq=4
    )
    found = copied.found()
    assert code in {one for one, _, _ in found}
    assert {case for _, case, _ in found} == {"far"}


def test_ledger_entry_inserted_at_the_end_is_named(copied: Copy) -> None:
    """An entry added after the last, well chained, is neither in the log nor in the case row."""
    last = copied.entries()[-1]
    forged = following(last, kind="transition_taken", actor={"id": "clock"}, prev=ZERO)
    forged["prev"] = entry_hash(canonical_text(last).encode())
    line = canonical_text(forged)
    copied.intruder.run(
        "INSERT INTO wf_history"
        " (tenant, case_id, seq, revision, kind, recorded_at, effective_on, entry, hash)"
        " SELECT tenant, case_id, :next, revision, 'transition_taken', :at, effective_on, :line, :hash"
        " FROM wf_history WHERE case_id = :case AND seq = :seq",
        next=forged["seq"],
        at=forged["recorded_at"],
        line=line,
        hash=entry_hash(line.encode()),
        case=copied.far,
        seq=last["seq"],
    )
    assert copied.found()[:2] == [
        ("unlogged", "far", forged["seq"]),
        ("case-behind", "far", forged["seq"]),
    ]


def test_ledger_entries_that_changed_places_are_named(copied: Copy) -> None:
    """Two rows that exchange their seq are both misplaced."""
    for old, new in ((4, 1004), (5, 4), (1004, 5)):
        copied.intruder.update("wf_history", "seq", new, WHERE, case=copied.far, seq=old)
    found = copied.found()
    assert {("misplaced", "far", 4), ("misplaced", "far", 5)} <= set(found)


def test_ledger_end_cut_off_is_named(copied: Copy) -> None:
    """Entries deleted at the end are missed by the case row and by the log."""
    last = len(copied.entries())
    copied.intruder.run(
        "DELETE FROM wf_history WHERE case_id = :case AND seq > :seq", case=copied.far, seq=last - 2
    )
    assert copied.found() == [
        ("log-surplus", "far", last - 1),
        ("log-surplus", "far", last),
        ("truncated", "far", last - 2),
    ]


def test_ledger_end_cut_off_with_the_case_row_is_found_by_the_log(copied: Copy) -> None:
    """Whoever rolls the case row and its timers back as well still has the log against him."""
    entries = copied.entries()
    kept = {entry["seq"]: entry for entry in entries[:-1]}
    log = copied.intruder.rows(
        "SELECT tenant, case_id, seq, hash FROM wf_unsequenced WHERE case_id = :id", id=copied.far
    )
    copied.intruder.forge(copied.far, lambda entries: entries.pop())
    gone = next(row for row in log if row[2] not in kept)
    copied.intruder.run(
        "INSERT INTO wf_unsequenced (tenant, case_id, seq, hash) VALUES (:tenant, :case, :seq, :hash)",
        **dict(zip(("tenant", "case", "seq", "hash"), gone, strict=True)),
    )
    personal = copied.intruder.rows("SELECT seq FROM wf_personal WHERE case_id = :id", id=copied.far)
    surplus = [("personal-surplus", "far", seq) for (seq,) in personal if seq not in kept]
    assert copied.found() == [("log-surplus", "far", gone[2]), *surplus]


def test_ledger_whole_history_deleted_is_found(copied: Copy) -> None:
    """A case without entries, and entries without a case, are both found."""
    copied.intruder.run("DELETE FROM wf_history WHERE case_id = :case", case=copied.short)
    found = copied.found()
    assert ("truncated", "short", None) in found
    copied.intruder.run("DELETE FROM wf_timer WHERE case_id = :case OR 1 = 1", case=copied.short)
    copied.intruder.run("DELETE FROM wf_case WHERE id = :case", case=copied.short)
    assert ("case-missing", "short", None) in copied.found()


def test_ledger_fork_is_found_by_the_log(copied: Copy) -> None:
    """Another history from some entry on, complete in itself, is not the one that the log has."""
    log = copied.intruder.rows("SELECT seq, hash FROM wf_unsequenced WHERE case_id = :id", id=copied.far)

    def change(entries: list[Entry]) -> None:
        put(entries[5], "recorded_at", entries[5]["recorded_at"].replace(".000", ".001"))

    copied.intruder.forge(copied.far, change)
    for seq, hash_ in log:
        copied.intruder.update("wf_unsequenced", "hash", hash_, WHERE, case=copied.far, seq=seq)
    found = [(code, seq) for code, _, seq in copied.found()]
    assert [one for one in found if one[0] == "log-mismatch"] == [
        ("log-mismatch", seq) for seq in range(6, len(log) + 1)
    ]


# --- the case row, timers, personal values ---------------------------------------------------------------


def _snapshot(copied: Copy, change: Callable[[dict[str, Any]], object]) -> None:
    ((text,),) = copied.intruder.rows("SELECT snapshot FROM wf_case WHERE id = :id", id=copied.far)
    snapshot = json.loads(text)
    change(snapshot)
    copied.intruder.update("wf_case", "snapshot", json.dumps(snapshot), "id = :case", case=copied.far)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda row: row["fields"].update(judul="Lain"), "fields.judul"),
        (lambda row: row["fields"].pop("judul"), "fields.judul"),
        (lambda row: row["fields"].update(baru="x"), "fields.baru"),
        (lambda row: row.update(configuration=["penutupan"]), "configuration"),
        (lambda row: row["parties"][1].update(id="bontang"), "parties"),
        (lambda row: row["documents"].clear(), "documents"),
        (lambda row: row["clocks"].clear(), "clocks"),
        (lambda row: row["calendars"]["indonesia"].update(version=9), "calendars"),
        (lambda row: row["performers"].clear(), "performers"),
        (lambda row: row.update(revision=99), "revision"),
    ],
)
def test_ledger_case_row_changed_is_named(
    copied: Copy, change: Callable[[dict[str, Any]], object], named: str
) -> None:
    """A changed case row is not what its history gives; what differs is said."""
    _snapshot(copied, change)
    report = copied.verify(copied.far)
    (finding,) = [one for one in report.findings if not one.is_warning]
    assert (finding.code, finding.case, finding.seq) == ("case-changed", copied.far, len(copied.entries()))
    assert named in finding.message.text("en")


def test_ledger_case_row_rolled_back_is_named(copied: Copy) -> None:
    """A case row of an earlier time is behind its history."""
    with copied.intruder.store() as store, store.transaction(write=False) as tx:
        before = tx.case(copied.far)
    assert before is not None
    _snapshot(copied, lambda row: row.update(seq=before.seq - 1))
    assert copied.found() == [("case-behind", "far", before.seq)]


def test_ledger_case_row_that_is_no_case_is_a_finding(copied: Copy) -> None:
    """Whatever stands in the snapshot, verification goes on."""
    copied.intruder.update("wf_case", "snapshot", "{}", "id = :case", case=copied.far)
    assert copied.found() == [("case-changed", "far", len(copied.entries()))]


@pytest.mark.parametrize(
    ("statement", "sign"),
    [
        ("UPDATE wf_timer SET due_at = '2030-01-01T00:00:00.000000Z' WHERE kind <> 'reminder'", "+"),
        ("UPDATE wf_timer SET path = 'lain' WHERE kind <> 'reminder'", "+"),
        ("DELETE FROM wf_timer WHERE kind <> 'reminder'", "−"),
        (
            "INSERT INTO wf_timer (tenant, case_id, path, kind, mark, due_at)"
            " SELECT tenant, case_id, 'lain', kind, mark, due_at FROM wf_timer WHERE kind <> 'reminder'",
            "+",
        ),
    ],
    ids=["moved", "renamed", "deleted", "added"],
)
def test_ledger_timer_changed_is_named(copied: Copy, statement: str, sign: str) -> None:
    """Timers follow from the clocks and duties of the case; any other set of rows is found."""
    case_id = copied.far
    copied.intruder.run(f"{statement} AND path LIKE '%.akhir_kb' AND case_id = :case", case=case_id)
    (finding,) = [one for one in copied.verify().findings if not one.is_warning]
    assert (finding.code, finding.case) == ("timer-changed", case_id)
    assert finding.seq == len(copied.entries(case_id))
    assert sign in finding.message.text("id")


def _a_personal_value(copied: Copy) -> tuple[int, str]:
    rows = copied.intruder.rows(
        "SELECT seq, field FROM wf_personal WHERE case_id = :id AND party = '' ORDER BY seq, field",
        id=copied.far,
    )
    return rows[0][0], rows[0][1]


@pytest.mark.parametrize(
    ("column", "value"), [("value", '"Orang lain"'), ("salt", bytes(32)), ("value", "1.5")]
)
def test_ledger_personal_value_changed_is_named(copied: Copy, column: str, value: object) -> None:
    """A value or a salt that does not give the commitment is found at its entry."""
    seq, field = _a_personal_value(copied)
    copied.intruder.update(
        "wf_personal", column, value, WHERE + " AND field = :field", case=copied.far, seq=seq, field=field
    )
    assert copied.found() == [("personal-changed", "far", seq)]


def test_ledger_personal_value_deleted_is_named(copied: Copy) -> None:
    """A value that is gone although no erasure was recorded is found."""
    seq, field = _a_personal_value(copied)
    where = WHERE + " AND field = :field"
    copied.intruder.run(f"DELETE FROM wf_personal WHERE {where}", case=copied.far, seq=seq, field=field)
    assert copied.found() == [("personal-missing", "far", seq)]


def test_ledger_personal_value_added_is_named(copied: Copy) -> None:
    """A value that no entry committed to has no business there."""
    seq, field = _a_personal_value(copied)
    copied.intruder.run(
        "INSERT INTO wf_personal (tenant, case_id, seq, field, party, salt, value)"
        " SELECT tenant, case_id, seq, 'lain', party, salt, value FROM wf_personal"
        f" WHERE {WHERE} AND field = :field",
        case=copied.far,
        seq=seq,
        field=field,
    )
    assert copied.found() == [("personal-surplus", "far", seq)]


# --- well chained, but not what the definition allows -----------------------------------------------------


def _fired(entries: list[Entry], trigger: str) -> Entry:
    return next(entry for entry in entries if entry.get("trigger", "").endswith(trigger))


def test_ledger_forged_entry_well_chained_is_not_allowed(copied: Copy) -> None:
    """An act that the definition does not know here is found by deciding it again, and by that alone."""

    def change(entries: list[Entry]) -> None:
        last = entries[-1]
        configuration = next(entry["to"] for entry in reversed(entries) if "to" in entry)
        forged = following(
            last, kind="transition_taken", trigger=_fired(entries, "ajukan")["trigger"], to=configuration
        )
        forged |= {"from": configuration, "actor": {"id": "rina", "role": "opd", "party": "kukar"}}
        entries.append(forged)

    copied.intruder.forge(copied.far, change)
    assert copied.found() == [("not-allowed", "far", len(copied.entries()))]


@pytest.mark.parametrize(
    ("trigger", "path", "value"),
    [
        ("putuskan_telaah", "actor.role", "opd"),
        ("putuskan_telaah", "actor.id", "rina"),
        ("putuskan_telaah", "basis", ["P22 ps 1"]),
        ("putuskan_telaah", "rules.0.ok", False),
        ("putuskan_telaah", "kind", "consent_given"),
        ("putuskan_telaah", "engine.semantics", 7),
        ("ajukan", "effective_on", "2026-01-31"),
        ("ajukan", "actor.party", "samarinda"),
        ("tandatangani", "votes.0.member", "samarinda"),
        ("tandatangani", "votes.0.about.rancangan_kb", ["e" * 64]),
    ],
)
def test_ledger_forged_detail_well_chained_is_named(
    copied: Copy, trigger: str, path: str, value: object
) -> None:
    """Whatever detail of an act is forged, with everything beside it made to agree, its entry is named."""
    seqs: list[int] = []

    def change(entries: list[Entry]) -> None:
        entry = _fired(entries, trigger)
        put(entry, path, value)
        seqs.append(entry["seq"])

    copied.intruder.forge(copied.far, change)
    found = copied.found()
    assert found
    assert min(seq or 0 for _, _, seq in found) >= seqs[0]
    assert ("far", seqs[0]) in [(case, seq) for _, case, seq in found]


def test_ledger_forged_due_day_well_chained_is_named(copied: Copy) -> None:
    """A due day moved by hand does not follow from its start, its calendar, or the definition."""
    seqs: list[int] = []

    def change(entries: list[Entry]) -> None:
        for entry in entries:
            for record in entry.get("clocks", ()):
                if record["op"] == "started" and not seqs:
                    record["due_on"] = "2029-01-01"
                    seqs.append(entry["seq"])

    copied.intruder.forge(copied.far, change)
    found = copied.found()
    assert ("clock-mismatch", "far", seqs[0]) in found
    assert ("not-allowed", "far", seqs[0]) in found


def test_ledger_clock_fired_too_early_is_not_allowed(copied: Copy) -> None:
    """A clock cannot have acted before it was due, however well the entry is chained."""
    seq = copied.seq_of("deadline_expired")

    def change(entries: list[Entry]) -> None:
        del entries[seq:]
        put(entries[seq - 1], "recorded_at", later_instant(entries[seq - 2]["recorded_at"]))

    copied.intruder.forge(copied.far, change)
    assert copied.found() == [("not-allowed", "far", seq)]


def test_ledger_entry_of_another_shape_is_a_finding(copied: Copy) -> None:
    """Forged content of any shape is named and does not stop verification."""
    entries = copied.entries()
    log = []
    prev = ZERO
    for entry in entries:
        if entry["seq"] >= 3:
            entry["changes"] = ["not", "an", "object"]
        entry["prev"] = prev
        line = canonical_text(entry)
        prev = entry_hash(line.encode())
        log.append((entry["seq"], line, prev))
    for seq, line, hash_ in log:
        for table, column, value in (
            ("wf_history", "entry", line),
            ("wf_history", "hash", hash_),
            ("wf_unsequenced", "hash", hash_),
        ):
            copied.intruder.update(table, column, value, WHERE, case=copied.far, seq=seq)
    found = copied.found()
    assert ("not-foldable", "far", 3) in found


# --- what the entries cite --------------------------------------------------------------------------------


def test_ledger_definition_changed_names_the_first_entry(copied: Copy) -> None:
    """The canonical form, the sources and the digest of a definition must be those that entries cite."""
    ((canonical,),) = copied.intruder.rows(f"SELECT canonical FROM wf_definition WHERE {KSDD}")
    form = json.loads(canonical)
    form["timezone"] = "Asia/Jayapura"
    copied.intruder.update("wf_definition", "canonical", canonical_text(form), KSDD)
    changed = [("definition-changed", name, 1) for name in ("far", "short")]
    assert sorted(copied.found()) == changed
    copied.intruder.update("wf_definition", "digest", digest_of("kerjasama/definition/1", form), KSDD)
    assert sorted(copied.found()) == changed


def test_ledger_definition_without_sources_is_changed(copied: Copy) -> None:
    """A definition whose sources were emptied is no longer the one that entries cite."""
    copied.intruder.update("wf_definition", "sources", "{}")
    assert {code for code, _, _ in copied.found()} == {"definition-changed"}


def test_ledger_definition_sources_changed_names_the_first_entry(copied: Copy) -> None:
    """What runs is made of the sources: other sources are another definition."""
    ((sources,),) = copied.intruder.rows(f"SELECT sources FROM wf_definition WHERE {KSDD}")
    assert "tanggapan_kedua: 15 days" in sources
    changed = sources.replace("tanggapan_kedua: 15 days", "tanggapan_kedua: 20 days")
    copied.intruder.update("wf_definition", "sources", changed, KSDD)
    assert sorted(copied.found()) == [("definition-changed", name, 1) for name in ("far", "short")]


def test_ledger_definition_deleted_names_the_first_entry(copied: Copy) -> None:
    """A case whose definition is gone cannot be judged, which is said."""
    copied.intruder.run("DELETE FROM wf_definition")
    assert sorted(copied.found()) == [("definition-missing", name, 1) for name in ("far", "short")]


def test_ledger_calendar_changed_is_named_by_what_counted_with_it(copied: Copy) -> None:
    """A calendar that lost a holiday is not the one that was counted with."""
    ((canonical,),) = copied.intruder.rows("SELECT canonical FROM wf_calendar")
    form = json.loads(canonical)
    form["week"] = ["mon", "tue", "wed", "thu"]
    copied.intruder.update("wf_calendar", "canonical", canonical_text(form))
    codes = {code for code, _, _ in copied.found()}
    assert "calendar-changed" in codes
    copied.intruder.run("DELETE FROM wf_calendar")
    assert "calendar-missing" in {code for code, _, _ in copied.found()}


# --- the guard of the database ----------------------------------------------------------------------------


def test_ledger_missing_triggers_are_a_warning(copied: Copy) -> None:
    """Without its triggers the database does not refuse changes; the history itself is not in doubt."""
    report = copied.verify()
    (finding,) = report.findings
    assert (finding.code, finding.is_warning) == ("unprotected", True)
    assert report.is_clean
    copied.intruder.lock()
    assert copied.verify().findings == ()


def test_ledger_trigger_that_refuses_nothing_is_a_warning(copied: Copy) -> None:
    """A trigger of the right name that lets everything pass is no trigger."""
    copied.intruder.lock()
    if copied.intruder.dialect == "sqlite":
        copied.intruder.engine.dispose()
        with copied.intruder.engine.begin() as connection:
            connection.exec_driver_sql("DROP TRIGGER wf_history_no_update")
            connection.exec_driver_sql(
                "CREATE TRIGGER wf_history_no_update BEFORE UPDATE ON wf_history BEGIN SELECT 1; END"
            )
    else:
        execute(make_url(copied.url), "ALTER TABLE wf_history DISABLE TRIGGER wf_history_no_change")
    (finding,) = copied.verify().findings
    assert finding.code == "unprotected"
    assert "wf_history" in finding.message.text("en")


# --- no column is left out --------------------------------------------------------------------------------

OPERATIONAL = {
    "wf_history": {"id"},  # the surrogate key: order is seq
    "wf_timer": {"attempts", "retry_at", "error", "dead"},  # what became of attempts
    "wf_definition": {"deployed_by", "deployed_at"},
    "wf_calendar": {"sources", "loaded_by", "loaded_at"},  # the canonical form is what counts
}
"""Columns that history says nothing about; every other one of these tables is watched."""

WATCHED = (
    "wf_history",
    "wf_case",
    "wf_personal",
    "wf_timer",
    "wf_unsequenced",
    "wf_definition",
    "wf_calendar",
)
OTHERS = {
    "seq": 777,
    "revision": 777,
    "version": 777,
    "overdue": 2,
    "salt": b"x" * 32,
    "sources": '{"a": "b"}',
}


def _one_row(table: str, case_id: str) -> str:
    """A condition that selects one row of a table, of the given case where it has one."""
    if table == "wf_definition":
        return KSDD
    if table == "wf_calendar":
        return "1 = 1"
    if table == "wf_case":
        return f"id = '{case_id}'"
    order = {"wf_timer": ("path", "kind", "mark"), "wf_personal": ("seq", "field", "party")}.get(
        table, ("seq",)
    )
    where = f"case_id = '{case_id}'" + (" AND kind <> 'reminder'" if table == "wf_timer" else "")
    for column in order:
        where += f" AND {column} = (SELECT max({column}) FROM {table} WHERE {where})"
    return where


@pytest.mark.parametrize("table", WATCHED)
def test_ledger_no_column_can_be_changed_unseen(copied: Copy, table: str) -> None:
    """Whatever column of whatever row the history speaks about is changed, verification says so."""
    intruder = copied.intruder
    if table == "wf_timer":
        ((case_id,), *_) = intruder.rows("SELECT case_id FROM wf_timer WHERE kind <> 'reminder'")
    else:
        case_id = copied.far
    where = _one_row(table, case_id)
    columns = {column.name for column in tables.metadata.tables[table].columns}
    unseen = []
    with Engine(copied.url, tenant=TENANT, clock=FakeClock(), schema="check") as engine:
        for name in sorted(columns - OPERATIONAL.get(table, set())):
            with intruder.restoring(table):
                intruder.update(table, name, OTHERS.get(name, "lain"), where)
                if engine.ledger.verify().is_clean:
                    unseen.append(name)
        assert engine.ledger.verify().is_clean
    assert unseen == []


# --- what the engine wrote, read by the second reader -----------------------------------------------------


def test_ledger_second_reader_accepts_what_the_engine_wrote(copied: Copy) -> None:
    """The reader written from the format alone agrees with every line, value, due day and digest."""
    intruder = copied.intruder
    lines = [
        line
        for case_id in (copied.far, copied.short)
        for (line,) in intruder.rows(
            "SELECT entry FROM wf_history WHERE case_id = :id ORDER BY seq", id=case_id
        )
    ]
    personal = [
        {
            "case": case_id,
            "seq": seq,
            "field": field.removesuffix("@old"),
            "party": party,
            "old": field.endswith("@old"),
            "salt": bytes(salt).hex(),
            "value": json.loads(value),
        }
        for case_id, seq, field, party, salt, value in intruder.rows(
            "SELECT case_id, seq, field, party, salt, value FROM wf_personal"
        )
    ]
    definitions = dict(intruder.rows("SELECT digest, canonical FROM wf_definition"))
    calendars = dict(intruder.rows("SELECT digest, canonical FROM wf_calendar"))
    reader = Reader(
        personal=personal,
        definitions={digest: json.loads(form) for digest, form in definitions.items()},
        calendars={digest: json.loads(form) for digest, form in calendars.items()},
    )
    report = reader.read(lines)
    assert [str(problem) for problem in report.problems] == []
    assert report.opened == len(personal) > 0
    assert report.unknown_kinds == []
    assert report.hashes == [
        hash_
        for case_id in (copied.far, copied.short)
        for (hash_,) in intruder.rows(
            "SELECT hash FROM wf_history WHERE case_id = :id ORDER BY seq", id=case_id
        )
    ]
