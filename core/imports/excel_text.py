"""A text as Excel writes it into a file."""

from __future__ import annotations

import re

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
    """A text as Excel reads it: ``_x005F_`` is an underscore, ``_x000D_`` the end of a line.

    Half a character is no character: what does not pair becomes U+FFFD, which no database refuses.
    """
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
