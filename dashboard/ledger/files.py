"""取り込み・書き出し: a file in by way of a preview, the ledger out in the same layout."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

import streamlit as st

from core.access.principal import Principal
from core.commands.ledger_import import Imported, import_ledger
from core.exports.file import file_name
from core.exports.ledger import ledger_csv, ledger_workbook
from core.imports.ledger.plan import Outcome, PlannedRow, Preview
from core.imports.ledger.table import MAX_ROWS, Progress
from core.procurement.layout import Column, date_text
from core.store.engine import data_revision
from core.values.errors import DashboardError
from core.views.ledger import ledger_export_view, ledger_import_view
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.choice import choose
from dashboard.kit.chosen_file import choose_file
from dashboard.kit.submit import download, submit
from dashboard.kit.tables import list_rows, table
from dashboard.kit.typed import escaped

_SHOWN = 100
_UPLOAD, _RESULT = "ledger.upload", "ledger.imported"


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
    """Choose a file, see what would change, take all of it over or nothing."""
    if result := st.session_state.pop(_RESULT, None):
        st.success(escaped(str(result)), icon=":material/check_circle:")
    st.markdown(
        f"列は{escaped('、'.join(Column))}。書き出したファイルと同じ形です。"
        "このうち団体コードか団体名、共同調達、種類、適用日が必要です。"
    )
    number = st.session_state.get(_UPLOAD, 0)  # another one empties the field
    file = choose_file(
        "台帳ファイル(ExcelまたはCSV)",
        type=["xlsx", "csv"],
        key=f"ledger.file.{number}",
        help=f"文字コードはUTF-8(BOMの有無を問わない)かShift_JIS(CP932)。{MAX_ROWS:,}行まで。",
    )
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
    _draw_commit(file.name, content, preview, accepted)


def _ask(principal: Principal, content: bytes, *, accept_names: bool) -> Preview:
    place = st.empty()

    def progress(done: int, total: int | None) -> None:
        if total is None:
            place.progress(0.0, f"読み込み中: {done:,}行")
        else:
            place.progress(min(1.0, done / total), f"台帳と照合中: {done:,}/{total:,}行")

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
    with st.grid("auto", min_column_width=165):
        for outcome, number in numbers.items():
            st.metric(outcome.label, f"{number:,}行", border=True)
    if preview.ignored:
        st.info(
            f"次の見出しは台帳にないため読みません: {escaped('、'.join(preview.ignored))}",
            icon=":material/info:",
        )
    if preview.corrections:
        st.checkbox(f"団体名を読み替える: {escaped('、'.join(preview.corrections))}", key=accepted)
    labels = {
        outcome.value: f"{outcome.label}({number:,})"
        for outcome, number in numbers.items()
        if number
    }
    first = Outcome.REFUSED if numbers[Outcome.REFUSED] else Outcome.CONFLICTING
    usual = first.value if numbers[first] else next(iter(labels))
    outcome = Outcome(choose(st.segmented_control, "表示する行", labels, usual, required=True))
    rows = preview.of(outcome)
    _draw_rows(rows[:_SHOWN], outcome)
    if len(rows) > _SHOWN:
        st.caption(f"はじめの{_SHOWN}行を表示しています(全{len(rows):,}行)。")


def _draw_rows(rows: Sequence[PlannedRow], outcome: Outcome) -> None:
    reference = context.reference()
    systems = reference.procurements.systems
    entries = [planned.row.entry for planned in rows]
    columns: dict[str, list[Any]] = {
        "行": [planned.row.line for planned in rows],
        "団体": [reference.participants.get(e.participant, "") if e else "" for e in entries],
        "共同調達": [systems[e.programme].label if e else "" for e in entries],
        "種類": [e.kind.label if e else "" for e in entries],
        "適用日": [date_text(e.effective) if e else "" for e in entries],
        "理由": [_reason(planned) for planned in rows],
    }
    alt = f"ファイルの行のうち{outcome.label}と見込まれるもの"
    if outcome not in (Outcome.REFUSED, Outcome.CONFLICTING):
        list_rows(columns, alt, height=min(420, 38 + 35 * len(rows)))
        return
    lines, *read, reasons = columns.values()  # reasons are long, and must be read
    said = (" ".join(each).strip() for each in zip(*read, strict=True))
    table(
        {
            "行": (f"{line}行目" for line in lines),
            "理由": reasons,
            "読み取った内容": (each or "－" for each in said),
        },
        alt,
    )


def _reason(planned: PlannedRow) -> str:
    if planned.reason:
        return planned.reason
    if planned.outcome is Outcome.UNCHANGED:
        return f"記録番号{planned.number}と同じ内容"
    return f"団体名を{planned.row.correction}と読み替え" if planned.row.correction else ""


def _draw_commit(name: str, content: bytes, preview: Preview, accepted: str) -> None:
    new, in_the_way = len(preview.new), len(preview.in_the_way)
    if in_the_way:
        st.warning(
            f"{in_the_way:,}行が片付くまで、どの行も取り込めません(全部か、何もしないか)。"
            "ファイルか台帳を直して、もう一度選んでください。",
            icon=":material/block:",
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
        disabled=bool(in_the_way) or not new,
        key="ledger.import",
    )
    if not pressed:
        return

    def taken(done: Imported) -> str:
        st.session_state[_UPLOAD] = st.session_state.get(_UPLOAD, 0) + 1
        st.session_state[_RESULT] = (
            f"「{name}」から{done.new:,}行を取り込みました(変更なし{done.unchanged:,}行)。"
        )
        return ""

    with st.spinner("取り込み中"):
        submit(
            "ledger.import",
            partial(
                import_ledger,
                name=name,
                content=content,
                accept_names=bool(st.session_state.get(accepted)),
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
    events, names = ledger_export_view(context.engine(), who), context.reference().participants
    if kind == "csv":
        return ledger_csv(events, names, made_up=widgets.made_up())
    return ledger_workbook(events, names, context.today(), made_up=widgets.made_up())
