"""回答欄の一覧: what each kind of question is answered with, and what stands around every field."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import streamlit as st

from core.inquiry.answer import (
    NOT_APPLICABLE,
    NOT_APPLICABLE_LABEL,
    Value,
    is_blank,
    is_not_applicable,
)
from core.inquiry.kinds.kind import Scope
from core.inquiry.question import Question
from core.inquiry.reading import words_of
from dashboard.inquiries.fields import (
    day,
    excel_form,
    file,
    join_intention,
    number,
    person,
    plan_wishes,
    ranking,
    several,
    single,
    text,
    yen,
    yes_no,
)
from dashboard.inquiries.fields.field import Attaching, Draw, Field
from dashboard.kit.typed import Markdown, escaped, paragraphs

FIELDS: Mapping[str, Draw] = MappingProxyType(
    {
        "text": text.draw,
        "single": single.draw,
        "several": several.draw,
        "yes_no": yes_no.draw,
        "number": number.draw,
        "yen": yen.draw,
        "day": day.draw,
        "person": person.draw,
        "file": file.draw,
        "ranking": ranking.draw,
        "plan_wishes": plan_wishes.draw,
        "join_intention": join_intention.draw,
        "excel_form": excel_form.draw,
    }
)
"""By the key of the kind."""
SAME_AS_BEFORE = "前年と同じ"


def draw_field(
    question: Question,
    typed: Value,
    scope: Scope,
    *,
    key: str,
    problem: str = "",
    earlier: Value = None,
    disabled: bool = False,
    place: int | None = None,
    attaching: Attaching | None = None,
) -> Value:
    """Draw a question with its field; returns what is in it, as it is typed.

    Args:
        typed: What stands in it at first, as typed or as handed in.
        key: All keys of its widgets begin with it; another one begins anew.
        problem: What stands against it, said beneath.
        earlier: What was answered the year before; None for nothing.
        place: Which question it is, from 1 on; None leaves it out.
        attaching: Of a question for files: how they are kept; None where none can be sent.

    Returns:
        :data:`~core.inquiry.answer.NOT_APPLICABLE` where that is chosen.
    """
    st.markdown(_heading(question, place))
    if question.help:
        st.caption(paragraphs(question.help))
    if not is_blank(earlier):
        _draw_earlier(question, earlier, scope, key, disabled=disabled)
    times = st.session_state.get(f"{key}.times", 0)
    if f"{key}.taken" in st.session_state:
        typed = st.session_state.pop(f"{key}.taken")
    inner = f"{key}.{times}" if times else key
    absent = False
    above = st.container(gap="small")
    if question.not_applicable:
        absent = st.checkbox(
            NOT_APPLICABLE_LABEL,
            is_not_applicable(typed),
            key=f"{inner}.not_applicable",
            disabled=disabled,
        )
    with above:
        found = FIELDS[question.kind](
            Field(
                question,
                None if is_not_applicable(typed) else typed,
                scope,
                inner,
                disabled=disabled or absent,
                attaching=attaching,
            )
        )
    if problem:
        st.error(escaped(problem), icon=":material/error:")
    return dict(NOT_APPLICABLE) if absent else found


def take(key: str, value: Value) -> None:
    """Have a field hold a value on the next run, whatever stands in it; as a widget's callback."""
    st.session_state[f"{key}.times"] = st.session_state.get(f"{key}.times", 0) + 1
    st.session_state[f"{key}.taken"] = value


def _heading(question: Question, place: int | None) -> Markdown:
    which = "" if place is None else f"設問{place} "
    mark = ":red-badge[必須]" if question.required else ":gray-badge[任意]"
    return Markdown(f"**{which}{escaped(question.label)}** {mark}")


def _draw_earlier(
    question: Question, earlier: Value, scope: Scope, key: str, *, disabled: bool
) -> None:
    """What was answered the year before; words of what can no longer be chosen are said, too."""
    with st.container(horizontal=True, vertical_alignment="center"):
        said = paragraphs(words_of(question, earlier, scope))
        st.caption(f"前年の回答: {said}", width="content")
        st.button(
            SAME_AS_BEFORE,
            icon=":material/content_copy:",
            key=f"{key}.same",
            on_click=take,
            args=(key, earlier),
            disabled=disabled,
        )
