"""What アドバイザー相談 asks of a municipality, or has fixed with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time

from core.consultation.case import Consultation
from core.consultation.event import ConsultationState
from core.consultation.hearing import HearingEvent, HearingState, current_hearings
from core.values.fiscal import FiscalYear
from core.values.label import Labelled

PAGE = "consultations"


class ConsultationDueKind(Labelled):
    """Why a consultation stands on a municipality's home (相談の予定・お願い)."""

    HEARING = "hearing", "ヒアリングの日"
    MEETING = "meeting", "相談の日"
    CONSENT = "consent", "公開の同意"
    REPLY = "reply", "事務局からの返信"


@dataclass(frozen=True)
class ConsultationDue:
    """One appointment, or one thing the municipality is waited for."""

    kind: ConsultationDueKind
    day: date | None  # of the appointment; None where only an answer is waited for
    text: str
    query: Mapping[str, str] = field(default_factory=dict)  # what opens it on the page :data:`PAGE`

    @property
    def asks(self) -> bool:
        """Whether somebody has to do something; otherwise it is an appointment."""
        return self.day is None


def consultation_dues(
    asked: Iterable[Consultation], hearings: Sequence[HearingEvent], as_of: date
) -> tuple[ConsultationDue, ...]:
    """What is to be answered, oldest request first; then what is fixed from a day on, by day.

    Args:
        asked: Of one municipality, as the hearings.
    """
    waiting: list[ConsultationDue] = []
    fixed: list[ConsultationDue] = []
    for each in asked:
        number = each.number.label
        query = {"number": number}
        if each.awaits_consent:
            words = (
                f"相談 {number} の回答が届いています。好事例として公開してよいか選んでください。"
            )
            waiting.append(ConsultationDue(ConsultationDueKind.CONSENT, None, words, query))
        elif each.awaits_municipality:
            words = f"相談 {number} に事務局から返信があります。確認してください。"
            waiting.append(ConsultationDue(ConsultationDueKind.REPLY, None, words, query))
        step = each.last.step
        if each.state is ConsultationState.SCHEDULED and step.day and step.day >= as_of:
            how = step.meeting.label if step.meeting else "形式は未定"
            words = f"アドバイザー相談 {number}({_at(step.start)}・{how})"
            fixed.append(ConsultationDue(ConsultationDueKind.MEETING, step.day, words, query))
    years = {FiscalYear.of(as_of), FiscalYear(FiscalYear.of(as_of) + 1)}
    for year in years:
        for event in current_hearings(hearings, year).values():
            plan = event.plan
            if event.state is HearingState.PLANNED and plan.day >= as_of:
                words = f"アドバイザーのヒアリング({_at(plan.start)}・{plan.meeting.label})"
                query = {"tab": "ヒアリング"}
                fixed.append(ConsultationDue(ConsultationDueKind.HEARING, plan.day, words, query))
    return (*waiting, *sorted(fixed, key=lambda each: each.day or date.max))


def _at(start: time | None) -> str:
    return f"{start:%H:%M}から" if start else "開始時刻は未定"
