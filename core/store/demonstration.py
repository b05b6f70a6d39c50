"""The mark of a database with made-up data."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.table import Base


class DemonstrationRow(Base):
    """見本データの印: at most one row; insert-only, so that the mark stays."""

    __tablename__ = "demonstration"
    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        {"info": {"insert_only": True}},
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    made_at: Mapped[datetime]
