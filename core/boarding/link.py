"""A comparison as plain text in an address; the keys stand beside those of the rest of the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date

from core.boarding.request import BoardingRequest, BudgetSection, MeritScope, Present
from core.values.errors import InvalidInputError
from core.values.money import parse_rate

_KEYS = {
    "start": ("late_start", "利用開始月"),
    "initial": ("late_initial", "標準価格の初期費用"),
    "monthly": ("late_monthly", "標準価格の月額"),
    "months": ("late_months", "契約月数"),
    "joining_fee": ("late_fee", "後乗りの追加費用"),
    "merit": ("late_merit", "スケールメリット"),
    "merit_scope": ("late_scope", "スケールメリットの対象"),
    "present": ("late_present", "現在の状況"),
    "initial_section": ("late_initial_section", "初期費用の節"),
    "monthly_section": ("late_monthly_section", "月額の節"),
}
LINK_KEYS = frozenset(key for key, _ in _KEYS.values())
"""Every address parameter a comparison may use."""


def to_link(request: BoardingRequest) -> dict[str, str]:
    """The request as address parameters; what equals the default is left out.

    Examples:
        >>> to_link(BoardingRequest(date(2027, 4, 1), monthly=98_700))
        {'late_start': '2027-04', 'late_monthly': '98700'}
    """
    usual = BoardingRequest(request.start)
    link = {"late_start": f"{request.start:%Y-%m}"}
    for field in fields(request):
        value = getattr(request, field.name)
        if field.name != "start" and value != getattr(usual, field.name):
            link[_KEYS[field.name][0]] = str(value)
    return link


def from_link(link: Mapping[str, str], default_start: date) -> BoardingRequest:
    """Read what :func:`to_link` wrote; other keys are ignored.

    Args:
        link: Address parameters.
        default_start: Start month when none is named.

    Raises:
        InvalidInputError: What cannot be read, one problem a field, all at once. Whether the
            values can be computed is for the comparison to say.
    """
    readers: dict[str, Callable[[str], object]] = {
        "start": _month,
        "initial": int,
        "monthly": int,
        "months": int,
        "joining_fee": int,
        "merit": parse_rate,
        "merit_scope": MeritScope,
        "present": Present,
        "initial_section": BudgetSection,
        "monthly_section": BudgetSection,
    }
    values: dict[str, object] = {"start": default_start}
    problems = {}
    for name, reader in readers.items():
        key, label = _KEYS[name]
        if key not in link:
            continue
        try:
            values[name] = reader(link[key].strip())
        except ValueError:
            problems[name] = f"リンクの「{label}」を読めません: {link[key][:40]}"
    if problems:
        raise InvalidInputError(problems)
    return BoardingRequest(**values)  # type: ignore[arg-type]


def _month(text: str) -> date:
    year, _, month = text.partition("-")
    return date(int(year), int(month), 1)
