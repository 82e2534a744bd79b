"""Local fields, and which fields are known where: every way to a state must give what is read there."""

from __future__ import annotations

from tests.definitions import codes, definition, findings
from workflow.definition import Definition
from workflow.source.diagnostics import Diagnostic

DECLARED = """\
fields:
  nilai: {type: money}
  judul: {type: text}
  setuju: {type: boolean}
  mulai: {type: date}
"""
OPENING = "open: {by: [opd], to: a}\n"
END = "usai: {final: true, outcome: usai}\n"


def lacking(states: str, *, opening: str = OPENING, declared: str = DECLARED) -> list[Diagnostic]:
    """Return what may be empty, and see that nothing else is wrong."""
    found = findings(declared, opening=opening, states=states + END)
    errors = [one for one in found if one.severity.value == "error"]
    assert {one.code for one in errors} <= {"maybe-empty"}, [(one.code, one.message) for one in errors]
    return errors


def made(states: str, *, opening: str = OPENING, declared: str = DECLARED) -> Definition:
    """Load what must be without errors."""
    return definition(declared, opening=opening, states=states + END)


def test_local_field_named_elsewhere_is_said_to_be_local() -> None:
    """A rule outside that reads a local field is told whose it is, and both ways to mend it."""
    outside = "rules:\n  wajar: {check: isi > 0, message: Terlalu kecil}\n"
    states = """\
    a:
      fields: {isi: {type: integer}}
      transitions: {catat: {by: [opd], fields: {required: [isi]}, rules: [wajar], to: usai}}
    """
    found = findings(DECLARED + outside, opening=OPENING, states=states + END)[0]
    assert (found.code, found.message) == ("guard-unknown-name", "the field `isi` is local to the state 'a'")
    assert found.help is not None
    assert "`rules:` of that state" in found.help
    assert "`a.isi`" in found.help
    inside = "fields: {isi: {type: integer}}\n      rules: {wajar: {check: isi > 0, message: Terlalu kecil}}"
    mended = states.replace("fields: {isi: {type: integer}}", inside)
    assert made(mended).states["a"].handlers[0].rules == ("a.wajar",)
    by_path = DECLARED + outside.replace("isi > 0", "a.isi > 0")
    assert "guard-unknown-name" not in codes(by_path, opening=OPENING, states=states + END)


READ = "baca: {by: [opd], when: nilai > 0, to: usai}"


def test_field_required_on_every_way_is_known() -> None:
    """What each transition into a state requires can be read there."""
    states = """\
    a: {transitions: {isi: {by: [opd], fields: {required: [nilai]}, to: b}}}
    b: {transitions: {lanjut: {by: [opd], to: c}, ulang: {by: [opd], to: a}}}
    c: {transitions: {baca: {by: [opd], when: nilai > 0, to: usai}}}
    """
    assert lacking(states) == []


def test_way_that_does_not_give_a_field_is_named() -> None:
    """The finding says on which way the field is lacking."""
    states = """\
    a:
      transitions:
        isi: {by: [opd], fields: {required: [nilai]}, to: c}
        langsung: {by: [opd], to: b}
    b: {transitions: {lanjut: {by: [opd], to: c}}}
    c: {transitions: {baca: {by: [opd], when: nilai > 0, to: usai}}}
    """
    (found,) = lacking(states)
    assert found.message == "`nilai` may be empty here: nothing gives it on the way a → b → c"


def test_field_that_may_be_given_empty_is_forgotten() -> None:
    """An optional field may be emptied by whoever leaves it out on purpose."""
    states = """\
    a: {transitions: {isi: {by: [opd], fields: {required: [nilai]}, to: b}}}
    b:
      transitions:
        ubah: {by: [opd], fields: {optional: [nilai]}}
        baca: {by: [opd], when: nilai > 0, to: usai}
    """
    assert len(lacking(states)) == 1
    assert lacking(states.replace("optional", "required")) == []


