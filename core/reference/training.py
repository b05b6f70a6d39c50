"""What trainings (研修) and their sessions (日程) are, as published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from core.fiscal import FiscalYear
from core.reference.corrections import Correction


class TrainingKind(StrEnum):
    """What sort of meeting a training is, in the document's words."""

    CONSULTATION_MEETING = "技術相談会"
    RESULTS_MEETING = "成果発表会"
    STUDY_MEETING = "勉強会"
    WORKSHOP = "研修会"
    BRIEFING = "説明会"
    REVIEW_MEETING = "検討会"
    SEMINAR = "セミナー"


class SessionFormat(StrEnum):
    """How a session is attended (開催形式)."""

    ON_SITE = "on_site"
    ONLINE = "online"

    @property
    def label(self) -> str:
        """現地, オンライン."""
        return {SessionFormat.ON_SITE: "現地", SessionFormat.ONLINE: "オンライン"}[self]


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
        audience: 対象 (全市町村, 予算要求団体); None when not printed.
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
    audience: str | None
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
        trainings: By number.
    """

    fiscal_year: FiscalYear
    text: str
    consultation_meeting: str
    source: str
    trainings: tuple[PublishedTraining, ...]
