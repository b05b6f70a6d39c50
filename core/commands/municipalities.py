"""Record that a municipality changes from a day on, that several become one, or take that back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any

from sqlalchemy import func, select

from core.commands.catalogue import NEW_SOURCE, REASON
from core.reference.catalogue import Catalogue
from core.reference.entry import Entry
from core.reference.municipal_changes import MunicipalityCard, changed, merged, read_card
from core.reference.pack import Reference
from core.reference.parts import PARTS
from core.store.accounts import AccountRow
from core.store.catalogue import (
    ENTRIES,
    catalogue_in,
    entry_now,
    last_act,
    new_source_key,
    refuse_unreadable,
)
from core.store.ledger import LEDGER
from core.store.work import Work, command, refuse_stale
from core.values.errors import ConflictError

PART = "municipalities"


@command("municipality:change", "市町村の変更", "catalogue:manage")
def change_municipality(
    work: Work,
    *,
    card: MunicipalityCard,
    day: date,
    reason: Annotated[str, REASON],
    seen: int,
    new_source: Mapping[str, Any] | None = None,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> None:
    """Record that a municipality is as the card says from a day on; before it nothing changes.

    Args:
        day: First day; that of the last change says that change anew.
        seen: Number of the last entry about municipalities that the form showed.
        new_source: A source to be recorded with it; the card cites it as ``NEW_SOURCE``.

    Raises:
        InvalidInputError: Fields of the card, and ``day``.
        ConflictError: Something about municipalities was recorded meanwhile.
    """
    known = _fresh(work, seen)
    read = read_card(card, reference.names.prefecture_code, day)
    card, source = _cited(work, known, read, new_source, reason)
    rows = _rows(known)
    _record(work, known, [*source, *_entries(work, changed(rows, card, day), reason)])
    work.audit(card.lg_code, day=day, note=reason)


@command("municipality:merge", "市町村の合併", "catalogue:manage")
def merge_municipalities(
    work: Work,
    *,
    ended: Sequence[str],
    card: MunicipalityCard,
    day: date,
    reason: Annotated[str, REASON],
    seen: int,
    new_source: Mapping[str, Any] | None = None,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> None:
    """Record that municipalities are one from a day on; before it nothing changes.

    What was recorded of them stays theirs; from the day on what they had in force counts for the
    successor (core/procurement/carried.py).

    Args:
        ended: Codes of those that end on the day before.
        card: The one they become: one that stays (編入) as it is from the day on, or a new one
            (新設).
        day: First day on which they are one.
        seen: Number of the last entry about municipalities that the form showed.
        new_source: A source to be recorded with it; the card cites it as ``NEW_SOURCE``.

    Raises:
        InvalidInputError: Fields of the card, ``ended`` and ``day``.
        ConflictError: Something about municipalities was recorded meanwhile.
    """
    known = _fresh(work, seen)
    read = read_card(card, reference.names.prefecture_code, day)
    card, source = _cited(work, known, read, new_source, reason)
    rows = _rows(known)
    _record(work, known, [*source, *_entries(work, merged(rows, ended, card, day), reason)])
    work.audit(
        card.lg_code,
        day=day,
        participants="、".join(reference.named.get(code, code) for code in ended),
        note=reason,
    )


@command("municipality:take_back", "市町村の変更・合併の取り消し", "catalogue:manage")
def take_back_municipality(
    work: Work, *, reason: Annotated[str, REASON], seen: int, request_id: str, now: datetime
) -> None:
    """Say of municipalities again what was said before the last change or merger.

    Raises:
        ConflictError: There is none, something was recorded meanwhile, or of a municipality that
            would be gone something is on record.
    """
    known = _fresh(work, seen)
    act = last_act(known, PART)
    if not act:
        raise ConflictError("取り消せる変更・合併がありません。")
    codes = [new.key.partition("/")[0] for new, old in act if old is None or old.content is None]
    gone = [code for code in codes if code not in {r["lg_code"] for r in _rows_without(known, act)}]
    if gone and _is_spoken_of(work, gone):
        raise ConflictError(
            "この合併でできた団体の記録かアカウントがもうあるため、取り消せません。"
            "変更として記録してください。"
        )
    restored = [
        replace(
            new, content=old.content if old else None, note=reason, recorded_at=work.now,
            recorded_by=work.by,
        )
        for new, old in act
    ]  # fmt: skip
    _record(work, known, restored)
    work.audit("、".join(dict.fromkeys(new.key.partition("/")[0] for new, _ in act)), note=reason)


def _fresh(work: Work, seen: int) -> Catalogue:
    known = catalogue_in(work.session)
    last = max((e for e in known.entries if e.part == PART), key=lambda e: e.entry_id, default=None)
    refuse_stale(last, last.entry_id if last else 0, seen, "市町村", "記録して")
    return known


def _rows(known: Catalogue) -> list[Mapping[str, Any]]:
    return [
        entry.value
        for (part, _), entry in known.latest(None).items()
        if part == PART and entry.content is not None
    ]


def _rows_without(
    known: Catalogue, act: Sequence[tuple[Entry, Entry | None]]
) -> list[Mapping[str, Any]]:
    taken = {new.key for new, _ in act}
    kept = [row for row in _rows(known) if PARTS[PART].key_of(row) not in taken]
    return [*kept, *(old.value for _, old in act if old is not None and old.content is not None)]


def _cited(
    work: Work,
    known: Catalogue,
    card: MunicipalityCard,
    new_source: Mapping[str, Any] | None,
    reason: str,
) -> tuple[MunicipalityCard, list[Entry]]:
    if new_source is None or card.source_key != NEW_SOURCE:
        return card, []
    key = new_source_key(known, work)
    return replace(card, source_key=key), [
        entry_now(work, "sources", key, None, new_source, reason)
    ]


def _entries(work: Work, rows: Sequence[Mapping[str, Any]], reason: str) -> list[Entry]:
    return [entry_now(work, PART, PARTS[PART].key_of(row), None, row, reason) for row in rows]


def _record(work: Work, known: Catalogue, made: Sequence[Entry]) -> None:
    refuse_unreadable(Catalogue((*known.entries, *made)), made[-1])
    for each in made:
        ENTRIES.add(work.session, each)


def _is_spoken_of(work: Work, codes: Sequence[str]) -> bool:
    """Whether the ledger or an account names one of them."""
    events = select(func.count()).select_from(LEDGER.table).where(LEDGER.c.participant.in_(codes))
    accounts = select(func.count()).where(AccountRow.lg_code.in_(codes))
    return bool(work.session.scalar(events) or work.session.scalar(accounts))
