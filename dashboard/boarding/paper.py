"""What goes round on paper beside the budget request of boarding late."""

from __future__ import annotations

from core.access.principal import Principal
from core.boarding.cost import BoardingCost
from core.exports.boarding import boarding_pdf, boarding_pdf_file_name
from core.exports.request_form import (
    boarding_form_values,
    request_form_file_name,
    request_form_workbook,
)
from core.reference.procurements import Procurement
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.own_form import kept_form, own_form
from dashboard.kit.submit import download


def draw_papers(
    principal: Principal,
    cost: BoardingCost,
    procurement: Procurement,
    town: str | None,
    link: str,
    *,
    disabled: bool = False,
) -> None:
    """Draw a button for the section chief's page, and one for the town's own form.

    Args:
        town: 団体名; None while nobody said.
        link: Address that reproduces the comparison.
        disabled: The amounts are not those that were typed.
    """
    reference, today, made_up = context.reference(), context.today(), widgets.made_up()
    download(
        "課長への1枚(PDF)を作る",
        lambda _: boarding_pdf(
            cost,
            procurement=procurement,
            sources=reference.sources,
            municipality=town,
            made_on=today,
            link=link,
            made_up=made_up,
        ),
        boarding_pdf_file_name(cost, procurement, town, today, made_up=made_up),
        icon=":material/picture_as_pdf:",
        disabled=disabled,
        key="boarding.page",
    )
    form = kept_form(principal)
    if form is None or town is None:
        return

    def fill(asking: Principal) -> bytes:
        content, places = own_form(asking, form.lg_code)
        values = boarding_form_values(
            cost,
            procurement=procurement,
            reference=reference,
            municipality=town,
            made_on=today,
            link=link,
            made_up=made_up,
        )
        return request_form_workbook(content, places, values, made_up=made_up)

    download(
        "自団体の様式に入れる(Excel)",
        fill,
        request_form_file_name(form.name, cost.first.fiscal_year, town, today, made_up=made_up),
        icon=":material/edit_document:",
        disabled=disabled,
        key="boarding.own_form",
    )
