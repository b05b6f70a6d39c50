"""What stands against a file that came back: by address and label, and whether it was mended."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from core.inquiry.form.answer import FormValues
from core.values.label import Labelled


class DamageKind(Labelled):
    """様式のくずれ."""

    NOT_A_WORKBOOK = "not_a_workbook", "Excelブック(.xlsx)ではありません"
    MACRO = "macro", "マクロがあります"
    UNREADABLE = "unreadable", "読み取れません"
    WRONG_FORM = "wrong_form", "別の様式です"
    SHEET_MISSING = "sheet_missing", "シートがありません"
    SHEET_RENAMED = "sheet_renamed", "シート名が変わっています"
    SHEETS_REORDERED = "sheets_reordered", "シートの順番が変わっています"
    SHEET_ADDED = "sheet_added", "シートが増えています"
    HIDDEN_SHEET = "hidden_sheet", "隠れたシートが増えています"
    ROWS_MOVED = "rows_moved", "行が増減しています"
    COLUMNS_MOVED = "columns_moved", "列が増減しています"
    MERGE_SPLIT = "merge_split", "結合が解かれています"
    MERGED_OVER = "merged_over", "別のセルと結合されています"
    FIXED_TEXT = "fixed_text", "様式の文字が変わっています"
    FORMULA_LOST = "formula_lost", "数式が値で上書きされています"
    FORMULA_CHANGED = "formula_changed", "数式が変わっています"
    FORMULA_TYPED = "formula_typed", "数式が入力されています"
    STRAY = "stray", "記入欄でないところに書き込みがあります"
    PROTECTION = "protection", "シートの保護が外れています"
    EXTERNAL_LINK = "external_link", "よそのファイルへの参照があります"
    TEXT_NUMBER = "text_number", "数が文字で入っています"
    UNIT = "unit", "数に単位が付いています"
    TEXT_DATE = "text_date", "日付が文字で入っています"
    WRONG_TYPE = "wrong_type", "種類の違う値です"
    NOT_IN_LIST = "not_in_list", "一覧にない値です"
    INCOMPLETE = "incomplete", "書きかけです"
    STRUCK = "struck", "取り消し線で消されています"
    TOO_LONG = "too_long", "長すぎます"
    REQUIRED = "required", "必ず記入する欄が空です"


@dataclass(frozen=True)
class Damage:
    """One thing that is not as the form has it.

    Attributes:
        sheet: As the form names it; empty for the whole file.
        address: Where it stands in the file; empty for a sheet or the whole file.
        label: Of the field, or of those concerned; empty for none.
        said: One Japanese sentence: what, and what to do or what was done.
        mended: Whether every value concerned was read all the same as it was meant.
        key: Of the field whose value is concerned; empty where there is none.
    """

    kind: DamageKind
    sheet: str
    address: str
    label: str
    said: str
    mended: bool
    key: str = ""


@dataclass(frozen=True)
class FormReading:
    """What a file that came back says.

    Attributes:
        values: By key of the field; what could not be read is absent and has a damage.
        damages: In the order of the whole file, its sheets, its cells.
        words: What was written into the form, cell by cell: to recognise a municipality by.
    """

    values: FormValues
    damages: tuple[Damage, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def to_put_right(self) -> tuple[Damage, ...]:
        """What could not be mended."""
        return tuple(damage for damage in self.damages if not damage.mended)

    @property
    def can_be_taken(self) -> bool:
        """Whether nothing is left that somebody has to put right."""
        return not self.to_put_right

    def plain(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)

    def as_json(self) -> dict[str, Any]:
        """As a session keeps it: lists and plain texts."""
        found: dict[str, Any] = json.loads(json.dumps(self.plain(), ensure_ascii=False))
        return found

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> FormReading:
        """What :meth:`plain` gave, after JSON."""
        return cls(
            dict(plain["values"]),
            tuple(
                Damage(**{**each, "kind": DamageKind(each["kind"])}) for each in plain["damages"]
            ),
            tuple(plain["words"]),
        )


def refused_reading(kind: DamageKind, said: str) -> FormReading:
    """Of a file that says nothing that could be read."""
    return FormReading({}, (Damage(kind, "", "", "", said, mended=False),))


def named_together(labels: Iterable[str], most: int = 5) -> str:
    """Labels in one sentence, the first few by name.

    Examples:
        >>> named_together(["職員数", "予算額", "備考"], most=2)
        '「職員数」「予算額」ほか1欄'
    """
    every = list(labels)
    told = "".join(f"「{each}」" for each in every[:most])
    return told + (f"ほか{len(every) - most}欄" if len(every) > most else "")
