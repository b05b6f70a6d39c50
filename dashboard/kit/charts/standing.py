"""参加の状態 as charts draw it: a mark, a word, and a fill that a grey print still tells apart."""

from __future__ import annotations

import altair as alt

from core.procurement.standing import Standing

UNKNOWN_FILL = "url(#noriai-unknown)"
"""Hatching of what is not known; the pattern is part of the page (dashboard.frame.page_html)."""
HATCHED_CSS = "repeating-linear-gradient(45deg,#ffffff 0 3px,#a8a8a8 3px 4.6px)"
"""The same for a block of HTML."""

# Lightness rises from 当初参加 to 不参加: the darker, the further in. 不明 is hatched, so that a grey
# print tells it from every fill.
FILLS = {
    Standing.PAID_INITIAL: "#0017c1",
    Standing.PAID_LATE: "#3460fb",
    Standing.FREE: "#7096f8",
    Standing.MANDATE: "#a3bffa",
    Standing.PLANNED: "#c5d7fb",
    Standing.INTEREST: "#e8f1fe",
    Standing.LEFT: "#d9d9d9",
    Standing.WITHDRAWN: "#f2f2f2",
    Standing.ABSENT: "#ffffff",
    Standing.NONE: UNKNOWN_FILL,
}
WHITE_ON = (Standing.PAID_LATE, Standing.PAID_INITIAL)


def legend_label(standing: Standing) -> str:
    """◎ 当初参加: mark and word, the same in map, table and legend."""
    return f"{standing.mark} {standing.label}"


def fill_scale() -> alt.Scale:
    """Legend label → fill."""
    return alt.Scale(
        domain=[legend_label(standing) for standing in FILLS], range=list(FILLS.values())
    )


def white_on_dark(field: str) -> alt.FieldOneOfPredicate:
    """Whether the fill of a state asks for white text."""
    return alt.FieldOneOfPredicate(
        field=field, oneOf=[legend_label(standing) for standing in WHITE_ON]
    )
