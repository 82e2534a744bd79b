"""Drawn processes: nothing on anything else, nothing lost, nothing alive, the same on every machine.

The pages are read back as a reader's program does (`tests.drawings`); DOT is given to Graphviz itself.
"""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from functools import partial
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pygraphviz
import pytest

from engine.drawing import svg
from engine.drawing.letters import width, wrap
from engine.files import DefinitionResolver
from tests.cli import run
from tests.clocks import FakeClock
from tests.drawings import SVG, confused, parsed, segments, size, words
from tests.places import ROOT
from tests.unit.support import Play, make, shipped, small
from tests.unit.test_diagram import COUNCIL, EVIL, OFFICE, OPD, hostile, progress
from workflow.definition import Definition
from workflow.diagram.drawing import draw
from workflow.diagram.text import dot, mermaid
from workflow.loading.loader import load_definition

FILES = sorted(
    file
    for folder in ("definitions", "examples", "tests/material")
    for file in (ROOT / folder).rglob("*.yaml")
    if re.search(r"(?m)^workflow:", file.read_text(encoding="utf-8"))
)

PROPOSAL = str(ROOT / "examples" / "usulan_kukar_samarinda.yaml")

CROWDED = """
    roles:
      opd: {title: Perangkat daerah yang namanya sangat panjang sekali dan tidak muat pada satu baris}
      sekretariat: {title: Tanpaspasisamasekalitanpaspasisamasekalitanpaspasisamasekalitanpaspasisamasekali}
      kepala: {title: Kepala}
      dprd: {title: DPRD}
    states:
      awal:
        title: Tanpaspasisamasekalitanpaspasisamasekalitanpaspasisamasekali dan seterusnya sampai habis
        transitions:
          pisah: {title: Pisah, by: [opd, sekretariat, kepala, dprd], to: serentak}
      serentak:
        title: Empat hal serentak yang judulnya juga panjang
        transitions:
          ulang: {by: [opd], to: self}
          balik: {by: [opd], to: serentak.dua.b}
        done: sesudah
        regions:
          satu:
            initial: a
            states:
              a: {transitions: {maju: {by: [opd], to: b}, lompat: {by: [opd], to: sesudah}}}
              b: {transitions: {mundur: {by: [opd], to: a}, usai: {by: [opd], to: c}}}
              c: {final: true}
          dua:
            initial: a
            states:
              a: {transitions: {maju: {by: [opd], to: b}, silang: {by: [opd], to: serentak.satu.b}}}
              b: {transitions: {selesai: {by: [opd], to: c}}}
              c: {final: true}
          tiga:
            initial: a
            states:
              a: {transitions: {maju: {by: [opd], to: c}, keluar: {by: [opd], to: awal}}}
              c: {final: true}
          empat:
            initial: a
            states:
              a: {transitions: {maju: {by: [opd], to: c}, silang: {by: [opd], to: serentak.satu.b}}}
              c: {final: true}
      sesudah:
        transitions: {tutup: {by: [kepala], to: habis}, kembali: {by: [kepala], to: serentak.dua}}
      habis: {final: true, outcome: habis}
    """


def line_of(count: int) -> Definition:
    """Return a process of so many states one after another, each leading on, back and to the first."""
    states = "\n".join(
        f"          t{n}: {{transitions: {{maju: {{by: [opd], to: {f't{n + 1}' if n < count else 'habis'}}},"
        f" balik: {{by: [kepala], to: t{max(1, n - 3)}}}}}}}"
        for n in range(1, count + 1)
    )
    return make(f"""
        open: {{by: [pemrakarsa.opd], to: t1}}
        states:
{states}
          habis: {{final: true, outcome: habis}}
        """).definition


