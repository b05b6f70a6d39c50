"""The budget-request workbook as bytes."""

from __future__ import annotations

from datetime import date

from core.estimate.calculation import Estimate
from core.estimate.real_burden import NAME, RealBurden
from core.exports.book import Book
from core.exports.budget import basis as basis_sheet
from core.exports.budget import months as months_sheet
from core.exports.budget import premises as premises_sheet
from core.exports.budget import real_burden as real_sheet
from core.exports.budget import request as request_sheet
from core.exports.budget import years as years_sheet
from core.exports.budget.basis import title_text, write_basis
from core.exports.budget.months import write_months
from core.exports.budget.premises import write_premises
from core.exports.budget.real_burden import write_real_burden
from core.exports.budget.request import Asker, write_request
from core.exports.budget.years import write_years
from core.exports.file import file_name
from core.reference.pack import Reference
from core.values.fiscal import FiscalYear, era_date


def budget_workbook(
    estimate: Estimate,
    *,
    reference: Reference,
    municipality: str | None,
    department: str = "",
    made_on: date,
    link: str,
    made_up: bool,
    note: str = "",
    real: RealBurden | None = None,
) -> bytes:
    """予算要求書 as an .xlsx file: four sheets, live from the visit counts on; the first stands alone.

    Every formula carries the estimate's figure, so a viewer that does not calculate shows it
    too. Equal arguments give equal bytes.

    Args:
        reference: Every plan of the year gets a row, those not chosen with 0 visits.
        municipality: 団体名; None leaves it to be filled in.
        department: 所属; empty leaves it to be filled in.
        link: Address that reproduces the estimate.
        real: 実質負担 of its first year, on a sheet of its own behind the others that none of them
            reads; None leaves it out.
    """
    names = reference.names
    year = estimate.first
    offered = reference.of(year.fiscal_year)
    about, plans, sources = offered.talent, offered.plans, offered.sources
    title = title_text(year, about.name)
    book = Book(f"予算要求書 {title}", made_on, made_up=made_up)
    front = book.page(request_sheet.NAME, request_sheet.WIDTHS)
    ground = book.page(basis_sheet.NAME, basis_sheet.WIDTHS)
    own = years_sheet.own_prices(estimate)
    spread_widths = months_sheet.widths(year, plans, len(estimate.years), len(own))
    spread = book.page(months_sheet.NAME, spread_widths)
    rests_on = book.page(premises_sheet.NAME, premises_sheet.WIDTHS)

    basis = write_basis(ground, year, plans, title, names)
    spread.headed(months_sheet.NAME, f"{title} {year.start_month}月開始")
    spread.sheet.repeat_rows(0, 1)
    several = years_sheet.rows(len(estimate.years))
    end = write_months(spread, year, plans, basis, several, names.subsidy)
    years = write_years(spread, estimate, basis, end, names) if len(estimate.years) > 1 else []
    asker = Asker(municipality or "", department, era_date(made_on), note)
    front_last = write_request(front, estimate, plans, about, sources, asker, basis, years, names)
    last = write_premises(rests_on, estimate, sources, names, made_on, link)

    owner = municipality or ""
    front.printing(made_on, owner, front_last, pages=1, upright=True)
    ground.printing(made_on, owner, basis_sheet.last_cell(year, len(plans)), pages=1)
    spread.printing(made_on, owner, f"{spread.last}{end + several - 1}", pages=1)
    rests_on.printing(made_on, owner, last)
    if real is not None:
        beneath = book.page(NAME, real_sheet.WIDTHS)
        end_of_layer = write_real_burden(
            beneath, real, basis.net, sources, title, subsidised=names.subsidy is not None
        )
        beneath.printing(made_on, owner, end_of_layer, pages=1)
    return book.finished()


def budget_file_name(
    estimate: Estimate, municipality: str | None, made_on: date, *, made_up: bool
) -> str:
    """Name a reader finds again; characters no file system takes are left out.

    Args:
        municipality: 団体名; None leaves it out.
    """
    return request_file_name(
        "デジタル人材シェアリング",
        estimate.first.fiscal_year,
        municipality,
        made_on,
        made_up=made_up,
    )


def request_file_name(
    subject: str,
    fiscal_year: FiscalYear,
    municipality: str | None,
    made_on: date,
    *,
    made_up: bool,
    kind: str = "予算要求書",
    suffix: str = ".xlsx",
) -> str:
    """Name of any file of a budget request: what it is, what for, 年度, 団体名, 作成日."""
    return file_name(
        kind,
        subject,
        fiscal_year.label,
        municipality or "",
        f"{made_on:%Y%m%d}",
        suffix=suffix,
        made_up=made_up,
    )
