"""What goes round on paper beside a budget request: the section chief's page, the town's own form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import streamlit as st

from core.access.principal import Principal, Role
from core.estimate.request_form import FormPlace, FormValues
from core.exports.request_form import request_form_file_name, request_form_workbook
from core.store.request_forms import KeptForm
from core.values.fiscal import FiscalYear
from core.views.request_forms import request_form_content_view, request_form_view
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.submit import download


def draw_papers(
    principal: Principal,
    page: Callable[[], bytes],
    page_name: str,
    values: Callable[[str], FormValues],
    fiscal_year: FiscalYear,
    *,
    key: str,
    disabled: bool,
    width: Literal["stretch", "content"] = "content",
) -> None:
    """Draw a box with a button for each.

    Args:
        page: Makes the section chief's page, named ``page_name``.
        values: What goes into the form of a municipality of that name.
        key: Begins the keys.
        disabled: There is nothing to hand on, or it is not what was typed.
        width: As the buttons beside it.
    """
    with st.popover(
        "書類", icon=":material/description:", key=f"{key}.papers", disabled=disabled, width=width
    ):
        download(
            "課長への1枚(PDF)を作る",
            lambda _: page(),
            page_name,
            icon=":material/picture_as_pdf:",
            disabled=disabled,
            key=f"{key}.page",
        )
        form = kept_form(principal)
        if form is None:
            st.caption(
                "わがまちの「予算要求の様式」に財政課の様式を登録すると、額を入れたものをここで受け取れます。"
                if principal.role is Role.OFFICER
                else "市町村職員としてサインインすると、財政課の様式に額を入れて受け取れます。"
            )
            return
        town, made_up = context.reference().called(form.lg_code), widgets.made_up()

        def fill(asking: Principal) -> bytes:
            content, places = own_form(asking, form.lg_code)
            return request_form_workbook(content, places, values(town), made_up=made_up)

        download(
            "自団体の様式に入れる(Excel)",
            fill,
            request_form_file_name(form.name, fiscal_year, town, context.today(), made_up=made_up),
            icon=":material/edit_document:",
            disabled=disabled,
            key=f"{key}.own_form",
        )


def kept_form(principal: Principal) -> KeptForm | None:
    """The form of the officer's municipality; None where there is none, and for everybody else."""
    if principal.role is not Role.OFFICER or principal.must_change_password:
        return None
    return context.answer(request_form_view, principal, lg_code=str(principal.lg_code))


def own_form(asking: Principal, lg_code: str) -> tuple[bytes, Sequence[FormPlace]]:
    """The form in use when it is asked for, for whoever asks then."""
    form, content = request_form_content_view(context.engine(), asking, lg_code=lg_code)
    return content, form.places
