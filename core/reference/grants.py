"""grants.yaml: what a prefecture grants its municipalities money for (補助事業)."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from core.params import RoundingScope
from core.reference.facts import (
    Day,
    Fact,
    Number,
    Ordinal,
    RefusalError,
    SourceKey,
    Text,
    Texts,
    Truth,
    distinct,
    together,
)
from core.values.money import Direction, parse_rate

TALENT = "talent"
"""Key of the programme whose terms and budget are parameters (制度値)."""


def _rate(text: str) -> str:
    try:
        rate = parse_rate(text)
    except ValueError as error:
        raise RefusalError(str(error)) from None
    if not 0 <= rate <= 1:
        raise RefusalError(f"補助率は0から1までで書いてください: {text}")
    return text


class Grant(Fact):
    """One 補助事業 of a 年度; what is absent is unknown, which is neither 0 nor none."""

    key: Annotated[Text, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    name: Text
    rate: Annotated[Text, AfterValidator(_rate)] | None = None  # 1/2
    rounding_unit: Ordinal | None = None  # yen
    rounding_direction: Direction | None = None
    rounding_scope: RoundingScope | None = None  # absent: the total
    cap: Number | None = None  # yen, for one municipality and application
    budget: Number | None = None  # yen, of the year
    joint: Truth = False  # 複数の市町村の共同申請
    advance: Truth = False  # 概算払
    assumed: Truth = False  # 仮
    criteria: Texts = ()
    deadline_application: Day | None = None
    deadline_report: Day | None = None
    deadline_claim: Day | None = None
    note: Text | None = None
    source: SourceKey

    @model_validator(mode="after")
    def _terms_together(self) -> Self:
        kept = ("rate", "rounding_unit", "rounding_direction", "rounding_scope", "cap", "budget")
        for name in kept if self.key == TALENT else ():
            if getattr(self, name) is not None:
                reason = "人材シェアリングの補助率・端数処理・上限額・予算は「管理」の制度値で登録します。ここには書かないでください。"
                raise RefusalError(reason, name)
        for name in ("rounding_scope", "cap"):
            if self.rate is None and getattr(self, name) is not None:
                raise RefusalError(f"{name}と一緒にrateも書いてください。", name)
        return together(self, "rate", "rounding_unit", "rounding_direction")

    @property
    def exact_rate(self) -> Fraction | None:
        """補助率; None when it is not published."""
        return None if self.rate is None else parse_rate(self.rate)


class Grants(Fact):
    """The file."""

    grants: Annotated[tuple[Grant, ...], AfterValidator(distinct("補助事業", "key"))]
