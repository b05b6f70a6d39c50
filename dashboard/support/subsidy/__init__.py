"""補助金: the way of a subsidy from the application to the money."""

from __future__ import annotations

from core.access.principal import Principal, allows
from dashboard.kit import address
from dashboard.support.subsidy.office import draw_office
from dashboard.support.subsidy.own import draw_own
from dashboard.support.subsidy.question import PART, Question


def draw(principal: Principal) -> None:
    """The board of everybody for the secretariat, a municipality's own cases for its officer."""
    address.take(Question, PART, principal)
    if allows(principal, "subsidy:decide"):
        draw_office(principal)
    else:
        draw_own(principal)
    address.write(PART, address.current(Question, PART, principal))
