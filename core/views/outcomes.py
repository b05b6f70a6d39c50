"""What the tab 成果・事例 shows: what is published, one's own, and the secretariat's desk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.consultation.example import ExampleState, holds_every
from core.reference.pack import Reference
from core.store.consultations import consultations
from core.store.engine import reading
from core.store.outcomes import outcome_events
from core.store.support import contracts, visits
from core.support.contract import Contract
from core.support.outcome import OutcomeEvent, OutcomeKey, last_said
from core.support.visit import Visit, VisitState, visits_by_contract
from core.values.fiscal import FiscalYear, day_in_japan
from core.values.offer import OfferedPart


@dataclass(frozen=True)
class PublishedCase:
    """An outcome of support, or an answer of a consultation; leads back to nobody.

    Attributes:
        kind: 支援の成果 or アドバイザー相談.
        about: The plan or the theme.
        parts: Label and text, in the order they are read.
        fiscal_year_label: A day could lead back.
    """

    kind: str
    about: str
    title: str
    parts: tuple[tuple[str, str], ...]
    fiscal_year_label: str


SUPPORT, CONSULTATION = "支援の成果", "アドバイザー相談"


@dataclass(frozen=True)
class OwnOutcome:
    """What came of a plan or a visit, and whether it may be, or is, published.

    Attributes:
        held: Visits of it that were held, by day.
        last: None while the municipality has said nothing.
    """

    key: OutcomeKey
    lg_code: str
    contract: Contract
    held: tuple[Visit, ...]
    last: OutcomeEvent | None

    @property
    def visit(self) -> Visit | None:
        """The one visit it is of; None of a plan."""
        return self.held[0] if self.key.visit_id else None


@requires("outcome:read")
def outcomes_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    words: str,
    kind: str,
) -> tuple[PublishedCase, ...]:
    """What is published now, newest first, with all the words: support and consultations as one.

    Args:
        kind: One of the two; empty: both.
    """
    with reading(engine) as session:
        said = last_said(outcome_events(session))
        by_number = {each.contract_id: each for each in contracts(session)} if said else {}
        asked = consultations(session) if OfferedPart.ADVISORS in reference.offers else []
    cases = [
        (event.recorded_at, _of_support(event, by_number[event.key.contract_id], reference))
        for event in said.values()
        if event.state is ExampleState.PUBLISHED and by_number[event.key.contract_id].stands
    ]
    for each in asked:
        if (text := each.published) is not None:
            day = each.last.step.day or day_in_japan(each.last.recorded_at)
            parts = (("相談", text.question), ("回答", text.answer))
            case = PublishedCase(
                CONSULTATION, each.request.theme.label, text.title, parts, FiscalYear.of(day).label
            )
            cases.append((each.example_events[-1].recorded_at, case))
    newest = [case for _, case in sorted(cases, key=lambda each: each[0], reverse=True)]
    return tuple(
        case
        for case in newest
        if kind in ("", case.kind)
        and holds_every(words, (case.about, case.title, *(text for _, text in case.parts)))
    )


def _of_support(event: OutcomeEvent, contract: Contract, reference: Reference) -> PublishedCase:
    text, year = event.text, contract.fiscal_year
    assert text is not None  # noqa: S101  what is published has one
    parts = (("課題と取組", text.topic), ("成果", text.result))
    about = reference.plan_title(event.key.plan, year)
    return PublishedCase(SUPPORT, about, text.title, parts, year.label)


@requires("outcome:consent", municipality="lg_code")
def own_outcomes_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    lg_code: str,
) -> tuple[OwnOutcome, ...]:
    """Plans and visits of a municipality something was held of, newest contract first."""
    with reading(engine) as session:
        said = last_said(outcome_events(session, lg_code))
        every = contracts(session, lg_code)
        ours = visits(session, lg_code)
    return tuple(_outcomes(every, ours, said))


@requires("outcome:manage")
def outcome_desk_view(engine: Engine, principal: Principal) -> tuple[OwnOutcome, ...]:  # noqa: ARG001
    """What municipalities agreed to have published, what is, and what is not any more."""
    with reading(engine) as session:
        said = last_said(outcome_events(session))
        every = contracts(session) if said else []
        ours = visits(session) if said else []
    found = [each for each in _outcomes(every, ours, said) if each.last is not None]
    return tuple(sorted(found, key=lambda each: -(each.last.event_id if each.last else 0)))


def _outcomes(
    every: Iterable[Contract], ours: Iterable[Visit], said: dict[OutcomeKey, OutcomeEvent]
) -> list[OwnOutcome]:
    held = visits_by_contract(each for each in ours if each.state is VisitState.HELD)
    found = []
    for contract in sorted(every, key=lambda each: -each.contract_id):
        for line in contract.terms.lines if contract.stands else ():
            its = [v for v in held[contract.contract_id] if v.plan == line.plan]
            its.sort(key=lambda v: (v.when.first if v.when else date.max, v.serial))
            if its:
                key = OutcomeKey(contract.contract_id, line.plan)
                found.append(_own(key, contract, its, said))
                found += [
                    _own(
                        OutcomeKey(contract.contract_id, line.plan, v.visit_id), contract, [v], said
                    )
                    for v in its
                ]
    return found


def _own(
    key: OutcomeKey,
    contract: Contract,
    held: list[Visit],
    said: dict[OutcomeKey, OutcomeEvent],
) -> OwnOutcome:
    return OwnOutcome(key, contract.lg_code, contract, tuple(held), said.get(key))
