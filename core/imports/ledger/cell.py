"""One cell as every kind of file gives it."""

from __future__ import annotations

from dataclasses import dataclass

from core.values.fiscal import PartialDate

MAX_TEXT = 10_000
"""Longest text of a cell, characters."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell.

    Attributes:
        text: What is written, numbers without a decimal part; surrounding spaces kept out.
        day: When the cell holds a date and not text.
        problem: Why it cannot be used (a formula, an error); empty for none.
    """

    text: str
    day: PartialDate | None = None
    problem: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.text and self.day is None and not self.problem


def text_cell(text: str) -> Cell:
    """A cell of text."""
    if len(text) > MAX_TEXT:
        return Cell(text[:40], problem=f"{MAX_TEXT:,}文字を超えています。")
    return Cell(text.replace("\r\n", "\n").replace("\r", "\n").strip())


RawRow = tuple[int, list[Cell]]
"""Line and cells."""
