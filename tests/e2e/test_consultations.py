"""アドバイザー相談 from the first question to the day of the meeting, both sides in their own browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.access.principal import Role
from core.store.consultations import consultations
from core.store.engine import reading
from tests.support.reader import Reader
from tests.support.running import Account, RunningServer

SAKAI, HIRAKATA = "271403", "272108"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
FILES = ("docx", "pptx", "png", "jpg", "jpeg", "txt", "sakai", "jimukyoku")
TABS = {
    # tab: what is there when it has been drawn
    "相談": "定義・出典",
    "好事例": "公開されている好事例はまだありません",
    "ヒアリング": "本府職員",
    "支援メニュー": "案内に載った実績例",
}


@dataclass(frozen=True)
class Accounts:
    """Who signs in."""

    sakai: Account
    hirakata: Account
    office: Account
    viewer: Account


@pytest.fixture(scope="module")
def accounts(server: RunningServer) -> Accounts:
    return Accounts(
        server.add_account("sakai-dx", Role.OFFICER, SAKAI),
        server.add_account("hirakata-dx", Role.OFFICER, HIRAKATA),
        server.add_account("jimukyoku-2", Role.SECRETARIAT),
        server.add_account("etsuran", Role.VIEWER),
    )


def choose(page: Page, label: str, option: str) -> None:
    """By typing: a long list draws only the options in sight."""
    field = page.get_by_role("combobox", name=label).first
    field.click()
    field.press_sequentially(option)
    expect(page.get_by_role("option", name=option)).to_be_visible()
    field.press("Enter")


def attach(page: Page, *files: tuple[str, bytes]) -> None:
    page.locator("input[type=file]").first.set_input_files(
        [
            {"name": name, "mimeType": "application/octet-stream", "buffer": content}
            for name, content in files
        ]
    )
    for name, _ in files:
        expect(page.get_by_text(name, exact=True).first).to_be_visible()


def wish(page: Page, label: str, day: str) -> None:
    """Type a day into the three parts of the field."""
    field = page.get_by_role("group", name=label)
    for part, digits in zip(("年", "月", "日"), day.split("-"), strict=True):
        field.get_by_role("spinbutton", name=f"{label}の{part}").press_sequentially(digits)


def test_from_the_question_to_the_day_of_the_meeting(
    open_reader: Callable[[], Reader],
    server: RunningServer,
    accounts: Accounts,
    tmp_path: Path,
) -> None:
    title = "公衆無線LANの費用"
    asker = open_reader()
    asker.sign_in(accounts.sakai)
    asker.go("アドバイザー相談")
    page = asker.page
    asker.shot("consultations-new", allowed=FILES)

    # Everything wrong at once: each problem beneath its field, and nothing typed is lost.
    page.get_by_label("件名", exact=False).first.fill(title)
    page.get_by_label("相談内容", exact=False).first.fill("あ" * 10_000)
    page.get_by_label("担当課(必須)").fill("DX推進課")
    page.get_by_label("担当者名(必須)").fill("ﾔﾏﾀﾞ 花子😀")
    page.get_by_label("メールアドレス(必須)").fill("dx at city")
    attach(page, ("見積.pdf", b"MZ\x90\x00" + b"\0" * 200), ("図面.pdf", PDF + b"0" * 6_000_000))
    too_large = page.get_by_text("5MB以下のファイルを選んでください。").bounding_box()
    assert too_large is not None
    assert too_large["width"] > 100  # read, not only heard
    page.get_by_role("button", name="相談を申し込む").click()
    expect(
        page.get_by_test_id("stMain").get_by_text("テーマを一覧から選んでください。")
    ).to_be_visible()
    for words in (
        "現在10,000文字",
        "メールアドレスとして使えません",
        "希望日を1つ以上選んでください",
        "中身がPDFではありません",
        "入力した内容はそのまま残っています",
    ):
        expect(page.get_by_text(words).first).to_be_visible()
    expect(page.get_by_label("件名", exact=False).first).to_have_value(title)
    asker.shot("consultations-refused", allowed=(*FILES, "city"))

    choose(page, "テーマ", "日常業務")
    page.get_by_label("相談内容", exact=False).first.fill(
        "庁舎の公衆無線LANを更新します。\n導入事例と費用の目安を知りたいです。"
    )
    wish(page, "第1希望日", "2026-12-03")
    page.get_by_label("メールアドレス(必須)").fill("dx@city.example.lg.jp")
    # What the browser refused to send, it forgets when the server answers; only this one was sent.
    page.get_by_role("button", name="見積.pdfを外す").click()
    attach(page, ("見積.pdf", PDF))
    page.get_by_role("button", name="相談を申し込む").click()
    expect(page.get_by_test_id("stMain").get_by_text("相談を受け付けました")).to_be_visible()
    asker.settled()
    asker.shot("consultations-own", allowed=FILES)
    with reading(server.engine) as session:
        asked = consultations(session)[-1]
    number = asked.number.label
    assert (asked.lg_code, asked.request.title) == (SAKAI, title)
    assert asked.contact is not None
    assert asked.contact.name == "ヤマダ 花子😀"

    # The secretariat finds it, answers, sets the day, records the answer.
    office = open_reader()
    office.sign_in(accounts.office)
    office.go("ホーム")
    expect(office.page.get_by_text("まだ回答していない相談が1件あります")).to_be_visible()
    office.shot("consultations-home-office", allowed=FILES)
    office.go("アドバイザー相談")
    desk = office.page
    expect(desk.get_by_text(f"{number} 堺市「{title}」")).to_be_visible()
    office.shot("consultations-inbox", allowed=FILES)
    with desk.expect_download() as downloaded:
        desk.get_by_role("link", name="見積.pdf").click()
    assert Path(downloaded.value.path()).read_bytes() == PDF
    assert downloaded.value.suggested_filename == "見積.pdf"
    desk.get_by_role("radio", name="日程決定").last.click()
    office.settled()
    desk.get_by_test_id("stRadioGroup").last.get_by_text("オンライン", exact=True).click()
    desk.get_by_label("場所・接続先", exact=False).fill("Teams")
    desk.get_by_role("button", name="「日程決定」と記録する").click()
    expect(
        desk.get_by_test_id("stMain").get_by_text("を「日程決定」と記録しました")
    ).to_be_visible()
    office.settled()
    desk.get_by_text("メールの文面").click()
    expect(desk.get_by_text(f"[市町村DX]堺市({number})日程の連絡")).to_be_visible()
    expect(desk.get_by_role("button", name="このメールを送る")).to_have_count(0)
    office.shot(
        "consultations-mail",
        allowed=(*FILES, "http", "number", "consultations"),
    )

    # A neighbour and a viewer reach none of it, by screen and by address.
    neighbour = open_reader()
    neighbour.sign_in(accounts.hirakata)
    neighbour.open(f"consultations?number={number}")
    expect(neighbour.page.get_by_text("アドバイザー相談").first).to_be_visible()
    expect(neighbour.page.get_by_text(title)).to_have_count(0)
    file = asked.attachments[0].attachment_id
    for code in (SAKAI, HIRAKATA):
        answer = neighbour.page.request.get(f"{server.address}/attachments/{code}/{file}")
        assert answer.status == 404
        assert PDF not in answer.body()
    assert asker.page.request.get(f"{server.address}/attachments/{SAKAI}/{file}").status == 200
    viewer = open_reader()
    assert viewer.page.request.get(f"{server.address}/attachments/{SAKAI}/{file}").status == 404
    viewer.sign_in(accounts.viewer)
    assert viewer.page.request.get(f"{server.address}/attachments/{SAKAI}/{file}").status == 404
    viewer.open("consultations")
    expect(viewer.page.get_by_role("heading", name="この画面は開けません")).to_be_visible()


@pytest.mark.parametrize("who", ["sakai", "office"])
def test_every_tab_reads_well(
    open_reader: Callable[[], Reader], accounts: Accounts, who: str
) -> None:
    reader = open_reader()
    reader.sign_in(getattr(accounts, who))
    reader.go("アドバイザー相談")
    for number, (tab, words) in enumerate(TABS.items()):
        reader.choose_tab(tab)
        expect(reader.page.get_by_text(words).first).to_be_visible()
        reader.shot(f"consultations-{who}-{number}", allowed=(*FILES, "daas", "ocr"))
