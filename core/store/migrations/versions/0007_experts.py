"""人材プール・アドバイザー・成果: the role of an adviser with its 事業者."""

import sqlalchemy as sa
from alembic import op

from core.store.migrations.insert_only import make_insert_only

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ROLES_BEFORE = ("public", "viewer", "officer", "secretariat")
_ROLES = ("public", "viewer", "officer", "adviser", "secretariat")


def upgrade() -> None:
    _let_accounts_be_advisers()
    _let_the_trail_name_advisers()


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


def _role(*values: str) -> sa.Enum:
    return sa.Enum(*values, name="role", native_enum=False, create_constraint=True, length=32)
