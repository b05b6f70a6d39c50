"""参加台帳をファイルに書く: the layout that ``core.imports.ledger`` reads back.

Numbers, kinds, dates and corrections come back as they were; 記録日時 and 記録者 are for the
reader and given anew when a file is imported elsewhere.
"""

from core.exports.ledger.csv_file import ledger_csv
from core.exports.ledger.workbook import ledger_workbook

__all__ = ["ledger_csv", "ledger_workbook"]
