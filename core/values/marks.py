"""{{項目}}: marks in somebody's own form, where something is to be put in."""

from __future__ import annotations

import re
import unicodedata

MARK = re.compile("[{｛]{2}([^{}｛｝]*)[}｝]{2}")
_BRACES = re.compile("[{｛]{2}|[}｝]{2}")
_IGNORED = re.compile(r"[\s()\[\]・_]")


def key_of(name: str) -> str:
    """A name as it is compared: width, blanks, brackets and ``_`` make no difference.

    Examples:
        >>> key_of(" 要求額（千円）"), key_of("明細_費目")
        ('要求額千円', '明細費目')
    """
    return _IGNORED.sub("", unicodedata.normalize("NFKC", name))


def has_marks(text: str) -> bool:
    """Whether a text has two braces side by side, in whatever width."""
    return _BRACES.search(text) is not None
