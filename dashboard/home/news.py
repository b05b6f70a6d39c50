"""お知らせ: what others did to our affairs, until it is read; for ホーム and わがまち."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

import streamlit as st

from core.access.principal import Principal, Role, allows
from core.commands.news import mark_news_read
from core.news.news import News
from core.views.news import office_news_view, read_news_view, town_news_view
from dashboard import context
from dashboard.kit.cards import Action, Card, Rank, cards
from dashboard.kit.submit import submit
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped

_IN_SIGHT = 5
"""Rows before the rest is folded."""
_FOLDED = 20
_PRESSED = "news.pressed"


def draw_news(principal: Principal, *, whole: bool = False) -> None:
    """Unread ones with the way to each; nothing at all where there are none.

    Args:
        whole: Also say that there are none, and what was read.
    """
    if not allows(principal, "news:read"):
        return
    found = _found(principal)
    if pressed := st.session_state.pop(_PRESSED, ""):
        _mark([each for each in found if each.key == pressed])
    read = read_news_view(context.engine(), principal)
    unread = [each for each in found if each.key not in read]
    if unread or whole:
        count = f" {len(unread)}件" if unread else ""
        st.subheader(f"お知らせ{count}", anchor=False)
    _draw_rows(unread[:_IN_SIGHT], "sight")
    if rest := unread[_IN_SIGHT:]:
        with st.expander(f"ほか{len(rest)}件", icon=":material/notifications:"):
            _draw_rows(rest[:_FOLDED], "folded")
            if len(rest) > _FOLDED:
                st.caption(f"このほかに{len(rest) - _FOLDED}件。読んだものから消えます。")
    if len(unread) > 1 and st.button(
        f"{len(unread)}件すべてを既読にする", icon=":material/done_all:", key="news.all"
    ):
        _mark(unread)
    if whole:
        _draw_read(principal, [each for each in found if each.key in read], bool(unread))


def _found(principal: Principal) -> tuple[News, ...]:
    today = context.today()
    if principal.role is Role.OFFICER:
        code = str(principal.lg_code)
        return context.answer(town_news_view, principal, lg_code=code, as_of=today)
    return context.answer(office_news_view, principal, as_of=today)


def _draw_rows(shown: Sequence[News], place: str) -> None:
    cards(
        [
            Card(
                each.key,
                each.text,
                value=_ago(each.day),
                lines=[f"{each.kind.label}・{each.day.isoformat()}"],
                rank=Rank.QUIET,
                actions=[
                    Action("開く", page=each.page, query=each.query),
                    Action("既読にする", on_press=partial(_press, each.key)),
                ],
            )
            for each in shown
        ],
        key=f"news.{place}",
        rows=True,
    )


def _ago(day: date) -> str:
    days = (context.today() - day).days
    return f"{days}日前" if days > 0 else "今日"


def _press(key: str) -> None:
    st.session_state[_PRESSED] = key


def _mark(news: Sequence[News]) -> None:
    submit("news.read", partial(mark_news_read, keys=[each.key for each in news]), "")


def _draw_read(principal: Principal, read: Sequence[News], more: bool) -> None:
    if not more:
        st.caption("まだ読んでいないお知らせはありません。")
    if not read:
        return
    with st.expander(f"読んだお知らせ {len(read)}件", icon=":material/drafts:"):
        table(
            {
                "日付": [each.day.isoformat() for each in read],
                "種類": [each.kind.label for each in read],
                "内容": [each.text for each in read],
            },
            "読んだお知らせ、新しい順",
        )
        st.caption(f"既読は{escaped(principal.display_name)}さんだけのものです。同僚には残ります。")
