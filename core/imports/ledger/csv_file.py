"""CSV as Japanese offices make it: UTF-8, UTF-8 with BOM or CP932, told by the bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from core.imports.ledger.cell import RawRow, text_cell
from core.procurement.layout import unguarded
from core.values.errors import InvalidInputError


def csv_rows(content: bytes) -> Iterator[RawRow]:
    """Rows with the line each begins on.

    Raises:
        InvalidInputError: Field ``file``: not text, or badly quoted.
    """
    text = _decoded(content)
    head = text.split("\n", 1)[0]
    delimiter = "\t" if "\t" in head and "," not in head else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, [text_cell(unguarded(cell)) for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise InvalidInputError(
            {
                "file": f"{line}行目: CSVの書き方に誤りがあります({error})。引用符を確かめてください。"
            }
        ) from None


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InvalidInputError(
            {"file": "文字コードがUTF-16です。「CSV UTF-8」で保存し直してください。"}
        )
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise InvalidInputError(
        {
            "file": "Excel(.xlsx)でもCSVでもないか、文字コードがUTF-8でもShift_JIS(CP932)でもありません。"
            "「CSV UTF-8」か.xlsxで保存し直してください。"
        }
    )
