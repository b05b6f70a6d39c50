"""共同調達 in a few lines for ホーム: ledger beside published, and what waits for the secretariat."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.access.principal import Principal, allows
from core.procurement.counting import CountBasis
from core.reference.comparison import Comparison
from core.values.figure import Status
from core.views.ledger import counts_view
from core.views.procurement import procurement_view
from dashboard import context
from dashboard.frame import navigation
from dashboard.kit import widgets
from dashboard.kit.widgets import escaped


def draw_summary(principal: Principal) -> None:
    """Every joint procurement on one basis, as of today."""
    today, basis = context.today(), CountBasis.PAID
    lines = context.answer(counts_view, principal, as_of=today, basis=basis)
    st.subheader("共同調達の参加団体", anchor=False)
    st.table(
        pd.DataFrame(
            {
                "共同調達": [line.label for line in lines],
                "台帳": [_ledger(line.comparison) for line in lines],
                "公表値": [_published(line.comparison) for line in lines],
                "公表値−台帳": [_unnamed(line.comparison) for line in lines],
            }
        ).set_index("共同調達"),
        alt="共同調達ごとの台帳の団体数と公表値",
    )
    st.caption(
        f"集計基準: {basis.label}。台帳は{today.isoformat()}時点で名前のわかる市町村、"
        "公表値は最も新しいもの。「公表値−台帳」は公表値(実績)から台帳を引いただけの数で、"
        "名前の分からない団体を含みます。"
    )
    with st.container(horizontal=True):
        st.page_link(
            navigation.page_file("procurement"),
            label="地図・推移・後乗りを見る",
            icon=":material/map:",
        )


def _ledger(comparison: Comparison) -> str:
    return f"{comparison.ledger}団体" if comparison.ledger else "記録なし"


def _published(comparison: Comparison) -> str:
    return (
        "、".join(
            f"{each.total.value}団体({each.total.as_of.label}、{each.total.status.label}、"
            f"{escaped(widgets.publisher_text(each.total.source))})"
            for each in comparison.published
            if each.total.status is Status.ACTUAL or len(comparison.published) == 1
        )
        or "公表なし"
    )


def _unnamed(comparison: Comparison) -> str:
    return "不明" if comparison.unnamed is None else f"{comparison.unnamed}団体"


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
