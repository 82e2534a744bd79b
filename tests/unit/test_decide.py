"""Selection and refusal: which handler a command reaches, and what a "no" leaves behind."""

from __future__ import annotations

import pytest

from tests.unit.support import HEAD, OPD, PARTNER, Play, firing, make
from workflow.case import Decision, Refusal, Tick
from workflow.chart.interpreter import Runaway
from workflow.step.decide import ClockFailed, Restless
from workflow.step.environment import FactsNeeded
from workflow.step.options import available

# --- inner hides outer, and only state and `when` select ---------------------------------------------

NESTED = """
transitions:
  tutup: {by: [opd, kepala], to: luar}
states:
  awal:
    initial: dalam
    states:
      dalam:
        transitions:
          tutup: {by: [kepala], to: khusus}
      lain: {transitions: {tutup: {by: [kepala], when: jadi, to: khusus}}}
    transitions:
      geser: {by: [opd], to: lain}
      isi: {by: [opd], fields: {required: [jadi]}}
  khusus: {final: true, outcome: khusus}
  luar: {final: true, outcome: luar}
fields: {jadi: {type: boolean}}
"""


def nested() -> Play:
    """A case whose inner state reserves a trigger of the workflow for the head of region."""
    return Play(make(NESTED.replace("when: jadi", "when: jadi is not None and jadi"))).open()


def test_select_inner_handler_hides_the_outer_one() -> None:
    """Of one name the inner handler is asked."""
    assert nested().do("tutup", HEAD).case.outcome == "khusus"


def test_select_inner_handler_that_refuses_never_falls_through() -> None:
    """A role that the inner handler lacks refuses; the looser outer one is not tried."""
    play = nested()
    assert play.codes("tutup", OPD) == ["wrong-role"]
    assert play.refused("tutup", OPD).trigger == "awal.dalam.tutup"


def test_select_when_is_false_lets_the_outer_handler_through() -> None:
    """`when` selects: a handler whose `when` is false is not there."""
    assert nested().do("geser", OPD).do("tutup", OPD).case.outcome == "luar"


def test_select_when_is_true_hides_the_outer_handler() -> None:
    """A handler whose `when` is true hides the outer one, whoever asks."""
    play = nested().do("isi", OPD, jadi=True).do("geser", OPD)
    assert play.codes("tutup", OPD) == ["wrong-role"]
    assert play.do("tutup", HEAD).case.outcome == "khusus"


@pytest.mark.parametrize("trigger", ["dalam.tutup", "awal.dalam.tutup"])
def test_select_by_the_end_of_a_path_reaches_the_selected_handler(trigger: str) -> None:
    """A path, or its end, names the handler that selection yields."""
    assert nested().do(trigger, HEAD).case.outcome == "khusus"


@pytest.mark.parametrize("trigger", ["awal.tutup", "x.tutup", "lain.tutup", ".tutup"])
def test_select_by_path_never_reaches_a_hidden_or_absent_handler(trigger: str) -> None:
    """A path chooses among what selection yields and reaches nothing else."""
    assert nested().codes(trigger, HEAD) == ["not-enabled"]


def test_select_when_sees_the_case_before_the_command() -> None:
    """A value that comes with the command does not select its handler."""
    play = Play(
        make("""
        fields: {jadi: {type: boolean}}
        states:
          awal:
            transitions:
              maju: {by: [opd], when: jadi is not None and jadi, fields: {optional: [jadi]}, to: akhir}
              isi: {by: [opd], fields: {required: [jadi]}}
          akhir: {final: true, outcome: selesai}
        """)
    ).open()
    assert play.codes("maju", OPD, jadi=True) == ["not-enabled"]
    assert play.do("isi", OPD, jadi=True).do("maju", OPD, jadi=False).case.outcome == "selesai"


def test_select_refusal_names_the_condition_that_does_not_hold() -> None:
    """What stands here but whose `when` is false is told with the condition and what it reads."""
    play = Play(
        make("""
        fields: {jadi: {type: boolean}}
        states:
          awal:
            transitions:
              maju: {by: [opd], when: jadi is not None and jadi, to: akhir}
              isi: {by: [opd], fields: {required: [jadi]}}
          akhir: {final: true, outcome: selesai}
        """)
    ).open()
    (reason,) = play.do("isi", OPD, jadi=False).refused("maju", OPD).reasons
    assert reason.values == {"jadi": False}
    for language, word in (("en", "condition"), ("id", "syarat")):
        text = reason.message.text(language)
        assert word in text
        assert "jadi is not None and jadi" in text
        assert "isi" in text


