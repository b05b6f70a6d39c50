from functools import partial

import streamlit as st

from core.access.principal import Role
from core.estimate.caveats import is_provisional
from core.exports.budget import budget_file_name, budget_workbook
from core.values.fiscal import FiscalYear
from core.views.plans import own_plans_view, plans_frame_view, plans_view
from dashboard import context
from dashboard.frame import navigation
from dashboard.kit import address, widgets
from dashboard.kit.answer import answer as answered_here
from dashboard.kit.real_burden import draw_real_burden
from dashboard.kit.sticky import result_bar
from dashboard.kit.submit import download
from dashboard.kit.town import town
from dashboard.plans import (
    about_town,
    ceiling,
    inputs,
    kept,
    paper,
    printed,
    result,
    rows,
    wishes,
)
from dashboard.plans.question import PAGE

principal = context.who()
frame = context.answer(plans_frame_view, principal, as_of=context.today())

st.title("プラン選択・費用試算", anchor=False)
inputs.take(frame, principal)
asked = inputs.asked(frame, principal)
request = asked.question.request
plans = list(frame.plans(request.fiscal_year))
address.write(PAGE, asked.question)
link = context.address(PAGE, asked.question.query())
(demand, no_demand), (shortfall, no_shortfall) = (
    inputs.amount_of(f"plans.{name}", result.MOST) for name in ("demand", "shortfall")
)
ours = town(principal)
own = (
    context.answer(own_plans_view, principal, lg_code=ours.lg_code)
    if principal.role is Role.OFFICER and ours is not None
    else None
)
answer = context.answer(
    plans_view,
    principal,
    request=request,
    visits=inputs.visits_of_inputs(frame, request.fiscal_year),
    made_for=ours.lg_code if ours else None,
    demand=demand,
    shortfall=shortfall,
    real=asked.question.real_request,
)
estimate = answer.estimate
year = estimate.first
old = asked.wrong or no_demand or no_shortfall

with st.container(key="plans-screen"):
    inputs.draw_frame(frame, principal)
    if answer.town is not None:
        about_town.draw_about(answer.town, FiscalYear(request.fiscal_year - 1), own)
    rows.draw_rows(
        frame,
        request.fiscal_year,
        answer.alone,
        result.payer(ours),
        provisional=is_provisional(year),
    )

    widgets.draw_tabs(
        "plans.tab",
        {
            "内訳": result.once_chosen(year, lambda: result.draw_breakdown(estimate, plans)),
            "計算の過程": result.once_chosen(year, lambda: result.draw_working(answer)),
            "上限から選ぶ": lambda: ceiling.draw_ceiling(principal, request, frame),
            "条件を変えて試す": lambda: result.draw_conditions(answer),
        }
        | ({} if own is None else {kept.TAB: partial(kept.draw_compare, principal, own, estimate)}),
    )
    if year.lines:
        draw_real_burden(PAGE, answer.real, answer.real_problems, old=asked.wrong)
    address.draw_link(PAGE, asked.question.query())

if year.lines and not old:
    printed.draw_printed(answer, ours, plans)

with result_bar("plans"):
    result.draw_bar(answer, ours, old=old)
    with st.container(horizontal=True, key="plans-acts", vertical_alignment="bottom"):
        download(
            "予算要求書(Excel)を作る",
            lambda _: budget_workbook(
                estimate,
                reference=context.reference(),
                municipality=ours.name if ours else None,
                made_on=context.today(),
                link=link,
                made_up=widgets.made_up(),
                real=answer.real,
            ),
            budget_file_name(
                estimate, ours.name if ours else None, context.today(), made_up=widgets.made_up()
            ),
            icon=":material/table_view:",
            primary=True,
            disabled=old or not year.lines or bool(answer.real_problems),
            key="plans.workbook",
        )
        paper.draw_papers(principal, estimate, ours, link, old=old)
        if own is not None and ours is not None:
            kept.draw_keep(ours.lg_code, estimate, ready=not old)
            wishes.draw_hand_in(ours.lg_code, estimate, own, plans, ready=not old)
        elif principal.role is Role.PUBLIC:
            navigation.link("sign_in", "サインインして保存・提出", "login")
    answered_here(kept.FORM)
    answered_here(wishes.FORM)
