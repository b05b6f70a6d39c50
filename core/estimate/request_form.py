"""自団体の様式: a municipality's own budget-request form, and what can be put into its cells.

A cell is marked by ``{{要求額}}`` in its text or by a defined name 要求額. What a form holds is found
out by core.imports.request_form, in a process of its own; core.exports.request_form fills it in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from core.values.label import Labelled
from core.values.marks import MARK, has_marks, key_of

MAX_FORM = 5 * 1024 * 1024
"""Largest form, bytes."""


class FormField(Labelled):
    """様式の項目: what can be put into a form; the label is what stands in the mark."""

    FISCAL_YEAR = "fiscal_year", "年度"
    MUNICIPALITY = "municipality", "団体名"
    MADE_ON = "made_on", "作成日"
    TITLE = "title", "事業名"
    GROUNDS = "grounds", "根拠"
    OUTLINE = "outline", "事業概要"
    CONTENT = "content", "内容"
    SECTION = "section", "節"
    GROSS = "gross", "要求額"
    SUBSIDY = "subsidy", "都道府県支出金"
    NET = "net", "一般財源"
    GROSS_THOUSAND = "gross_thousand", "要求額千円"
    SUBSIDY_THOUSAND = "subsidy_thousand", "都道府県支出金千円"
    NET_THOUSAND = "net_thousand", "一般財源千円"
    UNIT_PRICE = "unit_price", "単価"
    VISITS = "visits", "延べ回数"
    RATE = "rate", "補助率"
    WORKING = "working", "積算基礎"
    LATER = "later", "後年度負担"
    CAVEATS = "caveats", "前提と注意"
    LINK = "link", "試算のリンク"


def mark_name(field: FormField, grants: str) -> str:
    """What stands in a field's mark, as a reader's budget says it.

    Args:
        grants: What the budget calls the grants of the prefecture.

    Examples:
        >>> mark_name(FormField.SUBSIDY_THOUSAND, "県支出金"), mark_name(FormField.GROSS, "県支出金")
        ('県支出金千円', '要求額')
    """
    return field.label.replace("都道府県支出金", grants)


AMOUNTS = (FormField.GROSS, FormField.GROSS_THOUSAND)
"""One of them at least, or the form holds no request."""

_OTHER_NAMES: Mapping[str, FormField] = {
    "要求額円": FormField.GROSS,
    "歳出": FormField.GROSS,
    "歳出額": FormField.GROSS,
    "歳出千円": FormField.GROSS_THOUSAND,
    "補助金": FormField.SUBSIDY,
    "補助金千円": FormField.SUBSIDY_THOUSAND,
    "市町村名": FormField.MUNICIPALITY,
    "市町名": FormField.MUNICIPALITY,
    "作成年月日": FormField.MADE_ON,
    "事業の概要": FormField.OUTLINE,
    "見積額の積算基礎": FormField.WORKING,
    "前提": FormField.CAVEATS,
    "リンク": FormField.LINK,
}
_GRANTS: Mapping[str, FormField] = {
    f"{name.format(kind)}{unit}": field
    for kind in "都道府県"
    for name in ("{}支出金", "国{}支出金", "{}補助金")
    for unit, field in (("", FormField.SUBSIDY), ("千円", FormField.SUBSIDY_THOUSAND))
}
"""What a budget calls the grants of a prefecture, whatever kind of one it is."""
_NAMES: Mapping[str, FormField] = {
    **{each.label: each for each in FormField},
    **_OTHER_NAMES,
    **_GRANTS,
}


@dataclass(frozen=True)
class FormPlace:
    """A cell that is filled in.

    Attributes:
        part: Name of the sheet's part within the file.
        cell: Such as ``D12``.
        text: What stands there, with its marks; of a defined name the mark alone.
    """

    part: str
    sheet: str
    cell: str
    text: str

    @property
    def fields(self) -> tuple[FormField, ...]:
        """What goes there, in the order of the text."""
        return tuple(field for _, field in marks(self.text) if field is not None)

    @property
    def where(self) -> str:
        """The place as a reader finds it."""
        return f"シート「{self.sheet}」の{self.cell}"


def field_named(name: str) -> FormField | None:
    """The field of a name as people write it.

    Examples:
        >>> field_named("要求額（千円）"), field_named(" 県 支出金 "), field_named("要求がく")
        (<FormField.GROSS_THOUSAND: 'gross_thousand'>, <FormField.SUBSIDY: 'subsidy'>, None)
    """
    return _NAMES.get(key_of(name))


def marks(text: str) -> Iterator[tuple[str, FormField | None]]:
    """Every mark of a text as written, and what it means; None for nothing known.

    Examples:
        >>> [(name, field and field.label) for name, field in marks("金 {{要求額}} 円 ｛｛目的｝｝")]
        [('要求額', '要求額'), ('目的', None)]
    """
    for mark in MARK.finditer(text):
        yield mark[1], field_named(mark[1])


def mark_problems(place: FormPlace) -> Iterator[str]:
    """What stands against the marks of a cell, each with its place."""
    for name, field in marks(place.text):
        if field is None:
            yield f"{place.where}: 「{{{{{name}}}}}」という項目はありません。{_meant(name)}"
    if has_marks(MARK.sub("", place.text)):
        shown = place.text if len(place.text) <= _SHOWN else f"{place.text[:_SHOWN]}…"
        yield f"{place.where}: 「{shown}」の括弧が対になっていません。{{{{要求額}}}}のように書いてください。"


_SHOWN = 40


def _meant(name: str) -> str:
    near = get_close_matches(key_of(name), _NAMES, n=1, cutoff=0.5)
    if near:
        meant = near[0] if near[0] in _GRANTS else _NAMES[near[0]].label
        return f"「{{{{{meant}}}}}」ではありませんか。"
    return "使える項目は画面の一覧で確かめてください。"


def near_name(name: str) -> FormField | None:
    """The field a defined name may have meant that is none; most names mean something else."""
    near = get_close_matches(key_of(name), _NAMES, n=1, cutoff=0.6)
    return _NAMES[near[0]] if near else None


def missing_fields(places: Iterable[FormPlace]) -> tuple[FormField, ...]:
    """What a form has no place for."""
    there = {field for place in places for field in place.fields}
    return tuple(field for field in FormField if field not in there)


FormValues = Mapping[FormField, int | str]
"""What is put in; a field that is not there stays empty."""


def filled_text(text: str, values: FormValues) -> int | str:
    """What a cell holds once filled in: a number where it is one mark of a number, else words.

    Examples:
        >>> values = {FormField.GROSS: 1_200_000, FormField.MUNICIPALITY: "堺市"}
        >>> filled_text("{{要求額}}", values), filled_text("{{団体名}} {{ 要求額 }}円{{節}}", values)
        (1200000, '堺市 1,200,000円')
    """
    whole = MARK.fullmatch(text.strip())
    if whole and (field := field_named(whole[1])) is not None:
        return values.get(field, "")
    return MARK.sub(lambda mark: _said(values, field_named(mark[1])), text)


def _said(values: FormValues, field: FormField | None) -> str:
    value = "" if field is None else values.get(field, "")
    if isinstance(value, str):
        return value
    return f"△{-value:,}" if value < 0 else f"{value:,}"
