"""From a caller's arguments to a command on a case, and who may ask for what is no command.

Owns nothing but the way there. Called by ``engine.runtime``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.arguments import check, check_kept
from engine.commands import Call
from engine.documents import Attachment, attach
from engine.refused import Refused
from workflow.case import Actor, Fire, Reason, Refusal
from workflow.locale import Message

ADMINISTRATOR = "administrator"
"""The host's role that deploying, migrating, calendars and erasure need."""


def call_of(
    case_id: str,
    trigger: str,
    *,
    by: Actor,
    fields: Mapping[str, Any] | None = None,
    documents: Mapping[str, Attachment | Sequence[Attachment]] | None = None,
    **said: Any,
) -> Call:
    """Return a command on a case as `Commands` takes it; ``said``: the other keywords of `Fire`."""
    check(trigger=trigger, by=by, fields=fields, documents=documents, **said)
    attached = attach(documents or {})
    command = Fire(
        trigger=trigger,
        by=by,
        fields=dict(fields or {}),
        documents=attached.digests,
        media=attached.media,
        **said,
    )
    return Call(case_id=case_id, command=command, attached=attached)


def require_administrator(by: Actor) -> None:
    """Make sure that the host gives someone the role of an administrator.

    Raises:
        Refused: It does not.
        InvalidCall: Nobody can be called so.
    """
    check_kept("by.id", by.id)
    if ADMINISTRATOR not in by.roles:
        reason = Reason(
            code="wrong-role",
            message=Message("refusal.not-administrator", {"actor": by.id}),
            needs={"role": [ADMINISTRATOR]},
        )
        raise Refused(refusal=Refusal(reasons=(reason,)))
