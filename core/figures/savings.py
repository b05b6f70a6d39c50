"""費用と効果の指標: what joint procurement saves, in yen and hours, as the municipalities keep it.

A sum of yen is told by the rules of core/quotation/saving.py, whoever asks and of whatever day, so that
the history of a number gives no municipality's away either. It cannot be narrowed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from core.figures.indicator import Birth, Indicator, KpiFilter, Part, Subject, Wanted, unknown
from core.figures.known import Known
from core.quotation.cut import FEWEST, Slot
from core.quotation.event import held, quotations_of, recorded_by_day
from core.quotation.hours import HoursEvent, hours_stated
from core.quotation.saving import CHANGES, SavingTold
from core.quotation.systems import priced_lots
from core.reference.pack import Reference
from core.values.figure import LEDGER_SOURCE, day_label
from core.values.fiscal import FiscalYear, day_in_japan


def indicators(reference: Reference) -> tuple[Indicator, ...]:
    """System by system what is saved; who keeps prices; hours."""
    merit = reference.procurements.scale_merit
    return (
        *(_saving(lot.slot, lot.short, merit.text) for lot in priced_lots(reference)),
        _kept(),
        _hours(
            "hours_saved",
            "削減時間",
            "共同調達のシステムで減った業務の時間として、団体が述べた年間の時間の合計。",
            "時間",
            lambda each: each.hours or 0,
        ),
        _hours(
            "hours_stated",
            "削減時間を述べた団体",
            "基準日の年度の削減時間を1つ以上のシステムについて述べた団体の数。",
            "団体",
            None,
        ),
    )


_figure = partial(
    Indicator,
    subject=Subject.SAVINGS,
    screen="procurement",
    wanted=Wanted.UP,
)


def _saving(slot: Slot, name: str, published: str) -> Indicator:
    return _figure(
        "_".join(filter(None, ("saving", slot.programme, slot.lot))),
        f"{name}の削減額(1年あたり)",
        "単独(ないときは標準価格)と共同の両方の額がわかる団体について、1年あたりの差を足した額(税込)。"
        "10万円未満切捨て。",
        f"団体が記録した見積・契約額。契約額を見積より、新しい文書を古い文書より優先する。{FEWEST}団体以上で、"
        f"1団体の額が大半を占めないときだけ出し、{CHANGES}団体(多いときは1割)以上が変わるごとに集計し直す。"
        f"公表値は「{published}」。",
        partial(_saving_parts, slot),
        changes=lambda known: [told.day for told in known.savings[slot]],
        numerator="単独または標準価格 − 共同",
        unit="円",
        below_zero=True,
        filterable=False,
        born=partial(_born, slot),
    )


def _told(slot: Slot, known: Known, day: date) -> SavingTold | None:
    return next((told for told in reversed(known.savings[slot]) if told.day <= day), None)


def _saving_parts(slot: Slot, known: Known, day: date, _chosen: KpiFilter) -> tuple[Part, ...]:
    told = _told(slot, known, day)
    if told is None or told.yearly is None:
        why = f"両方の額がわかる団体が{FEWEST}未満か、1団体の額が大半を占めるため、出せない。"
        return (unknown("集計できる団体", why),)
    label = f"{told.municipalities}団体の合計"
    return (Part("sum", label, "合計", int(told.yearly), detail=f"{day_label(told.day)}の集計"),)


def _born(slot: Slot, known: Known, day: date) -> Birth:
    told = _told(slot, known, day)
    return Birth(day_label(told.day if told else day), LEDGER_SOURCE)


def _kept() -> Indicator:
    return _figure(
        "quotations_kept",
        "価格を記録した団体",
        "見積か契約額を1件以上記録している団体の数。",
        "取り下げたものを除く。",
        _kept_parts,
        changes=lambda known: known.quotation_days,
        numerator="団体",
        unit="団体",
        private=True,
    )


def _kept_parts(known: Known, day: date, chosen: KpiFilter) -> tuple[Part, ...]:
    by_town: dict[str, int] = {}
    names: dict[str, str] = {}
    for each in held(quotations_of(recorded_by_day(known.quotations, day))):
        if town := chosen.counted(known, each.lg_code, day):
            by_town[town.lg_code] = by_town.get(town.lg_code, 0) + 1
            names[town.lg_code] = town.name
    return tuple(
        Part(f"団体{place}", names[code], "記録あり", 1, detail=f"{number}件", lg_code=code)
        for place, (code, number) in enumerate(sorted(by_town.items()), start=1)
    )


def _hours(
    key: str, name: str, definition: str, unit: str, number: Callable[[HoursEvent], int] | None
) -> Indicator:
    return _figure(
        key,
        name,
        definition,
        "基準日の年度について団体が述べたもの。述べていない団体は0でなく、入れない。",
        partial(_hours_parts, number),
        changes=lambda known: known.hours_days,
        numerator="団体が述べた時間" if number else "団体",
        unit=unit,
        private=True,
    )


def _hours_parts(
    number: Callable[[HoursEvent], int] | None, known: Known, day: date, chosen: KpiFilter
) -> tuple[Part, ...]:
    year = FiscalYear.of(day)
    said = (each for each in known.hours if day_in_japan(each.recorded_at) <= day)
    found = [
        (town, each)
        for each in hours_stated(said).values()
        if each.fiscal_year == year and (town := chosen.counted(known, each.lg_code, day))
    ]
    if number is None:
        towns = {town.lg_code: town.name for town, _ in found}
        return tuple(Part(code, towns[code], year.label, 1, lg_code=code) for code in sorted(towns))
    if not found:
        return (unknown(year.label, "この年度の削減時間を述べた団体がまだない。"),)
    short = _short(known.reference)
    return tuple(
        Part(
            f"記録{place}",
            town.name,
            short(each.programme),
            number(each),
            lg_code=town.lg_code,
        )
        for place, (town, each) in enumerate(found, start=1)
    )


def _short(reference: Reference) -> Callable[[str], str]:
    labels = {each.key: each.short_label for each in reference.procurements.programmes}
    return lambda key: labels.get(key, key)