def tall_region(count: int) -> Definition:
    """Return a process of three regions, the middle one so high that it has columns of its own."""
    states = "\n".join(
        f"                  t{n}: {{transitions: {{maju: {{by: [opd], to: t{n + 1}}},"
        f" balik: {{by: [kepala], to: t{max(1, n - 3)}}}, lepas: {{by: [kepala], to: akhir}},"
        f" silang: {{by: [opd], to: serentak.kanan.b}}}}}}"
        for n in range(1, count + 1)
    )
    return make(f"""
        open: {{by: [pemrakarsa.opd], to: serentak}}
        states:
          serentak:
            done: akhir
            regions:
              kiri:
                initial: a
                states:
                  a:
                    transitions:
                      loncat: {{by: [opd], to: serentak.tengah.t{count}}}
                      maju: {{by: [opd], to: z}}
                  z: {{final: true}}
              tengah:
                initial: t1
                states:
{states}
                  t{count + 1}: {{final: true}}
              kanan:
                initial: a
                states:
                  a: {{transitions: {{loncat: {{by: [opd], to: serentak.tengah.t2}}}}}}
                  b: {{transitions: {{maju: {{by: [opd], to: z}}}}}}
                  z: {{final: true}}
          akhir:
            transitions:
              tutup: {{by: [kepala], to: habis}}
              ulang: {{by: [opd], to: serentak.tengah}}
          habis: {{final: true, outcome: habis}}
        """).definition


def at_the_council() -> Play:
    """Return a case of the small cooperation that stands in two regions."""
    play = Play(small(), "2026-02-02").open(judul="Air", kategori="sukarela", urusan=["kesehatan"])
    play.tick("2026-03-02")
    play.do("ajukan", OPD, "kak", latar_belakang="a", manfaat="b")
    play.do("putuskan", OFFICE, hasil="layak")
    play.do("kirim_surat", OFFICE, diterima_dprd=date(2026, 3, 2))
    return play.do("beri_pandangan", COUNCIL, pandangan="setuju")


SHIPPED = ("ksdd", "pks", "pengambilalihan")
LANGUAGES = ("id", "en")


def shipped_page(workflow: str, language: str) -> str:
    """Return a shipped definition drawn."""
    return svg(draw(shipped(workflow).definition, language))


PAGES = {
    **{
        f"{name}-{language}": partial(shipped_page, name, language)
        for name in SHIPPED
        for language in LANGUAGES
    },
    "ksdd-level-2": lambda: svg(draw(shipped("ksdd").definition, "id", level=2)),
    "ksdd-phases": lambda: svg(draw(shipped("ksdd").definition, "en", phases_only=True)),
    "pks-level-2": lambda: svg(draw(shipped("pks").definition, "id", level=2)),
    "pks-phases": lambda: svg(draw(shipped("pks").definition, "en", phases_only=True)),
    "small": lambda: svg(draw(small().definition, "id")),
    "small-case": lambda: svg(draw(small().definition, "en", progress=progress(at_the_council()))),
    "crowded": lambda: svg(draw(make(CROWDED).definition, "en")),
    "tall-region": lambda: svg(draw(tall_region(16), "id")),
    "one-state": lambda: svg(draw(line_of(1), "id")),
    "forty-states": lambda: svg(draw(line_of(40), "id")),
    **{f"hostile-{n}": (lambda text=text: svg(draw(hostile(text), "id"))) for n, text in enumerate(EVIL)},
}


@pytest.fixture(params=PAGES, scope="module")
def page(request: pytest.FixtureRequest) -> ElementTree.Element:
    """One drawn page after the other."""
    return parsed(PAGES[request.param]())


# --- what can be read ----------------------------------------------------------------------------------


def test_page_no_text_lies_on_another(page: ElementTree.Element) -> None:
    """Every line of text has room of its own, in the widest of the common fonts."""
    found = sorted(words(page), key=lambda one: one.top)
    assert len(found) > 5
    meeting = [(one.text, other.text) for one, other in combinations(found, 2) if one.meets(other)]
    assert meeting == []


