import streamlit as st

from core.views.our_municipality import our_municipality_view
from core.views.peers import peers_view
from dashboard import context
from dashboard.boarding.own import draw_own_boarding
from dashboard.contacts.own import draw_contacts
from dashboard.frame import navigation
from dashboard.home import news
from dashboard.kit import widgets
from dashboard.kit.typed import escaped
from dashboard.kpi.peers import draw_peers
from dashboard.our_municipality import receipts, request_form, sections
from dashboard.our_municipality.year import draw_year
from dashboard.plans.wishes import draw_wish
from dashboard.trainings import ours as ours_enrolled

principal = context.who()
answer = context.answer(our_municipality_view, principal, lg_code=str(principal.lg_code))
ours = answer.municipality

st.title(escaped(ours.name), anchor=False)
st.caption(
    escaped(
        f"{ours.category}・{ours.area}地域・人口{ours.population:,}人"
        f"({ours.census_label})・団体コード{ours.lg_code}〔出典: {widgets.source_text(ours.source)}〕"
    )
)

draw_year(principal)

news.draw_news(principal, whole=True)

if navigation.is_there("plans"):
    st.subheader("参加希望", anchor=False)
    if not answer.wishes:
        widgets.empty_state("まだ参加希望を記録していません(未回答)。", "how_to_reg")
        navigation.link("plans", "支援プランを選ぶ", "calculate")
    for wish in answer.wishes:
        draw_wish(wish, context.reference().plan_title(wish.plan, wish.fiscal_year))

st.subheader("共同調達", anchor=False)
draw_own_boarding(principal)
navigation.link("quotations", "見積・契約額を残す・比べる", "request_quote")

if navigation.is_there("plans"):
    st.subheader("保存した試算", anchor=False)
    if not answer.kept:
        widgets.empty_state("保存した試算はまだありません。", "save")
    for kept in answer.kept:
        sections.draw_kept(kept)

st.subheader("予算要求の様式", anchor=False)
request_form.draw_request_form(principal, ours.lg_code)

if navigation.is_there("trainings"):
    st.subheader("研修の申込", anchor=False)
    ours_enrolled.draw_few(principal, ours.lg_code)
if navigation.is_there("consultations"):
    st.subheader("アドバイザー相談", anchor=False)
    sections.draw_consultations(answer)

st.subheader("担当者", anchor=False)
draw_contacts(principal, ours.lg_code)

st.subheader(f"似た{context.names().towns}との比較", anchor=False)
draw_peers(context.answer(peers_view, principal, lg_code=ours.lg_code, as_of=context.today()))

sections.draw_alike(answer)
if navigation.is_there("plans"):
    sections.draw_history(principal, answer)

st.subheader("受領の記録", anchor=False)
receipts.draw_receipts(principal, ours.lg_code)
