"""受領・経過: receipts with what they stand for, versions compared, and whether a receipt still holds."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from core.access.principal import Principal, shown_name
from core.exports.file import file_name
from core.exports.receipt import receipt_pdf, receipt_text
from core.inquiry.reading import differences
from core.inquiry.response import Receipt, ResponseEvent, ResponseStep
from core.values.errors import InvalidInputError
from core.views.inquiries import AnsweringAnswer, answering_view
from core.views.response_receipts import receipt_check_view, response_receipts_view
from dashboard import context
from dashboard.inquiries.answering_confirm import draw_differences, draw_words
from dashboard.inquiries.answering_wording import exact
from dashboard.kit import widgets
from dashboard.kit.choice import choose
from dashboard.kit.copied import copied
from dashboard.kit.form import Fields, form_box
from dashboard.kit.submit import download, refusals_led_to, refuse
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped

_CHECK = "answering.check"
_FILES = {".pdf": "PDF", ".txt": "テキスト"}


def draw_receipts(principal: Principal, found: AnsweringAnswer) -> None:
    """The receipt of what was handed in last, every version, and the course."""
    handed_in = found.response.handed_in
    receipts = receipts_of(principal)
    if not handed_in:
        widgets.empty_state(
            "まだ提出していません。提出すると、ここに受領票が出ます。", "receipt_long"
        )
    else:
        _draw_last(found, handed_in[-1], receipts)
        _draw_versions(found, handed_in, receipts)
    _draw_course(found, receipts)
    draw_check(principal)


def receipts_of(principal: Principal) -> Mapping[int, Receipt]:
    """Every receipt of ours, by the number of its event."""
    return response_receipts_view(context.engine(), principal, lg_code=str(principal.lg_code))


def _draw_last(
    found: AnsweringAnswer, event: ResponseEvent, receipts: Mapping[int, Receipt]
) -> None:
    receipt = receipts.get(event.event_id)
    town = context.reference().called(event.lg_code)
    st.markdown("**受領票**(いちばん新しい提出)")
    if receipt is not None:
        shown = receipt_lines(found, event, receipt, town)
        shown |= {"SHA-256": f"{receipt.digest[:8]}…(全体は下)"}
        table({"項目": list(shown), "内容": shown.values()}, alt="受領票")
        copied(receipt.digest, "SHA-256(内容の要約値)")
        with st.container(horizontal=True):
            for suffix, label in _FILES.items():
                name = file_name(
                    "受領票", receipt.inquiry, town, suffix=suffix, made_up=widgets.made_up()
                )
                make = partial(_made, event.event_id, found.inquiry.inquiry_id, town, suffix)
                download(
                    escaped(f"受領票を保存({label})"), make, name, key=f"answering.receipt{suffix}"
                )
        st.caption("PDFはA4で1枚です。Ctrl+Pでも、受領票と提出した回答を印刷できます。")
    draw_words(found, event.answers or {}, "提出した回答")


def receipt_lines(
    found: AnsweringAnswer, event: ResponseEvent, receipt: Receipt, town: str
) -> dict[str, str]:
    """What a receipt says, by name."""
    late = "(締切後)" if event.late else ""
    return {
        "受領番号": str(receipt.number),
        "照会": f"{receipt.inquiry} {found.inquiry.composition.title}",
        "回答した団体": town,
        "受け付けた時刻": f"{exact(receipt.recorded_at)}、データベースの時計{late}",
        "受け方": event.way.label,
        "提出した人": shown_name(event.recorded_by),
        "SHA-256": receipt.digest,
    }


def _made(event_id: int, inquiry_id: int, town: str, suffix: str, principal: Principal) -> bytes:
    """The receipt as a file, for whoever asks when it is made."""
    found = answering_view(
        context.engine(),
        principal,
        context.reference(),
        lg_code=str(principal.lg_code),
        inquiry_id=inquiry_id,
        now=context.now(),
        today=context.today(),
    )
    event = next(each for each in found.response.handed_in if each.event_id == event_id)
    lines = receipt_lines(found, event, receipts_of(principal)[event_id], town)
    asked = found.inquiry.version_of(event.version_id).composition  # as it was asked then
    said = (lines, asked, event.answers or {}, found.scope)
    if suffix == ".pdf":
        return receipt_pdf(*said, context.today(), made_up=widgets.made_up())
    return receipt_text(*said, made_up=widgets.made_up())


def _draw_versions(
    found: AnsweringAnswer,
    handed_in: tuple[ResponseEvent, ...],
    receipts: Mapping[int, Receipt],
) -> None:
    """What changed between two of those handed in."""
    if len(handed_in) < 2:
        return
    names = {
        number: f"{number + 1}回目({exact(each.recorded_at)})"
        for number, each in enumerate(handed_in)
    }
    with st.expander(f"提出した版を比べる({len(handed_in)}回)", icon=":material/difference:"):
        left, right = st.columns(2)
        last = len(handed_in) - 1
        before = choose(left.selectbox, "比べる版", names, last - 1, key="answering.version.before")
        after = choose(right.selectbox, "比べられる版", names, last, key="answering.version.after")
        first, second = handed_in[before], handed_in[after]
        differ = differences(
            found.inquiry.composition, first.answers or {}, second.answers or {}, found.scope
        )
        draw_differences(found, differ, names[before], names[after])
        for each in (first, second):
            if receipt := receipts.get(each.event_id):
                copied(receipt.digest, f"受領番号 {receipt.number} のSHA-256")


def _draw_course(found: AnsweringAnswer, receipts: Mapping[int, Receipt]) -> None:
    """Every step, the last first."""
    events = tuple(reversed(found.response.events))
    if not events:
        return
    with st.expander("経過", icon=":material/history:"):
        table(
            {
                "日時": [exact(each.recorded_at).removesuffix("(日本時間)") for each in events],
                "したこと": [_did(each) for each in events],
                "した人": [shown_name(each.recorded_by) for each in events],
                "受領番号": [
                    str(receipts[each.event_id].number) if each.event_id in receipts else ""
                    for each in events
                ],
                "理由・備考": [each.reason for each in events],
            },
            alt="回答の経過、新しいものから",
        )


def _did(event: ResponseEvent) -> str:
    if event.step is not ResponseStep.HANDED_IN:
        return event.step.label
    return f"{event.step.label}({event.way.label}{'・締切後' if event.late else ''})"


def draw_check(principal: Principal) -> None:
    """受領を確かめる: number and digest against what is kept now."""
    with st.expander("受領を確かめる", icon=":material/verified:"), form_box(_CHECK):
        st.caption(
            "受領票の受領番号とSHA-256を入れると、いま保管している回答と一致するかを計算し直します。"
        )
        field = Fields(_CHECK)
        number = field("number", st.text_input, "受領番号", width=200).strip()
        digest = field("digest", st.text_input, "SHA-256").strip()
        if not st.button("確かめる", icon=":material/verified:", key=f"{_CHECK}.go"):
            return
        if not (number.isascii() and number.isdecimal() and len(number) < 16):
            refuse({"number": "受領番号を数字で入力してください。"}, field.places)
            return
        with refusals_led_to():
            try:
                checked = receipt_check_view(
                    context.engine(),
                    principal,
                    lg_code=str(principal.lg_code),
                    number=int(number),
                    digest=digest,
                )
            except InvalidInputError as error:
                refuse(error.problems, field.places)
                return
            about = (
                f"{checked.inquiry}「{checked.title}」、{exact(checked.event.recorded_at)}の提出"
            )
            if not checked.matches:
                st.error(
                    f"保管している回答が、受領票と一致しません。事務局に連絡してください。({escaped(about)})",
                    icon=":material/gpp_bad:",
                )
            elif checked.superseded:
                st.warning(
                    f"受領票は正しいものですが、その後に提出し直した回答が有効です。({escaped(about)})",
                    icon=":material/history:",
                )
            elif checked.returned:
                st.warning(
                    f"受領票は正しいものですが、この回答は差し戻されています。({escaped(about)})",
                    icon=":material/undo:",
                )
            else:
                st.success(
                    f"一致しました。いま有効な回答の受領票です。({escaped(about)})",
                    icon=":material/verified:",
                )
