"""An estimate as plain text: in an address, in a database row, in a file name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.estimate.request import EstimateRequest, ExpenditureKind, PlanChoice
from core.params import RoundingScope
from core.values.errors import InvalidInputError
from core.values.money import Direction, parse_rate

_WORDS = {
    "fy": "年度",
    "plans": "プランと回数",
    "start": "開始月",
    "years": "継続年数",
    "kind": "節",
    "fee": "1回あたりの費用",
    "rate": "補助率",
    "unit": "端数処理の単位",
    "direction": "端数処理の方向",
    "scope": "端数処理の対象",
}
LINK_KEYS = frozenset(_WORDS)
"""Every address parameter an estimate may use."""


def to_link(request: EstimateRequest) -> dict[str, str]:
    """The request as address parameters; what equals the default is left out.

    Examples:
        >>> to_link(EstimateRequest(2023, (PlanChoice(6, 12), PlanChoice(4, 11))))
        {'fy': '2023', 'plans': '6:12,4:11'}
    """
    default = EstimateRequest(request.fiscal_year)
    plans = ",".join(f"{choice.plan}:{choice.visits}" for choice in request.choices)
    values = {
        "start": (request.start_month, default.start_month),
        "years": (request.years, default.years),
        "kind": (request.kind, default.kind),
        "fee": (request.unit_price, None),
        "rate": (request.rate, None),
        "unit": (request.rounding_unit, None),
        "direction": (request.rounding_direction, None),
        "scope": (request.rounding_scope, None),
    }
    link = {"fy": str(int(request.fiscal_year))}
    if plans:
        link["plans"] = plans
    link.update({key: str(value) for key, (value, usual) in values.items() if value != usual})
    return link


def from_link(link: Mapping[str, str], default_year: int) -> EstimateRequest:
    """Read what :func:`to_link` wrote; unknown keys are ignored.

    Args:
        link: Address parameters.
        default_year: Fiscal year when none is named.

    Raises:
        InvalidInputError: What cannot be read, one problem a key, all at once. Whether the
            values can be computed is for the estimate to say.

    Examples:
        >>> from_link({"plans": "6:12", "rate": "1/3"}, 2024).rate
        Fraction(1, 3)
    """
    problems: dict[str, str] = {}

    def read(key: str, reader: Callable[[str], object], default: object) -> object:
        if key not in link:
            return default
        try:
            return reader(link[key].strip())
        except ValueError:
            shown = link[key][:40]
            problems[key] = f"リンクの「{_WORDS[key]}」を読めません: {shown}"
            return default

    values = {
        "fiscal_year": read("fy", int, default_year),
        "choices": read("plans", _choices, ()),
        "start_month": read("start", int, 4),
        "years": read("years", int, 1),
        "kind": read("kind", ExpenditureKind, ExpenditureKind.COMMISSION),
        "unit_price": read("fee", int, None),
        "rate": read("rate", parse_rate, None),
        "rounding_unit": read("unit", int, None),
        "rounding_direction": read("direction", Direction, None),
        "rounding_scope": read("scope", RoundingScope, None),
    }
    if problems:
        raise InvalidInputError(problems)
    return EstimateRequest(**values)  # type: ignore[arg-type]


def _choices(text: str) -> tuple[PlanChoice, ...]:
    """Read ``6:12,4:11``."""
    pairs = (part.partition(":") for part in text.split(",") if part)
    return tuple(PlanChoice(int(plan), int(visits)) for plan, _, visits in pairs)