def test_select_when_reads_today_as_the_effective_day() -> None:
    """`today` in `when` is the day on which the act happened, not the day of its recording."""
    play = Play(
        make("""
        states:
          awal:
            transitions:
              maju: {by: [opd], when: "today <= date('2026-02-10')", to: akhir}
              mundur: {by: [opd], to: akhir}
          akhir: {final: true, outcome: selesai}
        """)
    ).open()
    play.at("2026-02-12")
    assert play.codes("maju", OPD) == ["not-enabled"]
    assert play.do("maju", OPD, effective_on=play.now.date().replace(day=10)).case.outcome == "selesai"


def test_select_of_two_transitions_in_one_state_is_by_name() -> None:
    """What cannot be asked for here is refused with where it stands and what is possible."""
    refusal = nested().refused("majukan", OPD)
    assert refusal.code == "not-enabled"
    assert refusal.reasons[0].needs["state"] == []
    assert refusal.reasons[0].needs["trigger"] == ["geser", "isi", "tutup"]
    elsewhere = nested().do("tutup", HEAD)
    assert elsewhere.codes("geser", OPD) == ["case-closed"]


@pytest.mark.parametrize("trigger", ["", ".", "..", "@open", "@clock/awal.batas", "@refused/awal.setuju"])
def test_select_engine_edges_cannot_be_asked_for(trigger: str) -> None:
    """No name reaches the opening, a clock's branch or a refused consent."""
    assert nested().codes(trigger, OPD) == ["not-enabled"]


# --- ambiguous triggers ------------------------------------------------------------------------------

REGIONS = """
states:
  awal:
    regions:
      kiri:
        initial: satu
        states:
          satu: {transitions: {putuskan: {by: [opd], to: dua}, kiri_saja: {by: [opd], to: dua}}}
          dua: {final: true}
      kanan:
        initial: satu
        states:
          satu: {transitions: {putuskan: {by: [opd], to: dua}}}
          dua: {final: true}
    done: akhir
  akhir: {final: true, outcome: selesai}
"""


def test_ambiguous_trigger_is_refused_with_the_paths() -> None:
    """Two enabled handlers of different regions refuse a bare name and give the paths."""
    play = Play(make(REGIONS)).open()
    refusal = play.refused("putuskan", OPD)
    assert refusal.code == "ambiguous-trigger"
    assert refusal.reasons[0].needs["trigger"] == ["awal.kiri.satu.putuskan", "awal.kanan.satu.putuskan"]
    assert play.codes("satu.putuskan", OPD) == ["ambiguous-trigger"]


def test_ambiguous_trigger_by_path_takes_one_region() -> None:
    """By path one region moves; then the bare name is clear again, and `done` follows both."""
    play = Play(make(REGIONS)).open()
    assert play.do("kanan.satu.putuskan", OPD).states == ("awal.kiri.satu", "awal.kanan.dua")
    assert play.do("putuskan", OPD).case.outcome == "selesai"


def test_ambiguous_trigger_full_path_is_never_ambiguous() -> None:
    """A full path names one handler even where it is the end of another's."""
    play = Play(
        make("""
        open: {by: [opd], to: awal}
        states:
          awal:
            regions:
              a:
                initial: s
                states: {s: {transitions: {t: {by: [opd], to: f}}}, f: {final: true}}
              b:
                initial: x
                states:
                  x:
                    regions:
                      awal:
                        initial: m
                        states:
                          m:
                            regions:
                              a:
                                initial: s
                                states: {s: {transitions: {t: {by: [opd], to: f}}}, f: {final: true}}
                            done: n
                          n: {final: true}
                    done: y
                  y: {final: true}
            done: akhir
          akhir: {final: true, outcome: selesai}
        """)
    ).open()
    assert play.codes("a.s.t", OPD) == ["ambiguous-trigger"]
    assert play.do("awal.a.s.t", OPD).states == ("awal.a.f", "awal.b.x.awal.m.a.s")


# --- choose ------------------------------------------------------------------------------------------

