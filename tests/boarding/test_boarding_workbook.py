"""The budget request of boarding late shows the comparison and follows its own input cells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from core.boarding.cost import BoardingCost, boarding_cost
from core.boarding.request import BoardingRequest, BudgetSection, MeritScope, Present
from core.boarding.waiting import waiting_rows
from core.exports.boarding import boarding_file_name, boarding_workbook
from tests.support.office import convert
from tests.support.reference import REFERENCE

MERIT = REFERENCE.procurements.scale_merit
CHAT = next(p for p in REFERENCE.procurements.programmes if p.key == "chat")
MADE_ON = date(2026, 11, 24)
LINK = "https://noriai.example/procurement?late_start=2027-10"
SHEETS = ["予算要求書", "積算基礎", "月別", "待つ費用", "前提・出典"]
ALLOWED = {"COUNT", "IF", "MOD", "ROUNDUP", "SUM", "TEXT"}
OCTOBER = date(2027, 10, 1)


def request_of(**values: Any) -> BoardingRequest:
    usual = {"initial": 1_234_567, "monthly": 98_765, "months": 17}
    return BoardingRequest(OCTOBER, **(usual | values))


CASES: Mapping[str, tuple[BoardingRequest, dict[str, Any]]] = {
    # request, what is typed into the input cells afterwards
    "usual": (request_of(), {"initial": 2_000_001, "monthly": 77_777, "joining_fee": 12_345}),
    "in_use": (
        request_of(present=Present.ALONE, months=40, joining_fee=333_333),
        {"monthly": 43_210},
    ),
    "never_pays": (request_of(present=Present.ALONE), {"initial": 0}),
    "monthly_only": (
        request_of(merit_scope=MeritScope.MONTHLY, joining_fee=50_000, merit=Fraction(1, 3)),
        {"monthly": 100_001, "merit": Fraction(3, 7)},
    ),
    "initial_only": (
        request_of(merit_scope=MeritScope.INITIAL, merit=Fraction(3333, 10_000)),
        {"initial": 999},
    ),
    "one_section": (
        request_of(
            initial_section=BudgetSection.CONTRIBUTION, monthly_section=BudgetSection.CONTRIBUTION
        ),
        {"joining_fee": 1},
    ),
    "one_month": (request_of(months=1, initial=0), {"monthly": 1}),
    "ten_years": (request_of(months=120, merit=Fraction(0)), {"merit": Fraction(1)}),
    "swapped": (
        request_of(initial_section=BudgetSection.USAGE, monthly_section=BudgetSection.COMMISSION),
        {"monthly": 0},
    ),
}


def cost_of(request: BoardingRequest) -> BoardingCost:
    return boarding_cost(request, MERIT.rate)


def book_bytes(cost: BoardingCost, **values: Any) -> bytes:
    arguments: dict[str, Any] = {
        "procurement": CHAT,
        "merit": MERIT,
        "reference": REFERENCE,
        "municipality": "堺市",
        "made_on": MADE_ON,
        "link": LINK,
        "made_up": False,
    }
    return boarding_workbook(cost, **(arguments | values))


def read(source: bytes | Path, *, formulas: bool = False) -> Any:
    stream = BytesIO(source) if isinstance(source, bytes) else source
    return openpyxl.load_workbook(stream, data_only=not formulas)


def cells(book: Any) -> dict[tuple[str, str], Any]:
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value not in (None, "")
    }


def row_of(sheet: Any, label: str) -> int:
    return next(
        row for row in range(1, sheet.max_row + 1) if str(sheet.cell(row, 1).value) == label
    )


def figures(book: Any) -> dict[str, Any]:
    """What the book says, wherever it stands."""
    front, basis = book["予算要求書"], book["積算基礎"]
    spent, funds = row_of(front, "歳出 計"), row_of(front, "本要求(千円)")
    whole, first = row_of(basis, "契約期間の総額"), row_of(basis, "年度") + 1
    end = row_of(basis, "契約期間の計")
    return {
        "sections": [
            (front.cell(r, 2).value, front.cell(r, 6).value, front.cell(r, 4).value)
            for r in range(15, spent)
            if front.cell(r, 6).value
        ],
        "joint": (front.cell(spent, 6).value, front.cell(spent, 4).value),
        "net": (front.cell(funds + 1, 7).value, front.cell(funds, 7).value),
        "totals": tuple(basis.cell(whole, column).value for column in (2, 3, 4)),
        "years": [
            tuple(basis.cell(row, column).value for column in (2, 3, 4, 5, 6, 7, 8))
            for row in range(first, end)
        ],
        "months": [
            tuple(book["月別"].cell(row, column).value for column in (4, 5, 6))
            for row in range(5, book["月別"].max_row + 1)
            if book["月別"].cell(row, 3).value
        ],
        "waiting": [
            tuple(book["待つ費用"].cell(row, column).value for column in (1, 5, 6))
            for row in range(5, book["待つ費用"].max_row + 1)
        ],
    }


def expected(cost: BoardingCost) -> dict[str, Any]:
    """The same from the comparison."""
    return {
        "sections": [
            (f"節{section.number} {section.name}", section.amount, section.thousand)
            for section in cost.first.sections
        ],
        "joint": (cost.first.joint, cost.first.thousand),
        "net": (cost.first.joint, cost.first.thousand),
        "totals": (cost.alone_total, cost.joint_total, cost.saving),
        "years": [
            (
                year.months,
                year.alone,
                year.joint_once,
                year.joint_monthly,
                year.joint,
                year.saving,
                year.thousand,
            )
            for year in cost.years
        ],
        "months": [
            (month.cumulative_alone, month.cumulative_joint, month.saving) for month in cost.months
        ],
        "waiting": [(row.wait, row.total, row.extra) for row in waiting_rows(cost)],
    }


@pytest.mark.parametrize("name", CASES)
def test_the_book_shows_the_comparison(name: str) -> None:
    cost = cost_of(CASES[name][0])
    book = read(book_bytes(cost))
    assert book.sheetnames == SHEETS
    assert figures(book) == expected(cost)


@pytest.mark.parametrize("name", CASES)
def test_only_plain_functions_are_used(name: str) -> None:
    book = read(book_bytes(cost_of(CASES[name][0])), formulas=True)
    used = {
        function
        for value in cells(book).values()
        if str(value).startswith("=")
        for function in re.findall(r"([A-Z]+)\(", re.sub(r'"[^"]*"', "", str(value)))
    }
    assert used <= ALLOWED


def test_equal_comparisons_make_equal_bytes() -> None:
    cost = cost_of(request_of())
    assert book_bytes(cost) == book_bytes(cost)


def test_words_that_look_like_formulas_stay_words() -> None:
    book = read(
        book_bytes(cost_of(request_of()), municipality="=1+1", note="+堺", department="@x"),
        formulas=True,
    )
    front = book["予算要求書"]
    assert (front["B3"].value, front["F3"].value) == ("=1+1", "@x")
    assert front["B3"].data_type == "s"


def test_assumptions_and_sources_have_a_sheet() -> None:
    text = "\n".join(str(v) for v in cells(read(book_bytes(cost_of(request_of())))).values())
    assert "3/10(3割程度)" in text
    assert "1つのシステムに当てはめるのは仮定" in text
    assert "節約ではありません" in text
    assert LINK in text
    assert REFERENCE.sources["jirei"].title in text


def test_the_file_has_a_name_a_reader_finds_again() -> None:
    assert boarding_file_name(cost_of(request_of()), CHAT, "堺/市", MADE_ON, made_up=False) == (
        "予算要求書_自治体専用チャットツール後乗り_令和9年度_堺市_20261124.xlsx"
    )


def type_in(book: Any, change: Mapping[str, Any]) -> None:
    basis = book["積算基礎"]
    places = {"initial": "B7", "monthly": "B8", "joining_fee": "B9"}
    for field, value in change.items():
        if field == "merit":
            basis["B10"].value, basis["B11"].value = value.numerator, value.denominator
        else:
            basis[places[field]].value = value


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """What LibreOffice makes of the books, and of the books after inputs were changed."""
    folder = tmp_path_factory.mktemp("books")
    paths = []
    for name, (request, change) in CASES.items():
        plain = folder / f"{name}.xlsx"
        plain.write_bytes(book_bytes(cost_of(request)))
        book = read(plain.read_bytes(), formulas=True)
        type_in(book, change)
        changed = folder / f"{name}-changed.xlsx"
        book.save(changed)
        paths += [plain, changed]
    return {path.stem: path for path in convert(paths, "xlsx", folder / "out")}


@pytest.mark.office
@pytest.mark.parametrize("name", CASES)
def test_every_stored_result_is_what_libreoffice_calculates(
    name: str, recalculated: dict[str, Path]
) -> None:
    stored = cells(read(book_bytes(cost_of(CASES[name][0]))))
    assert cells(read(recalculated[name])) == stored


@pytest.mark.office
@pytest.mark.parametrize("name", CASES)
def test_a_quotation_typed_in_changes_the_whole_book(
    name: str, recalculated: dict[str, Path]
) -> None:
    request, change = CASES[name]
    cost = cost_of(replace(request, **change))
    assert cost.joint_total != cost_of(request).joint_total
    book = read(recalculated[f"{name}-changed"])
    assert figures(book) == expected(cost)
    assert not [v for v in cells(book).values() if str(v).startswith("#")]


@pytest.mark.parametrize("name", CASES)
def test_the_first_page_stands_alone_and_no_chart_is_cut(name: str) -> None:
    cost = cost_of(CASES[name][0])
    book = read(book_bytes(cost))
    front = book["予算要求書"]
    caveat = front.cell(row_of(front, "前提と注意") + 1, 1).value
    assert ("3割程度" in caveat) == (not cost.own_merit)
    assert "仮定" in caveat
    assert "国府支出金は見込まず" in caveat
    assert [front[place].value for place in ("A4", "E4", "C5", "E5", "G5", "A10", "A11")] == [
        *("担当", "内線", "款", "項", "目", "必要性", "効果"),
    ]
    assert front.page_setup.orientation == "portrait"
    (chart,) = book["月別"]._charts
    area = book["月別"].print_area.rpartition("!")[2].replace("$", "")
    _, _, right, bottom = range_boundaries(area)
    assert chart.anchor.to.col < right
    assert chart.anchor.to.row < bottom
    heads = int(str(book["月別"].print_title_rows).rpartition("$")[2])
    assert chart.anchor._from.row >= heads  # what is repeated on every page takes none of it along
