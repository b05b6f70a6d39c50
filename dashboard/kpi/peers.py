"""似た市町村との比較, as わがまち shows it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.figures.peers import Peers
from core.values.figure import value_text
from core.values.fiscal import era_date
from dashboard.kit.charts.standing import legend_label
from dashboard.kit.widgets import escaped, source_text


def draw_peers(peers: Peers) -> None:
    """Who takes part by name, as it is published; everything else of the like ones together."""
    others = len(peers.rows) - 1

    st.table(
        pd.DataFrame(
            {
                "項目": [each.indicator.name for each in peers.measures],
                "わがまち": [value_text(each.ours, each.indicator.unit) for each in peers.measures],
                f"似た{others}団体の中央値": [
                    value_text(each.median, each.indicator.unit) for each in peers.measures
                ],
                "1以上の団体": [
                    value_text(each.above_zero, f"/{others}団体") for each in peers.measures
                ],
            }
        ).set_index("項目"),
        alt="わがまちと似た市町村の比較",
    )
    with st.expander("定義・集計基準・出典", icon=":material/info:"):
        for each in peers.measures:
            st.markdown(
                f"**{escaped(each.indicator.name)}** {escaped(each.indicator.definition)} "
                f"集計基準: {escaped(each.indicator.basis)} 基準日 {era_date(peers.as_of)}。"
                f"出典: {escaped(source_text(each.indicator.source))}"
            )
    st.table(
        pd.DataFrame(
            [
                [row.municipality.name, *(legend_label(s.standing) for s in row.states)]
                for row in peers.rows
            ],
            columns=["市町村", *peers.systems],
        ).set_index("市町村"),
        alt="わがまちと似た市町村の共同調達への参加",
    )
    st.caption(
        f"{era_date(peers.as_of)}時点。1行目がわがまち。参加は公表・記録されたもの。"
        "ほかの項目は似た市町村をまとめた値だけを示します。偶数のときの中央値は大きい方。"
    )
