"""The money of a programme: what is decided, final, paid and left, and what the year comes to."""

from __future__ import annotations

import streamlit as st

from core.subsidy.budget import ALERT_PERCENT, over_alert
from core.values.fiscal import era_date
from core.values.money import Yen, yen_text
from core.views.subsidy import BoardAnswer
from dashboard.kit.cards import Badge, Card, Tone, cards
from dashboard.kit.charts.look import DARK, EDGE, LIGHT, TEXT
from dashboard.kit.charts.standing import HATCHED_CSS
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped

_PAID, _FINAL, _DECIDED, _COMING = (
    f"background:{DARK}",
    f"background:{HATCHED_CSS}",
    f"background:{LIGHT}",
    f"background:#ffffff;border:1px dashed {TEXT}",
)


def draw_budget(found: BoardAnswer) -> None:
    """Alert, cards, bar, forecast with its assumption."""
    money, forecast = found.standing, found.forecast
    if money.left is not None and forecast.left is not None and forecast.left < 0:
        st.error(
            f"年度末の見込み{yen_text(forecast.amount)}は予算を{yen_text(-forecast.left)}超えます。"
            + (
                "申請中の額が予算の残りを超えるので、「まとめて決定」は申請額に応じて按分します。"
                if money.applied > money.left
                else "申請中の額は予算の残りに収まり、「まとめて決定」では按分しません。"
                "これから申請される額が足りないため、予算の追加か減額を検討してください。"
                if money.applied
                else "これから申請される額が足りないため、予算の追加か減額を検討してください。"
            ),
            icon=":material/error:",
        )
    elif over_alert(money.committed, money.budget) or over_alert(forecast.amount, money.budget):
        st.warning(
            f"交付決定額か年度末の見込みが予算の{ALERT_PERCENT}%を超えました。",
            icon=":material/warning:",
        )
    assumed = (Badge("仮", Tone.OPEN),) if found.programme.budget_assumed else ()
    day = era_date(found.as_of)
    shown = (
        ("予算", _known(money.budget), "登録された額", assumed),
        ("交付決定額", yen_text(money.decided), f"申請中 {yen_text(money.applied)}", ()),
        ("確定額", yen_text(money.final), "額の確定をしたもの", ()),
        ("支払済", yen_text(money.paid), "概算払を含み、返還を引く", ()),
        ("予算の残り", _known(money.left), "確定したものは確定額で引く", assumed),
        ("年度末の見込み", yen_text(forecast.amount), f"残り {_known(forecast.left)}", ()),
    )
    cards(
        [
            Card(key=name, title=name, value=value, lines=(line, f"{day}現在"), badges=badges)
            for name, value, line, badges in shown
        ],
        narrowest=230,
        level=3,
    )
    if money.budget:
        st.html(_bar(found, money.budget))
    _draw_forecast(found)


def _draw_forecast(found: BoardAnswer) -> None:
    forecast = found.forecast
    parts = [part for part in forecast.parts if part.amount]
    with st.expander("年度末の見込みの内訳と仮定", icon=":material/query_stats:"):
        table(
            {
                "内訳": [*(part.label for part in parts), "年度末の見込み"],
                "金額": [*(yen_text(p.amount) for p in parts), yen_text(forecast.amount)],
                "仮定": [*(part.why for part in parts), "議決前の希望を含まない"],
            },
            "年度末の見込みの内訳と仮定",
        )
    if forecast.undecided:
        after = (
            ""
            if forecast.budget is None
            else f"(予算の残り {_known(forecast.budget - forecast.at_most)})"
        )
        st.caption(
            escaped(
                f"これから議会で決まるもの: {forecast.undecided_municipalities}団体の議決前の希望"
                f"{yen_text(forecast.undecided)}。すべて議決されると見込みは"
                f"{yen_text(forecast.at_most)}{after}になります。"
            )
        )


def _bar(found: BoardAnswer, budget: Yen) -> str:
    """One bar of the budget's length; longer where more is foreseen."""
    money, forecast = found.standing, found.forecast
    paid = max(int(money.paid), 0)
    final = max(int(money.final) - paid, 0)
    decided = max(int(money.committed) - paid - final, 0)
    coming = max(int(forecast.amount) - paid - final - decided, 0)
    whole = max(int(budget), paid + final + decided + coming)
    parts = (
        ("支払済", paid, _PAID),
        ("確定(未払)", final, _FINAL),
        ("決定(未確定)", decided, _DECIDED),
        ("これからの見込み", coming, _COMING),
    )
    blocks = "".join(
        f'<div style="box-sizing:border-box;width:{part / whole:.2%};{look}"></div>'
        for _, part, look in parts
        if part
    )
    told = "、".join(f"{name}{part:,}円" for name, part, _ in parts if part) or "まだ何もない"
    marks = "".join(
        '<span style="display:inline-flex;align-items:center;gap:.35rem;margin-right:1rem">'
        f'<span style="width:.9rem;height:.9rem;box-sizing:border-box;border:1px solid {TEXT};{look}"></span>'
        f"{name} {part:,}円</span>"
        for name, part, look in parts
        if part
    )
    limit = int(budget) / whole
    line = (
        f'<div style="position:absolute;left:{limit:.2%};top:-.2rem;bottom:-.2rem;'
        f'border-left:3px solid {TEXT}"></div>'
        if limit < 1
        else ""
    )
    length = "棒の長さは年度末の見込み、太い線が予算" if line else "棒の長さは予算"
    return (
        f'<div role="img" aria-label="予算{int(budget):,}円のうち、{told}" '
        f'style="position:relative;display:flex;height:1.4rem;border:1px solid {EDGE};'
        f'max-width:46rem;background:#fff">{blocks}{line}</div>'
        f'<div style="font-size:.875rem;color:{TEXT};margin-top:.3rem">{marks}'
        f"<span>{length}</span></div>"
    )


def _known(amount: Yen | None) -> str:
    if amount is None:
        return "不明"
    return f"△{yen_text(-amount)}" if amount < 0 else yen_text(amount)
