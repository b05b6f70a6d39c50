"""支援回: the list of a contract, and the one that is open with what can be said of it."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from core.access.principal import Principal
from core.commands.visits import (
    add_files_to_visit,
    amend_visit,
    cancel_visit,
    hold_visit,
    move_visit,
    rate_visit,
)
from core.exports.calendar import visit_calendar
from core.exports.file import file_name
from core.support.pace import is_unrecorded
from core.support.visit import STEPS_FROM, CancelledBy, Visit, VisitState, VisitStep
from core.values.fiscal import Precision, era_date, japan_day
from core.views.calendar import visit_calendar_view
from core.views.support import ContractInYear
from dashboard import context
from dashboard.kit import address, widgets
from dashboard.kit.answer import answer
from dashboard.kit.choice import choose
from dashboard.kit.chosen_file import file_field, size_text
from dashboard.kit.form import Fields, form_box
from dashboard.kit.sight import opened_mark
from dashboard.kit.submit import download, refuse, request_id, submit
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped, paragraphs
from dashboard.support.contracts.holding import SATISFACTION, draw_held_fields
from dashboard.support.contracts.planning import draw_planned_fields
from dashboard.support.contracts.wording import visit_words, when_words

_ACTS = {
    VisitStep.HELD: "実施を記録する",
    VisitStep.MOVED: "日程を変える",
    VisitStep.CANCELLED: "中止にする",
    VisitStep.AMENDED: "実施を訂正する",
}
_RATE, _FILES = "rate", "files"


def draw_visits(held: ContractInYear) -> None:
    """What is to come by day, then what is over, newest first; a press on one opens it beneath."""
    st.markdown("#### 支援回")
    by_day = sorted(
        held.visits, key=lambda v: (v.when is None, v.when and v.when.first, v.visit_id)
    )
    over = [each for each in reversed(by_day) if each.state is not VisitState.PLANNED]
    shown = [each for each in by_day if each.state is VisitState.PLANNED] + over
    opened = _opened(held, shown)
    if not shown:
        widgets.empty_state("支援回の予定はまだありません。", "event")
        return

    def pick(row: int) -> None:
        address.open_detail("contract", str(held.contract.contract_id))
        address.open_detail("visit", str(shown[row].visit_id))

    table(
        {
            "回": [visit_words(held.contract, each) for each in shown],
            "日程": [when_words(each) for each in shown],
            "状態": [_state_words(each) for each in shown],
            "形式": [_meeting(each) for each in shown],
            "議題": [each.held.topic if each.held else "" for each in shown],
            "満足度": [
                str(each.held.satisfaction or "未記入") if each.held else "" for each in shown
            ],
            "ファイル": [f"{len(each.files)}個" if each.files else "" for each in shown],
        },
        alt="支援回の一覧",
        key=f"visits.{held.contract.contract_id}",
        on_pick=pick,
        chosen=shown.index(opened) if opened else None,
    )
    if opened is not None:
        named = address.opened("visit") == str(opened.visit_id)
        where = opened_mark(f"visit.{opened.visit_id}") if named else st.container()
        with where, st.container(border=True):
            _draw_visit(held, opened)


def _opened(held: ContractInYear, shown: list[Visit]) -> Visit | None:
    """What the address names; else the first that waits for its record."""
    named = address.opened("visit")
    found = next((each for each in shown if str(each.visit_id) == named), None)
    if found is None and named:
        st.warning(
            f"この契約に支援回「{escaped(named)}」はありません。下の一覧から選んでください。",
            icon=":material/link_off:",
        )
    if found is None and held.contract.stands:
        found = next((each for each in shown if is_unrecorded(each, context.today())), None)
    return found


def _state_words(visit: Visit) -> str:
    if is_unrecorded(visit, context.today()):
        return "記録待ち"
    return visit.state.label


def _meeting(visit: Visit) -> str:
    if visit.held is not None:
        return visit.held.meeting.label
    planned = visit.planned
    return planned.meeting.label if planned and planned.meeting else "未定"


def _draw_visit(held: ContractInYear, visit: Visit) -> None:
    st.markdown(
        f"**{escaped(visit_words(held.contract, visit))}**・{escaped(when_words(visit))}・"
        f"{escaped(_state_words(visit))}"
    )
    _draw_said(visit)
    _draw_files(visit)
    _draw_calendar(visit)
    form = f"visit.{visit.visit_id}"
    answer(form)
    if held.contract.stands:
        _draw_acts(held, visit, form)
    if len(visit.events) > 1:
        with st.expander("この回の経過", icon=":material/history:"):
            table(
                {
                    "経過": [event.step.label for event in visit.events],
                    "日程": [
                        era_date(event.held.day)
                        if event.held
                        else event.planned.when.label
                        if event.planned
                        else ""
                        for event in visit.events
                    ],
                    "理由": [event.reason for event in visit.events],
                    "記録": [
                        f"{japan_day(event.recorded_at)} {event.recorded_by}"
                        for event in visit.events
                    ],
                },
                alt="支援回の経過",
            )


def _draw_said(visit: Visit) -> None:
    done, planned, last = visit.held, visit.planned, visit.last
    if done is not None:
        rated = SATISFACTION[done.satisfaction] if done.satisfaction else "未記入"
        st.markdown(
            f"{done.minutes}分・{done.meeting.label}・満足度 {escaped(rated)}  \n"
            f"**議題** {escaped(done.topic)}  \n"
            f"**出席者** {escaped(done.attended) or '記入なし'}"
        )
        left, right = st.columns(2, gap="medium")
        left.markdown(f"**実施した内容**\n\n{paragraphs(done.done)}")
        right.markdown(f"**次回までに行うこと**\n\n{paragraphs(done.following) or '記入なし'}")
    elif visit.state is VisitState.CANCELLED:
        by = last.cancelled_by.label if last.cancelled_by else ""
        st.markdown(f"中止({by})。理由: {escaped(last.reason) or '記入なし'}")
    elif planned is not None:
        st.markdown(f"{escaped(_meeting(visit))}・{escaped(planned.place) or '場所・接続先は未定'}")


def _draw_calendar(visit: Visit) -> None:
    """The visit for the reader's own calendar, while it is ahead."""
    when = visit.when
    if visit.state is not VisitState.PLANNED or when is None:
        return
    if when.precision is not Precision.DAY:
        return
    made_up = widgets.made_up()

    def made(principal: Principal) -> bytes:
        reference = context.reference()
        day = visit_calendar_view(
            context.engine(),
            principal,
            reference,
            lg_code=visit.lg_code,
            visit_id=visit.visit_id,
        )
        query = {"contract": str(day.contract), "visit": str(day.visit)}
        link = context.address("support", query)
        return visit_calendar(day, link, reference=reference, made_up=made_up).body

    download(
        "予定をカレンダーに入れる(.ics)",
        made,
        file_name("支援回", when.first.isoformat(), suffix=".ics", made_up=made_up),
        key=f"visit.ics.{visit.visit_id}",
        icon=":material/event:",
    )


