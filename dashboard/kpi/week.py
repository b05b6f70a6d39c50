"""今週: ten numbers that ask for an act, whom they are about, and the way to where it is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from core.access.principal import Principal, allows
from core.commands.letters import note_reminder, send_reminder
from core.figures.week import WeekLine
from core.store.letters import AddressedLetter
from core.values.fiscal import era_date, japan_day
from core.views.letters import reminder_view
from dashboard import context
from dashboard.frame import navigation
from dashboard.kit.answer import answer
from dashboard.kit.cards import Action, Badge, Card, cards
from dashboard.kit.letters import (
    AGAIN,
    draw_letter,
    draw_sending_to_contacts,
    draw_told,
    towns_named,
)
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped
from dashboard.kpi.cards import change_tone, definition, standing_text
from dashboard.kpi.question import open_detail, open_tab

_FEW = 10
_LETTER = "kpi.week.letter"


def draw_week(principal: Principal, lines: Sequence[WeekLine], as_of: date) -> None:
    """One row a fact: number, what it is, names, act; the text of an act in a dialog."""
    opened = {screen.name for screen in navigation.open_to(principal)}
    st.caption(f"{era_date(as_of)}時点、1週間前と比べて。")
    manages = allows(principal, "kpi:manage")
    for line in lines:
        if line.act.letter:
            answer(_form(line.reading.key))
    cards(
        [_row(line, opened, manages=manages) for line in lines],
        key="kpi.week",
        rows=True,
    )
    asked = st.session_state.pop(_LETTER, None)
    wanted = next((line for line in lines if line.reading.key == asked), None)
    if wanted is not None and manages:
        _draw_letter(wanted, as_of)


def _row(line: WeekLine, opened: set[str], *, manages: bool) -> Card:
    found = line.reading
    names = _names(line)
    return Card(
        key=found.key,
        title=found.indicator.name,
        value=found.text,
        change=_before(line),
        text=_few(names),
        lines=[line.beside if found.value is not None else standing_text(found)],
        terms={"該当": "、".join(names)} | definition(found.indicator),
        terms_label="名前と定義" if len(names) > _FEW else "定義",
        actions=tuple(_acts(line, opened, manages=manages)),
    )


def _acts(line: WeekLine, opened: set[str], *, manages: bool) -> Iterator[Action]:
    act, key = line.act, line.reading.key
    if act.letter:
        if manages and line.names:
            yield Action(act.label, on_press=partial(_open_letter, key))
    elif act.screen == "kpi":
        yield Action(act.label, on_press=partial(open_tab, act.tab))
    elif act.screen in opened:
        query = {"tab": act.tab} if act.tab else {}
        yield Action(act.label, page=act.screen, query=query)
    yield Action("推移・内訳", on_press=partial(open_detail, key))


def _names(line: WeekLine) -> tuple[str, ...]:
    if line.reading.value is None:
        return ()
    if line.reading.key == "talent_by_plan":
        return tuple(f"{group.label} {group.value}" for group in line.groups)
    return line.names


def _few(names: Sequence[str]) -> str:
    more = f" ほか{len(names) - _FEW}" if len(names) > _FEW else ""
    return "、".join(names[:_FEW]) + more


def _before(line: WeekLine) -> Badge | None:
    found = line.reading
    if found.value is None:
        return None
    if found.before is None:
        return Badge("先週は不明")
    change = found.indicator.change_text(found.value, found.before)
    return Badge(f"先週から{change}", change_tone(found.indicator, change))


def _open_letter(key: str) -> None:
    st.session_state[_LETTER] = key


def _draw_letter(line: WeekLine, as_of: date) -> None:
    """The text and whom it is for, and who got it before."""
    key = line.reading.key

    def draw() -> None:
        found = reminder_view(
            context.engine(),
            context.who(),
            context.reference(),
            key=key,
            as_of=as_of,
            today=context.today(),
            address=context.settings().base_url,
        )
        draw_told((*found.before, *found.told), towns_named)
        st.markdown(
            f"{escaped(line.reading.indicator.name)}: **{escaped(line.reading.text)}**"
            f"({era_date(as_of)}時点)"
        )
        _draw_addressees(found)
        draw_letter(found.letter.subject, found.letter.body, [to for to in found.to if to])
        if found.untold:
            this: dict[str, Any] = {"key": key, "as_of": as_of}
            draw_sending_to_contacts(
                found,
                _form(key),
                partial(send_reminder, **this, address=context.settings().base_url),
                partial(note_reminder, **this),
            )
        else:
            st.caption(AGAIN)

    st.dialog(escaped(line.act.label), width="large")(draw)()


def _draw_addressees(found: AddressedLetter) -> None:
    """誰がまだか: every municipality the letter is about, its contact, and whether it was told."""
    towns = [context.reference().ever[code] for code in found.letter.whom]
    cards = [c.card if (c := found.contacts.get(town.lg_code)) else None for town in towns]
    told = {each.whom: each for each in found.told}
    columns = {
        context.names().towns: [town.name for town in towns],
        "担当者": [f"{c.department} {c.name}" if c else "登録なし" for c in cards],
        "メールアドレス": [c.mail if c else "" for c in cards],
        "電話番号": [c.phone if c else "" for c in cards],
        "この文を": [
            japan_day(told[t.lg_code].recorded_at) + told[t.lg_code].way.label + "済み"
            if t.lg_code in told
            else "まだ"
            for t in towns
        ],
    }
    shown = {name: cells for name, cells in columns.items() if any(cells)}
    table(shown, f"知らせる{context.names().towns}と担当者")
    if without := sum(card is None for card in cards):
        st.caption(
            f"{without}団体は担当者の登録がなく、宛先に入りません。「管理」の「担当者」で登録できます。"
        )


def _form(key: str) -> str:
    return f"kpi.letter.{key}"
