"""What goes round on paper beside the budget request of boarding late."""

from __future__ import annotations

from core.boarding.cost import BoardingCost
from core.estimate.request_form import FormValues
from core.exports.boarding import boarding_pdf, boarding_pdf_file_name
from core.exports.request_form import boarding_form_values
from core.reference.procurements import Procurement
from dashboard import context
from dashboard.kit import papers, widgets


def draw_papers(
    cost: BoardingCost, procurement: Procurement, town: str | None, link: str, *, old: bool
) -> None:
    """Draw the box.

    Args:
        town: 団体名; None while nobody said.
        link: Address that reproduces the comparison.
        old: A field cannot be read: the amounts belong to what stood there before.
    """
    reference, today, made_up = context.reference(), context.today(), widgets.made_up()

    def page() -> bytes:
        return boarding_pdf(
            cost,
            procurement=procurement,
            reference=reference,
            municipality=town,
            made_on=today,
            link=link,
            made_up=made_up,
        )

    def values(municipality: str) -> FormValues:
        return boarding_form_values(
            cost,
            procurement=procurement,
            reference=reference,
            municipality=municipality,
            made_on=today,
            link=link,
            made_up=made_up,
        )

    papers.draw_papers(
        context.who(),
        page,
        boarding_pdf_file_name(cost, procurement, town, today, made_up=made_up),
        values,
        cost.first.fiscal_year,
        key="boarding",
        disabled=old,
    )
