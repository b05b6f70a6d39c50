"""What goes round on paper beside the budget request of support plans."""

from __future__ import annotations

from core.access.principal import Principal
from core.estimate.calculation import Estimate
from core.estimate.request_form import FormValues
from core.exports.budget import budget_pdf, budget_pdf_file_name
from core.exports.request_form import budget_form_values
from core.values.municipality import Municipality
from dashboard import context
from dashboard.kit import papers, widgets


def draw_papers(
    principal: Principal, estimate: Estimate, ours: Municipality | None, link: str, *, old: bool
) -> None:
    """Draw the box.

    Args:
        ours: Whom the estimate is for; None while nobody said.
        link: Address that reproduces the estimate.
        old: A field cannot be read: the amounts belong to what stood there before.
    """
    reference, today, made_up = context.reference(), context.today(), widgets.made_up()
    town = ours.name if ours else None

    def page() -> bytes:
        return budget_pdf(
            estimate,
            reference=reference,
            municipality=town,
            made_on=today,
            link=link,
            made_up=made_up,
        )

    def values(municipality: str) -> FormValues:
        return budget_form_values(
            estimate,
            reference=reference,
            municipality=municipality,
            made_on=today,
            link=link,
            made_up=made_up,
        )

    papers.draw_papers(
        principal,
        page,
        budget_pdf_file_name(estimate, town, today, made_up=made_up),
        values,
        estimate.first.fiscal_year,
        key="plans",
        disabled=old or not estimate.first.lines,
        width="stretch",
    )
