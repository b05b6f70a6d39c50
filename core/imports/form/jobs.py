"""What the reading process does with forms; core.imports.form.reading asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from core.imports.form.book import RawBook
from core.imports.form.check import reading_of
from core.imports.form.found import layout_of
from core.imports.form.picture import pictures_of
from core.inquiry.form.damage import DamageKind, FormReading, refused_reading
from core.inquiry.form.field import FormLayout
from core.values.errors import InvalidInputError


def plain_layout(contents: Sequence[bytes], marks: Any) -> Iterator[Any]:
    """The layout of one empty form.

    Args:
        marks: Sheet and address of each cell marked by hand; None to look for them.

    Raises:
        InvalidInputError: Field ``file`` or ``cells``.
    """
    cells = None if marks is None else [(str(sheet), str(at)) for sheet, at in marks]
    yield layout_of(RawBook(contents[0]), cells).plain()


def plain_pictures(contents: Sequence[bytes], _options: Any) -> Iterator[Any]:
    """Each sheet of a form as it is drawn.

    Raises:
        InvalidInputError: Field ``file``.
    """
    for picture in pictures_of(RawBook(contents[0])):
        yield picture.plain()


def plain_readings(contents: Sequence[bytes], layout: Any) -> Iterator[Any]:
    """What each file says of a form, in their order; one that cannot be read says why."""
    form = FormLayout.of_plain(layout)
    for content in contents:
        yield _reading(form, content).plain()


def _reading(form: FormLayout, content: bytes) -> FormReading:
    if not content.strip(b"\0 \r\n\t"):
        return refused_reading(
            DamageKind.NOT_A_WORKBOOK,
            "空のファイルです。様式に記入したExcelブックを選んでください。",
        )
    try:
        return reading_of(form, RawBook(content))
    except InvalidInputError as error:
        said = str(error)
        kind = DamageKind.MACRO if "マクロ" in said else DamageKind.UNREADABLE
        if not content.startswith(b"PK"):
            kind = DamageKind.NOT_A_WORKBOOK
            if _is_text(content):
                said = (
                    "CSVなどの文字だけのファイルです。様式の形が失われているため読めません。"
                    "様式のExcelブック(.xlsx)のまま保存してください。"
                )
        return refused_reading(kind, said)


def _is_text(content: bytes) -> bool:
    return b"\0" not in content[:4000] and not content.startswith((b"%PDF", b"<", b"{"))
