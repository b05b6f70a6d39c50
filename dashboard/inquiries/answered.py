"""1団体の回答: what it says in words, how it changed, its files; sending it back, recording for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import pairwise

import streamlit as st
from sqlalchemy import Engine

from core.access.principal import Principal, shown_name
from core.commands.responses import record_answer, return_answer
from core.inquiry.answer import BLANK_LABEL, NOTHING, Value
from core.inquiry.board import BoardRow
from core.inquiry.people import people_of
from core.inquiry.reading import asked, differences, read_answers, words_of
from core.inquiry.response import Response, ResponseEvent, Way, japan_moment
from core.inquiry.round import InquiryState
from core.store.inquiries import Clock
from core.views.contacts import contacts_view
from core.views.inquiries import InquiryAnswer
from dashboard import context
from dashboard.inquiries.fields.registry import draw_field
from dashboard.kit import address, titles
from dashboard.kit.answer import answer
from dashboard.kit.choice import choose
from dashboard.kit.confirm import confirm
from dashboard.kit.form import Place
from dashboard.kit.submit import as_shown, request_id, submit
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped

_WAYS = (Way.TELEPHONE, Way.MAIL)


def draw(principal: Principal, found: InquiryAnswer, row: BoardRow) -> None:
    """One municipality, opened."""
    town = context.reference().ever[row.lg_code]
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader(escaped(f"{town.name}の回答({row.state.label})"), anchor=False)
            st.button(
                "閉じる",
                icon=":material/close:",
                key=f"inquiry.close.{row.lg_code}",
                on_click=partial(address.open_detail, "answer", ""),
            )
        titles.title(f"{town.name}の回答 {found.inquiry.number.label}")
        if row.look_again:
            st.warning(
                "提出のあとに設問が変わりました。この団体の見直しを待っています。",
                icon=":material/rule:",
            )
        if found.hidden:
            st.info(
                "結果を公開するまで、回答の中身は事務局にも届きません。",
                icon=":material/visibility_off:",
            )
        else:
            _draw_answer(found, row.response)
        _draw_events(found, row.response)
        _draw_return(found, row, town.name)
        _draw_record(principal, found, row, town.name)


def _draw_answer(found: InquiryAnswer, response: Response) -> None:
    """What counts, or what was handed in last, in words; what each version changed."""
    versions = response.handed_in
    if not versions:
        st.caption("まだ提出がありません。下書きの中身は、提出するまで事務局には見えません。")
        return
    last = versions[-1]
    if response.counted is None:
        st.caption("差し戻した回答です。直して提出されるまで、集計に入りません。")
    composition = found.inquiry.version_of(last.version_id).composition
    answers = last.answers or NOTHING
    reached = {each.key for each in asked(composition, answers)}
    table(
        {
            "設問": [
                f"{number}. {each.label}"
                for number, each in enumerate(composition.questions, start=1)
            ],
            "回答": [
                words_of(each, answers.get(each.key), found.scope) or BLANK_LABEL
                if each.key in reached
                else "聞いていません(条件)"
                for each in composition.questions
            ],
        },
        "提出された回答",
    )
    _draw_files(found, last)
    if len(versions) > 1:
        with st.expander(f"版の違い({len(versions)}回の提出)", icon=":material/difference:"):
            for before, after in list(pairwise(versions))[::-1]:
                _draw_difference(found, before, after)


def _draw_difference(found: InquiryAnswer, before: ResponseEvent, after: ResponseEvent) -> None:
    st.markdown(
        escaped(f"{japan_moment(before.recorded_at)} から {japan_moment(after.recorded_at)} へ")
    )
    composition = found.inquiry.version_of(after.version_id).composition
    changed = differences(
        composition, before.answers or NOTHING, after.answers or NOTHING, found.scope
    )
    if not changed:
        st.caption("答えは同じです。")
        return
    table(
        {
            "設問": [each.question.label for each in changed],
            "前": [each.before or BLANK_LABEL for each in changed],
            "後": [each.after or BLANK_LABEL for each in changed],
        },
        "版の違い",
    )


def _draw_files(found: InquiryAnswer, event: ResponseEvent) -> None:
    named = {
        number
        for value in (event.answers or NOTHING).values()
        if isinstance(value, list | tuple)
        for number in value
        if isinstance(number, int)
    }
    own = [f for f in found.files.values() if f.file_id in named and f.lg_code == event.lg_code]
    if own:
        with st.container(horizontal=True):
            for file in own:
                st.link_button(
                    escaped(file.name),
                    f"/attachments/inquiries/{file.lg_code}/{file.file_id}",
                    icon=":material/attach_file:",
                )


def _draw_events(found: InquiryAnswer, response: Response) -> None:
    if not response.events:
        return
    with st.expander("経過と受領", icon=":material/history:"):
        table(
            {
                "日時": [japan_moment(each.recorded_at) for each in response.events],
                "経過": [
                    each.step.label + ("(期限後)" if each.late else "") for each in response.events
                ],
                "だれが": [shown_name(each.recorded_by) for each in response.events],
                "受領番号": [found.receipts.get(each.event_id, "") for each in response.events],
                "受け方": [each.way.label if each.digest else "" for each in response.events],
                "理由・備考": [each.reason for each in response.events],
                "内容のSHA-256": [each.digest for each in response.events],
            },
            "この団体の回答の経過",
        )


def _draw_return(found: InquiryAnswer, row: BoardRow, name: str) -> None:
    form = f"response.return.{found.inquiry.inquiry_id}.{row.lg_code}"
    if row.response.counted is None or found.state is InquiryState.WITHDRAWN:
        answer(form)
        return
    reason = f"{form}.reason"
    last = row.response.events[-1].event_id
    seen = as_shown(form, last)

    def fields() -> Mapping[str, Place]:
        st.text_area("差し戻す理由(必須)", key=reason, height=100)
        return {"reason": Place(f"{reason}.place")}

    def give_back(
        engine: Engine, principal: Principal, *, clock: Clock, request_id: str, now: datetime
    ) -> None:
        return_answer(
            engine,
            principal,
            lg_code=row.lg_code,
            inquiry_id=found.inquiry.inquiry_id,
            reason=str(st.session_state.get(reason, "")),
            seen_event=seen,
            clock=clock,
            request_id=request_id,
            now=now,
        )

    confirm(
        "差し戻す",
        f"{escaped(name)}の回答を差し戻します。直して提出されるまで集計から外れます。"
        "締切のあとでも、この団体だけ出し直せます。",
        give_back,
        key=last,
        form=form,
        done=f"{name}の回答を差し戻しました。理由は団体の画面に出ます。",
        icon="undo",
        fields=fields,
    )


def _draw_record(principal: Principal, found: InquiryAnswer, row: BoardRow, name: str) -> None:
    """代わりに記録する: what came by telephone or mail, marked so."""
    inquiry, response = found.inquiry, row.response
    form = f"response.record.{inquiry.inquiry_id}.{row.lg_code}"
    if found.state not in (InquiryState.OPEN, InquiryState.CLOSED):
        answer(form)
        return
    key = f"{form}.{request_id(form)}"
    seen = as_shown(form, response.last.event_id if response.last else 0)
    with st.expander(
        "代わりに記録する(電話・メール)", icon=":material/support_agent:", key=f"{key}.box"
    ):
        st.caption(
            f"{escaped(name)}から電話やメールで聞いた回答を、そのことがわかるように記録します。"
            "締切のあとは「期限後」になります。"
        )
        way = choose(st.radio, "受け方", _WAYS, Way.TELEPHONE, key=f"{key}.way", horizontal=True)
        note = st.text_input("だれから、いつ聞いたか", key=f"{key}.note")
        counted = response.counted
        before = counted.answers if counted and counted.answers and not found.hidden else NOTHING
        contacts = context.answer(
            contacts_view, principal, lg_code=row.lg_code, today=context.today()
        )
        scope = replace(found.scope, people=people_of(contacts.contacts, context.today()))
        typed: dict[str, Value] = {}
        places: dict[str, Place] = {}
        for number, question in enumerate(inquiry.composition.questions, start=1):
            read = read_answers(inquiry.composition, typed, scope).answers
            if all(each.key != question.key for each in asked(inquiry.composition, read)):
                continue
            typed[question.key] = draw_field(
                question, before.get(question.key), scope, key=f"{key}.{question.key}", place=number
            )
            places[question.key] = Place(f"{key}.{question.key}.place", typed[question.key])
        pressed = st.button("この内容で記録する", type="primary", key=form, icon=":material/save:")
    answer(form)
    if pressed:
        submit(
            form,
            partial(
                record_answer,
                lg_code=row.lg_code,
                inquiry_id=inquiry.inquiry_id,
                typed=typed,
                way=way,
                note=note,
                seen_event=seen,
            ),
            lambda receipt: f"{name}の回答を記録しました。受領番号 {receipt.number}",
            places,
        )
