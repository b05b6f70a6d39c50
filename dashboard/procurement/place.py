"""The map and the names beside it, and the matrix: who stands where on the day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import streamlit as st

from core.procurement.standing import Standing, State
from core.reference.procurements import Procurement
from core.values.municipality import Municipality
from core.views.procurement import MatrixRow, ProcurementAnswer
from dashboard import context
from dashboard.kit.cards import plain
from dashboard.kit.charts.look import TEXT
from dashboard.kit.charts.map import Place, prefecture_map
from dashboard.kit.charts.standing import FILLS, HATCHED_CSS, legend_label
from dashboard.kit.choice import choose
from dashboard.kit.tables import table
from dashboard.procurement import wording
from dashboard.procurement.question import Question, choose_area, choose_municipality

_FITS = 200
"""Rows a page draws at once; 北海道, the largest prefecture, has 179."""


def _shown(question: Question, answer: ProcurementAnswer) -> list[MatrixRow]:
    """The municipalities that the filters 地域 and 区分 leave."""
    return [row for row in answer.rows if row.municipality and _within(question, row.municipality)]


def _within(question: Question, municipality: Municipality) -> bool:
    return question.area in (None, municipality.area) and question.category in (
        None,
        municipality.category,
    )


@dataclass(frozen=True)
class Part:
    """What is named one by one of the rows that the filters leave.

    Attributes:
        areas: 地域 to choose among; empty where all rows fit and all are named.
        area: The one whose rows are named; empty likewise.
    """

    rows: Sequence[MatrixRow]
    areas: Sequence[str] = ()
    area: str = ""


def part_of(question: Question, answer: ProcurementAnswer, ours: str | None) -> Part:
    """All rows where they fit, else one 地域: the one asked for, of who is open, the reader's, the first.

    Args:
        ours: The reader's municipality.
    """
    found: dict[str, list[MatrixRow]] = {}
    homes = {}
    for row in answer.rows:
        if row.municipality and question.category in (None, row.municipality.category):
            found.setdefault(row.municipality.area, []).append(row)
            homes[row.participant] = row.municipality.area
    if len(homes) <= _FITS:
        return Part(_shown(question, answer))
    wanted = (question.area, homes.get(question.lg_code or ""), homes.get(ours or ""), *found)
    area = next(each for each in wanted if each)
    return Part(found.get(area, ()), (*found,), area)


def draw_part(part: Part, key: str) -> None:
    """The choice of 地域 where not all rows are named at once."""
    if not part.areas:
        return
    st.session_state[key] = part.area if part.area in part.areas else None
    choose(
        st.selectbox,
        f"団体名を出す地域(全{len(part.areas)})",
        {each: each for each in part.areas},
        key=key,
        on_change=lambda: choose_area(st.session_state[key]),
        width=260,
    )


def draw_map(
    question: Question, answer: ProcurementAnswer, programme: Procurement, part: Part
) -> None:
    """The map of one programme; a click opens the municipality's history."""
    place = [system.procurement.key for system in answer.systems].index(programme.key)
    heir = context.reference().succession.heir
    places = [
        Place(
            code=row.municipality.lg_code,
            standing=row.states[place].standing,
            name=row.name,
            words=_words(
                row.municipality, row.states[place], whole=_marked(row.municipality, part)
            ),
            lat=row.municipality.lat,
            lng=row.municipality.lng,
            dim=not _within(question, row.municipality),
            chosen=row.participant == question.lg_code,
            marked=_marked(row.municipality, part),
        )
        for row in answer.rows
        if row.municipality
    ]
    states = [row.states[place] for row in _shown(question, answer)]
    sentence = wording.sentence(states, programme.label)
    prefecture_map(
        places,
        f"{context.names().within}地図。{question.as_of.isoformat()}時点の{sentence}",
        key="procurement.map",
        on_pick=choose_municipality,
        heir=lambda code: heir(code, question.as_of),
    )
    st.caption(
        f"{question.as_of.isoformat()}時点。図形を選ぶと、その{context.names().towns}の履歴が開きます。"
        f"〔出典: {wording.ledger()}、地図は{wording.MAP_CREDIT}〕"
    )


