"""procurements.yaml: joint procurements (共同調達), their lots, the scheme they share."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated

from pydantic import AfterValidator, PlainValidator, ValidationInfo, field_validator

from core.params import Basis
from core.procurement.recording import System
from core.reference.corrections import Corrected
from core.reference.facts import (
    AtLeastOne,
    Fact,
    Known,
    RefusalError,
    SourceKey,
    Text,
    Texts,
    Truth,
    Year,
    distinct,
)
from core.values.errors import InvalidInputError
from core.values.figure import Status
from core.values.label import Labelled
from core.values.money import parse_rate


def _share(read: object) -> Fraction:
    rate = parse_rate(str(read))
    if not 0 <= rate <= 1:
        raise ValueError(f"0から1までの率で書いてください: {read}")
    return rate


class Scheme(Corrected):
    """調達スキーム."""

    key: Text
    coordinator: Text  # とりまとめ主体
    procurer: Text  # 調達主体
    contractor: Text  # 契約主体
    operator: Text  # 運用主体
    method: Text  # 調達スキーム
    grounds: Text  # とりまとめ根拠
    selection_committee: Text  # 選定委員構成
    selection_method: Text  # 調達手法
    precedents: Texts
    note: Text
    source: SourceKey


class ProcurementLot(Fact):
    """区分 of a procurement."""

    key: Text
    label: Text
    description: str
    note: str


class Stage(Labelled):
    """One step on the way of a joint procurement."""

    CONSIDERED = "considered", "検討"
    SPECIFIED = "specified", "仕様書"
    TENDERED = "tendered", "公募"
    SELECTED = "selected", "選定委員会"
    CONTRACTED = "contracted", "契約"
    LIVE = "live", "運用"
    RENEWED = "renewed", "更新"


class Milestone(Fact):
    """When a step was taken or is foreseen."""

    stage: Stage
    on: Known
    status: Status


def _lower_case(key: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,23}", key):
        raise RefusalError(f"英字の見出しは、英小文字で始まる英数字2〜24文字です: {key}")
    return key


class Procurement(Corrected):
    """One 共同調達. How many take part stands in published_totals.csv alone."""

    key: Annotated[Text, AfterValidator(_lower_case)]
    label: Text  # as read
    short_label: Text  # as a column heading says it
    fiscal_year: Year  # it was procured in
    what: Text
    effects: Texts
    features: Texts
    free_edition: Truth  # whether there is a 無償版
    lots: Annotated[tuple[ProcurementLot, ...], AfterValidator(distinct("区分", "key"))]
    scheme: Scheme
    note: str
    source: SourceKey
    contract_term: str = ""
    schedule: tuple[Milestone, ...] = ()  # in the order of the steps
    documents: Texts = ()  # 資料, by title


def _as_printed(each: Procurement) -> tuple[str, ...]:
    """The label with the mistakes it was printed with."""
    return tuple(
        each.label.replace(found.read_as, found.printed)
        for found in each.corrections
        if found.read_as in each.label
    )


class ScaleMerit(Fact):
    """スケールメリット: about how much below the list price, and why not of one system."""

    text: Text
    rate: Annotated[Fraction, PlainValidator(_share)]
    basis: Basis
    source: SourceKey
    single_system_note: Text
    single_system_basis: Basis
    single_system_source: SourceKey


class Procurements(Fact):
    """All joint procurements, what they are for, and as of when that was said."""

    text: Text
    as_of_text: Text
    source: SourceKey
    scale_merit: ScaleMerit
    schemes: tuple[Scheme, ...]
    programmes: Annotated[
        tuple[Procurement, ...], AtLeastOne, AfterValidator(distinct("共同調達", "key"))
    ]

    @field_validator("programmes", mode="before")
    @classmethod
    def _with_their_schemes(cls, read: object, info: ValidationInfo) -> object:
        """Each names its scheme by key."""
        schemes = {scheme.key: scheme for scheme in info.data.get("schemes", ())}
        if not isinstance(read, tuple) or not schemes:
            return read
        found = list(read)
        for index, each in enumerate(read):
            if isinstance(each, dict) and "scheme" in each:
                if (key := str(each["scheme"])) not in schemes:
                    raise RefusalError(
                        f"調達スキーム「{key}」がschemesにありません。", index, "scheme"
                    )
                found[index] = each | {"scheme": schemes[key]}
        return tuple(found)

    @property
    def lots(self) -> dict[str, tuple[str, ...]]:
        """Programme key → keys of its lots."""
        return {each.key: tuple(lot.key for lot in each.lots) for each in self.programmes}

    def programme(self, key: str) -> Procurement:
        """The joint procurement of a key.

        Raises:
            InvalidInputError: There is none.
        """
        for each in self.programmes:
            if each.key == key:
                return each
        names = "、".join(each.key for each in self.programmes)
        raise InvalidInputError(
            {"programme": f"共同調達「{key[:40]}」はありません。{names}から選んでください。"}
        )

    @property
    def systems(self) -> dict[str, System]:
        """Programme key → what the ledger must know of it."""
        return {
            each.key: System(
                each.label,
                tuple(lot.key for lot in each.lots),
                free_edition=each.free_edition,
                also=(each.short_label, *_as_printed(each)),
                lot_labels=tuple(lot.label for lot in each.lots),
                began=each.fiscal_year.first_day,
            )
            for each in self.programmes
        }
