"""照会の連絡: ready letters to those asked and to who has not answered, and who was told."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from core.access.principal import Principal
from core.commands.letters import note_inquiry_letter, send_inquiry_letter
from core.store.letters import AddressedLetter
from core.views.letters import inquiry_letters_view
from dashboard import context
from dashboard.kit.answer import answer
from dashboard.kit.letters import (
    AGAIN,
    draw_letter,
    draw_sending_to_contacts,
    draw_told,
    towns_named,
)
from dashboard.kit.typed import escaped


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
            draw_told((*each.before, *each.told), towns_named)
            _draw_without(each)
            draw_letter(letter.subject, letter.body, [to for to in each.waiting or each.to if to])
            if left:
                this: dict[str, Any] = {"inquiry_id": inquiry_id, "key": letter.key}
                draw_sending_to_contacts(
                    each,
                    form,
                    partial(send_inquiry_letter, **this, address=address),
                    partial(note_inquiry_letter, **this),
                )
            else:
                st.caption(AGAIN)
            answer(form)


def _draw_without(each: AddressedLetter) -> None:
    without = [code for code in each.letter.whom if code not in each.contacts]
    if without:
        st.caption(
            escaped(
                f"{towns_named(without)}は担当者の登録がなく、宛先に入りません。"
                "「管理」の「担当者」で登録できます。"
            )
        )
