"""共同調達 in a few lines for ホーム: what is known best, and what waits for the secretariat."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.access.principal import Principal, allows
from core.procurement.counting import CountBasis
from core.procurement.headline import Headline
from core.views.ledger import counts_view
from core.views.procurement import procurement_view
from dashboard import context
from dashboard.frame import navigation
from dashboard.kit.widgets import escaped


def draw_summary(principal: Principal) -> None:
    """Every joint procurement on one basis, as of today."""
    today, basis = context.today(), CountBasis.PAID
    lines = context.answer(counts_view, principal, as_of=today, basis=basis, today=today)
    st.subheader("共同調達の参加団体", anchor=False)
    st.table(
        pd.DataFrame(
            {
                "共同調達": [line.label for line in lines],
                "参加団体": [line.headline.text for line in lines],
                "公表された予定": [_planned(line.headline) for line in lines],
            }
        ).set_index("共同調達"),
        alt="共同調達ごとの参加団体数",
    )
    st.caption(
        f"集計基準: {basis.label}。台帳が全団体を網羅するまでは最も新しい公表値(実績)で、"
        "「名前がわかる」は台帳に記録のある市町村。どちらもなければ不明で、0ではありません。"
    )
    with st.container(horizontal=True):
        st.page_link(
            navigation.page_file("procurement"),
            label="地図・推移・後乗りを見る",
            icon=":material/map:",
        )


def _planned(found: Headline) -> str:
    return "、".join(f"{t.value}団体({t.as_of.label})" for t in found.planned) or "－"


def draw_due(principal: Principal) -> None:
    """Foreseen participations whose time has come without a record, for the secretariat."""
    if not allows(principal, "ledger:record"):
        return
    answer = context.answer(procurement_view, principal, as_of=context.today())
    overdue = [
        f"{system.procurement.label} {system.paid.overdue}団体"
        for system in answer.systems
        if system.paid.overdue
    ]
    if not overdue:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"開始予定を過ぎて、参加の記録がまだない予定があります: {'、'.join(map(escaped, overdue))}。"
            "確認して「参加台帳」に記録してください。"
        )
        st.page_link(navigation.page_file("ledger"), label="開く", icon=":material/arrow_forward:")
