"""照会・回答: inquiries, what became of them, answers, drafts and files."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from core.store.migrations.insert_only import make_insert_only

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _said() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
    )


def _of(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"])


def upgrade() -> None:
    op.create_table(
        "inquiry",
        sa.Column("id", _SERIAL, primary_key=True),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.UniqueConstraint("fiscal_year", "serial", name="inquiry_number"),
        sa.CheckConstraint("serial > 0", name="serial_from_one"),
    )
    op.create_table(
        "inquiry_version",
        sa.Column("id", _SERIAL, primary_key=True),
        sa.Column("inquiry_id", _SERIAL, nullable=False),
        sa.Column("composition", sa.Text(), nullable=False),
        *_said(),
        _of("inquiry_id", "inquiry"),
        sa.Index("inquiry_version_of", "inquiry_id"),
    )
    steps = ("published", "changed", "extended", "closed", "reopened", "withdrawn", "revealed")
    op.create_table(
        "inquiry_event",
        sa.Column("id", _SERIAL, primary_key=True),
        sa.Column("inquiry_id", _SERIAL, nullable=False),
        sa.Column("step", _choice("step", *steps), nullable=False),
        sa.Column("version_id", _SERIAL, nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *_said(),
        _of("inquiry_id", "inquiry"),
        _of("version_id", "inquiry_version"),
        sa.Index("inquiry_event_of", "inquiry_id"),
    )
    op.create_table(
        "response_event",
        sa.Column("id", _SERIAL, primary_key=True),
        sa.Column("inquiry_id", _SERIAL, nullable=False),
        sa.Column("lg_code", sa.Text(), nullable=False),
        sa.Column(
            "step", _choice("step", "asked", "declined", "handed_in", "returned"), nullable=False
        ),
        sa.Column("version_id", _SERIAL, nullable=False),
        sa.Column("answers", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("way", _choice("way", "screen", "excel", "telephone", "mail"), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *_said(),
        _of("inquiry_id", "inquiry"),
        _of("version_id", "inquiry_version"),
        sa.Index("response_event_of", "inquiry_id", "lg_code"),
        sa.Index("response_event_lg_code", "lg_code"),
    )
    op.create_table(
        "inquiry_file",
        sa.Column("id", _SERIAL, primary_key=True),
        sa.Column("inquiry_id", _SERIAL, nullable=False),
        sa.Column("lg_code", sa.Text(), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _of("inquiry_id", "inquiry"),
        sa.Index("inquiry_file_of", "inquiry_id", "lg_code"),
    )
    op.create_table(
        "approval_rule",
        sa.Column("id", _SERIAL, primary_key=True),
        sa.Column("lg_code", sa.Text(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        *_said(),
        sa.Index("approval_rule_lg_code", "lg_code"),
    )
    op.create_table(
        "inquiry_flow",
        sa.Column("id", _SERIAL, primary_key=True),
        sa.Column("inquiry_id", _SERIAL, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("lg_code", sa.Text(), nullable=False),
        sa.Column("target", _choice("target", "wishes", "ledger"), nullable=False),
        sa.Column("response_event", _SERIAL, nullable=False),
        sa.Column("records", sa.Text(), nullable=False),
        *_said(),
        _of("inquiry_id", "inquiry"),
        _of("response_event", "response_event"),
        sa.Index("inquiry_flow_of", "inquiry_id"),
        sa.Index("inquiry_flow_lg_code", "lg_code"),
    )
    op.create_table(
        "response_draft",
        sa.Column("inquiry_id", _SERIAL, nullable=False),
        sa.Column("lg_code", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("inquiry_id", "lg_code"),
        _of("inquiry_id", "inquiry"),
    )
    make_insert_only(
        "inquiry",
        "inquiry_version",
        "inquiry_event",
        "response_event",
        "inquiry_file",
        "approval_rule",
        "inquiry_flow",
    )
