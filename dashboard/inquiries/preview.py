"""市町村からの見え方: an inquiry as a municipality is shown it, to be tried; nothing of it is kept."""

from __future__ import annotations

import streamlit as st

from core.inquiry.answer import Value
from core.inquiry.board import days_left
from core.inquiry.composition import Composition, question_problems
from core.inquiry.question import Question
from core.inquiry.reading import asked, read_answers
from core.inquiry.response import japan_moment
from core.views.inquiries import InquiryAnswer
from dashboard import context
from dashboard.inquiries.fields.documents import draw_document
from dashboard.inquiries.fields.registry import draw_field
from dashboard.kit.typed import escaped, paragraphs


def draw(composition: Composition, found: InquiryAnswer, *, key: str) -> None:
    """Everything that is asked; fields can be filled in, and a condition opens its question."""
    st.caption("回答する団体にはこのように見えます。ここに入力しても、何も記録されません。")
    with st.container(border=True):
        draw_head(composition, found)
        typed: dict[str, Value] = {}
        before: dict[str, Question] = {}
        for number, question in enumerate(composition.questions, start=1):
            problems = question_problems(question, before, found.scope)
            before[question.key] = question
            if problems:
                st.warning(
                    escaped(f"設問{number}「{question.label}」: {next(iter(problems.values()))}"),
                    icon=":material/construction:",
                )
            elif _is_asked(question, composition, typed, found):
                with st.container(key=f"noriai-row-{key}.{question.key}"):
                    typed[question.key] = draw_field(
                        question, None, found.scope, key=f"{key}.{question.key}", place=number
                    )


def draw_head(composition: Composition, found: InquiryAnswer) -> None:
    """Title, deadline, why, how, and the letters that go with it."""
    closes = found.inquiry.closes_at if found.inquiry.published else composition.closes_at
    left = days_left(closes, context.now())
    st.markdown(f"#### {escaped(composition.title)}")
    when = f"あと{left}日" if left > 0 else "今日まで" if left == 0 else "締切を過ぎています"
    st.markdown(f"締切 **{escaped(japan_moment(closes))}**({escaped(when)})")
    for label, text in (
        ("趣旨・依頼元", composition.why),
        ("回答のしかた", composition.explanation),
    ):
        if text:
            st.markdown(f"**{escaped(label)}**  \n{paragraphs(text)}")
    if files := [found.files[n] for n in composition.attachments if n in found.files]:
        with st.container(horizontal=True):
            for file in files:
                draw_document(file, f"/inquiry-documents/{file.file_id}")


def _is_asked(
    question: Question, composition: Composition, typed: dict[str, Value], found: InquiryAnswer
) -> bool:
    if question.condition is None:
        return True
    answers = read_answers(composition, typed, found.scope).answers
    return any(each.key == question.key for each in asked(composition, answers))
