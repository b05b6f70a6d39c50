"""参加台帳をファイルに書く: the layout that ``core.imports.ledger`` reads back, and an empty one.

Words as the screens say them; keys of systems and sources stand in columns of their own. Numbers,
kinds, dates and corrections come back as they were; 記録日時 and 記録者 are for the reader and
given anew when a file is imported elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.access.principal import shown_name
from core.exports import book
from core.exports.file import csv_file
from core.exports.template import FillIn, template
from core.procurement.event import EventKind, LedgerEvent
from core.procurement.layout import SHEET, Column, date_text
from core.reference.pack import Reference
from core.values.fiscal import JAPAN

_WIDTHS = {
    Column.NUMBER: 10,
    Column.CODE: 12,
    Column.NAME: 14,
    Column.PROGRAMME: 28,
    Column.PROGRAMME_KEY: 14,
    Column.LOT: 8,
    Column.KIND: 12,
    Column.EFFECTIVE: 16,
    Column.TARGET: 16,
    Column.SOURCE: 36,
    Column.SOURCE_KEY: 14,
    Column.NOTE: 40,
    Column.CORRECTS: 18,
    Column.RECORDED_AT: 20,
    Column.RECORDED_BY: 14,
}


@dataclass(frozen=True)
class Words:
    """What a reader calls what the ledger keeps by key."""

    participants: Mapping[str, str]  # 団体コード → 名称
    there: Sequence[str]  # names of those there are on the day, for who fills in
    programmes: Mapping[str, str]  # key → 名称
    lots: Sequence[str]  # 区分 of all systems
    sources: Mapping[str, str]  # key → 題名

    @classmethod
    def of(cls, reference: Reference) -> Words:
        """The words of the reference data."""
        systems = reference.procurements.systems
        return cls(
            reference.own_names,
            [*reference.participants.values()],
            {key: system.label for key, system in systems.items()},
            sorted({lot for system in systems.values() for lot in system.lots}),
            {key: source.title for key, source in reference.sources.items()},
        )


def ledger_csv(events: Iterable[LedgerEvent], words: Words, *, made_up: bool) -> bytes:
    """Every event a row."""
    return csv_file(tuple(Column), (_cells(e, words) for e in events), made_up=made_up)


def ledger_workbook(
    events: Iterable[LedgerEvent], words: Words, made_on: date, *, made_up: bool
) -> bytes:
    """Every event a row, every cell text, so that Excel rewrites no code and no date."""
    made = book.Book(SHEET, made_on, made_up=made_up)
    columns = [book.Column(column, _WIDTHS[column], "verbatim") for column in Column]
    rows = ([cell or None for cell in _cells(event, words)] for event in events)
    made.table(SHEET, columns, rows)
    return made.finished()


def _cells(event: LedgerEvent, words: Words) -> tuple[str, ...]:
    is_known = event.source in words.sources
    texts = {
        Column.NUMBER: str(event.event_id),
        Column.CODE: event.participant,
        Column.NAME: words.participants.get(event.participant, ""),
        Column.PROGRAMME: words.programmes.get(event.programme, event.programme),
        Column.PROGRAMME_KEY: event.programme,
        Column.LOT: event.lot or "",
        Column.KIND: event.kind.label,
        Column.EFFECTIVE: date_text(event.effective),
        Column.TARGET: date_text(event.target) if event.target else "",
        Column.SOURCE: words.sources.get(event.source, event.source),
        Column.SOURCE_KEY: event.source if is_known else "",
        Column.NOTE: event.note,
        Column.CORRECTS: "" if event.corrects is None else str(event.corrects),
        Column.RECORDED_AT: event.recorded_at.astimezone(JAPAN).strftime("%Y-%m-%d %H:%M:%S"),
        Column.RECORDED_BY: shown_name(event.recorded_by),
    }
    return tuple(texts[column] for column in Column)


# ── an empty one ──────────────────────────────────────────────────────────────────────────────

_TEMPLATE = {
    Column.CODE: "団体名を入れれば、空欄でかまいません。",
    Column.NAME: "一覧から選びます。",
    Column.PROGRAMME: "一覧から選びます。",
    Column.LOT: "区分のある共同調達だけ選びます。わからなければ空欄。",
    Column.KIND: "一覧から選びます。",
    Column.EFFECTIVE: "わかる精度で。例: 2023-06-01、令和5年6月1日、令和5年6月、令和5年度",
    Column.TARGET: "「予定」「委任状」だけ。例: 令和5年10月、2023年10月以降",
    Column.SOURCE: "通知の名称・日付など。必ず書きます。",
    Column.NOTE: "空欄でかまいません。",
}
_NEEDED = (Column.NAME, Column.PROGRAMME, Column.KIND, Column.EFFECTIVE, Column.SOURCE)


def ledger_template(words: Words, made_on: date) -> bytes:
    """An empty file to fill in: lists to choose from, and what each column wants."""
    columns = [
        FillIn(column, _WIDTHS[column], wanted, needed=column in _NEEDED)
        for column, wanted in _TEMPLATE.items()
    ]
    lists: dict[str, Sequence[str]] = {
        Column.NAME: words.there,
        Column.PROGRAMME: [*words.programmes.values()],
        Column.LOT: words.lots,
        Column.KIND: [kind.label for kind in EventKind if kind is not EventKind.CORRECTION],
    }
    then = "保存して「参加台帳」の「取り込み」で選ぶと、記録する前に1行ずつ確かめられます。"
    return template(SHEET, columns, lists, then, made_on)
