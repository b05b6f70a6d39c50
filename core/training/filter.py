"""Which sessions a reader looks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.training.vocabulary import Audience, SessionFormat
from core.values.free_text import search_key

LONGEST_WORDS = 200
"""Most characters that are looked for."""
_WORDS = 8


@dataclass(frozen=True)
class TrainingFilter:
    """What a list, calendar or timeline shows; everything given must hold.

    Attributes:
        words: Searched in title, purpose, what was covered, theme, host, speaker, place and
            materials; every word must occur. Width, case and kind of kana do not matter.
        themes: Keys; empty for all.
        format: Sessions that can be attended this way; sessions of unknown format are not among
            them.
        audience_unknown: Only trainings without a stated 対象.
        first: First day, inclusive.
        last: Last day, inclusive.
        ours: 「うちが対象」: concerns the reader's municipality for certain.
    """

    words: str = ""
    themes: tuple[str, ...] = ()
    format: SessionFormat | None = None
    audience: Audience | None = None
    audience_unknown: bool = False
    fiscal_year: int | None = None
    first: date | None = None
    last: date | None = None
    ours: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """The words as they are compared; more than eight are not looked at."""
        return tuple(search_key(self.words[:LONGEST_WORDS]).split()[:_WORDS])
