"""How far a consultation has come, and what may follow what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Annotated

from core.consultation.request import MAX_BODY, MAX_SHORT
from core.consultation.theme import MeetingForm
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import japan_day
from core.values.free_text import Text
from core.values.label import Labelled

PLACE = Text("場所・接続先", MAX_SHORT, optional=True)
ANSWER = Text("アドバイザーの回答", MAX_BODY, lines=True)
REASON = Text("取下げの理由", 1000, lines=True)


class ConsultationState(Labelled):
    """相談の状態."""

    RECEIVED = "received", "受付"
    COORDINATING = "coordinating", "調整中"
    SCHEDULED = "scheduled", "日程決定"
    HELD = "held", "実施済"
    WITHDRAWN = "withdrawn", "取下げ"


R, C, S, H, W = ConsultationState

NEXT_STATES: Mapping[ConsultationState | None, tuple[ConsultationState, ...]] = MappingProxyType(
    {
        None: (R,),
        R: (C, S, H, W),
        C: (S, H, W),
        S: (S, C, H, W),
        H: (H,),
        W: (),
    }
)
"""State → states it may become; None is "never asked". 日程決定 again is another day; 実施済 again
amends the answer. 実施済 may follow without 日程決定: its own day is asked for in any case."""

TRACK = (R, C, S, H)
"""The way a reader sees; 取下げ leaves it."""
OPEN = (R, C, S)
"""States in which somebody still has something to do."""


@dataclass(frozen=True)
class Step:
    """What is stated next; only what belongs to the state is looked at."""

    state: ConsultationState
    day: date | None = None  # 決まった日 of 日程決定, 実施日 of 実施済
    start: time | None = None  # 開始時刻 of 日程決定; None is not said, which is not 00:00
    meeting: MeetingForm | None = None
    place: Annotated[str, PLACE] = ""  # 場所 or address for joining of 日程決定
    answer: Annotated[str, ANSWER] = ""
    reason: Annotated[str, REASON] = ""


@dataclass(frozen=True)
class ConsultationEvent:
    """One step that was recorded. Never edited."""

    event_id: int
    step: Step
    recorded_at: datetime
    recorded_by: str

    @property
    def state(self) -> ConsultationState:
        """状態 after this event."""
        return self.step.state


def check_step(
    previous: ConsultationEvent | None, step: Step, *, requested_on: date, today: date
) -> Step:
    """The step as it is kept.

    Args:
        previous: The last event; None for a new request.
        today: The day of stating it, in Japan.

    Raises:
        ConflictError: It cannot follow; names the earlier event and what can follow.
        InvalidInputError: Every field that is missing or cannot be used.
    """
    if step.state not in NEXT_STATES[previous.state if previous else None]:
        raise ConflictError(_refusal(previous, step.state))
    problems: dict[str, str] = {}
    kept = _READERS[step.state](step, problems)
    if step.state is S and step.day is not None and step.day < today:
        problems["day"] = (
            f"実施予定日{step.day.isoformat()}は過ぎています。今日以降の日を選んでください。"
        )
    if step.state is H and step.day is not None and not requested_on <= step.day <= today:
        problems["day"] = (
            f"実施日は受付日({requested_on.isoformat()})から今日({today.isoformat()})までの"
            f"日を選んでください: {step.day.isoformat()}"
        )
    if problems:
        raise InvalidInputError(problems)
    return kept


def _plain(step: Step, _problems: dict[str, str]) -> Step:
    return Step(step.state)


def _scheduled(step: Step, problems: dict[str, str]) -> Step:
    if step.day is None:
        problems["day"] = "実施予定日を選んでください。"
    if step.meeting not in (MeetingForm.ON_SITE, MeetingForm.ONLINE):
        problems["meeting"] = "形式は訪問かオンラインを選んでください。"
    place = PLACE.read_into(problems, "place", step.place)
    return Step(S, step.day, step.start, step.meeting, place=place)


def _held(step: Step, problems: dict[str, str]) -> Step:
    if step.day is None:
        problems["day"] = "実施日を選んでください。"
    if step.meeting in (None, MeetingForm.EITHER):
        problems["meeting"] = "形式は訪問・オンライン・書面回答から選んでください。"
    answer = ANSWER.read_into(problems, "answer", step.answer)
    return Step(H, step.day, None, step.meeting, answer=answer)


def _withdrawn(step: Step, problems: dict[str, str]) -> Step:
    return Step(W, reason=REASON.read_into(problems, "reason", step.reason))


_READERS = MappingProxyType({R: _plain, C: _plain, S: _scheduled, H: _held, W: _withdrawn})


def _refusal(previous: ConsultationEvent | None, state: ConsultationState) -> str:
    if previous is None:
        return (
            f"受け付けていない相談を「{state.label}」にはできません。先に相談を申し込んでください。"
        )
    possible = "、".join(f"「{following.label}」" for following in NEXT_STATES[previous.state])
    advice = (
        f"次に選べるのは{possible}です。"
        if possible
        else "続きは新しい相談として申し込んでください。"
    )
    return (
        f"この相談は{japan_day(previous.recorded_at)}に「{previous.state.label}」と"
        f"記録されているため「{state.label}」にはできません。{advice}"
    )
