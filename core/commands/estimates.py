"""Keep, rename and discard a municipality's estimates; every change is an insert."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.access.permission import requires
from core.access.principal import Principal
from core.estimate.calculation import estimate
from core.estimate.request import EstimateRequest
from core.store.audit import earlier_result, record_audit, remember_result
from core.store.engine import writing
from core.store.estimates import KeptEstimate, KeptState, add_kept_estimate, kept_estimates
from core.store.parameters import all_parameters
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import japan_day

MAX_NAME = 60
"""Longest name of an estimate, characters."""
MAX_KEPT = 100
"""Most estimates a municipality keeps at a time."""


@requires("estimate:keep", municipality="lg_code")
def keep_estimate(
    engine: Engine,
    principal: Principal,
    *,
    lg_code: str,
    name: str,
    request: EstimateRequest,
    plans: Collection[int],
    request_id: str,
    now: datetime,
) -> str:
    """Keep an estimate under a name.

    Args:
        plans: The plan numbers there are.
        request_id: The same id again answers with the first estimate.

    Returns:
        The new ``estimate_id``.

    Raises:
        InvalidInputError: Field ``name``, or what the estimate refuses.
        ConflictError: The name is taken, or too many are kept.
    """
    named = _checked_name(name)
    with writing(engine) as session:
        if (
            earlier := earlier_result(session, principal, request_id, action="estimate:keep")
        ) is not None:
            return earlier
        kept = _still_kept(session, lg_code)
        _refuse_taken(kept, named)
        if len(kept) >= MAX_KEPT:
            raise ConflictError(
                f"保存できる試算は{MAX_KEPT}件までです。不要な試算を削除してください。"
            )
        result = estimate(request, plans, all_parameters(session))
        estimate_id = uuid.uuid4().hex
        add_kept_estimate(
            session,
            KeptEstimate(
                row_id=0,
                estimate_id=estimate_id,
                lg_code=lg_code,
                name=named,
                request=request,
                gross=result.gross,
                subsidy=result.subsidy,
                net=result.net,
                state=KeptState.KEPT,
                recorded_at=now,
                recorded_by=principal.username,
            ),
        )
        remember_result(session, principal, now, "estimate:keep", request_id, estimate_id)
        detail = {"name": named, "lg_code": lg_code, "net": int(result.net)}
        record_audit(session, principal, now, "estimate:keep", estimate_id, detail)
        return estimate_id


@requires("estimate:keep", municipality="lg_code")
def rename_estimate(
    engine: Engine,
    principal: Principal,
    *,
    lg_code: str,
    estimate_id: str,
    name: str,
    seen_row: int,
    now: datetime,
) -> None:
    """Give a kept estimate another name.

    Args:
        seen_row: ``row_id`` the form showed; refused when there is a later one.

    Raises:
        InvalidInputError: Field ``name``, or no such estimate of this municipality.
        ConflictError: Changed meanwhile, or the name is taken.
    """
    named = _checked_name(name)
    with writing(engine) as session:
        before = _unchanged(session, lg_code, estimate_id, seen_row)
        others = [k for k in _still_kept(session, lg_code) if k.estimate_id != estimate_id]
        _refuse_taken(others, named)
        changed = replace(before, name=named, recorded_at=now, recorded_by=principal.username)
        add_kept_estimate(session, changed)
        detail = {"name": named, "before": before.name, "lg_code": lg_code}
        record_audit(session, principal, now, "estimate:rename", estimate_id, detail)


@requires("estimate:keep", municipality="lg_code")
def discard_estimate(
    engine: Engine,
    principal: Principal,
    *,
    lg_code: str,
    estimate_id: str,
    seen_row: int,
    now: datetime,
) -> None:
    """Take an estimate off the list; its rows stay.

    Raises:
        InvalidInputError: No such estimate of this municipality.
        ConflictError: Changed meanwhile.
    """
    with writing(engine) as session:
        before = _unchanged(session, lg_code, estimate_id, seen_row)
        gone = replace(
            before, state=KeptState.DISCARDED, recorded_at=now, recorded_by=principal.username
        )
        add_kept_estimate(session, gone)
        detail = {"name": before.name, "lg_code": lg_code}
        record_audit(session, principal, now, "estimate:discard", estimate_id, detail)


def _checked_name(name: str) -> str:
    named = name.strip()
    if not named or len(named) > MAX_NAME:
        raise InvalidInputError(
            {"name": f"試算の名前は1から{MAX_NAME}文字で入力してください(現在{len(named)}文字)。"}
        )
    return named


def _still_kept(session: Session, lg_code: str) -> list[KeptEstimate]:
    return [k for k in kept_estimates(session, lg_code).values() if k.state is KeptState.KEPT]


def _refuse_taken(kept: Collection[KeptEstimate], name: str) -> None:
    if any(k.name == name for k in kept):
        raise ConflictError(f"「{name}」という試算は既にあります。別の名前にしてください。")


def _unchanged(session: Session, lg_code: str, estimate_id: str, seen_row: int) -> KeptEstimate:
    kept = kept_estimates(session, lg_code).get(estimate_id)
    if kept is None:
        raise InvalidInputError(
            {"estimate_id": "この試算は見つかりません。画面を更新してください。"}
        )
    if kept.row_id != seen_row:
        state = "削除" if kept.state is KeptState.DISCARDED else f"「{kept.name}」に変更"
        raise ConflictError(
            f"この試算は{japan_day(kept.recorded_at)}に{kept.recorded_by}が{state}しています。"
            "画面を更新して確認してください。"
        )
    return kept
