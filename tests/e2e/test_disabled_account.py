"""An account disabled a moment ago, in front of a page that was drawn before: nothing goes out,
nothing is done, and it is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time

import pytest
from playwright.sync_api import Download, expect
from sqlalchemy import select

from core.access.principal import CONSOLE, Role
from core.commands.accounts import set_account_active
from core.commands.enrolments import enrol
from core.commands.meetings import keep_meeting_set
from core.commands.trainings import create_training, publish_training
from core.store.audit import AuditRow
from core.store.engine import reading
from core.training.person import Applicant, Person
from core.training.training import TrainingContent, TrainingSession
from core.training.vocabulary import Audience, SessionFormat, TrainingKind
from core.views.enrolments import training_desk_view
from core.views.meetings import meetings_view
from dashboard.context import COOKIE
from tests.support.reader import Reader
from tests.support.reference import REFERENCE
from tests.support.running import Account, RunningServer

SAKAI = "271403"
NOT_MADE = "ファイルを作れませんでした。サインインが終わったか、権限が変わったか、データベースが使えません。"


@pytest.fixture(params=["wide"])
def size(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def training(server: RunningServer) -> str:
    """With somebody enrolled whose name is nobody else's business."""
    day = server.now().date()
    session = TrainingSession("", day, time(23, 58), time(23, 59), tuple(SessionFormat))
    content = TrainingContent(
        kind=TrainingKind.WORKSHOP, title="名簿のある研修", purpose="名簿を守る。", theme="ai", host="大阪府",
        sessions=(session,), audience=Audience.ALL_MUNICIPALITIES, open_data=True,
    )  # fmt: skip
    made = create_training(
        server.engine,
        CONSOLE,
        content=content,
        reference=REFERENCE,
        request_id="made",
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
    desk = training_desk_view(server.engine, CONSOLE, REFERENCE, training_id=made, now=server.now())
    enrol(
        server.engine,
        CONSOLE,
        lg_code=SAKAI,
        session_id=desk.sessions[0].session.session_id,
        applicants=[
            Applicant(Person("髙﨑 花子", "DX推進課", "dx@example.lg.jp"), SessionFormat.ONLINE)
        ],
        reference=REFERENCE,
        request_id="enrolled",
        now=server.now(),
    )
    return made


def actions(server: RunningServer) -> list[str]:
    with reading(server.engine) as session:
        return list(session.scalars(select(AuditRow.action)))


def refused(reader: Reader, button: str) -> None:
    """The file is not made, and the button says so."""
    saved: list[Download] = []
    reader.page.on("download", lambda file: saved.append(file))
    place = reader.page.get_by_test_id("stDownloadButton").filter(has_text=button)
    place.get_by_role("button").click()
    expect(place).to_contain_text(NOT_MADE)
    assert saved == []


def test_a_list_of_names_is_not_handed_out(
    server: RunningServer, open_reader: Callable[[], Reader], training: str
) -> None:
    office = server.add_account("jimu", Role.SECRETARIAT)
    reader = open_reader()
    reader.sign_in(office)
    reader.open(f"trainings?training={training}")
    reader.choose_tab("申込者・出席")
    with reader.page.expect_download():
        reader.page.get_by_role("button", name="名簿(CSV)").click()
    assert actions(server).count("enrolment:export") == 1
    server.disable(office)
    refused(reader, "名簿(CSV)")
    refused(reader, "名簿(Excel)")
    assert actions(server).count("enrolment:export") == 1


def test_nor_is_that_of_the_own_municipality(
    server: RunningServer, open_reader: Callable[[], Reader], training: str
) -> None:
    officer = server.add_account("sakai", Role.OFFICER, SAKAI)
    reader = open_reader()
    reader.sign_in(officer)
    reader.open("trainings?view=ours")
    before = actions(server).count("enrolment:export")
    server.disable(officer)
    refused(reader, "申込の一覧(CSV)を保存する")
    assert actions(server).count("enrolment:export") == before


def test_a_question_says_that_the_sign_in_ended_and_what_was_typed_waits(
    server: RunningServer, open_reader: Callable[[], Reader], training: str
) -> None:
    officer = server.add_account("sakai-2", Role.OFFICER, SAKAI)
    reader = open_reader()
    reader.sign_in_by_form(officer)
    reader.open(f"trainings?training={training}")
    reader.type("氏名(1人目、必須)", "堺 次郎")
    reader.press("取り消す")
    asked = reader.page.get_by_role("dialog")
    expect(asked).to_contain_text("髙﨑 花子")
    server.disable(officer)
    reader.press("申込を取り消す")
    expect(reader.page.get_by_text("サインインが終了しました")).to_be_visible()
    expect(asked).to_have_count(0)
    assert "enrolment:cancel" not in actions(server)
    set_account_active(
        server.engine, CONSOLE, username=officer.username, active=True, now=server.now()
    )
    reader.press("サインインし直す")
    reader.page.get_by_label("ユーザー名").fill(officer.username)
    reader.page.get_by_label("パスワード", exact=True).fill(officer.password)
    reader.page.get_by_test_id("stMain").get_by_role("button", name="サインイン").click()
    expect(reader.page.get_by_label("氏名(1人目、必須)")).to_have_value("堺 次郎")


def kept_sets(server: RunningServer) -> list[str]:
    return [each.name for each in meetings_view(server.engine, CONSOLE).sets]


def test_a_set_of_scenes_is_not_discarded(
    server: RunningServer, open_reader: Callable[[], Reader]
) -> None:
    keep_meeting_set(
        server.engine,
        CONSOLE,
        set_id=None,
        name="第3回会議",
        scenes=("number",),
        seconds=0,
        seen_row=0,
        reference=REFERENCE,
        request_id="kept",
        now=server.now(),
    )
    office: Account = server.add_account("jimu-2", Role.SECRETARIAT)
    reader = open_reader()
    reader.sign_in(office)
    reader.open("meeting_preparation")
    expect(reader.page.get_by_text("第3回会議", exact=True)).to_be_visible()
    reader.press("削除")
    server.disable(office)
    reader.press("削除する")
    expect(reader.page.get_by_text("サインインが終了しました")).to_be_visible()
    assert kept_sets(server) == ["第3回会議"]


def test_a_moment_of_the_wall_is_not_frozen(
    server: RunningServer, open_reader: Callable[[], Reader]
) -> None:
    office = server.add_account("jimu-3", Role.SECRETARIAT)
    reader = open_reader()
    reader.sign_in(office)
    reader.page.goto(f"{server.address}/meeting")
    freeze = reader.page.get_by_role("button", name="控えを取る")
    expect(freeze).to_be_visible()
    server.disable(office)
    freeze.click()
    expect(reader.page.get_by_text("サインインが終了しました")).to_be_visible()
    assert "meeting:freeze" not in actions(server)


def test_signing_out_twice_is_signing_out(
    server: RunningServer, open_reader: Callable[[], Reader]
) -> None:
    viewer = server.add_account("etsuran", Role.VIEWER)
    reader = open_reader()
    reader.sign_in(viewer)
    reader.open("about")
    leave = reader.page.get_by_role("button", name="サインアウト")
    expect(leave).to_be_visible()
    server.disable(viewer)
    leave.click()
    expect(reader.page.get_by_role("button", name="サインアウト")).to_have_count(0)
    reader.settled()
    assert "session:end" not in actions(server)


def test_the_address_of_a_made_file_is_for_its_sign_in_alone_and_gone_with_it(
    server: RunningServer, open_reader: Callable[[], Reader], training: str
) -> None:
    reader, other = open_reader(), open_reader()
    reader.sign_in(server.add_account("jimu-4", Role.SECRETARIAT))
    reader.open(f"trainings?training={training}")
    reader.choose_tab("申込者・出席")
    with reader.page.expect_download() as download:
        reader.page.get_by_role("button", name="名簿(CSV)").click()
    address = download.value.url
    found = reader.page.context.request.get(address)
    assert (found.status, "髙﨑" in found.text()) == (200, True)
    assert found.headers["cache-control"] == "private, no-store"
    assert found.headers["content-type"] == "text/csv; charset=utf-8"
    assert other.page.context.request.get(address).status == 404
    other.sign_in(server.add_account("jimu-5", Role.SECRETARIAT))
    assert other.page.context.request.get(address).status == 404
    reader.open("about")  # many scripts have ended since, and the button is gone
    reader.open("trainings")
    assert reader.page.context.request.get(address).status == 200
    cookies = {each["name"]: each["value"] for each in reader.page.context.cookies()}
    reader.sign_out()
    for kept in ({}, {"Cookie": f"{COOKIE}={cookies[COOKIE]}"}):
        assert reader.page.context.request.get(address, headers=kept).status == 404
