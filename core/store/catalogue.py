"""カタログ: what the programme offers, entry by entry."""

from __future__ import annotations

from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Index
from sqlalchemy.orm import Session

from core.reference.catalogue import Catalogue, first_entries
from core.reference.entry import Entry
from core.reference.pack import Reference
from core.store.engine import one_number, reading
from core.store.table import Stored

ENTRIES = Stored(
    "catalogue_entry",
    Entry,
    Index("catalogue_entry_thing", "part", "key"),
    key="entry_id",
)

_HOW_MANY = "SELECT count(*) FROM catalogue_entry"
_KEPT: WeakKeyDictionary[Engine, tuple[int, Catalogue]] = WeakKeyDictionary()


def kept_catalogue(engine: Engine) -> Catalogue | None:
    """The catalogue as committed; None while nothing has filled it.

    Rows are never changed or removed, so as many rows are the same rows, and they are read anew
    only when there are more.
    """
    many = one_number(engine, _HOW_MANY)
    kept = _KEPT.get(engine)
    if kept is None or kept[0] != many:
        with reading(engine) as session:
            kept = _KEPT[engine] = many, catalogue_in(session)
    return kept[1] if many else None


def catalogue_in(session: Session) -> Catalogue:
    """The catalogue as a transaction sees it."""
    return Catalogue(ENTRIES.all(session))


def fill_catalogue(session: Session, pack: Reference, now: datetime, recorded_by: str) -> int:
    """Fill an empty catalogue from a pack; one with entries is the secretariat's. Returns how many."""
    if ENTRIES.first(session, ENTRIES.query) is not None:
        return 0
    entries = first_entries(pack.files, pack.fiscal_year, now, recorded_by)
    return len(ENTRIES.add_all(session, [ENTRIES.row(entry) for entry in entries]))
