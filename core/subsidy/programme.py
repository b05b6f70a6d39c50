"""補助事業: what a prefecture grants money for in a fiscal year, and on which terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from core.estimate.terms import SubsidyTerms
from core.reference.grants import TALENT
from core.subsidy.step import CaseStep
from core.values.fiscal import FiscalYear
from core.values.money import Yen


@dataclass(frozen=True)
class GrantProgramme:
    """One programme in one fiscal year.

    Attributes:
        key: Of the catalogue; :data:`core.reference.grants.TALENT` for the support plans.
        terms: Rate, rounding and cap (for one municipality and application); None where no rate is
            published: then an application states its amount and the decision is the secretariat's.
        budget: What there is for it in the year, yen; None when unknown, which is not 0.
        joint: Whether several municipalities may apply together, with shares.
        advance: Whether 概算払 is possible before the amount is final.
        criteria: 審査の観点, in order.
        deadlines: Step of the municipality → last day for it; absent when unknown: then nobody is
            late.
        source: Key in data/sources.yaml or the secretariat's words.
        assumed: Whether a value of it is assumed or under consideration (仮).
        budget_assumed: Whether the budget itself is (仮).
        note: What is not known of it, in words.
        known: Whether the catalogue has it; False of one that left it while cases of it stand.
    """

    key: str
    fiscal_year: FiscalYear
    name: str
    terms: SubsidyTerms | None
    budget: Yen | None
    joint: bool = False
    advance: bool = False
    criteria: tuple[str, ...] = ()
    deadlines: Mapping[CaseStep, date] = field(default_factory=lambda: MappingProxyType({}))
    source: str = ""
    assumed: bool = False
    budget_assumed: bool = False
    note: str = ""
    known: bool = True

    @property
    def from_contracts(self) -> bool:
        """Whether what is granted follows from contracts, visits and payments kept here."""
        return self.key == TALENT and self.known
