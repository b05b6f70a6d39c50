"""Consultations, their contacts, steps, messages, attachments, examples; hearings."""

import sqlalchemy as sa
from alembic import op

from core.store.migrations.insert_only import make_insert_only

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _meeting() -> sa.Enum:
    return _choice("meetingform", "on_site", "online", "either", "written")


def upgrade() -> None:
    op.create_table(
        "consultation",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("lg_code", sa.Text(), nullable=False),
        sa.Column(
            "theme",
            _choice(
                "theme",
                "standardization",
                "my_number_card",
                "online_procedures",
                "ai_rpa",
                "telework",
                "security",
                "joint_systems",
                "daily_work",
            ),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("tried", sa.Text(), nullable=False),
        sa.Column("meeting", _meeting(), nullable=False),
        sa.Column("first_wished", sa.Date(), nullable=True),
        sa.Column("second_wished", sa.Date(), nullable=True),
        sa.Column("third_wished", sa.Date(), nullable=True),
        sa.Column("wished_note", sa.Text(), nullable=False),
        sa.Column("requested_at", _MOMENT, nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.CheckConstraint("serial > 0", name="serial_from_one"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("fiscal_year", "serial", name="consultation_number"),
    )
    op.create_index("consultation_lg_code", "consultation", ["lg_code"], unique=False)
    op.create_table(
        "consultation_contact",
        sa.Column("consultation_id", _SERIAL, autoincrement=False, nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mail", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"]),
        sa.PrimaryKeyConstraint("consultation_id"),
    )
    op.create_table(
        "consultation_event",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("consultation_id", _SERIAL, nullable=False),
        sa.Column(
            "state",
            _choice(
                "consultationstate", "received", "coordinating", "scheduled", "held", "withdrawn"
            ),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("start", sa.Time(), nullable=True),
        sa.Column("meeting", _meeting(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", _MOMENT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("consultation_event_of", "consultation_event", ["consultation_id"])
    op.create_table(
        "consultation_message",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("consultation_id", _SERIAL, nullable=False),
        sa.Column("side", _choice("side", "municipality", "secretariat"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_at", _MOMENT, nullable=False),
        sa.Column("sent_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("consultation_message_of", "consultation_message", ["consultation_id"])
    op.create_table(
        "attachment",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("consultation_id", _SERIAL, nullable=False),
        sa.Column("message_id", _SERIAL, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"]),
        sa.ForeignKeyConstraint(["message_id"], ["consultation_message.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("attachment_of", "attachment", ["consultation_id"])
    op.create_table(
        "example_event",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("consultation_id", _SERIAL, nullable=False),
        sa.Column(
            "state",
            _choice("examplestate", "consented", "declined", "published", "unpublished"),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("recorded_at", _MOMENT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint("(state = 'published') = (answer <> '')", name="published_has_text"),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("example_event_of", "example_event", ["consultation_id"])
    op.create_table(
        "hearing_event",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("lg_code", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("state", _choice("hearingstate", "planned", "held", "cancelled"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("start", sa.Time(), nullable=True),
        sa.Column("meeting", _meeting(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_at", _MOMENT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("hearing_event_key", "hearing_event", ["fiscal_year", "lg_code"])
    make_insert_only(
        "attachment",
        "consultation",
        "consultation_event",
        "consultation_message",
        "example_event",
        "hearing_event",
    )
