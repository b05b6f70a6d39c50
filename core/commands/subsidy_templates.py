"""書類の様式: keep a template of the secretariat's, or stop using it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.consultation.attachment import OfferedFile
from core.imports.reading import ReadTemplate, document_template
from core.reference.pack import Reference
from core.store.parameters import all_parameters
from core.store.request_forms import FormState
from core.store.subsidy_templates import KeptTemplate, add_template, in_use, templates
from core.store.work import Work, command, refuse_stale
from core.subsidy.document import DocumentKind
from core.subsidy.offered import programme_named
from core.values.errors import ConflictError
from core.values.fiscal import FiscalYear


@requires("subsidy_template:manage")
def keep_template(
    engine: Engine,
    principal: Principal,
    *,
    programme: str,
    kind: DocumentKind,
    file: OfferedFile,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> None:
    """Keep a template of a paper in place of the one before.

    Args:
        file: Looked into before the transaction begins, since writers queue.

    Raises:
        InvalidInputError: Field ``file``: what cannot be taken, or everything to be put right,
            each with its place; field ``programme``: there is none.
    """
    _keep(
        engine,
        principal,
        programme=programme,
        kind=kind,
        template=document_template(kind, file),
        reference=reference,
        request_id=request_id,
        now=now,
    )


@command("subsidy_template:keep", "書類の様式の登録", "subsidy_template:manage")
def _keep(
    work: Work,
    *,
    programme: str,
    kind: DocumentKind,
    template: ReadTemplate,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> None:
    year = FiscalYear.of(work.today)
    known = programme_named(reference, all_parameters(work.session), programme, year, work.today)
    kept = KeptTemplate(
        0, known.key, kind, template.name, FormState.KEPT, template.marks, work.now, work.by
    )
    add_template(work.session, kept, template.content)
    work.audit(kind.label, programme=known.name, file=template.name, rows=len(template.marks))


@command("subsidy_template:discard", "書類の様式の使用終了", "subsidy_template:manage")
def discard_template(
    work: Work,
    *,
    programme: str,
    kind: DocumentKind,
    seen_template: int,
    request_id: str,
    now: datetime,
) -> None:
    """Stop using a template; its rows stay, and our plain one takes its place.

    Args:
        seen_template: Number of the template that was shown.

    Raises:
        ConflictError: There is none, or it was replaced meanwhile.
    """
    before = in_use(templates(work.session, programme)).get(kind)
    if before is None:
        raise ConflictError("使用中の様式はありません。画面を更新して確認してください。")
    refuse_stale(
        before, before.template_id, seen_template, "様式", f"「{before.name}」に差し替えて"
    )
    gone = KeptTemplate(
        0, before.programme, kind, before.name, FormState.DISCARDED, (), work.now, work.by
    )
    add_template(work.session, gone, b"")
    work.audit(kind.label, file=before.name)
