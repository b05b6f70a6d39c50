"""アラート: how much of a budget is granted can be watched."""

import sqlalchemy as sa
from alembic import op

from core.store.migrations.insert_only import make_insert_only

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_LATER = ("unanswered_wishes", "waiting_days", "target_missed")
_BEFORE = ("in_none", "window_closing", "budget_share", *_LATER)
_NOW = ("in_none", "window_closing", "budget_share", "granted_share", *_LATER)


def _kind(*values: str) -> sa.Enum:
    return sa.Enum(*values, name="kind", native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    with op.batch_alter_table("alert_rule") as rule:
        rule.alter_column("kind", existing_type=_kind(*_BEFORE), type_=_kind(*_NOW), nullable=False)
    if (
        op.get_bind().dialect.name == "sqlite"
    ):  # made anew for this, and with it what keeps its rows
        make_insert_only("alert_rule")
