"""One entry of the catalogue (カタログ): what the programme offers, as the secretariat keeps it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.values.fiscal import FiscalYear


@dataclass(frozen=True)
class Entry:
    """What was said of one thing, once; a later entry of the same thing counts instead.

    Attributes:
        part: Name of a :class:`core.reference.parts.Part`, or :data:`YEAR`.
        key: Of the thing within its part; empty where the part is one thing.
        fiscal_year: 年度 it is offered in; None for what holds whatever the year.
        content: JSON as the files of a pack say it; None: it is not offered any more.
        note: Why, in the words of whoever recorded it.
    """

    part: str
    key: str
    fiscal_year: FiscalYear | None
    content: str | None
    note: str
    recorded_at: datetime
    recorded_by: str
    entry_id: int = 0

    @property
    def value(self) -> Any:
        """The content as declarations read it: mappings, tuples, texts, numbers."""
        return None if self.content is None else read_content(self.content)


YEAR = "year"
"""Part of the entries that say of a fiscal year whether it is a draft, published or given up."""


def content_of(value: object) -> str:
    """Content as it is kept: the same for the same value.

    Examples:
        >>> content_of({"b": (1, "年")})
        '{"b":[1,"年"]}'
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def read_content(content: str) -> Any:
    """What :func:`content_of` kept.

    Examples:
        >>> read_content('{"b":[1,"年"]}')
        {'b': (1, '年')}
    """
    return _tuples(json.loads(content))


def _tuples(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_tuples(each) for each in value)
    if isinstance(value, dict):
        return {key: _tuples(each) for key, each in value.items()}
    return value
