"""推移: every indicator of a 分野 as it went, those without a number folded away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

import streamlit as st

from core.figures.history import Point
from core.figures.indicator import Subject
from core.values.fiscal import era_date
from core.views.kpi import Course
from dashboard.kit.cards import Action, Card, cards, plain
from dashboard.kit.typed import escaped
from dashboard.kpi.cards import definition
from dashboard.kpi.question import CHOSEN, open_detail


def draw_courses(
    subject: Subject, shown: str, found: Callable[[], Sequence[Course]], first: date, as_of: date
) -> None:
    """One row an indicator: number of the day, how it went, the way to its rows.

    Args:
        shown: Key of the one in detail below.
        found: What the view says; asked for only while the list stands open.
    """
    chosen = st.session_state.get(CHOSEN) == shown
    box = st.expander(
        f"{escaped(subject.label)}の推移をまとめて見る",
        expanded=not chosen,  # whoever came for one indicator sees that one first
        icon=":material/monitoring:",
        key=f"kpi.courses.{shown}",
        on_change="rerun",
    )
    if box.open:
        with box:
            _draw_list(found(), subject, first, as_of)


def _draw_list(courses: Sequence[Course], subject: Subject, first: date, as_of: date) -> None:
    st.caption(
        f"{era_date(first)}から{era_date(as_of)}まで。線は値が変わった日で上下し、それぞれ0から最大までの高さ。"
        "不明の間は線がありません。"
    )
    told = [each for each in courses if each.known]
    cards(
        [_row(each, first, as_of) for each in told], key=f"kpi.courses.{subject.value}", rows=True
    )
    if empty := [each for each in courses if not each.known]:
        names = "、".join(each.reading.indicator.name for each in empty)
        st.html(
            f'<details class="noriai-folded"><summary>値がない指標({len(empty)})</summary>'
            f"<p>{plain(names)}</p></details>"
        )


def _row(course: Course, first: date, as_of: date) -> Card:
    found = course.reading
    return Card(
        key=found.key,
        title=found.indicator.name,
        value=found.text,
        lines=(_words(course.points, course),),
        course=tuple(_placed(point, first, as_of) for point in course.points),
        terms=definition(found.indicator),
        terms_label="定義",
        actions=(Action("内訳", on_press=partial(open_detail, found.key)),),
    )


def _placed(point: Point, first: date, as_of: date) -> tuple[float, float | None]:
    length = max((as_of - first).days, 1)
    value = None if point.value is None else float(point.value)
    return max((point.day - first).days, 0) / length, value


def _words(points: Sequence[Point], course: Course) -> str:
    """From where to where; also for whoever does not see the line."""
    text = course.reading.indicator.text
    known = [point for point in points if point.value is not None]
    if not known:
        return ""
    if known[0].value == known[-1].value:
        return f"{era_date(known[0].day)}から{text(known[0].value)}"
    return f"{era_date(known[0].day)} {text(known[0].value)} → {text(points[-1].value)}"
