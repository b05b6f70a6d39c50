"""What of a workbook is to be filled in, and what of it must stay."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

from core.values.label import Labelled


class FieldKind(Labelled):
    """記入欄の種類: what a cell may hold."""

    TEXT = "text", "文字"
    NUMBER = "number", "数"
    YEN = "yen", "金額"
    DATE = "date", "日付"
    CHOICE = "choice", "選択"
    ERA_DATE = "era_date", "日付(「令和　年　月　日」に書き足す)"
    CHECKBOX = "checkbox", "チェック(□を■にする)"
    DIGITS = "digits", "1マスに1字"


class FoundBy(Labelled):
    """記入欄の見つけ方."""

    UNLOCKED = "unlocked", "保護されたシートで、ロックのないセル"
    NAMES = "names", "名前を付けたセル"
    MARKS = "marks", "事務局が選んだセル"
    NOTHING = "nothing", "見つかりません"


@dataclass(frozen=True)
class FormField:
    """One thing to fill in (記入欄).

    Attributes:
        key: Of the sheet's number and the first cell: ``s1_C4``; stays the same for the same form.
        sheet: Name of its sheet in the form.
        cells: Addresses, of merged cells the first of each; several for 1マスに1字 and for boxes
            that stand in cells of their own.
        label: As its neighbours name it: 「職員数 正規」.
        options: What a list offers, or what stands beside each box.
        template: The text that is completed: 「令和　年　月　日」, 「□有　□無」; for boxes in cells of
            their own one line a cell.
        unit: Of a number, as the form says it: 千円, 人; empty where it does not.
        percent: Whether the form shows it as a share of a hundred.
        initial: What stands in the cell of the empty form; empty for nothing.
        adds_up: Whether a sum over municipalities means something.
        shows_day: Whether its cell shows a number as a day.
    """

    key: str
    sheet: str
    cells: tuple[str, ...]
    label: str
    kind: FieldKind = FieldKind.TEXT
    options: tuple[str, ...] = ()
    required: bool = False
    template: str = ""
    unit: str = ""
    percent: bool = False
    initial: str = ""
    adds_up: bool = False
    shows_day: bool = False

    @property
    def address(self) -> str:
        """Its place as a reader of the sheet finds it."""
        return self.cells[0] if len(self.cells) == 1 else f"{self.cells[0]}〜{self.cells[-1]}"

    @property
    def heading(self) -> str:
        """Label with its unit, where the label does not say it in brackets itself.

        Examples:
            >>> FormField("s1_B4", "様式", ("B4",), "人口", FieldKind.NUMBER, unit="人").heading
            '人口(人)'
            >>> FormField("s1_B4", "様式", ("B4",), "人数（人）", FieldKind.NUMBER, unit="人").heading
            '人数（人）'
        """
        said = self.label.replace("（", "(").replace("）", ")")
        return (
            f"{self.label}({self.unit})"
            if self.unit and f"({self.unit})" not in said
            else self.label
        )

    @property
    def is_number(self) -> bool:
        """Whether what it holds can be added up: also figures in cells that count something."""
        counted = self.kind is FieldKind.DIGITS and bool(self.unit)
        return counted or self.kind in (FieldKind.NUMBER, FieldKind.YEN)


@dataclass(frozen=True)
class FormSheet:
    """What of a sheet must stay.

    Attributes:
        shown: Whether it can be seen.
        protected: Whether it is protected.
        fixed: Texts by address that are not filled in.
        formulas: Formulas by address, without ``=``; empty where a neighbour's is shared.
        merged: Ranges, as ``B4:F4``.
        part: Where it is in the file.
    """

    name: str
    shown: bool
    protected: bool
    fixed: Mapping[str, str]
    formulas: Mapping[str, str]
    merged: tuple[str, ...]
    part: str = ""


@dataclass(frozen=True)
class FormLayout:
    """A form: what is filled in, and the fingerprint of what stays.

    Attributes:
        fields: In the order of sheets, rows and columns.
        notes: What could not be told of it for certain, in sentences.
        from_1904: Whether its days are counted from 1904, as a Mac's once were.
    """

    sheets: tuple[FormSheet, ...]
    fields: tuple[FormField, ...]
    found_by: FoundBy
    notes: tuple[str, ...] = ()
    from_1904: bool = False

    @cached_property
    def by_key(self) -> Mapping[str, FormField]:
        return {field.key: field for field in self.fields}

    def fields_of(self, sheet: str) -> tuple[FormField, ...]:
        return tuple(field for field in self.fields if field.sheet == sheet)

    def with_fields(self, fields: Iterable[FormField]) -> FormLayout:
        """The same with fields as the secretariat has put them: label, kind, required."""
        return replace(self, fields=tuple(fields))

    def plain(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)

    def as_json(self) -> dict[str, Any]:
        """As it comes back from a database: lists instead of tuples, plain texts instead of members."""
        found: dict[str, Any] = json.loads(json.dumps(self.plain(), ensure_ascii=False))
        return found

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> FormLayout:
        """What :meth:`plain` gave, after JSON."""
        return cls(
            tuple(
                FormSheet(**{**each, "merged": tuple(each["merged"])}) for each in plain["sheets"]
            ),
            tuple(
                FormField(
                    **{
                        **each,
                        "kind": FieldKind(each["kind"]),
                        "cells": tuple(each["cells"]),
                        "options": tuple(each["options"]),
                    }
                )
                for each in plain["fields"]
            ),
            FoundBy(plain["found_by"]),
            tuple(plain["notes"]),
            plain["from_1904"],
        )


_LONGEST_LABEL = 400
"""Characters of a neighbour that are looked at."""


def field_key(sheet: int, address: str) -> str:
    """Key of the field whose first cell is there; sheets count from 1.

    Examples:
        >>> field_key(1, "C4")
        's1_C4'
    """
    return f"s{sheet}_{address}"


def one_line(text: str) -> str:
    """A label without line ends and runs of blanks; one that was spread out is drawn together.

    Examples:
        >>> one_line(" 職　員　数 "), one_line("予算額\\n（千円）"), one_line("担当　課名")
        ('職員数', '予算額（千円）', '担当 課名')
    """
    words = text.strip()[:_LONGEST_LABEL]
    if re.fullmatch(r"\S(?:[\s　]+\S){1,9}", words):
        return re.sub(r"[\s　]+", "", words)
    return re.sub(r"[\s　]+", " ", re.sub(r"[\s　]*\n[\s　]*", "", words))
