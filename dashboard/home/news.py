"""お知らせ: what others did to our affairs, until it is read; for ホーム and わがまち."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.access.principal import Principal, Role, allows
from core.commands.news import mark_news_read
from core.news.news import News
from core.views.news import office_news_view, read_news_view, town_news_view
from dashboard import context
from dashboard.frame import navigation
from dashboard.kit import widgets
from dashboard.kit.submit import submit
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped

_IN_SIGHT = 5
"""Rows before the rest is folded."""


def draw_news(principal: Principal, *, whole: bool = False) -> None:
    """Unread ones with the way to each; nothing at all where there are none.

    Args:
        whole: Also say that there are none, and what was read.
    """
    if not allows(principal, "news:read"):
        return
    found = _found(principal)
    read = read_news_view(context.engine(), principal)
    unread = [each for each in found if each.key not in read]
    if unread or whole:
        count = f" {len(unread)}件" if unread else ""
        st.subheader(f"お知らせ{count}", anchor=False)
    for each in unread[:_IN_SIGHT]:
        _draw(each)
    if rest := unread[_IN_SIGHT:]:
        with st.expander(f"ほか{len(rest)}件", icon=":material/notifications:"):
            for each in rest[: 4 * _IN_SIGHT]:
                _draw(each)
            if len(rest) > 4 * _IN_SIGHT:
                st.caption(f"このほかに{len(rest) - 4 * _IN_SIGHT}件。読んだものから消えます。")
    if len(unread) > 1 and st.button(
        f"{len(unread)}件すべてを既読にする",
        icon=":material/done_all:",
        type="tertiary",
        key="news.all",
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


def _draw(news: News) -> None:
    with st.container(
        horizontal=True, vertical_alignment="center", key=f"news.row.{news.key}", gap="small"
    ):
        st.markdown(
            f":blue-badge[{news.kind.label}] {escaped(news.text)} "
            f":small[{news.day.month}月{news.day.day}日]",
            width="stretch",
        )
        navigation.link(news.page, "開く", "arrow_forward", news.query)
        if st.button("既読にする", key=f"news.read.{news.key}", type="tertiary"):
            _mark([news])


def _mark(news: Sequence[News]) -> None:
    submit("news.read", partial(mark_news_read, keys=[each.key for each in news]), "")


def _draw_read(principal: Principal, read: Sequence[News], more: bool) -> None:
    if not more:
        widgets.empty_state("まだ読んでいないお知らせはありません。", "notifications")
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
