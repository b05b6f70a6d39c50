"""The secretariat composes an inquiry, asks everybody, and moves the deadline."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from core.access.principal import CONSOLE, Role
from core.store.engine import reading
from core.store.inquiries import inquiries
from core.views.inquiries import inquiry_desk_view
from tests.support.reader import Reader
from tests.support.running import RunningServer

FILES = ("docx", "pptx", "png", "jpg", "txt", "pdf")
TITLE = "DXを担う組織の調査"


def answer(page: Page, text: str) -> None:
    """What a click did is said, in view, where the click was."""
    said = page.get_by_test_id("stAlert").filter(has_text=text)
    expect(said).to_be_visible()
    expect(said).to_be_in_viewport()


def agree(page: Page, name: str) -> None:
    """The button of the dialog that is open."""
    page.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()


def test_an_inquiry_is_composed_published_and_extended(
    server: RunningServer, open_reader: Callable[[], Reader]
) -> None:
    office = open_reader()
    page = office.page
    account = server.add_account("jimu-shokai", Role.SECRETARIAT)
    office.sign_in(account)
    office.open("inquiries")
    office.press("照会をつくる")
    page.get_by_role("dialog").get_by_label("件名(必須)", exact=True).fill(TITLE)
    agree(page, "下書きをつくる")
    answer(page, "下書きをつくりました")
    office.settled()

    # what stands against publishing is said at once; the first field of it has the focus
    office.type("締切の時刻", "25時")
    office.press("設問を加える")
    office.press("公開する")
    expect(page.get_by_label("締切の時刻", exact=True)).to_be_focused()
    office.type("締切の時刻", "24:00")
    office.press("公開する")
    expect(page.get_by_label("設問文(必須)", exact=True)).to_be_focused()
    office.type("設問文(必須)", "DXを担当する職員")
    office.choose("種類", "択一")
    office.type("選択肢(1行に1つ)(必須)", "専任がいる\n兼任がいる\nいない")
    office.choose("加える設問", "数")
    office.press("設問を加える")
    office.type("設問文(必須)", "専任の人数")
    office.type("単位", "人")
    office.choose("この設問を聞く条件", "設問1 DXを担当する職員")
    page.get_by_role("button", name="専任がいる").click()
    office.settled()
    office.shot("inquiry-composing", allowed=FILES)
    # a click right after typing loses nothing of what was typed
    page.get_by_label("補足説明", exact=True).fill("4月1日時点")
    page.get_by_role("button", name="設問1 DXを担当する職員 開く").click()
    office.settled()
    page.get_by_role("button", name="設問2 専任の人数 開く").click()
    expect(page.get_by_label("補足説明", exact=True)).to_have_value("4月1日時点")
    office.settled()
    page.get_by_text("市町村からの見え方").click()
    office.settled()
    page.get_by_test_id("stRadioGroup").get_by_text("専任がいる").click()
    helped = page.get_by_test_id("stCaptionContainer").filter(has_text="4月1日時点")
    expect(helped).to_be_visible()
    office.shot("inquiry-preview")
    page.get_by_text("編集", exact=True).click()
    office.settled()

    office.press("公開する")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("照会先 43団体(全団体)")
    agree(page, "43団体に照会する")
    answer(page, "43団体に照会しました")
    office.settled()
    office.shot("inquiry-published", allowed=("jimu", "shokai"))
    with reading(server.engine) as session:
        [asked] = inquiries(session)
    assert len(asked.audience) == 43
    assert [each.help for each in asked.composition.questions] == ["", "4月1日時点"]

    page.get_by_role("button", name="締切を変える").click()
    expect(dialog).to_contain_text("いまの締切は")
    dialog.get_by_label("時刻", exact=True).fill("正午過ぎ")
    agree(page, "締切を変える")
    expect(dialog.get_by_test_id("stAlert").first).to_contain_text("時刻")
    dialog.get_by_label("時刻", exact=True).fill("12:00")
    agree(page, "締切を変える")
    answer(page, "締切を変えました")
    office.settled()

    page.get_by_role("button", name="照会の一覧へ").click()
    office.settled()
    expect(page.get_by_role("article").filter(has_text=TITLE)).to_contain_text(
        re.compile("受付中.*0/43団体", re.S)
    )
    office.shot("inquiry-list")
    [line] = inquiry_desk_view(server.engine, CONSOLE, now=server.now())
    assert line.inquiry.closes_at.hour in (3, 12)  # noon in Japan, as the database has it
