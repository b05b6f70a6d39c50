"""Sessions as lines of a list, a calendar or a feed: filtered and paged by the database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session

from core.store.trainings import SESSIONS, TRAININGS, is_current
from core.training.audience import OurStanding
from core.training.filter import TrainingFilter
from core.training.training import closes_at
from core.training.vocabulary import Audience, SessionFormat, TrainingKind, TrainingState
from core.values.fiscal import FiscalYear

SHOWN = (TrainingState.PUBLISHED, TrainingState.CANCELLED)
"""States that readers see."""


@dataclass(frozen=True)
class SessionLine:
    """One session with what its training says; holds no address for joining.

    Attributes:
        training_id: Of which training.
        session_id: Which session.
        sequence: SEQUENCE of its calendar entry.
        kind: 種別.
        title: 題名.
        purpose: 主旨.
        covered: What was covered; empty for not written.
        theme: Key of its テーマ.
        audience: 対象; None when not known.
        named: Codes, for 指定した団体.
        host: 主催.
        co_host: 共催; None when alone.
        speaker: 登壇者; None when not known.
        state: 公開中, 中止, …
        reason: Why it was cancelled.
        open_data: 公開可.
        source: Key in data/sources.yaml; empty for recorded here.
        day: The day, in Japan.
        start: None when not known.
        end: None when not known.
        formats: None when not known.
        place: None when not known or none.
        capacity: None for no limit.
        seats_per_municipality: None for no limit.
        deadline: 締切日; None: until the session begins.
        deadline_time: None: to the end of that day.
        session_cancelled: This session alone is off.
        recorded_at: When this was last changed.
    """

    training_id: str
    session_id: str
    sequence: int
    kind: TrainingKind
    title: str
    purpose: str
    covered: str
    theme: str
    audience: Audience | None
    named: tuple[str, ...]
    host: str
    co_host: str | None
    speaker: str | None
    state: TrainingState
    reason: str
    open_data: bool
    source: str
    day: date
    start: time | None
    end: time | None
    formats: tuple[SessionFormat, ...] | None
    place: str | None
    capacity: int | None
    seats_per_municipality: int | None
    deadline: date | None
    deadline_time: time | None
    session_cancelled: bool
    recorded_at: datetime

    @property
    def fiscal_year(self) -> FiscalYear:
        """年度 of the day."""
        return FiscalYear.of(self.day)

    @property
    def cancelled(self) -> bool:
        """中止 or 取りやめ: it does not take place."""
        return self.session_cancelled or self.state is TrainingState.CANCELLED

    @property
    def closes_at(self) -> datetime:
        """From when officers can no longer enrol."""
        return closes_at(self.day, self.start, self.deadline, self.deadline_time)

    def accepts(self, now: datetime) -> bool:
        """Whether officers can enrol at a moment."""
        return (
            self.state is TrainingState.PUBLISHED
            and not self.session_cancelled
            and now < self.closes_at
        )


_V, _S = TRAININGS.c, SESSIONS.c
_COLUMNS = (
    _V.training_id, _S.session_id, _V.version, _V.kind, _V.title, _V.purpose, _V.covered, _V.theme,
    _V.audience, _V.named, _V.host, _V.co_host, _V.speaker, _V.state, _V.reason, _V.open_data,
    _V.source, _S.day, _S.start_time, _S.end_time, _S.formats, _S.place, _S.capacity,
    _V.seats_per_municipality, _V.deadline, _V.deadline_time, _S.cancelled, _V.recorded_at,
)  # fmt: skip


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
        session: The transaction.
        wanted: Condition, as :func:`conditions` makes it.
        newest_first: The other way round.
        limit: At most so many.
        offset: Leave out so many before.
    """
    order = [_S.day, func.coalesce(_S.start_time, time()), _S.id]
    query = _joined(select(*_COLUMNS), wanted)
    query = query.order_by(*(column.desc() for column in order) if newest_first else order)
    return [_line(row) for row in session.execute(query.limit(limit).offset(offset))]


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
        wanted: The filter.
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
            _V.audience == Audience.NAMED, _V.named.contains(f";{ours.lg_code};", autoescape=True)
        ),
        and_(_V.audience == Audience.BUDGET_REQUESTERS, or_(false(), *requested)),
    )


def _line(row: Row[Any]) -> SessionLine:
    return SessionLine(
        training_id=row.training_id,
        session_id=row.session_id,
        sequence=row.version - 1,
        kind=row.kind,
        title=row.title,
        purpose=row.purpose,
        covered=row.covered,
        theme=row.theme,
        audience=row.audience,
        named=row.named,
        host=row.host,
        co_host=row.co_host,
        speaker=row.speaker,
        state=row.state,
        reason=row.reason,
        open_data=row.open_data,
        source=row.source,
        day=row.day,
        start=row.start_time,
        end=row.end_time,
        formats=row.formats,
        place=row.place,
        capacity=row.capacity,
        seats_per_municipality=row.seats_per_municipality,
        deadline=row.deadline,
        deadline_time=row.deadline_time,
        session_cancelled=row.cancelled,
        recorded_at=row.recorded_at,
    )
