"""月間 and 年間: real tables; on a narrow screen the same days as a list. Every text is escaped."""

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
from core.values.fiscal import FISCAL_MONTHS, FiscalYear
from core.values.holidays import holidays_between
from core.views.trainings import SessionCard, trainings_view
from dashboard import context
from dashboard.kit.typed import escaped
from dashboard.trainings import question as asking
from dashboard.trainings.question import Question
from dashboard.trainings.wording import day_text, draw_unknown_audience, time_text

_HEADINGS = "日月火水木金土"
_MOST = 4
"""Sessions a day of the month names at once; the others unfold."""
_MOST_DAYS = 12
"""Days a month of a theme names."""


def draw_month(principal: Principal, question: Question) -> None:
    """One month with its holidays, and the way to the months beside it."""
    today = context.today()
    first = question.month or today.replace(day=1)
    last = _next(first) - timedelta(days=1)
    before = (first - timedelta(days=1)).replace(day=1)
    with st.container(horizontal=True, vertical_alignment="center"):
        _month_button("前の月", before, icon=":material/chevron_left:")
        _month_button("今月", today, icon=":material/today:")
        _month_button("次の月", _next(first), icon=":material/chevron_right:")
    wanted = replace(question.filter, fiscal_year=None, first=first, last=last)
    answer = context.answer(trainings_view, principal, wanted=wanted, as_of=today, limit=None)
    st.html(month_html(first, today, answer.cards, question))
    if answer.cards:
        draw_unknown_audience(answer)
    else:
        _draw_elsewhere(principal, question, first, last)


