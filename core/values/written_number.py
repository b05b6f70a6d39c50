"""Numbers and times of day as people write them (書かれた数), and what was understood.

万, 千, full width, separators, kanji, 24:00. Nothing is guessed: what cannot be read whole is refused
with the reason, so that no part of it is taken for the whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from unicodedata import normalize

from core.values.fiscal import JAPAN
from core.values.free_text import cleaned, visible

_SAME = ("〇零", "一壱壹", "二弐貳", "三参參", "四肆", "五伍", "六陸", "七漆", "八捌", "九玖")
_DIGITS = {each: str(digit) for digit, written in enumerate(_SAME) for each in written}
_SMALL = {"十": 10, "拾": 10, "百": 100, "陌": 100, "千": 1000, "阡": 1000}
_GREAT = {"万": 10**4, "萬": 10**4, "億": 10**8, "兆": 10**12}
_NUMBER = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.\d+)?")
_MINUS = re.compile(r"^(?:[-−‐–—△▲]|マイナス)\s*")
_LONGEST = 60


@dataclass(frozen=True)
class Measure:
    """What a number counts.

    Attributes:
        label: As a refusal calls it.
        unit: Stands after it on the screen.
        written: Other units people write after it.
        example: Two ways to write one.
    """

    label: str
    unit: str
    written: tuple[str, ...] = ()
    example: str = "12、1,200"

    def told(self, number: int) -> str:
        """The number as a reader writes it.

        Examples:
            >>> YEN.told(1_200_000)
            '1,200,000円'
        """
        return f"{number:,}{self.unit}"


YEN = Measure("金額", "円", ("円也", "円整", "YEN", "JPY"), "1,200,000、120万")


def counted(unit: str, label: str = "数") -> Measure:
    """Whole things of a unit: 回, 人, 団体."""
    others = {"人": ("名",), "団体": ("市町村",), "回": ("回/年",), "件": ("つ",)}
    return Measure(label, unit, others.get(unit, ()))


COUNT = counted("")
"""Anything without a unit."""


def read_number(
    text: str, measure: Measure = YEN, *, least: int | None = 0, most: int | None = None
) -> int:
    """A whole number as people write it.

    Args:
        least: Smallest that is taken, itself too; None for any.
        most: Largest that is taken, itself too; None for any.

    Raises:
        ValueError: Why it is not taken, in one Japanese sentence.

    Examples:
        >>> read_number("120万"), read_number("３百万円"), read_number("1億2,000万")
        (1200000, 3000000, 120000000)
        >>> read_number("1e9")
        Traceback (most recent call last):
        ValueError: 「1e9」は金額として読めません。1,200,000、120万のように書いてください。
        >>> read_number("5.7")
        Traceback (most recent call last):
        ValueError: 「5.7」は1円に満たない端数があります。円の整数で書いてください。
    """
    shown, found = _understood(text, measure)
    if found.denominator != 1:
        unit = measure.unit
        why = f"1{unit}に満たない端数があります。" if unit else "整数ではありません。"
        raise ValueError(f"「{shown}」は{why}{f'{unit}の' if unit else ''}整数で書いてください。")
    _refuse_outside(found, shown, measure, least, most)
    return int(found)


def read_decimal(
    text: str,
    measure: Measure,
    *,
    decimals: int,
    least: int | None = None,
    most: int | None = None,
) -> Decimal:
    """A number with digits behind the point, as people write it; exact, without idle zeros.

    Args:
        decimals: So many digits behind the point at most.
        least: Smallest that is taken, itself too; None for any.
        most: Largest that is taken, itself too; None for any.

    Raises:
        ValueError: Why it is not taken, in one Japanese sentence.

    Examples:
        >>> read_decimal("１２．５０人", counted("人"), decimals=2), read_decimal("1.2万", COUNT, decimals=1)
        (Decimal('12.5'), Decimal('12000'))
        >>> read_decimal("0.125", COUNT, decimals=2)
        Traceback (most recent call last):
        ValueError: 「0.125」は使えません。小数点以下は2桁までにしてください。
    """
    shown, found = _understood(text, replace(measure, example="12.5、1,200"))
    scaled = found * 10**decimals
    if scaled.denominator != 1:
        raise ValueError(f"「{shown}」は使えません。小数点以下は{decimals}桁までにしてください。")
    _refuse_outside(found, shown, measure, least, most)
    digits = str(abs(int(scaled))).rjust(decimals + 1, "0")
    whole, below = digits[: len(digits) - decimals], digits[len(digits) - decimals :].rstrip("0")
    sign = "-" if found < 0 else ""
    return Decimal(f"{sign}{whole}.{below}" if below else f"{sign}{whole}")


def _understood(text: str, measure: Measure) -> tuple[str, Fraction]:
    """What a text shows, and the number it is."""
    shown = visible(text).strip()[:_LONGEST]
    found = _read(_plain(text, measure))
    if found is None:
        raise ValueError(
            f"「{shown}」は{measure.label}として読めません。{measure.example}のように書いてください。"
        )
    return shown, found


def _refuse_outside(
    found: Fraction, shown: str, measure: Measure, least: int | None, most: int | None
) -> None:
    if (least is not None and found < least) or (most is not None and found > most):
        raise ValueError(
            f"「{shown}」は使えません。{_bounds(measure, least, most)}書いてください。"
        )


def _bounds(measure: Measure, least: int | None, most: int | None) -> str:
    if least is None:
        return f"{measure.told(most or 0)}までの数を"
    if most is None:
        return f"{measure.told(least)}以上の数を"
    return f"{measure.told(least)}から{measure.told(most)}までの数を"


def _plain(text: str, measure: Measure) -> str:
    """Without what stands around the number: width, the sign of yen, the unit."""
    plain = normalize("NFKC", cleaned(text)).replace("、", ",").strip().strip("'")
    sign = _MINUS.match(plain)
    plain = plain[sign.end() :] if sign else plain
    if measure is YEN:
        plain = re.sub(r"^(?:¥|\\|金)\s*", "", plain)
        sign, plain = (sign, plain) if sign else _after_sign(plain)
    for unit in sorted((measure.unit, *measure.written), key=len, reverse=True):
        if unit and plain.upper().endswith(unit):
            plain = plain[: -len(unit)].rstrip()
            break
    return f"-{plain}" if sign else plain


def _after_sign(plain: str) -> tuple[re.Match[str] | None, str]:
    sign = _MINUS.match(plain)
    return sign, plain[sign.end() :] if sign else plain


def _read(plain: str) -> Fraction | None:
    """The number a text is, wholly; None for anything else."""
    negative, plain = plain.startswith("-"), plain.removeprefix("-")
    if not plain or len(plain) > _LONGEST:
        return None
    digits = "".join(_DIGITS.get(each, each) for each in plain)
    total, below = Fraction(0), 10**16
    for part, unit in re.findall(r"([^万萬億兆]*)([万萬億兆]|$)", digits):
        if not part and not unit:
            continue
        value, scale = _read_small(part.strip()), _GREAT.get(unit, 1)
        if value is None or scale >= below or (total and value >= 10**4):
            return None
        if total and value.denominator != 1:
            return None
        total, below = total + value * scale, scale
    return -total if negative else total


def _read_small(part: str) -> Fraction | None:
    """What stands before 万 or at the end: 1,200, 3百, 2千5百, 十二."""
    total, place, below = Fraction(0), 0, 10**4
    if not part:
        return None
    while place < len(part):
        found = _NUMBER.match(part, place)
        place = found.end() if found else place
        factor = _SMALL.get(part[place : place + 1])
        if found is None and factor is None:
            return None
        value = Fraction(re.sub("[, ]", "", found[0])) if found else Fraction(1)
        if (factor or 1) >= below or (total and (value >= 10 if factor else value >= below)):
            return None
        if total and value.denominator != 1:
            return None
        total, below = total + value * (factor or 1), factor or 1
        place += 1 if factor else 0
    return total


@dataclass(frozen=True, order=True)
class Clock:
    """A time of a day, to the minute; 24:00 is its end (終日の締め).

    Attributes:
        hour: 0 to 24.
        minute: 0 to 59, 0 at 24 o'clock.
    """

    hour: int
    minute: int = 0

    def __post_init__(self) -> None:
        if not (0 <= self.minute <= 59 and (0, 0) <= (self.hour, self.minute) <= (24, 0)):
            raise ValueError("a day goes from 0:00 to 24:00")

    @classmethod
    def of(cls, moment: time | datetime) -> Clock:
        """As a clock shows a moment."""
        return cls(moment.hour, moment.minute)

    def on(self, day: date) -> datetime:
        """This time of a day in Japan; 24:00 is the day after at 0:00.

        Examples:
            >>> Clock(24).on(date(2026, 3, 31)).isoformat()
            '2026-04-01T00:00:00+09:00'
        """
        begin = datetime.combine(day, time(), JAPAN)
        return begin + timedelta(hours=self.hour, minutes=self.minute)

    @property
    def time(self) -> time:
        """As the standard library knows it.

        Raises:
            ValueError: It is 24:00, which that library does not know.
        """
        return time(self.hour, self.minute)

    def __str__(self) -> str:
        return f"{self.hour}:{self.minute:02}"


_KANJI_NUMBER = re.compile(f"[{''.join(_DIGITS)}十]+")
_COLON = re.compile(r"(\d{1,2})\s*:\s*(\d{2})")
_KANJI = re.compile(r"(\d{1,2})\s*時\s*(?:(\d{1,2})\s*分|(半))?")
_BARE = re.compile(r"(\d{1,2})(\d{2})")
_HALF = re.compile(r"^(午前|午後|AM|PM)\s*|\s*(AM|PM)$", re.IGNORECASE)


def read_clock(text: str) -> Clock:
    """A time of day as people write it.

    Raises:
        ValueError: Why it is not taken, in one Japanese sentence.

    Examples:
        >>> [str(read_clock(each)) for each in ("24:00", "１７時半", "午後3:30", "0930", "正午")]
        ['24:00', '17:30', '15:30', '9:30', '12:00']
        >>> read_clock("25:30")
        Traceback (most recent call last):
        ValueError: 「25:30」は使えません。0:00から24:00までの時刻を書いてください(翌日の1:30なら、日付を翌日にします)。
    """
    shown = visible(text).strip()[:_LONGEST]
    plain = normalize("NFKC", cleaned(text)).strip()
    if plain in ("正午", "零時", "深夜0時"):
        return Clock(12) if plain == "正午" else Clock(0)
    half = _HALF.search(plain)
    bare = _KANJI_NUMBER.sub(_in_digits, _HALF.sub("", plain, count=1) if half else plain)
    found = next((m for p in (_COLON, _KANJI, _BARE) if (m := p.fullmatch(bare))), None)
    if found is None:
        raise ValueError(
            f"「{shown}」は時刻として読めません。9:00、17時30分、24:00のように書いてください。"
        )
    hour = int(found[1])
    minute = 30 if found.re is _KANJI and found[3] else int(found[2] or 0)
    if half:
        hour = _of_half(hour, (half[1] or half[2]).upper(), shown)
    if minute > 59 or hour > 47:
        raise ValueError(f"「{shown}」は使えません。0:00から24:00までの時刻を書いてください。")
    if (hour, minute) > (24, 0):
        raise ValueError(
            f"「{shown}」は使えません。0:00から24:00までの時刻を書いてください"
            f"(翌日の{hour - 24}:{minute:02}なら、日付を翌日にします)。"
        )
    return Clock(hour, minute)


def _in_digits(found: re.Match[str]) -> str:
    number = _read(found[0])
    return found[0] if number is None else str(number)


def _of_half(hour: int, half: str, shown: str) -> int:
    if hour == 12:
        raise ValueError(
            f"「{shown}」は正午とも夜中の0時とも読めます。12:00か0:00か24:00で書いてください。"
        )
    if hour > 12:
        raise ValueError(
            f"「{shown}」は使えません。午前・午後をつけるときは0時から11時までにしてください。"
        )
    return hour + 12 if half in ("午後", "PM") else hour
