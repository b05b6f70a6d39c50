"""共同調達のいま: every system by what is known best, the names known inside it, in one table."""

from __future__ import annotations

import streamlit as st

from core.access.principal import Principal, Role
from core.exports.kpi.wording import inside_words
from core.procurement.headline import Origin
from core.values.offer import OfferedPart
from core.views.home import HomeAnswer, SystemLine
from dashboard import context
from dashboard.frame import navigation
from dashboard.kit.cards import definitions, plain
from dashboard.kit.headline_bar import (
    ABSENT,
    NAMED,
    PLANNED,
    PUBLISHED,
    UNKNOWN,
    bar_legend,
    headline_bar,
)
from dashboard.kit.widgets import publisher_text, source_text

_ALT = "システムごとの参加団体の数と、いつの何による数か"


def draw_systems(principal: Principal, answer: HomeAnswer) -> None:
    """A row a system: its number, its bar, from where it is known; where ours stands."""
    st.subheader(
        f"共同調達のいま :small[{answer.municipalities}{context.names().towns}のうち]", anchor=False
    )
    ours = principal.role is Role.OFFICER
    heads = ["システム", "参加", "内訳と、いつの何による数か", *(["わがまち"] if ours else [])]
    right = {"参加": ' class="number"'}
    head = "".join(f'<th scope="col"{right.get(name, "")}>{name}</th>' for name in heads)
    rows = "".join(_row(line, answer.municipalities, ours=ours) for line in answer.systems)
    looks = [(name, "") for name in (NAMED, PUBLISHED, PLANNED, ABSENT, UNKNOWN)]
    st.html(
        f'<div class="noriai-table" role="region" tabindex="0" aria-label="{_ALT}">'
        f"<table><caption>{_ALT}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        f"</div>{bar_legend(looks, '予定は実績と足しません。')}"
    )
    definitions({line.reading.figure.label: _definition(line) for line in answer.systems})
    with st.container(horizontal=True):
        with_map = OfferedPart.MAP in context.reference().offers
        navigation.link("procurement", "地図と名前を見る" if with_map else "名前を見る", "map")
        navigation.link("boarding", "後乗りを考える", "directions_bus")


def _row(line: SystemLine, municipalities: int, *, ours: bool) -> str:
    bar = headline_bar(_parts(line, municipalities), municipalities)
    planned = f"、予定{line.planned}" if line.planned else ""
    cells = [
        f'<td class="number"><b>{plain(line.reading.text)}</b></td>',
        f'<td style="width:70%">{bar}<small>{plain(_said(line))}{planned}</small></td>',
        *([f"<td><b>{plain(line.ours)}</b></td>"] if ours else []),
    ]
    return f'<tr><th scope="row" class="word">{plain(_name(line))}</th>{"".join(cells)}</tr>'


def _definition(line: SystemLine) -> str:
    figure = line.reading.figure
    return (
        f"{figure.definition} {figure.basis} 基準日 {figure.as_of}。"
        f"出典: {source_text(figure.source)}"
    )


def _name(line: SystemLine) -> str:
    return line.reading.indicator.name.removesuffix(": 参加")


def _said(line: SystemLine) -> str:
    birth = line.reading.birth
    if birth.origin is None:
        return "、".join(filter(None, ("公表値も台帳の網羅もない", inside_words(line.reading))))
    by = "台帳" if birth.origin.value == "ledger" else publisher_text(birth.source)
    inside = inside_words(line.reading) if line.named else ""
    return "、".join(filter(None, (f"{birth.origin.label} {birth.as_of}", inside, by)))


def _parts(line: SystemLine, municipalities: int) -> dict[str, int]:
    value = line.reading.value
    beyond = 0 if value is None else max(int(value) - line.named, 0)
    parts = {NAMED: line.named, PUBLISHED: beyond, PLANNED: line.planned}
    if line.reading.birth.origin is Origin.LEDGER:
        parts[ABSENT] = municipalities - sum(parts.values())
    return parts
