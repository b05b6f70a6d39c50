"""State a wish for support plans (参加希望の提出・状態の記録)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from core.estimate.calculation import NOTHING_CHOSEN, estimate
from core.estimate.request import EstimateRequest
from core.estimate.terms import terms_word
from core.reference.pack import Reference
from core.store.parameters import all_parameters
from core.store.wishes import WISHES, wish_events
from core.store.work import Work, command, refuse_stale
from core.support.wish import (
    REASON,
    STATED_WITH_ESTIMATE,
    WishEvent,
    WishKey,
    WishState,
    check_transition,
    current_wishes,
    stated,
)
from core.values.errors import ConflictError, DashboardError, InvalidInputError
from core.values.offer import OfferedPart


@command("wish:record", "参加希望の記録")
def hand_in_wishes(
    work: Work,
    *,
    lg_code: str,
    request: EstimateRequest,
    state: WishState,
    seen: Mapping[int, int],
    reference: Reference,
    request_id: str,
    now: datetime,
) -> None:
    """State the same for every plan of an estimate, all or none.

    The amounts are computed here, from the parameters in force, never taken from the screen; for
    a continued estimate those of its first year.

    Args:
        seen: Plan → number of the last event the screen showed; absent for none.

    Raises:
        InvalidInputError: No such municipality on the day, no plan chosen, terms of the asker's own, a state that leaves the amount
            as it is (:func:`advance_wish`), or what the estimate refuses.
        ConflictError: Something changed meanwhile, or the state cannot follow; every plan that
            stands in the way is named.
    """
    reference.municipality(lg_code)
    _refuse_own_terms(request, state, reference)
    year = estimate(request, reference.plan_offers, all_parameters(work.session)).first
    current = current_wishes(wish_events(work.session, lg_code))
    events = stated(lg_code, year.fiscal_year, year.lines, lambda _: state, work.now, work.by)
    _refuse_conflicts(events, current, seen)
    _record(work, events)


@command("wish:record", "参加希望の記録")
def advance_wish(
    work: Work,
    *,
    lg_code: str,
    fiscal_year: int,
    plan: int,
    state: WishState,
    reason: Annotated[str, REASON],
    seen_event: int,
    request_id: str,
    now: datetime,
) -> None:
    """Record the next state of one wish; visits and amounts stay as they were.

    Raises:
        InvalidInputError: Field ``reason``.
        ConflictError: Never wished, changed meanwhile, or the state cannot follow.
    """
    current = current_wishes(wish_events(work.session, lg_code))
    before = current.get((lg_code, fiscal_year, plan))
    check_transition(before, state, reason)
    if before is None:  # a wish begins with its visits: hand_in_wishes
        raise ConflictError("先にプラン選択・費用試算の画面から希望を提出してください。")
    _refuse_stale(before, seen_event)
    after = replace(
        before,
        state=state,
        reason=reason if state is WishState.WITHDRAWN else "",
        recorded_at=work.now,
        recorded_by=work.by,
    )
    _record(work, [after])


def _refuse_own_terms(request: EstimateRequest, state: WishState, reference: Reference) -> None:
    problems = {}
    if state not in STATED_WITH_ESTIMATE:
        problems["state"] = (
            f"「{state.label}」は金額を変えずに記録します。わがまちの画面でプランごとに進めてください。"
        )
    if not request.choices:
        problems["plan"] = NOTHING_CHOSEN
    own = (request.unit_price, request.rate, request.rounding_unit)
    if any(
        value is not None for value in (*own, request.rounding_direction, request.rounding_scope)
    ):
        said = terms_word(subsidised=OfferedPart.SUBSIDY in reference.offers)
        problems["terms"] = (
            f"希望の提出は登録された{said}で行います。"
            "「条件を変えて試す」の入力を元に戻してから提出してください。"
        )
    if problems:
        raise InvalidInputError(problems)


def _refuse_conflicts(
    events: Collection[WishEvent], current: Mapping[WishKey, WishEvent], seen: Mapping[int, int]
) -> None:
    problems: list[str] = []
    for event in events:
        before = current.get((event.lg_code, event.fiscal_year, event.plan))
        try:
            check_transition(before, event.state, event.reason)
            _refuse_stale(before, seen.get(event.plan, 0))
        except DashboardError as error:
            problems.append(str(error))
    if problems:
        raise ConflictError("\n".join(problems))


def _refuse_stale(before: WishEvent | None, seen_event: int) -> None:
    if before is not None:
        did = f"「{before.state.label}」({before.visits}回)と記録して"
        refuse_stale(before, before.event_id, seen_event, f"プラン{before.plan}", did)


def _record(work: Work, events: Collection[WishEvent]) -> None:
    for event in events:
        WISHES.add(work.session, event)
    first = next(iter(events))
    work.audit(
        first.lg_code,
        state=first.state,
        fiscal_year=int(first.fiscal_year),
        plans={event.plan: event.visits for event in events},
        reason=first.reason,
    )
