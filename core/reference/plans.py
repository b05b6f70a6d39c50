"""plans.yaml: talent sharing (デジタル人材シェアリング) and its support plans (支援プラン)."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Self

from pydantic import AfterValidator, StringConstraints, ValidationInfo, model_validator

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
    known,
    together,
)
from core.values.figure import Status
from core.values.offer import OfferedPart

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
    subsidy: Text | None = None  # what is said of the prefecture's, where there is one
    payment: Text
    scheme: Text
    participants: Number | None = None  # 参加団体数 foreseen; as its facts absent while unpublished
    participants_as_of: Day | None = None
    participants_status: Status | None = None
    participants_text: Text | None = None
    participants_note: Text | None = None  # what may change it
    wishes_note: Text | None = None  # what the plans' wishes are, and what nobody has published
    source: SourceKey
    short_name_note: Text
    short_name_source: SourceKey

    @model_validator(mode="after")
    def _participants_with_their_day(self) -> Self:
        facts = ("as_of", "status", "text", "note")
        return together(self, "participants", *(f"participants_{fact}" for fact in facts))

    @model_validator(mode="after")
    def _subsidy_as_named(self, info: ValidationInfo) -> Self:
        offers = known(info, "offers")
        if offers is not None and (self.subsidy is not None) != (OfferedPart.SUBSIDY in offers):
            if self.subsidy is None:
                reason = (
                    "names.yamlに補助金の呼び名(subsidy)があるため、補助の説明も書いてください。"
                )
            else:
                reason = (
                    "補助の説明を書くときは、names.yamlに補助金の呼び名(subsidy)も書いてください。"
                )
            raise RefusalError(
                f"{reason}補助金がなければ、names.yaml・parameters.yaml・plans.yamlのどれにも書きません。",
                *(() if self.subsidy is None else ("subsidy",)),
            )
        return self


class SupportPlan(Corrected):
    """One 支援プラン."""

    number: Ordinal
    name: Text
    short_name: Annotated[Text, StringConstraints(max_length=SHORT_NAME_LENGTH)]
    supports: Annotated[Texts, AtLeastOne]
    wishes: Number | None = None  # 希望団体数; as its facts absent while unpublished
    wishes_as_of: Day | None = None
    wishes_status: Status | None = None
    source: SourceKey
    unit_price: Ordinal | None = None  # yen a visit where it is not that of every plan
    visits: Ordinal | None = None  # most visits a year where they are not those of every plan

    @property
    def wished(self) -> str:
        """希望 4団体."""
        return "希望 未公表" if self.wishes is None else f"希望 {self.wishes}団体"

    @property
    def label(self) -> str:
        """プラン2 標準化."""
        return f"プラン{self.number} {self.short_name}"

    @model_validator(mode="after")
    def _wishes_with_their_day(self) -> Self:
        return together(self, "wishes", "wishes_as_of", "wishes_status")


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
