"""Pages of processes that nobody wrote: whatever the shape, nothing lies on anything else."""

from __future__ import annotations

from itertools import combinations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.drawing import svg
from tests.drawings import confused, parsed, segments, size, words
from workflow.diagram.model import Box, Drawing, Row, RowKind, Way
from workflow.diagram.text import dot, mermaid

_WORDS = st.text(alphabet="abc <&\"'é漢 \n", max_size=60).map(lambda text: " ".join(text.split()) or "x")


@st.composite
def drawings(draw: st.DrawFn) -> Drawing:
    """Make a process of any shape, three states deep at most, with ways from anywhere to anywhere."""
    shape = draw(_shapes(0))
    paths = [path for path, _ in _paths("", shape)]
    numbers = {path: str(number) for number, path in enumerate(paths, start=1)}
    rows = st.lists(_rows(paths, numbers), max_size=2).map(tuple)
    root = _box(draw, "", shape, rows, numbers)
    opening = Row(kind=RowKind.OPEN, title="dibuka", ways=(_way(paths[0], numbers),))
    return Drawing(
        language="id", title=draw(_WORDS), description=draw(_WORDS), workflow="w", version=1,
        digest="0" * 64, basis="", in_force_from="", root=root, opening=opening,
    )  # fmt: skip


def _shapes(depth: int) -> st.SearchStrategy[list[object]]:
    inner = _shapes(depth + 1) if depth < 2 else st.just([])
    return st.lists(inner, min_size=1 if depth == 0 else 0, max_size=4 if depth == 0 else 3)


def _paths(before: str, shape: list[object]) -> list[tuple[str, list[object]]]:
    found: list[tuple[str, list[object]]] = []
    for number, inner in enumerate(shape):
        path = f"{before}.s{number}".lstrip(".")
        assert isinstance(inner, list)
        found += [(path, inner), *_paths(path, inner)]
    return found


def _way(path: str, numbers: dict[str, str]) -> Way:
    return Way(target=path, name=f"keadaan {path}", number=numbers[path])


def _rows(paths: list[str], numbers: dict[str, str]) -> st.SearchStrategy[Row]:
    way = st.builds(
        Way,
        target=st.sampled_from(paths),
        name=_WORDS,
        number=st.sampled_from(sorted(numbers.values())),
        when=_WORDS | st.just(""),
        sets=_WORDS | st.just(""),
    )
    return st.builds(
        Row,
        kind=st.sampled_from(RowKind),
        title=_WORDS,
        who=_WORDS | st.just(""),
        says=_WORDS,
        basis=st.sampled_from(["", "P22 ps 12(4)", "UU23 ps 363-365, PP28 ps 2-12, P22 ps 3-24"]),
        ways=st.lists(way, max_size=2).map(tuple),
    )


def _box(
    draw: st.DrawFn,
    path: str,
    shape: list[object],
    rows: st.SearchStrategy[tuple[Row, ...]],
    numbers: dict[str, str],
) -> Box:
    children = []
    for number, inner in enumerate(shape):
        assert isinstance(inner, list)
        children.append(_box(draw, f"{path}.s{number}".lstrip("."), inner, rows, numbers))
    return Box(
        path=path,
        title=draw(_WORDS),
        number=numbers.get(path, ""),
        is_parallel=len(children) > 1 and draw(st.booleans()),
        is_initial=draw(st.booleans()),
        rows=draw(rows),
        children=tuple(children),
    )


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(drawings())
def test_page_of_any_shape_can_be_read(drawing: Drawing) -> None:
    """No text lies on another or off the paper, no arrow runs through text, and every way has its arrow."""
    page = parsed(svg(drawing))
    found, parts = words(page), segments(page)
    wide, high = size(page)
    assert not [(one, other) for one, other in combinations(found, 2) if one.meets(other)]
    assert all(one.left >= 0 and one.right <= wide and one.top >= 0 and one.bottom <= high for one in found)
    assert not confused(page)
    assert not [(one, part) for part in parts for one in found if part.crosses(one)]
    rows = [drawing.opening, *(row for box in drawing.root.all() for row in box.rows)]
    arrows = [node for node in page.iter() if node.attrib.get("class") == "way"]
    assert len(arrows) == sum(len(row.ways) for row in rows)
    assert mermaid(drawing)
    assert dot(drawing)