def test_field_set_to_none_is_forgotten_and_one_set_is_known() -> None:
    """``set`` gives and empties like a command does."""
    states = """\
    a: {transitions: {isi: {by: [opd], fields: {required: [nilai]}, set: {judul: "'x'"}, to: b}}}
    b: {transitions: {kosong: {by: [opd], set: {nilai: None}, to: c}}}
    c:
      transitions:
        baca: {by: [opd], when: nilai > 0, to: usai}
        lihat: {by: [opd], when: len(judul) > 1, to: usai}
    """
    (found,) = lacking(states)
    assert found.message == "`nilai` may be empty here: nothing gives it on the way c"


def test_other_region_may_empty_what_is_read_here() -> None:
    """A region that runs beside can take away what was known."""
    states = """\
    a: {transitions: {isi: {by: [opd], fields: {required: [nilai]}, to: b}}}
    b:
      transitions: {selesai: {by: [opd], to: usai}}
      regions:
        x: {initial: x1, states: {x1: {transitions: {baca: {by: [opd], when: nilai > 0, to: usai}}}}}
        y:
          initial: y1
          states:
            y1: {transitions: {kosongkan: {by: [opd], set: {nilai: None}, to: y2}}}
            y2: {}
    """
    assert len(lacking(states)) == 1
    assert lacking(states.replace("set: {nilai: None}, ", "")) == []


def test_branches_know_what_those_before_them_asked() -> None:
    """A branch is asked when those before it were false, and its values when it is true."""
    states = """\
    a:
      transitions:
        putus:
          by: [opd]
          fields: {optional: [nilai, mulai]}
          choose:
            - when: nilai is None
              to: usai
            - when: nilai > 0 and mulai is not None
              to: b
              set: {mulai: mulai + days(1)}
            - to: usai
    b: {transitions: {baca: {by: [opd], when: nilai > 0 and mulai < date('2030-01-01'), to: usai}}}
    """
    assert lacking(states) == []


def test_clock_knows_the_date_that_it_counts_from() -> None:
    """A clock runs only where its start is there, so that its branches may read it."""
    states = """\
    a:
      deadlines:
        batas:
          within: 3 days
          since: mulai
          kind: target
          then: {to: b, set: {mulai: mulai + days(3)}}
      transitions: {catat: {by: [opd], fields: {optional: [mulai]}}, selesai: {by: [opd], to: usai}}
    b: {transitions: {baca: {by: [opd], when: mulai > date('2026-01-01'), to: usai}}}
    """
    assert lacking(states) == []


def test_end_of_a_machine_hands_on_what_its_ends_know() -> None:
    """After ``done`` all is known that every end inside knew, of regions that each of them knew."""
    states = """\
    a:
      regions:
        x:
          initial: x1
          states:
            x1: {transitions: {isi: {by: [opd], fields: {required: [nilai]}, to: x2}}}
            x2: {final: true}
        y:
          initial: y1
          states:
            y1: {transitions: {catat: {by: [opd], fields: {required: [mulai]}, to: y2}}}
            y2: {final: true}
      done: b
    b: {transitions: {baca: {by: [opd], when: nilai > 0 and mulai < date('2030-01-01'), to: usai}}}
    """
    assert lacking(states) == []


def test_rule_is_held_against_every_command_that_asks_it() -> None:
    """A rule may read what each command that asks it requires or every way there gives."""
    declared = DECLARED + "rules: {cukup: {check: nilai > 0, message: Kurang}}\n"
    states = """\
    a: {transitions: {isi: {by: [opd], fields: {required: [nilai]}, rules: [cukup], to: b}}}
    b: {transitions: {uji: {by: [opd], rules: [cukup], to: usai}}}
    """
    assert lacking(states, declared=declared) == []
    (found,) = lacking(states.replace("fields: {required: [nilai]}, ", ""), declared=declared)
    assert len(found.related) == 2


# Local fields ----------------------------------------------------------------------------------------

LOCAL = """\
a:
  fields: {hasil: {type: boolean}, tanggal: {type: date}}
  initial: a1
  transitions: {ulang: {by: [opd], to: a}}
  states:
    a1: {transitions: {isi: {by: [opd], fields: {required: [hasil, tanggal]}, to: a2}}}
    a2: {transitions: {baca: {by: [opd], when: hasil, to: b, set: {mulai: tanggal}}}}
b: {transitions: {lihat: {by: [opd], when: a.hasil and mulai is not None, to: usai}}}
"""


