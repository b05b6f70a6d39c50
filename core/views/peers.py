"""One municipality beside the like ones, and the page for a visit to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.boarding.window import Window, open_windows
from core.figures.peers import Peers, peers
from core.figures.registry import Said
from core.reference.pack import Reference
from core.store.engine import reading
from core.store.kpi import known
from core.support.wish import WishEvent
from core.training.reach import KnownSession
from core.values.fiscal import FiscalYear, budget_request_year
from core.values.municipality import Municipality


@requires("municipality:read", municipality="lg_code")
def peers_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    lg_code: str,
    as_of: date,
) -> Peers:
    """A municipality beside the like ones.

    Raises:
        InvalidInputError: No such municipality.
    """
    reference = reference.on(as_of)
    ours = reference.municipality(lg_code)
    with reading(engine) as session:
        said = Said(known(session, reference), as_of)
    return peers(said, ours)


@dataclass(frozen=True)
class AskedLine:
    """One アドバイザー相談 in a line, without its words."""

    number: str
    theme: str
    state: str
    asked_on: date


@dataclass(frozen=True)
class VisitAnswer:
    """Everything one page for a visit shows (訪問用の1枚)."""

    reference: Reference
    municipality: Municipality
    as_of: date  # 基準日, inclusive
    fiscal_year: FiscalYear  # 年度 that wishes are about
    peers: Peers
    wishes: tuple[WishEvent, ...]  # the last word on every plan of that year, 辞退 included
    # 日程 of the fiscal year of the day that somebody of it attended
    trainings: tuple[KnownSession, ...]
    # of the fiscal year of the day, and open ones, newest first
    consultations: tuple[AskedLine, ...]
    windows: tuple[Window, ...]  # 後乗り募集 open on the day


@requires("municipality:read", municipality="lg_code")
def visit_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    lg_code: str,
    as_of: date,
    today: date | None = None,
) -> VisitAnswer:
    """What one brings along when visiting a municipality.

    Raises:
        InvalidInputError: No such municipality.
    """
    reference = reference.on(as_of)
    ours = reference.municipality(lg_code)
    with reading(engine) as session:
        everything = known(session, reference, today=today)
    year = FiscalYear.of(as_of)
    theirs = reference.succession.forebears(lg_code, as_of)
    asked = [c for c in everything.consultations_on(as_of) if c.lg_code in theirs]
    return VisitAnswer(
        reference=reference,
        municipality=ours,
        as_of=as_of,
        fiscal_year=budget_request_year(as_of),
        peers=peers(Said(everything, as_of), ours),
        wishes=tuple(
            sorted(
                (w for w in everything.wishes_on(as_of) if w.lg_code in theirs),
                key=lambda w: w.plan,
            )
        ),
        trainings=tuple(
            s for s in everything.sessions_on(as_of) if any(map(s.present.get, theirs))
        ),
        consultations=tuple(
            AskedLine(c.number.label, c.request.theme.label, c.state.label, c.requested_on)
            for c in reversed(asked)
            if c.is_open or c.number.fiscal_year == year
        ),
        windows=tuple(open_windows(everything.windows, as_of)),
    )