def test_page_everything_lies_on_the_paper(page: ElementTree.Element) -> None:
    """No text and no arrow runs over the edge."""
    wide, high = size(page)
    for one in words(page):
        assert one.left >= 0, one.text
        assert one.right <= wide, one.text
        assert one.top >= 0, one.text
        assert one.bottom <= high, one.text
    for part in segments(page):
        assert 0 <= min(part.x1, part.x2) <= max(part.x1, part.x2) <= wide
        assert 0 <= min(part.y1, part.y2) <= max(part.y1, part.y2) <= high


def test_page_no_arrow_runs_through_text(page: ElementTree.Element) -> None:
    """Arrows pass beside what is written."""
    texts = words(page)
    crossed = {one.text for part in segments(page) for one in texts if part.crosses(one)}
    assert crossed == set()


def test_page_arrows_to_different_states_never_share_a_line(page: ElementTree.Element) -> None:
    """Arrows join only where they lead to the same state, so that each can be followed."""
    assert confused(page) == []


def test_page_is_landscape_in_the_ratio_of_paper(page: ElementTree.Element) -> None:
    """Every page fits on A paper across, in millimetres that say which."""
    wide, high = size(page)
    assert wide / high == pytest.approx(2**0.5, abs=0.001)
    papers = {("297mm", "210mm"), ("420mm", "297mm"), ("594mm", "420mm"), ("841mm", "594mm")}
    assert (page.attrib["width"], page.attrib["height"]) in papers


def test_how_to_names_the_paper_of_each_shipped_process() -> None:
    """The page on drawing says which paper each of them asks for."""
    text = (ROOT / "docs" / "how-to" / "draw-a-process.md").read_text(encoding="utf-8")
    named = dict(re.findall(r"`(ksdd|pks|pengambilalihan)` (?:asks )?for (A\d)", text))
    papers = {"297mm": "A4", "420mm": "A3", "594mm": "A2", "841mm": "A1", "1189mm": "A0"}
    for language in LANGUAGES:
        wide = {name: parsed(shipped_page(name, language)).attrib["width"] for name in SHIPPED}
        assert named == {name: papers[width] for name, width in wide.items()}


def test_page_says_what_it_is_to_who_cannot_see_it(page: ElementTree.Element) -> None:
    """The picture has a role, a title and a description that tells its phases."""
    assert page.attrib["role"] == "img"
    title, described = page.find(f"{SVG}title"), page.find(f"{SVG}desc")
    assert title is not None
    assert described is not None
    assert page.attrib["aria-labelledby"].split() == [title.attrib["id"], described.attrib["id"]]
    assert title.text
    assert "1 " in (described.text or "")


def test_arrows_of_one_page_are_as_many_as_its_ways() -> None:
    """Every way to a state that goes on has its arrow, so that none is lost between columns."""
    for definition in (
        *(shipped(name).definition for name in SHIPPED),
        small().definition,
        make(CROWDED).definition,
        line_of(40),
        tall_region(16),
    ):
        drawing = draw(definition)
        rows = [drawing.opening, *drawing.root.rows, *(row for box in drawing.boxes() for row in box.rows)]
        ways = [way for row in rows for way in row.ways if way.target and not way.is_end]
        drawn = [node for node in parsed(svg(drawing)).iter() if node.attrib.get("class") == "way"]
        assert len(drawn) == len(ways)


