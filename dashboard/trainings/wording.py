"""Days, times, places and states of sessions as readers see them; what is not known says 不明."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time

import streamlit as st

from core.training.audience import Concern
from core.training.enrolment import Seats
from core.training.line import SessionLine
from core.training.training import TrainingSession
from core.training.vocabulary import SessionFormat, formats_label
from core.values.fiscal import JAPAN, day_in_japan
from core.views.trainings import SessionCard, TrainingsAnswer
from dashboard.frame import navigation
from dashboard.kit.cards import Badge, Tone
from dashboard.kit.typed import escaped

_WEEKDAYS = "月火水木金土日"


def day_text(day: date, *, year: bool = True) -> str:
    """A day with its weekday.

    Examples:
        >>> day_text(date(2022, 8, 19)), day_text(date(2022, 8, 19), year=False)
        ('2022年8月19日(金)', '8月19日(金)')
    """
    first = f"{day.year}年" if year else ""
    return f"{first}{day.month}月{day.day}日({_WEEKDAYS[day.weekday()]})"


def time_text(start: time | None, end: time | None) -> str:
    """From when to when; never a time nobody gave.

    Examples:
        >>> time_text(time(14), time(16)), time_text(time(14), None), time_text(None, None)
        ('14:00〜16:00', '14:00〜(終了不明)', '時刻不明')
    """
    if start is None:
        return "時刻不明"
    return f"{start:%H:%M}〜" + ("(終了不明)" if end is None else f"{end:%H:%M}")


def session_text(session: TrainingSession) -> str:
    """When a session is held."""
    return f"{day_text(session.date)} {time_text(session.start, session.end)}"


def when_text(session: TrainingSession, *, off: bool) -> str:
    """When a session is held, the day first; struck through and said where it is off."""
    day, at = day_text(session.date), time_text(session.start, session.end)
    return f"~~**{day}** {at}~~ 開かれません" if off else f"**{day}** {at}"


def place_words(session: TrainingSession) -> str:
    """会場; of a session that is online alone there is none, and what nobody said is 不明.

    Examples:
        >>> place_words(TrainingSession("", date(2024, 4, 1), formats=(SessionFormat.ONLINE,)))
        'なし(オンライン)'
        >>> place_words(TrainingSession("", date(2024, 4, 1)))
        '不明'
    """
    if session.place:
        return session.place
    return "なし(オンライン)" if session.formats == (SessionFormat.ONLINE,) else "不明"


def deadline_text(line: SessionLine) -> str:
    """申込締切 of a session that takes 申込; one that was not set is not the start."""
    if line.content.deadline is not None:
        return f"申込締切 {moment_text(line.closes_at)}"
    if line.training.source:
        return "申込締切 不明"
    return "申込締切 なし(開始まで)"


def moment_text(moment: datetime) -> str:
    """A moment in Japan; the end of a day as that day's 24:00."""
    local = moment.astimezone(JAPAN)
    if local.time() == time():
        before = date.fromordinal(local.toordinal() - 1)
        return f"{day_text(before)} 24:00"
    return f"{day_text(local.date())} {local:%H:%M}"


def seats_text(seats: Seats) -> str:
    """How full a session is; a 定員 nobody gave is not "no limit"."""
    if seats.capacity is None:
        return "定員の記載なし" + (f"・申込{seats.seated}人" if seats.seated else "")
    held = f"、うち{seats.held}人に空席を案内中" if seats.held else ""
    waiting = f"・キャンセル待ち{seats.waiting}人{held}" if seats.waiting else ""
    return f"残り{seats.left}席(定員{seats.capacity}人){waiting}"


def state_badge(line: SessionLine, now: datetime, seats: Seats | None = None) -> Badge:
    """Whether a session can still be enrolled in: the words say it, not the colour."""
    if line.cancelled:
        return Badge("中止", Tone.BAD)
    if line.accepts(now):
        if seats is not None and seats.left == 0:
            return Badge("満席・キャンセル待ち受付中", Tone.OPEN)
        return Badge("受付中", Tone.GOOD)
    if line.day < day_in_japan(now):
        return Badge("終了")
    return Badge("締切済み")


def format_text(line: SessionLine) -> str:
    """現地, オンライン, both, or that nobody said."""
    return "形式不明" if line.session.formats is None else formats_label(line.session.formats)


def own_badges(card: SessionCard, *, over: bool = False) -> list[Badge]:
    """What concerns the reader's own municipality.

    Args:
        over: It is past: whom it was meant for no longer matters.
    """
    if card.line.cancelled:
        applied = card.own_seated + card.own_waiting
        return [Badge(f"自団体 申込{applied}人(開かれません)")] if applied else []
    found = []
    if card.own_seated:
        found.append(Badge(f"自団体 参加確定{card.own_seated}人", Tone.GOOD))
    if card.own_waiting:
        found.append(Badge(f"自団体 キャンセル待ち{card.own_waiting}人", Tone.OPEN))
    if over:
        return found
    if card.concern is Concern.CONCERNED:
        found.append(Badge("うちが対象", Tone.GOOD))
    elif card.concern is Concern.NOT_CONCERNED:
        found.append(Badge("対象外"))
    return found


def badges(card: SessionCard, now: datetime, *, over: bool = False) -> list[Badge]:
    """State and own concern together; of what is over, only who was there."""
    state = [] if over else [state_badge(card.line, now, card.seats)]
    return [*state, *own_badges(card, over=over)]


_COLOURS = {Tone.PLAIN: "gray", Tone.GOOD: "green", Tone.BAD: "red", Tone.OPEN: "orange"}


def badges_text(card: SessionCard, now: datetime) -> str:
    """The same in a line of Markdown."""
    shown = (f":{_COLOURS[each.tone]}-badge[{escaped(each.text)}]" for each in badges(card, now))
    return " ".join(shown)


def draw_title(title: str, query: Mapping[str, str], icon: str = "school") -> None:
    """The title as the link to the training."""
    navigation.link("trainings", f"**{escaped(title)}**", icon, query)


def draw_unknown_audience(answer: TrainingsAnswer) -> None:
    """How many more there are of which nobody knows whom they address."""
    if answer.unknown_audience:
        st.caption(f"対象の記載がない研修が、ほかに{answer.unknown_audience}日程あります。")
