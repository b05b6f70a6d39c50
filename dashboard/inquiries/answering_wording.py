"""照会・回答の言葉: deadline, state and moments as an officer reads them."""

from __future__ import annotations

from datetime import datetime

from core.access.principal import shown_name
from core.inquiry.response import Draft, Response, ResponseState, japan_moment
from core.inquiry.round import Inquiry, InquiryState
from core.values.fiscal import JAPAN, day_in_japan
from core.views.inquiries import AnsweringAnswer, OurInquiry
from dashboard import context
from dashboard.kit.typed import Markdown, escaped

_NEAR = 3
_COLOURS = {
    ResponseState.UNTOUCHED: "gray",
    ResponseState.DRAFT: "blue",
    ResponseState.AT_APPROVAL: "violet",
    ResponseState.HANDED_IN: "green",
    ResponseState.RETURNED: "orange",
    ResponseState.LATE: "green",
}


def days_words(state: InquiryState, days_left: int, response: Response) -> Markdown:
    """How many days are left, as a badge; what is over says so."""
    if state is InquiryState.WITHDRAWN:
        return Markdown(":gray-badge[取下げ]")
    if state is InquiryState.CLOSED:
        if response.returned is not None:
            return Markdown(":red-badge[締切後の差戻し]")
        return Markdown(":gray-badge[締切]")
    if state is InquiryState.ANNOUNCED:
        return Markdown(":gray-badge[受付前]")
    words = "今日まで" if days_left == 0 else f"あと{days_left}日"
    colour = Markdown("red" if days_left <= _NEAR else "blue")
    return Markdown(f":{colour}-badge[{escaped(words)}]")


def state_words(response: Response) -> Markdown:
    """How far our answer is, as a badge."""
    colour = escaped(_COLOURS[response.state])
    return Markdown(f":{colour}-badge[{escaped(response.state.label)}]")


def badges(found: OurInquiry | AnsweringAnswer) -> Markdown:
    """Days left and state, side by side."""
    days = days_words(found.state, found.days_left, found.response)
    return Markdown(f"{days} {state_words(found.response)}")


def until(inquiry: Inquiry) -> str:
    """The deadline in words."""
    return f"締切 {japan_moment(inquiry.closes_at)}"


def hand(draft: Draft) -> str:
    """Who is at a draft and since when."""
    return f"{shown_name(draft.saved_by)}が{clock_words(draft.saved_at)}に下書きを保存"


def clock_words(moment: datetime) -> str:
    """The hour of today, or day and hour."""
    local = moment.astimezone(JAPAN)
    if day_in_japan(moment) == context.today():
        return f"{local:%H:%M}"
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def exact(moment: datetime) -> str:
    """To the second, as a receipt says it."""
    return f"{moment.astimezone(JAPAN):%Y-%m-%d %H:%M:%S}(日本時間)"
