"""A drawing as text for other programs: Mermaid and DOT.

Owns both forms and their escaping: whatever comes from a definition stays text there, and can neither
end a label nor become a link, a directive, markup or a line of its own. Called by the command line and
by whoever shows a process where SVG is not wanted.
"""

from __future__ import annotations

from collections.abc import Iterator

from workflow.diagram.model import Box, Drawing, Row, RowKind, Way
from workflow.source.characters import visible

_PLAIN = frozenset(" ,()·→=≤≥≠+−")
"""What may stand in a label of Mermaid as it is, beside letters and digits; the rest goes by its number."""

_SIGNS = {RowKind.CLOCK: "⏱", RowKind.DUTY: "⟳", RowKind.AUTOMATIC: "◇", RowKind.CONSENT: "◎"}


def _identities(drawing: Drawing) -> dict[str, str]:
    """Name every box by its place: nothing of a definition becomes an identifier."""
    return {box.path: f"s{number}" for number, box in enumerate(drawing.boxes(), start=1)}


def _label(way: Way, row: Row) -> list[str]:
    sign = _SIGNS.get(row.kind, "")
    first = f"{sign} {row.title}".strip()
    small = " · ".join(part for part in (row.says, row.who, row.basis) if part)
    sets = f"({way.sets})" if way.sets else ""
    days = ", ".join(row.taken) if way.taken_on else ""
    return [part for part in (first, small, way.when, sets, f"✓ {days}" if days else "") if part]


def _title(box: Box) -> list[str]:
    lines = [f"{box.number} {box.title}".strip()]
    lines += [box.basis] if box.basis else []
    lines += [f"– {name}" for name in box.folded]
    return lines


def _still(box: Box) -> Iterator[str]:
    """Yield the rows that lead nowhere, a line each: no arrow says them."""
    for row in box.rows:
        for notice in row.notices:
            yield f"! {notice.text}" if notice.is_overdue else notice.text
        if not any(way.target for way in row.ways):
            small = ", ".join(part for part in (row.says, row.who, row.basis) if part)
            yield f"{_SIGNS.get(row.kind, '•')} {row.title}" + (f" ({small})" if small else "")


# --- Mermaid ---------------------------------------------------------------------------------------


def mermaid(drawing: Drawing) -> str:
    """Return a drawing as a Mermaid flowchart.

    A flowchart and no state diagram, since in Mermaid's state diagrams no arrow may lead from inside
    one state into another.
    """
    names = _identities(drawing)
    lines = ["%% " + _mermaid(f"{drawing.title}, {drawing.workflow} {drawing.version}"), "flowchart TB"]
    lines.append(f'  start(["{_mermaid(drawing.opening.title)}"])')
    for box in drawing.root.children:
        lines += _mermaid_box(box, names, "  ")
    lines += _mermaid_ways("start", drawing.opening, names)
    if drawing.root.rows:
        lines.append(f'  root["{_mermaid(drawing.title)}"]')
        for row in drawing.root.rows:
            lines += _mermaid_ways("root", row, names)
    for box in drawing.boxes():
        for row in box.rows:
            lines += _mermaid_ways(names[box.path], row, names)
    lines += _mermaid_looks(drawing, names)
    return "\n".join([*lines, ""])


def _mermaid(*parts: str) -> str:
    """Return text that Mermaid shows as it is: letters and digits, all else by its number."""
    return "<br/>".join(
        "".join(sign if sign.isalnum() or sign in _PLAIN else f"#{ord(sign)};" for sign in visible(part))
        for part in parts
    )


def _mermaid_box(box: Box, names: dict[str, str], indent: str) -> Iterator[str]:
    name = names[box.path]
    if not box.children:
        label = _mermaid(*_title(box), *_still(box))
        yield f'{indent}{name}(["{label}"])' if box.is_end else f'{indent}{name}["{label}"]'
        return
    yield f'{indent}subgraph {name}["{_mermaid(*_title(box))}"]'
    if still := list(_still(box)):
        yield f'{indent}  {name}_rows["{_mermaid(*still)}"]'
    for child in box.children:
        yield from _mermaid_box(child, names, f"{indent}  ")
    yield f"{indent}end"


def _mermaid_ways(source: str, row: Row, names: dict[str, str]) -> Iterator[str]:
    for way in row.ways:
        if way.target in names:
            arrow = "-.->" if row.kind in (RowKind.CLOCK, RowKind.AUTOMATIC) else "-->"
            arrow = "==>" if way.taken_on else arrow
            yield f'  {source} {arrow}|"{_mermaid(*_label(way, row))}"| {names[way.target or ""]}'


