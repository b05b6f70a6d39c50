"""What can be counted of consultations: by theme, days to the first answer, 相談会 left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from core.consultation.case import Consultation
from core.consultation.event import ConsultationState
from core.consultation.theme import MeetingForm, Theme
from core.params import Parameter, in_force
from core.values.errors import NoValueInForceError
from core.values.figure import LEDGER_SOURCE, Figure, Status, day_label
from core.values.fiscal import FiscalYear, day_in_japan

SESSIONS_PER_YEAR = "advisor.sessions_per_year"
"""制度値: how many 相談会 a fiscal year foresees for the whole programme."""

CONTACT_RETENTION = "advisor.contact_retention_days"
"""制度値: how many days after its last step a closed consultation keeps its contact."""


def of_fiscal_year(
    consultations: Iterable[Consultation], fiscal_year: FiscalYear
) -> list[Consultation]:
    """Those that arrived in a fiscal year."""
    return [c for c in consultations if c.number.fiscal_year == fiscal_year]


def by_theme(consultations: Iterable[Consultation]) -> dict[Theme, int]:
    """Requests by theme, in the menu's order; 取下げ counts too: it was asked."""
    counted = Counter(c.request.theme for c in consultations)
    return {theme: counted[theme] for theme in Theme}


def days_to_first_answer(consultation: Consultation) -> int | None:
    """Calendar days in Japan from the request to the secretariat's first word; 0 on the same day.

    None while there is none.
    """
    answered = consultation.first_answered_at
    if answered is None:
        return None
    return (day_in_japan(answered) - consultation.requested_on).days


def days_waiting(consultation: Consultation, today: date) -> int:
    """Calendar days since the request arrived."""
    return (today - consultation.requested_on).days


def unanswered(consultations: Iterable[Consultation]) -> list[Consultation]:
    """Open ones the secretariat has not answered at all, oldest first."""
    waiting = [c for c in consultations if c.is_open and c.first_answered_at is None]
    return sorted(waiting, key=lambda c: c.consultation_id)


@dataclass(frozen=True)
class SessionQuota:
    """相談会 of one fiscal year, for the whole programme."""

    fiscal_year: FiscalYear
    foreseen: int | None  # 計画回数; None when no value is in force
    carried_over: bool  # the value began in an earlier fiscal year (準用)
    met: Mapping[tuple[date, Theme], ConsultationState]  # 実施済 (実績) or 日程決定 (予定)

    @property
    def held(self) -> int:
        """実施済."""
        return sum(state is ConsultationState.HELD for state in self.met.values())

    @property
    def scheduled(self) -> int:
        """日程決定."""
        return len(self.met) - self.held

    @property
    def exceeded(self) -> int:
        """How many more are held or scheduled than foreseen."""
        return 0 if self.foreseen is None else max(0, len(self.met) - self.foreseen)


def session_quota(
    consultations: Iterable[Consultation],
    fiscal_year: FiscalYear,
    parameters: Iterable[Parameter],
) -> SessionQuota:
    """How many of a year's 相談会 are held, scheduled and left.

    One 相談会 is one day with one theme: several municipalities that come together use one (仮定).
    An answer in writing uses none. The year is that of the meeting, not of the request.

    Source:
        data/parameters.yaml: advisor.sessions_per_year (jirei, 「日常業務支援(全5回)」).
    """
    met: dict[tuple[date, Theme], ConsultationState] = {}
    for consultation in consultations:
        step = consultation.meeting_step
        if step is None or step.day is None or step.meeting is MeetingForm.WRITTEN:
            continue
        key = step.day, consultation.request.theme
        if FiscalYear.of(step.day) == fiscal_year and met.get(key) is not ConsultationState.HELD:
            met[key] = step.state
    try:
        value = in_force(parameters, SESSIONS_PER_YEAR, fiscal_year.first_day)
    except NoValueInForceError:
        return SessionQuota(fiscal_year, None, False, met)
    foreseen = value.value if isinstance(value.value, int) else None
    return SessionQuota(fiscal_year, foreseen, FiscalYear.of(value.valid_from) < fiscal_year, met)


def contacts_due(
    consultations: Iterable[Consultation], parameters: Iterable[Parameter], today: date
) -> list[Consultation]:
    """Closed consultations that have kept their contact longer than the period in force.

    Counted from the day of the last word, message or step; while no period holds, none is due.
    """
    try:
        days = in_force(parameters, CONTACT_RETENTION, today).value
    except NoValueInForceError:
        return []
    if not isinstance(days, int):
        return []
    before = today - timedelta(days=days)
    return [
        c
        for c in consultations
        if not c.is_open and c.contact is not None and _last_word(c) < before
    ]


def _last_word(consultation: Consultation) -> date:
    said = [m.sent_at for m in consultation.messages]
    return day_in_japan(max([*said, consultation.last.recorded_at]))


def own_figures(consultations: Collection[Consultation], as_of: date) -> tuple[Figure, ...]:
    """What one municipality has under way."""
    year = FiscalYear.of(as_of)
    figure = partial(
        Figure, unit="件", as_of=day_label(as_of), source=LEDGER_SOURCE, status=Status.ACTUAL
    )
    return (
        figure(
            label="進行中の相談",
            value=sum(c.is_open for c in consultations),
            definition="受付・調整中・日程決定の相談の数。",
            basis="自団体。年度を問わない。",
        ),
        figure(
            label="今年度の相談",
            value=len(of_fiscal_year(consultations, year)),
            definition=f"{year.label}に受け付けた相談の数。",
            basis="自団体。取下げを含む。",
        ),
    )
