"""予定の確認: plans whose month has come, ticked and confirmed together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import groupby

import streamlit as st

from core.access.principal import Principal
from core.commands.ledger import PlanConfirmed, confirm_plans
from core.procurement.event import EventKind
from core.procurement.recording import MAX_SOURCE, doubts
from core.values.fiscal import PartialDate
from core.values.written_date import read_date
from core.views.ledger import OverduePlan, overdue_plans_view
from dashboard import context
from dashboard.kit import widgets, written
from dashboard.kit.answer import answer
from dashboard.kit.choice import choose
from dashboard.kit.submit import request_id, submit
from dashboard.kit.typed import escaped
from dashboard.procurement import wording

_FORM = "ledger.overdue"


def draw_overdue(principal: Principal) -> None:
    """Names to tick, what became of them, on which grounds."""
    plans = context.answer(overdue_plans_view, principal, today=context.today())
    if not plans:
        answer(_FORM)
        widgets.empty_state(
            "開始予定の月が来て、まだ参加の記録がない予定はありません。", "event_available"
        )
        return
    st.markdown(
        f"開始予定の月が来ても参加の記録がない予定が**{len(plans)}件**あります。"
        "参加したことを確かめた団体を選び、まとめて記録します。"
        "参加していない団体は「記録する」で新しい予定か取下げを記録してください。"
    )
    form = request_id(_FORM)  # another one after each answer: ticks begin anew
    keys = {each: f"ledger.overdue.{form}.{each.programme}.{each.participant}" for each in plans}
    with st.container(horizontal=True):
        st.button("すべて選ぶ", icon=":material/done_all:", on_click=_tick, args=(keys, True))
        st.button("選択を外す", icon=":material/remove_done:", on_click=_tick, args=(keys, False))
    for label, group in groupby(plans, key=lambda each: each.label):
        found = [*group]
        st.markdown(f"**{escaped(label)}**({len(found)}件)")
        with st.grid("auto", min_column_width=280):
            for each in found:
                st.checkbox(escaped(_named(each)), key=keys[each])
    _draw_form([each for each in plans if st.session_state.get(keys[each])], form)


def _tick(keys: dict[OverduePlan, str], on: bool) -> None:
    for key in keys.values():
        st.session_state[key] = on


def _named(plan: OverduePlan) -> str:
    return f"{plan.name}　{wording.standing_text(plan.state)}"


def _draw_form(chosen: Sequence[OverduePlan], form: str) -> None:
    left, right = st.columns(2)
    with left:
        kind = choose(
            st.segmented_control,
            "記録すること(必須)",
            (EventKind.JOINED, EventKind.JOINED_LATE),
            None,
            key=f"ledger.overdue.{form}.kind",
        )
        typed = st.text_input(
            "適用日",
            key=f"ledger.overdue.{form}.day",
            placeholder="空欄なら、それぞれの開始予定",
            help="全員が同じ日から参加したときだけ入れます。例: R5.10.1、令和5年10月",
        )
        day, problem = _read(typed)
        if problem:
            st.error(escaped(problem), icon=":material/error:")
        elif day is not None:
            st.caption(escaped(f"選んだすべてに適用: {day.label}"))
    with right:
        source = written.text(
            "出典",
            key=f"ledger.overdue.{form}.source",
            longest=MAX_SOURCE,
            required=True,
            placeholder="例: 令和5年10月2日付け 参加状況の照会の回答",
        )
    asked = _asked(chosen, day)
    sure = True
    if asked:
        st.warning(escaped("\n\n".join(asked)), icon=":material/help:")
        sure = st.checkbox("この日で間違いない", key=f"ledger.overdue.{form}.sure")
    words = f"{kind.label}として" if kind else ""
    pressed = st.button(
        escaped(f"{len(chosen)}件を{words}記録する"),
        type="primary",
        icon=":material/check:",
        disabled=not (chosen and kind and source and sure) or bool(problem),
        key="ledger.overdue.go",
    )
    lacking = [
        name
        for name, given in (
            ("団体", chosen),
            ("当初参加か後乗りか", kind),
            ("出典", source),
        )
        if not given
    ]
    if lacking:
        st.caption(escaped(f"次を入れると記録できます: {'、'.join(lacking)}"))
    answer(_FORM)
    if not pressed or kind is None or not source:
        return
    plans = tuple(
        PlanConfirmed(
            each.participant, each.programme, day or each.foreseen, each.state.lot, each.seen_event
        )
        for each in chosen
    )
    names = "、".join(dict.fromkeys(each.name for each in chosen))

    def done(number: int) -> str:
        return f"{number}件を「{kind.label}」として記録しました({names})。"

    submit(
        _FORM,
        partial(confirm_plans, plans=plans, kind=kind, source=source),
        done,
        next_step=("共同調達で確かめる", "procurement"),
    )


def _read(typed: str) -> tuple[PartialDate | None, str]:
    if not typed.strip():
        return None, ""
    try:
        return read_date(typed), ""
    except ValueError as error:
        return None, str(error)


def _asked(chosen: Sequence[OverduePlan], day: PartialDate | None) -> list[str]:
    """What is asked about a day that everybody is given; the foreseen ones were asked before."""
    if day is None:
        return []
    systems, today = context.reference().procurements.systems, context.today()
    keys = dict.fromkeys(each.programme for each in chosen)
    return [said for key in keys for said in doubts(systems[key], day, None, today)]
