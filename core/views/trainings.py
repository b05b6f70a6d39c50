"""What the page 研修 shows: lists, calendars, one training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.access.permission import requires
from core.access.principal import Principal, allows
from core.reference.corrections import Correction
from core.reference.pack import Reference
from core.reference.trainings import Theme
from core.store.audience import standing_of
from core.store.engine import reading
from core.store.enrolments import session_places
from core.store.trainings import (
    SHOWN,
    conditions,
    count_lines,
    find_training,
    fiscal_years,
    lines_of,
    session_lines,
)
from core.training.audience import Concern, OurStanding, concern_of
from core.training.enrolment import PlaceKind, Seats
from core.training.filter import TrainingFilter
from core.training.line import SessionLine
from core.training.training import NO_TRAINING, Training
from core.values.errors import InvalidInputError
from core.values.fiscal import FiscalYear


@dataclass(frozen=True)
class SessionCard:
    """One session as a list shows it."""

    line: SessionLine
    theme: str  # テーマ as a reader sees it
    seats: Seats
    # whether it concerns the reader's municipality; None for readers without one
    concern: Concern | None
    own_seated: int  # 参加確定 of the reader's municipality, persons
    own_waiting: int  # キャンセル待ち of the reader's municipality, persons
    corrections: tuple[Correction, ...] = ()  # where what is shown differs from the print


@dataclass(frozen=True)
class TrainingsAnswer:
    """Sessions that meet a filter."""

    cards: tuple[SessionCard, ...]  # the page asked for, in order of day
    total: int  # how many there are on all pages
    # how many more meet the rest of the filter but do not say whom they address; 0 unless
    # 「うちが対象」 is asked
    unknown_audience: int
    fiscal_years: tuple[FiscalYear, ...]  # 年度 there are sessions of, newest first
    themes: tuple[Theme, ...]


@requires("training:read")
def trainings_view(
    engine: Engine,
    principal: Principal,
    reference: Reference,
    *,
    wanted: TrainingFilter,
    as_of: date,
    newest_first: bool = False,
    limit: int | None = 50,
    offset: int = 0,
) -> TrainingsAnswer:
    """Published and cancelled sessions for list, month calendar and year timeline.

    Args:
        wanted: The filter. 「うちが対象」 is about the principal's own municipality.
        as_of: 基準日 of what is on record of it.
        limit: At most so many cards; None for all, as a month or a year needs.

    Raises:
        InvalidInputError: 「うちが対象」 without a municipality.
    """
    if wanted.ours and principal.lg_code is None:
        raise InvalidInputError(
            {"ours": "「うちが対象」は市町村職員のアカウントでサインインすると使えます。"}
        )
    themes = reference.trainings.themes
    programmes = {theme.key: theme.programme for theme in themes}
    with reading(engine) as session:
        ours = _ours(session, principal, reference, as_of)
        condition = conditions(wanted, ours, programmes)
        lines = session_lines(
            session, condition, newest_first=newest_first, limit=limit, offset=offset
        )
        unknown = 0
        if wanted.ours:
            without = replace(wanted, ours=False, audience_unknown=True)
            unknown = count_lines(session, conditions(without, ours, programmes))
        return TrainingsAnswer(
            cards=_cards(session, reference, lines, ours),
            total=len(lines) if limit is None and offset == 0 else count_lines(session, condition),
            unknown_audience=unknown,
            fiscal_years=tuple(FiscalYear(year) for year in fiscal_years(session)),
            themes=themes,
        )


@dataclass(frozen=True)
class TrainingAnswer:
    """One training."""

    # as its last version says; addresses for joining of sessions the reader's municipality has a
    # seat in, all for the secretariat
    training: Training
    cards: tuple[SessionCard, ...]
    theme: str  # テーマ as a reader sees it
    audience_names: tuple[str, ...]  # names of the municipalities of 指定した団体


@requires("training:read")
def training_view(
    engine: Engine, principal: Principal, reference: Reference, *, training_id: str, as_of: date
) -> TrainingAnswer:
    """One training with its seats, for a reader as of a day; drafts for the secretariat alone.

    Raises:
        InvalidInputError: There is none that this reader may see.
    """
    manages = allows(principal, "training:manage")
    with reading(engine) as session:
        training = find_training(session, training_id)
        if training is None or not (manages or training.state in SHOWN):
            raise InvalidInputError(NO_TRAINING)
        ids = [each.session_id for each in training.content.sessions]
        lines = lines_of(session, ids)
        ours = _ours(session, principal, reference, as_of)
        cards = _cards(session, reference, [lines[each] for each in ids], ours)
    joinable = [card.line.session_id for card in cards if manages or card.own_seated]
    return TrainingAnswer(
        training=training.with_addresses_of(joinable),
        cards=cards,
        theme=reference.trainings.theme_labels.get(training.content.theme, ""),
        audience_names=tuple(reference.called(code) for code in training.content.named),
    )


@requires("training:read")
def training_years_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
) -> tuple[FiscalYear, ...]:
    """年度 there are sessions of, newest first."""
    with reading(engine) as session:
        return tuple(FiscalYear(year) for year in fiscal_years(session))


@requires("training:read")
def published_sessions_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    wanted: TrainingFilter,
    open_only: bool = False,
) -> tuple[SessionLine, ...]:
    """Every published or cancelled session of a filter, for calendars and open data (公開可 only).

    「うちが対象」 finds nothing here.
    """
    programmes = {theme.key: theme.programme for theme in reference.trainings.themes}
    with reading(engine) as session:
        lines = session_lines(session, conditions(wanted, None, programmes))
    return tuple(line for line in lines if line.content.open_data or not open_only)


def _ours(
    session: Session, principal: Principal, reference: Reference, as_of: date
) -> OurStanding | None:
    lg_code = principal.lg_code if allows(principal, "enrolment:read") else None
    return None if lg_code is None else standing_of(session, reference.succession, lg_code, as_of)


def _cards(
    session: Session, reference: Reference, lines: Sequence[SessionLine], ours: OurStanding | None
) -> tuple[SessionCard, ...]:
    placed = session_places(session, [line.session_id for line in lines])
    themes = {theme.key: theme for theme in reference.trainings.themes}
    cards = []
    for line in lines:
        content, one = line.content, placed[line.session_id]
        theme = themes.get(content.theme)
        own = [place.kind for place in one.of(ours.lg_code)] if ours else []
        concern = None
        if ours is not None:
            programme = theme.programme if theme else None
            concern = concern_of(content.audience, content.named, programme, line.fiscal_year, ours)
        cards.append(
            SessionCard(
                line=line,
                theme=theme.label if theme else content.theme,
                seats=one.seats,
                concern=concern,
                own_seated=own.count(PlaceKind.SEATED),
                own_waiting=own.count(PlaceKind.WAITING),
                corrections=reference.trainings.corrections_in(
                    line.training_id, content.title, content.purpose, content.co_host
                ),
            )
        )
    return tuple(cards)
