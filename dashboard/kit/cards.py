"""Cards, badges and definitions: many of them drawn as one element.

A page of cards is slow by the number of Streamlit's containers, not by what stands in them
(docs/decisions.md): forty containers cost the reader's browser as much as everything else on the
page. Here all of them are one piece of HTML with real headings, and real buttons where something
can be pressed. Every text is plain: it is shown as it was typed and is nothing else.

What nobody can press is ``st.html``; buttons need the component of :mod:`dashboard.kit.drawn`, which
may not stand in a form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from html import escape
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from core.values.free_text import visible
from dashboard.kit.assets import below
from dashboard.kit.drawn import drawn

_PAGES = Path(__file__).resolve().parents[2] / "pages"
_NUMBER = re.compile(r"([+−△]?\d[\d,.]*)(.*)", re.DOTALL)


class Rank(Enum):
    """How much a card asks to be seen: the answer of a page, a figure, something beside it."""

    FIRST = "first"
    USUAL = "usual"
    QUIET = "quiet"


class Tone(Enum):
    """What a change or a badge means; never told by colour alone."""

    PLAIN = "plain"
    GOOD = "good"
    BAD = "bad"
    OPEN = "open"


@dataclass(frozen=True)
class Badge:
    """A word in a frame: 仮, 予定, 締切."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Action:
    """A button of a card.

    Attributes:
        on_press: As the callback of a button of Streamlit.
        page: Name of the screen it leads to; it is then a link, to be opened in a new tab as well.
        query: What that screen is asked.
        first: Whether it is what one most likely wants: filled instead of framed.
    """

    label: str
    on_press: Callable[[], object] | None = None
    page: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    first: bool = False


@dataclass(frozen=True)
class Card:
    """One card; what is empty is not drawn.

    Attributes:
        key: Tells it from the other cards of the element, now and on the next run.
        value: A number with its unit; the unit is drawn smaller.
        off: Whether it no longer holds: the value is struck out, and the words beside say why.
        lines: Small print, a paragraph each: 実績 or 予定, day, what it is compared with.
        terms: Behind the mark: 定義, 集計基準, 基準日, 出典 by name.
        share: How many of how many, drawn as a bar; the value says the same.
        course: How the number went, in steps: when, from 0 to 1, and what from then on; None
            where it is unknown, which is drawn as nothing. The words beside it say the same.
    """

    key: str
    title: str
    value: str = ""
    off: bool = False
    badges: Sequence[Badge] = ()
    change: Badge | None = None
    text: str = ""
    lines: Sequence[str] = ()
    terms: Mapping[str, str] = field(default_factory=dict)
    terms_label: str = "定義・出典"
    actions: Sequence[Action] = ()
    rank: Rank = Rank.USUAL
    share: tuple[int, int] | None = None
    course: Sequence[tuple[float, float | None]] = ()


def cards(
    found: Sequence[Card],
    *,
    key: str = "",
    narrowest: int = 220,
    level: int = 3,
    rows: bool = False,
) -> None:
    """Cards side by side, as many as the width holds, of one height in a row.

    Args:
        found: The cards in their order.
        key: Of the element; needed where a card has actions.
        narrowest: Least width of one, px.
        level: Of the headings, one below the heading above them.
        rows: One below the other instead, each as wide as the page: number, words, actions; a
            card has one line then.
    """
    inside = "".join(_card(each, level) for each in found)
    look = "noriai-cards noriai-rows" if rows else "noriai-cards"
    html = f'<div class="{look}" style="--narrowest:{narrowest}px">{inside}</div>'
    if not any(each.actions for each in found):
        st.html(html)
        return
    pressed = drawn(html, key, partial(_call, found))
    if (action := _pressed(found, pressed)) and action.page:
        st.switch_page(_PAGES / f"{action.page}.py", query_params=dict(action.query))


def badges(found: Iterable[Badge]) -> None:
    """Words in frames, in a line."""
    st.html(f'<p class="noriai-badges">{"".join(map(_badge, found))}</p>')


def definitions(terms: Mapping[str, str], label: str = "定義・出典") -> None:
    """What a figure owes its reader, folded behind a small mark."""
    st.html(_terms(terms, label))


