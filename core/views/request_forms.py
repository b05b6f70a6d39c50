"""予算要求の様式: the form a municipality uses, and its bytes."""

from __future__ import annotations

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.store.engine import reading
from core.store.request_forms import FormState, KeptForm, form_content, last_form
from core.values.errors import ConflictError


@requires("municipality:read", municipality="lg_code")
def request_form_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    lg_code: str,
) -> KeptForm | None:
    """The form in use; None when there is none."""
    with reading(engine) as session:
        found = last_form(session, lg_code)
    return found if found is not None and found.state is FormState.KEPT else None


@requires("municipality:read", municipality="lg_code")
def request_form_content_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    lg_code: str,
) -> tuple[KeptForm, bytes]:
    """The form in use with its bytes. Ask afresh: bytes are no matter for a cache.

    Raises:
        ConflictError: There is none any more.
    """
    with reading(engine) as session:
        found = last_form(session, lg_code)
        if found is None or found.state is FormState.DISCARDED:
            raise ConflictError(
                "自団体の様式は登録されていません。わがまちで登録してから、もう一度お試しください。"
            )
        return found, form_content(session, found.form_id)
