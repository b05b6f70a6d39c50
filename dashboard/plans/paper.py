"""What goes round on paper beside the budget request: the section chief's page, the town's own form."""

from __future__ import annotations

from core.access.principal import Principal
from core.estimate.calculation import Estimate
from core.exports.budget import budget_pdf, budget_pdf_file_name
from core.exports.request_form import (
    budget_form_values,
    request_form_file_name,
    request_form_workbook,
)
from core.values.municipality import Municipality
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.own_form import kept_form, own_form
from dashboard.kit.submit import download


def draw_papers(
    principal: Principal,
    estimate: Estimate,
    ours: Municipality | None,
    link: str,
    *,
    disabled: bool = False,
) -> None:
    """Draw a button for each.

    Args:
        ours: Whom the estimate is for; None while nobody said.
        link: Address that reproduces the estimate.
        disabled: The amounts are not those that were typed.
    """
    reference, today, made_up = context.reference(), context.today(), widgets.made_up()
    town = ours.name if ours else None
    download(
        "課長への1枚(PDF)を作る",
        lambda _: budget_pdf(
            estimate,
            reference=reference,
            municipality=town,
            made_on=today,
            link=link,
            made_up=made_up,
        ),
        budget_pdf_file_name(estimate, town, today, made_up=made_up),
        icon=":material/picture_as_pdf:",
        disabled=disabled or not estimate.first.lines,
        key="plans.page",
    )
    form = kept_form(principal)
    if form is None or ours is None:
        return

    def fill(asking: Principal) -> bytes:
        content, places = own_form(asking, form.lg_code)
        values = budget_form_values(
            estimate,
            reference=reference,
            municipality=ours.name,
            made_on=today,
            link=link,
            made_up=made_up,
        )
        return request_form_workbook(content, places, values, made_up=made_up)

    year = estimate.first.fiscal_year
    download(
        "自団体の様式に入れる(Excel)",
        fill,
        request_form_file_name(form.name, year, ours.name, today, made_up=made_up),
        icon=":material/edit_document:",
        disabled=disabled or not estimate.first.lines,
        key="plans.own_form",
    )
