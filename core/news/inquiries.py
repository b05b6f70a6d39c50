"""What became of inquiries, for the municipalities that are asked and for the secretariat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby

from core.inquiry.board import changed_since, last_day
from core.inquiry.question import Question
from core.inquiry.response import (
    Response,
    ResponseEvent,
    ResponseStep,
    Way,
    japan_moment,
)
from core.inquiry.round import Inquiry, InquiryEvent, InquiryStep
from core.news.news import News, NewsKind
from core.values.fiscal import day_in_japan

CLOSING_DAYS = (2, 7)
"""How many days before its last day whoever has not answered is reminded of a deadline."""
_RECORDED = (Way.TELEPHONE, Way.MAIL)
_FEW = 5


def inquiry_news(inquiry: Inquiry, response: Response, day: date) -> Iterator[News]:
    """What a municipality is told of one inquiry.

    Args:
        response: The municipality's own.
        day: As of which; a deadline that comes nearer is said by it.
    """
    for event in inquiry.events:
        if text := _step_text(inquiry, response, event):
            yield _news(inquiry, f"inquiry:{event.event_id}", event, text)
    if changed := changed_since(inquiry, response):
        event = [each for each in inquiry.events if each.step is InquiryStep.CHANGED][-1]
        text = (
            "設問が変わりました。提出した回答を見直してください"
            f"({_numbers(inquiry, changed)})。回答はそのまま有効です。"
        )
        yield _news(inquiry, f"inquiry:{event.event_id}:look", event, text)
    for said in response.events:
        if said.step is ResponseStep.RETURNED and response.returned is said:
            text = f"回答が差し戻されました(理由: {said.reason})。直して提出してください。"
            yield _news(inquiry, f"response:{said.event_id}", said, text)
        if said.step is ResponseStep.HANDED_IN and said.way in _RECORDED:
            text = f"事務局が回答を記録しました({said.way.label})。内容を確かめてください。"
            yield _news(inquiry, f"response:{said.event_id}", said, text)
    yield from _closing(inquiry, response, day)


def _step_text(inquiry: Inquiry, response: Response, event: InquiryEvent) -> str:
    waits = response.counted is None
    over = inquiry.events[-1].step is InquiryStep.WITHDRAWN
    match event.step:
        case InquiryStep.PUBLISHED if waits and not over:
            return f"照会が届きました。締切は{japan_moment(inquiry.closes_at)}です。"
        case InquiryStep.EXTENDED | InquiryStep.REOPENED if not over and event.closes_at:
            said = "受付が再開されました。" if event.step is InquiryStep.REOPENED else ""
            reason = f"(理由: {event.reason})" if event.reason else ""
            return f"{said}締切が{japan_moment(event.closes_at)}に変わりました{reason}。"
        case InquiryStep.CLOSED if waits and inquiry.events[-1] is event:
            return "受付が終了しました。回答していない場合は事務局に連絡してください。"
        case InquiryStep.WITHDRAWN:
            return f"照会が取り下げられました(理由: {event.reason})。回答は要りません。"
    return ""


def _numbers(inquiry: Inquiry, questions: Iterable[Question]) -> str:
    return "、".join(f"設問{inquiry.composition.number_of(each.key)}" for each in questions)


def _closing(inquiry: Inquiry, response: Response, day: date) -> Iterator[News]:
    """The deadline, in its last week and again in its last two days, to who is not in yet."""
    last = last_day(inquiry.closes_at)
    ends = (InquiryStep.CLOSED, InquiryStep.REOPENED, InquiryStep.WITHDRAWN)
    ended = next((e.step for e in reversed(inquiry.events) if e.step in ends), None)
    over = ended in (InquiryStep.CLOSED, InquiryStep.WITHDRAWN) or day > last
    if over or response.counted is not None or not inquiry.events:
        return
    said = day_in_japan(
        [each for each in inquiry.events if each.closes_at is not None][-1].recorded_at
    )
    for days in CLOSING_DAYS:
        begins = last - timedelta(days=days)
        if begins <= day and said < begins:
            left = (last - day).days
            when = f"あと{left}日" if left else "今日"
            yield News(
                key=f"inquiry:{inquiry.inquiry_id}:closing:{last.isoformat()}:{days}",
                kind=NewsKind.INQUIRY,
                day=begins,
                text=f"{_head(inquiry)}: 締切は{when}です({japan_moment(inquiry.closes_at)})。"
                "まだ提出していません。",
                page="inquiries",
                query={"inquiry": str(inquiry.inquiry_id)},
                until=last,
            )
            return


def answers_received(
    inquiry: Inquiry, said: Mapping[str, Response], towns: Mapping[str, str]
) -> Iterator[News]:
    """What the secretariat is told: who handed in, a piece a day, told anew when another comes.

    Args:
        towns: Name by ``lg_code``.
    """
    events = sorted(
        (
            event
            for response in said.values()
            for event in response.handed_in
            if event.way not in _RECORDED
        ),
        key=lambda each: each.event_id,
    )
    for day, group in groupby(events, lambda each: day_in_japan(each.recorded_at)):
        of_day = list(group)
        until = of_day[-1].event_id
        names = [towns[code] for code in dict.fromkeys(each.lg_code for each in of_day)]
        in_by_then = {e.lg_code for e in events if e.event_id <= until}
        more = f" ほか{len(names) - _FEW}" if len(names) > _FEW else ""
        yield News(
            key=f"inquiry:{inquiry.inquiry_id}:in:{until}",
            kind=NewsKind.INQUIRY,
            day=day,
            text=f"{_head(inquiry)}: {len(names)}団体が回答を提出しました"
            f"({'、'.join(names[:_FEW])}{more})。この日までに{len(in_by_then)}/{len(inquiry.audience)}団体。",
            page="inquiries",
            query={"inquiry": str(inquiry.inquiry_id)},
            by=of_day[-1].recorded_by,
        )


def _news(inquiry: Inquiry, key: str, event: InquiryEvent | ResponseEvent, text: str) -> News:
    return News(
        key=key,
        kind=NewsKind.INQUIRY,
        day=day_in_japan(event.recorded_at),
        text=f"{_head(inquiry)}: {text}",
        page="inquiries",
        query={"inquiry": str(inquiry.inquiry_id)},
        by=event.recorded_by,
        until=last_day(inquiry.closes_at),
    )


def _head(inquiry: Inquiry) -> str:
    return f"{inquiry.number.label}「{inquiry.composition.title}」"
