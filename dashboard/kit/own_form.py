"""The officer's own request form, for the screens that fill it in."""

from __future__ import annotations

from collections.abc import Sequence

from core.access.principal import Principal, Role
from core.estimate.request_form import FormPlace
from core.store.request_forms import KeptForm
from core.views.request_forms import request_form_content_view, request_form_view
from dashboard import context


def kept_form(principal: Principal) -> KeptForm | None:
    """The form of the officer's municipality; None where there is none, and for everybody else."""
    if principal.role is not Role.OFFICER or principal.must_change_password:
        return None
    return context.answer(request_form_view, principal, lg_code=str(principal.lg_code))


def own_form(asking: Principal, lg_code: str) -> tuple[bytes, Sequence[FormPlace]]:
    """The form in use when it is asked for, for whoever asks then."""
    form, content = request_form_content_view(context.engine(), asking, lg_code=lg_code)
    return content, form.places