def draw_names(
    question: Question,
    answer: ProcurementAnswer,
    programme: Procurement,
    part: Part,
    ours: str | None,
) -> None:
    """Everybody by name, group by group as the map marks them; the furthest in first.

    Args:
        part: Whose names; the numbers are of all that the filters leave.
        ours: The reader's municipality, told apart like the one that is open.
    """
    place = [system.procurement.key for system in answer.systems].index(programme.key)
    numbers = Counter(row.states[place].standing for row in _shown(question, answer))
    groups: dict[Standing, list[MatrixRow]] = {}
    for row in part.rows:
        groups.setdefault(row.states[place].standing, []).append(row)
    html = "".join(
        _group(standing, numbers[standing], groups.get(standing, ()), {ours, question.lg_code})
        for standing in FILLS
        if standing in numbers
    )
    draw_part(part, "procurement.named")
    st.html(f'<div style="line-height:1.7;color:{TEXT}">{html}</div>')


_MEANS = {
    Standing.NONE: wording.UNKNOWN_MEANS,
    Standing.ABSENT: wording.ABSENT_MEANS,
}


def _group(
    standing: Standing, number: int, rows: Sequence[MatrixRow], bold: Collection[str | None]
) -> str:
    names = "".join(
        f"<span>{f'<b>{plain(row.name)}</b>' if row.participant in bold else plain(row.name)}</span>"
        for row in rows
    )
    means = _MEANS.get(standing, "")
    said = f' <small style="font-weight:400">{means}</small>' if means else ""
    return (
        f'<h3 style="font-size:1rem;margin:.6rem 0 .15rem">{_swatch(standing)}'
        f"{legend_label(standing)} {number}{said}</h3>"
        '<div style="display:grid;grid-template-columns:repeat(auto-fill,minmax(6.4em,1fr));'
        f'gap:0 .6em;font-size:.9375rem">{names}</div>'
    )


def _swatch(standing: Standing) -> str:
    """The fill of the map, so that the names are its legend."""
    fill = HATCHED_CSS if standing is Standing.NONE else FILLS[standing]
    return (
        f'<span aria-hidden="true" style="display:inline-block;width:.9rem;height:.9rem;'
        f'margin-right:.4rem;border:1px solid {TEXT};background:{fill}"></span>'
    )


def _marked(municipality: Municipality, part: Part) -> bool:
    return not part.areas or municipality.area == part.area


def _words(municipality: Municipality, state: State, *, whole: bool) -> str:
    """All of it, where the pointer rests; on a map of very many the standing alone."""
    said = f"{municipality.name}: {legend_label(state.standing)}"
    if not whole:
        return said
    said += f"、いつから: {wording.since(state)}"
    detail = wording.details(state)
    return f"{said}、補足: {detail}" if detail else said


def draw_matrix(question: Question, answer: ProcurementAnswer, part: Part) -> None:
    """Every municipality × every programme; a row opens the municipality's history."""
    shown = part.rows
    draw_part(part, "procurement.listed")
    codes = [row.participant for row in shown]
    programmes = [system.procurement for system in answer.systems]
    table(
        {
            context.names().towns: [row.name for row in shown],
            **{
                each.short_label: [wording.cell(row.states[place]) for row in shown]
                for place, each in enumerate(programmes)
            },
            "人口(人)": [f"{row.municipality.population:,}" for row in shown if row.municipality],
            "区分": [row.municipality and row.municipality.category for row in shown],
            "地域": [row.municipality and row.municipality.area for row in shown],
        },
        f"{question.as_of.isoformat()}時点の{context.names().towns}×共同調達の参加の状態",
        key="procurement.matrix",
        on_pick=lambda row: choose_municipality(codes[row]),
        chosen=codes.index(question.lg_code) if question.lg_code in codes else None,
    )
    states = [state for row in shown for state in row.states]
    st.caption(f"{wording.legend()}  \n{wording.meaning(states)}")
