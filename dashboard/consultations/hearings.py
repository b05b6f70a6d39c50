"""ヒアリング: who is heard when; the secretariat plans, a municipality reads its own."""

from __future__ import annotations

from datetime import date
from functools import partial

import streamlit as st

from core.access.principal import Principal, allows
from core.commands.hearings import record_hearing
from core.consultation.hearing import (
    NEXT_HEARING_STATES,
    HearingEvent,
    HearingPlan,
    HearingState,
    hearing_period,
    outside_period,
)
from core.consultation.theme import MeetingForm
from core.reference.advisors import Hearing
from core.values.fiscal import FiscalYear, era_date
from core.values.free_text import read_form
from core.values.municipality import Municipality
from core.views.consultations import hearing_view, hearings_view
from dashboard import context
from dashboard.consultations.next_step import draw_start
from dashboard.kit import widgets
from dashboard.kit.answer import answer
from dashboard.kit.choice import choose
from dashboard.kit.form import Fields, form_box
from dashboard.kit.sight import nothing_opened, opened_mark
from dashboard.kit.submit import refuse, submit
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped

_CHOSEN = "consultations.hearing_code"


def draw_hearings(principal: Principal, announced: Hearing) -> None:
    """The year, what the guide announces, the dates."""
    this = int(context.this_fiscal_year())
    years = {year: FiscalYear(year).full_label for year in range(this - 1, this + 2)}
    fiscal_year = FiscalYear(
        choose(st.selectbox, "年度", years, this, key="consultations.hearing_year")
    )
    st.caption(
        f"{escaped(announced.text)}{escaped(announced.form)}"
        f"〔出典: 令和4年度の案内、{escaped(widgets.source_text('jirei'))}〕"
    )
    if allows(principal, "consultation:manage"):
        _draw_plan(principal, fiscal_year)
    else:
        _draw_own(principal, fiscal_year)


def _draw_own(principal: Principal, fiscal_year: FiscalYear) -> None:
    code = str(principal.lg_code)
    found = context.answer(hearing_view, principal, lg_code=code, fiscal_year=fiscal_year)
    event = found.hearings.get(code)
    if event is None:
        first, last = hearing_period(fiscal_year)
        widgets.empty_state(
            f"{fiscal_year.label}のヒアリングの日程は未定です。"
            f"例年の時期は{first.isoformat()}から{last.isoformat()}までです。",
            "event",
        )
        return
    with st.container(border=True):
        st.markdown(f"**{event.state.label}** {escaped(_when(event))}")
        if event.plan.note:
            st.markdown(escaped(event.plan.note))


def _when(event: HearingEvent) -> str:
    plan = event.plan
    start = f"{plan.start:%H:%M}開始" if plan.start else "開始時刻は未定"
    return f"{era_date(plan.day)}({plan.day.isoformat()})・{start}・{plan.meeting.label}"


def _draw_plan(principal: Principal, fiscal_year: FiscalYear) -> None:
    found = context.answer(hearings_view, principal, fiscal_year=fiscal_year)
    hearings = found.hearings
    counts = {
        state: sum(event.state is state for event in hearings.values()) for state in HearingState
    }
    undecided = len(found.municipalities) - counts[HearingState.PLANNED] - counts[HearingState.HELD]
    st.markdown(
        f"**実施済 {counts[HearingState.HELD]}団体・予定 {counts[HearingState.PLANNED]}団体・"
        f"未定 {undecided}団体**(未定は取消の団体を含む。{context.today().isoformat()}時点、"
        f"{len(found.municipalities)}{context.names().towns}のうち)"
    )
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _draw_table(found.municipalities, hearings)
    with right:
        names = {m.lg_code: m.name for m in found.municipalities}
        code = choose(
            st.selectbox,
            context.names().towns,
            names,
            None,
            key=_CHOSEN,
            placeholder="選ぶか、表の名前を押す",
        )
        if code:
            with opened_mark(f"hearing.{code}"):
                _draw_form(fiscal_year, code, names[code], hearings.get(code))
        else:
            nothing_opened()


def _draw_table(
    municipalities: tuple[Municipality, ...], hearings: dict[str, HearingEvent]
) -> None:
    def order(m: Municipality) -> tuple[bool, date, str]:
        event = hearings.get(m.lg_code)
        return event is None, event.plan.day if event else date.max, m.lg_code

    places = sorted(municipalities, key=order)
    events = [hearings.get(place.lg_code) for place in places]

    def choose_row(row: int) -> None:
        st.session_state[_CHOSEN] = places[row].lg_code

    codes = [place.lg_code for place in places]
    chosen = st.session_state.get(_CHOSEN)
    table(
        {
            context.names().towns: [place.name for place in places],
            "状態": [e.state.label if e else "未定" for e in events],
            "実施日": [e.plan.day.isoformat() if e else "未定" for e in events],
            "開始": [f"{e.plan.start:%H:%M}" if e and e.plan.start else "未定" for e in events],
            "形式": [e.plan.meeting.label if e else "未定" for e in events],
            "案内の時期": ["期間外" if e and outside_period(e) else "" for e in events],
            "備考": [e.plan.note if e else "" for e in events],
        },
        alt="ヒアリングの日程の一覧",
        key="consultations.hearings",
        on_pick=choose_row,
        chosen=codes.index(chosen) if chosen in codes else None,
    )


def _draw_form(fiscal_year: FiscalYear, code: str, name: str, before: HearingEvent | None) -> None:
    seen = before.event_id if before else 0
    following = NEXT_HEARING_STATES[before.state if before else None]
    if not following:
        answer(f"consultation.hearing.{int(fiscal_year)}.{code}")
        st.markdown(
            f"{escaped(name)}のヒアリングは「{before.state.label if before else ''}」です。"
        )
        return
    said = f"consultation.hearing.{int(fiscal_year)}.{code}"
    form = f"{said}.{seen}"
    labels = {state.value: f"{state.label}と記録" for state in following}
    if before and before.state in following:
        labels[before.state] = "日程を変える"
    plan = before.plan if before else None
    with form_box(said):
        field = Fields(form)
        state = choose(st.radio, "記録(必須)", labels, key=f"{form}.state")
        day = field(
            "day",
            st.date_input,
            "実施日(必須)",
            plan.day if plan else None,
            min_value=fiscal_year.first_day,
            max_value=fiscal_year.last_day,
            format="YYYY-MM-DD",
        )
        start, problems = draw_start(field, plan.start if plan else None, st.container())
        meeting = field(
            "meeting",
            partial(choose, st.radio),
            "形式(必須)",
            (MeetingForm.ON_SITE, MeetingForm.ONLINE),
            plan.meeting if plan else MeetingForm.ON_SITE,
            horizontal=True,
        )
        note = field("note", st.text_input, "備考(場所、出席者など)", plan.note if plan else "")
        pressed = st.button("記録する", type="primary", key=said)
    if not pressed:
        answer(said)
        return
    stated = HearingPlan(day if isinstance(day, date) else date.max, start, meeting, note)
    if stated.day == date.max:
        problems = {"day": "実施日を選んでください。"} | problems
    if problems:
        read_form(stated, problems)
        refuse(problems, field.places)
        return
    submit(
        said,
        partial(
            record_hearing,
            lg_code=code,
            fiscal_year=fiscal_year,
            state=HearingState(state),
            plan=stated,
            seen_event=seen,
        ),
        f"{name}のヒアリング({stated.day.isoformat()})を記録しました。",
        field.places,
    )
