"""照会への回答: two hands of one municipality at one draft."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from core.access.principal import Role
from core.store.engine import reading
from core.store.inquiries import inquiry_of, response_of
from tests.support.inquiries import published
from tests.support.reader import Reader
from tests.support.running import RunningServer
from tests.support.screens import SAKAI

FIELD = "困っていること"


def kept(server: RunningServer, number: int) -> str:
    """What stands in the draft."""
    with reading(server.engine) as session:
        draft = response_of(session, inquiry_of(session, number), SAKAI).draft
    return str(draft.typed["why"]) if draft else ""


def test_two_hands_of_one_municipality_lose_nothing_of_what_they_type(
    open_reader: Callable[[], Reader], server: RunningServer
) -> None:
    number = published(server.engine)
    one, two = open_reader(), open_reader()
    for reader, name in ((one, "sakai-dx"), (two, "sakai-kacho")):
        reader.sign_in(server.add_account(name, Role.OFFICER, SAKAI))
        reader.open(f"inquiries?inquiry={number}")
    one.type(FIELD, "一人目の文")
    two.type(FIELD, "二人目の文")
    expect(two.page.get_by_text("保存していません").first).to_be_visible()
    expect(two.page.get_by_text("相手: 一人目の文").first).to_be_visible()
    assert kept(server, number) == "一人目の文"
    two.shot("answering-second-hand", allowed=("docx", "pptx", "png", "jpg", "txt", "kacho", "sakai"))  # fmt: skip
    two.page.get_by_text("相手の内容", exact=True).first.click()
    two.press("選んだ内容で保存する")
    expect(two.page.get_by_label(FIELD)).to_have_value("一人目の文")
