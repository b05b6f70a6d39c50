"""The list: what is ahead, then what has been taught; one card a training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from math import ceil
from urllib.parse import urlencode

import streamlit as st

from core.access.principal import Principal
from core.reference.corrections import corrections_text
from core.training.vocabulary import SessionFormat
from core.views.trainings import SessionCard, TrainingsAnswer, trainings_view
from dashboard import context
from dashboard.kit.cards import plain
from dashboard.kit.typed import escaped
from dashboard.kit.widgets import empty_state
from dashboard.trainings import question as asking
from dashboard.trainings.question import Question
from dashboard.trainings.wording import (
    badges,
    day_text,
    deadline_text,
    draw_unknown_audience,
    format_text,
    place_words,
    seats_text,
    time_text,
)

_PAGE = 20
_PAST = "trainings.page.past"


def draw_list(principal: Principal, question: Question) -> None:
    """Sessions from today on, soonest first; then those before, newest first."""
    held = st.session_state
    held.setdefault(_PAST, question.past)
    held["trainings.past"] = str(held[_PAST])  # the address follows the pages
    question = replace(question, past=int(held[_PAST]))
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
    key, pages = f"trainings.page.{name}", ceil(total / _PAGE)
    if pages > 1:
        if int(st.session_state.get(key, 1)) > pages:
            st.session_state[key] = 1  # what is shown then
        st.pagination(pages, key=key)


def _grouped(cards: Sequence[SessionCard]) -> list[list[SessionCard]]:
    """Sessions of one training together in order of day, trainings in the order given."""
    found: dict[str, list[SessionCard]] = {}
    for card in cards:
        found.setdefault(card.line.training_id, []).append(card)
    return [sorted(group, key=lambda card: card.line.day) for group in found.values()]


def _draw_cards(question: Question, cards: Sequence[SessionCard], *, columns: bool = False) -> None:
    """All of them as one element: forty containers cost the browser what everything else does."""
    width = 340 if columns else 10_000
    found = "".join(_card(question, group) for group in _grouped(cards))
    st.html(
        f'<div class="noriai-cards noriai-trainings" style="--narrowest:{width}px">{found}</div>'
    )


def _card(question: Question, group: Sequence[SessionCard]) -> str:
    """One training: kind, title as the link, theme and whom it is for; its sessions; what it taught."""
    first = group[0]
    content, year = first.line.content, first.line.fiscal_year.label
    audience = content.audience.label if content.audience else "対象の記載なし"
    about = (
        f"{content.kind.value}・{first.theme}・{audience}・主催 {content.hosts}・{year}",
        f"実施内容 {content.covered}" if content.covered else content.purpose,
        corrections_text(first.corrections) if first.corrections else "",
    )
    head, *rest = (f'<p class="line">{plain(text)}</p>' for text in about if text)
    address = plain(f"?{urlencode(question.of(first.line.training_id))}")
    return (
        f'<article class="noriai-card"><h4><a href="{address}">{plain(content.title)}</a></h4>'
        f"{head}<ul>{''.join(map(_session_item, group))}</ul>{''.join(rest)}</article>"
    )


def draw_corrections(card: SessionCard) -> None:
    """What the source printed where it was read otherwise."""
    if card.corrections:
        st.caption(escaped(corrections_text(card.corrections)))


def _session_item(card: SessionCard) -> str:
    """One session as an item of a list; what is off is struck out and says so."""
    line, now = card.line, context.now()
    session, off = line.session, line.cancelled
    at = time_text(session.start, session.end)
    when = f"<strong>{day_text(line.day)}</strong> {at}"
    parts = [format_text(line)]
    if session.formats != (SessionFormat.ONLINE,):
        parts.append(f"会場 {place_words(session)}")
    if line.accepts(now):
        parts += [seats_text(card.seats), deadline_text(line)]
    over = line.day < now.date() and not off
    shown = "".join(
        f' <span class="noriai-badge {each.tone.value}">{plain(each.text)}</span>'
        for each in badges(card, now, over=over)
    )
    held = f"<s>{when}</s> 開かれません" if off else when
    return f"<li>{held}・{plain('・'.join(parts))}{shown}</li>"
