"""共同調達の指標: who takes part, each system on its own basis, published beside ledger."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from core.kpi.indicator import (
    Fold,
    Indicator,
    Row,
    Subject,
    Wanted,
    unknown,
)
from core.kpi.participation_rows import (
    difference_rows,
    foreseen_participation,
    late_rows,
    population_rows,
    published_days,
    published_rows,
    published_totals,
    reach_rows,
    standing_days,
    standing_rows,
)
from core.procurement.counting import CountBasis
from core.procurement.standing import FORESEEN, PAID, TAKING_PART, Standing
from core.reference.procurements import Procurement, Procurements
from core.values.figure import LEDGER_SOURCE, Status

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
            rows=partial(standing_rows, key, frozenset(standings)),
            changes=partial(standing_days, (key,)),
            headline=headline,
            foreseen=partial(foreseen_participation, key) if foreseen else None,
            published=partial(published_totals, key, count_basis) if count_basis else None,
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
        rows=partial(published_rows, system.key),
        changes=partial(published_days, system.key),
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
        rows=partial(difference_rows, system.key),
        changes=lambda facts: [
            *standing_days((system.key,), facts),
            *published_days(system.key, facts),
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
        "changes": partial(standing_days, keys),
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
            rows=partial(late_rows, systems, {p.key: p.label for p in procurements.programmes}),
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
            rows=partial(reach_rows, 0),
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
            rows=partial(reach_rows, len(keys)),
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
        rows=partial(population_rows, programmes),
        changes=partial(standing_days, programmes),
        headline=headline,
    )
