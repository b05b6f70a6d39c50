"""保存した試算: every save, renaming and discarding is a row; the last one counts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlalchemy.orm import Session

from core.estimate.link import ESTIMATE_LINK
from core.estimate.request import EstimateRequest
from core.store.columns import AsText
from core.store.table import Stored
from core.values.money import Yen


class KeptState(StrEnum):
    """Whether a kept estimate is still wanted (保存した試算の状態)."""

    KEPT = "kept"
    DISCARDED = "discarded"


@dataclass(frozen=True)
class KeptEstimate:
    """An estimate a municipality keeps (保存した試算).

    Attributes:
        row_id: Number of the row that holds the last word; what a form saw.
        estimate_id: Stays the same over renaming.
        gross, subsidy, net: As they were when it was kept.
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


ESTIMATES = Stored(
    "kept_estimate",
    KeptEstimate,
    Index("kept_estimate_lg_code", "lg_code", "estimate_id"),
    key="row_id",
    columns={
        "request": AsText(
            lambda request: json.dumps(ESTIMATE_LINK.write(request)),
            lambda text: ESTIMATE_LINK.read(json.loads(text), 0),
        )
    },
)


def kept_estimates(session: Session, lg_code: str) -> dict[str, KeptEstimate]:
    """A municipality's estimates by id: the last row of each, discarded ones included."""
    return {kept.estimate_id: kept for kept in ESTIMATES.all(session, lg_code=lg_code)}


def still_kept(session: Session, lg_code: str) -> tuple[KeptEstimate, ...]:
    """A municipality's estimates that are not discarded, the one changed last first."""
    kept = [k for k in kept_estimates(session, lg_code).values() if k.state is KeptState.KEPT]
    return tuple(sorted(kept, key=lambda k: -k.row_id))
