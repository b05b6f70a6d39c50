"""参加の状態 as charts draw it: a mark, a word, and a fill that a grey print still tells apart."""

from __future__ import annotations

import altair as alt

from core.procurement.standing import Standing

# Lightness rises from 当初参加 to 記録なし: the darker, the further in.
FILLS = {
    Standing.PAID_INITIAL: "#0017c1",
    Standing.PAID_LATE: "#3460fb",
    Standing.FREE: "#7096f8",
    Standing.MANDATE: "#a3bffa",
    Standing.PLANNED: "#c5d7fb",
    Standing.INTEREST: "#e8f1fe",
    Standing.LEFT: "#d9d9d9",
    Standing.WITHDRAWN: "#f2f2f2",
    Standing.NONE: "#ffffff",
}
_WHITE_ON = (Standing.PAID_LATE, Standing.PAID_INITIAL)


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
        field=field, oneOf=[legend_label(standing) for standing in _WHITE_ON]
    )