CHOOSE = """
transitions:
  putuskan: {by: [opd], to: luar}
fields: {hasil: {type: choice, options: {ya: Ya, tidak: Tidak, ragu: Ragu}}, sebab: {type: text}}
states:
  awal:
    transitions:
      putuskan:
        by: [opd]
        fields: {required: [hasil]}
        choose:
          - when: hasil == 'ya'
            to: akhir
          - when: hasil == 'tidak'
            to: awal
            set: {sebab: "'ditolak'"}
  luar: {final: true, outcome: luar}
  akhir: {final: true, outcome: selesai}
"""


def test_choose_takes_the_first_true_branch_on_the_values_given() -> None:
    """`choose` sees the fields that its handler declares."""
    play = Play(make(CHOOSE)).open()
    assert play.do("putuskan", OPD, hasil="tidak").fields == {"hasil": "tidak", "sebab": "ditolak"}
    assert play.do("putuskan", OPD, hasil="ya").case.outcome == "selesai"


def test_choose_without_a_true_branch_is_refused_and_never_passed_outward() -> None:
    """With no true branch the command is refused `no-branch`; an outer handler is not tried."""
    play = Play(make(CHOOSE)).open()
    refusal = play.refused("putuskan", OPD, hasil="ragu")
    assert [reason.code for reason in refusal.reasons] == ["no-branch"]
    assert refusal.reasons[0].values == {"hasil": "ragu"}
    assert play.states == ("awal",)


def test_choose_later_guard_sees_what_an_earlier_set_wrote() -> None:
    """A `set` is written before the guard of an `always` that follows it."""
    play = Play(
        make("""
        fields: {n: {type: integer}}
        states:
          awal: {transitions: {maju: {by: [opd], to: pilah, set: {n: 3}}}}
          pilah:
            always:
              - when: n is not None and n > 2
                to: banyak
              - to: sedikit
          banyak: {final: true, outcome: banyak}
          sedikit: {final: true, outcome: sedikit}
        """)
    ).open()
    assert play.do("maju", OPD).case.outcome == "banyak"


def test_set_each_assignment_sees_those_before_it() -> None:
    """Assignments of one `set` are made in order."""
    play = Play(
        make("""
        fields: {n: {type: integer}, m: {type: integer}, k: {type: integer}}
        open: {by: [opd], fields: {required: [m]}, to: awal}
        states:
          awal:
            transitions:
              maju: {by: [opd], fields: {required: [n]}, set: {m: n + 1, k: m * 10}, to: akhir}
          akhir: {final: true, outcome: selesai}
        """)
    ).open(m=7)
    assert play.do("maju", OPD, n=1).fields == {"n": 1, "m": 2, "k": 20}


def test_set_none_empties_a_field() -> None:
    """`set: {field: None}` leaves the field empty, and the change has no `new`."""
    play = Play(
        make("""
        fields: {n: {type: integer}}
        states:
          awal:
            transitions:
              isi: {by: [opd], fields: {required: [n]}}
              kosongkan: {by: [opd], set: {n: None}}
              maju: {by: [opd], to: akhir}
          akhir: {final: true, outcome: selesai}
        """)
    ).open()
    play.do("isi", OPD, n=1).do("kosongkan", OPD)
    assert "n" not in play.fields
    assert play.last["changes"] == {"n": {"old": 1}}


# --- a value that cannot be ----------------------------------------------------------------------------

OVERFLOW = """
fields: {tgl: {type: date}, n: {type: integer}}
rules:
  jauh: {check: "tgl + years(9000) > today", message: Terlalu jauh}
states:
  awal:
    transitions:
      aturan: {by: [opd], fields: {required: [tgl]}, rules: [jauh]}
      pilih:
        by: [opd]
        fields: {required: [tgl]}
        choose:
          - when: "tgl + years(9000) > today"
            to: akhir
          - to: awal
      tulis: {by: [opd], fields: {required: [n]}, set: {n: n * 9000000000000000}}
      maju: {by: [opd], to: akhir}
  akhir: {final: true, outcome: selesai}
"""


@pytest.mark.parametrize(
    ("trigger", "given"),
    [("aturan", {"tgl": "2026-02-02"}), ("pilih", {"tgl": "2026-02-02"}), ("tulis", {"n": 9})],
)
def test_value_that_an_expression_cannot_have_refuses_the_command(
    trigger: str, given: dict[str, object]
) -> None:
    """What a rule, branch or `set` cannot reckon with is a refusal of the person's command."""
    play = Play(make(OVERFLOW)).open()
    assert play.codes(trigger, OPD, **given) == ["invalid-field"]


