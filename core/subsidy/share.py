"""配分: what of a case is one municipality's own, alone or as a member of a joint application."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from core.subsidy.case import Case, CaseEvent, CaseLine
from core.subsidy.money import total
from core.subsidy.step import CaseStep
from core.values.money import Yen


@dataclass(frozen=True)
class Share:
    """One municipality's part of a case; an amount that is None is not there yet.

    Attributes:
        applied: 申請額, of the last application or change.
        decided: 交付決定額 as it stands; 0 where nothing is granted (any more).
        final: 確定額; 0 as well where nothing is granted.
        eligible: 補助対象経費 that was reported; None before 実績報告.
        paid: What the prefecture paid, less what came back; of a joint application None while it
            is not the whole final amount: how an advance is divided is not recorded.
        items: 費目 → decided, and final, of it.
    """

    applied: Yen | None
    decided: Yen | None
    final: Yen | None
    eligible: Yen | None
    paid: Yen | None
    items: Mapping[str, tuple[Yen | None, Yen | None]] = field(
        default_factory=lambda: MappingProxyType({})
    )


def share_of(case: Case, lg_code: str) -> Share:
    """The part of a municipality that takes part in a case."""
    applied = _own(case.last_of(CaseStep.APPLIED, CaseStep.CHANGE_APPLIED), lg_code)
    decided = _own(case.last_of(CaseStep.DECIDED, CaseStep.CHANGE_DECIDED), lg_code)
    final = _own(case.last_of(CaseStep.FINALISED), lg_code)
    reported = final or _own(case.last_of(CaseStep.REPORTED), lg_code)
    over = not case.granting
    items = {
        line.item: (
            Yen(0) if over else _item(decided, line.item),
            Yen(0) if over else _item(final, line.item),
        )
        for line in [*(applied or ()), *(decided or ()), *(final or ())]
    }
    final_amount = Yen(0) if over else _amount(final)
    return Share(
        _amount(applied),
        Yen(0) if over else _amount(decided),
        final_amount,
        None if reported is None else sum((line.eligible for line in reported), Yen(0)),
        _paid(case, final_amount),
        MappingProxyType(items),
    )


def _own(event: CaseEvent | None, lg_code: str) -> tuple[CaseLine, ...] | None:
    if event is None:
        return None
    return tuple(line for line in event.lines if line.lg_code == lg_code)


def _amount(lines: tuple[CaseLine, ...] | None) -> Yen | None:
    return None if lines is None else total(lines)


def _item(lines: tuple[CaseLine, ...] | None, item: str) -> Yen | None:
    return _amount(None if lines is None else tuple(each for each in lines if each.item == item))


def _paid(case: Case, final: Yen | None) -> Yen | None:
    if len(case.members) == 1 or case.paid == 0:
        return case.paid
    return final if case.due == 0 else None


def granting(cases: Iterable[Case]) -> Case | None:
    """The case that counts of several of one programme: the running one, else the last."""
    found = [*cases]
    running = [each for each in found if each.granting]
    return (running or found)[-1] if found else None
