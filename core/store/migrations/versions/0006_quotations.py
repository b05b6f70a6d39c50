"""見積・契約額: words about prices, consents to be shown, files; 削減時間."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from core.store.migrations.insert_only import make_insert_only

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _choice(name: str, *values: str, nullable: bool = False) -> sa.Column[Any]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, kind, nullable=nullable)


def _said() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
    )


def _of_quotation(column: str = "quotation_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["quotation_event.id"])


def upgrade() -> None:
    op.create_table(
        "quotation_event",
        sa.Column("id", _SERIAL, primary_key=True),
        sa.Column("lg_code", sa.Text(), nullable=False),
        sa.Column("quotation_id", _SERIAL, nullable=True),
        _choice("change", "recorded", "corrected", "withdrawn"),
        _choice("document", "quoted", "contracted", nullable=True),
        _choice("way", "alone", "joint", "standard", nullable=True),
        sa.Column("programme", sa.Text(), nullable=True),
        sa.Column("lot", sa.Text(), nullable=True),
        sa.Column("vendor", sa.Text(), nullable=True),
        sa.Column("initial", sa.BigInteger(), nullable=True),
        sa.Column("monthly", sa.BigInteger(), nullable=True),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=True),
        _choice("tax", "included", "excluded", nullable=True),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        *_said(),
        _of_quotation(),
        sa.CheckConstraint(
            "(change = 'recorded') = (quotation_id IS NULL)", name="first_word_records"
        ),
        sa.CheckConstraint(
            "(change = 'withdrawn') = (dated IS NULL)", name="withdrawn_has_no_price"
        ),
        sa.Index("quotation_event_lg_code", "lg_code"),
        sa.Index("quotation_event_of", "quotation_id"),
    )
    op.create_table(
        "quotation_consent",
        sa.Column("id", _SERIAL, primary_key=True),
        sa.Column("quotation_id", _SERIAL, nullable=False),
        sa.Column("said_of", _SERIAL, nullable=False),
        _choice("consent", "agreed", "taken_back"),
        *_said(),
        _of_quotation(),
        _of_quotation("said_of"),
        sa.Index("quotation_consent_of", "quotation_id"),
    )
    op.create_table(
        "quotation_file",
        sa.Column("id", _SERIAL, primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("quotation_id", _SERIAL, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _of_quotation(),
        sa.Index("quotation_file_of", "quotation_id"),
    )
    op.create_table(
        "saved_hours",
        sa.Column("id", _SERIAL, primary_key=True),
        sa.Column("lg_code", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("measured", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *_said(),
        sa.Index("saved_hours_lg_code", "lg_code"),
    )
    make_insert_only("quotation_event", "quotation_consent", "quotation_file", "saved_hours")
