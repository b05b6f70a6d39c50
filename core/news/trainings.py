"""What became of a municipality's sessions and places, from versions and applications alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from core.news.news import News, NewsKind
from core.training.enrolment import (
    EnrolmentEvent,
    Limits,
    Place,
    PlaceKind,
    enrolments,
    places,
)
from core.training.training import Training, TrainingSession, stands_still_at
from core.training.vocabulary import SessionFormat, TrainingState, formats_label
from core.values.fiscal import day_in_japan

_WEEKDAYS = "月火水木金土日"
_SHOWN = (TrainingState.PUBLISHED, TrainingState.CANCELLED)


def when(session: TrainingSession) -> str:
    """12月1日(火) 14:00〜16:00, as far as it is known.

    Examples:
        >>> from datetime import date
        >>> when(TrainingSession("", date(2026, 12, 1)))
        '12月1日(火)'
    """
    day = f"{session.date.month}月{session.date.day}日({_WEEKDAYS[session.date.weekday()]})"
    if session.start is None:
        return day
    return f"{day} {session.start:%H:%M}〜" + (f"{session.end:%H:%M}" if session.end else "")


def changes_of(before: Training, after: Training, session_id: str) -> tuple[str, ...]:
    """What a version changed of a session for whoever is enrolled in it, in whole sentences.

    A change of the 主旨, the 資料 and the like is none.
    """
    old, new = before.session(session_id), after.session(session_id)
    if old is None or new is None or after.state not in _SHOWN:
        return ()
    if after.state is TrainingState.CANCELLED:
        if before.state is TrainingState.CANCELLED:
            return ()
        return (f"研修が中止になりました(理由: {after.reason})。",)
    if new.cancelled:
        return () if old.cancelled else ("この日程は取りやめになりました。",)
    found = ["取りやめを改め、開催することになりました。"] if old.cancelled else []
    if when(old) != when(new) or old.date != new.date:
        found.append(f"日時が{when(old)}から{when(new)}に変わりました。")
    if old.formats != new.formats:
        found.append(_formats_changed(old, new))
    if old.place != new.place and new.formats != (SessionFormat.ONLINE,):
        found.append(f"会場が{old.place or '未定'}から{new.place or '未定'}に変わりました。")
    if old.joining_address != new.joining_address and new.joining_address:
        said = "変わりました" if old.joining_address else "決まりました"
        found.append(f"オンラインの参加用アドレスが{said}。")
    return tuple(found)


def _formats_changed(old: TrainingSession, new: TrainingSession) -> str:
    if new.formats == (SessionFormat.ONLINE,):
        return "オンラインだけの開催に変わりました。"
    if new.formats == (SessionFormat.ON_SITE,):
        return "現地だけの開催に変わりました。"
    return f"開催形式が{formats_label(old.formats)}から{formats_label(new.formats)}に変わりました。"


@dataclass(frozen=True)
class Offered:
    """One who waits and to whom a place that came free was offered (空席の案内)."""

    enrolment_id: str
    lg_code: str
    place: Place
    key: str  # of the application or version that made room
    at: datetime
    by: str


def offered(events: Iterable[EnrolmentEvent], versions: Sequence[Training]) -> list[Offered]:
    """Everybody of one session to whom a place was offered, in the order it happened.

    The places are folded again after every record (:func:`core.training.enrolment.places`), and
    what differs from before is told: so the one rule of places is that of the list.

    Args:
        events: Of one session.
        versions: Of its training, oldest first.
    """
    said = sorted(events, key=lambda each: each.event_id)
    found: list[Offered] = []
    before: Mapping[str, Place] = {}
    towns = {each.enrolment_id: each.lg_code for each in said}
    for number, known, key, at, by, own in _moments(said, versions):
        if own is None and not any(p.kind is PlaceKind.WAITING for p in before.values()):
            before = places(said[:number], known)
            continue
        now = places(said[:number], known)
        for who, place in now.items():
            if who != own and _gained(before.get(who), place):
                found.append(Offered(who, towns[who], place, key, at, by))
        before = now
    return found


def _moments(
    said: Sequence[EnrolmentEvent], versions: Sequence[Training]
) -> Iterator[tuple[int, list[Limits], str, datetime, str, str | None]]:
    """Each application and each version that bounds the places, in the order of recording."""
    session_id = said[0].session_id if said else ""
    ahead, known = list(versions), list[Limits]()
    for number, event in enumerate(said, start=1):
        while ahead and ahead[0].version <= event.version:
            yield from _bounded(ahead.pop(0), session_id, number - 1, known)
        at = event.recorded_at
        key = f"enrolment:{event.event_id}"
        yield number, list(known), key, at, event.recorded_by, event.enrolment_id
    for version in ahead:
        yield from _bounded(version, session_id, len(said), known)


def _bounded(
    version: Training, session_id: str, number: int, known: list[Limits]
) -> Iterator[tuple[int, list[Limits], str, datetime, str, str | None]]:
    limits = limits_of(version, session_id)
    if limits is None:
        return
    known.append(limits)
    key = f"version:{version.training_id}:{version.version}"
    yield number, list(known), key, version.recorded_at, version.recorded_by, None


def limits_of(version: Training, session_id: str) -> Limits | None:
    """What bounds a session from a version on; None where the version has it not."""
    held = version.session(session_id)
    if held is None:
        return None
    own = version.content.seats_per_municipality
    begins = stands_still_at(held.date, held.start)
    return Limits(version.version, held.capacity, own, version.recorded_at, begins)


def _gained(before: Place | None, now: Place) -> bool:
    """Whether a place is offered to somebody to whom none was."""
    return before is not None and before.offer is None and now.offer is not None


def training_news(
    lg_code: str, versions: Sequence[Training], events: Mapping[str, Sequence[EnrolmentEvent]]
) -> list[News]:
    """What a municipality is told of one training.

    Args:
        versions: Oldest first.
        events: Everybody's applications, by ``session_id``.
    """
    found = []
    last = versions[-1]
    for session_id, said in events.items():
        held = last.session(session_id)
        if held is None:
            continue
        query = {"training": last.training_id}
        for before, after in pairwise(versions):
            changes = changes_of(before, after, session_id)
            if changes and _ours(lg_code, said, after.version):
                found.append(
                    News(
                        key=f"session:{session_id}:{after.version}",
                        kind=NewsKind.SESSION,
                        day=day_in_japan(after.recorded_at),
                        text=_told(after.content.title, before.held(session_id), changes),
                        page="trainings",
                        query=query,
                        by=after.recorded_by,
                        until=held.date,
                        session_id=session_id,
                    )
                )
        found += _places_news(lg_code, last, held, said, versions)
    return found


def _told(title: str, held: TrainingSession, changes: Sequence[str]) -> str:
    """The day before the change is said once."""
    at = "" if changes[0].startswith(f"日時が{when(held)}から") else when(held)
    return f"「{title}」{at}: {''.join(changes)}"


def _ours(lg_code: str, said: Iterable[EnrolmentEvent], version: int) -> bool:
    """Whether somebody of the municipality was enrolled when a version was written."""
    earlier = [each for each in said if each.version < version and each.lg_code == lg_code]
    return any(not each.cancelled for each in enrolments(earlier))


def _places_news(
    lg_code: str,
    training: Training,
    held: TrainingSession,
    said: Sequence[EnrolmentEvent],
    versions: Sequence[Training],
) -> list[News]:
    if all(each.lg_code != lg_code for each in said):
        return []
    known = [limits for each in versions if (limits := limits_of(each, held.session_id))]
    now = {who: place.offer for who, place in places(said, known).items()}
    ours = [  # what was taken, given back or lost since is over
        each
        for each in offered(said, versions)
        if each.lg_code == lg_code and (open_ := now[each.enrolment_id]) and open_.since == each.at
    ]
    people = Counter(each.key for each in ours)
    first = {each.key: each for each in reversed(ours)}
    return [
        News(
            key=f"place:{held.session_id}:{key}",
            kind=NewsKind.PLACE,
            day=day_in_japan(first[key].at),
            text=f"「{training.content.title}」{when(held)}: キャンセル待ちの{number}人に空席を案内しています。"
            "開始までに受けると参加が確定します。",
            page="trainings",
            query={"training": training.training_id},
            by="",
            until=held.date,
            session_id=held.session_id,
        )
        for key, number in people.items()
    ]
