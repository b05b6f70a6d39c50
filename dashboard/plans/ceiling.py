"""上限から選ぶ: which plans fit under a ceiling of 一般財源, each choice adopted with a click."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.access.principal import Principal
from core.estimate.ceiling import FewerVisits, Fits
from core.estimate.request import EstimateRequest
from core.reference.plans import SupportPlan
from core.values.money import yen_text
from core.views.plans import PlansFrame, ceiling_view
from dashboard import context
from dashboard.kit import widgets, written
from dashboard.kit.cards import Action, Card, cards
from dashboard.kit.choice import choose
from dashboard.kit.typed import escaped
from dashboard.plans import inputs

_KEY, _USUAL = "plans.ceiling", 1_200_000


def draw_ceiling(principal: Principal, request: EstimateRequest, frame: PlansFrame) -> None:
    """What is asked and what fits; visits, year, start and terms are those of the screen."""
    plans = frame.plans(request.fiscal_year)
    amount = written.amount(
        "一般財源の上限(円)",
        key=_KEY,
        value=_USUAL,
        persist_state="session",
        help="この額に収まるプランの組合せをすべて探します。回数・年度・開始月・条件は画面の入力を使います。",
    )
    required = choose(
        st.pills,
        "必ず入れるプラン",
        {plan.number: f"{plan.number}.{plan.short_name}" for plan in plans},
        selection_mode="multi",
        key="plans.required",
        persist_state="session",
    )
    if amount is None:
        if not written.wrong(_KEY):
            widgets.empty_state("一般財源の上限を入れると、収まる組合せがここに出ます。", "savings")
        return
    found = context.answer(
        ceiling_view,
        principal,
        ceiling=amount,
        request=request,
        visits=inputs.visits_of_inputs(frame, request.fiscal_year),
        required=tuple(required),
    )
    if found.fits.number:
        _draw_fits(found.fits, plans)
    else:
        _draw_fewer(frame, found.fewer, required, len(plans))


def _draw_fits(found: Fits, plans: Sequence[SupportPlan]) -> None:
    names = {plan.number: f"{plan.number}.{plan.short_name}" for plan in plans}
    best = found.best
    more = found.number - len(best)
    rest = (
        f"プランの多い順に{len(best)}通りを示します。「必ず入れるプラン」を選ぶと絞り込めます。"
        if more
        else ""
    )
    st.markdown(
        f"**{found.number}通り**の組合せが収まります。"
        f"最も多いのは**{len(best[0].plans)}プラン**です。{rest}"
    )
    cards(
        [
            Card(
                key="-".join(map(str, fit.plans)),
                title="、".join(names[number] for number in fit.plans),
                text=f"一般財源 {yen_text(fit.net)}(上限まであと{yen_text(fit.left)})",
                actions=[Action("この組合せにする", partial(inputs.adopt, fit.plans))],
            )
            for fit in best
        ],
        key="plans.fits",
        narrowest=280,
    )


def _draw_fewer(
    frame: PlansFrame, fewer: FewerVisits | None, required: Sequence[int], offered: int
) -> None:
    if fewer is None:
        widgets.empty_state("この上限では1回分も収まりません。上限を上げてください。")
        return
    if len(required) > 1:
        which = f"必ず入れる{len(fewer.plans)}プランをそれぞれ{fewer.visits}回まで"
    else:
        every = len(fewer.plans) == offered > 1
        named = "・".join(str(number) for number in fewer.plans)
        which = (
            f"プラン{named}だけなら" if len(fewer.plans) == 1 else f"プラン{named}のどれか1つなら"
        )
        which = "プラン1つなら" if every else which
        which += f"{fewer.visits}回まで"
    st.info(
        f"いまの回数で収まる組合せはありません。**{escaped(which)}**収まります"
        f"(一般財源 {yen_text(fewer.net)})。",
        icon=":material/lightbulb:",
    )
    st.button(
        f"全プランの回数を{fewer.visits}回にする",
        on_click=inputs.give_all,
        args=(frame, fewer.visits),
        key="plans.fewer",
    )
