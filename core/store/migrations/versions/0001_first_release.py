"""The schema of the first release."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

from core.store.migrations.insert_only import make_insert_only

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_BIG, _WHOLE, _TEXT, _FLAG = sa.BigInteger(), sa.Integer(), sa.Text(), sa.Boolean()
_DAY, _TIME, _BYTES, _MOMENT = sa.Date(), sa.Time(), sa.LargeBinary(), sa.DateTime(timezone=True)


def _of(kind: Any, *names: str, null: bool = False, counted: bool = True) -> list[sa.Column[Any]]:
    """Columns of one type, one after the other; ``counted``: an integer key numbers itself."""
    counting: Any = "auto" if counted else False
    return [sa.Column(name, kind, nullable=null, autoincrement=counting) for name in names]


def _choice(name: str, values: str, *, null: bool = False) -> sa.Column[Any]:
    kind = sa.Enum(*values.split(), name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, kind, nullable=null)


def _recorded() -> list[sa.Column[Any]]:
    return [*_of(_MOMENT, "recorded_at"), *_of(_TEXT, "recorded_by")]


def _numbered(name: str, *parts: SchemaItem) -> None:
    op.create_table(name, *_of(_SERIAL, "id"), *parts, sa.PrimaryKeyConstraint("id"))


def upgrade() -> None:
    op.create_table(
        "account",
        *_of(_TEXT, "username", "display_name"),
        _choice("role", "public viewer officer secretariat"),
        *_of(_TEXT, "lg_code", null=True),
        *_of(_TEXT, "password_hash"),
        *_of(_FLAG, "active", "must_change_password"),
        *_of(_WHOLE, "session_version", "failed_attempts"),
        *_of(_MOMENT, "locked_until", null=True),
        *_of(_MOMENT, "created_at"),
        sa.CheckConstraint(
            "(role = 'officer') = (lg_code IS NOT NULL)", name="officer_has_municipality"
        ),
        sa.PrimaryKeyConstraint("username"),
    )
    _numbered(
        "alert_rule",
        _choice(
            "kind",
            "in_none window_closing budget_share unanswered_wishes waiting_days target_missed",
        ),
        *_of(_WHOLE, "threshold", null=True),
        *_recorded(),
    )
    _numbered(
        "attendance",
        *_of(_TEXT, "enrolment_id", "session_id", "lg_code"),
        _choice("mark", "present absent cleared"),
        _choice("means", "list file code"),
        *_recorded(),
    )
    op.create_index("attendance_session", "attendance", ["session_id", "id"])
    _numbered(
        "attendance_attempt",
        *_of(_TEXT, "session_id", "lg_code"),
        *_of(_MOMENT, "at"),
        *_of(_TEXT, "username"),
    )
    op.create_index(
        "attendance_attempt_session", "attendance_attempt", ["session_id", "lg_code", "at"]
    )
    _numbered(
        "attendance_code",
        *_of(_TEXT, "code"),
        *_of(_MOMENT, "expires_at"),
        *_of(_TEXT, "session_id"),
        *_of(_MOMENT, "issued_at"),
        *_of(_TEXT, "issued_by"),
    )
    op.create_index("ix_attendance_code_session_id", "attendance_code", ["session_id"])
    _numbered(
        "audit",
        *_of(_MOMENT, "at"),
        *_of(_TEXT, "actor"),
        _choice("role", "public viewer officer secretariat"),
        *_of(_TEXT, "action", "subject", "detail", "previous_hash", "hash"),
        sa.UniqueConstraint("hash"),
    )
    _numbered(
        "boarding_step",
        *_of(_TEXT, "lg_code", "programme"),
        _choice("step", "intention budget approval mandate contract live"),
        *_of(_DAY, "done_on"),
        *_of(_FLAG, "taken_back"),
        *_of(_TEXT, "note"),
        *_recorded(),
    )
    op.create_index("boarding_step_lg_code", "boarding_step", ["lg_code", "programme"])
    _numbered(
        "boarding_window",
        *_of(_TEXT, "programme"),
        *_of(_WHOLE, "fiscal_year"),
        _choice("change", "opened closed"),
        *_of(_SERIAL, "opening", null=True),
        *_of(_DAY, "first_day", "last_day"),
        *_of(_TEXT, "source", "note"),
        *_recorded(),
        sa.CheckConstraint("(change = 'closed') = (opening IS NOT NULL)", name="closes_an_opening"),
        sa.CheckConstraint(
            "change = 'closed' OR first_day <= last_day", name="ends_after_it_begins"
        ),
        sa.ForeignKeyConstraint(["opening"], ["boarding_window.id"]),
        sa.UniqueConstraint("opening"),
    )
    op.create_table(
        "calendar_token",
        *_of(_TEXT, "token_hash", "token_id", "username", "lg_code", "label"),
        *_of(_MOMENT, "created_at"),
        *_of(_MOMENT, "revoked_at", null=True),
        sa.PrimaryKeyConstraint("token_hash"),
        sa.UniqueConstraint("token_id"),
    )
    op.create_index("ix_calendar_token_lg_code", "calendar_token", ["lg_code"])
    _numbered(
        "consultation",
        *_of(_WHOLE, "fiscal_year", "serial"),
        *_of(_TEXT, "lg_code"),
        _choice(
            "theme",
            "standardization my_number_card online_procedures ai_rpa telework security joint_systems daily_work",
        ),
        *_of(_TEXT, "title", "question", "tried"),
        _choice("meeting", "on_site online either written"),
        *_of(_TEXT, "wished", "wished_note"),
        *_of(_MOMENT, "requested_at"),
        *_of(_TEXT, "requested_by"),
        sa.CheckConstraint("serial > 0", name="serial_from_one"),
        sa.UniqueConstraint("fiscal_year", "serial", name="consultation_number"),
    )
    op.create_index("consultation_lg_code", "consultation", ["lg_code"])
    _numbered(
        "coverage_event",
        *_of(_TEXT, "programme"),
        _choice("edition", "paid free"),
        _choice("kind", "declared withdrawn"),
        *_of(_DAY, "effective"),
        *_of(_TEXT, "source", "note"),
        *_recorded(),
    )
    op.create_table(
        "demonstration",
        *_of(_WHOLE, "id", counted=False),
        *_of(_MOMENT, "made_at"),
        sa.CheckConstraint("id = 1", name="one_row"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "enrollee",
        *_of(_TEXT, "name", "department", "mail", "enrolment_id", "session_id", "lg_code"),
        sa.PrimaryKeyConstraint("enrolment_id"),
    )
    op.create_index("ix_enrollee_session_id", "enrollee", ["session_id"])
    _numbered(
        "enrolment",
        *_of(_TEXT, "enrolment_id", "session_id"),
        *_of(_WHOLE, "version"),
        *_of(_TEXT, "lg_code"),
        _choice("kind", "enrolled changed cancelled"),
        _choice("attending", "on_site online", null=True),
        *_recorded(),
    )
    op.create_index("enrolment_lg_code", "enrolment", ["lg_code", "session_id"])
    op.create_index("enrolment_of_one", "enrolment", ["enrolment_id", "id"])
    op.create_index("enrolment_session", "enrolment", ["session_id", "id"])
    _numbered(
        "hearing_event",
        *_of(_TEXT, "lg_code"),
        *_of(_WHOLE, "fiscal_year"),
        _choice("state", "planned held cancelled"),
        *_of(_DAY, "day"),
        *_of(_TIME, "start", null=True),
        _choice("meeting", "on_site online either written"),
        *_of(_TEXT, "note"),
        *_recorded(),
    )
    op.create_index("hearing_event_key", "hearing_event", ["fiscal_year", "lg_code"])
    _numbered(
        "kept_estimate",
        *_of(_TEXT, "estimate_id", "lg_code", "name", "request"),
        *_of(_BIG, "gross", "subsidy", "net"),
        _choice("state", "kept discarded"),
        *_recorded(),
    )
    op.create_index("kept_estimate_lg_code", "kept_estimate", ["lg_code", "estimate_id"])
    _numbered(
        "kpi_target",
        *_of(_TEXT, "indicator"),
        *_of(_DAY, "day"),
        *_of(_BIG, "value", null=True),
        *_of(_TEXT, "note"),
        *_recorded(),
    )
    op.create_index("kpi_target_key", "kpi_target", ["indicator", "day"])
    _numbered(
        "ledger_event",
        *_of(_TEXT, "participant", "programme"),
        *_of(_TEXT, "lot", null=True),
        _choice(
            "kind",
            "interest planned mandate joined joined_late free_edition live lot_changed left withdrawn correction",
        ),
        *_of(_DAY, "effective"),
        _choice("precision", "day month month_or_later fiscal_year"),
        *_of(_DAY, "target", null=True),
        _choice("target_precision", "day month month_or_later fiscal_year", null=True),
        *_of(_TEXT, "source", "note"),
        *_of(_SERIAL, "corrects", null=True),
        *_recorded(),
        sa.CheckConstraint(
            "kind <> 'correction' OR corrects IS NOT NULL", name="correction_names_an_event"
        ),
        sa.CheckConstraint(
            "(target IS NULL) = (target_precision IS NULL)", name="target_has_its_precision"
        ),
        sa.ForeignKeyConstraint(["corrects"], ["ledger_event.id"]),
        sa.UniqueConstraint("corrects"),
    )
    op.create_index("ledger_event_cell", "ledger_event", ["programme", "participant"])
    _numbered(
        "meeting_freeze",
        *_of(_TEXT, "name"),
        *_of(_DAY, "as_of"),
        *_of(_BIG, "revision"),
        *_of(_MOMENT, "frozen_at"),
        *_of(_TEXT, "frozen_by", "scenes"),
    )
    _numbered(
        "meeting_set",
        *_of(_TEXT, "set_id", "name", "scenes"),
        *_of(_WHOLE, "seconds"),
        _choice("state", "kept discarded"),
        *_recorded(),
        sa.CheckConstraint("seconds >= 0", name="seconds_not_negative"),
    )
    op.create_index("meeting_set_key", "meeting_set", ["set_id"])
    _numbered(
        "parameter",
        *_of(_TEXT, "name"),
        *_of(_TEXT, "value", null=True),
        *_of(_DAY, "valid_from"),
        _choice("basis", "official under_consideration assumption unknown"),
        *_of(_TEXT, "source", "note"),
        *_of(_MOMENT, "recorded_at", null=True),
        *_of(_FLAG, "withdrawn"),
        *_of(_TEXT, "recorded_by"),
    )
    op.create_index("parameter_name", "parameter", ["name", "valid_from"])
    op.create_table(
        "request",
        *_of(_TEXT, "actor", "request_id", "action", "result"),
        *_of(_MOMENT, "at"),
        sa.PrimaryKeyConstraint("actor", "request_id"),
    )
    op.create_table(
        "revision",
        *_of(_WHOLE, "id", counted=False),
        *_of(_BIG, "value"),
        sa.CheckConstraint("id = 1", name="one_row"),
        sa.PrimaryKeyConstraint("id"),
    )
    _numbered(
        "training_version",
        *_of(_TEXT, "training_id"),
        *_of(_WHOLE, "version"),
        _choice("kind", "技術相談会 成果発表会 勉強会 研修会 説明会 検討会 セミナー その他"),
        *_of(_TEXT, "title", "purpose", "theme", "covered"),
        _choice("audience", "all_municipalities budget_requesters named", null=True),
        *_of(_TEXT, "named", "host"),
        *_of(_TEXT, "co_host", "speaker", null=True),
        *_of(_WHOLE, "seats_per_municipality", null=True),
        *_of(_DAY, "deadline", null=True),
        *_of(_TIME, "deadline_time", null=True),
        *_of(_TEXT, "materials"),
        *_of(_FLAG, "open_data"),
        _choice("state", "draft published cancelled discarded"),
        *_of(_TEXT, "reason"),
        *_of(_WHOLE, "number", null=True),
        *_of(_TEXT, "source"),
        *_of(_MOMENT, "recorded_at"),
        *_of(_TEXT, "recorded_by", "search_text"),
        sa.CheckConstraint(
            "deadline_time IS NULL OR deadline IS NOT NULL", name="deadline_has_day"
        ),
        sa.CheckConstraint(
            "(COALESCE(audience, '') = 'named') = (named <> '')", name="named_when_named"
        ),
        sa.UniqueConstraint("training_id", "version", name="training_version_once"),
    )
    _numbered(
        "wish",
        *_of(_TEXT, "lg_code"),
        *_of(_WHOLE, "fiscal_year", "plan"),
        _choice("state", "considering wished budget_requested approved contracted withdrawn"),
        *_of(_WHOLE, "visits"),
        *_of(_BIG, "gross", "subsidy", "net"),
        *_of(_TEXT, "reason"),
        *_recorded(),
        sa.CheckConstraint("gross = subsidy + net", name="adds_up"),
    )
    op.create_index("wish_key", "wish", ["lg_code", "fiscal_year", "plan"])
    op.create_table(
        "consultation_contact",
        *_of(_TEXT, "department", "name", "mail", "phone"),
        *_of(_SERIAL, "consultation_id", counted=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"]),
        sa.PrimaryKeyConstraint("consultation_id"),
    )
    _numbered(
        "consultation_event",
        _choice("state", "received coordinating scheduled held withdrawn"),
        *_of(_DAY, "day", null=True),
        *_of(_TIME, "start", null=True),
        _choice("meeting", "on_site online either written", null=True),
        *_of(_TEXT, "place", "answer", "reason"),
        *_recorded(),
        *_of(_SERIAL, "consultation_id"),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"]),
    )
    op.create_index("consultation_event_of", "consultation_event", ["consultation_id"])
    _numbered(
        "consultation_message",
        _choice("side", "municipality secretariat"),
        *_of(_TEXT, "text"),
        *_of(_MOMENT, "sent_at"),
        *_of(_TEXT, "sent_by"),
        *_of(_SERIAL, "consultation_id"),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"]),
    )
    op.create_index("consultation_message_of", "consultation_message", ["consultation_id"])
    _numbered(
        "example_event",
        _choice("state", "consented declined published unpublished"),
        *_of(_TEXT, "title", "question", "answer", null=True),
        *_recorded(),
        *_of(_SERIAL, "consultation_id"),
        sa.CheckConstraint(
            "(state = 'published') = (answer IS NOT NULL)", name="published_has_text"
        ),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"]),
    )
    op.create_index("example_event_of", "example_event", ["consultation_id"])
    op.create_table(
        "session",
        *_of(_TEXT, "token_hash", "username"),
        *_of(_WHOLE, "session_version"),
        *_of(_MOMENT, "created_at", "expires_at"),
        *_of(_MOMENT, "revoked_at", null=True),
        sa.ForeignKeyConstraint(["username"], ["account.username"]),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_session_username", "session", ["username"])
    _numbered(
        "training_session",
        *_of(_TEXT, "session_id"),
        *_of(_DAY, "day"),
        *_of(_TIME, "start_time", "end_time", null=True),
        *_of(_TEXT, "formats", "place", null=True),
        *_of(_TEXT, "joining_address"),
        *_of(_WHOLE, "capacity", null=True),
        *_of(_FLAG, "cancelled"),
        *_of(_SERIAL, "version_id"),
        *_of(_WHOLE, "fiscal_year"),
        sa.CheckConstraint(
            "end_time IS NULL OR (start_time IS NOT NULL AND end_time > start_time)",
            name="ends_after_start",
        ),
        sa.CheckConstraint(
            "formats IN (';on_site;', ';online;', ';on_site;online;')", name="formats_known_or_not"
        ),
        sa.ForeignKeyConstraint(["version_id"], ["training_version.id"]),
    )
    op.create_index("training_session_day", "training_session", ["day"])
    op.create_index("training_session_id", "training_session", ["session_id", "version_id"])
    op.create_index("training_session_version", "training_session", ["version_id"])
    op.create_index("training_session_year", "training_session", ["fiscal_year", "day"])
    _numbered(
        "attachment",
        *_of(_SERIAL, "message_id", null=True),
        *_of(_TEXT, "name", "media_type"),
        *_of(_WHOLE, "size"),
        *_of(_TEXT, "added_by"),
        *_of(_SERIAL, "consultation_id"),
        *_of(_TEXT, "sha256"),
        *_of(_BYTES, "content"),
        *_of(_MOMENT, "added_at"),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"]),
        sa.ForeignKeyConstraint(["message_id"], ["consultation_message.id"]),
    )
    op.create_index("attachment_of", "attachment", ["consultation_id"])
    make_insert_only(
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
