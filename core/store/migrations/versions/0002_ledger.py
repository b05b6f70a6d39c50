"""The ledger of joint procurements (参加台帳)."""

import sqlalchemy as sa
from alembic import op

from core.store.migrations.insert_only import make_insert_only

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_PRECISIONS = ("day", "month", "month_or_later", "fiscal_year")


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "ledger_event",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("participant", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("lot", sa.Text(), nullable=True),
        sa.Column(
            "kind",
            _choice(
                "eventkind",
                "interest",
                "planned",
                "mandate",
                "joined",
                "joined_late",
                "free_edition",
                "live",
                "lot_changed",
                "left",
                "withdrawn",
                "correction",
            ),
            nullable=False,
        ),
        sa.Column("effective", sa.Date(), nullable=False),
        sa.Column("precision", _choice("precision", *_PRECISIONS), nullable=False),
        sa.Column("target", sa.Date(), nullable=True),
        sa.Column("target_precision", _choice("target_precision", *_PRECISIONS), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("corrects", _SERIAL, nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind <> 'correction' OR corrects IS NOT NULL", name="correction_names_an_event"
        ),
        sa.CheckConstraint(
            "(target IS NULL) = (target_precision IS NULL)", name="target_has_its_precision"
        ),
        sa.ForeignKeyConstraint(["corrects"], ["ledger_event.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("corrects"),
    )
    op.create_index("ledger_event_cell", "ledger_event", ["programme", "participant"], unique=False)
    make_insert_only("ledger_event")
