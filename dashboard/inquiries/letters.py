"""照会の連絡: ready letters to those asked and to who has not answered, and who was told."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from core.access.principal import Principal
from core.commands.letters import note_inquiry_letter, send_inquiry_letter
from core.store.letters import AddressedLetter
from core.views.letters import inquiry_letters_view
from dashboard import context
from dashboard.kit.answer import answer
from dashboard.kit.letters import AGAIN, BY_HAND, draw_letter, draw_told
from dashboard.kit.submit import submit
from dashboard.kit.typed import escaped
from dashboard.kit.widgets import some_of


def draw(principal: Principal, inquiry_id: int, *, opened: bool = False) -> None:
    """Every letter of an inquiry, folded; nothing where there is none.

    Args:
        opened: The first one stands open.
    """
    address = context.address("inquiries", {"inquiry": str(inquiry_id)})
    found = inquiry_letters_view(
        context.engine(),
        principal,
        context.reference(),
        inquiry_id=inquiry_id,
        address=address,
        now=context.now(),
    )
    for place, each in enumerate(found):
        letter, left = each.letter, len(each.untold)
        form = f"letter.{letter.key}"
        state = f"まだ知らせていない {left}団体" if left else "知らせました"
        icon = ":material/mail:" if left else ":material/mark_email_read:"
        label = f"{escaped(letter.about)}: {letter.towns}団体・**{state}**"
        with st.expander(label, icon=icon, key=f"{form}.box", expanded=opened and not place):
            draw_told((*each.before, *each.told), _towns)
            _draw_without(each)
            draw_letter(letter.subject, letter.body, [to for to in each.waiting or each.to if to])
            if left:
                _draw_sending(each, inquiry_id, address, form)
            else:
                st.caption(AGAIN)
            answer(form)


def _draw_without(each: AddressedLetter) -> None:
    without = [code for code in each.letter.whom if code not in each.contacts]
    if without:
        st.caption(
            escaped(
                f"{_towns(without)}は担当者の登録がなく、宛先に入りません。"
                "「管理」の「担当者」で登録できます。"
            )
        )


def _draw_sending(each: AddressedLetter, inquiry_id: int, address: str, form: str) -> None:
    smtp_url, left = context.settings().smtp_url, len(each.untold)
    reachable = sum(1 for code in each.untold if code in each.contacts)
    this: dict[str, Any] = {"inquiry_id": inquiry_id, "key": each.letter.key}
    st.caption(
        "押したときだけ、まだ知らせていない担当者に1通ずつ送ります。送信は記録に残ります。"
        if smtp_url
        else BY_HAND
    )
    with st.container(horizontal=True):
        if smtp_url and st.button(
            f"{reachable}団体の担当者に送る",
            icon=":material/send:",
            key=f"{form}.send",
            type="primary",
            disabled=not reachable,
        ):
            submit(
                form,
                partial(send_inquiry_letter, **this, smtp_url=smtp_url, address=address),
                lambda sent: f"{sent}団体の担当者に「{each.letter.subject}」を送りました。",
            )
        if st.button(
            f"{left}団体に知らせたと記録する",
            icon=":material/mark_email_read:",
            key=f"{form}.told",
        ):
            submit(
                form,
                partial(note_inquiry_letter, **this),
                lambda told: f"{told}団体に「{each.letter.subject}」を知らせたと記録しました。",
            )


def _towns(codes: Sequence[str]) -> str:
    towns = context.reference().ever
    return f"{some_of(towns[code].name for code in codes)}({len(codes)}団体)"
