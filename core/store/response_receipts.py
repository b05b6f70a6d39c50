"""受領番号: which audit entry is the receipt of which 提出."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from core.inquiry.response import Response
from core.inquiry.round import Inquiry
from core.store.audit import numbers_about

_TAKEN = ("response:hand_in", "response:confirm", "response:record")
"""Actions a receipt is given for."""


def receipt_numbers(
    session: Session,
    asked: Iterable[tuple[Inquiry, Iterable[Response]]],
    *,
    lg_code: str | None = None,
    inquiry: Inquiry | None = None,
) -> Mapping[int, int]:
    """Number of the event of a 提出 → its 受領番号; one query however many.

    Both are in the order of recording: the same content may be handed in again.

    Args:
        asked: Inquiries with the responses that are looked at.
        lg_code: All of them are of this municipality.
        inquiry: All of them are of this inquiry.
    """
    entries: dict[tuple[str, str | None], list[int]] = defaultdict(list)
    subject = None if inquiry is None else inquiry.number.label
    for number, about, code in numbers_about(session, _TAKEN, lg_code=lg_code, subject=subject):
        entries[about, code].append(number)
    return {
        event.event_id: number
        for each, responses in asked
        for response in responses
        for event, number in zip(
            response.handed_in, entries[each.number.label, response.lg_code], strict=False
        )
    }
