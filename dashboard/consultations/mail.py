"""メール文面: ready to paste; sent from here only where a mail server is set, and by a click."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.commands.consultations import send_consultation_mail
from core.consultation.case import Consultation
from core.consultation.mail_text import MailKind, mail_kinds, mail_text
from core.values.municipality import Municipality
from dashboard import context
from dashboard.kit.submit import request_id, submit


def draw_mail(consultation: Consultation, place: Municipality) -> None:
    """The mails that make sense now."""
    kinds = mail_kinds(consultation)
    if not kinds:
        return
    form = f"consultation.mail.{consultation.consultation_id}"
    address = context.address("consultations", {"number": consultation.number.label})
    box = f"{form}.box.{request_id(form)}"
    with st.expander("メールの文面", icon=":material/mail:", key=box):
        labels = {kind.value: kind.label for kind in kinds}
        chosen = st.segmented_control(
            "種類",
            list(labels),
            default=kinds[0].value,
            format_func=labels.__getitem__,
            key=f"{form}.kind.{consultation.state}",
            required=True,
        )
        kind = MailKind(str(chosen))
        mail = mail_text(
            kind,
            consultation,
            place,
            printed_subject=context.reference().advisors.guide.request.subject,
            address=address,
        )
        st.caption("件名")
        st.code(mail.subject, language=None, wrap_lines=True)
        st.caption("本文")
        st.code(mail.body, language=None, wrap_lines=True)
        smtp_url = context.settings().smtp_url
        if not smtp_url:
            st.caption(
                "メールは自動では送られません。右上のボタンで写して、お使いのメールに貼り付けてください。"
            )
            if mail.to:
                st.caption("宛先")
                st.code(mail.to, language=None, wrap_lines=True)
            return
        with st.form(f"{form}.{kind.value}", enter_to_submit=False):
            to = st.text_input("宛先", mail.to, key=f"{form}.to.{kind.value}")
            slots = {"to": st.empty()}
            st.caption(
                "押したときだけ、上の文面をそのまま送ります。送信の記録は監査記録に残ります。"
            )
            pressed = st.form_submit_button("このメールを送る", icon=":material/send:")
        if pressed:
            submit(
                form,
                partial(
                    send_consultation_mail,
                    lg_code=consultation.lg_code,
                    consultation_id=consultation.consultation_id,
                    kind=kind,
                    to=to,
                    smtp_url=smtp_url,
                    address=address,
                ),
                f"{to} に「{mail.subject}」を送りました。",
                slots,
            )
