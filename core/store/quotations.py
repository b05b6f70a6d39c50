"""見積・契約額 and 削減時間: what was recorded of them, the files with them, who agreed to be shown."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    select,
)
from sqlalchemy.orm import Session

from core.consultation.attachment import CheckedFile, Finding
from core.quotation.event import (
    ConsentEvent,
    KeptFile,
    Quotation,
    QuotationEvent,
    quotations_of,
)
from core.quotation.hours import HoursEvent
from core.store.columns import SERIAL, Words, several
from core.store.table import Stored
from core.values.errors import InvalidInputError

_LARGEST_KEY = 2**63 - 1

QUOTATIONS = Stored(
    "quotation_event",
    QuotationEvent,
    ForeignKeyConstraint(["quotation_id"], ["quotation_event.id"]),
    CheckConstraint("(change = 'recorded') = (quotation_id IS NULL)", name="first_word_records"),
    CheckConstraint("(change = 'withdrawn') = (dated IS NULL)", name="withdrawn_has_no_price"),
    Index("quotation_event_lg_code", "lg_code"),
    Index("quotation_event_of", "quotation_id"),
    columns={
        "quotation_id": SERIAL,
        "initial": BigInteger(),
        "monthly": BigInteger(),
        "total": BigInteger(),
    },
)
CONSENTS = Stored(
    "quotation_consent",
    ConsentEvent,
    ForeignKeyConstraint(["quotation_id"], ["quotation_event.id"]),
    ForeignKeyConstraint(["said_of"], ["quotation_event.id"]),
    Index("quotation_consent_of", "quotation_id"),
    columns={"quotation_id": SERIAL, "said_of": SERIAL},
)
FILES = Stored(
    "quotation_file",
    KeptFile,
    Column("quotation_id", SERIAL, ForeignKey("quotation_event.id"), nullable=False),
    Column("sha256", Words, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Index("quotation_file_of", "quotation_id"),
    key="file_id",
    columns={"findings": several(read=Finding)},
)
HOURS = Stored("saved_hours", HoursEvent, Index("saved_hours_lg_code", "lg_code"))


def quotation_events(session: Session) -> list[QuotationEvent]:
    """Every word about prices, in the order of recording."""
    return QUOTATIONS.all(session)


def quotations(session: Session, lg_code: str | None = None) -> tuple[Quotation, ...]:
    """Quotations of one municipality or all with everything said of them; three queries."""
    events = QUOTATIONS.all(session, lg_code=lg_code)
    ids = [each.about for each in events if each.quotation_id is None]
    if not ids:
        return ()
    files = FILES.query
    only = []
    if lg_code is not None:
        files = files.where(FILES.c.quotation_id.in_(ids))
        only.append(CONSENTS.c.quotation_id.in_(ids))
    kept = FILES.by(session, "quotation_id", files)
    return quotations_of(
        events,
        CONSENTS.all(session, *only),
        ((number, file) for number, those in kept.items() for file in those),
    )


def quotation_of(session: Session, lg_code: str, quotation_id: int) -> Quotation:
    """A quotation of this municipality; another's is as unknown as none.

    Raises:
        InvalidInputError: Field ``quotation_id``.
    """
    in_range = 0 < quotation_id <= _LARGEST_KEY
    found = quotations(session, lg_code) if in_range else ()
    for each in found:
        if each.quotation_id == quotation_id:
            return each
    raise InvalidInputError({"quotation_id": "この見積は見つかりません。画面を更新してください。"})


def add_files(
    session: Session, quotation_id: int, files: Iterable[CheckedFile], now: datetime, by: str
) -> None:
    """Insert files with their bytes: one backup holds everything."""
    for file in files:
        FILES.add(
            session,
            KeptFile(0, file.name, file.media_type, len(file.content), file.findings, now, by),
            quotation_id=quotation_id,
            sha256=hashlib.sha256(file.content).hexdigest(),
            content=file.content,
        )


def quotation_file(session: Session, lg_code: str, file_id: int) -> CheckedFile | None:
    """A file with its bytes, when it belongs to a quotation of this municipality."""
    if not 0 < file_id <= _LARGEST_KEY:
        return None
    kept = FILES.c
    row = session.execute(
        select(kept.name, kept.media_type, kept.content)
        .join(QUOTATIONS.table, QUOTATIONS.c.id == kept.quotation_id)
        .where(kept.id == file_id, QUOTATIONS.c.lg_code == lg_code)
    ).one_or_none()
    return None if row is None else CheckedFile(row.name, row.media_type, bytes(row.content))
