"""ヒアリング: the secretariat and the advisor visit each municipality once a year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Annotated

from core.consultation.request import MAX_SHORT
from core.consultation.theme import MeetingForm
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import FiscalYear, japan_day
from core.values.free_text import Text, read_form
from core.values.label import Labelled


class HearingState(Labelled):
    """ヒアリングの状態; 未定 is the absence of any."""

    PLANNED = "planned", "予定"
    HELD = "held", "実施済"
    CANCELLED = "cancelled", "取消"


P, H, X = HearingState

NEXT_HEARING_STATES: Mapping[HearingState | None, tuple[HearingState, ...]] = MappingProxyType(
    {None: (P,), P: (P, H, X), H: (), X: (P,)}
)
"""予定 again is another day."""


@dataclass(frozen=True)
class HearingPlan:
    """When and how a municipality is heard."""

    day: date
    start: time | None  # 開始時刻; None is not said, which is not 00:00
    meeting: MeetingForm  # 訪問 or オンライン
    note: Annotated[str, Text("備考", MAX_SHORT, optional=True)]  # 場所, 出席者 and the like


@dataclass(frozen=True)
class HearingEvent:
    """What was said about a hearing. Never edited."""

    event_id: int
    lg_code: str
    fiscal_year: FiscalYear
    state: HearingState
    plan: HearingPlan
    recorded_at: datetime
    recorded_by: str


def current_hearings(
    events: Iterable[HearingEvent], fiscal_year: FiscalYear
) -> dict[str, HearingEvent]:
    """The last word on each municipality's hearing of a year; 未定 is absent."""
    return {
        event.lg_code: event
        for event in sorted(events, key=lambda event: event.event_id)
        if event.fiscal_year == fiscal_year
    }


def hearing_period(fiscal_year: FiscalYear) -> tuple[date, date]:
    """5月下旬 to 7月中旬: May 21st to July 20th, both inclusive.

    Source:
        data/advisors.yaml, guide.hearing.period; 下旬 is from the 21st, 中旬 up to the 20th.

    Examples:
        >>> hearing_period(FiscalYear(2023))
        (datetime.date(2023, 5, 21), datetime.date(2023, 7, 20))
    """
    return date(fiscal_year, 5, 21), date(fiscal_year, 7, 20)


def outside_period(event: HearingEvent) -> bool:
    """Whether the day lies outside of what the guide announces; allowed, but said."""
    first, last = hearing_period(event.fiscal_year)
    return not first <= event.plan.day <= last


def check_hearing(
    previous: HearingEvent | None,
    state: HearingState,
    plan: HearingPlan,
    *,
    fiscal_year: FiscalYear,
    today: date,
) -> HearingPlan:
    """The plan as it is kept.

    Raises:
        ConflictError: It cannot follow; names the earlier event.
        InvalidInputError: Fields ``day``, ``meeting``, ``note``.
    """
    if state not in NEXT_HEARING_STATES[previous.state if previous else None]:
        raise ConflictError(_refusal(previous, state))
    problems: dict[str, str] = {}
    kept = read_form(plan, problems)
    if FiscalYear.of(plan.day) != fiscal_year:
        problems["day"] = f"実施日{plan.day.isoformat()}は{fiscal_year.label}の日ではありません。"
    elif state is P and plan.day < today:
        problems["day"] = (
            f"実施日{plan.day.isoformat()}は過ぎています。今日以降の日を選んでください。"
        )
    elif state is H and plan.day > today:
        problems["day"] = (
            f"実施日{plan.day.isoformat()}はまだ来ていません。実施後に記録してください。"
        )
    if plan.meeting not in (MeetingForm.ON_SITE, MeetingForm.ONLINE):
        problems["meeting"] = "形式は訪問かオンラインを選んでください。"
    if problems:
        raise InvalidInputError(problems)
    return kept


def _refusal(previous: HearingEvent | None, state: HearingState) -> str:
    if previous is None:
        return (
            f"日程が未定のヒアリングを「{state.label}」にはできません。先に日程を登録してください。"
        )
    return (
        f"このヒアリングは{japan_day(previous.recorded_at)}に「{previous.state.label}」"
        f"({previous.plan.day.isoformat()})と記録されているため「{state.label}」にはできません。"
    )
