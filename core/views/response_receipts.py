"""受領: what a municipality handed in, with the receipt of each time, and whether a receipt still holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.inquiry.answer import NOTHING, content_digest
from core.inquiry.document import InquiryFile, named_files
from core.inquiry.response import Receipt, Response, ResponseEvent
from core.inquiry.round import Inquiry
from core.store.engine import reading
from core.store.inquiries import (
    files_for,
    inquiries,
    inquiry_files,
    responses_of_town,
)
from core.store.response_receipts import receipt_numbers
from core.values.errors import InvalidInputError


@requires("response:read", municipality="lg_code")
def response_receipts_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    lg_code: str,
) -> Mapping[int, Receipt]:
    """The receipt of every 提出 of a municipality, by the number of its event."""
    with reading(engine) as session:
        own = responses_of_town(session, lg_code)
        asked = [each for each in inquiries(session) if each.inquiry_id in own]
        pairs = [(each, (own[each.inquiry_id],)) for each in asked]
        numbers = receipt_numbers(session, pairs, lg_code=lg_code)
    return MappingProxyType(
        {
            event.event_id: Receipt(
                numbers[event.event_id],
                inquiry.number.label,
                lg_code,
                event.recorded_at,
                event.digest,
            )
            for inquiry in asked
            for event in own[inquiry.inquiry_id].handed_in
            if event.event_id in numbers
        }
    )


@dataclass(frozen=True)
class ReceiptCheck:
    """What became of checking a receipt.

    Attributes:
        event: The 提出 of that 受領番号.
        inquiry: 照会番号 and 件名.
        matches: Whether the content kept gives the digest of the receipt again.
        superseded: Whether something was handed in after it.
        returned: Whether it was the last, and the secretariat returned it.
    """

    event: ResponseEvent
    inquiry_id: int
    inquiry: str
    title: str
    matches: bool
    superseded: bool
    returned: bool


@requires("response:read", municipality="lg_code")
def receipt_check_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    lg_code: str,
    number: int,
    digest: str,
) -> ReceiptCheck:
    """Check a receipt against what is kept, computed anew from the content itself.

    Raises:
        InvalidInputError: Field ``number``: this municipality has no such receipt; ``digest``: it is
            another's.
    """
    with reading(engine) as session:
        own = responses_of_town(session, lg_code)
        asked = [each for each in inquiries(session) if each.inquiry_id in own]
        pairs = [(each, (own[each.inquiry_id],)) for each in asked]
        numbers = receipt_numbers(session, pairs, lg_code=lg_code)
        for inquiry in asked:
            response = own[inquiry.inquiry_id]
            for event in response.handed_in:
                if numbers.get(event.event_id) == number:
                    files = files_for(inquiry_files(session, inquiry.inquiry_id), lg_code)
                    return _check(inquiry, response, event, files, digest)
    raise InvalidInputError({"number": f"受領番号{number}の回答は、この団体にはありません。"})


def _check(
    inquiry: Inquiry,
    response: Response,
    event: ResponseEvent,
    files: Mapping[int, InquiryFile],
    digest: str,
) -> ReceiptCheck:
    if digest.strip().lower() != event.digest:
        raise InvalidInputError(
            {"digest": "この受領番号のSHA-256と一致しません。受領票から写し直してください。"}
        )
    answers = event.answers or NOTHING
    again = content_digest(
        inquiry.number.label,
        event.version_id,
        event.lg_code,
        answers,
        named_files(answers, files),
    )
    return ReceiptCheck(
        event,
        inquiry.inquiry_id,
        inquiry.number.label,
        inquiry.version_of(event.version_id).composition.title,
        matches=again == event.digest,
        superseded=response.handed_in[-1].event_id != event.event_id,
        returned=response.returned is not None
        and response.handed_in[-1].event_id == event.event_id,
    )
