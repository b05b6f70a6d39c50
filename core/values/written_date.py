"""Dates as people and systems write them, with the precision they are written in.

``core.values.fiscal.parse_date`` knows how a date is spelt; here is what stands around it: blanks,
weekday, midnight, an era in one character, digits without separators. What can mean two things is
refused with the two of them.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from functools import lru_cache

from core.values.fiscal import JAPAN, PartialDate, Precision, parse_date
from core.values.free_text import unadorned

_LATER = "以降"
_WEEKDAYS = "月火水木金土日"
_WEEKDAY = re.compile(
    rf"\s*(?:\(([{_WEEKDAYS}])(?:曜日?)?\)|\[([{_WEEKDAYS}])\]|([{_WEEKDAYS}])曜日?"
    rf"|(?<=[\d日])\s+([{_WEEKDAYS}])(?!\d)|\((mon|tue|wed|thu|fri|sat|sun)\w*\.?\))",
    re.IGNORECASE,
)
_ENGLISH = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = re.compile(
    r"(?<=[\d日)])(?:\s*T\s*|\s+)(\d{1,2})(?::(\d{2})(?::(\d{2})(?:[.,]\d+)?)?|時(?:(\d{1,2})分)?)"
    r"\s*(Z|[+-]\d{2}:?\d{2}|JST)?$",
    re.IGNORECASE,
)
_HYPHENS = str.maketrans("‐‑‒–—―−ーｰ・･、。,,", "---------......")
_ONE_CHARACTER = (
    (re.compile("^令(?!和)"), "令和"),
    (re.compile("^平(?!成)"), "平成"),
    (re.compile("^([RrHh])\\.(?=\\d|元)"), r"\1"),
)
_KANJI = "〇一二三四五六七八九"
_KANJI_NUMBER = re.compile("[〇零一二三四五六七八九十]+(?=年|月|日)")
_TWICE = re.compile(r"(.+?)\((.+)\)")
_EXAMPLES = "(例: 2023-06-01、令和5年6月1日、令和5年6月、2023年度)"


@lru_cache(maxsize=4096)
def read_date(text: str) -> PartialDate:
    """Read a date as it is written anywhere.

    Raises:
        ValueError: Not a date, or one of several; the message is Japanese.

    Examples:
        >>> read_date("令和 5年 6月 1日(木)").first
        datetime.date(2023, 6, 1)
        >>> read_date("令5.7以降").label, read_date("20230601").label
        ('令和5年7月以降', '令和5年6月1日')
        >>> read_date("令和5年6月1日(金)")
        Traceback (most recent call last):
        ValueError: 2023年6月1日は木曜日です。日付か曜日が違います: 令和5年6月1日(金)
    """
    plain = unicodedata.normalize("NFKC", unadorned(text)).strip().strip("'")
    plain, moment = _without_time(plain, text)
    plain, weekday = _without_weekday(plain)
    if moment is None:
        plain, moment = _without_time(plain, text)
    plain = re.sub(r"\s", "", plain).translate(_HYPHENS)
    for pattern, instead in _ONE_CHARACTER:
        plain = pattern.sub(instead, plain)
    plain = _KANJI_NUMBER.sub(_digits, plain)
    plain = re.sub(r"(?<=\d日)(?:付け?|現在)$|(?<=[\d日月])(?:から|より)$", "", plain)
    if re.fullmatch(r".+\..+\..+\.", plain):
        plain = plain[:-1]
    found = _read(plain, text)
    if moment is not None:
        found = _at_midnight(found, moment, text)
    if weekday is not None:
        _check_weekday(found, weekday, text)
    return found


def _read(plain: str, text: str) -> PartialDate:
    if plain.endswith(_LATER):
        found = parse_date(plain.removesuffix(_LATER), later=True)
        if found.precision is not Precision.MONTH_OR_LATER:
            raise ValueError(f"「以降」は月まで書いた日付にだけ付けられます: {text[:40]}")
        return found
    if (digits := _without_separators(plain, text)) is not None:
        return digits
    if twice := _TWICE.fullmatch(plain):
        first, second = _read(twice[1], text), _read(twice[2], text)
        if first != second:
            raise ValueError(
                f"2つの書き方が別の日付を指しています({first.label}と{second.label}): {text[:40]}"
            )
        return first
    try:
        return parse_date(plain)
    except ValueError as error:
        why = str(error)
        if why.startswith("日付として読めません"):
            why = f"日付として読めません: {text[:40]}{_EXAMPLES}"
        raise ValueError(_why(plain, text) or why) from None


def _why(plain: str, text: str) -> str:
    """Why something that looks like a date is none that can be relied on."""
    shown = text[:40]
    if re.fullmatch(r"(?:\d{4}|(?:令和|平成|R|H)(?:元|\d{1,2}))年", plain, re.IGNORECASE):
        return f"年だけでは年度か暦年か決まりません。「{plain}度」か、月まで書いてください: {shown}"
    if re.fullmatch(r"\d{1,2}[-/.月]\d{1,2}日?", plain):
        return f"年がないため読めません。年から書いてください: {shown}"
    if re.fullmatch(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{1,4}", plain):
        return f"どの数が年・月・日か決まりません。年は西暦4桁か元号で書いてください: {shown}"
    if re.fullmatch(r"\d{1,2}年\d{1,2}月(?:\d{1,2}日)?", plain):
        return f"元号がないため読めません。令和か西暦4桁で書いてください: {shown}"
    if re.fullmatch(r"\d+(?:[.-]\d+)?", plain):
        return f"日付として読めない数です: {shown}{_EXAMPLES}"
    return ""


def _without_separators(plain: str, text: str) -> PartialDate | None:
    """20230601, 202306, R050601; None for anything else."""
    if era := re.fullmatch(r"([RrHh]|令和|平成)(\d{2})(\d{2})(\d{2})", plain):
        return parse_date(f"{era[1]}{int(era[2])}.{era[3]}.{era[4]}")
    plain = re.sub(r"(?<=\d)\.0+$", "", plain) if re.fullmatch(r"\d{4,8}\.0+", plain) else plain
    if re.fullmatch(r"(?:19|20)\d{6}", plain):
        return parse_date(f"{plain[:4]}-{plain[4:6]}-{plain[6:]}")
    if re.fullmatch(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])", plain):
        if int(plain[2:4]) in range(1, 13) and 1 <= int(plain[4:]) <= 31:
            raise ValueError(
                f"{plain[:4]}年{int(plain[4:])}月か{int(plain[:2])}年{int(plain[2:4])}月"
                f"{int(plain[4:])}日か決まりません。区切りを入れてください: {text[:40]}"
            )
        return parse_date(f"{plain[:4]}-{plain[4:]}")
    if re.fullmatch(r"\d{4}", plain):
        return parse_date(plain)
    return None


def _digits(found: re.Match[str]) -> str:
    """Kanji numerals up to 99, or digit by digit."""
    kanji = found[0].replace("零", "〇")
    if "十" not in kanji:
        return "".join(str(_KANJI.index(each)) for each in kanji)
    tens, _, ones = kanji.partition("十")
    if "十" in ones or len(tens) > 1 or len(ones) > 1:
        return kanji
    return str((_KANJI.index(tens) if tens else 1) * 10 + (_KANJI.index(ones) if ones else 0))


def _without_time(plain: str, text: str) -> tuple[str, tuple[int, str] | None]:
    """What stands before a time of day, and the time in minutes with its zone."""
    found = _TIME.search(plain)
    if found is None:
        return plain, None
    hour, minute = int(found[1]), int(found[2] or found[4] or 0)
    if hour > 24 or minute > 59:
        raise ValueError(f"時刻として読めません: {text[:40]}")
    second = bool(int(found[3] or 0))
    return plain[: found.start()], (hour * 60 + minute + second, (found[5] or "").upper())


def _at_midnight(found: PartialDate, moment: tuple[int, str], text: str) -> PartialDate:
    """A day whose time is midnight, here or where it was written."""
    minutes, zone = moment
    if found.precision is not Precision.DAY:
        raise ValueError(f"時刻があるのに日がありません: {text[:40]}")
    if minutes == 0:
        return found
    if zone not in ("", "JST") and minutes < 24 * 60:
        offset = "+00:00" if zone == "Z" else zone
        written = f"{found.first.isoformat()}T{minutes // 60:02}:{minutes % 60:02}:00{offset}"
        here = datetime.fromisoformat(written).astimezone(JAPAN)
        if (here.hour, here.minute) == (0, 0):
            return PartialDate(here.date(), Precision.DAY)
    raise ValueError(f"日付に時刻が付いています。日付だけにしてください: {text[:40]}")


def _without_weekday(plain: str) -> tuple[str, int | None]:
    """What is left without the weekday at the end or before a time, and its number from Monday."""
    found = _WEEKDAY.search(plain)
    if found is None:
        return plain, None
    said = next(group for group in found.groups() if group)
    rest = plain[: found.start()] + " " + plain[found.end() :].lstrip()
    number = _ENGLISH.index(said.lower()) if said.isascii() else _WEEKDAYS.index(said)
    return rest.strip(), number


def _check_weekday(found: PartialDate, weekday: int, text: str) -> None:
    day: date = found.first
    if found.precision is not Precision.DAY:
        raise ValueError(f"曜日があるのに日がありません: {text[:40]}")
    if day.weekday() != weekday:
        raise ValueError(
            f"{day.year}年{day.month}月{day.day}日は{_WEEKDAYS[day.weekday()]}曜日です。"
            f"日付か曜日が違います: {text[:40]}"
        )
