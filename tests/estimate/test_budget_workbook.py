"""The budget-request workbook shows the estimate and follows its own input cells."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.estimate.calculation import Estimate, estimate
from core.estimate.request import EstimateRequest, ExpenditureKind, PlanChoice
from core.estimate.schedule import visits_by_month
from core.estimate.wording import gross_expression, one_price
from core.exports.book import Book
from core.exports.budget import budget_file_name, budget_workbook
from core.params import Basis, Parameter, RoundingScope
from core.reference.pack import Reference
from core.values.fiscal import FiscalYear
from core.values.money import Direction
from tests.support.office import convert
from tests.support.opened import OPENED
from tests.support.reference import REFERENCE

NUMBERS = [plan.number for plan in REFERENCE.plans]
MADE_ON = date(2026, 11, 23)
LINK = "https://noriai.example/plans?fy=2027&plans=6:12"
SHEETS = ["予算要求書", "積算基礎", "月別・年度別", "前提・出典"]
ALLOWED = {
    *("COUNTIF", "IF", "INT", "ISNUMBER", "MAX", "MIN", "MOD", "ROUND", "ROUNDDOWN", "ROUNDUP"),
    *("SUBSTITUTE", "SUM", "SUMPRODUCT", "TEXT", "TRIM"),
}
FIRST_PLAN = 6


def capped(amount: int) -> list[Parameter]:
    """The shipped parameters with a cap nobody has published."""
    cap = Parameter("talent.subsidy_cap", amount, date(2024, 4, 1), Basis.ASSUMPTION, "jirei")
    return [*REFERENCE.parameters, cap]


def dearer_from(year: int) -> list[Parameter]:
    """The shipped parameters with another fee, rate and cap from a fiscal year on."""
    since = date(year, 4, 1)
    return [
        *REFERENCE.parameters,
        Parameter("talent.unit_price", 123_457, since, Basis.ASSUMPTION, "jirei"),
        Parameter("talent.subsidy_rate", Fraction(2, 3), since, Basis.ASSUMPTION, "議会資料"),
        Parameter("talent.subsidy_cap", 1_234_567, since, Basis.ASSUMPTION, "jirei"),
    ]


def choices(*pairs: tuple[int, int]) -> tuple[PlanChoice, ...]:
    return tuple(PlanChoice(plan, visits) for plan, visits in pairs)


@dataclass(frozen=True)
class Case:
    request: EstimateRequest
    parameters: list[Parameter]
    change: Mapping[int, int]
    reference: Reference = REFERENCE

    @property
    def numbers(self) -> list[int]:
        """Plans of the year, in the order of the rows."""
        return list(self.reference.plan_offers(FiscalYear(self.request.fiscal_year)).plans)

    def estimate(self) -> Estimate:
        return estimate(self.request, self.reference.plan_offers, self.parameters)

    def book(self) -> bytes:
        return book_bytes(self.estimate(), reference=self.reference)

    def changed(self) -> Estimate:
        """What the estimate is once the visit counts in ``change`` are typed in."""
        known = {choice.plan: choice.visits for choice in self.request.choices} | self.change
        order = [*(choice.plan for choice in self.request.choices), *self.numbers]
        wanted = choices(*((plan, known[plan]) for plan in dict.fromkeys(order) if known.get(plan)))
        return estimate(
            replace(self.request, choices=wanted), self.reference.plan_offers, self.parameters
        )


def case(
    *plans: tuple[int, int],
    change: Mapping[int, int],
    parameters: list[Parameter] | None = None,
    fiscal_year: int = 2027,
    reference: Reference = REFERENCE,
    **values: Any,
) -> Case:
    request = EstimateRequest(fiscal_year, choices(*plans), **values)
    return Case(request, parameters or list(REFERENCE.parameters), change, reference)


ALL_SEVEN = tuple((number, 12 - number) for number in NUMBERS)
THIRD = Fraction(1, 3)
CASES = {
    "default": case((6, 12), change={4: 11}),
    "eleven": case((4, 11), change={4: 12}),
    "odd_fee": case((6, 1), unit_price=1_234_567, change={6: 2, 1: 1}),
    "by_plan": case(
        (7, 3), (2, 5), (5, 3),
        unit_price=33_333, rounding_scope=RoundingScope.PLAN, change={2: 4, 3: 1},
    ),
    "up": case((1, 1), (3, 2), unit_price=100_001, rounding_direction=Direction.UP, change={1: 0}),
    "up_no_more_than_cost": case(
        (1, 1), (2, 1),
        unit_price=700, rate=Fraction(9, 10), rounding_unit=500, rounding_direction=Direction.UP,
        rounding_scope=RoundingScope.PLAN, change={3: 3},
    ),
    "half_up": case(
        (3, 7), (1, 2),
        unit_price=2_470, rate=THIRD, rounding_unit=10, rounding_direction=Direction.HALF_UP,
        change={1: 3},
    ),
    "third": case((7, 1), (1, 1), (4, 1), rate=THIRD, rounding_unit=1, change={5: 1}),
    "july": case((6, 12), (2, 4), start_month=7, change={6: 10, 2: 12}),
    "march": case((6, 2), start_month=3, change={1: 12}),
    "three_years": case((5, 9), (1, 4), years=3, start_month=10, change={5: 12, 6: 1}),
    "terms_change": case(
        (5, 9), (1, 4), years=3, parameters=dearer_from(2028), change={5: 12, 7: 2}
    ),
    "by_plan_years": case(
        (2, 7), (4, 5), years=5, unit_price=12_347, rounding_scope=RoundingScope.PLAN,
        parameters=dearer_from(2029), change={2: 0, 6: 11},
    ),
    "none": case(change={3: 12}),
    "seven": case(*ALL_SEVEN, rate=THIRD, change={1: 12, 7: 0}),
    "capped": case((6, 12), (1, 7), parameters=capped(777_777), change={1: 0, 6: 11}),
    "capped_by_plan": case(
        (6, 12), (1, 7), (3, 2),
        parameters=capped(555_555), rounding_scope=RoundingScope.PLAN, change={1: 2},
    ),
    "free": case((6, 12), unit_price=0, change={6: 3}),
    "no_rate": case((6, 12), rate=Fraction(0), change={6: 3}),
    "whole_rate": case((6, 5), rate=Fraction(1), unit_price=1_999, change={6: 7}),
    "eighth": case(
        (6, 12), (8, 6), (1, 12), fiscal_year=2028, start_month=7, rate=THIRD,
        reference=OPENED, change={8: 4, 2: 4, 6: 4},
    ),
    "eighth_dearer_later": case(
        (8, 5), (6, 11), (1, 2), years=3, reference=OPENED, change={8: 6, 4: 11},
    ),
    "eighth_by_plan": case(
        (2, 7), (8, 3), (6, 7), years=2, rounding_scope=RoundingScope.PLAN, rate=THIRD,
        parameters=dearer_from(2028), reference=OPENED, change={2: 0, 8: 6, 7: 5},
    ),
    "eighth_capped": case(
        (8, 6), (4, 7), years=2, parameters=capped(777_777), reference=OPENED, change={8: 1},
    ),
    "eighth_capped_by_plan": case(
        (4, 7), (8, 6), parameters=capped(555_555), rounding_scope=RoundingScope.PLAN,
        reference=OPENED, change={4: 0},
    ),
    "eighth_alone": case((8, 6), reference=OPENED, change={6: 1}),
    "eighth_with_a_fee_for_all": case(
        (8, 6), (6, 2), unit_price=77_777, years=2, reference=OPENED, change={8: 1},
    ),
    "third_ends": case(
        (3, 12), (6, 5), fiscal_year=2026, years=3, rate=THIRD, reference=OPENED,
        change={3: 7, 1: 2},
    ),
    "third_ends_alone": case(
        (3, 12), fiscal_year=2026, years=2, rounding_scope=RoundingScope.PLAN,
        reference=OPENED, change={6: 2},
    ),
    "contribution": case(
        (6, 12), (4, 11), fiscal_year=2023, kind=ExpenditureKind.CONTRIBUTION, change={4: 12}
    ),
}  # fmt: skip


def book_bytes(answer: Estimate, **values: Any) -> bytes:
    arguments: dict[str, Any] = {
        "reference": REFERENCE,
        "municipality": "堺市",
        "made_on": MADE_ON,
        "link": LINK,
        "made_up": False,
    }
    return budget_workbook(answer, **(arguments | values))


def read(source: bytes | Path, *, formulas: bool = False) -> Any:
    stream = BytesIO(source if isinstance(source, bytes) else source.read_bytes())
    return openpyxl.load_workbook(stream, data_only=not formulas)


def row_of(sheet: Any, text: str, column: int = 1, after: int = 0) -> int:
    """First row whose cell begins with a text."""
    for row in range(after + 1, sheet.max_row + 1):
        if str(sheet.cell(row, column).value or "").startswith(text):
            return row
    raise AssertionError(f"{text} not on {sheet.title}")


def figures(book: Any, numbers: Sequence[int] = tuple(NUMBERS)) -> dict[str, Any]:
    """Every figure the reader sees, found by its label."""
    front, basis, spread = (book[name] for name in SHEETS[:3])
    plans = {}
    for row in range(FIRST_PLAN, FIRST_PLAN + len(numbers)):
        plan, _, price, *rest = (basis.cell(row, column).value for column in range(1, 8))
        plans[plan] = (price, *rest)
    total = FIRST_PLAN + len(numbers)
    month_row = row_of(spread, "支援回数 計")
    heads = [spread.cell(4, column).value for column in range(2, 15)]
    last = heads.index("計")
    months = [
        (heads[i], *(spread.cell(month_row + line, i + 2).value for line in range(5)))
        for i in range(last)
    ]
    by_plan = {
        plan: [spread.cell(5 + index, i + 2).value for i in range(last)]
        for index, plan in enumerate(numbers)
    }
    years = []
    try:
        row = row_of(spread, "年度別(") + 2
    except AssertionError:
        row = 0
    while row and spread.cell(row, 1).value != "計":
        years.append([spread.cell(row, column).value for column in (1, *range(9, 15))])
        row += 1
    sums = [spread.cell(row, column).value for column in range(9, 15)] if row else []
    steps = row_of(basis, "府補助金の計算") + 2
    grant, worked = row_of(front, "3 特定財源") + 2, row_of(front, "4 見積額") + 1
    return {
        "plans": plans,
        "total": [basis.cell(total, column).value for column in range(4, 8)],
        "steps": [basis.cell(steps + line, 8).value for line in (0, 3, 4)],
        "months": months,
        "month sums": [spread.cell(month_row + line, last + 2).value for line in range(4)],
        "by plan": by_plan,
        "years": years,
        "year sums": sums,
        "千円": [front[f"D{row}"].value for row in (15, 16, 17)],
        "円": [front[f"F{row}"].value for row in (15, 16, 17)],
        "財源内訳": [[front[f"{c}{row}"].value for c in "CDG"] for row in (21, 22, 23)],
        "特定財源": [front[f"{c}{grant}"].value for c in "CDEFGH"],
        "積算": front[f"B{worked}"].value,
        "補助": front[f"B{worked + 1}"].value.rpartition(" → ")[2],
        "一般財源": front[f"B{worked + 2}"].value.rpartition(" = ")[2],
    }


def expected(answer: Estimate) -> dict[str, Any]:
    """The same figures as the estimate has them."""
    year = answer.first
    thousands, numbers, only = year.thousands, year.terms.plans, one_price(year)
    lines = {line.plan: line for line in year.lines}
    visits = sum(line.visits for line in year.lines)
    months = len(year.months)
    amounts = [int(year.gross), int(year.subsidy), int(year.net)]
    in_thousands = [thousands.gross, thousands.subsidy, thousands.net]
    years = [
        [
            y.fiscal_year.full_label,
            *map(int, (y.gross, y.subsidy, y.net)),
            *(y.thousands.gross, y.thousands.subsidy, y.thousands.net),
        ]
        for y in answer.years
        if len(answer.years) > 1
    ]
    return {
        "plans": {
            plan: (int(line.unit_price), line.visits, *map(int, (line.gross, line.subsidy, line.net)))
            if (line := lines.get(plan))
            else (int(year.terms.price(plan)), 0, 0, 0, 0)
            for plan in numbers
        },
        "total": [visits, *amounts],
        "steps": amounts,
        "months": [
            (f"{m.month.month}月", m.visits, *map(int, (m.gross, m.subsidy, m.net, m.cumulative_gross)))
            for m in year.months
        ],
        "month sums": [visits, *amounts],
        "by plan": {
            plan: visits_by_month(lines[plan].visits if plan in lines else 0, months)
            for plan in numbers
        },
        "years": years,
        "year sums": [sum(column) for column in list(zip(*years, strict=True))[1:]],
        "千円": in_thousands,
        "円": amounts,
        "財源内訳": [in_thousands, amounts, [thousands.gross, 0, thousands.gross]],
        "特定財源": ["プランによる" if only is None else int(only), str(year.terms.subsidy.rate), len(lines), visits, *amounts[:2]],
        "積算": f"{gross_expression(year)} = {amounts[0]:,}円",
        "補助": f"{amounts[1]:,}円",
        "一般財源": f"{amounts[2]:,}円",
    }  # fmt: skip


def cells(book: Any) -> dict[tuple[str, str], Any]:
    """Every value by sheet and place; an empty text is an empty cell."""
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value not in (None, "")
    }


@pytest.mark.parametrize("name", CASES)
def test_a_viewer_that_does_not_calculate_shows_the_estimate(name: str) -> None:
    one = CASES[name]
    assert figures(read(one.book()), one.numbers) == expected(one.estimate())


def test_a_fee_of_1234567_is_split_into_617000_and_617567() -> None:
    front = read(book_bytes(CASES["odd_fee"].estimate()))["予算要求書"]
    assert [front[f"F{row}"].value for row in (15, 16, 17)] == [1_234_567, 617_000, 617_567]
    assert [front[f"D{row}"].value for row in (15, 16, 17)] == [1_235, 617, 618]
    assert front.cell(row_of(front, "4 見積額") + 2, 2).value == (
        "1,234,567円 × 1/2 = 617,283.5円、1,000円未満切捨て → 617,000円"
    )


@settings(max_examples=25)
@given(
    visits=st.dictionaries(st.sampled_from(NUMBERS), st.integers(1, 12)),
    start_month=st.integers(1, 12),
    years=st.integers(1, 5),
    unit_price=st.integers(0, 2_000_000),
    rate=st.fractions(0, 1, max_denominator=12),
    unit=st.sampled_from([1, 10, 1_000]),
    direction=st.sampled_from(Direction),
    scope=st.sampled_from(RoundingScope),
    cap=st.none() | st.integers(0, 5_000_000),
)
def test_every_request_makes_a_book_that_shows_its_estimate(
    visits: dict[int, int],
    start_month: int,
    years: int,
    unit_price: int,
    rate: Fraction,
    unit: int,
    direction: Direction,
    scope: RoundingScope,
    cap: int | None,
) -> None:
    request = EstimateRequest(
        2027,
        choices(*visits.items()),
        start_month=start_month,
        years=years,
        unit_price=unit_price,
        rate=rate,
        rounding_unit=unit,
        rounding_direction=direction,
        rounding_scope=scope,
    )
    parameters = list(REFERENCE.parameters) if cap is None else capped(cap)
    answer = estimate(request, REFERENCE.plan_offers, parameters)
    assert figures(read(book_bytes(answer))) == expected(answer)


def all_formulas(name: str) -> list[str]:
    book = read(CASES[name].book(), formulas=True)
    return [v for v in cells(book).values() if isinstance(v, str) and v.startswith("=")]


@pytest.mark.parametrize("name", CASES)
def test_formulas_use_only_functions_of_every_excel(name: str) -> None:
    formulas = all_formulas(name)
    assert len(formulas) > 100
    for formula in formulas:
        bare = re.sub(r'"[^"]*"', '""', formula)
        assert set(re.findall(r"([A-Z][A-Z0-9._]*)\(", bare)) <= ALLOWED, formula
        assert "[" not in bare
        assert bare.count("(") == bare.count(")")
        assert "{" not in bare
        assert len(formula) < 8_000
        assert all(len(text) <= 255 for text in re.findall(r'"([^"]*)"', formula))


@pytest.mark.parametrize("name", CASES)
def test_no_cell_shows_an_error(name: str) -> None:
    values = cells(read(CASES[name].book())).values()
    errors = re.compile(r"#(REF|NAME|VALUE|DIV/0|N/A|NUM|NULL)")
    assert not [v for v in values if isinstance(v, str) and errors.search(v)]


def test_sheets_are_named_and_print_on_a4_one_page_wide_the_first_upright() -> None:
    book = read(book_bytes(CASES["three_years"].estimate()))
    assert book.sheetnames == SHEETS
    for sheet in book:
        way = "portrait" if sheet.title == "予算要求書" else "landscape"
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, way)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth in (None, 1)
        assert sheet.print_area
        assert "&P / &N" in str(sheet.oddFooter.center.text).replace("&[Page]", "&P").replace(
            "&[Pages]", "&N"
        )
        assert sheet.oddFooter.right.text == "作成日 令和8年11月23日"
    assert [sheet.print_title_rows for sheet in book] == [None, "$1:$2", "$1:$2", "$3:$3"]


@pytest.mark.parametrize("name", CASES)
def test_everything_written_is_printed_but_how_the_shares_come_about(name: str) -> None:
    for sheet in read(CASES[name].book()):
        last = max(cell.row for row in sheet.iter_rows() for cell in row if cell.has_style)
        headings = [
            row for row in range(1, last + 1) if "印刷しない" in str(sheet.cell(row, 1).value)
        ]
        right, bottom = printed(sheet)
        assert right >= sheet.max_column
        assert [bottom < row <= bottom + 3 for row in headings] == [True] * len(headings)
        assert (bottom < last) == (sheet.title in ("積算基礎", "月別・年度別")) == bool(headings)
        for chart in sheet._charts:
            assert chart.anchor.to.col < right
            assert chart.anchor.to.row < bottom


def printed(sheet: Any) -> tuple[int, int]:
    """Last column and row of the print area."""
    _, _, right, bottom = openpyxl.utils.range_boundaries(
        sheet.print_area.rpartition("!")[2].replace("$", "")
    )
    return right, bottom


def test_the_first_page_says_by_itself_what_its_amounts_rest_on() -> None:
    front = read(book_bytes(CASES["july"].estimate()))["予算要求書"]
    said = front.cell(row_of(front, "前提と注意") + 1, 1).value
    for part in (
        "仮の額。令和9年度の費用・補助条件は公表・登録されていないため、令和5年度の値を準用した。",
        "公表(検討中): 補助率 1/2。",
        "仮定(要確認): 補助金の端数処理(1,000円・切捨て・申請の合計額)。",
        "7月開始では年度内の残りは9か月で、プラン6は月1回程度の目安を超える月がある。",
        "府補助金がない場合は、一般財源が800千円増えて1,600千円となる。",
    ):
        assert part in said
    assert front["B8"].value.endswith(
        "本要求は、令和9年度に7月から、2プラン・延べ16回の支援を受けるための経費。"
    )
    assert "実施予定" not in front["B8"].value
    own = read(book_bytes(CASES["odd_fee"].estimate()))["予算要求書"]
    assert "入力値: 支援1回あたりの費用 1,234,567円/回。" in str(
        own.cell(row_of(own, "前提と注意") + 1, 1).value
    )
    settled = [*REFERENCE.parameters]
    plain = estimate(EstimateRequest(2023, choices((6, 12))), REFERENCE.plan_offers, settled)
    assert "準用" not in "".join(
        str(c.value) for row in read(book_bytes(plain))["予算要求書"] for c in row
    )


def test_the_first_page_has_fields_for_what_only_the_municipality_knows() -> None:
    front = read(book_bytes(CASES["default"].estimate()))["予算要求書"]
    labels = {
        str(front[label].value): front[place]
        for label, place in (
            ("A4", "B4"), ("E4", "F4"), ("C5", "D5"), ("E5", "F5"), ("G5", "H5"),
            ("A10", "B10"), ("A11", "B11"),
        )
    }  # fmt: skip
    assert list(labels) == ["担当", "内線", "款", "項", "目", "必要性", "効果"]
    assert all(cell.fill.fgColor.rgb == "FFFFF3B8" for cell in labels.values())
    assert front["B16"].value == "款 府支出金\n項 府補助金"


def test_negatives_are_marked_as_in_budget_documents() -> None:
    negative = re.compile(r'[;]"?△"?#')
    for sheet in read(book_bytes(CASES["three_years"].estimate())):
        formats = {
            c.number_format for row in sheet.iter_rows() for c in row if "#,##0" in c.number_format
        }
        assert all(negative.search(each) for each in formats)
    texts = re.findall(r'TEXT\([^"]*"(#,##0[^"]*)"', "".join(all_formulas("three_years")))
    assert {text for text in texts if "." not in text} >= {"#,##0;△#,##0"}


def test_only_visits_and_blanks_are_yellow_and_visits_are_bounded() -> None:
    book = read(book_bytes(CASES["default"].estimate()))
    basis = book["積算基礎"]
    yellow = {
        (sheet.title, cell.coordinate)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fgColor.rgb == "FFFFF3B8"
    }
    visits = {("積算基礎", f"D{row}") for row in range(6, 13)}
    front = {("予算要求書", place) for place in ("C15", "C16", "E21", "F21")}
    assert visits | front <= yellow
    assert not any(protected.protection.sheet for protected in book)
    rules = {str(rule.sqref): rule for rule in basis.data_validations.dataValidation}
    assert (rules["D6:D12"].formula1, rules["D6:D12"].formula2) == ("0", "12")


def test_equal_arguments_give_equal_bytes() -> None:
    answer = CASES["three_years"].estimate()
    assert book_bytes(answer) == book_bytes(answer)
    assert book_bytes(answer) != book_bytes(answer, note="別の備考")


def test_a_process_writes_its_second_book_as_its_first() -> None:
    books = [Book("予算要求書", MADE_ON, made_up=False).workbook for _ in range(2)]
    first, second = (vars(book.formats[0]) for book in books)
    assert {**first, "xf_format_indices": None} == {**second, "xf_format_indices": None}
    assert books[0].default_format_properties is not books[1].default_format_properties


def test_properties_are_fixed() -> None:
    properties = read(book_bytes(CASES["default"].estimate())).properties
    assert properties.creator == "乗合 Noriai"
    assert properties.title == "予算要求書 令和9年度(2027年度) 大阪版 デジタル人材シェアリング事業"
    assert properties.created.date() == MADE_ON


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t"])
def test_what_a_reader_typed_stays_text(begin: str) -> None:
    typed = f"{begin}HYPERLINK(1)"
    content = book_bytes(
        CASES["default"].estimate(), municipality=typed, department=typed, note=typed, link=typed
    )
    book = read(content, formulas=True)
    found = [
        cell
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value == typed
    ]
    assert len(found) == 4
    with zipfile.ZipFile(BytesIO(content)) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if "worksheets/" in name]
    assert not [xml for xml in sheets if "<f>HYPERLINK" in xml or "<f>=HYPERLINK" in xml]


def test_nothing_outside_the_book_is_referred_to() -> None:
    with zipfile.ZipFile(BytesIO(book_bytes(CASES["seven"].estimate()))) as parts:
        names = parts.namelist()
        relations = [parts.read(name).decode() for name in names if name.endswith(".rels")]
    assert not [name for name in names if re.search("vba|externalLink|connections", name)]
    assert not [text for text in relations if 'TargetMode="External"' in text]


def test_unknown_names_are_left_to_be_filled_in() -> None:
    front = read(book_bytes(CASES["default"].estimate(), municipality=None))["予算要求書"]
    for place in ("B3", "F3"):
        assert front[place].value is None
        assert front[place].fill.fgColor.rgb == "FFFFF3B8"


def test_every_premise_stands_with_basis_source_and_what_is_carried_over() -> None:
    answer = CASES["terms_change"].estimate()
    book = read(book_bytes(answer))
    text = "\n".join(
        str(value) for (sheet, _), value in cells(book).items() if sheet == "前提・出典"
    )
    for premise in answer.first.terms.premises:
        for part in (premise.label, premise.text, premise.basis_label, premise.note):
            assert part in text
    source = REFERENCE.sources["jirei"]
    for part in (source.title, source.publisher, "議会資料", LINK, "令和8年11月23日"):
        assert part in text
    assert "令和5年度の値を準用" in text
    assert "令和9年度の費用・補助条件は公表・登録されていないため、" in text
    assert "この試算は乗合(Noriai)で作成" in text


def test_crowded_months_are_warned_of() -> None:
    book = read(book_bytes(CASES["july"].estimate()))
    basis = book["積算基礎"]
    notes = {basis.cell(row, 1).value: basis.cell(row, 8).value for row in range(6, 13)}
    assert notes[6] == "月1回を超える月がある(残り9か月)"
    assert not notes[2]
    assert any("7月開始では" in str(value) for value in cells(book).values())


@pytest.mark.parametrize(
    ("municipality", "name"),
    [
        ("堺市", "予算要求書_デジタル人材シェアリング_令和9年度_堺市_20261123.xlsx"),
        (None, "予算要求書_デジタル人材シェアリング_令和9年度_20261123.xlsx"),
        ("../a:b", "予算要求書_デジタル人材シェアリング_令和9年度_ab_20261123.xlsx"),
    ],
)
def test_the_file_is_named_so_that_it_is_found_again(municipality: str | None, name: str) -> None:
    assert (
        budget_file_name(CASES["default"].estimate(), municipality, MADE_ON, made_up=False) == name
    )


@dataclass(frozen=True)
class Recalculated:
    """What LibreOffice makes of the books, and of the books after an input was changed."""

    untouched: Mapping[str, Path]
    changed: Mapping[str, Path]
    corrected: Path


def edited(name: str, folder: Path, edit: Callable[[Any], None], label: str) -> Path:
    """The book after somebody typed into it; openpyxl drops every stored result."""
    book = read(CASES[name].book(), formulas=True)
    edit(book)
    path = folder / f"{label}.xlsx"
    book.save(path)
    return path


def type_visits(one: Case) -> Callable[[Any], None]:
    def edit(book: Any) -> None:
        for plan, visits in one.change.items():
            book["積算基礎"].cell(FIRST_PLAN + one.numbers.index(plan), 4).value = visits

    return edit


def correct_terms(book: Any) -> None:
    """What an officer types once the 交付要綱 is out."""
    basis = book["積算基礎"]
    price = row_of(basis, "単価(")
    for offset, value in enumerate([98_765, 2, 3, 10, "切上げ", "プランごと", 500_000]):
        basis.cell(price + offset, 3).value = value


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory: pytest.TempPathFactory) -> Recalculated:
    folder = tmp_path_factory.mktemp("books")
    untouched = {}
    for name, one in CASES.items():
        untouched[name] = folder / f"{name}.xlsx"
        untouched[name].write_bytes(one.book())
    changed = {
        name: edited(name, folder, type_visits(one), f"{name}-changed")
        for name, one in CASES.items()
    }
    terms = edited("three_years", folder, correct_terms, "terms-corrected")
    made = convert([*untouched.values(), *changed.values(), terms], "xlsx", folder / "out")
    by_stem = {path.stem: path for path in made}
    return Recalculated(
        {name: by_stem[name] for name in CASES},
        {name: by_stem[f"{name}-changed"] for name in CASES},
        by_stem["terms-corrected"],
    )


@pytest.mark.office
@pytest.mark.parametrize("name", CASES)
def test_every_stored_result_is_what_libreoffice_calculates(
    name: str, recalculated: Recalculated
) -> None:
    stored = cells(read(CASES[name].book()))
    assert cells(read(recalculated.untouched[name])) == stored


@pytest.mark.office
@pytest.mark.parametrize("name", CASES)
def test_a_visit_count_typed_in_changes_the_whole_book(
    name: str, recalculated: Recalculated
) -> None:
    one = CASES[name]
    answer = one.changed()
    assert answer != one.estimate()
    book = read(recalculated.changed[name])
    assert figures(book, one.numbers) == expected(answer)
    assert not [v for v in cells(book).values() if str(v).startswith("#")]


@pytest.mark.office
def test_corrected_terms_change_the_whole_book(recalculated: Recalculated) -> None:
    one = CASES["three_years"]
    request = replace(
        one.request,
        unit_price=98_765,
        rate=Fraction(2, 3),
        rounding_unit=10,
        rounding_direction=Direction.UP,
        rounding_scope=RoundingScope.PLAN,
    )
    answer = estimate(request, REFERENCE.plan_offers, capped(500_000))
    assert figures(read(recalculated.corrected)) == expected(answer)


def test_a_book_of_a_year_stays_the_same_when_a_later_one_is_opened() -> None:
    one = CASES["contribution"]
    opened = replace(one, reference=OPENED)
    assert opened.estimate() == one.estimate()
    assert opened.book() == one.book()


def test_the_cases_are_asymmetric() -> None:
    first = [c.estimate().first for c in CASES.values()]
    amounts = {(year.gross, year.subsidy, year.net) for year in first}
    assert len(amounts) > len(CASES) * 2 // 3
