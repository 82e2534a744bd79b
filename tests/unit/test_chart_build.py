"""From a definition to its chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from workflow.chart.interpreter import OPEN, ROOT, Chart, build_chart
from workflow.definition import (
    Act,
    Branch,
    Consent,
    Deadline,
    Definition,
    Handler,
    Kind,
    Label,
    Opening,
    RoleRef,
    State,
    StateKind,
)

if TYPE_CHECKING:
    from workflow.expressions.guards import Expression


def guard(name: str) -> Expression:
    """Something that stands for a compiled guard; the chart never looks into it."""
    return cast("Expression", name)


YES = Handler(
    path="kerja.setuju.tandatangani",
    name="tandatangani",
    state="kerja.setuju",
    when=guard("when"),
    consent=Consent(refuse="tolak", refused=Branch(target="kerja.tulis")),
    act=Act.YES,
    consent_path="kerja.setuju.tandatangani",
    branches=(Branch(target="kerja.selesai"),),
)
NO = Handler(
    path="kerja.setuju.tolak",
    name="tolak",
    state="kerja.setuju",
    act=Act.NO,
    consent_path=YES.path,
    branches=(Branch(target="kerja.tulis"),),
)
CANCEL = Handler(path="batal", name="batal", state="", branches=(Branch(target="batal_"),))
SILENT = Deadline(
    path="kerja.setuju.diam",
    name="diam",
    state="kerja.setuju",
    kind=Kind.TARGET,
    then=(Branch(when=guard("then"), target="batal_"),),
)
OVERDUE = Deadline(path="kerja.setuju.lewat", name="lewat", state="kerja.setuju", kind=Kind.TARGET)
ALWAYS = Branch(when=guard("always"), target="kerja.selesai", external=True)
DONE = Branch(target="arsip")


def state(path: str, kind: StateKind, parent: str | None, order: int, **more: Any) -> State:
    """A state of the definition below."""
    depth = 0 if parent is None else path.count(".") + 1
    return State(
        path=path, name=path.rpartition(".")[2], kind=kind, parent=parent, order=order, depth=depth, **more
    )


def chart() -> Chart:
    """The chart of a small definition with one of everything."""
    states = [
        state("", StateKind.COMPOUND, None, 0, children=("kerja", "arsip", "batal_"), handlers=(CANCEL,)),
        state(
            "kerja",
            StateKind.COMPOUND,
            "",
            1,
            children=("kerja.tulis", "kerja.setuju", "kerja.selesai"),
            initial="kerja.setuju",
            done=DONE,
        ),
        state("kerja.tulis", StateKind.ATOMIC, "kerja", 2, always=(ALWAYS,)),
        state("kerja.setuju", StateKind.ATOMIC, "kerja", 3, handlers=(YES, NO), deadlines=(SILENT, OVERDUE)),
        state("kerja.selesai", StateKind.FINAL, "kerja", 4),
        state("arsip", StateKind.FINAL, "", 5),
        state("batal_", StateKind.FINAL, "", 6),
    ]
    definition = Definition(
        workflow="w",
        version=1,
        title=Label(id="W"),
        timezone="Asia/Makassar",
        calendar="indonesia",
        opening=Opening(by=(RoleRef(role="opd"),), branches=(Branch(target="kerja"),)),
        states={each.path: each for each in states},
    )
    return build_chart(definition)


def test_build_edges_have_their_ids_in_document_order() -> None:
    """Every edge has its id: handlers, refusals of a consent, clocks, follow-ups, the opening."""
    assert list(chart().edges) == [
        OPEN,
        "batal",
        "@done/kerja",
        "@always/kerja.tulis",
        "kerja.setuju.tandatangani",
        "kerja.setuju.tolak",
        "@refused/kerja.setuju.tandatangani",
        "@clock/kerja.setuju.diam",
    ]


def test_build_handler_keeps_name_guard_and_branches() -> None:
    """A handler is asked for by its name, selected by its ``when``, and takes its branches."""
    edge = chart().edges[YES.path]
    assert (edge.event, edge.guard, edge.source) == ("tandatangani", "when", "kerja.setuju")
    assert [branch.target for branch in edge.branches] == ["kerja.selesai"]
    assert edge in chart().states["kerja.setuju"].edges


def test_build_refusing_act_has_no_branches() -> None:
    """The acts of a consent are selectable by name; what follows is decided elsewhere."""
    edge = chart().edges[NO.path]
    assert (edge.event, edge.branches) == ("tolak", ())


def test_build_refusal_and_clock_are_not_asked_for_by_name() -> None:
    """What a consent or a clock leads to has no name to ask for."""
    for one in ("@refused/kerja.setuju.tandatangani", "@clock/kerja.setuju.diam"):
        edge = chart().edges[one]
        assert (edge.event, edge.guard, edge.source) == (None, None, "kerja.setuju")
        assert edge not in chart().states["kerja.setuju"].edges


def test_build_branch_keeps_what_it_does() -> None:
    """A branch of the chart carries the branch of the definition as its effect."""
    (branch,) = chart().edges["@always/kerja.tulis"].branches
    assert (branch.guard, branch.target, branch.external) == ("always", "kerja.selesai", True)
    assert branch.effect is ALWAYS


def test_build_states_keep_the_tree() -> None:
    """Order, depth, children and initial are the definition's."""
    work = chart().states["kerja"]
    assert (work.kind, work.parent, work.order, work.depth) == (StateKind.COMPOUND, ROOT, 1, 1)
    assert work.children == ("kerja.tulis", "kerja.setuju", "kerja.selesai")
    assert work.initial == "kerja.setuju"
    assert chart().lineage["kerja.tulis"] == ("kerja.tulis", "kerja", ROOT)
    assert chart().inside["kerja"] == set(work.children)


def test_build_events_are_the_names_of_handlers() -> None:
    """The names that can be asked for anywhere."""
    assert chart().events == {"batal", "tandatangani", "tolak"}
