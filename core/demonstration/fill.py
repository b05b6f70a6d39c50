"""見本データ: made-up wishes, contracts, trainings, consultations and inquiries to try the screens with.

``noriai init --demo`` only. Every screen of such a database says so, for ever: it cannot be turned
into a real one. The ledger of joint procurement and the published values stay as they are, so no
open data and no count of participation is made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import starmap

from sqlalchemy import Engine

from core.access.principal import CONSOLE, Principal, Role
from core.commands.accounts import add_account
from core.commands.boarding import open_boarding_window
from core.commands.consultations import record_step, request_consultation
from core.commands.contacts import hand_over_contact, record_contact
from core.commands.demonstration import mark_demonstration
from core.commands.enrolments import enrol
from core.commands.trainings import create_training, publish_training
from core.commands.wishes import advance_wish, hand_in_wishes
from core.consultation.event import ConsultationState, Step
from core.consultation.request import RequestForm
from core.consultation.theme import MeetingForm
from core.contact.contact import ContactCard, ContactRole
from core.demonstration.inquiries import fill_inquiries
from core.demonstration.pool import fill_pool
from core.demonstration.support import SUPPORTED, fill_support
from core.estimate.request import EstimateRequest, PlanChoice
from core.reference.pack import Reference
from core.store.consultations import consultations
from core.store.engine import reading
from core.store.support import vendors
from core.store.trainings import find_training
from core.store.wishes import wish_events
from core.support.wish import WishState, current_wishes
from core.training.person import Applicant, Person
from core.training.training import TrainingContent, TrainingSession
from core.training.vocabulary import Audience, SessionFormat, TrainingKind
from core.values.fiscal import FiscalYear, budget_request_year
from core.values.municipality import Municipality
from core.values.offer import OfferedPart

_CHOICES = ((5,), (3, 5), (0,), (1, 4), (3,), (5, 6), (0, 3), (2,), (4,), (5,))
"""Places of plans among those that are offered."""
_REACHED = (
    (),
    (WishState.BUDGET_REQUESTED,),
    (WishState.WITHDRAWN,),
    (WishState.BUDGET_REQUESTED, WishState.APPROVED),
)
_WISHING = 26
_WITHOUT_CONTACT = 5
_HANDED_OVER = 3
_SOURCE = "見本データ(架空)"


def fill_demonstration(engine: Engine, reference: Reference, now: datetime) -> dict[str, str]:
    """Fill a database nobody has worked with yet.

    Args:
        engine: Ready, as :func:`core.start.start` leaves it.
        now: The moment everything is recorded at.

    Returns:
        User name → first password of an officer, a viewer, a secretary and an adviser, where there
        is a 事業者.

    Raises:
        ConflictError: Somebody has worked with the database, or it is filled already.
    """
    mark_demonstration(engine, CONSOLE, now=now)
    towns = reference.municipalities
    offers, systems = reference.offers, [p for p in reference.procurements.lots if p != "talent"]
    if OfferedPart.TALENT in offers:
        fill_support(engine, reference, now, _officer)
        today = now.date()
        running = budget_request_year(today) == FiscalYear.of(today)  # April to September
        for place, town in enumerate(towns[:_WISHING]):
            if not running or place >= SUPPORTED:
                _wish(engine, reference, town, place, now)
    for place, programme in enumerate(systems[1:3]):
        _open_window(engine, reference, programme, place, now)
    for place, town in enumerate(towns[:-_WITHOUT_CONTACT]):
        _contact(engine, reference, town, place, now)
    if OfferedPart.TRAININGS in offers:
        _train(engine, reference, now)
    if OfferedPart.ADVISORS in offers:
        for place, town in enumerate(towns[3:8]):
            _consult(engine, reference, town, place, now)
    fill_inquiries(engine, reference, now)
    if OfferedPart.TALENT in offers:
        fill_pool(engine, reference, now)
    return _accounts(engine, towns, now)


def _officer(town: Municipality) -> Principal:
    return Principal(f"mihon-{town.lg_code}", f"見本 {town.name}", Role.OFFICER, town.lg_code)


def _wish(
    engine: Engine, reference: Reference, town: Municipality, place: int, now: datetime
) -> None:
    officer, year = _officer(town), budget_request_year(now.date())
    offered = reference.plan_offers(year).plans
    numbers = list(offered)
    chosen = (numbers[n % len(numbers)] for n in _CHOICES[place % len(_CHOICES)])
    visits = {plan: min(12 - place % 2, offered[plan].visits or 12) for plan in chosen}
    state = WishState.CONSIDERING if place % 5 == 4 else WishState.WISHED
    hand_in_wishes(
        engine,
        officer,
        lg_code=town.lg_code,
        request=EstimateRequest(year, tuple(starmap(PlanChoice, visits.items()))),
        state=state,
        seen={},
        reference=reference,
        request_id="mihon-wish",
        now=now,
    )
    if state is WishState.WISHED:
        for following in _REACHED[place % len(_REACHED)]:
            for plan in visits:
                _advance(engine, officer, year, plan, following, now)


def _advance(
    engine: Engine,
    officer: Principal,
    year: FiscalYear,
    plan: int,
    state: WishState,
    now: datetime,
) -> None:
    lg_code = str(officer.lg_code)
    with reading(engine) as session:
        before = current_wishes(wish_events(session, lg_code))[lg_code, year, plan]
    advance_wish(
        engine,
        officer,
        lg_code=lg_code,
        fiscal_year=year,
        plan=plan,
        state=state,
        reason="見本の理由です。" if state is WishState.WITHDRAWN else "",
        seen_event=before.event_id,
        request_id=f"mihon-{plan}-{state}",
        now=now,
    )


def _contact(
    engine: Engine, reference: Reference, town: Municipality, place: int, now: datetime
) -> None:
    """Whom a town is written to; of some, somebody who took over this April."""
    officer, begun = _officer(town), FiscalYear.of(now.date()).first_day
    handed_over = place < _HANDED_OVER
    card = ContactCard(
        f"見本 太郎{place + 1}",
        "見本DX推進課",
        f"mihon{place + 1}@example.lg.jp",
        "",
        ContactRole.MAIN,
        begun.replace(year=begun.year - 1),
    )
    contact_id = record_contact(
        engine,
        officer,
        lg_code=town.lg_code,
        form=card,
        reference=reference,
        request_id="mihon-contact",
        now=now,
    )
    if handed_over:
        successor = replace(
            card, name=f"見本 花子{place + 1}", mail=f"mihon-hanako{place + 1}@example.lg.jp"
        )
        hand_over_contact(
            engine,
            officer,
            lg_code=town.lg_code,
            contact_id=contact_id,
            seen_version=1,
            form=replace(successor, begins=begun),
            request_id="mihon-hand-over",
            now=now,
        )


def _open_window(
    engine: Engine, reference: Reference, programme: str, place: int, now: datetime
) -> None:
    today = now.date()
    open_boarding_window(
        engine,
        CONSOLE,
        programme=programme,
        fiscal_year=FiscalYear.of(today) + 1,
        first_day=today - timedelta(days=10),
        last_day=today + timedelta(days=20 + 30 * place),
        source=_SOURCE,
        note="見本の募集です。",
        reference=reference,
        request_id=f"mihon-{programme}",
        now=now,
    )


def _train(engine: Engine, reference: Reference, now: datetime) -> None:
    today, themes = now.date(), [*reference.trainings.theme_labels]
    for place, (title, theme, days, capacity) in enumerate(
        (
            ("見本研修 生成AIの使いどころ", "ai", 14, 12),
            ("見本研修 電子申請 後乗り説明会", "online_procedures", 30, None),
            ("見本研修 情報セキュリティ", "security", 45, 40),
        )
    ):
        session = TrainingSession(
            session_id="",
            date=today + timedelta(days=days),
            start=time(14, 0),
            end=time(16, 0),
            formats=(SessionFormat.ONLINE,),
            joining_address="https://example.lg.jp/mihon",
            capacity=capacity,
        )
        training_id = create_training(
            engine,
            CONSOLE,
            content=TrainingContent(
                kind=TrainingKind.STUDY_MEETING,
                title=title,
                purpose="画面を試すための架空の研修です。",
                theme=theme if theme in themes else themes[0],
                sessions=(session,),
                host=reference.names.prefecture,
                audience=Audience.ALL_MUNICIPALITIES,
                seats_per_municipality=2 if capacity else None,
            ),
            reference=reference,
            request_id=f"mihon-training-{place}",
            now=now,
        )
        publish_training(
            engine, CONSOLE, training_id=training_id, seen_version=1, reference=reference, now=now
        )
        for town in reference.municipalities[place * 4 : place * 4 + 7]:
            _enrol(engine, reference, town, training_id, now)


def _enrol(
    engine: Engine, reference: Reference, town: Municipality, training_id: str, now: datetime
) -> None:
    with reading(engine) as session:
        made = find_training(session, training_id)
    (only,) = made.content.sessions if made else ()
    enrol(
        engine,
        _officer(town),
        lg_code=town.lg_code,
        session_id=only.session_id,
        applicants=[
            Applicant(
                Person(f"見本 {name}", "見本課", f"mihon{number}@example.lg.jp"),
                SessionFormat.ONLINE,
            )
            for number, name in enumerate(("一郎", "花子"))
        ],
        reference=reference,
        request_id=f"mihon-{training_id}",
        now=now,
    )


def _consult(
    engine: Engine, reference: Reference, town: Municipality, place: int, now: datetime
) -> None:
    request_consultation(
        engine,
        _officer(town),
        lg_code=town.lg_code,
        form=RequestForm(
            theme=("daily_work", "ai_rpa", "security", "telework", "joint_systems")[place],
            title=f"見本の相談 その{place + 1}",
            question="画面を試すための架空の相談です。",
            tried="",
            meeting="online",
            wished=(now.date() + timedelta(days=7),),
            wished_note="",
            department="見本課",
            contact="見本 一郎",
            mail="mihon@example.lg.jp",
            phone="",
        ),
        files=[],
        reference=reference,
        request_id="mihon-consultation",
        now=now,
    )
    day = now.date() + timedelta(days=7)
    steps = (
        Step(ConsultationState.COORDINATING),
        Step(ConsultationState.SCHEDULED, day, meeting=MeetingForm.ONLINE),
    )
    for number, step in enumerate(steps[: place % 3]):
        with reading(engine) as session:
            (asked,) = consultations(session, town.lg_code)
        record_step(
            engine,
            CONSOLE,
            lg_code=town.lg_code,
            consultation_id=asked.consultation_id,
            step=step,
            seen_event=asked.last.event_id,
            request_id=f"mihon-{town.lg_code}-{number}",
            now=now,
        )


def _accounts(engine: Engine, towns: Sequence[Municipality], now: datetime) -> dict[str, str]:
    town = towns[1]
    with reading(engine) as session:
        vendor = next((each.name for each in vendors(session).values()), "")
    people = [
        ("mihon-officer", town.name, Role.OFFICER),
        ("mihon-viewer", "会議室", Role.VIEWER),
        ("mihon-office", "事務局", Role.SECRETARIAT),
    ]
    people += [("mihon-adviser", vendor, Role.ADVISER)] if vendor else []
    return {
        name: add_account(
            engine,
            CONSOLE,
            username=name,
            display_name=f"見本 {words}",
            role=role,
            lg_code=town.lg_code if role is Role.OFFICER else None,
            vendor=vendor if role is Role.ADVISER else "",
            known_codes=frozenset({town.lg_code}),
            now=now,
        )
        for name, words, role in people
    }