def test_value_that_an_expression_cannot_have_is_no_error_of_reading() -> None:
    """A guard without a value is a reason that `available` gives."""
    play = Play(
        make("""
        fields: {tgl: {type: date}}
        rules: {jauh: {check: "tgl is None or tgl + years(9000) > today", message: Jauh}}
        states:
          awal:
            transitions:
              isi: {by: [opd], fields: {required: [tgl]}}
              maju: {by: [opd], rules: [jauh], to: akhir}
              lain: {by: [opd], when: "tgl is not None and tgl + years(9000) > today", to: akhir}
              selesai: {by: [opd], to: akhir}
          akhir: {final: true, outcome: selesai}
        """)
    ).open()
    play.do("isi", OPD, tgl="2026-02-02")
    options = play.options(OPD)
    assert [reason.code for reason in options["awal.maju"].reasons] == ["invalid-field"]
    assert [reason.code for reason in options["awal.lain"].reasons] == ["invalid-field"]
    assert options["awal.selesai"].is_allowed
    assert play.codes("maju", OPD) == ["invalid-field"]
    assert play.codes("lain", OPD) == ["invalid-field"]


def test_value_that_a_clock_cannot_have_is_a_defect_and_nobodys_refusal() -> None:
    """By the clock there is nobody to refuse: the sweep and every command say which clock fails."""
    play = Play(
        make("""
        fields: {n: {type: integer}}
        states:
          awal:
            deadlines:
              batas:
                within: 3 days
                kind: target
                then: {to: akhir, set: {n: n * 9000000000000000}}
            transitions:
              isi: {by: [opd], fields: {required: [n]}}
          akhir: {final: true, outcome: selesai}
        open: {by: [opd], fields: {required: [n]}, to: awal}
        """)
    ).open(n=9)
    play.at("2026-02-20")
    for command in (Tick(), firing("isi", OPD, n=1)):
        with pytest.raises(ClockFailed, match=r"awal\.batas"):
            play.ask(command)


# --- facts -------------------------------------------------------------------------------------------

FACTS = """
facts: {pagu: {type: boolean}, kuota: {type: integer}}
rules: {ada: {check: pagu, message: Pagu belum ada}}
states:
  awal:
    transitions:
      aturan: {by: [opd], rules: [ada], to: akhir}
      pilih:
        by: [opd]
        choose:
          - when: kuota > 3
            to: akhir
          - to: awal
      saat: {by: [opd], when: pagu, to: akhir}
      catat: {by: [opd], facts: [kuota]}
  akhir: {final: true, outcome: selesai}
"""


@pytest.mark.parametrize(
    ("trigger", "names"),
    [("aturan", ("pagu",)), ("pilih", ("kuota",)), ("saat", ("pagu",)), ("catat", ("kuota",))],
)
def test_facts_lacking_are_asked_before_the_step(trigger: str, names: tuple[str, ...]) -> None:
    """A step that reads facts says which; nothing is decided until they are there."""
    play = Play(make(FACTS)).open()
    with pytest.raises(FactsNeeded) as lacking:
        play.ask(firing(trigger, OPD))
    assert lacking.value.names == names


@pytest.mark.parametrize(
    ("trigger", "recorded"),
    [("aturan", {"pagu": True}), ("pilih", {"kuota": 5}), ("saat", {"pagu": True}), ("catat", {"kuota": 5})],
)
def test_facts_read_are_recorded_with_the_step_and_no_others(
    trigger: str, recorded: dict[str, object]
) -> None:
    """The entry keeps the facts that its handler reads or names."""
    play = Play(make(FACTS)).open()
    play.facts = {"pagu": True, "kuota": 5}
    assert play.do(trigger, OPD).last["facts"] == recorded


def test_facts_against_the_act_refuse_it() -> None:
    """A rule over a fact refuses as any other."""
    play = Play(make(FACTS)).open()
    play.facts = {"pagu": False, "kuota": 1}
    assert play.codes("aturan", OPD) == ["rule-failed"]
    assert play.codes("saat", OPD) == ["not-enabled"]


# --- place and time ----------------------------------------------------------------------------------

