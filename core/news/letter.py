"""The mail that tells somebody (連絡の文面), and whom a change of a training touches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from core.consultation.case import Consultation
from core.consultation.mail_text import MailKind, MailText
from core.news.trainings import changes_of, limits_of, offered, when
from core.training.enrolment import EnrolmentEvent, enrolments, places
from core.training.training import Training, TrainingSession
from core.values.label import Labelled

ADVISOR = "advisor"
"""Whom a request to the DX推進アドバイザー tells."""
_MOST = 10
"""Letters kept in sight of one training."""
_OF_A_STEP = (MailKind.SCHEDULED, MailKind.ANSWERED)
"""Mails of a consultation whose text another day or another answer changes."""


@dataclass(frozen=True)
class TouchedSession:
    """One 日程 that a change reaches somebody in."""

    session: TrainingSession  # as it stands before
    changes: tuple[str, ...]  # in whole sentences; empty where only a place comes free
    people: int  # those enrolled, the waiting included, who are touched
    towns: int  # of how many municipalities
    offered: int  # those to whom a place would be offered


@dataclass(frozen=True)
class Touched:
    """Whom a change touches (影響) and what they would be told, before it is saved."""

    sessions: tuple[TouchedSession, ...]
    letters: tuple[Letter, ...]

    @property
    def people(self) -> int:
        """Persons; one enrolled in two sessions counts twice."""
        return sum(each.people for each in self.sessions)

    @property
    def offered(self) -> int:
        """Persons to whom a place would be offered."""
        return sum(each.offered for each in self.sessions)

    @property
    def sentence(self) -> str:
        """What the secretariat reads above the button; empty where nobody is touched."""
        lines = []
        for each in self.sessions:
            if each.people:
                said = "".join(each.changes)
                lines.append(
                    f"{when(each.session)}の申込者 {each.people}人({each.towns}団体)に関わります: {said}"
                )
            if each.offered:
                lines.append(
                    f"{when(each.session)}: キャンセル待ちの{each.offered}人に空席を案内します。"
                )
        return " ".join(lines)


def touched(
    history: Sequence[Training],
    after: Training,
    events: Mapping[str, Sequence[EnrolmentEvent]],
    address: str,
) -> Touched:
    """Whom the next version of a training would touch.

    Args:
        history: Every version so far, oldest first.
        after: As the form has it, with the next number.
        events: Applications by ``session_id``.
        address: Where the screen shows the training.
    """
    before, found = history[-1], []
    for session_id, said in events.items():
        held = before.session(session_id)
        if held is None:
            continue
        changes = changes_of(before, after, session_id)
        active = [each for each in enrolments(said) if not each.cancelled]
        told = active if changes else []
        up = _more_offered(said, history, after)
        if told or up:
            towns = len({each.lg_code for each in told})
            found.append(TouchedSession(held, changes, len(told), towns, up))
    known = {each.key for each in letters(history, events, address)}
    coming = letters([*history, after], events, address)
    return Touched(tuple(found), tuple(each for each in coming if each.key not in known))


def _more_offered(
    said: Sequence[EnrolmentEvent], history: Sequence[Training], after: Training
) -> int:
    held = after.session(said[0].session_id)
    if after.state is not history[-1].state or held is None or held.cancelled:
        return 0
    return len(offered(said, [*history, after])) - len(offered(said, history))


@dataclass(frozen=True)
class Letter:
    """One mail (連絡): ready to paste, and word for word what is sent."""

    key: str  # of the record it tells of; another text has another
    about: str  # in a line, for choosing among several
    subject: str
    body: str
    whom: tuple[str, ...]  # enrolments of a training, codes of municipalities, or ADVISOR
    towns: int  # of how many municipalities


class LetterWay(Labelled):
    """How somebody was told (連絡の方法)."""

    SENT = "sent", "送信"
    BY_HAND = "by_hand", "ほかの方法で連絡"


@dataclass(frozen=True)
class LetterTold:
    """Somebody was told by one letter (連絡の記録). Never taken back."""

    event_id: int
    letter: str  # its key
    whom: str  # as the letter has it; never an address
    way: LetterWay
    recorded_at: datetime
    recorded_by: str


def letters(
    history: Sequence[Training], events: Mapping[str, Sequence[EnrolmentEvent]], address: str
) -> tuple[Letter, ...]:
    """What is to be told of one training, the latest first.

    Args:
        history: Every version, oldest first.
        events: Applications by ``session_id``.
        address: Where the screen shows the training.
    """
    found: list[tuple[datetime, Letter]] = []
    for before, after in pairwise(history):
        letter = _changed(before, after, events, address)
        if letter:
            found.append((after.recorded_at, letter))
    last = history[-1]
    for session_id, said in events.items():
        held = last.session(session_id)
        if held is None or held.cancelled:
            continue
        known = [limits for each in history if (limits := limits_of(each, session_id))]
        now = places(said, known)
        open_to = {who for who, place in now.items() if place.offer is not None}
        together: dict[str, list[str]] = {}
        moves = offered(said, history)
        for move in moves:
            if move.enrolment_id in open_to:
                together.setdefault(move.key, []).append(move.enrolment_id)
        for key, who in together.items():
            at = next(move.at for move in moves if move.key == key)
            towns = {each.lg_code for each in said if each.enrolment_id in who}
            found.append((at, _moved(last, held, key, who, len(towns), address)))
    found.sort(key=lambda each: each[0], reverse=True)
    return tuple(letter for _, letter in found[:_MOST])


def _changed(
    before: Training,
    after: Training,
    events: Mapping[str, Sequence[EnrolmentEvent]],
    address: str,
) -> Letter | None:
    lines: list[str] = []
    told: list[tuple[str, str]] = []
    for session_id, said in events.items():
        changes = changes_of(before, after, session_id)
        earlier = [each for each in said if each.version < after.version]
        active = [each for each in enrolments(earlier) if not each.cancelled]
        if changes and active:
            lines += [f"■ {when(before.held(session_id))}", *changes, ""]
            told += [(each.enrolment_id, each.lg_code) for each in active]
    if not told:
        return None
    title = after.content.title
    return Letter(
        key=f"version:{after.training_id}:{after.version}",
        about=f"変更の連絡(第{after.version}版)",
        subject=f"【変更】「{title}」のお知らせ",
        body=_body(after, ["お申し込みの研修に、次の変更があります。", "", *lines], address),
        whom=tuple(dict.fromkeys(who for who, _ in told)),
        towns=len({town for _, town in told}),
    )


def _moved(
    training: Training,
    held: TrainingSession,
    key: str,
    who: Sequence[str],
    towns: int,
    address: str,
) -> Letter:
    place = [f"会場: {held.place}"] if held.place else []
    lines = [
        "キャンセル待ちの次の日程に、空席ができました。開始までに次の画面で受けると、参加が確定します。",
        "",
        f"■ {when(held)}",
        *place,
        "",
        "参加しない場合は取り消してください。次の人に案内します。",
        "",
    ]
    return Letter(
        key=f"place:{held.session_id}:{key}",
        about=f"空席の案内({when(held)})",
        subject=f"【空席の案内】「{training.content.title}」のお知らせ",
        body=_body(training, lines, address),
        whom=tuple(who),
        towns=towns,
    )


def _body(training: Training, lines: Sequence[str], address: str) -> str:
    said = [
        "研修にお申し込みの皆様",
        "",
        f"{training.content.host}です。「{training.content.title}」についてお知らせします。",
        *lines,
        "詳しくは次の画面で確認できます(申込の確認と取消しにはサインインが必要です)。",
        address,
    ]
    return "\n".join(said) + "\n"


def consultation_letter(consultation: Consultation, kind: MailKind, mail: MailText) -> Letter:
    """A mail of a consultation; of another day or answer than the last it is another letter."""
    step = consultation.last.event_id if kind in _OF_A_STEP else 0
    return Letter(
        key=f"consultation:{consultation.consultation_id}:{kind.value}:{step}",
        about=kind.label,
        subject=mail.subject,
        body=mail.body,
        whom=(ADVISOR if kind is MailKind.TO_ADVISOR else consultation.lg_code,),
        towns=1,
    )
