"""アドバイザー・人材プール・日程の提案・成果: advisers with their 事業者, experts, proposals, outcomes."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from core.store.migrations.insert_only import make_insert_only

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ROLES_BEFORE = ("public", "viewer", "officer", "secretariat")
_ROLES = ("public", "viewer", "officer", "adviser", "secretariat")


def upgrade() -> None:
    _let_accounts_be_advisers()
    _let_the_trail_name_advisers()
    _let_calendars_be_a_vendors()
    op.create_table(
        "expert",
        _key(),
        sa.Column("vendor_id", _SERIAL, nullable=False),
        *_said(),
        _of("vendor_id", "vendor"),
        sa.Index("expert_vendor", "vendor_id"),
    )
    op.create_table(
        "expert_event",
        _key(),
        sa.Column("expert_id", _SERIAL, nullable=False),
        sa.Column("step", _choice("step", "added", "changed", "left"), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("plans", sa.Text(), nullable=False),
        sa.Column("per_month", sa.Integer(), nullable=False),
        sa.Column("weekdays", sa.Text(), nullable=False),
        sa.Column("days", sa.Text(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        *_said(),
        _of("expert_id", "expert"),
        sa.Index("expert_event_of", "expert_id"),
    )
    op.create_table(
        "expert_person",
        sa.Column("expert_id", _SERIAL, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("experience", sa.Text(), nullable=False),
        sa.Column("years", sa.Integer(), nullable=True),
        *_said(),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("expert_id"),
        _of("expert_id", "expert"),
    )
    op.create_table(
        "visit_proposal",
        _key(),
        sa.Column("visit_id", _SERIAL, nullable=False),
        sa.Column(
            "step", _choice("step", "proposed", "accepted", "declined", "withdrawn"), nullable=False
        ),
        sa.Column("days", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        *_said(),
        _of("visit_id", "visit"),
        sa.Index("visit_proposal_of", "visit_id"),
    )
    op.create_table(
        "outcome_event",
        _key(),
        sa.Column("contract_id", _SERIAL, nullable=False),
        sa.Column("plan", sa.Integer(), nullable=False),
        sa.Column("visit_id", _SERIAL, nullable=False),
        sa.Column("lg_code", sa.Text(), nullable=False),
        sa.Column(
            "state",
            _choice("state", "consented", "declined", "published", "unpublished"),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        *_said(),
        _of("contract_id", "contract"),
        sa.Index("outcome_event_of", "contract_id"),
        sa.Index("outcome_event_lg_code", "lg_code"),
    )
    make_insert_only("expert", "expert_event", "visit_proposal", "outcome_event")


def _let_accounts_be_advisers() -> None:
    """A table of SQLite is made anew for this; the sign-ins that refer to it wait beside it."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    if on_sqlite:
        op.execute("CREATE TEMPORARY TABLE session_kept AS SELECT * FROM session")
        op.execute("DELETE FROM session")
    with op.batch_alter_table("account") as account:
        account.add_column(sa.Column("vendor_id", _SERIAL, nullable=True))
        account.create_foreign_key("account_vendor_id_fkey", "vendor", ["vendor_id"], ["id"])
        account.alter_column(
            "role", existing_type=_role(*_ROLES_BEFORE), type_=_role(*_ROLES), nullable=False
        )
        account.create_check_constraint(
            "adviser_has_vendor", "(role = 'adviser') = (vendor_id IS NOT NULL)"
        )
    if on_sqlite:
        op.execute("INSERT INTO session SELECT * FROM session_kept")
        op.execute("DROP TABLE session_kept")


def _let_the_trail_name_advisers() -> None:
    """A table of SQLite is made anew for this, and with it what keeps its rows as they are."""
    with op.batch_alter_table("audit") as audit:
        audit.alter_column(
            "role", existing_type=_role(*_ROLES_BEFORE), type_=_role(*_ROLES), nullable=False
        )
    if op.get_bind().dialect.name == "sqlite":
        make_insert_only("audit")


def _let_calendars_be_a_vendors() -> None:
    """An address shows what concerns one municipality, or the visits of one 事業者."""
    with op.batch_alter_table("calendar_token") as token:
        token.alter_column("lg_code", existing_type=sa.Text(), nullable=True)
        token.add_column(sa.Column("vendor_id", _SERIAL, nullable=True))
        token.create_foreign_key("calendar_token_vendor_id_fkey", "vendor", ["vendor_id"], ["id"])
        token.create_check_constraint("one_whose", "(lg_code IS NULL) = (vendor_id IS NOT NULL)")


def _key() -> sa.Column[Any]:
    return sa.Column("id", _SERIAL, primary_key=True)


def _said() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
    )


def _of(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"])


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _role(*values: str) -> sa.Enum:
    return _choice("role", *values)