def _draw_files(visit: Visit) -> None:
    for file in visit.files:
        label = f"{escaped(file.name)}({size_text(file.size)})"
        opened = f"/attachments/visits/{visit.lg_code}/{file.file_id}"
        if not file.findings:
            st.link_button(label, opened, icon=":material/attach_file:")
            continue
        said = escaped("。".join(finding.label for finding in file.findings))
        with st.popover(label, icon=":material/warning:", key=f"visit.file.{file.file_id}"):
            st.warning(
                f"{said}。心当たりがなければ、開く前に送り主に確かめてください。",
                icon=":material/warning:",
            )
            st.link_button("確かめたので開く", opened, icon=":material/download:")


def _draw_acts(held: ContractInYear, visit: Visit, form: str) -> None:
    following: dict[str, str] = {
        step.value: _ACTS[step] for step in sorted(STEPS_FROM[visit.state], key=list(_ACTS).index)
    }
    if visit.state is VisitState.CANCELLED:
        return
    if visit.held is not None:
        unrated = {_RATE: "満足度を記入する"} if visit.held.satisfaction is None else {}
        following = {**unrated, _FILES: "ファイルを加える", **following}
    key = f"{form}.{visit.last.event_id}.{request_id(form)}"
    waits = is_unrecorded(visit, context.today())
    usual = next(iter(following)) if waits or _RATE in following else None
    chosen = choose(st.segmented_control, "この回について", following, usual, key=f"{key}.act")
    if chosen is None:
        return
    field = Fields(f"{key}.{chosen}")
    with form_box(f"{key}.{chosen}"):
        _FORMS[str(chosen)](held, visit, form, field)


