"""What わがまち is asked for: the fiscal year of its summary."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.kit import address

PART = "our_year"
"""Of the address that the summary keeps."""


@dataclass(frozen=True)
class Question(address.Question):
    """What is shown.

    Attributes:
        year: 年度; None is that of today.
    """

    year: int | None = address.year("年度")
