"""人材シェアリングの指標: wishes, what they cost, what a council's decision can still change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial

from core.kpi.facts import Facts
from core.kpi.indicator import EVERYBODY, Fold, Indicator, KpiFilter, Row, Subject, Wanted, unknown
from core.params import in_force
from core.support.wish import WishEvent, WishState
from core.values.errors import NoValueInForceError
from core.values.figure import LEDGER_SOURCE, Status
from core.values.fiscal import FiscalYear, budget_request_year

BUDGET = "talent.programme_budget"
_DECIDED = frozenset({WishState.APPROVED, WishState.CONTRACTED})
_PENDING = frozenset({WishState.CONSIDERING, WishState.WISHED, WishState.BUDGET_REQUESTED})
_STANDING = _DECIDED | _PENDING
_YEAR = "基準日に予算要求の対象となる年度(10月から翌年度)。この画面に記録された参加希望による。"
_AMOUNT = f"{_YEAR}額は記録した時点の試算。"


def indicators() -> tuple[Indicator, ...]:
    """Wishes, then wishes against the budget."""
    return (*_recorded(), *_against_budget())


def _indicator(
    key: str,
    name: str,
    definition: str,
    numerator: str,
    basis: str,
    unit: str,
    rows: Callable[[Facts, date, KpiFilter], tuple[Row, ...]],
    *,
    wanted: Wanted = Wanted.NEITHER,
    status: Status = Status.PLANNED,
    headline: bool = False,
) -> Indicator:
    return Indicator(
        key=f"talent_{key}",
        name=name,
        subject=Subject.TALENT,
        definition=definition,
        numerator=numerator,
        denominator=None,
        basis=basis,
        unit=unit,
        wanted=wanted,
        source=LEDGER_SOURCE,
        screen="plans",
        fold=Fold.TOTAL,
        status=status,
        rows=rows,
        changes=lambda facts: facts.wish_days,
        headline=headline,
    )


def _recorded() -> tuple[Indicator, ...]:
    return (
        _indicator(
            "municipalities",
            "参加希望の団体",
            "1つ以上のプランを検討中・希望・予算要求・議決・契約とした市町村の数。",
            "希望を記録した市町村の数",
            f"{_YEAR}辞退を除く。",
            "団体",
            _municipality_rows,
            wanted=Wanted.UP,
            status=Status.ACTUAL,
            headline=True,
        ),
        _indicator(
            "plans",
            "のべ希望プラン",
            "市町村が希望したプランの数の合計。",
            "団体×プランの数",
            f"{_YEAR}辞退を除く。",
            "件",
            partial(_wish_rows, _STANDING, lambda _wish: 1),
            wanted=Wanted.UP,
            status=Status.ACTUAL,
            headline=True,
        ),
        _indicator(
            "withdrawn",
            "辞退されたプラン",
            "市町村が辞退したプランの数。未回答や0とは別に数える。",
            "辞退した団体×プランの数",
            _YEAR,
            "件",
            partial(_wish_rows, frozenset({WishState.WITHDRAWN}), lambda _wish: 1),
            wanted=Wanted.DOWN,
            status=Status.ACTUAL,
        ),
        _indicator(
            "unanswered",
            "未回答の団体",
            "どのプランについてもまだ何も記録していない市町村の数。",
            "記録のない市町村の数",
            f"{_YEAR}辞退は回答に数える。",
            "団体",
            _unanswered_rows,
            wanted=Wanted.DOWN,
            status=Status.ACTUAL,
            headline=True,
        ),
        _indicator(
            "gross",
            "希望の歳出",
            "希望したプランの歳出(1回あたりの費用×回数)の合計。",
            "歳出",
            f"{_AMOUNT}辞退を除く。",
            "円",
            partial(_wish_rows, _STANDING, lambda wish: int(wish.gross)),
        ),
        _indicator(
            "subsidy",
            "希望の府補助金",
            "希望したプランの府補助金の合計。",
            "府補助金",
            f"{_AMOUNT}辞退を除く。",
            "円",
            partial(_wish_rows, _STANDING, lambda wish: int(wish.subsidy)),
            headline=True,
        ),
        _indicator(
            "net",
            "希望の一般財源",
            "希望したプランの一般財源(歳出−府補助金)の合計。",
            "一般財源",
            f"{_AMOUNT}辞退を除く。",
            "円",
            partial(_wish_rows, _STANDING, lambda wish: int(wish.net)),
        ),
        _indicator(
            "decided",
            "議決済みの府補助金",
            "議決または契約となったプランの府補助金の合計。",
            "府補助金(議決・契約)",
            f"{_AMOUNT}議決前のプランを含まない。",
            "円",
            partial(_wish_rows, _DECIDED, lambda wish: int(wish.subsidy)),
            wanted=Wanted.UP,
        ),
        _indicator(
            "pending",
            "議決前の府補助金",
            "検討中・希望・予算要求のプランの府補助金。議決されなければこの額がなくなる。",
            "府補助金(議決前)",
            f"{_AMOUNT}議決後のプランを含まない。",
            "円",
            partial(_wish_rows, _PENDING, lambda wish: int(wish.subsidy)),
            wanted=Wanted.DOWN,
        ),
    )


def _against_budget() -> tuple[Indicator, ...]:
    common = {
        "subject": Subject.TALENT,
        "source": LEDGER_SOURCE,
        "screen": "plans",
        "status": Status.PLANNED,
        "filterable": False,
        "changes": _budget_days,
    }
    own = "その年度の値として登録された予算だけを使い、他の年度の予算は準用しない。"
    return (
        Indicator(
            key="talent_budget",
            name="府補助金の予算",
            definition="人材シェアリングの補助に府が確保した予算。",
            numerator="予算額",
            denominator=None,
            basis=f"{_YEAR}{own}登録がなければ不明で、0ではない。",
            unit="円",
            wanted=Wanted.NEITHER,
            fold=Fold.TOTAL,
            rows=_budget_rows,
            **common,  # type: ignore[arg-type]
        ),
        Indicator(
            key="talent_budget_left",
            name="予算の残り",
            definition="府補助金の予算から、希望の府補助金を引いた額。マイナスは不足。",
            numerator="予算額 − 希望の府補助金",
            denominator=None,
            basis=f"{_AMOUNT}辞退を除く。{own}",
            unit="円",
            wanted=Wanted.NEITHER,
            fold=Fold.TOTAL,
            rows=_left_rows,
            **common,  # type: ignore[arg-type]
        ),
        Indicator(
            key="talent_budget_share",
            name="予算に占める希望",
            definition="府補助金の予算に対する、希望の府補助金の割合。",
            numerator="希望の府補助金",
            denominator="予算額",
            basis=f"{_AMOUNT}辞退を除く。{own}",
            unit="%",
            wanted=Wanted.NEITHER,
            fold=Fold.SHARE,
            rows=_share_rows,
            headline=True,
            **common,  # type: ignore[arg-type]
        ),
    )


def _names(facts: Facts) -> dict[int, str]:
    return {plan.number: f"プラン{plan.number} {plan.short_name}" for plan in facts.reference.plans}


def _wish_rows(
    states: Iterable[WishState],
    amount: Callable[[WishEvent], int],
    facts: Facts,
    as_of: date,
    chosen: KpiFilter,
) -> tuple[Row, ...]:
    known, names = facts.reference.by_code, _names(facts)
    return tuple(
        Row(
            key=f"{wish.lg_code}:{wish.plan}",
            label=known[wish.lg_code].name,
            group=wish.state.label,
            numerator=amount(wish),
            detail=f"{wish.fiscal_year.label} {names.get(wish.plan, wish.plan)}、{wish.visits}回",
            lg_code=wish.lg_code,
        )
        for wish in sorted(facts.wishes_on(as_of), key=lambda w: (w.lg_code, w.plan))
        if wish.state in states and chosen.includes(known[wish.lg_code])
    )


def _municipality_rows(facts: Facts, as_of: date, chosen: KpiFilter) -> tuple[Row, ...]:
    plans: dict[str, list[str]] = {}
    for wish in facts.wanted_on(as_of):
        plans.setdefault(wish.lg_code, []).append(f"プラン{wish.plan}({wish.state.label})")
    return tuple(
        Row(
            key=m.lg_code,
            label=m.name,
            group=m.area,
            numerator=1,
            detail="、".join(sorted(plans[m.lg_code])),
            lg_code=m.lg_code,
        )
        for m in chosen.chosen(facts)
        if m.lg_code in plans
    )


def _unanswered_rows(facts: Facts, as_of: date, chosen: KpiFilter) -> tuple[Row, ...]:
    answered = {wish.lg_code for wish in facts.wishes_on(as_of)}
    return tuple(
        Row(m.lg_code, m.name, m.area, 1, detail=m.category, lg_code=m.lg_code)
        for m in chosen.chosen(facts)
        if m.lg_code not in answered
    )


def _budget_rows(facts: Facts, as_of: date, _chosen: KpiFilter) -> tuple[Row, ...]:
    year = budget_request_year(as_of)
    label = f"{year.label}の予算"
    try:
        found = in_force(facts.parameters, BUDGET, year.last_day)
    except NoValueInForceError:
        return (unknown(label, "登録がない。"),)
    if not isinstance(found.value, int) or FiscalYear.of(found.valid_from) != year:
        return (unknown(label, "この年度の予算額は公表されていない。"),)
    return (Row("budget", label, "予算", found.value, detail=found.basis.label),)


def _left_rows(facts: Facts, as_of: date, chosen: KpiFilter) -> tuple[Row, ...]:
    minus = partial(_wish_rows, _STANDING, lambda wish: -int(wish.subsidy))
    return (*_budget_rows(facts, as_of, chosen), *minus(facts, as_of, EVERYBODY))


def _share_rows(facts: Facts, as_of: date, chosen: KpiFilter) -> tuple[Row, ...]:
    (budget,) = _budget_rows(facts, as_of, chosen)
    if budget.numerator is None:
        return (budget,)
    whole = Row(budget.key, budget.label, "分母", 0, budget.numerator, budget.detail)
    needed = _wish_rows(_STANDING, lambda wish: int(wish.subsidy), facts, as_of, EVERYBODY)
    return (
        whole,
        *(
            Row(row.key, row.label, row.group, row.numerator, 0, row.detail, row.lg_code)
            for row in needed
        ),
    )


def _budget_days(facts: Facts) -> list[date]:
    """A year with a budget of its own is looked at from the October before it to its September."""
    begun = {FiscalYear.of(p.valid_from) for p in facts.parameters if p.name == BUDGET}
    looked_at = (date(year + offset, 10, 1) for year in begun for offset in (-1, 0))
    return [*facts.wish_days, *looked_at]
