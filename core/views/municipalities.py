"""What カタログ shows of municipalities: every term there is, and what a merger touches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.reference.entry import Entry
from core.reference.pack import Reference
from core.store.accounts import all_accounts
from core.store.catalogue import catalogue_in, last_act
from core.store.consultations import consultations
from core.store.contacts import municipality_contacts
from core.store.engine import reading
from core.store.kpi import known_sessions
from core.store.ledger_index import ledger_index
from core.store.wishes import wish_events
from core.support.wish import WishState, current_wishes
from core.training.filter import TrainingFilter
from core.values.errors import ConflictError
from core.values.fiscal import FiscalYear
from core.values.offer import OfferedPart
from core.values.succession import Term

_PART = "municipalities"


@dataclass(frozen=True)
class MunicipalitiesAnswer:
    """Every municipality, term by term."""

    # by municipality, each in order of time: those that change first, the others in file order
    terms: tuple[Term, ...]
    past: tuple[Entry, ...]  # what was recorded since the pack, the newest first
    may_take_back: bool  # whether there is a change or merger to take back
    seen: int  # what forms hand back: number of the last entry


@requires("catalogue:read")
def municipalities_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
) -> MunicipalitiesAnswer:
    """Every municipality there is, was and will be.

    Raises:
        ConflictError: Nothing has filled the catalogue yet.
    """
    with reading(engine) as session:
        known = catalogue_in(session)
    entries = [entry for entry in known.entries if entry.part == _PART]
    if not entries:
        raise ConflictError("カタログはまだ空です。サーバーを起動し直すと、初期データが入ります。")
    terms = [term for own in reference.succession.of_code.values() for term in own]
    changed = {term.lg_code for term in terms if term.since or term.until}
    return MunicipalitiesAnswer(
        terms=tuple(sorted(terms, key=lambda t: t.lg_code not in changed)),
        past=tuple(e for e in reversed(entries) if e.recorded_at != entries[0].recorded_at),
        may_take_back=bool(last_act(known, _PART)),
        seen=entries[-1].entry_id,
    )


@dataclass(frozen=True)
class MergerTouches:
    """What is on record of municipalities that end, and becomes of it."""

    systems: int  # 参加しているシステム・事業, by the day before
    wishes: int  # plans wished for or considered, of the fiscal year of the day and later ones
    accounts: tuple[str, ...]  # user names of active accounts
    contacts: int  # 担当者 whose term is not over by the day
    seats: int  # persons with a seat in a session on the day or after it
    consultations: int  # open ones


@requires("catalogue:read")
def merger_touches_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    codes: tuple[str, ...],
    day: date,
) -> MergerTouches:
    """What a merger on a day touches of these municipalities; told before it is recorded."""

    def if_offered(part: OfferedPart, read: Callable[[], int]) -> int:
        return read() if part in reference.offers else 0

    with reading(engine) as session:
        index = ledger_index(session, reference.succession)
        said = current_wishes(wish_events(session)).values()
        accounts = all_accounts(session)
        contacts = municipality_contacts(session)
        seats = if_offered(
            OfferedPart.TRAININGS,
            lambda: sum(
                each.seated.get(code, 0)
                for each in known_sessions(session, TrainingFilter(first=day))
                for code in codes
            ),
        )
        asked = [c for c in consultations(session) if c.lg_code in codes and c.is_open]
    return MergerTouches(
        systems=sum(index.systems_of(code, day) for code in codes),
        wishes=sum(
            wish.lg_code in codes
            and wish.fiscal_year >= FiscalYear.of(day)
            and wish.state is not WishState.WITHDRAWN
            for wish in said
        ),
        accounts=tuple(a.username for a in accounts if a.active and a.lg_code in codes),
        contacts=sum(
            each.lg_code in codes and (each.card.ends is None or each.card.ends >= day)
            for each in contacts
        ),
        seats=seats,
        consultations=len(asked),
    )
