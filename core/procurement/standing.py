"""参加の状態: what follows from a participant's events in one programme, and what may follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from core.errors import ConflictError
from core.fiscal import PartialDate
from core.procurement.event import EventKind, LedgerEvent, in_order


class Standing(StrEnum):
    """参加の状態. Each has a mark, so that no chart relies on colour."""

    NONE = "none"
    INTEREST = "interest"
    PLANNED = "planned"
    MANDATE = "mandate"
    FREE = "free"
    PAID_INITIAL = "paid_initial"
    PAID_LATE = "paid_late"
    LEFT = "left"

    @property
    def label(self) -> str:
        """記録なし, 関心, 予定, 委任状提出, 無償版, 当初参加, 後乗り, 離脱."""
        return _WORDS[self][0]

    @property
    def mark(self) -> str:
        """－ ・ ◇ ◆ △ ◎ ○ ×."""
        return _WORDS[self][1]


_WORDS = {
    Standing.NONE: ("記録なし", "－"),
    Standing.INTEREST: ("関心", "・"),
    Standing.PLANNED: ("予定", "◇"),
    Standing.MANDATE: ("委任状提出", "◆"),
    Standing.FREE: ("無償版", "△"),
    Standing.PAID_INITIAL: ("当初参加", "◎"),
    Standing.PAID_LATE: ("後乗り", "○"),
    Standing.LEFT: ("離脱", "×"),
}

PAID = frozenset({Standing.PAID_INITIAL, Standing.PAID_LATE})
"""有償版に参加している."""
FORESEEN = frozenset({Standing.PLANNED, Standing.MANDATE})
"""参加を予定している."""


@dataclass(frozen=True)
class State:
    """Where a participant stands in a programme.

    Attributes:
        standing: 参加の状態.
        live: 運用開始済み.
        lot: 区分 as last said.
        since: From when it stands so; None for 記録なし.
        target: When a foreseen participation is meant to begin.
        foreseen: A participation in the free edition that is foreseen to become paid.
    """

    standing: Standing = Standing.NONE
    live: bool = False
    lot: str | None = None
    since: PartialDate | None = None
    target: PartialDate | None = None
    foreseen: bool = False


_OUTSIDE = frozenset({Standing.NONE, Standing.LEFT})
_BEFORE = _OUTSIDE | {Standing.INTEREST, Standing.PLANNED, Standing.MANDATE}

FOLLOWS: Mapping[EventKind, frozenset[Standing]] = MappingProxyType(
    {
        EventKind.INTEREST: _OUTSIDE | {Standing.INTEREST},
        EventKind.PLANNED: _OUTSIDE | {Standing.INTEREST, Standing.PLANNED, Standing.FREE},
        EventKind.MANDATE: frozenset({Standing.PLANNED, Standing.INTEREST}) | _OUTSIDE,
        EventKind.JOINED: _BEFORE | {Standing.FREE},
        EventKind.JOINED_LATE: _BEFORE | {Standing.FREE},
        EventKind.FREE_EDITION: _BEFORE,
        EventKind.LIVE: PAID | {Standing.FREE},
        EventKind.LEFT: PAID | {Standing.FREE},
        EventKind.WITHDRAWN: frozenset(
            {Standing.INTEREST, Standing.PLANNED, Standing.MANDATE, Standing.FREE}
        ),
    }
)
"""Event → standings it may follow; everything else is refused."""

_BECOMES = {
    EventKind.INTEREST: Standing.INTEREST,
    EventKind.PLANNED: Standing.PLANNED,
    EventKind.MANDATE: Standing.MANDATE,
    EventKind.JOINED: Standing.PAID_INITIAL,
    EventKind.JOINED_LATE: Standing.PAID_LATE,
    EventKind.FREE_EDITION: Standing.FREE,
    EventKind.LEFT: Standing.LEFT,
    EventKind.WITHDRAWN: Standing.NONE,
}


@dataclass(frozen=True)
class Step:
    """A state and the event that led to it."""

    event: LedgerEvent
    state: State


def steps(events: Iterable[LedgerEvent]) -> list[Step]:
    """The states of one participant in one programme, in order.

    Args:
        events: Of that participant and programme, in any order; corrected ones do not count.

    Raises:
        ConflictError: An event cannot follow the one before it; the message names that one.
    """
    state = State()
    path: list[Step] = []
    for event in in_order(events):
        previous = path[-1].event if path else None
        state = _after(state, event, previous)
        path.append(Step(event, state))
    return path


def _after(state: State, event: LedgerEvent, previous: LedgerEvent | None) -> State:
    if not _may_follow(state, event):
        raise ConflictError(_refusal(state, event, previous))
    lot = event.lot or state.lot
    if event.kind is EventKind.LIVE:
        return replace(state, live=True, since=event.effective)
    if state.standing is Standing.FREE and event.kind is EventKind.PLANNED:
        return replace(state, foreseen=True, target=event.target)
    if state.standing is Standing.FREE and event.kind is EventKind.WITHDRAWN:
        return replace(state, foreseen=False, target=None)
    return State(
        standing=_BECOMES[event.kind],
        lot=None if event.kind in (EventKind.LEFT, EventKind.WITHDRAWN) else lot,
        since=event.effective,
        target=(event.target or state.target)
        if event.kind in (EventKind.PLANNED, EventKind.MANDATE)
        else None,
    )


def _may_follow(state: State, event: LedgerEvent) -> bool:
    if event.kind is EventKind.LIVE and state.live:
        return False
    if event.kind is EventKind.WITHDRAWN and state.standing is Standing.FREE:
        return state.foreseen
    return state.standing in FOLLOWS[event.kind]


def _refusal(state: State, event: LedgerEvent, previous: LedgerEvent | None) -> str:
    what = f"「{event.kind.label}」({event.effective.label})"
    if previous is None:
        return f"{what}は記録できません。これより前に参加の記録がありません。"
    standing = "運用開始済み" if state.live else state.standing.label
    return (
        f"{what}は記録できません。{previous.effective.label}に「{previous.kind.label}」と"
        f"記録されており、そのとき「{standing}」です。日付を確かめるか、先に前の記録を訂正してください。"
    )


def state_on(path: Sequence[Step], as_of: date) -> State:
    """The state on a day: the last step whose first possible day has come."""
    state = State()
    for step in path:
        if step.event.effective.first > as_of:
            break
        state = step.state
    return state
