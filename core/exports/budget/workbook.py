"""The budget-request workbook as bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO

from xlsxwriter.workbook import Workbook  # type: ignore[import-untyped]

from core.estimate.calculation import Estimate
from core.exports.budget import basis as basis_sheet
from core.exports.budget import months as months_sheet
from core.exports.budget import premises as premises_sheet
from core.exports.budget import request as request_sheet
from core.exports.budget.basis import title_text, write_basis
from core.exports.budget.months import write_months
from core.exports.budget.page import FONT, Looks, Page
from core.exports.budget.premises import write_premises
from core.exports.budget.request import Asker, write_request
from core.exports.budget.years import write_years
from core.fiscal import era_date
from core.reference.catalogue import shipped
from core.reference.plans import SupportPlan, TalentSharing
from core.reference.sources import Source

_OPTIONS = {
    "in_memory": True,  # no temporary files, fixed times inside the archive
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_format_properties": {"font_name": FONT, "font_size": 10},
}


def budget_workbook(
    estimate: Estimate,
    *,
    plans: Sequence[SupportPlan],
    sources: Mapping[str, Source],
    municipality: str | None,
    department: str = "",
    made_on: date,
    link: str,
    note: str = "",
    programme: TalentSharing | None = None,
) -> bytes:
    """予算要求書 as an .xlsx file: four sheets, live from the visit counts on.

    Every formula carries the estimate's figure, so a viewer that does not calculate shows it
    too. Equal arguments give equal bytes.

    Args:
        estimate: What is requested.
        plans: Every plan there is; one row each, those not chosen with 0 visits.
        sources: 出典 by key.
        municipality: 団体名; None leaves it to be filled in.
        department: 所属; empty leaves it to be filled in.
        made_on: 作成日.
        link: Address that reproduces the estimate.
        note: 備考.
        programme: The programme in the document's words; None takes the shipped one.
    """
    about = programme or shipped().talent
    year = estimate.first
    stream = BytesIO()
    book = Workbook(stream, _OPTIONS)
    title = title_text(year, about.name)
    made = datetime(made_on.year, made_on.month, made_on.day)  # noqa: DTZ001  a file has no zone
    book.set_properties({"title": f"予算要求書 {title}", "author": "乗合 Noriai", "created": made})
    looks = Looks(book)
    front = Page(book, request_sheet.NAME, looks, request_sheet.WIDTHS)
    ground = Page(book, basis_sheet.NAME, looks, basis_sheet.WIDTHS)
    spread_widths = months_sheet.widths(year, len(plans), len(estimate.years))
    spread = Page(book, months_sheet.NAME, looks, spread_widths)
    rests_on = Page(book, premises_sheet.NAME, looks, premises_sheet.WIDTHS)

    basis = write_basis(ground, year, plans, title)
    spread.text("A1:N1", months_sheet.NAME, "title")
    spread.height(1, lines=2)
    spread.text("A2:N2", f"{title} {year.start_month}月開始", "subtitle")
    spread.sheet.repeat_rows(0, 1)
    end = write_months(spread, book, year, plans, basis)
    years = write_years(spread, estimate, basis, end) if len(estimate.years) > 1 else []
    asker = Asker(municipality or "", department, era_date(made_on), note)
    write_request(front, estimate, plans, about, sources, asker, basis, years)
    last = write_premises(rests_on, estimate, sources, made_on, link)

    owner = municipality or ""
    front.printing(made_on, owner, request_sheet.LAST, pages=1)
    ground.printing(made_on, owner, basis_sheet.last_cell(len(plans)))
    spread.printing(made_on, owner, f"N{end + len(years) + 2 if years else end - 1}")
    rests_on.printing(made_on, owner, last)
    book.close()
    return stream.getvalue()


def budget_file_name(estimate: Estimate, municipality: str | None, made_on: date) -> str:
    """Name a reader finds again; characters no file system takes are left out.

    Args:
        estimate: What is requested.
        municipality: 団体名; None leaves it out.
        made_on: 作成日.
    """
    owner = re.sub(r'[\\/:*?"<>|\x00-\x1f]', "", municipality or "").strip(" .")
    parts = ["予算要求書", "デジタル人材シェアリング", estimate.first.fiscal_year.label]
    return "_".join([*parts, *([owner] if owner else []), f"{made_on:%Y%m%d}"]) + ".xlsx"
