"""Everybody's pages for the council in one archive, names in the order of the codes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable
from datetime import date

from core.exports.council.page import council_pdf
from core.exports.council.wording import council_file_name
from core.exports.council.workbook import council_workbook
from core.figures.year.year import OurYear
from core.reference.pack import Reference

_FIXED = (1980, 1, 1, 0, 0, 0)
"""Time of every member: equal years give equal bytes."""


def council_archive(
    years: Iterable[OurYear],
    reference: Reference,
    made_on: date,
    *,
    made_up: bool,
    step: Callable[[str], None] = lambda _words: None,
) -> bytes:
    """A page and a workbook of each.

    Args:
        years: One municipality after the other; asked for while the archive is written.
        step: Told what is being made.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for year in years:
            step(f"{year.municipality.name}の資料を作っています")
            for suffix, make in ((".pdf", council_pdf), (".xlsx", council_workbook)):
                name = council_file_name(
                    year.municipality, year.fiscal_year, made_on, suffix, made_up=made_up
                )
                body = make(year, reference, made_on, made_up=made_up)
                archive.writestr(zipfile.ZipInfo(name, _FIXED), body)
    return stream.getvalue()
