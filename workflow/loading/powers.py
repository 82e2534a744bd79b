"""Acts that are no transitions: who may suspend, extend, correct and attach.

Owns the step from ``suspension``, ``extension``, ``correction`` and ``attachment`` to
`workflow.definition.Power`. Called by ``loading``, once states and clocks are known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from workflow.definition import Power
from workflow.durations import parse
from workflow.loading.catalogues import Catalogues
from workflow.loading.context import Context
from workflow.loading.document import (
    AttachmentShape,
    CorrectionShape,
    ExtensionShape,
    SuspensionShape,
    WorkflowShape,
)
from workflow.loading.names import Declarations
from workflow.source.text import Scalar


class Powers:
    """Resolves the powers of one definition."""

    def __init__(self, *, context: Context, catalogues: Catalogues, declarations: Declarations) -> None:
        self._context = context
        self._catalogues = catalogues
        self._names = declarations

    def all(self, shape: WorkflowShape, deadlines: Collection[str]) -> dict[str, Power]:
        """Return the powers that a definition gives, by the key under which it does.

        Args:
            deadlines: Paths of all deadlines.
        """
        found = {}
        if shape.suspension is not None:
            found["suspension"] = self._power(shape.suspension)
        if shape.extension is not None:
            of = tuple(self._deadlines(shape.extension.of, deadlines))
            found["extension"] = self._power(shape.extension, of=of)
        if shape.correction is not None:
            fields = self._names.fields(shape.correction.fields)
            found["correction"] = self._power(shape.correction, fields=fields)
        if shape.attachment is not None:
            documents = self._names.known("document", shape.attachment.documents)
            found["attachment"] = self._power(shape.attachment, documents=documents)
        return found

    def _power(
        self,
        shape: SuspensionShape | ExtensionShape | CorrectionShape | AttachmentShape,
        *,
        of: tuple[str, ...] = (),
        fields: tuple[str, ...] = (),
        documents: tuple[str, ...] = (),
    ) -> Power:
        most = shape.max_total if isinstance(shape, SuspensionShape | ExtensionShape) else None
        return Power(
            by=self._names.role_refs(shape.by),
            of=of,
            fields=fields,
            documents=documents,
            max_total=parse(most.text) if most else None,
            reason_required=shape.reason is not None,
            decided=self._catalogues.decided(shape.decided),
            basis=self._catalogues.basis(shape.basis),
        )

    def _deadlines(self, scalars: Iterable[Scalar], deadlines: Collection[str]) -> Iterable[str]:
        for one in scalars:
            paths = [path for path in deadlines if path == one.text or path.endswith(f".{one.text}")]
            if not paths:
                names = sorted({path.rpartition(".")[2] for path in deadlines})
                self._context.report_unknown("deadline", one.span, one.text, names)
            yield from paths
