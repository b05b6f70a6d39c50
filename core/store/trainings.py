"""Rows of ``training_version`` and ``training_session`` ↔ trainings."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from core.reference.trainings import PublishedTraining, TrainingYear
from core.store.tables import TrainingSessionRow, TrainingVersionRow
from core.training.enrolment import Limits
from core.training.training import Material, Training, TrainingContent, TrainingSession
from core.training.vocabulary import SessionFormat, TrainingState
from core.values.free_text import search_key


def is_current() -> ColumnElement[bool]:
    """A version nothing came after."""
    later = aliased(TrainingVersionRow)
    return ~exists().where(
        later.training_id == TrainingVersionRow.training_id,
        later.version > TrainingVersionRow.version,
    )


def training_history(session: Session, training_id: str) -> list[Training]:
    """Every version of a training, oldest first; empty when there is none."""
    rows = session.scalars(
        select(TrainingVersionRow)
        .where(TrainingVersionRow.training_id == training_id)
        .order_by(TrainingVersionRow.version)
    )
    return _trainings(session, list(rows))


def find_training(session: Session, training_id: str) -> Training | None:
    """A training as its last version says."""
    row = session.scalar(
        select(TrainingVersionRow)
        .where(TrainingVersionRow.training_id == training_id)
        .order_by(TrainingVersionRow.version.desc())
        .limit(1)
    )
    return None if row is None else _trainings(session, [row])[0]


def training_of(session: Session, session_id: str) -> Training | None:
    """The training whose last version has a session."""
    row = session.scalar(
        select(TrainingVersionRow)
        .join(TrainingSessionRow, TrainingSessionRow.version_id == TrainingVersionRow.id)
        .where(TrainingSessionRow.session_id == session_id, is_current())
    )
    return None if row is None else _trainings(session, [row])[0]


def trainings_of(session: Session, session_ids: Iterable[str]) -> list[Training]:
    """The trainings whose last version has any of these sessions, oldest first."""
    rows = session.scalars(
        select(TrainingVersionRow)
        .join(TrainingSessionRow, TrainingSessionRow.version_id == TrainingVersionRow.id)
        .where(TrainingSessionRow.session_id.in_(list(session_ids)), is_current())
        .distinct()
        .order_by(TrainingVersionRow.id)
    )
    return _trainings(session, list(rows))


def session_limits(session: Session, session_ids: Collection[str]) -> dict[str, list[Limits]]:
    """What bounded the places of some sessions in every version, oldest first."""
    found: dict[str, list[Limits]] = {}
    for session_id, version, capacity, own in session.execute(
        select(
            TrainingSessionRow.session_id,
            TrainingVersionRow.version,
            TrainingSessionRow.capacity,
            TrainingVersionRow.seats_per_municipality,
        )
        .join(TrainingVersionRow, TrainingVersionRow.id == TrainingSessionRow.version_id)
        .where(TrainingSessionRow.session_id.in_(session_ids))
        .order_by(TrainingVersionRow.version)
    ):
        found.setdefault(session_id, []).append(Limits(version, capacity, own))
    return found


def add_training(session: Session, training: Training, themes: Mapping[str, str]) -> None:
    """Insert one version with its sessions.

    Args:
        session: The transaction.
        training: The version.
        themes: Label by key, which is searched too.
    """
    content = training.content
    row = TrainingVersionRow(
        training_id=training.training_id,
        version=training.version,
        kind=content.kind,
        title=content.title,
        purpose=content.purpose,
        covered=content.covered,
        theme=content.theme,
        audience=content.audience,
        named="".join(f";{code}" for code in content.named) + (";" if content.named else ""),
        host=content.host,
        co_host=content.co_host,
        speaker=content.speaker,
        seats_per_municipality=content.seats_per_municipality,
        deadline=content.deadline,
        deadline_time=content.deadline_time,
        materials=json.dumps([[m.label, m.url, m.text] for m in content.materials]),
        open_data=content.open_data,
        state=training.state,
        reason=training.reason,
        number=training.number,
        source=training.source,
        search_text=_searched(content, themes),
        recorded_at=training.recorded_at,
        recorded_by=training.recorded_by,
    )
    session.add(row)
    session.flush()
    session.add_all(_session_row(row.id, each) for each in content.sessions)
    session.flush()


def _searched(content: TrainingContent, themes: Mapping[str, str]) -> str:
    words = [content.kind, content.title, content.purpose, content.covered]
    words += [themes.get(content.theme, ""), content.host, content.co_host or ""]
    words += [content.speaker or "", *(each.place or "" for each in content.sessions)]
    words += [text for each in content.materials for text in (each.label, each.text)]
    return search_key("\n".join(words))


def _session_row(version_id: int, session: TrainingSession) -> TrainingSessionRow:
    formats = session.formats
    return TrainingSessionRow(
        version_id=version_id,
        session_id=session.session_id,
        day=session.date,
        fiscal_year=int(session.fiscal_year),
        start_time=session.start,
        end_time=session.end,
        on_site=None if formats is None else SessionFormat.ON_SITE in formats,
        online=None if formats is None else SessionFormat.ONLINE in formats,
        place=session.place,
        joining_address=session.joining_address,
        capacity=session.capacity,
        cancelled=session.cancelled,
    )


def _trainings(session: Session, rows: list[TrainingVersionRow]) -> list[Training]:
    sessions: dict[int, list[TrainingSession]] = {row.id: [] for row in rows}
    for each in session.scalars(
        select(TrainingSessionRow)
        .where(TrainingSessionRow.version_id.in_(list(sessions)))
        .order_by(TrainingSessionRow.id)
    ):
        sessions[each.version_id].append(_session(each))
    return [_training(row, tuple(sessions[row.id])) for row in rows]


def _training(row: TrainingVersionRow, sessions: tuple[TrainingSession, ...]) -> Training:
    return Training(
        training_id=row.training_id,
        version=row.version,
        content=TrainingContent(
            kind=row.kind,
            title=row.title,
            purpose=row.purpose,
            theme=row.theme,
            sessions=sessions,
            covered=row.covered,
            audience=row.audience,
            named=named_codes(row.named),
            host=row.host,
            co_host=row.co_host,
            speaker=row.speaker,
            seats_per_municipality=row.seats_per_municipality,
            deadline=row.deadline,
            deadline_time=row.deadline_time,
            materials=tuple(Material(*each) for each in json.loads(row.materials)),
            open_data=row.open_data,
        ),
        state=row.state,
        reason=row.reason,
        number=row.number,
        source=row.source,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
    )


def named_codes(text: str) -> tuple[str, ...]:
    """Codes of a ``named`` column."""
    return tuple(code for code in text.split(";") if code)


def _session(row: TrainingSessionRow) -> TrainingSession:
    return TrainingSession(
        session_id=row.session_id,
        date=row.day,
        start=row.start_time,
        end=row.end_time,
        formats=formats_of(on_site=row.on_site, online=row.online),
        place=row.place,
        joining_address=row.joining_address,
        capacity=row.capacity,
        cancelled=row.cancelled,
    )


def formats_of(*, on_site: bool | None, online: bool | None) -> tuple[SessionFormat, ...] | None:
    """Ways to attend from their two columns; None when not known."""
    offered = {SessionFormat.ON_SITE: on_site, SessionFormat.ONLINE: online}
    return tuple(each for each, offers in offered.items() if offers) or None


def fill_trainings(session: Session, year: TrainingYear, now: datetime) -> int:
    """Fill an empty table from data/; a table with rows is the secretariat's and stays.

    Returns:
        How many trainings were inserted.
    """
    if session.scalar(select(func.count()).select_from(TrainingVersionRow)):
        return 0
    for published in year.trainings:
        add_training(session, _from_published(published, year, now), year.theme_labels)
    return len(year.trainings)


def _from_published(published: PublishedTraining, year: TrainingYear, now: datetime) -> Training:
    """A training held before this system: what was not printed stays unknown."""
    training_id = f"{int(year.fiscal_year)}-{published.number}"
    sessions = tuple(
        TrainingSession(
            session_id=f"{training_id}-{each.date:%Y%m%d}",
            date=each.date,
            start=each.start,
            end=each.end,
            formats=each.formats,
            place=each.place,
        )
        for each in published.sessions
    )
    content = TrainingContent(
        kind=published.kind,
        title=published.title,
        purpose=published.purpose,
        theme=published.theme,
        sessions=sessions,
        audience=published.audience,
        host=published.host,
        co_host=published.co_host,
        speaker=published.speaker,
        open_data=True,
    )
    return Training(
        training_id=training_id,
        version=1,
        content=content,
        state=TrainingState.PUBLISHED,
        reason="",
        number=published.number,
        source=published.source,
        recorded_at=now,
        recorded_by="data",
    )
