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
from dashboard.kit import address

principal = context.who()
answer = context.answer(advisors_view, principal, as_of=context.today())
arrived = address.take(Question, PAGE, principal)
question = address.current(Question, PAGE, principal)
if arrived and question.number:
    st.session_state["consultations.tab"] = "相談"

st.title("アドバイザー相談", anchor=False)
st.caption(
    "市町村DX推進アドバイザーに日常業務の相談ができます(市町村の費用負担なし)。"
    "申込み・やりとり・回答をここに残します。"
)
requests, examples, hearings, menu = st.tabs(
    ["相談", "好事例", "ヒアリング", "支援メニュー"], on_change="rerun", key="consultations.tab"
)
with requests:
    if requests.open:
        if allows(principal, "consultation:manage"):
            draw_office(principal, answer, arrived=arrived)
        else:
            draw_own(principal, answer)
with examples:
    if examples.open:
        draw_examples(principal)
with hearings:
    if hearings.open:
        draw_hearings(principal, answer.advisors.guide.hearing)
with menu:
    if menu.open:
        draw_menu(answer.advisors)
address.write(PAGE, address.current(Question, PAGE, principal))
