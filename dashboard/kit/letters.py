"""A mail that is ready: its text and its addresses to copy, or a click that sends it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

import streamlit as st

from core.access.principal import Principal, shown_name
from core.commands.letters import note_letter, send_letter
from core.store.letters import AddressedLetter
from core.values.fiscal import JAPAN, japan_day
from core.views.letters import letters_view
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
        letter, left = each.letter, len(each.waiting)
        form = f"letter.{letter.key}"
        about = f"{escaped(letter.about)}: {len(each.to)}件({letter.towns}団体)"
        state = f"まだ知らせていない {left}件" if left else "知らせました"
        icon = ":material/mail:" if left else ":material/mark_email_read:"
        with st.expander(f"{about}・**{state}**", icon=icon, key=f"{form}.box"):
            _draw_told(each)
            draw_letter(letter.subject, letter.body, each.waiting or each.to)
            if each.forgotten:
                st.caption(f"個人情報を削除済みの{each.forgotten}人には知らせられません。")
            if left:
                _draw_sending(each, training_id, address, form)
            else:
                st.caption("もう一度知らせるときは、上の文面と宛先をコピーしてください。")
            answer(form)


def _draw_told(each: AddressedLetter) -> None:
    """When, by whom and how many at a time, as it was recorded."""
    acts: dict[tuple[datetime, str, str], int] = {}
    for row in each.told:
        act = (row.recorded_at, shown_name(row.recorded_by), row.way.label)
        acts[act] = acts.get(act, 0) + 1
    for (at, by, way), people in acts.items():
        day = f"{japan_day(at)} {at.astimezone(JAPAN):%H:%M}"
        st.markdown(f":material/check: {escaped(f'{day} {by}が{people}人に{way}')}")


def _draw_sending(each: AddressedLetter, training_id: str, address: str, form: str) -> None:
    smtp_url, left = context.settings().smtp_url, len(each.waiting)
    this: dict[str, Any] = {"training_id": training_id, "key": each.letter.key}
    if smtp_url:
        st.caption(
            "押したときだけ、まだ知らせていない宛先に1件ずつ送ります。送信は記録に残ります。"
        )
    else:
        st.caption(
            "メールは自動では送られません。「コピー」で写してお使いのメールで送り、"
            "送ったら記録してください。同僚にも、知らせたことがわかります。"
        )
    with st.container(horizontal=True):
        if smtp_url and st.button(
            f"{left}件に送る", icon=":material/send:", key=f"{form}.send", type="primary"
        ):
            submit(
                form,
                partial(send_letter, **this, smtp_url=smtp_url, address=address),
                lambda sent: f"{sent}件に「{each.letter.subject}」を送りました。",
            )
        if st.button(
            f"{left}件に知らせたと記録する", icon=":material/mark_email_read:", key=f"{form}.told"
        ):
            submit(
                form,
                partial(note_letter, **this),
                lambda told: f"{told}件に「{each.letter.subject}」を知らせたと記録しました。",
            )
