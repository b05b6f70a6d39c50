"""What systems cost and saved: one's own, everybody's for the secretariat, and what all may know."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.consultation.attachment import CheckedFile
from core.contact.contact import written_to
from core.procurement.standing import PAID
from core.quotation.comparison import Spread, spread
from core.quotation.cut import Slot, best_by_way
from core.quotation.event import Quotation, held
from core.quotation.hours import HoursEvent, hours_stated
from core.quotation.price import Price, Way
from core.quotation.saving import Saving, SavingTold, saving, savings_told
from core.quotation.systems import PricedLot, priced_lots, priced_systems
from core.reference.pack import Reference
from core.reference.procurements import Procurement, ScaleMerit
from core.store.contacts import municipality_contacts
from core.store.engine import reading
from core.store.ledger_index import ledger_index
from core.store.quotations import HOURS, quotation_events, quotation_file, quotations
from core.values.errors import InvalidInputError
from core.values.money import Yen
from core.values.municipality import Municipality


@dataclass(frozen=True)
class LotSaving:
    """What one municipality saves with one system."""

    lot: PricedLot
    saving: Saving


@dataclass(frozen=True)
class OwnQuotations:
    """A municipality's own prices and hours."""

    municipality: Municipality
    quotations: tuple[Quotation, ...]  # newest first, withdrawn ones included
    savings: tuple[LotSaving, ...]  # of systems of which anything is known
    hours: tuple[HoursEvent, ...]  # what holds, newest year first
    scale_merit: ScaleMerit  # what is published


@requires("quotation:read", municipality="lg_code")
def own_quotations_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    lg_code: str,
) -> OwnQuotations:
    """The prices and hours one municipality keeps.

    Raises:
        InvalidInputError: No such municipality.
    """
    municipality = reference.municipality(lg_code)
    with reading(engine) as session:
        ours = quotations(session, lg_code)
        hours = HOURS.all(session, lg_code=lg_code)
    return OwnQuotations(
        municipality,
        tuple(reversed(ours)),
        tuple(_savings(ours, reference)),
        _newest(hours),
        reference.procurements.scale_merit,
    )


def _savings(ours: Sequence[Quotation], reference: Reference) -> Iterable[LotSaving]:
    for lot in priced_lots(reference):
        if found := best_by_way(ours, lot.slot):
            yield LotSaving(lot, saving(found))


def _newest(hours: Iterable[HoursEvent]) -> tuple[HoursEvent, ...]:
    stated = hours_stated(hours).values()
    return tuple(sorted(stated, key=lambda each: (-each.fiscal_year, each.programme)))


@dataclass(frozen=True)
class NamedPrice:
    """A price its municipality agreed to show; not who offered it, nor what else the document says."""

    municipality: str
    price: Price


@dataclass(frozen=True)
class ComparedWay:
    """What all officers may know of a system and way."""

    way: Way
    spread: Spread | None  # None while too few are in
    named: tuple[NamedPrice, ...]  # in file order


@dataclass(frozen=True)
class ComparedLot:
    """The same of a system."""

    lot: PricedLot
    ways: tuple[ComparedWay, ...]
    told: SavingTold | None  # what is saved, as its figure says it; None while nothing is told


@requires("quotation:compare")
def price_comparison_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001  everybody who may ask gets the same answer
    reference: Reference,
) -> tuple[ComparedLot, ...]:
    """Range and median by system, 区分 and way; there is nothing to narrow it by, on purpose."""
    with reading(engine) as session:
        events = quotation_events(session)
        everything = quotations(session)
    agreed = [each for each in everything if each.agreed]

    def compared(slot: Slot, way: Way) -> ComparedWay:
        named = _named(agreed, slot, way, reference)
        shown = {who.lg_code for who, _ in named}
        found = spread(events, reference.succession, slot, way, shown)
        return ComparedWay(way, found, tuple(NamedPrice(who.name, price) for who, price in named))

    def told(slot: Slot) -> SavingTold | None:
        found = savings_told(events, reference.succession, slot)
        return found[-1] if found and found[-1].yearly is not None else None

    return tuple(
        ComparedLot(lot, tuple(compared(lot.slot, way) for way in Way), told(lot.slot))
        for lot in priced_lots(reference)
    )


def _named(
    agreed: Iterable[Quotation], slot: Slot, way: Way, reference: Reference
) -> list[tuple[Municipality, Price]]:
    found = []
    for each in agreed:
        price, there = each.price, reference.counted(each.lg_code)
        if price and there and (price.programme, price.lot, price.way) == (
            slot.programme, slot.lot, way,
        ):  # fmt: skip
            found.append((there, replace(price, vendor="", basis="")))
    order = [*reference.by_code]
    return sorted(found, key=lambda each: order.index(each[0].lg_code))


@dataclass(frozen=True)
class OfficeLine:
    """One municipality's quotation, for the secretariat."""

    municipality: str
    lot: PricedLot
    quotation: Quotation
    price: Price


