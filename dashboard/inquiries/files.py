"""照会の書出し: the files of an inquiry's answers, made when they are asked for."""

from __future__ import annotations

import streamlit as st

from core.access.principal import Principal
from core.exports.inquiries.deck import inquiry_deck
from core.exports.inquiries.workbook import (
    inquiry_codebook_csv,
    inquiry_csv,
    inquiry_file_name,
    inquiry_workbook,
)
from core.views.inquiries import TallyAnswer, tally_view
from core.views.meetings import wall_view
from dashboard import context
from dashboard.kit import making, widgets
from dashboard.kit.submit import download


def draw_files(answer: TallyAnswer) -> None:
    """A button a file; each asks anew, and who may, when it is pressed."""
    number, today, made_up = answer.inquiry.inquiry_id, context.today(), widgets.made_up()
    reference = context.reference()

    def ask(who: Principal) -> TallyAnswer:
        return tally_view(context.engine(), who, reference, inquiry_id=number, today=today)

    def book(who: Principal) -> bytes:
        making.step("回答を読み出しています")
        return inquiry_workbook(
            ask(who), today, reference=reference, made_up=made_up, step=making.step
        )

    def slides(who: Principal) -> bytes:
        making.step("集計しています")
        found = wall_view(context.engine(), who, reference, set_id=f"inquiry-{number}", as_of=today)
        return inquiry_deck(found, today, reference=reference, made_up=made_up, step=making.step)

    def name(what: str, suffix: str) -> str:
        return inquiry_file_name(answer, what, today, suffix, made_up=made_up)

    key = f"inquiry.file.{number}"
    st.subheader("書き出す", anchor=False)
    st.caption("分け方によらず、照会先すべてを1団体1行で書き出します。")
    with st.container(horizontal=True):
        download("Excel(回答・集計・コードブック)", book, name("回答", ".xlsx"), key=f"{key}.xlsx")
        download(
            "CSV(回答)",
            lambda who: inquiry_csv(ask(who), reference=reference, made_up=made_up),
            name("回答", ".csv"),
            key=f"{key}.csv",
        )
        download(
            "CSV(コードブック)",
            lambda who: inquiry_codebook_csv(ask(who), made_up=made_up),
            name("コードブック", ".csv"),
            key=f"{key}.codebook",
        )
        download("スライド(PowerPoint)", slides, name("集計", ".pptx"), key=f"{key}.pptx")
