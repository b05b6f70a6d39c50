"""カレンダー (iCalendar, RFC 5545): published sessions, and what one municipality has an appointment for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache

from icalendar import Calendar, Timezone, TimezoneStandard, vDuration, vText
from icalendar.parser import Contentline

from core.exports.file import marked
from core.reference.pack import Reference
from core.training.line import SessionLine
from core.training.training import calendar_uid, moment_words
from core.training.vocabulary import SessionFormat, TrainingState, formats_label
from core.views.calendar import CalendarDay, CalendarEntry

TIME_ZONE = "Asia/Tokyo"
_REFRESH = timedelta(hours=1)
_UNKNOWN_TIME = "開始時刻・終了時刻: 不明(公表されていません)"
_UNKNOWN_END = "終了時刻: 不明"
Link = Callable[[str], str]
"""``training_id`` or 受付番号 → address of its page."""
VisitLink = Callable[[int, int], str]
"""Numbers of a contract and of a visit → address of its page."""
OFF, WITHDRAWN, WAITS = "【中止】", "【取消し】", "【キャンセル待ち】"
"""Before a title: many calendars show STATUS nowhere."""


@dataclass(frozen=True)
class CalendarFile:
    """One calendar.

    Attributes:
        body: The file; deterministic: equal sessions, equal bytes.
        changed_at: When the newest of its entries last changed; None without entries.
    """

    body: bytes
    changed_at: datetime | None


def public_calendar(
    lines: Iterable[SessionLine], link: Link, name: str, *, reference: Reference, made_up: bool
) -> CalendarFile:
    """Every session given; whoever asks gets the same.

    Args:
        lines: 公開中 and 中止 sessions in the order they are to stand in.
    """
    chosen = list(lines)
    events = [_public_event(line, link(line.training_id), made_up, reference) for line in chosen]
    return CalendarFile(
        _calendar(marked(name, made_up=made_up), events),
        max((line.training.recorded_at for line in chosen), default=None),
    )


def personal_calendar(
    entries: Iterable[CalendarEntry],
    days: Iterable[CalendarDay],
    name: str,
    *,
    link: Link,
    day_link: Link,
    window_link: Link,
    inquiry_link: Link,
    visit_link: VisitLink,
    reference: Reference,
    made_up: bool,
) -> CalendarFile:
    """What one municipality has an appointment for: seats, consultations; names nobody.

    Args:
        entries: Trainings, as :func:`core.views.calendar.personal_calendar_view` answers.
        days: Consultations, hearings and last days of windows, as it answers.
        day_link: Of a consultation; an empty 受付番号 is a hearing.
        window_link: Of 後乗り of a programme.
        inquiry_link: Of an inquiry, by its number.
        visit_link: Of a visit, by its contract and itself.
    """
    chosen, held = list(entries), list(days)
    events = [
        _personal_event(entry, link(entry.line.training_id), made_up, reference) for entry in chosen
    ]
    for day in held:
        if day.inquiry:
            address = inquiry_link(str(day.inquiry))
        elif day.visit:
            address = visit_link(day.contract, day.visit)
        else:
            address = window_link(day.programme) if day.programme else day_link(day.number)
        events.append(_day_event(day, address, made_up, reference))
    return CalendarFile(
        _calendar(marked(name, made_up=made_up), events),
        max([e.changed_at for e in chosen] + [d.changed_at for d in held], default=None),
    )


def visit_calendar(
    day: CalendarDay, link: str, *, reference: Reference, made_up: bool
) -> CalendarFile:
    """One visit of a support plan, to be put into a calendar by hand."""
    name = marked(day.title, made_up=made_up)
    return CalendarFile(
        _calendar(name, [_day_event(day, link, made_up, reference)]), day.changed_at
    )


@dataclass(frozen=True)
class _Event:
    """One VEVENT; texts are not escaped yet."""

    uid: str
    changed_at: datetime
    sequence: int
    day: date
    start: time | None
    end: time | None
    title: str
    place: str
    words: list[str]
    categories: tuple[str, ...]
    status: str
    takes_time: bool
    link: str


@lru_cache(maxsize=40_000)
def _public_event(line: SessionLine, link: str, made_up: bool, reference: Reference) -> bytes:
    """An event as the file holds it; one that stays the same is not built again.

    Whoever reads what there is has not enrolled: it takes no time of theirs.
    """
    training = line.training
    event = _of_session(
        line,
        link,
        reference,
        sequence=training.sequence,
        changed_at=training.recorded_at,
        status="CANCELLED" if line.cancelled else "CONFIRMED",
        before=OFF if line.cancelled else "",
        words=_notices(line),
        takes_time=False,
    )
    return _written(event, made_up)


def _personal_event(entry: CalendarEntry, link: str, made_up: bool, reference: Reference) -> bytes:
    line = entry.line
    words = [*entry.news, *_notices(line)]
    if line.cancelled:
        status, before = "CANCELLED", OFF
    elif entry.seated:
        status, before = "CONFIRMED", ""
        words.append(f"自団体の参加確定 {entry.seated}人")
    elif entry.waiting:
        status, before = "TENTATIVE", WAITS
    else:
        status, before = "CANCELLED", WITHDRAWN
        words.append("自団体の申込はすべて取り消されています。")
    if entry.offer_until is not None and not line.cancelled:
        words.insert(
            0,
            f"空席の案内: {moment_words(entry.offer_until)}までに研修の画面で「参加する」を押すと"
            "参加が確定します。",
        )
    if entry.waiting:
        words.append(f"自団体のキャンセル待ち {entry.waiting}人")
    if entry.joining_address:
        words.append(f"オンラインの参加用アドレス: {entry.joining_address}")
    event = _of_session(
        line,
        link,
        reference,
        sequence=entry.sequence,
        changed_at=entry.changed_at,
        status=status,
        before=before,
        words=words,
        takes_time=status == "CONFIRMED",
    )
    return _written(event, made_up)


def _of_session(
    line: SessionLine,
    link: str,
    reference: Reference,
    *,
    sequence: int,
    changed_at: datetime,
    status: str,
    before: str,
    words: list[str],
    takes_time: bool,
) -> _Event:
    content, session = line.content, line.session
    return _Event(
        uid=calendar_uid(line.session_id),
        changed_at=changed_at,
        sequence=sequence,
        day=line.day,
        start=session.start,
        end=session.end,
        title=f"{before}{content.kind.value}「{content.title}」",
        place=_place(line),
        words=[*words, *_about(line, reference)],
        categories=(_theme(content.theme, reference), content.kind.value),
        status=status,
        takes_time=takes_time,
        link=link,
    )


def _day_event(day: CalendarDay, link: str, made_up: bool, reference: Reference) -> bytes:
    label, category = "", "アドバイザー相談"
    if day.programme:
        label = f"{reference.procurements.programme(day.programme).short_label} "
        category = "後乗り"
    if day.inquiry:
        category = "照会・回答"
    if day.visit:
        category = "支援の実施"
    whole_day = bool(day.programme or day.inquiry)
    words = [day.about, *([] if day.start or whole_day else ["開始時刻: 未定"])]
    event = _Event(
        uid=f"{day.key}@noriai",
        changed_at=day.changed_at,
        sequence=day.sequence,
        day=day.day,
        start=day.start,
        end=None,
        title=f"{WITHDRAWN if day.cancelled else ''}{label}{day.title}",
        place=day.place,
        words=words,
        categories=(category,),
        status="CANCELLED" if day.cancelled else "CONFIRMED",
        takes_time=not (day.cancelled or whole_day),
        link=link,
    )
    return _written(event, made_up)


def _written(event: _Event, made_up: bool) -> bytes:
    """One VEVENT; a day without a known time is a whole day, an end that is not known is absent.

    The library's own ``Event`` takes a millisecond each, a third of a minute for 20,000; so only
    what needs its rules (escaping, folding) goes through it.
    """
    stamp = f"{event.changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    lines = [
        "BEGIN:VEVENT",
        f"UID:{_escaped(event.uid)}",
        f"DTSTAMP:{stamp}",
        f"LAST-MODIFIED:{stamp}",
        f"SEQUENCE:{event.sequence}",
        *_when(event),
        f"SUMMARY:{_escaped(marked(event.title, made_up=made_up))}",
        f"LOCATION:{_escaped(event.place)}",
        f"DESCRIPTION:{_escaped(chr(10).join(event.words))}",
        f"CATEGORIES:{','.join(map(_escaped, event.categories))}",
        f"STATUS:{event.status}",
        f"URL:{event.link}",
        "END:VEVENT",
        "",
    ]
    return b"\r\n".join(_folded(each) for each in lines)


def _folded(text: str) -> bytes:
    if text.isascii() and len(text) < 75:
        return text.encode()
    return bytes(Contentline(text).to_ical())  # type: ignore[no-untyped-call]


def _when(event: _Event) -> list[str]:
    day, zone = f"{event.day:%Y%m%d}", f";TZID={TIME_ZONE}"
    if event.start is None:
        following = event.day + timedelta(days=1)
        return [
            f"DTSTART;VALUE=DATE:{day}",
            f"DTEND;VALUE=DATE:{following:%Y%m%d}",
            "TRANSP:TRANSPARENT",
        ]
    lines = [f"DTSTART{zone}:{day}T{event.start:%H%M%S}"]
    if event.end is not None:
        lines.append(f"DTEND{zone}:{day}T{event.end:%H%M%S}")
    return lines if event.takes_time else [*lines, "TRANSP:TRANSPARENT"]


def _escaped(text: str) -> str:
    return vText(text).to_ical().decode()


def _place(line: SessionLine) -> str:
    formats = line.session.formats or ()
    place = line.session.place or ("会場は不明" if SessionFormat.ONLINE not in formats else None)
    if SessionFormat.ON_SITE in formats and line.session.place is None:
        place = "会場は不明"
    return " / ".join(
        each for each in (place, "オンライン" if SessionFormat.ONLINE in formats else None) if each
    )


def _theme(key: str, reference: Reference) -> str:
    return reference.trainings.theme_labels.get(key, key)


def _notices(line: SessionLine) -> list[str]:
    """What must be read first."""
    if line.training.state is TrainingState.CANCELLED:
        return [f"この研修は中止になりました。理由: {line.training.reason}"]
    return ["この日程は取りやめになりました。"] if line.session.cancelled else []


def _about(line: SessionLine, reference: Reference) -> list[str]:
    content = line.content
    known = {"形式": formats_label(line.session.formats), "会場": _place(line)}
    known |= content.described(_theme(content.theme, reference))
    known["対象"] = known["対象"] or "記載なし"
    lines = [f"{label}: {text}" for label, text in known.items() if text]
    if line.session.start is None:
        lines.insert(0, _UNKNOWN_TIME)
    elif line.session.end is None:
        lines.insert(0, _UNKNOWN_END)
    lines.append(f"申込締切: {line.training.deadline_words}")
    printed = reference.trainings.corrections_in(
        line.training_id, content.title, content.purpose, content.co_host
    )
    return [*lines, "", content.purpose, *(each.words for each in printed)]


@cache
def _frame() -> tuple[bytes, bytes]:
    """What stands between the head and the events, and what stands at the end."""
    zone = Timezone()
    zone.add("tzid", TIME_ZONE)
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001  local time, as the format asks
    standard.add("tzname", "JST")
    standard.add("tzoffsetfrom", timedelta(hours=9))
    standard.add("tzoffsetto", timedelta(hours=9))
    zone.add_component(standard)
    return bytes(zone.to_ical()), b"END:VCALENDAR\r\n"


def _calendar(name: str, events: Iterable[bytes]) -> bytes:
    head = Calendar()
    head.add("prodid", "-//Noriai//Noriai//JA")
    head.add("version", "2.0")
    head.add("calscale", "GREGORIAN")
    head.add("name", name)
    head.add("x-wr-calname", name)
    head.add("x-wr-timezone", TIME_ZONE)
    head.add("refresh-interval", vDuration(_REFRESH), parameters={"VALUE": "DURATION"})
    head.add("x-published-ttl", vDuration(_REFRESH))
    zone, end = _frame()
    opened = bytes(head.to_ical()).removesuffix(end)
    return b"".join([opened, zone, *events, end])
