"""似た市町村との比較: one's own municipality beside the like ones, naming nobody's inner affairs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from statistics import median_high

from core.kpi.facts import Facts
from core.procurement.standing import State
from core.values.figure import LEDGER_SOURCE
from core.values.fiscal import FiscalYear, budget_request_year
from core.values.municipality import Municipality, likenesses

ALIKE = 8
"""How many like ones are looked at."""


@dataclass(frozen=True)
class PeerMeasure:
    """One measure of ours beside the like ones.

    Attributes:
        name: What is measured.
        unit: 単位.
        definition: What is counted, in one sentence.
        basis: 集計基準.
        source: Key in data/sources.yaml, or 台帳.
        ours: Ours; None is unknown.
        median: Of the like ones, of two middle ones the larger; None is unknown.
        above_zero: How many of the like ones have any.
    """

    name: str
    unit: str
    definition: str
    basis: str
    source: str
    ours: int | None
    median: int | None
    above_zero: int | None


@dataclass(frozen=True)
class PeerRow:
    """Where a municipality stands in each joint procurement; published, so named.

    Attributes:
        municipality: Which; the first row is ours.
        states: In the order of the procurements.
        systems: In how many it takes part, paid or free.
    """

    municipality: Municipality
    states: tuple[State, ...]
    systems: int


@dataclass(frozen=True)
class Peers:
    """Ours beside the like ones.

    Attributes:
        as_of: 基準日, inclusive.
        systems: Short names of the joint procurements, in order.
        rows: Ours, then the like ones, most alike first.
        measures: Of the like ones together; none of them is named.
    """

    as_of: date
    systems: tuple[str, ...]
    rows: tuple[PeerRow, ...]
    measures: tuple[PeerMeasure, ...]


def peers(facts: Facts, ours: Municipality, as_of: date) -> Peers:
    """The comparison as of a day.

    Args:
        facts: Everything known.
        ours: The municipality that asks.
        as_of: 基準日, inclusive.
    """
    likes = [like.municipality for like in likenesses(ours, facts.reference.municipalities)]
    alike = likes[:ALIKE]
    programmes = facts.reference.procurements.programmes

    def row(municipality: Municipality) -> PeerRow:
        code = municipality.lg_code
        return PeerRow(
            municipality,
            tuple(facts.ledger.programme(each.key).state(code, as_of) for each in programmes),
            facts.ledger.systems_of(code, as_of),
        )

    return Peers(
        as_of=as_of,
        systems=tuple(each.short_label for each in programmes),
        rows=tuple(row(each) for each in (ours, *alike)),
        measures=_measures(facts, ours, alike, as_of),
    )


def _measures(
    facts: Facts, ours: Municipality, alike: list[Municipality], as_of: date
) -> tuple[PeerMeasure, ...]:
    year, budgeted = FiscalYear.of(as_of), budget_request_year(as_of)
    wanted = facts.wanted_on(as_of)
    held = facts.sessions_on(as_of)
    recorded = [each for each in held if each.recorded]
    asked = [c for c in facts.consultations_on(as_of) if c.number.fiscal_year == year]

    def measured(
        name: str,
        unit: str,
        definition: str,
        basis: str,
        number: Callable[[str], int],
        *,
        known: bool = True,
    ) -> PeerMeasure:
        others = [number(each.lg_code) for each in alike]
        return PeerMeasure(
            name,
            unit,
            definition,
            basis,
            LEDGER_SOURCE,
            number(ours.lg_code) if known else None,
            median_high(others) if known and others else None,
            sum(each > 0 for each in others) if known else None,
        )

    return (
        measured(
            "参加しているシステム・事業",
            "件",
            "共同調達と人材シェアリングのうち、参加の記録があるものの数。",
            "有償版・無償版。名が公表されていない参加は含まない。",
            lambda code: facts.ledger.systems_of(code, as_of),
        ),
        measured(
            "支援プランの希望",
            "件",
            "検討中・希望・予算要求・議決・契約としたプランの数。",
            f"{budgeted.label}分。辞退を除く。",
            lambda code: sum(wish.lg_code == code for wish in wanted),
        ),
        measured(
            "研修ののべ出席者",
            "人",
            "研修に出席した人の、のべの数。",
            f"{year.label}に開かれ、ここに出席が記録された日程。",
            lambda code: sum(each.present.get(code, 0) for each in recorded),
            known=bool(recorded) or not held,
        ),
        measured(
            "アドバイザー相談",
            "件",
            "受け付けたアドバイザー相談の数。",
            f"{year.label}に受け付けたもの。取下げを含む。",
            lambda code: sum(each.lg_code == code for each in asked),
        ),
    )
