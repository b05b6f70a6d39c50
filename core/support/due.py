"""What 支援の実施 asks of somebody: visits ahead, visits without a record, what no longer fits, what waits for a contract."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from core.support.contract import Contract
from core.support.expected import waiting_for_contract
from core.support.pace import PaceState, is_soon, is_unrecorded, paces_of
from core.support.visit import Visit
from core.support.wish import WishEvent
from core.values.fiscal import FiscalYear
from core.values.label import Labelled

PAGE = "support"
AHEAD = 14
"""Days a planned visit stands among what is due."""
PlanName = Callable[[int, FiscalYear], str]


class SupportDueKind(Labelled):
    """Why 支援の実施 stands on somebody's home (支援の予定・お願い)."""

    CONCLUDE = "conclude", "契約待ち"
    UNRECORDED = "unrecorded", "実施の記録待ち"
    SHORT = "short", "残りの回数"
    VISIT = "visit", "支援回の日"


@dataclass(frozen=True)
class SupportDue:
    """One appointment, or one thing somebody is waited for.

    Attributes:
        day: Of the visit; None where no day is set.
        query: What opens it on the page :data:`PAGE`.
    """

    kind: SupportDueKind
    day: date | None
    title: str
    text: str
    lg_code: str
    query: Mapping[str, str] = field(default_factory=dict)


def support_dues(
    contracts: Iterable[Contract],
    visits: Iterable[Visit],
    wishes: Iterable[WishEvent],
    plan_name: PlanName,
    as_of: date,
) -> Iterator[SupportDue]:
    """What is due of one municipality, or of all of them.

    Args:
        wishes: The last word on each plan.
    """
    every = list(contracts)
    standing = {each.contract_id: each for each in every if each.stands}
    by_contract: dict[int, list[Visit]] = {key: [] for key in standing}
    for visit in visits:
        if visit.contract_id in standing:
            by_contract[visit.contract_id].append(visit)
    yield from _to_conclude(waiting_for_contract(wishes, every), plan_name, as_of)
    for contract in standing.values():
        yield from _of_contract(contract, by_contract[contract.contract_id], plan_name, as_of)


def _to_conclude(
    waiting: Iterable[WishEvent], plan_name: PlanName, as_of: date
) -> Iterator[SupportDue]:
    by_town: dict[tuple[str, FiscalYear], list[int]] = {}
    for wish in waiting:
        if wish.fiscal_year >= FiscalYear.of(as_of):
            by_town.setdefault((wish.lg_code, wish.fiscal_year), []).append(wish.plan)
    for (code, year), plans in by_town.items():
        named = "、".join(plan_name(plan, year) for plan in plans)
        yield SupportDue(
            SupportDueKind.CONCLUDE,
            None,
            f"{year.label}の{named}の契約",
            "議決されています。契約したら、契約の内容を記録してください。",
            code,
        )


def _of_contract(
    contract: Contract, ours: list[Visit], plan_name: PlanName, as_of: date
) -> Iterator[SupportDue]:
    year, code = contract.fiscal_year, contract.lg_code
    number = {"contract": str(contract.contract_id)}
    late = [each for each in ours if is_unrecorded(each, as_of)]
    if late:
        yield SupportDue(
            SupportDueKind.UNRECORDED,
            None,
            f"支援回{len(late)}回の実施の記録",
            "予定の日を過ぎています。実施を記録するか、日程の変更・中止を記録してください。",
            code,
            {**number, "visit": str(late[0].visit_id)},
        )
    for pace in paces_of(contract, ours, as_of):
        if pace.state is PaceState.TIGHT or (
            pace.state is PaceState.OVER and _recent(contract, as_of)
        ):
            yield SupportDue(
                SupportDueKind.SHORT,
                None,
                f"{plan_name(pace.plan, year)}の残り{pace.left}回",
                pace.said,
                code,
                number,
            )
    for each in ours:
        if is_soon(each, as_of, AHEAD) and each.when is not None:
            at = each.planned
            start = f"{at.start:%H:%M}から" if at and at.start else "開始時刻は未定"
            how = at.meeting.label if at and at.meeting else "形式は未定"
            yield SupportDue(
                SupportDueKind.VISIT,
                each.when.first,
                f"{plan_name(each.plan, year)} 第{each.serial}回の支援",
                f"{each.when.label}・{start}・{how}",
                code,
                {**number, "visit": str(each.visit_id)},
            )


def _recent(contract: Contract, as_of: date) -> bool:
    """What was left over a year ago is nobody's duty any more."""
    return FiscalYear.of(as_of) <= contract.fiscal_year + 1
