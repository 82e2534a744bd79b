"""Child cases through the public API on every store: opened, closed, ended together, never half."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine import faults
from engine.errors import Contention
from kerjasama import Actor, Case, Engine, Party, Refused, StaleCase
from tests.clocks import FakeClock
from tests.families import GOVERNOR, HEAD, MATERIAL, OFFICE, OPD
from tests.places import DEFINITIONS
from tests.tampering import Entry, Intruder

ADMIN = Actor("admin", roles=["administrator"])
WORKFLOWS = ("kb", "pks", "rincian", "ambil", "catatan")
PARTIES = (Party("kukar", side="pemrakarsa"), Party("samarinda", side="mitra"), Party("paser", side="mitra"))


def deploy(engine: Engine) -> Engine:
    """Deploy the family's definitions."""
    engine.deploy(DEFINITIONS / "calendars" / "indonesia.yaml", by=ADMIN)
    for name in WORKFLOWS:
        engine.deploy(MATERIAL / f"{name}.yaml", by=ADMIN)
    return engine


@pytest.fixture
def engine(store_url: str, clock: FakeClock) -> Iterator[Engine]:
    """An engine with the family's definitions, in virtual time from 5 January 2026."""
    with Engine(store_url, tenant="kukar", clock=clock) as made:
        yield deploy(made)


def agreement(engine: Engine, **fields: Any) -> str:
    """Open a joint agreement with its document; return its id."""
    given = {"judul": "Angkutan", "pagu": 1_000_000_000, **fields}
    case = engine.open("kb", by=OPD, fields=given, parties=PARTIES)
    engine.fire(case.id, "unggah", by=OPD, documents={"kb": b"%PDF kb"})
    return case.id


def child(engine: Engine, parent: str, trigger: str = "mulai_pks", by: Actor = OPD) -> str:
    """Open a child; return its id."""
    before = {one.id for one in engine.children(parent)}
    engine.fire(parent, trigger, by=by)
    [opened] = [one.id for one in engine.children(parent) if one.id not in before]
    return opened


def kinds(engine: Engine, case_id: str) -> list[str]:
    """Kinds of a case's entries."""
    return [entry.kind for entry in engine.history(case_id)]


def clean(engine: Engine) -> None:
    """Nothing is wrong with any history."""
    report = engine.ledger.verify()
    assert report.is_clean, [str(one.message) for one in report.findings]


# --- opening -----------------------------------------------------------------------------------------


def test_child_opened_shows_its_parent_and_gets_a_number_of_its_own(engine: Engine) -> None:
    """A child is a case like any other: numbered, with its parent's parties and the documents handed over."""
    kb = agreement(engine)
    first, second = child(engine, kb), child(engine, kb)
    case = engine.case(first)
    assert (case.parent, case.number, engine.case(second).number) == (kb, "pks/2026/1", "pks/2026/2")
    assert case.parties == PARTIES
    assert case.documents == {"kb": engine.case(kb).documents["kb"]}
    assert case.fields["judul"] == "Angkutan"
    assert [one.id for one in engine.children(kb)] == [first, second]
    assert engine.history(first)[0].body["actor"] == {"id": "parent", "case": kb}
    assert engine.case(kb).parent is None
    clean(engine)


def test_child_refused_takes_no_number_and_leaves_no_trace(engine: Engine) -> None:
    """A child that its own definition refuses refuses the whole step, and its number stays free."""
    short = engine.open("kb", by=OPD, fields={"judul": "AB", "pagu": 1}, parties=PARTIES).id
    engine.fire(short, "unggah", by=OPD, documents={"kb": b"%PDF kb"})
    before = engine.case(short)
    with pytest.raises(Refused) as refused:
        engine.fire(short, "mulai_pks", by=OPD)
    assert [reason.code for reason in refused.value.reasons] == ["rule-failed"]
    assert engine.case(short) == before
    assert engine.children(short) == ()
    assert engine.case(child(engine, agreement(engine))).number == "pks/2026/1"


