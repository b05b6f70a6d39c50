"""カレンダー (iCalendar, RFC 5545): published sessions, and what one municipality enrolled in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache

from icalendar import Calendar, Timezone, TimezoneStandard, vDuration, vText
from icalendar.parser import Contentline

from core.exports.file import marked
from core.reference.pack import Reference
from core.training.line import SessionLine
from core.training.training import calendar_uid
from core.training.vocabulary import SessionFormat, TrainingState, formats_label
from core.views.calendar import CalendarEntry

TIME_ZONE = "Asia/Tokyo"
_REFRESH = timedelta(hours=1)
_UNKNOWN_TIME = "開始時刻・終了時刻: 不明(公表されていません)"
_UNKNOWN_END = "終了時刻: 不明"
Link = Callable[[str], str]
"""``training_id`` → address of its page."""


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
    entries: Iterable[CalendarEntry], link: Link, name: str, *, reference: Reference, made_up: bool
) -> CalendarFile:
    """What one municipality enrolled in: how many seats, where to join; names nobody.

    Args:
        entries: As :func:`core.views.calendar.personal_calendar_view` answers.
    """
    chosen = list(entries)
    events = [
        _personal_event(entry, link(entry.line.training_id), made_up, reference) for entry in chosen
    ]
    return CalendarFile(
        _calendar(marked(name, made_up=made_up), events),
        max((entry.changed_at for entry in chosen), default=None),
    )


@lru_cache(maxsize=40_000)
def _public_event(line: SessionLine, link: str, made_up: bool, reference: Reference) -> bytes:
    """An event as the file holds it; one that stays the same is not built again."""
    status = "CANCELLED" if line.cancelled else "CONFIRMED"
    words = [*_notices(line), *_about(line, reference)]
    return _event(
        line,
        link,
        line.training.sequence,
        line.training.recorded_at,
        status,
        words,
        reference=reference,
        made_up=made_up,
    )


def _personal_event(entry: CalendarEntry, link: str, made_up: bool, reference: Reference) -> bytes:
    line = entry.line
    words = _notices(line)
    if line.cancelled:
        status = "CANCELLED"
    elif entry.seated:
        status = "CONFIRMED"
        words.append(f"自団体の参加確定 {entry.seated}人")
    elif entry.waiting:
        status = "TENTATIVE"
    else:
        status = "CANCELLED"
        words.append("自団体の申込はすべて取り消されています。")
    if entry.waiting:
        words.append(f"自団体のキャンセル待ち {entry.waiting}人")
    if entry.joining_address:
        words.append(f"オンラインの参加用アドレス: {entry.joining_address}")
    words += _about(line, reference)
    return _event(
        line,
        link,
        entry.sequence,
        entry.changed_at,
        status,
        words,
        reference=reference,
        made_up=made_up,
    )


def _event(
    line: SessionLine,
    link: str,
    sequence: int,
    changed_at: datetime,
    status: str,
    words: Iterable[str],
    *,
    reference: Reference,
    made_up: bool,
) -> bytes:
    """One VEVENT; a day without a known time is a whole day, an end that is not known is absent.

    The library's own ``Event`` takes a millisecond each, a third of a minute for 20,000; so only
    what needs its rules (escaping, folding) goes through it.
    """
    stamp = f"{changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    off = "【中止】" if line.cancelled else ""
    theme, kind = (
        _escaped(text) for text in (_theme(line.content.theme, reference), line.content.kind.value)
    )
    lines = [
        "BEGIN:VEVENT",
        f"UID:{_escaped(calendar_uid(line.session_id))}",
        f"DTSTAMP:{stamp}",
        f"LAST-MODIFIED:{stamp}",
        f"SEQUENCE:{sequence}",
        *_when(line),
        f"SUMMARY:{_escaped(marked(f'{off}{line.content.kind.value}「{line.content.title}」', made_up=made_up))}",
        f"LOCATION:{_escaped(_place(line))}",
        f"DESCRIPTION:{_escaped(chr(10).join(words))}",
        f"CATEGORIES:{theme},{kind}",
        f"STATUS:{status}",
        f"URL:{link}",
        "END:VEVENT",
        "",
    ]
    return b"\r\n".join(_folded(each) for each in lines)


def _folded(text: str) -> bytes:
    if text.isascii() and len(text) < 75:
        return text.encode()
    return bytes(Contentline(text).to_ical())  # type: ignore[no-untyped-call]


def _when(line: SessionLine) -> list[str]:
    if line.session.start is None:
        following = line.day + timedelta(days=1)
        return [
            f"DTSTART;VALUE=DATE:{line.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{following:%Y%m%d}",
            "TRANSP:TRANSPARENT",
        ]
    begins = [f"DTSTART;TZID={TIME_ZONE}:{line.day:%Y%m%d}T{line.session.start:%H%M%S}"]
    if line.session.end is None:
        return begins
    return [*begins, f"DTEND;TZID={TIME_ZONE}:{line.day:%Y%m%d}T{line.session.end:%H%M%S}"]


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
    if content.deadline is not None:
        at = f" {content.deadline_time:%H:%M}" if content.deadline_time else ""
        lines.append(f"申込締切: {content.deadline.isoformat()}{at}")
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
    head.add("prodid", "-//GovTech Osaka//Noriai//JA")
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
