"""Tables: one thing a row, columns by heading, and what they say in words.

A table to read is plain HTML: Streamlit's own brings a reader of Arrow along (113 KB), its grid
three times as much (docs/decisions.md). A grid is for what is sorted, searched or picked from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.kit.cards import plain

_NUMBER = re.compile(r"[+−△±-]?\d[\d,.]*\D{0,4}|[—–-]?")
_LONG = 15
"""More rows than these move in a box of their own."""


@dataclass(frozen=True)
class Struck:
    """A cell that no longer holds: struck out, and what is said after it."""

    text: str
    after: str = ""


def table(columns: Mapping[str, Iterable[object]], alt: str) -> None:
    """Rows to read; the first column names them. Text is shown as it was typed.

    Columns of numbers stand to the right. Many rows move in a box whose headings stay.
    """
    rows = [*zip(*columns.values(), strict=True)]
    numbers = [
        any(map(_text, cells)) and all(_NUMBER.fullmatch(_text(cell)) for cell in cells)
        for cells in zip(*rows, strict=True)
    ] or [False] * len(columns)
    head = "".join(
        f'<th scope="col"{_look(right)}>{plain(name)}</th>'
        for name, right in zip(columns, numbers, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row">{_cell(cell)}</th>'
            if not place
            else f"<td{_look(right)}>{_cell(cell)}</td>"
            for place, (cell, right) in enumerate(zip(row, numbers, strict=True))
        )
        + "</tr>"
        for row in rows
    )
    st.html(
        f'<div class="noriai-table{" long" if len(rows) > _LONG else ""}" role="region" '
        f'tabindex="0" aria-label="{plain(alt)}"><table><caption>{plain(alt)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def list_rows(columns: Mapping[str, Iterable[object]], alt: str, **more: Any) -> None:
    """Rows to scroll, sort, search and pick from; more as ``st.dataframe`` takes it."""
    frame = pd.DataFrame({name: list(values) for name, values in columns.items()})
    st.dataframe(frame, hide_index=True, alt=alt, **more)


def _look(right: bool) -> str:
    return ' class="number"' if right else ""


def _cell(cell: object) -> str:
    if isinstance(cell, Struck):
        return f"<s>{plain(cell.text)}</s>{plain(cell.after)}"
    return plain(_text(cell))


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)
