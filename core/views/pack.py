"""What a pack is written from: the catalogue of today, and what was recorded beside it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.params import Parameter
from core.procurement.event import LedgerEvent
from core.reference.pack import Reference
from core.store.catalogue import catalogue_in
from core.store.coverage import coverage_events
from core.store.engine import at_one_moment
from core.store.ledger import ledger_events
from core.store.parameters import all_parameters
from core.store.trainings import recorded_since


@dataclass(frozen=True)
class Recorded:
    """What was recorded beside the catalogue, and whether there is more of it."""

    events: tuple[LedgerEvent, ...]  # everything of the ledger, in the order of recording
    parameters: tuple[Parameter, ...]  # everything ever recorded, in that order
    coverage: int  # how many declarations of 網羅
    trainings: int  # how many 研修 were made or changed since the pack
    years: tuple[str, ...]  # other published fiscal years, in words


@requires("catalogue:read")
def pack_view(engine: Engine, principal: Principal, reference: Reference) -> Recorded:  # noqa: ARG001
    """Everything a pack may hold beside the catalogue, as of one moment."""
    with at_one_moment(engine) as session:
        published = catalogue_in(session).published
        return Recorded(
            events=tuple(ledger_events(session)),
            parameters=all_parameters(session),
            coverage=len(coverage_events(session)),
            trainings=recorded_since(session),
            years=tuple(year.label for year in published if year != reference.fiscal_year),
        )
