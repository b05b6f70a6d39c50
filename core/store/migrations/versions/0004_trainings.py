"""Trainings with their sessions, enrolments, attendance, calendar addresses."""

import sqlalchemy as sa
from alembic import op

from core.store.migrations.insert_only import make_insert_only

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attendance",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("enrolment_id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("lg_code", sa.Text(), nullable=False),
        sa.Column(
            "mark",
            sa.Enum(
                "present",
                "absent",
                "cleared",
                name="attendancemark",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "means",
            sa.Enum(
                "list",
                "file",
                "code",
                name="attendancemeans",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("attendance_session", "attendance", ["session_id", "id"], unique=False)
    op.create_table(
        "attendance_attempt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("lg_code", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "attendance_attempt_session",
        "attendance_attempt",
        ["session_id", "lg_code", "at"],
        unique=False,
    )
    op.create_table(
        "attendance_code",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        ("ix_attendance_code_session_id"), "attendance_code", ["session_id"], unique=False
    )
    op.create_table(
        "calendar_token",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("token_id", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("lg_code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("token_hash"),
        sa.UniqueConstraint("token_id"),
    )
    op.create_index(("ix_calendar_token_lg_code"), "calendar_token", ["lg_code"], unique=False)
    op.create_table(
        "enrollee",
        sa.Column("enrolment_id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("lg_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("mail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("enrolment_id"),
    )
    op.create_index(("ix_enrollee_session_id"), "enrollee", ["session_id"], unique=False)
    op.create_table(
        "enrolment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("enrolment_id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("lg_code", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "enrolled",
                "changed",
                "cancelled",
                name="enrolmentkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "attending",
            sa.Enum(
                "on_site",
                "online",
                name="sessionformat",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("enrolment_lg_code", "enrolment", ["lg_code", "session_id"], unique=False)
    op.create_index("enrolment_of_one", "enrolment", ["enrolment_id", "id"], unique=False)
    op.create_index("enrolment_session", "enrolment", ["session_id", "id"], unique=False)
    op.create_table(
        "training_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("training_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "技術相談会",
                "成果発表会",
                "勉強会",
                "研修会",
                "説明会",
                "検討会",
                "セミナー",
                "その他",
                name="trainingkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("covered", sa.Text(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "all_municipalities",
                "budget_requesters",
                "named",
                name="audience",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("named", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("co_host", sa.Text(), nullable=True),
        sa.Column("speaker", sa.Text(), nullable=True),
        sa.Column("seats_per_municipality", sa.Integer(), nullable=True),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("deadline_time", sa.Time(), nullable=True),
        sa.Column("materials", sa.Text(), nullable=False),
        sa.Column("open_data", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "published",
                "cancelled",
                "discarded",
                name="trainingstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(COALESCE(audience, '') = 'named') = (named <> '')", name="named_when_named"
        ),
        sa.CheckConstraint(
            "deadline_time IS NULL OR deadline IS NOT NULL", name="deadline_has_day"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("training_id", "version", name="training_version_once"),
    )
    op.create_table(
        "training_session",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("start_time", sa.Time(), nullable=True),
        sa.Column("end_time", sa.Time(), nullable=True),
        sa.Column("on_site", sa.Boolean(), nullable=True),
        sa.Column("online", sa.Boolean(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("joining_address", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(on_site IS NULL AND online IS NULL) OR (on_site IS NOT NULL AND online IS NOT NULL AND (on_site OR online))",
            name="formats_known_or_not",
        ),
        sa.CheckConstraint(
            "end_time IS NULL OR (start_time IS NOT NULL AND end_time > start_time)",
            name="ends_after_start",
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["training_version.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("training_session_day", "training_session", ["day"], unique=False)
    op.create_index(
        "training_session_id", "training_session", ["session_id", "version_id"], unique=False
    )
    op.create_index("training_session_version", "training_session", ["version_id"], unique=False)
    op.create_index(
        "training_session_year", "training_session", ["fiscal_year", "day"], unique=False
    )
    make_insert_only(
        "attendance",
        "attendance_attempt",
        "attendance_code",
        "enrolment",
        "training_session",
        "training_version",
    )
