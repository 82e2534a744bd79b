"""From the resolved definition to its statechart.

Owns the ids of the edges. Called once a definition version, by whoever runs or checks it. It decides
nothing: roles, fields, documents and consent are not the chart's business, so an act that refuses or
withdraws a consent is an edge without branches, selected by name and taken elsewhere.
"""

from __future__ import annotations

from workflow.chart.model import ROOT, Chart, ChartBranch, ChartState, Edge
from workflow.definition import Act, Branch, Deadline, Definition, Handler, State

OPEN = "@open"
"""Id of the edge by which a case is opened."""


def build_chart(definition: Definition) -> Chart:
    """Return the statechart of a definition.

    Args:
        definition: Resolved: targets are paths of its states.

    Returns:
        Its states in document order; its edges by id, the opening first, then state by state: handlers,
        ``@refused/…``, ``@clock/…``, ``@always/…``, ``@done/…``.
    """
    opening = Edge(id=OPEN, source=ROOT, branches=_branches(definition.opening.branches))
    states: dict[str, ChartState] = {}
    edges = {OPEN: opening}
    for path, state in definition.states.items():
        states[path] = node = _state(state)
        refused = (edge for handler in state.handlers if (edge := _refused(handler)))
        clocks = (edge for deadline in state.deadlines if (edge := _clock(deadline)))
        follow_ups = (edge for edge in (node.always, node.done) if edge)
        edges.update((edge.id, edge) for edge in (*node.edges, *refused, *clocks, *follow_ups))
    return Chart(states=states, edges=edges)


def _state(state: State) -> ChartState:
    always = done = None
    if state.always:
        always = Edge(id=f"@always/{state.path}", source=state.path, branches=_branches(state.always))
    if state.done:
        done = Edge(id=f"@done/{state.path}", source=state.path, branches=_branches((state.done,)))
    return ChartState(
        path=state.path,
        kind=state.kind,
        parent=state.parent,
        order=state.order,
        depth=state.depth,
        children=state.children,
        initial=state.initial,
        edges=tuple(_handler(handler) for handler in state.handlers),
        always=always,
        done=done,
    )


def _handler(handler: Handler) -> Edge:
    is_taken_elsewhere = handler.act in (Act.NO, Act.WITHDRAW)
    return Edge(
        id=handler.path,
        source=handler.state,
        event=handler.name,
        guard=handler.when,
        branches=() if is_taken_elsewhere else _branches(handler.branches),
    )


def _refused(handler: Handler) -> Edge | None:
    if handler.consent is None or handler.consent.refused is None:
        return None
    branches = _branches((handler.consent.refused,))
    return Edge(id=f"@refused/{handler.path}", source=handler.state, branches=branches)


def _clock(deadline: Deadline) -> Edge | None:
    if deadline.then is None:
        return None
    return Edge(id=f"@clock/{deadline.path}", source=deadline.state, branches=_branches(deadline.then))


def _branches(branches: tuple[Branch, ...]) -> tuple[ChartBranch, ...]:
    return tuple(
        ChartBranch(guard=branch.when, target=branch.target, external=branch.external, effect=branch)
        for branch in branches
    )
