"""The working in words: what an officer copies into 積算基礎."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from core.boarding.cost import BoardingCost, Prices, month_after
from core.boarding.request import BoardingRequest, MeritScope, Present
from core.boarding.waiting import last_paying_wait, waiting_rows
from core.estimate.subsidy import Step
from core.values.fiscal import era_date
from core.values.money import Yen, exact_yen_text, yen_text


def month_text(month: date) -> str:
    """A month as officials write it.

    Examples:
        >>> month_text(date(2027, 4, 1))
        '令和9年4月'
    """
    full = era_date(month)
    return full[: full.index("月") + 1]


def outline_text(what: str, request: BoardingRequest) -> str:
    """事業概要: what is procured as it was published, and what of it this request asks for."""
    return (
        f"{published_text([what])}本要求は、{month_text(request.start)}から共同調達に参加して"
        f"{request.months}か月利用するための経費。"
    )


def published_text(said: Iterable[str]) -> str:
    """Sentences as they were published, each marked as such.

    Examples:
        >>> published_text(["在宅勤務を促進し、緊急災害時の連絡網に", "効率化をめざす。"])
        '在宅勤務を促進し、緊急災害時の連絡網に(公表)。効率化をめざす(公表)。'
    """
    return "".join(f"{each.removesuffix('。')}(公表)。" for each in said)


def signed_yen(amount: int) -> str:
    """Yen; a negative as budget documents mark it.

    Examples:
        >>> signed_yen(1_200), signed_yen(-1_200)
        ('1,200円', '△1,200円')
    """
    return f"△{yen_text(-amount)}" if amount < 0 else yen_text(amount)


def price_steps(cost: BoardingCost) -> tuple[Step, ...]:
    """From the list price to what the joint system costs once and a month."""
    request = cost.request
    steps = []
    for label, price, joint, spared in (
        ("初期費用", request.initial, cost.joint.initial, MeritScope.MONTHLY),
        ("月額", request.monthly, cost.joint.monthly, MeritScope.INITIAL),
    ):
        if request.merit_scope is spared:
            text = f"{yen_text(price)}(標準価格のまま)"
        else:
            exact = Yen(price) * (1 - cost.merit)
            text = f"{yen_text(price)} × (1 − {cost.merit}) = {exact_yen_text(exact)}"
            if exact.denominator != 1:
                text += f" → {yen_text(joint)}(1円未満切上げ)"
        steps.append(Step(f"共同調達の{label}", text, joint))
    return tuple(steps)


def total_expression(prices: Prices, months: int) -> str:
    """What some months cost, written out; what is not paid is left out.

    Examples:
        >>> total_expression(Prices(Yen(500), Yen(70)), 12)
        '500円 + 70円 × 12か月 = 1,340円'
    """
    parts = [yen_text(part) for part in (prices.initial, prices.joining_fee) if part]
    parts.append(f"{yen_text(prices.monthly)} × {months}か月")
    return f"{' + '.join(parts)} = {yen_text(prices.over(months))}"


def working(cost: BoardingCost) -> tuple[Step, ...]:
    """Every step from the quotation to the saving, in order."""
    months = cost.request.months
    steps = [
        Step("単独調達(標準価格)", total_expression(cost.alone, months), cost.alone_total),
        *price_steps(cost),
        Step("共同調達", total_expression(cost.joint, months), cost.joint_total),
        Step(
            "差額(単独 − 共同)",
            f"{yen_text(cost.alone_total)} − {yen_text(cost.joint_total)} = "
            f"{signed_yen(cost.saving)}",
            cost.saving,
        ),
    ]
    if cost.request.present is Present.ALONE and cost.request.initial:
        steps.insert(
            1,
            Step(
                "支払済みの初期費用",
                f"単独で利用中のため、標準価格の初期費用{yen_text(cost.request.initial)}は"
                "単独の費用に入れない(共同調達では必要)",
                None,
            ),
        )
    return tuple(steps)


def break_even_text(cost: BoardingCost) -> str:
    """When joining has paid for itself, with the arithmetic."""
    ahead = cost.joint.once - cost.alone.once
    gain = cost.alone.monthly - cost.joint.monthly
    if ahead <= 0:
        return "参加時の一時的な費用は単独調達を上回らないため、利用開始月から共同調達のほうが高くなることはありません。"
    first = f"参加時に単独より{yen_text(ahead)}多く払い"
    if not gain:
        return f"{first}、月額は下がらないため、契約期間内に元は取れません。"
    division = f"{first}、毎月{yen_text(gain)}安くなります。{ahead:,} ÷ {gain:,} を切り上げて"
    needed = -(-ahead // gain)
    if cost.break_even is None:
        return (
            f"{division}{needed}か月かかり、契約月数{cost.request.months}か月では元が取れません。"
        )
    reached = month_after(cost.request.start, cost.break_even - 1)
    return f"{division}{needed}か月目({month_text(reached)})に元が取れます。"


def waiting_text(cost: BoardingCost) -> str:
    """What waiting one month and one more costs, and until when boarding pays."""
    rows = waiting_rows(cost)
    if len(rows) < 3:
        return "契約月数が1か月のため、待った場合の比較はありません。"
    first, more = rows[1].extra, rows[2].extra - rows[1].extra
    unused = cost.request.present is Present.UNUSED
    once = (
        f"最初の1か月は自前の初期費用{yen_text(cost.alone.initial)}もかかるため{yen_text(first)}、"
        if unused and cost.alone.initial
        else f"最初の1か月で{yen_text(first)}、"
    )
    last = last_paying_wait(cost)
    if last is None:
        until = "この契約期間では、いま参加しても参加しない場合より安くなりません。"
    else:
        month = month_text(month_after(cost.request.start, last))
        until = f"{month}の参加までは、参加しない場合より高くなりません。"
    return f"単独でつないで待つと、{once}その後は1か月ごとに{yen_text(more)}多くかかります。{until}"


def paper_notes(cost: BoardingCost, grants: str) -> tuple[str, ...]:
    """What must stand beside the amounts wherever they are handed on: the 3割 above all.

    Args:
        grants: What the grants of state and prefecture are called together.
    """
    scope = cost.request.merit_scope.label
    merit = (
        f"スケールメリット{cost.merit}は、この比較のために入力した値(公表値ではない)"
        if cost.own_merit
        else f"仮の額。「標準価格から3割程度」は各システムを通じた概数の公表で、"
        f"このシステムの価格を{cost.merit}下がるとしたのは仮定"
    )
    return (
        f"{merit}。対象を{scope}としたのも仮定。額は共同調達の見積りで確かめる。",
        "標準価格は、この団体が取得した見積書の額(税込)として入力した値。",
        "一時的な費用は利用開始月に支払い、契約の途中で価格は変わらないと仮定。"
        "更新・解約・撤去の費用は含まない。",
        f"{grants}は見込まず、全額を一般財源とした。",
    )


WAITING_DEFINITION = (
    "同じ利用期間(契約月数)を、いま参加する場合と、あとで参加する場合で比べます。"
    "「単独でつなぐ」は参加までの月を標準価格の単独調達で利用する場合の総額で、"
    "いま参加する場合との差が「待つ費用」です。"
    "「使わずに待つ」は参加まで支払わない場合の総額です。少なく見えるのは、"
    "その月は利用できず支出が先送り・不要になるためで、節約ではありません。"
    "契約期間の終わりは動かないと仮定します(共同調達の契約の終わりは仕様書で確認してください)。"
)
"""What the table of waiting shows; stands beside it wherever it is drawn."""

ASSUMPTIONS = (
    "「標準価格から3割程度」は各システムを通じた概数で、1つのシステムに当てはめるのは仮定。",
    "標準価格は、団体が取得した見積書の額(税込)を入力したもの。",
    "スケールメリットの対象は公表されていない。標準価格全体(初期費用と月額)に及ぶと仮定し、変えられる。",
    "共同調達の価格の1円未満は切り上げる(仮定)。",
    "初期費用と後乗りの追加費用は利用開始月に、月額は利用する月ごとに支払う(仮定)。",
    "契約月数の途中で価格は変わらず、更新・解約・撤去の費用は含まない(仮定)。",
    "{grants}は見込まず、全額を一般財源とする。交付金を充てる場合は特定財源に入力する。",
)
"""What every comparison takes for granted; the pack's word for grants stands in braces."""
