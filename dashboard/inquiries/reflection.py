"""反映: answers that go on to wishes, ledger and surveys, ticked and confirmed together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from core.access.principal import Principal
from core.commands.flow import flow_answers, flow_survey, withdraw_dropped
from core.inquiry.flow import TARGETS, Dropped, FlowLine, FlowState, FlowTarget
from core.inquiry.question import Question
from core.inquiry.reading import words_of
from core.inquiry.response import japan_moment
from core.views.inquiries import InquiryAnswer, QuestionFlow, flow_view
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.answer import NextStep, answer
from dashboard.kit.submit import request_id, submit
from dashboard.kit.tables import table
from dashboard.kit.typed import Markdown, escaped

_OPEN = (FlowState.WAITING, FlowState.CORRECTED)
_NEXT: Mapping[FlowTarget, NextStep] = {
    FlowTarget.WISHES: NextStep("KPIで確かめる", "kpi"),
    FlowTarget.LEDGER: NextStep("参加台帳で確かめる", "ledger"),
}
_MEANS: Mapping[FlowTarget, Markdown] = {
    FlowTarget.WISHES: Markdown(
        "選んだ団体の回答を、参加希望として記録します。金額は、その団体の回答のプランをまとめて試算した額です。"
        "同じ内容か、もっと先に進んだ希望がある団体は、そのままです。"
    ),
    FlowTarget.LEDGER: Markdown(
        "「参加する」は参加台帳の予定に、「関心がある」は関心に記録します。出典はこの照会の回答です。"
        "「参加しない」「未定」は記録しません。もう参加している団体は、そのままです。"
    ),
}


def draw(principal: Principal, found: InquiryAnswer) -> None:
    """What of this inquiry goes on, and what went on already."""
    number = found.inquiry.inquiry_id
    if found.hidden:
        widgets.empty_state(
            "結果は伏せています。「経過」で結果を公開すると、回答を反映できます。", "visibility_off"
        )
        return
    reference = context.reference()
    flows = flow_view(context.engine(), principal, reference, inquiry_id=number)
    if not flows.questions and not flows.surveys:
        widgets.empty_state(
            "この照会に、参加希望・参加台帳・アンケートの数になる回答はありません。", "move_down"
        )
        return
    for each in flows.questions:
        _draw_question(found, each)
    if flows.surveys:
        _draw_surveys(found, flows.surveys)


def _draw_question(found: InquiryAnswer, flow: QuestionFlow) -> None:
    question, target = flow.question, flow.target
    form = f"inquiry.flow.{found.inquiry.inquiry_id}.{question.key}"
    st.subheader(escaped(f"{question.label} → {target.label}"), anchor=False)
    st.markdown(_MEANS[target])
    todo = [each for each in flow.lines if each.state in _OPEN and each.said is not None]
    done = [each for each in flow.lines if each.last is not None]
    if corrected := [each for each in flow.lines if each.state is FlowState.CORRECTED]:
        names = "、".join(_name(each) for each in corrected)
        st.warning(
            escaped(f"反映した後に回答が変わった団体があります: {names}"),
            icon=":material/sync_problem:",
        )
    if todo:
        _draw_ticks(form, question, todo, found)
    else:
        answer(form)
        st.caption(escaped("いま反映するものはありません。"))
    if flow.dropped:
        _draw_dropped(found, flow)
    if done:
        table(
            {
                "団体": [_name(each) for each in done],
                "状態": [each.state.label for each in done],
                "反映した日時": [_when(each) for each in done],
                "記録": [_recorded(each) for each in done],
            },
            f"{question.label}の反映の記録",
        )


def _draw_dropped(found: InquiryAnswer, flow: QuestionFlow) -> None:
    """Wishes an answer took back: withdrawn where they can be, and why not where they cannot."""
    number, question = found.inquiry.inquiry_id, flow.question
    form = f"inquiry.dropped.{number}.{question.key}"
    st.markdown("**回答から外れたプラン**")
    st.caption(
        "反映した後に、回答からなくなったプランです。選んだ希望を「辞退」として記録します。"
        "理由には、この照会の回答であることが残ります。"
    )
    turn = request_id(form)
    chosen = [
        each.wish.event_id
        for each in flow.dropped
        if not each.why_not
        and st.checkbox(
            escaped(
                f"{_wished(each, found, question)} {each.wish.visits}回({each.wish.state.label})"
            ),
            key=f"{form}.{turn}.{each.wish.event_id}",
        )
    ]
    stays = [each for each in flow.dropped if each.why_not]
    if stays:
        table(
            {
                "辞退にできない希望": [_wished(each, found, question) for each in stays],
                "理由": [each.why_not for each in stays],
            },
            f"{question.label}で、回答から外れても辞退にできない希望",
        )
    pressed = len(stays) < len(flow.dropped) and st.button(
        escaped(f"{len(chosen)}件の希望を辞退にする"),
        icon=":material/undo:",
        disabled=not chosen,
        key=f"{form}.go",
    )
    answer(form)
    if pressed and chosen:
        command = partial(withdraw_dropped, inquiry_id=number, question=question.key, wishes=chosen)
        done = "{}件の希望を「辞退」として記録しました。理由は団体の画面にも出ます。"
        submit(form, command, done.format, next_step=_NEXT[FlowTarget.WISHES])


def _wished(each: Dropped, found: InquiryAnswer, question: Question) -> str:
    reference, year = found.scope.reference, found.scope.year(question)
    plan = reference.plan_name(each.wish.plan, year)
    return f"{reference.called(each.wish.lg_code)}　{plan}"


def _draw_ticks(
    form: str, question: Question, todo: Sequence[FlowLine], found: InquiryAnswer
) -> None:
    turn = request_id(form)  # another one after each answer: ticks begin anew
    keys = {each.lg_code: f"{form}.{turn}.{each.lg_code}" for each in todo}
    with st.container(horizontal=True):
        every = tuple(keys.values())
        st.button(
            "すべて選ぶ",
            icon=":material/done_all:",
            key=f"{form}.all",
            on_click=_tick,
            args=(every, True),
        )
        st.button(
            "選択を外す",
            icon=":material/remove_done:",
            key=f"{form}.none",
            on_click=_tick,
            args=(every, False),
        )
    for each in todo:  # one a line: what is recorded is read before it is ticked
        said = each.said.answers if each.said else None
        words = words_of(question, (said or {}).get(question.key), found.scope)
        again = "(訂正後) " if each.state is FlowState.CORRECTED else ""
        told = escaped(f"{_name(each)}　{again}{words or '反映した内容がなくなりました'}")
        st.checkbox(told, key=keys[each.lg_code])
    chosen = {
        each.lg_code: each.said.event_id
        for each in todo
        if each.said is not None and st.session_state.get(keys[each.lg_code])
    }
    pressed = st.button(
        escaped(f"{len(chosen)}団体の回答を反映する"),
        type="primary",
        icon=":material/move_down:",
        disabled=not chosen,
        key=f"{form}.go",
    )
    answer(form)
    if pressed and chosen:
        target = TARGETS[question.kind]
        command = partial(
            flow_answers,
            inquiry_id=found.inquiry.inquiry_id,
            question=question.key,
            seen=chosen,
        )
        submit(
            form,
            command,
            lambda made: (
                f"{len(chosen)}団体の回答を{target.label}に反映しました"
                f"(新しい記録 {made}件。もう同じ記録がある団体は、そのままです)。"
            ),
            next_step=_NEXT[target],
        )


def _tick(keys: Sequence[str], on: bool) -> None:
    for key in keys:
        st.session_state[key] = on


def _draw_surveys(found: InquiryAnswer, surveys: Mapping[str, int]) -> None:
    st.subheader(escaped("集計 → カタログのアンケート"), anchor=False)
    st.markdown(
        "設問の集計を、この照会を出典とするアンケートの数としてカタログに残します。"
        "指標として、KPI・会議・書き出しに日付と出典つきで出ます。集計が変わったら、もう一度残します。"
    )
    for number, question in enumerate(found.inquiry.composition.questions, start=1):
        if question.key not in surveys:
            continue
        seen = surveys[question.key]
        form = f"inquiry.survey.{found.inquiry.inquiry_id}.{question.key}"
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(escaped(f"設問{number} {question.label}"))
            label = "今日の集計で残し直す" if seen else "アンケートとして残す"
            pressed = st.button(label, key=f"{form}.go", icon=":material/bookmark_add:")
        answer(form)
        if pressed:
            command = partial(
                flow_survey,
                inquiry_id=found.inquiry.inquiry_id,
                question=question.key,
                seen=seen,
            )
            said = f"設問{number}の集計をカタログに残しました。"
            submit(form, command, said, next_step=NextStep("KPIで確かめる", "kpi"))


def _name(each: FlowLine) -> str:
    return context.reference().called(each.lg_code)


def _when(each: FlowLine) -> str:
    return japan_moment(each.last.recorded_at) if each.last else ""


def _recorded(each: FlowLine) -> str:
    many = len(each.last.records) if each.last else 0
    return f"{many}件" if many else "そのまま(もう記録があった)"
