"""共同調達の指標: who takes part, each system on its own basis, published around the ledger.

A system's number is its headline: with 台帳の網羅 the ledger's count, without it the latest actual
公表値 with the names known inside it, else 不明. Sums and shares are known where all they need is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from core.figures.indicator import (
    EVERYBODY,
    Birth,
    Fold,
    Foreseen,
    Indicator,
    KpiFilter,
    Part,
    Place,
    Subject,
    Wanted,
    municipality_part,
    unknown,
)
from core.figures.known import Known
from core.procurement.counting import CountBasis
from core.procurement.coverage import CoverageState
from core.procurement.headline import Headline, Origin
from core.procurement.published import Metric, PublishedPart, PublishedTotal, latest_parts
from core.procurement.standing import FORESEEN, PAID, TAKING_PART, Standing, State, is_overdue
from core.reference.names import Names
from core.reference.pack import Reference
from core.reference.procurements import Procurement
from core.values.figure import LEDGER_SOURCE, Status, day_label

_HEADLINE = (
    "台帳の網羅の宣言があれば台帳の数、なければ最も新しい公表値(実績)で、うち名前がわかる団体を添える。"
    "どちらもなければ不明で、0ではない。"
)
_RECORDED = (
    "台帳の記録による。名が公表されていない参加は含まれず、記録がないことは不参加を意味しない。"
)
_COVERED = "台帳の網羅の宣言がなければ不明。"
_CARD = frozenset({Place.CARD})
_INSIDE = {CountBasis.PAID: PAID, CountBasis.PAID_OR_FREE: TAKING_PART}


_participation = partial(Indicator, subject=Subject.PARTICIPATION, screen="procurement")


def indicators(reference: Reference) -> tuple[Indicator, ...]:
    """Of each joint procurement, then over all of them."""
    programmes = reference.procurements.programmes
    each = (
        one
        for system in programmes
        for one in _of_system(
            system, reference.totals_of(system.key), reference.names, reference.census
        )
    )
    return (*each, *_over_all(reference, tuple(p.key for p in programmes)))


def _days(programmes: Iterable[str], known: Known) -> list[date]:
    return [day for key in programmes for day in known.programme_days[key]]


def _of_system(
    system: Procurement, totals: Sequence[PublishedTotal], names: Names, census: str
) -> tuple[Indicator, ...]:
    key, label, short = system.key, system.label, system.short_label

    made = partial(
        _participation,
        numerator=f"その状態の{names.towns}の数",
        unit="団体",
        wanted=Wanted.UP,
        changes=partial(_days, (key,)),
    )

    def headline(part: str, name: str, basis: CountBasis, definition: str) -> Indicator:
        return made(
            f"{key}_{part}",
            f"{short}: {name}",
            definition,
            f"集計基準: {basis.label}。{_HEADLINE}",
            partial(_headline_parts, key, basis),
            born=partial(_headline_birth, key, basis),
            points=partial(_points, key, basis),
        )

    late = [t for t in totals if t.metric is Metric.LATE_JOINERS and t.status is Status.ACTUAL]
    found = [
        replace(
            headline(
                "paid",
                "参加",
                CountBasis.PAID,
                f"{label}に参加している{names.towns}の数。当初参加と後乗りの合計。",
            ),
            shows=_CARD if key == "talent" else _CARD | {Place.HOME},
            foreseen=partial(_foreseen, key, True),
        ),
        made(
            f"{key}_named",
            f"{short}: 名前がわかる団体",
            f"{label}の有償版に参加していると台帳に記録された{names.towns}の数。",
            f"集計基準: {CountBasis.PAID.label}。{_RECORDED}網羅の宣言がない間は参加の実績の数ではない。",
            partial(_standing_parts, key, PAID),
            foreseen=partial(_foreseen, key, False),
        ),
        made(
            f"{key}_initial",
            f"{short}: 当初参加",
            f"{label}に最初の調達から参加している{names.towns}の数。",
            f"集計基準: {CountBasis.PAID.label}のうち当初参加。{_COVERED}",
            partial(_covered_parts, key, frozenset({Standing.PAID_INITIAL})),
            wanted=Wanted.NEITHER,
        ),
        made(
            f"{key}_late",
            f"{short}: 後乗り",
            f"{label}に調達のあとから参加した{names.towns}の数。",
            f"集計基準: {CountBasis.PAID.label}のうち後乗り。{_COVERED}",
            partial(_covered_parts, key, frozenset({Standing.PAID_LATE})),
        ),
    ]
    if late:
        found.append(
            made(
                f"{key}_late_published",
                f"{short}: 年度中の後乗り(公表値)",
                f"公表された、1年度のうちに{label}に後乗りした{names.towns}の数。",
                f"集計基準: {CountBasis.PAID.label}。公表された年度だけで、累計ではない。",
                partial(_late_published_parts, key),
                numerator="公表値",
                source=system.source,
                filterable=False,
                born=partial(_late_published_birth, key),
            )
        )
    if system.free_edition:
        found.append(
            headline(
                "paid_or_free",
                "参加(無償版を含む)",
                CountBasis.PAID_OR_FREE,
                f"{label}の有償版または無償版を使っている{names.towns}の数。",
            )
        )
    found += [
        made(
            f"{key}_planned",
            f"{short}: 参加予定",
            f"{label}への参加を予定し、まだ参加していない{names.towns}の数。",
            "予定または委任状提出の記録がある団体。実績とは足さない。",
            partial(_standing_parts, key, FORESEEN),
            status=Status.PLANNED,
        ),
        made(
            f"{key}_published",
            f"{short}: 参加(公表値)",
            f"公表された{label}の参加団体数のうち、基準日までで最も新しい実績の値。",
            f"集計基準: {CountBasis.PAID.label}。予定の値は含まない。同じ日の公表値が食い違うときは不明。",
            partial(_published_parts, key),
            numerator="公表値",
            source=system.source,
            filterable=False,
            born=partial(_published_birth, key),
        ),
        made(
            f"{key}_unnamed",
            f"{short}: 公表値と台帳の差",
            "公表値から台帳の数を引いた数。名前が公表されていない参加団体の目安。",
            f"集計基準: {CountBasis.PAID.label}。台帳の名前を差から補うことはしない。マイナスは台帳の方が多い。",
            partial(_difference_parts, key),
            numerator="公表値 − 台帳に名前のある団体",
            wanted=Wanted.DOWN,
            source=system.source,
            screen="ledger",
            filterable=False,
        ),
        _population(
            f"{key}_population",
            f"{short}: 人口カバー率",
            f"{label}に参加している{names.towns}に住む人の割合。",
            (key,),
            frozenset(),
            names,
            census,
        ),
    ]
    return tuple(found)


def _population(
    key: str,
    name: str,
    definition: str,
    programmes: tuple[str, ...],
    shows: frozenset[Place],
    names: Names,
    census: str,
) -> Indicator:
    return _participation(
        key,
        name,
        definition,
        f"集計基準: {CountBasis.PAID.label}。人口は{census}。{_COVERED}",
        partial(_population_parts, programmes),
        numerator=f"参加している{names.towns}の人口",
        denominator=f"対象の{names.towns}の人口",
        unit="%",
        wanted=Wanted.UP,
        fold=Fold.SHARE,
        changes=partial(_days, programmes),
        shows=shows,
    )


def _over_all(reference: Reference, programmes: tuple[str, ...]) -> tuple[Indicator, ...]:
    systems = tuple(key for key in programmes if key != "talent")
    merit, names = reference.procurements.scale_merit, reference.names
    talent = len(systems) < len(programmes)
    everything = "共同調達と人材シェアリング" if talent else "共同調達"
    alone = "人材シェアリングを除く。" if talent else ""

    counted = partial(
        _participation,
        numerator=f"その状態の{names.towns}の数",
        unit="団体",
        changes=partial(_days, programmes),
    )
    recorded = f"有償版・無償版を参加と数える。{_RECORDED}"
    cells = partial(counted, numerator="団体×共同調達", unit="件")
    return (
        counted(
            "participations",
            "のべ参加",
            f"各システムに参加している{names.towns}の数の合計。2つに参加する団体は2と数える。",
            f"集計基準: {CountBasis.PAID.label}。{alone}{_HEADLINE}1つでも不明なら合計も不明。",
            partial(_participation_parts, systems),
            numerator="団体×システム",
            wanted=Wanted.UP,
            filterable=False,
        ),
        counted(
            "late_share",
            "後乗りの割合",
            "システムの共同調達への参加のうち、後乗りが占める割合。",
            f"集計基準: {CountBasis.PAID.label}。{alone}網羅の宣言があるシステムは台帳の数、"
            "ほかは後乗りの数が公表された年度の公表値で、どちらもないシステムは含まない。",
            partial(_late_parts, systems),
            numerator="後乗り(団体×システム)",
            denominator="参加(団体×システム)",
            unit="%",
            fold=Fold.SHARE,
            shows=frozenset({Place.CARD, Place.WALL}),
            born=partial(_late_birth, systems),
        ),
        _population(
            "population",
            "人口カバー率",
            f"1つ以上のシステムの共同調達に参加している{names.towns}に住む人の割合。",
            systems,
            _CARD,
            names,
            reference.census,
        ),
        counted(
            "in_none",
            "どれにも参加の記録がない団体",
            f"{everything}のどれにも参加の記録がない{names.towns}の数。",
            recorded,
            partial(_reach_parts, lambda number: number == 0),
            shows=_CARD,
            wanted=Wanted.DOWN,
        ),
        counted(
            "in_some",
            "1つ以上に参加の記録がある団体",
            f"{everything}の1つ以上に参加の記録がある{names.towns}の数。",
            recorded,
            partial(_reach_parts, lambda number: number > 0),
            wanted=Wanted.UP,
        ),
        counted(
            "in_all",
            "すべてに参加の記録がある団体",
            f"{everything}の{len(programmes)}事業すべてに参加の記録がある{names.towns}の数。",
            recorded,
            partial(_reach_parts, lambda number: number == len(programmes)),
            shows=_CARD,
            wanted=Wanted.UP,
        ),
        cells(
            "participation_records",
            "参加の記録があるシステム・事業",
            f"{everything}の、参加の記録がある団体と事業の組の数。",
            recorded,
            partial(_cell_parts, Known.seen, lambda state, _day: state.standing in TAKING_PART),
            wanted=Wanted.UP,
        ),
        cells(
            "overdue",
            "開始予定を過ぎた予定",
            "開始予定の月になったか過ぎたのに、参加の記録がまだない予定の数。",
            "予定・委任状提出の記録による。無償版からの切り替えの予定を含む。開始時期の記録がない予定は含まない。",
            partial(_cell_parts, Known.recorded, is_overdue),
            screen="ledger",
            wanted=Wanted.DOWN,
            # whatever month a plan aims at, it may become overdue when that month begins
            changes=partial(_aim_days, programmes),
        ),
        cells(
            "mandate_missing",
            "意向あり・委任状未着",
            "参加の予定が記録され、委任状の提出がまだ記録されていない予定の数。",
            "無償版からの切り替えの予定を含む。",
            partial(_cell_parts, Known.recorded, _lacks_mandate),
            screen="ledger",
            wanted=Wanted.DOWN,
        ),
        counted(
            "saving",
            "標準価格との差額",
            "共同調達によって標準価格より安くなった額の見積り。",
            f"仮定。{merit.single_system_note}見積書の額は団体が試算に使うだけで保存しないため、計算できない。",
            lambda _known, _day, _chosen: (
                unknown("標準価格", "団体ごとの見積書の額は保存していない。"),
            ),
            numerator="参加団体の標準価格 × 3割程度",
            unit="円",
            source=merit.single_system_source,
            status=Status.ASSUMED,
            wanted=Wanted.UP,
            filterable=False,
            changes=lambda _known: (),
        ),
    )


# --- parts ----------------------------------------------------------------------------------


def _detail(state: State) -> str:
    parts = [f"区分{state.lot}" if state.lot else ""]
    parts.append(f"{state.since.label}から" if state.since else "")
    parts.append(f"開始予定 {state.target.label}" if state.target else "")
    parts.append(f"{state.former}の参加" if state.former else "")
    return "、".join(filter(None, parts))


def _standing_parts(
    programme: str, standings: Collection[Standing], known: Known, as_of: date, chosen: KpiFilter
) -> tuple[Part, ...]:
    """One part a municipality in any of these standings; each counts 1."""
    return tuple(
        municipality_part(each, state.standing.label, _detail(state))
        for each in chosen.chosen(known, as_of)
        if (state := known.seen(programme, each.lg_code, as_of)).standing in standings
    )


def _headline_parts(
    programme: str, basis: CountBasis, known: Known, as_of: date, chosen: KpiFilter
) -> tuple[Part, ...]:
    """The names known, and what the headline counts beyond them."""
    found = known.headline(programme, basis, as_of)
    named = _standing_parts(programme, _INSIDE[basis], known, as_of, chosen)
    if found.origin is Origin.LEDGER:
        return named
    if found.value is None:
        return (*named, unknown("公表値", _why_not(found)))
    if chosen != EVERYBODY:
        why = f"公表値は{known.reference.names.within}全体の数で、地域・区分・人口規模ごとの内訳は公表されていない。"
        return (*named, unknown("公表値", why))
    gap = found.value - len(named)
    rest = Part(
        "unnamed",
        "名前が公表されていない団体" if gap > 0 else "公表値より多く台帳に記録された団体",
        "公表だけ",
        gap,
        detail=f"公表値{found.value}団体({found.as_of.label}時点)と名前がわかる{len(named)}団体の差",
    )
    return (*named, rest) if gap else named


def _why_not(found: Headline) -> str:
    if found.disagree:
        said = "、".join(f"{t.value}団体" for t in found.published if t.status is Status.ACTUAL)
        return f"同じ時点の公表値が食い違う({said})。"
    return "実績の公表値も、台帳の網羅の宣言もない。"


def _headline_birth(programme: str, basis: CountBasis, known: Known, as_of: date) -> Birth:
    found = known.headline(programme, basis, as_of)
    own = found.origin is Origin.PUBLISHED
    return Birth(
        as_of=f"{found.as_of.label}時点",
        source=found.source or LEDGER_SOURCE,
        origin=found.origin,
        named=found.named,
        published=found.planned if own else found.published,
    )


def _points(programme: str, basis: CountBasis, known: Known) -> tuple[PublishedTotal, ...]:
    """Every count published on the basis, of any day."""
    return tuple(
        total
        for total in known.reference.totals_of(programme)
        if (total.metric, total.lot, total.basis) == (Metric.PARTICIPANTS, None, basis)
    )


def _foreseen(
    programme: str, counted: bool, known: Known, as_of: date, chosen: KpiFilter
) -> tuple[Foreseen, ...]:
    """Paid participations there would be, by the day each foreseen one is meant to begin.

    Added to the names known; where the number itself is wanted, only while the names are all.
    """
    if counted and not _is_covered(programme, known, as_of):
        return ()
    total, begin = 0, []
    for each in chosen.chosen(known, as_of):
        state = known.seen(programme, each.lg_code, as_of)
        total += state.standing in PAID
        if _aims(state) and state.target is not None and state.target.first > as_of:
            begin.append(state.target.first)
    return tuple(
        Foreseen(day, total + sum(one <= day for one in begin)) for day in sorted(set(begin))
    )


def _is_covered(programme: str, known: Known, as_of: date) -> bool:
    found = known.headline(programme, CountBasis.PAID, as_of)
    return found.coverage is CoverageState.COMPLETE


def _covered_parts(
    programme: str, standings: Collection[Standing], known: Known, as_of: date, chosen: KpiFilter
) -> tuple[Part, ...]:
    """Names in these standings; with the word that there may be more, unless they are all."""
    named = _standing_parts(programme, standings, known, as_of, chosen)
    if _is_covered(programme, known, as_of):
        return named
    return (*named, unknown("名前が公表されていない団体", "台帳の網羅の宣言がない。"))


def _published_parts(
    programme: str, known: Known, as_of: date, _chosen: KpiFilter
) -> tuple[Part, ...]:
    """The latest actual 公表値 as one part; unknown when there is none or they disagree."""
    found = known.headline(programme, CountBasis.PAID, as_of)
    actual = [total for total in found.published if total.status is Status.ACTUAL]
    if not actual:
        return (unknown("公表値", "基準日までに実績は公表されていない。"),)
    if found.disagree:
        return (unknown("公表値", _why_not(found)),)
    return (_published_part(actual[0], known),)


def _published_part(total: PublishedTotal, known: Known, detail: str = "") -> Part:
    title = known.reference.sources[total.source].title
    return Part(
        f"{total.source}:{total.line}",
        "公表値",
        "公表値",
        total.value,
        detail=f"{total.as_of.label}時点。{detail}{title}",
    )


def _published_birth(programme: str, known: Known, as_of: date) -> Birth:
    found = known.headline(programme, CountBasis.PAID, as_of)
    return _born_of([t for t in found.published if t.status is Status.ACTUAL], as_of)


def _born_of(totals: Sequence[PublishedTotal], as_of: date) -> Birth:
    if not totals:
        return Birth(day_label(as_of), LEDGER_SOURCE)
    days = "、".join(dict.fromkeys(f"{total.as_of.label}時点" for total in totals))
    return Birth(days, totals[0].source, Origin.PUBLISHED)


def _difference_parts(
    programme: str, known: Known, as_of: date, _chosen: KpiFilter
) -> tuple[Part, ...]:
    """公表値 less each municipality the ledger names."""
    named = _standing_parts(programme, PAID, known, as_of, EVERYBODY)
    minus = (
        Part(p.key, p.label, "台帳", -1, detail=f"{p.group}、{p.detail}", lg_code=p.lg_code)
        for p in named
    )
    return (*_published_parts(programme, known, as_of, EVERYBODY), *minus)


def _late_published(programme: str, known: Known, as_of: date) -> list[PublishedPart]:
    totals = known.reference.totals_of(programme)
    found = latest_parts(totals, programme, CountBasis.PAID, as_of, today=known.today)
    return [each for each in found if each.part.status is Status.ACTUAL]


def _late_published_parts(
    programme: str, known: Known, as_of: date, _chosen: KpiFilter
) -> tuple[Part, ...]:
    found = _late_published(programme, known, as_of)
    if not found:
        return (unknown("公表値", "基準日までに公表されていない。"),)
    return tuple(
        _published_part(each.part, known, f"{each.period.label}中、{each.whole.value}団体のうち。")
        for each in found
    )


def _late_published_birth(programme: str, known: Known, as_of: date) -> Birth:
    return _born_of([each.part for each in _late_published(programme, known, as_of)], as_of)


def _late_parts(
    systems: tuple[str, ...], known: Known, as_of: date, chosen: KpiFilter
) -> tuple[Part, ...]:
    """後乗り counts 1 and 当初参加 0 of a covered system; else the part that was published."""
    found: list[Part] = []
    for key in systems:
        label = known.reference.procurements.programme(key).label
        published = _late_published(key, known, as_of) if chosen == EVERYBODY else []
        if _is_covered(key, known, as_of):
            found += (
                Part(
                    f"{p.lg_code}:{key}",
                    p.label,
                    label,
                    int(p.group == Standing.PAID_LATE.label),
                    detail=f"{p.group}、{p.detail}",
                    lg_code=p.lg_code,
                )
                for p in _standing_parts(key, PAID, known, as_of, chosen)
            )
        else:
            found += (
                Part(
                    f"{key}:{each.part.line}",
                    "公表値",
                    label,
                    each.part.value,
                    each.whole.value,
                    f"{each.period.label}中の後乗り、{each.whole.as_of.label}時点の"
                    f"{each.whole.value}団体のうち",
                )
                for each in published
            )
    return tuple(found) or (unknown("後乗り", "網羅の宣言も公表値もない。"),)


def _late_birth(systems: tuple[str, ...], known: Known, as_of: date) -> Birth:
    published = [
        each.part
        for key in systems
        if not _is_covered(key, known, as_of)
        for each in _late_published(key, known, as_of)
    ]
    return _born_of(published, as_of)


def _participation_parts(
    systems: tuple[str, ...], known: Known, as_of: date, _chosen: KpiFilter
) -> tuple[Part, ...]:
    found = []
    for key in systems:
        label = known.reference.procurements.programme(key).label
        head = known.headline(key, CountBasis.PAID, as_of)
        if head.value is None:
            found.append(Part(key, label, "不明", None, detail=_why_not(head)))
        else:
            origin = head.origin.label if head.origin else ""
            found.append(Part(key, label, origin, head.value, detail=f"{head.as_of.label}時点"))
    return tuple(found)


def _population_parts(
    programmes: tuple[str, ...], known: Known, as_of: date, chosen: KpiFilter
) -> tuple[Part, ...]:
    """One part a municipality; its population counts when it pays in any of these programmes."""
    found = []
    for each in chosen.chosen(known, as_of):
        inside = any(known.seen(key, each.lg_code, as_of).standing in PAID for key in programmes)
        found.append(
            municipality_part(
                each,
                "参加" if inside else "参加の記録なし",
                f"人口{each.population:,}人",
                each.population if inside else 0,
                each.population,
            )
        )
    if all(_is_covered(key, known, as_of) for key in programmes):
        return tuple(found)
    why = unknown("名前が公表されていない団体", "台帳の網羅の宣言がない。")
    return (*found, why)


def _reach_parts(
    wanted: Callable[[int], bool], known: Known, as_of: date, chosen: KpiFilter
) -> tuple[Part, ...]:
    """Municipalities with a record of taking part, paid or free, in so many programmes."""
    return tuple(
        municipality_part(each, each.area, f"{each.category}、人口{each.population:,}人")
        for each in chosen.chosen(known, as_of)
        if wanted(known.systems_of(each.lg_code, as_of))
    )


def _aims(state: State) -> bool:
    return state.standing in FORESEEN or state.foreseen is not None


def _lacks_mandate(state: State, _as_of: date) -> bool:
    return Standing.PLANNED in (state.standing, state.foreseen)


def _cell_parts(
    state_of: Callable[[Known, str, str, date], State],
    wanted: Callable[[State, date], bool],
    known: Known,
    as_of: date,
    chosen: KpiFilter,
) -> tuple[Part, ...]:
    """One part a municipality and joint procurement that stand as wanted."""
    return tuple(
        Part(
            f"{each.lg_code}:{programme.key}",
            each.name,
            programme.label,
            1,
            detail="、".join(filter(None, (state.standing.label, _detail(state)))),
            lg_code=each.lg_code,
        )
        for programme in known.reference.procurements.programmes
        for each in chosen.chosen(known, as_of)
        if wanted(state := state_of(known, programme.key, each.lg_code, as_of), as_of)
    )


def _aim_days(programmes: tuple[str, ...], known: Known) -> list[date]:
    aims = {
        state.target.first.replace(day=1)
        for programme in known.ledger.programmes.values()
        for path in programme.paths.values()
        for state in path.values
        if state.target is not None
    }
    return [*_days(programmes, known), *sorted(aims)]
