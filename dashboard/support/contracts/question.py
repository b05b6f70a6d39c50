"""What 契約・支援回 is asked for: the year, the state, what is open."""

from __future__ import annotations

from dataclasses import dataclass

from core.support.pace import PaceState
from dashboard.kit import address

PART = "contracts"
"""Of the address that this tab keeps."""
WAITING = "waiting"
"""議決された, and no contract is recorded: stands among the states of :class:`PaceState`."""
STATES = {WAITING: "契約待ち", **{each.value: each.label for each in PaceState}}


@dataclass(frozen=True)
class Question(address.Question):
    """What is shown.

    Attributes:
        year: 年度 of the secretariat's list; None is that of today.
        state: Key of :data:`STATES`; empty for all.
        town: 団体コード that is open in the secretariat's list; empty for none.
        contract: Number of the contract that is open; empty for none.
        visit: Number of the visit that is open; empty for none.
    """

    year: int | None = address.year("年度")
    state: str = address.choice("進み具合", lambda _: STATES, "")
    town: str = address.detail()
    contract: str = address.detail()
    visit: str = address.detail()
