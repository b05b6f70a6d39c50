"""Sends mail over SMTP when NORIAI_SMTP_URL is set; never by itself."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from urllib.parse import parse_qs, unquote, urlsplit

from core.values.errors import DashboardError
from core.values.free_text import MAIL

_WAIT_SECONDS = 10
_PORTS = {"smtp": 25, "smtps": 465}


class MailNotSentError(DashboardError):
    """The mail did not leave; the message says why and what to do now.

    Attributes:
        sent: Addresses it had reached by then.
    """

    def __init__(self, message: str, sent: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.sent = tuple(sent)


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in."""

    host: str
    port: int
    encrypted: bool  # TLS from the first byte (smtps)
    user: str  # account; empty for none
    password: str
    sender: str


def read_mail_server(address: str) -> MailServer:
    """``smtp://[user:password@]host[:port]/?from=address``; smtps for TLS from the first byte.

    Raises:
        ValueError: The message is Japanese and says which part is missing.

    Examples:
        >>> read_mail_server("smtp://mail.example.lg.jp/?from=dx@example.lg.jp").port
        25
    """
    parts = urlsplit(address)
    if parts.scheme not in _PORTS:
        raise ValueError("smtp:// か smtps:// で始まるアドレスを指定してください")
    if not parts.hostname:
        raise ValueError("メールサーバーの名前がありません(例: smtp://mail.example/?from=…)")
    sender = parse_qs(parts.query).get("from", [""])[0]
    try:
        port = parts.port or _PORTS[parts.scheme]
    except ValueError:
        raise ValueError("メールサーバーのポート番号は1から65535で指定してください") from None
    try:
        address = MAIL.read(sender)
    except ValueError as error:
        raise ValueError(f"差出人(?from=)を確かめてください。{error}") from None
    return MailServer(
        host=parts.hostname,
        port=port,
        encrypted=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        sender=address,
    )


def send_mail(
    server: MailServer, *, to: str | Sequence[str], subject: str, body: str, now: datetime
) -> None:
    """Hand one mail to the server, to each of several by itself: nobody reads who else got it, and one
    refused address keeps it from nobody else.

    A password is never sent unencrypted: with a user the server must offer STARTTLS.

    Raises:
        MailNotSentError: The server cannot be reached or refuses; it says who had got it by then.
    """
    wanted = [to] if isinstance(to, str) else list(to)
    kind = smtplib.SMTP_SSL if server.encrypted else smtplib.SMTP
    sent: list[str] = []
    refused: list[str] = []
    try:
        with kind(server.host, server.port, timeout=_WAIT_SECONDS) as connection:
            if server.user:
                if not server.encrypted:
                    connection.starttls(context=ssl.create_default_context())
                connection.login(server.user, server.password)
            for address in wanted:
                try:
                    connection.send_message(_message(server, address, subject, body, now))
                    sent.append(address)
                except smtplib.SMTPRecipientsRefused:  # the others still get theirs
                    refused.append(address)
    except (smtplib.SMTPException, OSError) as error:
        if len(sent) + len(refused) < len(wanted):  # else only the farewell failed
            raise MailNotSentError(
                f"メールサーバー({server.host}:{server.port})で送信できませんでした"
                f"({_reason(error)})。{_so_far(sent, wanted)}"
                "文面をコピーして送るか、時間をおいてやり直してください。",
                sent,
            ) from None
    if refused:
        raise MailNotSentError(
            f"メールサーバーが宛先「{'、'.join(refused)}」を受け付けませんでした。宛先を確認してください。"
            f"{_so_far(sent, wanted)}",
            sent,
        )


def _so_far(sent: Sequence[str], wanted: Sequence[str]) -> str:
    if not sent:
        return "メールは送信されていません。"
    return f"{len(wanted)}件のうち{len(sent)}件は送信済みです。"


def _message(server: MailServer, to: str, subject: str, body: str, now: datetime) -> EmailMessage:
    message = EmailMessage()
    message["From"] = server.sender
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=server.sender.partition("@")[2])
    message.set_content(body)
    return message


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "サインインできません"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "暗号化(STARTTLS)に対応していません"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"応答コード{error.smtp_code}"
    if isinstance(error, TimeoutError):
        return "応答がありません"
    if isinstance(error, ConnectionRefusedError):
        return "接続を断られました"
    return "接続できません"
