"""Forms in, as the product asks for them; each is read in a process that can be ended.

Call it where waiting harms nobody: never on an event loop, never inside a transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.imports.file_kind import refused
from core.imports.reader_process import BUSY, GAVE_UP, READERS
from core.inquiry.form.damage import DamageKind, FormReading, refused_reading
from core.inquiry.form.field import FormLayout
from core.inquiry.form.picture import SheetPicture
from core.values.errors import InvalidInputError

MAX_BYTES = 10_000_000
"""Largest file of a form."""
_FIELDS_AT_ONCE, _MOST_AT_ONCE, _BYTES_AT_ONCE = 2_000, 10, 20_000_000
"""Fields, files and bytes that are handed to the reading process together."""


def found_layout(body: bytes) -> FormLayout:
    """The form a workbook is: its fields where it says them itself, and what must stay.

    Fields are the unlocked cells of protected sheets, else the cells that have names; where there
    are neither, ``found_by`` is ``FoundBy.NOTHING`` and :func:`marked` makes them.

    Raises:
        InvalidInputError: Field ``file``: no workbook, one that may not be taken, too large.
    """
    return _layout(body, None)


def marked(body: bytes, cells: Sequence[tuple[str, str]]) -> FormLayout:
    """The form a workbook is, with fields in cells marked by hand.

    Args:
        cells: Sheet and address or range: ``("様式1", "C4")``, ``("様式1", "C6:E12")``.

    Raises:
        InvalidInputError: Field ``file`` as :func:`found_layout`; ``cells``: which are none.
    """
    return _layout(body, [list(each) for each in cells])


def sheet_picture(body: bytes) -> tuple[SheetPicture, ...]:
    """Every sheet as a screen draws it.

    Raises:
        InvalidInputError: Field ``file``.
    """
    _refuse_large(body)
    with READERS.read("form_pictures", [body]) as parts:
        return tuple(map(SheetPicture.of_plain, parts))


def read_form(layout: FormLayout, body: bytes) -> FormReading:
    """What a file that came back says, and all that stands against it.

    Raises:
        InvalidInputError: Field ``file``: too many files are being read; ask again.
    """
    (reading,) = read_forms(layout, [body])
    return reading


def read_forms(layout: FormLayout, bodies: Sequence[bytes]) -> tuple[FormReading, ...]:
    """The same of many files, in their order, by one process one after the other.

    One that takes too long or too much is refused alone. Raises as :func:`read_form`.
    """
    return tuple(
        reading for batch in _batches(layout, bodies) for reading in _read_together(layout, batch)
    )


def _batches(layout: FormLayout, bodies: Sequence[bytes]) -> Iterator[list[bytes]]:
    most = max(1, min(_MOST_AT_ONCE, _FIELDS_AT_ONCE // max(1, len(layout.fields))))
    batch: list[bytes] = []
    for body in bodies:
        full = len(batch) == most or sum(map(len, batch)) + len(body) > _BYTES_AT_ONCE
        if batch and full:
            yield batch
            batch = []
        batch.append(body)
    if batch:
        yield batch


def _read_together(layout: FormLayout, bodies: Sequence[bytes]) -> list[FormReading]:
    taken = [b"" if len(body) > MAX_BYTES else body for body in bodies]
    try:
        with READERS.read("form_readings", taken, layout.plain()) as parts:
            found = [FormReading.of_plain(part) for part in parts]
    except InvalidInputError as error:
        if error.problems.get("file") == BUSY:
            raise
        if len(bodies) > 1:  # one of them is why; the others shall not suffer for it
            return [reading for body in bodies for reading in _read_together(layout, [body])]
        return [refused_reading(DamageKind.UNREADABLE, str(error) or GAVE_UP)]
    return [
        refused_reading(DamageKind.UNREADABLE, _too_large(body))
        if len(body) > MAX_BYTES
        else reading
        for body, reading in zip(bodies, found, strict=True)
    ]


def _layout(body: bytes, marks: object) -> FormLayout:
    _refuse_large(body)
    with READERS.read("form_layout", [body], marks) as parts:
        (plain,) = parts
    return FormLayout.of_plain(plain)


def _refuse_large(body: bytes) -> None:
    if len(body) > MAX_BYTES:
        raise refused(_too_large(body))


def _too_large(body: bytes) -> str:
    return (
        f"ファイルが大きすぎます({len(body):,}バイト)。{MAX_BYTES:,}バイトまでです。"
        "写真などを除いて保存し直してください。"
    )
