"""他団体との比較: range and median by system, beside our own; names only of those that agreed."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.access.principal import Principal
from core.quotation.comparison import CHANGES
from core.quotation.cut import FEWEST, best_by_way
from core.quotation.price import Price, Way
from core.values.fiscal import era_date
from core.values.money import yen_text
from core.views.quotations import ComparedWay, own_quotations_view, price_comparison_view
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped
from dashboard.quotations.wording import yen_or_unknown

RULE = (
    f"1年あたりの額(総額 ÷ 契約月数 × 12、税込)を、決まった価格帯に丸めてから数えます。{FEWEST}団体以上の記録が"
    "そろったシステムだけを示し、範囲からは最小と最大の1団体ずつを除きます。"
    f"{CHANGES}団体(多いときは1割)以上が変わるごとに集計し直すため、記録してもすぐには変わりません。"
    "1団体の額がわからないようにするためです。地域や規模での絞り込みはありません。"
)


def draw_comparison(principal: Principal) -> None:
    """All systems, one table each."""
    st.caption(RULE)
    ours: Mapping[tuple[str, str | None, Way], Price] = {}
    if principal.lg_code is not None:
        own = context.answer(own_quotations_view, principal, lg_code=principal.lg_code)
        ours = {
            (each.lot.slot.programme, each.lot.slot.lot, way): found.price
            for each in own.savings
            for way, found in best_by_way(own.quotations, each.lot.slot).items()
            if found.price is not None
        }
    nothing = []
    for compared in context.answer(price_comparison_view, principal):
        slot = compared.lot.slot
        mine = {way: ours.get((slot.programme, slot.lot, way)) for way in Way}
        if all(
            way.spread is None and not way.named and mine[way.way] is None for way in compared.ways
        ):
            nothing.append(compared.lot.short)
            continue
        st.subheader(escaped(compared.lot.label), anchor=False)
        _draw_lot(compared.lot.label, compared.ways, mine if principal.lg_code else None)
        if compared.told is not None:
            sum_told = yen_or_unknown(compared.told.yearly)
            st.caption(
                escaped(
                    f"削減額: {compared.told.municipalities}団体の合計で1年あたり{sum_told}"
                    f"({era_date(compared.told.day)}の集計)"
                )
            )
    if nothing:
        widgets.empty_state(
            f"{'、'.join(nothing)}は、まだ{FEWEST}団体の記録がそろっていません。", "groups"
        )


def _draw_lot(
    label: str, ways: tuple[ComparedWay, ...], mine: Mapping[Way, Price | None] | None
) -> None:
    """Ways with something to show.

    Args:
        mine: The reader's own prices; None of a reader who has none of their own.
    """
    shown = [e for e in ways if e.spread or e.named or (mine and mine[e.way] is not None)]
    ours = {} if mine is None else {"自団体(1年あたり)": [_own(mine[e.way]) for e in shown]}
    table(
        {
            "方法": (each.way.label for each in shown),
            **ours,
            "範囲": (
                each.spread.span.label if each.spread else "5団体未満のため非公開" for each in shown
            ),
            "中央値": (each.spread.median.label if each.spread else "" for each in shown),
            "集計": (
                f"{each.spread.municipalities}団体({era_date(each.spread.day)})"
                if each.spread
                else ""
                for each in shown
            ),
        },
        f"{label}の価格の範囲と中央値",
    )
    named = [(each.way, one) for each in shown for one in each.named]
    if named:
        table(
            {
                "公開に同意した団体": (one.municipality for _, one in named),
                "方法": (way.label for way, _ in named),
                "文書": (
                    f"{one.price.document.label}({era_date(one.price.dated)})" for _, one in named
                ),
                "初期費用": (yen_or_unknown(one.price.initial) for _, one in named),
                "月額": (yen_or_unknown(one.price.monthly) for _, one in named),
                "税": (one.price.tax.label for _, one in named),
                "契約月数": (
                    "不明" if one.price.months is None else f"{one.price.months}か月"
                    for _, one in named
                ),
                "1年あたり(税込)": (yen_or_unknown(one.price.yearly) for _, one in named),
            },
            f"{label}の価格を公開している団体",
        )


def _own(price: Price | None) -> str:
    return "記録なし" if price is None or price.yearly is None else yen_text(price.yearly)
