"""プランの希望: plans of the year, visits, state of the budget, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core.estimate.caveats import is_provisional
from core.estimate.request import EstimateRequest, PlanChoice
from core.inquiry.answer import Value
from core.inquiry.kinds.plan_wishes import MOST_VISITS, STATES
from core.reference.plans import SupportPlan
from core.values.errors import InvalidInputError, NoValueInForceError
from core.values.fiscal import FiscalYear
from core.values.money import amount_labels, yen_text
from core.views.plans import plans_view
from dashboard import context
from dashboard.inquiries.fields.field import Field
from dashboard.kit import written
from dashboard.kit.choice import choose
from dashboard.kit.rows import row
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped


def draw(field: Field) -> Value:
    """A row a plan, and the estimate of those that are chosen."""
    year = field.scope.year(field.question)
    before = {each["plan"]: each for each in field.rows if isinstance(each, Mapping)}
    plans = field.scope.reference.of(year).plans
    st.caption(f"{year.full_label}の支援プラン。希望するものを選ぶと、回数と予算の状況を書けます。")
    wished = [
        said for plan in plans if (said := _draw_plan(field, plan, before.get(plan.number, {})))
    ]
    _draw_estimate(year, wished)
    return wished


def _draw_plan(field: Field, plan: SupportPlan, before: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of one plan; nothing while it is not chosen."""
    key, number = f"{field.key}.{plan.number}", plan.number
    most = plan.visits or MOST_VISITS
    with row(key):
        chosen = st.checkbox(
            f"**{number}. {escaped(plan.name)}** :small[{escaped(' '.join(plan.supports))}]",
            bool(before),
            key=f"{key}.on",
            disabled=field.disabled,
            wrap=True,
        )
        if not chosen:
            return {}
        visits = before.get("visits", most)
        if isinstance(visits, str):  # one that could not be read stays as it was typed
            st.session_state.setdefault(f"{key}.visits", visits)
        counted = written.count(
            f"プラン{number}の年間回数",
            key=f"{key}.visits",
            unit="回",
            value=visits if isinstance(visits, int) else most,
            least=1,
            most=most,
            required=True,
            disabled=field.disabled,
        )
        state = choose(
            st.segmented_control,
            f"プラン{number}の予算の状況(必須)",
            STATES,
            next((each for each in STATES if each.value == before.get("state")), None),
            key=f"{key}.state",
            disabled=field.disabled,
        )
    typed = str(st.session_state.get(f"{key}.visits", ""))
    return {
        "plan": number,
        "visits": typed if counted is None else counted,
        "state": state.value if state else "",
    }


def _draw_estimate(year: FiscalYear, wished: Sequence[Mapping[str, Any]]) -> None:
    """歳出, subsidy and 一般財源 of the plans whose visits can be read."""
    choices = tuple(
        PlanChoice(each["plan"], each["visits"])
        for each in wished
        if isinstance(each["visits"], int)
    )
    if not choices:
        return
    try:
        answer = context.answer(
            plans_view, context.who(), request=EstimateRequest(int(year), choices)
        )
    except (InvalidInputError, NoValueInForceError) as error:
        st.caption(f"費用は試算できません。{escaped(str(error))}")
        return
    found = answer.estimate.first
    mark = " :orange-badge[仮]" if is_provisional(found) else ""
    labels = amount_labels(context.names().subsidy)
    paid = [(label, yen_text(getattr(found, name))) for name, label in labels.items()][:-1]
    told = escaped(" − ".join(f"{label} {amount}" for label, amount in paid))
    st.markdown(f"**費用の試算**({year.label}) {told} = 一般財源 **{yen_text(found.net)}**{mark}")
    if len(found.lines) > 1:
        lines = (*found.lines, found)
        table(
            {
                "プラン": [*(f"プラン{line.plan}" for line in found.lines), "合計"],
                "回数": [*(f"{line.visits}回" for line in found.lines), ""],
                **{
                    label: [yen_text(getattr(line, name)) for line in lines]
                    for name, label in labels.items()
                },
            },
            alt=f"希望するプランごとの{'、'.join(labels.values())}",
        )
