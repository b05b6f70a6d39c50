"""What the page わがまち shows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.consultation.case import Consultation
from core.reference.pack import Reference
from core.store.consultations import consultations
from core.store.engine import reading
from core.store.estimates import KeptEstimate, still_kept
from core.store.wishes import wish_events
from core.support.wish import WishEvent, current_wishes
from core.values.municipality import Likeness, Municipality, most_alike

_ALIKE = 8


@dataclass(frozen=True)
class OurMunicipalityAnswer:
    """Everything of one municipality."""

    municipality: Municipality
    alike: tuple[Likeness, ...]  # the municipalities most like it; none that shares nothing with it
    kept: tuple[KeptEstimate, ...]  # kept estimates, newest first
    wishes: tuple[WishEvent, ...]  # the last word on every plan, newest fiscal year first
    history: tuple[WishEvent, ...]  # everything said about wishes, newest first
    # open ones and those that wait for our word on publishing, newest first
    consultations: tuple[Consultation, ...]


@requires("municipality:read", municipality="lg_code")
def our_municipality_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    lg_code: str,
) -> OurMunicipalityAnswer:
    """A municipality's own page.

    Raises:
        InvalidInputError: No such municipality.
    """
    municipality = reference.municipality(lg_code)
    with reading(engine) as session:
        kept = still_kept(session, lg_code)
        events = wish_events(session, lg_code)
        asked = consultations(session, lg_code)
    return OurMunicipalityAnswer(
        municipality=municipality,
        alike=most_alike(municipality, reference.municipalities, _ALIKE),
        kept=kept,
        wishes=tuple(
            sorted(current_wishes(events).values(), key=lambda w: (-w.fiscal_year, w.plan))
        ),
        history=tuple(reversed(events)),
        consultations=tuple(c for c in reversed(asked) if c.is_open or c.awaits_consent),
    )
