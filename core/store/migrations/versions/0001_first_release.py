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
_WHOLE = sa.Integer()
_KINDS: dict[str, Any] = {
    "text": sa.Text(),
    "day": sa.Date(),
    "time": sa.Time(),
    "moment": sa.DateTime(timezone=True),
    "flag": sa.Boolean(),
    "whole": _WHOLE,
    "big": sa.BigInteger(),
    "serial": _SERIAL,
    "bytes": sa.LargeBinary(),
}


def _columns(described: str) -> list[sa.Column[Any]]:
    """``name`` is text, ``name:kind`` one of ``_KINDS``, ``name:a|b`` one of these values.

    What ends in ``?`` may be NULL.
    """
    found: list[sa.Column[Any]] = []
    for each in described.split():
        name, _, kind = each.rstrip("?").partition(":")
        type_ = _choice(name, kind.split("|")) if "|" in kind else _KINDS[kind or "text"]
        found.append(sa.Column(name, type_, nullable=each.endswith("?")))
    return found


def _choice(name: str, values: list[str]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _table(name: str, *parts: str | SchemaItem) -> None:
    items: list[SchemaItem] = []
    for part in parts:
        items += _columns(part) if isinstance(part, str) else [part]
    op.create_table(name, *items)


def _numbered(name: str, *parts: str | SchemaItem) -> None:
    """A table whose rows the database numbers, and never changes."""
    _table(name, "id:serial", *parts, sa.PrimaryKeyConstraint("id"))
    make_insert_only(name)


def upgrade() -> None:
    _table(
        "account",
        "username display_name role:public|viewer|officer|secretariat lg_code? password_hash",
        "active:flag must_change_password:flag password_set_at:moment session_version:whole",
        "failed_attempts:whole failed_at:moment? signed_in_at:moment? created_at:moment",
        "provider_subject?",
        sa.CheckConstraint(
            "(role = 'officer') = (lg_code IS NOT NULL)", name="officer_has_municipality"
        ),
        sa.PrimaryKeyConstraint("username"),
        sa.UniqueConstraint("provider_subject"),
    )
    _numbered(
        "alert_rule",
        "kind:in_none|window_closing|budget_share|unanswered_wishes|waiting_days|target_missed",
        "threshold:whole? recorded_at:moment recorded_by",
    )
    _numbered(
        "attendance",
        "enrolment_id session_id lg_code mark:present|absent|cleared means:list|file|code",
        "recorded_at:moment recorded_by",
        sa.Index("attendance_session", "session_id", "id"),
    )
    _numbered(
        "attendance_attempt",
        "session_id lg_code at:moment username",
        sa.Index("attendance_attempt_session", "session_id", "lg_code", "at"),
    )
    _numbered(
        "attendance_code",
        "code expires_at:moment session_id issued_at:moment issued_by",
        sa.Index("ix_attendance_code_session_id", "session_id"),
    )
    _numbered(
        "audit",
        "at:moment actor role:public|viewer|officer|secretariat lg_code? action subject detail",
        "written previous_hash hash",
        sa.UniqueConstraint("hash"),
        sa.Index("audit_lg_code", "lg_code", "id"),
    )
    _numbered(
        "boarding_step",
        "lg_code programme step:intention|budget|approval|mandate|contract|live done_on:day",
        "taken_back:flag note after_event:serial recorded_at:moment recorded_by",
        sa.Index("boarding_step_lg_code", "lg_code", "programme"),
    )
    _numbered(
        "boarding_window",
        "programme fiscal_year:whole change:opened|closed opening:serial? first_day:day",
        "last_day:day source note recorded_at:moment recorded_by",
        sa.CheckConstraint("(change = 'closed') = (opening IS NOT NULL)", name="closes_an_opening"),
        sa.CheckConstraint(
            "change = 'closed' OR first_day <= last_day", name="ends_after_it_begins"
        ),
        sa.ForeignKeyConstraint(["opening"], ["boarding_window.id"]),
        sa.UniqueConstraint("opening"),
    )
    _table(
        "calendar_token",
        "token_hash token_id username lg_code label created_at:moment revoked_at:moment?",
        sa.PrimaryKeyConstraint("token_hash"),
        sa.UniqueConstraint("token_id"),
        sa.Index("ix_calendar_token_lg_code", "lg_code"),
    )
    _numbered(
        "consultation",
        "fiscal_year:whole serial:whole lg_code",
        "theme:standardization|my_number_card|online_procedures|ai_rpa|telework|security|joint_systems|daily_work",
        "title question tried meeting:on_site|online|either|written wished wished_note",
        "requested_at:moment requested_by",
        sa.CheckConstraint("serial > 0", name="serial_from_one"),
        sa.UniqueConstraint("fiscal_year", "serial", name="consultation_number"),
        sa.Index("consultation_lg_code", "lg_code"),
    )
    _numbered(
        "coverage_event",
        "programme edition:paid|free kind:declared|withdrawn effective:day source note",
        "recorded_at:moment recorded_by",
    )
    _table(
        "demonstration",
        sa.Column("id", _WHOLE, nullable=False, autoincrement=False),
        "made_at:moment",
        sa.CheckConstraint("id = 1", name="one_row"),
        sa.PrimaryKeyConstraint("id"),
    )
    _table(
        "enrollee",
        "name department mail salt enrolment_id session_id lg_code",
        sa.PrimaryKeyConstraint("enrolment_id"),
        sa.Index("ix_enrollee_session_id", "session_id"),
    )
    _numbered(
        "enrolment",
        "enrolment_id session_id version:whole lg_code kind:enrolled|changed|accepted|cancelled",
        "attending:on_site|online? recorded_at:moment recorded_by",
        sa.Index("enrolment_lg_code", "lg_code", "session_id"),
        sa.Index("enrolment_of_one", "enrolment_id", "id"),
        sa.Index("enrolment_session", "session_id", "id"),
    )
    _numbered(
        "hearing_event",
        "lg_code fiscal_year:whole state:planned|held|cancelled day:day start:time?",
        "meeting:on_site|online|either|written note recorded_at:moment recorded_by",
        sa.Index("hearing_event_key", "fiscal_year", "lg_code"),
    )
    _numbered(
        "kept_estimate",
        "estimate_id lg_code name request gross:big subsidy:big net:big state:kept|discarded",
        "recorded_at:moment recorded_by",
        sa.Index("kept_estimate_lg_code", "lg_code", "estimate_id"),
    )
    _numbered(
        "kpi_target",
        "indicator day:day value:big? note recorded_at:moment recorded_by",
        sa.Index("kpi_target_key", "indicator", "day"),
    )
    _numbered(
        "ledger_event",
        "participant programme lot?",
        "kind:interest|planned|mandate|joined|joined_late|free_edition|live|lot_changed|left|withdrawn|correction",
        "effective:day precision:day|month|month_or_later|fiscal_year target:day?",
        "target_precision:day|month|month_or_later|fiscal_year? source note corrects:serial?",
        "recorded_at:moment recorded_by",
        sa.CheckConstraint(
            "kind <> 'correction' OR corrects IS NOT NULL", name="correction_names_an_event"
        ),
        sa.CheckConstraint(
            "(target IS NULL) = (target_precision IS NULL)", name="target_has_its_precision"
        ),
        sa.ForeignKeyConstraint(["corrects"], ["ledger_event.id"]),
        sa.UniqueConstraint("corrects"),
        sa.Index("ledger_event_cell", "programme", "participant"),
    )
    _numbered(
        "letter_told",
        "letter whom way:sent|by_hand recorded_at:moment recorded_by",
        sa.Index("letter_told_letter", "letter"),
    )
    _numbered("meeting_freeze", "name as_of:day revision:big frozen_at:moment frozen_by scenes")
    _numbered(
        "meeting_reveal",
        "set_id scene revealed:flag recorded_at:moment recorded_by",
        sa.Index("meeting_reveal_set", "set_id"),
    )
    _numbered(
        "meeting_set",
        "set_id name scenes seconds:whole state:kept|discarded recorded_at:moment recorded_by",
        sa.CheckConstraint("seconds >= 0", name="seconds_not_negative"),
        sa.Index("meeting_set_key", "set_id"),
    )
    _numbered(
        "news_mark",
        "username news read_at:moment",
        sa.UniqueConstraint("username", "news", name="news_mark_once"),
    )
    _numbered(
        "parameter",
        "name value? valid_from:day basis:official|under_consideration|assumption|unknown source",
        "note recorded_at:moment? withdrawn:flag recorded_by",
        sa.Index("parameter_name", "name", "valid_from"),
    )
    _table(
        "request",
        "actor request_id action result number:big at:moment",
        sa.PrimaryKeyConstraint("actor", "request_id"),
    )
    _numbered(
        "request_form",
        "lg_code name state:kept|discarded places findings recorded_at:moment recorded_by sha256",
        "content:bytes",
        sa.Index("request_form_lg_code", "lg_code"),
    )
    _table(
        "revision",
        sa.Column("id", _WHOLE, nullable=False, autoincrement=False),
        "value:big audit_number:big audit_hash",
        sa.CheckConstraint("id = 1", name="one_row"),
        sa.PrimaryKeyConstraint("id"),
    )
    _numbered(
        "training_version",
        "training_id version:whole kind:技術相談会|成果発表会|勉強会|研修会|説明会|検討会|セミナー|その他 title purpose theme",
        "covered audience:all_municipalities|budget_requesters|named? named host co_host? speaker?",
        "seats_per_municipality:whole? deadline:day? deadline_time:time? materials open_data:flag",
        "state:draft|published|cancelled|discarded reason number:whole? source recorded_at:moment",
        "recorded_by search_text",
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
        "lg_code fiscal_year:whole plan:whole",
        "state:considering|wished|budget_requested|approved|contracted|withdrawn visits:whole",
        "gross:big subsidy:big net:big reason recorded_at:moment recorded_by",
        sa.CheckConstraint("gross = subsidy + net", name="adds_up"),
        sa.Index("wish_key", "lg_code", "fiscal_year", "plan"),
    )
    _table(
        "consultation_contact",
        "department name mail phone salt",
        sa.Column("consultation_id", _SERIAL, nullable=False, autoincrement=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"]),
        sa.PrimaryKeyConstraint("consultation_id"),
    )
    _numbered(
        "consultation_event",
        "state:received|coordinating|scheduled|held|withdrawn day:day? start:time?",
        "meeting:on_site|online|either|written? place answer reason recorded_at:moment recorded_by",
        "consultation_id:serial",
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"]),
        sa.Index("consultation_event_of", "consultation_id"),
    )
    _numbered(
        "consultation_message",
        "side:municipality|secretariat text sent_at:moment sent_by consultation_id:serial",
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"]),
        sa.Index("consultation_message_of", "consultation_id"),
    )
    _numbered(
        "example_event",
        "state:consented|declined|published|unpublished title? question? answer?",
        "recorded_at:moment recorded_by consultation_id:serial",
        sa.CheckConstraint(
            "(state = 'published') = (answer IS NOT NULL)", name="published_has_text"
        ),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"]),
        sa.Index("example_event_of", "consultation_id"),
    )
    _table(
        "session",
        "token_hash username session_version:whole created_at:moment expires_at:moment",
        "revoked_at:moment? last_seen_at:moment address browser_hash",
        "failures:whole failed_at:moment? previous_at:moment? provider_answer?",
        sa.ForeignKeyConstraint(["username"], ["account.username"]),
        sa.PrimaryKeyConstraint("token_hash"),
        sa.UniqueConstraint("provider_answer"),
        sa.Index("ix_session_username", "username"),
    )
    _table(
        "sign_in_limit",
        "kind:browser|pair|account|address account origin spent_until:moment",
        sa.PrimaryKeyConstraint("kind", "account", "origin"),
        sa.Index("ix_sign_in_limit_spent_until", "spent_until"),
    )
    _numbered(
        "training_session",
        "session_id day:day start_time:time? end_time:time? formats? place? joining_address",
        "capacity:whole? cancelled:flag version_id:serial fiscal_year:whole",
        sa.CheckConstraint(
            "end_time IS NULL OR (start_time IS NOT NULL AND end_time > start_time)",
            name="ends_after_start",
        ),
        sa.CheckConstraint(
            "formats IN (';on_site;', ';online;', ';on_site;online;')", name="formats_known_or_not"
        ),
        sa.ForeignKeyConstraint(["version_id"], ["training_version.id"]),
        sa.Index("training_session_day", "day"),
        sa.Index("training_session_id", "session_id", "version_id"),
        sa.Index("training_session_version", "version_id"),
        sa.Index("training_session_year", "fiscal_year", "day"),
    )
    _numbered(
        "attachment",
        "message_id:serial? name media_type size:whole findings added_by consultation_id:serial sha256",
        "content:bytes added_at:moment",
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"]),
        sa.ForeignKeyConstraint(["message_id"], ["consultation_message.id"]),
        sa.Index("attachment_of", "consultation_id"),
    )
    make_insert_only("demonstration")
