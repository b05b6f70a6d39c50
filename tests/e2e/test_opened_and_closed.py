"""What is opened has an address, and a box closes after its act: in a real browser.

Streamlit opens a page with other parameters without telling the browser, and keeps a box open for
whatever comes to stand in its place; nothing a reader typed or meant may be lost by either.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time, timedelta

import pytest
from playwright.sync_api import expect

from core.access.principal import CONSOLE, Principal, Role
from core.commands.consultations import request_consultation
from core.commands.enrolments import enrol as enrol_people
from core.commands.estimates import keep_estimate
from core.commands.trainings import create_training, publish_training
from core.consultation.request import RequestForm
from core.consultation.theme import MeetingForm, Theme
from core.estimate.request import EstimateRequest, PlanChoice
from core.training.enrolment import PlaceKind
from core.training.person import Applicant, Person
from core.training.training import TrainingContent, TrainingSession
from core.training.vocabulary import Audience, SessionFormat, TrainingKind, TrainingState
from core.views.enrolments import training_desk_view
from core.views.trainings import training_view
from tests.support.reader import Reader
from tests.support.reference import REFERENCE
from tests.support.running import Account, RunningServer

DAY = date(2026, 11, 24)
SAKAI = "271403"
TITLE = "生成AIの庁内利用 研修会"


@pytest.fixture
def size() -> str:
    return "wide"


@pytest.fixture(scope="module")
def officer(server: RunningServer) -> Account:
    return server.add_account("sakai", Role.OFFICER, SAKAI)


@pytest.fixture(scope="module")
def office(server: RunningServer) -> Account:
    return server.add_account("office", Role.SECRETARIAT)


def a_training(server: RunningServer, title: str, *, published: bool = True) -> str:
    content = TrainingContent(
        kind=TrainingKind.WORKSHOP, title=title, purpose="手引きを学ぶ。", theme="ai", host="大阪府",
        sessions=(TrainingSession("", DAY + timedelta(days=10), time(10), capacity=20),),
        audience=Audience.ALL_MUNICIPALITIES,
    )  # fmt: skip
    made = create_training(
        server.engine,
        CONSOLE,
        content=content,
        reference=REFERENCE,
        request_id=title,
        now=server.now(),
    )
    if published:
        publish_training(
            server.engine,
            CONSOLE,
            training_id=made,
            seen_version=1,
            reference=REFERENCE,
            now=server.now(),
        )
    return made


def enrolled(server: RunningServer, training_id: str) -> dict[str, PlaceKind]:
    """Who is enrolled in its only session, and their place."""
    desk = training_desk_view(
        server.engine, CONSOLE, REFERENCE, training_id=training_id, now=server.now()
    )
    lines = desk.sessions[0].lines
    return {str(line.person and line.person.name): line.place.kind for line in lines}


def enrol(server: RunningServer, training_id: str, names: Sequence[str]) -> None:
    desk = training_desk_view(
        server.engine, CONSOLE, REFERENCE, training_id=training_id, now=server.now()
    )
    enrol_people(
        server.engine, CONSOLE, lg_code=SAKAI,
        session_id=desk.sessions[0].session.session_id,
        applicants=[
            Applicant(Person(name, "DX推進課", "dx@city.example.lg.jp"), SessionFormat.ONLINE)
            for name in names
        ],
        reference=REFERENCE, request_id=training_id, now=server.now(),
    )  # fmt: skip


def is_listed(reader: Reader) -> None:
    expect(reader.page.get_by_role("heading", name=re.compile("これからの研修"))).to_be_visible()


def follow(reader: Reader, name: str) -> None:
    reader.page.get_by_test_id("stMain").get_by_role("link", name=name).click()
    reader.settled()


def is_open(reader: Reader, title: str) -> None:
    expect(reader.page.get_by_role("heading", name=title)).to_be_visible()


@pytest.mark.parametrize("narrowed", ["言葉", "年度", "うちが対象"])
def test_whoever_narrowed_the_list_first_is_enrolled(
    server: RunningServer, reader: Reader, officer: Account, narrowed: str
) -> None:
    title = f"{TITLE}({narrowed})"
    made = a_training(server, title)
    reader.sign_in(officer)
    reader.open("trainings")
    match narrowed:
        case "言葉":
            reader.type("言葉で探す", title)
        case "年度":
            reader.choose("年度", "令和8年度")
        case _:
            reader.tick("うちが対象")
    asked = reader.page.url
    follow(reader, title)
    is_open(reader, title)
    reader.page.get_by_label("氏名(1人目、必須)", exact=True).fill("堺 一郎")
    reader.page.get_by_label("所属(1人目、必須)", exact=True).fill("DX推進課")
    reader.page.get_by_label("メールアドレス(1人目、必須)", exact=True).fill(
        "dx@city.example.lg.jp"
    )
    reader.press("申し込む")
    expect(
        reader.page.get_by_test_id("stMain").get_by_text("申し込みました(堺 一郎: 参加確定)")
    ).to_be_in_viewport()
    assert enrolled(server, made) == {"堺 一郎": PlaceKind.SEATED}
    is_open(reader, title)
    follow(reader, "研修の一覧へ戻る")
    expect(reader.page).to_have_url(asked)


def test_a_draft_that_was_opened_from_the_desk_is_published(
    server: RunningServer, reader: Reader, office: Account
) -> None:
    title = f"{TITLE}(下書き)"
    made = a_training(server, title, published=False)
    reader.sign_in(office)
    reader.open("trainings?view=desk")
    follow(reader, title)
    reader.press("公開する")
    reader.page.get_by_role("dialog").get_by_role("button", name="公開する").click()
    told = reader.page.get_by_test_id("stMain").get_by_text(f"「{title}」を公開しました。")
    expect(told).to_be_in_viewport()
    shown = training_view(server.engine, CONSOLE, REFERENCE, training_id=made, as_of=DAY)
    assert shown.training.state is TrainingState.PUBLISHED


def test_from_a_copied_link_the_way_back_leads_to_the_list(
    server: RunningServer, reader: Reader
) -> None:
    made = a_training(server, f"{TITLE}(写したリンク)")
    reader.open(f"trainings?training={made}")
    follow(reader, "研修の一覧へ戻る")
    is_listed(reader)
    reader.type("言葉で探す", TITLE)
    is_listed(reader)
    expect(reader.page).not_to_have_url(re.compile("training="))


@pytest.mark.parametrize("query", ["", "?q=%E7%94%9F%E6%88%90AI"])
def test_back_closes_a_training_and_a_reload_keeps_it(
    server: RunningServer, reader: Reader, query: str
) -> None:
    title = f"{TITLE}(戻るボタン{query[:2]})"
    made = a_training(server, title)
    reader.open(f"trainings{query}")
    asked = reader.page.url
    follow(reader, title)
    is_open(reader, title)
    expect(reader.page).to_have_url(re.compile(f"training={made}"))
    reader.page.go_back()
    reader.settled()
    is_listed(reader)
    expect(reader.page).to_have_url(asked)
    reader.page.go_forward()
    reader.settled()
    is_open(reader, title)
    reader.page.reload()
    reader.settled()
    is_open(reader, title)


def test_a_filter_is_still_there_after_another_screen(reader: Reader) -> None:
    reader.open("trainings")
    reader.type("言葉で探す", "電子契約")
    reader.go("使い方・出典")
    reader.go("研修")
    expect(reader.page.get_by_label("言葉で探す")).to_have_value("電子契約")


def test_after_a_cancellation_no_box_is_open_for_the_next_colleague(
    server: RunningServer, reader: Reader, officer: Account
) -> None:
    made = a_training(server, f"{TITLE}(取消し)")
    enrol(server, made, ["堺 一郎", "堺 二郎", "堺 三郎"])
    reader.sign_in(officer)
    reader.open(f"trainings?training={made}")
    main = reader.page.get_by_test_id("stMain")
    main.get_by_role("button", name="取り消す").first.click()
    act = reader.page.get_by_role("button", name="申込を取り消す")
    expect(act).to_be_visible()
    box = act.bounding_box()
    assert box is not None
    act.click()
    expect(
        reader.page.get_by_test_id("stMain").get_by_text("堺 一郎の申込を取り消しました。")
    ).to_be_in_viewport()
    expect(act).to_have_count(0)
    reader.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    reader.settled()
    assert enrolled(server, made) == {
        "堺 一郎": PlaceKind.CANCELLED,
        "堺 二郎": PlaceKind.SEATED,
        "堺 三郎": PlaceKind.SEATED,
    }


def test_after_a_kept_estimate_was_deleted_no_box_is_open_for_the_next(
    server: RunningServer, reader: Reader, officer: Account
) -> None:
    who = Principal(officer.username, "", Role.OFFICER, SAKAI)
    for name in ("予算要求の案", "中学校分を足した案"):
        keep_estimate(
            server.engine, who, lg_code=SAKAI, name=name,
            request=EstimateRequest(2027, (PlanChoice(1, 12),)), reference=REFERENCE,
            request_id=name, now=server.now(),
        )  # fmt: skip
    reader.sign_in(officer)
    reader.open("our_municipality")
    main = reader.page.get_by_test_id("stMain")
    main.get_by_role("button", name="削除する").first.click()
    said = reader.page.get_by_text("一覧から外します。")
    expect(said).to_be_visible()
    reader.press("削除する")
    expect(reader.page.get_by_text(re.compile("試算「.*」を削除しました。")).first).to_be_visible()
    expect(said).to_have_count(0)
    expect(main.get_by_role("button", name="削除する")).to_have_count(1)


def test_after_a_change_its_box_is_closed_and_shows_the_change_next_time(
    server: RunningServer, reader: Reader, officer: Account
) -> None:
    made = a_training(server, f"{TITLE}(変更)")
    enrol(server, made, ["堺 一郎", "堺 二郎"])
    reader.sign_in(officer)
    reader.open(f"trainings?training={made}")
    main = reader.page.get_by_test_id("stMain")
    main.get_by_role("button", name="変更する").first.click()
    reader.page.get_by_label("氏名(必須)", exact=True).fill("堺 太郎")
    reader.press("この内容に変更する")
    expect(reader.page.get_by_text("堺 太郎の申込を変更しました。")).to_be_visible()
    expect(reader.page.get_by_role("button", name="この内容に変更する")).to_have_count(0)
    main.get_by_role("button", name="変更する").first.click()
    expect(reader.page.get_by_label("氏名(必須)", exact=True)).to_have_value("堺 太郎")


def a_consultation(server: RunningServer, title: str) -> str:
    form = RequestForm(
        theme=Theme.SECURITY.value,
        title=title, question="費用を知りたい。", tried="", meeting=MeetingForm.WRITTEN.value,
        wished=[], wished_note="", department="情報政策課", contact="堺 一郎",
        mail="dx@city.example.lg.jp", phone="",
    )  # fmt: skip
    return request_consultation(
        server.engine, CONSOLE, lg_code=SAKAI, form=form, files=(), reference=REFERENCE, request_id=title,
        now=server.now(),
    )  # fmt: skip


def test_back_closes_a_consultation_and_a_reload_keeps_it(
    server: RunningServer, reader: Reader, office: Account
) -> None:
    first, second = (a_consultation(server, title) for title in ("無線LANの費用", "電子契約"))
    reader.sign_in(office)
    reader.open(f"consultations?number={second}")
    is_open(reader, second)
    reader.page.get_by_role("region", name="相談の一覧").get_by_role("button", name=first).click()
    reader.settled()
    is_open(reader, first)
    expect(reader.page).to_have_url(re.compile(f"number={first}"))
    reader.page.reload()
    reader.settled()
    is_open(reader, first)
    reader.page.go_back()
    reader.settled()
    is_open(reader, second)


def test_back_closes_an_indicator_and_a_reload_keeps_it(reader: Reader, office: Account) -> None:
    reader.sign_in(office)
    reader.open("kpi")
    reader.choose_tab("一覧")
    reader.page.get_by_role("button", name="推移・内訳").first.click()
    opened = reader.page.get_by_role("tab", name="推移・内訳", exact=True)
    expect(opened).to_have_attribute("aria-selected", "true")
    expect(reader.page).to_have_url(re.compile("indicator="))
    reader.page.reload()
    reader.settled()
    expect(opened).to_have_attribute("aria-selected", "true")
    reader.page.go_back()
    reader.settled()
    expect(opened).to_have_attribute("aria-selected", "false")
    expect(reader.page).not_to_have_url(re.compile("indicator="))


def test_a_record_of_the_ledger_has_an_address(reader: Reader, office: Account) -> None:
    reader.sign_in(office)
    reader.open("ledger?record=1")
    opened = reader.page.get_by_role("heading", name=re.compile("^記録番号1: "))
    expect(opened).to_be_visible()
    reader.open("ledger?record=999999")
    expect(reader.page.get_by_text("リンクの記録番号「999999」はありません。")).to_be_visible()
    reader.page.go_back()
    reader.settled()
    expect(opened).to_be_visible()


def test_back_closes_a_municipality(reader: Reader) -> None:
    reader.open("procurement")
    reader.choose("市町村", "堺市")
    expect(reader.page.get_by_role("heading", name="堺市")).to_be_visible()
    reader.page.go_back()
    reader.settled()
    expect(reader.page.get_by_role("heading", name="堺市")).to_have_count(0)
    expect(reader.page).to_have_url(re.compile("procurement$"))
