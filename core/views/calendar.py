"""What a personal calendar address answers, and which addresses there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from core.access.account import token_hash
from core.access.permission import requires
from core.access.principal import Principal
from core.store.calendar_tokens import CalendarToken, calendar_tokens, municipality_of_token
from core.store.engine import reading
from core.store.enrolments import session_places, sessions_enrolled_for
from core.store.trainings import lines_of, trainings_of
from core.training.enrolment import PlaceKind
from core.training.line import SessionLine
from core.values.errors import InvalidInputError


@dataclass(frozen=True)
class CalendarEntry:
    """One session a municipality has enrolled for. Names nobody."""

    line: SessionLine
    seated: int  # 参加確定, persons
    waiting: int  # キャンセル待ち, persons
    joining_address: str  # where to join; empty without a seat or an address
    # SEQUENCE of the entry: raised by every change of the training and by every application for the
    # session, since a seat may come free for us by another's 取消し
    sequence: int
    changed_at: datetime  # when any of these last happened


@dataclass(frozen=True)
class PersonalCalendar:
    """What a municipality has enrolled for."""

    lg_code: str
    # in order of day. A session all of whose enrolments were cancelled stays with 0 and 0, so that
    # a calendar can take it off.
    entries: tuple[CalendarEntry, ...]


@requires("calendar:read")
def personal_calendar_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    token: str,
) -> PersonalCalendar:
    """The sessions behind a personal calendar address; the token is the permission.

    Raises:
        InvalidInputError: No such address, revoked, or its account no longer an officer's.
    """
    with reading(engine) as session:
        lg_code = municipality_of_token(session, token_hash(token))
        if lg_code is None:
            raise InvalidInputError(
                {
                    "token": "このカレンダー用アドレスは使えません。研修の画面で新しいアドレスを作ってください。"
                }
            )
        wanted = sessions_enrolled_for(session, lg_code)
        addresses = {
            each.session_id: each.joining_address
            for training in trainings_of(session, wanted)
            for each in training.content.sessions
        }
        lines = lines_of(session, wanted)
        placed = session_places(session, list(lines))
    entries = []
    for session_id, line in lines.items():
        own = [place.kind for place in placed[session_id].of(lg_code)]
        seated, waiting = own.count(PlaceKind.SEATED), own.count(PlaceKind.WAITING)
        address = addresses[session_id] if seated else ""
        said = placed[session_id].enrolments
        entries.append(
            CalendarEntry(
                line=line,
                seated=seated,
                waiting=waiting,
                joining_address=address,
                sequence=line.training.sequence + max(each.last_event for each in said),
                changed_at=max(line.training.recorded_at, *(each.recorded_at for each in said)),
            )
        )
    return PersonalCalendar(lg_code, tuple(entries))


@requires("calendar_token:manage", municipality="lg_code")
def calendar_tokens_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    lg_code: str,
) -> tuple[CalendarToken, ...]:
    """The municipality's calendar addresses, oldest first; never their secrets."""
    with reading(engine) as session:
        return tuple(calendar_tokens(session, lg_code))
