"""The tables, one module an aggregate; this package is their only door."""

from core.store.tables.accounts import AccountRow, SessionRow
from core.store.tables.base import Base
from core.store.tables.consultations import (
    AttachmentRow,
    ConsultationContactRow,
    ConsultationEventRow,
    ConsultationMessageRow,
    ConsultationRow,
    ExampleEventRow,
    HearingEventRow,
)
from core.store.tables.estimates import KeptEstimateRow, KeptState
from core.store.tables.parameters import ParameterRow
from core.store.tables.trail import AuditRow, RequestRow, RevisionRow
from core.store.tables.wishes import WishRow

INSERT_ONLY = (
    "attachment",
    "audit",
    "consultation",
    "consultation_event",
    "consultation_message",
    "example_event",
    "hearing_event",
    "kept_estimate",
    "parameter",
    "wish",
)
"""Tables whose rows the database itself refuses to change or delete."""

__all__ = [
    "INSERT_ONLY",
    "AccountRow",
    "AttachmentRow",
    "AuditRow",
    "Base",
    "ConsultationContactRow",
    "ConsultationEventRow",
    "ConsultationMessageRow",
    "ConsultationRow",
    "ExampleEventRow",
    "HearingEventRow",
    "KeptEstimateRow",
    "KeptState",
    "ParameterRow",
    "RequestRow",
    "RevisionRow",
    "SessionRow",
    "WishRow",
]
