"""待つ費用: the same months of use, boarded now or later.

Two ways to wait are told apart. 単独でつなぐ: a system of one's own is bought (or stays in use) until
boarding; the difference to boarding now is what waiting costs. 使わずに待つ: nothing is paid until
boarding; that spending is put off together with the use, it is not saved. The first is a comparison of
equal use, the second is not, so no difference is drawn from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.boarding.cost import BoardingCost, month_after
from core.boarding.request import Present
from core.values.money import Yen


@dataclass(frozen=True)
class WaitingRow:
    """Boarding after some months.

    Attributes:
        wait: Months until boarding; the whole contract means never boarding.
        start: First month of the joint system; None for never.
        total: 単独でつなぐ: cost of the same horizon, yen.
        extra: ``total`` less that of boarding now, yen: what waiting costs.
        idle_total: 使わずに待つ: cost of the same horizon, with ``wait`` months without a system,
            yen; None where a system is in use already.
    """

    wait: int
    start: date | None
    joint_months: int
    total: Yen
    extra: Yen
    idle_total: Yen | None


def waiting_rows(cost: BoardingCost) -> tuple[WaitingRow, ...]:
    """One row a month of waiting, from boarding now (0) to never (all months)."""
    months = cost.request.months
    unused = cost.request.present is Present.UNUSED
    now = cost.joint.over(months)
    rows = []
    for wait in range(months + 1):
        left = months - wait
        total = cost.alone.over(wait) + cost.joint.over(left)
        rows.append(
            WaitingRow(
                wait=wait,
                start=month_after(cost.request.start, wait) if left else None,
                joint_months=left,
                total=total,
                extra=total - now,
                idle_total=cost.joint.over(left) if unused else None,
            )
        )
    return tuple(rows)


def last_paying_wait(cost: BoardingCost) -> int | None:
    """Longest wait after which boarding still costs no more than never boarding.

    Later, too few months are left for what is paid once at joining.

    Returns:
        Months of waiting, 0 for only now; None when boarding never pays within the contract.
    """
    *boarding, never = waiting_rows(cost)
    paying = [row.wait for row in boarding if row.total <= never.total]
    return max(paying, default=None)
