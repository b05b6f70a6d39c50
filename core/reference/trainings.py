"""data/trainings.yaml: reading the trainings (研修) held and their sessions (日程)."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import time

from core.reference.corrections import read_corrections
from core.reference.entry import Entry
from core.reference.sources import Folder
from core.reference.training import (
    PublishedSession,
    PublishedTraining,
    Theme,
    TrainingYear,
)
from core.training.vocabulary import Audience, SessionFormat, TrainingKind
from core.values.fiscal import FiscalYear

NAME = "trainings.yaml"
_TRAINING = (
    "number kind title purpose theme audience host co_host speaker sessions corrections source"
)


def read_trainings(folder: Folder, programmes: Collection[str]) -> TrainingYear:
    """Every training by number.

    Args:
        folder: Where the file lies.
        programmes: Keys of the joint procurements.

    Raises:
        ReferenceDataError: A number twice, no session, a session outside the fiscal year or twice.
    """
    entry = folder.entry(NAME, "overview themes trainings")
    overview = entry.entry("overview", "fiscal_year text consultation_meeting source")
    fiscal_year = overview.fiscal_year("fiscal_year")
    themes = _themes(entry, programmes)
    trainings: dict[int, PublishedTraining] = {}
    for below in entry.entries("trainings", _TRAINING):
        training = _training(below, fiscal_year, themes)
        if training.number in trainings:
            raise below.refusal(f"研修の番号{training.number}が重複しています。", "number")
        trainings[training.number] = training
    return TrainingYear(
        fiscal_year=fiscal_year,
        text=overview.text("text"),
        consultation_meeting=overview.text("consultation_meeting"),
        source=overview.text("source"),
        themes=tuple(themes.values()),
        trainings=tuple(trainings.values()),
    )


def _themes(entry: Entry, programmes: Collection[str]) -> dict[str, Theme]:
    themes: dict[str, Theme] = {}
    for below in entry.entries("themes", "key label programme"):
        theme = Theme(below.text("key"), below.text("label"), below.text_or_none("programme"))
        if theme.key in themes:
            raise below.refusal(f"テーマ「{theme.key}」が重複しています。", "key")
        if theme.programme is not None and theme.programme not in programmes:
            raise below.refusal(f"「{theme.programme}」という共同調達はありません。", "programme")
        themes[theme.key] = theme
    return themes


def _training(entry: Entry, fiscal_year: FiscalYear, themes: Collection[str]) -> PublishedTraining:
    return PublishedTraining(
        number=entry.whole("number", 1),
        kind=entry.choice("kind", TrainingKind),
        title=entry.text("title"),
        purpose=entry.text("purpose"),
        theme=_theme(entry, themes),
        audience=_audience(entry),
        host=entry.text("host"),
        co_host=entry.text_or_none("co_host"),
        speaker=entry.text_or_none("speaker"),
        sessions=_sessions(entry, fiscal_year),
        corrections=read_corrections(entry),
        source=entry.text("source"),
    )


def _theme(entry: Entry, themes: Collection[str]) -> str:
    theme = entry.text("theme")
    if theme not in themes:
        raise entry.refusal(f"「{theme}」というテーマはありません。", "theme")
    return theme


def _audience(entry: Entry) -> Audience | None:
    words = entry.text_or_none("audience")
    if words is None:
        return None
    for audience in (Audience.ALL_MUNICIPALITIES, Audience.BUDGET_REQUESTERS):
        if audience.label == words:
            return audience
    raise entry.refusal(
        f"「audience」は全市町村、予算要求団体、nullのどれかです: {words}", "audience"
    )


def _sessions(entry: Entry, fiscal_year: FiscalYear) -> tuple[PublishedSession, ...]:
    sessions: list[PublishedSession] = []
    for below in entry.entries("sessions", "date formats start end place"):
        session = _session(below)
        if FiscalYear.of(session.date) != fiscal_year:
            raise below.refusal(f"{session.date}は{fiscal_year.label}の日付ではありません。")
        if sessions and session.date <= sessions[-1].date:
            raise below.refusal(f"日程は日付の順に、1日に1つ書いてください: {session.date}")
        sessions.append(session)
    if not sessions:
        raise entry.refusal("日程(sessions)が一つもありません。", "sessions")
    return tuple(sessions)


def _session(entry: Entry) -> PublishedSession:
    start, end = _time(entry, "start"), _time(entry, "end")
    if start is not None and end is not None and end <= start:
        raise entry.refusal(f"終了時刻は開始時刻より後にしてください: {start:%H:%M}、{end:%H:%M}")
    return PublishedSession(
        entry.day("date"), _formats(entry), start, end, entry.text_or_none("place")
    )


def _formats(entry: Entry) -> tuple[SessionFormat, ...] | None:
    if entry.is_absent("formats"):
        return None
    words = entry.texts("formats")
    if not words or len(set(words)) < len(words) or not set(words) <= set(SessionFormat):
        raise entry.refusal(
            f"「formats」は{'、'.join(SessionFormat)}の一覧です: {'、'.join(words)}", "formats"
        )
    return tuple(SessionFormat(word) for word in words)


def _time(entry: Entry, key: str) -> time | None:
    text = entry.text_or_none(key)
    if text is None:
        return None
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise entry.refusal(f'「{key}」は"HH:MM"で書いてください: {text}', key)
    return time.fromisoformat(text)
