"""支援の実施の一覧 as .xlsx: every municipality and plan of a year, as the screen shows it."""

from __future__ import annotations

from datetime import date

from core.exports.book import Book, Cell, Column
from core.exports.file import file_name
from core.reference.pack import Reference
from core.support.pace import ASSUMED
from core.values.fiscal import FiscalYear, era_date
from core.values.money import Yen
from core.views.support import BoardRow, SupportBoard

_NONE = "契約待ち"
_COLUMNS = (
    Column("団体コード", 11, "verbatim"),
    Column("団体", 14),
    Column("プラン", 26),
    Column("進み具合", 18),
    Column("契約回数", 10, "whole"),
    Column("実施", 8, "whole"),
    Column("予定", 8, "whole"),
    Column("記録待ち", 10, "whole"),
    Column("残り", 8, "whole"),
    Column("残り月数", 10, "whole"),
    Column("契約", 14),
    Column("事業者", 28),
    Column("期間の初日", 13, "day"),
    Column("期間の末日", 13, "day"),
    Column("契約額", 14, "whole"),
    Column("支払済", 14, "whole"),
    Column("議決された額", 14, "whole"),
)


def support_file_name(fiscal_year: FiscalYear, *, made_up: bool) -> str:
    """Name a reader finds again."""
    return file_name("支援の実施", fiscal_year.label, suffix=".xlsx", made_up=made_up)


def support_workbook(
    board: SupportBoard, reference: Reference, made_on: date, *, made_up: bool
) -> bytes:
    """One row a municipality and plan, problems first; what is not known stays empty."""
    title = f"{board.fiscal_year.label} 支援の実施"
    made = Book(title, made_on, made_up=made_up)
    made.table(
        "支援の実施",
        _COLUMNS,
        [_row(row, board.fiscal_year, reference) for row in board.rows],
        title=title,
        under=f"{era_date(made_on)}時点。{ASSUMED}",
        frozen=3,
        paper=8,
    )
    return made.finished()


def _row(row: BoardRow, year: FiscalYear, reference: Reference) -> list[Cell]:
    pace, contract = row.pace, row.contract
    counts: list[Cell] = [None] * 6
    if pace is not None:
        counts = [
            pace.contracted,
            pace.held,
            pace.planned,
            pace.unrecorded,
            pace.left,
            pace.months_left,
        ]
    agreed: list[Cell] = [None] * 6
    if contract is not None:
        line = contract.terms.line(row.plan)
        agreed = [
            contract.number.label,
            contract.vendor.name,
            contract.terms.first_day,
            contract.terms.last_day,
            int(line.amount) if line else None,
            int(contract.paid_lines.get(row.plan, Yen(0))),
        ]
    return [
        row.municipality.lg_code,
        row.municipality.name,
        reference.plan_name(row.plan, year),
        pace.state.label if pace else _NONE,
        *counts,
        *agreed,
        int(row.wish.gross) if row.wish else None,
    ]
