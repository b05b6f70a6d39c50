"""照会の経過: what became of an inquiry, and how far it is at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from core.inquiry.composition import Composition
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import FiscalYear, japan_day
from core.values.free_text import Text
from core.values.label import Labelled

REASON = Text("理由", 1000, lines=True, optional=True)
"""Why; required of 照会の取下げ (:func:`check_step`)."""


class InquiryStep(Labelled):
    """照会の経過."""

    PUBLISHED = "published", "公開"
    CHANGED = "changed", "設問の変更"
    EXTENDED = "extended", "締切の変更"
    CLOSED = "closed", "受付終了"
    REOPENED = "reopened", "受付再開"
    WITHDRAWN = "withdrawn", "照会の取下げ"
    REVEALED = "revealed", "結果の公開"


class InquiryState(Labelled):
    """照会の状態 at a moment."""

    DRAFT = "draft", "作成中"
    ANNOUNCED = "announced", "受付前"
    OPEN = "open", "受付中"
    CLOSED = "closed", "締切"
    WITHDRAWN = "withdrawn", "取下げ"


_AFTER: Mapping[InquiryState, frozenset[InquiryStep]] = MappingProxyType(
    {
        InquiryState.DRAFT: frozenset({InquiryStep.PUBLISHED}),
        InquiryState.ANNOUNCED: frozenset(
            {InquiryStep.CHANGED, InquiryStep.EXTENDED, InquiryStep.WITHDRAWN}
        ),
        InquiryState.OPEN: frozenset(
            {
                InquiryStep.CHANGED,
                InquiryStep.EXTENDED,
                InquiryStep.CLOSED,
                InquiryStep.WITHDRAWN,
                InquiryStep.REVEALED,
            }
        ),
        InquiryState.CLOSED: frozenset(
            {InquiryStep.REOPENED, InquiryStep.WITHDRAWN, InquiryStep.REVEALED}
        ),
        InquiryState.WITHDRAWN: frozenset(),
    }
)


@dataclass(frozen=True)
class InquiryEvent:
    """One step of an inquiry. Never edited.

    Attributes:
        version_id: The questions that hold from here on, of 公開 and 設問の変更; None otherwise.
        closes_at: The deadline from here on, of 公開, 締切の変更 and 受付再開; None otherwise.
        audience: Whom is asked, ``lg_code``, of 公開: as the audience was on that day.
    """

    event_id: int
    inquiry_id: int
    step: InquiryStep
    version_id: int | None
    closes_at: datetime | None
    audience: tuple[str, ...]
    reason: str
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True)
class InquiryVersion:
    """The questions as they were composed at one time. Never edited."""

    version_id: int
    inquiry_id: int
    composition: Composition
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True)
class InquiryNumber:
    """照会番号: R8-照会003, gapless within a fiscal year."""

    fiscal_year: FiscalYear
    serial: int

    @property
    def label(self) -> str:
        """As readers see it.

        Examples:
            >>> InquiryNumber(FiscalYear(2026), 3).label
            'R8-照会003'
        """
        return f"{self.fiscal_year.short}-照会{self.serial:03d}"


@dataclass(frozen=True)
class Inquiry:
    """An inquiry with everything that became of it.

    Attributes:
        versions: Oldest first; the last is what the secretariat works on or published last.
        events: Oldest first; none before publishing.
    """

    inquiry_id: int
    number: InquiryNumber
    created_at: datetime
    created_by: str
    versions: tuple[InquiryVersion, ...]
    events: tuple[InquiryEvent, ...]

    @property
    def version(self) -> InquiryVersion:
        """The questions as they hold: those published last, before that those composed last."""
        published = [each.version_id for each in self.events if each.version_id is not None]
        if not published:
            return self.versions[-1]
        return next(each for each in self.versions if each.version_id == published[-1])

    def version_of(self, version_id: int) -> InquiryVersion:
        """The questions of a number that is one of this inquiry's."""
        return next(each for each in self.versions if each.version_id == version_id)

    @property
    def composition(self) -> Composition:
        """Its questions as they hold."""
        return self.version.composition

    @property
    def published(self) -> bool:
        """Whether those asked see it."""
        return bool(self.events)

    @property
    def audience(self) -> tuple[str, ...]:
        """Whom it asks; nobody before publishing."""
        return self.events[0].audience if self.events else ()

    @property
    def closes_at(self) -> datetime:
        """The deadline as it was said last."""
        said = [each.closes_at for each in self.events if each.closes_at is not None]
        return said[-1] if said else self.composition.closes_at

    @property
    def last(self) -> InquiryEvent | InquiryVersion:
        """What was said of it last."""
        return self.events[-1] if self.events else self.versions[-1]

    @property
    def revealed(self) -> bool:
        """Whether its answers may be seen: always, unless it is hidden and nobody revealed it."""
        if not self.composition.hidden:
            return True
        return any(each.step is InquiryStep.REVEALED for each in self.events)

    def state(self, moment: datetime) -> InquiryState:
        """How far it is at a moment; the deadline itself is too late."""
        if not self.events:
            return InquiryState.DRAFT
        ends = {InquiryStep.CLOSED, InquiryStep.REOPENED, InquiryStep.WITHDRAWN}
        last = next((e.step for e in reversed(self.events) if e.step in ends), None)
        if last is InquiryStep.WITHDRAWN:
            return InquiryState.WITHDRAWN
        if last is InquiryStep.CLOSED or moment >= self.closes_at:
            return InquiryState.CLOSED
        if moment < self.composition.opens_at:
            return InquiryState.ANNOUNCED
        return InquiryState.OPEN

    def steps(self, moment: datetime) -> frozenset[InquiryStep]:
        """What may be done with it at a moment."""
        found = _AFTER[self.state(moment)]
        if self.revealed:
            found -= {InquiryStep.REVEALED}
        return found


def check_step(
    inquiry: Inquiry,
    step: InquiryStep,
    moment: datetime,
    *,
    closes_at: datetime | None = None,
    reason: str = "",
) -> None:
    """Refuse a step that cannot follow.

    Args:
        closes_at: The new deadline of 締切の変更 and 受付再開.
        reason: Why; required of 照会の取下げ.

    Raises:
        ConflictError: It cannot follow; says how far the inquiry is.
        InvalidInputError: Fields ``closes_at``, ``reason``.
    """
    state = inquiry.state(moment)
    if step not in inquiry.steps(moment):
        last = inquiry.last
        raise ConflictError(
            f"この照会は「{state.label}」のため「{step.label}」はできません"
            f"(最後の記録は{japan_day(last.recorded_at)})。画面を更新して確認してください。"
        )
    if step in (InquiryStep.EXTENDED, InquiryStep.REOPENED):
        if closes_at is None or closes_at <= moment:
            raise InvalidInputError({"closes_at": "新しい締切は、これからの日時にしてください。"})
        if step is InquiryStep.EXTENDED and closes_at == inquiry.closes_at:
            raise InvalidInputError({"closes_at": "締切が変わっていません。"})
    if step is InquiryStep.WITHDRAWN and not reason.strip():
        raise InvalidInputError({"reason": "取り下げる理由を入力してください。"})
