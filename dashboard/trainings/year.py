"""年間: what is taught when, themes by months of one 年度."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from urllib.parse import urlencode

import streamlit as st

from core.access.principal import Principal
from core.values.fiscal import FISCAL_MONTHS, FiscalYear
from core.views.trainings import SessionCard, trainings_view
from dashboard import context
from dashboard.trainings import question as asking
from dashboard.trainings.question import Question
from dashboard.trainings.wording import day_text, draw_unknown_audience

_MOST = 12
"""Days a cell names."""


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
    """Themes by months as a table, and by month as a list for narrow screens; escaped."""
    cells: dict[tuple[str, int], list[SessionCard]] = {}
    for card in cards:
        cells.setdefault((card.line.content.theme, card.line.day.month), []).append(card)
    themes = [key for key in labels if any(theme == key for theme, _ in cells)]
    question = replace(question, view=asking.YEAR, fiscal_year=int(year))
    head = "".join(
        f'<th scope="col"><a href="{_month_address(year, month, question)}">{month}月</a></th>'
        for month in FISCAL_MONTHS
    )
    rows = "".join(
        f'<tr><th scope="row">{escape(labels[theme])}</th>'
        + "".join(f"<td>{_days(cells.get((theme, m), ()), question)}</td>" for m in FISCAL_MONTHS)
        + "</tr>"
        for theme in themes
    )
    return (
        f'<div class="noriai-year"><table><caption>{year.full_label}の研修(テーマ×月)</caption>'
        f'<thead><tr><th scope="col">テーマ</th>{head}</tr></thead><tbody>{rows}</tbody></table>'
        f'<div class="agenda">{_agenda(year, cards, labels, question)}</div></div>'
    )


def _month_address(year: FiscalYear, month: int, question: Question) -> str:
    there = replace(question, view=asking.MONTH, month=year.month(month), fiscal_year=None)
    return escape(f"?{urlencode(there.query())}")


def _days(cards: Sequence[SessionCard], question: Question) -> str:
    links = [_day_link(card, question) for card in cards[:_MOST]]
    if len(cards) > _MOST:
        links.append(f"ほか{len(cards) - _MOST}")
    return " ".join(links)


def _day_link(card: SessionCard, question: Question) -> str:
    line = card.line
    off = "(中止)" if line.cancelled else ""
    title = escape(f"{line.day.month}月{line.day.day}日 {line.content.title}")
    address = escape(f"?{urlencode(question.of(line.training_id))}")
    return f'<a href="{address}" title="{title}" aria-label="{title}">{line.day.day}{off}</a>'


def _agenda(
    year: FiscalYear, cards: Sequence[SessionCard], labels: Mapping[str, str], question: Question
) -> str:
    parts = [f"<h3>{year.full_label}の研修</h3>"]
    for month in FISCAL_MONTHS:
        own = [card for card in cards if card.line.day.month == month]
        if not own:
            continue
        items = "".join(_agenda_item(card, labels, question) for card in own)
        parts.append(
            f'<h4><a href="{_month_address(year, month, question)}">{month}月</a>({len(own)}日程)</h4>'
            f"<ul>{items}</ul>"
        )
    return "".join(parts)


def _agenda_item(card: SessionCard, labels: Mapping[str, str], question: Question) -> str:
    line = card.line
    off = "【中止】" if line.cancelled else ""
    address = escape(f"?{urlencode(question.of(line.training_id))}")
    return (
        f"<li>{day_text(line.day, year=False)} "
        f'<a href="{address}">{off}{escape(line.content.title)}</a><br>'
        f"{escape(labels.get(line.content.theme, line.content.theme))}</li>"
    )
