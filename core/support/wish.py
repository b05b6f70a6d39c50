"""参加希望: a municipality's request for a support plan and the states it goes through."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from core.values.errors import ConflictError, DashboardError, InvalidInputError
from core.values.fiscal import FiscalYear, japan_day
from core.values.free_text import Text
from core.values.label import Labelled
from core.values.money import Yen

REASON = Text("理由", 1000, lines=True, optional=True)
"""Why a wish is withdrawn; required then (:func:`check_transition`)."""


class WishState(Labelled):
    """How far a wish has come (参加希望の状態)."""

    CONSIDERING = "considering", "検討中"
    WISHED = "wished", "希望"
    BUDGET_REQUESTED = "budget_requested", "予算要求"
    APPROVED = "approved", "議決"
    CONTRACTED = "contracted", "契約"
    WITHDRAWN = "withdrawn", "辞退"


NEXT_STATES: Mapping[WishState | None, tuple[WishState, ...]] = MappingProxyType(
    {
        None: (WishState.CONSIDERING, WishState.WISHED),
        WishState.CONSIDERING: (WishState.WISHED, WishState.WITHDRAWN),
        WishState.WISHED: (WishState.WISHED, WishState.BUDGET_REQUESTED, WishState.WITHDRAWN),
        WishState.BUDGET_REQUESTED: (
            WishState.BUDGET_REQUESTED,
            WishState.APPROVED,
            WishState.WITHDRAWN,
        ),
        WishState.APPROVED: (WishState.CONTRACTED, WishState.WITHDRAWN),
        WishState.CONTRACTED: (),
        WishState.WITHDRAWN: (WishState.CONSIDERING, WishState.WISHED),
    }
)
"""State → states it may become; None is "never stated". A state that may follow itself may be
stated again with other visits. After 議決 the amount stands; after 契約 nothing changes here."""

STATED_WITH_ESTIMATE = (WishState.CONSIDERING, WishState.WISHED, WishState.BUDGET_REQUESTED)
"""States that are said of an estimate, with its visits and amounts; the others keep those before."""


@dataclass(frozen=True)
class WishEvent:
    """What a municipality said about one plan, once. Never edited.

    Attributes:
        event_id: Order of recording; 0 before it is recorded.
        gross: 歳出 of this plan at that time, yen.
        reason: Why it was withdrawn; empty otherwise.
    """

    event_id: int
    lg_code: str
    fiscal_year: FiscalYear
    plan: int
    state: WishState
    visits: int
    gross: Yen
    subsidy: Yen
    net: Yen
    reason: str
    recorded_at: datetime
    recorded_by: str


class PlanAmounts(Protocol):
    """A plan of an estimate, with its amounts."""

    @property
    def plan(self) -> int: ...
    @property
    def visits(self) -> int: ...
    @property
    def gross(self) -> Yen: ...
    @property
    def subsidy(self) -> Yen: ...
    @property
    def net(self) -> Yen: ...


def stated(
    lg_code: str,
    fiscal_year: FiscalYear,
    lines: Iterable[PlanAmounts],
    state_of: Callable[[int], WishState],
    now: datetime,
    by: str,
) -> list[WishEvent]:
    """What is said of every plan of an estimate, before it is recorded.

    Args:
        lines: Of the year's estimate.
        state_of: Plan → what is said of it.
    """
    return [
        WishEvent(
            event_id=0,
            lg_code=lg_code,
            fiscal_year=fiscal_year,
            plan=line.plan,
            state=state_of(line.plan),
            visits=line.visits,
            gross=line.gross,
            subsidy=line.subsidy,
            net=line.net,
            reason="",
            recorded_at=now,
            recorded_by=by,
        )
        for line in lines
    ]


WishKey = tuple[str, int, int]
"""Municipality code, fiscal year, plan number."""


def current_wishes(events: Iterable[WishEvent]) -> dict[WishKey, WishEvent]:
    """The last word on every plan: 未回答 is absent, 辞退 is present, neither is zero.

    Args:
        events: In any order.
    """
    last: dict[WishKey, WishEvent] = {}
    for event in sorted(events, key=lambda event: event.event_id):
        last[event.lg_code, event.fiscal_year, event.plan] = event
    return last


def check_transition(previous: WishEvent | None, state: WishState, reason: str) -> None:
    """Refuse a state that cannot follow, or a withdrawal without a reason.

    Raises:
        ConflictError: The table does not allow it; names the earlier event.
        InvalidInputError: ``reason`` is missing.
    """
    before = previous.state if previous else None
    if state not in NEXT_STATES[before]:
        raise ConflictError(_refusal(previous, state))
    if state is WishState.WITHDRAWN and not reason.strip():
        raise InvalidInputError({"reason": "辞退の理由を入力してください。"})


def check_stated(events: Iterable[WishEvent], current: Mapping[WishKey, WishEvent]) -> None:
    """Refuse what cannot follow what was said last of each plan.

    Raises:
        ConflictError: Every plan that stands in the way is named.
    """
    problems: list[str] = []
    for event in events:
        before = current.get((event.lg_code, event.fiscal_year, event.plan))
        try:
            check_transition(before, event.state, event.reason)
        except DashboardError as error:
            problems.append(str(error))
    if problems:
        raise ConflictError("\n".join(problems))


def _refusal(previous: WishEvent | None, state: WishState) -> str:
    if previous is None:
        return f"まだ希望していないプランを「{state.label}」にはできません。先に「希望」を提出してください。"
    possible = "、".join(f"「{following.label}」" for following in NEXT_STATES[previous.state])
    advice = (
        f"次に選べるのは{possible}です。"
        if possible
        else "変更が必要な場合は事務局に連絡してください。"
    )
    return (
        f"プラン{previous.plan}は{japan_day(previous.recorded_at)}に「{previous.state.label}」と"
        f"記録されているため「{state.label}」にはできません。{advice}"
    )
