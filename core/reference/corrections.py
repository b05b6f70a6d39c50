"""Corrections (訂正): what a scan printed beside what it is read as."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Self

from pydantic import model_validator

from core.reference.facts import Fact, RefusalError, Text, Truth


class Correction(Fact):
    """One reading that differs from the printed form."""

    printed: Text
    read_as: Text
    certain: Truth  # False: only probable

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.printed == self.read_as:
            raise RefusalError("訂正の前と後が同じです。")
        return self

    @property
    def words(self) -> str:
        """What a reader is told beside the text."""
        probable = "" if self.certain else "(推定)"
        return f"「{self.read_as}」は印字「{self.printed}」の読み替え{probable}"


class Corrected(Fact):
    """An item with the corrections of its text."""

    corrections: tuple[Correction, ...]

    @model_validator(mode="after")
    def _every_reading_occurs(self) -> Self:
        texts = list(_texts({k: v for k, v in self if k not in ("corrections", "note")}))
        for index, each in enumerate(self.corrections):
            if not any(each.read_as in text for text in texts):
                raise RefusalError(
                    f"訂正後の「{each.read_as}」がこの項目の文にありません。",
                    *("corrections", index),
                )
        return self

    def corrections_in(self, *texts: str) -> tuple[Correction, ...]:
        """Those whose reading stands in a text that is shown."""
        return tuple(c for c in self.corrections if any(c.read_as in text for text in texts))


def corrections_text(corrections: Iterable[Correction]) -> str:
    """Printed forms of what is shown; empty when nothing was corrected."""
    return "、".join(correction.words for correction in corrections)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, Fact):
        yield from _texts(dict(value))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _texts(item)
