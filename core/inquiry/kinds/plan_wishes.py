"""プランの希望: plans of the year, visits, and how far the budget is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from core.estimate.offers import Offer
from core.inquiry.answer import Value
from core.inquiry.kinds.kind import Kind, Plain, Said, Scope, TallyLine
from core.inquiry.question import Question
from core.support.wish import STATED_WITH_ESTIMATE, WishState
from core.values.fiscal import FISCAL_MONTHS, FiscalYear

PLAN_WISHES = "plan_wishes"
STATES = STATED_WITH_ESTIMATE
MOST_VISITS = len(FISCAL_MONTHS)


@dataclass(frozen=True)
class PlanWish:
    """One plan of an answer."""

    plan: int
    visits: int
    state: WishState


def wishes_of(value: Value) -> tuple[PlanWish, ...]:
    """The plans an answer names, by number."""
    return tuple(
        PlanWish(int(each["plan"]), int(each["visits"]), WishState(each["state"])) for each in value
    )


class _PlanWishes(Plain):
    key = PLAN_WISHES
    label = "支援プランの希望"
    uses = frozenset({"fiscal_year", "flows"})

    def problems(self, question: Question, scope: Scope) -> dict[str, str]:
        year = scope.year(question)
        if not scope.reference.of(year).plans:
            return {
                "fiscal_year": f"{year.label}の支援プランはありません。年度を選び直してください。"
            }
        return {}

    def read(self, question: Question, typed: Value, scope: Scope) -> Value:
        year = scope.year(question)
        offers = scope.reference.plan_offers(year).plans
        wished = list(_typed(typed))
        if not wished:
            raise ValueError("プランを選んでください。希望がないときは「該当なし」を選びます。")
        if len({each.plan for each in wished}) < len(wished):
            raise ValueError("同じプランが2度選ばれています。選び直してください。")
        for wish in wished:
            if wish.plan not in offers:
                raise ValueError(
                    f"{year.label}にプラン{wish.plan}はありません。選び直してください。"
                )
            if not 1 <= wish.visits <= (most := _most(offers[wish.plan])):
                raise ValueError(
                    f"プラン{wish.plan}の回数は1回から{most}回までです: {wish.visits}回"
                )
            if wish.state not in STATES:
                raise ValueError(f"プラン{wish.plan}の予算の状況を選び直してください。")
        wished.sort(key=lambda each: each.plan)
        return [
            {"plan": each.plan, "visits": each.visits, "state": each.state.value} for each in wished
        ]

    def words(self, question: Question, value: Value, scope: Scope) -> str:
        year = scope.year(question)
        return "、".join(
            f"{scope.reference.plan_name(each.plan, year)} {each.visits}回({each.state.label})"
            for each in wishes_of(value)
        )

    def holds(self, value: Value) -> frozenset[str]:
        return frozenset(str(each.plan) for each in wishes_of(value))

    def tally(self, question: Question, said: Said, scope: Scope) -> tuple[TallyLine, ...]:
        year = scope.year(question)
        named = {wish.plan for value in said.values() for wish in wishes_of(value)}
        offered = scope.reference.plan_offers(year).plans
        return tuple(self._line(plan, said, scope, year) for plan in sorted({*offered, *named}))

    def _line(self, plan: int, said: Said, scope: Scope, year: FiscalYear) -> TallyLine:
        wished = {
            code: wish
            for code, value in said.items()
            for wish in wishes_of(value)
            if wish.plan == plan and wish.state is not WishState.CONSIDERING
        }
        considering = _count(said, plan, WishState.CONSIDERING)
        visits = sum(wish.visits for wish in wished.values())
        note = f"{visits}回" + (f"、ほかに検討中 {considering}団体" if considering else "")
        return TallyLine(
            str(plan),
            scope.reference.plan_name(plan, year),
            len(wished),
            "団体",
            tuple(wished),
            note=note,
        )


def _count(said: Said, plan: int, state: WishState) -> int:
    return sum(
        1 for v in said.values() for w in wishes_of(v) if w.plan == plan and w.state is state
    )


def _most(offer: Offer) -> int:
    return offer.visits or MOST_VISITS


def _typed(typed: Value) -> Iterator[PlanWish]:
    rows: Iterable[object] = typed if isinstance(typed, list | tuple) else ()
    for row in rows:
        if not isinstance(row, Mapping):
            raise ValueError("プランを選び直してください。")
        try:
            yield PlanWish(int(row["plan"]), int(row["visits"]), WishState(row["state"]))
        except (KeyError, TypeError, ValueError):
            raise ValueError("プラン、回数、予算の状況を選び直してください。") from None


KIND: Kind = _PlanWishes()
