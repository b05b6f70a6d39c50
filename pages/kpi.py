import streamlit as st

from core.access.principal import Role
from core.figures.registry import indicators
from core.reference.catalogue import shipped
from core.views.kpi import (
    alerts_view,
    kpi_detail_view,
    kpi_settings_view,
    kpi_view,
    papers_view,
    week_view,
)
from dashboard import context
from dashboard.kit import widgets
from dashboard.kpi import alerts, cards, detail, files, filters, papers, settings, week

principal = context.who()
today = context.today()
st.title("事務局KPI", anchor=False)
if problems := filters.read_address():
    st.warning("\n\n".join(map(widgets.escaped, problems)), icon=":material/link_off:")
asked = filters.draw_filters()
filters.write_address(asked)

this_week, overview, history, watched, exports, printed = st.tabs(
    [
        filters.WEEK,
        filters.OVERVIEW,
        filters.DETAIL,
        "アラート・目標",
        "資料の書き出し",
        filters.PAPERS,
    ],
    on_change="rerun",
    key=filters.TAB,
)
with this_week:
    if this_week.open:
        week.draw_week(principal, context.answer(week_view, principal, as_of=asked.as_of))
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
                for each in indicators(shipped()).values()
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
with st.expander("この画面のリンク", icon=":material/link:"):
    st.caption("このアドレスを開くと、同じ条件の画面が再現されます。")
    link = {"as_of": asked.as_of.isoformat(), **asked.query(today)}
    st.code(context.address("kpi", link), language=None, wrap_lines=True)
