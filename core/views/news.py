"""お知らせ: what a municipality and the secretariat are told, and what of it an account has read."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.boarding.statement import statements_open
from core.boarding.window import windows
from core.inquiry.response import Response
from core.news.cases import (
    consultation_news,
    hearing_news,
    statement_news,
    step_news,
    window_news,
    wish_news,
    wishes_received,
)
from core.news.inquiries import answers_received, inquiry_news
from core.news.news import News, still_news
from core.procurement.standing import state_on, steps
from core.reference.pack import Reference
from core.store.boarding import STEPS, WINDOWS
from core.store.consultations import HEARINGS, consultations
from core.store.engine import reading
from core.store.inquiries import inquiries, responses_of_many, responses_of_town
from core.store.ledger import path_events
from core.store.news import marks_of, news_of_trainings, office_accounts, statements
from core.store.wishes import wish_events


@requires("municipality:read", municipality="lg_code")
def town_news_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    lg_code: str,
    as_of: date,
) -> tuple[News, ...]:
    """What others did to a municipality's affairs and what is about to close, the latest first.

    Raises:
        InvalidInputError: No such municipality.
    """
    reference.municipality(lg_code)
    with reading(engine) as session:
        office = office_accounts(session)
        found = news_of_trainings(session, lg_code, as_of)
        for case in consultations(session, lg_code):
            found += consultation_news(case)
        found += hearing_news(HEARINGS.all(session, lg_code=lg_code))
        found += wish_news(wish_events(session, lg_code))
        own = responses_of_town(session, lg_code)
        for inquiry in inquiries(session):
            if lg_code in inquiry.audience:
                said = own.get(inquiry.inquiry_id) or Response(inquiry.inquiry_id, lg_code)
                found += inquiry_news(inquiry, said, as_of)
        known = windows(WINDOWS.all(session))
        paths = path_events(session, reference.succession, lg_code, as_of)
    for procurement in reference.procurements.programmes:
        state = state_on(steps(paths.get(procurement.key, ())), as_of)
        if statements_open(state):  # otherwise there is nothing left to state
            for window in known:
                if window.opened.programme == procurement.key:
                    found += window_news(window, procurement.label, as_of)
    return still_news((each for each in found if not each.by or each.by in office), as_of)


@requires("administration:read")
def office_news_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    as_of: date,
) -> tuple[News, ...]:
    """What municipalities handed in and stated, the latest first."""
    towns = {code: each.name for code, each in reference.ever.items()}
    labels = {each.key: each.label for each in reference.procurements.programmes}
    with reading(engine) as session:
        office = office_accounts(session)
        found: list[News] = []
        for case in consultations(session):
            found += consultation_news(case, towns[case.lg_code])
        answered = [each for each in wish_events(session) if each.recorded_by not in office]
        found += [step_news(each, towns[each.lg_code], labels) for each in STEPS.all(session)]
        stated = [each for each in statements(session) if each.participant in towns]
        asked = [each for each in inquiries(session) if each.published]
        answered_to = responses_of_many(session, asked)
    for inquiry in asked:
        found += answers_received(inquiry, answered_to[inquiry.inquiry_id], towns)
    found += wishes_received(answered, towns)
    for statement in stated:
        label = labels[statement.programme]
        found += statement_news(statement, towns[statement.participant], label)
    return still_news((each for each in found if each.by not in office), as_of)


@requires("news:read")
def read_news_view(engine: Engine, principal: Principal) -> frozenset[str]:
    """Keys of the news the principal has read; asked afresh, marks do not raise the revision."""
    with reading(engine) as session:
        return marks_of(session, principal.username)
