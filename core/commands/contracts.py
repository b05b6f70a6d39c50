"""契約: conclude, change, correct, take back; what was paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated

from sqlalchemy.orm import Session

from core.reference.pack import Reference
from core.store.support import (
    CONTRACT_EVENTS,
    CONTRACTS,
    PAYMENTS,
    ContractHead,
    cancel_visits,
    contract_of,
    contracts,
    expected_of,
    next_contract_number,
    vendor_called,
    visits,
)
from core.store.wishes import WISHES
from core.store.work import Work, command, refuse_stale
from core.support.contract import (
    NOTE,
    REASON,
    VENDOR_NAME,
    Contract,
    ContractEvent,
    ContractStep,
    ContractTerms,
    PaidLine,
    Payment,
)
from core.support.contract_check import (
    check_cancelled,
    check_changed,
    check_concluded,
    check_payment,
    needed_reason,
    refuse_cancelled,
)
from core.support.visit_check import surplus_visits
from core.support.wish import WishState
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import FIRST_YEAR, LAST_YEAR, FiscalYear


@dataclass(frozen=True)
class ConcludedContract:
    """What concluding made."""

    contract_id: int
    label: str  # R5-契約003


@command("contract:conclude", "契約締結の記録", "contract:record")
def conclude_contract(
    work: Work,
    *,
    lg_code: str,
    fiscal_year: int,
    vendor: Annotated[str, VENDOR_NAME],
    terms: ContractTerms,
    seen: Mapping[int, int],
    reference: Reference,
    request_id: str,
    now: datetime,
) -> ConcludedContract:
    """Record a contract; its wishes become 契約 in the same act.

    Args:
        seen: Plan → number of the last event of its wish that the screen showed; absent for none.

    Raises:
        InvalidInputError: Every field that cannot be used, or no such municipality on the day.
        ConflictError: A plan has a contract in the year, is not approved, or changed meanwhile.
    """
    reference.municipality(lg_code)
    if not FIRST_YEAR <= fiscal_year < LAST_YEAR:
        raise InvalidInputError({"fiscal_year": "年度を選び直してください。"})
    year = FiscalYear(fiscal_year)
    expected = expected_of(
        work.session, reference.plan_offers(year), lg_code, year, terms.first_day
    )
    kept = check_concluded(
        terms,
        fiscal_year=year,
        expected=expected,
        others=contracts(work.session, lg_code, fiscal_year=year),
        today=work.today,
    )
    wishes = [wish for line in kept.lines if (wish := expected[line.plan].wish)]
    for wish in wishes:
        did = f"「{wish.state.label}」({wish.visits}回)と記録して"
        refuse_stale(wish, wish.event_id, seen.get(wish.plan, 0), f"プラン{wish.plan}", did)
    number = next_contract_number(work.session, year)
    who = vendor_called(work.session, vendor, work.now, work.by)
    head = ContractHead(0, number, lg_code, who.vendor_id)
    key = CONTRACTS.add(work.session, head, recorded_at=work.now, recorded_by=work.by)
    _add_event(work, key, ContractStep.CONCLUDED, kept.signed_on, kept, "")
    for wish in wishes:
        if wish.state is WishState.APPROVED:
            said = replace(
                wish, state=WishState.CONTRACTED, recorded_at=work.now, recorded_by=work.by
            )
            WISHES.add(work.session, said)
    work.audit(number.label, lg_code=lg_code, vendor=who.name, **_told(kept))
    return ConcludedContract(key, number.label)


@command("contract:change", "変更契約の記録", "contract:record")
def change_contract(
    work: Work,
    *,
    lg_code: str,
    contract_id: int,
    day: date,
    terms: ContractTerms,
    reason: Annotated[str, REASON],
    seen_event: int,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> int:
    """Record 変更契約: other visits, amounts or last day. What was planned and no longer fits is cancelled.

    Returns:
        How many planned visits were cancelled with it.

    Raises:
        InvalidInputError: Every field that cannot be used, or no such contract of this municipality.
        ConflictError: Changed meanwhile, or taken back.
    """
    return _change(
        work, lg_code, contract_id, ContractStep.CHANGED, day, terms, reason, seen_event, reference
    )


@command("contract:correct", "契約の記録の訂正", "contract:record")
def correct_contract(
    work: Work,
    *,
    lg_code: str,
    contract_id: int,
    terms: ContractTerms,
    reason: Annotated[str, REASON],
    seen_event: int,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> int:
    """Record that the terms were recorded wrongly; as :func:`change_contract`."""
    step = ContractStep.CORRECTED
    return _change(
        work, lg_code, contract_id, step, work.today, terms, reason, seen_event, reference
    )


@command("contract:cancel", "契約の記録の取消し", "contract:record")
def cancel_contract(
    work: Work,
    *,
    lg_code: str,
    contract_id: int,
    reason: Annotated[str, REASON],
    seen_event: int,
    request_id: str,
    now: datetime,
) -> int:
    """Take a contract back that was recorded by mistake; its planned visits are cancelled.

    Its wishes stay at 契約, and another contract can be concluded for them.

    Returns:
        How many planned visits were cancelled with it.

    Raises:
        InvalidInputError: Field ``reason``, or no such contract of this municipality.
        ConflictError: Changed meanwhile, taken back, paid for or held.
    """
    before = _contract(work.session, lg_code, contract_id, seen_event)
    ours = visits(work.session, lg_code, contract_ids=[contract_id])
    said = check_cancelled(before, reason, ours)
    _add_event(work, contract_id, ContractStep.CANCELLED, work.today, before.terms, said)
    gone = cancel_visits(work.session, surplus_visits(ours, None), said, work.now, work.by)
    work.audit(before.number.label, lg_code=lg_code, reason=said, cancelled=gone)
    return gone


@command("payment:record", "契約の支払の記録")
def record_payment(
    work: Work,
    *,
    lg_code: str,
    contract_id: int,
    paid_on: date,
    lines: tuple[PaidLine, ...],
    note: Annotated[str, NOTE],
    seen_payment: int,
    request_id: str,
    now: datetime,
) -> int:
    """Record money that went to the vendor, by plan.

    Args:
        seen_payment: Number of the last payment the screen showed; 0 for none.

    Returns:
        Yen paid in all since.

    Raises:
        InvalidInputError: Every field that cannot be used, or no such contract of this municipality.
        ConflictError: Another payment was recorded meanwhile, or the contract was taken back.
    """
    before = contract_of(work.session, lg_code, contract_id)
    _refuse_stale_payment(before, seen_payment)
    kept = check_payment(before, paid_on, lines, work.today)
    made = Payment(0, contract_id, paid_on, kept, None, note, work.now, work.by)
    PAYMENTS.add(work.session, made)
    work.audit(before.number.label, lg_code=lg_code, amount=int(made.amount), day=paid_on)
    return int(before.paid + made.amount)


@command("payment:take_back", "契約の支払の取消し", "payment:record")
def take_back_payment(
    work: Work,
    *,
    lg_code: str,
    contract_id: int,
    payment_id: int,
    reason: Annotated[str, REASON],
    seen_payment: int,
    request_id: str,
    now: datetime,
) -> int:
    """Take a payment back that was recorded by mistake.

    Returns:
        Yen paid in all since.

    Raises:
        InvalidInputError: Field ``reason``, or no such payment of this contract.
        ConflictError: It is taken back already, or another payment was recorded meanwhile.
    """
    before = contract_of(work.session, lg_code, contract_id)
    refuse_cancelled(before)
    _refuse_stale_payment(before, seen_payment)
    said = needed_reason(reason, "取消しの理由を入力してください。")
    found = next((each for each in before.payments if each.event_id == payment_id), None)
    if found is None or found.cancels is not None:
        raise InvalidInputError(
            {"payment_id": "この支払は見つかりません。画面を更新してください。"}
        )
    if any(each.cancels == payment_id for each in before.payments):
        raise ConflictError("この支払は取り消されています。画面を更新して確認してください。")
    back = replace(
        found,
        event_id=0,
        cancels=payment_id,
        note=said,
        recorded_at=work.now,
        recorded_by=work.by,
    )
    PAYMENTS.add(work.session, back)
    work.audit(before.number.label, lg_code=lg_code, amount=int(found.amount), reason=said)
    return int(before.paid - found.amount)


def _change(
    work: Work,
    lg_code: str,
    contract_id: int,
    step: ContractStep,
    day: date,
    terms: ContractTerms,
    reason: str,
    seen_event: int,
    reference: Reference,
) -> int:
    before = _contract(work.session, lg_code, contract_id, seen_event)
    ours = visits(work.session, lg_code, contract_ids=[contract_id])
    year = before.fiscal_year
    expected = expected_of(
        work.session, reference.plan_offers(year), lg_code, year, terms.first_day
    )
    kept, said = check_changed(
        before, step, day, terms, reason, expected=expected, visits=ours, today=work.today
    )
    _add_event(work, contract_id, step, day, kept, said)
    why = f"{step.label}による: {said}"
    gone = cancel_visits(work.session, surplus_visits(ours, kept), why, work.now, work.by)
    work.audit(before.number.label, lg_code=lg_code, reason=said, cancelled=gone, **_told(kept))
    return gone


def _contract(session: Session, lg_code: str, contract_id: int, seen_event: int) -> Contract:
    found = contract_of(session, lg_code, contract_id)
    did = f"「{found.last.step.label}」と記録して"
    refuse_stale(found.last, found.last.event_id, seen_event, "この契約", did)
    return found


def _refuse_stale_payment(contract: Contract, seen: int) -> None:
    last = contract.payments[-1] if contract.payments else None
    did = "支払を取り消して" if last and last.cancels else "支払を記録して"
    refuse_stale(last, last.event_id if last else 0, seen, "この契約", did)


def _add_event(
    work: Work, contract_id: int, step: ContractStep, day: date, terms: ContractTerms, reason: str
) -> None:
    said = ContractEvent(0, contract_id, step, day, terms, reason, work.now, work.by)
    CONTRACT_EVENTS.add(work.session, said)


def _told(terms: ContractTerms) -> dict[str, object]:
    return {
        "plans": {line.plan: line.visits for line in terms.lines},
        "amount": int(terms.amount),
        "first_day": terms.first_day,
        "last_day": terms.last_day,
    }
