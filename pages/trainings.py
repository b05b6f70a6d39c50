import streamlit as st

from core.access.principal import Role, allows
from core.views.trainings import training_view, training_years_view
from dashboard import context
from dashboard.kit import address, titles, widgets
from dashboard.kit.typed import escaped
from dashboard.trainings import (
    calendar,
    detail,
    enrol,
    listing,
    office,
    ours,
    question,
    reach,
    subscribe,
)
from dashboard.trainings.question import PAGE, Question

principal = context.who()
st.title("研修", anchor=False)
address.take(Question, PAGE, principal)
asked = question.current(principal)
if asked.training:
    detail.draw_back(asked)
    with widgets.refusals_shown():
        answer = context.answer(
            training_view, principal, training_id=asked.training, as_of=context.today()
        )
        titles.title(answer.training.content.title)
        st.subheader(escaped(answer.training.content.title), anchor=False)
        if allows(principal, "training:manage"):
            office.draw_office(principal, answer)
        elif principal.role is Role.OFFICER and allows(principal, "enrolment:change"):
            left, right = st.columns([55, 45], gap="medium")
            with left:
                detail.draw_training(answer)
            with right:
                enrol.draw_enrolling(principal, answer, str(principal.lg_code))
        else:
            detail.draw_training(answer)
            detail.draw_sign_in_hint(principal, answer)
else:
    question.draw_views(principal)
    asked = question.current(principal)
    if asked.view in (question.LIST, question.MONTH, question.YEAR, question.REACH):
        years = context.answer(training_years_view, principal)
    if asked.view in (question.LIST, question.MONTH, question.YEAR):
        question.draw_filters(principal, years, month=asked.view == question.MONTH)
        asked = question.current(principal)
    match asked.view:
        case question.LIST:
            listing.draw_list(principal, asked)
        case question.MONTH:
            calendar.draw_month(principal, asked)
        case question.YEAR:
            calendar.draw_year(principal, asked, years)
        case question.OURS:
            ours.draw_ours(principal, asked, str(principal.lg_code))
        case question.SUBSCRIBE:
            subscribe.draw_subscribe(principal)
        case question.REACH:
            reach.draw_reach(principal, years)
        case question.DESK:
            office.draw_drafts(principal, asked)
address.write(PAGE, question.current(principal))
