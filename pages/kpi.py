import streamlit as st

from core.access.principal import Role
from core.figures.registry import indicators
from core.views.kpi import (
    alerts_view,
    kpi_detail_view,
    kpi_settings_view,
    kpi_view,
    papers_view,
    week_view,
)
from dashboard import context
from dashboard.kit import address, widgets
from dashboard.kpi import alerts, cards, detail, files, papers, question, settings, week

principal = context.who()
st.title("事務局KPI", anchor=False)
question.take_address(principal)
asked = question.draw_filters(principal)
address.write(question.PAGE, asked)

this_week, overview, history, watched, exports, printed = st.tabs(
    [
        question.WEEK,
        question.OVERVIEW,
        question.DETAIL,
        "アラート・目標",
        "資料の書き出し",
        question.PAPERS,
    ],
    on_change="rerun",
    key=question.TAB,
)
with this_week:
    if this_week.open:
        lines = context.answer(week_view, principal, as_of=asked.as_of)
        week.draw_week(principal, lines, asked.as_of)
with overview:
    if overview.open:
        answer = context.answer(
            kpi_view,
            principal,
            as_of=asked.as_of,
            compared_with=asked.compared_with,
            **asked.place,
        )
        alerts.draw_raised(principal, answer.alerts)
        cards.draw_cards(answer)
with history:
    if history.open:
        told = principal.role is Role.SECRETARIAT or not any(asked.place.values())
        detail.draw_choice(
            {
                each.key: each.name
                for each in indicators(context.reference()).values()
                if told or not each.private
            }
        )
        detail.draw_detail(
            context.answer(
                kpi_detail_view,
                principal,
                indicator=asked.indicator,
                as_of=asked.as_of,
                first=asked.first,
                compared_with=asked.compared_with,
                **asked.place,
            ),
            asked,
        )
with watched:
    if watched.open:
        found = context.answer(alerts_view, principal, as_of=asked.as_of)
        if not found:
            widgets.empty_state("アラートはまだ設定されていません。", "notifications_off")
        alerts.draw_alerts(principal, found, named=True)
        settings.draw_settings(principal, context.answer(kpi_settings_view, principal), asked.as_of)
with exports:
    if exports.open:
        files.draw_files(principal, asked)
with printed:
    if printed.open:
        papers.draw_papers(context.answer(papers_view, principal))
address.draw_link(question.PAGE, {"as_of": asked.as_of.isoformat(), **asked.query()})
