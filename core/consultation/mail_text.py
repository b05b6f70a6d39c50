"""メール文面: ready to paste, and word for word what the sender sends."""

from __future__ import annotations

from dataclasses import dataclass

from core.consultation.case import Consultation
from core.consultation.event import ConsultationState
from core.values.errors import ConflictError
from core.values.fiscal import era_date, japan_day
from core.values.label import Labelled
from core.values.municipality import Municipality


class MailKind(Labelled):
    """Which mail (メールの種類)."""

    TO_ADVISOR = "to_advisor", "アドバイザーへの依頼"
    RECEIVED = "mail_received", "受付の連絡"
    SCHEDULED = "mail_scheduled", "日程の連絡"
    ANSWERED = "mail_answered", "回答の連絡"


@dataclass(frozen=True)
class MailText:
    """A mail."""

    to: str  # 宛先; empty when it is not known and has to be entered
    subject: str
    body: str


def mail_kinds(consultation: Consultation) -> tuple[MailKind, ...]:
    """Which mails make sense now, the most likely one first."""
    if consultation.state is ConsultationState.HELD:
        return (MailKind.ANSWERED,)
    if consultation.state is ConsultationState.SCHEDULED:
        return (MailKind.SCHEDULED, MailKind.TO_ADVISOR, MailKind.RECEIVED)
    if consultation.state is ConsultationState.WITHDRAWN:
        return ()
    return (MailKind.TO_ADVISOR, MailKind.RECEIVED)


def mail_text(
    kind: MailKind,
    consultation: Consultation,
    municipality: Municipality,
    *,
    printed_subject: str,
    office: str,
    towns: str,
    address: str,
) -> MailText:
    """The mail of a kind.

    Args:
        office: Who sends it.
        towns: What municipalities are called.
        printed_subject: 件名 as the guide prints it, masked with asterisks.
        address: Where the screen shows this consultation.

    Raises:
        ConflictError: The mail makes no sense in this state.
    """
    if kind not in mail_kinds(consultation):
        raise ConflictError(
            f"「{consultation.state.label}」の相談に「{kind.label}」のメールはありません。"
        )
    prefix = printed_subject.rstrip("*＊")
    number = consultation.number.label
    subject = f"{prefix}{municipality.name}({number}){kind.label}"
    contact = consultation.contact
    to = contact.mail if contact is not None and kind is not MailKind.TO_ADVISOR else ""
    if kind is MailKind.TO_ADVISOR:
        lines = _to_advisor(consultation, municipality, office, towns)
    else:
        lines = _to_municipality(kind, consultation, municipality, office, address)
    return MailText(to, subject, "\n".join(lines) + "\n")


def _to_advisor(
    consultation: Consultation, municipality: Municipality, office: str, towns: str
) -> list[str]:
    contact = consultation.contact
    who = (
        [
            f"担当課      : {contact.department}",
            f"担当者      : {contact.name}",
            f"メール      : {contact.mail}",
            f"電話        : {contact.phone or '(記入なし)'}",
        ]
        if contact is not None
        else ["担当者      : (削除済み。事務局にお問い合わせください)"]
    )
    return [
        "DX推進アドバイザー 御中",
        "",
        f"{office}です。",
        f"次のとおり{towns}から相談がありました。対応をお願いします。",
        "",
        f"受付番号    : {consultation.number.label}",
        f"受付日      : {japan_day(consultation.requested_at)}",
        f"{towns}{' ' * (12 - 2 * len(towns))}: {municipality.name}(団体コード {municipality.lg_code})",
        *who,
        *_request_lines(consultation),
        "",
        "■ 相談内容",
        consultation.request.question,
        "",
        "■ これまでの取組",
        consultation.request.tried or "(記入なし)",
        "",
        f"添付: {len(consultation.attachments)}個(事務局の画面で確認し、別途お渡しします)"
        if consultation.attachments
        else "添付: なし",
    ]


def _request_lines(consultation: Consultation) -> list[str]:
    request = consultation.request
    wished = [
        f"第{rank}希望     : {era_date(day)}" for rank, day in enumerate(request.wished, start=1)
    ]
    note = [f"日程の補足  : {request.wished_note}"] if request.wished_note else []
    return [
        f"テーマ      : {request.theme.menu} {request.theme.label}",
        f"件名        : {request.title}",
        f"形式        : {request.meeting.label}",
        *(wished or ["希望日      : なし"]),
        *note,
    ]


def _to_municipality(
    kind: MailKind,
    consultation: Consultation,
    municipality: Municipality,
    office: str,
    address: str,
) -> list[str]:
    contact = consultation.contact
    head = [
        f"{municipality.name}{f' {contact.department}' if contact else ''}",
        f"{contact.name if contact else 'ご担当者'} 様",
        "",
        f"{office}です。",
    ]
    step = consultation.last.step
    body = {
        MailKind.RECEIVED: [
            "次の相談を受け付けました。アドバイザーと調整のうえ、ご連絡します。",
        ],
        MailKind.SCHEDULED: [
            "次の相談の日程が決まりました。",
            "",
            f"実施予定日  : {era_date(step.day) if step.day else '未定'}",
            f"開始時刻    : {f'{step.start:%H:%M}' if step.start else '未定(追ってご連絡します)'}",
            f"実施形式    : {step.meeting.label if step.meeting else '未定'}",
            f"場所・接続先: {step.place or '未定(追ってご連絡します)'}",
        ],
        MailKind.ANSWERED: [
            "次の相談の回答をまとめました。",
            "",
            "■ アドバイザーの回答",
            step.answer,
        ],
    }[kind]
    return [
        *head,
        *body,
        "",
        f"受付番号    : {consultation.number.label}",
        f"受付日      : {japan_day(consultation.requested_at)}",
        *_request_lines(consultation),
        "",
        "やりとりと添付は次の画面で確認できます(サインインが必要です)。",
        address,
    ]
