"""様式のとりまとめ: who is in, the merged workbooks, and every cell side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import streamlit as st

from core.access.principal import Principal
from core.exports.file import file_name
from core.exports.form.by_row import merged_by_row
from core.exports.form.by_sheet import merged_by_sheet
from core.exports.form.tally import tally_workbook
from core.inquiry.form.answer import FormRow, row_changes
from core.inquiry.form.tally import CellState, FieldTally, tally
from core.inquiry.form.typed import value_words
from core.inquiry.question import Question
from core.values.errors import InvalidInputError
from core.views.forms import FormAnswers, form_answers_view
from core.views.inquiries import InquiryAnswer, inquiry_document_view
from dashboard import context
from dashboard.inquiries import form_mailed
from dashboard.inquiries.form_changes import draw_change
from dashboard.kit import widgets
from dashboard.kit.choice import choose
from dashboard.kit.making import step
from dashboard.kit.submit import download
from dashboard.kit.tables import Marked, table
from dashboard.kit.typed import escaped

KIND = "excel_form"
_PAGE = 60
"""So many municipalities stand side by side on a page."""
_LINES = {"all": "すべて", "vacant": "空欄・該当なしがある", "outlier": "外れ値がある"}


def has_forms(found: InquiryAnswer) -> bool:
    """Whether an inquiry asks for a form."""
    return bool(_questions(found))


def _questions(found: InquiryAnswer) -> list[Question]:
    composition = found.inquiry.composition
    return [each for each in composition.questions if each.kind == KIND and each.layout]


def draw(principal: Principal, found: InquiryAnswer) -> None:
    """One form of a published inquiry."""
    questions = {each.key: each for each in _questions(found)}
    number = found.inquiry.inquiry_id
    key = f"inquiry.form.{number}"
    chosen = next(iter(questions))
    if len(questions) > 1:
        labels = {each.key: each.label for each in questions.values()}
        chosen = choose(st.selectbox, "様式の設問", labels, chosen, key=f"{key}.question") or chosen
    answers = context.answer(form_answers_view, principal, inquiry_id=number, question=chosen)
    key = f"{key}.{chosen}"
    if answers.hidden:
        st.info(
            "この照会は結果を伏せています。公開するまで、様式の内容はだれにも表示しません。",
            icon=":material/visibility_off:",
        )
        return
    _draw_who(answers)
    _draw_files(found, answers, key)
    _draw_changes(answers)
    _draw_side_by_side(answers, key)
    form_mailed.draw(principal, found, answers, key=f"{key}.mail")


# ── who is in ─────────────────────────────────────────────────────────────────────────────────


def _draw_who(answers: FormAnswers) -> None:
    missing = [row.name for row in answers.rows if row.values is None]
    asked = len(answers.rows)
    st.progress((asked - len(missing)) / max(asked, 1), f"提出 {asked - len(missing)}/{asked}団体")
    if missing:
        with st.expander(f"まだの団体 {len(missing)}", icon=":material/pending:"):
            st.markdown(escaped("、".join(missing)))


def _draw_files(found: InquiryAnswer, answers: FormAnswers, key: str) -> None:
    st.markdown("**まとめたブック**")
    if not any(row.values is not None for row in answers.rows):
        st.caption("1団体でも提出すると、ここからまとめたブックをダウンロードできます。")
        return
    today, made_up = context.today(), widgets.made_up()
    title = answers.question.label[:40]
    inquiry_id, question = found.inquiry.inquiry_id, answers.question.key
    with st.container(horizontal=True):
        for name, label, make in _MERGED:
            download(
                escaped(label),
                partial(_made, make, inquiry_id, question),
                file_name(title, label, f"{today:%Y%m%d}", suffix=".xlsx", made_up=made_up),
                key=f"{key}.{name}",
            )
    st.caption(
        "1団体1シートは様式の形のまま。1団体1行は、記入欄が1行の様式ならその形のまま、そうでなければ新しい表。集計表は、セルごとに団体を並べ、空欄・該当なし・未回答・外れ値に印を付けたもの。"
    )


def _made(
    make: Callable[[FormAnswers, bytes], bytes],
    inquiry_id: int,
    question: str,
    principal: Principal,
) -> bytes:
    step("回答を集めています")
    found = form_answers_view(
        context.engine(),
        principal,
        context.reference(),
        inquiry_id=inquiry_id,
        question=question,
    )
    form = inquiry_document_view(context.engine(), principal, file_id=found.question.form or 0)
    if form is None:
        raise InvalidInputError(
            {"form": "様式のファイルが見つかりません。画面を更新してください。"}
        )
    many = sum(row.values is not None for row in found.rows)
    step(f"{many}団体の様式を1つのブックにまとめています")
    return make(found, form.content)


def _by_sheet(found: FormAnswers, body: bytes) -> bytes:
    return merged_by_sheet(found.layout, body, found.rows, made_up=widgets.made_up())


def _by_row(found: FormAnswers, body: bytes) -> bytes:
    return merged_by_row(
        found.layout, body, found.rows, made_on=context.today(), made_up=widgets.made_up()
    )


def _tallied(found: FormAnswers, _body: bytes) -> bytes:
    return tally_workbook(
        found.layout,
        found.rows,
        title=found.question.label,
        made_on=context.today(),
        made_up=widgets.made_up(),
        populations=_populations(),
    )


_MERGED: Sequence[tuple[str, str, Callable[[FormAnswers, bytes], bytes]]] = (
    ("by_sheet", "1団体1シート", _by_sheet),
    ("by_row", "1団体1行", _by_row),
    ("tally", "集計表", _tallied),
)


def _populations() -> Mapping[str, int]:
    return {each.lg_code: each.population for each in context.reference().municipalities}


# ── what was corrected ────────────────────────────────────────────────────────────────────────


def _draw_changes(answers: FormAnswers) -> None:
    """Rows that are another one than the time before."""
    now = {row.lg_code: row for row in answers.rows}
    changes = row_changes(
        answers.layout,
        [*answers.before.values()],
        [now[code] for code in answers.before],
    )
    if not changes:
        return
    with st.expander(f"提出し直した団体 {len(changes)}", icon=":material/difference:"):
        for each in changes:
            draw_change(each, answers.layout)


# ── side by side ──────────────────────────────────────────────────────────────────────────────


def _draw_side_by_side(answers: FormAnswers, key: str) -> None:
    st.markdown("**セルごとに団体を並べて見る**")
    counted = tally(answers.layout, answers.rows, _populations())
    sheets = list(dict.fromkeys(field.sheet for field in answers.layout.fields))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        sheet = sheets[0]
        if len(sheets) > 1:
            names = {each: each for each in sheets}
            sheet = choose(st.selectbox, "シート", names, sheet, key=f"{key}.sheet", width=220)
        lines = choose(
            st.segmented_control, "表示する欄", _LINES, "all", key=f"{key}.lines", required=True
        )
    shown = [
        each
        for each in counted.fields
        if each.field.sheet == sheet
        and (lines != "outlier" or each.outliers)
        and (
            lines != "vacant" or each.count(CellState.BLANK) or each.count(CellState.NOT_APPLICABLE)
        )
    ]
    if not shown:
        widgets.empty_state("この条件の欄はありません。", "filter_alt_off")
        return
    rows = counted.answered
    if not rows:
        st.caption("提出した団体がまだありません。")
        return
    pages = -(-len(rows) // _PAGE)
    page_key = f"{key}.page.{pages}"  # begins anew where the pages are others
    first = _PAGE * (int(st.session_state.get(page_key, 1)) - 1)
    if pages > 1:
        last = min(first + _PAGE, len(rows))
        st.caption(
            f"提出した{len(rows):,}団体のうち、{first + 1:,}番目から{last:,}番目の団体を並べています。"
            "合計・記入・外れ値は全団体のものです。"
        )
        rows = rows[first:last]
    columns: dict[str, list[object]] = {
        "記入欄": [f"{each.field.heading} [{each.field.address}]" for each in shown],
        "合計": [_total(each) for each in shown],
        "記入": [f"{each.given}団体" for each in shown],
    }
    for row in rows:
        columns[row.name] = [_cell(each, row) for each in shown]
    table(columns, "セルごとの回答")
    if pages > 1:
        st.pagination(pages, key=page_key)
    st.caption("合計は、記入のあった団体だけの合計。外れ値は、人口1人当たりで桁の違う数(仮定)。")


def _total(each: FieldTally) -> str:
    return "" if each.total is None else value_words(each.field, f"{each.total:f}")


def _cell(each: FieldTally, row: FormRow) -> object:
    state = each.states[row.lg_code]
    if state in (CellState.BLANK, CellState.NOT_APPLICABLE, CellState.MISSING):
        return Marked(state.label, "vacant")
    words = value_words(each.field, (row.values or {})[each.field.key])
    return Marked(f"{words} 外れ値", "outlier") if row.lg_code in each.outliers else words