PLAIN = """
fields: {n: {type: integer}}
states:
  awal:
    transitions:
      isi: {by: [opd], fields: {optional: [n]}}
      maju: {by: [opd], to: tengah}
  tengah: {transitions: {maju: {by: [opd], to: akhir}}}
  akhir: {final: true, outcome: selesai}
"""


def test_closed_case_refuses_everything() -> None:
    """After the end nothing may be done, and the refusal says how it ended."""
    play = Play(make(PLAIN)).open().do("maju", OPD).do("maju", OPD)
    assert play.codes("maju", OPD) == ["case-closed"]
    assert play.codes("apa_saja", HEAD) == ["case-closed"]
    assert play.tick("2030-01-01") == []
    assert available(play.process, play.case, OPD, play.world) == ()


def test_stale_caller_is_refused_and_a_current_one_is_not() -> None:
    """`expect` is the revision that the caller saw."""
    play = Play(make(PLAIN)).open()
    seen = play.case.revision
    play.do("isi", OPD, n=1)
    assert play.codes("isi", OPD, n=2, expect=seen) == ["stale-case"]
    play.do("isi", OPD, n=2, expect=play.case.revision)


def test_stale_is_asked_after_catch_up() -> None:
    """A clock that acts before the command makes the caller's view stale."""
    play = Play(
        make("""
        states:
          awal:
            deadlines: {batas: {within: 3 days, kind: target, then: {to: tengah}}}
            transitions: {maju: {by: [opd], to: akhir}}
          tengah: {transitions: {maju: {by: [opd], to: akhir}}}
          akhir: {final: true, outcome: selesai}
        """)
    ).open()
    play.at("2026-03-01")
    assert play.codes("maju", OPD, expect=1) == ["stale-case"]
    assert play.do("maju", OPD, expect=2).kinds() == ["case_opened", "clock_fired", "transition_taken"]


def test_effective_day_defaults_to_today_in_the_zone_of_the_case() -> None:
    """At 01:30 in Makassar it is already the next day, though the instant is of the day before."""
    play = Play(make(PLAIN), "2026-02-02").open().at("2026-02-05T01:30")
    assert play.now.date().isoformat() == "2026-02-04"
    assert play.do("maju", OPD).last["effective_on"] == "2026-02-05"


def test_effective_day_later_than_today_is_refused() -> None:
    """What has not happened cannot be recorded."""
    play = Play(make(PLAIN)).open()
    tomorrow = play.now.date().replace(day=3)
    assert play.codes("maju", OPD, effective_on=tomorrow) == ["effective-in-future"]


def test_effective_day_before_the_last_step_is_refused_and_the_same_day_is_not() -> None:
    """An act may be of the day of the last step but not before it."""
    play = Play(make(PLAIN)).open().at("2026-02-10").do("isi", OPD, n=1)
    on = play.now.date()
    play.at("2026-02-12")
    assert play.codes("maju", OPD, effective_on=on.replace(day=9)) == ["effective-before-last-step"]
    play.do("maju", OPD, effective_on=on)


def test_effective_day_is_not_bound_by_an_entry_that_changed_nothing() -> None:
    """Only an entry that raised `revision` bars earlier days."""
    play = Play(make(PLAIN)).open().at("2026-02-10").do("isi", OPD)
    assert play.case.revision == 1
    play.do("maju", OPD, effective_on=play.now.date().replace(day=3))


def test_every_reason_comes_at_once() -> None:
    """A refusal carries all that apply."""
    play = Play(
        make("""
        fields: {n: {type: integer, min: 1}, judul: {type: text}}
        documents: {surat: {title: Surat}}
        rules: {tidak: {check: "len(parties) > 5", message: Pihak kurang}}
        states:
          awal:
            transitions:
              maju:
                by: [kepala]
                fields: {required: [n, judul]}
                documents: {attach: [surat]}
                rules: [tidak]
                reason: required
                to: akhir
          akhir: {final: true, outcome: selesai}
        """)
    ).open()
    codes = play.codes("maju", OPD, n=0, lain=1)
    assert sorted(codes) == [
        "invalid-field", "invalid-field", "missing-document", "missing-field", "missing-reason",
        "rule-failed", "wrong-role",
    ]  # fmt: skip


# --- nothing is written by a "no" or by reading ---------------------------------------------------------

CLOCKED = """
states:
  awal:
    deadlines: {batas: {within: 3 days, kind: target, then: {to: tengah}}}
    transitions: {maju: {by: [opd], to: akhir}}
  tengah: {transitions: {maju: {by: [kepala], to: akhir}}}
  akhir: {final: true, outcome: selesai}
"""


