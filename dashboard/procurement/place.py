"""府内地図, matrix and breakdown: who stands where on the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from core.municipality import Municipality
from core.procurement.standing import NO_RECORD, State
from core.reference.procurement import Procurement
from dashboard.charts.look import filled_by_name
from dashboard.charts.map import PICKED, prefecture_map
from dashboard.charts.participation import participation_by_group
from dashboard.charts.standing import FILLS, legend_label
from dashboard.map_file import map_address
from dashboard.procurement import wording
from dashboard.procurement.filters import (
    Filters,
    choose_municipality,
    forget_map_click,
    map_key,
)

States = Mapping[tuple[str, str], State]
"""(``lg_code``, programme key) → 参加の状態; 記録なし where there is none."""
_MATRIX = "procurement.matrix"


def within(filters: Filters, municipalities: Sequence[Municipality]) -> list[Municipality]:
    """The municipalities that the filters 地域 and 区分 leave."""
    return [
        m
        for m in municipalities
        if filters.area in (None, m.area) and filters.category in (None, m.category)
    ]


def draw_map(
    filters: Filters,
    municipalities: Sequence[Municipality],
    states: States,
    programme: Procurement,
    ledger_source: str,
) -> None:
    """The map of one programme; a click opens the municipality's history."""
    shown = {m.lg_code for m in within(filters, municipalities)}
    standing = {code: states.get((code, programme.key), NO_RECORD) for code in shown}
    rows = [
        _map_row(m, states.get((m.lg_code, programme.key), NO_RECORD))
        | {"dim": m.lg_code not in shown, "chosen": m.lg_code == filters.lg_code}
        for m in municipalities
    ]
    sentence = wording.sentence(standing, programme.label)
    key = map_key()
    st.vega_lite_chart(
        filled_by_name(prefecture_map(map_address()), {"rows": rows}),
        key=key,
        on_select=partial(_take_map, key),
        alt=f"府内地図。{filters.as_of.isoformat()}時点の{sentence}",
    )
    st.caption(
        f"{filters.as_of.isoformat()}時点。{sentence}図形を選ぶと履歴が開きます。  \n"
        f"〔出典: {ledger_source}、地図は{wording.MAP_CREDIT}〕"
    )
    with st.expander(
        "地図の表", icon=":material/table:", on_change="rerun", key="procurement.map_table"
    ) as table:
        if table.open:
            _draw_map_table(rows)


def _map_row(municipality: Municipality, state: State) -> dict[str, Any]:
    return {
        "code": municipality.lg_code,
        "name": municipality.name,
        "state": legend_label(state.standing),
        "mark": state.standing.mark,
        "since": wording.since(state),
        "detail": wording.details(state) or "－",
        "lat": municipality.lat,
        "lng": municipality.lng,
    }


def _draw_map_table(rows: Sequence[Mapping[str, Any]]) -> None:
    shown = [row for row in rows if not row["dim"]]
    st.dataframe(
        pd.DataFrame(
            {
                "市町村": [row["name"] for row in shown],
                "参加の状態": [row["state"] for row in shown],
                "いつから": [row["since"] for row in shown],
                "補足": [row["detail"] for row in shown],
            }
        ),
        hide_index=True,
        alt="地図の表: 市町村ごとの参加の状態",
    )


def _take_map(key: str) -> None:
    picked = st.session_state[key]["selection"].get(PICKED) or [{}]
    choose_municipality(picked[0].get("code"))


def draw_matrix(
    filters: Filters,
    municipalities: Sequence[Municipality],
    states: States,
    programmes: Sequence[Procurement],
) -> None:
    """Every municipality × every programme; a row opens the municipality's history."""
    shown = within(filters, municipalities)
    codes = [m.lg_code for m in shown]
    frame = pd.DataFrame(
        {
            "市町村": [m.name for m in shown],
            **{
                each.short_label: [
                    wording.cell(states.get((code, each.key), NO_RECORD)) for code in codes
                ]
                for each in programmes
            },
            "人口": [m.population for m in shown],
            "区分": [m.category for m in shown],
            "地域": [m.area for m in shown],
        }
    )
    chosen = [codes.index(filters.lg_code)] if filters.lg_code in codes else []
    st.session_state[_MATRIX] = {"selection": {"rows": chosen, "columns": [], "cells": []}}
    st.dataframe(
        frame,
        hide_index=True,
        height=560,
        key=_MATRIX,
        on_select=partial(_take_row, codes),
        selection_mode="single-row",
        column_config={
            "市町村": st.column_config.TextColumn(pinned=True, width=96),
            "人口": st.column_config.NumberColumn("人口(人)", format="localized", width=92),
            **{
                each.short_label: st.column_config.TextColumn(
                    width=76, help=each.label, alignment="center"
                )
                for each in programmes
            },
        },
        alt=f"{filters.as_of.isoformat()}時点の市町村×共同調達の参加の状態",
    )
    st.caption(wording.legend())


def _take_row(codes: Sequence[str]) -> None:
    rows = st.session_state[_MATRIX]["selection"]["rows"]
    choose_municipality(codes[rows[0]] if rows and rows[0] < len(codes) else None)
    forget_map_click()


def draw_groups(
    filters: Filters,
    municipalities: Sequence[Municipality],
    states: States,
    programme: Procurement,
    ledger_source: str,
) -> None:
    """内訳 by 地域 and by 区分 of municipalities."""
    shown = within(filters, municipalities)
    left, right = st.columns(2, gap="medium")
    for column, title, group_of in (
        (left, "地域別", _area),
        (right, "市町村の区分別", _category),
    ):
        with column:
            st.markdown(f"**{title}** {programme.label}")
            groups: dict[str, list[State]] = {}
            for m in shown:
                groups.setdefault(group_of(m), []).append(
                    states.get((m.lg_code, programme.key), NO_RECORD)
                )
            _draw_group_chart(title, filters, groups)
    st.caption(
        f"単位: 団体。{filters.as_of.isoformat()}時点の参加の状態(集計基準にかかわらず全員)。"
        f"{wording.legend()}〔出典: {ledger_source}〕"
    )


def _area(municipality: Municipality) -> str:
    return municipality.area


def _category(municipality: Municipality) -> str:
    return municipality.category


def _draw_group_chart(title: str, filters: Filters, groups: Mapping[str, list[State]]) -> None:
    order = [*reversed(FILLS)]
    numbers = {
        name: {s: sum(state.standing is s for state in states) for s in order}
        for name, states in groups.items()
    }
    rows = [
        {
            "名前": name,
            "状態": legend_label(standing),
            "団体数": number,
            "順": order.index(standing),
            "文字": f"{standing.mark}{number}",
        }
        for name, found in numbers.items()
        for standing, number in found.items()
        if number
    ]
    st.vega_lite_chart(
        filled_by_name(participation_by_group(), {"rows": rows}),
        alt=f"{title}の参加の状態、{filters.as_of.isoformat()}時点。"
        + "、".join(f"{name}{len(states)}団体" for name, states in groups.items()),
    )
    used = [s for s in order if any(found[s] for found in numbers.values())]
    with st.expander(f"{title}の表", icon=":material/table:"):
        st.table(
            pd.DataFrame(
                {
                    title[:-1]: list(numbers),
                    **{legend_label(s): [found[s] for found in numbers.values()] for s in used},
                    "計": [len(states) for states in groups.values()],
                }
            ).set_index(title[:-1]),
            alt=f"{title}の団体数",
        )
