"""担当する人材: who comes to us, and days we propose for a visit."""

from __future__ import annotations

from datetime import date, time
from functools import partial

import streamlit as st

from core.access.principal import Principal
from core.commands.proposals import propose_days, withdraw_proposal
from core.support.expert import Expert
from core.support.proposal import MOST_PROPOSED, ProposalStep, ProposedDay
from core.views.pool import ComingContract, ComingVisit, OwnExpertsAnswer, own_experts_view
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.answer import answer
from dashboard.kit.confirm import confirm
from dashboard.kit.form import Fields
from dashboard.kit.rows import row
from dashboard.kit.submit import request_id, submit
from dashboard.kit.typed import escaped, paragraphs


def draw_own(principal: Principal) -> None:
    """The people first, then the visits to come."""
    lg_code = str(principal.lg_code)
    found = context.answer(own_experts_view, principal, lg_code=lg_code, today=context.today())
    st.subheader("担当する専門人材", anchor=False)
    _draw_people(found)
    st.subheader("これからの支援回と日程の提案", anchor=False)
    st.caption(
        f"都合のよい日を{MOST_PROPOSED}つまで提案できます。事業者の担当者か事務局が1つを選ぶと、"
        "支援回の予定がその日に変わります。"
    )
    if not found.contracts:
        widgets.empty_state(
            "これからの予定の支援回がありません。「契約・支援回」で予定を入れると、日を提案できます。",
            "event_note",
        )
    for contract in found.contracts:
        st.markdown(f"**{escaped(contract.number)} {escaped(contract.vendor)}**")
        for each in contract.visits:
            _draw_visit(lg_code, contract, each)


def _draw_people(found: OwnExpertsAnswer) -> None:
    if not found.experts:
        widgets.empty_state(
            "まだ担当が割り当てられていません。事務局が割り当てると、ここに氏名と専門分野が出ます。",
            "person_search",
        )
    for expert in found.experts:
        with row(f"expert-{expert.expert_id}"):
            _draw_person(expert, found.vendors[expert.vendor_id].name)


def _draw_person(expert: Expert, vendor: str) -> None:
    st.markdown(
        f"**{escaped(expert.name)}**({escaped(vendor)})  \n"
        f"専門分野 {escaped('、'.join(each.label for each in expert.offer.fields))}"
    )
    if expert.experience:
        st.caption(paragraphs(expert.experience))


def _draw_visit(lg_code: str, contract: ComingContract, each: ComingVisit) -> None:
    visit, key = each.visit, each.visit.visit_id
    form = f"pool.propose.{key}"
    with row(f"visit-{key}"):
        when = visit.when.label if visit.when else "日程未定"
        start = f" {visit.planned.start:%H:%M}から" if visit.planned and visit.planned.start else ""
        who = each.expert.name if each.expert else "担当は未定"
        st.markdown(f"**プラン{visit.plan} 第{visit.serial}回** {escaped(f'{when}{start}・{who}')}")
        if each.proposal is not None:
            days = "、".join(day.label for day in each.proposal.days)
            st.info(
                escaped(f"提案中: {days}。返事を待っています。"), icon=":material/schedule_send:"
            )
        elif each.answered is not None and each.answered.step is ProposalStep.DECLINED:
            st.warning(
                escaped(f"提案は見送りになりました。理由: {each.answered.note}"),
                icon=":material/event_busy:",
            )
        with st.container(horizontal=True):
            with st.popover(
                "日を提案する" if each.proposal is None else "提案し直す",
                icon=":material/edit_calendar:",
                key=f"{form}.box.{request_id(form)}.{each.seen_proposal}",
            ):
                _draw_form(lg_code, contract, each, form)
            if each.proposal is not None:
                confirm(
                    "提案を取り下げる",
                    f"プラン{visit.plan} 第{visit.serial}回の日程の提案を取り下げます。",
                    partial(
                        withdraw_proposal,
                        lg_code=lg_code,
                        visit_id=key,
                        seen_event=each.seen_proposal,
                    ),
                    key=each.seen_proposal,
                    form=f"{form}.withdraw",
                    done="日程の提案を取り下げました。",
                    go="取り下げる",
                    icon="undo",
                )
        answer(form)


def _draw_form(lg_code: str, contract: ComingContract, each: ComingVisit, form: str) -> None:
    field = Fields(f"{form}.{request_id(form)}.{each.seen_proposal}")
    first, last = max(contract.first_day, context.today()), contract.last_day
    for number in range(1, MOST_PROPOSED + 1):
        left, right = st.columns(2)
        with left:
            field(
                f"day{number}",
                st.date_input,
                f"第{number}候補" + ("(必須)" if number == 1 else ""),
                None,
                min_value=first if first <= last else None,
                max_value=last if first <= last else None,
                format="YYYY-MM-DD",
            )
        with right:
            field(f"start{number}", st.time_input, f"第{number}候補の開始時刻", None)
    field.values["days"] = _days(field)
    field.place("days")
    field("note", st.text_area, "連絡事項", height=80)
    if st.button("提案する", type="primary", key=form):
        submit(
            form,
            partial(
                propose_days,
                lg_code=lg_code,
                visit_id=each.visit.visit_id,
                days=field.values["days"],
                note=field.values["note"],
                seen_event=each.seen_proposal,
            ),
            f"プラン{each.visit.plan} 第{each.visit.serial}回の日を提案しました。",
            field.places,
        )


def _days(field: Fields) -> tuple[ProposedDay, ...]:
    found = []
    for number in range(1, MOST_PROPOSED + 1):
        day, start = field.values[f"day{number}"], field.values[f"start{number}"]
        if isinstance(day, date):
            found.append(ProposedDay(day, start if isinstance(start, time) else None))
    return tuple(found)
