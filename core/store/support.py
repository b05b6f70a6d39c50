"""支援の実施: vendors, contracts, what was paid, visits and their files."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    exists,
    func,
    select,
)
from sqlalchemy.orm import Session

from core.consultation.attachment import CheckedFile, Finding
from core.estimate.offers import Offers
from core.store.columns import SERIAL, Instant, Words, rows_of, several
from core.store.parameters import all_parameters
from core.store.table import Stored
from core.store.wishes import wish_events
from core.support.contract import (
    Contract,
    ContractEvent,
    ContractLine,
    ContractNumber,
    ContractStep,
    PaidLine,
    Payment,
    Vendor,
)
from core.support.expected import Expected, expected_plans
from core.support.visit import (
    STATE_AFTER,
    CancelledBy,
    Visit,
    VisitEvent,
    VisitFile,
    VisitState,
    VisitStep,
)
from core.support.wish import current_wishes
from core.values.errors import InvalidInputError
from core.values.fiscal import FiscalYear
from core.values.free_text import search_key

LARGEST_KEY = 2**63 - 1
"""Of a number the database gives."""


def made_of(column: str, table: str) -> ForeignKeyConstraint:
    """A column holds numbers of another table."""
    return ForeignKeyConstraint([column], [f"{table}.id"])


@dataclass(frozen=True)
class ContractHead:
    """A contract by its number."""

    contract_id: int
    number: ContractNumber
    lg_code: str
    vendor_id: int


VENDORS = Stored("vendor", Vendor, UniqueConstraint("name", name="vendor_name"), key="vendor_id")
CONTRACTS = Stored(
    "contract",
    ContractHead,
    made_of("vendor_id", "vendor"),
    UniqueConstraint("fiscal_year", "serial", name="contract_number"),
    CheckConstraint("serial > 0", name="serial_from_one"),
    Column("recorded_at", Instant, nullable=False),
    Column("recorded_by", Words, nullable=False),
    Index("contract_lg_code", "lg_code"),
    key="contract_id",
    columns={"vendor_id": SERIAL},
)
CONTRACT_EVENTS = Stored(
    "contract_event",
    ContractEvent,
    made_of("contract_id", "contract"),
    Index("contract_event_of", "contract_id"),
    columns={"contract_id": SERIAL, "lines": rows_of(ContractLine)},
)
PAYMENTS = Stored(
    "contract_payment",
    Payment,
    made_of("contract_id", "contract"),
    made_of("cancels", "contract_payment"),
    Index("contract_payment_of", "contract_id"),
    columns={"contract_id": SERIAL, "cancels": SERIAL, "lines": rows_of(PaidLine)},
)
VISITS = Stored(
    "visit",
    Visit,
    made_of("contract_id", "contract"),
    Column("recorded_at", Instant, nullable=False),
    Column("recorded_by", Words, nullable=False),
    UniqueConstraint("contract_id", "plan", "serial", name="visit_serial"),
    Index("visit_lg_code", "lg_code"),
    key="visit_id",
    columns={"contract_id": SERIAL},
    absent={"events": (), "files": ()},
)
VISIT_EVENTS = Stored(
    "visit_event",
    VisitEvent,
    made_of("visit_id", "visit"),
    Index("visit_event_of", "visit_id"),
    names={
        "planned": "planned_first planned_precision planned_start planned_meeting planned_place "
        "planned_expert",
        "held": "held_day minutes meeting attended topic done following satisfaction expert",
    },
    columns={"visit_id": SERIAL, "expert_id": SERIAL},
)
VISIT_FILES = Stored(
    "visit_file",
    VisitFile,
    made_of("visit_id", "visit"),
    Column("content", LargeBinary, nullable=False),
    Index("visit_file_of", "visit_id"),
    key="file_id",
    columns={"visit_id": SERIAL, "findings": several(read=Finding)},
)


def vendor_called(session: Session, name: str, now: datetime, by: str) -> Vendor:
    """The vendor of a name, whatever its width or blanks; recorded when there is none yet."""
    wanted = search_key(name).replace(" ", "")
    for each in VENDORS.all(session):
        if search_key(each.name).replace(" ", "") == wanted:
            return each
    made = Vendor(0, name, now, by)
    return replace(made, vendor_id=VENDORS.add(session, made))


def vendors(session: Session) -> dict[int, Vendor]:
    """Every vendor by its number."""
    return {each.vendor_id: each for each in VENDORS.all(session)}


def municipalities_served(session: Session, vendor_id: int) -> frozenset[str]:
    """Municipalities with a contract of a vendor that was not taken back, of whatever year.

    One query: it is asked on every run of an adviser's page.
    """
    said, taken_back = CONTRACTS.c, CONTRACT_EVENTS.c
    gone = exists().where(
        taken_back.contract_id == said.id, taken_back.step == ContractStep.CANCELLED
    )
    query = select(said.lg_code).where(said.vendor_id == vendor_id, ~gone)
    return frozenset(session.scalars(query))


def contracts(
    session: Session,
    lg_code: str | None = None,
    *,
    fiscal_year: FiscalYear | None = None,
    vendor_id: int | None = None,
) -> list[Contract]:
    """Contracts with everything that became of them, oldest first; four queries however many.

    Args:
        lg_code: Of one municipality; all when none is named.
        vendor_id: Of one vendor; all when none is named.
    """
    heads = CONTRACTS.all(session, lg_code=lg_code, fiscal_year=fiscal_year, vendor_id=vendor_id)
    if not heads:
        return []
    only = _one(CONTRACT_EVENTS.c.contract_id, [each.contract_id for each in heads])
    events: dict[int, list[ContractEvent]] = defaultdict(list)
    for event in CONTRACT_EVENTS.all(session, *only):
        events[event.contract_id].append(event)
    payments: dict[int, list[Payment]] = defaultdict(list)
    for payment in PAYMENTS.all(
        session, *_one(PAYMENTS.c.contract_id, [each.contract_id for each in heads])
    ):
        payments[payment.contract_id].append(payment)
    known = vendors(session)
    return [
        Contract(
            head.contract_id,
            head.number,
            head.lg_code,
            known[head.vendor_id],
            tuple(events[head.contract_id]),
            tuple(payments[head.contract_id]),
        )
        for head in heads
    ]


def contract_of(
    session: Session, lg_code: str, contract_id: int, vendor_id: int | None = None
) -> Contract:
    """A contract of this municipality; another's is as unknown as none.

    Args:
        vendor_id: Of an adviser's vendor, to whom another vendor's is as unknown; None: of any.

    Raises:
        InvalidInputError: Field ``contract_id``.
    """
    in_range = 0 < contract_id <= LARGEST_KEY
    found = contracts(session, lg_code, vendor_id=vendor_id) if in_range else []
    for each in found:
        if each.contract_id == contract_id:
            return each
    raise InvalidInputError({"contract_id": "この契約は見つかりません。画面を更新してください。"})


def next_contract_number(session: Session, fiscal_year: FiscalYear) -> ContractNumber:
    """The number after the last one of a year; writers queue, so nobody else takes it."""
    of_year = CONTRACTS.c.fiscal_year == fiscal_year
    last = session.scalar(select(func.max(CONTRACTS.c.serial)).where(of_year))
    return ContractNumber(fiscal_year, (last or 0) + 1)


def visits(
    session: Session, lg_code: str | None = None, *, contract_ids: list[int] | None = None
) -> list[Visit]:
    """Visits with everything that became of them, in the order of planning; three queries.

    Args:
        contract_ids: Of these contracts; all when None.
    """
    only = [] if contract_ids is None else _one(VISITS.c.contract_id, contract_ids)
    heads = VISITS.all(session, *only, lg_code=lg_code)
    if not heads:
        return []
    ids = [each.visit_id for each in heads]
    events: dict[int, list[VisitEvent]] = defaultdict(list)
    for event in VISIT_EVENTS.all(session, *_one(VISIT_EVENTS.c.visit_id, ids)):
        events[event.visit_id].append(event)
    files: dict[int, list[VisitFile]] = defaultdict(list)
    for file in VISIT_FILES.all(session, *_one(VISIT_FILES.c.visit_id, ids)):
        files[file.visit_id].append(file)
    return [
        replace(head, events=tuple(events[head.visit_id]), files=tuple(files[head.visit_id]))
        for head in heads
    ]


def held_counts(session: Session, contract_ids: list[int]) -> dict[tuple[int, int], int]:
    """Number of the contract and plan → visits held; one query, no visit is read.

    What stands last of a visit says its state; where there is none held, the key is absent.
    """
    last = (
        select(func.max(VISIT_EVENTS.c.id).label("id")).group_by(VISIT_EVENTS.c.visit_id).subquery()
    )
    kept = VISITS.c
    query = (
        select(kept.contract_id, kept.plan, VISIT_EVENTS.c.step, func.count())
        .join(VISIT_EVENTS.table, VISIT_EVENTS.c.visit_id == kept.id)
        .join(last, last.c.id == VISIT_EVENTS.c.id)
        .where(*_one(kept.contract_id, contract_ids))
        .group_by(kept.contract_id, kept.plan, VISIT_EVENTS.c.step)
    )
    found: dict[tuple[int, int], int] = defaultdict(int)
    for contract_id, plan, step, count in session.execute(query):
        if STATE_AFTER[step] is VisitState.HELD:
            found[contract_id, plan] += count
    return dict(found)


def visit_of(session: Session, lg_code: str, visit_id: int, vendor_id: int | None = None) -> Visit:
    """A visit of this municipality; another's is as unknown as none.

    Args:
        vendor_id: Of an adviser's vendor, to whom another vendor's is as unknown; None: of any.

    Raises:
        InvalidInputError: Field ``visit_id``.
    """
    in_range = 0 < visit_id <= LARGEST_KEY
    only = None
    if vendor_id is not None:
        heads = CONTRACTS.all(session, lg_code=lg_code, vendor_id=vendor_id)
        only = [each.contract_id for each in heads]
    found = visits(session, lg_code, contract_ids=only) if in_range else []
    if only is not None:
        found = [each for each in found if each.contract_id in only]
    for each in found:
        if each.visit_id == visit_id:
            return each
    raise InvalidInputError({"visit_id": "この支援回は見つかりません。画面を更新してください。"})


def visit_file(session: Session, lg_code: str, file_id: int) -> CheckedFile | None:
    """A file with its bytes, when it belongs to a visit of this municipality."""
    if not 0 < file_id <= LARGEST_KEY:
        return None
    kept = VISIT_FILES.c
    row = session.execute(
        select(kept.name, kept.media_type, kept.content)
        .join(VISITS.table)
        .where(kept.id == file_id, VISITS.c.lg_code == lg_code)
    ).one_or_none()
    return None if row is None else CheckedFile(row.name, row.media_type, bytes(row.content))


def expected_of(
    session: Session, offers: Offers, lg_code: str, year: FiscalYear, first_day: date
) -> dict[int, Expected]:
    """What the plans of a contract of a municipality are held against.

    Args:
        offers: Of the year.
    """
    said = current_wishes(wish_events(session, lg_code))
    wishes = {plan: wish for (_, of, plan), wish in said.items() if of == year}
    return expected_plans(offers, all_parameters(session), wishes, year, first_day)


def next_visit_serials(session: Session, contract_id: int) -> dict[int, int]:
    """Plan → the number of its next visit in a contract; 1 of a plan that is absent."""
    query = select(VISITS.c.plan, func.max(VISITS.c.serial)).where(
        VISITS.c.contract_id == contract_id
    )
    return {plan: last + 1 for plan, last in session.execute(query.group_by(VISITS.c.plan))}


def cancel_visits(
    session: Session, gone: Iterable[Visit], reason: str, now: datetime, by: str
) -> int:
    """Insert 中止 of visits for which their contract has no room any more; returns how many."""
    number = 0
    for visit in gone:
        VISIT_EVENTS.add(
            session,
            VisitEvent(
                0,
                visit.visit_id,
                VisitStep.CANCELLED,
                None,
                None,
                CancelledBy.OTHER,
                reason,
                now,
                by,
            ),
        )
        number += 1
    return number


def add_visit_files(
    session: Session, visit_id: int, files: Iterable[CheckedFile], now: datetime, by: str
) -> None:
    """Insert files of a visit, with their bytes: one backup holds everything."""
    for file in files:
        digest = hashlib.sha256(file.content).hexdigest()
        kept = VisitFile(
            0,
            visit_id,
            file.name,
            file.media_type,
            len(file.content),
            digest,
            file.findings,
            now,
            by,
        )
        VISIT_FILES.add(session, kept, content=file.content)


def _one(column: Column[int], ids: list[int]) -> list[ColumnElement[bool]]:
    """Rows of some records; of many, all are read and the others left out by whoever folds them."""
    return [column.in_(ids)] if len(ids) <= _NAMED else []


_NAMED = 500
"""Most numbers a condition lists; beyond, reading everything is cheaper than asking so."""
