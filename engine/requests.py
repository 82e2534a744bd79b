"""Request ids: what is remembered of a request, and whether another is the same.

Owns the digest of a request's content. An answer is never kept: a repeat is answered from the history
that the first one left. Called by ``engine.commands``.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from typing import Any

from engine.store.port import RequestRow
from workflow.case import CaseState, Extend, Fire, OnCase, Open

_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode


def request_row(request_id: str, command: Open | OnCase, target: str, case: CaseState) -> RequestRow:
    """Return what is remembered of a command that led to ``case``; ``target``: see `is_same`."""
    salt = os.urandom(32)
    return RequestRow(
        request_id=request_id,
        case_id=case.id,
        seq=case.seq,
        salt=salt,
        digest=_digest(salt, command, target),
    )


def is_same(request: RequestRow, command: Open | OnCase, target: str) -> bool:
    """Whether a command asks what the one remembered asked.

    Once a personal value of it was erased, the salt is gone and the id alone decides.

    Args:
        target: The id of the case that is acted on, or the workflow of which one is opened.
    """
    return not request.salt or _digest(request.salt, command, target) == request.digest


def _digest(salt: bytes, command: Open | OnCase, target: str) -> str:
    content: dict[str, Any] = {
        "by": command.by.id,
        "as_role": command.as_role,
        "for_party": command.for_party,
        "fields": {name: _spelled(value) for name, value in command.fields.items()},
        "documents": {name: list(digests) for name, digests in command.documents.items()},
        "reason": command.reason,
        "comment": command.comment,
        "effective_on": str(command.effective_on) if command.effective_on else None,
    }
    if isinstance(command, Fire):
        content |= {"case": target, "trigger": command.trigger}
    elif not isinstance(command, Open):
        content |= {"case": target, "act": type(command).__name__}
        if isinstance(command, Extend):
            content |= {"deadline": command.deadline, "within": command.within.to_json()}
    else:
        parties = [[party.id, party.side, party.name] for party in command.parties]
        content |= {"workflow": target, "parties": parties}
    return hashlib.sha256(salt + _encode(content).encode("utf-8", "surrogatepass")).hexdigest()


def _spelled(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _spelled(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_spelled(one) for one in value]
    return value if isinstance(value, (bool, int, str)) or value is None else str(value)
