"""The contacts of one municipality: who they are, and what can be said anew of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from core.access.principal import Principal, shown_name
from core.commands.contacts import (
    change_contact,
    end_contact,
    hand_over_contact,
    record_contact,
)
from core.contact.contact import AHEAD, ContactCard, ContactRole, MunicipalityContact, Tenure
from core.values.fiscal import FiscalYear, japan_day
from core.views.contacts import ContactsAnswer, contacts_view
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.answer import answer
from dashboard.kit.choice import choose
from dashboard.kit.form import Fields, Place
from dashboard.kit.rows import row
from dashboard.kit.submit import as_shown, refuse, request_id, submit
from dashboard.kit.typed import escaped

_EARLIEST = date(2000, 4, 1)
_DAY = "YYYY-MM-DD"
_MARCH = 3


def draw_contacts(principal: Principal, lg_code: str) -> None:
    """Every contact of a municipality with what can be done, and the form for one more."""
    found = context.answer(contacts_view, principal, lg_code=lg_code, today=context.today())
    st.caption(
        "連絡や督促は、現任の主担当(いなければ副担当、責任者)のアドレスに届きます。"
        "この団体と事務局だけが見られ、任期が終わって一定の期間が過ぎると削除されます。"
    )
    if not found.contacts:
        widgets.empty_state(
            "担当者はまだ登録されていません。事務局からの連絡の宛先がわからない状態です。",
            "contact_mail",
        )
    for contact in found.contacts:
        _draw_one(contact, found)
    draw_new(lg_code, first=found.addressee is None)


def _draw_one(contact: MunicipalityContact, found: ContactsAnswer) -> None:
    card, today = contact.card, context.today()
    tenure = card.tenure(today)
    form = f"contact.{contact.contact_id}"
    with row(form):
        told = "・連絡の宛先" if contact == found.addressee else ""
        st.markdown(
            f"**{escaped(card.name)}** {escaped(card.department)}"
            f"({card.role.label}・{tenure.label}{told})"
        )
        phone = f"・電話 {card.phone}" if card.phone else ""
        st.caption(
            escaped(
                f"{card.mail}{phone}・任期 {card.term}"
                f"({japan_day(contact.recorded_at)} {shown_name(contact.recorded_by)}が記録)"
            )
        )
        this: dict[str, Any] = {
            "lg_code": contact.lg_code,
            "contact_id": contact.contact_id,
            "seen_version": as_shown(form, contact.version),
        }
        with st.container(horizontal=True):
            if tenure is not Tenure.FORMER:
                _draw_hand_over(form, this, card)
            _draw_change(form, this, card)
            if card.ends is None:
                _draw_end(form, this, card)
        for act in ("hand_over", "change", "end"):
            answer(f"{form}.{act}")


def _draw_hand_over(form: str, this: Mapping[str, Any], card: ContactCard) -> None:
    form = f"{form}.hand_over"
    with st.popover("引き継ぐ", icon=":material/swap_horiz:", key=_box(form)):
        st.caption(
            f"{escaped(card.name)}の任期を引き継ぐ日の前日までとし、新しい担当者の任期を始めます。"
        )
        usual = ContactCard("", card.department, "", card.phone, card.role, _usual_day())
        field = _fields(form, usual, begins="引き継ぐ日(必須)", ends=False)
        pressed = st.button("引き継ぐ", type="primary", key=form)
        if pressed:
            _submit(form, field, partial(hand_over_contact, **this), "引き継ぎました。新しい担当者")


def _draw_change(form: str, this: Mapping[str, Any], card: ContactCard) -> None:
    form = f"{form}.change"
    with st.popover("内容を変える", icon=":material/edit:", key=_box(form)):
        field = _fields(form, card)
        pressed = st.button("変更する", type="primary", key=form)
        if pressed:
            _submit(form, field, partial(change_contact, **this), "変更しました。担当者")


def _draw_end(form: str, this: Mapping[str, Any], card: ContactCard) -> None:
    form = f"{form}.end"
    with st.popover("任期を終える", icon=":material/event_busy:", key=_box(form)):
        st.caption("後任が決まっているときは「引き継ぐ」を使います。")
        field = Fields(f"{form}.{request_id(form)}")
        ends = field(
            "ends", _draw_day, "最後の日(必須)", max(context.today(), card.begins), card.begins
        )
        pressed = st.button("任期を終える", type="primary", key=form)
        if pressed and not isinstance(ends, date):
            refuse({"ends": "最後の日を選んでください。"}, field.places)
        elif pressed:
            submit(
                form,
                partial(end_contact, **this, ends=ends),
                f"「{card.name}」の任期を{ends.isoformat()}までにしました。",
                field.places,
            )


def draw_new(lg_code: str, *, first: bool) -> None:
    """The form for one more.

    Args:
        first: Whether letters reach nobody yet: it then stands open and names the main contact.
    """
    form = f"contact.record.{lg_code}"
    with st.expander(
        "担当者を加える", icon=":material/person_add:", expanded=first, key=_box(form)
    ):
        role = ContactRole.MAIN if first else ContactRole.DEPUTY
        usual = ContactCard("", "", "", "", role, context.today())
        field = _fields(form, usual)
        pressed = st.button("登録する", type="primary", key=form)
        if pressed:
            _submit(form, field, partial(record_contact, lg_code=lg_code), "登録しました。担当者")
    answer(form)


def _box(form: str) -> str:
    return f"{form}.box.{request_id(form)}"


def _usual_day() -> date:
    """The day offices change hands: in March the first of April to come, else today."""
    today = context.today()
    return FiscalYear(FiscalYear.of(today) + 1).first_day if today.month == _MARCH else today


def _fields(
    form: str, usual: ContactCard, *, begins: str = "任期の始まり(必須)", ends: bool = True
) -> Fields:
    field = Fields(f"{form}.{request_id(form)}")
    left, right = st.columns(2)
    field("name", left.text_input, "氏名(必須)", usual.name, at=left)
    field("department", right.text_input, "所属(必須)", usual.department, at=right)
    field("mail", left.text_input, "メールアドレス(必須)", usual.mail, at=left)
    field("phone", right.text_input, "電話番号", usual.phone, at=right)
    field("role", choose, st.radio, "役割", ContactRole, usual.role.value, horizontal=True)
    left, right = st.columns(2)
    with left:
        field("begins", _draw_day, begins, usual.begins, _EARLIEST)
    if ends:
        with right:
            field("ends", _draw_day, "任期の終わり(未定は空欄)", usual.ends, _EARLIEST)
    return field


def _draw_day(label: str, usual: date | None, least: date, *, key: str) -> date | None:
    found: object = st.date_input(
        escaped(label),
        value=usual,
        min_value=min(least, usual or least),
        max_value=context.today() + 2 * AHEAD,
        format=_DAY,
        key=key,
    )
    return found if isinstance(found, date) else None


def _submit(form: str, field: Fields, command: partial[Any], done: str) -> None:
    asked = field.values
    if asked["begins"] is None:
        refuse({"begins": "日を選んでください。"}, field.places)
        return
    card = ContactCard(
        asked["name"],
        asked["department"],
        asked["mail"],
        asked["phone"],
        asked["role"],
        asked["begins"],
        asked.get("ends"),
    )
    places: dict[str, Place] = field.places
    command = partial(command, form=card)
    submit(form, command, f"{done}: {asked['name'].strip()}", places)
