"""Everything in a folder like data/, read and checked at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from core.estimate.offers import Offer, Offers
from core.params import Parameter
from core.procurement.published import PublishedTotal
from core.reference import event_list, participations, published_totals
from core.reference.advisors import Advisors
from core.reference.event_list import EventColumn
from core.reference.files import Files, Folder, Trees
from core.reference.municipalities import read_municipalities
from core.reference.names import Names
from core.reference.parameters import FirstValues
from core.reference.participations import PublishedParticipation
from core.reference.plans import Plans, SupportPlan, TalentSharing
from core.reference.procurements import Procurements
from core.reference.programmes import Programmes
from core.reference.sources import Source, Sources
from core.reference.trainings import TrainingYear
from core.values.errors import InvalidInputError
from core.values.fiscal import FiscalYear
from core.values.money import Yen
from core.values.municipality import Municipality, MunicipalityGroup, groups

MAP = "municipalities.topojson"
"""Boundaries, object ``municipalities``, the code as ``id``."""


@dataclass(frozen=True, eq=False)
class Reference:
    """All reference data; one pack a process, so it is compared by identity."""

    names: Names  # what the prefecture, its municipalities and their alliance are called
    sources: Mapping[str, Source]  # 出典 by key
    municipalities: tuple[Municipality, ...]  # 市町村 in file order
    parameters: tuple[Parameter, ...]  # 制度値 to begin with, ``recorded_at`` None
    talent: TalentSharing  # デジタル人材シェアリング事業
    plans: tuple[SupportPlan, ...]  # 支援プラン by number
    programmes: Programmes  # budgets, surveys, the next joint procurement, questions answered
    procurements: Procurements  # 共同調達
    participations: tuple[PublishedParticipation, ...]  # named participations, in file order
    published_totals: tuple[PublishedTotal, ...]  # 公表値, in file order
    trainings: TrainingYear  # 研修
    advisors: Advisors  # アドバイザー制度
    event_columns: tuple[EventColumn, ...]  # header of イベント一覧
    map: str  # 地図, TopoJSON; empty where there is none
    fiscal_year: FiscalYear  # 年度 that plans and advisors are offered in
    years: tuple[FiscalYear, ...]  # 年度 that something was published of, in their order
    files: Mapping[str, Any] = field(repr=False)  # what was read, as the files hold it
    other_years: Callable[[FiscalYear], Reference] | None = None  # as the catalogue keeps them

    def of(self, fiscal_year: FiscalYear) -> Reference:
        """What is offered in a fiscal year, or was said last of the years before it.

        A pack that is no catalogue yet says the same of every year.
        """
        return self if self.other_years is None else self.other_years(fiscal_year)

    def offers(self, fiscal_year: FiscalYear) -> Offers:
        """The support plans of a fiscal year, as an estimate takes them."""
        return self.of(fiscal_year)._offers

    @cached_property
    def _offers(self) -> Offers:
        return Offers(
            self.fiscal_year,
            MappingProxyType(
                {
                    plan.number: Offer(
                        plan.number,
                        None if plan.unit_price is None else Yen(plan.unit_price),
                        plan.visits,
                        plan.source,
                    )
                    for plan in self.plans
                }
            ),
        )

    def plan_name(self, number: int, fiscal_year: FiscalYear) -> str:
        """プラン2 標準化, as it was called in a year; one that was not offered goes by its number."""
        found = self.of(fiscal_year)._by_number.get(number)
        return found.label if found else f"プラン{number}"

    def plan_title(self, number: int, fiscal_year: FiscalYear) -> str:
        """The same with its whole name."""
        found = self.of(fiscal_year)._by_number.get(number)
        return f"{number}. {found.name}" if found else f"プラン{number}"

    @cached_property
    def _by_number(self) -> Mapping[int, SupportPlan]:
        return MappingProxyType({plan.number: plan for plan in self.plans})

    @cached_property
    def participants(self) -> Mapping[str, str]:
        """Code → name of everybody who can take part in a joint procurement: the prefecture too."""
        named = {municipality.lg_code: municipality.name for municipality in self.municipalities}
        return MappingProxyType(named | {self.names.prefecture_code: self.names.prefecture})

    @property
    def all_towns(self) -> str:
        """How many municipalities there are, in words (19市町)."""
        return f"{len(self.municipalities)}{self.names.towns}"

    @property
    def everybody(self) -> str:
        """The same, and where (県内19市町)."""
        return f"{self.names.within}{self.all_towns}"

    @cached_property
    def by_code(self) -> Mapping[str, Municipality]:
        """Code → municipality, in file order."""
        return MappingProxyType({each.lg_code: each for each in self.municipalities})

    @cached_property
    def areas(self) -> tuple[MunicipalityGroup, ...]:
        """地域, in file order."""
        return groups(self.municipalities, "area")

    @cached_property
    def categories(self) -> tuple[MunicipalityGroup, ...]:
        """政令指定都市, 中核市, …, in file order."""
        return groups(self.municipalities, "category")

    def totals_of(self, programme: str) -> tuple[PublishedTotal, ...]:
        """公表値 of one joint procurement, in file order."""
        return self._totals.get(programme, ())

    @cached_property
    def _totals(self) -> Mapping[str, tuple[PublishedTotal, ...]]:
        keys = {total.programme for total in self.published_totals}
        return {
            key: tuple(total for total in self.published_totals if total.programme == key)
            for key in keys
        }

    def municipality(self, lg_code: str) -> Municipality:
        """The municipality of a code.

        Raises:
            InvalidInputError: No municipality has it.
        """
        found = self.by_code.get(lg_code)
        if found is not None:
            return found
        raise InvalidInputError(
            {
                "lg_code": f"団体コード「{lg_code}」の{self.names.towns}はありません。"
                "一覧から選び直してください。"
            }
        )


def load_reference(root: Path) -> Reference:
    """Read and check every file of a pack.

    Args:
        root: The folder.

    Raises:
        ReferenceDataError: A file cannot be used; names file, line and reason.
    """
    return read_reference(Files(root))


def read_reference(trees: Trees) -> Reference:
    """Check what the files of a pack hold, wherever they are.

    Raises:
        ReferenceDataError: Something is not as declared; names file, line where there is one, reason.
    """
    folder = Folder(trees)
    sources = folder.mapping("sources.yaml", Sources).sources
    folder = folder.knowing(sources=sources)
    names = folder.mapping("names.yaml", Names)
    municipalities = read_municipalities(folder)
    procurements = folder.mapping("procurements.yaml", Procurements)
    called = {each.lg_code: each.name for each in municipalities}
    folder = folder.knowing(lots=procurements.lots, names=called)
    plans = folder.mapping("plans.yaml", Plans)
    totals = folder.table("published_totals.csv", published_totals.COLUMNS, published_totals.ROWS)
    return Reference(
        names=names,
        sources=sources,
        municipalities=municipalities,
        parameters=folder.mapping("parameters.yaml", FirstValues).in_file_order,
        talent=plans.programme,
        plans=plans.plans,
        programmes=folder.mapping("programmes.yaml", Programmes),
        procurements=procurements,
        participations=folder.table(
            "participation.csv", participations.COLUMNS, participations.ROWS
        ),
        published_totals=tuple(row.total for row in totals),
        trainings=folder.mapping("trainings.yaml", TrainingYear),
        advisors=folder.mapping("advisors.yaml", Advisors),
        event_columns=folder.table("event_list_columns.csv", event_list.COLUMNS, event_list.ROWS),
        map=folder.text(MAP),
        fiscal_year=plans.programme.fiscal_year,
        years=(plans.programme.fiscal_year,),
        files=folder.read,
    )
