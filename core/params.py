"""Dated parameters (制度値): each with unit, start date, basis and source, or it does not load."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from core.values.errors import NoValueInForceError
from core.values.label import Labelled
from core.values.money import Direction, parse_rate


class Basis(Labelled):
    """What a value rests on (根拠区分)."""

    OFFICIAL = "official", "公表"
    UNDER_CONSIDERATION = "under_consideration", "公表(検討中)"
    ASSUMPTION = "assumption", "仮定(要確認)"
    UNKNOWN = "unknown", "未公表"


class Kind(StrEnum):
    """How a parameter's text is read."""

    YEN = "yen"
    COUNT = "count"
    RATE = "rate"
    DIRECTION = "direction"
    SCOPE = "scope"


class RoundingScope(Labelled):
    """What a subsidy is rounded on (端数処理の単位)."""

    TOTAL = "total", "申請の合計額"
    PLAN = "plan", "プランごと"


Value = int | Fraction | Direction | RoundingScope | None


@dataclass(frozen=True)
class Definition:
    """What a parameter is.

    Attributes:
        name: Key, ``programme.parameter``.
        label: 日本語名.
        unit: 単位.
        kind: How its text is read.
        minimum: Smallest number allowed; None for words.
        maximum: Largest number allowed; None for no bound.
        description: What it means and what it does.
        optional: May be unknown (空欄), which is not zero.
    """

    name: str
    label: str
    unit: str
    kind: Kind
    description: str
    minimum: int | None = None
    maximum: int | None = None
    optional: bool = False


DEFINITIONS: Mapping[str, Definition] = MappingProxyType(
    {
        definition.name: definition
        for definition in (
            Definition(
                "talent.unit_price",
                "支援1回あたりの費用",
                "円/回",
                Kind.YEN,
                "専門人材による支援1回の費用。税の扱いは公表されていない。",
                minimum=0,
                maximum=100_000_000,
            ),
            Definition(
                "talent.visits_per_year",
                "年間の支援回数(上限)",
                "回/年",
                Kind.COUNT,
                "1プランで1年度に受けられる支援の回数。",
                minimum=1,
                maximum=366,
            ),
            Definition(
                "talent.subsidy_rate",
                "府補助率",
                "率",
                Kind.RATE,
                "対象経費に対する大阪府補助金の割合。",
                minimum=0,
                maximum=1,
            ),
            Definition(
                "talent.rounding_unit",
                "補助金の端数処理の単位",
                "円",
                Kind.YEN,
                "この額未満の端数を処理する(1,000 = 千円未満)。",
                minimum=1,
                maximum=1_000_000,
            ),
            Definition(
                "talent.rounding_direction",
                "補助金の端数処理の方向",
                "",
                Kind.DIRECTION,
                "切捨て(down)、切上げ(up)、四捨五入(half_up)。",
            ),
            Definition(
                "talent.rounding_scope",
                "補助金の端数処理の対象",
                "",
                Kind.SCOPE,
                "申請の合計額(total)に行うか、プランごと(plan)に行うか。",
            ),
            Definition(
                "talent.subsidy_cap",
                "1団体あたりの補助上限額",
                "円/年度",
                Kind.YEN,
                "1団体が1年度に受けられる補助金の上限。空欄は未公表で、上限なしとして計算する。",
                minimum=0,
                optional=True,
            ),
            Definition(
                "talent.programme_budget",
                "府補助金の予算総額",
                "円/年度",
                Kind.YEN,
                "デジタル人材シェアリング事業の補助に府が確保した予算。空欄は未公表。",
                minimum=0,
                optional=True,
            ),
            Definition(
                "advisor.contact_retention_days",
                "相談の担当者の個人情報を残す日数",
                "日",
                Kind.COUNT,
                "終わった相談の最後の記録からこの日数を過ぎた担当者の情報を削除の対象にする。",
                minimum=1,
                maximum=3660,
            ),
            Definition(
                "advisor.sessions_per_year",
                "アドバイザーの相談会(年間)",
                "回/年度",
                Kind.COUNT,
                "1年度に府全体で行う相談会の回数。市町村ごとの回数ではない。空欄は未公表。",
                minimum=0,
                maximum=366,
                optional=True,
            ),
            Definition(
                "training.retention_days",
                "研修の申込者の個人情報を残す日数",
                "日",
                Kind.COUNT,
                "日程の日からこの日数を過ぎた申込者の氏名・所属・メールアドレスを削除する。",
                minimum=1,
                maximum=3660,
            ),
        )
    }
)
"""Every parameter there is, what estimates rest on first; a name outside this table is refused."""


