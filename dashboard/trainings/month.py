"""月間: a real table of weeks; on a narrow screen the same days as a list."""

from __future__ import annotations

from calendar import SUNDAY, Calendar
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from html import escape
from urllib.parse import urlencode

import streamlit as st

from core.access.principal import Principal
from core.training.vocabulary import formats_label
from core.values.holidays import holidays_between
from core.views.trainings import SessionCard, trainings_view
from dashboard import context
from dashboard.trainings import question as asking
from dashboard.trainings.question import Question
from dashboard.trainings.wording import day_text, draw_unknown_audience, time_text

_HEADINGS = "日月火水木金土"
_MOST = 4
"""Sessions a day of the table names at once; the others unfold."""


def draw_month(principal: Principal, question: Question) -> None:
    """One month with its holidays, and the way to the months beside it."""
    today = context.today()
    first = question.month or today.replace(day=1)
    _draw_steps(first, today)
    last = _next(first) - timedelta(days=1)
    wanted = replace(question.filter, fiscal_year=None, first=first, last=last)
    answer = context.answer(trainings_view, principal, wanted=wanted, as_of=today, limit=None)
    by_day: dict[date, list[SessionCard]] = {}
    for card in answer.cards:
        by_day.setdefault(card.line.day, []).append(card)
    st.html(month_html(first, today, by_day, question))
    if not answer.cards:
        _draw_elsewhere(principal, question, first, last)
    else:
        draw_unknown_audience(answer)


def _next(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def _draw_steps(first: date, today: date) -> None:
    before = (first - timedelta(days=1)).replace(day=1)
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, icon, month in (
            ("前の月", "chevron_left", before),
            ("今月", "today", today.replace(day=1)),
            ("次の月", "chevron_right", _next(first)),
        ):
            st.button(
                label,
                icon=f":material/{icon}:",
                key=f"trainings.go.{icon}",
                on_click=asking.set_month,
                args=(month,),
            )


def _draw_elsewhere(principal: Principal, question: Question, first: date, last: date) -> None:
    """The nearest months that have something."""
    st.caption(f"{first.year}年{first.month}月に、条件に合う研修はありません。")
    wanted = replace(question.filter, fiscal_year=None)
    before = replace(wanted, last=first - timedelta(days=1))
    after = replace(wanted, first=last + timedelta(days=1))
    with st.container(horizontal=True):
        for label, there, newest in (("直前", before, True), ("次", after, False)):
            near = context.answer(
                trainings_view,
                principal,
                wanted=there,
                as_of=context.today(),
                newest_first=newest,
                limit=1,
            )
            for card in near.cards:
                day = card.line.day
                st.button(
                    f"{label}に研修がある月({day.year}年{day.month}月)へ",
                    key=f"trainings.near.{newest}",
                    on_click=asking.set_month,
                    args=(day.replace(day=1),),
                )


def month_html(
    first: date, today: date, by_day: Mapping[date, Sequence[SessionCard]], question: Question
) -> str:
    """The month as a table, and as a list for narrow screens; every text escaped.

    Args:
        first: First day of the month.
        today: Marked as 今日.
        by_day: Sessions by day.
        question: The question; links lead back to it.
    """
    weeks = Calendar(SUNDAY).monthdatescalendar(first.year, first.month)
    holidays = holidays_between(weeks[0][0], weeks[-1][-1])
    question = replace(question, view=asking.MONTH, month=first)
    head = "".join(
        f'<th scope="col" class="day-{number}">{name}</th>' for number, name in enumerate(_HEADINGS)
    )
    rows = "".join(
        "<tr>"
        + "".join(_cell(day, first, today, holidays, by_day, question) for day in week)
        + "</tr>"
        for week in weeks
    )
    title = f"{first.year}年{first.month}月"
    count = sum(map(len, by_day.values()))
    return (
        f'<div class="noriai-month"><table><caption>{title}の研修({count}日程)</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        f'<div class="agenda"><h3>{title}の研修({count}日程)</h3>'
        f"{_agenda(first, today, holidays, by_day, question)}</div></div>"
    )


def _cell(
    day: date,
    first: date,
    today: date,
    holidays: Mapping[date, str],
    by_day: Mapping[date, Sequence[SessionCard]],
    question: Question,
) -> str:
    if day.month != first.month:
        return '<td class="outside"></td>'
    holiday = holidays.get(day)
    kinds = [f"day-{(day.weekday() + 1) % 7}"]
    kinds += ["holiday"] if holiday else []
    kinds += ["today"] if day == today else []
    cards = by_day.get(day, ())
    links = [f"<li>{_link(card, question)}</li>" for card in cards]
    items = "".join(links[:_MOST])
    if more := links[_MOST:]:
        items += f"<li><details><summary>ほか{len(more)}件</summary><ul>{''.join(more)}</ul></details></li>"
    note = f'<span class="name">{escape(holiday)}</span>' if holiday else ""
    mark = '<span class="name">今日</span>' if day == today else ""
    listed = f"<ul>{items}</ul>" if items else ""
    return f'<td class="{" ".join(kinds)}"><span class="number">{day.day}</span>{mark}{note}{listed}</td>'


def _link(card: SessionCard, question: Question) -> str:
    line = card.line
    when = "" if line.session.start is None else f"{line.session.start:%H:%M} "
    off = "【中止】" if line.cancelled else ""
    address = escape(f"?{urlencode(question.of(line.training_id))}")
    return f'<a href="{address}">{off}{when}{escape(line.content.title)}</a>'


def _agenda(
    first: date,
    today: date,
    holidays: Mapping[date, str],
    by_day: Mapping[date, Sequence[SessionCard]],
    question: Question,
) -> str:
    days = sorted({*by_day, *(day for day in holidays if day.month == first.month)})
    if not days:
        return "<p>研修も祝日もありません。</p>"
    items = []
    for day in days:
        name = f' <span class="name">{escape(holidays[day])}</span>' if day in holidays else ""
        name += ' <span class="name">今日</span>' if day == today else ""
        lines = "".join(
            f"<li>{_link(card, question)}<br>{time_text(card.line.session.start, card.line.session.end)}・"
            f"{formats_label(card.line.session.formats)}</li>"
            for card in by_day.get(day, ())
        )
        listed = f"<ul>{lines}</ul>" if lines else ""
        items.append(f"<li><strong>{day_text(day, year=False)}</strong>{name}{listed}</li>")
    return f"<ul>{''.join(items)}</ul>"
