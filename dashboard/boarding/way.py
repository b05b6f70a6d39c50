"""From 意向 to 運用開始: six cards, and the windows above them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from core.boarding.steps import BoardingStep, StepState, StepStatus
from core.boarding.window import Window, WindowState, closed_message
from dashboard.kit import widgets
from dashboard.kit.cards import Badge, Card, Rank, Tone, cards
from dashboard.kit.typed import escaped
from dashboard.kit.widgets import source_text

_NARROWEST = 150


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
    cards([_card(number, state) for number, state in enumerate(states, 1)], narrowest=_NARROWEST)
    if any(state.assumed and state.due for state in states):
        st.caption(
            "「ごろ」は当初予算に載せる場合の通例を置いた仮定です。補正予算や団体の日程に合わせて"
            "読み替えてください。"
        )


def _card(number: int, state: StepState) -> Card:
    when = state.done or state.due
    assumed = "〔仮定〕" if when and state.assumed and not state.done else ""
    return Card(
        state.step.value,
        f"{number}. {state.step.label}",
        badges=[
            Badge(
                f"{state.status.mark} {state.status.label}",
                Tone.OPEN if state.status is StepStatus.NEXT else Tone.PLAIN,
            )
        ],
        text=f"{when}{assumed}",
        lines=[*filter(None, [state.note]), state.step.who],
        rank=Rank.FIRST if state.status is StepStatus.NEXT else Rank.USUAL,
    )


def draw_steps_in_general() -> None:
    """The six steps for readers without a municipality of their own."""
    cards(
        [
            Card(step.value, f"{number}. {step.label}", lines=[step.who])
            for number, step in enumerate(BoardingStep, 1)
        ],
        narrowest=_NARROWEST,
    )
