"""Sheet 実質負担(要確認) of boarding late: what is borrowed, repaid and given back, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.estimate.real_burden import BondBurden, assumptions, spread
from core.exports.boarding.basis import Basis
from core.exports.book import Page
from core.exports.budget.real_burden import (
    UNKNOWN,
    Amount,
    Asked,
    amount_of,
    write_amount,
    write_asked,
    write_grounds,
    write_rate,
    write_real,
    write_steps_head,
)
from core.exports.live import Live, quoted
from core.params import Value
from core.reference.sources import Source
from core.values.fiscal import FiscalYear

_UNSAID = quoted(UNKNOWN)


def write_real_burden(
    page: Page,
    found: BondBurden,
    basis: Basis,
    sources: Mapping[str, Source],
    title: str,
    *,
    subsidised: bool,
) -> str:
    """Write the sheet; returns its last cell."""
    asked = write_asked(page, found, title)
    row = asked.next_row
    values = found.values
    rate = write_rate(page, row, "起債の充当率", values["national.bond_rate"])
    share = write_rate(page, row + 2, "償還の交付税算入率", values["national.bond_return_rate"])
    last = _write_whole(
        page,
        row + 4,
        "起債できる最後の年度(西暦)",
        values["national.bond_last_year"],
        "空欄は不明で、計算しない",
    )
    _write_whole(
        page,
        row + 5,
        "償還年限(年)",
        values["national.bond_term"],
        "年度別の表の行数を決める。変える場合は試算を再現するリンクから作り直す",
        fixed=True,
    )
    row = write_steps_head(page, row + 7)
    costs = [year.joint for year in basis.years]
    net = write_amount(
        page,
        row,
        "一般財源(契約期間の計)",
        Live("+".join(each.formula for each in costs), sum(each.value for each in costs)),
        "シート「積算基礎」の額。変わらない",
    )
    others = write_amount(page, row + 1, "他の補助金 計", asked.others, "上に入力した額の計")
    once = basis.prices.joint.once
    base = write_amount(
        page,
        row + 2,
        "起債の対象",
        Live(f"MAX(0,{once.formula}-{others.formula})", max(0, once.value - others.value)),
        "導入経費(初期費用と後乗りの追加費用) − 他の補助金",
    )
    bond = write_amount(
        page,
        row + 3,
        "起債",
        _bond(found, base, rate, last),
        "起債の対象 × 充当率、1円未満切捨て(仮定)。最後の年度を過ぎると0円",
    )
    returned = write_amount(
        page,
        row + 4,
        "交付税で戻る額",
        _returned(found, asked, bond, share),
        "起債 × 交付税算入率、1円未満切捨て(仮定)。値がわからないときは不明",
    )
    write_real(page, row + 5, found, net, others, returned)
    row = _write_years(page, row + 7, found, costs, (others, bond, returned))
    page.sheet.set_h_pagebreaks([row - 1])
    return write_grounds(page, row, found, sources, assumptions(found, subsidised=subsidised))


def _write_whole(
    page: Page, row: int, label: str, value: Value, note: str, *, fixed: bool = False
) -> str:
    """Write a whole number that is no amount; ``fixed`` when the sheet's rows depend on it."""
    page.text(f"A{row}", label, "label")
    look = ("cell", "center") if fixed else ("cell", "premise", "center")
    if isinstance(value, int):
        page.number(f"B{row}", value, *look)
    else:
        page.blank(f"B{row}", *look)
    if not fixed:
        page.accept(f"B{row}", ">=", "西暦の年度を整数で入力してください。", value=2021)
    page.text(f"C{row}:{page.last}{row}", note, "cell")
    return page.ref(f"B{row}")


def _bond(found: BondBurden, base: Live[int], rate: tuple[str, str], last: str) -> Amount:
    top, bottom = rate
    product = f"ROUNDDOWN({base.formula}*{top}/{bottom},0)"
    within = f"IF(ISNUMBER({top})*ISNUMBER({bottom}),{product},{_UNSAID})"
    past = f"IF({last}<{int(found.first_year)},0,{within})"
    formula = f"IF({base.formula}=0,0,IF(ISNUMBER({last}),{past},{_UNSAID}))"
    return amount_of(formula, found.bond)


