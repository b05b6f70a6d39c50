"""サインイン中の画面: a list of them, each with what can be done to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import streamlit as st

from core.access.account import SignIn
from core.values.fiscal import JAPAN, day_in_japan
from dashboard.kit import widgets
from dashboard.kit.typed import Markdown, escaped


def draw_sign_ins(
    sign_ins: Sequence[SignIn], now: datetime, draw_act: Callable[[SignIn], object]
) -> None:
    """Each sign-in with when it began, its last use and where it came from.

    Args:
        draw_act: Draws what can be done to one.
    """
    if not sign_ins:
        widgets.empty_state("サインイン中の画面はありません。", "logout")
    for each in sign_ins:
        with st.container(border=True):
            st.markdown(
                f"**{escaped(each.address or '接続元は不明')}** {each.state.label}  \n"
                f"開始 {told(each.begun_at, now)}、最後の操作 {told(each.last_seen_at, now)}、"
                f"終了 {told(each.expires_at, now)}"
            )
            draw_act(each)


def told(moment: datetime, now: datetime) -> Markdown:
    """A moment to the minute; of today the time alone."""
    local, today = moment.astimezone(JAPAN), day_in_japan(now)
    return escaped(f"{local:%H:%M}" if local.date() == today else f"{local:%Y-%m-%d %H:%M}")
