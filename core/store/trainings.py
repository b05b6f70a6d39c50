"""研修: every change is a version with all its sessions; the last version counts."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import astuple, fields, replace
from datetime import datetime, time
from typing import Any, get_type_hints

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    UniqueConstraint,
    and_,
    exists,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session

from core.access.principal import INITIAL_DATA
from core.reference.trainings import PublishedSession, PublishedTraining, TrainingYear
from core.store.columns import SERIAL, AsText, Words, YearColumn, several
from core.store.table import Stored
from core.training.audience import OurStanding
from core.training.enrolment import Limits
from core.training.filter import TrainingFilter
from core.training.line import SessionLine
from core.training.training import (
    Material,
    Training,
    TrainingContent,
    TrainingSession,
    stands_still_at,
)
from core.training.vocabulary import Audience, SessionFormat, TrainingState
from core.values.free_text import declared_texts, search_key

TRAININGS = Stored(
    "training_version",
    Training,
    Column("search_text", Words, nullable=False),
    UniqueConstraint("training_id", "version", name="training_version_once"),
    CheckConstraint("(COALESCE(audience, '') = 'named') = (named <> '')", name="named_when_named"),
    CheckConstraint("deadline_time IS NULL OR deadline IS NOT NULL", name="deadline_has_day"),
    key="",
    columns={
        "named": several(),
        "materials": AsText(
            lambda materials: json.dumps([astuple(each) for each in materials]),
            lambda text: tuple(Material(*each) for each in json.loads(text)),
        ),
    },
    absent={"sessions": ()},
)
SESSIONS = Stored(
    "training_session",
    TrainingSession,
    Column("version_id", SERIAL, ForeignKey("training_version.id"), nullable=False),
    Column("fiscal_year", YearColumn, nullable=False),
    Index("training_session_version", "version_id"),
    Index("training_session_day", "day"),
    Index("training_session_year", "fiscal_year", "day"),
    Index("training_session_id", "session_id", "version_id"),
    CheckConstraint(
        "formats IN (';on_site;', ';online;', ';on_site;online;')", name="formats_known_or_not"
    ),
    CheckConstraint(
        "end_time IS NULL OR (start_time IS NOT NULL AND end_time > start_time)",
        name="ends_after_start",
    ),
    key="",
    names={"date": "day", "start": "start_time", "end": "end_time"},
    columns={"formats": several(str, SessionFormat)},
)


def is_current() -> ColumnElement[bool]:
    """A version nothing came after."""
    own, later = TRAININGS.c, TRAININGS.table.alias().c
    return ~exists().where(later.training_id == own.training_id, later.version > own.version)


def training_history(session: Session, training_id: str) -> list[Training]:
    """Every version of a training, oldest first; empty when there is none."""
    query = TRAININGS.query.where(TRAININGS.c.training_id == training_id)
    return _trainings(session, query)


def training_histories(
    session: Session, training_ids: Collection[str]
) -> dict[str, list[Training]]:
    """Every version of some trainings by ``training_id``, oldest first."""
    query = TRAININGS.query.where(TRAININGS.c.training_id.in_(training_ids))
    found: dict[str, list[Training]] = {}
    for each in sorted(_trainings(session, query), key=lambda training: training.version):
        found.setdefault(each.training_id, []).append(each)
    return found


def recorded_since(session: Session) -> int:
    """How many trainings somebody made or changed here, drafts included."""
    own = TRAININGS.c
    query = select(func.count(own.training_id.distinct())).where(own.recorded_by != INITIAL_DATA)
    return session.scalar(query) or 0


def find_training(session: Session, training_id: str) -> Training | None:
    """A training as its last version says."""
    query = TRAININGS.query.where(TRAININGS.c.training_id == training_id)
    last = query.order_by(TRAININGS.c.version.desc()).limit(1)
    return next(iter(_trainings(session, last)), None)


def training_names(session: Session) -> dict[str, str]:
    """What trainings and sessions are called, by key, as the last version says; of a session day
    and title.
    """
    query = (
        select(TRAININGS.c.training_id, TRAININGS.c.title, SESSIONS.c.session_id, SESSIONS.c.day)
        .outerjoin(SESSIONS.table, TRAININGS.c.id == SESSIONS.c.version_id)
        .order_by(TRAININGS.c.id, SESSIONS.c.id)
    )
    names = {}
    for training, title, key, day in session.execute(query):
        names[training] = title
        if key:
            names[key] = f"{day.isoformat()} {title}" if day else title
    return names


def training_of(session: Session, session_id: str) -> Training | None:
    """The training whose last version has a session."""
    return next(iter(trainings_of(session, [session_id])), None)


def trainings_of(session: Session, session_ids: Iterable[str]) -> list[Training]:
    """The trainings whose last version has any of these sessions, oldest first."""
    query = TRAININGS.query.join(SESSIONS.table).distinct()
    wanted = SESSIONS.c.session_id.in_(list(session_ids))
    return _trainings(session, query.where(wanted, is_current()))


def _trainings(session: Session, query: Select[Any]) -> list[Training]:
    heads = TRAININGS.by(session, "id", query)
    if not heads:
        return []
    below = SESSIONS.query.where(SESSIONS.c.version_id.in_(list(heads)))
    sessions = SESSIONS.by(session, "version_id", below)
    return [
        replace(head, content=replace(head.content, sessions=tuple(sessions[number])))
        for number, (head,) in heads.items()
    ]


def session_limits(session: Session, session_ids: Collection[str]) -> dict[str, list[Limits]]:
    """What bounded the places of some sessions in every version, oldest first."""
    found: dict[str, list[Limits]] = {}
    for session_id, version, capacity, own, recorded_at, day, start in session.execute(
        select(
            SESSIONS.c.session_id,
            TRAININGS.c.version,
            SESSIONS.c.capacity,
            TRAININGS.c.seats_per_municipality,
            TRAININGS.c.recorded_at,
            SESSIONS.c.day,
            SESSIONS.c.start_time,
        )
        .join(TRAININGS.table)
        .where(SESSIONS.c.session_id.in_(session_ids))
        .order_by(TRAININGS.c.version)
    ):
        begins = stands_still_at(day, start)
        bound = Limits(version, capacity, own, recorded_at, begins)
        found.setdefault(session_id, []).append(bound)
    return found


def add_training(session: Session, training: Training, themes: Mapping[str, str]) -> None:
    """Insert one version with its sessions.

    Args:
        themes: Label by key, which is searched too.
    """
    content = training.content
    number = TRAININGS.add(session, training, search_text=_searched(content, themes))
    SESSIONS.add_all(
        session,
        [
            SESSIONS.row(each, version_id=number, fiscal_year=each.fiscal_year)
            for each in content.sessions
        ],
    )


_TYPED = tuple(declared_texts(get_type_hints(TrainingContent, include_extras=True)))
"""What people write of a training: all of it is searched."""


def _searched(content: TrainingContent, themes: Mapping[str, str]) -> str:
    words = [content.kind, themes.get(content.theme, "")]
    words += [getattr(content, name) or "" for name in _TYPED]
    words += [each.place or "" for each in content.sessions]
    words += [text for each in content.materials for text in (each.label, each.text)]
    return search_key("\n".join(words))


SHOWN = (TrainingState.PUBLISHED, TrainingState.CANCELLED)
"""States that readers see."""

_V, _S = TRAININGS.c, SESSIONS.c
_WITHOUT_ADDRESS = [
    literal("") if column.name == "joining_address" else column for column in SESSIONS.columns
]
_LINES = select(*TRAININGS.columns, *_WITHOUT_ADDRESS)


def session_lines(
    session: Session,
    wanted: ColumnElement[bool],
    *,
    newest_first: bool = False,
    limit: int | None = None,
    offset: int = 0,
) -> list[SessionLine]:
    """Sessions of last versions in order of day and time; those without a time come first.

    Args:
        wanted: Condition, as :func:`conditions` makes it.
    """
    order = [_S.day, func.coalesce(_S.start_time, time()), _S.id]
    query = _joined(_LINES, wanted)
    query = query.order_by(*(column.desc() for column in order) if newest_first else order)
    own = len(TRAININGS.columns)
    return [
        SessionLine(TRAININGS.value(row[:own]), SESSIONS.value(row[own:]))
        for row in session.execute(query.limit(limit).offset(offset))
    ]


def lines_of(session: Session, session_ids: Collection[str]) -> dict[str, SessionLine]:
    """Lines of some sessions by ``session_id``, whatever their state."""
    return {
        line.session_id: line for line in session_lines(session, _S.session_id.in_(session_ids))
    }


def count_lines(session: Session, wanted: ColumnElement[bool]) -> int:
    """How many sessions meet a condition."""
    return session.scalar(_joined(select(func.count(_S.id)), wanted)) or 0


def fiscal_years(session: Session) -> list[int]:
    """年度 with a session readers see, newest first.

    The years are read off the index; each then needs one session that is shown, not all of them.
    """
    years = select(_S.fiscal_year).distinct().subquery()
    shown = _joined(select(_S.id), _V.state.in_(SHOWN)).where(_S.fiscal_year == years.c.fiscal_year)
    query = select(years.c.fiscal_year).where(shown.correlate(years).exists())
    return list(session.scalars(query.order_by(years.c.fiscal_year.desc())))


def _joined(
    query: Select[*tuple[Any, ...]], wanted: ColumnElement[bool]
) -> Select[*tuple[Any, ...]]:
    return query.select_from(SESSIONS.table).join(TRAININGS.table).where(is_current(), wanted)


def with_states(*states: TrainingState) -> ColumnElement[bool]:
    """Sessions of trainings in any of these states."""
    return _V.state.in_(states)


def conditions(
    wanted: TrainingFilter,
    ours: OurStanding | None,
    programmes: Mapping[str, str | None],
) -> ColumnElement[bool]:
    """A filter as a condition on published and cancelled sessions.

    Args:
        ours: The reader's municipality; None: 「うちが対象」 finds nothing.
        programmes: Programme by key of the theme.
    """
    found: list[ColumnElement[bool]] = [_V.state.in_(SHOWN)]
    found += [_V.search_text.contains(word, autoescape=True) for word in wanted.keys]
    if wanted.themes:
        found.append(_V.theme.in_(wanted.themes))
    if wanted.format is not None:
        found.append(_S.formats.contains(f";{wanted.format};"))
    if wanted.audience is not None:
        found.append(_V.audience == wanted.audience)
    if wanted.audience_unknown:
        found.append(_V.audience.is_(None))
    if wanted.fiscal_year is not None:
        found.append(_S.fiscal_year == wanted.fiscal_year)
    if wanted.first is not None:
        found.append(_S.day >= wanted.first)
    if wanted.last is not None:
        found.append(_S.day <= wanted.last)
    if wanted.ours:
        found.append(false() if ours is None else _concerns(ours, programmes))
    return and_(*found)


def _concerns(ours: OurStanding, programmes: Mapping[str, str | None]) -> ColumnElement[bool]:
    """:func:`core.training.audience.concern_of` says 対象; a test holds the two together."""
    requested = [
        and_(
            _S.fiscal_year == year,
            _V.theme.not_in(
                [theme for theme, other in programmes.items() if other not in (None, programme)]
            ),
        )
        for programme, year in sorted(ours.requested)
    ]
    return or_(
        _V.audience == Audience.ALL_MUNICIPALITIES,
        and_(
            _V.audience == Audience.NAMED,
            or_(*(_V.named.contains(f";{code};", autoescape=True) for code in ours.codes)),
        ),
        and_(_V.audience == Audience.BUDGET_REQUESTERS, or_(false(), *requested)),
    )


def fill_trainings(session: Session, year: TrainingYear | None, now: datetime) -> int:
    """Fill an empty table from a pack; one with rows stays as it is. Returns how many."""
    if year is None or session.scalar(select(func.count()).select_from(TRAININGS.table)):
        return 0
    for published in year.trainings:
        add_training(session, _from_published(published, year, now), year.theme_labels)
    return len(year.trainings)


def _from_published(published: PublishedTraining, year: TrainingYear, now: datetime) -> Training:
    """A training held before this system: what was not printed stays unknown."""
    training_id = year.id_of(published)
    sessions = tuple(
        TrainingSession(
            session_id=f"{training_id}-{each.date:%Y%m%d}", **_printed(each, TrainingSession)
        )
        for each in published.sessions
    )
    said = _printed(published, TrainingContent) | {"sessions": sessions, "open_data": True}
    content = TrainingContent(**said)
    return Training(
        training_id=training_id,
        version=1,
        content=content,
        state=TrainingState.PUBLISHED,
        reason="",
        number=published.number,
        source=published.source,
        recorded_at=now,
        recorded_by=INITIAL_DATA,
    )


def _printed(published: PublishedTraining | PublishedSession, kind: type[Any]) -> dict[str, Any]:
    """What an entry says of the fields of a class."""
    common = {each.name for each in fields(kind)} & set(type(published).model_fields)
    return {name: getattr(published, name) for name in common}
