"""Texts that are completed inside a cell: 「令和　年　月　日」, 「□有　□無」."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from datetime import date

from core.values.fiscal import era_date

EMPTY_BOXES = "□☐▢"
LONGEST_TEMPLATE = 300
"""Most characters of a text that is completed by a date."""
TICKED_BOXES = "■☑☒▣◼✅✓✔レ●◉"
_BLANK = r"[\s　_＿・…]*"
_DATE = re.compile(rf"(令和|平成|西暦)?{_BLANK}年{_BLANK}月(?:{_BLANK}日)?(?:[(（]{_BLANK}[)）])?")
_WRITTEN_DATE = re.compile(
    r"(?:令和|平成|西暦|[RrHh])?\s*(?:元|\d{1,4})\s*[年./-]\s*\d{1,2}\s*[月./-](?:\s*\d{1,2}\s*日?)?"
    r"(?:\s*\([日月火水木金土]?\))?"
)
_BOX = re.compile(f"[{EMPTY_BOXES}{TICKED_BOXES}]")


def has_date_gap(text: str) -> bool:
    """Whether a text waits for a date to be written into it.

    Examples:
        >>> has_date_gap("提出日　令和　　年　　月　　日"), has_date_gap("令和7年4月1日")
        (True, False)
    """
    return _DATE.search(text) is not None


def around_date(text: str) -> tuple[str, str] | None:
    """What stands before and behind the gap; None where there is none."""
    found = _DATE.search(text)
    return None if found is None else (text[: found.start()], text[found.end() :])


def asks_for_day(template: str) -> bool:
    """Whether the gap is for a day, not only for a month."""
    found = _DATE.search(template)
    return found is None or "日" in found[0]


def with_date(template: str, value: str) -> str:
    """The text completed.

    Args:
        value: ``2025-04-01``, or ``2025-04``.

    Examples:
        >>> with_date("提出日 令和　年　月　日", "2025-04-01"), with_date("令和　年　月", "2025-04")
        ('提出日 令和7年4月1日', '令和7年4月')
    """
    day = date.fromisoformat(value if len(value) == 10 else f"{value}-01")
    shown = era_date(day)
    if len(value) == 7 or not asks_for_day(template):
        shown = shown[: shown.index("月") + 1]
    found = _DATE.search(template)
    if found is None:
        return shown
    if found[1] == "西暦" or (found[1] is None and template[: found.start()].endswith("西暦")):
        shown = f"{day.year}年{day.month}月" + (f"{day.day}日" if asks_for_day(template) else "")
        shown = (found[1] or "") + shown
    return template[: found.start()] + shown + template[found.end() :]


def completed_date(template: str, text: str) -> tuple[str, bool]:
    """The date that was written into a text, as written; empty for none.

    Returns:
        The date, and whether it and all around it is as the form has it.
    """
    plain = unicodedata.normalize("NFKC", text)
    found = _WRITTEN_DATE.search(plain)
    if found is None:
        return "", False
    before, behind = around_date(unicodedata.normalize("NFKC", template)) or ("", "")
    same = (
        "年" in found[0]
        and _squeezed(plain[: found.start()]) == _squeezed(before)
        and _squeezed(plain[found.end() :]) == _squeezed(behind)
    )
    return found[0], same


def _squeezed(text: str) -> str:
    return re.sub(r"[\s　]+", "", unicodedata.normalize("NFKC", text))


def same_words(one: str, other: str) -> bool:
    """Whether two texts differ in nothing but blanks and width.

    Examples:
        >>> same_words("令和　年　月　日", "令和 年 月 日")
        True
    """
    return _squeezed(one) == _squeezed(other)


# ── boxes ─────────────────────────────────────────────────────────────────────────────────────


def box_options(text: str) -> tuple[str, ...]:
    """What stands behind each box of a text; empty for a box alone.

    Examples:
        >>> box_options("□有　□無"), box_options("□"), box_options("有・無")
        (('有', '無'), ('',), ())
    """
    return tuple(option for _, option in _boxes(text))


def box_states(text: str) -> tuple[tuple[bool, str], ...]:
    """Whether each box is ticked, and what stands behind it.

    Examples:
        >>> box_states("■有　□無")
        ((True, '有'), (False, '無'))
    """
    return tuple((box in TICKED_BOXES, option) for box, option in _boxes(text))


def _boxes(text: str) -> list[tuple[str, str]]:
    pieces = _BOX.split(text)
    boxes = _BOX.findall(text)
    return [(box, _option(piece)) for box, piece in zip(boxes, pieces[1:], strict=True)]


def _option(piece: str) -> str:
    return re.sub(r"[\s　]+", " ", piece).strip(" 、,・/／")


def has_boxes(text: str) -> bool:
    """Whether a text has boxes to be ticked: empty ones, not marks that head a paragraph.

    Examples:
        >>> has_boxes("□有　□無"), has_boxes("■ 基本情報")
        (True, False)
    """
    return any(box in text for box in EMPTY_BOXES)


def same_option(option: str, written: str) -> bool:
    """Whether what stands behind a box is an option; between its brackets something may be written.

    Examples:
        >>> same_option("その他（ ）", "その他（電子申請）"), same_option("有", "無")
        (True, False)
    """
    return same_words(option, written) or (
        bool(_GAP.search(option)) and same_words(_ungapped(option), _ungapped(written))
    )


def words_in_gap(option: str, written: str) -> str:
    """What was written between an option's brackets; empty for nothing.

    Examples:
        >>> words_in_gap("その他（ ）", "その他（電子申請）"), words_in_gap("有(常時)", "有(常時)")
        ('電子申請', '')
    """
    found = _BRACKETS.search(written) if _GAP.search(option) else None
    return found[2].strip(" 　") if found else ""


_GAP = re.compile(r"([(（])[\s　・_＿]*([)）])")
_BRACKETS = re.compile(r"([(（])([^()（）]*)([)）])")


def _ungapped(text: str) -> str:
    return _BRACKETS.sub("", text)


def around_boxes(text: str) -> str:
    """What stands before the first box.

    Examples:
        >>> around_boxes("方法：□郵送")
        '方法：'
    """
    return _BOX.split(text)[0]


def with_ticks(template: str, ticked: Collection[str], options: Collection[str] = ()) -> str:
    """The text with the boxes of some options ticked and the others empty.

    Args:
        ticked: Options, with what was written between their brackets.
        options: What its boxes stand for where the text does not say so itself.

    Examples:
        >>> with_ticks("□有　□無", {"無"}), with_ticks("□", {"要望する"}, ("要望する",))
        ('□有　■無', '■')
        >>> with_ticks("□郵送　□その他（　）", {"その他（電子）"})
        '□郵送　■その他（電子）'
    """
    before, *pieces = _BOX.split(template)
    named = options or box_options(template)
    told = [before]
    for box, piece, option in zip(_BOX.findall(template), pieces, named, strict=False):
        chosen = next((each for each in ticked if same_option(option, each)), None)
        if chosen is None:
            told.append(_emptied(box) + piece)
            continue
        words = words_in_gap(option, chosen)
        told.append(
            "■" + (_GAP.sub(rf"\g<1>{_literal(words)}\g<2>", piece, count=1) if words else piece)
        )
    return "".join(told)


def _literal(text: str) -> str:
    """A text as a replacement of a pattern."""
    return text.replace("\\", "\\\\")


def _emptied(box: str) -> str:
    return box if box in EMPTY_BOXES else EMPTY_BOXES[0]
