"""共同調達の指標: who takes part, each system on its own basis, published beside ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from functools import partial

from core.figure import LEDGER_SOURCE, Status
from core.kpi.facts import Facts
from core.kpi.indicator import (
    EVERYBODY,
    Fold,
    Foreseen,
    Indicator,
    KpiFilter,
    Row,
    Subject,
    Wanted,
    unknown,
)
from core.procurement.counting import CountBasis
from core.procurement.standing import FORESEEN, PAID, TAKING_PART, Standing, State
from core.reference.comparison import latest_published
from core.reference.procurement import Procurement, Procurements
from core.reference.published_totals import PublishedTotal

_UNNAMED = (
    "台帳に名前のある団体。参加団体の名がすべて公表されたわけではなく、0は「参加なし」ではない。"
)
_LATE = "後乗りした団体の名は公表されておらず、台帳に後乗りと記録された団体だけを数える。"


def indicators(procurements: Procurements) -> tuple[Indicator, ...]:
    """Of each joint procurement, then over all of them."""
    each = tuple(one for system in procurements.programmes for one in _of_system(system))
    return (*each, *_over_all(procurements))


def _of_system(system: Procurement) -> tuple[Indicator, ...]:
    label, key = system.label, system.key
    shown = system.short_label

    def counted(
        part: str,
        name: str,
        standings: Collection[Standing],
        definition: str,
        basis: str,
        *,
        status: Status = Status.ACTUAL,
        wanted: Wanted = Wanted.UP,
        headline: bool = False,
        count_basis: CountBasis | None = None,
        foreseen: bool = False,
    ) -> Indicator:
        return Indicator(
            key=f"{key}_{part}",
            name=f"{shown}: {name}",
            subject=Subject.PARTICIPATION,
            definition=definition,
            numerator="その状態の市町村の数",
            denominator=None,
            basis=basis,
            unit="団体",
            wanted=wanted,
            source=LEDGER_SOURCE,
            screen="procurement",
            fold=Fold.TOTAL,
            status=status,
            rows=partial(_standing_rows, key, frozenset(standings)),
            changes=partial(_days, (key,)),
            headline=headline,
            foreseen=partial(_foreseen, key) if foreseen else None,
            published=partial(_published, key, count_basis) if count_basis else None,
        )

    found = [
        counted(
            "paid",
            "参加",
            PAID,
            f"{label}に参加している市町村の数。当初参加と後乗りの合計。",
            f"集計基準: {CountBasis.PAID.label}。{_UNNAMED}",
            headline=True,
            count_basis=CountBasis.PAID,
            foreseen=True,
        ),
        counted(
            "initial",
            "当初参加",
            {Standing.PAID_INITIAL},
            f"{label}に最初の調達から参加している市町村の数。",
            f"集計基準: {CountBasis.PAID.label}のうち当初参加。{_UNNAMED}",
            wanted=Wanted.NEITHER,
        ),
        counted(
            "late",
            "後乗り",
            {Standing.PAID_LATE},
            f"{label}に調達のあとから参加した市町村の数。",
            f"集計基準: {CountBasis.PAID.label}のうち後乗り。{_LATE}",
        ),
    ]
    if system.free_edition:
        found.append(
            counted(
                "paid_or_free",
                "参加(無償版を含む)",
                TAKING_PART,
                f"{label}の有償版または無償版を使っている市町村の数。",
                f"集計基準: {CountBasis.PAID_OR_FREE.label}。{_UNNAMED}",
                count_basis=CountBasis.PAID_OR_FREE,
            )
        )
    found.append(
        counted(
            "planned",
            "参加予定",
            FORESEEN,
            f"{label}への参加を予定し、まだ参加していない市町村の数。",
            "予定または委任状提出の記録がある団体。実績とは足さない。",
            status=Status.PLANNED,
        )
    )
    return (*found, _published_count(system), _unnamed(system), _population(system))


def _published_count(system: Procurement) -> Indicator:
    return Indicator(
        key=f"{system.key}_published",
        name=f"{system.short_label}: 参加(公表値)",
        subject=Subject.PARTICIPATION,
        definition=f"公表された{system.label}の参加団体数のうち、基準日までで最も新しい実績の値。",
        numerator="公表値",
        denominator=None,
        basis=f"集計基準: {CountBasis.PAID.label}。予定の値は含まない。同じ日の公表値が食い違うときは不明。",
        unit="団体",
        wanted=Wanted.UP,
        source=system.source,
        screen="procurement",
        fold=Fold.TOTAL,
        status=Status.ACTUAL,
        rows=partial(_published_rows, system.key),
        changes=partial(_published_days, system.key),
        filterable=False,
    )


def _unnamed(system: Procurement) -> Indicator:
    return Indicator(
        key=f"{system.key}_unnamed",
        name=f"{system.short_label}: 公表値と台帳の差",
        subject=Subject.PARTICIPATION,
        definition="公表値から台帳の数を引いた数。名前が公表されていない参加団体の目安。",
        numerator="公表値 − 台帳に名前のある団体",
        denominator=None,
        basis=f"集計基準: {CountBasis.PAID.label}。台帳の名前を差から補うことはしない。マイナスは台帳の方が多い。",
        unit="団体",
        wanted=Wanted.DOWN,
        source=system.source,
        screen="ledger",
        fold=Fold.TOTAL,
        status=Status.ACTUAL,
        rows=partial(_difference_rows, system.key),
        changes=lambda facts: [
            *_days((system.key,), facts),
            *_published_days(system.key, facts),
        ],
        filterable=False,
    )


def _population(system: Procurement) -> Indicator:
    return _covered(
        f"{system.key}_population",
        f"{system.short_label}: 人口カバー率",
        f"{system.label}に参加している市町村に住む人の割合。",
        (system.key,),
        headline=False,
    )


def _over_all(procurements: Procurements) -> tuple[Indicator, ...]:
    keys = tuple(each.key for each in procurements.programmes)
    systems = tuple(key for key in keys if key != "talent")
    merit = procurements.scale_merit
    common = {
        "subject": Subject.PARTICIPATION,
        "source": LEDGER_SOURCE,
        "screen": "procurement",
        "changes": partial(_days, keys),
    }
    return (
        Indicator(
            key="late_share",
            name="後乗りの割合",
            definition="システムの共同調達への参加のうち、後乗りが占める割合。",
            numerator="後乗り(団体×システム)",
            denominator="当初参加と後乗り(団体×システム)",
            basis=f"集計基準: {CountBasis.PAID.label}。人材シェアリングを除く。{_LATE}",
            unit="%",
            wanted=Wanted.NEITHER,
            fold=Fold.SHARE,
            status=Status.ACTUAL,
            rows=partial(_late_rows, systems, {p.key: p.label for p in procurements.programmes}),
            headline=True,
            **common,  # type: ignore[arg-type]
        ),
        _covered(
            "population",
            "人口カバー率",
            "1つ以上のシステムの共同調達に参加している市町村に住む人の割合。",
            systems,
            headline=True,
        ),
        Indicator(
            key="in_none",
            name="どれにも参加の記録がない団体",
            definition="共同調達と人材シェアリングのどれにも参加の記録がない市町村の数。",
            numerator="参加の記録がない市町村の数",
            denominator=None,
            basis="有償版・無償版を参加と数える。名が公表されていない参加があるため、参加していないとは言えない。",
            unit="団体",
            wanted=Wanted.DOWN,
            fold=Fold.TOTAL,
            status=Status.ACTUAL,
            rows=partial(_reach_rows, 0),
            headline=True,
            **common,  # type: ignore[arg-type]
        ),
        Indicator(
            key="in_all",
            name="すべてに参加している団体",
            definition=f"共同調達と人材シェアリングの{len(keys)}事業すべてに参加の記録がある市町村の数。",
            numerator="すべてに参加の記録がある市町村の数",
            denominator=None,
            basis="有償版・無償版を参加と数える。",
            unit="団体",
            wanted=Wanted.UP,
            fold=Fold.TOTAL,
            status=Status.ACTUAL,
            rows=partial(_reach_rows, len(keys)),
            headline=True,
            **common,  # type: ignore[arg-type]
        ),
        Indicator(
            key="saving",
            name="標準価格との差額",
            subject=Subject.PARTICIPATION,
            definition="共同調達によって標準価格より安くなった額の見積り。",
            numerator="参加団体の標準価格 × 3割程度",
            denominator=None,
            basis=f"仮定。{merit.single_system_note}見積書の額は団体が試算に使うだけで保存しないため、計算できない。",
            unit="円",
            wanted=Wanted.UP,
            source=merit.single_system_source,
            screen="procurement",
            fold=Fold.TOTAL,
            status=Status.ASSUMED,
            rows=lambda _facts, _day, _filter: (
                unknown("標準価格", "団体ごとの見積書の額は保存していない。"),
            ),
            changes=lambda _facts: (),
            filterable=False,
        ),
        Indicator(
            key="saving_rate",
            name="標準価格からの割引(公表値)",
            subject=Subject.PARTICIPATION,
            definition=f"公表されたスケールメリット(「{merit.text}」)。",
            numerator="割引額の割合(概数)",
            denominator="標準価格",
            basis=f"公表の概数で、システムごと・団体ごとの実績ではない。{procurements.as_of_text}の資料。",
            unit="%",
            wanted=Wanted.UP,
            source=merit.source,
            screen="about",
            fold=Fold.SHARE,
            status=Status.ACTUAL,
            rows=lambda facts, _day, _filter: (
                Row(
                    key="scale_merit",
                    label="スケールメリット",
                    group="公表値",
                    numerator=facts.reference.procurements.scale_merit.rate.numerator,
                    denominator=facts.reference.procurements.scale_merit.rate.denominator,
                    detail=facts.reference.procurements.scale_merit.text,
                ),
            ),
            changes=lambda _facts: (),
            filterable=False,
            moves=False,
        ),
    )


def _covered(
    key: str, name: str, definition: str, programmes: tuple[str, ...], *, headline: bool
) -> Indicator:
    return Indicator(
        key=key,
        name=name,
        subject=Subject.PARTICIPATION,
        definition=definition,
        numerator="参加している市町村の人口",
        denominator="対象の市町村の人口",
        basis=f"集計基準: {CountBasis.PAID.label}。人口は令和2年国勢調査。{_UNNAMED}",
        unit="%",
        wanted=Wanted.UP,
        source=LEDGER_SOURCE,
        screen="procurement",
        fold=Fold.SHARE,
        status=Status.ACTUAL,
        rows=partial(_population_rows, programmes),
        changes=partial(_days, programmes),
        headline=headline,
    )


def _days(programmes: Iterable[str], facts: Facts) -> list[date]:
    return [day for key in programmes for day in facts.ledger_days.get(key, ())]


def _detail(state: State) -> str:
    parts = [f"区分{state.lot}" if state.lot else ""]
    parts.append(f"{state.since.label}から" if state.since else "")
    parts.append(f"開始予定 {state.target.label}" if state.target else "")
    return "、".join(filter(None, parts))


def _standing_rows(
    programme: str, standings: Collection[Standing], facts: Facts, as_of: date, chosen: KpiFilter
) -> tuple[Row, ...]:
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


def _foreseen(programme: str, facts: Facts, as_of: date, chosen: KpiFilter) -> tuple[Foreseen, ...]:
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


def _published(
    programme: str, basis: CountBasis, facts: Facts, as_of: date
) -> tuple[PublishedTotal, ...]:
    """Latest counts on the basis; every earlier one stays in the history of the screen."""
    return latest_published(facts.reference.totals_of(programme), programme, basis, as_of)


def _latest_actual(programme: str, facts: Facts, as_of: date) -> list[PublishedTotal]:
    found = _published(programme, CountBasis.PAID, facts, as_of)
    return [total for total in found if total.status is Status.ACTUAL]


def _published_rows(
    programme: str, facts: Facts, as_of: date, _chosen: KpiFilter
) -> tuple[Row, ...]:
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


def _difference_rows(
    programme: str, facts: Facts, as_of: date, _chosen: KpiFilter
) -> tuple[Row, ...]:
    named = _standing_rows(programme, PAID, facts, as_of, EVERYBODY)
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
    return (*_published_rows(programme, facts, as_of, EVERYBODY), *minus)


def _published_days(programme: str, facts: Facts) -> list[date]:
    return [total.as_of.first for total in facts.reference.totals_of(programme)]


def _late_rows(
    systems: tuple[str, ...],
    names: dict[str, str],
    facts: Facts,
    as_of: date,
    chosen: KpiFilter,
) -> tuple[Row, ...]:
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


def _population_rows(
    programmes: tuple[str, ...], facts: Facts, as_of: date, chosen: KpiFilter
) -> tuple[Row, ...]:
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


def _reach_rows(wanted: int, facts: Facts, as_of: date, chosen: KpiFilter) -> tuple[Row, ...]:
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
