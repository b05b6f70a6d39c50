"""見積の記録: recorded, corrected, withdrawn; agreed to be shown by name, or not any more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.consultation.attachment import Finding
from core.quotation.price import Document, Price
from core.values.errors import ConflictError
from core.values.fiscal import day_in_japan
from core.values.free_text import Text
from core.values.label import Labelled

REASON = Text("理由", 500, lines=True)
MAX_FILES_KEPT = 10
"""Most files of one quotation."""


class Change(Labelled):
    """見積の変更: what a word about a quotation says."""

    RECORDED = "recorded", "記録"
    CORRECTED = "corrected", "訂正"
    WITHDRAWN = "withdrawn", "取下げ"


class Consent(Labelled):
    """公開の同意: whether the others may see name and price."""

    AGREED = "agreed", "同意"
    TAKEN_BACK = "taken_back", "同意の取消し"


@dataclass(frozen=True)
class QuotationEvent:
    """One word about a quotation.

    Attributes:
        quotation_id: Number of the first word about it; None for that itself.
        price: What holds from then on; None once it is withdrawn.
        reason: Why it was corrected or withdrawn; empty for the first word.
    """

    event_id: int
    lg_code: str
    quotation_id: int | None
    change: Change
    price: Price | None
    reason: str
    recorded_at: datetime
    recorded_by: str

    @property
    def about(self) -> int:
        """Number of the quotation."""
        return self.event_id if self.quotation_id is None else self.quotation_id


@dataclass(frozen=True)
class ConsentEvent:
    """One word about showing a quotation to the other municipalities.

    Attributes:
        said_of: Number of the word about the price that was agreed to: another price asks anew.
    """

    event_id: int
    quotation_id: int
    said_of: int
    consent: Consent
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True)
class KeptFile:
    """A file kept with a quotation; its bytes are read one at a time."""

    file_id: int
    name: str
    media_type: str
    size: int
    findings: tuple[Finding, ...]
    added_at: datetime
    added_by: str


@dataclass(frozen=True)
class Quotation:
    """Everything said about one quotation, oldest first."""

    events: tuple[QuotationEvent, ...]
    consents: tuple[ConsentEvent, ...] = ()
    files: tuple[KeptFile, ...] = ()

    @property
    def quotation_id(self) -> int:
        """Its number."""
        return self.events[0].event_id

    @property
    def lg_code(self) -> str:
        """Whose it is."""
        return self.events[0].lg_code

    @property
    def last(self) -> QuotationEvent:
        """The word that holds."""
        return self.events[-1]

    @property
    def price(self) -> Price | None:
        """What holds; None once it is withdrawn."""
        return self.last.price

    @property
    def label(self) -> str:
        """As it is called in answers: 見積No.12."""
        return f"見積No.{self.quotation_id}"

    @property
    def agreed(self) -> bool:
        """Whether the others may see it by name: agreed to as it stands, and not taken back."""
        if self.price is None or not self.consents:
            return False
        last = self.consents[-1]
        return last.consent is Consent.AGREED and last.said_of == self.last.event_id

    @property
    def lapsed(self) -> bool:
        """Whether an agreement ended because the price was corrected since."""
        return (
            self.price is not None
            and bool(self.consents)
            and self.consents[-1].consent is Consent.AGREED
            and not self.agreed
        )


def quotations_of(
    events: Iterable[QuotationEvent],
    consents: Iterable[ConsentEvent] = (),
    files: Iterable[tuple[int, KeptFile]] = (),
) -> tuple[Quotation, ...]:
    """Words gathered by what they are about, in the order of the first word.

    Args:
        files: With the number of their quotation.
    """
    said: dict[int, list[QuotationEvent]] = defaultdict(list)
    agreed: dict[int, list[ConsentEvent]] = defaultdict(list)
    kept: dict[int, list[KeptFile]] = defaultdict(list)
    for event in events:
        said[event.about].append(event)
    for consent in consents:
        agreed[consent.quotation_id].append(consent)
    for number, file in files:
        kept[number].append(file)
    return tuple(
        Quotation(tuple(own), tuple(agreed[number]), tuple(kept[number]))
        for number, own in said.items()
    )


def recorded_by_day(events: Iterable[QuotationEvent], day: date) -> list[QuotationEvent]:
    """The words recorded up to the end of a day."""
    return [each for each in events if day_in_japan(each.recorded_at) <= day]


def best(quotations: Iterable[Quotation]) -> Quotation | None:
    """Which of several of one system and way counts: contracted before offered, then the later document.

    Only those with a known 1年あたりの額 do; None where there is none.
    """
    known = [each for each in quotations if each.price and each.price.yearly is not None]
    return max(known, key=_rank, default=None)


def _rank(each: Quotation) -> tuple[bool, date, int]:
    price = each.price
    if price is None:
        raise ValueError("withdrawn")
    return price.document is Document.CONTRACTED, price.dated, each.last.event_id


def check_open(quotation: Quotation) -> None:
    """Refuse to say more about a quotation that was withdrawn.

    Raises:
        ConflictError: It was.
    """
    if quotation.price is None:
        raise ConflictError(
            f"{quotation.label}は取り下げられています。必要な場合は新しく記録してください。"
        )


def check_consent(quotation: Quotation, consent: Consent) -> None:
    """Refuse a word about showing that changes nothing.

    Raises:
        ConflictError: Said before, or the quotation was withdrawn.
    """
    check_open(quotation)
    if quotation.agreed == (consent is Consent.AGREED):
        state = "公開に同意しています" if quotation.agreed else "公開されていません"
        raise ConflictError(f"{quotation.label}は、すでに{state}。画面を更新してください。")


def check_correction(quotation: Quotation, price: Price) -> None:
    """Refuse a correction that changes nothing.

    Raises:
        ConflictError: It does not, or the quotation was withdrawn.
    """
    check_open(quotation)
    if quotation.price == price:
        raise ConflictError("変更がありません。直す項目を入力してから押してください。")


def held(quotations: Sequence[Quotation]) -> list[Quotation]:
    """Those not withdrawn."""
    return [each for each in quotations if each.price is not None]
