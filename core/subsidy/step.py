"""補助金の手続: its steps, its states, and what may follow what."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.values.label import Labelled


class CaseStep(Labelled):
    """手続の一歩."""

    APPLIED = "applied", "交付申請"
    SENT_BACK = "sent_back", "差戻し"
    DECIDED = "decided", "交付決定"
    REFUSED = "refused", "不交付決定"
    CHANGE_APPLIED = "change_applied", "変更申請"
    CHANGE_DECIDED = "change_decided", "変更決定"
    CHANGE_REFUSED = "change_refused", "変更の不承認"
    CHANGE_DROPPED = "change_dropped", "変更申請の取下げ"
    ADVANCE_CLAIMED = "advance_claimed", "概算払の請求"
    ADVANCE_PAID = "advance_paid", "概算払"
    REPORTED = "reported", "実績報告"
    FINALISED = "finalised", "額の確定"
    CLAIMED = "claimed", "請求"
    PAID = "paid", "支払"
    REPAID = "repaid", "返還"
    WITHDRAWN = "withdrawn", "取下げ"
    CANCELLED = "cancelled", "交付決定の取消し"


class CaseState(Labelled):
    """手続の状態."""

    APPLIED = "applied", "申請中"
    RETURNED = "returned", "申請の補正待ち"
    REFUSED = "refused", "不交付"
    DECIDED = "decided", "交付決定済"
    CHANGE_APPLIED = "change_applied", "変更申請中"
    CHANGE_RETURNED = "change_returned", "変更申請の補正待ち"
    ADVANCE_CLAIMED = "advance_claimed", "概算払の請求中"
    REPORTED = "reported", "実績報告済"
    REPORT_RETURNED = "report_returned", "実績報告の補正待ち"
    FINAL = "final", "額の確定済"
    CLAIMED = "claimed", "請求済"
    PAID = "paid", "支払済"
    SETTLED = "settled", "精算済"
    WITHDRAWN = "withdrawn", "取下げ"
    CANCELLED = "cancelled", "決定取消し"


_S, _T = CaseStep, CaseState
TRANSITIONS: Mapping[CaseState | None, Mapping[CaseStep, CaseState]] = MappingProxyType(
    {
        None: {_S.APPLIED: _T.APPLIED},
        _T.APPLIED: {
            _S.DECIDED: _T.DECIDED,
            _S.REFUSED: _T.REFUSED,
            _S.SENT_BACK: _T.RETURNED,
            _S.WITHDRAWN: _T.WITHDRAWN,
        },
        _T.RETURNED: {_S.APPLIED: _T.APPLIED, _S.WITHDRAWN: _T.WITHDRAWN},
        _T.DECIDED: {
            _S.CHANGE_APPLIED: _T.CHANGE_APPLIED,
            _S.ADVANCE_CLAIMED: _T.ADVANCE_CLAIMED,
            _S.REPORTED: _T.REPORTED,
            _S.WITHDRAWN: _T.WITHDRAWN,
            _S.CANCELLED: _T.CANCELLED,
        },
        _T.CHANGE_APPLIED: {
            _S.CHANGE_DECIDED: _T.DECIDED,
            _S.CHANGE_REFUSED: _T.DECIDED,
            _S.SENT_BACK: _T.CHANGE_RETURNED,
            _S.CHANGE_DROPPED: _T.DECIDED,
        },
        _T.CHANGE_RETURNED: {
            _S.CHANGE_APPLIED: _T.CHANGE_APPLIED,
            _S.CHANGE_DROPPED: _T.DECIDED,
        },
        _T.ADVANCE_CLAIMED: {_S.ADVANCE_PAID: _T.DECIDED, _S.SENT_BACK: _T.DECIDED},
        _T.REPORTED: {_S.FINALISED: _T.FINAL, _S.SENT_BACK: _T.REPORT_RETURNED},
        _T.REPORT_RETURNED: {_S.REPORTED: _T.REPORTED, _S.CANCELLED: _T.CANCELLED},
        _T.FINAL: {_S.CLAIMED: _T.CLAIMED, _S.REPAID: _T.SETTLED},
        _T.CLAIMED: {_S.PAID: _T.PAID, _S.SENT_BACK: _T.FINAL},
        _T.CANCELLED: {_S.REPAID: _T.SETTLED},
        _T.REFUSED: {},
        _T.PAID: {},
        _T.SETTLED: {},
        _T.WITHDRAWN: {},
    }
)
"""State → step → the state after it; None is "nothing applied for". The only such table.

Money decides further (:mod:`core.subsidy.money`): 取下げ of what was paid in advance is refused,
請求 asks for something due, 返還 for something paid too much."""

ENDED = frozenset({CaseState.REFUSED, CaseState.WITHDRAWN, CaseState.CANCELLED})
"""Nothing is granted (any more)."""

MUNICIPAL = frozenset(
    {
        CaseStep.APPLIED,
        CaseStep.CHANGE_APPLIED,
        CaseStep.CHANGE_DROPPED,
        CaseStep.ADVANCE_CLAIMED,
        CaseStep.REPORTED,
        CaseStep.CLAIMED,
        CaseStep.WITHDRAWN,
    }
)
"""Steps of the municipality; the secretariat records them for it where they came on paper. All
others are the secretariat's alone."""
