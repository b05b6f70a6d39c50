"""One mapping of a YAML file: typed reads, each refusal with its line."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Self, TypeVar

import yaml

from core.reference.text_files import shown
from core.reference.yaml_tree import is_whole, kind_of, line_of, tag_of
from core.values.errors import ReferenceDataError
from core.values.fiscal import FiscalYear, Precision, parse_date

Choice = TypeVar("Choice", bound=StrEnum)


class Entry:
    """A mapping with the line of each of its keys.

    Args:
        name: File name below data/.
        node: The mapping.
        keys: Every key it may have, none it may not.

    Raises:
        ReferenceDataError: A key stands twice or is not among ``keys``.

    Attributes:
        node: The mapping as composed.
        line: 1-based line it begins on.
    """

    def __init__(self, name: str, node: yaml.MappingNode, keys: str) -> None:
        self.name = name
        self.node = node
        self.line = line_of(node)
        self._values: dict[str, yaml.Node] = {}
        self._lines: dict[str, int] = {}
        for key_node, value in node.value:
            key = str(key_node.value)
            self._check_key(key, line_of(key_node), keys.split())
            self._values[key] = value
            self._lines[key] = line_of(key_node)

    def _check_key(self, key: str, line: int, allowed: list[str]) -> None:
        if key in self._values:
            raise ReferenceDataError(shown(self.name), line, f"見出し「{key}」が重複しています。")
        if key not in allowed:
            raise ReferenceDataError(
                shown(self.name),
                line,
                f"見出し「{key}」は使えません(使えるもの: {'、'.join(allowed)})。",
            )

    def refusal(self, reason: str, key: str | None = None) -> ReferenceDataError:
        """An error at a key's line, or at the mapping's first line."""
        line = self._lines.get(key, self.line) if key else self.line
        return ReferenceDataError(shown(self.name), line, reason)

    def _value(self, key: str) -> yaml.Node:
        try:
            return self._values[key]
        except KeyError:
            raise self.refusal(f"見出し「{key}」がありません。") from None

    def _scalar(self, key: str, tag: str, expected: str) -> str:
        node = self._value(key)
        if not isinstance(node, yaml.ScalarNode) or tag_of(node) != tag:
            raise self.refusal(f"「{key}」は{expected}で書いてください(今は{kind_of(node)})。", key)
        return str(node.value)

    def is_absent(self, key: str) -> bool:
        """Not written, or written as null."""
        return key not in self._values or tag_of(self._values[key]) == "null"

    def any_text(self, key: str) -> str:
        """Text that may be empty."""
        return self._scalar(key, "str", "文字列(数字だけのときは引用符で囲む)")

    def text(self, key: str) -> str:
        """Text that says something."""
        text = self.any_text(key)
        if not text.strip():
            raise self.refusal(f"「{key}」が空です。", key)
        return text

    def text_or_none(self, key: str) -> str | None:
        """Text, or None when absent."""
        return None if self.is_absent(key) else self.text(key)

    def whole(self, key: str, minimum: int = 0) -> int:
        """A whole number, ``minimum`` or more."""
        text = self._scalar(key, "int", "整数")
        if not is_whole(text):
            raise self.refusal(f"「{key}」は10進の整数で書いてください: {text}", key)
        if int(text) < minimum:
            raise self.refusal(f"「{key}」は{minimum}以上で書いてください: {text}", key)
        return int(text)

    def whole_or_none(self, key: str, minimum: int = 0) -> int | None:
        """A whole number, or None when absent."""
        return None if self.is_absent(key) else self.whole(key, minimum)

    def truth(self, key: str) -> bool:
        """``true`` or ``false``."""
        text = self._scalar(key, "bool", "true か false")
        if text not in ("true", "false"):
            raise self.refusal(f"「{key}」は true か false で書いてください: {text}", key)
        return text == "true"

    def day(self, key: str) -> date:
        """A day, YYYY-MM-DD."""
        node = self._value(key)
        if not isinstance(node, yaml.ScalarNode):
            raise self.refusal(f"「{key}」は日付で書いてください(今は{kind_of(node)})。", key)
        text = str(node.value)
        try:
            day = parse_date(text)
        except ValueError as error:
            raise self.refusal(f"「{key}」: {error}", key) from None
        if day.precision is not Precision.DAY:
            raise self.refusal(f"「{key}」は年月日(YYYY-MM-DD)で書いてください: {text}", key)
        return day.first

    def day_or_none(self, key: str) -> date | None:
        """A day, or None when absent."""
        return None if self.is_absent(key) else self.day(key)

    def fiscal_year(self, key: str) -> FiscalYear:
        """年度 as the year it begins in."""
        try:
            return FiscalYear(self.whole(key))
        except ValueError as error:
            raise self.refusal(f"「{key}」: {error}", key) from None

    def fiscal_year_or_none(self, key: str) -> FiscalYear | None:
        """年度, or None when absent."""
        return None if self.is_absent(key) else self.fiscal_year(key)

    def choice(self, key: str, choices: type[Choice]) -> Choice:
        """One of an enum's values."""
        text = self.text(key)
        try:
            return choices(text)
        except ValueError:
            known = "、".join(choices)
            raise self.refusal(f"「{key}」は{known}のどれかです: {text}", key) from None

    def _items(self, key: str) -> list[yaml.Node]:
        node = self._value(key)
        if not isinstance(node, yaml.SequenceNode):
            raise self.refusal(f"「{key}」は一覧で書いてください(今は{kind_of(node)})。", key)
        return list(node.value)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, possibly empty."""
        items = self._items(key)
        for item in items:
            if tag_of(item) != "str" or not str(item.value).strip():
                raise ReferenceDataError(
                    shown(self.name),
                    line_of(item),
                    f"「{key}」の各行は文字列で書いてください(今は{kind_of(item)})。",
                )
        return tuple(str(item.value) for item in items)

    def entry(self, key: str, keys: str) -> Entry:
        """A mapping below this one."""
        return self._below(self._value(key), key, keys)

    def entries(self, key: str, keys: str) -> tuple[Entry, ...]:
        """A list of mappings, possibly empty."""
        return tuple(self._below(item, key, keys) for item in self._items(key))

    def named(self, key: str, keys: str) -> dict[str, Entry]:
        """A mapping of names to mappings."""
        node = self._value(key)
        if not isinstance(node, yaml.MappingNode):
            raise self.refusal(f"「{key}」は見出しの集まりで書いてください。", key)
        names = " ".join(str(name.value) for name, _ in node.value)
        holder = self._below(node, key, names)
        return {name: holder.entry(name, keys) for name in holder.names}

    @property
    def names(self) -> tuple[str, ...]:
        """Its keys in file order."""
        return tuple(self._values)

    def _below(self, node: yaml.Node, key: str, keys: str) -> Self:
        if not isinstance(node, yaml.MappingNode):
            raise ReferenceDataError(
                shown(self.name),
                line_of(node),
                f"「{key}」は「見出し: 値」の形で書いてください(今は{kind_of(node)})。",
            )
        return type(self)(self.name, node, keys)