def test_several_children_of_one_step_are_numbered_in_order(engine: Engine) -> None:
    """With ``for_each`` one child for each party of the side, with the first side and this party."""
    kb = agreement(engine)
    engine.fire(kb, "mulai_per_mitra", by=OPD)
    opened = engine.children(kb)
    assert [one.number for one in opened] == ["pks/2026/1", "pks/2026/2"]
    assert [[party.id for party in one.parties] for one in opened] == [
        ["kukar", "samarinda"],
        ["kukar", "paser"],
    ]
    clean(engine)


def test_opening_request_again_opens_no_second_child(engine: Engine) -> None:
    """The same request id has one effect, on the whole family."""
    kb = agreement(engine)
    first = engine.fire(kb, "mulai_pks", by=OPD, request_id="r-1")
    assert engine.fire(kb, "mulai_pks", by=OPD, request_id="r-1") == first
    assert len(engine.children(kb)) == 1


def test_person_cannot_open_what_only_a_parent_opens(engine: Engine) -> None:
    """``by: parent`` is for parents."""
    with pytest.raises(Refused) as refused:
        engine.open("pks", by=OPD, fields={"judul": "Sendiri"}, parties=PARTIES)
    [reason] = refused.value.reasons
    assert (reason.code, reason.message.key) == ("wrong-role", "refusal.only-by-parent")
    assert engine.cases().items == ()


# --- closing -----------------------------------------------------------------------------------------


def test_last_child_closing_moves_the_parent(engine: Engine) -> None:
    """Each child that closes is noted in the parent; the last one opens its ``always``."""
    kb = agreement(engine)
    first, second = child(engine, kb), child(engine, kb)
    engine.fire(kb, "akhiri", by=HEAD)
    engine.fire(first, "batalkan", by=HEAD)
    assert engine.case(kb).state == "penutupan"
    engine.fire(second, "batalkan", by=HEAD)
    assert (engine.case(kb).state, engine.case(kb).outcome) == ("berakhir", "berakhir")
    assert kinds(engine, kb)[-3:] == ["child_closed", "child_closed", "transition_taken"]
    clean(engine)


def test_child_closed_by_the_sweep_moves_the_parent(engine: Engine, clock: FakeClock) -> None:
    """What a clock does to a child reaches its parent in the same transaction, on the same day."""
    kb = agreement(engine)
    first = child(engine, kb)
    engine.fire(first, "tanda_tangan", by=HEAD, fields={"berlaku_sampai": date(2026, 3, 1)})
    engine.fire(kb, "akhiri", by=HEAD)
    clock.set_local(date(2026, 4, 1))
    swept = engine.tick()
    assert swept.entries == 3
    assert engine.case(kb).outcome == "berakhir"
    assert engine.history(kb)[-1].body["effective_on"] == "2026-03-01"
    clean(engine)


def test_command_on_the_parent_takes_the_ripe_clock_of_a_child_first(
    engine: Engine, clock: FakeClock
) -> None:
    """Nobody swept: the child's clock acts before the act that arrives at its parent."""
    kb = agreement(engine)
    first = child(engine, kb)
    engine.fire(first, "tanda_tangan", by=HEAD, fields={"berlaku_sampai": date(2026, 3, 1)})
    engine.fire(kb, "akhiri", by=HEAD)
    clock.set_local(date(2026, 4, 1))
    with pytest.raises(Refused) as refused:
        engine.fire(kb, "mulai_pembinaan", by=GOVERNOR)
    assert refused.value.code == "case-closed"
    assert engine.case(kb).state == "penutupan"  # a refused command writes nothing
    assert engine.available(kb, by=GOVERNOR) == ()
    clean(engine)


def test_takeover_ends_the_parent_and_what_goes_on_below(engine: Engine) -> None:
    """``by: child`` takes the parent to its end, whose branch closes the open agreements with it."""
    kb = agreement(engine)
    pks = child(engine, kb)
    taken = child(engine, kb, "mulai_pembinaan", GOVERNOR)
    engine.fire(taken, "ambil_alih", by=GOVERNOR)
    assert engine.case(kb).outcome == "diambil_alih"
    assert engine.case(pks).outcome == "closed_with_parent"
    assert engine.history(pks)[-1].body["actor"] == {"id": "parent", "case": kb}
    assert engine.timers(pks) == ()
    clean(engine)


