"""議会・決算説明用: a municipality's year on one page, as a workbook, and everybody's in one archive."""

from core.exports.council.archive import council_archive
from core.exports.council.page import council_pdf
from core.exports.council.wording import council_file_name
from core.exports.council.workbook import council_workbook

__all__ = ["council_archive", "council_file_name", "council_pdf", "council_workbook"]
