"""研修 from finding one to the secretariat's list: the whole way in a real browser."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date, time, timedelta
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Locator, expect

from core.access.principal import CONSOLE, Role
from core.commands.enrolments import enrol as enrol_people
from core.commands.trainings import create_training, publish_training
from core.training.person import Applicant, Person
from core.training.training import TrainingContent, TrainingSession
from core.training.vocabulary import Audience, SessionFormat, TrainingKind
from core.views.enrolments import training_desk_view
from tests.support.reader import BOTH, Reader
from tests.support.reference import REFERENCE
from tests.support.running import Account, RunningServer

DAY = date(2026, 11, 24)
SAKAI, HIRAKATA = "271403", "272108"
NAMES = ["ospf", "fit", "gap", "sakai", "hirakata", "office", "wide", "narrow"]
MADE: dict[str, dict[str, Account]] = {}


def accounts(server: RunningServer, size: str) -> dict[str, Account]:
    """Everybody who appears, once for each size: a journey leaves its marks behind."""
    if size not in MADE:
        MADE[size] = {
            "sakai": server.add_account(f"sakai-{size}", Role.OFFICER, SAKAI),
            "hirakata": server.add_account(f"hirakata-{size}", Role.OFFICER, HIRAKATA),
            "office": server.add_account(f"office-{size}", Role.SECRETARIAT),
        }
    return MADE[size]


@pytest.fixture(scope="module", autouse=True)
def _fresh(server: RunningServer) -> None:
    MADE.clear()


def a_training(server: RunningServer, title: str) -> str:
    """Published, today until late in the evening, two seats."""
    session = TrainingSession(
        "", DAY, time(23, 58), time(23, 59), tuple(SessionFormat), "咲洲庁舎 2階",
        "https://meeting.example/j/8412", 2,
    )  # fmt: skip
    later = TrainingSession("", DAY + timedelta(days=10))
    content = TrainingContent(
        kind=TrainingKind.WORKSHOP, title=title, purpose="生成AIを業務に使うための手引きを学ぶ。",
        theme="ai", host="大阪府", sessions=(session, later), audience=Audience.ALL_MUNICIPALITIES,
        open_data=True,
    )  # fmt: skip
    made = create_training(
        server.engine,
        CONSOLE,
        content=content,
        reference=REFERENCE,
        request_id=title,
        now=server.now(),
    )
    publish_training(
        server.engine,
        CONSOLE,
        training_id=made,
        seen_version=1,
        reference=REFERENCE,
        now=server.now(),
    )
    return made


def fetched(address: str) -> str:
    """As a calendar program fetches it; folded lines put together."""
    with urlopen(Request(address)) as answer:
        body: bytes = answer.read()
    return body.replace(b"\r\n ", b"").decode()


def said(reader: Reader, words: str) -> Locator:
    """What the page says in sight; what is read aloud stands outside of it."""
    return reader.page.get_by_test_id("stMain").get_by_text(words)


MOST_ACTIONS_FOR_TWO = (
    6  # name, department, mail and way of the first, name of the second, 申し込む
)


def enrol(reader: Reader, *names: str) -> None:
    """Through the form; everybody of one department and mailbox, online. Two at most.

    The answer is in sight without scrolling, and two colleagues take no more actions than that.
    """
    page, actions = reader.page, 0
    for number, name in enumerate(names, start=1):
        field = page.get_by_label(re.compile(f"^氏名[(]{number}人目"))
        field.fill(name)
        actions += 1
    page.get_by_label("所属(1人目、必須)", exact=True).fill("DX推進課")
    page.get_by_label("メールアドレス(1人目、必須)", exact=True).fill("dx@city.example.lg.jp")
    options = page.get_by_role("radiogroup", name="参加方法(1人目、必須)")
    options.get_by_role("radio", name="オンライン").click()
    reader.press("申し込む")
    actions += 4
    assert len(names) != 2 or actions <= MOST_ACTIONS_FOR_TWO
    expect(said(reader, f"の日程に{len(names)}人を申し込みました")).to_be_in_viewport()
    reader.settled()


@pytest.mark.parametrize("size", BOTH)
def test_from_finding_a_training_to_the_secretariats_list(
    server: RunningServer, open_reader: Callable[[], Reader], size: str
) -> None:
    title = f"生成AIの庁内利用 研修会({'広い' if size == 'wide' else '狭い'}画面)"
    made = a_training(server, title)
    everybody = accounts(server, size)

    # Find, without an account.
    stranger = open_reader()
    stranger.open("trainings")
    stranger.shot("trainings-list", allowed=NAMES)
    stranger.type("言葉で探す", "生成ａｉ")
    stranger.page.get_by_test_id("stMain").get_by_role("link", name=title).click()
    expect(stranger.page.get_by_role("heading", name=title)).to_be_visible()
    expect(stranger.page.get_by_text("meeting.example")).to_have_count(0)
    stranger.shot("trainings-detail-public", allowed=NAMES)

    # Subscribe.
    sakai = open_reader()
    sakai.sign_in(everybody["sakai"])
    sakai.open("trainings?view=subscribe")
    public = sakai.page.locator(".noriai-copied textarea").first.input_value()
    assert title in fetched(public).replace("\\", "")
    sakai.page.get_by_label("アドレスの名前").fill("共有予定表")
    sakai.press("アドレスを作る")
    expect(said(sakai, "この表示は一度だけです")).to_be_in_viewport()
    made_once = sakai.page.locator(".noriai-copied").filter(has_text="/calendar/")
    expect(made_once).to_be_in_viewport()
    personal = made_once.locator("textarea").input_value()
    sakai.shot("trainings-subscribe", allowed=NAMES)
    assert title not in fetched(personal)

    # Enrol two.
    sakai.open(f"trainings?training={made}")
    enrol(sakai, "堺 一郎", "堺 二郎")
    expect(sakai.page.get_by_text("参加確定", exact=True)).to_have_count(2)
    expect(sakai.page.get_by_text("meeting.example").first).to_be_visible()
    sakai.shot("trainings-enrolled", allowed=NAMES)
    mine = fetched(personal).replace("\\", "")
    assert title in mine
    assert "meeting.example" in mine
    assert "堺 一郎" not in mine

    # A neighbour finds it full, waits, and sees nobody else.
    hirakata = open_reader()
    hirakata.sign_in(everybody["hirakata"])
    hirakata.open(f"trainings?training={made}")
    expect(hirakata.page.get_by_text("満席・キャンセル待ち受付中")).to_be_visible()
    enrol(hirakata, "枚方 花子")
    expect(hirakata.page.get_by_text("キャンセル待ち1番", exact=True)).to_be_visible()
    expect(hirakata.page.get_by_text("堺 一郎")).to_have_count(0)
    expect(hirakata.page.get_by_text("meeting.example")).to_have_count(0)
    hirakata.shot("trainings-waiting", allowed=NAMES)

    # One of the two cannot come: the seat is offered to the neighbour, who takes it.
    sakai.page.get_by_test_id("stMain").get_by_role("button", name="取り消す").last.click()
    asked = sakai.page.get_by_role("dialog")
    expect(asked.get_by_text("堺 二郎の申込")).to_be_visible()
    sakai.shot("trainings-cancelling", allowed=NAMES)
    asked.get_by_role("button", name="申込を取り消す").click()
    expect(said(sakai, "堺 二郎の申込を取り消しました")).to_be_in_viewport()
    sakai.settled()
    expect(asked).to_have_count(0)
    expect(sakai.page.get_by_text("参加確定", exact=True)).to_have_count(1)
    hirakata.open(f"trainings?training={made}")
    expect(hirakata.page.get_by_text("席が空きました。")).to_be_visible()
    expect(hirakata.page.get_by_text("meeting.example")).to_have_count(0)
    hirakata.shot("trainings-offered", allowed=NAMES)
    hirakata.press("参加する")
    expect(said(hirakata, "枚方 花子の参加が確定しました")).to_be_in_viewport()
    expect(hirakata.page.get_by_text("参加確定", exact=True)).to_be_visible()
    expect(hirakata.page.get_by_text("meeting.example").first).to_be_visible()

    # The code on the wall, and who enters it.
    office = open_reader()
    office.sign_in(everybody["office"])
    office.open(f"trainings?training={made}")
    office.choose_tab("申込者・出席")
    office.press("出席コードを作る")
    code_shown = office.page.locator(".noriai-code")
    expect(code_shown).to_be_visible()
    hirakata.page.reload()
    hirakata.settled()
    hirakata.page.get_by_role("button", name="枚方 花子").click()
    hirakata.page.get_by_label("会場に表示されている出席コード").fill(code_shown.inner_text())
    hirakata.press("出席を記録する")
    expect(said(hirakata, "1人の出席を記録しました。")).to_be_in_viewport()
    hirakata.shot("trainings-attended", allowed=NAMES)

    # The secretariat's view.
    office.page.reload()
    office.settled()
    office.choose_tab("申込者・出席")
    expect(office.page.get_by_text("出席1人・出席未記録1人")).to_be_visible()
    letters = re.findall("[A-Z]+", code_shown.inner_text())
    office.shot("trainings-desk", allowed=[*NAMES, *letters])
    office.press("未記録の参加確定者を全員出席にする")
    desk = training_desk_view(server.engine, CONSOLE, REFERENCE, training_id=made, now=server.now())
    present = [line for line in desk.sessions[0].lines if line.attendance is not None]
    assert {str(line.person and line.person.name) for line in present} == {"堺 一郎", "枚方 花子"}
    office.open("trainings?view=reach")
    expect(office.page.get_by_text("最も多くの団体が参加したのは")).to_be_visible()
    office.shot("trainings-reach", allowed=NAMES)


def test_attendance_comes_back_in_the_list_that_was_saved(
    server: RunningServer, open_reader: Callable[[], Reader], size: str
) -> None:
    made = a_training(server, "出席簿の研修")
    desk = training_desk_view(server.engine, CONSOLE, REFERENCE, training_id=made, now=server.now())
    people = [
        Applicant(Person(name, "DX推進課", "dx@city.example.lg.jp"), SessionFormat.ONLINE)
        for name in ("髙﨑 😀", "堺 二郎")
    ]
    enrol_people(
        server.engine, CONSOLE, lg_code=SAKAI, session_id=desk.sessions[0].session.session_id,
        applicants=people, reference=REFERENCE, request_id=made, now=server.now(),
    )  # fmt: skip
    office = open_reader()
    office.sign_in(accounts(server, size)["office"])
    office.open(f"trainings?training={made}")
    office.choose_tab("申込者・出席")
    with office.page.expect_download() as downloaded:
        office.page.get_by_role("button", name="名簿(CSV)").click()
    saved = Path(downloaded.value.path()).read_bytes().decode("utf-8-sig")
    heading, *rows = csv.reader(io.StringIO(saved))
    assert {row[heading.index("氏名")] for row in rows} == {"髙﨑 😀", "堺 二郎"}
    office.page.get_by_text("出席をファイルから取り込む").click()

    def bring(content: bytes, name: str) -> None:
        office.page.locator("input[type=file]").set_input_files(
            [{"name": name, "mimeType": "text/csv", "buffer": content}]
        )

    def marked(*marks: str) -> bytes:
        text = io.StringIO()
        filled = [
            [*row[: heading.index("出席")], mark] for row, mark in zip(rows, marks, strict=True)
        ]
        csv.writer(text, lineterminator="\r\n").writerows([heading, *filled])
        return text.getvalue().encode("utf-8-sig")

    bring(b"MZ\x90\x00" + b"\0" * 300, "名簿1.csv")
    expect(said(office, "Excel(.xlsx)でもCSVでもないか")).to_be_visible()
    bring(marked("○", "△"), "名簿2.csv")
    expect(said(office, "「△」は読めません")).to_be_visible()
    expect(said(office, "まだ何も記録していません")).to_be_visible()
    bring(marked("○", "×"), "名簿3.csv")
    office.press("この内容で記録する")
    expect(said(office, "2人の出欠を記録しました。")).to_be_in_viewport()
    expect(office.page.get_by_text("出席1人・出席未記録0人")).to_be_visible()
    for row, mark in zip(rows, ("出席", "欠席"), strict=True):
        name = row[heading.index("氏名")]
        choices = office.page.get_by_role("radiogroup", name=re.compile(re.escape(name)))
        expect(choices.get_by_role("radio", name=mark, exact=True)).to_be_checked()
    office.shot("trainings-attendance-file", allowed=NAMES)


@pytest.mark.parametrize("size", BOTH)
def test_month_and_year_are_read_at_both_sizes(reader: Reader) -> None:
    reader.open("trainings?view=month&month=2022-08")
    words = "電子契約システム操作デモ・ハンズオン勉強会"
    expect(reader.page.get_by_role("link", name=words).filter(visible=True)).to_have_count(4)
    expect(reader.page.get_by_text("山の日").filter(visible=True)).to_have_count(1)
    expect(reader.page.get_by_role("table").filter(visible=True)).to_have_count(
        1 if reader.size == "wide" else 0
    )
    reader.shot("trainings-month")
    reader.page.get_by_role("link", name=words).filter(visible=True).first.click()
    expect(reader.page.get_by_role("heading", name=words)).to_be_visible()
    reader.settled()
    reader.page.get_by_role("link", name="研修の一覧へ戻る").click()
    reader.settled()
    expect(reader.page).to_have_url(re.compile("month=2022-08"))
    reader.open("trainings?view=year&fy=2022")
    reader.shot("trainings-year", allowed=NAMES)


def test_open_data_is_described_without_signing_in(reader: Reader, server: RunningServer) -> None:
    reader.page.goto(f"{server.address}/open-data/")
    expect(reader.page.get_by_role("heading", name="オープンデータ")).to_be_visible()
    reader.page.get_by_text("府内市町村一覧の列の説明(8列)").click()
    expect(reader.page.get_by_role("rowheader", name="市区町村名_カナ")).to_be_visible()
    assert reader.page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    with urlopen(f"{server.address}/open-data/trainings.csv") as answer:
        assert answer.read().startswith(b"\xef\xbb\xbf")


def test_a_signed_out_reader_is_offered_neither_enrolling_nor_the_desk(reader: Reader) -> None:
    reader.open("trainings?training=2022-13")
    expect(reader.page.get_by_role("button", name="申し込む")).to_have_count(0)
    expect(reader.page.get_by_role("tab", name="申込者・出席")).to_have_count(0)
    reader.open("trainings?view=desk")
    expect(
        reader.page.get_by_text("「作成・下書き」は、事務局としてサインインすると使えます。")
    ).to_be_visible()
    expect(reader.page.get_by_role("button", name="下書きを作る")).to_have_count(0)