def _draw_hold(held: ContractInYear, visit: Visit, form: str, field: Fields) -> None:
    planned = visit.planned
    day = planned.when.first if planned else context.today()
    found, files, unread = draw_held_fields(
        field, None, day, held.contract.terms, held.experts, planned=planned
    )
    if not st.button("実施を記録する", type="primary", icon=":material/save:", key=f"{form}.hold"):
        return
    if found is None:
        refuse(unread, field.places)
        return
    submit(
        form,
        partial(hold_visit, **_of(visit), held=found, files=files),
        f"{visit_words(held.contract, visit)} の実施を記録しました。残りの回数は上の表に出ています。",
        field.places,
    )


def _draw_move(held: ContractInYear, visit: Visit, form: str, field: Fields) -> None:
    planned, unread = draw_planned_fields(field, visit.planned, held.experts)
    reason = field("reason", st.text_input, "理由(なくてもよい)")
    if not st.button("日程を変える", type="primary", icon=":material/event:", key=f"{form}.move"):
        return
    if planned is None or unread:
        refuse(unread, field.places)
        return
    submit(
        form,
        partial(move_visit, **_of(visit), planned=planned, reason=reason),
        f"{visit_words(held.contract, visit)} を{planned.when.label}に変えました。",
        field.places,
    )


def _draw_amend(held: ContractInYear, visit: Visit, form: str, field: Fields) -> None:
    found, _, unread = draw_held_fields(
        field,
        visit.held,
        context.today(),
        held.contract.terms,
        held.experts,
        planned=visit.planned,
        with_files=False,
    )
    reason = field("reason", st.text_input, "訂正の理由(必須)")
    if not st.button("実施を訂正する", type="primary", icon=":material/edit:", key=f"{form}.amend"):
        return
    if found is None:
        refuse(unread, field.places)
        return
    submit(
        form,
        partial(amend_visit, **_of(visit), held=found, reason=reason),
        f"{visit_words(held.contract, visit)} の実施の記録を訂正しました。",
        field.places,
    )


def _draw_cancel(held: ContractInYear, visit: Visit, form: str, field: Fields) -> None:
    if visit.held is not None:
        st.markdown("実施の記録が誤りだったときに使います。実施した回数から除かれます。")
    by = field(
        "cancelled_by",
        partial(choose, st.radio),
        "申し出た側(必須)",
        CancelledBy,
        CancelledBy.MUNICIPALITY.value,
        horizontal=True,
    )
    reason = field("reason", st.text_input, "中止の理由(必須)")
    if st.button("中止にする", type="primary", icon=":material/event_busy:", key=f"{form}.cancel"):
        submit(
            form,
            partial(cancel_visit, **_of(visit), cancelled_by=by, reason=reason),
            f"{visit_words(held.contract, visit)} を中止にしました。代わりの回は「1回の予定を加える」で予定します。",
            field.places,
        )


def _draw_rate(held: ContractInYear, visit: Visit, form: str, field: Fields) -> None:
    options = {number: words for number, words in SATISFACTION.items() if number}
    rated = field(
        "satisfaction", partial(choose, st.radio), "満足度(必須)", options, None, horizontal=True
    )
    if not st.button(
        "満足度を記入する", type="primary", icon=":material/thumb_up:", key=f"{form}.rate"
    ):
        return
    if rated is None:
        refuse({"satisfaction": "満足度を選んでください。"}, field.places)
        return
    submit(
        form,
        partial(rate_visit, **_of(visit), satisfaction=int(rated)),
        f"{visit_words(held.contract, visit)} の満足度を{rated}と記録しました。",
        field.places,
    )


def _draw_more_files(held: ContractInYear, visit: Visit, form: str, field: Fields) -> None:
    files = field("attachments", file_field)
    if st.button(
        "ファイルを加える", type="primary", icon=":material/attach_file:", key=f"{form}.files"
    ):
        which: dict[str, Any] = {"lg_code": visit.lg_code, "visit_id": visit.visit_id}
        submit(
            form,
            partial(add_files_to_visit, **which, files=files),
            lambda count: f"{visit_words(held.contract, visit)} にファイルを{count}個加えました。",
            field.places,
        )


_FORMS = {
    VisitStep.HELD.value: _draw_hold,
    VisitStep.MOVED.value: _draw_move,
    VisitStep.AMENDED.value: _draw_amend,
    VisitStep.CANCELLED.value: _draw_cancel,
    _RATE: _draw_rate,
    _FILES: _draw_more_files,
}


def _of(visit: Visit) -> dict[str, Any]:
    return {
        "lg_code": visit.lg_code,
        "visit_id": visit.visit_id,
        "seen_event": visit.last.event_id,
    }
