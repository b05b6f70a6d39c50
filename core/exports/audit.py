"""監査記録 as Excel and CSV: what the screen shows of it, and the digest of what was written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from core.exports.audit_words import AuditWords, moments
from core.exports.book import Book, Column
from core.exports.file import csv_file, file_name
from core.store.audit import AuditEntry
from core.values.fiscal import era_date

NOTE = (
    "「▼時計の戻り」は、前の番号より時刻が早い記録。控えの要約値は、その操作で書かれた行から"
    "計算した値で、noriai audit verify が同じ計算をして比べる。"
)


def _columns(words: AuditWords) -> tuple[Column, ...]:
    return (
        Column("番号", 9, "whole"),
        Column("日時", 22),
        Column("操作した人", 18),
        Column("操作", 24),
        Column("対象", 28),
        Column(words.reference.names.towns, 14),
        Column("内容", 70),
        Column("控えの要約値", 68),
    )


def audit_workbook(
    entries: Sequence[AuditEntry], words: AuditWords, about: str, made_on: date, *, made_up: bool
) -> bytes:
    """One sheet, a row an entry, newest number first.

    Args:
        about: What was asked for, in words.
    """
    book = Book("監査記録", made_on, made_up=made_up)
    book.table(
        "監査記録",
        _columns(words),
        _rows(entries, words),
        title="監査記録",
        under=f"{about}。作成日 {era_date(made_on)}。{NOTE}",
        frozen=2,
        paper=8,
    )
    return book.finished()


def audit_csv(entries: Sequence[AuditEntry], words: AuditWords, *, made_up: bool) -> bytes:
    """The same as CSV for Excel."""
    header = [column.name for column in _columns(words)]
    return csv_file(header, _rows(entries, words), made_up=made_up)


def audit_file_name(made_on: date, suffix: str, *, made_up: bool) -> str:
    """Name a reader finds again."""
    return file_name("監査記録", f"{made_on:%Y%m%d}", suffix=suffix, made_up=made_up)


def _rows(
    entries: Sequence[AuditEntry], words: AuditWords
) -> Iterator[tuple[int, str, str, str, str, str, str, str]]:
    for entry, moment in zip(entries, moments(entries), strict=True):
        yield (
            entry.number,
            moment,
            words.actor(entry),
            words.action(entry),
            words.subject(entry),
            words.municipality(entry.lg_code or ""),
            words.detail(entry),
            entry.digest,
        )
