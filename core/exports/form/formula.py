"""Formulas as text: names of sheets exchanged, rows moved, a shared one written out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from core.imports.form.place import Area, address, place

_TOKEN = re.compile(
    r'"(?:[^"]|"")*"'
    r"|(?P<sheet>'(?:[^']|'')+'!|[^\W\d][\w.]*!)?"
    r"(?P<first>\$?[A-Za-z]{1,3}\$?\d{1,7}|\$?\d{1,7}(?=:\$?\d))(?::(?P<last>\$?[A-Za-z]{1,3}\$?\d{1,7}|\$?\d{1,7}))?"
    r"(?![\w.(!])"
    r"|(?P<other>'(?:[^']|'')+'!|[^\W\d][\w.]*!)"
    r"|[^\W\d][\w.]*"
    r"|\d+(?:\.\d+)?(?:[Ee][+-]?\d+)?"
)
_PART = re.compile(r"(\$?)([A-Za-z]{0,3})(\$?)(\d+)")
Corner = tuple[bool, str, bool, int]
"""Of a reference: whether the column is absolute, its letters, whether the row is, its number."""


def renamed(formula: str, names: Mapping[str, str]) -> str:
    """The formula with other names of sheets.

    Examples:
        >>> renamed("SUM(入力!B2:B4)&\\"入力!\\"", {"入力": "271403堺市"})
        'SUM(\\'271403堺市\\'!B2:B4)&"入力!"'
    """

    def name(found: re.Match[str]) -> str:
        said = found["sheet"] or found["other"]
        if not said or (new := names.get(sheet_named(said))) is None:
            return found[0]
        return f"{quoted(new)}!{found[0][len(said) :]}"

    return _TOKEN.sub(name, formula)


def sheet_named(prefix: str) -> str:
    """The name of a sheet as a formula spells it before a reference."""
    plain = prefix.removesuffix("!")
    return plain[1:-1].replace("''", "'") if plain.startswith("'") else plain


def quoted(name: str) -> str:
    """A sheet's name as a formula may spell it.

    Examples:
        >>> quoted("様式 1's")
        "'様式 1''s'"
    """
    return "'" + name.replace("'", "''") + "'"


def sheets_in(formula: str) -> set[str]:
    """The sheets a formula refers to by name."""
    return {
        sheet_named(said)
        for found in _TOKEN.finditer(formula)
        if (said := found["sheet"] or found["other"])
    }


def translated(formula: str, down: int, right: int) -> str:
    """The formula as a cell so far away has it: what is not absolute moves along.

    Examples:
        >>> translated("B2*$C$1", 1, 0)
        'B3*$C$1'
    """

    def corner(part: Corner) -> Corner:
        fixed_column, letters, fixed_row, row = part
        at = place(f"{letters}1")
        if at is not None and not fixed_column:
            letters = address((1, at[1] + right)).removesuffix("1")
        return fixed_column, letters, fixed_row, row if fixed_row else row + down

    return _each(formula, lambda _sheet, parts: [corner(part) for part in parts])


def with_rows(
    formula: str,
    at: int,
    more: int,
    *,
    concerns: Callable[[str], bool],
    own: int | None = None,
) -> str:
    """The formula after ``more`` rows were put in below row ``at``.

    Ranges that reach over the row grow; what lies below moves.

    Args:
        concerns: Whether the sheet of a reference (empty for its own) is the one that grew.
        own: Where the formula stands in the row itself or a repetition of it: how many rows below.
            What it says of the row it says of its own then, unless with ``$``.

    Examples:
        >>> with_rows("SUM(C5:C5)+D9", 5, 3, concerns=lambda sheet: sheet == "")
        'SUM(C5:C8)+D12'
        >>> with_rows("SUM(B5:C5)/C$2", 5, 3, concerns=lambda sheet: sheet == "", own=2)
        'SUM(B7:C7)/C$2'
    """

    def moved(sheet: str, parts: list[Corner]) -> list[Corner]:
        if not concerns(sheet):
            return parts
        is_range = len(parts) == 2
        return [
            (*part[:3], _row(part, last=is_range and place == 1))
            for place, part in enumerate(parts)
        ]

    def _row(part: Corner, *, last: bool) -> int:
        row = part[3]
        if row > at:
            return row + more
        if row < at:
            return row
        if own is not None:
            return row if part[2] else row + own
        return row + more if last else row

    return _each(formula, moved)


def _each(formula: str, change: Callable[[str, list[Corner]], list[Corner]]) -> str:
    def reference(found: re.Match[str]) -> str:
        if found["first"] is None:
            return found[0]
        said = found["sheet"] or ""
        parts = [_corner(each) for each in (found["first"], found["last"]) if each]
        new = change(sheet_named(said) if said else "", parts)
        return said + ":".join(map(_spelt, new))

    return _TOKEN.sub(reference, formula)


def _corner(text: str) -> Corner:
    found = _PART.fullmatch(text)
    if found is None:
        raise ValueError(f"no reference: {text}")
    letters = found[2]
    if not letters:  # a whole row: its first mark is that of the row
        return False, "", bool(found[1] or found[3]), int(found[4])
    return bool(found[1]), letters, bool(found[3]), int(found[4])


def _spelt(part: Corner) -> str:
    fixed_column, letters, fixed_row, row = part
    return f"{'$' if fixed_column else ''}{letters}{'$' if fixed_row else ''}{row}"


def area_with_rows(where: Area, at: int, more: int) -> Area:
    """A range after ``more`` rows were put in below row ``at``; one that holds the row grows.

    Examples:
        >>> area_with_rows(Area(5, 0, 5, 3), 5, 2), area_with_rows(Area(7, 0, 8, 3), 5, 2)
        (Area(top=5, left=0, bottom=7, right=3), Area(top=9, left=0, bottom=10, right=3))
    """
    top = where.top + more if where.top > at else where.top
    bottom = where.bottom + more if where.bottom >= at else where.bottom
    return where._replace(top=top, bottom=bottom)