def test_local_field_is_known_by_the_path_of_its_state() -> None:
    """Handlers, guards and values hold full names; the bare one is for commands."""
    found = made(LOCAL)
    assert found.states["a"].fields == ("a.hasil", "a.tanggal")
    assert (found.fields["a.hasil"].bare, found.fields["a.hasil"].state) == ("hasil", "a")
    assert found.states["a.a1"].handlers[0].required == ("a.hasil", "a.tanggal")
    when = found.states["a.a2"].handlers[0].when
    assert when is not None and (when.normal, set(when.fields)) == ("a.hasil", {"a.hasil"})


def test_local_field_hides_one_of_the_same_name_further_out() -> None:
    """The nearest state that declares a name is meant."""
    states = """\
    a:
      fields: {nilai: {type: text}}
      initial: a1
      states:
        a1: {transitions: {isi: {by: [opd], fields: {required: [nilai]}, to: b}}}
    b: {transitions: {isi: {by: [opd], fields: {required: [nilai]}, to: usai}}}
    """
    found = made(states)
    assert found.states["a.a1"].handlers[0].required == ("a.nilai",)
    assert found.states["b"].handlers[0].required == ("nilai",)


def test_local_field_is_not_seen_from_elsewhere_by_its_bare_name() -> None:
    """From outside a local field is named by path, as a target is."""
    assert codes(DECLARED, opening=OPENING, states=LOCAL.replace("a.hasil and", "hasil and") + END) == [
        "guard-unknown-name"
    ]
    assert codes(DECLARED, opening=OPENING, states=LOCAL.replace("a.hasil and", "a.hasl and") + END) == [
        "guard-unknown-name"
    ]


def test_local_field_is_empty_again_when_its_state_is_entered_again() -> None:
    """What was given before a state was left says nothing about its next entry."""
    states = """\
    a:
      fields: {hasil: {type: boolean}}
      initial: a1
      states:
        a1: {transitions: {isi: {by: [opd], fields: {required: [hasil]}, to: a2}}}
        a2: {transitions: {keluar: {by: [opd], to: b}}}
        a3: {transitions: {baca: {by: [opd], when: hasil, to: usai}}}
    b: {transitions: {kembali: {by: [opd], to: a.a3}}}
    """
    (found,) = lacking(states)
    assert found.message.endswith("on the way a3")
    given = states.replace(
        "kembali: {by: [opd], to", "kembali: {by: [opd], fields: {required: [a.hasil]}, to"
    )
    assert lacking(given) == []


def test_field_of_a_state_given_on_the_way_into_it_is_known_there() -> None:
    """Fields given with a transition are written after the emptying."""
    states = """\
    a: {transitions: {masuk: {by: [opd], fields: {required: [b.hasil]}, to: b}}}
    b:
      fields: {hasil: {type: boolean}}
      transitions: {baca: {by: [opd], when: hasil, to: usai}}
    """
    assert lacking(states) == []


def test_clock_may_count_from_a_local_field() -> None:
    """``since`` is looked up as every name is."""
    states = """\
    a:
      fields: {diterima: {type: date}}
      deadlines: {batas: {within: 3 days, since: diterima, kind: target}}
      transitions:
        catat: {by: [opd], fields: {required: [diterima]}}
        selesai: {by: [opd], to: usai}
    """
    assert made(states).states["a"].deadlines[0].since == "a.diterima"


def test_documents_and_rules_may_be_local_too() -> None:
    """They are seen inside their state, and known by its path."""
    states = """\
    a:
      documents: {surat: {title: Surat}}
      rules: {ada: {check: "'surat' in documents", message: Belum ada}}
      transitions: {kirim: {by: [opd], documents: {attach: [surat]}, rules: [ada], to: usai}}
    """
    found = made(states)
    handler = found.states["a"].handlers[0]
    assert (handler.attach, handler.rules) == (("a.surat",), ("a.ada",))
    assert found.rules["a.ada"].check.normal == "'a.surat' in documents"
