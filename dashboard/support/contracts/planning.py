"""予定: the year in one step, one visit more, one that came unplanned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, time
from functools import partial
from typing import Any

import streamlit as st

from core.commands.visits import hold_unplanned_visit, plan_visit, plan_year
from core.consultation.theme import MeetingForm
from core.support.expert import Expert
from core.support.pace import Pace
from core.support.visit import PLACE, Planned
from core.support.year_plan import WEEKDAYS, DayRule
from core.values.fiscal import PartialDate, Precision
from core.values.written_number import Clock, read_clock
from core.views.support import ContractInYear
from dashboard import context
from dashboard.kit.answer import answer
from dashboard.kit.choice import choose
from dashboard.kit.form import Fields, form_box
from dashboard.kit.submit import refuse, request_id, submit
from dashboard.support.contracts.holding import draw_expert, draw_held_fields
from dashboard.support.contracts.wording import plan_words

MEETINGS = {"": "未定", **{e.value: e.label for e in (MeetingForm.ON_SITE, MeetingForm.ONLINE)}}
_BY_DAY, _BY_MONTH = "day", "month"


def draw_planning(held: ContractInYear) -> None:
    """Whatever adds visits: nothing where all of them are planned or held."""
    key = held.contract.contract_id
    year, one, extra = (f"visit.{name}.{key}" for name in ("plan_year", "plan_one", "unplanned"))
    open_plans = [pace for pace in held.paces if pace.unplanned]
    fresh = not held.visits and held.contract.terms.last_day >= context.today()
    if open_plans:
        with st.expander(
            "年間の予定をまとめて立てる",
            icon=":material/calendar_month:",
            expanded=fresh,
            key=f"{year}.box.{request_id(year)}",
        ):
            _draw_year(held, open_plans, year)
    answer(year)
    if open_plans:
        with st.expander(
            "1回の予定を加える", icon=":material/add:", key=f"{one}.box.{request_id(one)}"
        ):
            _draw_one(held, open_plans, one)
    answer(one)
    begun = held.contract.terms.first_day <= context.today()
    if open_plans and begun:
        with st.expander(
            "予定になかった回の実施を記録する",
            icon=":material/event_available:",
            key=f"{extra}.box.{request_id(extra)}",
        ):
            _draw_unplanned(held, open_plans, extra)
    answer(extra)


def _draw_year(held: ContractInYear, paces: list[Pace], form: str) -> None:
    terms = held.contract.terms
    field = Fields(f"{form}.{request_id(form)}")
    with form_box(form):
        names = {p.plan: f"{plan_words(held.contract, p.plan)}(残り{p.unplanned}回)" for p in paces}
        plans = field(
            "plan", partial(choose, st.multiselect), "プラン(必須)", names, [p.plan for p in paces]
        )
        begins = max(context.today(), terms.first_day).replace(day=1)
        months = terms_months(begins, terms.last_day)
        labels = {m.isoformat(): PartialDate(m, Precision.MONTH).label for m in months}
        if not labels:
            st.markdown("契約期間が終わっているため、予定は立てられません。")
            return
        first = field(
            "first_month",
            partial(choose, st.selectbox),
            "始める月(必須)",
            labels,
            next(iter(labels)),
        )
        how = field(
            "how",
            partial(choose, st.radio),
            "毎月の日の決め方",
            {_BY_DAY: "曜日で決める(第2水曜など)", _BY_MONTH: "月だけ決めて、日は後で決める"},
            _BY_DAY,
            horizontal=True,
        )
        rule, start = DayRule(), None
        unread: dict[str, str] = {}
        if how == _BY_DAY:
            left, middle, right = st.columns(3)
            nth = field(
                "rule",
                partial(choose, left.selectbox),
                "週",
                {n: "最終" if n == 5 else f"第{n}" for n in range(1, 6)},
                2,
                at=left,
            )
            weekday = field(
                "weekday",
                partial(choose, middle.selectbox),
                "曜日",
                {n: f"{name}曜日" for n, name in enumerate(WEEKDAYS)},
                2,
                at=middle,
            )
            rule = DayRule(weekday, nth)
            start, unread = draw_start(field, None, right)
        meeting, place = draw_where(field, None, "")
        st.caption(
            "月に1回、まだ予定も実施もない月に入れます(月1回程度の仮定)。祝日・年末年始・土日に当たる日は、"
            "次の開庁日に移します。1回ごとの日程は、後から変えられます。"
        )
        pressed = st.button(
            "予定をまとめて立てる", type="primary", icon=":material/calendar_month:", key=form
        )
    if pressed and unread:
        refuse(unread, field.places)
    elif pressed:
        usual = Planned(PartialDate(begins, Precision.MONTH), start, meeting, place)

        def done(count: int) -> str:
            left_over = sum(p.unplanned for p in paces if p.plan in plans) - count
            rest = (
                f"残り{left_over}回は月1回では入りません。「1回の予定を加える」で同じ月に加えられます。"
                if left_over
                else "日が近づいたらホームとカレンダーに出ます。終わったら実施を記録してください。"
            )
            return f"{count}回の支援回を予定しました。{rest}"

        submit(
            form,
            partial(
                plan_year,
                **_of(held),
                plans=tuple(plans),
                first_month=date.fromisoformat(str(first)),
                rule=rule,
                usual=usual,
            ),
            done,
            field.places,
        )


def terms_months(first: date, last: date) -> list[date]:
    """First days of the months from one to another."""
    found = []
    while first <= last:
        found.append(first)
        first = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return found


def _draw_one(held: ContractInYear, paces: list[Pace], form: str) -> None:
    field = Fields(f"{form}.{request_id(form)}")
    with form_box(form):
        plan = draw_plan(held, paces, field)
        planned, unread = draw_planned_fields(field, None, held.experts)
        pressed = st.button("予定を加える", type="primary", icon=":material/add:", key=form)
    if pressed and (unread or planned is None):
        refuse(unread, field.places)
    elif pressed and planned is not None:
        submit(
            form,
            partial(plan_visit, **_of(held), plan=plan, planned=planned),
            lambda serial: f"{plan_words(held.contract, plan)} の第{serial}回を予定しました。",
            field.places,
        )


def _draw_unplanned(held: ContractInYear, paces: list[Pace], form: str) -> None:
    field = Fields(f"{form}.{request_id(form)}")
    with form_box(form):
        plan = draw_plan(held, paces, field)
        found, files, unread = draw_held_fields(
            field, None, context.today(), held.contract.terms, held.experts
        )
        pressed = st.button("実施を記録する", type="primary", icon=":material/save:", key=form)
    if pressed and (unread or found is None):
        refuse(unread, field.places)
    elif pressed and found is not None:
        submit(
            form,
            partial(hold_unplanned_visit, **_of(held), plan=plan, held=found, files=files),
            lambda serial: (
                f"{plan_words(held.contract, plan)} の第{serial}回の実施を記録しました。"
                "残りの回数は上の表に出ています。"
            ),
            field.places,
        )


def draw_plan(held: ContractInYear, paces: list[Pace], field: Fields) -> int:
    """Which plan of the contract."""
    names = {p.plan: plan_words(held.contract, p.plan) for p in paces}
    draw: Callable[..., Any] = partial(choose, st.radio)
    return int(field("plan", draw, "プラン(必須)", names, paces[0].plan, horizontal=True))


def draw_planned_fields(
    field: Fields, known: Planned | None, experts: Sequence[Expert]
) -> tuple[Planned | None, dict[str, str]]:
    """A day or a month, when, how, where and who; what stands in them that cannot be read."""
    by_month = known is not None and known.when.precision is Precision.MONTH
    how = field(
        "how",
        partial(choose, st.radio),
        "日程",
        {_BY_DAY: "日を決める", _BY_MONTH: "月だけ決める"},
        _BY_MONTH if by_month else _BY_DAY,
        horizontal=True,
    )
    left, right = st.columns(2)
    label = "日(必須)" if how == _BY_DAY else "月(その月の日を1つ選んでください。必須)"
    day = field(
        "when",
        left.date_input,
        label,
        known.when.first if known else None,
        at=left,
        format="YYYY-MM-DD",
    )
    start = None
    unread: dict[str, str] = {}
    if how == _BY_DAY:
        start, unread = draw_start(field, known.start if known else None, right)
    meeting, place = draw_where(
        field, known.meeting if known else None, known.place if known else ""
    )
    expert = draw_expert(field, experts, known.expert_id if known else None)
    if not isinstance(day, date):
        return None, {"when": "日を選んでください。", **unread}
    precision = Precision.DAY if how == _BY_DAY else Precision.MONTH
    first = day if how == _BY_DAY else day.replace(day=1)
    return Planned(PartialDate(first, precision), start, meeting, place, expert), unread


def draw_where(
    field: Fields, meeting: MeetingForm | None, place: str
) -> tuple[MeetingForm | None, str]:
    """形式 and 場所."""
    left, right = st.columns(2)
    chosen = field(
        "meeting",
        partial(choose, left.selectbox),
        "形式",
        MEETINGS,
        meeting.value if meeting else "",
        at=left,
    )
    where = field("place", right.text_input, f"{PLACE.label}(未定なら空欄)", place, at=right)
    return (MeetingForm(chosen) if chosen else None), where


def draw_start(field: Fields, known: time | None, at: Any) -> tuple[time | None, dict[str, str]]:
    """開始時刻 as people write one; None for not said. What cannot be read, by field."""
    typed = field(
        "start",
        at.text_input,
        "開始時刻(未定なら空欄)",
        "" if known is None else str(Clock.of(known)),
        at=at,
        placeholder="例: 13:30",
    )
    if not str(typed).strip():
        return None, {}
    try:
        found = read_clock(str(typed))
    except ValueError as error:
        return None, {"start": str(error)}
    if found == Clock(24):
        return None, {"start": "24:00には始められません。23:59までの時刻を書いてください。"}
    return found.time, {}


def _of(held: ContractInYear) -> dict[str, Any]:
    return {
        "lg_code": held.contract.lg_code,
        "contract_id": held.contract.contract_id,
        "seen_event": held.last_visit_event,
    }
