"""表示名: an enum whose members are declared with what a reader calls them."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """Value and Japanese label in one line; further words follow and are named by a property.

    Attributes:
        words: What stands after the value: the label, then what else a subclass names.

    Examples:
        >>> class Answer(Labelled):
        ...     YES = "yes", "はい", "○"
        ...     NO = "no", "いいえ", "×"
        ...
        ...     @property
        ...     def mark(self) -> str:
        ...         return self.words[1]
        >>> Answer("no").label, Answer.NO.mark, Answer.NO == "no", f"{Answer.NO}"
        ('いいえ', '×', True, 'no')
    """

    words: tuple[str, ...]

    def __new__(cls, value: str, *words: str) -> Self:
        if not words:
            raise TypeError(f"{cls.__name__}: {value!r} is declared without a label")
        member = str.__new__(cls, value)
        member._value_ = value
        member.words = words
        return member

    @property
    def label(self) -> str:
        """What a reader sees (表示名)."""
        return self.words[0]
