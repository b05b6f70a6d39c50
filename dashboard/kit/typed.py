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


_MARKS = re.compile(
    r"[\\`*_\[\]{<>~$|#]"  # wherever they stand
    r"|:(?![\s\d])|&(?=#?\w*(?:;|$))|!$"  # with what may follow: a directive, a character by name, a picture
    r"|^[!-/:-@\[-`{-~]"  # at the start: a heading, a list, a rule
)
_NUMBER = re.compile(r"\d{1,9}(?=[.)])")
"""Begins a list, where a text begins with it."""
_BLANKS = " \t"
_SOUGHT = re.compile(
    r":[\w+-]+(?=:)|https?(?=:)|www(?=\.)|.(?=@)|[<>~-](?=[=>-])", re.ASCII | re.I | re.S
)
"""What Streamlit looks for in finished text, up to the character that must stand by itself."""


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
    """One line; or several, of which none begins a line of the Markdown."""
    apart = {found.end() for found in _SOUGHT.finditer(text)}
    marks = {found.start() for found in _MARKS.finditer(text)}
    if number := _NUMBER.match(text):
        marks.add(number.end())
    begin, end = len(text) - len(text.lstrip(_BLANKS)), len(text.rstrip(_BLANKS))
    return "".join(
        f"&#{ord(each)};"
        if not begin <= place < end
        else f":color[\\{each}]"
        if place in apart
        else f"\\{each}"
        if place in marks
        else each
        for place, each in enumerate(text)
    ).replace("\\:material/", "&#58;material/")  # looked for before the Markdown is read
