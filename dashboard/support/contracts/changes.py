"""変更契約, 記録の訂正, 取消し of a contract."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any

import streamlit as st
from sqlalchemy import Engine

from core.access.principal import Principal
from core.commands.contracts import cancel_contract, change_contract, correct_contract
from core.support.contract import WHY, ContractStep
from core.support.visit import VisitState
from core.views.support import ContractInYear
from dashboard import context
from dashboard.kit.answer import answer
from dashboard.kit.confirm import confirm
from dashboard.kit.form import Fields, form_box
from dashboard.kit.submit import refuse, request_id, submit
from dashboard.kit.typed import escaped
from dashboard.support.contracts.conclude import draw_line_fields, draw_term_fields
from dashboard.support.contracts.wording import plan_words


def draw_changes(held: ContractInYear) -> None:
    """What changes a contract, and what takes it back."""
    for step, label, icon in (
        (ContractStep.CHANGED, "変更契約を記録する", "edit_document"),
        (ContractStep.CORRECTED, "記録の誤りを訂正する", "edit"),
    ):
        form = f"contract.{step.value}.{held.contract.contract_id}"
        answer(form)
        seen = held.contract.last.event_id
        with st.expander(escaped(label), icon=f":material/{icon}:", key=f"{form}.box.{seen}"):
            _draw_form(held, step, form, label)
    _draw_cancel(held)


def _draw_form(held: ContractInYear, step: ContractStep, form: str, label: str) -> None:
    contract, before = held.contract, held.contract.terms
    field = Fields(f"{form}.{contract.last.event_id}.{request_id(form)}")
    changed = step is ContractStep.CHANGED
    unread: dict[str, str] = {}
    lines = []
    terms: dict[str, Any] = {}
    with form_box(form):
        st.caption(
            "途中で終わったプランは、回数を実施した数に減らし、額もそれに合わせます。"
            "入りきらなくなった予定は、遅いものから中止になります。"
            if changed
            else "契約そのものは変わらず、記録が誤っていたときに使います。プランと事業者の誤りは、取り消して記録し直します。"
        )
        if changed:
            left, right = st.columns(2)
            day = field(
                "day",
                left.date_input,
                "変更日(必須)",
                context.today(),
                at=left,
                format="YYYY-MM-DD",
            )
            last = field(
                "last_day",
                right.date_input,
                "期間の末日(必須)",
                before.last_day,
                at=right,
                format="YYYY-MM-DD",
            )
            terms = {"last_day": last}
            unread |= {} if isinstance(day, date) else {"day": "変更日を選んでください。"}
        else:
            day = context.today()
            terms = draw_term_fields(
                field,
                contract.fiscal_year,
                before.signed_on,
                before.first_day,
                before.last_day,
                before.kind,
            )
        for name in ("signed_on", "first_day", "last_day"):
            if name in terms and not isinstance(terms[name], date):
                unread[name] = "日を選んでください。"
        for line in before.lines:
            st.markdown(f"**{escaped(plan_words(contract, line.plan))}**")
            found, problems = draw_line_fields(field, line.plan, line.visits, line.amount)
            unread |= problems
            if found is not None:
                lines.append(found)
        field.place("plan")
        why = field("why", st.text_area, f"{WHY.label}(違うときは必須)", before.why, height=80)
        reason = field("reason", st.text_area, f"{step.label}の理由(必須)", height=80)
        pressed = st.button(
            escaped(label), type="primary", icon=":material/save:", key=f"{form}.go"
        )
    if not pressed:
        return
    if unread:
        refuse(unread, field.places)
        return
    command = partial(change_contract, day=day) if changed else correct_contract
    submit(
        form,
        partial(
            command,
            **_of(held),
            terms=replace(before, **terms, lines=tuple(lines), why=why),
            reason=reason,
        ),
        lambda gone: f"{contract.number.label} の{step.label}を記録しました。{_gone(gone)}",
        field.places,
    )


def _draw_cancel(held: ContractInYear) -> None:
    contract = held.contract
    form = f"contract.cancel.{contract.contract_id}"
    used = bool(contract.paid) or any(each.state is VisitState.HELD for each in held.visits)
    if used:
        return
    seen = contract.last.event_id
    reason = f"{form}.{seen}.reason"

    def cancel(engine: Engine, principal: Principal, *, request_id: str, now: datetime) -> int:
        """With what stands in the field when the button in the dialog is pressed."""
        return cancel_contract(
            engine,
            principal,
            **_of(held),
            reason=st.session_state.get(reason, ""),
            request_id=request_id,
            now=now,
        )

    confirm(
        "契約の記録を取り消す",
        f"**{escaped(contract.number.label)} {escaped(contract.vendor.name)}** の記録を取り消します。"
        "支援回の予定も中止になります。元に戻せません。",
        cancel,
        key=seen,
        form=form,
        done=lambda gone: f"{contract.number.label} の記録を取り消しました。{_gone(gone)}",
        go="取り消す",
        icon="delete",
        fields=partial(st.text_input, "取消しの理由(必須)", key=reason),
    )


def _gone(count: int) -> str:
    return f"支援回の予定{count}回を中止にしました。" if count else ""


def _of(held: ContractInYear) -> dict[str, Any]:
    return {
        "lg_code": held.contract.lg_code,
        "contract_id": held.contract.contract_id,
        "seen_event": held.contract.last.event_id,
    }
