"""Keep, rename and discard a municipality's estimates; every change is an insert."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from core.estimate.calculation import estimate
from core.estimate.request import EstimateRequest
from core.reference.pack import Reference
from core.store.estimates import ESTIMATES, KeptEstimate, KeptState, kept_estimates, still_kept
from core.store.parameters import all_parameters
from core.store.work import Work, command, refuse_stale
from core.values.errors import ConflictError, InvalidInputError
from core.values.free_text import Text

NAME = Text("試算の名前", 60)
MAX_KEPT = 100
"""Most estimates a municipality keeps at a time."""


@command("estimate:keep", "試算の保存")
def keep_estimate(
    work: Work,
    *,
    lg_code: str,
    name: Annotated[str, NAME],
    request: EstimateRequest,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> str:
    """Keep an estimate under a name; its new ``estimate_id``.

    Raises:
        InvalidInputError: Field ``name``, or what the estimate refuses.
        ConflictError: The name is taken, or too many are kept.
    """
    kept = still_kept(work.session, lg_code)
    _refuse_taken(kept, name)
    if len(kept) >= MAX_KEPT:
        raise ConflictError(f"保存できる試算は{MAX_KEPT}件までです。不要な試算を削除してください。")
    result = estimate(request, reference.plan_offers, all_parameters(work.session))
    made = KeptEstimate(
        row_id=0,
        estimate_id=uuid.uuid4().hex,
        lg_code=lg_code,
        name=name,
        request=request,
        gross=result.gross,
        subsidy=result.subsidy,
        net=result.net,
        state=KeptState.KEPT,
        recorded_at=work.now,
        recorded_by=work.by,
    )
    ESTIMATES.add(work.session, made)
    work.audit(made.estimate_id, name=name, lg_code=lg_code, net=int(result.net))
    return made.estimate_id


@command("estimate:rename", "試算の名前の変更", "estimate:keep")
def rename_estimate(
    work: Work,
    *,
    lg_code: str,
    estimate_id: str,
    name: Annotated[str, NAME],
    seen_row: int,
    request_id: str = "",
    now: datetime,
) -> None:
    """Give a kept estimate another name.

    Raises:
        InvalidInputError: Field ``name``, or no such estimate of this municipality.
        ConflictError: Changed meanwhile, or the name is taken.
    """
    before = _unchanged(work, lg_code, estimate_id, seen_row)
    _refuse_taken(
        [k for k in still_kept(work.session, lg_code) if k.estimate_id != estimate_id], name
    )
    ESTIMATES.add(
        work.session, replace(before, name=name, recorded_at=work.now, recorded_by=work.by)
    )
    work.audit(estimate_id, name=name, before=before.name, lg_code=lg_code)


@command("estimate:discard", "試算の削除", "estimate:keep")
def discard_estimate(
    work: Work,
    *,
    lg_code: str,
    estimate_id: str,
    seen_row: int,
    request_id: str = "",
    now: datetime,
) -> None:
    """Take an estimate off the list; its rows stay.

    Raises:
        InvalidInputError: No such estimate of this municipality.
        ConflictError: Changed meanwhile.
    """
    before = _unchanged(work, lg_code, estimate_id, seen_row)
    gone = replace(before, state=KeptState.DISCARDED, recorded_at=work.now, recorded_by=work.by)
    ESTIMATES.add(work.session, gone)
    work.audit(estimate_id, name=before.name, lg_code=lg_code)


def _refuse_taken(kept: Collection[KeptEstimate], name: str) -> None:
    if any(k.name == name for k in kept):
        raise ConflictError(f"「{name}」という試算は既にあります。別の名前にしてください。")


def _unchanged(work: Work, lg_code: str, estimate_id: str, seen_row: int) -> KeptEstimate:
    kept = kept_estimates(work.session, lg_code).get(estimate_id)
    if kept is None:
        raise InvalidInputError(
            {"estimate_id": "この試算は見つかりません。画面を更新してください。"}
        )
    did = "削除して" if kept.state is KeptState.DISCARDED else f"「{kept.name}」に変更して"
    refuse_stale(kept, kept.row_id, seen_row, "この試算", did)
    return kept
