import streamlit as st

from core.access.principal import Role, allows
from core.views.enrolments import training_desk_view
from core.views.trainings import training_view, training_years_view
from dashboard import context
from dashboard.kit import widgets
from dashboard.trainings import (
    asked,
    desk,
    detail,
    drafts,
    enrol,
    form,
    listing,
    month,
    ours,
    reach,
    steps,
    subscribe,
    year,
)

principal = context.who()
today = context.today()
st.title("研修", anchor=False)
if problems := asked.read_address(principal):
    st.warning("\n\n".join(map(widgets.escaped, problems)), icon=":material/link_off:")
officer = principal.role is Role.OFFICER and allows(principal, "enrolment:change")
secretariat = allows(principal, "training:manage")

question = asked.current(principal)
if question.training:
    detail.draw_back(question)
    with widgets.refusals_shown():
        answer = context.answer(
            training_view, principal, training_id=question.training, as_of=today
        )
        st.subheader(widgets.escaped(answer.training.content.title), anchor=False)
        if not secretariat:
            left, right = st.columns([55, 45], gap="medium") if officer else (st.container(), None)
            with left:
                detail.draw_training(answer)
                detail.draw_sign_in_hint(principal, answer)
            if right is not None:
                with right:
                    enrol.draw_enrolling(principal, answer, str(principal.lg_code))
        else:
            training = answer.training
            steps.draw_steps(training)
            seen, enrolled, revise, history = st.tabs(
                ["内容", "申込者・出席", "内容を直す", "履歴"],
                on_change="rerun",
                key="training.tab",
            )
            with seen:
                if seen.open:
                    detail.draw_training(answer)
            with enrolled:
                if enrolled.open:
                    own = training_desk_view(
                        context.engine(),
                        principal,
                        training_id=training.training_id,
                        now=context.now(),
                    )
                    desk.draw_desk(principal, own, answer)
            with revise:
                if revise.open:
                    form.draw_form(training)
            with history:
                if history.open:
                    own = training_desk_view(
                        context.engine(),
                        principal,
                        training_id=training.training_id,
                        now=context.now(),
                    )
                    steps.draw_history(own.history)
else:
    asked.draw_views(principal)
    question = asked.current(principal)
    if question.view in (asked.LIST, asked.MONTH, asked.YEAR, asked.REACH):
        years = context.answer(training_years_view, principal)
    if question.view in (asked.LIST, asked.MONTH, asked.YEAR):
        asked.draw_filters(principal, years, month=question.view == asked.MONTH)
        question = asked.current(principal)
    match question.view:
        case asked.LIST:
            listing.draw_list(principal, question)
        case asked.MONTH:
            month.draw_month(principal, question)
        case asked.YEAR:
            year.draw_year(principal, question, years)
        case asked.OURS:
            ours.draw_ours(principal, question, str(principal.lg_code))
        case asked.SUBSCRIBE:
            subscribe.draw_subscribe(principal)
        case asked.REACH:
            reach.draw_reach(principal, years)
        case asked.DESK:
            drafts.draw_drafts(principal, question)
asked.write_address(asked.current(principal))
