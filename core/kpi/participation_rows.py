"""What makes the numbers of 共同調達: who stands where, what was published, what is foreseen."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from core.kpi.facts import Facts
from core.kpi.indicator import EVERYBODY, Foreseen, KpiFilter, Row, unknown
from core.procurement.counting import CountBasis
from core.procurement.published import PublishedTotal, latest_published
from core.procurement.standing import FORESEEN, PAID, Standing, State
from core.values.figure import Status


def standing_days(programmes: Iterable[str], facts: Facts) -> list[date]:
    """Days on which the standing of a municipality changes in any of these programmes."""
    return [day for key in programmes for day in facts.ledger_days.get(key, ())]


def _detail(state: State) -> str:
    parts = [f"区分{state.lot}" if state.lot else ""]
    parts.append(f"{state.since.label}から" if state.since else "")
    parts.append(f"開始予定 {state.target.label}" if state.target else "")
    return "、".join(filter(None, parts))


def standing_rows(
    programme: str, standings: Collection[Standing], facts: Facts, as_of: date, chosen: KpiFilter
) -> tuple[Row, ...]:
    """One row a municipality in any of these standings; each counts 1."""
    index = facts.ledger.programme(programme)
    return tuple(
        Row(
            key=m.lg_code,
            label=m.name,
            group=state.standing.label,
            numerator=1,
            detail=_detail(state),
            lg_code=m.lg_code,
        )
        for m in chosen.chosen(facts)
        if (state := index.state(m.lg_code, as_of)).standing in standings
    )


def foreseen_participation(
    programme: str, facts: Facts, as_of: date, chosen: KpiFilter
) -> tuple[Foreseen, ...]:
    """Paid participations there would be, by the day each foreseen one is meant to begin."""
    index = facts.ledger.programme(programme)
    total, begin = 0, []
    for m in chosen.chosen(facts):
        state = index.state(m.lg_code, as_of)
        total += state.standing in PAID
        aims = state.standing in FORESEEN or state.foreseen is not None
        if aims and state.target is not None and state.target.first > as_of:
            begin.append(state.target.first)
    return tuple(
        Foreseen(day, total + sum(each <= day for each in begin)) for day in sorted(set(begin))
    )


def published_totals(
    programme: str, basis: CountBasis, facts: Facts, as_of: date
) -> tuple[PublishedTotal, ...]:
    """Latest counts on the basis; every earlier one stays in the history of the screen."""
    return latest_published(facts.reference.totals_of(programme), programme, basis, as_of)


def _latest_actual(programme: str, facts: Facts, as_of: date) -> list[PublishedTotal]:
    found = published_totals(programme, CountBasis.PAID, facts, as_of)
    return [total for total in found if total.status is Status.ACTUAL]


def published_rows(
    programme: str, facts: Facts, as_of: date, _chosen: KpiFilter
) -> tuple[Row, ...]:
    """The latest actual 公表値 as one row; unknown when there is none or they disagree."""
    found = _latest_actual(programme, facts, as_of)
    if not found:
        return (unknown("公表値", "基準日までに実績は公表されていない。"),)
    if len({total.value for total in found}) > 1:
        said = "、".join(f"{total.value}団体" for total in found)
        return (unknown("公表値", f"同じ時点の公表値が食い違う({said})。"),)
    total = found[0]
    source = facts.reference.sources[total.source]
    return (
        Row(
            key=f"{total.source}:{total.line}",
            label="公表値",
            group="公表値",
            numerator=total.value,
            detail=f"{total.as_of.label}時点。{source.title}",
        ),
    )


def difference_rows(
    programme: str, facts: Facts, as_of: date, _chosen: KpiFilter
) -> tuple[Row, ...]:
    """公表値 less each municipality the ledger names."""
    named = standing_rows(programme, PAID, facts, as_of, EVERYBODY)
    minus = tuple(
        Row(
            key=row.key,
            label=row.label,
            group="台帳",
            numerator=-1,
            detail=f"{row.group}、{row.detail}",
            lg_code=row.lg_code,
        )
        for row in named
    )
    return (*published_rows(programme, facts, as_of, EVERYBODY), *minus)


def published_days(programme: str, facts: Facts) -> list[date]:
    """Days from which a 公表値 holds."""
    return [total.as_of.first for total in facts.reference.totals_of(programme)]


def late_rows(
    systems: tuple[str, ...],
    names: dict[str, str],
    facts: Facts,
    as_of: date,
    chosen: KpiFilter,
) -> tuple[Row, ...]:
    """One row a paid participation in these systems; 後乗り counts 1, 当初参加 0."""
    return tuple(
        Row(
            key=f"{m.lg_code}:{key}",
            label=m.name,
            group=names[key],
            numerator=int(state.standing is Standing.PAID_LATE),
            detail=f"{state.standing.label}、{_detail(state)}",
            lg_code=m.lg_code,
        )
        for key in systems
        for m in chosen.chosen(facts)
        if (state := facts.ledger.programme(key).state(m.lg_code, as_of)).standing in PAID
    )


def population_rows(
    programmes: tuple[str, ...], facts: Facts, as_of: date, chosen: KpiFilter
) -> tuple[Row, ...]:
    """One row a municipality; its population counts when it pays in any of these programmes."""
    rows = []
    for m in chosen.chosen(facts):
        inside = any(
            facts.ledger.programme(key).state(m.lg_code, as_of).standing in PAID
            for key in programmes
        )
        rows.append(
            Row(
                key=m.lg_code,
                label=m.name,
                group="参加" if inside else "参加の記録なし",
                numerator=m.population if inside else 0,
                denominator=m.population,
                detail=f"人口{m.population:,}人",
                lg_code=m.lg_code,
            )
        )
    return tuple(rows)


def reach_rows(wanted: int, facts: Facts, as_of: date, chosen: KpiFilter) -> tuple[Row, ...]:
    """Municipalities that take part, paid or free, in exactly so many programmes."""
    return tuple(
        Row(
            key=m.lg_code,
            label=m.name,
            group=m.area,
            numerator=1,
            detail=f"{m.category}、人口{m.population:,}人",
            lg_code=m.lg_code,
        )
        for m in chosen.chosen(facts)
        if facts.ledger.systems_of(m.lg_code, as_of) == wanted
    )
