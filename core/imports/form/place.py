"""Cells and ranges by row and column: rows from 1, columns from 0."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from core.imports.workbook import LAST_COLUMN, LAST_ROW, column_letters, column_number

Place = tuple[int, int]
"""Row and column of a cell."""
_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")


class Area(NamedTuple):
    """A range, its edges included."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def first(self) -> Place:
        return self.top, self.left

    @property
    def size(self) -> int:
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)

    @property
    def ref(self) -> str:
        """As Excel writes it."""
        begin = address(self.first)
        return begin if self.size == 1 else f"{begin}:{address((self.bottom, self.right))}"

    def holds(self, at: Place) -> bool:
        """Whether a cell is within."""
        return self.top <= at[0] <= self.bottom and self.left <= at[1] <= self.right

    def places(self) -> Iterator[Place]:
        """Each cell, row by row."""
        for row in range(self.top, self.bottom + 1):
            for column in range(self.left, self.right + 1):
                yield row, column


@lru_cache(maxsize=8192)
def place(text: str) -> Place | None:
    """Where ``C4`` or ``$C$4`` is; None for anything else.

    Examples:
        >>> place("C4"), place("$AA$10"), place("C0"), place("合計")
        ((4, 2), (10, 26), None, None)
    """
    found = _CELL.fullmatch(text)
    if found is None:
        return None
    row, column = int(found[2]), column_number(found[1])
    return (row, column) if 0 < row <= LAST_ROW and column < LAST_COLUMN else None


def address(at: Place) -> str:
    """A cell as Excel names it.

    Examples:
        >>> address((4, 2))
        'C4'
    """
    return f"{column_letters(at[1])}{at[0]}"


def area(text: str) -> Area | None:
    """A range as Excel writes it; whole rows and columns are none.

    Examples:
        >>> area("B4:F4"), area("$B$4"), area("B:B")
        (Area(top=4, left=1, bottom=4, right=5), Area(top=4, left=1, bottom=4, right=1), None)
    """
    first, _, last = text.partition(":")
    begin = place(first)
    end = place(last) if last else begin
    if begin is None or end is None:
        return None
    (top, left), (bottom, right) = begin, end
    return Area(min(top, bottom), min(left, right), max(top, bottom), max(left, right))
