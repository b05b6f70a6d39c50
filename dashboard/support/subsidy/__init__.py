"""補助金: the way of a subsidy from the application to the money."""

from __future__ import annotations

from core.access.principal import Principal, allows
from dashboard.support.subsidy.office import draw_office
from dashboard.support.subsidy.own import draw_own


def draw(principal: Principal) -> None:
    """The board of everybody for the secretariat, a municipality's own cases for its officer."""
    if allows(principal, "subsidy:decide"):
        draw_office(principal)
    else:
        draw_own(principal)
