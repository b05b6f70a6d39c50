"""The quotation and the premises as cells, and the prices that follow from them."""

from __future__ import annotations

from dataclasses import dataclass

from core.boarding.cost import BoardingCost
from core.boarding.request import MeritScope, Present
from core.boarding.wording import month_text
from core.exports.book import Page
from core.exports.live import Live, exact_yen, minus, quoted, total, words, yen

_APPLIES, _SPARED = "する", "しない"
_INITIAL, _MONTHLY, _FEE, _TOP, _BOTTOM, _ON_INITIAL, _ON_MONTHLY, _COUNTED, _MONTHS = (
    f"B{row}" for row in range(7, 16)
)
_PRICES = 19
"""Row of the heads of 価格."""


@dataclass(frozen=True)
class Way:
    """What one way to procure costs, yen: once, a month, and over the contract."""

    once: Live[int]
    monthly: Live[int]
    total: Live[int]

    def over(self, months: int | str, value: int) -> Live[int]:
        """What so many months of use cost from the first on.

        Args:
            months: How many, or the cell that says it.
            value: What the comparison says.
        """
        return Live(f"{self.once.formula}+{self.monthly.formula}*{months}", value)


@dataclass(frozen=True)
class Prices:
    """What each way costs, and 契約月数."""

    alone: Way
    joint: Way
    months: Live[int]


def write_quotation(page: Page, cost: BoardingCost) -> None:
    """Write the input cells; rows 5 to 15."""
    request = cost.request
    page.section("A5:H5", "見積額と前提")
    page.row(6, "項目", "値", looks=("head",))
    page.text("C6:H6", "備考", "head")
    applied = request.merit_scope
    lines: tuple[tuple[str, int | str, str, str], ...] = (
        ("標準価格の初期費用(円)", request.initial, "input", "見積書の額(税込)"),
        ("標準価格の月額(円/月)", request.monthly, "input", "見積書の額(税込)"),
        ("後乗りの追加費用(円)", request.joining_fee, "input", "参加時に一度だけかかる額(税込)"),
        (
            "スケールメリット(分子)",
            cost.merit.numerator,
            "premise",
            "標準価格から下がる割合。公表は「標準価格から3割程度」",
        ),
        (
            "スケールメリット(分母)",
            cost.merit.denominator,
            "premise",
            "1つのシステムへの適用は仮定",
        ),
        (
            "初期費用への適用",
            _SPARED if applied is MeritScope.MONTHLY else _APPLIES,
            "premise",
            "「する」か「しない」",
        ),
        (
            "月額への適用",
            _SPARED if applied is MeritScope.INITIAL else _APPLIES,
            "premise",
            "「する」か「しない」",
        ),
        (
            "単独調達への初期費用の計上",
            _SPARED if request.present is Present.ALONE else _APPLIES,
            "premise",
            f"現在の状況: {request.present.label}。支払済みなら「しない」",
        ),
        (
            "契約月数(か月)",
            request.months,
            "cell",
            f"{month_text(request.start)}から。変える場合は試算を再現するリンクから作り直す",
        ),
    )
    for row, (label, value, look, note) in enumerate(lines, 7):
        page.text(f"A{row}", label, "label")
        if isinstance(value, int):
            page.number(f"B{row}", value, "cell", look, "number", "bold")
        else:
            page.text(f"B{row}", value, "cell", look, "center", "bold")
        page.text(f"C{row}:H{row}", note, "cell", "typed")
    switches, prices = f"{_ON_INITIAL}:{_COUNTED}", f"{_INITIAL}:{_FEE}"
    whole = "0以上の整数(円)で入力してください。"
    page.accept(prices, ">=", whole, value=0, error_title="入力できない額です")
    either = "「する」か「しない」を選んでください。"
    page.accept(switches, "list", either, source=[_APPLIES, _SPARED])


