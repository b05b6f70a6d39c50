"""What a cell to fill in is called: by the texts to its left and above it, merged ones too."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import takewhile

from core.imports.form.place import Area, Place
from core.imports.form.sheet import RawSheet
from core.inquiry.form.field import one_line

YEN_UNITS = ("円", "千円", "万円", "百万円", "億円")
UNITS = frozenset(YEN_UNITS) | frozenset(
    [
        "人",
        "名",
        "件",
        "回",
        "台",
        "個",
        "本",
        "枚",
        "校",
        "か所",
        "ヶ所",
        "カ所",
        "ヵ所",
        "箇所",
        "戸",
        "世帯",
        "団体",
        "市町村",
        "時間",
        "分",
        "秒",
        "日",
        "月",
        "か月",
        "ヶ月",
        "カ月",
        "年",
        "歳",
        "％",
        "%",
        "㎡",
        "km",
        "km2",
        "㎢",
        "ha",
        "kg",
        "t",
        "倍",
        "点",
        "冊",
        "室",
        "床",
        "棟",
        "施設",
        "社",
        "課",
        "部",
        "班",
        "ページ",
        "頁",
        "字",
        "回線",
        "人日",
        "人月",
        "GB",
        "TB",
        "MB",
        "Mbps",
        "種類",
        "機",
        "基",
        "頭",
        "杯",
        "便",
        "通",
        "口",
        "組",
        "分の",
        "割",
        "kWh",
        "L",
    ]
)
"""Words behind a number that say what it counts."""
_FARTHEST = 60
"""Cells that are walked to find a label."""
_EMPTY_WORDS = frozenset(
    ["記入欄", "回答欄", "回答", "記入", "入力欄", "入力", "値", "欄", "：", ":"]
)
_BRACKETED = re.compile(r"[(（\[〔【](?:単位[:：・]?\s*)?([^)）\]〕】]{1,6})[)）\]〕】]")


class Labels:
    """The neighbours of a sheet's fields.

    Args:
        fields: First cell of each.
    """

    def __init__(self, sheet: RawSheet, fields: Collection[Place]) -> None:
        self._sheet, self._fields = sheet, fields
        self._over: dict[Place, list[Area]] = {}
        self._tops: dict[Place, int] = {}
        self._whole_unit = next(filter(None, map(_sheet_unit, self._texts())), "")

    def of(self, where: Area) -> str:
        """Left of it and above it, the outermost first; its own address where there is nothing."""
        left = self._left(where)
        above = self._above(where, left[0].left if left else None)
        if any(not self._counts(each) for each in left):
            left = [each for each in left if not self._counts(each)]
        told = [one_line(self._sheet.text(a.first))[:40] for a in (*left, *above)]
        words = list(dict.fromkeys(word for word in told if word not in _EMPTY_WORDS))
        return " ".join(words)[:120] or where.ref.partition(":")[0]

    def beside(self, where: Area) -> bool:
        """Whether its row says what it is; a text above may be the title of the sheet."""
        return bool(self._left(where))

    def right_of(self, where: Area) -> str:
        """The text that stands right beside it; empty for none."""
        beside = self._sheet.area((where.top, where.right + 1))
        return one_line(self._sheet.text(beside.first)) if self._is_label(beside) else ""

    def directly_above(self, where: Area) -> tuple[Area, str] | None:
        """The text that stands right above it."""
        if where.top == 1:
            return None
        over = self._sheet.area((where.top - 1, where.left))
        return (over, one_line(self._sheet.text(over.first))) if self._is_label(over) else None

    def unit(self, where: Area, label: str) -> str:
        """What a number there counts, as the form says it; empty where it does not."""
        beside = self.right_of(where).strip("()（）[]")
        if beside in UNITS:
            return beside
        named = [found for found in _BRACKETED.findall(label) if found in UNITS]
        return named[-1] if named else ""

    @property
    def whole_unit(self) -> str:
        """What amounts of the whole sheet are in (単位:千円); empty where it does not say."""
        return self._whole_unit

    def _texts(self) -> Iterator[str]:
        return (cell.text for _, cell in self._sheet.written() if cell.kind == "s")

    def _counts(self, where: Area) -> bool:
        """Whether a label only numbers its row."""
        return self._sheet.text(where.first).strip(" 　.()（）").isdecimal()

    def _is_field(self, where: Area) -> bool:
        return where.first in self._fields

    def _is_label(self, where: Area) -> bool:
        cell = self._sheet.cells.get(where.first)
        if cell is None or cell.empty or cell.formula is not None or self._is_field(where):
            return False
        return cell.kind == "s" or len(cell.text) <= 4

    def _left(self, where: Area) -> list[Area]:
        """Labels of its row, from the outermost; those before another field belong to that one."""
        found: list[Area] = []
        seen: Area | None = None
        for column in range(where.left - 1, max(-1, where.left - 1 - _FARTHEST), -1):
            each = self._sheet.area((where.top, column))
            if each == seen:
                continue
            seen = each
            if self._is_field(each) or self._computes(each):
                if found:
                    break
            elif self._is_label(each) and not self._is_unit_of_another(each):
                found.append(each)
        return found[:3][::-1]

    def _is_unit_of_another(self, where: Area) -> bool:
        text = one_line(self._sheet.text(where.first)).strip("()（）")
        if text not in UNITS or where.left == 0:
            return False
        before = self._sheet.area((where.top, where.left - 1))
        return self._is_field(before) or self._computes(before)

    def _computes(self, where: Area) -> bool:
        cell = self._sheet.cells.get(where.first)
        return cell is not None and cell.formula is not None

    def _above(self, where: Area, left: int | None) -> list[Area]:
        """Headings over its column, from the outermost; none that stands over its row's label."""
        headings = self._headings(where)
        if left is None:
            return headings[::-1]
        beside = takewhile(lambda each: each.left > left, headings)
        near = headings and headings[0].bottom >= self._run_top(where) - 1
        return [*beside][::-1] if near else []

    def _run_top(self, where: Area) -> int:
        return self._tops.get(where.first, where.top)

    def _headings(self, where: Area) -> list[Area]:
        """Headings over a column, the nearest first, past fields and at most two empty cells."""
        found: list[Area] = []
        blanks, top = 0, where.top
        for row in range(where.top - 1, 0, -1):
            each = self._sheet.area((row, where.left))
            if found and each == found[-1]:
                continue
            if self._is_label(each):
                found.append(each)
                if len(found) == 3:
                    break
            elif found or blanks == 2:
                break
            elif self._is_field(each) or self._computes(each):
                if blanks:
                    break
                if each.first in self._over:  # the cell above has looked already
                    found = self._over[each.first]
                    top = self._tops[each.first]
                    break
                top = each.top
            else:
                blanks += 1
        self._over[where.first], self._tops[where.first] = found, top
        return found


def _sheet_unit(text: str) -> str:
    found = re.search(r"単位\s*[:：は]?\s*([^\s)）\]〕】]{1,4})", text)
    return found[1] if found and found[1] in YEN_UNITS else ""


def narrow_runs(places: list[Area], width: float, sheet: RawSheet) -> Iterator[list[Area]]:
    """Runs of three or more cells side by side in a row, none wider than ``width``."""
    run: list[Area] = []
    for each in sorted(places):
        if sum(sheet.width(c) for c in range(each.left, each.right + 1)) > width:
            continue
        last = run[-1] if run else None
        beside = last is not None and (each.top, each.bottom, each.left) == (
            last.top,
            last.bottom,
            last.right + 1,
        )
        if not beside:
            if len(run) >= 3:
                yield run
            run = []
        run.append(each)
    if len(run) >= 3:
        yield run
