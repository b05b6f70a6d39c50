"""What a task costs a reader: every click, choice and field counts, and every answer is in sight."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.support.reader import Reader


class Actions:
    """A reader whose steps are counted.

    Attributes:
        done: How many there were.
    """

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.done = 0

    def click(self, found: Locator) -> None:
        """One click on what is in sight, or comes into sight by scrolling."""
        found.click()
        self.reader.settled()
        self.done += 1

    def press(self, name: str) -> None:
        """A button, by its words."""
        self.reader.press(name)
        self.done += 1

    def tick(self, label: str) -> None:
        """A checkbox, by the words beside it."""
        self.reader.tick(label)
        self.done += 1

    def choose(self, label: str, option: str) -> None:
        """An entry of a selectbox."""
        self.reader.choose(label, option)
        self.done += 1

    def sees(self, found: Locator) -> None:
        """Whole and without scrolling, beneath nothing else; scrolling to it is no answer."""
        self.reader.settled()
        expect(found).to_be_in_viewport(ratio=1)
        covered = found.evaluate(_COVERED)
        assert not covered, f"{found} lies beneath {covered}"


_COVERED = """element => {
  const { left, top, width, height } = element.getBoundingClientRect()
  const above = document.elementFromPoint(left + width / 2, top + height / 2)
  return above && (element.contains(above) || above.contains(element)) ? "" : above?.outerHTML.slice(0, 120)
}"""
