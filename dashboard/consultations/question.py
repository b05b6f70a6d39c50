"""What アドバイザー相談 is asked for: the consultation that is open."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.kit import address

PAGE = "consultations"


@dataclass(frozen=True)
class Question(address.Question):
    """What is open.

    Attributes:
        number: 受付番号; empty for none.
    """

    number: str = address.detail()
