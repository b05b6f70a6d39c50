"""自団体の様式に入れる: an estimate's figures in the cells of a municipality's own form.

Only those cells change; everything else of the file stays byte for byte as it was sent, apart from
what asks Excel to compute anew. openpyxl would drop shapes, form controls and printer settings.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from lxml import etree

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
from core.exports.file import MADE_UP, marked
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
        wrapping = _wrapping(form)
        for info in form.infolist():
            part = form.read(info)
            name = info.filename.replace("\\", "/").lstrip("/").lower()
            if _SHEET.fullmatch(name) or name in by_part:
                part = _sheet(part, by_part.get(name, ()), values, wrapping, made_up=made_up)
            elif name == "xl/workbook.xml":
                part = _computed_anew(part)
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

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_STYLES = "xl/styles.xml"
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_ESCAPE = re.compile(r"_(x[0-9A-Fa-f]{4}_)")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_AFTER_HEADER = (
    "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects",
    "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
"""What stands in a sheet after its header, in the order of the format."""


def _parsed(part: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(part, parser)


def _written(root: Any) -> bytes:
    body: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return body


def _local(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _wrapping(form: zipfile.ZipFile) -> frozenset[str]:
    """Numbers of the cell formats that break lines (折り返して全体を表示)."""
    if _STYLES not in form.namelist():
        return frozenset()
    formats = _parsed(form.read(_STYLES)).iterfind("{*}cellXfs/{*}xf")
    broken = (each.find("{*}alignment[@wrapText]") for each in formats)
    return frozenset(
        str(number)
        for number, found in enumerate(broken)
        if found is not None and found.get("wrapText") in ("1", "true")
    )


def _sheet(
    part: bytes,
    places: Sequence[FormPlace],
    values: FormValues,
    wrapping: Container[str],
    *,
    made_up: bool,
) -> bytes:
    root = _parsed(part)
    space = f"{{{etree.QName(root).namespace}}}"
    rows = _rows(root, space)
    computed = False
    for _, cells in rows.values():
        for cell in cells.values():
            if cell.find(f"{space}f") is not None:
                computed = True
                for result in cell.findall(f"{space}v"):
                    cell.remove(result)
    for place in places:
        cell, value = _cell_of(root, space, rows, place.cell), filled_text(place.text, values)
        if isinstance(value, str) and cell.get("s", "0") not in wrapping:
            value = value.replace("\n", " ")  # would be shown run together, or its last line alone
        _put(cell, space, value)
    if made_up:
        _mark(root, space)
    return _written(root) if places or made_up or computed else part


_Rows = dict[int, tuple[Any, dict[int, Any]]]


def _rows(root: Any, space: str) -> _Rows:
    """Every row and its cells by number; a file may leave the numbers out."""
    found: _Rows = {}
    number = 0
    for row in root.iterfind(f"{space}sheetData/{space}row"):
        number = int(row.get("r") or number + 1)
        cells: dict[int, Any] = {}
        column = 0
        for cell in row.iterfind(f"{space}c"):
            at = _CELL.fullmatch(cell.get("r") or "")
            column = _column(at[1]) if at else column + 1
            cells[column] = cell
        found[number] = (row, cells)
    return found


def _column(name: str) -> int:
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number


def _cell_of(root: Any, space: str, rows: _Rows, name: str) -> Any:
    """The cell of that name, made where the sheet has none."""
    at = _CELL.fullmatch(name)
    if at is None:
        raise ValueError(f"not a cell: {name}")
    column, number = _column(at[1]), int(at[2])
    if number not in rows:
        data = root.find(f"{space}sheetData")
        row = etree.Element(f"{space}row", r=str(number))
        before = sum(1 for known in rows if known < number)
        data.insert(before, row)
        rows[number] = (row, {})
    row, cells = rows[number]
    if column not in cells:
        cell = etree.Element(f"{space}c", r=name)
        row.insert(sum(1 for known in cells if known < column), cell)
        cells[column] = cell
    return cells[column]


def _put(cell: Any, space: str, value: int | str) -> None:
    for child in list(cell):
        if _local(child) in ("v", "is", "f"):
            cell.remove(child)
    cell.attrib.pop("t", None)
    if isinstance(value, int):
        etree.SubElement(cell, f"{space}v").text = str(value)
    elif value:
        cell.set("t", "inlineStr")
        text = etree.SubElement(etree.SubElement(cell, f"{space}is"), f"{space}t")
        text.set(_SPACE, "preserve")
        text.text = _ESCAPE.sub(r"_x005F_\1", value)


def _mark(root: Any, space: str) -> None:
    """Say in the sheet's header that what is in it is made up."""
    header = root.find(f"{space}headerFooter")
    if header is None:
        header = etree.Element(f"{space}headerFooter")
        later: Iterator[int] = (
            place for place, child in enumerate(root) if _local(child) in _AFTER_HEADER
        )
        root.insert(next(later, len(root)), header)
    for name in ("oddHeader", "firstHeader", "evenHeader"):
        for there in header.findall(f"{space}{name}"):
            header.remove(there)
    for gone in ("differentOddEven", "differentFirst"):
        header.attrib.pop(gone, None)
    words = etree.Element(f"{space}oddHeader")
    words.text = f"&C{MADE_UP}"
    header.insert(0, words)


def _computed_anew(part: bytes) -> bytes:
    root = _parsed(part)
    space = f"{{{etree.QName(root).namespace}}}"
    how = root.find(f"{space}calcPr")
    if how is None:
        how = etree.Element(f"{space}calcPr")
        before = [p for p, child in enumerate(root) if _local(child) in _BEFORE_CALCULATION]
        root.insert(max(before, default=-1) + 1, how)
    how.set("fullCalcOnLoad", "1")
    return _written(root)


_BEFORE_CALCULATION = frozenset(
    [
        "fileVersion",
        "fileSharing",
        "workbookPr",
        "workbookProtection",
        "bookViews",
        "sheets",
        "functionGroups",
        "externalReferences",
        "definedNames",
    ]
)
