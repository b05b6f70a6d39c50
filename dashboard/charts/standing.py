"""参加の状態 as charts draw it: a mark, a word, and a fill that a grey print still tells apart."""

from __future__ import annotations

import altair as alt

from core.procurement.standing import Standing

# Lightness falls from 記録なし to 当初参加: the darker, the further in.
FILLS = {
    Standing.NONE: "#ffffff",
    Standing.LEFT: "#e6e6e6",
    Standing.INTEREST: "#e8f1fe",
    Standing.PLANNED: "#c5d7fb",
    Standing.MANDATE: "#a3bffa",
    Standing.FREE: "#7096f8",
    Standing.PAID_LATE: "#3460fb",
    Standing.PAID_INITIAL: "#0017c1",
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
