"""Sheet 実質負担(要確認): the layer under 一般財源, on a sheet of its own, live from its inputs on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.estimate.real_burden import (
    MOST_OTHERS,
    NAME,
    Allocation,
    OtherSubsidy,
    RealBurden,
    assumptions,
)
from core.exports.book import Page
from core.exports.budget.premises import source_text
from core.exports.live import Live, minus, quoted, total, words, yen
from core.params import NO_CAP, Value
from core.reference.sources import Source

WIDTHS = (44, 20, 18, 18, 18, 18, 18, 18)
UNKNOWN = "不明"
_FIRST = 8
"""Row of 普通交付税の交付."""

Amount = Live[int] | Live[str]
"""A cell that holds yen, or says 不明."""


@dataclass(frozen=True)
class Asked:
    """Where what the reader entered stands.

    Attributes:
        allocation: Reference to 普通交付税の交付, a label of :class:`Allocation`.
        others: Other subsidies, all together.
        next_row: First row that is free.
    """

    allocation: str
    others: Live[int]
    next_row: int

    def gives(self, known: str, product: str) -> str:
        """What 交付税 gives: nothing to 不交付団体, 不明 to who did not say or where a value is missing.

        Args:
            known: Condition under which ``product`` can be computed.
        """
        none, receives = quoted(Allocation.NONE.label), quoted(Allocation.RECEIVES.label)
        computed = f"IF({self.allocation}={receives},IF({known},{product},{_UNSAID}),{_UNSAID})"
        return f"IF({self.allocation}={none},0,{computed})"


_UNSAID = quoted(UNKNOWN)


def write_real_burden(
    page: Page,
    found: RealBurden,
    net: Live[int],
    sources: Mapping[str, Source],
    title: str,
    *,
    subsidised: bool,
) -> str:
    """Write the sheet of support plans; returns its last cell.

    Args:
        net: 一般財源 of the year of the budget request.
    """
    asked = write_asked(page, found, title)
    row = asked.next_row
    top, bottom = write_rate(page, row, "特別交付税の措置率", found.values["national.special_rate"])
    cap = _write_cap(page, row + 2, found.values["national.special_cap"])
    row = write_steps_head(page, row + 4)
    net = write_amount(
        page, row, "一般財源(予算要求の年度)", net, "シート「積算基礎」の額。変わらない"
    )
    others = write_amount(page, row + 1, "他の補助金 計", asked.others, "上に入力した額の計")
    left = minus(net, others)
    eligible = write_amount(
        page,
        row + 2,
        "措置の対象",
        Live(
            f"IF(ISNUMBER({cap}),MIN({left.formula},{cap}),{left.formula})",
            min(left.value, _number(found.values["national.special_cap"], left.value)),
        ),
        "一般財源 − 他の補助金。上限額を超えない",
    )
    known = f"ISNUMBER({top})*ISNUMBER({bottom})*ISNUMBER({cap})"
    returned = write_amount(
        page,
        row + 3,
        "特別交付税",
        amount_of(
            asked.gives(known, f"ROUNDDOWN({eligible.formula}*{top}/{bottom},0)"), found.returned
        ),
        "措置の対象 × 措置率、1円未満切捨て(仮定)。値がわからないときは不明",
    )
    write_real(page, row + 4, found, net, others, returned)
    return write_grounds(page, row + 6, found, sources, assumptions(found, subsidised=subsidised))


def amount_of(formula: str, value: int | None) -> Amount:
    """A formula of yen; None for 不明."""
    return Live(formula, UNKNOWN) if value is None else Live(formula, int(value))


def write_asked(page: Page, found: RealBurden, title: str) -> Asked:
    """Write the headings and what the reader entered."""
    page.headed(NAME, title)
    page.legend(
        "選び直し、書き換えると、この表の額が変わる。", "確かめた値に書き換えられる。空欄は不明。"
    )
    warning = (
        "要確認。この表は仮定による参考の額で、予算要求の額(歳出・歳入・一般財源)ではない。"
        "ほかのシートはこの表を使わない。"
    )
    page.text(f"A4:{page.last}4", warning, "warning")
    page.height(4, (f"A:{page.last}", warning))
    page.height(5, lines=0)
    page.section(f"A6:{page.last}6", "前提")
    page.row(7, "項目", "値", looks=("head",))
    page.text(f"C7:{page.last}7", "備考", "head")
    page.text(f"A{_FIRST}", "普通交付税の交付", "label")
    allocation = found.asked.allocation.label
    page.text(f"B{_FIRST}", allocation, "cell", "input", "center", "bold")
    page.accept(
        f"B{_FIRST}", "list", "一覧から選んでください。", source=[each.label for each in Allocation]
    )
    _note(page, _FIRST, "一覧から選ぶ。財政課に確かめる。「わからない」のままでは計算しない")
    rows = range(_FIRST + 1, _FIRST + 1 + MOST_OTHERS)
    amounts = []
    for index, row in enumerate(rows):
        given = found.asked.others[index] if index < len(found.asked.others) else None
        amounts.append(_write_other(page, row, index + 1, given))
    page.accept(f"B{rows[0]}:B{rows[-1]}", ">=", "0以上の整数(円)で入力してください。", value=0)
    cells = f"{page.ref(f'B{rows[0]}')}:{page.ref(f'B{rows[-1]}')}"
    return Asked(page.ref(f"B{_FIRST}"), total(cells, amounts), rows[-1] + 1)


def _write_other(page: Page, row: int, number: int, given: OtherSubsidy | None) -> int:
    look = ("cell", "input", "typed")
    page.text(f"A{row}", given.name if given else f"他の補助金{number}", *look)
    amount = given.amount if given else 0
    page.number(f"B{row}", amount, "cell", "input", "number", "bold")
    _note(page, row, "名前と、初年度に受ける額(円)。ほかのシートにある補助金は除く")
    page.height(row, ("A", given.name if given else ""))
    return amount


def write_rate(page: Page, row: int, label: str, rate: Value) -> tuple[str, str]:
    """Write a rate as two cells, both empty while it is unknown; returns where they stand."""
    known = Fraction(rate) if isinstance(rate, int | Fraction) else None
    parts = (None, None) if known is None else (known.numerator, known.denominator)
    for below, part, name in zip((row, row + 1), parts, ("分子", "分母"), strict=True):
        page.text(f"A{below}", f"{label}の{name}", "label")
        write_value(page, f"B{below}", part)
        _note(page, below, "出典は下の表。空欄は不明で、計算しない" if name == "分子" else "")
    page.accept(f"B{row}", ">=", "0以上の整数を入力してください。", value=0)
    page.accept(f"B{row + 1}", ">=", "1以上の整数を入力してください。", value=1)
    return page.ref(f"B{row}"), page.ref(f"B{row + 1}")


def write_value(page: Page, place: str, value: int | None) -> None:
    """Write a premise, or leave its cell empty."""
    look = ("cell", "premise", "number")
    if value is None:
        page.blank(place, *look)
    else:
        page.number(place, value, *look)


def _write_cap(page: Page, row: int, cap: Value) -> str:
    page.text(f"A{row}", "対象経費の上限額(円)", "label")
    write_value(page, f"B{row}", cap if isinstance(cap, int) else None)
    _note(page, row, f"空欄は不明で、計算しない。上限がないと確かめたときは{NO_CAP:,}")
    page.accept(f"B{row}", ">=", "0以上の整数(円)で入力してください。", value=0)
    return page.ref(f"B{row}")


def write_steps_head(page: Page, row: int) -> int:
    """Write the heading of the working; returns the row of its first step."""
    page.section(f"A{row}:{page.last}{row}", "計算")
    page.row(row + 1, "手順", "金額(円)", looks=("head",))
    page.text(f"C{row + 1}:{page.last}{row + 1}", "計算のしかた", "head")
    return row + 2


def write_amount(page: Page, row: int, label: str, amount: Amount, how: str) -> Live:  # type: ignore[type-arg]
    """Write one step; returns the reference to its amount."""
    page.text(f"A{row}", label, "label")
    cell = page.live(f"B{row}", amount, "cell", "number")
    _note(page, row, how)
    return cell


def write_real(
    page: Page,
    row: int,
    found: RealBurden,
    net: Live[int],
    others: Live[int],
    returned: Amount,
) -> None:
    """Write 実質負担 on ``row``, and on the next why it is not known."""
    page.text(f"A{row}", "実質負担(要確認)", "label", "sum")
    formula = (
        f"IF(ISNUMBER({returned.formula}),"
        f"{net.formula}-{others.formula}-{returned.formula},{_UNSAID})"
    )
    cell = page.live(f"B{row}", amount_of(formula, found.amount), "cell", "number", "bold", "sum")
    amount = 0 if found.amount is None else int(found.amount)
    known = words(
        yen(net),
        " − ",
        yen(others),
        " − ",
        yen(Live(returned.formula, int(found.returned or 0))),
        " = ",
        yen(Live(cell.formula, amount)),
    )
    why = "".join(found.unknown) or "上の値に空欄があるか、交付団体か不交付団体かが選ばれていない"
    said = known.value if found.amount is not None else why
    page.live(
        f"C{row}:{page.last}{row}",
        Live(f"IF(ISNUMBER({cell.formula}),{known.formula},{quoted(why)})", said),
        "cell",
        "sum",
    )
    page.height(row, (f"C:{page.last}", why if found.amount is None else said))


def _note(page: Page, row: int, text: str) -> None:
    page.text(f"C{row}:{page.last}{row}", text, "cell")


def _number(value: Value, otherwise: int) -> int:
    return value if isinstance(value, int) else otherwise


def write_grounds(
    page: Page,
    row: int,
    found: RealBurden,
    sources: Mapping[str, Source],
    assumptions: Sequence[str],
) -> str:
    """Write what the values rest on and what is taken for granted; returns the last cell."""
    page.section(f"A{row}:{page.last}{row}", "前提と出典(作成時の値。上を書き換えても変わらない)")
    page.row(row + 1, "項目", "値", "根拠区分", looks=("head",))
    page.text(f"D{row + 1}:E{row + 1}", "出典", "head")
    page.text(f"F{row + 1}:{page.last}{row + 1}", "備考", "head")
    row += 2
    for premise in found.premises:
        source = source_text(premise.source, sources)
        carried = f"{premise.carried_from.label}の値を準用。" if premise.carried_from else ""
        note = f"{carried}{premise.note}"
        page.text(f"A{row}", premise.label, "label")
        page.text(f"B{row}", premise.text, "cell", "typed")
        page.text(f"C{row}", premise.basis_label, "cell")
        page.text(f"D{row}:E{row}", source, "cell", "typed")
        page.text(f"F{row}:{page.last}{row}", note, "cell", "typed")
        page.height(
            row,
            ("A", premise.label),
            ("B", premise.text),
            ("D:E", source),
            (f"F:{page.last}", note),
        )
        row += 1
    page.section(f"A{row + 1}:{page.last}{row + 1}", "計算上の仮定")
    for below, text in enumerate(assumptions, row + 2):
        page.text(f"A{below}:{page.last}{below}", text, "cell")
        page.height(below, (f"A:{page.last}", text))
    return f"{page.last}{row + 1 + len(assumptions)}"
