"""日程の提案: up to three days a municipality proposes for a visit; one of them is accepted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from types import MappingProxyType

from core.support.contract import ContractTerms
from core.support.visit import Visit, VisitState
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import japan_day
from core.values.free_text import Text
from core.values.label import Labelled

NOTE = Text("連絡事項", 1000, lines=True, optional=True)
REASON = Text("見送る理由", 1000, lines=True)
MOST_PROPOSED = 3


class ProposalStep(Labelled):
    """日程の提案の経過."""

    PROPOSED = "proposed", "提案"
    ACCEPTED = "accepted", "決定"
    DECLINED = "declined", "見送り"
    WITHDRAWN = "withdrawn", "取下げ"


STEPS_FROM: Mapping[ProposalStep | None, tuple[ProposalStep, ...]] = MappingProxyType(
    {
        None: (ProposalStep.PROPOSED,),
        ProposalStep.PROPOSED: tuple(ProposalStep),
        ProposalStep.ACCEPTED: (ProposalStep.PROPOSED,),
        ProposalStep.DECLINED: (ProposalStep.PROPOSED,),
        ProposalStep.WITHDRAWN: (ProposalStep.PROPOSED,),
    }
)
"""A new proposal takes the place of the one before; only what is proposed can be answered."""


@dataclass(frozen=True)
class ProposedDay:
    """One of the days.

    Attributes:
        start: 開始時刻; None: any.
    """

    day: date
    start: time | None = None

    @property
    def text(self) -> str:
        """As it is kept."""
        return self.day.isoformat() + (f"T{self.start:%H:%M}" if self.start else "")

    @classmethod
    def of(cls, text: str) -> ProposedDay:
        """What :attr:`text` wrote."""
        day, _, start = text.partition("T")
        return cls(date.fromisoformat(day), time.fromisoformat(start) if start else None)

    @property
    def label(self) -> str:
        """As readers see it.

        Examples:
            >>> ProposedDay(date(2023, 10, 4), time(14)).label
            '10月4日(水) 14:00から'
        """
        week = "月火水木金土日"[self.day.weekday()]
        start = f" {self.start:%H:%M}から" if self.start else ""
        return f"{self.day.month}月{self.day.day}日({week}){start}"


@dataclass(frozen=True)
class ProposalEvent:
    """One step of the proposals of a visit. Never edited.

    Attributes:
        days: What is proposed; of 決定 the one that was taken; empty otherwise.
        note: Of 提案; the reason of 見送り.
    """

    event_id: int
    visit_id: int
    step: ProposalStep
    days: tuple[ProposedDay, ...]
    note: str
    recorded_at: datetime
    recorded_by: str


def check_proposal_step(last: ProposalEvent | None, step: ProposalStep) -> None:
    """Refuse what cannot follow.

    Raises:
        ConflictError: Nothing is proposed, or it was answered.
    """
    if step in STEPS_FROM[last.step if last else None]:
        return
    if last is None:
        raise ConflictError("まだ日程の提案がありません。")
    raise ConflictError(
        f"この提案は{japan_day(last.recorded_at)}に「{last.step.label}」と記録されています。"
        "画面を更新して確認してください。"
    )


def check_proposed(
    days: Iterable[ProposedDay], visit: Visit, terms: ContractTerms, today: date
) -> tuple[ProposedDay, ...]:
    """The days as they are kept, in order.

    Raises:
        InvalidInputError: Field ``days``.
        ConflictError: The visit is held or cancelled.
    """
    if visit.state is not VisitState.PLANNED:
        raise ConflictError(
            f"この支援回は「{visit.state.label}」です。予定の支援回にだけ日程を提案できます。"
        )
    kept = tuple(sorted(set(days), key=lambda each: each.text))
    problem = _days_problem(kept, terms, today)
    if problem:
        raise InvalidInputError({"days": problem})
    return kept


def _days_problem(days: tuple[ProposedDay, ...], terms: ContractTerms, today: date) -> str:
    if not days:
        return "日を1つ以上選んでください。"
    if len(days) > MOST_PROPOSED:
        return f"提案できる日は{MOST_PROPOSED}つまでです。"
    if len({each.day for each in days}) < len(days):
        return "同じ日が2回あります。違う日を選んでください。"
    for each in days:
        if each.day < today:
            return f"{each.label}は過ぎています。今日以後の日を選んでください。"
        if not terms.first_day <= each.day <= terms.last_day:
            return (
                f"{each.label}は契約期間({terms.first_day.isoformat()}から"
                f"{terms.last_day.isoformat()}まで)の外です。"
            )
    return ""


def standing_proposal(events: Iterable[ProposalEvent]) -> ProposalEvent | None:
    """What waits for an answer; None when nothing does.

    Args:
        events: Of one visit, in any order.
    """
    last = max(events, key=lambda each: each.event_id, default=None)
    return last if last is not None and last.step is ProposalStep.PROPOSED else None