@pytest.mark.parametrize(
    ("trigger", "by", "after"),
    [("mulai_catatan", OPD, "closed_with_parent"), ("mulai_pembinaan", GOVERNOR, None)],
)
def test_parent_end_closes_or_keeps_children(
    engine: Engine, clock: FakeClock, trigger: str, by: Actor, after: str | None
) -> None:
    """``close`` ends the children with their parent, duties and all; ``keep`` lets them go on."""
    kb = agreement(engine)
    kept = child(engine, kb, trigger, by)
    clock.set_local(date(2026, 2, 20))
    engine.tick()
    engine.fire(kb, "bubarkan", by=HEAD)
    assert engine.case(kb).outcome == "bubar"
    assert engine.case(kept).outcome == after
    assert engine.obligations(kept) == ()
    clock.set_local(date(2027, 1, 1))
    engine.tick()
    clean(engine)


def test_parent_with_open_children_is_refused_and_names_them(engine: Engine) -> None:
    """``refuse``: the refusal says which children go on."""
    kb = agreement(engine)
    pks = child(engine, kb)
    with pytest.raises(Refused) as refused:
        engine.fire(kb, "bubarkan", by=HEAD)
    [reason] = refused.value.reasons
    assert (reason.code, reason.needs) == ("child-open", {"children": [pks]})
    assert engine.case(pks).number in reason.message.text("en")
    explained = engine.explain(kb, "bubarkan", by=HEAD)
    assert [one.code for one in explained.reasons] == ["child-open"]


def test_three_levels_close_upward_in_one_transaction(engine: Engine, clock: FakeClock) -> None:
    """A clock of the innermost case ends it, its parent and the outermost one."""
    kb = agreement(engine)
    pks = child(engine, kb)
    engine.fire(pks, "tanda_tangan", by=HEAD, fields={"berlaku_sampai": date(2026, 12, 31)})
    inner = child(engine, pks, "rinci")
    engine.fire(kb, "akhiri", by=HEAD)
    clock.set_local(date(2026, 1, 20))
    engine.tick()
    assert [engine.case(one).outcome for one in (inner, pks, kb)] == ["tuntas", "tuntas", "berakhir"]
    clean(engine)


def test_guard_reads_what_a_child_and_the_parent_share(engine: Engine) -> None:
    """A child sees its parent's ceiling, the parent its children's values, as they are now."""
    kb = agreement(engine)
    pks = child(engine, kb)
    with pytest.raises(Refused, match="pagu") as refused:
        engine.fire(pks, "nilai_pekerjaan", by=OFFICE, fields={"nilai": 2_000_000_000})
    assert refused.value.code == "rule-failed"
    engine.fire(kb, "tandai", by=OFFICE)
    assert engine.case(kb).fields["tingkat"] == "biasa"
    engine.fire(pks, "nilai_pekerjaan", by=OFFICE, fields={"nilai": 600_000_000})
    engine.fire(kb, "tandai", by=OFFICE)
    assert engine.case(kb).fields["tingkat"] == "penting"
    with pytest.raises(Refused):
        engine.fire(kb, "ubah_pagu", by=OFFICE, fields={"pagu": 500_000_000})
    clean(engine)


# --- never half ---------------------------------------------------------------------------------------


def test_hosts_rollback_leaves_neither_parent_nor_child(engine: Engine, store_url: str) -> None:
    """In a host's transaction the whole family vanishes with its rollback."""
    kb = agreement(engine)
    before = engine.case(kb)
    host = sa.create_engine(store_url, poolclass=sa.NullPool)
    with host.connect() as connection:
        engine.fire(kb, "mulai_pks", by=OPD, connection=connection)
        assert len(engine.children(kb, connection=connection)) == 1
        connection.rollback()
    assert engine.case(kb) == before
    assert engine.children(kb) == ()
    with host.begin() as connection:
        engine.fire(kb, "mulai_pks", by=OPD, connection=connection)
    assert len(engine.children(kb)) == 1
    clean(engine)


