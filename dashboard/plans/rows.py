"""支援プラン in rows: what each gives, what it costs a year, what the town pays of that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.estimate.calculation import EstimateLine
from core.reference.corrections import corrections_text
from core.reference.plans import SupportPlan
from core.values.money import yen_text
from core.views.plans import PlansFrame
from dashboard.kit import written
from dashboard.kit.typed import Markdown, escaped
from dashboard.kit.widgets import publisher_text, source_text
from dashboard.plans import inputs


def draw_rows(
    frame: PlansFrame,
    fiscal_year: int,
    costs: Mapping[int, EstimateLine],
    payer: str,
    *,
    provisional: bool,
) -> None:
    """A row a plan; it is chosen by a click anywhere on its text, visits stand in the chosen ones.

    All of a row is the label of its checkbox: half as many elements are sent.

    Args:
        costs: What each plan costs by itself, by number.
        payer: Whose part 一般財源 is, such as 町の負担.
        provisional: Whether the amounts rest on values nobody has decided.
    """
    plans = frame.plans(fiscal_year)
    _draw_head(plans, payer, provisional=provisional)
    if gone := inputs.left_out(frame, fiscal_year):
        named = "、".join(f"プラン{number}" for number in gone)
        st.info(f"{named}はこの年度にないため、試算に入れていません。", icon=":material/info:")
    with st.container(gap=None, key="plan-list"):
        for plan in plans:
            chosen = st.checkbox(
                _row_text(plan, costs[plan.number], payer),
                key=f"plans.on.{plan.number}",
                persist_state="session",
                wrap=True,
            )
            if chosen:
                _draw_visits(plan.number, frame.most(plan))


def _draw_visits(number: int, most: int) -> None:
    key = f"plans.visits.{number}"
    visits = written.count(
        f"プラン{number}の年間回数",
        key=key,
        unit="回",
        least=1,
        most=most,
        persist_state="session",
    )
    if visits is None and not written.wrong(key):
        st.error(f"プラン{number}の年間回数を書いてください。", icon=":material/error:")


def _draw_head(plans: Sequence[SupportPlan], payer: str, *, provisional: bool) -> None:
    """The heading of the columns; on a narrow screen each row says it itself."""
    stated = next((plan for plan in plans if plan.wishes_as_of), plans[0])
    wished = (
        f"希望は{stated.wishes_as_of.isoformat()}時点の{stated.wishes_status.label}"
        if stated.wishes_as_of and stated.wishes_status
        else "希望団体数はまだ公表されていません"
    )
    mark = "(**仮**)" if provisional else ""
    st.subheader("支援プラン", anchor=False)
    st.caption(
        f"年額と{escaped(payer)}{mark}は、そのプラン1つだけを選んだときの額。"
        f"{wished}〔{escaped(publisher_text(stated.source))}〕",
        help=escaped(f"出典: {source_text(stated.source)}"),
    )


def _row_text(plan: SupportPlan, cost: EstimateLine, payer: str) -> Markdown:
    """Name, what it gives, amounts; dashboard/assets/page.css puts them into columns."""
    printed = f"({corrections_text(plan.corrections)})" if plan.corrections else ""
    return Markdown(
        f"**{plan.number}. {escaped(plan.name)}** "
        f":small[{escaped(' '.join(plan.supports) + printed)}] "
        f":small[年額 **{yen_text(cost.gross)}**] "
        f":small[{escaped(payer)} **{yen_text(cost.net)}**] "
        f":small[希望 **{'未公表' if plan.wishes is None else f'{plan.wishes}団体'}**]"
    )
