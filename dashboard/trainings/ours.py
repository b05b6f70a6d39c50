"""うちの申込: everybody the own municipality enrolled, and the file of it; for わがまち in few words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

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
from dashboard.kit.rows import row
from dashboard.kit.submit import download
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped
from dashboard.kit.widgets import empty_state
from dashboard.trainings.enrol import place_text
from dashboard.trainings.question import OURS, Question
from dashboard.trainings.wording import draw_title, moment_text, when_text


def draw_ours(principal: Principal, question: Question, lg_code: str) -> None:
    """What is ahead, with the way to change it; what was before, as a table."""
    today = context.today()
    ahead, before, any_at_all = _enrolments(principal, lg_code)
    st.subheader("これから", anchor=False)
    _draw_ahead(
        question, ahead, "これからの申込はありません。一覧から研修を選んで申し込めます。", "event"
    )
    st.subheader("これまで", anchor=False)
    if before:
        marks = [each.line.attendance for each in before]
        table(
            {
                "開催日": [each.session.date.isoformat() for each in before],
                "研修": [each.training.content.title for each in before],
                "氏名": [_name(each) for each in before],
                "申込の結果": [_result(each) for each in before],
                "出席": [each.mark.label if each else "未記録" for each in marks],
            },
            alt="これまでの申込",
        )
    else:
        empty_state("これまでの申込はありません。", "history")
    if any_at_all:
        download(
            "申込の一覧(CSV)を保存する",
            partial(_file, lg_code),
            file_name(
                "研修の申込", lg_code, f"{today:%Y%m%d}", suffix=".csv", made_up=widgets.made_up()
            ),
            key="ours.export",
        )
        st.caption("個人情報を含みます。保存すると、いつ・誰が保存したかが記録に残ります。")


def draw_few(principal: Principal, lg_code: str) -> None:
    """The enrolments that are ahead, and the way to all of them."""
    ahead, _, any_at_all = _enrolments(principal, lg_code)
    _draw_ahead(Question(), ahead, "これからの研修に申し込んでいる人はいません。", "school")
    navigation.link(
        "trainings",
        "研修の申込をすべて見る" if any_at_all else "研修を探す",
        "school",
        Question(view=OURS).query() if any_at_all else None,
    )


def _enrolments(
    principal: Principal, lg_code: str
) -> tuple[list[OwnEnrolment], list[OwnEnrolment], bool]:
    """Those of today and later, those before, and whether there ever was one, cancelled or not."""
    own = context.answer(own_enrolments_view, principal, lg_code=lg_code)
    today = context.today()
    counting = [each for each in own if each.line.place.kind is not PlaceKind.CANCELLED]
    ahead = [each for each in counting if each.session.date >= today]
    return ahead, [each for each in counting if each.session.date < today], bool(own)


def _result(each: OwnEnrolment) -> str:
    label = each.line.place.label
    return f"研修は中止(申込は{label})" if each.cancelled else label


def _name(each: OwnEnrolment) -> str:
    return each.line.person.name if each.line.person else "(削除済み)"


def _file(lg_code: str, who: Principal) -> bytes:
    return own_enrolments_csv(
        export_own_enrolments(context.engine(), who, lg_code=lg_code, now=context.now()),
        made_up=widgets.made_up(),
    )


def _draw_ahead(question: Question, ahead: Sequence[OwnEnrolment], nothing: str, icon: str) -> None:
    """One card a session, the soonest first; names and places in it."""
    if not ahead:
        empty_state(nothing, icon)
    by_session: dict[str, list[OwnEnrolment]] = {}
    for each in sorted(ahead, key=lambda e: (e.session.date, e.line.enrolment.first_event)):
        by_session.setdefault(each.session.session_id, []).append(each)
    for people in by_session.values():
        _draw_session(question, people)


def _draw_session(question: Question, people: Sequence[OwnEnrolment]) -> None:
    session, training = people[0].session, people[0].training
    with row(f"ours.{session.session_id}"):
        draw_title(training.content.title, question.of(training.training_id))
        off = people[0].cancelled
        st.markdown(f"{when_text(session, off=off)}{' :red-badge[中止]' if off else ''}")
        st.markdown("\n".join(f"- {escaped(_name(each))} {place_text(each)}" for each in people))
        if not off and context.now() < people[0].closes_at:
            st.caption(f"変更・取消しは{moment_text(people[0].closes_at)}まで")
