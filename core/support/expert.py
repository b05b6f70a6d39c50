"""人材プール: the experts a vendor sends, what they know, and the days they can give."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Annotated

from core.params import Parameter, in_force
from core.values.errors import ConflictError, InvalidInputError, NoValueInForceError
from core.values.fiscal import japan_day, outside_fiscal_years
from core.values.free_text import LINE, Text, read_form
from core.values.holidays import holidays_between
from core.values.label import Labelled

NAME = Text("氏名", 60, example="例: 山田 花子")
EXPERIENCE = Text("行政経験・実績", 1000, lines=True, optional=True)
VENDOR_NAME = Text("事業者名", LINE, example="契約書のとおり")
REASON = Text("理由", 1000, lines=True)
RETENTION = "contact.retention_days"
"""Parameter: days after the last day of an expert before name and experience are deleted; the one of
the contacts of municipalities, since both are who to reach at work."""
MOST_YEARS = 60
MOST_DAYS_LISTED = 120
WEEKDAYS = ("月", "火", "水", "木", "金")


class ExpertField(Labelled):
    """専門分野."""

    SERVICE_DESIGN = "service_design", "サービスデザイン・業務改革"
    DATA = "data", "データ利活用"
    STANDARDIZATION = "standardization", "標準化・共通化"
    ONLINE = "online", "行政手続のオンライン化"
    SECURITY = "security", "セキュリティ・個人情報"
    PLANNING = "planning", "DX計画・推進体制"
    AI_RPA = "ai_rpa", "AI・RPA"
    CLOUD = "cloud", "ネットワーク・クラウド"
    PROCUREMENT = "procurement", "調達・契約"
    TRAINING = "training", "人材育成"


class ExpertStep(Labelled):
    """専門人材の経過."""

    ADDED = "added", "追加"
    CHANGED = "changed", "変更"
    LEFT = "left", "離任"


STEPS_FROM: Mapping[ExpertStep, tuple[ExpertStep, ...]] = MappingProxyType(
    {
        ExpertStep.ADDED: (ExpertStep.CHANGED, ExpertStep.LEFT),
        ExpertStep.CHANGED: (ExpertStep.CHANGED, ExpertStep.LEFT),
        ExpertStep.LEFT: (),
    }
)


@dataclass(frozen=True)
class Offer:
    """What an expert can give (対応できる内容), from one step to the next; names nobody.

    Attributes:
        plans: 支援プラン served, ascending.
        per_month: 月に出られる日数; not looked at where days are listed.
        weekdays: 0 (Monday) to 4; empty: any working day.
        days: Listed days; empty: so many a month.
        begins: First day, inclusive.
        ends: Last day, inclusive; None while no end is known.
    """

    fields: tuple[ExpertField, ...]
    plans: tuple[int, ...]
    per_month: int
    weekdays: tuple[int, ...]
    days: tuple[date, ...]
    begins: date
    ends: date | None = None

    def serves(self, plan: int, day: date) -> bool:
        """Whether a visit of this plan on a day can be this expert's."""
        return plan in self.plans and self.begins <= day and (self.ends is None or day <= self.ends)

    def days_in(self, month: date) -> int:
        """Days that can be given in a month; a visit takes one (仮定)."""
        last = _next_month(month) - timedelta(days=1)
        first = max(month.replace(day=1), self.begins)
        last = last if self.ends is None else min(last, self.ends)
        if self.days:
            return sum(first <= day <= last for day in self.days)
        there = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        closed, usual = holidays_between(first, last), self.weekdays or range(len(WEEKDAYS))
        working = sum(day.weekday() in usual and day not in closed for day in there)
        return min(self.per_month, working)

    @property
    def said_days(self) -> str:
        """When they come, in words."""
        if self.days:
            return f"指定した{len(self.days)}日"
        week = "・".join(WEEKDAYS[each] for each in self.weekdays)
        return f"月{self.per_month}日まで" + (f"({week}曜)" if week else "")


@dataclass(frozen=True)
class ExpertEvent:
    """One step of an expert. Never edited, and names nobody."""

    event_id: int
    expert_id: int
    step: ExpertStep
    offer: Offer
    reason: str
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True)
class ExpertPerson:
    """Who an expert is: personal data, as it was said last.

    Attributes:
        years: 行政経験の年数; None is not said, which is not 0.
    """

    expert_id: int
    version: int
    name: Annotated[str, NAME]
    experience: Annotated[str, EXPERIENCE]
    years: int | None
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True)
class Expert:
    """An expert with everything that became of it.

    Attributes:
        events: Oldest first.
        person: None when name and experience were deleted.
    """

    expert_id: int
    vendor_id: int
    events: tuple[ExpertEvent, ...] = ()
    person: ExpertPerson | None = None

    @property
    def last(self) -> ExpertEvent:
        """What was said last."""
        return self.events[-1]

    @property
    def offer(self) -> Offer:
        """What is given now."""
        return self.last.offer

    @property
    def name(self) -> str:
        """As readers see it, also after the name was deleted."""
        return self.person.name if self.person else f"専門人材{self.expert_id}(氏名は削除済み)"

    @property
    def experience(self) -> str:
        """行政経験 in one line; empty where nothing was said."""
        if self.person is None:
            return ""
        years = "" if self.person.years is None else f"行政経験{self.person.years}年"
        return "。".join(part for part in (years, self.person.experience) if part)

    def here_on(self, day: date) -> bool:
        """Whether the expert belongs to the pool on a day."""
        return self.offer.begins <= day and (self.offer.ends is None or day <= self.offer.ends)


