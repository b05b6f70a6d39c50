"""ファイル: what is attached, with what was found in it, and one more."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.consultation.attachment import MAX_FILES
from core.inquiry.answer import Value
from dashboard.inquiries.fields.documents import draw_document
from dashboard.inquiries.fields.field import Attaching, Field
from dashboard.kit.answer import answer
from dashboard.kit.chosen_file import file_field
from dashboard.kit.form import Fields
from dashboard.kit.submit import request_id, submit


def draw(field: Field) -> Value:
    """The files of the answer; one that is chosen is kept as soon as 「添付する」 is pressed."""
    held = f"{field.key}.files"
    numbers: list[int] = st.session_state.setdefault(
        held, [each for each in field.rows if isinstance(each, int)]
    )
    attaching = field.attaching
    if attaching is None:
        st.caption("ファイルは、市町村の回答画面で添付できます。")
        return list(numbers)
    for number in numbers:
        _draw_kept(field, attaching, number, held)
    if not field.disabled and len(numbers) < MAX_FILES:
        _draw_more(field, attaching, numbers, held)
    return list(st.session_state[held])


def _draw_kept(field: Field, attaching: Attaching, number: int, held: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if (file := attaching.files.get(number)) is None:
            st.caption("添付したファイルが見つかりません。外して、選び直してください。")
        else:
            draw_document(file, attaching.address(file))
        st.button(
            "外す",
            icon=":material/close:",
            key=f"{field.key}.{number}.off",
            on_click=_leave_out,
            args=(held, number),
            disabled=field.disabled,
        )


def _leave_out(held: str, number: int) -> None:
    st.session_state[held] = [each for each in st.session_state.get(held, []) if each != number]


def _draw_more(field: Field, attaching: Attaching, numbers: list[int], held: str) -> None:
    form = f"{field.key}.attach"
    fields = Fields(f"{form}.{request_id(form)}")
    chosen = fields("attachments", file_field)

    def kept(added: tuple[int, ...]) -> str:
        st.session_state[held] = [*numbers, *added]
        return f"{len(added)}個のファイルを添付しました。"

    pressed = st.button("添付する", icon=":material/attach_file:", disabled=not chosen, key=form)
    answer(form)
    if pressed:
        submit(form, partial(attaching.keep, files=chosen), kept, fields.places)
