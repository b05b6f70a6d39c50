import pandas as pd
import streamlit as st

from core.values.fiscal import japan_day
from core.values.money import yen_text
from core.views.our_municipality import our_municipality_view
from core.views.peers import peers_view
from dashboard import context
from dashboard.boarding.own import draw_own_boarding
from dashboard.consultations.wording import heading
from dashboard.frame import navigation
from dashboard.kit import widgets
from dashboard.kpi.peers import draw_peers
from dashboard.our_municipality.kept_form import draw_kept
from dashboard.plans.wishes import draw_wish
from dashboard.trainings import upcoming

principal = context.who()
answer = context.answer(our_municipality_view, principal, lg_code=str(principal.lg_code))
ours = answer.municipality
names = {plan.number: f"{plan.number}.{plan.name}" for plan in answer.plans}
short = {plan.number: f"{plan.number}. {plan.short_name}" for plan in answer.plans}

st.title(ours.name, anchor=False)
st.caption(
    f"{ours.category}・{ours.area}地域・人口{ours.population:,}人"
    f"(令和2年国勢調査)・団体コード{ours.lg_code}〔出典: {widgets.source_text('kokusei-2020')}〕"
)

st.subheader("参加希望", anchor=False)
if not answer.wishes:
    widgets.empty_state("まだ参加希望を記録していません(未回答)。", "how_to_reg")
    st.page_link(
        navigation.page_file("plans"), label="支援プランを選ぶ", icon=":material/calculate:"
    )
for wish in answer.wishes:
    draw_wish(wish, names[wish.plan])

st.subheader("共同調達", anchor=False)
draw_own_boarding(principal)

st.subheader("保存した試算", anchor=False)
if not answer.kept:
    widgets.empty_state("保存した試算はまだありません。", "save")
for kept in answer.kept:
    draw_kept(kept)

st.subheader("研修の申込", anchor=False)
upcoming.draw_own(principal, ours.lg_code)
st.subheader("アドバイザー相談", anchor=False)
if not answer.consultations:
    widgets.empty_state("進行中の相談はありません。", "forum")
for consultation in answer.consultations:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(widgets.escaped(heading(consultation)))
        st.page_link(
            navigation.page_file("consultations"),
            label="開く",
            icon=":material/arrow_forward:",
            query_params={"number": consultation.number.label},
        )

st.subheader("似た市町村との比較", anchor=False)
draw_peers(context.answer(peers_view, principal, lg_code=ours.lg_code, as_of=context.today()))

st.subheader("似た市町村", anchor=False)
st.caption(
    "区分か地域が同じ、または人口が2倍以内(仮定)の市町村。当てはまる数の多い順、同数なら人口の近い順。"
)
st.table(
    pd.DataFrame(
        {
            "市町村": [like.municipality.name for like in answer.alike],
            "区分": [like.municipality.category for like in answer.alike],
            "地域": [like.municipality.area for like in answer.alike],
            "人口": [f"{like.municipality.population:,}人" for like in answer.alike],
            "似ている点": ["、".join(like.reasons) for like in answer.alike],
        }
    ).set_index("市町村"),
    alt="似た市町村の一覧",
)

with st.expander("参加希望の履歴", icon=":material/history:"):
    if answer.history:
        st.table(
            pd.DataFrame(
                {
                    "記録日": [japan_day(event.recorded_at) for event in answer.history],
                    "年度": [event.fiscal_year.label for event in answer.history],
                    "プラン": [short[event.plan] for event in answer.history],
                    "状態": [event.state.label for event in answer.history],
                    "回数": [f"{event.visits}回" for event in answer.history],
                    "一般財源": [yen_text(event.net) for event in answer.history],
                    "理由": [event.reason for event in answer.history],
                    "記録した人": [event.recorded_by for event in answer.history],
                }
            ).set_index("記録日"),
            alt="参加希望の履歴",
        )
    else:
        st.caption("記録はまだありません。")
