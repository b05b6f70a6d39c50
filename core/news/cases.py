"""What became of consultations, hearings, wishes and 後乗り, for the other side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from core.boarding.steps import StepRecord
from core.boarding.window import Window, WindowState
from core.consultation.case import Consultation, Side
from core.consultation.event import ConsultationEvent, ConsultationState
from core.consultation.example import ExampleState
from core.consultation.hearing import HearingEvent, HearingState
from core.news.news import News, NewsKind
from core.procurement.event import EventKind, LedgerEvent
from core.support.wish import WishEvent, WishState
from core.values.fiscal import FiscalYear, day_in_japan, era_date

CLOSING = timedelta(days=14)
"""How long before its last day a window is said to close."""


def consultation_news(case: Consultation, town: str = "") -> Iterator[News]:
    """Everything of a consultation that one side tells the other; ``by`` says who did it.

    Args:
        town: Name of the municipality, for the secretariat; empty for the municipality itself.
    """
    number = case.number.label
    head = (
        f"{town} 相談{number}「{case.request.title}」"
        if town
        else f"相談{number}「{case.request.title}」"
    )

    def news(key: str, day: date, text: str, by: str) -> News:
        return News(
            key=f"{key}",
            kind=NewsKind.CONSULTATION,
            day=day,
            text=f"{head}: {text}",
            page="consultations",
            query={"number": number},
            by=by,
        )

    for before, event in zip((None, *case.events), case.events, strict=False):
        if text := _step_text(before, event, office=bool(town)):
            day = day_in_japan(event.recorded_at)
            yield news(f"consultation:{event.event_id}", day, text, event.recorded_by)
    for message in case.messages:
        if (message.side is Side.MUNICIPALITY) == bool(town):
            who = "団体" if town else "事務局"
            day = day_in_japan(message.sent_at)
            text = f"{who}から返信が届きました。"
            yield news(f"message:{message.message_id}", day, text, message.sent_by)
    for said in case.example_events:
        if text := _example_text(said.state, office=bool(town)):
            day = day_in_japan(said.recorded_at)
            yield news(f"example:{said.event_id}", day, text, said.recorded_by)


def _step_text(before: ConsultationEvent | None, event: ConsultationEvent, *, office: bool) -> str:
    step, state = event.step, event.state
    if state is ConsultationState.RECEIVED:
        return "新しい相談が届きました。" if office else ""
    if state is ConsultationState.WITHDRAWN:
        return f"取り下げられました(理由: {step.reason})。"
    if office:
        return ""
    if state is ConsultationState.COORDINATING:
        return "日程の調整が始まりました。" if before else ""
    if state is ConsultationState.SCHEDULED and step.day is not None:
        start = f" {step.start:%H:%M}から" if step.start else ""
        said = "変わりました" if before and before.state is state else "決まりました"
        return f"実施日が{era_date(step.day)}{start}に{said}。"
    if before is not None and before.state is ConsultationState.HELD:
        return "回答が直されました。"
    return "回答が届きました。好事例として公開してよいか選んでください。"


def _example_text(state: ExampleState, *, office: bool) -> str:
    if office:
        return {
            ExampleState.CONSENTED: "好事例としての公開に同意がありました。",
            ExampleState.DECLINED: "好事例として公開しないと回答がありました。",
        }.get(state, "")
    return {
        ExampleState.PUBLISHED: "団体名を出さずに、好事例として公開されました。",
        ExampleState.UNPUBLISHED: "好事例の公開が終わりました。",
    }.get(state, "")


def hearing_news(events: Iterable[HearingEvent]) -> Iterator[News]:
    """A municipality's hearing: its day fixed, moved, called off.

    Args:
        events: Of one municipality, oldest first.
    """
    known: dict[int, HearingEvent] = {}
    for event in events:
        before, known[event.fiscal_year] = known.get(event.fiscal_year), event
        plan = event.plan
        day = era_date(plan.day) + (f" {plan.start:%H:%M}から" if plan.start else "")
        if event.state is HearingState.CANCELLED:
            text = f"{era_date(plan.day)}のヒアリングは取消しになりました。"
        elif event.state is HearingState.PLANNED:
            moved = before is not None and before.state is HearingState.PLANNED
            said = "変わりました" if moved else "決まりました"
            text = f"ヒアリングの日程が{day}({plan.meeting.label})に{said}。"
        else:
            continue
        yield News(
            key=f"hearing:{event.event_id}",
            kind=NewsKind.HEARING,
            day=day_in_japan(event.recorded_at),
            text=text,
            page="consultations",
            query={"tab": "ヒアリング"},
            by=event.recorded_by,
            until=plan.day,
        )


def wish_news(events: Iterable[WishEvent]) -> Iterator[News]:
    """A municipality's wishes whose state changed; what was said together is one piece of news."""
    together: dict[tuple[object, ...], list[WishEvent]] = {}
    for event in sorted(events, key=lambda each: each.event_id):
        said = (event.recorded_at, event.recorded_by, event.fiscal_year, event.state, event.reason)
        together.setdefault(said, []).append(event)
    for same in together.values():
        last = same[-1]
        plans = "・".join(str(plan) for plan in sorted({each.plan for each in same}))
        why = f"(理由: {last.reason})" if last.state is WishState.WITHDRAWN else ""
        yield News(
            key=f"wish:{last.event_id}",
            kind=NewsKind.WISH,
            day=day_in_japan(last.recorded_at),
            text=f"{last.fiscal_year.label}のプラン{plans}が「{last.state.label}」になりました{why}。",
            page="our_municipality",
            by=last.recorded_by,
        )


