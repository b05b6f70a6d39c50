"""data/plans.yaml: talent sharing (デジタル人材シェアリング) and its support plans (支援プラン)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.reference.corrections import Correction, read_corrections
from core.reference.entry import Entry
from core.reference.sources import Folder
from core.values.figure import Status

NAME = "plans.yaml"
SHORT_NAME_LENGTH = 12
"""Longest short name, characters: what a chart's axis holds."""

_PROGRAMME = (
    "name summary aim background experts frequency cost subsidy payment scheme participants "
    "participants_as_of participants_status participants_text participants_note wishes_note source"
)
_PLAN = "number name short_name supports corrections wishes wishes_as_of wishes_status source"


@dataclass(frozen=True)
class TalentSharing:
    """デジタル人材シェアリング事業, in the document's own words.

    Attributes:
        name: 事業名.
        summary: 事業概要.
        aim: What it adds to the advisors.
        background: 実施背景.
        experts: Who the experts are.
        frequency: 支援頻度.
        cost: 費用.
        subsidy: What is said of the subsidy.
        payment: How fee and subsidy are paid.
        scheme: Under which scheme it is procured.
        participants: 参加団体数 foreseen.
        participants_as_of: 基準日 of that number.
        participants_status: Actual or planned.
        participants_text: The number in the document's words.
        participants_note: What may change it (the assembly's vote).
        wishes_note: What the plans' numbers of wishes are, and what nobody has published.
        source: Key in data/sources.yaml.
        short_name_note: What the plans' short names are.
        short_name_source: Key in data/sources.yaml.
    """

    name: str
    summary: str
    aim: str
    background: str
    experts: str
    frequency: str
    cost: str
    subsidy: str
    payment: str
    scheme: str
    participants: int
    participants_as_of: date
    participants_status: Status
    participants_text: str
    participants_note: str
    wishes_note: str
    source: str
    short_name_note: str
    short_name_source: str


@dataclass(frozen=True)
class SupportPlan:
    """One 支援プラン.

    Attributes:
        number: 1 to 7 as printed.
        name: 支援メニュー名.
        short_name: For charts; our own, at most 12 characters.
        supports: 支援内容, one item each, as read.
        corrections: Where the reading differs from the print.
        wishes: 希望団体数.
        wishes_as_of: 基準日 of ``wishes``.
        wishes_status: Planned: the assemblies had not voted.
        source: Key in data/sources.yaml.
    """

    number: int
    name: str
    short_name: str
    supports: tuple[str, ...]
    corrections: tuple[Correction, ...]
    wishes: int
    wishes_as_of: date
    wishes_status: Status
    source: str


def read_plans(folder: Folder) -> tuple[TalentSharing, tuple[SupportPlan, ...]]:
    """The programme and its plans by number.

    Raises:
        ReferenceDataError: A plan number twice or out of order, no support, a long short name.
    """
    entry = folder.entry(NAME, "programme short_names plans")
    short_names = entry.entry("short_names", "note source")
    plans: list[SupportPlan] = []
    for below in entry.entries("plans", _PLAN):
        plan = _plan(below)
        if plan.number in [earlier.number for earlier in plans]:
            raise below.refusal(f"プラン番号{plan.number}が重複しています。", "number")
        if plan.number != len(plans) + 1:
            raise below.refusal(f"プラン番号は{len(plans) + 1}のはずです: {plan.number}", "number")
        plans.append(plan)
    if not plans:
        raise entry.refusal("支援プランが一つもありません。", "plans")
    return _programme(entry.entry("programme", _PROGRAMME), short_names), tuple(plans)


def _programme(entry: Entry, short_names: Entry) -> TalentSharing:
    return TalentSharing(
        name=entry.text("name"),
        summary=entry.text("summary"),
        aim=entry.text("aim"),
        background=entry.text("background"),
        experts=entry.text("experts"),
        frequency=entry.text("frequency"),
        cost=entry.text("cost"),
        subsidy=entry.text("subsidy"),
        payment=entry.text("payment"),
        scheme=entry.text("scheme"),
        participants=entry.whole("participants"),
        participants_as_of=entry.day("participants_as_of"),
        participants_status=entry.choice("participants_status", Status),
        participants_text=entry.text("participants_text"),
        participants_note=entry.text("participants_note"),
        wishes_note=entry.text("wishes_note"),
        source=entry.text("source"),
        short_name_note=short_names.text("note"),
        short_name_source=short_names.text("source"),
    )


def _plan(entry: Entry) -> SupportPlan:
    plan = SupportPlan(
        number=entry.whole("number", 1),
        name=entry.text("name"),
        short_name=entry.text("short_name"),
        supports=entry.texts("supports"),
        corrections=read_corrections(entry),
        wishes=entry.whole("wishes"),
        wishes_as_of=entry.day("wishes_as_of"),
        wishes_status=entry.choice("wishes_status", Status),
        source=entry.text("source"),
    )
    if not plan.supports:
        raise entry.refusal("支援内容(supports)が一つもありません。", "supports")
    if len(plan.short_name) > SHORT_NAME_LENGTH:
        raise entry.refusal(
            f"「short_name」は{SHORT_NAME_LENGTH}文字までです: {plan.short_name}", "short_name"
        )
    return plan
