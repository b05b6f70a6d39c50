"""予算要求の様式: keep a municipality's own form, or stop using it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.consultation.attachment import OfferedFile
from core.imports.reading import ReadForm, request_form
from core.store.request_forms import FormState, KeptForm, add_form, last_form
from core.store.work import Work, command, refuse_stale
from core.values.errors import ConflictError


@requires("request_form:keep", municipality="lg_code")
def keep_request_form(
    engine: Engine,
    principal: Principal,
    *,
    lg_code: str,
    file: OfferedFile,
    request_id: str,
    now: datetime,
) -> tuple[str, ...]:
    """Keep a form in place of the one before.

    Args:
        file: Looked into before the transaction begins, since writers queue.

    Returns:
        What of it may be meant otherwise; empty for nothing.

    Raises:
        InvalidInputError: Field ``file``: what cannot be taken, or everything to be put right.
    """
    form = request_form(file)
    _keep(engine, principal, lg_code=lg_code, form=form, request_id=request_id, now=now)
    return form.notes


@command("request_form:keep", "予算要求の様式の登録")
def _keep(work: Work, *, lg_code: str, form: ReadForm, request_id: str, now: datetime) -> None:
    kept = KeptForm(
        0, lg_code, form.name, FormState.KEPT, form.places, form.findings, work.now, work.by
    )
    add_form(work.session, kept, form.content)
    work.audit(form.name, lg_code=lg_code, rows=len(form.places))


@command("request_form:discard", "予算要求の様式の使用終了", "request_form:keep")
def discard_request_form(
    work: Work, *, lg_code: str, seen_form: int, request_id: str = "", now: datetime
) -> None:
    """Stop using the form; its rows stay.

    Args:
        seen_form: Number of the form that was shown.

    Raises:
        ConflictError: There is none, or it was replaced meanwhile.
    """
    before = last_form(work.session, lg_code)
    if before is None or before.state is FormState.DISCARDED:
        raise ConflictError("使用中の様式はありません。画面を更新して確認してください。")
    refuse_stale(before, before.form_id, seen_form, "様式", f"「{before.name}」に差し替えて")
    gone = KeptForm(0, lg_code, before.name, FormState.DISCARDED, (), (), work.now, work.by)
    add_form(work.session, gone, b"")
    work.audit(before.name, lg_code=lg_code)
