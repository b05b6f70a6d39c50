from functools import partial

import streamlit as st

from core.access.principal import allows
from core.views.consultations import advisors_view
from dashboard import context
from dashboard.consultations.examples import draw_examples
from dashboard.consultations.hearings import draw_hearings
from dashboard.consultations.menu import draw_menu
from dashboard.consultations.office import draw_office
from dashboard.consultations.own import draw_own
from dashboard.consultations.question import PAGE, Question
from dashboard.kit import address, titles, widgets

principal = context.who()
answer = context.answer(advisors_view, principal, as_of=context.today())
arrived = address.take(Question, PAGE, principal)
question = address.current(Question, PAGE, principal)
widgets.take_tab("consultations.tab")
if arrived and question.number:
    st.session_state["consultations.tab"] = "相談"

if question.number:
    titles.title(question.number)
st.title("アドバイザー相談", anchor=False)
st.caption(
    f"{context.names().towns}DX推進アドバイザーに日常業務の相談ができます({context.names().towns}の費用負担なし)。"
    "申込み・やりとり・回答をここに残します。"
)
manages = allows(principal, "consultation:manage")
widgets.draw_tabs(
    "consultations.tab",
    {
        "相談": partial(draw_office, principal, answer, arrived=arrived)
        if manages
        else partial(draw_own, principal, answer),
        "好事例": partial(draw_examples, principal),
        "ヒアリング": partial(draw_hearings, principal, answer.advisors.guide.hearing),
        "支援メニュー": partial(draw_menu, answer.advisors),
    },
)
address.write(PAGE, address.current(Question, PAGE, principal))
