"""A mail that is ready: its text and its addresses to copy, or a click that sends it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import streamlit as st

from core.access.principal import Principal, shown_name
from core.commands.letters import note_letter, send_letter
from core.news.letter import LetterTold, Touched
from core.store.letters import AddressedLetter
from core.training.training import TrainingContent
from core.values.fiscal import JAPAN, japan_day
from core.views.letters import letters_view, touched_view
from dashboard import context
from dashboard.kit.answer import answer
from dashboard.kit.copied import copied
from dashboard.kit.submit import submit
from dashboard.kit.typed import escaped
from dashboard.kit.widgets import some_of

BY_HAND = (
    "メールは自動では送られません。「コピー」で写してお使いのメールで送り、"
    "送ったら記録してください。同僚にも、知らせたことがわかります。"
)
AGAIN = "もう一度知らせるときは、上の文面と宛先をコピーしてください。"


def draw_letter(subject: str, body: str, to: Sequence[str] = ()) -> None:
    """The words as they are sent, each with a button that copies it."""
    copied(subject, "件名")
    copied(body, "本文")
    if to:
        copied(
            "; ".join(to), f"宛先({len(to)}件)。BCCに貼り付けてください" if len(to) > 1 else "宛先"
        )


def touched_by(training_id: str, content: TrainingContent | None, reason: str = "") -> Touched:
    """Whom a change of a training would touch; None: that it is called off."""
    return touched_view(
        context.engine(),
        context.who(),
        training_id=training_id,
        content=content,
        reason=reason,
        address=_address(training_id),
        now=context.now(),
    )


def draw_coming_letters(touched: Touched) -> None:
    """The letters a change would bring, folded, in the dialog that asks before it is saved."""
    for letter in touched.letters:
        people = f"{len(letter.whom)}人({letter.towns}団体)"
        with st.expander(
            f"{escaped(letter.about)}: {people}に知らせる文面", icon=":material/mail:"
        ):
            draw_letter(letter.subject, letter.body)


def _address(training_id: str) -> str:
    return context.address("trainings", {"training": training_id})


def draw_training_letters(principal: Principal, training_id: str) -> None:
    """連絡: what those enrolled in a training are to be told; nothing where there is nothing."""
    address = _address(training_id)
    found = letters_view(context.engine(), principal, training_id=training_id, address=address)
    for each in found:
        letter, left = each.letter, len(each.waiting)
        form = f"letter.{letter.key}"
        about = f"{escaped(letter.about)}: {len(each.to)}件({letter.towns}団体)"
        state = f"まだ知らせていない {left}件" if left else "知らせました"
        icon = ":material/mail:" if left else ":material/mark_email_read:"
        with st.expander(f"{about}・**{state}**", icon=icon, key=f"{form}.box"):
            draw_told(each.told, lambda people: f"{len(people)}人")
            draw_letter(letter.subject, letter.body, each.waiting or each.to)
            if each.forgotten:
                st.caption(f"個人情報を削除済みの{each.forgotten}人には知らせられません。")
            if left:
                _draw_sending(each, training_id, address, form)
            else:
                st.caption(AGAIN)
            answer(form)


def draw_told(told: Sequence[LetterTold], named: Callable[[Sequence[str]], str]) -> None:
    """Who was told when and by whom, as it was recorded.

    Args:
        named: Names those told together.
    """
    acts: dict[tuple[datetime, str, str], list[str]] = {}
    for row in told:
        act = (row.recorded_at, shown_name(row.recorded_by), row.way.label)
        acts.setdefault(act, []).append(row.whom)
    for (at, by, way), whom in acts.items():
        day = f"{japan_day(at)} {at.astimezone(JAPAN):%H:%M}"
        st.markdown(f"✓ {escaped(f'{day} {named(whom)}へ{way}済み({by})')}")


def towns_named(codes: Sequence[str]) -> str:
    """The municipalities of some records: the first by name, and how many."""
    names = [context.reference().called(code) for code in codes]
    return f"{some_of(names)}({len(names)}団体)"


def draw_sending_to_contacts(
    found: AddressedLetter,
    form: str,
    send: Callable[..., int],
    note: Callable[..., int],
) -> None:
    """A letter to the contacts of municipalities: sent by a click where mail is set, or recorded.

    Args:
        send: A command whose own arguments but ``smtp_url`` are given.
        note: The one that records that they were told in another way.
    """
    smtp_url, left = context.settings().smtp_url, len(found.untold)
    reachable = sum(1 for code in found.untold if code in found.contacts)
    subject = found.letter.subject
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
                partial(send, smtp_url=smtp_url),
                lambda sent: f"{sent}団体の担当者に「{subject}」を送りました。",
            )
        if st.button(
            f"{left}団体に知らせたと記録する",
            icon=":material/mark_email_read:",
            key=f"{form}.told",
        ):
            submit(form, note, lambda told: f"{told}団体に「{subject}」を知らせたと記録しました。")


def _draw_sending(each: AddressedLetter, training_id: str, address: str, form: str) -> None:
    smtp_url, left = context.settings().smtp_url, len(each.waiting)
    this: dict[str, Any] = {"training_id": training_id, "key": each.letter.key}
    if smtp_url:
        st.caption(
            "押したときだけ、まだ知らせていない宛先に1件ずつ送ります。送信は記録に残ります。"
        )
    else:
        st.caption(BY_HAND)
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
