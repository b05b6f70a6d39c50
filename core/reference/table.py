"""CSV files of data/: rows that know their lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.reference.text_files import read_text, shown
from core.values.errors import ReferenceDataError
from core.values.fiscal import PartialDate, Precision, parse_date


@dataclass(frozen=True)
class Row:
    """One row.

    Attributes:
        name: File name below data/.
        line: 1-based line it ends on.
        cells: Column → text, surrounding spaces kept out.
    """

    name: str
    line: int
    cells: Mapping[str, str]

    def refusal(self, reason: str) -> ReferenceDataError:
        return ReferenceDataError(shown(self.name), self.line, reason)

    def text(self, column: str) -> str:
        """A cell that is not empty."""
        if not self.cells[column]:
            raise self.refusal(f"「{column}」が空です。")
        return self.cells[column]

    def whole(self, column: str) -> int:
        """A whole number, 0 or more, half-width digits only."""
        text = self.text(column)
        if not (text.isascii() and text.isdigit()):
            raise self.refusal(f"「{column}」は0以上の整数で書いてください: {text}")
        return int(text)

    def degrees(self, column: str, low: float, high: float) -> float:
        """A coordinate between two bounds."""
        text = self.text(column)
        try:
            value = float(text)
        except ValueError:
            raise self.refusal(f"「{column}」は度(小数)で書いてください: {text}") from None
        if not low <= value <= high:
            raise self.refusal(f"「{column}」は{low}から{high}までです: {text}")
        return value

    def one_of(self, column: str, choices: tuple[str, ...]) -> str:
        """One of several words."""
        text = self.text(column)
        if text not in choices:
            raise self.refusal(f"「{column}」は{'、'.join(choices)}のどれかです: {text}")
        return text

    def dated(self, column: str, precision: Precision | None = None) -> PartialDate:
        """A date as exact as it is known.

        Args:
            column: Where it stands.
            precision: How exactly it must be known; None takes it as written.
        """
        text = self.text(column)
        try:
            found = parse_date(text, later=precision is Precision.MONTH_OR_LATER)
        except ValueError as error:
            raise self.refusal(f"「{column}」: {error}") from None
        if precision is not None and found.precision is not precision:
            raise self.refusal(
                f"「{column}」の{text}は、date_precisionの{precision.value}と合いません。"
            )
        return found


def read_rows(root: Path, name: str, header: tuple[str, ...]) -> tuple[Row, ...]:
    """Every row below the header; blank lines are skipped.

    Raises:
        ReferenceDataError: The file cannot be read, has another header, a row of another width,
            or no row.
    """
    reader = csv.reader(io.StringIO(read_text(root, name), newline=""), strict=True)
    rows: list[Row] = []
    try:
        found = tuple(next(reader))
        if found != header:
            raise ReferenceDataError(
                shown(name),
                1,
                f"列名が違います(必要な列: {','.join(header)}、今の列: {','.join(found)})。",
            )
        for cells in reader:
            if cells:
                rows.append(_row(name, reader.line_num, header, cells))
    except csv.Error as error:
        raise ReferenceDataError(
            shown(name), reader.line_num, f"CSVの書き方に誤りがあります({error})。"
        ) from None
    if not rows:
        raise ReferenceDataError(shown(name), 1, "列名だけで、行がありません。")
    return tuple(rows)


def _row(name: str, line: int, header: tuple[str, ...], cells: list[str]) -> Row:
    if len(cells) != len(header):
        raise ReferenceDataError(
            shown(name), line, f"列の数が違います(必要: {len(header)}、今: {len(cells)})。"
        )
    texts = (cell.strip() for cell in cells)
    return Row(name, line, dict(zip(header, texts, strict=True)))