def _call(found: Sequence[Card], word: str) -> None:
    action = _pressed(found, word)
    if action and action.on_press:
        action.on_press()


def _pressed(found: Sequence[Card], word: str) -> Action | None:
    """The action a browser names by its number and the key of its card; None for any other word."""
    number, _, key = word.partition(" ")
    for each in found:
        if each.key == key and number.isdecimal() and int(number) < len(each.actions):
            return each.actions[int(number)]
    return None


def _card(card: Card, level: int) -> str:
    return (
        f'<article class="noriai-card {card.rank.value}" data-key="{plain(card.key)}">'
        f"<h{level}>{plain(card.title)}{''.join(map(_badge, card.badges))}</h{level}>"
        f"{''.join(_body(card))}</article>"
    )


def _body(card: Card) -> Iterator[str]:
    if card.value:
        number = _NUMBER.fullmatch(card.value)
        shown = (
            f"{plain(number[1])}<small>{plain(number[2])}</small>" if number else plain(card.value)
        )
        yield f'<p class="value">{f"<s>{shown}</s>" if card.off else shown}</p>'
    if card.change:
        yield f'<p class="change {card.change.tone.value}">{plain(card.change.text)}</p>'
    if card.share and card.share[1]:
        part = f"{100 * card.share[0] / card.share[1]:.1f}%"
        yield f'<p class="share" style="--share:{part}" aria-hidden="true"></p>'
    if card.course:
        yield _course(card.course)
    if card.text:
        yield f'<p class="text">{plain(card.text)}</p>'
    for line in card.lines:
        yield f'<p class="line">{plain(line)}</p>'
    foot = _terms(card.terms, card.terms_label) if card.terms else ""
    foot += "".join(_action(card, number) for number in range(len(card.actions)))
    if foot:
        yield f'<div class="foot">{foot}</div>'


_WIDE, _HIGH, _EDGE = 200, 36, 3


def _course(points: Sequence[tuple[float, float | None]]) -> str:
    """Steps as a small picture; nothing reads it aloud."""
    most = max((value for _, value in points if value is not None), default=0) or 1
    drawn, known = "", False
    for place, (at, value) in enumerate(points):
        until = points[place + 1][0] if place + 1 < len(points) else 1.0
        if value is not None:
            high = _HIGH - _EDGE - max(value, 0) / most * (_HIGH - 2 * _EDGE)
            move = f"V{high:.1f}" if known else f"M{at * _WIDE:.1f},{high:.1f}"
            drawn += f"{move}H{until * _WIDE:.1f}"
        known = value is not None
    return (
        f'<svg class="course" viewBox="0 0 {_WIDE} {_HIGH}" preserveAspectRatio="none" '
        f'aria-hidden="true"><path d="M0,{_HIGH - 1}H{_WIDE}"></path><path d="{drawn}"></path></svg>'
    )


def _action(card: Card, number: int) -> str:
    action = card.actions[number]
    look = (
        f'class="{"first" if action.first else "usual"}" data-press="{number} {plain(card.key)}" '
        f'aria-label="{plain(f"{card.title} {action.label}")}"'  # many cards have one called so
    )
    if not action.page:
        return f'<button type="button" {look}>{plain(action.label)}</button>'
    query = f"?{urlencode(action.query)}" if action.query else ""
    address = plain(f"{below()}/{action.page}{query}")
    return f'<a href="{address}" {look}>{plain(action.label)}</a>'


def _badge(badge: Badge) -> str:
    return f'<span class="noriai-badge {badge.tone.value}">{plain(badge.text)}</span>'


def _terms(terms: Mapping[str, str], label: str) -> str:
    rows = "".join(
        f"<div><dt>{plain(name)}</dt><dd>{plain(text)}</dd></div>"
        for name, text in terms.items()
        if text
    )
    return (
        f'<details class="noriai-terms" name="noriai-terms"><summary>{plain(label)}</summary>'
        f"<dl>{rows}</dl></details>"
    )


def plain(text: str) -> str:
    """Typed text inside HTML: no character of it does anything, none hides."""
    return escape(visible(text))
