"""Everything in a folder like data/, read and checked at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from core.estimate.offers import Offer, Offers
from core.params import Parameter
from core.procurement.published import PublishedTotal
from core.reference import event_list, participations, published_totals
from core.reference.advisors import Advisors
from core.reference.event_list import EventColumn
from core.reference.files import Files, Folder, Trees, shown
from core.reference.grants import Grant, Grants
from core.reference.municipalities import read_municipalities
from core.reference.names import Names
from core.reference.parameters import FirstValues
from core.reference.participations import PublishedParticipation
from core.reference.plans import Plans, SupportPlan, TalentSharing
from core.reference.procurements import Procurements
from core.reference.programmes import Programmes
from core.reference.sources import Source, Sources
from core.reference.trainings import TrainingYear
from core.values.errors import InvalidInputError, NotOfferedError, ReferenceDataError
from core.values.fiscal import FiscalYear
from core.values.money import Yen
from core.values.municipality import Municipality, MunicipalityGroup, groups
from core.values.offer import OfferedPart
from core.values.succession import Succession

T = TypeVar("T")
MAP = "municipalities.topojson"
"""Boundaries, object ``municipalities``, the code as ``id``."""


@dataclass(frozen=True, eq=False)
class Reference:
    """All reference data; one pack a process, so it is compared by identity."""

    names: Names  # what the prefecture, its municipalities and their alliance are called
    sources: Mapping[str, Source]  # 出典 by key
    succession: Succession  # 市町村, whatever the day
    parameters: tuple[Parameter, ...]  # 制度値 to begin with, ``recorded_at`` None
    sharing: Plans | None  # デジタル人材シェアリング事業 and its plans; None: not offered
    programmes: Programmes  # budgets, surveys, the next joint procurement, questions answered
    procurements: Procurements  # 共同調達
    participations: tuple[PublishedParticipation, ...]  # named participations, in file order
    published_totals: tuple[PublishedTotal, ...]  # 公表値, in file order
    training_year: TrainingYear | None  # 研修; None: not offered
    advisor_programme: Advisors | None  # アドバイザー制度; None: not offered
    grants: tuple[Grant, ...]  # 補助事業, in file order; none where nobody recorded one
    event_columns: tuple[EventColumn, ...]  # header of イベント一覧; none without trainings
    map: str  # 地図, TopoJSON; empty where there is none
    fiscal_year: FiscalYear  # 年度 that plans and advisors are offered in
    years: tuple[FiscalYear, ...]  # 年度 that something was published of, in their order
    files: Mapping[str, Any] = field(repr=False)  # what was read, as the files hold it
    other_years: Callable[[FiscalYear], Reference] | None = None  # as the catalogue keeps them
    day: date | None = None  # on which the municipalities are those there are; None: without an end
    whole: Reference | None = field(
        default=None, repr=False
    )  # the same without a day; None for that itself

    def of(self, fiscal_year: FiscalYear) -> Reference:
        """What is offered in a fiscal year, or was said last of the years before it.

        A pack that is no catalogue yet says the same of every year. The municipalities stay those
        of the day.
        """
        if self.other_years is None:
            return self
        found = self.other_years(fiscal_year)
        return found if self.day is None else found.on(self.day)

    def on(self, day: date) -> Reference:
        """The same with the municipalities there are on a day: names, counts, areas are theirs.

        Two days between which no municipality changes have the same.
        """
        whole = self.whole or self
        if not self.succession.days:
            return whole
        position = self.succession.position(day)
        if position not in whole._on_days:
            begins = (date.min, *self.succession.days)[position]
            whole._on_days[position] = replace(whole, day=begins, whole=whole)
        return whole._on_days[position]

    @cached_property
    def _on_days(self) -> dict[int, Reference]:
        return {}

    @cached_property
    def municipalities(self) -> tuple[Municipality, ...]:
        """市町村 of the day, in file order."""
        return self.succession.last if self.day is None else self.succession.on(self.day)

    @property
    def _day(self) -> date:
        return self.day or date.max

    def called(self, lg_code: str) -> str:
        """Who is meant by the code of a record: the name, also of one that ended (旧○○); the prefecture's."""
        if lg_code == self.names.prefecture_code:
            return self.names.prefecture
        return self.succession.told(lg_code, self._day)

    def counted(self, lg_code: str) -> Municipality | None:
        """The municipality that counts for a code on the day: its own, or its successor; None for none."""
        return self.by_code.get(self.succession.heir(lg_code, self._day))

    @cached_property
    def ever(self) -> Mapping[str, Municipality]:
        """Code → municipality for codes of records: those of the day, and whoever ended, as 旧○○."""
        found = {}
        for code, own in self.succession.of_code.items():
            there = self.by_code.get(code)
            found[code] = there or replace(own[-1].municipality, name=self.called(code))
        return MappingProxyType(found)

    @cached_property
    def named(self) -> Mapping[str, str]:
        """The same as names, with the prefecture's own: everybody the ledger may speak of."""
        named = {code: each.name for code, each in self.ever.items()}
        return MappingProxyType(named | {self.names.prefecture_code: self.names.prefecture})

    @cached_property
    def own_names(self) -> Mapping[str, str]:
        """The same by their own names, as files say them; those of the day last: a name is theirs."""
        ended = {
            code: self.succession.called(code, date.max)
            for code in self.succession.of_code
            if code not in self.participants
        }
        return MappingProxyType(ended | dict(self.participants))

    @cached_property
    def census(self) -> str:
        """Which 国勢調査 the populations are of, in words (令和2年国勢調査)."""
        return "・".join(dict.fromkeys(each.census_label for each in self.municipalities))

    @cached_property
    def population_sources(self) -> tuple[str, ...]:
        """Keys of the sources of the populations, each once."""
        return tuple(dict.fromkeys(each.source for each in self.municipalities))

    def plan_offers(self, fiscal_year: FiscalYear) -> Offers:
        """The support plans of a fiscal year, as an estimate takes them."""
        return self.of(fiscal_year)._plan_offers

    @cached_property
    def _plan_offers(self) -> Offers:
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
            subsidised=OfferedPart.SUBSIDY in self.offers,
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
    def offers(self) -> frozenset[OfferedPart]:
        """Which parts there are; the one place that says so."""
        there = {
            OfferedPart.TALENT: self.sharing,
            OfferedPart.SUBSIDY: self.sharing and self.names.subsidy,
            OfferedPart.ADVISORS: self.advisor_programme,
            OfferedPart.TRAININGS: self.training_year,
            OfferedPart.MAP: self.map or None,
        }
        return frozenset(offer for offer, part in there.items() if part is not None)

    @property
    def pays_subsidies(self) -> bool:
        """Whether there is money to apply for: for support plans, or of another programme."""
        return OfferedPart.SUBSIDY in self.offers or bool(self.grants)

    @property
    def talent(self) -> TalentSharing:
        """デジタル人材シェアリング事業.

        Raises:
            NotOfferedError: There is none; ``offers`` says so before.
        """
        return _offered(self.sharing, OfferedPart.TALENT).programme

    @property
    def plans(self) -> tuple[SupportPlan, ...]:
        """支援プラン by number; none where there is no talent sharing."""
        return self.sharing.plans if self.sharing else ()

    @property
    def trainings(self) -> TrainingYear:
        """研修.

        Raises:
            NotOfferedError: There are none; ``offers`` says so before.
        """
        return _offered(self.training_year, OfferedPart.TRAININGS)

    @property
    def advisors(self) -> Advisors:
        """アドバイザー制度.

        Raises:
            NotOfferedError: There is none; ``offers`` says so before.
        """
        return _offered(self.advisor_programme, OfferedPart.ADVISORS)

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
            InvalidInputError: No municipality has it on the day; of one that ended who follows it.
        """
        found = self.by_code.get(lg_code)
        if found is not None:
            return found
        gone = self.succession.absence(lg_code, self._day)
        why = (
            f"{gone}アカウントの所属がまだ前の団体のときは、{self.names.secretariat}に変更を頼んでください。"
            if gone
            else f"団体コード「{lg_code}」の{self.names.towns}はありません。一覧から選び直してください。"
        )
        raise InvalidInputError({"lg_code": why})


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
    return _read(trees, lambda read: read())


def problems_of(trees: Trees) -> tuple[ReferenceDataError, ...]:
    """Everything that is not as declared, file by file; what rests on a broken file is not asked."""
    found: list[ReferenceDataError] = []

    def tried(read: Callable[[], Any]) -> Any:
        try:
            return read()
        except ReferenceDataError as error:
            found.extend((error, *error.others))
            return None

    _read(trees, tried)
    return tuple(found)


def _read(trees: Trees, tried: Callable[[Callable[[], Any]], Any]) -> Reference:
    """The files in the order in which one rests on another.

    Args:
        tried: Reads one file; None for one that cannot be read, and nothing follows from it.
    """
    folder = Folder(trees)
    sources = tried(lambda: folder.mapping("sources.yaml", Sources).sources)
    folder = folder.knowing(sources=sources)
    names = tried(lambda: folder.mapping("names.yaml", Names))
    succession = tried(lambda: read_municipalities(folder))
    procurements = tried(lambda: folder.mapping("procurements.yaml", Procurements))
    offers = _offers(trees, names)
    folder = folder.knowing(
        lots=procurements and procurements.lots,
        names=succession and _all_names(succession),
        offers=offers if names else None,
    )
    if sources is not None:
        tried(partial(_check_cited, sources, offers))
    sharing = tried(lambda: folder.mapping_if_there("plans.yaml", Plans))
    advisors = tried(lambda: folder.mapping_if_there("advisors.yaml", Advisors))
    trainings = tried(lambda: folder.mapping_if_there("trainings.yaml", TrainingYear))
    granted = tried(lambda: folder.mapping_if_there("grants.yaml", Grants))
    totals, named, columns = (
        tried(partial(folder.table_if_there, name, module.COLUMNS, module.ROWS))
        for name, module in _TABLES.items()
    )
    if trainings and not columns and not trees.holds("event_list_columns.csv"):
        reason = "研修があるときは、イベント一覧の列がいります。"
        tried(partial(_refuse, "event_list_columns.csv", reason))
    return Reference(
        names=names,
        sources=sources,
        succession=succession,
        parameters=tried(lambda: folder.mapping("parameters.yaml", FirstValues).in_file_order),
        sharing=sharing,
        programmes=tried(lambda: folder.mapping_if_there("programmes.yaml", Programmes))
        or Programmes(),
        procurements=procurements,
        participations=named,
        published_totals=tuple(row.total for row in totals or ()),
        training_year=trainings,
        advisor_programme=advisors,
        grants=granted.grants if granted else (),
        event_columns=columns,
        map=tried(lambda: folder.text(MAP)),
        fiscal_year=(year := _year_of(sharing, advisors, procurements)),
        years=(year,),
        files=folder.read,
    )


def _offers(trees: Trees, names: Names | None) -> frozenset[OfferedPart]:
    """By the files there are; a subsidy is for support plans, and has a name."""
    subsidised = trees.holds(OfferedPart.TALENT.file) and names and names.subsidy
    return frozenset(
        each
        for each in OfferedPart
        if (subsidised if each is OfferedPart.SUBSIDY else trees.holds(each.file))
    )


def _all_names(succession: Succession) -> dict[str, tuple[str, ...]]:
    return {
        code: tuple(dict.fromkeys(term.municipality.name for term in own))
        for code, own in succession.of_code.items()
    }


_TABLES: Mapping[str, Any] = {
    "published_totals.csv": published_totals,
    "participation.csv": participations,
    "event_list_columns.csv": event_list,
}


_NAMED_BY_SCREENS: Mapping[str, OfferedPart | None] = MappingProxyType(
    {
        "kokusei-2020": None,
        "localgovjp": None,
        "event-list": OfferedPart.TRAININGS,
        "n03-2021": OfferedPart.MAP,
    }
)
"""Keys that screens and files cite by themselves, and what must be offered for it; None: always."""


def _check_cited(sources: Mapping[str, Source], offers: Collection[OfferedPart]) -> None:
    cited = [key for key, need in _NAMED_BY_SCREENS.items() if need in (None, *offers)]
    if missing := [key for key in cited if key not in sources]:
        reason = f"画面が引用する出典がありません: {'、'.join(missing)}。"
        _refuse("sources.yaml", reason)


def _refuse(name: str, reason: str) -> None:
    raise ReferenceDataError(shown(name), None, reason)


def _offered(part: T | None, offer: OfferedPart) -> T:
    if part is None:
        raise NotOfferedError(offer.label)
    return part


def _year_of(
    sharing: Plans | None, advisors: Advisors | None, procurements: Procurements | None
) -> FiscalYear:
    """年度 a pack is of: that of the plans, of the advisors, or of the newest joint procurement."""
    if sharing:
        return sharing.programme.fiscal_year
    if advisors:
        return advisors.guide.fiscal_year
    return max(each.fiscal_year for each in procurements.programmes) if procurements else _NO_YEAR


_NO_YEAR = FiscalYear(2000)
"""Of a pack whose joint procurements cannot be read: nobody sees it."""