def _next(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def _month_button(label: str, month: date, icon: str | None = None) -> None:
    st.button(
        escaped(label),
        icon=icon,
        key=f"trainings.go.{icon or label[:1]}",
        on_click=asking.set_month,
        args=(month.replace(day=1),),
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
                _month_button(f"{label}に研修がある月({day.year}年{day.month}月)へ", day)


def month_html(first: date, today: date, cards: Sequence[SessionCard], question: Question) -> str:
    """The month as a table, and as a list for narrow screens.

    Args:
        first: First day of the month.
        today: Marked as 今日.
        cards: Its sessions in order of day.
        question: Where links lead back to.
    """
    weeks = Calendar(SUNDAY).monthdatescalendar(first.year, first.month)
    holidays = holidays_between(weeks[0][0], weeks[-1][-1])
    question = replace(question, view=asking.MONTH, month=first)
    by_day: dict[date, list[SessionCard]] = {}
    for card in cards:
        by_day.setdefault(card.line.day, []).append(card)

    def link(card: SessionCard) -> str:
        start = card.line.session.start
        return _link(card, question, "" if start is None else f"{start:%H:%M} ")

    def cell(day: date) -> str:
        if day.month != first.month:
            return '<td class="outside"></td>'
        kinds = [f"day-{(day.weekday() + 1) % 7}"]
        kinds += ["holiday"] if day in holidays else []
        kinds += ["today"] if day == today else []
        items = [f"<li>{link(card)}</li>" for card in by_day.get(day, ())]
        if more := items[_MOST:]:
            folded = f"<summary>ほか{len(more)}件</summary>{_list(more)}"
            items[_MOST:] = [f"<li><details>{folded}</details></li>"]
        names = [*(["今日"] if day == today else []), *([holidays[day]] if day in holidays else [])]
        return (
            f'<td class="{" ".join(kinds)}"><span class="number">{day.day}</span>'
            f"{''.join(map(_name, names))}{_list(items)}</td>"
        )

    def item(day: date) -> str:
        names = [*([holidays[day]] if day in holidays else []), *(["今日"] if day == today else [])]
        lines = [
            f"<li>{link(card)}<br>{time_text(card.line.session.start, card.line.session.end)}・"
            f"{formats_label(card.line.session.formats)}</li>"
            for card in by_day.get(day, ())
        ]
        named = "".join(f" {_name(name)}" for name in names)
        return f"<li><strong>{day_text(day, year=False)}</strong>{named}{_list(lines)}</li>"

    head = "".join(
        f'<th scope="col" class="day-{number}">{name}</th>' for number, name in enumerate(_HEADINGS)
    )
    rows = "".join(f"<tr>{''.join(map(cell, week))}</tr>" for week in weeks)
    title = f"{first.year}年{first.month}月の研修({len(cards)}日程)"
    days = sorted({*by_day, *(day for day in holidays if day.month == first.month)})
    listed = _list([item(day) for day in days]) or "<p>研修も祝日もありません。</p>"
    return (
        f'<div class="noriai-month"><table><caption>{title}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        f'<div class="agenda"><h3>{title}</h3>{listed}</div></div>'
    )


def _list(items: Sequence[str]) -> str:
    return f"<ul>{''.join(items)}</ul>" if items else ""


def _name(text: str) -> str:
    return f'<span class="name">{escape(text)}</span>'


def _address(query: Mapping[str, str]) -> str:
    return escape(f"?{urlencode(query)}")


def _link(card: SessionCard, question: Question, when: str = "") -> str:
    line = card.line
    address = _address(question.of(line.training_id))
    words = f"{when}{escape(line.content.title)}"
    shown = f"【中止】<s>{words}</s>" if line.cancelled else words
    return f'<a href="{address}">{shown}</a>'


def draw_year(principal: Principal, question: Question, years: Sequence[FiscalYear]) -> None:
    """One 年度: the one filtered, else this one when it has sessions, else the newest."""
    this = context.this_fiscal_year()
    year = FiscalYear(question.fiscal_year or (this if this in years or not years else years[0]))
    wanted = replace(question.filter, fiscal_year=int(year))
    answer = context.answer(
        trainings_view, principal, wanted=wanted, as_of=context.today(), limit=None
    )
    if question.fiscal_year is None:
        st.caption(f"{year.full_label}を表示しています。ほかの年度は上の「年度」で選べます。")
    if not answer.cards:
        asking.draw_nothing_found(question, answer)
        return
    labels = {theme.key: theme.label for theme in answer.themes}
    st.html(year_html(year, answer.cards, labels, question))
    st.caption(
        f"{year.full_label}に{len(answer.cards)}日程。数字は開催日。"
        "「中止」のある日は開かれません。月の見出しを選ぶと、その月のカレンダーを開きます。"
    )
    draw_unknown_audience(answer)


def year_html(
    year: FiscalYear, cards: Sequence[SessionCard], labels: Mapping[str, str], question: Question
) -> str:
    """Themes by months as a table, and by month as a list for narrow screens."""
    cells: dict[tuple[str, int], list[SessionCard]] = {}
    by_month: dict[int, list[SessionCard]] = {}
    for card in cards:
        cells.setdefault((card.line.content.theme, card.line.day.month), []).append(card)
        by_month.setdefault(card.line.day.month, []).append(card)
    question = replace(question, view=asking.YEAR, fiscal_year=int(year))

    def month_link(month: int) -> str:
        there = replace(question, view=asking.MONTH, month=year.month(month), fiscal_year=None)
        return f'<a href="{_address(there.query())}">{month}月</a>'

    def days(of: Sequence[SessionCard]) -> str:
        links = [_day_link(card, question) for card in of[:_MOST_DAYS]]
        return " ".join([*links, *([f"ほか{len(of) - _MOST_DAYS}"] if of[_MOST_DAYS:] else [])])

    def item(card: SessionCard) -> str:
        theme = card.line.content.theme
        return (
            f"<li>{day_text(card.line.day, year=False)} {_link(card, question)}<br>"
            f"{escape(labels.get(theme, theme))}</li>"
        )

    head = "".join(f'<th scope="col">{month_link(month)}</th>' for month in FISCAL_MONTHS)
    rows = "".join(
        f'<tr><th scope="row">{escape(label)}</th>'
        + "".join(f"<td>{days(cells.get((theme, month), ()))}</td>" for month in FISCAL_MONTHS)
        + "</tr>"
        for theme, label in labels.items()
        if any(theme == key for key, _ in cells)
    )
    agenda = "".join(
        f"<h4>{month_link(month)}({len(by_month[month])}日程)</h4>"
        f"{_list([item(card) for card in by_month[month]])}"
        for month in FISCAL_MONTHS
        if month in by_month
    )
    return (
        f'<div class="noriai-year"><table><caption>{year.full_label}の研修(テーマ×月)</caption>'
        f'<thead><tr><th scope="col">テーマ</th>{head}</tr></thead><tbody>{rows}</tbody></table>'
        f'<div class="agenda"><h3>{year.full_label}の研修</h3>{agenda}</div></div>'
    )


def _day_link(card: SessionCard, question: Question) -> str:
    line = card.line
    off = "【中止】" if line.cancelled else ""
    title = escape(f"{off}{line.day.month}月{line.day.day}日 {line.content.title}")
    address = _address(question.of(line.training_id))
    shown = f"<s>{line.day.day}</s>中止" if line.cancelled else f"{line.day.day}"
    return f'<a href="{address}" title="{title}" aria-label="{title}">{shown}</a>'
