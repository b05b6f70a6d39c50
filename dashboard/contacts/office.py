"""担当者 for the secretariat: everybody's, who has none, and all addresses to copy."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.access.principal import Principal
from core.contact.contact import MunicipalityContact, Tenure
from core.values.free_text import search_key
from core.views.contacts import ContactsAnswer, contact_list_view
from dashboard import context
from dashboard.contacts.own import draw_contacts
from dashboard.kit import widgets
from dashboard.kit.choice import choose, choose_or_all
from dashboard.kit.copied import copied
from dashboard.kit.narrowing import areas
from dashboard.kit.tables import table

_WHO = {
    "now": "連絡の宛先(1団体1人)",
    "all": "現任の全員",
    "none": "宛先のない団体",
    "former": "前任・就任予定",
}


def draw_all_contacts(principal: Principal) -> None:
    """The list with its filter, the addresses of what is shown, and one municipality to work on."""
    found = context.answer(contact_list_view, principal, today=context.today())
    without = sum(each.addressee is None for each in found)
    st.markdown(
        f"{len(found)}団体のうち、連絡の宛先のわかる団体 **{len(found) - without}**、"
        f"まだ担当者のいない団体 **{without}**"
    )
    with st.grid("auto", min_column_width=200):
        who = choose(st.selectbox, "表示する人", _WHO, "now", key="contacts.who")
        area = choose_or_all("地域", {each: each for each in areas(principal)}, "contacts.area")
        words = st.text_input("探す", key="contacts.words", placeholder="団体・氏名・所属など")
    rows = [
        (each, contact)
        for each in found
        for contact in _wanted(each, who)
        if area in ("", each.municipality.area) and _fits(words, each, contact)
    ]
    _draw_list(rows, who)
    st.subheader("1団体ずつ見る", anchor=False)
    towns = {each.municipality.lg_code: _labelled(each) for each in found}
    lg_code = choose(
        st.selectbox, context.names().towns, towns, None, key="contacts.town", placeholder="選ぶ"
    )
    if lg_code is not None:
        draw_contacts(principal, lg_code)


def _labelled(each: ContactsAnswer) -> str:
    return each.municipality.name + ("" if each.addressee else "(担当者なし)")


def _wanted(each: ContactsAnswer, who: str) -> Sequence[MunicipalityContact | None]:
    today = context.today()
    if who == "none":
        return () if each.addressee else (None,)
    if who == "now":
        return (each.addressee,) if each.addressee else ()
    return [
        contact
        for contact in each.contacts
        if (contact.card.tenure(today) is Tenure.CURRENT) == (who == "all")
    ]


def _fits(words: str, each: ContactsAnswer, contact: MunicipalityContact | None) -> bool:
    card = contact.card if contact else None
    said = (each.municipality.name, *((card.name, card.department, card.mail) if card else ()))
    return search_key(words) in search_key(" ".join(said))


def _draw_list(rows: Sequence[tuple[ContactsAnswer, MunicipalityContact | None]], who: str) -> None:
    if not rows:
        widgets.empty_state(
            "当てはまる団体・担当者はありません。下の「1団体ずつ見る」で団体を選ぶと、登録できます。",
            "contact_mail",
        )
        return
    columns = {
        context.names().towns: [each.municipality.name for each, _ in rows],
        "地域": [each.municipality.area for each, _ in rows],
    }
    cards = [contact.card for _, contact in rows if contact is not None]
    if cards:
        columns |= {
            "氏名": [card.name for card in cards],
            "所属": [card.department for card in cards],
            "役割": [card.role.label for card in cards],
            "メールアドレス": [card.mail for card in cards],
            "電話番号": [card.phone for card in cards],
            "任期": [card.term for card in cards],
        }
    shown = {name: cells for name, cells in columns.items() if any(cells)}
    table(shown, f"担当者の一覧: {_WHO[who]}")
    if cards and who != "former":
        addresses = dict.fromkeys(card.mail for card in cards)
        copied(
            "; ".join(addresses),
            f"表示中のアドレス({len(addresses)}件)。BCCに貼り付けてください",
        )
