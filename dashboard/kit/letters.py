"""A mail that is ready: its text and its addresses to copy, or a click that sends it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.access.principal import Principal
from core.commands.letters import send_letter
from core.views.letters import AddressedLetter, letters_view
from dashboard import context
from dashboard.kit.answer import answer
from dashboard.kit.copied import copied
from dashboard.kit.submit import submit
from dashboard.kit.typed import escaped


def draw_letter(subject: str, body: str, to: Sequence[str] = ()) -> None:
    """The words as they are sent, each with a button that copies it."""
    copied(subject, "件名")
    copied(body, "本文")
    if to:
        copied(
            "; ".join(to), f"宛先({len(to)}件)。BCCに貼り付けてください" if len(to) > 1 else "宛先"
        )


def draw_training_letters(principal: Principal, training_id: str) -> None:
    """連絡: what those enrolled in a training are to be told; nothing where there is nothing."""
    address = context.address("trainings", {"training": training_id})
    found = letters_view(context.engine(), principal, training_id=training_id, address=address)
    for each in found:
        letter = each.letter
        form = f"letter.{letter.key}"
        told = f"{escaped(letter.about)}: {len(each.to)}件({letter.towns}団体)"
        with st.expander(told, icon=":material/mail:", key=f"{form}.box"):
            draw_letter(letter.subject, letter.body, each.to)
            if each.forgotten:
                st.caption(f"個人情報を削除済みの{each.forgotten}人には知らせられません。")
            _draw_sending(each, training_id, address, form)


def _draw_sending(each: AddressedLetter, training_id: str, address: str, form: str) -> None:
    smtp_url = context.settings().smtp_url
    if not smtp_url:
        st.caption(
            "メールは自動では送られません。「コピー」で写して、お使いのメールに貼り付けてください。"
        )
        return
    st.caption("押したときだけ、上の文面を1件ずつ送ります。送信の記録は監査記録に残ります。")
    words = f"{len(each.to)}件に送る"
    if each.to and st.button(words, icon=":material/send:", key=f"{form}.send"):
        submit(
            form,
            partial(
                send_letter,
                training_id=training_id,
                key=each.letter.key,
                smtp_url=smtp_url,
                address=address,
            ),
            lambda sent: f"{sent}件に「{each.letter.subject}」を送りました。",
        )
    answer(form)
