"""メール: the text to paste, the same text over a real SMTP server, and what a dead one leaves."""

# ruff: noqa: ARG002  the handlers have the signature of the library
from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from functools import partial
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import Engine

from core.commands.letters import note_consultation_mail, send_consultation_mail
from core.consultation.attachment import OfferedFile
from core.consultation.case import Consultation
from core.consultation.event import ConsultationState
from core.consultation.mail_text import MailKind, MailText, mail_kinds, mail_text
from core.mail import MailNotSentError, read_mail_server, send_mail
from core.store.audit import latest_entries
from core.store.engine import data_revision, reading
from core.store.verification import verify
from core.values.errors import (
    ConflictError,
    DashboardError,
    InvalidInputError,
    PermissionDeniedError,
)
from core.views.letters import consultation_mail_view
from tests.support.consultations import (
    NEIGHBOUR,
    NOW,
    OFFICE,
    OURS,
    PDF,
    advance,
    again,
    ask,
    officer_of,
)
from tests.support.reference import REFERENCE
from tests.support.waiting import PATIENCE_SECONDS

R, C, S, H, W = ConsultationState
ADDRESS = "http://127.0.0.1:8501/consultations?number=R5-001"
TO = "dx@city.example.lg.jp"


class Kept:
    """Keeps what was handed in; refuses one recipient."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []

    async def handle_RCPT(  # noqa: N802  the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody@"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        self.envelopes.append(envelope)
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        self.mails.append(parsed)
        return "250 OK"


@pytest.fixture
def kept() -> Kept:
    return Kept()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def smtp_url(kept: Kept) -> Iterator[str]:
    controller = Controller(
        kept, hostname="127.0.0.1", port=free_port(), ready_timeout=PATIENCE_SECONDS
    )
    controller.start()
    yield f"smtp://127.0.0.1:{controller.port}/?from=govtech@pref.example.lg.jp"
    controller.stop()


def text_of(kind: MailKind, consultation: Consultation) -> MailText:
    reference = REFERENCE
    return mail_text(
        kind,
        consultation,
        reference.municipality(OURS),
        office="大阪府 市町村DX推進アドバイザー制度 事務局",
        towns="市町村",
        printed_subject=reference.advisors.guide.request.subject,
        address=ADDRESS,
    )


def send(
    engine: Engine,
    consultation: Consultation,
    smtp_url: str,
    *,
    kind: MailKind = MailKind.RECEIVED,
    to: str = TO,
    request_id: str = "mail",
) -> None:
    send_consultation_mail(
        engine,
        OFFICE,
        lg_code=OURS,
        consultation_id=consultation.consultation_id,
        kind=kind,
        to=to,
        smtp_url=smtp_url,
        address=ADDRESS,
        reference=REFERENCE,
        request_id=request_id,
        now=NOW,
    )


def trail(engine: Engine) -> list[str]:
    """States of the mail entries, oldest first."""
    with reading(engine) as session:
        assert verify(session).findings == []
        entries = [e for e in latest_entries(session, 99) if e.action == "consultation:mail"]
    return [str(e.detail["state"]) for e in reversed(entries)]


def test_the_subject_has_the_published_form_and_the_fixed_items_are_there(engine: Engine) -> None:
    asked = ask(engine, files=[OfferedFile("a.pdf", PDF)], tried="検索した\n見積を取った")
    mail = text_of(MailKind.TO_ADVISOR, asked)
    assert mail.subject == "[市町村DX]堺市(R5-001)アドバイザーへの依頼"
    assert mail.to == ""
    for item in (
        "堺市(団体コード 271403)",
        "DX推進課",
        "山田 花子",
        TO,
        "ウ 日常業務(その他)",
        "無線LANの費用",
        "第1希望     : 令和5年10月20日",
        "■ 相談内容\n導入事例を知りたい",
        "■ これまでの取組\n検索した\n見積を取った",
        "添付: 1個",
    ):
        assert item in mail.body
    received = text_of(MailKind.RECEIVED, asked)
    assert (received.to, received.subject) == (TO, "[市町村DX]堺市(R5-001)受付の連絡")
    assert ADDRESS in received.body


def test_each_state_has_its_mails_and_no_others(engine: Engine) -> None:
    asked = ask(engine)
    for states in ((), (C,), (S,), (H,)):
        asked = advance(engine, asked, *states)
        for kind in MailKind:
            if kind in mail_kinds(asked):
                assert text_of(kind, asked).body
            else:
                with pytest.raises(ConflictError):
                    text_of(kind, asked)
    assert "■ アドバイザーの回答\n中継器が要りません。" in text_of(MailKind.ANSWERED, asked).body
    assert mail_kinds(advance(engine, ask(engine, request_id="b"), W)) == ()


def test_what_is_sent_is_what_is_shown(engine: Engine, smtp_url: str, kept: Kept) -> None:
    asked = ask(engine, title="無線LAN😀の費用")
    send(engine, asked, smtp_url)
    (mail,) = kept.mails
    shown = text_of(MailKind.RECEIVED, asked)
    assert mail["Subject"] == shown.subject
    assert (mail["To"], mail["From"]) == (TO, "govtech@pref.example.lg.jp")
    assert mail.get_content().replace("\r\n", "\n") == shown.body
    assert kept.envelopes[0].rcpt_tos == [TO]
    assert mail["Message-ID"].endswith("@pref.example.lg.jp>")
    assert again(engine, asked) == asked
    assert trail(engine) == ["送信を試みる", "送信済み"]


def test_a_double_click_sends_one_mail(engine: Engine, smtp_url: str, kept: Kept) -> None:
    asked = ask(engine)
    send(engine, asked, smtp_url)
    send(engine, asked, smtp_url)
    assert len(kept.mails) == 1


def note(engine: Engine, consultation: Consultation, kind: MailKind, request_id: str) -> None:
    note_consultation_mail(
        engine,
        OFFICE,
        lg_code=OURS,
        consultation_id=consultation.consultation_id,
        kind=kind,
        reference=REFERENCE,
        request_id=request_id,
        now=NOW,
    )


def told(engine: Engine, consultation: Consultation, kind: MailKind) -> list[tuple[str, str]]:
    """Whom a mail told, and how; nothing where it waits."""
    found = consultation_mail_view(
        engine,
        OFFICE,
        REFERENCE,
        lg_code=OURS,
        consultation_id=consultation.consultation_id,
        kind=kind,
        address=ADDRESS,
        today=NOW.date(),
    )
    assert bool(found.told) != bool(found.waiting)
    return [(each.whom, each.way.label) for each in found.told]


def test_a_mail_remembers_whom_it_told_until_it_says_something_else(
    engine: Engine, smtp_url: str, kept: Kept
) -> None:
    asked = ask(engine)
    assert told(engine, asked, MailKind.RECEIVED) == []
    send(engine, asked, smtp_url)
    note(engine, asked, MailKind.TO_ADVISOR, "by phone")
    assert told(engine, asked, MailKind.RECEIVED) == [(OURS, "送信")]
    assert told(engine, asked, MailKind.TO_ADVISOR) == [("advisor", "ほかの方法で連絡")]
    for again_ in (
        partial(send, engine, asked, smtp_url, request_id="a"),
        partial(note, engine, asked, MailKind.RECEIVED, "b"),
        partial(send, engine, asked, smtp_url, kind=MailKind.TO_ADVISOR, request_id="c"),
    ):
        with pytest.raises(ConflictError, match=f"2023-10-02に{OFFICE.username}が全員に知らせて"):
            again_()
    fixed = advance(engine, asked, C, S)
    assert told(engine, fixed, MailKind.RECEIVED) == [(OURS, "送信")]
    send(engine, fixed, smtp_url, kind=MailKind.SCHEDULED, request_id="d")
    moved = advance(engine, fixed, S)  # another day is another letter
    assert told(engine, moved, MailKind.SCHEDULED) == []
    send(engine, moved, smtp_url, kind=MailKind.SCHEDULED, request_id="e")
    assert len(kept.mails) == 3


def test_a_mail_that_did_not_leave_told_nobody(engine: Engine, smtp_url: str) -> None:
    asked = ask(engine)
    with pytest.raises(MailNotSentError):
        send(engine, asked, smtp_url, to="nobody@city.example.lg.jp")
    assert told(engine, asked, MailKind.RECEIVED) == []
    send(engine, asked, smtp_url, request_id="again")
    assert told(engine, asked, MailKind.RECEIVED) == [(OURS, "送信")]


def test_a_dead_server_leaves_the_consultation_alone_and_says_so(engine: Engine) -> None:
    asked = ask(engine)
    dead = f"smtp://127.0.0.1:{free_port()}/?from=govtech@pref.example.lg.jp"
    with pytest.raises(
        MailNotSentError, match=r"接続を断られました.*送信されていません"
    ) as refusal:
        send(engine, asked, dead)
    assert "やり直してください" in str(refusal.value)
    assert again(engine, asked) == asked
    assert trail(engine) == ["送信を試みる", "送信できず"]


def test_a_refused_recipient_is_named(engine: Engine, smtp_url: str, kept: Kept) -> None:
    with pytest.raises(
        MailNotSentError, match=r"宛先「nobody@city.example.lg.jp」を受け付けません"
    ):
        send(engine, ask(engine), smtp_url, to="nobody@city.example.lg.jp")
    assert kept.mails == []
    assert trail(engine) == ["送信を試みる", "送信できず"]


def test_a_password_never_leaves_unencrypted(smtp_url: str, kept: Kept) -> None:
    parts = urlsplit(smtp_url)
    server = read_mail_server(f"smtp://user:secret@{parts.netloc}/?{parts.query}")
    with pytest.raises(MailNotSentError, match="暗号化") as refusal:
        send_mail(server, to=TO, subject="件名", body="本文\n", now=NOW)
    assert "secret" not in str(refusal.value)
    assert kept.mails == []


def test_nothing_is_sent_without_a_server_or_a_recipient(engine: Engine, smtp_url: str) -> None:
    asked = ask(engine)
    revision = data_revision(engine)
    with pytest.raises(ConflictError, match="設定されていません"):
        send(engine, asked, "")
    for to in ("", "no address", "a@b.jp\nBcc: c@d.jp", "a@b.jp,c@d.jp"):
        with pytest.raises(InvalidInputError) as refusal:
            send(engine, asked, smtp_url, to=to)
        assert set(refusal.value.problems) == {"to"}
    with pytest.raises(DashboardError):
        send(engine, asked, smtp_url, kind=MailKind.ANSWERED)
    assert data_revision(engine) == revision


def test_only_the_secretariat_sends(engine: Engine, smtp_url: str, kept: Kept) -> None:
    asked = ask(engine)
    for who in (officer_of(OURS), officer_of(NEIGHBOUR)):
        with pytest.raises(PermissionDeniedError):
            send_consultation_mail(
                engine,
                who,
                lg_code=OURS,
                consultation_id=asked.consultation_id,
                kind=MailKind.RECEIVED,
                to=TO,
                smtp_url=smtp_url,
                address=ADDRESS,
                reference=REFERENCE,
                request_id="x",
                now=NOW,
            )
    assert kept.mails == []


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://mail.example", "smtp://"),
        ("smtp://", "名前がありません"),
        ("smtp://mail.example", "差出人"),
        ("smtp://mail.example/?from=nobody", "差出人"),
        ("smtp://mail.example:99999/?from=a@b.jp", "ポート"),
    ],
)
def test_a_setting_that_cannot_work_says_why(address: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_mail_server(address)
