"""One 日程 with its 研修, as lists, calendars and feeds show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from core.training.training import Training, TrainingContent, TrainingSession, closes_at
from core.training.vocabulary import TrainingState
from core.values.fiscal import FiscalYear


@dataclass(frozen=True)
class SessionLine:
    """A session with what its training says; holds no address for joining."""

    training: Training  # as its last version says, without its sessions
    session: TrainingSession

    @property
    def content(self) -> TrainingContent:
        return self.training.content

    @property
    def training_id(self) -> str:
        return self.training.training_id

    @property
    def session_id(self) -> str:
        return self.session.session_id

    @property
    def day(self) -> date:
        """The day, in Japan."""
        return self.session.date

    @property
    def fiscal_year(self) -> FiscalYear:
        return self.session.fiscal_year

    @property
    def cancelled(self) -> bool:
        """中止 or 取りやめ: it does not take place."""
        return self.session.cancelled or self.training.state is TrainingState.CANCELLED

    @property
    def closes_at(self) -> datetime:
        """From when officers can no longer enrol."""
        content, session = self.content, self.session
        return closes_at(session.date, session.start, content.deadline, content.deadline_time)

    def accepts(self, now: datetime) -> bool:
        """Whether officers can enrol at a moment."""
        return (
            self.training.state is TrainingState.PUBLISHED
            and not self.session.cancelled
            and now < self.closes_at
        )
