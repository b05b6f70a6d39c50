"""What joint procurements (共同調達) are: systems, lots, the scheme they share."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from core.params import Basis
from core.procurement.recording import System
from core.reference.corrections import Correction
from core.values.errors import InvalidInputError
from core.values.fiscal import FiscalYear


@dataclass(frozen=True)
class Scheme:
    """調達スキーム.

    Attributes:
        key: What procurements refer to it by.
        coordinator: とりまとめ主体.
        procurer: 調達主体.
        contractor: 契約主体.
        operator: 運用主体.
        method: 調達スキーム.
        grounds: とりまとめ根拠.
        selection_committee: 選定委員構成.
        selection_method: 調達手法.
        precedents: 前例.
        note: Where it is printed.
        corrections: Where the reading differs from the print.
        source: Key in data/sources.yaml.
    """

    key: str
    coordinator: str
    procurer: str
    contractor: str
    operator: str
    method: str
    grounds: str
    selection_committee: str
    selection_method: str
    precedents: tuple[str, ...]
    note: str
    corrections: tuple[Correction, ...]
    source: str


@dataclass(frozen=True)
class ProcurementLot:
    """区分 of a procurement.

    Attributes:
        key: A, B.
        label: 名称.
        description: What it does.
        note: What a reader must know beside it.
    """

    key: str
    label: str
    description: str
    note: str


@dataclass(frozen=True)
class Procurement:
    """One 共同調達. How many take part stands in ``published_totals`` alone.

    Attributes:
        key: Programme key: chat, eapply, docs, econtract, talent.
        label: 名称, as read.
        short_label: As a column heading says it.
        fiscal_year: 年度 it was procured in.
        what: What it is.
        effects: 効果.
        features: 特徴.
        free_edition: Whether there is a 無償版.
        lots: 区分; empty when undivided.
        scheme: 調達スキーム.
        note: What a reader must know beside it.
        corrections: Where the reading differs from the print.
        source: Key in data/sources.yaml.
    """

    key: str
    label: str
    short_label: str
    fiscal_year: FiscalYear
    what: str
    effects: tuple[str, ...]
    features: tuple[str, ...]
    free_edition: bool
    lots: tuple[ProcurementLot, ...]
    scheme: Scheme
    note: str
    corrections: tuple[Correction, ...]
    source: str


@dataclass(frozen=True)
class ScaleMerit:
    """スケールメリット: how much below the list price.

    Attributes:
        text: As printed (標準価格から3割程度).
        rate: About that share of the list price.
        basis: 根拠区分 of the printed figure.
        source: Key in data/sources.yaml.
        single_system_note: Why one system's saving is not known.
        single_system_basis: 根拠区分 when applied to one system.
        single_system_source: Key in data/sources.yaml.
    """

    text: str
    rate: Fraction
    basis: Basis
    source: str
    single_system_note: str
    single_system_basis: Basis
    single_system_source: str


@dataclass(frozen=True)
class Procurements:
    """All joint procurements.

    Attributes:
        text: What they are for and what has been done.
        as_of_text: 基準日 of that text, as printed.
        source: Key in data/sources.yaml.
        scale_merit: スケールメリット.
        schemes: 調達スキーム.
        programmes: In file order.
    """

    text: str
    as_of_text: str
    source: str
    scale_merit: ScaleMerit
    schemes: tuple[Scheme, ...]
    programmes: tuple[Procurement, ...]

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
        known = "、".join(each.key for each in self.programmes)
        raise InvalidInputError(
            {"programme": f"共同調達「{key[:40]}」はありません。{known}から選んでください。"}
        )

    @property
    def systems(self) -> dict[str, System]:
        """Programme key → what the ledger must know of it."""
        return {
            each.key: System(
                each.label, tuple(lot.key for lot in each.lots), free_edition=each.free_edition
            )
            for each in self.programmes
        }
