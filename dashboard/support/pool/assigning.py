"""Who comes to which visit: one expert for several visits of a plan in one step."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.commands.experts import assign_expert
from core.support.visit import Visit
from core.views.pool import PoolAnswer, ToAssign
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.answer import answer
from dashboard.kit.choice import choose
from dashboard.kit.form import Fields
from dashboard.kit.submit import request_id, submit
from dashboard.kit.typed import escaped

_NOBODY = 0


def draw_assigning(found: PoolAnswer) -> None:
    """Plans with planned visits; those with visits nobody comes to first."""
    if not found.to_assign:
        widgets.empty_state(
            "これからの予定の支援回がありません。「契約・支援回」で予定を入れると、ここで担当を割り当てられます。",
            "event_note",
        )
    for each in found.to_assign:
        _draw(found, each)


def _draw(found: PoolAnswer, asked: ToAssign) -> None:
    contract = asked.contract
    form = f"pool.assign.{contract.contract_id}.{asked.plan}"
    town = context.reference().called(contract.lg_code)
    plan = context.reference().plan_name(asked.plan, contract.fiscal_year)
    waits = f"未割当{asked.nobody}回" if asked.nobody else "割当済"
    title = escaped(f"{town} {plan}({contract.vendor.name}) {waits}/予定{len(asked.visits)}回")
    names = {each.expert_id: each.name for each in found.experts}
    with st.expander(title, icon=":material/person_search:" if asked.nobody else None):
        field = Fields(f"{form}.{request_id(form)}.{asked.seen_event}")
        visits = {each.visit_id: _said(each, names) for each in asked.visits}
        field(
            "visits",
            choose,
            st.multiselect,
            "支援回",
            visits,
            [v.visit_id for v in asked.visits if v.planned and not v.planned.expert_id],
            placeholder="支援回を選ぶ",
        )
        able = {
            each.expert_id: each.name
            for each in found.experts
            if each.vendor_id == contract.vendor.vendor_id
            and asked.plan in each.offer.plans
            and (each.offer.ends or context.today()) >= context.today()
        }
        if not able:
            st.warning(
                escaped(
                    f"{contract.vendor.name}に、このプランを担当できる専門人材がいません。"
                    "下の「専門人材を追加する」で登録してください。"
                ),
                icon=":material/person_off:",
            )
        field(
            "expert_id",
            choose,
            st.selectbox,
            "担当",
            {**able, _NOBODY: "担当を外す"},
            next(iter(able), _NOBODY),
        )
        pressed = st.button("割り当てる", type="primary", key=form)
    answer(form)
    if not pressed:
        return
    chosen = int(field.values["expert_id"] or _NOBODY)
    submit(
        form,
        partial(
            assign_expert,
            lg_code=contract.lg_code,
            contract_id=contract.contract_id,
            visit_ids=tuple(int(each) for each in field.values["visits"]),
            expert_id=chosen or None,
            seen_event=asked.seen_event,
        ),
        lambda changed: (
            f"{changed}回の担当を{able[chosen]}にしました。"
            if chosen
            else f"{changed}回の担当を外しました。"
        ),
        field.places,
    )


def _said(visit: Visit, names: dict[int, str]) -> str:
    when = visit.when.label if visit.when else "日程未定"
    who = names.get(visit.planned.expert_id or 0, "未割当") if visit.planned else "未割当"
    return f"第{visit.serial}回 {when}({who})"
