"""似た市町村との比較, as わがまち shows it."""

from __future__ import annotations

import streamlit as st

from core.figures.peers import Peers, too_few
from core.values.figure import value_text
from core.values.fiscal import era_date
from dashboard import context
from dashboard.kit.charts.standing import legend_label
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped
from dashboard.kit.widgets import source_text


def draw_peers(peers: Peers) -> None:
    """Who takes part by name, as it is published; everything else of the like ones together."""
    measures = [(each, each.indicator.unit) for each in peers.measures]
    columns = {
        "項目": [each.indicator.name for each, _ in measures],
        "わがまち": [value_text(each.ours, unit) for each, unit in measures],
    }
    if peers.together:
        others = peers.others
        columns[f"似た{others}団体の中央値"] = [value_text(m.median, unit) for m, unit in measures]
        columns["1以上の団体"] = [value_text(m.above_zero, f"/{others}団体") for m, _ in measures]
    table(columns, f"わがまちと似た{context.names().towns}の比較")
    if not peers.together:
        st.caption(escaped(too_few(peers.others, context.names().towns)))
    with st.expander("定義・集計基準・出典", icon=":material/info:"):
        for each in peers.measures:
            st.markdown(
                f"**{escaped(each.indicator.name)}** {escaped(each.indicator.definition)} "
                f"集計基準: {escaped(each.indicator.basis)} 基準日 {era_date(peers.as_of)}。"
                f"出典: {escaped(source_text(each.indicator.source))}"
            )
    table(
        {
            context.names().towns: (row.municipality.name for row in peers.rows),
            **{
                system: [legend_label(row.states[place].standing) for row in peers.rows]
                for place, system in enumerate(peers.systems)
            },
        },
        f"わがまちと似た{context.names().towns}の共同調達への参加",
    )
    st.caption(
        f"{era_date(peers.as_of)}時点。1行目がわがまち。参加は公表・記録されたもの。"
        + (
            f"ほかの項目は似た{context.names().towns}をまとめた値だけを示します。偶数のときの中央値は大きい方。"
            if peers.together
            else ""
        )
    )
