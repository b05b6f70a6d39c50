"""人材プール of the secretariat, and 担当する人材 of a municipality."""

from __future__ import annotations

import streamlit as st

from core.access.principal import Principal
from core.support.load import Demand
from core.values.fiscal import FiscalYear
from core.views.pool import PoolAnswer, Promise, pool_view
from dashboard import context
from dashboard.kit.choice import choose
from dashboard.kit.rows import row
from dashboard.kit.typed import escaped
from dashboard.support.answering import draw_answering
from dashboard.support.pool.assigning import draw_assigning
from dashboard.support.pool.experts import draw_add, draw_experts
from dashboard.support.pool.load import draw_load, draw_promise, draw_warnings

_COUNTED = (Demand.CONTRACTED, Demand.APPROVED, Demand.WISHED)


def draw(principal: Principal) -> None:
    """What is asked of the pool first, then who is in it, and who comes to which visit."""
    this = context.this_fiscal_year()
    years = [this, FiscalYear(this + 1)]
    left, right = st.columns([1, 2], gap="medium")
    with left:
        year = choose(
            st.segmented_control,
            "年度",
            {str(int(each)): each.label for each in years},
            str(int(this)),
            key="pool.year",
            required=True,
        )
    with right:
        counted = choose(
            st.pills,
            "数える段階",
            {each.value: each.label for each in _COUNTED},
            [each.value for each in _COUNTED],
            selection_mode="multi",
            key="pool.counted",
        )
    stages = tuple(each for each in _COUNTED if each.value in counted)
    found = _asked(principal, FiscalYear(int(year)), stages, None)
    draw_warnings(found)
    promise = draw_promise(found.fiscal_year)
    if promise is not None:
        _draw_promised(promise, _asked(principal, found.fiscal_year, stages, promise))
    _draw_proposed(found)
    draw_load(found)
    st.subheader("支援回の担当を割り当てる", anchor=False)
    draw_assigning(found)
    st.subheader("専門人材", anchor=False)
    draw_experts(found)
    draw_add(found)


def _asked(
    principal: Principal, year: FiscalYear, counted: tuple[Demand, ...], promise: Promise | None
) -> PoolAnswer:
    return context.answer(
        pool_view,
        principal,
        fiscal_year=year,
        counted=counted,
        promise=promise,
        today=context.today(),
    )


def _draw_proposed(found: PoolAnswer) -> None:
    """Days municipalities proposed; the secretariat answers where the vendor's adviser does not."""
    if not found.proposed:
        return
    st.subheader(f"日程の提案への返事({len(found.proposed)}件)", anchor=False)
    st.caption("日を選ぶと、支援回の予定がその日に変わります。事業者の担当者も返事できます。")
    for each in found.proposed:
        contract, visit = each.contract, each.visit
        plan = context.reference().plan_name(visit.plan, contract.fiscal_year)
        town = context.reference().called(contract.lg_code)
        when = visit.when.label if visit.when else "日程未定"
        with row(f"proposed-{visit.visit_id}"):
            st.markdown(
                f"**{escaped(town)}** "
                + escaped(f"{plan} 第{visit.serial}回・いまの予定 {when}・{contract.vendor.name}")
            )
            draw_answering(contract.lg_code, visit.visit_id, each.proposal, each.seen_proposal)


def _draw_promised(promise: Promise, found: PoolAnswer) -> None:
    """Whether what is thought of being promised finds its days."""
    short = found.load.unmet - found.without.unmet
    said = f"プラン{promise.plan}を{promise.municipalities}団体に{promise.visits}回ずつ約束すると"
    serving = next((each for each in found.load.plans if each.plan == promise.plan), None)
    if serving is not None and not serving.experts:
        st.error(
            f"{said}、担当できる専門人材がいません。先に専門人材を追加してください。",
            icon=":material/person_off:",
        )
    elif short > 0:
        st.error(
            f"{said}、{short}回に出られる人がいません。約束する前に、専門人材か出られる日を増やしてください。",
            icon=":material/event_busy:",
        )
    else:
        st.success(f"{said}も、出られる日の中に入ります。", icon=":material/event_available:")
