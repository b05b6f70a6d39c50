"""The comparison by fiscal year, by month, and by month of waiting: chart, sentence, table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.boarding.cost import BoardingCost
from core.boarding.request import Present
from core.boarding.waiting import WaitingRow
from core.boarding.wording import WAITING_DEFINITION, month_text, signed_yen, waiting_text
from core.values.money import thousand_yen_text, yen_text
from dashboard.kit.charts.boarding import (
    ALONE,
    JOINT,
    LATER,
    NEVER,
    cumulative_cost,
    waiting_cost,
)
from dashboard.kit.charts.look import filled, filled_by_name
from dashboard.kit.widgets import escaped, source_text

_SOURCE = "jirei"


def draw_years(cost: BoardingCost) -> None:
    """年度別 with 節, in yen and as a budget shows it."""
    st.dataframe(
        pd.DataFrame(
            {
                "年度": [*(year.fiscal_year.full_label for year in cost.years), "契約期間の計"],
                "利用月数": [
                    f"{n}か月" for n in (*(y.months for y in cost.years), cost.request.months)
                ],
                "単独調達": _texts([year.alone for year in cost.years]),
                "共同調達": _texts([year.joint for year in cost.years]),
                "差額": _texts([year.saving for year in cost.years]),
                "節別(千円)": [*(_sections(cost, n) for n in range(len(cost.years))), ""],
                "一般財源(共同調達)": [
                    *(thousand_yen_text(year.thousand) for year in cost.years),
                    thousand_yen_text(sum(year.thousand for year in cost.years)),
                ],
            }
        ),
        hide_index=True,
        alt="年度別の単独調達、共同調達、差額、節別の額、一般財源",
    )
    st.caption(
        "税込。千円は節ごとに千円未満を切り上げて合計した額(仮定)。国府支出金は見込まず、"
        "共同調達の全額を一般財源としています。"
    )


def _texts(amounts: Sequence[int]) -> list[str]:
    return [signed_yen(amount) for amount in (*amounts, sum(int(a) for a in amounts))]


def _sections(cost: BoardingCost, index: int) -> str:
    return "、".join(
        f"節{section.number} {section.name} {section.thousand:,}"
        for section in cost.years[index].sections
    )


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
        f"〔出典: {source_text(_SOURCE)}、標準価格は入力値〕"
    )
    with st.expander("月別の表", icon=":material/table:"):
        st.dataframe(
            pd.DataFrame(
                {
                    "年月": [month_text(month.month) for month in cost.months],
                    "利用月": list(range(1, len(cost.months) + 1)),
                    "単独調達 累計(円)": [int(month.cumulative_alone) for month in cost.months],
                    "共同調達 累計(円)": [int(month.cumulative_joint) for month in cost.months],
                    "差額 累計(円)": [int(month.saving) for month in cost.months],
                }
            ),
            hide_index=True,
            height=320,
            column_config=_localized("単独調達 累計(円)", "共同調達 累計(円)", "差額 累計(円)"),
            alt="月別の単独調達、共同調達、差額の累計",
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
        f"仮定による試算。〔出典: {source_text(_SOURCE)}、標準価格は入力値〕"
    )
    columns: dict[str, list[Any]] = {
        "待つ月数": [row["待つ月数"] for row in rows],
        "参加する月": [row["参加する月"] for row in rows],
        "単独でつなぐ 総額(円)": [int(row.total) for row in waiting],
        "待つ費用(円)": [int(row.extra) for row in waiting],
    }
    if cost.request.present is Present.UNUSED:
        columns["使わずに待つ 総額(円)※節約ではない"] = [int(r.idle_total or 0) for r in waiting]
    with st.expander("待つ月数ごとの表", icon=":material/table:", expanded=True):
        st.dataframe(
            pd.DataFrame(columns),
            hide_index=True,
            height=320,
            column_config=_localized(*list(columns)[2:]),
            alt="待つ月数ごとの総額と待つ費用",
        )


def _localized(*names: str) -> dict[str, Any]:
    return {name: st.column_config.NumberColumn(format="localized") for name in names}
