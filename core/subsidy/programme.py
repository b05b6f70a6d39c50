"""補助事業: what a prefecture grants money for in a fiscal year, and on which terms."""

from __future__ import annotations

from dataclasses import dataclass

from core.estimate.terms import SubsidyTerms
from core.values.fiscal import FiscalYear
from core.values.money import Yen

TALENT = "talent"
"""Key of the programme that pays for support plans; its terms are parameters (制度値)."""


@dataclass(frozen=True)
class GrantProgramme:
    """One programme in one fiscal year.

    Attributes:
        key: Of the catalogue; :data:`TALENT` for the support plans.
        terms: Rate, rounding and cap; None where no rate is published: then an application states
            its amount and the decision is the secretariat's.
        budget: What there is for it in the year, yen; None when unknown, which is not 0.
        joint: Whether several municipalities may apply together, with shares.
        advance: Whether 概算払 is possible before the amount is final.
        criteria: 審査の観点, in order.
        source: Key in data/sources.yaml or the secretariat's words.
        assumed: Whether a value of it is assumed or under consideration (仮).
        note: What is not known of it, in words.
    """

    key: str
    fiscal_year: FiscalYear
    name: str
    terms: SubsidyTerms | None
    budget: Yen | None
    joint: bool = False
    advance: bool = False
    criteria: tuple[str, ...] = ()
    source: str = ""
    assumed: bool = False
    note: str = ""
