from functools import partial

import streamlit as st

from core.access.principal import Role
from core.figures.registry import indicators
from core.views.kpi import (
    alerts_view,
    courses_view,
    kpi_settings_view,
    papers_view,
    week_view,
)
from dashboard import context
from dashboard.kit import address, widgets
from dashboard.kpi import alerts, cards, courses, detail, files, papers, question, settings, week

principal = context.who()
st.title("事務局KPI", anchor=False)
question.take_address(principal)
asked = question.draw_filters(principal)
address.write(question.PAGE, asked)


def _week() -> None:
    lines = context.answer(week_view, principal, as_of=asked.as_of, today=context.today())
    week.draw_week(principal, lines, asked.as_of)


def _overview() -> None:
    answer = files.overview_of(asked, principal)
    cards.draw_cards(answer)
    alerts.draw_raised(principal, answer.alerts, asked.chosen)


def _history() -> None:
    told = principal.role is Role.SECRETARIAT or not any(asked.place.values())
    known = indicators(context.reference())
    subject = detail.draw_choice({k: each for k, each in known.items() if told or not each.private})
    courses.draw_courses(
        subject,
        asked.indicator,
        lambda: context.answer(
            courses_view,
            context.who(),
            subject=subject,
            as_of=asked.as_of,
            first=asked.first,
            today=context.today(),
            **asked.place,
        ),
        asked.first,
        asked.as_of,
    )
    detail.draw_detail(detail.detail_of(asked, principal), asked)


def _watched() -> None:
    found = context.answer(
        alerts_view, principal, as_of=asked.as_of, today=context.today(), **asked.place
    )
    if not found:
        widgets.empty_state("アラートはまだ設定されていません。", "notifications_off")
    else:
        alerts.draw_alerts(principal, found, asked.chosen)
    settings.draw_settings(principal, context.answer(kpi_settings_view, principal))


def _papers() -> None:
    papers.draw_papers(context.answer(papers_view, principal))


widgets.draw_tabs(
    question.TAB,
    {
        question.WEEK: _week,
        question.OVERVIEW: _overview,
        question.DETAIL: _history,
        "アラート・目標": _watched,
        "資料の書き出し": partial(files.draw_files, principal, asked),
        question.PAPERS: _papers,
    },
)
address.draw_link(question.PAGE, {"as_of": asked.as_of.isoformat(), **asked.query()})
