"""Text that somebody typed, on a screen: it is shown as it was typed and is nothing else.

Streamlit takes almost every text for Markdown: body, label, cell of a table, tooltip. Its renderer
then looks a second time, through the finished text, for addresses, ``:name:`` and arrows, where a
backslash no longer protects; what it looks for there is kept apart by an element without a look.
"""

from __future__ import annotations

import re

from core.values.free_text import visible


class Markdown(str):
    """Text in which whatever was typed went through :func:`escaped`."""

    __slots__ = ()

    def __new__(cls, text: str) -> Markdown:
        return super().__new__(cls, text)


_INDENT = re.compile(r"^[ \t]+")
_MARKS = re.compile(r"[\\`*_{}\[\]()#+\-.!|<>~$^&=:]")
# Looked for in finished text: http://, www.…, mail addresses, :emoji:, :material_icon:, arrows.
_SOUGHT = re.compile(r"(?<=[\w+-]):|(?<=.)@|(?<=www)\.|(?<=[<>~-])[=>-]", re.ASCII | re.I | re.S)


def escaped(text: str) -> Markdown:
    """Typed text inside Markdown: no character of it does anything; line breaks are blanks.

    What is Markdown already stays as it is.
    """
    if isinstance(text, Markdown):
        return text
    return Markdown(_escaped(visible(text)).replace("\n", "&#10;"))


def paragraphs(text: str) -> Markdown:
    """Typed text of many lines as :func:`escaped` makes it, its line breaks kept."""
    return Markdown("  \n".join(_escaped(line) for line in visible(text).split("\n")))


def _escaped(text: str) -> str:
    """One line, or several of which none begins a line of the Markdown."""
    indent = _INDENT.match(text)
    done = indent.end() if indent else 0
    pieces = [f"&#{ord(blank)};" for blank in text[:done]]
    for found in _SOUGHT.finditer(text, done):
        pieces += [_plain(text[done : found.start()]), f":color[\\{found[0]}]"]
        done = found.end()
    return "".join([*pieces, _plain(text[done:])])


def _plain(text: str) -> str:
    # Streamlit looks for an icon before it reads the Markdown, past any backslash.
    return _MARKS.sub(r"\\\g<0>", text).replace("\\:material/", "&#58;material/")
