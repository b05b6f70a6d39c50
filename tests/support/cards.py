"""Cards and tables as dashboard/kit/cards.py and tables.py draw them, read back under AppTest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
from lxml import html
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest


@dataclass(frozen=True)
class ShownCard:
    """A card as a reader finds it; ``actions`` by label, as the browser would name them."""

    title: str
    value: str
    badges: list[str]
    text: list[str]
    terms: dict[str, str]
    actions: dict[str, str]
    element: str


def cards_of(app: AppTest) -> list[ShownCard]:
    """All cards, in the order they are drawn."""
    return [
        _card(card, element)
        for body, element in _pieces(app)
        for card in body.xpath("//article[contains(@class, 'noriai-card')]")
    ]


def tables_of(app: AppTest) -> list[pd.DataFrame]:
    """All tables to read, in the order they are drawn; cells as text, the first column the index."""
    found = []
    for body, _ in _pieces(app):
        for table in body.xpath("//div[contains(@class, 'noriai-table')]/table"):
            heads = [_words(cell) for cell in table.xpath("./thead/tr/th")]
            rows = [
                [_words(c) for c in row.xpath("./th|./td")] for row in table.xpath("./tbody/tr")
            ]
            found.append(pd.DataFrame(rows, columns=heads).set_index(heads[0]))
    return found


def copied_of(app: AppTest) -> list[str]:
    """All texts to take elsewhere, in the order they are drawn."""
    places = [each for body, _ in _pieces(app) for each in body.xpath("//textarea")]
    return [(place.text or "").removeprefix("\n") for place in places]


def press(app: AppTest, card: str, label: str, word: str | None = None) -> AppTest:
    """Press a button of a card, by the card's title and its own label, and run.

    Args:
        word: What the browser says instead of the button's own word.
    """
    [found] = [each for each in cards_of(app) if each.title == card]
    return _pressed(app, found.element, found.actions[label] if word is None else word)


def press_row(app: AppTest, name: str, word: str | None = None) -> AppTest:
    """Press the name of a row of a table, and run; ``word`` as :func:`press` takes it."""
    [(own, element)] = [
        (button.get("data-press"), element)
        for body, element in _pieces(app)
        for button in body.xpath("//table//button")
        if _words(button) == name
    ]
    return _pressed(app, element, own if word is None else word)


def press_word(app: AppTest, word: str) -> AppTest:
    """What the browser says when something of the only element with buttons is pressed; and run."""
    [element] = app.get("bidi_component")
    return _pressed(app, element.proto.id, word)


def _pressed(app: AppTest, element: str, word: str) -> AppTest:
    states = app._tree.get_widget_states()
    states.widgets.append(
        WidgetState(
            id=_make_trigger_id(element, "events"),
            json_trigger_value=json.dumps([{"event": "press", "value": word}]),
        )
    )
    return app._run(states)


def _pieces(app: AppTest) -> Iterator[tuple[html.HtmlElement, str]]:
    """The pieces of HTML of a run as they stand, each with its element's id if it has one."""
    dialogs = app._tree.children.get(2, ())
    for element in (*app.main, *app.sidebar, *dialogs):
        if element.type not in ("html", "bidi_component"):
            continue
        proto = element.proto  # type: ignore[attr-defined]
        body = proto.body if element.type == "html" else proto.bytes.decode().partition("\0")[2]
        if "noriai-" in body:
            yield html.fragment_fromstring(body, create_parent="body"), getattr(proto, "id", "")


def _card(card: html.HtmlElement, element: str) -> ShownCard:
    [head] = card.xpath("./h2|./h3|./h4|./h5")
    return ShownCard(
        title=(head.text or "").strip(),
        value="".join(_words(each) for each in card.xpath("./p[@class='value']")),
        badges=[_words(each) for each in head.xpath("./span")],
        text=[_words(each) for each in card.xpath("./p[not(@class='value')]")],
        terms={
            _words(row.xpath("./dt")[0]): _words(row.xpath("./dd")[0])
            for row in card.xpath(".//dl/div")
        },
        actions={_words(each): each.get("data-press") for each in card.xpath(".//*[@data-press]")},
        element=element,
    )


def _words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())
