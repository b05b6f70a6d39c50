"""What a personal calendar address answers, and which addresses there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from sqlalchemy import Engine

from core.access.account import token_hash
from core.access.permission import requires
from core.access.principal import Principal
from core.boarding.statement import statements_open
from core.boarding.window import Window, windows
from core.consultation.case import Consultation
from core.consultation.hearing import HearingEvent, HearingState
from core.consultation.theme import MeetingForm
from core.inquiry.due import due_day
from core.inquiry.response import Response, japan_moment
from core.inquiry.round import Inquiry, InquiryStep
from core.procurement.standing import state_on, steps
from core.reference.pack import Reference
from core.store.boarding import WINDOWS
from core.store.calendar_tokens import CalendarToken, calendar_tokens, municipality_of_token
from core.store.consultations import HEARINGS, consultations
from core.store.engine import reading
from core.store.enrolments import session_places, sessions_enrolled_for
from core.store.inquiries import inquiries, responses_of_town
from core.store.ledger import path_events
from core.store.news import calendar_words
from core.store.support import contract_of, contracts, visit_of, visits
from core.store.trainings import lines_of, trainings_of
from core.support.contract import Contract
from core.support.visit import Visit, VisitState
from core.training.enrolment import PlaceKind
from core.training.line import SessionLine
from core.values.errors import InvalidInputError
from core.values.fiscal import Precision


@dataclass(frozen=True)
class CalendarEntry:
    """One session a municipality has enrolled for. Names nobody."""

    line: SessionLine
    seated: int  # 参加確定, persons
    waiting: int  # キャンセル待ち, persons
    joining_address: str  # where to join; empty without a seat or an address
    offer_until: datetime | None  # until when a seat is held for one of ours; None for none
    news: tuple[str, ...]  # what changed lately, the latest first
    # SEQUENCE of the entry: raised by every change of the training and by every application for the
    # session, since a seat may come free for us by another's 取消し
    sequence: int
    changed_at: datetime  # when any of these last happened


@dataclass(frozen=True)
class CalendarDay:
    """A consultation or hearing whose day was fixed once, or the last day of a window or an inquiry.

    Names nobody.
    """

    key: str  # stays the same whatever becomes of it
    number: str  # 受付番号; empty for a hearing and a window
    title: str
    about: str  # 形式 and what became of it
    day: date  # that counts, or that counted last
    start: time | None  # None is not said, which is not 00:00
    place: str  # 場所・接続先; empty where not said
    cancelled: bool
    sequence: int
    changed_at: datetime
    programme: str = ""  # whose window ends; empty for what takes time
    inquiry: int = 0  # that is to be answered until then; 0 for none
    contract: int = 0  # whose visit it is; 0 for none
    visit: int = 0


@dataclass(frozen=True)
class PersonalCalendar:
    """What a municipality has an appointment for."""

    lg_code: str
    # in order of day. A session all of whose enrolments were cancelled stays with 0 and 0, so that
    # a calendar can take it off.
    entries: tuple[CalendarEntry, ...]
    # consultations in order of 受付, then hearings by year, then windows one may still board in, then
    # inquiries, then visits of support plans
    days: tuple[CalendarDay, ...]


@requires("calendar:read")
def personal_calendar_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    token: str,
    as_of: date,
) -> PersonalCalendar:
    """The sessions behind a personal calendar address; the token is the permission.

    Args:
        as_of: The day it is read on; what was news long before is told no more.

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
        asked = consultations(session, lg_code)
        hearings = HEARINGS.all(session, lg_code=lg_code)
        opened = windows(WINDOWS.all(session))
        paths = path_events(session, reference.succession, lg_code, as_of)
        news = calendar_words(session, lg_code, as_of)
        inquired = [each for each in inquiries(session) if lg_code in each.audience]
        own_responses = responses_of_town(session, lg_code)
        agreed = contracts(session, lg_code)
        supported = visits(session, lg_code)
    entries = []
    for session_id, line in lines.items():
        places = placed[session_id].of(lg_code)
        own = [place.kind for place in places]
        seated, waiting = own.count(PlaceKind.SEATED), own.count(PlaceKind.WAITING)
        until = [place.offer.until for place in places if place.offer is not None]
        address = addresses[session_id] if seated else ""
        said = placed[session_id].enrolments
        entries.append(
            CalendarEntry(
                line=line,
                seated=seated,
                waiting=waiting,
                joining_address=address,
                offer_until=max(until, default=None),
                news=tuple(news.get(session_id, ())),
                sequence=line.training.sequence + max(each.last_event for each in said),
                changed_at=max(line.training.recorded_at, *(each.recorded_at for each in said)),
            )
        )
    days = [*filter(None, map(_consultation_day, asked)), *_hearing_days(hearings)]
    for window in opened:
        path = steps(paths.get(window.opened.programme, ()))
        if statements_open(state_on(path, window.last_day)):
            days.append(_window_day(window))
    for inquiry in inquired:
        response = own_responses.get(inquiry.inquiry_id) or Response(inquiry.inquiry_id, lg_code)
        days.append(_inquiry_day(inquiry, response))
    by_key = {each.contract_id: each for each in agreed}
    days += filter(
        None, (_visit_day(each, by_key[each.contract_id], reference) for each in supported)
    )
    return PersonalCalendar(lg_code, tuple(entries), tuple(days))


