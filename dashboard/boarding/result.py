"""The comparison in one glance: alone, joint, the difference, when it pays, what waiting costs."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from core.boarding.cost import BoardingCost
from core.boarding.premises import premises
from core.boarding.wording import (
    ASSUMPTIONS,
    break_even_text,
    month_text,
    signed_yen,
    waiting_text,
    working,
)
from core.exports.boarding import boarding_file_name, boarding_workbook
from core.reference.catalogue import shipped
from core.reference.procurements import Procurement, ScaleMerit
from core.values.money import thousand_yen_text, yen_text
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.widgets import escaped, source_text


def draw_result(cost: BoardingCost) -> None:
    """The difference first, then what it is the difference of."""
    cheaper = cost.saving >= 0
    label = "減る" if cheaper else "増える"
    st.metric(
        f"共同調達で{label}額(契約期間 {cost.request.months}か月)", yen_text(abs(cost.saving))
    )
    first = cost.first
    rows = (
        ("一時的な費用", cost.alone.once, cost.joint.once),
        ("月額", cost.alone.monthly, cost.joint.monthly),
        (f"{first.fiscal_year.label}({first.months}か月)", first.alone, first.joint),
        ("契約期間", cost.alone_total, cost.joint_total),
    )
    amounts = {
        "単独調達": [yen_text(alone) for _, alone, _ in rows],
        "共同調達": [yen_text(joint) for _, _, joint in rows],
        "差額": [signed_yen(alone - joint) for _, alone, joint in rows],
    }
    st.dataframe(
        pd.DataFrame({"区分": [name for name, _, _ in rows], **amounts}),
        hide_index=True,
        column_config={name: st.column_config.TextColumn(alignment="right") for name in amounts},
        alt="単独調達と共同調達の一時的な費用、月額、初年度、契約期間の額と差額",
    )
    sections = "、".join(f"節{s.number} {s.name} {s.thousand:,}" for s in first.sections)
    st.markdown(
        f"**{first.fiscal_year.label}の要求額** {thousand_yen_text(first.thousand)}"
        f"({sections})。全額が一般財源(国府支出金は見込まない)。"
    )
    st.markdown(f"**元が取れる時期** {escaped(break_even_text(cost))}")
    st.markdown(f"**待つ費用** {escaped(waiting_text(cost))}")


def draw_basis(cost: BoardingCost) -> None:
    """What the figures are: definition, basis, day, status."""
    own = "入力値" if cost.own_merit else "公表の3割程度を1つのシステムに当てはめた仮定"
    st.caption(
        f"仮定による試算(実績ではない)。{month_text(cost.request.start)}から"
        f"{cost.request.months}か月、税込。差額 = 単独調達(標準価格) − 共同調達。"
        f"スケールメリット {cost.merit}〔{own}〕、対象 {cost.request.merit_scope.label}〔仮定〕。"
        f"〔出典: {source_text('jirei')}、標準価格は入力値〕"
    )


def draw_download(
    cost: BoardingCost, procurement: Procurement, merit: ScaleMerit, owner: str | None, link: str
) -> None:
    """The budget request as a workbook, made when it is asked for."""
    st.download_button(
        "予算要求書(Excel)を作る",
        partial(
            boarding_workbook,
            cost,
            procurement=procurement,
            merit=merit,
            sources=shipped().sources,
            municipality=owner,
            made_on=context.today(),
            link=link,
            made_up=widgets.made_up(),
        ),
        boarding_file_name(cost, procurement, owner, context.today(), made_up=widgets.made_up()),
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        icon=":material/table_view:",
        type="primary",
        width="stretch",
        on_click="ignore",
        key="boarding.workbook",
    )


def draw_working(cost: BoardingCost) -> None:
    """Every step, to be copied into 積算基礎."""
    st.markdown(
        "\n".join(f"- **{step.label}** {escaped(step.expression)}" for step in working(cost))
    )


def draw_premises(cost: BoardingCost, merit: ScaleMerit) -> None:
    """Every value with what it rests on, and what is taken for granted."""
    values = premises(
        cost,
        merit_basis=merit.single_system_basis,
        merit_source=merit.source,
        merit_note=merit.single_system_note,
    )
    st.table(
        pd.DataFrame(
            {
                "項目": [value.label for value in values],
                "値": [value.text for value in values],
                "根拠区分": [value.basis_label for value in values],
                "出典": [
                    escaped(source_text(value.source)) if value.source else "－" for value in values
                ],
                "備考": [escaped(value.note) for value in values],
            }
        ).set_index("項目"),
        alt="比較の前提と出典",
    )
    st.caption("\n".join(f"- {escaped(line)}" for line in ASSUMPTIONS))
