"""Triggers that make a table insert-only, on both databases."""

from alembic import op


def make_insert_only(*tables: str) -> None:
    """Let the database itself refuse to change or delete rows of these tables."""
    postgres = op.get_bind().dialect.name == "postgresql"
    if postgres:
        op.execute(
            "CREATE OR REPLACE FUNCTION insert_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$"
        )
    for table in tables:
        for event in ("UPDATE", "DELETE"):
            action = (
                "FOR EACH ROW EXECUTE FUNCTION insert_only()"
                if postgres
                else f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END"
            )
            op.execute(
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} {action}"
            )
