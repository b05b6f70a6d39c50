"""成果・事例: the municipality consents, the secretariat publishes and takes off, as 好事例."""

from __future__ import annotations

from datetime import datetime

from core.consultation.example import (
    ExampleState,
    check_example_state,
    identifying_words,
    read_nameless,
)
from core.reference.pack import Reference
from core.store.experts import experts
from core.store.outcomes import OUTCOMES, outcome_events
from core.store.support import contract_of, visits
from core.store.work import Work, command, refuse_stale
from core.support.contract import Contract
from core.support.contract_check import refuse_cancelled
from core.support.outcome import OutcomeEvent, OutcomeKey, OutcomeText, check_held, last_said
from core.support.visit import VisitState
from core.values.errors import InvalidInputError


@command("outcome:consent", "成果の公開の同意")
def decide_outcome_consent(
    work: Work, *, lg_code: str, key: OutcomeKey, agreed: bool, request_id: str, now: datetime
) -> None:
    """Agree to publishing what came of a plan or a visit without any name, or not.

    Args:
        agreed: False also takes an earlier agreement back, and with it what is published.

    Raises:
        InvalidInputError: No such contract, plan or visit of this municipality.
        ConflictError: Nothing was held yet, or the same was said before.
    """
    contract, last = _outcome(work, lg_code, key)
    state = ExampleState.CONSENTED if agreed else ExampleState.DECLINED
    check_example_state(last, state)
    _say(work, lg_code, key, state, None)
    work.audit(_called(contract, key), lg_code=lg_code, state=state)


@command("outcome:publish", "成果・事例の公開", "outcome:manage")
def publish_outcome(
    work: Work,
    *,
    lg_code: str,
    key: OutcomeKey,
    text: OutcomeText,
    seen_event: int,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> None:
    """Publish what came of a plan or a visit, without name of municipality, person or vendor.

    Raises:
        InvalidInputError: A field is empty or gives somebody away; no such outcome.
        ConflictError: The municipality does not agree (any more), or said so meanwhile.
    """
    town = reference.ever.get(lg_code) or reference.municipality(lg_code)
    contract, last = _outcome(work, lg_code, key)
    check_example_state(last, ExampleState.PUBLISHED)
    if last is not None:
        did = f"「{last.state.label}」と記録して"
        refuse_stale(last, last.event_id, seen_event, "公開の状態", did)
    people = [each.person.name for each in experts(work.session) if each.person]
    secrets = (*identifying_words(town.name, town.kana), contract.vendor.name, *people)
    kept = read_nameless(text, secrets, key="outcome_")
    _say(work, lg_code, key, ExampleState.PUBLISHED, kept)
    work.audit(_called(contract, key), lg_code=lg_code, name=kept.title)


@command("outcome:unpublish", "成果・事例の公開の終了", "outcome:manage")
def unpublish_outcome(
    work: Work, *, lg_code: str, key: OutcomeKey, request_id: str, now: datetime
) -> None:
    """Take an outcome off the list; the agreement stays.

    Raises:
        InvalidInputError: No such outcome.
        ConflictError: It is not published.
    """
    contract, last = _outcome(work, lg_code, key)
    check_example_state(last, ExampleState.UNPUBLISHED)
    _say(work, lg_code, key, ExampleState.UNPUBLISHED, None)
    work.audit(_called(contract, key), lg_code=lg_code)


def _outcome(work: Work, lg_code: str, key: OutcomeKey) -> tuple[Contract, OutcomeEvent | None]:
    """The contract, and the last word on the outcome; something of it was held."""
    contract = contract_of(work.session, lg_code, key.contract_id)
    refuse_cancelled(contract)
    ours = [
        each
        for each in visits(work.session, lg_code, contract_ids=[key.contract_id])
        if each.plan == key.plan and key.visit_id in (0, each.visit_id)
    ]
    if contract.terms.line(key.plan) is None or (key.visit_id and not ours):
        raise InvalidInputError({"key": "この支援は見つかりません。画面を更新してください。"})
    check_held(sum(each.state is VisitState.HELD for each in ours), key)
    return contract, last_said(outcome_events(work.session, lg_code)).get(key)


def _say(
    work: Work, lg_code: str, key: OutcomeKey, state: ExampleState, text: OutcomeText | None
) -> None:
    OUTCOMES.add(work.session, OutcomeEvent(0, key, lg_code, state, text, work.now, work.by))


def _called(contract: Contract, key: OutcomeKey) -> str:
    visit = f" 支援回{key.visit_id}" if key.visit_id else ""
    return f"{contract.number.label} プラン{key.plan}{visit}"
