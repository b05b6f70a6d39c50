"""補助金の手続: applications and what became of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.orm import Session

from core.store.columns import SERIAL, rows_of, several
from core.store.table import Stored
from core.subsidy.case import Case, CaseEvent, CaseLine, CaseNumber
from core.values.errors import InvalidInputError
from core.values.fiscal import FiscalYear

_LARGEST_KEY = 2**63 - 1

CASES = Stored(
    "subsidy_case",
    Case,
    UniqueConstraint("fiscal_year", "serial", name="subsidy_case_number"),
    CheckConstraint("serial > 0", name="serial_from_one"),
    Index("subsidy_case_lg_code", "lg_code"),
    key="case_id",
    columns={"members": several()},
    absent={"events": ()},
)
CASE_EVENTS = Stored(
    "subsidy_event",
    CaseEvent,
    ForeignKeyConstraint(["case_id"], ["subsidy_case.id"]),
    Index("subsidy_event_of", "case_id"),
    columns={"case_id": SERIAL, "lines": rows_of(CaseLine)},
)


def cases(
    session: Session, lg_code: str | None = None, *, fiscal_year: FiscalYear | None = None
) -> list[Case]:
    """Cases with everything that became of them, oldest first; two queries however many.

    Args:
        lg_code: Those this municipality takes part in, leading or not; all when none is named.
    """
    only = [] if lg_code is None else [CASES.c.members.contains(f";{lg_code};", autoescape=True)]
    heads = CASES.all(session, *only, fiscal_year=fiscal_year)
    events: dict[int, list[CaseEvent]] = defaultdict(list)
    if heads:
        query = CASE_EVENTS.query.join(CASES.table).where(*only).order_by(CASE_EVENTS.c.id)
        if fiscal_year is not None:
            query = query.where(CASES.c.fiscal_year == fiscal_year)
        for event in CASE_EVENTS.values(session, query):
            events[event.case_id].append(event)
    return [replace(head, events=tuple(events[head.case_id])) for head in heads]


def case_of(session: Session, lg_code: str, case_id: int) -> Case:
    """A case this municipality takes part in; another's is as unknown as none.

    Raises:
        InvalidInputError: Field ``case_id``.
    """
    in_range = 0 < case_id <= _LARGEST_KEY
    found = cases(session, lg_code) if in_range else []
    for each in found:
        if each.case_id == case_id:
            return each
    raise InvalidInputError({"case_id": "この手続は見つかりません。画面を更新してください。"})


def next_case_number(session: Session, fiscal_year: FiscalYear) -> CaseNumber:
    """The number after the last one of a year; writers queue, so nobody else takes it."""
    of_year = CASES.c.fiscal_year == fiscal_year
    last = session.scalar(select(func.max(CASES.c.serial)).where(of_year))
    return CaseNumber(fiscal_year, (last or 0) + 1)
