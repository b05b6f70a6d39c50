"""うちの申込: everybody the own municipality enrolled, and the file of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from core.access.principal import Principal
from core.commands.enrolments import export_own_enrolments
from core.exports.enrolments import own_enrolments_csv
from core.exports.file import file_name
from core.training.enrolment import PlaceKind
from core.views.enrolments import OwnEnrolment, own_enrolments_view
from dashboard import context
from dashboard.frame import navigation
from dashboard.kit import widgets
from dashboard.kit.submit import download
from dashboard.kit.widgets import empty_state, escaped
from dashboard.trainings.enrol import place_text
from dashboard.trainings.question import Question
from dashboard.trainings.wording import day_text, moment_text, time_text


def draw_ours(principal: Principal, question: Question, lg_code: str) -> None:
    """What is ahead, with the way to change it; what was before, as a table."""
    own = context.answer(own_enrolments_view, principal, lg_code=lg_code).enrolments
    today = context.today()
    ahead = [e for e in own if e.session.date >= today and _counts(e)]
    st.subheader("これから", anchor=False)
    draw_ahead(question, ahead)
    before = [e for e in own if e.session.date < today and _counts(e)]
    st.subheader("これまで", anchor=False)
    if before:
        st.dataframe(
            pd.DataFrame(
                {
                    "開催日": [each.session.date.isoformat() for each in before],
                    "研修": [each.training.content.title for each in before],
                    "氏名": [_name(each) for each in before],
                    "申込の結果": [each.line.place.label for each in before],
                    "出席": [
                        each.line.attendance.mark.label if each.line.attendance else "未記録"
                        for each in before
                    ],
                }
            ),
            hide_index=True,
            alt="これまでの申込",
        )
    else:
        empty_state("これまでの申込はありません。", "history")
    if own:
        download(
            "申込の一覧(CSV)を保存する",
            partial(_file, lg_code),
            file_name(
                "研修の申込", lg_code, f"{today:%Y%m%d}", suffix=".csv", made_up=widgets.made_up()
            ),
            key="ours.export",
        )
        st.caption("個人情報を含みます。保存すると、いつ・誰が保存したかが記録に残ります。")


def _counts(each: OwnEnrolment) -> bool:
    return each.line.place.kind is not PlaceKind.CANCELLED


def _name(each: OwnEnrolment) -> str:
    return each.line.person.name if each.line.person else "(削除済み)"


def _file(lg_code: str, who: Principal) -> bytes:
    return own_enrolments_csv(
        export_own_enrolments(context.engine(), who, lg_code=lg_code, now=context.now()),
        made_up=widgets.made_up(),
    )


def draw_ahead(question: Question, ahead: Sequence[OwnEnrolment]) -> None:
    """One card a session, the soonest first; names and places in it."""
    if not ahead:
        empty_state("これからの申込はありません。一覧から研修を選んで申し込めます。", "event")
    by_session: dict[str, list[OwnEnrolment]] = {}
    for each in sorted(ahead, key=lambda e: (e.session.date, e.line.enrolment.first_event)):
        by_session.setdefault(each.session.session_id, []).append(each)
    for people in by_session.values():
        _draw_session(question, people)


def _draw_session(question: Question, people: Sequence[OwnEnrolment]) -> None:
    session, training = people[0].session, people[0].training
    with st.container(border=True, gap="small"):
        st.page_link(
            navigation.page_file("trainings"),
            label=f"**{escaped(training.content.title)}**",
            icon=":material/school:",
            query_params=question.of(training.training_id),
        )
        off = " :red-badge[中止]" if _off(people[0]) else ""
        st.markdown(f"{day_text(session.date)} {time_text(session.start, session.end)}{off}")
        st.markdown("\n".join(f"- {escaped(_name(each))} {place_text(each)}" for each in people))
        st.caption(f"変更・取消しは{moment_text(people[0].closes_at)}まで")


def _off(each: OwnEnrolment) -> bool:
    return each.session.cancelled or each.training.state.value == "cancelled"
