"""What the secretariat said of the ledger's coverage (台帳の網羅)."""

import sqlalchemy as sa
from alembic import op

from core.store.migrations.insert_only import make_insert_only

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "coverage_event",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("edition", _choice("edition", "paid", "free"), nullable=False),
        sa.Column("kind", _choice("coveragekind", "declared", "withdrawn"), nullable=False),
        sa.Column("effective", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    make_insert_only("coverage_event")
