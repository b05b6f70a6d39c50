"""What trainings (研修) and their sessions (日程) are, as published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from core.reference.corrections import Correction
from core.training.vocabulary import Audience, SessionFormat, TrainingKind
from core.values.fiscal import FiscalYear


@dataclass(frozen=True)
class Theme:
    """テーマ a training belongs to; our own sorting, not printed in the source.

    Attributes:
        key: What trainings refer to.
        label: As a reader sees it.
        programme: Key of the joint procurement it is about; None for none.
    """

    key: str
    label: str
    programme: str | None


@dataclass(frozen=True)
class PublishedSession:
    """One 日程.

    Attributes:
        date: The day.
        formats: Ways to attend, in printed order; None when not printed.
        start: First minute; None when not printed.
        end: Last minute; None when not printed.
        place: 会場; None when not printed.
    """

    date: date
    formats: tuple[SessionFormat, ...] | None
    start: time | None
    end: time | None
    place: str | None


@dataclass(frozen=True)
class PublishedTraining:
    """One 研修 as published.

    Attributes:
        number: As printed, 1 to 19.
        kind: 技術相談会, 勉強会, …
        title: 題名, as read.
        purpose: 主旨, as read.
        theme: Key of its :class:`Theme`.
        audience: 対象; None when not printed.
        host: 主催.
        co_host: 共催; None when alone.
        speaker: 登壇者; None when not printed.
        sessions: In order of date, one or more.
        corrections: Where the reading differs from the print.
        source: Key in data/sources.yaml.
    """

    number: int
    kind: TrainingKind
    title: str
    purpose: str
    theme: str
    audience: Audience | None
    host: str
    co_host: str | None
    speaker: str | None
    sessions: tuple[PublishedSession, ...]
    corrections: tuple[Correction, ...]
    source: str


@dataclass(frozen=True)
class TrainingYear:
    """The trainings of one 年度.

    Attributes:
        fiscal_year: 年度 every session lies in.
        text: How they came to be.
        consultation_meeting: What a 技術相談会 is.
        source: Key in data/sources.yaml.
        themes: テーマ in the order readers see.
        trainings: By number.
    """

    fiscal_year: FiscalYear
    text: str
    consultation_meeting: str
    source: str
    themes: tuple[Theme, ...]
    trainings: tuple[PublishedTraining, ...]

    @property
    def theme_labels(self) -> dict[str, str]:
        """Label by key, in the order readers see."""
        return {theme.key: theme.label for theme in self.themes}

    def programme_of(self, theme: str) -> str | None:
        """Programme of a theme; None for none."""
        return next((each.programme for each in self.themes if each.key == theme), None)
