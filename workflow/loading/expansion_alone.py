"""A fragment without a host: the workflow that it is read in when its file is checked by itself.

Owns what is made up around it, all of which stands on line 0, of which nothing is said. Called by
``expansion``.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from collections.abc import Sequence as SequenceOf
from dataclasses import replace
from typing import Any

from workflow.loading.expansion_tree import NOWHERE, is_final, word
from workflow.source.text import Entry, Mapping, Node, Sequence

SAMPLE = "sample"
"""Names what is made up, be it a role, a document, a state or its outcome."""


def workflow_of(name: str, body: MappingOf[str, Node], root: Mapping) -> Mapping:
    """Return a workflow of one state; where the fragment has no end, it may be left."""
    states = body.get("states")
    finals = (
        [one.key.text for one in states.entries if is_final(one.value)]
        if (isinstance(states, Mapping))
        else []
    )
    leave = _made({"by": SAMPLE, "to": SAMPLE})
    inner = []
    for key, value in body.items():
        name_here = root.key(key) or word(key, NOWHERE)
        if key == "states" and isinstance(value, Mapping):
            entries = tuple(_ending(one, finals) for one in value.entries)
            inner.append(Entry(key=name_here, value=Mapping(entries=entries, span=value.span)))
        elif key != "transitions" or finals:
            inner.append(Entry(key=name_here, value=value))
    if not finals:
        given = body.get("transitions")
        entries = given.entries if isinstance(given, Mapping) else ()
        left = Entry(key=word(SAMPLE, NOWHERE), value=leave)
        inner.append(
            Entry(
                key=root.key("transitions") or word("transitions", NOWHERE),
                value=Mapping(entries=(*entries, left), span=NOWHERE),
            )
        )
    state = root.key("fragment") or word(name, NOWHERE)
    top = Mapping(
        entries=(
            Entry(key=replace(state, text=name), value=Mapping(entries=tuple(inner), span=root.span)),
            Entry(key=word(SAMPLE, NOWHERE), value=_made({"final": "true", "outcome": SAMPLE})),
        ),
        span=NOWHERE,
    )
    whole: dict[str, Any] = {
        "format": "1",
        "workflow": name,
        "version": "1",
        "title": name,
        "timezone": "Asia/Jakarta",
        "calendar": "indonesia",
        "roles": {SAMPLE: {"title": SAMPLE}},
        "documents": {SAMPLE: {"title": SAMPLE}},
        "open": {"by": SAMPLE, "to": name},
    }
    made = _made(whole)
    return Mapping(entries=(*made.entries, Entry(key=word("states", NOWHERE), value=top)), span=root.span)


def _ending(state: Entry, finals: SequenceOf[str]) -> Entry:
    """Let an end of a fragment that is read alone end the case."""
    if state.key.text not in finals or not isinstance(state.value, Mapping):
        return state
    always = Sequence(items=(_made({"to": SAMPLE}),), span=NOWHERE)
    kept = tuple(one for one in state.value.entries if one.key.text != "final")
    entries = (*kept, Entry(key=word("always", NOWHERE), value=always))
    return Entry(key=state.key, value=Mapping(entries=entries, span=state.value.span))


def _made(values: MappingOf[str, Any]) -> Mapping:
    entries = (
        Entry(
            key=word(key, NOWHERE),
            value=_made(value) if isinstance(value, dict) else word(value, NOWHERE),
        )
        for key, value in values.items()
    )
    return Mapping(entries=tuple(entries), span=NOWHERE)
