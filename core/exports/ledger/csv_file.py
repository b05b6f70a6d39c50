"""The ledger as CSV: UTF-8 with BOM and CRLF, as Excel opens it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from core.exports.ledger.lines import line_of
from core.procurement.event import LedgerEvent
from core.procurement.layout import Column, guarded


def ledger_csv(events: Iterable[LedgerEvent], participants: Mapping[str, str]) -> bytes:
    """Every event a row; no cell can be taken for a formula.

    Args:
        events: In the order of recording.
        participants: Code → name.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(Column)
    for event in events:
        writer.writerow(guarded(cell) for cell in line_of(event, participants))
    return text.getvalue().encode("utf-8-sig")