def test_refused_command_writes_nothing_catch_up_included() -> None:
    """The ripe clock is taken in thought to refuse, and taken again by whoever comes next."""
    play = Play(make(CLOCKED)).open().at("2026-03-01")
    assert play.codes("maju", OPD) == ["wrong-role"]  # decided on `tengah`, which the clock reaches
    assert play.kinds() == ["case_opened"]
    assert play.do("maju", HEAD).kinds() == ["case_opened", "clock_fired", "transition_taken"]


def test_reading_takes_ripe_clocks_in_thought_only() -> None:
    """`available` shows what may be done after the clocks, and leaves the case as it is."""
    play = Play(make(CLOCKED)).open().at("2026-03-01")
    assert list(play.options(HEAD)) == ["tengah.maju"]
    assert play.states == ("awal",)


def test_tick_without_anything_ripe_decides_nothing() -> None:
    """A sweep that finds nothing writes nothing."""
    play = Play(make(CLOCKED)).open()
    decision = play.ask(Tick())
    assert isinstance(decision, Decision)
    assert decision.entries == ()
    assert decision.case is play.case


def test_decide_the_same_question_has_the_same_answer() -> None:
    """The step is a function of what it is given."""
    play = Play(make(CLOCKED)).open().at("2026-03-01")
    command = firing("maju", HEAD, comment="ya")
    assert play.ask(command) == play.ask(command)
    refusal = play.ask(firing("maju", PARTNER, for_party="asing"))
    assert isinstance(refusal, Refusal)
    assert refusal == play.ask(firing("maju", PARTNER, for_party="asing"))


# --- what never comes to rest ---------------------------------------------------------------------------


def test_clocks_that_start_each_other_without_end_are_a_defect() -> None:
    """A clock that is due again at once, for ever, is given up and said."""
    play = Play(
        make("""
        fields: {tgl: {type: date}}
        open: {by: [opd], fields: {required: [tgl]}, to: awal}
        states:
          awal:
            deadlines:
              batas: {at: tgl, kind: target, then: {set: {tgl: tgl - days(1)}}}
            transitions:
              maju: {by: [opd], to: akhir}
          akhir: {final: true, outcome: selesai}
        """),
        is_checked=False,
    ).open(tgl="2026-02-01")
    with pytest.raises(Restless):
        play.ask(Tick())


@pytest.mark.parametrize("turns", [0, 1])
def test_clock_that_takes_a_circle_back_in_time_never_rests(turns: int) -> None:
    """Counting from a field, it acts on its day of long ago each time: what `clock-loop` warns of."""
    play = Play(
        make("""
        fields: {mulai: {type: date}, putaran: {type: integer}}
        open: {by: [pemrakarsa.opd], fields: {required: [mulai, putaran]}, to: awal}
        states:
          awal:
            deadlines: {a: {within: 10 days, since: mulai, kind: target, then: {to: lain}}}
            transitions: {maju: {by: [opd], to: akhir}}
          lain:
            deadlines: {b: {within: 5 days, kind: target, then: {choose: [{when: putaran > 0, to: awal}]}}}
          akhir: {final: true, outcome: selesai}
        """),
        is_checked=False,
    ).open(mulai="2026-01-20", putaran=turns)
    play.at("2026-02-20")
    if turns:
        with pytest.raises(Restless):
            play.ask(Tick())
    else:
        play.tick()
        assert play.states == ("lain",)


def test_follow_ups_that_never_rest_are_a_defect() -> None:
    """An `always` that runs in a circle at run time ends in an error that names it."""
    play = Play(
        make("""
        fields: {n: {type: integer}}
        states:
          awal: {transitions: {maju: {by: [opd], fields: {required: [n]}, to: kiri}}}
          kiri:
            always:
              - when: n is not None and n > 0
                to: kanan
            transitions: {habis: {by: [opd], to: akhir}}
          kanan:
            always:
              - when: n is not None and n > 0
                to: kiri
            transitions: {habis: {by: [opd], to: akhir}}
          akhir: {final: true, outcome: selesai}
        """)
    ).open()
    with pytest.raises(Runaway):
        play.ask(firing("maju", OPD, n=1))
    assert play.do("maju", OPD, n=0).states == ("kiri",)
