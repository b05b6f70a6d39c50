"""支援の実施・補助金の手続: contracts, payments, visits and their files; applications and their steps."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from core.store.migrations.insert_only import make_insert_only

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MEETINGS = ("on_site", "online", "either", "written")


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _key() -> sa.Column[Any]:
    return sa.Column("id", _SERIAL, primary_key=True)


def _said() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
    )


def _of(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"])


def upgrade() -> None:
    op.create_table(
        "vendor",
        _key(),
        sa.Column("name", sa.Text(), nullable=False),
        *_said(),
        sa.UniqueConstraint("name", name="vendor_name"),
    )
    op.create_table(
        "contract",
        _key(),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("lg_code", sa.Text(), nullable=False),
        sa.Column("vendor_id", _SERIAL, nullable=False),
        *_said(),
        _of("vendor_id", "vendor"),
        sa.UniqueConstraint("fiscal_year", "serial", name="contract_number"),
        sa.CheckConstraint("serial > 0", name="serial_from_one"),
        sa.Index("contract_lg_code", "lg_code"),
    )
    op.create_table(
        "contract_event",
        _key(),
        sa.Column("contract_id", _SERIAL, nullable=False),
        sa.Column(
            "step",
            _choice("step", "concluded", "changed", "corrected", "cancelled"),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("kind", _choice("kind", "commission", "contribution"), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *_said(),
        _of("contract_id", "contract"),
        sa.Index("contract_event_of", "contract_id"),
    )
    op.create_table(
        "contract_payment",
        _key(),
        sa.Column("contract_id", _SERIAL, nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("cancels", _SERIAL, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        *_said(),
        _of("contract_id", "contract"),
        _of("cancels", "contract_payment"),
        sa.Index("contract_payment_of", "contract_id"),
    )
    op.create_table(
        "visit",
        _key(),
        sa.Column("contract_id", _SERIAL, nullable=False),
        sa.Column("lg_code", sa.Text(), nullable=False),
        sa.Column("plan", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        *_said(),
        _of("contract_id", "contract"),
        sa.UniqueConstraint("contract_id", "plan", "serial", name="visit_serial"),
        sa.Index("visit_lg_code", "lg_code"),
    )
    precisions = ("day", "month", "month_or_later", "fiscal_year")
    op.create_table(
        "visit_event",
        _key(),
        sa.Column("visit_id", _SERIAL, nullable=False),
        sa.Column(
            "step",
            _choice("step", "planned", "moved", "held", "amended", "cancelled"),
            nullable=False,
        ),
        sa.Column("first", sa.Date(), nullable=True),
        sa.Column("precision", _choice("precision", *precisions), nullable=True),
        sa.Column("planned_start", sa.Time(), nullable=True),
        sa.Column("planned_meeting", _choice("planned_meeting", *_MEETINGS), nullable=True),
        sa.Column("planned_place", sa.Text(), nullable=True),
        sa.Column("planned_expert", _SERIAL, nullable=True),
        sa.Column("held_day", sa.Date(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("meeting", _choice("meeting", *_MEETINGS), nullable=True),
        sa.Column("attended", sa.Text(), nullable=True),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("done", sa.Text(), nullable=True),
        sa.Column("following", sa.Text(), nullable=True),
        sa.Column("satisfaction", sa.Integer(), nullable=True),
        sa.Column("expert", _SERIAL, nullable=True),
        sa.Column(
            "cancelled_by",
            _choice("cancelled_by", "municipality", "vendor", "other"),
            nullable=True,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        *_said(),
        _of("visit_id", "visit"),
        sa.Index("visit_event_of", "visit_id"),
    )
    op.create_table(
        "visit_file",
        _key(),
        sa.Column("visit_id", _SERIAL, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _of("visit_id", "visit"),
        sa.Index("visit_file_of", "visit_id"),
    )
    op.create_table(
        "subsidy_case",
        _key(),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("lg_code", sa.Text(), nullable=False),
        sa.Column("members", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.UniqueConstraint("fiscal_year", "serial", name="subsidy_case_number"),
        sa.CheckConstraint("serial > 0", name="serial_from_one"),
        sa.Index("subsidy_case_lg_code", "lg_code"),
    )
    steps = (
        "applied",
        "sent_back",
        "decided",
        "refused",
        "change_applied",
        "change_decided",
        "change_refused",
        "change_dropped",
        "advance_claimed",
        "advance_paid",
        "reported",
        "finalised",
        "claimed",
        "paid",
        "repaid",
        "withdrawn",
        "cancelled",
    )
    op.create_table(
        "subsidy_event",
        _key(),
        sa.Column("case_id", _SERIAL, nullable=False),
        sa.Column("step", _choice("step", *steps), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("channel", _choice("channel", "screen", "paper"), nullable=False),
        *_said(),
        _of("case_id", "subsidy_case"),
        sa.Index("subsidy_event_of", "case_id"),
    )
    make_insert_only(
        "vendor",
        "contract",
        "contract_event",
        "contract_payment",
        "visit",
        "visit_event",
        "visit_file",
        "subsidy_case",
        "subsidy_event",
    )
