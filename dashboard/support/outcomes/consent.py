"""A municipality's word on publishing what came of its support, by plan or by visit."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.access.principal import Principal
from core.commands.outcomes import decide_outcome_consent
from core.consultation.example import ExampleState
from core.views.outcomes import OwnOutcome, own_outcomes_view
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.confirm import confirm
from dashboard.kit.rows import row
from dashboard.kit.typed import Markdown, escaped


def draw_consent(principal: Principal) -> None:
    """Plans, and beneath each its visits, folded."""
    lg_code = str(principal.lg_code)
    found = context.answer(own_outcomes_view, principal, lg_code=lg_code)
    st.subheader("自団体の成果の紹介", anchor=False)
    if not found:
        widgets.empty_state(
            "実施した支援回がまだありません。実施を記録すると、成果を他の団体に紹介するか選べます。",
            "lightbulb",
        )
        return
    st.caption(
        f"団体名・氏名・事業者名を伏せて、他の{context.names().towns}に紹介してよいかを選びます。"
        f"文は{context.names().secretariat}が整えます。後から変えられます。"
    )
    for plan in (each for each in found if not each.key.visit_id):
        with row(f"outcome-{_id(plan)}"):
            title = context.reference().plan_title(plan.key.plan, plan.contract.fiscal_year)
            st.markdown(
                f"**{escaped(title)}**({plan.contract.fiscal_year.label}、実施{len(plan.held)}回)  \n"
                f"{said(plan)}"
            )
            _draw_choice(lg_code, plan, f"{plan.contract.number.label} プラン{plan.key.plan}")
            with st.expander("支援回ごとに選ぶ"):
                for each in found:
                    same = (each.key.contract_id, each.key.plan) == (
                        plan.key.contract_id,
                        plan.key.plan,
                    )
                    if same and each.visit is not None:
                        _draw_visit(lg_code, each)


def _draw_visit(lg_code: str, outcome: OwnOutcome) -> None:
    visit = outcome.held[0]
    topic = visit.held.topic if visit.held else ""
    when = visit.when.label if visit.when else ""
    st.markdown(f"{escaped(f'第{visit.serial}回 {when} {topic}')}  \n{said(outcome)}")
    _draw_choice(lg_code, outcome, f"第{visit.serial}回")


def said(outcome: OwnOutcome) -> Markdown:
    """How far it is, in a sentence."""
    last = outcome.last
    if last is None:
        return Markdown("まだ選んでいません。")
    if last.text is not None:
        return escaped(f"「{last.text.title}」として公開中です。")
    return escaped(f"いまの状態: {last.state.label}")


def _id(outcome: OwnOutcome) -> str:
    return f"{outcome.key.contract_id}-{outcome.key.plan}-{outcome.key.visit_id}"


def _draw_choice(lg_code: str, outcome: OwnOutcome, name: str) -> None:
    last = outcome.last
    agreed = last is not None and last.state is not ExampleState.DECLINED
    seen, form = last.event_id if last else 0, f"outcome.consent.{_id(outcome)}"
    decide = partial(decide_outcome_consent, lg_code=lg_code, key=outcome.key)
    with st.container(horizontal=True):
        if not agreed:
            confirm(
                "紹介に同意する",
                f"{escaped(name)}の成果を、団体名・氏名・事業者名を伏せて紹介することに同意します。",
                partial(decide, agreed=True),
                key=seen,
                form=f"{form}.agreed",
                done=f"{name}の紹介に同意しました。",
                go="同意する",
                icon="thumb_up",
                danger=False,
            )
        if last is None or agreed:
            confirm(
                "同意しない" if last is None else "同意を取り消す",
                f"{escaped(name)}の成果を紹介しません。公開中のものは、すぐに見えなくなります。",
                partial(decide, agreed=False),
                key=seen,
                form=f"{form}.declined",
                done=f"{name}の成果は紹介しません。",
                go="紹介しない",
                icon="block",
            )
