"""内訳: where the municipalities of each 地域 and each 区分 stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from core.procurement.coverage import CoverageState
from core.procurement.standing import Standing
from core.views.procurement import GroupAnswer, SystemAnswer
from dashboard import context
from dashboard.kit.charts.look import filled_by_name
from dashboard.kit.charts.participation import participation_by_group
from dashboard.kit.charts.standing import legend_label
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped
from dashboard.procurement import wording
from dashboard.procurement.question import Question


def draw_groups(system: SystemAnswer, question: Question, today: date) -> None:
    """Both breakdowns side by side, each with its sentence and table."""
    as_of = question.as_of
    complete = system.headline(question.basis).coverage is CoverageState.COMPLETE
    left, right = st.columns(2, gap="medium")
    for column, title, groups in (
        (left, "地域", system.areas),
        (right, f"{context.names().towns}の区分", system.categories),
    ):
        with column:
            _draw(title, groups, system.procurement.label, as_of, complete=complete)
    ahead = "今日より後に始まる参加は予定に数えます。" if as_of > today else ""
    st.caption(
        f"単位: 団体。{context.names().within}全{context.names().towns}の{as_of.isoformat()}時点の参加の状態。予定は委任状提出を含みます。{ahead}"
        f"{wording.ABSENT_MEANS if complete else wording.UNKNOWN_MEANS}"
        f"〔出典: {wording.ledger()}〕"
    )


def _draw(
    title: str, groups: Sequence[GroupAnswer], label: str, as_of: date, *, complete: bool
) -> None:
    st.markdown(f"**{escaped(title)}別** {escaped(label)}")
    numbers = {group.group.label: _standings(group, complete=complete) for group in groups}
    paid = "有償版の団体" if complete else "名前がわかる有償版の団体"
    order = list(next(iter(numbers.values())))
    fits = max(group.group.municipalities for group in groups) / 10  # else the words overlap
    rows = [
        {
            "名前": name,
            "状態": legend_label(standing),
            "団体数": number,
            "順": order.index(standing),
            "文字": standing.mark + (str(number) if number >= fits else ""),
        }
        for name, found in numbers.items()
        for standing, number in found.items()
        if number
    ]
    sentence = "、".join(
        f"{group.group.label}{group.counts.paid}/{group.group.municipalities}" for group in groups
    )
    st.vega_lite_chart(
        filled_by_name(participation_by_group(), {"rows": rows}),
        alt=f"{label}の{title}別の参加の状態、{as_of.isoformat()}時点。{paid}/全団体は{sentence}。",
    )
    st.caption(escaped(f"{paid}/全団体: {sentence}。"))
    used = [s for s in order if any(found[s] for found in numbers.values())]
    with st.expander(f"{escaped(title)}別の表", icon=":material/table:"):
        table(
            {
                title: (group.group.label for group in groups),
                **{legend_label(s): [found[s] for found in numbers.values()] for s in used},
                "計": (group.group.municipalities for group in groups),
                "人口": (f"{group.group.population:,}人" for group in groups),
                f"{paid}の人口": (f"{group.counts.population:,}人" for group in groups),
            },
            f"{label}の{title}別の団体数と人口",
        )


def _standings(group: GroupAnswer, *, complete: bool) -> dict[Standing, int]:
    counts = group.counts
    found = {
        Standing.PAID_INITIAL: counts.initial,
        Standing.PAID_LATE: counts.late,
        Standing.FREE: counts.free,
        Standing.PLANNED: counts.planned,
        Standing.INTEREST: counts.interest,
        Standing.LEFT: counts.left,
        Standing.WITHDRAWN: counts.withdrawn,
    }
    rest = Standing.ABSENT if complete else Standing.NONE
    return {**found, rest: group.group.municipalities - sum(found.values())}
