"""支援回: one visit of a contracted plan, planned and held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Annotated

from core.consultation.attachment import Finding
from core.consultation.theme import MeetingForm
from core.values.fiscal import PartialDate, Precision
from core.values.free_text import LINE, TEXT, Text
from core.values.label import Labelled

PLACE = Text("場所・接続先", LINE, optional=True)
ATTENDED = Text("出席者", 500, lines=True, optional=True)
TOPIC = Text("議題", LINE)
DONE = Text("実施した内容", TEXT, lines=True)
FOLLOWING = Text("次回までに行うこと", TEXT, lines=True, optional=True)
REASON = Text("理由", 1000, lines=True, optional=True)


class VisitStep(Labelled):
    """支援回の経過."""

    PLANNED = "planned", "予定"
    MOVED = "moved", "日程変更"
    HELD = "held", "実施"
    AMENDED = "amended", "実施の訂正"
    CANCELLED = "cancelled", "中止"


class VisitState(Labelled):
    """支援回の状態."""

    PLANNED = "planned", "予定"
    HELD = "held", "実施済"
    CANCELLED = "cancelled", "中止"


STATE_AFTER: Mapping[VisitStep, VisitState] = MappingProxyType(
    {
        VisitStep.PLANNED: VisitState.PLANNED,
        VisitStep.MOVED: VisitState.PLANNED,
        VisitStep.HELD: VisitState.HELD,
        VisitStep.AMENDED: VisitState.HELD,
        VisitStep.CANCELLED: VisitState.CANCELLED,
    }
)
STEPS_FROM: Mapping[VisitState | None, tuple[VisitStep, ...]] = MappingProxyType(
    {
        None: (VisitStep.PLANNED, VisitStep.HELD),
        VisitState.PLANNED: (VisitStep.MOVED, VisitStep.HELD, VisitStep.CANCELLED),
        VisitState.HELD: (VisitStep.AMENDED, VisitStep.CANCELLED),
        VisitState.CANCELLED: (),
    }
)
"""State → what may be said next; None is "not yet planned": 実施 may come unplanned. 中止 of what
was held takes back a record made by mistake, with its reason. After 中止 another visit is planned."""


class CancelledBy(Labelled):
    """中止を申し出た側."""

    MUNICIPALITY = "municipality", "団体の都合"
    VENDOR = "vendor", "事業者の都合"
    OTHER = "other", "その他(災害など)"


@dataclass(frozen=True)
class Planned:
    """予定 of a visit.

    Attributes:
        when: A day, or a month while no day is agreed.
        start: 開始時刻; None is not said, which is not 00:00.
        expert_id: Who comes; None while nobody is assigned.
    """

    when: PartialDate
    start: time | None = None
    meeting: MeetingForm | None = None
    place: Annotated[str, PLACE] = ""
    expert_id: int | None = None


@dataclass(frozen=True)
class Held:
    """実施 of a visit.

    Attributes:
        minutes: How long it was.
        meeting: 訪問 or オンライン.
        satisfaction: 1 (不満) to 5 (満足), of the municipality; None while it has not said.
    """

    day: date
    minutes: int
    meeting: MeetingForm
    attended: Annotated[str, ATTENDED]
    topic: Annotated[str, TOPIC]
    done: Annotated[str, DONE]
    following: Annotated[str, FOLLOWING] = ""
    satisfaction: int | None = None
    expert_id: int | None = None


@dataclass(frozen=True)
class VisitEvent:
    """One step of a visit. Never edited.

    Attributes:
        planned: Of 予定 and 日程変更; None otherwise.
        held: Of 実施 and 実施の訂正; None otherwise.
        cancelled_by: Of 中止; None otherwise.
    """

    event_id: int
    visit_id: int
    step: VisitStep
    planned: Planned | None
    held: Held | None
    cancelled_by: CancelledBy | None
    reason: str
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True)
class VisitFile:
    """A file of a visit (議事録など), without its bytes."""

    file_id: int
    visit_id: int
    name: str
    media_type: str
    size: int  # bytes
    sha256: str
    findings: tuple[Finding, ...]
    added_at: datetime
    added_by: str


@dataclass(frozen=True)
class Visit:
    """A visit with everything that became of it.

    Attributes:
        serial: 第n回 of its plan in the contract, in the order of planning.
        events: Oldest first.
    """

    visit_id: int
    contract_id: int
    lg_code: str
    plan: int
    serial: int
    events: tuple[VisitEvent, ...] = ()
    files: tuple[VisitFile, ...] = ()

    @property
    def last(self) -> VisitEvent:
        """What was said of it last."""
        return self.events[-1]

    @property
    def state(self) -> VisitState:
        """How far it is."""
        return STATE_AFTER[self.last.step]

    @property
    def planned(self) -> Planned | None:
        """The 予定 that was said last; None of a visit that came unplanned."""
        said = [each.planned for each in self.events if each.planned is not None]
        return said[-1] if said else None

    @property
    def held(self) -> Held | None:
        """実施, as it was said last; None before and after 中止."""
        return self.last.held

    @property
    def experts(self) -> frozenset[int]:
        """Numbers of those who come, or came."""
        who = (each.expert_id for each in (self.planned, self.held) if each is not None)
        return frozenset(number for number in who if number is not None)

    @property
    def when(self) -> PartialDate | None:
        """The day it was held, else the day or month it is planned for."""
        if self.held is not None:
            return PartialDate(self.held.day, Precision.DAY)
        return self.planned.when if self.planned else None


def visits_by_contract(visits: Iterable[Visit]) -> dict[int, list[Visit]]:
    """Visits by number of their contract, in the order given."""
    found: dict[int, list[Visit]] = defaultdict(list)
    for visit in visits:
        found[visit.contract_id].append(visit)
    return found
