"""様式を1つずつ確かめる: whose each file is, what wants a decision first, which are to be recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import streamlit as st

from core.inquiry.form.answer import FormRow, row_changes
from core.inquiry.form.damage import FormReading
from core.inquiry.form.recognise import named_in_fields
from core.views.forms import FormAnswers
from dashboard import context
from dashboard.inquiries.form_changes import draw_change
from dashboard.inquiries.form_damages import damages_said, draw_damages
from dashboard.kit.choice import choose
from dashboard.kit.rows import row
from dashboard.kit.typed import escaped

_WORDS_WIDTH = 380


@dataclass(frozen=True)
class Come:
    """A file that was read, and whose it seems to be."""

    number: int
    name: str
    reading: FormReading
    lg_code: str | None
    certain: bool
    said: str


class _Care(Enum):
    """What a file wants of whoever confirms it, in the order they are shown."""

    CHOOSE = "団体かファイルを選ぶもの"
    PUT_RIGHT = "記録できないもの"
    CERTAIN = "そのまま記録できるもの"


def draw_confirming(
    come: Sequence[Come], answers: FormAnswers, key: str
) -> tuple[dict[int, str], bool]:
    """Every file by what it wants; says whose those are that are marked, by number, and whether they may go."""
    cares = _cares(come)
    many = _of_one_town(come)
    counts = "、".join(f"{care.value}{len(each)}個" for care, each in cares.items() if each)
    st.markdown(
        f"{len(come)}個を読み取りました({counts})。**1つずつ目で確かめ**、記録するものに印を付けてください。"
    )
    rows = {each.lg_code: each for each in answers.rows}
    picked: dict[int, str] = {}
    for care, files in cares.items():
        if files:
            st.markdown(f"**{care.value} {len(files)}個**")
        for each in files:
            with row(f"{key}.{each.number}"):
                if care is _Care.PUT_RIGHT:
                    _draw_refused(each)
                    continue
                one = f"{key}.{each.number}"
                also = many[each.lg_code] - 1 if each.certain else 0
                code = _draw_one(each, answers, rows, one, also=also)
            if code:
                picked[each.number] = code
    twice = [code for code, many in Counter(picked.values()).items() if many > 1]
    if twice:
        names = "、".join(rows[code].name for code in twice)
        st.error(
            escaped(f"同じ団体のファイルが2つ以上あります: {names}。1つだけに印を付けてください。"),
            icon=":material/error:",
        )
    return picked, bool(picked) and not twice


def _cares(come: Sequence[Come]) -> Mapping[_Care, Sequence[Come]]:
    """The files by what they want; two of one municipality are both to be chosen between."""
    many = _of_one_town(come)
    found: dict[_Care, list[Come]] = {care: [] for care in _Care}
    for each in come:
        if not each.reading.can_be_taken:
            found[_Care.PUT_RIGHT].append(each)
        elif each.certain and many[each.lg_code] == 1:
            found[_Care.CERTAIN].append(each)
        else:
            found[_Care.CHOOSE].append(each)
    return found


def _of_one_town(come: Sequence[Come]) -> Counter[str | None]:
    """How many files that can be recorded are certainly of each municipality."""
    return Counter(each.lg_code for each in come if each.reading.can_be_taken and each.certain)


def _draw_refused(each: Come) -> None:
    """A file that cannot be recorded: whose it seems to be, what is wrong, what to do."""
    st.markdown(f"**{escaped(each.name)}** {damages_said(each.reading)}")
    if each.lg_code is not None:
        st.caption(escaped(each.said))
    whole = [damage for damage in each.reading.damages if not damage.sheet]
    if len(whole) == len(each.reading.damages):
        for damage in whole:
            st.markdown(escaped(damage.said))
        return
    draw_damages(each.reading)
    st.caption(
        "このままでは記録できません。団体に直してもらうか、直したファイルを選び直してください。"
    )


def _draw_one(
    each: Come, answers: FormAnswers, rows: Mapping[str, FormRow], key: str, *, also: int
) -> str:
    """One file that can be recorded; says whose it is once it is marked.

    Args:
        also: Other files that are certainly of the same municipality.
    """
    whose = each.said
    if also:
        whose += f"同じ団体のファイルがほかに{also}個あります。記録する1つに印を付けてください。"
    with st.container(horizontal=True, vertical_alignment="center"):
        said = f"**{escaped(each.name)}** {damages_said(each.reading)}  \n{escaped(whose)}"
        st.markdown(said, width=_WORDS_WIDTH)
        labels = {code: f"{one.name}({code})" for code, one in rows.items()}
        code = choose(
            st.selectbox,
            escaped(f"{each.name}はどの団体の様式か"),
            labels,
            each.lg_code if each.lg_code in labels else None,
            key=f"{key}.town",
            placeholder="団体を選んでください",
            label_visibility="collapsed",
            width=220,
        )
        marked = st.checkbox(
            "記録する", each.certain and not also, key=f"{key}.wanted", disabled=code is None
        )
    if code is None:
        return ""
    towns = [context.reference().ever[one] for one in rows]
    named = named_in_fields(answers.layout, each.reading.values, towns)
    if named and code not in named:
        st.warning(
            "記入欄の団体と、選んだ団体が違います。確かめてください。", icon=":material/warning:"
        )
    if each.reading.damages:
        with st.expander("様式のくずれ"):
            draw_damages(each.reading)
    after = FormRow(code, rows[code].name, each.reading.values)
    changes = row_changes(answers.layout, [rows[code]], [after])
    if not changes:
        st.caption("いまの回答と同じです。")
    for change in changes:
        with st.expander(f"取り込むと変わるところ {len(change.values)}欄"):
            draw_change(change, answers.layout)
    return code if marked else ""
