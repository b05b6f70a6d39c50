"""内容の確認・提出: every answer in words, what is missing, and the way to the secretariat."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

import streamlit as st
from sqlalchemy import Engine

from core.access.principal import Principal, shown_name
from core.commands.responses import (
    UNCHANGED,
    ask_approval,
    confirm_answer,
    decline_answer,
    discard_draft,
    hand_in,
    set_approval_rule,
)
from core.inquiry.answer import BLANK_LABEL, Answers
from core.inquiry.kinds.excel_form import layout_of, values_of
from core.inquiry.reading import AnswerDifference, asked, differences, read_answers, words_of
from core.inquiry.response import Receipt, ResponseEvent, says_the_same
from core.inquiry.round import InquiryState
from core.values.fiscal import japan_day
from core.views.inquiries import AnsweringAnswer
from dashboard.inquiries import answering_desk as desks
from dashboard.inquiries.answering_form import FOCUS, GO
from dashboard.inquiries.answering_wording import clock_words, exact, hand, until
from dashboard.inquiries.form_damages import values_table
from dashboard.kit.act import act
from dashboard.kit.confirm import confirm
from dashboard.kit.submit import submit
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped, paragraphs

FILL, RECEIPT = "回答", "受領・経過"


def handing_in(found: AnsweringAnswer) -> str:
    """The form whose answer stands above the tabs."""
    return f"answering.hand_in.{found.inquiry.inquiry_id}"


def draw_confirm(principal: Principal, found: AnsweringAnswer) -> None:
    """What would be handed in, and handing it in."""
    seen = desks.seen_event(found)
    if found.response.asked is not None:
        _draw_asked(principal, found, found.response.asked, seen)
        _draw_rule(found)
        return
    if not desks.may_write(found):
        draw_words(found, _shown_last(found), "提出した回答")
        return
    desk = desks.desk_of(found)
    if desks.saved_elsewhere(found, desk):
        draft = found.response.draft
        who = hand(draft) if draft else "この下書きは、ほかの画面で破棄"
        st.warning(
            f"{escaped(who)}しています。「{FILL}」に戻って、いまの内容を確かめてください。",
            icon=":material/group:",
        )
    read = read_answers(found.inquiry.composition, desk.typed, found.scope)
    _draw_problems(found, read.problems)
    handed_in = found.response.handed_in
    if handed_in and (before := handed_in[-1]).answers is not None:  # sent back or not
        differ = differences(found.inquiry.composition, before.answers, read.answers, found.scope)
        st.markdown(
            f"**前回の提出({escaped(exact(before.recorded_at))})から変わるところ: {len(differ)}問**"
        )
        draw_differences(found, differ, "前回の提出", "今回")
    draw_words(found, read.answers, "提出する内容", unreadable=read.problems)
    unchanged = says_the_same(found.inquiry, found.response, read.answers)
    if unchanged and not read.problems:
        st.info(UNCHANGED, icon=":material/check_circle:")
    _draw_hand_in(found, desk, seen, ready=not read.problems and not unchanged)
    _draw_discard(found, desk)
    _draw_rule(found)


def _draw_problems(found: AnsweringAnswer, problems: Any) -> None:
    if not problems:
        st.success("必須の設問にはすべて回答しています。", icon=":material/check_circle:")
        return
    st.warning(
        f"このままでは提出できません。{len(problems)}問を直してください。設問を押すと、その欄に移ります。",
        icon=":material/rule:",
    )
    for key, problem in problems.items():
        st.button(
            escaped(problem),
            icon=":material/arrow_back:",
            type="tertiary",
            key=f"answering.{found.inquiry.inquiry_id}.fix.{key}",
            on_click=_lead_to,
            args=(key,),
        )


def _lead_to(key: str) -> None:
    st.session_state[FOCUS] = key
    st.session_state[GO] = FILL


def draw_words(
    found: AnsweringAnswer, answers: Answers, heading: str, *, unreadable: Any = ()
) -> None:
    """Every question that is asked and what is answered, in words; 無記入 is said."""
    composition = found.inquiry.composition
    st.markdown(f"**{escaped(heading)}**")
    wanted = list(asked(composition, answers))
    table(
        {
            "設問": [f"{composition.number_of(each.key)}. {each.label}" for each in wanted],
            "回答": [
                words_of(each, answers.get(each.key), found.scope)
                or ("(直してください)" if each.key in unreadable else BLANK_LABEL)
                for each in wanted
            ],
        },
        alt=f"{heading}、設問ごと",
    )
    for each in wanted:
        if each.layout and (values := values_of(answers.get(each.key))):
            with st.expander(escaped(f"「{each.label}」の記入内容"), icon=":material/table_view:"):
                values_table(layout_of(each), values)


def draw_differences(
    found: AnsweringAnswer, differ: tuple[AnswerDifference, ...], before: str, after: str
) -> None:
    """What two sets of answers say differently."""
    if not differ:
        st.caption("違うところはありません。")
        return
    number = found.inquiry.composition.number_of
    table(
        {
            "設問": [f"{number(each.question.key)}. {each.question.label}" for each in differ],
            before: [each.before or BLANK_LABEL for each in differ],
            after: [each.after or BLANK_LABEL for each in differ],
        },
        alt=f"{before}と{after}で違うところ",
    )


def _shown_last(found: AnsweringAnswer) -> Answers:
    handed_in = found.response.handed_in
    return (handed_in[-1].answers if handed_in else None) or {}


def _this(found: AnsweringAnswer) -> dict[str, Any]:
    return {"lg_code": found.response.lg_code, "inquiry_id": found.inquiry.inquiry_id}


def _draw_hand_in(found: AnsweringAnswer, desk: desks.Desk, seen: int, *, ready: bool) -> None:
    form = handing_in(found)
    title = found.inquiry.composition.title
    early = found.state is InquiryState.ANNOUNCED
    given = partial(_given, found, desk, seen)
    if early:
        st.caption("受付が始まると提出できます。それまでは下書きとして残ります。")
    with st.container(horizontal=True):
        if not found.approval:
            again = "提出し直す" if found.response.handed_in else "提出する"
            if st.button(
                again,
                type="primary",
                icon=":material/send:",
                disabled=not ready or early,
                key=form,
            ):
                submit(form, given(hand_in), partial(_done, f"「{title}」の回答を提出しました。"))
        asking = f"answering.ask.{found.inquiry.inquiry_id}"
        if st.button(
            "確認を依頼する",
            type="primary" if found.approval else "secondary",
            icon=":material/how_to_reg:",
            disabled=not ready or early,
            key=asking,
        ):
            submit(
                form,
                given(ask_approval),
                "確認を依頼しました。同じ団体の別のアカウントがこの画面で確認すると、提出されます。",
            )
    if found.approval:
        st.caption(
            "この団体では、提出の前に別のアカウントの確認が必要です(下の「庁内の確認の決まり」)。"
        )
    else:
        st.caption(
            f"{escaped(until(found.inquiry))}までは、何度でも提出し直せます。「確認を依頼する」は、"
            "課長など別のアカウントが確かめてから提出するときに使います。"
        )


def _given(found: AnsweringAnswer, desk: desks.Desk, seen: int, command: Any) -> partial[Any]:
    return partial(
        command,
        **_this(found),
        typed=desk.typed,
        seen_revision=desk.revision,
        seen_event=seen,
    )


def _done(words: str, receipt: Receipt) -> str:
    st.session_state[GO] = RECEIPT
    return f"{words}受け付けた時刻 {exact(receipt.recorded_at)}"


def _draw_asked(
    principal: Principal, found: AnsweringAnswer, event: ResponseEvent, seen: int
) -> None:
    """Somebody asked to have it confirmed: another account decides."""
    mine = event.recorded_by == principal.username
    title = found.inquiry.composition.title
    st.info(
        f"{escaped(shown_name(event.recorded_by))}が{escaped(clock_words(event.recorded_at))}に"
        "確認を依頼しました。"
        + (
            "依頼した本人は確認できません。同じ団体の別のアカウントで確認してください。"
            if mine
            else "内容を確かめて、提出するか、差し戻してください。"
        ),
        icon=":material/how_to_reg:",
    )
    answers = event.answers or {}
    handed_in = found.response.handed_in
    if handed_in and handed_in[-1].answers is not None:
        differ = differences(found.inquiry.composition, handed_in[-1].answers, answers, found.scope)
        st.markdown("**前回の提出から変わるところ**")
        draw_differences(found, differ, "前回の提出", "確認を依頼した内容")
    draw_words(found, answers, "確認を依頼した内容")
    if not mine:
        form = handing_in(found)
        if st.button("確認して提出する", type="primary", icon=":material/send:", key=form):
            submit(
                form,
                partial(confirm_answer, **_this(found), seen_event=seen),
                partial(_done, f"「{title}」の回答を確認し、提出しました。"),
            )
    _draw_decline(found, event, seen, mine=mine)


def _draw_decline(found: AnsweringAnswer, event: ResponseEvent, seen: int, *, mine: bool) -> None:
    form = f"answering.decline.{found.inquiry.inquiry_id}"
    reason = f"{form}.{event.event_id}.reason"

    def decline(engine: Engine, principal: Principal, *, request_id: str, now: datetime) -> None:
        """With what stands in the field when the button in the dialog is pressed."""
        decline_answer(
            engine,
            principal,
            **_this(found),
            reason=st.session_state.get(reason, ""),
            seen_event=seen,
            request_id=request_id,
            now=now,
        )

    label = "確認の依頼を取り下げる" if mine else "差し戻す"
    confirm(
        label,
        "記入に戻ります。記入した内容は下書きに残っています。",
        decline,
        key=event.event_id,
        form=form,
        done="確認の依頼を取り下げました。"
        if mine
        else "差し戻しました。依頼した人に理由が伝わります。",
        icon="undo",
        fields=partial(st.text_area, "理由(必須)", key=reason),
    )


def _draw_discard(found: AnsweringAnswer, desk: desks.Desk) -> None:
    if found.response.draft is None:
        return
    back = "提出済みの内容" if found.response.handed_in else "記入のない状態"
    confirm(
        "下書きを破棄する",
        f"下書きを消して、{back}に戻します。元に戻せません。",
        partial(discard_draft, **_this(found), seen_revision=desk.revision),
        key=desk.revision,
        form=f"answering.discard.{found.inquiry.inquiry_id}",
        done=partial(_forgotten, found),
        icon="delete",
    )


def _forgotten(found: AnsweringAnswer, _: object) -> str:
    desks.forget(found)
    return "下書きを破棄しました。"


def _draw_rule(found: AnsweringAnswer) -> None:
    """The municipality's own setting."""
    with st.expander("庁内の確認の決まり", icon=":material/settings:"):
        now = "必要とする" if found.approval else "必要としない"
        st.markdown(
            paragraphs(
                f"いまの決まり: この団体のすべての照会で、提出の前に別のアカウントの確認を「{now}」。"
            )
        )
        act(
            "確認を必要としない" if found.approval else "確認を必要とする",
            "answering.rule",
            partial(set_approval_rule, lg_code=found.response.lg_code, required=not found.approval),
            "庁内の確認の決まりを変えました。",
            primary=False,
        )


def said_last(found: AnsweringAnswer) -> str:
    """When the last step was taken, for lists."""
    last = found.response.last
    return f"{japan_day(last.recorded_at)} {last.step.label}" if last else ""
