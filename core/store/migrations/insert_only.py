"""Triggers that make a table insert-only, on both databases."""

import sqlalchemy as sa
from alembic import op


def make_insert_only(*tables: str) -> None:
    """Let the database itself refuse to change, replace or delete rows of these tables."""
    postgres = op.get_bind().dialect.name == "postgresql"
    if postgres:
        op.execute(
            "CREATE OR REPLACE FUNCTION insert_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$"
        )
    for table in tables:
        refuse = (
            "FOR EACH ROW EXECUTE FUNCTION insert_only()"
            if postgres
            else f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END"
        )
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} {refuse}"
            )
        if postgres:
            op.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION insert_only()"
            )
        else:
            there = f"EXISTS (SELECT 1 FROM {table} WHERE {_same_key(table)})"  # noqa: S608  our names
            op.execute(
                f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} {refuse}"
            )


def _same_key(table: str) -> str:
    """Condition that a row is there which REPLACE would remove without a DELETE trigger."""
    inspected = sa.inspect(op.get_bind())
    keys = [inspected.get_pk_constraint(table)["constrained_columns"]]
    keys += [unique["column_names"] for unique in inspected.get_unique_constraints(table)]
    same = (" AND ".join(f"{column} = NEW.{column}" for column in key) for key in keys)
    return " OR ".join(f"({condition})" for condition in same)
