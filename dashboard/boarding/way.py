"""From 意向 to 運用開始: six cards, and the windows above them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from core.boarding.steps import BoardingStep, StepState, StepStatus
from core.boarding.window import Window, WindowState, closed_message
from dashboard.kit import widgets
from dashboard.kit.typed import escaped
from dashboard.kit.widgets import source_text


def draw_windows_notice(programme: str, known: Sequence[Window], as_of: date) -> None:
    """What is open on the day, with days left; else when the next one is."""
    opened = [window for window in known if window.state(as_of) is WindowState.OPEN]
    for window in opened:
        event = window.opened
        left = window.days_left(as_of)
        more = f" {escaped(event.note)}" if event.note else ""
        st.success(
            f"**{event.fiscal_year.full_label}利用開始分を募集中** {escaped(window.period)}"
            f"(残り{left}日、最終日を含む)。{more}〔出典: {escaped(source_text(event.source))}〕",
            icon=":material/event_available:",
        )
    if not opened:
        widgets.empty_state(closed_message(programme, known, as_of), "event_busy")


def draw_steps(states: Sequence[StepState]) -> None:
    """A card a step: whether it is done, when, by whom."""
    with st.grid("auto", min_column_width=140):
        for number, state in enumerate(states, 1):
            _card(number, state)
    if any(state.assumed and state.due for state in states):
        st.caption(
            "「ごろ」は当初予算に載せる場合の通例を置いた仮定です。補正予算や団体の日程に合わせて"
            "読み替えてください。"
        )


def _card(number: int, state: StepState) -> None:
    with st.container(border=True, height="stretch"):
        st.markdown(f"{number}. **{state.step.label}**")
        upcoming = state.status is StepStatus.NEXT
        said = f"{state.status.mark} {state.status.label}"
        st.markdown(f":blue[**{said}**]" if upcoming else said)
        if when := state.done or state.due:
            st.markdown(escaped(when) + ("〔仮定〕" if state.assumed and not state.done else ""))
        if state.note:
            st.markdown(escaped(state.note))
        st.caption(escaped(state.step.who))


def draw_steps_in_general() -> None:
    """The six steps for readers without a municipality of their own."""
    with st.grid("auto", min_column_width=140):
        for number, step in enumerate(BoardingStep, 1):
            with st.container(border=True, height="stretch"):
                st.markdown(f"{number}. **{step.label}**")
                st.caption(escaped(step.who))
