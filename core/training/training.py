"""研修 and 日程 as they stand after their last version."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Annotated

from core.training.vocabulary import Audience, SessionFormat, TrainingKind, TrainingState
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import JAPAN, FiscalYear
from core.values.free_text import LINE, TEXT, Text

_ADDRESS = 2000


@dataclass(frozen=True)
class TrainingSession:
    """One 日程.

    Attributes:
        session_id: Stays the same over all versions; what enrolments and calendars refer to.
            Empty in a form: a new one.
        date: The day, in Japan.
        start: First minute; None when not known, which is not 00:00.
        end: Last minute; None when not known.
        formats: Ways to attend, 現地 before オンライン; None when not known.
        place: 会場; None when not known or none.
        joining_address: Where to join online; empty for none. For those enrolled only.
        capacity: 定員 of this session, on site and online together; None when none was
            given: then the seats do not run out.
        cancelled: This session is off; it stays so that calendars learn of it.
    """

    session_id: str
    date: date
    start: time | None = None
    end: time | None = None
    formats: tuple[SessionFormat, ...] | None = None
    place: Annotated[str | None, Text("会場", LINE, optional=True)] = None
    joining_address: Annotated[str, Text("参加用アドレス", _ADDRESS, optional=True)] = ""
    capacity: int | None = None
    cancelled: bool = False

    @property
    def fiscal_year(self) -> FiscalYear:
        """年度 of the day."""
        return FiscalYear.of(self.date)


@dataclass(frozen=True)
class Material:
    """資料: a link, a text, or both."""

    label: Annotated[str, Text("名前", LINE)]
    url: Annotated[str, Text("アドレス", _ADDRESS, optional=True)] = ""  # http(s); empty for none
    text: Annotated[str, Text("説明", TEXT, lines=True, optional=True)] = ""


@dataclass(frozen=True)
class TrainingContent:
    """What the secretariat writes of a training; a form and every version hold one.

    Attributes:
        covered: What was covered, written afterwards; empty until then.
        theme: Key of a テーマ in data/trainings.yaml.
        audience: 対象; None when not known.
        named: Codes of the municipalities of :attr:`Audience.NAMED`, in order.
        co_host: 共催; None when alone.
        speaker: 登壇者; None when not known.
        seats_per_municipality: Most seats of one municipality in one session; None for no limit.
        deadline: Last day of 申込, inclusive; None: until the session begins.
        deadline_time: Time on that day; None: to its end.
        open_data: 公開可: may leave as open data.
        sessions: 日程 in order of date.
    """

    kind: TrainingKind
    title: Annotated[str, Text("題名", LINE)]
    purpose: Annotated[str, Text("主旨", TEXT, lines=True)]
    theme: str
    sessions: tuple[TrainingSession, ...]
    host: Annotated[str, Text("主催", LINE)]
    covered: Annotated[str, Text("実施内容", TEXT, lines=True, optional=True)] = ""
    audience: Audience | None = None
    named: tuple[str, ...] = ()
    co_host: Annotated[str | None, Text("共催", LINE, optional=True)] = None
    speaker: Annotated[str | None, Text("登壇者", LINE, optional=True)] = None
    seats_per_municipality: int | None = None
    deadline: date | None = None
    deadline_time: time | None = None
    materials: tuple[Material, ...] = ()
    open_data: bool = False

    @property
    def hosts(self) -> str:
        """主催, with 共催."""
        return self.host + (f"(共催 {self.co_host})" if self.co_host else "")

    def described(self, theme: str) -> dict[str, str]:
        """What stands beside the text wherever the training is shown, by 項目; empty: not known.

        Args:
            theme: テーマ as a reader sees it.
        """
        return {
            "テーマ": theme,
            "対象": self.audience.label if self.audience else "",
            "主催": self.hosts,
            "登壇者": self.speaker or "",
        }


@dataclass(frozen=True)
class Training:
    """One 研修 as its last version says."""

    training_id: str  # stays the same over all versions
    version: int
    content: TrainingContent
    state: TrainingState
    reason: str  # why it was cancelled; empty otherwise
    number: int | None  # as printed in the source; None for trainings recorded here
    source: str  # key in data/sources.yaml; empty for trainings recorded here
    recorded_at: datetime
    recorded_by: str

    @property
    def sequence(self) -> int:
        """SEQUENCE of its calendar entries: raised by every change."""
        return self.version - 1

    @property
    def deadline_words(self) -> str:
        """申込締切; of what was published elsewhere without one nobody knows it."""
        content = self.content
        if content.deadline is not None:
            last = begins_at(content.deadline, content.deadline_time) or _end_of(content.deadline)
            return moment_words(last)
        return "不明" if self.source else "なし(各日程の開始まで)"

    def session(self, session_id: str) -> TrainingSession | None:
        """The session of an id; None when there is none."""
        return next((s for s in self.content.sessions if s.session_id == session_id), None)

    def held(self, session_id: str) -> TrainingSession:
        """The session of an id that is known to be one of this training."""
        found = self.session(session_id)
        if found is None:
            raise KeyError(session_id)
        return found

    def with_addresses_of(self, session_ids: Collection[str]) -> Training:
        """The same for readers who may join these sessions only."""
        sessions = tuple(
            each if each.session_id in session_ids else replace(each, joining_address="")
            for each in self.content.sessions
        )
        return replace(self, content=replace(self.content, sessions=sessions))


NO_TRAINING = {"training_id": "この研修は見つかりません。一覧から選び直してください。"}
NO_SESSION = {"session_id": "この日程は見つかりません。一覧から選び直してください。"}


def taking_place(training: Training | None, session_id: str, refused: str) -> Training:
    """The training of a session that readers know of and that takes place.

    Args:
        training: Whose last version has the session; None for none.
        refused: What cannot be done where the session was called off.

    Raises:
        InvalidInputError: There is none, or a draft.
        ConflictError: Called off.
    """
    if training is None or training.state in (TrainingState.DRAFT, TrainingState.DISCARDED):
        raise InvalidInputError(NO_SESSION)
    held = training.held(session_id)
    if training.state is TrainingState.CANCELLED or held.cancelled:
        raise ConflictError(f"{held.date.isoformat()}の日程は中止になったため、{refused}。")
    return training


def calendar_uid(session_id: str) -> str:
    """UID of a session in calendars; never changes."""
    return f"{session_id}@noriai"


def begins_at(day: date, start: time | None) -> datetime | None:
    """The moment a session begins; None while its time is not known."""
    return None if start is None else datetime.combine(day, start, JAPAN)


def closes_at(
    day: date, start: time | None, deadline: date | None, deadline_time: time | None
) -> datetime:
    """The moment from which officers can no longer enrol, change or cancel.

    The earlier of the deadline and the beginning of the session; a day without a time ends at
    midnight.

    Examples:
        >>> closes_at(date(2024, 6, 20), time(14), date(2024, 6, 14), None).isoformat()
        '2024-06-15T00:00:00+09:00'
        >>> closes_at(date(2024, 6, 20), None, None, None).isoformat()
        '2024-06-21T00:00:00+09:00'
    """
    begins = stands_still_at(day, start)
    if deadline is None:
        return begins
    last = begins_at(deadline, deadline_time) or _end_of(deadline)
    return min(begins, last)


def stands_still_at(day: date, start: time | None) -> datetime:
    """The moment a session begins and its list of participants stands still.

    A day without a time: its end, since nobody knows that it began before.
    """
    return begins_at(day, start) or _end_of(day)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), JAPAN)


def moment_words(moment: datetime) -> str:
    """A moment in Japan; the end of a day as that day's 24:00.

    Examples:
        >>> moment_words(datetime(2024, 6, 15, tzinfo=JAPAN))
        '2024-06-14 24:00'
    """
    local = moment.astimezone(JAPAN)
    if local.time() == time():
        return f"{local.date() - timedelta(days=1)} 24:00"
    return f"{local:%Y-%m-%d %H:%M}"