@pytest.mark.parametrize("point", ["command.decided", "store.applied", "store.committing"])
def test_failure_between_the_writes_of_a_family_leaves_nothing(engine: Engine, point: str) -> None:
    """Whatever breaks before the commit, parent and children stand as before, and nothing is half."""
    kb = agreement(engine)
    pks = child(engine, kb)
    engine.fire(kb, "akhiri", by=HEAD)
    before = engine.case(kb), engine.case(pks)

    def fail() -> None:
        raise LookupError(point)

    faults.arm(point, fail)
    try:
        with pytest.raises(LookupError):
            engine.fire(pks, "batalkan", by=HEAD)
    finally:
        faults.disarm()
    assert (engine.case(kb), engine.case(pks)) == before
    engine.fire(pks, "batalkan", by=HEAD)
    assert engine.case(kb).outcome == "berakhir"
    clean(engine)


def test_several_acts_of_one_family_in_one_transaction(engine: Engine) -> None:
    """`fire_many` over parent and child sees each act's effect on the other, and is undone as a whole."""
    kb = agreement(engine)
    pks = child(engine, kb)
    engine.fire_many(
        [
            {"case_id": pks, "trigger": "nilai_pekerjaan", "by": OFFICE, "fields": {"nilai": 700_000_000}},
            {"case_id": kb, "trigger": "tandai", "by": OFFICE},
        ]
    )
    assert engine.case(kb).fields["tingkat"] == "penting"
    with pytest.raises(Refused):
        engine.fire_many(
            [
                {"case_id": pks, "trigger": "batalkan", "by": HEAD},
                {"case_id": kb, "trigger": "bubarkan", "by": OPD},
            ]
        )
    assert engine.case(pks).closed_at is None
    clean(engine)


# --- at once ------------------------------------------------------------------------------------------


def persistent(act: Any) -> Case | None:
    """Act until it is through or refused; being too late is no error."""
    while True:
        try:
            case: Case = act()
        except (Contention, StaleCase):
            continue
        except Refused:
            return None
        return case


def test_two_children_closing_at_once_move_the_parent_once(engine: Engine) -> None:
    """Whoever is second sees the first; the parent ends exactly once, with both noted before."""
    for _ in range(3):
        kb = agreement(engine)
        children = [child(engine, kb) for _ in range(3)]
        engine.fire(kb, "akhiri", by=HEAD)
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(lambda one: persistent(lambda: engine.fire(one, "batalkan", by=HEAD)), children))
        assert engine.case(kb).outcome == "berakhir"
        assert kinds(engine, kb)[-4:] == ["child_closed"] * 3 + ["transition_taken"]
    clean(engine)


def deadlocks(url: str) -> int:
    """Count the deadlocks that the database has broken; SQLite knows none."""
    host = sa.create_engine(url, poolclass=sa.NullPool)
    if host.dialect.name != "postgresql":
        return 0
    with host.connect() as connection:
        count = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        return int(connection.scalar(sa.text(count)))


def test_parent_and_children_at_once_never_wait_for_each_other(store_url: str, clock: FakeClock) -> None:
    """Acts on parent and children and sweeps, all at once: no deadlock, no error, nothing lost."""
    before = deadlocks(store_url)
    with Engine(store_url, tenant="kukar", clock=clock) as engine:
        deploy(engine)
        crowd(engine, clock)
    assert deadlocks(store_url) == before  # a connection that is closed has told its figures


def crowd(engine: Engine, clock: FakeClock) -> None:
    """Let eight threads loose on one family."""
    kb = agreement(engine)
    children = [child(engine, kb) for _ in range(3)]
    for number, one in enumerate(children):
        until = date(2026, 2, 1 + number)
        engine.fire(one, "tanda_tangan", by=HEAD, fields={"berlaku_sampai": until})
        engine.fire(one, "rinci", by=OPD)
    clock.set_local(date(2026, 1, 14))

    def act(n: int, round_: int) -> None:
        some = [children[(n + round_) % 3], children[(n + round_ + 1) % 3]]
        calls = [{"case_id": one, "trigger": "lampirkan", "by": OPD} for one in some]
        if n % 4 == 0:
            engine.tick()
        elif n % 4 == 1:
            persistent(lambda: engine.fire(kb, "tandai", by=OFFICE))
        elif n % 4 == 2:
            persistent(lambda: engine.fire(some[0], "lampirkan", by=OPD))
        else:
            persistent(lambda: engine.fire_many(calls)[0])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: [act(n, round_) for round_ in range(5)], range(8)))
    noted = sum(kinds(engine, one).count("child_opened") for one in children)
    assert noted == 3 + 2 * 5 * 1 + 2 * 5 * 2
    clock.set_local(date(2026, 3, 1))
    engine.tick()
    assert all(engine.case(one).closed_at for one in children)
    assert not engine.dead_timers()
    clean(engine)


