"""後乗り of one programme: what is open, what it costs, what it takes, who is in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

import streamlit as st

from core.access.principal import Principal, Role, allows
from core.views.boarding import (
    BoardingAnswer,
    OwnBoarding,
    boarding_cost_view,
    boarding_view,
    own_boarding_view,
)
from core.views.participation import AlikeLine, alike_view
from dashboard import context
from dashboard.boarding import filled, inputs, own, question, result, way
from dashboard.frame import navigation
from dashboard.kit import address, widgets, written
from dashboard.kit.copied import copied
from dashboard.kit.real_burden import draw_real_burden
from dashboard.kit.sticky import result_bar
from dashboard.kit.town import draw_town, town
from dashboard.kit.typed import Markdown, escaped

_TALENT = "talent"


def draw_boarding(principal: Principal) -> None:
    """What boarding late costs, what it takes, who is in; today."""
    as_of = context.today()
    programme = inputs.draw_programme(principal)
    answer = context.answer(boarding_view, principal, programme=programme, as_of=as_of)
    way.draw_windows_notice(programme, answer.windows, as_of)
    ours = _ours(principal, programme, as_of)
    if ours is not None:
        own.draw_statement(str(principal.lg_code), ours)
    if programme == _TALENT:
        address.write(question.PAGE, question.asked(principal))
        widgets.empty_state(
            f"デジタル人材シェアリングの費用は、支援プランの{_counted()}から試算します。",
            "calculate",
        )
        navigation.link("plans", "プラン選択・費用試算を開く", "calculate")
        found = None
    else:
        found = _draw_cost(principal, answer, as_of)
    _draw_way(principal, ours)
    _draw_alike(principal, programme, as_of)
    if found is not None:
        with result_bar("boarding"):
            found()


def _counted() -> str:
    called = context.names().subsidy
    return f"回数と{called}" if called else "回数"


def _ours(principal: Principal, programme: str, as_of: date) -> OwnBoarding | None:
    """Where an officer's municipality stands; None for everybody else."""
    if principal.role is not Role.OFFICER or not allows(principal, "boarding:state"):
        return None
    lg_code = str(principal.lg_code)
    found = context.answer(own_boarding_view, principal, lg_code=lg_code, as_of=as_of)
    return next(each for each in found if each.procurement.key == programme)


def _draw_cost(
    principal: Principal, answer: BoardingAnswer, as_of: date
) -> Callable[[], None] | None:
    """The comparison; what draws its bar at the foot of the page, None before there is one."""
    st.subheader("単独調達と共同調達の費用", anchor=False)
    asking, answering = st.columns([44, 56], gap="medium")
    with asking:
        if principal.role is not Role.OFFICER:
            draw_town(question.PAGE, principal)
        filled.fill(principal, answer.procurement.key)
        inputs.draw_inputs(as_of, answer.default_start, answer.scale_merit)
        filled.draw_told(principal, answer.procurement.key)
    asked = question.asked(principal)
    address.write(question.PAGE, asked)
    request, problem = question.request_of(asked, answer.default_start)
    with answering:
        if problem:
            st.error(escaped(problem), icon=":material/error:")
        if not request.initial and not request.monthly:
            widgets.empty_state(
                "見積書の初期費用と月額を入れると、単独調達との差額、元が取れる時期、"
                "待つ費用がここに出ます。",
                "touch_app",
            )
            return None
    found = context.answer(boarding_cost_view, principal, request=request, real=asked.real_request)
    cost = found.cost
    link = context.address(question.PAGE, asked.query())
    ours = town(principal)
    owner = ours.name if ours else None
    with answering, written.stale("boarding", *question.FIELDS) as old:
        result.draw_result(cost)
    widgets.draw_tabs(
        "boarding.tab",
        {
            "年度別": partial(result.draw_years, cost),
            "累計": partial(result.draw_cumulative, cost),
            "待つ費用": partial(result.draw_waiting, cost, found.waiting),
            "計算の過程": partial(result.draw_working, cost),
            "前提・出典": partial(result.draw_premises, cost, answer.scale_merit),
        },
    )
    draw_real_burden(question.PAGE, found.real, found.real_problems, old=old)
    with st.expander("この比較のリンク", icon=":material/link:"):
        st.caption("このアドレスを開くと、同じ見積りの比較が再現されます。")
        copied(link)
    merit = answer.scale_merit
    old = old or bool(found.real_problems)
    return partial(result.draw_bar, found, answer.procurement, merit, owner, link, old=old)


def _draw_way(principal: Principal, ours: OwnBoarding | None) -> None:
    st.subheader("参加までの手順", anchor=False)
    if ours is None:
        way.draw_steps_in_general()
        if principal.role is Role.PUBLIC:
            st.caption("市町村職員としてサインインすると、自団体の進み具合と次の手順が出ます。")
        return
    way.draw_steps(ours.steps)
    own.draw_own_steps(str(principal.lg_code), ours)


def _draw_alike(principal: Principal, programme: str, as_of: date) -> None:
    """In two sentences; the whole list is a tab of its own."""
    if principal.lg_code is None:
        return
    answer = context.answer(
        alike_view, principal, participant=principal.lg_code, programme=programme, as_of=as_of
    )
    st.subheader(f"似た{context.names().towns}・同じ地域", anchor=False)
    inside = _named(answer.inside) or "台帳に記録がありません"
    outside = _named(answer.area_outside) or "ありません"
    st.markdown(
        f"- **似ていて参加している{context.names().towns}**({len(answer.inside)}団体): {inside}\n"
        f"- **同じ{escaped(answer.municipality.area)}地域で参加の記録がない{context.names().towns}**"
        f"({len(answer.area_outside)}団体): {outside}"
    )
    st.caption(
        f"{as_of.isoformat()}時点の台帳。区分・地域が同じか、人口が2倍以内(仮定)の順。"
        "参加団体の名はすべては公表されておらず、記録がないことは不参加を意味しません。"
    )


def _named(lines: tuple[AlikeLine, ...]) -> Markdown:
    return escaped(
        widgets.some_of(
            f"{line.likeness.municipality.name}({line.state.standing.label})" for line in lines
        )
    )
