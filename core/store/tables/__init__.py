"""The tables, one module an aggregate; this package is their only door."""

from core.store.tables.accounts import AccountRow, SessionRow
from core.store.tables.base import Base
from core.store.tables.boarding import BoardingStepRow, BoardingWindowRow
from core.store.tables.consultations import (
    AttachmentRow,
    ConsultationContactRow,
    ConsultationEventRow,
    ConsultationMessageRow,
    ConsultationRow,
    ExampleEventRow,
    HearingEventRow,
)
from core.store.tables.demonstration import DemonstrationRow
from core.store.tables.enrolments import (
    AttendanceAttemptRow,
    AttendanceCodeRow,
    AttendanceRow,
    CalendarTokenRow,
    EnrolleeRow,
    EnrolmentRow,
)
from core.store.tables.estimates import KeptEstimateRow, KeptState
from core.store.tables.kpi import AlertRuleRow, KpiTargetRow
from core.store.tables.ledger import CoverageEventRow, LedgerEventRow
from core.store.tables.meetings import MeetingFreezeRow, MeetingSetRow
from core.store.tables.parameters import ParameterRow
from core.store.tables.trail import AuditRow, RequestRow, RevisionRow
from core.store.tables.trainings import TrainingSessionRow, TrainingVersionRow
from core.store.tables.wishes import WishRow

INSERT_ONLY = (
    "alert_rule",
    "attachment",
    "attendance",
    "attendance_attempt",
    "attendance_code",
    "audit",
    "boarding_step",
    "boarding_window",
    "consultation",
    "consultation_event",
    "consultation_message",
    "coverage_event",
    "demonstration",
    "enrolment",
    "example_event",
    "hearing_event",
    "kept_estimate",
    "kpi_target",
    "ledger_event",
    "meeting_freeze",
    "meeting_set",
    "parameter",
    "training_session",
    "training_version",
    "wish",
)
"""Tables whose rows the database itself refuses to change or delete."""

__all__ = [
    "INSERT_ONLY",
    "AccountRow",
    "AlertRuleRow",
    "AttachmentRow",
    "AttendanceAttemptRow",
    "AttendanceCodeRow",
    "AttendanceRow",
    "AuditRow",
    "Base",
    "BoardingStepRow",
    "BoardingWindowRow",
    "CalendarTokenRow",
    "ConsultationContactRow",
    "ConsultationEventRow",
    "ConsultationMessageRow",
    "ConsultationRow",
    "CoverageEventRow",
    "DemonstrationRow",
    "EnrolleeRow",
    "EnrolmentRow",
    "ExampleEventRow",
    "HearingEventRow",
    "KeptEstimateRow",
    "KeptState",
    "KpiTargetRow",
    "LedgerEventRow",
    "MeetingFreezeRow",
    "MeetingSetRow",
    "ParameterRow",
    "RequestRow",
    "RevisionRow",
    "SessionRow",
    "TrainingSessionRow",
    "TrainingVersionRow",
    "WishRow",
]
