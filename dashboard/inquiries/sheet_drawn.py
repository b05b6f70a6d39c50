"""様式の図: a sheet of a form as a table, its fields numbered; a press says which cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import count

from core.inquiry.form.field import FormField
from core.inquiry.form.picture import PictureCell, PictureRow, SheetPicture
from dashboard.kit.cards import plain
from dashboard.kit.drawn import drawn

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_LETTER_WIDTH, _PADDING = 7, 5
"""px of a half-width character of a column's width, and what stands beside it."""
_WIDEST = 420


def draw_sheet(
    picture: SheetPicture,
    numbered: Mapping[str, tuple[int, FormField]],
    *,
    picked: str,
    key: str,
    on_press: Callable[[str], object],
) -> None:
    """Draw it in a box of its own, which moves sideways and down.

    Args:
        numbered: By address: number and field whose cell it is.
        picked: Address that is chosen; empty for none.
        on_press: Called with the address of a cell that was pressed.
    """
    addresses = {cell.address for row in picture.rows for cell in row.cells}
    drawn(
        sheet_html(picture, numbered, picked),
        key,
        lambda word: on_press(word) if word in addresses else None,
    )


def sheet_html(
    picture: SheetPicture, numbered: Mapping[str, tuple[int, FormField]], picked: str
) -> str:
    """The table; every text of the workbook is plain."""
    columns = [*range(len(picture.widths))]
    widths = "".join(f'<col style="width:{_width(each)}px">' for each in picture.widths)
    heads = "".join(f'<th scope="col">{_letters(each)}</th>' for each in columns)
    rows = "".join(_row(row, numbered, picked) for row in picture.rows)
    whole = 40 + sum(map(_width, picture.widths))
    name = plain(f"シート「{picture.name}」の図")
    return (
        f'<div class="noriai-sheet" role="region" tabindex="0" aria-label="{name}">'
        f'<table style="width:{whole}px"><caption>{name}</caption>'
        f'<colgroup><col style="width:40px">{widths}</colgroup>'
        f"<thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(row: PictureRow, numbered: Mapping[str, tuple[int, FormField]], picked: str) -> str:
    height = f' style="height:{row.height * 4 / 3:.0f}px"' if 0 < row.height < 400 else ""
    cells = "".join(_cell(cell, numbered.get(cell.address), picked) for cell in row.cells)
    return f'<tr{height}><th scope="row">{row.number}</th>{cells}</tr>'


def _cell(cell: PictureCell, field: tuple[int, FormField] | None, picked: str) -> str:
    looks = [cell.align if cell.align in ("center", "right") else "left"]
    looks += [
        name
        for name, holds in (
            ("bold", cell.bold),
            ("bordered", cell.bordered),
            ("formula", cell.formula),
            ("field", field is not None),
            ("picked", cell.address == picked),
        )
        if holds
    ]
    spans = (f' colspan="{cell.columns}"' if cell.columns > 1 else "") + (
        f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    )
    filled = _COLOUR.fullmatch(cell.fill) and field is None
    fill = f' style="background:{cell.fill}"' if filled else ""
    text = plain(cell.text)
    if field is not None:
        number, of = field
        label = plain(f"記入欄{number} {of.label} {cell.address}")
        current = ' aria-current="true"' if cell.address == picked else ""
        first = cell.address == of.cells[0]
        mark = f"<b>{number}</b>" if first else ""
        # one of several cells of a field is no stop of its own for the keyboard
        stop = "" if first else ' tabindex="-1"'
        text = (
            f'<button type="button" data-press="{cell.address}" aria-label="{label}"{current}{stop}>'
            f"{mark}{text}</button>"
        )
    press = "" if field is not None or cell.formula else f' data-press="{cell.address}"'
    return f'<td class="{" ".join(looks)}"{spans}{fill}{press} title="{cell.address}">{text}</td>'


def _width(characters: float) -> int:
    if characters <= 0:
        return 0
    return min(_WIDEST, round(characters * _LETTER_WIDTH) + _PADDING)


def _letters(column: int) -> str:
    """A, B … Z, AA for 0, 1 …

    Examples:
        >>> _letters(0), _letters(25), _letters(26), _letters(701)
        ('A', 'Z', 'AA', 'ZZ')
    """
    text = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def numbered_cells(fields: Sequence[FormField]) -> dict[str, dict[str, tuple[int, FormField]]]:
    """By sheet and address: which field a cell belongs to, fields counted from 1 over all sheets."""
    found: dict[str, dict[str, tuple[int, FormField]]] = {}
    for number, field in zip(count(1), fields, strict=False):
        for cell in field.cells:
            found.setdefault(field.sheet, {})[cell] = number, field
    return found
