"""What the page アドバイザー相談 shows, and the files it hands out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.consultation.attachment import CheckedFile
from core.consultation.case import Consultation
from core.consultation.example import PublishedExample, found
from core.consultation.hearing import HearingEvent, current_hearings
from core.consultation.measures import SessionQuota, contacts_due, session_quota
from core.consultation.request import Contact, present_contact
from core.consultation.theme import Theme
from core.figures.indicator import Subject
from core.figures.registry import Said
from core.reference.advisors import Advisors
from core.reference.pack import Reference
from core.store.consultations import HEARINGS, attachment, consultations, last_contact
from core.store.contacts import municipality_contacts
from core.store.engine import reading
from core.store.kpi import known
from core.values.errors import InvalidInputError
from core.values.figure import Figure
from core.values.fiscal import FiscalYear, day_in_japan
from core.values.municipality import Municipality


@dataclass(frozen=True)
class OwnConsultationsAnswer:
    """A municipality's consultations."""

    municipality: Municipality
    consultations: tuple[Consultation, ...]  # ours, newest first
    # the contact we named last, or who took over since; None for none
    contact: Contact | None


@dataclass(frozen=True)
class InboxAnswer:
    """Everybody's consultations, for the secretariat."""

    consultations: tuple[Consultation, ...]  # all, newest first
    municipalities: dict[str, Municipality]  # by code
    contacts_due: int  # how many contacts have been kept longer than the period
    # what waits, what arrived, how fast it was answered, what is left of 相談会
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class AdvisorsAnswer:
    """What everybody on the page may know."""

    advisors: Advisors
    quota: SessionQuota  # 相談会 of the fiscal year; numbers only
    left: Figure  # 相談会の残り


@dataclass(frozen=True)
class HearingsAnswer:
    """Hearings of one fiscal year."""

    hearings: dict[str, HearingEvent]  # the last word by municipality code; 未定 is absent
    municipalities: tuple[Municipality, ...]  # those the reader may see, in file order


@requires("consultation:read", municipality="lg_code")
def own_consultations_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    lg_code: str,
    today: date,
) -> OwnConsultationsAnswer:
    """Requests, messages and files of one municipality.

    Raises:
        InvalidInputError: No such municipality.
    """
    municipality = reference.municipality(lg_code)
    with reading(engine) as session:
        ours = consultations(session, lg_code)
        contact = present_contact(
            last_contact(session, lg_code) if ours else None,
            municipality_contacts(session, lg_code),
            today,
        )
    return OwnConsultationsAnswer(municipality, tuple(reversed(ours)), contact)


@requires("consultation:manage")
def consultation_inbox_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    as_of: date,
) -> InboxAnswer:
    """Every request, and what is due on a day."""
    with reading(engine) as session:
        said = Said(known(session, reference, [Subject.CONSULTATIONS]), as_of)
    every = said.known.consultations
    due = contacts_due(every, said.known.parameters, as_of)
    figures = tuple(said[f"consultations_{key}"].figure for key in _WAITS)
    return InboxAnswer(tuple(reversed(every)), dict(reference.ever), len(due), figures)


_WAITS = ("unanswered", "received", "first_answer", "quota")


@requires("example:read")
def advisors_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    as_of: date,
) -> AdvisorsAnswer:
    """The menu, and how many 相談会 of the year of a day are left; names nobody."""
    with reading(engine) as session:
        said = Said(known(session, reference, [Subject.CONSULTATIONS]), as_of)
    asked = said.known.consultations_on(as_of)
    quota = session_quota(asked, FiscalYear.of(as_of), said.known.parameters)
    offered = reference.of(FiscalYear.of(as_of))
    return AdvisorsAnswer(offered.advisors, quota, said["consultations_quota"].figure)


@requires("example:read")
def examples_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    words: str,
    theme: Theme | None,
) -> tuple[PublishedExample, ...]:
    """Good examples that are published now, newest first, with all the words; they name nobody."""
    with reading(engine) as session:
        every = consultations(session)
    published = [
        (
            c.example_events[-1].event_id,
            PublishedExample(
                theme=c.request.theme,
                text=c.published,
                fiscal_year_label=FiscalYear.of(_day(c)).label,
            ),
        )
        for c in every
        if c.published is not None
    ]
    newest_first = [example for _, example in sorted(published, key=lambda p: -p[0])]
    return tuple(found(newest_first, words, theme))


def _day(consultation: Consultation) -> date:
    return consultation.last.step.day or day_in_japan(consultation.last.recorded_at)


@requires("consultation:read", municipality="lg_code")
def hearing_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    lg_code: str,
    fiscal_year: FiscalYear,
) -> HearingsAnswer:
    """The hearing of one municipality.

    Raises:
        InvalidInputError: No such municipality.
    """
    municipality = reference.municipality(lg_code)
    with reading(engine) as session:
        events = HEARINGS.all(session, fiscal_year=fiscal_year, lg_code=lg_code)
    return HearingsAnswer(current_hearings(events, fiscal_year), (municipality,))


@requires("consultation:manage")
def hearings_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    fiscal_year: FiscalYear,
) -> HearingsAnswer:
    """The hearings of all municipalities; that of one that ended is its successor's, if it has none."""
    with reading(engine) as session:
        events = HEARINGS.all(session, fiscal_year=fiscal_year)
    said = current_hearings(events, fiscal_year)
    hearings = {code: said[code] for code in reference.by_code if code in said}
    for code, hearing in said.items():
        if there := reference.counted(code):
            hearings.setdefault(there.lg_code, hearing)
    return HearingsAnswer(hearings, reference.municipalities)


@requires("consultation:read", municipality="lg_code")
def attachment_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    lg_code: str,
    attachment_id: int,
) -> CheckedFile:
    """A file with its bytes; another municipality's is as unknown as none.

    Raises:
        InvalidInputError: No such file of this municipality.
    """
    with reading(engine) as session:
        file = attachment(session, lg_code, attachment_id)
    if file is None:
        raise InvalidInputError(
            {"attachment_id": "この添付は見つかりません。画面を更新してください。"}
        )
    return file