def _returned(found: BondBurden, asked: Asked, bond: Amount, share: tuple[str, str]) -> Amount:
    top, bottom = share
    given = asked.gives(
        f"ISNUMBER({top})*ISNUMBER({bottom})", f"ROUNDDOWN({bond.formula}*{top}/{bottom},0)"
    )
    known = f"IF({bond.formula}=0,0,{given})"
    return amount_of(f"IF(ISNUMBER({bond.formula}),{known},{_UNSAID})", found.returned)


def _write_years(
    page: Page,
    row: int,
    found: BondBurden,
    costs: Sequence[Live[int]],
    sums: tuple[Live[int], Amount, Amount],
) -> int:
    """Write a row for every year that pays or repays; returns the next free row.

    Args:
        costs: 一般財源 of each year of the contract.
        sums: Other subsidies, 起債 and 交付税で戻る額.
    """
    others, bond, returned = sums
    page.section(f"A{row}:{page.last}{row}", "年度別(いつ借り、返し、戻るか)")
    term = found.values["national.bond_term"]
    if not isinstance(term, int):
        page.text(
            f"A{row + 1}:{page.last}{row + 1}",
            "償還年限が不明のため、年度別の額は出さない。",
            "note",
        )
        return row + 3
    heads = ("年度", "一般財源\n(円)", "他の補助金\n(円)", "起債\n(円)", "償還\n(円)")
    page.row(row + 1, *heads, "交付税で\n戻る額(円)", "実質負担\n(円)", looks=("head",))
    page.height(row + 1, lines=2)
    first, below = row + 2, row + 2
    count = max(len(costs), term + 1)
    for place in range(count):
        below = first + place
        page.text(f"A{below}", FiscalYear(found.first_year + place).full_label, "label")
        cost = costs[place] if place < len(costs) else Live("0", 0)
        page.amount(f"B{below}", cost)
        page.amount(f"C{below}", others if place == 0 else Live("0", 0))
        page.amount(f"D{below}", bond if place == 0 else Live("0", 0))
        page.amount(f"E{below}", _part(bond, found.bond, place, term))
        page.amount(f"F{below}", _part(returned, found.returned, place, term))
        known = f"ISNUMBER({bond.formula})*ISNUMBER({returned.formula})"
        left = f"B{below}-C{below}-D{below}+E{below}-F{below}"
        value = _year_value(found, cost.value, place, term)
        page.live(f"G{below}", amount_of(f"IF({known},{left},{_UNSAID})", value), "cell", "change")
    below += 1
    page.text(f"A{below}", "計", "label", "center", "sum")
    whole = {
        "B": int(found.net),
        "C": int(found.others),
        "D": found.bond,
        "E": found.bond,
        "F": found.returned,
        "G": None if found.bond is None else found.amount,
    }
    for column, value in whole.items():
        cells = f"{column}{first}:{column}{below - 1}"
        added = f"IF(COUNTIF({cells},{_UNSAID})>0,{_UNSAID},SUM({cells}))"
        look = "change" if column == "G" else "number"
        page.live(f"{column}{below}", amount_of(added, value), "cell", look, "sum")
    note = (
        "年度の実質負担 = 一般財源 − 他の補助金 − 起債 + 償還 − 交付税で戻る額。"
        "利子は含まない(仮定)。"
    )
    page.text(f"A{below + 1}:{page.last}{below + 1}", note, "note")
    return below + 3


def _part(whole: Amount, known: int | None, place: int, term: int) -> Amount:
    """One year's equal part: the earlier years one yen more (core.estimate.real_burden.spread)."""
    if not 1 <= place <= term:
        return Live("0", 0)
    rest = f"IF(MOD({whole.formula},{term})>={place},1,0)"
    formula = f"IF(ISNUMBER({whole.formula}),INT({whole.formula}/{term})+{rest},{_UNSAID})"
    return amount_of(formula, None if known is None else spread(known, term)[place - 1])


def _year_value(found: BondBurden, cost: int, place: int, term: int) -> int | None:
    if found.bond is None or found.returned is None:
        return None
    if place == 0:
        return cost - found.others - found.bond
    parts = (spread(int(sum_), term) for sum_ in (found.bond, found.returned))
    repaid, back = (part[place - 1] if place <= term else 0 for part in parts)
    return cost + repaid - back
