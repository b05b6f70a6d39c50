"""支払: what went to the vendor by plan, and what is left of the contract."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Any

import streamlit as st
from sqlalchemy import Engine

from core.access.principal import Principal
from core.commands.contracts import record_payment, take_back_payment
from core.support.contract import NOTE, PaidLine, Payment
from core.values.fiscal import era_date
from core.values.money import Yen, yen_text
from core.views.support import ContractInYear
from dashboard import context
from dashboard.kit import written
from dashboard.kit.answer import answer
from dashboard.kit.confirm import confirm
from dashboard.kit.form import Fields, form_box
from dashboard.kit.submit import refuse, request_id, submit
from dashboard.kit.tables import Struck, table
from dashboard.kit.typed import escaped
from dashboard.support.contracts.wording import plan_words


def draw_payments(held: ContractInYear) -> None:
    """What was paid, by day; the form for what is left."""
    contract, key = held.contract, held.contract.contract_id
    form = f"payment.{key}"
    st.markdown("#### 支払")
    left = contract.terms.amount - contract.paid
    st.caption(
        f"契約額 {yen_text(contract.terms.amount)}・支払済 {yen_text(contract.paid)}・"
        f"残り {yen_text(left)}"
    )
    gone = {each.cancels: each for each in contract.payments if each.cancels is not None}
    paid = [each for each in contract.payments if each.cancels is None]
    if paid:
        table(
            {
                "支払日": [_amount(each, gone, era_date(each.paid_on)) for each in paid],
                "支払額": [_amount(each, gone, yen_text(each.amount)) for each in paid],
                "内訳": [_parts(held, each) for each in paid],
                "備考": [
                    f"取消し: {gone[each.event_id].note}" if each.event_id in gone else each.note
                    for each in paid
                ],
                "記録": [each.recorded_by for each in paid],
            },
            alt="支払の一覧",
        )
    answer(form)
    standing = [each for each in paid if each.event_id not in gone]
    if contract.stands:
        if left > 0:
            with st.expander(
                "支払を記録する", icon=":material/payments:", key=f"{form}.box.{request_id(form)}"
            ):
                _draw_form(held, form)
        if standing:
            _draw_take_back(held, standing[-1])


def _amount(payment: Payment, gone: dict[int, Payment], words: str) -> str | Struck:
    return Struck(words, "(取消し)") if payment.event_id in gone else words


def _parts(held: ContractInYear, payment: Payment) -> str:
    return "、".join(
        f"{plan_words(held.contract, line.plan)} {yen_text(line.amount)}" for line in payment.lines
    )


def _draw_form(held: ContractInYear, form: str) -> None:
    contract = held.contract
    field = Fields(f"{form}.{request_id(form)}")
    unread, lines = {}, []
    with form_box(form):
        day = field("paid_on", st.date_input, "支払日(必須)", context.today(), format="YYYY-MM-DD")
        for line in contract.terms.lines:
            left = line.amount - contract.paid_lines.get(line.plan, Yen(0))
            if left <= 0:
                continue
            name = plan_words(contract, line.plan)
            much = field(
                f"amount.{line.plan}",
                written.amount,
                f"{name} の支払額(残り{yen_text(left)})",
                value=0,
            )
            if much is None:
                unread[f"amount.{line.plan}"] = "支払額を円で入力してください。"
            else:
                lines.append(PaidLine(line.plan, Yen(much)))
        field.place("amount")
        note = field("note", st.text_input, NOTE.label, placeholder="例: 第1四半期分")
        pressed = st.button(
            "支払を記録する", type="primary", icon=":material/save:", key=f"{form}.go"
        )
    if not pressed:
        return
    if not isinstance(day, date):
        unread["paid_on"] = "支払日を選んでください。"
    if unread:
        refuse(unread, field.places)
        return
    submit(
        form,
        partial(record_payment, **_of(held), paid_on=day, lines=tuple(lines), note=note),
        lambda paid: (
            f"支払を記録しました。支払済の合計は{yen_text(paid)}です。"
            "全額を支払い、支援が終わったら、実績報告に進めます。"
        ),
        field.places,
    )


def _draw_take_back(held: ContractInYear, payment: Payment) -> None:
    form = f"payment.back.{held.contract.contract_id}"
    seen = held.last_payment
    reason = f"{form}.{seen}.reason"

    def take_back(engine: Engine, principal: Principal, *, request_id: str, now: datetime) -> int:
        """With what stands in the field when the button in the dialog is pressed."""
        return take_back_payment(
            engine,
            principal,
            **_of(held),
            payment_id=payment.event_id,
            reason=st.session_state.get(reason, ""),
            request_id=request_id,
            now=now,
        )

    confirm(
        "最後の支払を取り消す",
        f"{era_date(payment.paid_on)}の支払 **{yen_text(payment.amount)}**"
        f"({escaped(_parts(held, payment))})の記録を取り消します。",
        take_back,
        key=seen,
        form=form,
        done=lambda paid: f"支払の記録を取り消しました。支払済の合計は{yen_text(paid)}です。",
        go="取り消す",
        icon="undo",
        fields=partial(st.text_input, "取消しの理由(必須)", key=reason),
    )


def _of(held: ContractInYear) -> dict[str, Any]:
    return {
        "lg_code": held.contract.lg_code,
        "contract_id": held.contract.contract_id,
        "seen_payment": held.last_payment,
    }
