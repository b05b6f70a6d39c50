"""前提: every value a comparison rests on, with what it rests on."""

from __future__ import annotations

from core.boarding.cost import BoardingCost
from core.boarding.request import Present
from core.boarding.wording import month_text
from core.estimate.terms import Premise, own_premise
from core.params import Basis
from core.values.money import yen_text


def premises(
    cost: BoardingCost, *, merit_basis: Basis, merit_source: str, merit_note: str
) -> tuple[Premise, ...]:
    """The values of a comparison as a reader sees them.

    Args:
        merit_basis: 根拠区分 of the published merit when applied to one system.
    """
    request = cost.request

    def own(label: str, text: str, note: str) -> Premise:
        return own_premise(label, label, text, note)

    quoted = "団体が取得した見積書の額(税込)。"
    merit = (
        own("スケールメリット", str(cost.merit), "この比較のために入力した値。公表値ではない。")
        if cost.own_merit
        else Premise(
            "merit",
            "スケールメリット",
            f"{cost.merit}(3割程度)",
            merit_basis.label,
            None,
            merit_source,
            merit_note,
        )
    )
    present = (
        "支払済みの初期費用は単独調達に入れない。"
        if request.present is Present.ALONE
        else "単独調達にも初期費用がかかる。"
    )
    return (
        own("標準価格の初期費用", yen_text(request.initial), quoted),
        own("標準価格の月額", f"{yen_text(request.monthly)}/月", quoted),
        own(
            "後乗りの追加費用",
            yen_text(request.joining_fee),
            "参加時に一度だけかかる設定・データ移行などの額(税込)。スケールメリットを適用しない。",
        ),
        merit,
        Premise(
            "merit_scope",
            "スケールメリットの対象",
            request.merit_scope.label,
            Basis.ASSUMPTION.label,
            None,
            "",
            "公表されていない。見積りの条件に合わせて選ぶ。",
        ),
        own(
            "契約月数", f"{request.months}か月", "比べる期間。共同調達の残りの契約期間に合わせる。"
        ),
        own("利用開始月", month_text(request.start), "いま参加する場合に利用を始める月。"),
        own("現在の状況", request.present.label, present),
    )
