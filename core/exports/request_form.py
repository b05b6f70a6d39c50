"""自団体の様式に入れる: an estimate's figures in the cells of a municipality's own form.

Only those cells change; everything else of the file stays byte for byte as it was sent, apart from
what asks Excel to compute anew. openpyxl would drop shapes, form controls and printer settings.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Container, Iterable, Sequence
from datetime import date

from core.boarding.cost import BoardingCost
from core.boarding.wording import month_text
from core.boarding.wording import outline_text as boarding_outline
from core.boarding.wording import paper_notes as boarding_notes
from core.boarding.wording import working as boarding_working
from core.estimate.calculation import Estimate, YearEstimate
from core.estimate.caveats import caveats
from core.estimate.request_form import FormField, FormPlace, FormValues, filled_text
from core.estimate.wording import one_price, working
from core.exports.budget.basis import chosen_text
from core.exports.budget.request import cited, outline_text
from core.exports.budget.workbook import request_file_name
from core.exports.file import marked
from core.exports.sheet_xml import (
    SHEET_PART,
    STYLES_PART,
    WORKBOOK_PART,
    cell_of,
    computed_anew,
    drop_results,
    mark_made_up,
    put,
    rows_of,
    wrapping_formats,
)
from core.imports.xml_tree import parsed, space_of, written
from core.reference.pack import Reference
from core.reference.procurements import Procurement
from core.values.fiscal import FiscalYear, era_date
from core.values.money import thousand_yen_text


def request_form_workbook(
    content: bytes, places: Sequence[FormPlace], values: FormValues, *, made_up: bool
) -> bytes:
    """The form with its places filled in.

    Formulas lose the result they were saved with, so that no program shows an old one; Excel and
    LibreOffice compute them when they open the file.

    Args:
        content: As it was kept; looked into when it was sent.
        places: What was found in it then.
    """
    by_part: dict[str, list[FormPlace]] = {}
    for place in places:
        by_part.setdefault(place.part.lower(), []).append(place)
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as form,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as filled,
    ):
        wrapping = wrapping_formats(
            form.read(STYLES_PART) if STYLES_PART in form.namelist() else b""
        )
        for info in form.infolist():
            part = form.read(info)
            name = info.filename.replace("\\", "/").lstrip("/").lower()
            if SHEET_PART.fullmatch(name) or name in by_part:
                part = _sheet(part, by_part.get(name, ()), values, wrapping, made_up=made_up)
            elif name == WORKBOOK_PART:
                part = computed_anew(part)
            filled.writestr(info, part, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def request_form_file_name(
    form: str, fiscal_year: FiscalYear, municipality: str, made_on: date, *, made_up: bool
) -> str:
    """Name a reader finds again: of the form, 年度, 団体名, 作成日."""
    stem = form.removesuffix(".xlsx")
    return request_file_name("", fiscal_year, municipality, made_on, made_up=made_up, kind=stem)


def budget_form_values(
    estimate: Estimate,
    *,
    reference: Reference,
    municipality: str,
    made_on: date,
    link: str,
    made_up: bool,
) -> FormValues:
    """What an estimate puts into a form."""
    year, thousands = estimate.first, estimate.first.thousands
    offered, price = reference.of(year.fiscal_year), one_price(year)
    about = offered.talent
    later = "、".join(
        f"{each.fiscal_year.label} 歳出{thousand_yen_text(each.thousands.gross)}"
        f"(一般財源{thousand_yen_text(each.thousands.net)})"
        for each in estimate.years[1:]
    )
    return {
        **_shared(
            year.fiscal_year,
            municipality,
            made_on,
            link,
            caveats(estimate, reference.names.subsidy),
        ),
        FormField.TITLE: marked(about.name, made_up=made_up),
        FormField.GROUNDS: f"{cited(about.source, reference.sources)}{about.cost}{about.subsidy or ''}",
        FormField.OUTLINE: outline_text(year, about),
        FormField.CONTENT: chosen_text(year, offered.plans),
        FormField.SECTION: "{} {}".format(*year.section),
        FormField.GROSS: int(year.gross),
        FormField.NET: int(year.net),
        FormField.GROSS_THOUSAND: thousands.gross,
        FormField.NET_THOUSAND: thousands.net,
        **_of_subsidy(year),
        **({} if price is None else {FormField.UNIT_PRICE: int(price)}),
        FormField.VISITS: sum(line.visits for line in year.lines),
        FormField.WORKING: "\n".join(f"{s.label}: {s.expression}" for s in working(year)),
        FormField.LATER: later or "なし",
    }


def _of_subsidy(year: YearEstimate) -> dict[FormField, int | str]:
    """Where there is one; else its places stay empty."""
    if year.terms.subsidy is None:
        return {}
    return {
        FormField.SUBSIDY: int(year.subsidy),
        FormField.SUBSIDY_THOUSAND: year.thousands.subsidy,
        FormField.RATE: str(year.terms.subsidy.rate),
    }


def boarding_form_values(
    cost: BoardingCost,
    *,
    procurement: Procurement,
    reference: Reference,
    municipality: str,
    made_on: date,
    link: str,
    made_up: bool,
) -> FormValues:
    """What boarding late puts into a form; no grants are counted on."""
    first, request = cost.first, cost.request
    later = "、".join(
        f"{each.fiscal_year.label} {thousand_yen_text(each.thousand)}" for each in cost.years[1:]
    )
    title = f"{procurement.label}の共同調達への参加(後乗り)"
    return {
        **_shared(
            first.fiscal_year,
            municipality,
            made_on,
            link,
            boarding_notes(cost, reference.names.national_and_own_grants),
        ),
        FormField.TITLE: marked(title, made_up=made_up),
        FormField.GROUNDS: f"{cited(procurement.source, reference.sources)}"
        f"とりまとめ根拠: {procurement.scheme.grounds}。",
        FormField.OUTLINE: boarding_outline(procurement.what, request),
        FormField.CONTENT: f"{month_text(request.start)}から{request.months}か月の利用。"
        f"{first.fiscal_year.label}は{first.months}か月分。",
        FormField.SECTION: "、".join(f"{s.number} {s.name}" for s in first.sections),
        FormField.GROSS: int(first.joint),
        FormField.SUBSIDY: 0,
        FormField.NET: int(first.joint),
        FormField.GROSS_THOUSAND: first.thousand,
        FormField.SUBSIDY_THOUSAND: 0,
        FormField.NET_THOUSAND: first.thousand,
        FormField.WORKING: "\n".join(f"{s.label}: {s.expression}" for s in boarding_working(cost)),
        FormField.LATER: later or "なし",
    }


def _shared(
    fiscal_year: FiscalYear, municipality: str, made_on: date, link: str, notes: Iterable[str]
) -> dict[FormField, int | str]:
    return {
        FormField.FISCAL_YEAR: fiscal_year.label,
        FormField.MUNICIPALITY: municipality,
        FormField.MADE_ON: era_date(made_on),
        FormField.LINK: link,
        FormField.CAVEATS: "\n".join(f"・{note}" for note in notes),
    }


# ── the parts of the file ─────────────────────────────────────────────────────────────────────


def _sheet(
    part: bytes,
    places: Sequence[FormPlace],
    values: FormValues,
    wrapping: Container[str],
    *,
    made_up: bool,
) -> bytes:
    root = parsed(part)
    space = space_of(root)
    rows = rows_of(root, space)
    computed = drop_results(rows, space)
    for place in places:
        cell, value = cell_of(root, space, rows, place.cell), filled_text(place.text, values)
        if isinstance(value, str) and cell.get("s", "0") not in wrapping:
            value = value.replace("\n", " ")  # would be shown run together, or its last line alone
        put(cell, space, value)
    if made_up:
        mark_made_up(root, space)
    return written(root) if places or made_up or computed else part