@dataclass(frozen=True)
class OfficeSaving:
    """What a system saves, for the secretariat: exact, with names."""

    lot: PricedLot
    of: tuple[tuple[str, Saving], ...]  # municipality's name; only those where a saving is known
    towns: int  # of how many

    @property
    def yearly(self) -> Yen | None:
        """The sum, yen a year; None of none."""
        known = [each.yearly for _, each in self.of if each.yearly is not None]
        return Yen(sum(known)) if known else None

    @property
    def percent(self) -> int | None:
        """What is saved of what it was, whole percent cut off; None of none."""
        before = sum(int(each.before_yearly or 0) for _, each in self.of)
        return None if self.yearly is None or not before else int(self.yearly) * 100 // before


@dataclass(frozen=True)
class Missing:
    """Who takes part in a paid edition and has kept no joint price.

    Attributes:
        without: With whom a letter about it goes to, None where nobody is registered.
    """

    procurement: Procurement
    without: tuple[tuple[Municipality, str | None], ...]
    taking_part: int


@dataclass(frozen=True)
class QuotationOffice:
    """Everything, for the secretariat."""

    lines: tuple[OfficeLine, ...]  # those that hold, by system, then in file order
    withdrawn: int
    savings: tuple[OfficeSaving, ...]
    hours: tuple[tuple[str, HoursEvent], ...]  # with the municipality's name
    missing: tuple[Missing, ...]
    scale_merit: ScaleMerit


@requires("quotation:manage")
def quotation_office_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    today: date,
) -> QuotationOffice:
    """All prices with names, what they save, and who takes part without having kept any."""
    with reading(engine) as session:
        everything = quotations(session)
        hours = HOURS.all(session)
        index = ledger_index(session, reference.succession)
        contacts = municipality_contacts(session)
    there = held(everything)
    order = {code: place for place, code in enumerate(reference.ever)}
    lots = {lot.slot: lot for lot in priced_lots(reference)}
    lines = [
        OfficeLine(reference.called(each.lg_code), lots[slot], each, each.price)
        for each in sorted(there, key=lambda each: order.get(each.lg_code, len(order)))
        if each.price and (slot := Slot(each.price.programme, each.price.lot)) in lots
    ]
    addressees = written_to(contacts, today)

    def missing(procurement: Procurement) -> Missing:
        paid = [
            town
            for town in reference.municipalities
            if index.programme(procurement.key).state(town.lg_code, today).standing in PAID
        ]
        kept = {
            town.lg_code
            for each in there
            if each.price and each.price.programme == procurement.key
            and each.price.way is Way.JOINT and (town := reference.counted(each.lg_code))
        }  # fmt: skip
        without = [town for town in paid if town.lg_code not in kept]
        mails = {code: contact.card.mail for code, contact in addressees.items()}
        return Missing(
            procurement,
            tuple((town, mails.get(town.lg_code)) for town in without),
            len(paid),
        )

    systems = [p for p in reference.procurements.programmes if p.key in priced_systems(reference)]
    return QuotationOffice(
        tuple(sorted(lines, key=lambda each: [*lots].index(each.lot.slot))),
        len(everything) - len(there),
        tuple(_office_saving(lot, there, reference) for lot in lots.values()),
        tuple((reference.called(each.lg_code), each) for each in _newest(hours)),
        tuple(map(missing, systems)),
        reference.procurements.scale_merit,
    )


def _office_saving(
    lot: PricedLot, there: Iterable[Quotation], reference: Reference
) -> OfficeSaving:
    own: dict[str, list[Quotation]] = {}
    for each in there:
        if town := reference.counted(each.lg_code):
            own.setdefault(town.lg_code, []).append(each)
    found = (
        (reference.by_code[code].name, saving(best_by_way(own[code], lot.slot)))
        for code in reference.by_code
        if code in own
    )
    known = tuple((name, each) for name, each in found if each.yearly is not None)
    return OfficeSaving(lot, known, len(reference.municipalities))


@dataclass(frozen=True)
class BoardingPrices:
    """What a municipality kept of one system, as 後乗り asks for it; yen with tax.

    Attributes:
        before: 単独 where kept, else 標準価格; None where neither is.
        joint: 共同; None where it is not kept.
    """

    before: Quotation | None
    joint: Quotation | None


@requires("quotation:read", municipality="lg_code")
def boarding_prices_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    lg_code: str,
    programme: str,
) -> BoardingPrices:
    """The latest of a municipality's quotations that say what 後乗り asks for, whatever the 区分."""
    with reading(engine) as session:
        ours = held(quotations(session, lg_code))

    def last(knows: Callable[[Price], bool], *ways: Way) -> Quotation | None:
        for way in ways:
            found = {
                (each.price.dated, each.last.event_id): each
                for each in ours
                if each.price
                and (each.price.programme, each.price.way) == (programme, way)
                and knows(each.price)
            }
            if found:
                return found[max(found)]
        return None

    return BoardingPrices(
        last(lambda price: (price.initial, price.monthly) != (None, None), Way.ALONE, Way.STANDARD),
        last(lambda price: price.yearly is not None, Way.JOINT),
    )


@requires("quotation:read", municipality="lg_code")
def quotation_file_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    lg_code: str,
    file_id: int,
) -> CheckedFile:
    """A file with its bytes; another municipality's is as unknown as none.

    Raises:
        InvalidInputError: No such file of this municipality.
    """
    with reading(engine) as session:
        file = quotation_file(session, lg_code, file_id)
    if file is None:
        raise InvalidInputError({"file_id": "この添付は見つかりません。画面を更新してください。"})
    return file
