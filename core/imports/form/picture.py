"""A sheet drawn from what the file says of it."""

from __future__ import annotations

from core.imports.form.book import RawBook
from core.imports.form.place import Place, address
from core.imports.form.sheet import RawCell, RawSheet
from core.inquiry.form.picture import PictureCell, PictureRow, SheetPicture

MOST_ROWS, MOST_COLUMNS, MOST_DRAWN = 400, 120, 12_000
"""Most rows, columns and cells of a sheet that are drawn."""
_USUAL = RawCell()


def pictures_of(book: RawBook) -> list[SheetPicture]:
    """Every sheet, in order."""
    return [_picture(book, sheet) for sheet in book.sheets]


def _picture(book: RawBook, sheet: RawSheet) -> SheetPicture:
    last_row, last_column = _edge(book, sheet)
    rows_drawn = min(
        last_row, MOST_ROWS, max(1, MOST_DRAWN // (min(last_column, MOST_COLUMNS) + 1))
    )
    columns_drawn = min(last_column + 1, MOST_COLUMNS)
    rows = []
    for row in range(1, rows_drawn + 1):
        height = sheet.heights.get(row, 0.0)
        if row in sheet.heights and height == 0:
            continue
        cells = []
        for column in range(columns_drawn):
            where = sheet.area((row, column))
            if where.first == (row, column):
                cells.append(_cell(book, sheet, (row, column), rows_drawn, columns_drawn))
        rows.append(PictureRow(row, height, tuple(cells)))
    return SheetPicture(
        sheet.name,
        sheet.shown,
        sheet.protected,
        tuple(sheet.width(column) for column in range(columns_drawn)),
        tuple(rows),
        cut=rows_drawn < last_row or columns_drawn < last_column + 1,
    )


def _edge(book: RawBook, sheet: RawSheet) -> Place:
    """Last row and column that hold or mean something."""
    places = [
        at
        for at, cell in sheet.cells.items()
        if not cell.empty
        or (look := book.styles.look(cell.style)).fill
        or look.bordered
        or (sheet.protected and not look.locked)
    ]
    return (max((r for r, _ in places), default=1), max((c for _, c in places), default=0))


def _cell(book: RawBook, sheet: RawSheet, at: Place, rows: int, columns: int) -> PictureCell:
    cell = sheet.cells.get(at, _USUAL)
    look = book.styles.look(cell.style)
    where = sheet.area(at)
    hidden = sum(
        1 for r in range(where.top, min(where.bottom, rows) + 1) if sheet.heights.get(r) == 0
    )
    usual = "right" if cell.kind in ("n", "d") else "left"
    return PictureCell(
        address(at),
        cell.text,
        columns=min(where.right, columns - 1) - where.left + 1,
        rows=max(1, min(where.bottom, rows) - where.top + 1 - hidden),
        fill=look.fill,
        align=look.align if look.align in ("left", "center", "right") else usual,
        bold=look.bold,
        bordered=look.bordered,
        formula=cell.formula is not None,
        unlocked=sheet.protected and not look.locked,
    )
