"""推移: every indicator of a 分野 as it went, those without a number folded away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

import streamlit as st

from core.figures.history import Point
from core.figures.indicator import Subject
from core.values.fiscal import era_date
from core.views.kpi import Course
from dashboard.kit.cards import Action, Card, cards
from dashboard.kit.typed import escaped
from dashboard.kpi.cards import definition
from dashboard.kpi.question import open_detail


def draw_courses(
    courses: Sequence[Course], subject: Subject, shown: str, first: date, as_of: date
) -> None:
    """One row an indicator: number of the day, how it went, the way to its rows.

    Args:
        shown: Key of the one in detail above.
    """
    st.subheader(f"{escaped(subject.label)}のほかの推移", anchor=False)
    st.caption(
        f"{era_date(first)}から{era_date(as_of)}まで。線は値が変わった日で上下し、それぞれ0から最大までの高さ。"
        "不明の間は線がありません。"
    )
    told = [each for each in courses if each.known and each.reading.key != shown]
    cards(
        [_row(each, first, as_of) for each in told],
        key=f"kpi.courses.{subject.value}",
        rows=True,
    )
    if empty := [each for each in courses if not each.known]:
        with st.expander(f"値がない指標({len(empty)})", icon=":material/unfold_more:"):
            st.markdown(
                "\n".join(
                    f"- {escaped(each.reading.indicator.name)}: {escaped(_why(each))}"
                    for each in empty
                )
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


def _why(course: Course) -> str:
    found = course.reading
    return found.why if found.value is None else f"ずっと{found.text}"