@dataclass(frozen=True)
class ExpertForm:
    """An expert as the secretariat types it."""

    vendor: Annotated[str, VENDOR_NAME]
    name: Annotated[str, NAME]
    experience: Annotated[str, EXPERIENCE]
    years: int | None
    offer: Offer


def read_expert(form: ExpertForm, known_plans: Collection[int]) -> ExpertForm:
    """The form as it is kept.

    Args:
        known_plans: Plans of any year.

    Raises:
        InvalidInputError: Every field that cannot be used.
    """
    problems: dict[str, str] = {}
    kept, offer = read_form(form, problems), form.offer
    if kept.years is not None and not 0 <= kept.years <= MOST_YEARS:
        problems["years"] = f"行政経験の年数は0から{MOST_YEARS}までで入力してください。"
    if not offer.fields:
        problems["fields"] = "専門分野を1つ以上選んでください。"
    if not offer.plans or not set(offer.plans) <= set(known_plans):
        problems["plans"] = "担当できるプランを1つ以上選んでください。"
    if not set(offer.weekdays) <= set(range(len(WEEKDAYS))):
        problems["weekdays"] = "曜日は月から金までで選んでください。"
    if not offer.days and not 1 <= offer.per_month <= 31:
        problems["per_month"] = "月に出られる日数は1から31までで入力してください。"
    problems |= _day_problems(offer)
    if problems:
        raise InvalidInputError(problems)
    offer = replace(
        offer,
        fields=tuple(each for each in ExpertField if each in offer.fields),
        plans=tuple(sorted(set(offer.plans))),
        per_month=0 if offer.days else offer.per_month,
        weekdays=() if offer.days else tuple(sorted(set(offer.weekdays))),
        days=tuple(sorted(set(offer.days))),
    )
    return replace(kept, offer=offer)


def _day_problems(offer: Offer) -> dict[str, str]:
    problems: dict[str, str] = {}
    if problem := outside_fiscal_years(offer.begins):
        problems["begins"] = problem
    if offer.ends is not None and offer.ends < offer.begins:
        problems["ends"] = "終わりの日は、始まりの日以後を選んでください。"
    if len(offer.days) > MOST_DAYS_LISTED:
        problems["days"] = f"日は{MOST_DAYS_LISTED}日まで指定できます。"
    outside = [day for day in offer.days if day < offer.begins or (offer.ends and day > offer.ends)]
    if outside:
        problems["days"] = f"{outside[0].isoformat()}は、始まりの日から終わりの日までの外です。"
    return problems


def check_expert_step(expert: Expert, step: ExpertStep) -> None:
    """Refuse what cannot follow.

    Raises:
        ConflictError: The expert has left.
    """
    if step not in STEPS_FROM[expert.last.step]:
        raise ConflictError(
            f"{expert.name}は{japan_day(expert.last.recorded_at)}に「{expert.last.step.label}」と"
            f"記録されているため「{step.label}」にはできません。戻る人は、もう一度追加してください。"
        )


def left(expert: Expert, last_day: date) -> Offer:
    """What an expert who leaves still gives.

    Raises:
        InvalidInputError: Field ``ends``.
        ConflictError: The expert has left already.
    """
    check_expert_step(expert, ExpertStep.LEFT)
    if last_day < expert.offer.begins:
        raise InvalidInputError({"ends": "離任の日は、始まりの日以後を選んでください。"})
    kept = tuple(day for day in expert.offer.days if day <= last_day)
    per_month = expert.offer.per_month
    if expert.offer.days and not kept:  # all the listed days lie behind: none is given any more
        per_month = 0
    return replace(expert.offer, days=kept, per_month=per_month, ends=last_day)


def persons_due(
    experts: Iterable[Expert], parameters: Iterable[Parameter], today: date
) -> list[Expert]:
    """Experts whose name and experience are to be deleted: gone for longer than the period.

    While no period holds, none is due.
    """
    try:
        days = in_force(parameters, RETENTION, today).value
    except NoValueInForceError:
        return []
    if not isinstance(days, int):
        return []
    before = today - timedelta(days=days)
    return [each for each in experts if each.person and (each.offer.ends or today) < before]


def _next_month(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)
