"""What 参加台帳 is asked: which record is open."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.kit import address

PAGE = "ledger"


@dataclass(frozen=True)
class Question(address.Question):
    """Which record (記録番号) is open to be corrected; empty for none."""

    record: str = address.detail()
