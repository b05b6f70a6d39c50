"""Text that people typed is shown as they typed it: on no screen does it become anything else.

Every field of every command is filled with text that means harm, then every screen is opened by
every reader. What Streamlit reads as Markdown must hold it escaped; tests/e2e/test_typed_text.py
looks at the same screens in a browser.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from google.protobuf.message import Message
from sqlalchemy import URL

from core.start import start
from core.store.engine import open_engine
from dashboard import context
from dashboard.kit.typed import escaped, paragraphs
from tests.pages.test_screens import ADDRESSES, MAY_OPEN, TABS
from tests.support.hostile import Place, Typed, declared_fields, details, fill_hostile
from tests.support.reference import REFERENCE
from tests.support.screens import (
    HIRAKATA,
    Screens,
    Template,
    _elements,
    addresses,
    japan_now,
    with_every_role,
)

AS_IT_IS = {
    ("VegaLiteChart", "alt"),
    ("TextArea", "default"), ("TextArea", "value"), ("TextInput", "default"),
    ("TextInput", "value"), ("Selectbox", "options"), ("Selectbox", "raw_value"), ("MultiSelect", "options"),
    ("Code", "code_text"), ("Arrow", "alt"),
}  # fmt: skip
"""Fields of Streamlit's messages that a browser shows as they are: seen in tests/e2e."""
UNSHOWN = {"id", "key", "url", "query_string", "form_id"}


@pytest.fixture(scope="module")
def typed(
    templates: dict[str, Template], sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Typed:
    path = tmp_path_factory.mktemp("hostile") / "hostile.db"
    tokens = with_every_role(path, sqlite_template)
    engine = open_engine(URL.create("sqlite", database=str(path)))
    start(engine, REFERENCE, japan_now())
    typed = fill_hostile(engine)
    engine.dispose()
    templates["hostile"] = Template(path, tokens)
    return typed


def test_every_field_was_typed_into(typed: Typed) -> None:
    labels = {field.label for field in typed.fields}
    assert {field.label for field in declared_fields()} - labels == {"アドレス", "参加用アドレス"}


def texts_of(message: Message) -> Iterator[tuple[str, str, str]]:
    """Every text of a message: its kind, its field, itself."""
    for field, value in message.ListFields():
        for each in value if field.is_repeated else [value]:
            if isinstance(each, Message):
                yield from texts_of(each)
            elif isinstance(each, str):
                yield message.DESCRIPTOR.name, field.name, each
            elif (message.DESCRIPTOR.name, field.name) == ("BidiComponent", "bytes"):
                yield "Html", "body", each.decode()


def wrong(typed: Typed, kind: str, field: str, text: str) -> set[str]:
    """Marks of what is in a text otherwise than it has to be there."""
    for mark in typed.marks(text):
        whole = typed.texts[mark]
        if kind == "Html":
            shown: tuple[str, ...] = (html.escape(whole),)
        elif (kind, field) in AS_IT_IS:
            shown = (whole,)
        else:
            within = escaped(f"、{whole}")[1:]  # after a word, a first @ is the @ of an address
            shown = (escaped(whole), paragraphs(whole), within)
        for each in shown:
            text = text.replace(each, "")
    return typed.marks(text)


@pytest.mark.parametrize("reader", ["public", "viewer", "officer", "secretariat"])
def test_what_was_typed_is_never_markdown(
    typed: Typed, screens_on: Callable[[str], Screens], reader: str
) -> None:
    screens = screens_on("hostile")
    found, seen = set(), set()
    places: list[Place] = [(name, "", {}) for name in ADDRESSES]
    places += [(name, "", {key: tab}) for name, key, tab in TABS]
    places += details(screens.engine)
    app = screens.signed_in(reader)
    for screen, query, state in places:
        if screen not in addresses(app) or reader not in MAY_OPEN[screen]:
            continue
        for key, value in state.items():
            app.session_state[key] = value
        app = screens.open(app, screen, query)
        assert not app.exception, (screen, query, state)
        shown = [each for node in _elements(app) for each in texts_of(node.proto)]
        for kind, field, text in shown:
            if field not in UNSHOWN:
                seen |= typed.marks(text)
                if marks := wrong(typed, kind, field, text):
                    found.add(f"{screen} {query} {state}: {kind}.{field} {marks} {text[:200]}")
    assert "\n".join(sorted(found)) == ""
    town = context.reference().by_code[HIRAKATA].name
    assert typed.marks(town)
    assert typed.marks(town) <= seen  # of municipalities everybody is told
