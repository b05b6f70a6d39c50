"""アドバイザー相談 after the meeting: answer by mail and on screen, a good example, and back again."""

# ruff: noqa: ARG002  the handlers have the signature of the library
from __future__ import annotations

import email
import email.policy
import re
import socket
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from playwright.sync_api import Locator, Page, expect

from core.access.principal import CONSOLE, Principal, Role
from core.commands.consultations import record_step, request_consultation
from core.consultation.attachment import OfferedFile
from core.consultation.event import ConsultationState, Step
from core.consultation.request import RequestForm
from core.consultation.theme import MeetingForm
from core.store.consultations import consultations
from core.store.engine import reading
from core.values.fiscal import JAPAN
from tests.support.reader import Reader
from tests.support.reference import REFERENCE
from tests.support.running import Account, RunningServer
from tests.support.waiting import PATIENCE_SECONDS

SAKAI, HIRAKATA = "271403", "272108"
DAY = date(2026, 11, 24)
ASKED = datetime.combine(DAY, time(9), JAPAN)
LATIN = ("office", "sakai", "hirakata", "wide", "http", "number", "consultations")


class Mailbox:
    """Keeps what a mail server is handed."""

    def __init__(self) -> None:
        self.mails: list[email.message.EmailMessage] = []

    async def handle_DATA(  # noqa: N802  the library's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(parsed, email.message.EmailMessage)
        self.mails.append(parsed)
        return "250 OK"


@pytest.fixture(scope="module")
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture(scope="module")
def extra(mailbox: Mailbox) -> Iterator[Mapping[str, str]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    controller = Controller(
        mailbox, hostname="127.0.0.1", port=port, ready_timeout=PATIENCE_SECONDS
    )
    controller.start()
    yield {"NORIAI_SMTP_URL": f"smtp://127.0.0.1:{port}/?from=govtech@pref.example.lg.jp"}
    controller.stop()


@pytest.fixture
def accounts(server: RunningServer) -> dict[str, Account]:
    return {
        "sakai": server.add_account("sakai", Role.OFFICER, SAKAI),
        "hirakata": server.add_account("hirakata", Role.OFFICER, HIRAKATA),
        "office": server.add_account("office", Role.SECRETARIAT),
    }


def scheduled(server: RunningServer) -> str:
    """A request whose meeting is today; its 受付番号."""
    form = RequestForm(
        theme="daily_work",
        title="公衆無線LANの費用",
        question="堺市役所の無線LANを更新します。\n費用の目安を知りたいです。",
        tried="",
        meeting="online",
        wished=(DAY,),
        wished_note="",
        department="DX推進課",
        contact="山田 花子",
        mail="dx@city.example.lg.jp",
        phone="",
    )
    number = request_consultation(
        server.engine,
        Principal("sakai-dx", "担当 花子", Role.OFFICER, SAKAI),
        lg_code=SAKAI,
        form=form,
        files=list[OfferedFile](),
        reference=REFERENCE,
        request_id="ask",
        now=ASKED,
    )
    with reading(server.engine) as session:
        asked = consultations(session)[-1]
    record_step(
        server.engine,
        CONSOLE,
        lg_code=SAKAI,
        consultation_id=asked.consultation_id,
        step=Step(ConsultationState.SCHEDULED, DAY, time(10), MeetingForm.ONLINE, "Teams"),
        seen_event=asked.last.event_id,
        request_id="day",
        now=ASKED,
    )
    return number


def in_sight(page: Page, words: str) -> Locator:
    """What the page says; what is read aloud stands outside of it."""
    return page.get_by_test_id("stMain").get_by_text(words)


def found(reader: Reader, words: str) -> None:
    """Look for good examples by words."""
    reader.open("consultations")
    reader.choose_tab("好事例")
    reader.type("ことばで探す", words)


def test_an_answer_is_mailed_agreed_to_published_found_and_taken_back(
    server: RunningServer,
    open_reader: Callable[[], Reader],
    accounts: dict[str, Account],
    mailbox: Mailbox,
) -> None:
    number = scheduled(server)
    product = "メッシュ方式"

    # The secretariat writes down what was answered; without an answer nothing is recorded.
    office = open_reader()
    office.sign_in(accounts["office"])
    office.open(f"consultations?number={number}")
    desk = office.page
    desk.get_by_text("次の状態を記録する").click()
    desk.get_by_role("radio", name="実施済", exact=True).last.click()
    office.settled()
    office.press("「実施済」と記録する")
    expect(in_sight(desk, "入力した内容はそのまま残っています")).to_be_visible()
    desk.get_by_label("アドバイザーの回答", exact=False).fill(
        f"{product}なら中継器が要りません。\n堺市では5台で足ります。"
    )
    office.press("「実施済」と記録する")
    expect(in_sight(desk, "を「実施済」と記録しました")).to_be_visible()
    office.settled()
    expect(desk.get_by_role("button", name="と記録する")).to_have_count(0)  # folded by the act

    # The mail goes out by a click, once, with the text in sight; not to an address that is none.
    desk.get_by_text("メールの文面").click()
    mail = desk.locator(".noriai-copied textarea")
    expect(mail.nth(1)).to_be_visible()
    subject = mail.first.input_value()
    desk.get_by_label("宛先").fill("dx at city")
    office.press("このメールを送る")
    expect(in_sight(desk, "メールアドレスとして使えません")).to_be_visible()
    before = len(mailbox.mails)
    desk.get_by_label("宛先").fill("dx@city.example.lg.jp")
    office.press("このメールを送る")
    expect(in_sight(desk, f"dx@city.example.lg.jp に「{subject}」を送りました")).to_be_visible()
    (sent,) = mailbox.mails[before:]
    assert (sent["To"], sent["Subject"]) == ("dx@city.example.lg.jp", subject)
    assert number in sent.get_content()
    desk.get_by_text("メールの文面").click()
    expect(desk.get_by_text(re.compile("堺市へ送信済み"))).to_be_visible()
    expect(desk.get_by_role("button", name="このメールを送る")).to_have_count(0)

    # Nothing is published before the municipality agrees.
    desk.get_by_text("好事例として公開する").click()
    expect(desk.get_by_text("同意があるまで公開できません")).to_be_visible()
    office.shot("consultations-held", allowed=(*LATIN, "city", "office"))
    sakai = open_reader()
    sakai.sign_in(accounts["sakai"])
    sakai.open("consultations")
    expect(sakai.page.get_by_text(f"{product}なら中継器が要りません。")).to_be_visible()
    sakai.shot("consultations-consent", allowed=LATIN)
    sakai.press("公開に同意する")
    sakai.page.get_by_role("dialog").get_by_role("button", name="同意する").click()
    expect(in_sight(sakai.page, f"{number} の公開に同意しました")).to_be_visible()
    sakai.settled()
    # The box closed with the act: a second click on the spot does not take it back.
    expect(sakai.page.get_by_role("button", name="公開しない")).to_have_count(0)

    # The text may not give the municipality away.
    office.open(f"consultations?number={number}")
    desk.get_by_text("好事例として公開する").click()
    office.press("公開する")
    expect(in_sight(desk, "相談の要旨に「堺市」が入っています")).to_be_visible()
    expect(in_sight(desk, "回答の要旨に「堺市」が入っています")).to_be_visible()
    office.shot("consultations-given-away", allowed=LATIN)
    desk.get_by_label("相談の要旨", exact=False).fill("庁舎の無線LANを更新したい。")
    desk.get_by_label("回答の要旨", exact=False).fill(f"{product}なら中継器が要らない。")
    office.press("公開する")
    expect(in_sight(desk, f"{number} を好事例として公開しました")).to_be_visible()

    # Another municipality finds it by words, in any order and width, and learns no name.
    hirakata = open_reader()
    hirakata.sign_in(accounts["hirakata"])
    found(hirakata, f"中継器 {product[:2]} ｌａｎ")
    expect(hirakata.page.get_by_text("1件", exact=True)).to_be_visible()
    expect(hirakata.page.get_by_text(f"{product}なら中継器が要らない。")).to_be_visible()
    for secret in ("堺", "山田", number):
        expect(hirakata.page.get_by_test_id("stMain").get_by_text(secret)).to_have_count(0)
    hirakata.shot("consultations-found", allowed=LATIN)

    # Agreement taken back: gone at once, for everybody.
    sakai.open(f"consultations?number={number}")
    expect(sakai.page.get_by_text("として公開中です")).to_be_visible()
    sakai.press("同意を取り消す")
    sakai.page.get_by_role("dialog").get_by_role("button", name="公開しない").click()
    expect(in_sight(sakai.page, f"{number} は公開しません")).to_be_visible()
    found(hirakata, product[:2])
    expect(hirakata.page.get_by_text(re.compile("条件に合う好事例はありません"))).to_be_visible()
    expect(hirakata.page.get_by_text(f"{product}なら中継器が要らない。")).to_have_count(0)
