"""The tables, one module an aggregate; this package is their only door."""

from core.store.tables.accounts import AccountRow, SessionRow
from core.store.tables.base import Base
from core.store.tables.estimates import KeptEstimateRow, KeptState
from core.store.tables.ledger import LedgerEventRow
from core.store.tables.meetings import MeetingFreezeRow, MeetingSetRow
from core.store.tables.parameters import ParameterRow
from core.store.tables.trail import AuditRow, RequestRow, RevisionRow
from core.store.tables.wishes import WishRow

INSERT_ONLY = (
    "audit",
    "kept_estimate",
    "ledger_event",
    "meeting_freeze",
    "meeting_set",
    "parameter",
    "wish",
)
"""Tables whose rows the database itself refuses to change or delete."""

__all__ = [
    "INSERT_ONLY",
    "AccountRow",
    "AuditRow",
    "Base",
    "KeptEstimateRow",
    "KeptState",
    "LedgerEventRow",
    "MeetingFreezeRow",
    "MeetingSetRow",
    "ParameterRow",
    "RequestRow",
    "RevisionRow",
    "SessionRow",
    "WishRow",
]
