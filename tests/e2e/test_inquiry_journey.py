"""照会・回答 whole, three browsers at once: the secretariat asks, one municipality answers with an Excel
form, one on a phone with its section chief's approval; sent back, corrected, revealed, merged, reflected."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from core.access.principal import CONSOLE, Role
from core.commands.responses import set_approval_rule
from core.store.engine import reading
from core.store.inquiries import inquiries, inquiry_of, response_of
from core.store.wishes import wish_events
from core.support.wish import WishState, current_wishes
from core.views.meetings import meetings_view
from tests.support.forms import saved, two_sheets
from tests.support.inquiries import does, officer
from tests.support.reader import Reader
from tests.support.running import RunningServer
from tests.support.screens import HIRAKATA, SAKAI

TITLE = "次期共同調達と人材の希望"
LATIN = (
    "docx", "pptx", "png", "jpg", "jpeg", "txt", "xlsx", "xlsm", "xls", "pdf", "No", "SHA",
    "ctrl", "jimu", "shokai", "sakai", "hirakata", "kacho",
)  # fmt: skip
SECRET = "枚方だけの話"
FORM = two_sheets()
ANSWERING = "inquiries?inquiry=1"


def heard_by(page: Page) -> list[bytes]:
    """Everything a server says to a page from here on."""
    heard: list[bytes] = []

    def take(message: str | bytes) -> None:
        heard.append(message.encode() if isinstance(message, str) else message)

    page.on("websocket", lambda socket: socket.on("framereceived", take))
    return heard


def told(page: Page, text: str) -> None:
    """What a click did is said, in view, where the click was."""
    said = page.get_by_test_id("stAlert").filter(has_text=text)
    expect(said).to_be_visible()
    expect(said).to_be_in_viewport()


def agree(reader: Reader, name: str) -> None:
    """The button of the dialog that is open."""
    reader.page.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()
    expect(reader.page.get_by_role("dialog")).to_have_count(0)
    reader.settled()


def attach(reader: Reader, label: str, name: str, content: bytes) -> None:
    box = reader.page.get_by_test_id("stFileUploader").filter(has_text=label)
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    box.locator("input[type=file]").set_input_files([file])  # type: ignore[list-item]
    expect(box.get_by_text(name, exact=True)).to_be_visible()
    reader.settled()


def downloaded(reader: Reader, label: str, folder: Path) -> Path:
    with reader.page.expect_download() as download:
        reader.page.get_by_role("button", name=label).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def words_of(path: Path) -> str:
    """Everything written in the sheets of a workbook, their names too."""
    book = load_workbook(path, data_only=True)
    cells = (str(cell) for sheet in book for row in sheet.values for cell in row if cell is not None)  # fmt: skip
    return "\n".join([*book.sheetnames, *cells])


def wish_a_plan(reader: Reader, visits: str, state: str) -> None:
    page = reader.page
    reader.tick("1. ")
    reader.type("プラン1の年間回数(必須)", visits)
    page.get_by_role("radio", name=state, exact=True).or_(
        page.get_by_role("button", name=state, exact=True)
    ).first.click()
    reader.settled()
    expect(page.get_by_text("費用の試算").first).to_be_visible()


def test_an_inquiry_from_its_first_line_to_what_becomes_of_it(
    open_reader: Callable[..., Reader], server: RunningServer, tmp_path: Path
) -> None:
    office, sakai, phone = open_reader(), open_reader(), open_reader("narrow")
    office.sign_in(server.add_account("jimu-shokai", Role.SECRETARIAT))
    sakai.sign_in(server.add_account("sakai-dx", Role.OFFICER, SAKAI))
    hirakata = server.add_account("hirakata-dx", Role.OFFICER, HIRAKATA)
    chief = server.add_account("hirakata-kacho", Role.OFFICER, HIRAKATA)
    phone.sign_in(hirakata)
    does(server.engine, set_approval_rule, officer(HIRAKATA), lg_code=HIRAKATA, required=True)

    _composed_and_published(office, server)
    heard = [heard_by(office.page), heard_by(sakai.page)]
    wall = office.page.context.new_page()
    heard.append(heard_by(wall))
    wall.goto(f"{server.address}/meeting?set=inquiry-1")
    voted = wall.locator("section:not([hidden]) .number").first
    expect(voted).to_have_text("0")

    _answered_in_excel(sakai, tmp_path)
    expect(voted).to_have_text("1")
    office.open(f"{ANSWERING}&tab=回答状況")
    expect(office.page.get_by_role("button", name="堺市 提出")).to_be_visible()
    expect(office.page.get_by_role("button", name="枚方市 未着手")).to_be_visible()

    phone.go("照会・回答")
    _typed_on_a_phone(phone)
    again, other = open_reader("narrow"), open_reader("narrow")
    again.sign_in(hirakata)
    _asked_for_approval(again)
    other.sign_in(chief)
    _approved(other)
    expect(voted).to_have_text("2")

    _sent_back(office)
    expect(voted).to_have_text("1")
    _corrected(sakai)
    expect(voted).to_have_text("2")

    office.open(f"{ANSWERING}&tab=集計")
    expect(office.page.get_by_text("が投票しました(43団体のうち")).to_be_visible()
    for messages in heard:
        assert len(messages) > 3
        assert not [each for each in messages if SECRET.encode() in each]
    assert not [each for each in heard[2] if "電子決裁".encode() in each]  # the wall: no option

    _revealed(wall)
    _tallied(office)
    assert "結果の公開" in meetings_view(server.engine, CONSOLE).moments[0].name
    _merged(office, tmp_path)
    _reflected(office, server)
    _nothing_of_another(sakai, server, tmp_path)


def _composed_and_published(reader: Reader, server: RunningServer) -> None:
    page = reader.page
    reader.open("inquiries")
    reader.press("照会をつくる")
    page.get_by_role("dialog").get_by_label("件名(必須)", exact=True).fill(TITLE)
    agree(reader, "下書きをつくる")
    told(page, "下書きをつくりました")
    reader.type("受付開始の時刻", "0:00")
    reader.tick("回答の中身を事務局にも見せない")

    # what stands against publishing is said at once; the first field of it has the focus
    reader.type("締切の時刻", "25時")
    reader.choose("加える設問", "様式(Excel)")
    reader.press("設問を加える")
    reader.press("公開する")
    expect(page.get_by_label("締切の時刻", exact=True)).to_be_focused()
    reader.type("締切の時刻", "24:00")
    reader.press("公開する")
    expect(page.get_by_label("設問文(必須)", exact=True)).to_be_focused()
    reader.type("設問文(必須)", "別紙様式")
    attach(reader, "様式のExcelブック", "別紙様式.xlsx", FORM.body)
    reader.press("様式を登録する")
    told(page, "記入欄を20欄見つけました")
    reader.press("記入欄2 記入者氏名 B3")
    reader.type("記入欄の名前(必須)", "記入した人")
    expect(page.get_by_role("button", name="記入欄2 記入した人 B3")).to_be_visible()
    reader.shot("journey-form", allowed=LATIN)

    reader.choose("加える設問", "支援プランの希望")
    reader.press("設問を加える")
    reader.type("設問文(必須)", "来年度のプラン")
    reader.tick("参加希望として記録する")
    reader.choose("加える設問", "順位(投票)")
    reader.press("設問を加える")
    reader.type("設問文(必須)", "次に共同調達するシステム")
    reader.type("選択肢(1行に1つ)(必須)", "電子決裁\n公有財産管理\n例規集")
    # a click right after typing loses nothing of what was typed
    page.get_by_label("順位ごとの点数(必須)", exact=True).fill("2、1")
    page.get_by_text("市町村からの見え方").click()
    reader.settled()
    expect(page.get_by_text("1位(2点)")).to_be_visible()
    reader.shot("journey-preview", allowed=LATIN)
    page.get_by_text("編集", exact=True).click()
    reader.settled()

    reader.press("公開する")
    expect(page.get_by_role("dialog")).to_contain_text("照会先 43団体(全団体)")
    agree(reader, "43団体に照会する")
    told(page, "43団体に照会しました")
    reader.press("締切を変える")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("時刻", exact=True).fill("正午過ぎ")
    dialog.get_by_role("button", name="締切を変える", exact=True).click()
    expect(dialog.get_by_test_id("stAlert").first).to_contain_text("時刻")
    dialog.get_by_label("時刻", exact=True).fill("12:00")
    agree(reader, "締切を変える")
    told(page, "締切を変えました")
    reader.shot("journey-course", allowed=LATIN)
    with reading(server.engine) as session:
        [asked] = inquiries(session)
    assert len(asked.audience) == 43


def _answered_in_excel(reader: Reader, folder: Path) -> None:
    page = reader.page
    reader.go("照会・回答")
    reader.press("回答する")
    book = load_workbook(downloaded(reader, "記入用の様式(Excel)", folder))
    assert book["基本情報"]["B2"].value == "堺市"
    book["基本情報"]["B3"] = "担当 太郎"
    book["基本情報"]["B4"] = "だいたい八十万人"
    attach(reader, "記入した様式", "堺市.xlsx", saved(book))
    reader.press("記入した様式を確かめる")
    expect(page.get_by_text("直してください: 1か所")).to_be_visible()
    expect(page.get_by_text("「だいたい八十万人」").first).to_be_visible()
    reader.shot("journey-damaged", allowed=LATIN)
    book["基本情報"]["B4"] = 817000
    book["明細"]["C4"] = "1,500千円"  # mended, and said so
    attach(reader, "記入した様式", "堺市2.xlsx", saved(book))
    reader.press("記入した様式を確かめる")
    expect(page.get_by_text("読み替えたところ: 1か所")).to_be_visible()
    reader.shot("journey-whole", allowed=LATIN)
    reader.press("この内容を回答に入れる")
    expect(page.get_by_text("20欄のうち4欄に記入").first).to_be_visible()
    wish_a_plan(reader, "12", "希望")
    reader.choose("1位(2点)", "電子決裁")
    reader.choose("2位(1点)", "例規集")
    reader.shot("journey-answered", allowed=LATIN)
    reader.press("内容を確認する")
    reader.press("提出する")
    told(page, "回答を提出しました")
    reader.shot("journey-receipt", allowed=LATIN)


def _typed_on_a_phone(reader: Reader) -> None:
    page = reader.page
    reader.press("回答する")
    page.get_by_role("radio", name="画面で記入する").click()
    reader.settled()
    reader.type("記入した人 [B3]", SECRET)
    reader.type("人口(人) [B4]", "39.7万")
    wish_a_plan(reader, "十回", "検討中")
    reader.choose("1位(2点)", "電子決裁")
    reader.choose("2位(1点)", "電子決裁")
    reader.shot("journey-phone-form", allowed=LATIN)
    expect(page.get_by_text("千・万を使わず").first).to_be_visible()
    reader.type("人口(人) [B4]", "397,000")
    reader.choose("2位(1点)", "公有財産管理")
    expect(page.get_by_text("下書きを保存しました").first).to_be_visible()


def _asked_for_approval(reader: Reader) -> None:
    page = reader.page
    reader.open("inquiries")
    reader.press("続きを書く")
    expect(page.get_by_label("プラン1の年間回数(必須)")).to_have_value("10")
    reader.press("内容を確認する")
    reader.press("確認を依頼する")
    expect(page.get_by_text("依頼した本人は確認できません").first).to_be_visible()


def _approved(reader: Reader) -> None:
    page = reader.page
    reader.open("inquiries")
    reader.press("確認する")
    page.get_by_role("tab", name="内容の確認・提出").click()
    reader.settled()
    reader.shot("journey-phone-approval", allowed=LATIN)
    reader.press("確認して提出する")
    told(page, "回答を確認し、提出しました")


def _sent_back(reader: Reader) -> None:
    page = reader.page
    reader.open(f"{ANSWERING}&tab=回答状況")
    expect(page.get_by_role("button", name="枚方市 提出")).to_be_visible()
    page.get_by_role("button", name="堺市 提出").click()
    reader.settled()
    expect(page.get_by_text("回答の中身は事務局にも届きません")).to_be_visible()
    reader.shot("journey-board", allowed=LATIN)
    reader.press("差し戻す")
    page.get_by_role("dialog").get_by_label("差し戻す理由(必須)").fill("人口を確かめてください")
    agree(reader, "差し戻す")
    told(page, "堺市の回答を差し戻しました")


def _corrected(reader: Reader) -> None:
    page = reader.page
    reader.open(ANSWERING)
    expect(page.get_by_text("人口を確かめてください").first).to_be_visible()
    page.get_by_role("radio", name="画面で記入する").click()
    reader.settled()
    reader.type("人口(人) [B4]", "816,000")
    reader.press("内容を確認する")
    expect(page.get_by_text("変わるところ: 1問")).to_be_visible()
    reader.press("提出し直す")
    told(page, "回答を提出しました")


def _revealed(wall: Page) -> None:
    wall.keyboard.press("2")  # the plans are the first scene, the form is none
    expect(wall.locator(".wall h2")).to_have_text("次に共同調達するシステム")
    wall.keyboard.press("r")
    expect(wall.get_by_role("dialog", name="結果を公開しますか")).to_be_visible()
    wall.get_by_role("button", name="公開する").click()
    expect(wall.locator(".wall").get_by_text("1位 電子決裁").first).to_be_visible()


def _tallied(reader: Reader) -> None:
    page = reader.page
    reader.open(f"{ANSWERING}&tab=集計")
    expect(page.get_by_text("43団体のうち 2団体が提出")).to_be_visible()
    reader.shot("journey-tally", allowed=LATIN)


def _merged(reader: Reader, folder: Path) -> None:
    page = reader.page
    reader.choose_tab("様式")
    expect(page.get_by_text("提出 2/43団体")).to_be_visible()
    expect(page.get_by_text("提出し直した団体 1")).to_be_visible()
    reader.shot("journey-merging", allowed=LATIN)
    said = words_of(downloaded(reader, "1団体1シート", folder))
    for words in ("堺市", "816000", "枚方市", "397000", SECRET):
        assert words in said
    assert "817000" not in said


def _reflected(reader: Reader, server: RunningServer) -> None:
    page = reader.page
    reader.choose_tab("反映")
    reader.press("すべて選ぶ")
    reader.press("2団体の回答を反映する")
    told(page, "2団体の回答を")
    reader.shot("journey-reflected", allowed=LATIN)
    with reading(server.engine) as session:
        wishes = current_wishes(wish_events(session))
    found = {code: (each.state, each.visits) for (code, _, plan), each in wishes.items() if plan == 1}  # fmt: skip
    assert found == {SAKAI: (WishState.WISHED, 12), HIRAKATA: (WishState.CONSIDERING, 10)}


def _nothing_of_another(reader: Reader, server: RunningServer, folder: Path) -> None:
    """The results are out; what 枚方市 handed in is still its own."""
    page = reader.page
    reader.open(f"{ANSWERING}&answer={HIRAKATA}&tab=様式")
    assert SECRET not in page.content()
    with reading(server.engine) as session:
        counted = response_of(session, inquiry_of(session, 1), HIRAKATA).counted
    assert counted is not None
    assert counted.recorded_by == "hirakata-kacho"
    assert counted.digest not in page.content()
    addresses = [f"inquiry-documents/{file}" for file in range(1, 5)]
    addresses += [f"attachments/inquiries/{HIRAKATA}/{file}" for file in range(1, 5)]
    for address in addresses:
        assert page.request.get(f"{server.address}/{address}").status == 404
    assert SECRET not in words_of(downloaded(reader, "記入用の様式(Excel)", folder))
