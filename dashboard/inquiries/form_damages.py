"""様式の確認結果: what was put right, what somebody has to put right, and what the file says."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import streamlit as st

from core.inquiry.form.answer import FormValues
from core.inquiry.form.damage import Damage, FormReading, named_together
from core.inquiry.form.field import FormLayout
from core.inquiry.form.typed import value_words
from dashboard.kit.tables import Marked, table
from dashboard.kit.typed import Markdown, escaped

_FEW, _LIST_HEIGHT = 12, 420
"""More lines than these move in a box of so many pixels."""


def draw_damages(reading: FormReading) -> None:
    """Those to put right first, then those that were mended."""
    if not reading.damages:
        st.success("様式のくずれはありません。", icon=":material/check_circle:")
        return
    if wrong := reading.to_put_right:
        st.error(f"直してください: {len(wrong)}か所", icon=":material/error:")
        _draw_list(wrong)
    if mended := [each for each in reading.damages if each.mended]:
        with st.container():
            st.info(
                f"読み替えたところ: {len(mended)}か所(そのまま提出できます。違うときは直してください)",
                icon=":material/auto_fix_high:",
            )
            _draw_list(mended)


def damages_said(reading: FormReading) -> Markdown:
    """How many of each, in a few words."""
    wrong = len(reading.to_put_right)
    mended = len(reading.damages) - wrong
    said = [f":red-badge[直すところ {wrong}]"] if wrong else []
    said += [f":blue-badge[読み替え {mended}]"] if mended else []
    return Markdown(" ".join(said) or ":green-badge[くずれなし]")


def values_table(
    layout: FormLayout,
    values: FormValues,
    before: FormValues | None = None,
    wrong: Collection[str] = (),
) -> None:
    """Every field with what the file says; beside it what was answered, where that differs.

    Args:
        before: What stands in the answer; None leaves the column out.
        wrong: Keys of fields whose value could not be read.
    """
    several = len({field.sheet for field in layout.fields}) > 1
    columns: dict[str, list[object]] = {"記入欄": [field.label for field in layout.fields]}
    if several:
        columns["シート"] = [field.sheet for field in layout.fields]
    columns["セル"] = [field.address for field in layout.fields]
    columns["値"] = [
        Marked("読めません", "outlier")
        if field.key in wrong
        else value_words(field, values.get(field.key, "")) or "(空欄)"
        for field in layout.fields
    ]
    if before:
        columns["いまの回答"] = [
            "同じ"
            if (old := before.get(field.key, "")) == values.get(field.key, "")
            else value_words(field, old) or "(空欄)"
            for field in layout.fields
        ]
    table(columns, "様式の値")


def _draw_list(damages: Sequence[Damage]) -> None:
    """The same thing said of several cells of a sheet stands there once, with their names."""
    together: dict[tuple[str, str], list[Damage]] = {}
    for each in damages:
        together.setdefault((each.sheet, _what(each)), []).append(each)
    lines = [
        f"- **{escaped(_where(each))}**: {escaped(what)}" for (_, what), each in together.items()
    ]
    with st.container(height=_LIST_HEIGHT if len(lines) > _FEW else "content"):
        st.markdown("\n".join(lines))


def _what(damage: Damage) -> str:
    """What is said, without where it is."""
    _, colon, what = damage.said.partition(": ")
    return what if damage.sheet and colon else damage.said


def _where(damages: Sequence[Damage]) -> str:
    first = damages[0]
    where = " ".join(filter(None, (first.sheet, first.address))) or "ファイル全体"
    if len(damages) > 1:
        return f"{where}ほか{len(damages) - 1}か所 {named_together(each.label for each in damages)}"
    return where + (f"「{first.label}」" if first.label else "")