# --- facts from other cases ---------------------------------------------------------------------------

ASKING = """\
format: 1
workflow: rencana
version: 1
title: Rencana kerja sama
timezone: Asia/Makassar
calendar: indonesia
roles: {opd: {title: Perangkat daerah}}
parties:
  pemrakarsa: {count: 1, roles: [opd]}
  mitra: {min: 1}
facts:
  tahun_tanpa_laporan:
    type: boolean
    from_cases: {workflow: [laporan, belum_ada], same: pemrakarsa, any: overdue('tahunan')}
rules:
  sudah_melapor:
    check: not tahun_tanpa_laporan
    message: {id: Ada tahun tanpa laporan, en: A year went unreported}
open: {by: [pemrakarsa.opd], to: disusun}
states:
  disusun:
    transitions:
      ajukan: {by: [opd], rules: [sudah_melapor], to: diajukan}
  diajukan: {final: true, outcome: diajukan}
"""

REPORTING = """\
format: 1
workflow: laporan
version: 1
title: Pelaporan
timezone: Asia/Makassar
calendar: indonesia
roles: {opd: {title: Perangkat daerah}}
parties:
  pemrakarsa: {count: 1, roles: [opd]}
  mitra: {min: 1}
open: {by: [pemrakarsa.opd], to: berjalan}
states:
  berjalan:
    obligations:
      tahunan: {each_year: [01-10], within: 5 days, by: [opd], fulfilled_by: lapor, kind: contractual}
    transitions:
      lapor: {by: [opd]}
      akhiri: {by: [opd], to: berakhir}
  berakhir: {final: true, outcome: berakhir}
"""


