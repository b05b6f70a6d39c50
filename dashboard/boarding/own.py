"""A municipality's own: where it stands, its intention inside a window, 予算要求 and 議決."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.access.principal import Principal
from core.boarding.steps import OWN_STEPS, BoardingStep, StepRecord, StepStatus
from core.boarding.window import Window
from core.commands.boarding import record_boarding_step, state_boarding
from core.procurement.event import EventKind
from core.values.fiscal import FISCAL_MONTHS, Precision, era_date
from core.views.boarding import OwnBoarding, own_boarding_view
from dashboard import context
from dashboard.frame import navigation
from dashboard.kit.answer import NextStep, answer
from dashboard.kit.charts.standing import legend_label
from dashboard.kit.choice import choose
from dashboard.kit.confirm import confirm
from dashboard.kit.submit import as_shown, submit
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped

_TALENT = "talent"
_SAID = {
    EventKind.INTEREST: "関心がある(検討中)",
    EventKind.PLANNED: "参加を予定する",
    EventKind.WITHDRAWN: "取り下げる",
}


def draw_own_boarding(principal: Principal) -> None:
    """Our systems: where each stands, what is next and when; for わがまち."""
    found = context.answer(
        own_boarding_view, principal, lg_code=str(principal.lg_code), as_of=context.today()
    )
    table(
        {
            "共同調達": (own.procurement.label for own in found),
            "状態": map(_standing_text, found),
            "後乗り募集": (
                "、".join(f"募集中({w.period})" for w in own.open) or "なし" for own in found
            ),
            "次の手順": map(_next_text, found),
        },
        "共同調達ごとの状態、後乗り募集、次の手順と時期",
    )
    st.caption(
        f"{context.today().isoformat()}時点の台帳と自団体の記録。「記録なし」は台帳に記録がない"
        "ことを示し、参加していないことを示しません。「ごろ」は通例による仮定。"
    )
    navigation.link("boarding", "後乗りを開く", "directions_bus")


def _standing_text(own: OwnBoarding) -> str:
    live = own.state.live_since
    return legend_label(own.state.standing) + (f"(運用 {live.label}から)" if live else "")


def _next_text(own: OwnBoarding) -> str:
    if own.procurement.key == _TALENT:
        return "上の「参加希望」で進めます"
    if own.next is None:
        return "すべて済み"
    assumed = "〔仮定〕" if own.next.assumed else ""
    return f"{own.next.step.label}: {own.next.due}{assumed}"


def draw_statement(lg_code: str, own: OwnBoarding) -> None:
    """State 関心, 予定 or 取下げ inside an open window."""
    state = own.state
    key = f"boarding.state.{own.procurement.key}"
    if st.session_state.get(f"{key}.go") and not (own.may_state and own.open):
        st.error(
            "記録していません。画面を開いている間に、募集か台帳の状態が変わりました。",
            icon=":material/error:",
        )
    since = f"({state.since.label}から)" if state.since else ""
    target = f"、開始予定 {state.target.label}" if state.target else ""
    st.markdown(f"自団体のいまの状態: **{legend_label(state.standing)}**{since}{target}")
    answer(key)
    if not own.may_state:
        st.caption(
            "この状態からの変更は事務局が台帳に記録します。必要な場合は事務局に連絡してください。"
        )
        return
    if not own.open:
        st.caption("募集期間になると、ここから意向を記録できます。")
        return
    seen = as_shown(key, own.last_event)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        window = _window(own, key)
        kind = EventKind(
            choose(
                st.segmented_control,
                "後乗りの意向",
                {kind.value: _SAID[kind] for kind in own.may_state},
                own.may_state[0].value,
                key=f"{key}.kind",
                required=True,
            )
        )
        withdrawn = kind is EventKind.WITHDRAWN
        lot = _lot(own, key) if own.procurement.lots and not withdrawn else None
        month = _month(own, key) if kind is EventKind.PLANNED else None
        note = st.text_input("備考(任意)", key=f"{key}.note", width=260)
        pressed = st.button(
            f"「{kind.label}」と記録する", type="primary", icon=":material/send:", key=f"{key}.go"
        )
    if not pressed:
        return
    submit(
        key,
        partial(
            state_boarding,
            lg_code=lg_code,
            programme=own.procurement.key,
            window_id=window.opened.event_id,
            kind=kind,
            lot=lot,
            start_month=month,
            note=note,
            seen_event=seen,
        ),
        f"{own.procurement.label}の後乗りに「{kind.label}」と記録しました。"
        "事務局にはこのまま伝わります。",
        next_step=NextStep("わがまちで次の手順を見る", "our_municipality"),
    )


def _window(own: OwnBoarding, key: str) -> Window:
    if len(own.open) == 1:
        return own.open[0]
    by_id = {window.opened.event_id: window for window in own.open}
    labels = {
        number: f"{window.opened.fiscal_year.full_label}利用開始分({window.period})"
        for number, window in by_id.items()
    }
    return by_id[choose(st.selectbox, "募集", labels, key=f"{key}.window", width=330)]


def _lot(own: OwnBoarding, key: str) -> str | None:
    labels: dict[str | None, str] = {
        None: "未定",
        **{each.key: each.label for each in own.procurement.lots},
    }
    lot: str | None = choose(st.selectbox, "区分", labels, key=f"{key}.lot", width=180)
    return lot


def _month(own: OwnBoarding, key: str) -> int | None:
    target = own.state.target
    known = target.first.month if target and target.precision is Precision.MONTH else None
    labels: dict[int | None, str] = {
        None: "未定",
        **{month: f"{month}月" for month in FISCAL_MONTHS},
    }
    month: int | None = choose(
        st.selectbox, "利用開始の予定月", labels, known, key=f"{key}.month", width=150
    )
    return month


def draw_own_steps(lg_code: str, own: OwnBoarding) -> None:
    """Record the next of the own steps; take an earlier record back."""
    for step in OWN_STEPS:
        answer(f"boarding.step.{own.procurement.key}.{step.value}")
        if step not in {record.step for record in own.records}:  # else beneath its button
            answer(_back(own.procurement.key, step))
    following = own.next
    if following is not None and following.step in OWN_STEPS:
        _draw_record(lg_code, own, following.step)
    elif own.next is not None and own.next.status is StepStatus.NEXT:
        st.caption(f"次の手順「{own.next.step.label}」: {escaped(own.next.step.who)}。")
    for record in own.records:
        _draw_take_back(lg_code, record)


def _draw_record(lg_code: str, own: OwnBoarding, step: BoardingStep) -> None:
    key = f"boarding.step.{own.procurement.key}.{step.value}"
    day = st.date_input(
        f"「{step.label}」をした日",
        context.today(),
        max_value=context.today(),
        format="YYYY-MM-DD",
        key=f"{key}.day",
    )
    note = st.text_input("備考(任意)", key=f"{key}.note")
    pressed = st.button(
        f"「{step.label}」を記録する", icon=":material/check:", type="primary", key=f"{key}.go"
    )
    if pressed:
        submit(
            key,
            partial(
                record_boarding_step,
                lg_code=lg_code,
                programme=own.procurement.key,
                step=step,
                done_on=day,
                taken_back=False,
                note=note,
            ),
            f"「{step.label}」({era_date(day)})を記録しました。",
        )


def _back(programme: str, step: BoardingStep) -> str:
    return f"boarding.back.{programme}.{step.value}"


def _draw_take_back(lg_code: str, record: StepRecord) -> None:
    what = f"「{record.step.label}」({era_date(record.done_on)})"
    confirm(
        f"{what}を取り消す",
        f"{what}の記録を取り消します。取り消しても、記録は監査のため残ります。",
        partial(
            record_boarding_step,
            lg_code=lg_code,
            programme=record.programme,
            step=record.step,
            done_on=record.done_on,
            taken_back=True,
            note="",
        ),
        key=record.record_id,
        form=_back(record.programme, record.step),
        done=f"{what}を取り消しました。",
        go="取り消す",
        icon="undo",
    )