def wishes_received(events: Iterable[WishEvent], towns: Mapping[str, str]) -> Iterator[News]:
    """What municipalities answered, for the secretariat: one piece of news a day and year.

    Args:
        events: Of all that count, oldest first.
        towns: Name by code.
    """
    days: dict[tuple[date, FiscalYear], dict[str, WishEvent]] = {}
    for event in sorted(events, key=lambda each: each.event_id):
        day = day_in_japan(event.recorded_at)
        days.setdefault((day, event.fiscal_year), {})[event.lg_code] = event
    for (day, year), last in days.items():
        newest = max(last.values(), key=lambda each: each.event_id)
        said = [f"{towns[code]}「{event.state.label}」" for code, event in last.items()]
        more = f"、ほか{len(said) - _NAMED}団体" if len(said) > _NAMED else ""
        yield News(
            key=f"wishes:{newest.event_id}",
            kind=NewsKind.WISH,
            day=day,
            text=f"{year.label}の参加希望が{len(said)}団体から届きました: "
            f"{'、'.join(said[:_NAMED])}{more}。",
            page="kpi",
        )


def window_news(window: Window, label: str, as_of: date) -> Iterator[News]:
    """A window that will close in :data:`CLOSING`, or was closed before its time."""
    opened, closed = window.opened, window.closed
    of = f"{label}の後乗り募集({opened.fiscal_year.label}利用開始分)"
    query = {"programme": opened.programme}
    if closed is not None and closed.last_day < opened.last_day:
        off = closed.last_day < opened.first_day
        said = "は中止になりました" if off else f"の締切が{era_date(closed.last_day)}に早まりました"
        yield News(
            key=f"window:{closed.event_id}",
            kind=NewsKind.WINDOW,
            day=day_in_japan(closed.recorded_at),
            text=f"{of}{said}{f'({closed.note})' if closed.note else ''}。",
            page="boarding",
            query=query,
            by=closed.recorded_by,
        )
    if window.state(as_of) is WindowState.OPEN:
        first = max(window.last_day - CLOSING, opened.first_day)
        left = (window.last_day - as_of).days
        yield News(
            key=f"closing:{opened.event_id}:{window.last_day}",
            kind=NewsKind.WINDOW,
            day=first,
            text=f"{of}は{era_date(window.last_day)}で締め切ります(あと{left}日)。",
            page="boarding",
            query=query,
            until=window.last_day,
        )


_NAMED = 8
_SAID = {
    EventKind.INTEREST: "関心がある",
    EventKind.PLANNED: "参加を予定する",
    EventKind.WITHDRAWN: "取り下げる",
}


def statement_news(event: LedgerEvent, town: str, label: str) -> Iterator[News]:
    """A municipality stated its intention, for the secretariat; nothing of any other record."""
    if event.kind not in _SAID:
        return
    aim = f"、開始予定 {event.target.label}" if event.target else ""
    yield News(
        key=f"statement:{event.event_id}",
        kind=NewsKind.BOARDING,
        day=day_in_japan(event.recorded_at),
        text=f"{town} {label}の後乗り: 「{_SAID[event.kind]}」と記録しました{aim}。",
        page="boarding",
        query={"programme": event.programme},
        by=event.recorded_by,
    )


def step_news(record: StepRecord, town: str, labels: Mapping[str, str]) -> News:
    """A municipality recorded a step of its way, for the secretariat."""
    label = labels.get(record.programme, record.programme)
    said = "取り消しました" if record.taken_back else f"記録しました({era_date(record.done_on)})"
    return News(
        key=f"step:{record.record_id}",
        kind=NewsKind.BOARDING,
        day=day_in_japan(record.recorded_at),
        text=f"{town} {label}の後乗り: 「{record.step.label}」を{said}。",
        page="boarding",
        query={"programme": record.programme},
        by=record.recorded_by,
    )
