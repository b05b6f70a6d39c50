"""取り込み・書き出し: a file in by way of a preview, the ledger out in the same layout."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial

import streamlit as st

from core.access.principal import Principal
from core.commands.ledger_import import Imported, import_ledger
from core.exports.file import file_name
from core.exports.ledger import Words, ledger_csv, ledger_template, ledger_workbook
from core.imports.ledger.plan import Outcome, PlannedRow, Preview
from core.imports.ledger.table import MAX_ROWS, Progress
from core.procurement.layout import date_text
from core.store.engine import data_revision
from core.values.errors import DashboardError
from core.views.ledger import ledger_export_view, ledger_import_view
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.answer import answer
from dashboard.kit.choice import choose
from dashboard.kit.chosen_file import choose_file
from dashboard.kit.submit import download, submit
from dashboard.kit.tables import list_rows, table
from dashboard.kit.typed import escaped

_SHOWN = 100
_UPLOAD, _FORM = "ledger.upload", "ledger.import.form"


@dataclass(frozen=True)
class _Question:
    """What decides a preview; the file itself is compared by its hash."""

    digest: str
    accept_names: bool
    revision: int
    username: str
    principal: Principal = field(compare=False)
    content: bytes = field(compare=False, repr=False)
    progress: Progress = field(compare=False)


@lru_cache(maxsize=2)
def _preview(question: _Question) -> Preview:
    """The preview of a file, kept while its reader looks at it: a large one takes seconds."""
    return ledger_import_view(
        context.engine(),
        question.principal,
        context.reference(),
        content=question.content,
        accept_names=question.accept_names,
        now=context.now(),
        progress=question.progress,
    )


def draw_import(principal: Principal) -> None:
    """Choose a file, see every value that would be recorded, take it over."""
    with st.container(horizontal=True, vertical_alignment="center"):
        download(
            "様式をダウンロード",
            _template,
            "参加台帳_取り込み様式.xlsx",
            key="ledger.template",
        )
        st.caption(
            "様式には団体・共同調達・種類を選ぶ一覧があります。お手元の表や、書き出したファイルもそのまま読めます。"
            "必要な列は、団体名(か団体コード)、共同調達、種類、適用日、出典です。"
        )
    number = st.session_state.get(_UPLOAD, 0)  # another one empties the field
    file = choose_file(
        "台帳ファイル(ExcelまたはCSV)",
        key=f"ledger.file.{number}",
        help=f"Excel(.xlsx)かCSV(UTF-8またはShift_JIS)。{MAX_ROWS:,}行まで。",
    )
    answer(_FORM)
    if file is None:
        widgets.empty_state(
            "ファイルを選ぶと、取り込む前に1行ずつの見込みを確認できます。確認だけでは何も変わりません。",
            "upload_file",
        )
        return
    content = file.getvalue()
    accepted = f"ledger.names.{number}"
    try:
        preview = _ask(principal, content, accept_names=bool(st.session_state.get(accepted)))
    except DashboardError as error:
        widgets.show_refusal(error)
        return
    _draw_preview(preview, accepted)
    _draw_commit(file.name, content, preview, accepted, f"ledger.leave_out.{number}")


def _template(_who: Principal) -> bytes:
    return ledger_template(Words.of(context.reference()), context.today())


def _ask(principal: Principal, content: bytes, *, accept_names: bool) -> Preview:
    place = st.empty()

    def progress(done: int, total: int | None) -> None:
        if total is None:
            place.progress(0.0, f"読み込み中: {done:,}行")
        else:
            place.progress(min(1.0, done / total), f"台帳と照合中: {done:,}/{total:,}行")

    with st.spinner("ファイルを読んでいます"):
        preview = _preview(
            _Question(
                hashlib.sha256(content).hexdigest(),
                accept_names,
                data_revision(context.engine()),
                principal.username,
                principal,
                content,
                progress,
            )
        )
    place.empty()
    return preview


def _draw_preview(preview: Preview, accepted: str) -> None:
    numbers = {outcome: len(preview.of(outcome)) for outcome in Outcome}
    counted = "、".join(f"**{outcome.label} {number:,}行**" for outcome, number in numbers.items())
    st.markdown(f"見込み: {counted}")
    _draw_told(preview)
    if preview.corrections:
        st.checkbox(f"団体名を読み替える: {escaped('、'.join(preview.corrections))}", key=accepted)
    labels = {
        outcome.value: f"{outcome.label}({number:,})"
        for outcome, number in numbers.items()
        if number
    }
    if not labels:
        return
    usual = next(
        (o.value for o in (Outcome.REFUSED, Outcome.CONFLICT, Outcome.RENAMED) if numbers[o]),
        next(iter(labels)),
    )
    outcome = Outcome(choose(st.segmented_control, "表示する行", labels, usual, required=True))
    rows = preview.of(outcome)
    pages = -(-len(rows) // _SHOWN)
    page = 1
    if pages > 1:
        choices = {
            n: f"{(n - 1) * _SHOWN + 1:,}～{min(n * _SHOWN, len(rows)):,}件目(全{len(rows):,}件)"
            for n in range(1, pages + 1)
        }
        page = choose(st.selectbox, "表示する範囲", choices, width=320)
    _draw_rows(rows[(page - 1) * _SHOWN : page * _SHOWN], outcome)


def _draw_told(preview: Preview) -> None:
    """What of the file was read, and what was not."""
    told = preview.told
    said = [f"読んだシート: 「{told.sheet}」"] if told.sheet else []
    if told.other_sheets:
        said.append(f"読まないシート(同じ見出しがある): {'、'.join(told.other_sheets)}")
    if told.unread:
        said.append(f"読まない見出し: {'、'.join(told.unread)}")
    if told.left_out:
        lines = "、".join(f"{line}行目「{words}」" for line, words in told.left_out[:5])
        more = f"ほか{len(told.left_out) - 5}行" if len(told.left_out) > 5 else ""
        said.append(f"行として読まない: {lines}{more}")
    for words in said:
        st.caption(escaped(words))


def _draw_rows(rows: Sequence[PlannedRow], outcome: Outcome) -> None:
    """Every value as it would be recorded, with how it was read and what stands against it."""
    reference = context.reference()
    systems = reference.procurements.systems
    read = [planned.row for planned in rows]
    columns = {
        "行": [f"{row.line}行目" for row in read],
        "団体": [reference.named.get(row.participant, "") for row in read],
        "共同調達": [systems[row.programme].label if row.programme else "" for row in read],
        "区分": [row.lot or "" for row in read],
        "種類": [row.kind.label if row.kind else "" for row in read],
        "適用日": [date_text(row.effective) if row.effective else "" for row in read],
        "開始予定": [date_text(row.target) if row.target else "" for row in read],
        "出典": [widgets.source_text(row.source) if row.source else "" for row in read],
        "備考": [row.note for row in read],
        "訂正する記録番号": [str(row.corrects or "") for row in read],
        "読み方": ["、".join(row.read_as) for row in read],
        "理由": [_reason(planned) for planned in rows],
    }
    taken = outcome in (Outcome.NEW, Outcome.UNCHANGED)  # of others the reason needs the room
    needed = ("行", "団体", "共同調達", "種類", "適用日", "出典") if taken else ("行",)
    shown = {name: cells for name, cells in columns.items() if name in needed or any(cells)}
    alt = f"ファイルの行のうち{outcome.label}と見込まれるもの"
    if taken and len(rows) > _FEW:
        list_rows(shown, alt, height=min(420, 38 + 35 * len(rows)))
        return
    if "理由" in shown:  # what is to be read first
        shown = {"行": shown.pop("行"), "理由": shown.pop("理由"), **shown}
    table(shown, alt)


_FEW = 20
"""Rows that are read as a table; more are scrolled and sorted."""


def _reason(planned: PlannedRow) -> str:
    if planned.outcome is Outcome.UNCHANGED:
        return f"記録番号{planned.number}と同じ内容"
    return planned.reason


def _draw_commit(
    name: str, content: bytes, preview: Preview, accepted: str, leave_out: str
) -> None:
    new, in_the_way = len(preview.new), len(preview.in_the_way)
    left = False
    if in_the_way:
        st.warning(
            f"{in_the_way:,}行は、このままでは取り込めません。ファイルか台帳を直してもう一度選ぶか、"
            "その行を除いて取り込んでください。",
            icon=":material/block:",
        )
        if new:
            left = st.checkbox(
                f"取り込めない{in_the_way:,}行を除いて、{new:,}行を取り込む", key=leave_out
            )
    elif not new:
        st.info(
            "すべての行がすでに台帳にあります。取り込むものはありません。",
            icon=":material/done_all:",
        )
    pressed = st.button(
        f"{new:,}行を取り込む",
        type="primary",
        icon=":material/upload:",
        disabled=not new or (bool(in_the_way) and not left),
        key="ledger.import",
    )
    if not pressed:
        return

    def taken(done: Imported) -> str:
        st.session_state[_UPLOAD] = st.session_state.get(_UPLOAD, 0) + 1
        without = f"、除いた行{done.left_out:,}行" if done.left_out else ""
        return (
            f"「{name}」から{done.new:,}行を取り込みました(変更なし{done.unchanged:,}行{without})。"
        )

    with st.spinner("取り込み中"):
        submit(
            _FORM,
            partial(
                import_ledger,
                name=name,
                content=content,
                accept_names=bool(st.session_state.get(accepted)),
                leave_out=left,
                seen_event=preview.last_event,
            ),
            taken,
        )


def draw_export() -> None:
    """Everything recorded, corrected records included, in both kinds of file."""
    st.markdown(
        "訂正された記録も含めて、台帳のすべての記録を書き出します。取り込みと同じ列で、"
        "書き出したものをそのまま取り込んでも何も変わりません。"
    )
    with st.container(horizontal=True):
        for label, kind in (("Excelで書き出す", "xlsx"), ("CSVで書き出す", "csv")):
            name = file_name(
                "参加台帳",
                context.today().isoformat(),
                suffix=f".{kind}",
                made_up=widgets.made_up(),
            )
            download(escaped(label), partial(_exported, kind), name, key=f"ledger.export.{kind}")
    st.caption(
        "CSVはUTF-8で、Excelでそのまま開けます。数式と読まれる文字で始まるセルには引用符を付けます。"
    )


def _exported(kind: str, who: Principal) -> bytes:
    events, words = ledger_export_view(context.engine(), who), Words.of(context.reference())
    if kind == "csv":
        return ledger_csv(events, words, made_up=widgets.made_up())
    return ledger_workbook(events, words, context.today(), made_up=widgets.made_up())
