"""参加の状態: what follows from a participant's events in one programme, and what may follow.

A participant has one path in a programme, whatever its lots: nobody takes part in A and B of one
system, so a lot is a property of the participation and changes by 区分変更.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from core.procurement.event import PROVISIONAL, EventKind, LedgerEvent, in_order
from core.values.errors import ConflictError
from core.values.fiscal import PartialDate, Precision
from core.values.label import Labelled


class Standing(Labelled):
    """参加の状態. Each has a mark, so that no chart relies on colour.

    Without a record (``NONE``) it is not known whether somebody takes part; only where the ledger
    names everyone does that mean 不参加 (``ABSENT``), which no event leads to.
    """

    NONE = "none", "不明", "？"
    ABSENT = "absent", "不参加", "－"
    INTEREST = "interest", "関心", "・"
    PLANNED = "planned", "予定", "◇"
    MANDATE = "mandate", "委任状提出", "◆"
    FREE = "free", "無償版", "△"
    PAID_INITIAL = "paid_initial", "当初参加", "◎"
    PAID_LATE = "paid_late", "後乗り", "○"
    LEFT = "left", "離脱", "×"
    WITHDRAWN = "withdrawn", "取下げ", "▽"

    @property
    def mark(self) -> str:
        """？ － ・ ◇ ◆ △ ◎ ○ × ▽."""
        return self.words[1]


PAID = frozenset({Standing.PAID_INITIAL, Standing.PAID_LATE})
"""有償版に参加している."""
TAKING_PART = PAID | {Standing.FREE}
"""参加している."""
FORESEEN = frozenset({Standing.PLANNED, Standing.MANDATE})
"""参加を予定している."""


@dataclass(frozen=True, slots=True)
class State:
    """Where a participant stands in a programme."""

    standing: Standing = Standing.NONE
    lot: str | None = None  # 区分 as last said
    since: PartialDate | None = None  # from when it stands so; None without a record
    live_since: PartialDate | None = None  # from when it is in operation (運用開始); None before
    target: PartialDate | None = None  # when a foreseen participation is meant to begin
    # 予定 or 委任状提出 of a participation in the free edition that is foreseen to become paid;
    # None otherwise
    foreseen: Standing | None = None
    # whose participation it was before a merger (旧○○); empty for the participant's own
    former: str = ""

    @property
    def live(self) -> bool:
        """運用開始済み."""
        return self.live_since is not None


def is_overdue(state: State, as_of: date) -> bool:
    """Whether participation was meant to begin in this month or earlier and nobody said that it did."""
    if state.target is None or not (state.standing in FORESEEN or state.foreseen is not None):
        return False
    return state.target.first.replace(day=1) <= as_of.replace(day=1)


NO_RECORD = State()
"""Nothing recorded: 不明."""
_ABSENT = State(Standing.ABSENT)

_OUTSIDE = frozenset({Standing.NONE, Standing.LEFT, Standing.WITHDRAWN})
_BEFORE = _OUTSIDE | FORESEEN | {Standing.INTEREST}

FOLLOWS: Mapping[EventKind, frozenset[Standing]] = MappingProxyType(
    {
        EventKind.INTEREST: _OUTSIDE | {Standing.INTEREST},
        EventKind.PLANNED: _BEFORE | {Standing.FREE},
        EventKind.MANDATE: (_BEFORE - {Standing.MANDATE}) | {Standing.FREE},
        EventKind.JOINED: _BEFORE | {Standing.FREE},
        EventKind.JOINED_LATE: _BEFORE | {Standing.FREE},
        EventKind.FREE_EDITION: _BEFORE,
        EventKind.LIVE: TAKING_PART,
        EventKind.LOT_CHANGED: TAKING_PART,
        EventKind.LEFT: TAKING_PART,
        EventKind.WITHDRAWN: FORESEEN | {Standing.INTEREST, Standing.FREE},
    }
)
"""Event → standings it may follow; everything else is refused. Further conditions: 当初参加 not
after a paid participation was left, 運用開始 once, 区分変更 to another lot, 取下げ and 委任状 of a
free edition only when paying was (was not yet) foreseen so."""

_BECOMES = {
    EventKind.INTEREST: Standing.INTEREST,
    EventKind.PLANNED: Standing.PLANNED,
    EventKind.MANDATE: Standing.MANDATE,
    EventKind.JOINED: Standing.PAID_INITIAL,
    EventKind.JOINED_LATE: Standing.PAID_LATE,
    EventKind.FREE_EDITION: Standing.FREE,
    EventKind.LEFT: Standing.LEFT,
    EventKind.WITHDRAWN: Standing.WITHDRAWN,
}
_KEEPS_LOT = frozenset(
    {EventKind.PLANNED, EventKind.MANDATE, EventKind.JOINED, EventKind.JOINED_LATE}
)


@dataclass(frozen=True, slots=True)
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
    state = NO_RECORD
    path: list[Step] = []
    for event in in_order(events):
        if not _may_follow(state, event, path):
            raise ConflictError(_refusal(state, event, path))
        state = _after(state, event)
        path.append(Step(event, state))
    return path


def _may_follow(state: State, event: LedgerEvent, path: Sequence[Step]) -> bool:
    if state.standing not in FOLLOWS[event.kind]:
        return False
    match event.kind:
        case EventKind.JOINED:
            return not any(step.state.standing in PAID for step in path)
        case EventKind.LIVE:
            return not state.live
        case EventKind.LOT_CHANGED:
            return event.lot is not None and event.lot != state.lot
        case EventKind.MANDATE:
            return state.foreseen is not Standing.MANDATE
        case EventKind.WITHDRAWN:
            return state.standing is not Standing.FREE or state.foreseen is not None
    return True


def _after(state: State, event: LedgerEvent) -> State:
    if event.kind is EventKind.LIVE:
        return replace(state, live_since=event.effective)
    if event.kind is EventKind.LOT_CHANGED:
        return replace(state, lot=event.lot)
    if state.standing is Standing.FREE and event.kind in (EventKind.PLANNED, EventKind.MANDATE):
        foreseen = state.foreseen if state.foreseen is Standing.MANDATE else _BECOMES[event.kind]
        return replace(state, foreseen=foreseen, target=event.target or state.target)
    if state.standing is Standing.FREE and event.kind is EventKind.WITHDRAWN:
        return replace(state, foreseen=None, target=None)
    if state.standing is Standing.MANDATE and event.kind is EventKind.PLANNED:
        return replace(state, lot=event.lot or state.lot, target=event.target or state.target)
    foresees = event.kind in (EventKind.PLANNED, EventKind.MANDATE)
    within = state.standing not in _OUTSIDE
    return State(
        standing=_BECOMES[event.kind],
        lot=event.lot or (state.lot if within and event.kind in _KEEPS_LOT else None),
        since=event.effective,
        live_since=state.live_since if _BECOMES[event.kind] in PAID else None,
        target=(event.target or (state.target if within else None)) if foresees else None,
    )


def _refusal(state: State, event: LedgerEvent, path: Sequence[Step]) -> str:
    previous = path[-1].event if path else None
    standing = state.standing.label + ("・運用開始済み" if state.live else "")
    standing += f"・有償版へ{state.foreseen.label}" if state.foreseen else ""
    standing += f"・区分{state.lot}" if state.lot else ""
    before = (
        "これより前に参加の記録がありません。"
        if previous is None
        else f"その前は{_named(previous)}で、状態は「{standing}」です。"
    )
    rough = any(e and e.effective.precision is not Precision.DAY for e in (event, previous))
    hint = "月や年度までの日付は、その最初の日として扱います。" if rough else ""
    if event.event_id < PROVISIONAL:
        return f"{_named(event)}が成り立たなくなります。{before}{hint}先に{_named(event)}を訂正してください。"
    return f"{_named(event)}は記録できません。{before}{hint}日付を確かめるか、先に前の記録を訂正してください。"


def _named(event: LedgerEvent) -> str:
    number = f"記録番号{event.event_id}の" if event.event_id < PROVISIONAL else ""
    return f"{number}「{event.kind.label}」({event.effective.label})"


def seen_from(now: State, then: State, today: date) -> State:
    """The state of a day after today as it may be drawn today: what begins later is foreseen.

    Args:
        now: The state today.
        then: The state on the later day, as recorded so far.
        today: The last day on which something can have happened.
    """
    if then.live_since is not None and then.live_since.first > today:
        then = replace(then, live_since=None)
    if then.since is None or then.since.first <= today:
        return then
    if then.standing in TAKING_PART and now.standing not in TAKING_PART:
        return State(Standing.PLANNED, then.lot, then.since, target=then.since, former=then.former)
    if then.standing in PAID and now.standing is Standing.FREE:
        return replace(now, foreseen=now.foreseen or Standing.PLANNED, target=then.since)
    if then.standing in FORESEEN and now.standing not in TAKING_PART:
        return replace(then, standing=Standing.PLANNED)
    return now


def under_coverage(state: State, *, covered: bool) -> State:
    """A state as it may be told: without a record 不参加 where the ledger names everyone."""
    return _ABSENT if covered and state.standing is Standing.NONE else state


def state_on(path: Sequence[Step], as_of: date) -> State:
    """The state on a day: the last step whose first possible day has come."""
    state = NO_RECORD
    for step in path:
        if step.event.effective.first > as_of:
            break
        state = step.state
    return state
