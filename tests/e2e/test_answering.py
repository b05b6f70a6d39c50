"""照会への回答: on a phone from the list to the receipt; two hands of one municipality and the secretariat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from core.access.principal import Role
from core.commands.responses import return_answer, set_approval_rule
from core.inquiry.answer import Answers
from core.inquiry.response import Response
from core.store.engine import reading
from core.store.inquiries import inquiry_of, response_of
from tests.support.inquiries import CLOSES, OFFICE, does, officer, published
from tests.support.reader import Reader
from tests.support.running import Account, RunningServer
from tests.support.screens import HIRAKATA, SAKAI, japan_now

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
LATIN = ("docx", "pptx", "png", "jpg", "jpeg", "txt", "sha", "kacho", "sakai", "test", "ctrl")


@dataclass(frozen=True)
class Accounts:
    """Who signs in."""

    sakai: Account
    kacho: Account
    hirakata: Account
    office: Account


@pytest.fixture(scope="module")
def accounts(server: RunningServer) -> Accounts:
    return Accounts(
        server.add_account("sakai-dx", Role.OFFICER, SAKAI),
        server.add_account("sakai-kacho", Role.OFFICER, SAKAI),
        server.add_account("hirakata-dx", Role.OFFICER, HIRAKATA),
        server.add_account("jimukyoku-2", Role.SECRETARIAT),
    )


def response(server: RunningServer, number: int) -> Response:
    with reading(server.engine) as session:
        return response_of(session, inquiry_of(session, number), SAKAI)


def typed(server: RunningServer, number: int) -> Answers:
    draft = response(server, number).draft
    return {} if draft is None else draft.typed


@pytest.mark.parametrize("size", ["narrow"])
def test_a_phone_leads_from_the_list_to_the_receipt(
    open_reader: Callable[[], Reader], server: RunningServer, accounts: Accounts
) -> None:
    number = published(server.engine)
    reader = open_reader()
    page = reader.page
    reader.sign_in(accounts.sakai)
    reader.go("照会・回答")
    reader.shot("answering-list", allowed=LATIN)
    reader.press("回答する")
    reader.type("困っていること", "応募が<ない>")
    page.get_by_role("radio", name="はい", exact=True).or_(
        page.get_by_role("button", name="はい", exact=True)
    ).first.click()
    reader.type("利用料の予算", "120万")
    expect(page.get_by_text("120万 = 1,200,000円")).to_be_visible()
    expect(page.get_by_text("下書きを保存しました").first).to_be_visible()
    page.locator("input[type=file]").set_input_files(
        [{"name": "計画.pdf", "mimeType": "application/pdf", "buffer": PDF}]
    )
    reader.press("添付する")
    link = page.get_by_role("link", name="計画.pdf")
    expect(link).to_be_visible()
    reader.shot("answering-form", allowed=LATIN)
    path = str(link.get_attribute("href"))

    # Signed out and in again, everything is back.
    reader.sign_out()
    reader = open_reader()
    page = reader.page
    reader.sign_in(accounts.sakai)
    reader.go("照会・回答")
    reader.press("続きを書く")
    expect(page.get_by_label("利用料の予算")).to_have_value("120万")
    expect(page.get_by_role("link", name="計画.pdf")).to_be_visible()
    reader.press("内容を確認する")
    reader.shot("answering-confirm", allowed=LATIN)
    reader.press("提出する")
    expect(page.get_by_text("回答を提出しました").first).to_be_visible()
    counted = response(server, number).counted
    assert counted is not None
    expect(page.get_by_label("SHA-256(内容の要約値)").first).to_have_value(counted.digest)
    reader.shot("answering-receipt", allowed=LATIN)
    assert counted.answers is not None
    assert counted.answers["cost"] == 1_200_000

    # Another municipality reaches neither the answer nor the file, whatever the address says.
    stranger = open_reader()
    stranger.sign_in(accounts.hirakata)
    stranger.open(f"inquiries?inquiry={number}&tab=受領・経過")
    assert "応募が" not in stranger.page.content()
    assert counted.digest not in stranger.page.content()
    for address in (path, path.replace(SAKAI, HIRAKATA)):
        answer = stranger.page.request.get(f"{server.address}{address}")
        assert answer.status == 404
        assert PDF not in answer.body()
    own = page.request.get(f"{server.address}{path}")
    assert own.body() == PDF


def test_two_hands_of_one_municipality_and_the_secretariat(
    open_reader: Callable[[], Reader], server: RunningServer, accounts: Accounts
) -> None:
    number = published(server.engine, title="二人で答える照会", closes=CLOSES)
    does(server.engine, set_approval_rule, officer(), lg_code=SAKAI, required=True)
    one, two, office = open_reader(), open_reader(), open_reader()
    for reader, account in ((one, accounts.sakai), (two, accounts.kacho)):
        reader.sign_in(account)
        reader.open(f"inquiries?inquiry={number}")
    one.type("困っていること", "一人目の秘密の文")
    two.type("困っていること", "二人目の文")
    expect(two.page.get_by_text("保存していません").first).to_be_visible()
    expect(two.page.get_by_text("相手: 一人目の秘密の文").first).to_be_visible()
    assert typed(server, number)["why"] == "一人目の秘密の文"
    two.shot("answering-second-hand", allowed=LATIN)
    two.page.get_by_text("相手の内容", exact=True).first.click()
    two.press("選んだ内容で保存する")
    expect(two.page.get_by_label("困っていること")).to_have_value("一人目の秘密の文")

    # A draft is the municipality's own: no message to the secretariat's browser says what is in it.
    office.sign_in(accounts.office)
    office.open(f"inquiries?inquiry={number}")
    assert "一人目の秘密の文" not in office.page.content()

    two.page.get_by_role("radio", name="いいえ", exact=True).or_(
        two.page.get_by_role("button", name="いいえ", exact=True)
    ).first.click()
    two.settled()
    two.press("内容を確認する")
    two.press("確認を依頼する")
    expect(two.page.get_by_text("依頼した本人は確認できません").first).to_be_visible()
    assert response(server, number).counted is None
    one.open(f"inquiries?inquiry={number}&tab=内容の確認・提出")
    one.shot("answering-approval", allowed=LATIN)
    one.press("確認して提出する")
    expect(one.page.get_by_text("回答を確認し、提出しました").first).to_be_visible()
    counted = response(server, number).counted
    assert counted is not None
    assert counted.recorded_by == "sakai-dx"
    does(
        server.engine,
        return_answer,
        OFFICE,
        lg_code=SAKAI,
        inquiry_id=number,
        reason="金額を確かめてください",
        seen_event=counted.event_id,
        clock=lambda _: japan_now(),
    )
    two.open(f"inquiries?inquiry={number}")
    expect(two.page.get_by_text("事務局から差し戻されました").first).to_be_visible()
    two.shot("answering-returned", allowed=LATIN)
