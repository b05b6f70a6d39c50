import streamlit as st

from core.access.principal import Role, allows
from core.values.fiscal import budget_request_year
from core.views.home import home_view
from core.views.kpi import alerts_view
from dashboard import context
from dashboard.home import first, news, systems
from dashboard.kit import widgets
from dashboard.kit.typed import escaped
from dashboard.kpi import alerts
from dashboard.our_municipality import receipts
from dashboard.trainings import upcoming

principal = context.who()
today = context.today()
fiscal_year = budget_request_year(today)
answer = context.answer(home_view, principal, as_of=today, fiscal_year=fiscal_year)

st.title(context.names().product, anchor=False)
if principal.role is Role.PUBLIC:
    st.caption(
        f"{context.names().prefecture}と{escaped(context.reference().everybody)}で、{context.names().purpose}ための画面です。"
        f" {today.isoformat()}現在"
    )
if principal.role is Role.SECRETARIAT:
    first.draw_due(principal, answer)
    news.draw_news(principal)
elif allows(principal, "assignment:read"):
    first.draw_visits()
else:
    first.draw_first(answer, fiscal_year)
    first.draw_due(principal, answer)
    news.draw_news(principal)
if principal.role is Role.OFFICER and allows(principal, "receipt:read"):
    receipts.draw_last(principal, str(principal.lg_code))
if allows(principal, "kpi:read"):
    alerts.draw_raised(principal, context.answer(alerts_view, principal, as_of=today))
if answer.office:
    st.subheader(f"{fiscal_year.full_label}の参加希望", anchor=False)
    widgets.figure_row([each.figure for each in answer.office], narrowest=165)

systems.draw_systems(principal, answer)
if answer.facts:
    widgets.figure_row([each.figure for each in answer.facts])
upcoming.draw_next(principal)
if principal.role in (Role.PUBLIC, Role.VIEWER):
    first.draw_screens(principal)
