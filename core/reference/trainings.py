"""trainings.yaml: the trainings (研修) held and their sessions (日程), as published."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, model_validator

from core.reference.corrections import Corrected, Correction
from core.reference.facts import (
    AtLeastOne,
    Day,
    Fact,
    Minute,
    Ordinal,
    ProgrammeKey,
    RefusalError,
    SourceKey,
    Text,
    Year,
    distinct,
)
from core.training.vocabulary import Audience, SessionFormat, TrainingKind
from core.values.fiscal import FiscalYear


class Theme(Fact):
    """テーマ a training belongs to; our own sorting, not printed in the source."""

    key: Text
    label: Text
    programme: ProgrammeKey | None = None  # the joint procurement it is about


class PublishedSession(Fact):
    """One 日程; what is None was not printed."""

    date: Day
    formats: Annotated[tuple[SessionFormat, ...], AtLeastOne] | None = None
    start: Minute | None = None
    end: Minute | None = None
    place: Text | None = None

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> Self:
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise RefusalError(
                f"終了時刻は開始時刻より後にしてください: {self.start:%H:%M}、{self.end:%H:%M}"
            )
        if self.formats and len(set(self.formats)) < len(self.formats):
            raise RefusalError("開催形式が重複しています。", "formats")
        return self


_PRINTED = {each.label: each for each in (Audience.ALL_MUNICIPALITIES, Audience.BUDGET_REQUESTERS)}


def _audience(read: object) -> object:
    printed = _PRINTED.get(str(read), read)
    if not isinstance(printed, Audience):
        raise ValueError(f"{'、'.join(_PRINTED)}、nullのどれかです: {read}")
    return printed


class PublishedTraining(Corrected):
    """One 研修 as published; what is None was not printed."""

    number: Ordinal
    kind: TrainingKind
    title: Text
    purpose: Text
    theme: Text
    audience: Annotated[Audience, BeforeValidator(_audience)] | None = None
    host: Text
    co_host: Text | None = None
    speaker: Text | None = None
    sessions: Annotated[tuple[PublishedSession, ...], AtLeastOne]
    source: SourceKey

    @model_validator(mode="after")
    def _sessions_in_order(self) -> Self:
        days = [session.date for session in self.sessions]
        for index, (earlier, day) in enumerate(pairwise(days)):
            if day <= earlier:
                raise RefusalError(
                    f"日程は日付の順に、1日に1つ書いてください: {day}", "sessions", index + 1
                )
        return self


class TrainingYear(Fact):
    """The trainings of one 年度; every session lies in it."""

    fiscal_year: Year
    text: Text
    consultation_meeting: Text  # what a 技術相談会 is
    source: SourceKey
    themes: Annotated[tuple[Theme, ...], AfterValidator(distinct("テーマ", "key"))]
    trainings: Annotated[
        tuple[PublishedTraining, ...], AfterValidator(distinct("研修の番号", "number"))
    ]

    @model_validator(mode="after")
    def _within_year_and_themes(self) -> Self:
        for index, training in enumerate(self.trainings):
            here = ("trainings", index)
            if training.theme not in self.theme_labels:
                raise RefusalError(
                    f"「{training.theme}」というテーマはありません。", *here, "theme"
                )
            for number, session in enumerate(training.sessions):
                if FiscalYear.of(session.date) != self.fiscal_year:
                    raise RefusalError(
                        f"{session.date}は{self.fiscal_year.label}の日付ではありません。",
                        *(*here, "sessions", number),
                    )
        return self

    @property
    def theme_labels(self) -> dict[str, str]:
        """Label by key, in the order readers see."""
        return {theme.key: theme.label for theme in self.themes}

    def id_of(self, training: PublishedTraining) -> str:
        """Under which it is kept when the ledger of trainings begins with it."""
        return f"{int(self.fiscal_year)}-{training.number}"

    @cached_property
    def by_id(self) -> dict[str, PublishedTraining]:
        """Every training by :meth:`id_of`."""
        return {self.id_of(each): each for each in self.trainings}

    def corrections_in(self, training_id: str, *texts: str | None) -> tuple[Correction, ...]:
        """Those of a training whose reading stands in what is shown of it now.

        Args:
            training_id: Of any training; one recorded here has none.
            texts: What is shown; somebody may have rewritten it since.
        """
        published = self.by_id.get(training_id)
        return published.corrections_in(*filter(None, texts)) if published else ()

    def programme_of(self, theme: str) -> str | None:
        """Programme of a theme; None for none."""
        return next((each.programme for each in self.themes if each.key == theme), None)