@pytest.mark.parametrize("workflow", SHIPPED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_law_on_the_wall_has_every_title_and_article(workflow: str, language: str) -> None:
    """Each state, act and clock of what is shipped stands on the page by its title, articles by number."""
    shown = " ".join(one.text for one in words(parsed(shipped_page(workflow, language))))
    flat = shown.replace(" ", "")
    drawing = draw(shipped(workflow).definition, language)
    for box in (drawing.root, *drawing.boxes()):
        assert box.title.replace(" ", "") in flat
        for row in box.rows:
            assert row.title.replace(" ", "") in flat
            for article in row.basis.split(", "):
                assert article.replace(" ", "") in flat


def test_case_on_the_page_says_where_it_stands_and_what_is_overdue() -> None:
    """With a case the page names it, marks its place and says what is late."""
    shown = [one.text for one in words(parsed(PAGES["small-case"]()))]
    assert "Case contoh/2026/1" in shown
    assert sum(text.startswith("THE CASE STANDS HERE since ") for text in shown) == 2
    assert "runs, due 16 April 2026" in shown
    assert "2 March 2026" in shown


def test_case_that_is_late_says_so_in_its_row_and_above() -> None:
    """What is overdue is said twice: where it belongs, and where it is seen first."""
    play = Play(small(), "2026-02-02").open(judul="Air", kategori="sukarela", urusan=["kesehatan"])
    play.tick("2026-03-02")
    shown = [one.text for one in words(parsed(svg(draw(small().definition, "en", progress=progress(play)))))]
    assert "overdue: Target kak" in shown
    assert any(text.startswith("overdue since ") for text in shown)


# --- what stays text -----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", EVIL)
def test_hostile_labels_change_no_markup(text: str) -> None:
    """Whatever a label says, the page has our elements and attributes, and no link, script or style."""
    page = parsed(svg(draw(hostile(text), "id")))
    elements = {node.tag.removeprefix(SVG) for node in page.iter()}
    assert elements <= {"svg", "title", "desc", "g", "rect", "path", "text", "circle", "polygon"}
    for node in page.iter():
        assert not any(name.startswith("on") or "href" in name or name == "style" for name in node.attrib)
        assert not any("url(" in value or "javascript" in value for value in node.attrib.values())
    flat = "".join(one.text for one in words(page)).replace(" ", "")
    assert "".join(text.split()) in flat


@pytest.mark.parametrize("text", EVIL)
def test_dot_of_hostile_labels_is_read_by_graphviz_as_it_was_meant(text: str) -> None:
    """Graphviz finds the same nodes and edges as in a harmless definition, and no link."""
    found, harmless = (pygraphviz.AGraph(string=dot(draw(hostile(one)))) for one in (text, "biasa"))
    assert sorted(found.nodes()) == sorted(harmless.nodes())
    assert sorted(found.edges()) == sorted(harmless.edges())
    drawn = found.draw(format="svg", prog="dot").decode()
    assert "<a " not in drawn
    assert "<script" not in drawn
    for name in ("URL", "href", "image"):
        assert not any(node.attr[name] for node in found.nodes())


@pytest.mark.parametrize("workflow", SHIPPED)
def test_dot_of_a_definition_is_drawn_by_graphviz(workflow: str) -> None:
    """The DOT of a shipped definition is one that Graphviz lays out."""
    definition = shipped(workflow).definition
    graph = pygraphviz.AGraph(string=dot(draw(definition)))
    assert graph.draw(format="svg", prog="dot").startswith(b"<?xml")


# --- the same everywhere -------------------------------------------------------------------------------


def test_page_is_the_same_in_another_process() -> None:
    """No hash seed, font or clock of the machine is in the page."""
    code = "import sys; from engine.cli import main\nmain(['diagram', 'ksdd', '--lang', 'id'])"
    drawn = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "ascii", "TZ": zone},
            capture_output=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Jayapura"))
    }
    assert drawn == {shipped_page("ksdd", "id").encode()}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_definition_of_the_repository_is_drawn(file: Path) -> None:
    """Whatever is shipped, shown as an example or tested with can be drawn, in every form."""
    loaded = load_definition(
        (file.read_text(encoding="utf-8"), file.name), resolve=DefinitionResolver(file.parent)
    )
    assert loaded.definition is not None
    drawing = draw(loaded.definition, "id")
    assert parsed(svg(drawing)).tag == f"{SVG}svg"
    assert mermaid(drawing)
    assert dot(drawing)


