"""What a comparison says: in one glance, by year, by month, by month of waiting, its working."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.boarding.cost import BoardingCost, YearCost
from core.boarding.premises import premises
from core.boarding.request import Present
from core.boarding.waiting import WaitingRow
from core.boarding.wording import (
    ASSUMPTIONS,
    WAITING_DEFINITION,
    break_even_text,
    month_text,
    signed_yen,
    waiting_text,
    working,
)
from core.exports.boarding import boarding_file_name, boarding_workbook
from core.reference.procurements import Procurement, ScaleMerit
from core.values.money import thousand_yen_text, yen_text
from core.views.boarding import BoardingCostAnswer
from dashboard import context
from dashboard.boarding.paper import draw_papers
from dashboard.kit import widgets
from dashboard.kit.cards import Badge, Card, Rank, Tone, cards
from dashboard.kit.charts.boarding import (
    ALONE,
    JOINT,
    LATER,
    NEVER,
    cumulative_cost,
    waiting_cost,
)
from dashboard.kit.charts.look import filled, filled_by_name
from dashboard.kit.submit import download
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped
from dashboard.kit.widgets import source_text


def draw_result(cost: BoardingCost) -> None:
    """The difference first, then what it is the difference of."""
    cards(
        [
            Card(
                "saving",
                _saved(cost),
                value=yen_text(abs(cost.saving)),
                badges=[Badge("仮", Tone.OPEN)],
                terms=_grounds(cost),
                rank=Rank.FIRST,
            )
        ]
    )
    first = cost.first
    rows = (
        ("一時的な費用", cost.alone.once, cost.joint.once),
        ("月額", cost.alone.monthly, cost.joint.monthly),
        (f"{first.fiscal_year.label}({first.months}か月)", first.alone, first.joint),
        ("契約期間", cost.alone_total, cost.joint_total),
    )
    table(
        {
            "区分": (name for name, _, _ in rows),
            "単独調達": (yen_text(alone) for _, alone, _ in rows),
            "共同調達": (yen_text(joint) for _, _, joint in rows),
            "差額": (signed_yen(alone - joint) for _, alone, joint in rows),
        },
        "単独調達と共同調達の一時的な費用、月額、初年度、契約期間の額と差額",
    )
    st.markdown(
        f"**{first.fiscal_year.label}の要求額** {thousand_yen_text(first.thousand)}"
        f"({escaped(_sections(first))})。全額が一般財源({context.names().national_and_own_grants}は見込まない)。  \n"
        f"**元が取れる時期** {escaped(break_even_text(cost))}  \n"
        f"**待つ費用** {escaped(waiting_text(cost))}"
    )


def _saved(cost: BoardingCost) -> str:
    label = "減る" if cost.saving >= 0 else "増える"
    return f"共同調達で{label}額(契約期間 {cost.request.months}か月)"


def draw_bar(
    found: BoardingCostAnswer,
    procurement: Procurement,
    merit: ScaleMerit,
    owner: str | None,
    link: str,
    *,
    old: bool,
) -> None:
    """What it comes to, and the workbook, in sight wherever the reader is.

    Args:
        old: A field cannot be read: what is shown belongs to what stood there before.
    """
    cost, first = found.cost, found.cost.first
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"{escaped(_saved(cost))} **{yen_text(abs(cost.saving))}** "
            ":orange-badge[仮] "
            f"{first.fiscal_year.label}の要求額 **{thousand_yen_text(first.thousand)}**",
            width="stretch",
        )
        draw_download(found, procurement, merit, owner, link, old=old)
        draw_papers(cost, procurement, owner, link, old=old)


def _grounds(cost: BoardingCost) -> dict[str, str]:
    """What the figure is: definition, basis, day, status."""
    own = "入力値" if cost.own_merit else "公表の3割程度を1つのシステムに当てはめた仮定"
    return {
        "定義": "単独調達(標準価格)の額から共同調達の額を引いた額。税込。仮定による試算(実績ではない)。",
        "集計基準": f"{month_text(cost.request.start)}から{cost.request.months}か月",
        "スケールメリット": f"{cost.merit}〔{own}〕、対象 {cost.request.merit_scope.label}〔仮定〕",
        "出典": f"{source_text('jirei')}、標準価格は入力値",
    }


def draw_download(
    found: BoardingCostAnswer,
    procurement: Procurement,
    merit: ScaleMerit,
    owner: str | None,
    link: str,
    *,
    old: bool,
) -> None:
    """The budget request as a workbook, made when it is asked for; not of what is old."""
    cost = found.cost
    download(
        "予算要求書(Excel)を作る",
        lambda _: boarding_workbook(
            cost,
            procurement=procurement,
            merit=merit,
            reference=context.reference(),
            municipality=owner,
            made_on=context.today(),
            link=link,
            made_up=widgets.made_up(),
            real=found.real,
        ),
        boarding_file_name(cost, procurement, owner, context.today(), made_up=widgets.made_up()),
        icon=":material/table_view:",
        primary=True,
        disabled=old,
        key="boarding.workbook",
    )


def draw_years(cost: BoardingCost) -> None:
    """年度別 with 節, in yen and as a budget shows it."""
    years = cost.years
    table(
        {
            "年度": [*(year.fiscal_year.full_label for year in years), "契約期間の計"],
            "利用月数": (f"{n}か月" for n in (*(y.months for y in years), cost.request.months)),
            "単独調達": _texts([year.alone for year in years]),
            "共同調達": _texts([year.joint for year in years]),
            "差額": _texts([year.saving for year in years]),
            "節別(千円)": [*map(_sections, years), ""],
            "一般財源(共同調達)": [
                *(thousand_yen_text(year.thousand) for year in years),
                thousand_yen_text(sum(year.thousand for year in years)),
            ],
        },
        "年度別の単独調達、共同調達、差額、節別の額、一般財源",
    )
    st.caption(
        f"税込。千円は節ごとに千円未満を切り上げて合計した額(仮定)。{context.names().national_and_own_grants}は見込まず、"
        "共同調達の全額を一般財源としています。"
    )


def _texts(amounts: Sequence[int]) -> list[str]:
    return [signed_yen(amount) for amount in (*amounts, sum(int(a) for a in amounts))]


def _sections(year: YearCost) -> str:
    return "、".join(f"節{s.number} {s.name} {s.thousand:,}" for s in year.sections)


def draw_cumulative(cost: BoardingCost) -> None:
    """Two lines over the contract, told apart by dash and name."""
    rows: list[dict[str, Any]] = []
    for number, month in enumerate(cost.months, 1):
        at = {"月数": number, "年月": month_text(month.month)}
        rows.append({**at, "調達": ALONE, "累計": int(month.cumulative_alone)})
        rows.append({**at, "調達": JOINT, "累計": int(month.cumulative_joint)})
    even = []
    if cost.break_even is not None and cost.break_even > 1:
        even = [{"月数": cost.break_even, "説明": f"{cost.break_even}か月目に元が取れる"}]
    sentence = (
        f"{month_text(cost.request.start)}から{cost.request.months}か月の累計は、"
        f"単独調達{yen_text(cost.alone_total)}、共同調達{yen_text(cost.joint_total)}。"
    )
    st.vega_lite_chart(
        filled_by_name(cumulative_cost(), {"lines": rows, "even": even}),
        alt=f"単独調達と共同調達の累計。{sentence}",
    )
    st.caption(
        f"{sentence}単位: 円(税込)。破線が単独調達(標準価格)、実線が共同調達。仮定による試算。"
        f"〔出典: {escaped(source_text('jirei'))}、標準価格は入力値〕"
    )
    with st.expander("月別の表", icon=":material/table:"):
        table(
            {
                "年月": (month_text(month.month) for month in cost.months),
                "利用月": range(1, len(cost.months) + 1),
                "単独調達 累計": (yen_text(month.cumulative_alone) for month in cost.months),
                "共同調達 累計": (yen_text(month.cumulative_joint) for month in cost.months),
                "差額 累計": (signed_yen(month.saving) for month in cost.months),
            },
            "月別の単独調達、共同調達、差額の累計",
        )


def draw_waiting(cost: BoardingCost, waiting: Sequence[WaitingRow]) -> None:
    """待つ費用 with its definition beside it."""
    st.markdown(escaped(WAITING_DEFINITION))
    rows = [
        {
            "待つ月数": row.wait,
            "参加する月": month_text(row.start) if row.start else NEVER,
            "待つ費用": int(row.extra),
            "場合": LATER if row.start else NEVER,
        }
        for row in waiting
    ]
    sentence = waiting_text(cost)
    st.vega_lite_chart(filled(waiting_cost(), rows), alt=f"待つ費用。{sentence}")
    st.caption(
        f"{escaped(sentence)} 単位: 円(税込)。0はいま参加する場合、右端は契約期間を通じて参加しない場合。"
        f"仮定による試算。〔出典: {escaped(source_text('jirei'))}、標準価格は入力値〕"
    )
    columns = {
        "待つ月数": [str(row.wait) for row in waiting],
        "参加する月": [month_text(row.start) if row.start else NEVER for row in waiting],
        "単独でつなぐ 総額": [yen_text(row.total) for row in waiting],
        "待つ費用": [signed_yen(row.extra) for row in waiting],
    }
    if cost.request.present is Present.UNUSED:
        columns["使わずに待つ 総額※節約ではない"] = [
            yen_text(row.idle_total) if row.idle_total is not None else "" for row in waiting
        ]
    with st.expander("待つ月数ごとの表", icon=":material/table:", expanded=True):
        table(columns, "待つ月数ごとの総額と待つ費用")


def draw_working(cost: BoardingCost) -> None:
    """Every step, to be copied into 積算基礎."""
    st.markdown(
        "\n".join(
            f"- **{escaped(step.label)}** {escaped(step.expression)}" for step in working(cost)
        )
    )


def draw_premises(cost: BoardingCost, merit: ScaleMerit) -> None:
    """Every value with what it rests on, and what is taken for granted."""
    values = premises(
        cost,
        merit_basis=merit.single_system_basis,
        merit_source=merit.source,
        merit_note=merit.single_system_note,
    )
    table(
        {
            "項目": (value.label for value in values),
            "値": (value.text for value in values),
            "根拠区分": (value.basis_label for value in values),
            "出典": (source_text(v.source) if v.source else "－" for v in values),
            "備考": (value.note for value in values),
        },
        "比較の前提と出典",
    )
    grants = context.names().national_and_own_grants
    st.caption("\n".join(f"- {escaped(line.format(grants=grants))}" for line in ASSUMPTIONS))