@pytest.fixture
def asking(engine: Engine, tmp_path: Path) -> Engine:
    """The engine with a workflow that asks another one."""
    shutil.copytree(DEFINITIONS / "calendars", tmp_path / "calendars")
    for name, text in (("laporan", REPORTING), ("rencana", ASKING)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        engine.deploy(tmp_path / f"{name}.yaml", by=ADMIN)
    return engine


def plan(engine: Engine, party: str) -> str:
    """Open a plan of a region; return its id."""
    by = Actor("rina", roles=["opd"], party=party)
    parties = [Party(party, side="pemrakarsa"), Party("lain", side="mitra")]
    return engine.open("rencana", by=by, parties=parties).id


def submitted(engine: Engine, case_id: str, party: str) -> bool:
    """Whether a plan may be submitted; it is."""
    try:
        engine.fire(case_id, "ajukan", by=Actor("rina", roles=["opd"], party=party))
    except Refused as refused:
        assert refused.code == "rule-failed"
        return False
    return True


def test_fact_from_cases_looks_at_the_same_partys_cases(asking: Engine, clock: FakeClock) -> None:
    """One region's unreported year blocks its own plan, whether or not a sweep ran, and no one else's."""
    by = Actor("rina", roles=["opd"], party="kukar")
    parties = [Party("kukar", side="pemrakarsa"), Party("lain", side="mitra")]
    reporting = asking.open("laporan", by=by, parties=parties).id
    own, others = plan(asking, "kukar"), plan(asking, "paser")
    clock.set_local(date(2026, 2, 1))  # nobody swept: the occurrence of 10 January is overdue in thought
    assert not submitted(asking, own, "kukar")
    [option] = asking.available(own, by=by)
    assert [one.code for one in option.reasons] == ["rule-failed"]
    assert submitted(asking, others, "paser")
    asking.fire(reporting, "lapor", by=by)
    assert submitted(asking, own, "kukar")
    assert asking.history(own)[-1].body["facts"] == {"tahun_tanpa_laporan": False}
    clean(asking)


def test_fact_from_workflow_not_deployed_counts_no_case(asking: Engine) -> None:
    """Without any case, and with a workflow that is not there, nothing fulfils the condition."""
    assert submitted(asking, plan(asking, "kukar"), "kukar")


def test_fact_from_cases_reads_page_after_page(asking: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many cases there are, the one that fulfils the condition is found."""
    monkeypatch.setattr("engine.others.PAGE", 2)
    by = Actor("rina", roles=["opd"], party="kukar")
    for party in ("a", "b", "c", "kukar"):
        parties = [Party(party, side="pemrakarsa"), Party("lain", side="mitra")]
        who = Actor("x", roles=["opd"], party=party)
        asking.open("laporan", by=who, parties=parties, effective_on=date(2025, 12, 1))
    own = plan(asking, "kukar")
    asking.fire(own, "ajukan", by=by)
    assert asking.history(own)[-1].body["facts"] == {"tahun_tanpa_laporan": False}


# --- verification -------------------------------------------------------------------------------------


def moved(engine: Engine) -> tuple[str, str]:
    """A joint agreement that ended when its only agreement did."""
    kb = agreement(engine)
    pks = child(engine, kb)
    engine.fire(pks, "nilai_pekerjaan", by=OFFICE, fields={"nilai": 600_000_000})
    engine.fire(kb, "tandai", by=OFFICE)
    engine.fire(kb, "akhiri", by=HEAD)
    engine.fire(pks, "batalkan", by=HEAD)
    return kb, pks


def found(engine: Engine) -> set[tuple[str, str | None, int | None]]:
    """What verification finds."""
    return {(one.code, one.case, one.seq) for one in engine.ledger.verify().findings if not one.is_warning}


def entry_of(entries: list[Entry], kind: str) -> Entry:
    """Return the last entry of a kind."""
    return [one for one in entries if one["kind"] == kind][-1]


def test_verify_finds_a_parent_that_tells_another_end_of_its_child(engine: Engine, store_url: str) -> None:
    """However well it is chained, the child's own history says otherwise."""
    kb, _ = moved(engine)
    intruder = Intruder(store_url)

    def forge(entries: list[Entry]) -> None:
        entry_of(entries, "child_closed")["outcome"] = "tuntas"

    intruder.forge(kb, forge)
    assert {code for code, case, _ in found(engine) if case == kb} == {"relative-mismatch"}


def test_verify_finds_a_child_that_its_parent_never_opened(engine: Engine, store_url: str) -> None:
    """A parent named in an opening must have opened that child."""
    kb, pks = moved(engine)
    other = agreement(engine)
    intruder = Intruder(store_url)

    def forge(entries: list[Entry]) -> None:
        entries[0]["parent"] = {"case": other, "name": "pks"}
        entries[0]["actor"] = {"id": "parent", "case": other}

    intruder.forge(pks, forge)
    codes = {(code, case) for code, case, _ in found(engine)}
    assert codes == {("relative-mismatch", pks), ("relative-mismatch", kb), ("case-changed", pks)}


def test_verify_finds_a_step_that_the_relatives_values_do_not_bear_out(
    engine: Engine, store_url: str
) -> None:
    """A guard that read a shared value is asked again, with the relative as it stood then."""
    kb, _ = moved(engine)
    intruder = Intruder(store_url)

    def forge(entries: list[Entry]) -> None:
        marked = next(one for one in entries if one.get("trigger", "").endswith("tandai"))
        marked["changes"]["tingkat"]["new"] = "biasa"

    intruder.forge(kb, forge)
    assert {code for code, case, _ in found(engine) if case == kb} == {"not-allowed"}


def test_verify_finds_a_link_between_cases_that_was_changed(engine: Engine, store_url: str) -> None:
    """The row that says who opened whom follows from history."""
    _, pks = moved(engine)
    intruder = Intruder(store_url)
    intruder.run("DELETE FROM wf_child WHERE case_id = :case", case=pks)
    [(code, case, _)] = found(engine)
    assert (code, case) == ("case-changed", pks)
