"""契約・支援回: contracts of support plans and their visits."""

from __future__ import annotations

from core.access.principal import Principal, allows
from dashboard.kit import address
from dashboard.support.contracts.office import draw_office
from dashboard.support.contracts.question import PART, Question
from dashboard.support.contracts.town import draw_town


def draw(principal: Principal) -> None:
    """What is due first, then the contracts; of the secretariat those of everybody."""
    address.take(Question, PART, principal)
    if allows(principal, "support:manage"):
        draw_office(principal)
    else:
        draw_town(principal, str(principal.lg_code))
    address.write(PART, address.current(Question, PART, principal))
