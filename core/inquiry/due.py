"""期限: what an inquiry asks of a municipality on a day."""

from __future__ import annotations

from datetime import date, datetime, time

from core.inquiry.board import last_day
from core.inquiry.response import Response, japan_moment
from core.inquiry.round import Inquiry, InquiryState
from core.values.fiscal import JAPAN, day_in_japan

PAGE = "inquiries"


def is_due(response: Response, state: InquiryState) -> bool:
    """Whether there is something to do: open and not in, or returned."""
    if response.returned is not None and state is not InquiryState.WITHDRAWN:
        return True
    return state is InquiryState.OPEN and response.counted is None


def state_on(inquiry: Inquiry, day: date) -> InquiryState:
    """How far it is on a day: open on any on which it can be answered at all, as far as now known."""
    begin = datetime.combine(day, time(), JAPAN)
    opens = inquiry.composition.opens_at
    return inquiry.state(opens if day_in_japan(opens) == day else begin)


def duty_words(inquiry: Inquiry, response: Response) -> str:
    """What is to be done and until when; drafts are not spoken of, they change too often."""
    until = f"締切 {japan_moment(inquiry.closes_at)}"
    if response.asked is not None:
        return f"{until}・庁内の確認を待っています。確認して提出してください。"
    if response.returned is not None:
        return f"差し戻されています。直して提出してください。理由: {response.returned.reason}"
    return f"{until}・まだ提出していません。"


def due_day(inquiry: Inquiry) -> date:
    """The last day on which something can be handed in."""
    return last_day(inquiry.closes_at)
