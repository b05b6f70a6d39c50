"""照会の連絡: the mail to those asked when an inquiry is published, moves, ends, and to who has not answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from core.inquiry.board import changed_since, days_left
from core.inquiry.response import Response, japan_moment
from core.inquiry.round import Inquiry, InquiryEvent, InquiryState, InquiryStep
from core.news.letter import Letter
from core.reference.names import Names
from core.values.fiscal import day_in_japan

_MOST = 10
"""Letters kept in sight of one inquiry."""


def inquiry_letters(
    inquiry: Inquiry, said: Mapping[str, Response], names: Names, address: str, now: datetime
) -> tuple[Letter, ...]:
    """What those asked are to be told of one inquiry: the reminder first, then the latest step first.

    Args:
        said: The response of everybody asked.
        address: Where the screen shows the inquiry.
        now: The reminder of another day is another letter.
    """
    state = inquiry.state(now)
    found = (
        [] if state is not InquiryState.OPEN else [*_reminder(inquiry, said, now, names, address)]
    )
    for event in reversed(inquiry.events):
        about, lines = _told(inquiry, said, event)
        whom = _whom(inquiry, said, event)
        if about and whom:
            key = f"inquiry:{inquiry.inquiry_id}:{event.step.value}:{event.event_id}"
            found.append(_letter(inquiry, key, about, lines, whom, names, address))
    return tuple(found[:_MOST])


def reminders_of(inquiry_id: int) -> str:
    """How the keys of the reminders of an inquiry begin."""
    return f"inquiry:{inquiry_id}:reminder:"


def _reminder(
    inquiry: Inquiry, said: Mapping[str, Response], now: datetime, names: Names, address: str
) -> Iterator[Letter]:
    missing = tuple(code for code in inquiry.audience if not said[code].state.is_in)
    if not missing:
        return
    left = days_left(inquiry.closes_at, now)
    when = f"あと{left}日です" if left else "今日です"
    lines = [
        f"次の照会の締切は{when}。まだご回答をいただいていません。",
        "行き違いでご提出済みの場合は、ご容赦ください。該当がないときも、その旨をご回答ください。",
    ]
    key = f"{reminders_of(inquiry.inquiry_id)}{day_in_japan(now).isoformat()}"
    about = "回答のお願い(まだ提出していない団体へ)"
    yield _letter(inquiry, key, about, lines, missing, names, address, subject="【回答のお願い】")


def _whom(inquiry: Inquiry, said: Mapping[str, Response], event: InquiryEvent) -> tuple[str, ...]:
    if event.step is InquiryStep.CHANGED:
        return tuple(code for code in inquiry.audience if changed_since(inquiry, said[code]))
    return inquiry.audience


def _told(
    inquiry: Inquiry, said: Mapping[str, Response], event: InquiryEvent
) -> tuple[str, list[str]]:
    """What a letter about a step is called and says; empty for a step without one, or an old one."""
    withdrawn = inquiry.events[-1].step is InquiryStep.WITHDRAWN
    latest = [each for each in inquiry.events if each.step is event.step][-1] is event
    if not latest or (withdrawn and event.step is not InquiryStep.WITHDRAWN):
        return "", []
    match event.step:
        case InquiryStep.PUBLISHED:
            return "照会", ["次の照会を行います。画面からご回答をお願いします。"]
        case InquiryStep.EXTENDED | InquiryStep.REOPENED if event.closes_at == inquiry.closes_at:
            again = "受付を再開し、" if event.step is InquiryStep.REOPENED else ""
            lines = [f"次の照会の{again}締切を{japan_moment(inquiry.closes_at)}に変更します。"]
            return event.step.label, lines + _reason(event)
        case InquiryStep.CHANGED:
            return "設問の変更", [
                "次の照会の設問を変更しました。ご提出いただいた回答は有効です。",
                "変わった設問をご確認のうえ、必要であれば締切までに直してください。",
                *_changed(inquiry, said),
            ]
        case InquiryStep.WITHDRAWN:
            return "照会の取下げ", ["次の照会を取り下げます。ご回答は要りません。", *_reason(event)]
    return "", []


def _reason(event: InquiryEvent) -> list[str]:
    return [f"理由: {event.reason}"] if event.reason else []


def _changed(inquiry: Inquiry, said: Mapping[str, Response]) -> list[str]:
    keys = {
        question.key for code in inquiry.audience for question in changed_since(inquiry, said[code])
    }
    return [
        f"・設問{number}「{each.label}」"
        for number, each in enumerate(inquiry.composition.questions, start=1)
        if each.key in keys
    ]


def _letter(
    inquiry: Inquiry,
    key: str,
    about: str,
    lines: list[str],
    whom: tuple[str, ...],
    names: Names,
    address: str,
    *,
    subject: str = "",
) -> Letter:
    composition = inquiry.composition
    over = inquiry.events[-1].step is InquiryStep.WITHDRAWN
    closing = (
        [] if over else [f"  締切: {japan_moment(inquiry.closes_at)}", f"  回答する画面: {address}"]
    )
    body = [
        f"各{names.towns} ご担当者 様",
        "",
        *lines,
        "",
        f"  照会番号: {inquiry.number.label}",
        f"  件名: {composition.title}",
        *closing,
        "",
        *([f"趣旨・依頼元: {composition.why}", ""] if composition.why and not over else []),
        names.office,
    ]
    return Letter(
        key=key,
        about=about,
        subject=f"{subject or f'【{about}】'}{composition.title}({inquiry.number.label})",
        body="\n".join(body) + "\n",
        whom=whom,
        towns=len(whom),
    )
