"""Load and gaps: what is asked of the pool by month and plan, and what a promise would do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import streamlit as st

from core.support.load import ASSUMED, Demand, MonthLoad
from core.values.fiscal import FiscalYear
from core.views.pool import PoolAnswer, Promise
from dashboard import context
from dashboard.kit import widgets, written
from dashboard.kit.choice import choose
from dashboard.kit.tables import Marked, table
from dashboard.kit.typed import Markdown, escaped


def draw_warnings(found: PoolAnswer) -> None:
    """What asks for an act, each in a sentence; that nothing does."""
    load = found.load
    if not load.months:
        widgets.empty_state(f"{found.fiscal_year.label}は終わっています。", "event_available")
        return
    problems = [*_without_days(found), *_over_days(found)]
    waiting = sum(each.nobody for each in found.to_assign)
    if problems:
        lines = "\n".join(f"- {escaped(each)}" for each in problems)
        st.error(Markdown(lines), icon=":material/warning:")
    if waiting:
        st.warning(
            f"予定の支援回のうち{waiting}回に、担当が割り当てられていません。下で割り当てます。",
            icon=":material/person_search:",
        )
    if not problems and not waiting:
        st.success(
            "求められる支援は、出られる日の中に入っています。", icon=":material/check_circle:"
        )


def _without_days(found: PoolAnswer) -> list[str]:
    """Plans nobody serves, and plans whose visits find no day, each in a sentence."""
    nobody = [each for each in found.load.plans if each.nobody]
    short = [each for each in found.load.plans if each.unmet and not each.nobody]
    said = []
    if nobody:
        plans = "、".join(f"{_plan(found, p.plan)}({sum(p.visits.values())}回)" for p in nobody)
        said.append(f"担当できる人がいないプラン: {plans}")
    if short:
        plans = "、".join(f"{_plan(found, each.plan)}({each.unmet}回)" for each in short)
        said.append(f"出られる日が足りないプラン: {plans}")
    return said


def _over_days(found: PoolAnswer) -> list[str]:
    """Whoever is assigned more visits in a month than days can be given."""
    over: dict[int, list[MonthLoad]] = defaultdict(list)
    for month in found.load.months:
        for expert in month.over:
            over[expert].append(month)
    return [
        f"{each.name}の担当が、出られる日を超えています: "
        + "、".join(f"{m.month.month}月({m.over[each.expert_id]}回)" for m in over[each.expert_id])
        for each in found.experts
        if each.expert_id in over
    ]


def draw_promise(year: FiscalYear) -> Promise | None:
    """What the secretariat thinks of promising; None while nothing is chosen."""
    offered = context.reference().of(year).plans
    with st.expander("約束する前に確かめる", icon=":material/help_center:"):
        st.caption("プランを約束したとして、出られる日に入るかを試します。記録はされません。")
        left, middle, right = st.columns(3, gap="medium")
        with left:
            plan = choose(
                st.selectbox,
                "プラン",
                {each.number: each.label for each in offered},
                None,
                placeholder="プランを選ぶ",
                key="pool.promise.plan",
            )
        with middle:
            towns = written.count(
                context.names().towns, unit="団体", value=1, least=1, most=200, key="pool.promise.n"
            )
        with right:
            visits = written.count(
                "1団体の回数", unit="回", value=12, least=1, most=60, key="pool.promise.visits"
            )
    if plan is None or towns is None or visits is None:
        return None
    return Promise(int(plan), towns, visits)


def draw_load(found: PoolAnswer) -> None:
    """By month and by plan."""
    load = found.load
    if not load.months:
        return
    names = {each.expert_id: each.name for each in found.experts}
    st.subheader("月ごとの負荷", anchor=False)
    stages = [stage for stage in Demand if any(stage in each.asked for each in load.months)]
    table(
        {
            "月": [f"{each.month.year}年{each.month.month}月" for each in load.months],
            **{
                stage.label: [f"{each.asked.get(stage, 0)}回" for each in load.months]
                for stage in stages
            },
            "求められる回": [f"{each.visits}回" for each in load.months],
            "出られる日": [f"{each.days}日" for each in load.months],
            "出る人がいない回": [_short(sum(each.unmet.values())) for each in load.months],
            "超えている人": [_over(each, names) for each in load.months],
        },
        "月ごとに求められる支援回と、専門人材が出られる日",
    )
    st.subheader("プランごとの負荷", anchor=False)
    table(
        {
            "プラン": [_plan(found, each.plan) for each in load.plans],
            "求められる回": [f"{sum(each.visits.values())}回" for each in load.plans],
            "内訳": [_stages(each.visits) or "なし" for each in load.plans],
            "担当できる人": [
                "、".join(names[number] for number in each.experts)
                or (Marked("いません", "outlier") if each.nobody else "いません")
                for each in load.plans
            ],
            "出る人がいない回": [_short(each.unmet) for each in load.plans],
        },
        "プランごとに求められる支援回と、担当できる専門人材",
    )
    st.caption(ASSUMED)


def _plan(found: PoolAnswer, number: int) -> str:
    return context.reference().plan_name(number, found.fiscal_year)


def _short(visits: int) -> Marked | str:
    return Marked(f"{visits}回", "outlier") if visits else "0回"


def _over(month: MonthLoad, names: Mapping[int, str]) -> Marked | str:
    said = "、".join(f"{names.get(number, '')}({over}回)" for number, over in month.over.items())
    return Marked(said, "outlier") if said else "なし"


def _stages(visits: Mapping[Demand, int]) -> str:
    parts: Iterable[str] = (f"{stage.label} {number}回" for stage, number in visits.items())
    return "、".join(parts)