# --- text on lines -------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "satu", "satu dua tiga", "x" * 300, "é" * 40, "漢字" * 30, "a " * 90])
def test_wrapped_lines_fit_and_lose_nothing(text: str) -> None:
    """No line is wider than asked, and together they are the text."""
    lines = wrap(text, 8, 60)
    assert all(width(line, 8) <= 60 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


# --- the command ---------------------------------------------------------------------------------------


def test_command_writes_the_form_that_the_file_name_asks_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end of --output chooses the form; --format has the last word."""
    monkeypatch.chdir(tmp_path)
    for name, begins in (("a.svg", "<?xml"), ("a.mmd", "%% "), ("a.dot", "digraph"), ("a.txt", "<?xml")):
        done = run("diagram", "ksdd", "--output", name)
        assert (done.status, done.out) == (0, "")
        assert name in done.err
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins)
    assert run("diagram", "ksdd", "--format", "dot", "-o", "b.svg").status == 0
    assert (tmp_path / "b.svg").read_text(encoding="utf-8").startswith("digraph")


def test_command_shows_the_problems_of_a_file_that_is_none(tmp_path: Path) -> None:
    """A definition with errors is not drawn: its problems are said, with status 3."""
    file = tmp_path / "salah.yaml"
    file.write_text("format: 1\nworkflow: x\n", encoding="utf-8")
    done = run("diagram", str(file), "--lang", "en")
    assert (done.status, done.out) == (3, "")
    assert "missing-key" in done.err


@pytest.mark.parametrize(
    ("asked", "status"),
    [((), 2), (("tidak_ada.yaml",), 2), (("ksdd", "--level", "0"), 2), (("ksdd", "-o", "tidak/ada.svg"), 2)],
)
def test_command_says_what_cannot_be(
    asked: tuple[str, ...], status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is asked wrongly is said in words, and nothing is drawn."""
    monkeypatch.chdir(tmp_path)
    done = run("diagram", *asked)
    assert (done.status, done.out) == (status, "")
    assert done.err


def test_command_given_a_case_as_a_file_says_how_to_ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A case is easily taken for what is to be drawn; the answer names the option that it belongs to."""
    monkeypatch.chdir(tmp_path)
    done = run("diagram", "ksdd/2026/1", "--lang", "en")
    assert done.status == 2
    assert "--case ksdd/2026/1" in done.err


def test_command_draws_a_case(tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --case the version that the case runs on is drawn, with its way; another file is refused."""
    monkeypatch.chdir(tmp_path)
    stored = ("--db", str(tmp_path / "k.db"))
    assert run("deploy", *SHIPPED, "--as", "admin", *stored, clock=clock).status == 0
    opened = run("open", "--file", PROPOSAL, *stored, clock=clock)
    assert opened.status == 0, opened.err
    done = run("diagram", "--case", "ksdd/2026/1", "--lang", "id", *stored, clock=clock)
    assert done.status == 0, done.err
    shown = [one.text for one in words(parsed(done.out))]
    assert "Kasus ksdd/2026/1" in shown
    assert any(text.startswith("KASUS BERADA DI SINI sejak ") for text in shown)
    assert run("diagram", "ksdd", "--case", "ksdd/2026/1", *stored, clock=clock).status == 0
    other = str(ROOT / "tests" / "material" / "kerjasama_kecil.yaml")
    refused = run("diagram", other, "--case", "ksdd/2026/1", "--lang", "en", *stored, clock=clock)
    assert refused.status == 2
    assert "ksdd 1" in refused.err


def test_command_draws_a_file_without_the_store() -> None:
    """A file is drawn without loading any database."""
    code = (
        "import sys; from engine.cli import main\n"
        "try: main(['diagram', 'ksdd', '-o', '/dev/null'])\n"
        "except SystemExit as stop: assert not stop.code\n"
        "print(sorted({'sqlalchemy', 'alembic', 'apscheduler', 'pygraphviz'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
