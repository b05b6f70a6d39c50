"""The list: what is ahead, then what has been taught; one card a training."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from math import ceil

import streamlit as st

from core.access.principal import Principal
from core.reference.corrections import corrections_text
from core.training.vocabulary import SessionFormat
from core.views.trainings import SessionCard, TrainingsAnswer, trainings_view
from dashboard import context
from dashboard.kit.typed import Markdown, escaped
from dashboard.kit.widgets import empty_state
from dashboard.trainings import question as asking
from dashboard.trainings.question import Question
from dashboard.trainings.wording import (
    badges_text,
    deadline_text,
    draw_title,
    draw_unknown_audience,
    format_text,
    place_words,
    seats_text,
    when_text,
)

_PAGE = 20


def draw_list(principal: Principal, question: Question) -> None:
    """Sessions from today on, soonest first; then those before, newest first."""
    ahead = _answer(principal, question, ahead=True)
    st.subheader(f"これからの研修({ahead.total}日程)", anchor=False)
    if ahead.cards:
        _draw_cards(question, ahead.cards)
        _draw_pages("ahead", ahead.total)
    elif question.narrowed:
        asking.draw_nothing_found(question, ahead)
    else:
        empty_state("これからの研修は、まだ公開されていません。公開されるとここに出ます。", "event")
    if ahead.cards:
        draw_unknown_audience(ahead)
    past = _answer(principal, question, ahead=False)
    st.subheader(f"これまでの研修({past.total}日程)", anchor=False)
    st.caption("開催の新しい順。何が教えられてきたかの記録です。")
    if past.cards:
        _draw_cards(question, past.cards, columns=True)
        _draw_pages("past", past.total)
    else:
        empty_state("条件に合う、これまでの研修はありません。", "history")


def _answer(principal: Principal, question: Question, *, ahead: bool) -> TrainingsAnswer:
    today = context.today()
    days = {"first": today} if ahead else {"last": today - timedelta(days=1)}
    wanted = replace(question.filter, **days)  # type: ignore[arg-type]
    chosen = int(st.session_state.get(f"trainings.page.{'ahead' if ahead else 'past'}", 1))
    # The page that was left may be gone with what was on it.
    for page in dict.fromkeys((chosen, 1)):
        found = context.answer(
            trainings_view,
            principal,
            wanted=wanted,
            as_of=today,
            newest_first=not ahead,
            limit=_PAGE,
            offset=(page - 1) * _PAGE,
        )
        if found.cards:
            break
    return found


def _draw_pages(name: str, total: int) -> None:
    if (pages := ceil(total / _PAGE)) > 1:
        st.pagination(pages, key=f"trainings.page.{name}")


def _grouped(cards: Sequence[SessionCard]) -> list[list[SessionCard]]:
    """Sessions of one training together in order of day, trainings in the order given."""
    found: dict[str, list[SessionCard]] = {}
    for card in cards:
        found.setdefault(card.line.training_id, []).append(card)
    return [sorted(group, key=lambda card: card.line.day) for group in found.values()]


def _draw_cards(question: Question, cards: Sequence[SessionCard], *, columns: bool = False) -> None:
    with st.grid("auto", min_column_width=340) if columns else nullcontext():
        for group in _grouped(cards):
            _draw_card(question, group)


def _draw_card(question: Question, group: Sequence[SessionCard]) -> None:
    with st.container(border=True, gap="xsmall", height="stretch"):
        _draw_head(group[0], question.of(group[0].line.training_id))
        st.markdown("\n".join(_session_line(card) for card in group))
        content = group[0].line.content
        done = f"**実施内容** {escaped(content.covered)}" if content.covered else ""
        st.caption(done or escaped(content.purpose))
        draw_corrections(group[0])


def draw_corrections(card: SessionCard) -> None:
    """What the source printed where it was read otherwise."""
    if card.corrections:
        st.caption(escaped(corrections_text(card.corrections)))


def _draw_head(card: SessionCard, query: dict[str, str]) -> None:
    """Kind, title as the link, theme and whom it is for."""
    content, year = card.line.content, card.line.fiscal_year.label
    audience = content.audience.label if content.audience else "対象の記載なし"
    draw_title(content.title, query)
    st.caption(
        f"{content.kind.value}・{escaped(card.theme)}・{audience}・"
        f"主催 {escaped(content.hosts)}・{escaped(year)}"
    )


def _session_line(card: SessionCard) -> Markdown:
    """One session as an item of a list."""
    line, now = card.line, context.now()
    session, off = line.session, line.cancelled
    parts = [when_text(session, off=off), format_text(line)]
    if session.formats != (SessionFormat.ONLINE,):
        parts.append(f"会場 {escaped(place_words(session))}")
    if line.accepts(now):
        parts += [seats_text(card.seats), deadline_text(line)]
    over = line.day < now.date() and not off
    return Markdown(f"- {'・'.join(parts)} {badges_text(card, now, over=over)}")
