"""照会の回答 as Excel and CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from core.exports.book import Book, Cell, Column
from core.exports.file import csv_file, file_name
from core.exports.inquiries.cells import (
    CODEBOOK,
    TALLY,
    codebook,
    columns,
    refuse_hidden,
    rows,
    tally_rows,
)
from core.inquiry.response import japan_moment
from core.reference.pack import Reference
from core.values.fiscal import era_date
from core.views.inquiries import TallyAnswer


def inquiry_workbook(
    answer: TallyAnswer,
    made_on: date,
    *,
    reference: Reference,
    made_up: bool,
    step: Callable[[str], object] = lambda _: None,
) -> bytes:
    """回答, 集計 and コードブック, a sheet each.

    Raises:
        ConflictError: The answers are hidden.
    """
    refuse_hidden(answer)
    inquiry = answer.inquiry
    title = f"{inquiry.number.label} {inquiry.composition.title}"
    book = Book(title, made_on, made_up=made_up)
    step("回答を1団体1行で書いています")
    said = "" if answer.as_of is None else f"最後の回答 {japan_moment(answer.as_of)}。"
    under = (
        f"照会先{len(answer.asked)}団体のうち{answer.are_in}団体が提出。{said}"
        f"作成日 {era_date(made_on)}。空のセルはない: 未回答・無記入・該当なし・0は別(コードブック)。"
    )
    book.table(
        "回答",
        columns(answer),
        rows(answer, reference),
        title=title,
        under=under,
        frozen=2,
        paper=8,
    )
    step("集計を書いています")
    book.table(
        "集計",
        TALLY,
        tally_rows(answer, reference),
        title=f"{title} 集計",
        under="各団体が最後に提出した回答を数える。差戻し中・下書きは数えない。",
        frozen=1,
        paper=8,
    )
    book.table(
        "コードブック",
        CODEBOOK,
        codebook(answer, made_up=made_up),
        title=f"{title} コードブック",
        under="列と値の意味。",
    )
    return book.finished()


def inquiry_csv(answer: TallyAnswer, *, reference: Reference, made_up: bool) -> bytes:
    """回答 as CSV: a row a municipality.

    Raises:
        ConflictError: The answers are hidden.
    """
    refuse_hidden(answer)
    return _csv(columns(answer), rows(answer, reference), made_up=made_up)


def inquiry_codebook_csv(answer: TallyAnswer, *, made_up: bool) -> bytes:
    """コードブック as CSV."""
    return _csv(CODEBOOK, codebook(answer, made_up=made_up), made_up=made_up)


def _csv(heads: Sequence[Column], found: Iterable[Sequence[Cell]], *, made_up: bool) -> bytes:
    plain = ([c.isoformat() if isinstance(c, date) else c for c in row] for row in found)
    return csv_file([each.name for each in heads], plain, made_up=made_up)


def inquiry_file_name(
    answer: TallyAnswer, what: str, made_on: date, suffix: str, *, made_up: bool
) -> str:
    """Name a reader finds again."""
    inquiry = answer.inquiry
    title = inquiry.composition.title[:40]
    day = f"{made_on:%Y%m%d}"
    return file_name(inquiry.number.label, title, what, day, suffix=suffix, made_up=made_up)
