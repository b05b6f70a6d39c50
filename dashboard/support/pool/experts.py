"""専門人材: who is in the pool, a new one, a change, the last day."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Any

import streamlit as st
from sqlalchemy import Engine

from core.access.principal import Principal
from core.commands.experts import add_expert, change_expert, let_expert_go
from core.support.expert import WEEKDAYS, Expert, ExpertField, ExpertForm, ExpertStep, Offer
from core.values.errors import InvalidInputError
from core.values.fiscal import Precision, era_date, parse_date
from core.views.pool import PoolAnswer
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.answer import answer
from dashboard.kit.choice import choose
from dashboard.kit.confirm import confirm
from dashboard.kit.form import Fields, form_box
from dashboard.kit.rows import row
from dashboard.kit.submit import refuse, request_id, submit
from dashboard.kit.typed import escaped, paragraphs

_ADD = "pool.add"


def draw_experts(found: PoolAnswer) -> None:
    """Everybody of now, then those who left, folded."""
    today = context.today()
    here = [each for each in found.experts if (each.offer.ends or today) >= today]
    gone = [each for each in found.experts if each not in here]
    if not here:
        widgets.empty_state(
            "専門人材はまだ登録されていません。下の「専門人材を追加する」から登録します。",
            "group_add",
        )
    for expert in here:
        _draw_expert(found, expert)
    if gone:
        with st.expander(f"離任した専門人材({len(gone)}人)", icon=":material/history:"):
            for expert in gone:
                st.markdown(
                    escaped(f"{expert.name}(プラン{_plans(expert)}、{_term(expert.offer)})")
                )


def _draw_expert(found: PoolAnswer, expert: Expert) -> None:
    offer, key = expert.offer, expert.expert_id
    with row(f"expert-{key}"):
        st.markdown(
            f"**{escaped(expert.name)}**({escaped(found.vendors[expert.vendor_id].name)})  \n"
            f"専門分野 {escaped('、'.join(each.label for each in offer.fields))}  \n"
            f"担当できるプラン {escaped(_plans(expert))}  \n"
            f"出られる日 {escaped(f'{offer.said_days}({_term(offer)})')}、"
            f"これからの担当 {found.assigned.get(key, 0)}回"
        )
        if expert.experience:
            st.caption(paragraphs(expert.experience))
        form = f"pool.change.{key}"
        with st.container(horizontal=True):
            if expert.last.step is not ExpertStep.LEFT:
                with st.popover("変更する", icon=":material/edit:", key=f"{form}.box.{key}"):
                    _draw_change(found, expert, form)
                _draw_leave(expert)
        answer(form)


def _plans(expert: Expert) -> str:
    return "・".join(map(str, expert.offer.plans))


def _term(offer: Offer) -> str:
    ends = f"{era_date(offer.ends)}まで" if offer.ends else ""
    return f"{era_date(offer.begins)}から{ends}"


def draw_add(found: PoolAnswer) -> None:
    """A form for one more."""
    with st.expander(
        "専門人材を追加する", icon=":material/person_add:", expanded=not found.experts
    ):
        field = Fields(f"{_ADD}.{request_id(_ADD)}")
        with form_box(_ADD):
            vendors = sorted(each.name for each in found.vendors.values())
            field(
                "vendor",
                st.selectbox,
                "事業者名(必須)",
                vendors,
                index=None,
                accept_new_options=True,
                placeholder="選ぶか、契約書のとおりに入力",
            )
            _fields(field, None)
            pressed = st.button("追加する", type="primary", key=_ADD)
    answer(_ADD)
    if pressed:
        _hand_in(field, _ADD, add_expert, "を追加しました。")


def _draw_change(found: PoolAnswer, expert: Expert, form: str) -> None:
    field = Fields(f"{form}.{request_id(form)}.{expert.last.event_id}")
    field.values["vendor"] = found.vendors[expert.vendor_id].name
    _fields(field, expert)
    field("reason", st.text_area, "変更の理由(必須)", height=80)
    if st.button("変更する", type="primary", key=form):
        change = partial(
            change_expert,
            expert_id=expert.expert_id,
            reason=field.values["reason"],
            seen_event=expert.last.event_id,
        )
        _hand_in(field, form, change, "を変更しました。")


def _fields(field: Fields, before: Expert | None) -> None:
    offer, person = (before.offer, before.person) if before else (None, None)
    left, right = st.columns(2, gap="medium")
    with left:
        field("name", st.text_input, "氏名(必須)", person.name if person else "")
        field(
            "fields",
            choose,
            st.multiselect,
            "専門分野(必須)",
            ExpertField,
            list(offer.fields) if offer else [],
            placeholder="分野を選ぶ",
        )
        plans = {each.number: each.label for each in context.reference().plans}
        kept = [each for each in offer.plans if each in plans] if offer else []
        field(
            "plans",
            choose,
            st.multiselect,
            "担当できるプラン(必須)",
            plans,
            kept,
            placeholder="プランを選ぶ",
        )
        years = None if person is None else person.years
        field("years", st.number_input, "行政経験の年数", 0, 60, years, step=1)
    with right:
        field(
            "per_month",
            st.number_input,
            "月に出られる日数",
            1,
            31,
            (offer.per_month or 1) if offer else 2,
            step=1,
        )
        field(
            "weekdays",
            choose,
            st.pills,
            "曜日(選ばなければ平日すべて)",
            dict(enumerate(WEEKDAYS)),
            list(offer.weekdays) if offer else [],
            selection_mode="multi",
        )
        field(
            "begins", st.date_input, "始まりの日(必須)", offer.begins if offer else context.today()
        )
        field("ends", st.date_input, "終わりの日(決まっていれば)", offer.ends if offer else None)
    field(
        "days",
        st.text_area,
        "出られる日(決まっていれば、1行に1日。書くと、日数と曜日は使いません)",
        "\n".join(day.isoformat() for day in offer.days) if offer else "",
        height=80,
        placeholder="例: 2026-12-01",
    )
    experience = person.experience if person else ""
    field("experience", st.text_area, "行政経験・実績", experience, height=80)


def _hand_in(field: Fields, form: str, command: Any, done: str) -> None:
    asked = field.values
    try:
        days = _days(asked["days"])
    except InvalidInputError as error:
        refuse(error.problems, field.places)
        return
    if not isinstance(asked["begins"], date):
        refuse({"begins": "始まりの日を選んでください。"}, field.places)
        return
    offer = Offer(
        tuple(asked["fields"]),
        tuple(int(each) for each in asked["plans"]),
        int(asked["per_month"] or 0),
        tuple(int(each) for each in asked["weekdays"]),
        days,
        asked["begins"],
        asked["ends"],
    )
    filled = ExpertForm(
        asked["vendor"] or "", asked["name"], asked["experience"], asked["years"], offer
    )
    submit(form, partial(command, form=filled), f"{asked['name']}{done}", field.places)


def _days(text: str) -> tuple[date, ...]:
    """The days that are written one a line.

    Raises:
        InvalidInputError: Field ``days``: a line is none.
    """
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        try:
            read = parse_date(line)
        except ValueError as error:
            raise InvalidInputError({"days": str(error)}) from None
        if read.precision is not Precision.DAY:
            raise InvalidInputError({"days": f"日まで書いてください: {line[:20]}"})
        found.append(read.first)
    return tuple(found)


def _draw_leave(expert: Expert) -> None:
    form = f"pool.leave.{expert.expert_id}"
    seen = expert.last.event_id
    day, reason = f"{form}.{seen}.day", f"{form}.{seen}.reason"

    def leave(engine: Engine, principal: Principal, *, request_id: str, now: datetime) -> int:
        """With what stands in the fields when the button in the dialog is pressed."""
        return let_expert_go(
            engine,
            principal,
            expert_id=expert.expert_id,
            last_day=st.session_state[day],
            reason=st.session_state.get(reason, ""),
            seen_event=seen,
            request_id=request_id,
            now=now,
        )

    def fields() -> None:
        st.date_input("最後の日", context.today(), key=day)
        st.text_area("理由(必須)", key=reason, height=80)

    confirm(
        "離任を記録する",
        f"{escaped(expert.name)}の最後の日を記録します。その後の支援回の担当は、割り当て直します。",
        leave,
        key=seen,
        form=form,
        done=lambda left: (
            f"{expert.name}の離任を記録しました。"
            + (f"その後の予定{left}回の担当を割り当て直してください。" if left else "")
        ),
        go="離任を記録する",
        icon="logout",
        fields=fields,
    )
