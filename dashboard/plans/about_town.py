"""What is known of the municipality an estimate is made for, in a line."""

from __future__ import annotations

import streamlit as st

from core.support.wish import WishEvent
from core.values.fiscal import FiscalYear
from core.values.money import yen_text
from core.views.plans import OwnPlans, TownAnswer
from dashboard import context
from dashboard.kit.typed import escaped
from dashboard.kit.widgets import source_text


def draw_about(answer: TownAnswer, before: FiscalYear, own: OwnPlans | None) -> None:
    """Who it is, who is like it, what it wished for the year before.

    Args:
        before: The year before the one that is asked for.
        own: Its own wishes; None for whoever may not see them.
    """
    ours = answer.municipality
    alike = "、".join(like.municipality.name for like in answer.alike)
    st.caption(
        escaped(
            f"{ours.name}({ours.category}・{ours.area}地域・人口{ours.population:,}人)。"
            f"似た{context.names().towns}: {alike or 'なし'}。"
            f"前年度({before.label})の希望: {_before(before, own)}"
        ),
        help=escaped(
            f"似た{context.names().towns}は、区分か地域が同じ、または人口が2倍以内(仮定)の{context.names().towns}。"
            f"人口は{context.reference().census}。出典: {'、'.join(map(source_text, context.reference().population_sources))}"
        ),
    )


def _before(year: FiscalYear, own: OwnPlans | None) -> str:
    if own is None:
        return "団体別には公表されていません(自団体の記録はサインインすると出ます)。"
    wishes = [event for (of, _), event in sorted(own.wishes.items()) if of == year]
    return "、".join(map(_wish, wishes)) + "。" if wishes else "記録はありません(未回答)。"


def _wish(event: WishEvent) -> str:
    return (
        f"プラン{event.plan} {event.state.label}(年{event.visits}回、一般財源{yen_text(event.net)})"
    )