@dataclass(frozen=True)
class Parameter:
    """One dated value.

    Attributes:
        name: Key in :data:`DEFINITIONS`.
        value: Whole yen or count, an exact rate, a named choice; None is unknown.
        valid_from: First day it holds, inclusive; it holds until a later one begins.
        basis: 根拠区分.
        source: Key in data/sources.yaml, or the secretariat's own words.
        note: What a reader must know beside it.
        recorded_at: When it was recorded; later beats earlier for the same first day. None for
            values that came with data/.
    """

    name: str
    value: Value
    valid_from: date
    basis: Basis
    source: str
    note: str = ""
    recorded_at: datetime | None = None


def parse_value(definition: Definition, text: str) -> Value:
    """Read a value as the administration page or data/ writes it.

    Args:
        definition: What is being read.
        text: ``100000``, ``1/2``, ``down``, ``total``; empty is unknown where that is allowed.

    Raises:
        ValueError: Not such a value; the message is Japanese and names the bounds.

    Examples:
        >>> parse_value(DEFINITIONS["talent.subsidy_rate"], "1/2")
        Fraction(1, 2)
    """
    plain = text.strip().replace(",", "")
    shown = text.strip()[:_SHOWN]
    if not plain:
        if definition.optional:
            return None
        raise ValueError(f"「{definition.label}」は空欄にできません。")
    try:
        if len(plain) > _LONGEST:
            raise ValueError(plain)
        value: Value = _READERS[definition.kind](plain)
    except ValueError:
        raise ValueError(
            f"「{definition.label}」を読めません: {shown}(例: {_EXAMPLES[definition.kind]})"
        ) from None
    _check_bounds(definition, value)
    return value


_LONGEST, _SHOWN = 60, 40
_READERS: Mapping[Kind, Callable[[str], Value]] = MappingProxyType(
    {
        Kind.YEN: int,
        Kind.COUNT: int,
        Kind.RATE: parse_rate,
        Kind.DIRECTION: Direction,
        Kind.SCOPE: RoundingScope,
    }
)
_EXAMPLES = MappingProxyType(
    {
        Kind.YEN: "100000",
        Kind.COUNT: "12",
        Kind.RATE: "1/2",
        Kind.DIRECTION: "down",
        Kind.SCOPE: "total",
    }
)


def _check_bounds(definition: Definition, value: object) -> None:
    if not isinstance(value, int | Fraction):
        return
    low, high = definition.minimum, definition.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        upper = f"{high:,}以下" if high is not None else "上限なし"
        raise ValueError(f"「{definition.label}」は{low:,}以上{upper}で指定してください: {value}")


def value_text(value: Value) -> str:
    """The text :func:`parse_value` reads back; empty for unknown.

    Examples:
        >>> value_text(Fraction(1, 2)), value_text(100_000), value_text(None)
        ('1/2', '100000', '')
    """
    return "" if value is None else str(value)


def in_force(parameters: Iterable[Parameter], name: str, as_of: date) -> Parameter:
    """The value of a parameter that holds on a day.

    The latest start date on or before ``as_of`` wins; among equal starts the one recorded last,
    and of those recorded at the same moment the one that comes last.

    Args:
        parameters: In the order they were recorded.

    Raises:
        NoValueInForceError: None had begun by then.
    """
    candidates = [p for p in parameters if p.name == name and p.valid_from <= as_of]
    if not candidates:
        raise NoValueInForceError(DEFINITIONS[name].label if name in DEFINITIONS else name, as_of)
    return max(reversed(candidates), key=_precedence)  # of equals, max keeps the first it meets


def _precedence(parameter: Parameter) -> tuple[date, datetime]:
    return parameter.valid_from, parameter.recorded_at or _SHIPPED


_SHIPPED = datetime.min.replace(tzinfo=UTC)
