"""Diagrams as a neutral model and as text: what is said, what is left out, and that it stays text."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from tests.unit.support import OFFICE, OPD, Play, make, shipped, small
from workflow.case import Actor
from workflow.definition import Definition
from workflow.diagram.case import Progress, progress_of
from workflow.diagram.drawing import draw
from workflow.diagram.model import Box, Drawing, Row, RowKind
from workflow.diagram.text import dot, mermaid
from workflow.diagram.words import Speaker

HEAD = Actor("bupati", roles=["kepala_daerah"], party="kukar")
COUNCIL = Actor("ketua", roles=["pimpinan_dprd"])


def box(drawing: Drawing, path: str) -> Box:
    """Return a box."""
    return next(one for one in drawing.boxes() if one.path == path)


def row(drawing: Drawing, path: str) -> Row:
    """Return the row of a transition, deadline or obligation."""
    every = [*drawing.root.rows, *(one for each in drawing.boxes() for one in each.rows)]
    return next(one for one in every if one.path == path)


def progress(play: Play) -> Progress:
    """Return the way of a case that was played."""
    return progress_of(play.process.definition, play.case, play.entries)


# --- what is drawn -----------------------------------------------------------------------------------


@pytest.mark.parametrize("workflow", ["ksdd", "pks", "pengambilalihan"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_drawing_of_the_law_has_every_state_transition_clock_and_duty(workflow: str, language: str) -> None:
    """Nothing of a definition is missing: each state is a box, each way to act, clock and duty a row."""
    definition = shipped(workflow).definition
    drawing = draw(definition, language)
    assert [one.path for one in drawing.boxes()] == [path for path in definition.states if path]
    drawn = {one.path for each in (drawing.root, *drawing.boxes()) for one in each.rows}
    for state in definition.states.values():
        for deadline in state.deadlines:
            assert deadline.path in drawn
        for duty in state.obligations:
            assert duty.path in drawn
        for handler in state.handlers:
            assert handler.path in drawn or handler.consent_path in drawn


def test_numbers_follow_document_order_and_ends_have_none() -> None:
    """States are numbered as the author tells them; an end is known by its name."""
    drawing = draw(small().definition)
    numbers = {one.path: one.number for one in drawing.boxes()}
    assert numbers["penyusunan"] == "1"
    assert numbers["menuju_kb.dprd.di_dprd"] == "3.1.2"
    assert numbers["menuju_kb.dprd.disetujui"] == ""
    assert numbers["berakhir"] == ""
    given = [number for number in numbers.values() if number]
    assert len(set(given)) == len(given)


def test_clock_of_the_council_says_length_article_and_what_follows() -> None:
    """A clock is said as the law says it: how long, from when, which article, and what is deemed then."""
    drawing = draw(shipped("pks").definition, "id")
    clock = row(drawing, "menuju_pks.dprd.di_dprd.batas_keseluruhan")
    assert (clock.kind, clock.is_statutory) == (RowKind.CLOCK, True)
    assert clock.says == "45 hari sejak: Surat diterima DPRD"
    assert clock.basis == "P22 ps 12(4)"
    [way] = clock.ways
    assert way.when == "jika lewat dan Pandangan DPRD belum ada"
    assert way.name == "Dianggap disetujui DPRD"
    [leaving] = box(drawing, "menuju_pks.dprd.dianggap_disetujui").rows
    [out] = leaving.ways
    assert out.sets == "Persetujuan DPRD: Dianggap disetujui"
    assert out.name == "Penandatanganan Perjanjian Kerja Sama"


def test_clock_without_consequence_says_so() -> None:
    """Where the law states no consequence the drawing says that there is none."""
    clock = row(draw(shipped("pks").definition, "en"), "menuju_pks.dprd.di_dprd.dikaji.batas_kajian")
    assert clock.ways == ()
    assert clock.notes == ("noted when passed, no more",)


def test_consent_is_one_row_with_its_refusal() -> None:
    """The votes of a consent are one row; what a no leads to is one of its ways."""
    signing = row(draw(small().definition, "en"), "penandatanganan.tandatangani")
    assert signing.kind is RowKind.CONSENT
    assert signing.notes == ("needs the yes of all parties",)
    assert [(way.when, way.target) for way in signing.ways] == [
        ("", "pengarsipan"),
        ("if one says no", "penyusunan"),
    ]


def test_duty_says_its_days_and_who_owes_it() -> None:
    """A recurring duty names its days of the year, the time for it, and who must do it."""
    duty = row(draw(small().definition, "id"), "pelaksanaan.laporan_semester")
    assert duty.says == "tiap 30 Juni dan 31 Desember, paling lambat 14 hari"
    assert (duty.who, duty.basis) == ("Perangkat daerah", "P22 ps 17")


def test_who_names_the_side_only_where_several_hold_the_role() -> None:
    """A side is said where the role alone would not tell who is meant."""
    speaker = Speaker(small().definition, "id")
    handlers = {one.path: one for state in small().definition.states.values() for one in state.handlers}
    assert speaker.who(handlers["penyusunan.ajukan"].by) == "Perangkat daerah"
    assert speaker.who(handlers["batalkan"].by) == "Kepala daerah (Pemrakarsa)"
    assert speaker.who(handlers["penandatanganan.tandatangani"].by) == "Kepala daerah"


# --- guards in words -----------------------------------------------------------------------------------

_GUARDS = {
    "kategori is not None and kategori == 'wajib'": "Kategori = Wajib",
    "kategori is not None and kategori != 'wajib'": "Kategori ≠ Wajib",
    "kategori is not None and kategori in ['wajib', 'sukarela']": "Kategori termasuk Wajib, Pilihan",
    "kategori is None": "Kategori belum ada",
    "beban is not None and beban": "Beban: ya",
    "beban is not None and not beban": "Beban: tidak",
    "nilai is None or nilai > 0 and kategori is not None": (
        "Nilai belum ada atau (Nilai > 0 dan Kategori sudah ada)"
    ),
    "mulai is not None and selesai is not None and selesai <= mulai + years(5)": "Selesai ≤ Mulai + 5 tahun",
    "beban is None or 'kak' in documents": "Beban belum ada atau Kerangka acuan sudah ada",
    "len(parties) > 2": "jumlah pihak > 2",
    "not (nilai is not None and 0 < nilai < 5)": "tidak (0 < Nilai dan Nilai < 5)",
}


@pytest.mark.parametrize("guard", _GUARDS)
def test_guard_is_said_in_words(guard: str) -> None:
    """A guard is said with titles of fields and options, never in code."""
    definition = make(f"""
        fields:
          kategori: {{type: choice, options: {{wajib: Wajib, sukarela: Pilihan}}}}
          beban: {{type: boolean}}
          nilai: {{type: integer}}
          mulai: {{type: date}}
          selesai: {{type: date}}
        documents: {{kak: {{title: Kerangka acuan}}}}
        states:
          awal:
            transitions:
              isi:
                by: [opd]
                fields: {{optional: [kategori, beban, nilai, mulai, selesai]}}
                documents: {{attach: [kak]}}
              maju:
                by: [opd]
                choose:
                  - when: {guard}
                    to: habis
          habis: {{final: true, outcome: habis}}
        """).definition
    [way] = row(draw(definition, "id"), "awal.maju").ways
    assert way.when == f"jika {_GUARDS[guard]}"


# --- parts only ----------------------------------------------------------------------------------------


def test_level_folds_what_lies_deeper_into_the_state_around_it() -> None:
    """A folded state keeps what leads out of it and its clocks, and names what is inside."""
    drawing = draw(shipped("pks").definition, "id", level=1)
    assert all("." not in one.path for one in drawing.boxes())
    phase = box(drawing, "menuju_pks")
    assert phase.folded[2] == "Persetujuan DPRD"
    rows = {one.path: one for one in phase.rows}
    assert "menuju_pks.dprd.di_dprd.batas_keseluruhan" in rows
    assert rows["menuju_pks.batalkan"].ways[0].target == "dibatalkan"
    leaving = [way.target for one in phase.rows if one.kind is RowKind.AUTOMATIC for way in one.ways]
    assert leaving == ["dibatalkan", "menetapkan_masa"]
    assert "menuju_pks.dprd.surat_disiapkan.kirim_ke_dprd" not in rows
    # Three ways of opening lead into one folded state: they are drawn as one, without their conditions.
    [only] = draw(shipped("ksdd").definition, "id", level=1).opening.ways
    assert (only.target, only.when) == ("menuju_kb", "")


def test_level_as_deep_as_the_definition_changes_nothing() -> None:
    """A level that nothing lies below is no level."""
    definition = small().definition
    assert draw(definition, level=9).root == draw(definition).root


def test_level_below_one_is_refused() -> None:
    """There is no drawing without phases."""
    with pytest.raises(ValueError, match="1 or more"):
        draw(small().definition, level=0)


def test_phases_only_leaves_clocks_out_that_lead_nowhere_else() -> None:
    """The overview has the phases and the ways between them, and no more."""
    drawing = draw(shipped("ksdd").definition, "id", phases_only=True)
    for one in drawing.boxes():
        assert "." not in one.path
        for each in one.rows:
            assert each.ways
            assert all(way.target not in (None, one.path) for way in each.ways)


# --- the way of a case -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def at_the_council() -> Drawing:
    """A case whose council was asked, drawn."""
    play = Play(small(), "2026-02-02").open(judul="Air", kategori="sukarela", urusan=["kesehatan"])
    play.do("ajukan", OPD, "kak", latar_belakang="a", manfaat="b")
    play.at("2026-02-09").do("putuskan", OFFICE, hasil="layak")
    play.at("2026-02-10").do("kirim_surat", OFFICE, diterima_dprd=date(2026, 2, 9))
    return draw(small().definition, "en", progress=progress(play))


def test_case_marks_where_it_stands_and_where_it_was(at_the_council: Drawing) -> None:
    """Every state that the case entered has its days, and only the innermost active ones say 'here'."""
    assert box(at_the_council, "penyusunan").entered == ("2 February 2026",)
    assert not box(at_the_council, "penyusunan").is_active
    council = box(at_the_council, "menuju_kb.dprd")
    assert (council.is_active, council.is_here, council.entered) == (True, False, ("9 February 2026",))
    assert box(at_the_council, "menuju_kb.dprd.di_dprd").is_here
    assert box(at_the_council, "menuju_kb.naskah.dirancang").is_here
    assert box(at_the_council, "penandatanganan").entered == ()


def test_case_marks_the_ways_taken_and_no_other(at_the_council: Drawing) -> None:
    """Of several branches the one that was taken is marked, with its day."""
    decided = row(at_the_council, "telaah.putuskan")
    assert decided.taken == ("9 February 2026",)
    assert [way.taken_on for way in decided.ways] == [(date(2026, 2, 9),), ()]
    assert [bool(way.taken_on) for way in at_the_council.opening.ways] == [False, True]


def test_case_shows_a_running_clock_with_its_due_day(at_the_council: Drawing) -> None:
    """A clock that runs says when it is due."""
    clock = row(at_the_council, "menuju_kb.dprd.di_dprd.batas_dprd")
    assert [(one.text, one.is_overdue) for one in clock.notices] == [("runs, due 26 March 2026", False)]


def test_case_shows_what_is_overdue() -> None:
    """A clock without consequence that has passed is overdue, in its row and in the heading."""
    play = Play(small(), "2026-02-02").open(judul="Air", kategori="sukarela", urusan=["kesehatan"])
    play.tick("2026-03-02")
    drawing = draw(small().definition, "id", progress=progress(play))
    [notice] = row(drawing, "penyusunan.target_kak").notices
    assert notice.is_overdue
    assert notice.text.startswith("terlambat sejak ")
    assert drawing.case is not None
    assert drawing.case.overdue == ("Target kak",)


def test_case_that_a_clock_moved_marks_the_clock() -> None:
    """What time did is marked on the clock that did it."""
    play = Play(small(), "2026-02-02").open(judul="Air", kategori="wajib", urusan=["kesehatan"])
    play.do("putuskan", OFFICE, hasil="layak")
    play.do("kirim_surat", OFFICE, diterima_dprd=date(2026, 2, 2))
    play.tick("2026-04-01")
    drawing = draw(small().definition, "en", progress=progress(play))
    clock = row(drawing, "menuju_kb.dprd.di_dprd.batas_dprd")
    assert clock.taken == ("19 March 2026",)
    assert clock.ways[0].taken_on == (date(2026, 3, 19),)
    assert box(drawing, "menuju_kb.dprd.dianggap_disetujui").is_here


def test_case_that_ended_says_how() -> None:
    """An ended case names its end, and nothing runs any more."""
    play = Play(small(), "2026-02-02").open(judul="Air", kategori="wajib", urusan=["kesehatan"])
    play.at("2026-02-03").do("batalkan", HEAD, reason="batal")
    drawing = draw(small().definition, "id", progress=progress(play))
    assert drawing.case is not None
    assert (drawing.case.closed, drawing.case.outcome) == ("3 Februari 2026", "Dibatalkan")
    assert box(drawing, "dibatalkan").entered == ("3 Februari 2026",)
    assert not any(one.notices for each in drawing.boxes() for one in each.rows)


def test_case_that_went_on_at_once_marks_the_state_it_passed() -> None:
    """A state that is left in the step that entered it was entered all the same."""
    process = make("""
        states:
          awal:
            transitions: {maju: {by: [opd], to: persimpangan}}
          persimpangan:
            always: [{to: habis}]
          habis: {final: true, outcome: habis}
        """)
    play = Play(process, "2026-02-02").open().at("2026-02-04").do("maju", OPD)
    drawing = draw(process.definition, "en", progress=progress(play))
    assert box(drawing, "persimpangan").entered == ("4 February 2026",)
    assert row(drawing, "awal.maju").ways[0].taken_on == (date(2026, 2, 4),)


CHAIN = """
    fields:
      hasil: {type: choice, options: {layak: Layak, kurang: Kurang, tidak: Tidak}}
      beban: {type: boolean}
    states:
      awal:
        transitions:
          putuskan:
            by: [opd]
            fields: {required: [hasil]}
            choose: [{when: hasil == 'layak', to: layak}, {when: hasil == 'kurang', to: kurang}, {to: tolak}]
      layak: {always: [{to: dprd}]}
      kurang: {always: [{to: awal}]}
      tolak: {always: [{to: habis}]}
      dprd:
        initial: pembagian
        done: arsip
        states:
          pembagian: {always: [{when: beban is not None and beban, to: dikaji}, {to: cepat}]}
          dikaji: {transitions: {setujui: {by: [opd], to: selesai}}}
          cepat: {transitions: {setujui: {by: [opd], to: selesai}}}
          selesai: {final: true}
      arsip: {transitions: {simpan: {by: [opd], to: habis}}}
      habis: {final: true, outcome: habis}
    """


def test_case_marks_every_way_that_it_went_at_once() -> None:
    """Ends of fragments, allotments and what follows an end are marked; of several branches the one taken."""
    process = make(CHAIN)
    play = Play(process, "2026-02-02").open().at("2026-02-04").do("putuskan", OPD, hasil="layak")
    play.at("2026-02-06").do("setujui", OPD)
    drawing = draw(process.definition, "en", progress=progress(play))
    first, second = date(2026, 2, 4), date(2026, 2, 6)
    drawn = [
        (each.path, way.target, way.taken_on)
        for each in drawing.boxes()
        for one in each.rows
        for way in one.ways
        if way.taken_on
    ]
    assert drawn == [
        ("awal", "layak", (first,)),
        ("layak", "dprd", (first,)),
        ("dprd", "arsip", (second,)),
        ("dprd.pembagian", "dprd.cepat", (first,)),
        ("dprd.cepat", "dprd.selesai", (second,)),
    ]
    entered = {one.path: one.entered for one in drawing.boxes() if one.entered}
    assert entered["layak"] == entered["dprd.pembagian"] == ("4 February 2026",)
    assert entered["dprd.selesai"] == ("6 February 2026",)
    assert not {"kurang", "tolak", "dprd.dikaji", "habis"} & entered.keys()


def test_case_marks_no_way_where_several_lead_to_where_it_went() -> None:
    """Where history does not say by which of two ways the case went on, none of them is marked."""
    process = make(CHAIN.replace("kurang: {always: [{to: awal}]}", "kurang: {always: [{to: dprd}]}"))
    play = Play(process, "2026-02-02").open().at("2026-02-04").do("putuskan", OPD, hasil="kurang")
    drawing = draw(process.definition, "en", progress=progress(play))
    assert box(drawing, "dprd.cepat").entered == ("4 February 2026",)
    for path in ("layak", "kurang"):
        assert box(drawing, path).entered == ()
        assert not any(way.taken_on for one in box(drawing, path).rows for way in one.ways)


def test_states_around_are_entered_once_however_often_it_moves_inside() -> None:
    """A step inside a state does not enter that state again."""
    play = Play(small(), "2026-02-02").open(judul="Air", kategori="wajib", urusan=["kesehatan"])
    play.do("putuskan", OFFICE, hasil="layak")
    play.at("2026-02-03").do("kirim_surat", OFFICE, diterima_dprd=date(2026, 2, 3))
    play.at("2026-02-04").do("putuskan_dprd", COUNCIL, putusan="setuju")
    drawing = draw(small().definition, "en", progress=progress(play))
    assert box(drawing, "menuju_kb").entered == ("2 February 2026",)
    assert box(drawing, "menuju_kb.dprd.di_dprd").entered == ("3 February 2026",)


# --- text forms --------------------------------------------------------------------------------------

EVIL = (
    'a"b',
    "<script>alert(1)</script>",
    "--> x",
    "]]] ;; end",
    "%%{init: {}}%%",
    "click s1 href 'javascript:alert(1)'",
    "https://example.org/?a=1&b=2",
    "\\N \\G \\\\",
    "&lt;b&gt; &#34; &quot;",
    "`kode` **tebal** 1. satu",
    "#quot; #34;",
    "x\ny",
)


def hostile(words: str) -> Definition:
    """Return a definition every label of which is ``words``."""
    label = '"' + words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    return make(f"""
        title: {label}
        description: {label}
        roles:
          opd: {{title: {label}}}
          sekretariat: {{title: {label}}}
          kepala: {{title: {label}}}
          dprd: {{title: {label}}}
        fields:
          pilihan: {{type: choice, title: {label}, options: {{satu: {label}, dua: {label}}}}}
        states:
          awal:
            title: {label}
            deadlines:
              batas: {{title: {label}, within: 3 days, kind: target, then: {{to: habis}}}}
            transitions:
              isi:
                title: {label}
                by: [opd, sekretariat, kepala, dprd]
                fields: {{required: [pilihan]}}
                choose:
                  - when: pilihan == 'satu'
                    to: luar.dalam
                  - to: habis
          luar:
            title: {label}
            initial: dalam
            states:
              dalam:
                title: {label}
                transitions: {{ulang: {{title: {label}, by: [opd], to: awal}}}}
          habis: {{title: {label}, final: true, outcome: habis}}
        """).definition


_LABEL = r'"(?:[^\W_]|[ ,()·→=≤≥≠+−]|#\d+;|<br/>)*"'
_MERMAID = re.compile(
    rf"flowchart TB|end|%% .*| *subgraph s\d+\[{_LABEL}\]| *\w+(?:\[|\(\[){_LABEL}(?:\]|\]\))"
    rf"|  \w+ (?:-->|-\.->|==>)\|{_LABEL}\| s\d+|  classDef \w+ [\w#:,-]+|  class [s\d,]+ \w+| *end"
)


@pytest.mark.parametrize("words", EVIL)
def test_mermaid_of_hostile_labels_has_our_lines_and_no_others(words: str) -> None:
    """A label can neither end its quotes nor begin a line, a directive, a link or markup."""
    lines = mermaid(draw(hostile(words))).splitlines()
    assert len(lines) == len(mermaid(draw(hostile("biasa"))).splitlines())
    for line in lines:
        assert _MERMAID.fullmatch(line), line
    assert not any(sign in lines[0][3:] for sign in "{}%<>\"'`:")


@pytest.mark.parametrize("words", EVIL)
def test_dot_of_hostile_labels_keeps_them_in_their_quotes(words: str) -> None:
    """With every quoted text taken out, the same DOT is left as for harmless labels."""
    quoted = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
    found = quoted.sub("Q", dot(draw(hostile(words))))
    assert found == quoted.sub("Q", dot(draw(hostile("biasa"))))
    assert '"' not in found


@pytest.mark.parametrize("form", [mermaid, dot])
def test_text_forms_name_every_state_and_the_way_of_a_case(form: Any, at_the_council: Drawing) -> None:
    """Both text forms draw every state, and tell where a case stands and which way it took."""
    text = form(at_the_council)
    for number, _ in enumerate(at_the_council.boxes(), start=1):
        assert re.search(rf"\bs{number}\b", text) or f"cluster_s{number}" in text
    assert ("==>" in text) or ("penwidth=3" in text)
    assert ("di_sini" in text) or ("penwidth=4" in text)


@pytest.mark.parametrize("form", [mermaid, dot])
def test_text_forms_are_the_same_each_time(form: Any) -> None:
    """The same definition gives the same bytes."""
    assert form(draw(shipped("ksdd").definition)) == form(draw(shipped("ksdd").definition))
