"""Rows of ``kept_estimate`` ↔ kept estimates."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.estimate.link import from_link, to_link
from core.estimate.request import EstimateRequest
from core.store.tables import KeptEstimateRow, KeptState
from core.values.money import Yen


@dataclass(frozen=True)
class KeptEstimate:
    """An estimate a municipality keeps (保存した試算).

    Attributes:
        row_id: Number of the row that holds the last word; what a form saw.
        estimate_id: Stays the same over renaming.
        lg_code: Whose.
        name: As the officer named it.
        request: What was asked.
        gross: 歳出 when it was kept, yen.
        subsidy: 府補助金 when it was kept, yen.
        net: 一般財源 when it was kept, yen.
        state: Kept or discarded.
        recorded_at: When the last word was said.
        recorded_by: By whom.
    """

    row_id: int
    estimate_id: str
    lg_code: str
    name: str
    request: EstimateRequest
    gross: Yen
    subsidy: Yen
    net: Yen
    state: KeptState
    recorded_at: datetime
    recorded_by: str


def kept_estimates(session: Session, lg_code: str) -> dict[str, KeptEstimate]:
    """A municipality's estimates by id: the last row of each, discarded ones included."""
    rows = session.scalars(
        select(KeptEstimateRow)
        .where(KeptEstimateRow.lg_code == lg_code)
        .order_by(KeptEstimateRow.id)
    )
    return {row.estimate_id: _kept(row) for row in rows}


def add_kept_estimate(session: Session, kept: KeptEstimate) -> KeptEstimate:
    """Insert one row; returns it with its number."""
    row = KeptEstimateRow(
        estimate_id=kept.estimate_id,
        lg_code=kept.lg_code,
        name=kept.name,
        request=json.dumps(to_link(kept.request)),
        gross=int(kept.gross),
        subsidy=int(kept.subsidy),
        net=int(kept.net),
        state=kept.state,
        recorded_at=kept.recorded_at,
        recorded_by=kept.recorded_by,
    )
    session.add(row)
    session.flush()
    return _kept(row)


def _kept(row: KeptEstimateRow) -> KeptEstimate:
    return KeptEstimate(
        row_id=row.id,
        estimate_id=row.estimate_id,
        lg_code=row.lg_code,
        name=row.name,
        request=from_link(json.loads(row.request), 0),
        gross=Yen(row.gross),
        subsidy=Yen(row.subsidy),
        net=Yen(row.net),
        state=row.state,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
    )
