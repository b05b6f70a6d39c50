"""The workbook of a frozen moment (固定した数字): what was shown, months later as on the day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from xlsxwriter.workbook import Workbook  # type: ignore[import-untyped]

from core.exports.book import FONT, empty_book
from core.exports.kpi.wording import source_words
from core.figures.scenes.scene import Scene
from core.store.meetings import Frozen
from core.values.figure import plain_number
from core.values.fiscal import JAPAN

FIGURES = "数字"
_COLUMNS = (
    ("場面", 24),
    ("項目", 26),
    ("値", 16),
    ("単位", 8),
    ("補足", 30),
    ("実績・予定", 12),
    ("集計基準", 40),
    ("基準日", 18),
    ("定義", 60),
    ("出典", 50),
)
_WIDEST = 60


def meeting_workbook(frozen: Frozen) -> bytes:
    """One sheet of figures with everything they owe, one for the table of each scene.

    Numbers are numbers, 不明 is text. Equal arguments give equal bytes, so what was recorded
    after the moment cannot change the file.

    Args:
        frozen: The moment and its scenes.
    """
    stream = BytesIO()
    book = empty_book(stream)
    made = frozen.moment.frozen_at.astimezone(JAPAN).replace(tzinfo=None)
    book.set_properties(
        {"title": f"固定した数字 {frozen.moment.name}", "author": "乗合 Noriai", "created": made}
    )
    looks = _looks(book)
    _write_figures(book, looks, frozen)
    for scene in frozen.scenes:
        if scene.rows:
            _write_table(book, looks, scene)
    book.close()
    return stream.getvalue()


def _looks(book: Workbook) -> dict[str, Any]:
    cell = {"font_name": FONT, "font_size": 10, "border": 1, "valign": "top"}
    return {
        "title": book.add_format({"font_name": FONT, "bold": True, "font_size": 16}),
        "head": book.add_format({**cell, "bold": True, "bg_color": "#E8F1FE", "text_wrap": True}),
        "cell": book.add_format({**cell, "text_wrap": True}),
        "number": book.add_format({**cell, "num_format": "#,##0"}),
    }


def meeting_file_name(frozen: Frozen) -> str:
    """Name a reader finds again; characters no file system takes are left out."""
    name = re.sub(r'[\\/:*?"<>|\x00-\x1f]', "", frozen.moment.name).strip(" .")
    at = frozen.moment.frozen_at.astimezone(JAPAN)
    return f"固定した数字_{name}_{at:%Y%m%d_%H%M}.xlsx"


def _write_figures(book: Workbook, looks: Mapping[str, Any], frozen: Frozen) -> None:
    sheet = book.add_worksheet(FIGURES)
    moment = frozen.moment
    at: datetime = moment.frozen_at.astimezone(JAPAN)
    sheet.write_string(0, 0, moment.name, looks["title"])
    sheet.write_string(
        1,
        0,
        f"固定した時刻 {at:%Y-%m-%d %H:%M:%S}・基準日 {moment.as_of.isoformat()}・"
        f"データ改訂番号 {moment.revision}・番号 {moment.freeze_id}",
    )
    for column, (name, width) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(3, column, name, looks["head"])
    row = 4
    for scene in frozen.scenes:
        for big in scene.figures:
            figure = big.figure
            texts = (scene.title, figure.label, None, figure.unit, big.beside, figure.status.label)
            rest = (figure.basis, figure.as_of, figure.definition, source_words(figure.source))
            for column, text in enumerate((*texts, *rest)):
                if text is not None:
                    sheet.write_string(row, column, text, looks["cell"])
            if figure.value is None:
                sheet.write_string(row, 2, "不明", looks["cell"])
            else:
                sheet.write_number(row, 2, plain_number(figure.value), looks["number"])
            row += 1
    sheet.freeze_panes(4, 2)
    sheet.autofilter(3, 0, max(row - 1, 3), len(_COLUMNS) - 1)
    _for_paper(sheet, heading_row=3)


def _write_table(book: Workbook, looks: Mapping[str, Any], scene: Scene) -> None:
    sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\]", "", scene.title)[:31])
    sheet.write_string(0, 0, scene.title, looks["title"])
    sheet.write_string(1, 0, scene.sentence)
    for column, name in enumerate(scene.columns):
        cells = [row[column] for row in scene.rows]
        longest = max(2 * len(text) for text in (name, *cells)) + 2
        sheet.set_column(column, column, min(longest, _WIDEST))
        sheet.write_string(3, column, name, looks["head"])
        for row, text in enumerate(cells, start=4):
            _write_cell(sheet, row, column, text, looks)
    sheet.freeze_panes(4, 1)
    _for_paper(sheet, heading_row=3)


def _write_cell(sheet: Any, row: int, column: int, text: str, looks: Mapping[str, Any]) -> None:
    """A number as a number, so that it can be added up; everything else as it was shown."""
    plain = text.removesuffix("円").replace(",", "")
    if column and plain.isdecimal():
        sheet.write_number(row, column, int(plain), looks["number"])
    else:
        sheet.write_string(row, column, text, looks["cell"])


def _for_paper(sheet: Any, *, heading_row: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(heading_row)
    sheet.set_footer("&L&A&R&P / &N")
