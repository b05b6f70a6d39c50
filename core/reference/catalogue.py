"""Everything in data/, read once and checked; the only door to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType

from core.params import Parameter
from core.procurement.event import PREFECTURE, PREFECTURE_NAME
from core.procurement.published import PublishedTotal
from core.reference.advisor import Advisors
from core.reference.advisors import read_advisors
from core.reference.event_list import EventColumn, read_event_columns
from core.reference.municipalities import read_municipalities
from core.reference.parameters import read_parameters
from core.reference.participations import PublishedParticipation, read_participations
from core.reference.plans import SupportPlan, TalentSharing, read_plans
from core.reference.procurement import Procurements
from core.reference.procurements import read_procurements
from core.reference.programme import Programmes
from core.reference.programmes import read_programmes
from core.reference.published_totals import read_published_totals
from core.reference.sources import Folder, Source, read_sources
from core.reference.training import TrainingYear
from core.reference.trainings import read_trainings
from core.values.errors import InvalidInputError
from core.values.municipality import Municipality, MunicipalityGroup, groups

DATA = Path(__file__).resolve().parents[2] / "data"
"""The files shipped with the project."""


@dataclass(frozen=True)
class Reference:
    """All reference data.

    Attributes:
        sources: 出典 by key.
        municipalities: 市町村 in file order.
        parameters: 制度値 to begin with, ``recorded_at`` None.
        talent: デジタル人材シェアリング事業.
        plans: 支援プラン by number.
        programmes: Budgets, surveys, the next joint procurement, questions answered.
        procurements: 共同調達.
        participations: Named participations, in file order.
        published_totals: 公表値, in file order.
        trainings: 研修.
        advisors: アドバイザー制度.
        event_columns: Header of イベント一覧.
    """

    sources: Mapping[str, Source]
    municipalities: tuple[Municipality, ...]
    parameters: tuple[Parameter, ...]
    talent: TalentSharing
    plans: tuple[SupportPlan, ...]
    programmes: Programmes
    procurements: Procurements
    participations: tuple[PublishedParticipation, ...]
    published_totals: tuple[PublishedTotal, ...]
    trainings: TrainingYear
    advisors: Advisors
    event_columns: tuple[EventColumn, ...]

    @cached_property
    def participants(self) -> Mapping[str, str]:
        """Code → name of everybody who can take part in a joint procurement: 大阪府 too."""
        named = {municipality.lg_code: municipality.name for municipality in self.municipalities}
        return MappingProxyType(named | {PREFECTURE: PREFECTURE_NAME})

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
                "lg_code": f"団体コード「{lg_code}」の市町村はありません。一覧から選び直してください。"
            }
        )


def load(root: Path = DATA) -> Reference:
    """Read and check every file of a data folder.

    Args:
        root: The folder.

    Raises:
        ReferenceDataError: A file cannot be used; names file, line and reason.
    """
    folder = Folder(root, read_sources(root))
    municipalities = read_municipalities(folder)
    procurements = read_procurements(folder)
    talent, plans = read_plans(folder)
    return Reference(
        sources=folder.sources,
        municipalities=municipalities,
        parameters=read_parameters(folder),
        talent=talent,
        plans=plans,
        programmes=read_programmes(folder, procurements.lots),
        procurements=procurements,
        participations=read_participations(folder, municipalities, procurements.lots),
        published_totals=read_published_totals(folder, procurements.lots),
        trainings=read_trainings(folder, procurements.lots),
        advisors=read_advisors(folder),
        event_columns=read_event_columns(folder),
    )


@cache
def shipped() -> Reference:
    """The project's own data, read on first use."""
    return load()
