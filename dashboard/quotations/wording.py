"""How prices are said."""

from __future__ import annotations

from collections.abc import Iterable

from core.quotation.event import Quotation
from core.quotation.price import Price
from core.quotation.systems import PricedLot, priced_lots
from core.values.fiscal import era_date
from core.values.money import yen_text
from dashboard import context

UNKNOWN = "不明"
SHARED = (
    "記録すると、**事務局がその内容と添付を見られます**。ほかの団体には見えません。"
    "5団体以上の記録がそろうと、丸めた範囲と中央値だけがほかの団体に示されます。"
    "名前と額がほかの団体に見えるのは、下の一覧で公開に同意したときだけです。"
)


def yen_or_unknown(amount: int | None) -> str:
    """An amount; 不明 for one that is not known, which is not 0円."""
    return UNKNOWN if amount is None else yen_text(amount)


def lots() -> dict[tuple[str, str | None], PricedLot]:
    """What prices are kept of, by programme and 区分."""
    return {(lot.slot.programme, lot.slot.lot): lot for lot in priced_lots(context.reference())}


def lot_name(price: Price) -> str:
    """The system of a price; by its key where the catalogue has it no longer."""
    found = lots().get((price.programme, price.lot))
    return found.short if found else price.programme


def headed(quotation: Quotation, price: Price) -> str:
    """A quotation in one line."""
    return (
        f"{quotation.label} {lot_name(price)} {price.way.label} {price.document.label}"
        f"({era_date(price.dated)})"
    )


def amounts(price: Price) -> Iterable[tuple[str, str]]:
    """What a price says, label and words, unknown parts included."""
    months = UNKNOWN if price.months is None else f"{price.months}か月"
    began = UNKNOWN if price.first_day is None else era_date(price.first_day)
    return (
        (f"初期費用({price.tax.label})", yen_or_unknown(price.initial)),
        (f"月額({price.tax.label})", yen_or_unknown(price.monthly)),
        ("契約月数", months),
        (f"総額({price.tax.label})", yen_or_unknown(price.printed_total)),
        ("1年あたり(税込)", yen_or_unknown(price.yearly)),
        ("利用開始日", began),
        ("事業者", price.vendor or UNKNOWN),
    )
