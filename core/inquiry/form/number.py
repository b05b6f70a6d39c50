"""Numbers as they come in cells that should hold one.

Not the rule of fields (core/values/written_number): a cell has a unit of its own and another cell's
shape, so that 120万 or 千円 in it is named and refused, where a field takes it for 1,200,000.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

_NUMBER = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_SIGN = re.compile(r"^(?:[-−‐–—△▲]|マイナス)\s*")
_MULTIPLES = ("百万", "千", "万", "億", "兆", "百")
_SAME_UNIT = {"名": "人", "ヶ所": "か所", "カ所": "か所", "ヵ所": "か所", "箇所": "か所",
              "ヶ月": "か月", "カ月": "か月", "頁": "ページ", "％": "%"}  # fmt: skip


def canonical(number: str) -> str:
    """A number as it is kept: no separators, no zeros that say nothing.

    Examples:
        >>> canonical("0012.50"), canonical("-0"), canonical("1200")
        ('12.5', '0', '1200')
    """
    found = Decimal(number)
    if found == 0:
        return "0"
    plain = f"{found:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else str(int(found))


def split_number(text: str) -> tuple[str, str] | None:
    """Number and unit of a text that is nothing else; None where that is not certain.

    Examples:
        >>> split_number("１，２３４"), split_number("12 人"), split_number("△5"), split_number("1,23")
        (('1234', ''), ('12', '人'), ('-5', ''), None)
        >>> split_number("約100"), split_number("10〜20")
        (None, None)
    """
    plain = unicodedata.normalize("NFKC", text).replace("、", ",").strip().strip("'").strip()
    sign = _SIGN.match(plain)
    plain = plain[sign.end() :] if sign else plain
    plain = re.sub(r"^[¥\\]\s*", "", plain)
    found = _NUMBER.match(plain)
    if found is None:
        return None
    rest = plain[found.end() :].strip()
    if re.search(r"[\d,.+*/=~〜～()-]", rest) or len(rest) > 6:
        return None
    return canonical(f"{'-' if sign else ''}{found[0].replace(',', '')}"), rest


def same_unit(typed: str, wanted: str) -> bool:
    """Whether a unit that was typed is that of the field.

    Examples:
        >>> same_unit("名", "人"), same_unit("円", "千円")
        (True, False)
    """
    return _SAME_UNIT.get(typed, typed) == _SAME_UNIT.get(wanted, wanted)


def is_multiple(unit: str) -> bool:
    """Whether a unit makes another number of it: 千円, 万.

    Examples:
        >>> is_multiple("千円"), is_multiple("人")
        (True, False)
    """
    return unit.startswith(_MULTIPLES)