def _mermaid_looks(drawing: Drawing, names: dict[str, str]) -> Iterator[str]:
    ends = [names[box.path] for box in drawing.boxes() if box.is_end]
    here = [names[box.path] for box in drawing.boxes() if box.is_here]
    been = [names[box.path] for box in drawing.boxes() if box.entered and not box.is_here]
    if ends:
        yield "  classDef akhir fill:#111111,color:#ffffff,stroke:#111111"
        yield f"  class {','.join(ends)} akhir"
    if been:
        yield "  classDef dilalui stroke:#0b4f9e,stroke-width:2px"
        yield f"  class {','.join(been)} dilalui"
    if here:
        yield "  classDef di_sini stroke:#111111,stroke-width:5px"
        yield f"  class {','.join(here)} di_sini"


# --- DOT -------------------------------------------------------------------------------------------


def dot(drawing: Drawing) -> str:
    """Return a drawing in Graphviz' DOT."""
    names = _identities(drawing)
    composite = {box.path for box in drawing.boxes() if box.children}
    label = _dot(drawing.title, f"{drawing.workflow} {drawing.version} · {drawing.basis}")
    lines = [
        "digraph kerjasama {",
        f'  graph [compound=true, rankdir=TB, fontname="sans-serif", labelloc=t, label={label}];',
        '  node [shape=box, style=rounded, fontname="sans-serif", fontsize=10];',
        '  edge [fontname="sans-serif", fontsize=8];',
        f"  start [shape=circle, label={_dot(drawing.opening.title)}];",
    ]
    for box in drawing.root.children:
        lines += _dot_box(box, names, "  ")
    lines += _dot_ways("start", "", drawing.opening, names, composite)
    if drawing.root.rows:
        lines.append(f"  root [shape=note, label={_dot(drawing.title)}];")
        for row in drawing.root.rows:
            lines += _dot_ways("root", "", row, names, composite)
    for box in drawing.boxes():
        for row in box.rows:
            tail = f"cluster_{names[box.path]}" if box.children else ""
            lines += _dot_ways(_dot_node(box.path, names, composite), tail, row, names, composite)
    return "\n".join([*lines, "}", ""])


def _dot(*parts: str) -> str:
    """Return a quoted text that Graphviz shows as it is; each part is a line.

    A backslash would begin an escape, an ampersand an entity, and a text is never one of markup, since
    it is quoted.
    """
    shown = (visible(part).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;") for part in parts)
    return '"' + "\\n".join(shown) + '"'


def _dot_node(path: str, names: dict[str, str], composite: set[str]) -> str:
    """Return the node at which an arrow of a state ends: a state around others has a point for that."""
    return f"{names[path]}_at" if path in composite else names[path]


def _dot_box(box: Box, names: dict[str, str], indent: str) -> Iterator[str]:
    name = names[box.path]
    if not box.children:
        looks = ", style=filled, fillcolor=black, fontcolor=white" if box.is_end else ""
        looks += ", penwidth=4" if box.is_here else ", penwidth=2" if box.entered else ""
        yield f"{indent}{name} [label={_dot(*_title(box), *_still(box))}{looks}];"
        return
    yield f"{indent}subgraph cluster_{name} {{"
    yield f"{indent}  label={_dot(*_title(box), *_still(box))}; labeljust=l;"
    yield f"{indent}  style={'dashed' if box.is_region else 'solid'}; penwidth={4 if box.is_here else 1};"
    yield f'{indent}  {name}_at [shape=point, style=invis, label=""];'
    for child in box.children:
        yield from _dot_box(child, names, f"{indent}  ")
    yield f"{indent}}}"


def _dot_ways(source: str, tail: str, row: Row, names: dict[str, str], composite: set[str]) -> Iterator[str]:
    for way in row.ways:
        if way.target not in names or way.target is None:
            continue
        looks = [f"label={_dot(*_label(way, row))}"]
        looks += [f'ltail="{tail}"'] if tail else []
        looks += [f'lhead="cluster_{names[way.target]}"'] if way.target in composite else []
        looks += ["style=dashed"] if row.kind in (RowKind.CLOCK, RowKind.AUTOMATIC) else []
        looks += ["penwidth=3"] if way.taken_on else []
        yield f"  {source} -> {_dot_node(way.target, names, composite)} [{', '.join(looks)}];"
