"""Who has to do what next with a case, by when, and what is missing for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from core.subsidy.case import Case
from core.subsidy.programme import GrantProgramme
from core.subsidy.step import CaseState, CaseStep
from core.values.label import Labelled


class Turn(Labelled):
    """Whose turn it is (次の手続をする側)."""

    MUNICIPALITY = "municipality", "市町村"
    SECRETARIAT = "secretariat", "事務局"
    NOBODY = "nobody", "なし"


@dataclass(frozen=True)
class Due:
    """What comes next.

    Attributes:
        step: The usual next step; None where nothing comes any more.
        deadline: Last day for it; None when unknown: then nobody is late.
        missing: What stands in the way of it, in words.
    """

    turn: Turn
    step: CaseStep | None
    deadline: date | None = None
    missing: tuple[str, ...] = ()

    def late_days(self, today: date) -> int:
        """Days past the deadline; 0 when there is none or it is not over."""
        return max((today - self.deadline).days, 0) if self.deadline else 0

    @property
    def text(self) -> str:
        """次の手続 in a word."""
        return self.step.label if self.step else "なし"


_M, _O, _S, _T = Turn.MUNICIPALITY, Turn.SECRETARIAT, CaseStep, CaseState
_NEXT: Mapping[CaseState | None, tuple[Turn, CaseStep | None]] = MappingProxyType(
    {
        None: (_M, _S.APPLIED),
        _T.APPLIED: (_O, _S.DECIDED),
        _T.RETURNED: (_M, _S.APPLIED),
        _T.DECIDED: (_M, _S.REPORTED),
        _T.CHANGE_APPLIED: (_O, _S.CHANGE_DECIDED),
        _T.CHANGE_RETURNED: (_M, _S.CHANGE_APPLIED),
        _T.ADVANCE_CLAIMED: (_O, _S.ADVANCE_PAID),
        _T.REPORTED: (_O, _S.FINALISED),
        _T.REPORT_RETURNED: (_M, _S.REPORTED),
        _T.FINAL: (_M, _S.CLAIMED),
        _T.CLAIMED: (_O, _S.PAID),
        _T.PAID: (Turn.NOBODY, None),
        _T.SETTLED: (Turn.NOBODY, None),
        _T.REFUSED: (Turn.NOBODY, None),
        _T.WITHDRAWN: (Turn.NOBODY, None),
        _T.CANCELLED: (Turn.NOBODY, None),
    }
)


def due(case: Case | None, programme: GrantProgramme, missing: Iterable[str] = ()) -> Due:
    """What comes next of a case, or of a municipality that should apply.

    Args:
        missing: What a report still lacks (支払の記録, 支援回の記録); said where one comes next.
    """
    state = case.state if case else None
    turn, step = _NEXT[state]
    if case is not None and case.due is not None and case.due < 0:
        turn, step = Turn.SECRETARIAT, CaseStep.REPAID
    lacks = tuple(missing) if step is CaseStep.REPORTED else ()
    deadline = programme.deadlines.get(step) if step and turn is Turn.MUNICIPALITY else None
    return Due(turn, step, deadline, lacks)


TRACK: tuple[CaseStep, ...] = (
    CaseStep.APPLIED,
    CaseStep.DECIDED,
    CaseStep.REPORTED,
    CaseStep.FINALISED,
    CaseStep.CLAIMED,
    CaseStep.PAID,
)
"""Steps every case goes through that comes to its end; the columns of the board."""
_BACK: Mapping[CaseState, tuple[CaseStep, ...]] = MappingProxyType(
    {
        _T.RETURNED: (_S.APPLIED,),
        _T.REPORT_RETURNED: (_S.REPORTED,),
        _T.FINAL: (_S.CLAIMED,),
    }
)


def track(case: Case) -> dict[CaseStep, date | None]:
    """Step of :data:`TRACK` → its day; None for not yet, or to be done again."""
    found: dict[CaseStep, date | None] = {}
    for step in TRACK:
        event = case.last_of(step)
        found[step] = None if event is None or step in _BACK.get(case.state, ()) else event.day
    return found