def write_prices(page: Page, cost: BoardingCost) -> Prices:
    """Write what each way costs once, a month and over the contract; rows 18 to 24."""
    page.section("A18:H18", "価格")
    page.row(
        _PRICES,
        "区分",
        "単独調達\n(標準価格、円)",
        "共同調達\n(円)",
        "差額\n(円)",
        looks=("head",),
    )
    page.text(f"E{_PRICES}:H{_PRICES}", "計算", "head")
    page.height(_PRICES, lines=2)
    request = cost.request
    initial = Live(page.ref(_INITIAL), request.initial)
    monthly = Live(page.ref(_MONTHLY), request.monthly)
    months = page.ref(_MONTHS)
    counted = Live(
        f"IF({page.ref(_COUNTED)}={quoted(_APPLIES)},{initial.formula},0)", int(cost.alone.initial)
    )
    fee = Live(page.ref(_FEE), request.joining_fee)
    lowered = _reduced(page, initial, _ON_INITIAL, int(cost.joint.initial))
    lowered_monthly = _reduced(page, monthly, _ON_MONTHLY, int(cost.joint.monthly))
    rows: list[tuple[str, Live[int], Live[int], Live[str]]] = [
        ("初期費用", counted, lowered, _reduced_words(page, cost, initial, lowered, _ON_INITIAL)),
        ("後乗りの追加費用", Live("0", 0), fee, words("参加時に一度だけ")),
        (
            "一時的な費用 計",
            total(f"B{_PRICES + 1}:B{_PRICES + 2}", [int(cost.alone.once)]),
            total(f"C{_PRICES + 1}:C{_PRICES + 2}", [int(cost.joint.once)]),
            words("利用開始月に支払う(仮定)"),
        ),
        (
            "月額",
            monthly,
            lowered_monthly,
            _reduced_words(page, cost, monthly, lowered_monthly, _ON_MONTHLY),
        ),
        (
            "契約期間の総額",
            Live(f"B{_PRICES + 3}+B{_PRICES + 4}*{months}", int(cost.alone_total)),
            Live(f"C{_PRICES + 3}+C{_PRICES + 4}*{months}", int(cost.joint_total)),
            words("一時的な費用 + 月額 × 契約月数"),
        ),
    ]
    cells = []
    for row, (label, alone, joint, text) in enumerate(rows, _PRICES + 1):
        look = ("sum",) if label == "契約期間の総額" else ()
        page.text(f"A{row}", label, "label", *look)
        pair = (page.amount(f"B{row}", alone, *look), page.amount(f"C{row}", joint, *look))
        page.live(f"D{row}", minus(*pair), "cell", "change", *look)
        page.live(f"E{row}:H{row}", text, "cell", *look)
        page.height(row, ("E:H", text.value))
        cells.append(pair)
    ours, theirs = zip(*cells[2:], strict=True)
    return Prices(Way(*ours), Way(*theirs), Live(months, request.months))


def _kept(page: Page) -> str:
    """Numerator of what is still paid."""
    return f"({page.ref(_BOTTOM)}-{page.ref(_TOP)})"


def _reduced(page: Page, price: Live[int], applies: str, value: int) -> Live[int]:
    """A list price less the merit, rounded up to the yen."""
    reduced = f"ROUNDUP({price.formula}*{_kept(page)}/{page.ref(_BOTTOM)},0)"
    return Live(f"IF({page.ref(applies)}={quoted(_APPLIES)},{reduced},{price.formula})", value)


def _reduced_words(
    page: Page, cost: BoardingCost, price: Live[int], joint: Live[int], applies: str
) -> Live[str]:
    scope = cost.request.merit_scope
    spared = MeritScope.MONTHLY if applies == _ON_INITIAL else MeritScope.INITIAL
    top, bottom = page.ref(_TOP), page.ref(_BOTTOM)
    rate = Live(f'IF({bottom}=1,{top}&"",{top}&"/"&{bottom})', str(cost.merit))
    exact = exact_yen(price, 1 - cost.merit, _kept(page), bottom)
    said = words(yen(price), " × (1 − ", rate, ") = ", exact, " → ", yen(joint), "(1円未満切上げ)")
    unchanged = words(yen(price), "(標準価格のまま)")
    return Live(
        f"IF({page.ref(applies)}={quoted(_APPLIES)},{said.formula},{unchanged.formula})",
        unchanged.value if scope is spared else said.value,
    )
