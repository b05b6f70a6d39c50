"""予算要求書: the budget-request workbook, live from the visit counts on.

``live`` formulas that carry their value, ``page`` writing and printing, ``conditions`` 補助条件 as
cells; one module a sheet: ``basis`` 積算基礎, ``months`` and ``years`` 月別・年度別, ``request``
予算要求書, ``premises`` 前提・出典; ``workbook`` puts them together; ``brief`` is the page for the
section chief.
"""

from core.exports.budget.brief import budget_pdf, budget_pdf_file_name
from core.exports.budget.workbook import budget_file_name, budget_workbook

__all__ = ["budget_file_name", "budget_pdf", "budget_pdf_file_name", "budget_workbook"]
