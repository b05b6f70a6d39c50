"""実質負担(要確認) in the workbooks: a sheet of its own that agrees with the screen and is read by none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from core.boarding.cost import BoardingCost, boarding_cost
from core.boarding.request import BoardingRequest
from core.estimate.calculation import estimate
from core.estimate.real_burden import (
    NAME,
    Allocation,
    BondBurden,
    OtherSubsidy,
    RealBurden,
    RealRequest,
    bond_burden,
    special_burden,
)
from core.estimate.request import EstimateRequest, PlanChoice
from core.exports.boarding import boarding_workbook
from core.exports.budget import budget_workbook
from core.params import NO_CAP, Basis, Parameter, Value
from tests.support.office import convert
from tests.support.reference import REFERENCE

MADE: dict[str, Any] = {
    "municipality": "堺市",
    "made_on": date(2026, 11, 26),
    "link": "https://noriai.example/plans?fy=2027&real=1",
    "made_up": False,
}
PROCUREMENTS = REFERENCE.procurements
CHAT = PROCUREMENTS.programme("chat")
ESTIMATE = estimate(
    EstimateRequest(2027, (PlanChoice(6, 12), PlanChoice(4, 11))),
    REFERENCE.plan_offers,
    REFERENCE.parameters,
)
GRANT = (OtherSubsidy("=1+1デジ交", 111_111), OtherSubsidy("県の補助", 7))
RECEIVES, NONE, UNSAID = Allocation.RECEIVES, Allocation.NONE, Allocation.UNKNOWN
UNKNOWN = "不明"


def known(**values: Value) -> list[Parameter]:
    since = date(2027, 4, 1)
    return [
        *REFERENCE.parameters,
        *(Parameter(f"national.{n}", v, since, Basis.OFFICIAL, "通知") for n, v in values.items()),
    ]


def plans_burden(asked: RealRequest, **values: Value) -> RealBurden:
    return special_burden(ESTIMATE.first.net, asked, known(**values), date(2027, 4, 1))


def plans_book(found: RealBurden | None) -> bytes:
    return budget_workbook(ESTIMATE, reference=REFERENCE, real=found, **MADE)


def cost_of(initial: int = 1_111_111, months: int = 26) -> BoardingCost:
    request = BoardingRequest(date(2027, 10, 1), initial, 98_765, months, joining_fee=54_321)
    return boarding_cost(request, PROCUREMENTS.scale_merit.rate)


def boarding_burden(asked: RealRequest, initial: int = 1_111_111, **values: Value) -> BondBurden:
    cost = cost_of(initial)
    costs = {year.fiscal_year: year.joint for year in cost.years}
    start = cost.request.start
    return bond_burden(costs, cost.joint.once, asked, known(**values), start)


def boarding_book(found: BondBurden | None) -> bytes:
    return boarding_workbook(
        cost_of(),
        procurement=CHAT,
        merit=PROCUREMENTS.scale_merit,
        reference=REFERENCE,
        real=found,
        **MADE,
    )


@dataclass(frozen=True)
class Case:
    """A book, and what somebody types into it; ``then`` is what it must say afterwards.

    Attributes:
        typed: Value by the label in column A beside which it is typed; of rates 分子 and 分母.
    """

    book: Callable[[], bytes]
    found: RealBurden
    typed: Mapping[str, Any]
    then: RealBurden


RATE = {"special_rate": Fraction(7, 10), "special_cap": 1_000_000}
CASES = {
    "plans_unknown": Case(
        lambda: plans_book(plans_burden(RealRequest(UNSAID))),
        plans_burden(RealRequest(UNSAID)),
        {
            "普通交付税の交付": "交付団体",
            "特別交付税の措置率の分子": 7,
            "特別交付税の措置率の分母": 10,
            "対象経費の上限額(円)": 1_000_000,
        },
        plans_burden(RealRequest(RECEIVES), **RATE),
    ),
    "plans_capped": Case(
        lambda: plans_book(plans_burden(RealRequest(RECEIVES, GRANT), **RATE)),
        plans_burden(RealRequest(RECEIVES, GRANT), **RATE),
        {"普通交付税の交付": "不交付団体"},
        plans_burden(RealRequest(NONE, GRANT), **RATE),
    ),
    "plans_none": Case(
        lambda: plans_book(plans_burden(RealRequest(NONE, GRANT))),
        plans_burden(RealRequest(NONE, GRANT)),
        {"普通交付税の交付": "交付団体"},
        plans_burden(RealRequest(RECEIVES, GRANT)),
    ),
    "plans_fraction": Case(
        lambda: plans_book(
            plans_burden(
                RealRequest(RECEIVES, GRANT[1:]), special_rate=Fraction(1, 3), special_cap=NO_CAP
            )
        ),
        plans_burden(
            RealRequest(RECEIVES, GRANT[1:]), special_rate=Fraction(1, 3), special_cap=NO_CAP
        ),
        {"対象経費の上限額(円)": None},
        plans_burden(RealRequest(RECEIVES, GRANT[1:]), special_rate=Fraction(1, 3)),
    ),
    "boarding": Case(
        lambda: boarding_book(boarding_burden(RealRequest(RECEIVES, GRANT))),
        boarding_burden(RealRequest(RECEIVES, GRANT)),
        {"起債の充当率の分子": 3, "起債の充当率の分母": 7},
        boarding_burden(RealRequest(RECEIVES, GRANT), bond_rate=Fraction(3, 7)),
    ),
    "boarding_unsaid": Case(
        lambda: boarding_book(boarding_burden(RealRequest(UNSAID))),
        boarding_burden(RealRequest(UNSAID)),
        {"普通交付税の交付": "不交付団体"},
        boarding_burden(RealRequest(NONE)),
    ),
    "boarding_unknown": Case(
        lambda: boarding_book(boarding_burden(RealRequest(RECEIVES), bond_last_year=None)),
        boarding_burden(RealRequest(RECEIVES), bond_last_year=None),
        {"起債できる最後の年度(西暦)": 2026},
        boarding_burden(RealRequest(RECEIVES), bond_last_year=2026),
    ),
    "boarding_long": Case(
        lambda: boarding_book(boarding_burden(RealRequest(RECEIVES), bond_term=11)),
        boarding_burden(RealRequest(RECEIVES), bond_term=11),
        {"償還の交付税算入率の分子": None},
        boarding_burden(RealRequest(RECEIVES), bond_term=11, bond_return_rate=None),
    ),
    "boarding_termless": Case(
        lambda: boarding_book(boarding_burden(RealRequest(RECEIVES), bond_term=None)),
        boarding_burden(RealRequest(RECEIVES), bond_term=None),
        {"償還の交付税算入率の分子": 0},
        boarding_burden(RealRequest(RECEIVES), bond_term=None, bond_return_rate=Fraction(0)),
    ),
    "boarding_dearer": Case(
        lambda: boarding_book(boarding_burden(RealRequest(RECEIVES))),
        boarding_burden(RealRequest(RECEIVES)),
        {"標準価格の初期費用(円)": 2_222_225},
        boarding_burden(RealRequest(RECEIVES), initial=2_222_225),
    ),
}


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


def rows_of(sheet: Any, label: str) -> list[int]:
    return [r for r in range(1, sheet.max_row + 1) if sheet.cell(r, 1).value == label]


def beside(sheet: Any, label: str, column: int = 2) -> Any:
    """The cell to the right of the last one in column A that says this; the first is the title."""
    return sheet.cell(rows_of(sheet, label)[-1], column)


def says(value: int | None) -> int | str:
    return UNKNOWN if value is None else int(value)


def agrees(sheet: Any, found: RealBurden) -> None:
    """The sheet shows what the rule, and so the screen, says."""
    assert beside(sheet, "実質負担(要確認)").value == says(found.amount)
    assert beside(sheet, "他の補助金 計").value == found.others
    if not isinstance(found, BondBurden):
        assert beside(sheet, "特別交付税").value == says(found.returned)
        return
    assert beside(sheet, "起債").value == says(found.bond)
    assert beside(sheet, "交付税で戻る額").value == says(found.returned)
    for year in found.years:
        row = [beside(sheet, year.fiscal_year.full_label, c).value for c in range(2, 8)]
        assert row == [
            *(year.cost, year.others, year.bond, year.repaid, year.returned),
            year.amount,
        ]
    if found.years:
        whole = [beside(sheet, "計", column).value for column in range(2, 8)]
        bond = found.bond
        assert whole == [found.net, found.others, bond, bond, found.returned, found.amount]


@pytest.mark.parametrize("name", CASES)
def test_the_sheet_shows_what_the_screen_says(name: str) -> None:
    book = read(CASES[name].book())
    assert book.sheetnames[-1] == NAME
    agrees(book[NAME], CASES[name].found)
    text = " ".join(str(value) for value in cells(book).values())
    assert "要確認。この表は仮定による参考の額" in text
    assert "予算要求の額(歳出・歳入・一般財源)ではない" in text


@pytest.mark.parametrize(
    ("off", "on"),
    [
        (lambda: plans_book(None), lambda: plans_book(CASES["plans_capped"].found)),
        (
            lambda: boarding_book(None),
            lambda: boarding_book(boarding_burden(RealRequest(RECEIVES, GRANT))),
        ),
    ],
    ids=["plans", "boarding"],
)
def test_switched_off_there_is_no_sheet_and_switched_on_no_other_sheet_changes(
    off: Callable[[], bytes], on: Callable[[], bytes]
) -> None:
    plain, layered = (read(made(), formulas=True) for made in (off, on))
    assert layered.sheetnames == [*plain.sheetnames, NAME]
    above = {place: value for place, value in cells(layered).items() if place[0] != NAME}
    assert above == cells(plain)
    assert not [value for value in above.values() if NAME in str(value)]


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """What LibreOffice makes of the books, and of the books after somebody typed into them."""
    folder = tmp_path_factory.mktemp("real")
    paths = []
    for name, one in CASES.items():
        paths.append(folder / f"{name}.xlsx")
        paths[-1].write_bytes(one.book())
        book = read(one.book(), formulas=True)
        for label, value in one.typed.items():
            sheet = book["積算基礎"] if label.startswith("標準価格") else book[NAME]
            sheet.cell(rows_of(sheet, label)[0], 2).value = value
        paths.append(folder / f"{name}-typed.xlsx")
        book.save(paths[-1])
    return {path.stem: path for path in convert(paths, "xlsx", folder / "out")}


@pytest.mark.office
@pytest.mark.parametrize("name", CASES)
def test_every_stored_result_is_what_libreoffice_calculates(
    name: str, recalculated: dict[str, Path]
) -> None:
    assert cells(read(recalculated[name])) == cells(read(CASES[name].book()))


@pytest.mark.office
@pytest.mark.parametrize("name", CASES)
def test_what_is_typed_into_the_sheet_is_computed_by_the_same_rule(
    name: str, recalculated: dict[str, Path]
) -> None:
    one = CASES[name]
    assert one.then != one.found
    agrees(read(recalculated[f"{name}-typed"])[NAME], one.then)
