"""plans.yaml: talent sharing (デジタル人材シェアリング) and its support plans (支援プラン)."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from core.reference.corrections import Corrected
from core.reference.facts import (
    AtLeastOne,
    Day,
    Fact,
    Number,
    Ordinal,
    RefusalError,
    SourceKey,
    Text,
    Texts,
    Year,
)
from core.values.figure import Status

SHORT_NAME_LENGTH = 12
"""Longest short name, characters: what a chart's axis holds."""


class TalentSharing(Fact):
    """デジタル人材シェアリング事業, in the document's own words but for ``outline``."""

    fiscal_year: Year  # the plans are offered in
    name: Text
    summary: Text
    outline: Text  # what it is, in a sentence without a year; the words are ours, from ``aim``
    aim: Text
    background: Text
    experts: Text
    frequency: Text
    cost: Text
    subsidy: Text
    payment: Text
    scheme: Text
    participants: Number  # 参加団体数 foreseen
    participants_as_of: Day
    participants_status: Status
    participants_text: Text
    participants_note: Text  # what may change it
    wishes_note: Text  # what the plans' numbers of wishes are, and what nobody has published
    source: SourceKey
    short_name_note: Text
    short_name_source: SourceKey


class SupportPlan(Corrected):
    """One 支援プラン."""

    number: Ordinal
    name: Text
    short_name: Annotated[Text, StringConstraints(max_length=SHORT_NAME_LENGTH)]
    supports: Annotated[Texts, AtLeastOne]
    wishes: Number  # 希望団体数
    wishes_as_of: Day
    wishes_status: Status
    source: SourceKey
    unit_price: Ordinal | None = None  # yen a visit where it is not that of every plan
    visits: Ordinal | None = None  # most visits a year where they are not those of every plan


def _in_order(plans: tuple[SupportPlan, ...]) -> tuple[SupportPlan, ...]:
    """A plan that ended leaves its number free: a number never means another plan."""
    for index, (earlier, plan) in enumerate(pairwise(plans), start=1):
        if plan.number <= earlier.number:
            again = plan.number in [before.number for before in plans[:index]]
            reason = "が重複しています" if again else "は番号の順に書いてください"
            raise RefusalError(f"プラン番号{plan.number}{reason}。", index, "number")
    return plans


class Plans(Fact):
    """The file."""

    programme: TalentSharing
    plans: Annotated[tuple[SupportPlan, ...], AtLeastOne, AfterValidator(_in_order)]
