"""The fields of a municipality's card, for a change and for a merger."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from core.commands.catalogue import NEW_SOURCE, REASON
from core.reference.municipal_changes import CENSUSES, KANA, NAME, MunicipalityCard
from core.reference.pack import Reference
from core.values.municipality import Municipality, census_text
from dashboard import context
from dashboard.catalogue.form import draw_source, read_new_source
from dashboard.kit import written
from dashboard.kit.choice import choose
from dashboard.kit.form import Fields
from dashboard.kit.typed import escaped

_EARLIEST, _LATEST = date(2021, 4, 1), date(2045, 3, 31)
_KINDS = ("政令指定都市", "中核市", "施行時特例市", "一般市", "町", "村")


def draw_day(field: Fields, label: str) -> date | None:
    """The first day of a change or a merger; None while none is chosen."""

    def draw(*, key: str) -> object:
        return st.date_input(
            escaped(label), None, min_value=_EARLIEST, max_value=_LATEST, format="YYYY-MM-DD", key=key,
            width=200,
        )  # fmt: skip

    found = field("day", draw)
    return found if isinstance(found, date) else None


def draw_card(
    field: Fields, usual: Municipality, reference: Reference, *, new: bool = False
) -> None:
    """Everything said of a municipality.

    Args:
        usual: What the fields hold at first.
        new: Whether its code is asked for.
    """
    kinds = dict.fromkeys([*_KINDS, *(group.label for group in reference.categories)])
    areas = dict.fromkeys(group.label for group in reference.areas)
    with st.grid("auto", min_column_width=260):
        if new:
            with st.container():
                field(
                    "lg_code", written.text, "団体コード(必須)", longest=6, help="検査数字を含む6桁"
                )
        with st.container():
            field("name", written.text, "名称(必須)", longest=NAME.longest, value=usual.name)
        with st.container():
            field("kana", written.text, "読み(必須)", longest=KANA.longest, value=usual.kana)
        with st.container():
            field(
                "category", choose, st.selectbox, "区分(必須)", {each: each for each in kinds},
                usual.category or None, placeholder="選んでください",
            )  # fmt: skip
        with st.container():
            field(
                "area", choose, st.selectbox, "地域(必須)",
                {each: each for each in areas}, usual.area, placeholder="選んでください",
            )  # fmt: skip
        with st.container():
            people = usual.population or None
            field("population", written.count, "人口(必須)", unit="人", value=people)
        with st.container():
            years = {str(year): census_text(year) for year in CENSUSES if year <= _this_census()}
            field(
                "census", choose, st.selectbox, "どの国勢調査の人口か(必須)", years,
                str(usual.census),
            )  # fmt: skip
        with st.container():
            field("lat", written.text, "役所・役場の緯度(必須)", longest=20, value=str(usual.lat))
        with st.container():
            field("lng", written.text, "役所・役場の経度(必須)", longest=20, value=str(usual.lng))
    draw_source(field, usual.source, reference, "人口の出典(必須)")


def _this_census() -> int:
    return context.today().year


def draw_reason(field: Fields) -> None:
    """Why it is recorded."""
    field("reason", written.text, REASON.label, longest=REASON.longest, lines=True, height=68)


def card_of(
    field: Fields, code: str
) -> tuple[MunicipalityCard, dict[str, Any] | None, dict[str, str]]:
    """What was typed, a source that was typed with it, and what cannot be read."""
    asked, problems = field.values, dict[str, str]()
    for name, label in (("name", "名称"), ("kana", "読み")):
        if not (asked[name] or "").strip():
            problems[name] = f"{label}を書いてください。"
    for name, label in (("category", "区分"), ("area", "地域")):
        if not asked[name]:
            problems[name] = f"{label}を選んでください。"
    source = read_new_source(field, problems) if asked["source"] == NEW_SOURCE else None
    card = MunicipalityCard(
        lg_code=code,
        name=asked["name"] or "",
        kana=asked["kana"] or "",
        category=asked["category"] or "",
        area=asked["area"] or "",
        population=asked["population"],
        census=int(asked["census"] or 0),
        source_key=asked["source"] or "",
        lat=_degrees(asked["lat"]),
        lng=_degrees(asked["lng"]),
    )
    return card, source, problems


def _degrees(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:
        return None
