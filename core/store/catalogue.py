"""カタログ: what the programme offers, entry by entry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Index
from sqlalchemy.orm import Session

from core.reference.catalogue import Catalogue, YearState, first_entries
from core.reference.entry import Entry, content_of
from core.reference.pack import Reference
from core.store.engine import one_number, reading
from core.store.table import Stored
from core.store.work import Work
from core.values.errors import InvalidInputError, ReferenceDataError
from core.values.fiscal import FiscalYear

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


def last_act(known: Catalogue, part: str) -> list[tuple[Entry, Entry | None]]:
    """What was recorded last of a part, at one moment, each with what was said before it.

    Empty while nothing was recorded since the pack; taking back is an act as well.
    """
    entries = [entry for entry in known.entries if entry.part == part]
    if not entries or entries[-1].recorded_at == entries[0].recorded_at:
        return []
    moment = entries[-1].recorded_at
    before = {entry.key: entry for entry in entries if entry.recorded_at != moment}
    return [(e, before.get(e.key)) for e in entries if e.recorded_at == moment]


def fill_catalogue(session: Session, pack: Reference, now: datetime, recorded_by: str) -> int:
    """Fill an empty catalogue from a pack; one with entries is the secretariat's. Returns how many."""
    if ENTRIES.first(session, ENTRIES.query) is not None:
        return 0
    entries = first_entries(pack.files, pack.fiscal_year, now, recorded_by)
    return len(ENTRIES.add_all(session, [ENTRIES.row(entry) for entry in entries]))


def entry_now(
    work: Work,
    part: str,
    key: str,
    year: FiscalYear | None,
    content: Mapping[str, Any] | None,
    note: str,
) -> Entry:
    """What is said now of one thing, not recorded yet."""
    kept = None if content is None else content_of(content)
    return Entry(part, key, year, kept, note, work.now, work.by)


def new_source_key(known: Catalogue, work: Work) -> str:
    """Of a source that was typed: the day, and which of that day it is."""
    day = f"{work.today:%Y-%m-%d}"
    taken = {key for part, key in known.latest(None) if part == "sources"}
    return next(key for n in range(1, len(taken) + 2) if (key := f"{day}-{n}") not in taken)


def refuse_unreadable(changed: Catalogue, made: Entry) -> None:
    """A change must leave a catalogue that can be read in every year it concerns."""
    drafts = [y for y, state in changed.states.items() if state is YearState.DRAFT]
    try:
        for year in changed.published:
            if made.fiscal_year in (None, year):
                changed.of(year)
        for year in drafts:
            if made.fiscal_year in (None, year):
                changed.draft(year)
    except ReferenceDataError as error:
        named = [str(each) for each in error.place if isinstance(each, str)]
        raise InvalidInputError({named[-1] if named else "content": error.reason}) from None
