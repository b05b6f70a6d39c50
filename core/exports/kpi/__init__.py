"""KPIの書き出し: workbook, CSV with its codebook, the papers of a meeting, one page for a visit."""

from core.exports.kpi.csv_files import codebook_csv, kpi_csv, rows_csv
from core.exports.kpi.deck import meeting_deck
from core.exports.kpi.visit import visit_pdf
from core.exports.kpi.workbook import kpi_workbook

__all__ = [
    "codebook_csv",
    "kpi_csv",
    "kpi_workbook",
    "meeting_deck",
    "rows_csv",
    "visit_pdf",
]
