"""書類の様式: templates of the papers of a subsidy."""

import sqlalchemy as sa
from alembic import op

from core.store.migrations.insert_only import make_insert_only

revision = "0008"
down_revision = "0005"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KINDS = (
    "application",
    "plan",
    "budget",
    "decision",
    "change_application",
    "change_decision",
    "advance_claim",
    "report",
    "settlement",
    "final",
    "claim",
)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "subsidy_template",
        sa.Column("id", _SERIAL, primary_key=True),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("kind", _choice("kind", *_KINDS), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", _choice("state", "kept", "discarded"), nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Index("subsidy_template_of", "programme", "kind"),
    )
    make_insert_only("subsidy_template")
