"""予算要求書 of boarding late: the same request as for support plans, live from the quotation on.

``basis`` 積算基礎, ``months`` 月別 and 待つ費用, ``request`` 予算要求書, ``premises`` 前提・出典;
``workbook`` puts them together with the pieces of ``core.exports.budget``; ``brief`` is the page for
the section chief.
"""

from core.exports.boarding.brief import boarding_pdf, boarding_pdf_file_name
from core.exports.boarding.workbook import boarding_file_name, boarding_workbook

__all__ = [
    "boarding_file_name",
    "boarding_pdf",
    "boarding_pdf_file_name",
    "boarding_workbook",
]
