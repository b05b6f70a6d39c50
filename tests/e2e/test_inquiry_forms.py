"""様式の照会: the workbook goes out, comes back damaged, then whole, is joined by two that came by mail, and merged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from core.access.principal import Role
from core.exports.form.handed_out import handed_out
from core.inquiry.form.recognise import given_values
from tests.support.forms import saved, two_sheets
from tests.support.office import convert
from tests.support.reader import Reader
from tests.support.reference import REFERENCE
from tests.support.running import Account, RunningServer

SAKAI, HIRAKATA, TOYONAKA = "271403", "272108", "272035"
FILES = ("docx", "pptx", "png", "jpg", "jpeg", "txt", "xlsx", "xlsm", "xls", "No", "SHA")
SECRET = "枚方だけの話"
FORM = two_sheets()
pytestmark = pytest.mark.office


@pytest.fixture(scope="module")
def office_account(server: RunningServer) -> Account:
    return server.add_account("jimukyoku-2", Role.SECRETARIAT)


@pytest.fixture(scope="module")
def sakai_account(server: RunningServer) -> Account:
    return server.add_account("sakai-dx", Role.OFFICER, SAKAI)


def attach(reader: Reader, label: str, *files: tuple[str, bytes]) -> None:
    box = reader.page.get_by_test_id("stFileUploader").filter(has_text=label)
    box.locator("input[type=file]").set_input_files(
        [
            {"name": name, "mimeType": "application/octet-stream", "buffer": content}
            for name, content in files
        ]
    )
    for name, _ in files:
        expect(box.get_by_text(name, exact=True)).to_be_visible()
    reader.settled()


def downloaded(reader: Reader, label: str, folder: Path) -> Path:
    with reader.page.expect_download() as download:
        reader.page.get_by_role("button", name=label).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def of_town(code: str, **said: str) -> bytes:
    """A form as it comes by mail."""
    layout = FORM.layout
    values = {**said, **given_values(layout, code, REFERENCE.by_code[code].name)}
    return handed_out(layout, FORM.body, values)


def text_of(path: Path) -> str:
    """Everything written in the sheets of a workbook, their names too."""
    book = load_workbook(path, data_only=True)
    cells = (
        str(cell) for sheet in book for row in sheet.values for cell in row if cell is not None
    )
    return "\n".join([*book.sheetnames, *cells])


def test_a_form_goes_out_comes_back_and_is_merged(
    open_reader: Callable[[], Reader],
    server: RunningServer,
    office_account: Account,
    sakai_account: Account,
    tmp_path: Path,
) -> None:
    secretariat = open_reader()
    secretariat.sign_in(office_account)
    _composed_and_published(secretariat)

    officer = open_reader()
    officer.sign_in(sakai_account)
    _answered(officer, tmp_path)

    _mailed(secretariat)
    secretariat.open("inquiries?inquiry=1&tab=様式")
    expect(secretariat.page.get_by_text("提出 3/43団体")).to_be_visible()
    secretariat.shot("forms-merging", allowed=FILES)
    merged = downloaded(secretariat, "1団体1シート", tmp_path)
    [opened] = convert([merged], "xlsx", tmp_path / "opened")
    said = text_of(opened)
    for town in ("堺市", "枚方市", "豊中市"):
        assert town in said
    assert SECRET in said

    # nothing of another municipality is reachable by the officer
    officer.open("inquiries?inquiry=1")
    assert SECRET not in officer.page.content()
    for file in range(1, 8):
        answer = officer.page.request.get(f"{server.address}/inquiry-documents/{file}")
        assert answer.status == 404
        theirs = officer.page.request.get(
            f"{server.address}/attachments/inquiries/{HIRAKATA}/{file}"
        )
        assert theirs.status == 404
    again = downloaded(officer, "記入用の様式(Excel)", tmp_path)
    assert "枚方" not in text_of(again)


def _composed_and_published(reader: Reader) -> None:
    page = reader.page
    reader.open("inquiries")
    reader.press("照会をつくる")
    page.get_by_label("件名(必須)").fill("システム経費の調査")
    reader.press("下書きをつくる")
    page.get_by_label("受付開始の時刻").fill("0:00")
    page.get_by_label("受付開始の時刻").press("Tab")
    reader.settled()
    reader.choose("加える設問", "様式(Excel)")
    reader.press("設問を加える")
    page.get_by_label("設問文(必須)").fill("別紙様式")
    page.get_by_label("設問文(必須)").press("Tab")
    reader.settled()
    attach(reader, "様式のExcelブック", ("別紙様式.xlsx", FORM.body))
    reader.press("様式を登録する")
    expect(page.get_by_text("記入欄を20欄見つけました").first).to_be_visible()
    # the picture: a cell that is a field is put right, by a press
    page.get_by_role("button", name="記入欄2 記入者氏名 B3").click()
    reader.settled()
    page.get_by_label("記入欄の名前(必須)").fill("記入した人")
    page.get_by_label("記入欄の名前(必須)").press("Tab")
    reader.settled()
    expect(page.get_by_role("button", name="記入欄2 記入した人 B3")).to_be_visible()
    reader.shot("forms-composing", allowed=FILES)
    reader.press("公開する")
    reader.press("43団体に照会する")
    expect(page.get_by_text("43団体に照会しました").first).to_be_visible()


def _answered(reader: Reader, folder: Path) -> None:
    page = reader.page
    reader.open("inquiries?inquiry=1")
    taken = downloaded(reader, "記入用の様式(Excel)", folder)
    book = load_workbook(taken)
    assert book["基本情報"]["B2"].value == "堺市"
    book["基本情報"]["B3"] = "担当 太郎"
    book["基本情報"]["B4"] = "だいたい八十万人"
    attach(reader, "記入した様式", ("堺市.xlsx", saved(book)))
    reader.press("記入した様式を確かめる")
    expect(page.get_by_text("直してください: 1か所")).to_be_visible()
    expect(page.get_by_text("「だいたい八十万人」").first).to_be_visible()
    reader.shot("forms-damaged", allowed=FILES)
    book["基本情報"]["B4"] = 817000
    book["明細"]["C4"] = "1,500千円"  # mended, and said so
    attach(reader, "記入した様式", ("堺市2.xlsx", saved(book)))
    reader.press("記入した様式を確かめる")
    expect(page.get_by_text("読み替えたところ: 1か所")).to_be_visible()
    reader.shot("forms-whole", allowed=FILES)
    reader.press("この内容を回答に入れる")
    expect(page.get_by_text("20欄のうち4欄に記入").first).to_be_visible()
    page.get_by_role("radio", name="画面で記入する").click()
    reader.settled()
    reader.shot("forms-on-screen", allowed=FILES)
    reader.press("内容を確認する")
    reader.press("提出する")
    expect(page.get_by_text("受領番号").first).to_be_visible()


def _mailed(reader: Reader) -> None:
    page = reader.page
    reader.open("inquiries?inquiry=1&tab=様式")
    attach(
        reader,
        "届いたExcelブック",
        ("回答1.xlsx", of_town(HIRAKATA, s1_B3=SECRET, s1_B4="397000", s2_C4="700")),
        ("回答2.xlsx", of_town(TOYONAKA, s1_B3="担当 花子", s1_B4="401000", s2_C4="0")),
    )
    reader.press("2個のファイルを読み取る")
    expect(page.get_by_text("記入欄に枚方市とあります。")).to_be_visible()
    expect(page.get_by_text("記入欄に豊中市とあります。")).to_be_visible()
    reader.shot("forms-mailed", allowed=FILES)
    reader.press("印を付けた様式を記録する")
    reader.press("2団体を記録する")
    expect(page.get_by_text("2団体の様式を記録しました。").first).to_be_visible()
