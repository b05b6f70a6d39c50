"""Tables: one thing a row, columns by heading, and what they say in words.

A table to read is plain HTML: Streamlit's own brings a reader of Arrow along (113 KB), its grid
three times as much (docs/decisions.md). A grid is for what is sorted, searched or picked from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import east_asian_width

import pandas as pd
import streamlit as st

from dashboard.kit.cards import plain
from dashboard.kit.drawn import drawn

_NUMBER = re.compile(r"[+−△±-]?\d[\d,.]*\D{0,4}|[—–-]?")
_ADDRESS = re.compile(r"[!-~]{18,32}")
"""A run without blanks, as a mail address is, that would break in a column of words on a phone."""
_ARIA_CHOSEN = ' aria-current="true"'
_WORD, _PROSE = 10, 40
"""Letters of full width that stay in one line, as a moment does, and that want a wide column."""
_LONG = 15
"""More rows than these move in a box of their own."""


@dataclass(frozen=True)
class Struck:
    """A cell that no longer holds: struck out, and what is said after it."""

    text: str
    after: str = ""


@dataclass(frozen=True)
class Marked:
    """A cell that stands out; what it means is in its text as well.

    Attributes:
        look: ``vacant`` or ``outlier``.
    """

    text: str
    look: str


def table(
    columns: Mapping[str, Iterable[object]],
    alt: str,
    *,
    key: str = "",
    on_pick: Callable[[int], object] | None = None,
    chosen: int | None = None,
) -> None:
    """Rows to read; the first column names them. Text is shown as it was typed.

    Columns of kinds stand to the right. Many rows move in a box whose headings stay.

    Args:
        key: Of the element; needed with ``on_pick``.
        on_pick: What a press on the name of a row does, with its number from 0.
        chosen: The row that is open.
    """
    rows = [*zip(*columns.values(), strict=True)]
    html = _table([*columns], rows, alt, chosen, picked=on_pick is not None)
    if on_pick is None:
        st.html(html)
        return
    pick = on_pick
    drawn(html, key, lambda word: pick(int(word)) if word in map(str, range(len(rows))) else None)


def _table(
    heads: Sequence[str],
    rows: Sequence[tuple[object, ...]],
    alt: str,
    chosen: int | None,
    *,
    picked: bool,
) -> str:
    kinds = [_kind(cells) for cells in zip(*rows, strict=True)] or [""] * len(heads)
    head = "".join(
        f'<th scope="col"{_look(kind)}>{plain(name)}</th>'
        for name, kind in zip(heads, kinds, strict=True)
    )
    body = "".join(
        f"<tr{_ARIA_CHOSEN if number == chosen else ''}>{_row(row, kinds, number, picked)}</tr>"
        for number, row in enumerate(rows)
    )
    return (
        f'<div class="noriai-table{" long" if len(rows) > _LONG else ""}" role="region" '
        f'tabindex="0" aria-label="{plain(alt)}"><table><caption>{plain(alt)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(row: tuple[object, ...], kinds: Sequence[str], number: int, picked: bool) -> str:
    name = _cell(row[0])
    if picked:
        name = f'<button type="button" data-press="{number}">{name}</button>'
    cells = "".join(
        f"<td{_look(f'{kind} {cell.look}'.strip() if isinstance(cell, Marked) else kind)}>"
        f"{_cell(cell)}</td>"
        for cell, kind in zip(row[1:], kinds[1:], strict=True)
    )
    return f'<th scope="row"{_look(kinds[0])}>{name}</th>{cells}'


def _kind(cells: Sequence[object]) -> str:
    """How a column is set: kinds to the right, a word in one line, sentences and addresses with room."""
    if _is_number(cells):
        return "number"
    texts = [*map(_text, cells)]
    widest = max(map(_width, texts), default=0)
    if widest <= _WORD:
        return "word"
    return "words prose" if widest > _PROSE or any(map(_ADDRESS.search, texts)) else "words"


def _width(text: str) -> float:
    """In letters of full width."""
    return sum(1 if east_asian_width(each) in "WFA" else 0.5 for each in text)


def _is_number(cells: Sequence[object]) -> bool:
    texts = [*map(_text, cells)]
    return any(texts) and all(map(_NUMBER.fullmatch, texts))


def list_rows(columns: Mapping[str, Iterable[object]], alt: str, **more: Any) -> None:
    """Rows to scroll, sort, search and pick from; more as ``st.dataframe`` takes it."""
    frame = pd.DataFrame({name: list(values) for name, values in columns.items()})
    st.dataframe(frame, hide_index=True, alt=alt, **more)


def _look(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def _cell(cell: object) -> str:
    if isinstance(cell, Struck):
        return f"<s>{plain(cell.text)}</s>{plain(cell.after)}"
    return plain(_text(cell))


def _text(cell: object) -> str:
    if isinstance(cell, Marked):
        return cell.text
    return "" if cell is None else str(cell)
