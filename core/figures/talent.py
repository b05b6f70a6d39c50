"""人材シェアリングの指標: wishes, what they cost, what a council's decision can still change.

希望以上, 検討中, 辞退 and 未回答 never meet: a plan is in one of the first three, a municipality in
one of the four, the furthest it has come with any plan.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from functools import partial
from typing import Any

from core.estimate.calculation import subsidy_demand
from core.estimate.request import EstimateRequest
from core.estimate.terms import terms_for
from core.figures import granting
from core.figures.indicator import (
    EVERYBODY,
    Birth,
    Fold,
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
from core.params import in_force
from core.reference.names import Names
from core.reference.pack import Reference
from core.reference.plans import SupportPlan
from core.support.wish import WishEvent, WishState
from core.values.errors import NoValueInForceError
from core.values.figure import LEDGER_SOURCE, Status, day_label
from core.values.fiscal import FiscalYear, budget_request_year, era_date
from core.values.money import amount_labels

BUDGET = "talent.programme_budget"
DECIDED = frozenset({WishState.APPROVED, WishState.CONTRACTED})
"""議決済み."""
UNDECIDED = frozenset({WishState.WISHED, WishState.BUDGET_REQUESTED})
"""希望したが議決前."""
WISHED = UNDECIDED | DECIDED
"""希望以上."""
_ONLY_CONSIDERED = frozenset({WishState.CONSIDERING})
_ONLY_WITHDRAWN = frozenset({WishState.WITHDRAWN})

_YEAR = (
    "基準日に予算要求の対象となる年度(10月から翌年度)。基準日までにここに記録された参加希望による。"
)
_AMOUNT = f"{_YEAR}額は記録した時点の試算。"
_OWN = "その年度の値として登録された予算だけを使い、他の年度の予算は準用しない。"


def indicators(reference: Reference) -> tuple[Indicator, ...]:
    """Wishes, wishes against the budget, wishes as published."""
    names = reference.names
    return (
        *_answers(names),
        *_amounts(names),
        *(_before_a_council(names.subsidy) if names.subsidy else ()),
        _by_plan(names),
        *(_against_budget(names, names.subsidy) if names.subsidy else ()),
        *(granting.indicators(names, names.subsidy) if names.subsidy else ()),
        *_published(reference),
        *(_published_needs(reference, names.subsidy) if names.subsidy else ()),
    )


_CARD = frozenset({Place.CARD})
_OFFICE = frozenset({Place.CARD, Place.OFFICE})
_talent = partial(
    Indicator,
    subject=Subject.TALENT,
    screen="plans",
    unit="団体",
    changes=lambda known: known.wish_days,
)
_amount = partial(_talent, unit="円", status=Status.PLANNED)


def _answers(names: Names) -> tuple[Indicator, ...]:
    return (
        _talent(
            "talent_municipalities",
            "希望以上の団体",
            f"1つ以上のプランを希望・予算要求・議決・契約とした{names.towns}の数。",
            f"{_YEAR}検討中は希望ではなく、別に数える。",
            partial(_answer_parts, WISHED),
            numerator=f"希望以上とした{names.towns}の数",
            shows=_OFFICE,
            wanted=Wanted.UP,
        ),
        _talent(
            "talent_considering",
            "検討中の団体",
            f"検討中のプランがあり、希望以上のプランがまだない{names.towns}の数。",
            f"{_YEAR}回答に数え、希望には数えない。",
            partial(_answer_parts, _ONLY_CONSIDERED),
            numerator=f"検討中の{names.towns}の数",
            shows=_OFFICE,
        ),
        _talent(
            "talent_withdrawn_municipalities",
            "辞退した団体",
            f"回答したプランをすべて辞退した{names.towns}の数。",
            f"{_YEAR}未回答や0とは別に数える。",
            partial(_answer_parts, _ONLY_WITHDRAWN),
            numerator=f"辞退した{names.towns}の数",
            wanted=Wanted.DOWN,
        ),
        _talent(
            "talent_unanswered",
            "未回答の団体",
            f"どのプランについてもまだ何も記録していない{names.towns}の数。",
            f"{_YEAR}辞退も検討中も回答に数える。最初の参加希望がここに記録されるまでは不明。",
            _unanswered_parts,
            numerator=f"記録のない{names.towns}の数",
            shows=_OFFICE,
            wanted=Wanted.DOWN,
        ),
    )


def _amounts(names: Names) -> tuple[Indicator, ...]:
    """Plans, 歳出, the subsidy if any and 一般財源, each of 希望以上, 検討中 and 辞退 apart."""
    found = []
    for prefix, word, states in (
        ("", "希望", WISHED),
        ("considering_", "検討中", _ONLY_CONSIDERED),
        ("withdrawn_", "辞退", _ONLY_WITHDRAWN),
    ):
        wished = states is WISHED
        said = "希望・予算要求・議決・契約とした" if wished else f"{word}の"
        found.append(
            _talent(
                "talent_withdrawn" if states is _ONLY_WITHDRAWN else f"talent_{prefix}plans",
                "のべ希望プラン" if wished else f"{word}のプラン",
                f"{names.towns}が{said}プランの数の合計。",
                _YEAR,
                partial(_wish_parts, states, lambda _wish: 1),
                numerator="団体×プランの数",
                unit="件",
                shows=_OFFICE if wished else frozenset(),
                wanted=Wanted.UP if wished else Wanted.NEITHER,
            )
        )
        found += [
            _amount(
                f"talent_{prefix}{key}",
                f"{word}の{label}",
                f"{said}プランの{label}の合計。",
                _AMOUNT,
                partial(_wish_parts, states, partial(_money, key)),
                numerator=label,
                shows=_CARD if wished and key == "subsidy" else frozenset(),
            )
            for key, label in amount_labels(names.subsidy).items()
        ]
    return tuple(found)


def _money(key: str, wish: WishEvent) -> int:
    return int(getattr(wish, key))


def _before_a_council(called: str) -> tuple[Indicator, ...]:
    return (
        _amount(
            "talent_decided",
            f"議決済みの{called}",
            f"議決または契約となったプランの{called}の合計。",
            f"{_AMOUNT}議決前のプランを含まない。",
            partial(_wish_parts, DECIDED, partial(_money, "subsidy")),
            numerator=f"{called}(議決・契約)",
            wanted=Wanted.UP,
        ),
        _amount(
            "talent_pending",
            f"議決前の{called}",
            f"希望・予算要求のプランの{called}。議決されなければこの額がなくなる。",
            f"{_AMOUNT}検討中と議決後のプランを含まない。",
            partial(_wish_parts, UNDECIDED, partial(_money, "subsidy")),
            numerator=f"{called}(議決前)",
            wanted=Wanted.DOWN,
        ),
    )


def _by_plan(names: Names) -> Indicator:
    return _talent(
        "talent_by_plan",
        "プラン別の希望",
        f"支援プランごとの、希望・予算要求・議決・契約とした{names.towns}の数。合計はのべ希望プラン。",
        f"{_YEAR}検討中と辞退を含まない。",
        _plan_parts,
        numerator="団体×プランの数",
        unit="件",
        wanted=Wanted.UP,
    )


def _against_budget(names: Names, called: str) -> tuple[Indicator, ...]:
    against = partial(_amount, filterable=False, changes=_budget_days)
    return (
        against(
            "talent_budget",
            f"{called}の予算",
            f"人材シェアリングの補助に{names.kind}が確保した予算。",
            f"{_YEAR}{_OWN}登録がなければ不明で、0ではない。",
            _budget_parts,
            numerator="予算額",
            born=_budget_birth,
        ),
        against(
            "talent_budget_left",
            "予算の残り",
            f"{called}の予算から、希望の{called}を引いた額。マイナスは不足。",
            f"{_AMOUNT}検討中と辞退を含まない。{_OWN}",
            _left_parts,
            numerator=f"予算額 − 希望の{called}",
            below_zero=True,
        ),
        against(
            "talent_budget_share",
            "予算に占める希望",
            f"{called}の予算に対する、希望の{called}の割合。",
            f"{_AMOUNT}検討中と辞退を含まない。{_OWN}",
            _share_parts,
            numerator=f"希望の{called}",
            unit="%",
            shows=_CARD,
            denominator="予算額",
            fold=Fold.SHARE,
        ),
    )


def _published(reference: Reference) -> tuple[Indicator, ...]:
    talent, names = reference.talent, reference.names
    published = partial(_published_one, reference)
    return (
        published(
            "talent_published_municipalities",
            "参加予定の団体(公表値)",
            f"公表された、人材シェアリングに参加を予定する{names.towns}の数。",
            talent.participants_note or _NOT_YET,
            partial(_published_parts, _participants_day, _participants),
            born=partial(_published_birth, _participants_day),
        ),
        published(
            "talent_published_plans",
            "のべ希望プラン(公表値)",
            "公表された、支援プランごとの希望団体数の合計。",
            talent.wishes_note or _NOT_YET,
            partial(_published_parts, _wishes_day, _published_wishes),
            born=partial(_published_birth, _wishes_day),
            unit="件",
        ),
    )


def _published_one(reference: Reference, *told: Any, **more: Any) -> Indicator:
    usual: dict[str, Any] = {
        "numerator": "公表値",
        "source": reference.talent.source,
        "screen": "about",
        "filterable": False,
        "status": Status.PLANNED,
        "changes": _published_days,
    }
    return _talent(*told, **usual | more)


def _published_needs(reference: Reference, called: str) -> tuple[Indicator, ...]:
    return (
        _published_one(
            reference,
            "talent_published_subsidy",
            f"公表された希望に要する{called}",
            f"公表された希望プランのすべてが年間の回数いっぱいに支援を受けた場合の{called}。",
            "仮定。団体ごとの内訳は公表されておらず、プランごとに1円未満を切り捨てた額。",
            partial(_published_parts, _wishes_day, _published_subsidy),
            born=partial(_published_birth, _wishes_day),
            numerator="1回あたりの費用 × 年間回数 × 希望プラン × 補助率",
            unit="円",
            status=Status.ASSUMED,
        ),
    )


# --- parts ----------------------------------------------------------------------------------


def _wish_parts(
    states: Collection[WishState],
    amount: Callable[[WishEvent], int],
    known: Known,
    as_of: date,
    chosen: KpiFilter,
) -> tuple[Part, ...]:
    reference = known.reference.on(as_of)
    return tuple(
        Part(
            key=f"{wish.lg_code}:{wish.plan}",
            label=reference.called(wish.lg_code),
            group=wish.state.label,
            numerator=amount(wish),
            detail=f"{wish.fiscal_year.label} {known.reference.plan_name(wish.plan, wish.fiscal_year)}、{wish.visits}回",
            lg_code=town.lg_code,
        )
        for wish in sorted(known.wishes_on(as_of), key=lambda w: (w.lg_code, w.plan))
        if wish.state in states and (town := chosen.counted(known, wish.lg_code, as_of))
    )


def _plan_parts(known: Known, as_of: date, chosen: KpiFilter) -> tuple[Part, ...]:
    reference = known.reference.on(as_of)
    return tuple(
        Part(
            key=f"{wish.plan}:{wish.lg_code}",
            label=reference.called(wish.lg_code),
            group=known.reference.plan_name(wish.plan, wish.fiscal_year),
            numerator=1,
            detail=f"{wish.state.label}、{wish.visits}回",
            lg_code=town.lg_code,
        )
        for wish in sorted(known.wishes_on(as_of), key=lambda w: (w.plan, w.lg_code))
        if wish.state in WISHED and (town := chosen.counted(known, wish.lg_code, as_of))
    )


def answers(known: Known, as_of: date) -> dict[str, list[WishEvent]]:
    """団体コード → the last word on each of its plans; absent for 未回答.

    From a merger on the successor's are with them what those it is made of had said.
    """
    found: dict[str, list[WishEvent]] = {}
    for wish in sorted(known.wishes_on(as_of), key=lambda w: w.plan):
        found.setdefault(known.reference.succession.heir(wish.lg_code, as_of), []).append(wish)
    return found


def furthest(wishes: Collection[WishEvent]) -> WishState:
    """The state of the plan that has come furthest; 辞退 only when all are."""
    order = [WishState.WITHDRAWN, *(s for s in WishState if s is not WishState.WITHDRAWN)]
    return max((wish.state for wish in wishes), key=order.index)


def _answer_parts(
    states: Collection[WishState], known: Known, as_of: date, chosen: KpiFilter
) -> tuple[Part, ...]:
    """Municipalities whose furthest plan is in these states."""
    said = answers(known, as_of)
    return tuple(
        municipality_part(
            each,
            each.area,
            "、".join(f"プラン{w.plan}({w.state.label})" for w in said[each.lg_code]),
        )
        for each in chosen.chosen(known, as_of)
        if each.lg_code in said and furthest(said[each.lg_code]) in states
    )


def _unanswered_parts(known: Known, as_of: date, chosen: KpiFilter) -> tuple[Part, ...]:
    if not known.round_begun(as_of):
        return (unknown("参加希望", "参加希望はまだ1つもここに記録されていない。"),)
    said = answers(known, as_of)
    return tuple(
        municipality_part(each, each.area, each.category)
        for each in chosen.chosen(known, as_of)
        if each.lg_code not in said
    )


def _budget_parts(known: Known, as_of: date, _chosen: KpiFilter) -> tuple[Part, ...]:
    year = budget_request_year(as_of)
    label = f"{year.label}の予算"
    try:
        found = in_force(known.parameters, BUDGET, year.last_day)
    except NoValueInForceError:
        return (unknown(label, "この年度の予算額は登録されていない。"),)
    if not isinstance(found.value, int):
        return (unknown(label, "この年度の予算額は公表されていない。"),)
    return (Part("budget", label, "予算", found.value, detail=found.basis.label),)


def _budget_birth(known: Known, as_of: date) -> Birth:
    try:
        found = in_force(known.parameters, BUDGET, budget_request_year(as_of).last_day)
    except NoValueInForceError:
        return Birth(day_label(as_of), LEDGER_SOURCE)
    return Birth(day_label(as_of), found.source or LEDGER_SOURCE)


def _left_parts(known: Known, as_of: date, chosen: KpiFilter) -> tuple[Part, ...]:
    minus = partial(_wish_parts, WISHED, lambda wish: -int(wish.subsidy))
    return (*_budget_parts(known, as_of, chosen), *minus(known, as_of, EVERYBODY))


def _share_parts(known: Known, as_of: date, chosen: KpiFilter) -> tuple[Part, ...]:
    (budget,) = _budget_parts(known, as_of, chosen)
    if budget.numerator is None:
        return (budget,)
    whole = Part(budget.key, budget.label, "分母", 0, budget.numerator, budget.detail)
    needed = _wish_parts(WISHED, lambda wish: int(wish.subsidy), known, as_of, EVERYBODY)
    return (
        whole,
        *(Part(p.key, p.label, p.group, p.numerator, 0, p.detail, p.lg_code) for p in needed),
    )


def _budget_days(known: Known) -> list[date]:
    """A year with a budget of its own is looked at from the October before it to its September."""
    begun = {FiscalYear.of(p.valid_from) for p in known.parameters if p.name == BUDGET}
    looked_at = (date(year + offset, 10, 1) for year in begun for offset in (-1, 0))
    return [*known.wish_days, *looked_at]


def plans_told(reference: Reference, as_of: date) -> tuple[SupportPlan, ...]:
    """Plans that wishes of a day are told of: of the year being budgeted for, and of those published."""
    published = reference.of(FiscalYear.of(as_of)).plans
    budgeted = reference.of(budget_request_year(as_of)).plans
    by_number = {plan.number: plan for plan in (*published, *budgeted)}
    return tuple(by_number[number] for number in sorted(by_number))


def _participants_day(offered: Reference) -> date | None:
    return offered.talent.participants_as_of


def _wishes_day(offered: Reference) -> date | None:
    return max((plan.wishes_as_of for plan in offered.plans if plan.wishes_as_of), default=None)


_Day = Callable[[Reference], date | None]


def _published_days(known: Known) -> list[date]:
    """Days on which something was published, and on which another year begins."""
    years = known.reference.years
    offered = [known.reference.of(year) for year in years]
    said = (day(each) for each in offered for day in (_participants_day, _wishes_day))
    return [*(day for day in said if day), *(year.first_day for year in years[1:])]


def _published_birth(day: _Day, known: Known, as_of: date) -> Birth:
    offered = known.reference.of(FiscalYear.of(as_of))
    said = day(offered)
    return Birth(f"{era_date(said)}時点" if said else day_label(as_of), offered.talent.source)


def _published_parts(
    day: _Day,
    made: Callable[[Known, Reference], tuple[Part, ...]],
    known: Known,
    as_of: date,
    _chosen: KpiFilter,
) -> tuple[Part, ...]:
    offered = known.reference.of(FiscalYear.of(as_of))
    said = day(offered)
    if said is None:
        year = offered.fiscal_year.label
        return (unknown("公表値", f"{year}の参加予定と希望はまだ公表されていない。"),)
    if as_of < said:
        return (unknown("公表値", "基準日にはまだ公表されていない。"),)
    return made(known, offered)


def _participants(_known: Known, offered: Reference) -> tuple[Part, ...]:
    talent = offered.talent
    text = talent.participants_text or ""
    return (Part("published", "公表値", "予定", talent.participants, detail=text),)


def _published_wishes(_known: Known, offered: Reference) -> tuple[Part, ...]:
    return tuple(
        Part(str(plan.number), plan.label, plan.name, plan.wishes, detail=_unsaid(plan))
        for plan in offered.plans
    )


def _published_subsidy(known: Known, offered: Reference) -> tuple[Part, ...]:
    year = offered.fiscal_year
    terms = terms_for(
        EstimateRequest(year), offered.plan_offers(year), known.parameters, year.first_day
    )
    if terms.subsidy is None:
        return ()
    rate = terms.subsidy.rate
    return tuple(
        Part(
            str(plan.number),
            plan.label,
            plan.name,
            None if plan.wishes is None else int(subsidy_demand({plan.number: plan.wishes}, terms)),
            detail=_unsaid(plan)
            or f"{plan.wishes}団体 × {int(terms.price(plan.number)):,}円 × "
            f"{terms.most_visits(plan.number)}回 × {rate}",
        )
        for plan in offered.plans
    )


def _unsaid(plan: SupportPlan) -> str:
    """Why a plan has no number of wishes; empty where it has."""
    return f"{plan.label}の希望団体数は公表されていない。" if plan.wishes is None else ""


_NOT_YET = "公表されていない年度は不明で、0ではない。"