def _visit_day(visit: Visit, contract: Contract, reference: Reference) -> CalendarDay | None:
    """The day a visit is planned for, was held on, or was given up; None while only its month is known."""
    days = [e for e in visit.events if e.held or (e.planned and e.planned.when.precision is _DAY)]
    if not days:
        return None
    held, planned = days[-1].held, days[-1].planned
    when = visit.when
    gone = visit.state is VisitState.CANCELLED or (when is not None and when.precision is not _DAY)
    form = held.meeting if held else planned.meeting if planned else None
    about = "この日はなくなりました" if gone else visit.state.label
    return CalendarDay(
        key=f"visit-{visit.visit_id}",
        number=contract.number.label,
        title=f"{reference.plan_name(visit.plan, contract.fiscal_year)} 第{visit.serial}回の支援",
        about="・".join([contract.vendor.name, *([form.label] if form else []), about]),
        day=held.day if held else planned.when.first if planned else date.max,
        start=None if held or planned is None else planned.start,
        place=planned.place if planned else "",
        cancelled=gone,
        sequence=visit.last.event_id,
        changed_at=visit.last.recorded_at,
        contract=contract.contract_id,
        visit=visit.visit_id,
    )


_DAY = Precision.DAY


@requires("support:read", municipality="lg_code")
def visit_calendar_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    lg_code: str,
    visit_id: int,
) -> CalendarDay:
    """One visit of a municipality as a calendar has it.

    Raises:
        InvalidInputError: No such visit of this municipality, or no day of it is known.
    """
    with reading(engine) as session:
        visit = visit_of(session, lg_code, visit_id)
        found = _visit_day(visit, contract_of(session, lg_code, visit.contract_id), reference)
    if found is None:
        raise InvalidInputError({"visit_id": "この支援回は日が決まっていません。"})
    return found


def _consultation_day(consultation: Consultation) -> CalendarDay | None:
    """The day of a consultation, fixed or given up; None while none was ever fixed."""
    fixed = [
        event.step
        for event in consultation.events
        if event.step.day is not None and event.step.meeting is not MeetingForm.WRITTEN
    ]
    if not fixed:
        return None
    step, last = fixed[-1], consultation.last
    planned = next((each for each in fixed[::-1] if each.day == step.day and each.start), step)
    stands = last.step is step
    number = consultation.number.label
    return CalendarDay(
        key=f"consultation-{consultation.consultation_id}",
        number=number,
        title=f"アドバイザー相談 {number}({consultation.request.theme.label})",
        about="・".join(
            [
                *([step.meeting.label] if step.meeting else []),
                last.state.label if stands else f"この日はなくなりました({last.state.label})",
            ]
        ),
        day=step.day or date.max,
        start=planned.start,
        place=planned.place,
        cancelled=not stands,
        sequence=last.event_id,
        changed_at=last.recorded_at,
    )


def _hearing_days(events: Sequence[HearingEvent]) -> list[CalendarDay]:
    last = {event.fiscal_year: event for event in events}
    return [
        CalendarDay(
            key=f"hearing-{int(year)}-{event.lg_code}",
            number="",
            title=f"{year.label} アドバイザーのヒアリング",
            about=f"{event.plan.meeting.label}・{event.state.label}",
            day=event.plan.day,
            start=event.plan.start,
            place="",
            cancelled=event.state is HearingState.CANCELLED,
            sequence=event.event_id,
            changed_at=event.recorded_at,
        )
        for year, event in sorted(last.items())
    ]


def _window_day(window: Window) -> CalendarDay:
    """The last day on which 後乗り is taken; it takes no time."""
    opened, last = window.opened, window.closed or window.opened
    off = window.last_day < opened.first_day
    return CalendarDay(
        key=f"window-{opened.event_id}",
        number="",
        title=f"後乗り募集の締切({opened.fiscal_year.label}利用開始分)",
        about="募集は中止になりました" if off else "この日まで意向を記録できます",
        day=opened.last_day if off else window.last_day,
        start=None,
        place="",
        cancelled=off,
        sequence=last.event_id,
        changed_at=last.recorded_at,
        programme=opened.programme,
    )


def _inquiry_day(inquiry: Inquiry, response: Response) -> CalendarDay:
    """The last day on which an inquiry can be answered; it takes no time.

    What changes is a step of either: their number only rises.
    """
    composition = inquiry.composition
    moments = [each.recorded_at for each in inquiry.events]
    moments += [each.recorded_at for each in response.events]
    off = inquiry.events[-1].step is InquiryStep.WITHDRAWN
    about = "照会は取り下げられました" if off else f"回答: {_told(response)}"
    return CalendarDay(
        key=f"inquiry-{inquiry.inquiry_id}",
        number=inquiry.number.label,
        title=f"照会の締切「{composition.title}」",
        about=f"締切 {japan_moment(inquiry.closes_at)}・{about}",
        day=due_day(inquiry),
        start=None,
        place="",
        cancelled=off,
        sequence=len(moments),
        changed_at=max(moments),
        inquiry=inquiry.inquiry_id,
    )


def _told(response: Response) -> str:
    """How far the answer is; a draft, which changes with every letter, is not told of."""
    return replace(response, draft=None).state.label


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
