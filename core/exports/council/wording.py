"""What page and workbook say alike: the name of a file, amounts, rows of the table of money."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from core.exports.file import file_name
from core.figures.year.money import Money
from core.figures.year.told import Told
from core.figures.year.year import OurYear
from core.reference.pack import Reference
from core.support.wish import WishState
from core.values.figure import Status
from core.values.fiscal import FiscalYear
from core.values.money import Yen
from core.values.municipality import Municipality

TITLE = "デジタル化の支援と共同調達の実績"
PURPOSE = "議会・決算説明用"
UNRECORDED = "記録なし"


def council_file_name(
    town: Municipality, year: FiscalYear, made_on: date, suffix: str, *, made_up: bool
) -> str:
    """271403_堺市_議会・決算説明用_R5_20240520.pdf: sorts by the code.

    Args:
        suffix: With its dot.
    """
    return file_name(
        town.lg_code, town.name, PURPOSE, year.short, f"{made_on:%Y%m%d}",
        suffix=suffix, made_up=made_up,
    )  # fmt: skip


def amount_text(amount: Yen | None) -> str:
    """Yen without the unit, or that nothing is recorded."""
    return UNRECORDED if amount is None else f"{int(amount):,}".replace("-", "△")


def burden_text(money: Money) -> str:
    """What was borne, else what is foreseen, said as such."""
    if money.burden is None and money.foreseen is not None:
        return f"{amount_text(money.foreseen)}(見込み)"
    return amount_text(money.burden)


def status_text(told: Told) -> str:
    """実績 or what it is instead; of an unknown figure nothing."""
    if told.figure.value is None:
        return "不明"
    return "見込み" if told.figure.status is Status.PLANNED else told.figure.status.label


def money_columns(year: OurYear, subsidy: str) -> tuple[str, ...]:
    """Headings beside the name of the plan."""
    granted = (f"{subsidy}決定", f"{subsidy}確定") if year.money.subsidised else ()
    return ("予算(試算)", "契約額", "支払額", *granted, "団体の負担")


def money_basis(year: OurYear) -> str:
    """What the columns of the table of money are."""
    words = "予算は参加希望の試算の歳出。支払は契約の支払として記録された額。"
    if not year.money.subsidised:
        return f"{words}負担は支払の額で、(見込み)は契約額。"
    return (
        f"{words}負担は支払から補助金の確定額を引いた額で、(見込み)は契約額から決定額を引いた額。"
    )


def amounts(money: Money) -> tuple[Yen | None, ...]:
    """In the order of :func:`money_columns`, without the last."""
    granted = (money.decided, money.final) if money.subsidised else ()
    return (money.budget, money.contracted, money.paid, *granted)


def plan_rows(year: OurYear, reference: Reference) -> Iterator[tuple[str, str, Money]]:
    """Name of a plan, how far it came, its money; more than one plan is followed by all together."""
    for each in year.plans:
        title = reference.plan_title(each.plan, year.fiscal_year)
        yield (
            title,
            _how_far(each.wish.state if each.wish else None, each.held, each.agreed),
            each.money,
        )
    if len(year.plans) > 1:
        known = [each for each in year.plans if each.held is not None]
        held = sum(each.held or 0 for each in known) if known else None
        yield "合計", _how_far(None, held, sum(each.agreed or 0 for each in known)), year.money


def _how_far(wished: WishState | None, held: int | None, agreed: int | None) -> str:
    if held is not None:
        return f"{held}/{agreed}回"
    return wished.label if wished else ""


def source_line(reference: Reference) -> str:
    """Where the figures come from."""
    cases = "補助金の手続、" if reference.pays_subsidies else ""
    return (
        f"出典: {reference.names.towns}と{reference.names.secretariat}が乗合に記録した内容"
        f"(参加希望、契約、支援回、支払、{cases}見積・契約額、参加台帳、研修、相談)。"
    )
