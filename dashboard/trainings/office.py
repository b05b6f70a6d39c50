"""The secretariat's part: drafts, what becomes of a training, who is enrolled, who came, the code on the wall."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from html import escape
from math import ceil
from typing import Any, Literal

import streamlit as st
from sqlalchemy import Engine

from core.access.principal import Principal, shown_name
from core.commands.attendance import issue_attendance_code, mark_attendance
from core.commands.enrolments import export_enrolments
from core.commands.trainings import (
    cancel_training,
    copy_training,
    discard_training,
    publish_training,
)
from core.exports.enrolments import enrolment_csv, enrolment_workbook
from core.exports.file import file_name
from core.reference.pack import Reference
from core.store.enrolments import EnrolmentLine
from core.training.attendance import AttendanceMark, AttendanceMeans
from core.training.copying import same_weekday
from core.training.enrolment import PlaceKind
from core.training.line import SessionLine
from core.training.person import Person
from core.training.training import Training
from core.training.vocabulary import TrainingState
from core.values.errors import DashboardError
from core.values.fiscal import JAPAN, FiscalYear, day_in_japan
from core.views.enrolments import (
    DeskSession,
    TrainingDeskAnswer,
    attendance_file_view,
    training_desk_view,
    unpublished_trainings_view,
)
from core.views.trainings import TrainingAnswer
from dashboard import context
from dashboard.kit import answer as said
from dashboard.kit import widgets
from dashboard.kit.address import open_detail
from dashboard.kit.choice import choose
from dashboard.kit.chosen_file import choose_file
from dashboard.kit.confirm import confirm
from dashboard.kit.form import form_box
from dashboard.kit.letters import draw_coming_letters, draw_training_letters, touched_by
from dashboard.kit.submit import download, request_id, submit
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped
from dashboard.trainings.detail import draw_training
from dashboard.trainings.enrol import draw_enrolling
from dashboard.trainings.form import TELL, draw_form
from dashboard.trainings.question import Question
from dashboard.trainings.wording import day_text, draw_title, seats_text, session_text

_PAGE = 50
_MOST_PROBLEMS = 20
_GONE = "(削除済み)"
_HOURS = {1: "1時間", 3: "3時間", 12: "12時間"}
_TAB, _ENROLLED = "training.tab", "申込者・出席"


def draw_office(principal: Principal, answer: TrainingAnswer) -> None:
    """Everything the secretariat sees and does about one training."""
    training = answer.training
    _draw_steps(training)
    widgets.take_tab(_TAB)
    if st.session_state.pop(TELL, False):
        st.session_state[_TAB] = _ENROLLED
    widgets.draw_tabs(
        _TAB,
        {
            "内容": partial(draw_training, answer),
            _ENROLLED: partial(_draw_desk, principal, answer),
            "内容を直す": partial(draw_form, training),
            "履歴": lambda: _draw_history(_desk(principal, training).history),
        },
    )


def _desk(principal: Principal, training: Training) -> TrainingDeskAnswer:
    return training_desk_view(
        context.engine(),
        principal,
        context.reference(),
        training_id=training.training_id,
        now=context.now(),
    )


def _draw_desk(principal: Principal, training: TrainingAnswer) -> None:
    """One session at a time."""
    answer = _desk(principal, training.training)
    off = answer.training.state is TrainingState.CANCELLED
    by_id = {each.session.session_id: each for each in answer.sessions}
    chosen = next(iter(by_id))
    if len(by_id) > 1:
        chosen = choose(
            st.selectbox,
            "日程",
            {key: _label(desk, off=off) for key, desk in by_id.items()},
            key=f"desk.session.{answer.training.training_id}",
        )
    desk = by_id.get(chosen, answer.sessions[0])
    active = [line for line in desk.lines if line.place.kind is not PlaceKind.CANCELLED]
    named = "" if len(by_id) > 1 else f"**{escaped(_label(desk, off=off))}** "
    st.markdown(f"{named}{seats_text(desk.seats)}")
    if _draw_wall(desk):
        return
    draw_training_letters(principal, answer.training.training_id)
    _draw_enrolled(answer, desk, active)
    left, right = st.columns(2, gap="medium")
    with left:
        _draw_code(desk)
    with right:
        _draw_file(principal, desk, active)
    if active:
        _draw_marks(answer, desk, active)
    training_id = answer.training.training_id
    with st.expander(
        f"{context.names().towns}に代わって申し込む(電話などで受けたとき)",
        icon=":material/call:",
        key=f"desk.instead.{training_id}",
    ):
        names = {m.lg_code: m.name for m in context.reference().municipalities}
        lg_code = choose(
            st.selectbox,
            context.names().towns,
            names,
            None,
            key=f"desk.municipality.{training_id}",
            placeholder="選択してください",
        )
        if lg_code:
            draw_enrolling(principal, training, lg_code)


def _label(desk: DeskSession, *, off: bool) -> str:
    return f"{'【中止】' if off or desk.session.cancelled else ''}{session_text(desk.session)}"


def _name(line: EnrolmentLine) -> str:
    return line.person.name if line.person else _GONE


def _result(line: EnrolmentLine) -> str:
    """Where an enrolment stands, and since when a seat is held for it."""
    offer = line.place.offer
    if offer is None or not line.place.offered(context.now()):
        return line.place.label
    since = day_text(day_in_japan(offer.since), year=False)
    return f"{line.place.label}({since}から空席を案内中)"


def _draw_enrolled(
    answer: TrainingDeskAnswer, desk: DeskSession, active: Sequence[EnrolmentLine]
) -> None:
    st.markdown(f"##### 申込者({len(active)}人)")
    if not active:
        widgets.empty_state("この日程の申込はまだありません。", "group")
        return
    present = sum(_mark(line) is AttendanceMark.PRESENT for line in active)
    st.caption(
        f"参加確定{desk.seats.seated}人・キャンセル待ち{desk.seats.waiting}人・"
        f"出席{present}人・出席未記録{sum(line.attendance is None for line in active)}人"
    )
    people = [each.person or Person(_GONE, _GONE, _GONE) for each in active]
    ways = [each.enrolment.attending for each in active]
    table(
        {
            "氏名": [person.name for person in people],
            context.names().towns: [
                answer.municipalities[each.enrolment.lg_code] for each in active
            ],
            "所属": [person.department for person in people],
            "申込の結果": [_result(each) for each in active],
            "参加方法": [way.label if way else "―" for way in ways],
            "出席": [_mark(each).label for each in active],
            "メールアドレス": [person.mail for person in people],
        },
        alt="申込者の一覧",
    )
    session = desk.session
    off = answer.training.state is TrainingState.CANCELLED
    title = f"{answer.training.content.title} {_label(desk, off=off)}"
    name = ("名簿", f"{session.date:%Y%m%d}", session.session_id[:8])
    towns, made_up = answer.municipalities, widgets.made_up()
    workbook = partial(
        enrolment_workbook,
        municipalities=towns,
        title=title,
        made_on=context.today(),
        made_up=made_up,
    )
    csv = partial(enrolment_csv, municipalities=towns, made_up=made_up)
    with st.container(horizontal=True):
        for label, ending, make in (("名簿(Excel)", "xlsx", workbook), ("名簿(CSV)", "csv", csv)):
            download(
                escaped(label),
                partial(_exported, session.session_id, make),
                file_name(*name, suffix=f".{ending}", made_up=made_up),
                key=f"desk.export.{ending}",
            )
    st.caption("個人情報を含みます。保存すると監査記録に残ります。")


def _exported(
    session_id: str, maker: Callable[[Sequence[EnrolmentLine]], bytes], who: Principal
) -> bytes:
    """Asked for on the click alone, so that only a list that was taken is in the audit trail."""
    return maker(export_enrolments(context.engine(), who, session_id=session_id, now=context.now()))


def _mark(line: EnrolmentLine) -> AttendanceMark:
    return line.attendance.mark if line.attendance else AttendanceMark.CLEARED


def _has_begun(desk: DeskSession) -> bool:
    return desk.session.date <= context.today() and not desk.session.cancelled


def _draw_wall(desk: DeskSession) -> bool:
    """The code as wide as the screen, while one is taken.

    Returns:
        Whether it alone is to be seen: names do not belong on the wall.
    """
    if desk.code is None or desk.code.expires_at <= context.now():
        return False
    shown = escape(desk.code.code)
    st.html(
        '<div class="noriai-wall"><p class="noriai-code" '
        f'aria-label="出席コード {" ".join(shown)}">{shown}</p></div>'
    )
    expires = desk.code.expires_at.astimezone(JAPAN)
    st.caption(
        f"出席コード。{expires:%Y-%m-%d %H:%M}まで有効。各団体の担当者が研修の画面で入力します。"
    )
    return st.toggle(
        "コードだけを表示する(会場に映すとき。申込者の氏名を隠します)", key="desk.code_only"
    )


def _draw_code(desk: DeskSession) -> None:
    st.markdown("##### 出席コード")
    if not _has_begun(desk):
        st.caption("開催日になると、会場に映す出席コードをここで作れます。")
        return
    hours = choose(st.segmented_control, "有効時間", _HOURS, 1, required=True, key="desk.hours")
    again = "新しいコードに替える" if desk.code else "出席コードを作る"
    pressed = st.button(again, icon=":material/pin:", key="desk.code")
    if pressed:
        submit(
            f"desk.code.{desk.session.session_id}",
            partial(
                issue_attendance_code,
                session_id=desk.session.session_id,
                valid_for=timedelta(hours=int(hours)),
            ),
            "",
        )


def _draw_file(principal: Principal, desk: DeskSession, active: Sequence[EnrolmentLine]) -> None:
    if not active or not _has_begun(desk):
        return
    form = f"desk.file.{desk.session.session_id}"
    key = request_id(form)
    with st.expander(
        "出席をファイルから取り込む", icon=":material/upload_file:", key=f"desk.taking.{key}"
    ):
        _draw_taking(principal, desk.session.session_id, active, form)
    said.answer(form)  # beneath the box, which closes when the list was taken


def _draw_taking(
    principal: Principal, session_id: str, active: Sequence[EnrolmentLine], form: str
) -> None:
    key = request_id(form)
    st.caption(
        "名簿(Excel・CSV)の「出席」の列に○か×を入れて、ここに戻します。"
        "氏名・所属・出欠の列がある、お手元の名簿も読めます。"
    )
    file = choose_file(
        "記入した名簿", type=["xlsx", "csv"], key=f"desk.upload.{key}", max_upload_size=5
    )
    if file is None:
        return
    try:
        reading = attendance_file_view(
            context.engine(),
            principal,
            context.reference(),
            session_id=session_id,
            content=file.getvalue(),
        )
    except DashboardError as error:
        widgets.show_refusal(error)
        return
    marks = list(reading.marks.values())
    st.markdown(
        f"出席 **{marks.count(AttendanceMark.PRESENT)}人**・"
        f"欠席 **{marks.count(AttendanceMark.ABSENT)}人**・"
        f"記入なし {reading.blank}人"
    )
    for problem in reading.problems[:_MOST_PROBLEMS]:
        st.warning(escaped(problem), icon=":material/warning:")
    if len(reading.problems) > _MOST_PROBLEMS:
        st.caption(f"ほかに{len(reading.problems) - _MOST_PROBLEMS}行が読めません。")
    if reading.marks:
        _draw_preview(reading.marks, active)
    if reading.problems:
        st.caption(
            "読めない行があるため、まだ何も記録していません。直して選び直すか、"
            "読めた行だけを記録してください。"
        )
    words = f"読めた{len(marks)}人だけを記録する" if reading.problems else "この内容で記録する"
    look: Literal["primary", "secondary"] = "secondary" if reading.problems else "primary"
    if marks and st.button(words, type=look, key=f"desk.take.{key}"):
        _record(session_id, reading.marks, AttendanceMeans.FILE, form)


def _draw_preview(marks: Mapping[str, AttendanceMark], active: Sequence[EnrolmentLine]) -> None:
    """Everything that would be recorded, with what is on record now."""
    names = context.reference().named
    read = [line for line in active if line.enrolment.enrolment_id in marks]
    table(
        {
            "氏名": [_name(line) for line in read],
            context.names().towns: [names.get(line.enrolment.lg_code, "") for line in read],
            "いまの記録": [_mark(line).label for line in read],
            "記録する内容": [marks[line.enrolment.enrolment_id].label for line in read],
        },
        alt="ファイルから記録する出欠",
    )


@st.fragment  # each mark is told when it is made; the page around it need not follow
def _draw_marks(
    answer: TrainingDeskAnswer, desk: DeskSession, active: Sequence[EnrolmentLine]
) -> None:
    if not _has_begun(desk):
        return
    session_id = desk.session.session_id
    st.markdown("##### 出席を付ける")
    pages = ceil(len(active) / _PAGE)
    page = st.pagination(pages, key=f"desk.page.{session_id}") if pages > 1 else 1
    shown = active[(page - 1) * _PAGE : page * _PAGE]
    form = f"desk.marks.{session_id}"
    key = request_id(form)
    with form_box(form):
        marks: dict[str, AttendanceMark] = {}
        with st.grid("auto", min_column_width=300):
            for line in shown:
                enrolment = line.enrolment
                before = _mark(line)
                town = answer.municipalities[enrolment.lg_code]
                chosen = choose(
                    st.segmented_control,
                    f"{escaped(_name(line))}({escaped(town)}・{escaped(line.place.label)})",
                    AttendanceMark,
                    before,
                    required=True,
                    # What is on record is part of it: a mark made elsewhere is shown, not undone.
                    key=f"desk.mark.{key}.{enrolment.enrolment_id}.{before}",
                )
                if chosen is not before:
                    marks[enrolment.enrolment_id] = chosen
        left, right = st.columns(2)
        pressed = left.button("出席を記録する", type="primary", width="stretch", key=form)
        every = right.button(
            "未記録の参加確定者を全員出席にする", width="stretch", key=f"{form}.every"
        )
    if every:
        marks |= {
            line.enrolment.enrolment_id: AttendanceMark.PRESENT
            for line in active
            if line.attendance is None
            and line.place.kind is PlaceKind.SEATED
            and line.enrolment.enrolment_id not in marks
        }
    if pressed or every:
        _record(session_id, marks, AttendanceMeans.LIST, form)
    said.answer(form)


def _record(
    session_id: str, marks: Mapping[str, AttendanceMark], means: AttendanceMeans, form: str
) -> None:
    submit(
        form,
        partial(mark_attendance, session_id=session_id, marks=marks, means=means),
        f"{len(marks)}人の出欠を記録しました。",
    )


def _draw_steps(training: Training) -> None:
    """The steps its state allows, each asked about in a dialog that names the training."""
    key = f"step.{training.training_id}"
    title = training.content.title
    this: dict[str, Any] = {
        "training_id": training.training_id,
        "seen_version": training.version,
    }
    drafted = training.state is TrainingState.DRAFT
    published = training.state is TrainingState.PUBLISHED

    def discarded(_: None) -> str:
        open_detail("training", "")
        return f"下書き「{title}」を破棄しました。"

    with st.container(horizontal=True):
        if drafted:
            confirm(
                "公開する",
                f"**{escaped(title)}** を公開します。誰でも見られるようになり、申込みの受付が始まります。"
                "公開した日程は削除できません。",
                partial(publish_training, **this),
                key=training.version,
                form=f"{key}.publish",
                done=f"「{title}」を公開しました。",
                icon="publish",
                danger=False,
                type="primary",
            )
            confirm(
                "破棄する",
                f"下書き **{escaped(title)}** を一覧から外します。記録は監査のため残ります。",
                partial(discard_training, **this),
                key=training.version,
                form=f"{key}.discard",
                done=discarded,
                icon="delete",
            )
        if published:
            _draw_cancel(training, f"{key}.cancel")
        _draw_copy(training, f"{key}.copy")
    if not drafted:
        said.answer(f"{key}.publish")
    if not published:
        said.answer(f"{key}.cancel")


def _draw_cancel(training: Training, form: str) -> None:
    title, reason = training.content.title, f"{form}.{training.version}.reason"

    def cancel(
        engine: Engine,
        principal: Principal,
        *,
        reference: Reference,
        request_id: str,
        now: datetime,
    ) -> None:
        """With what stands in the field when the button in the dialog is pressed."""
        cancel_training(
            engine,
            principal,
            training_id=training.training_id,
            reason=st.session_state.get(reason, ""),
            seen_version=training.version,
            reference=reference,
            request_id=request_id,
            now=now,
        )

    told = ""

    def ask_why() -> None:
        nonlocal told
        why = str(st.session_state.get(reason, "")).strip() or "下の欄に書く理由"
        touched = touched_by(training.training_id, None, why)
        told = touched.sentence
        if told:
            st.markdown(escaped(told))
            draw_coming_letters(touched)
            st.caption("中止すると「申込者・出席」が開き、この文面を送れます。")
        st.text_input("中止の理由(必須)", key=reason)

    def cancelled(_: None) -> str:
        if told:
            st.session_state[TELL] = True
        return f"「{title}」を中止にしました。"

    confirm(
        "中止する",
        f"**{escaped(title)}** の全部の日程を中止します。元に戻せません。"
        "一覧とカレンダーには、中止として理由とともに残ります。",
        cancel,
        key=training.version,
        form=form,
        done=cancelled,
        go="中止にする",
        icon="event_busy",
        fields=ask_why,
    )


def _draw_copy(training: Training, form: str) -> None:
    held = [s for s in training.content.sessions if not s.cancelled] or training.content.sessions
    this = int(context.this_fiscal_year())
    years = {year: FiscalYear(year).full_label for year in range(this, this + 4)}
    moved = same_weekday(held[0].date, this - int(held[0].fiscal_year))
    usual = this if moved >= context.today() else this + 1
    asked = f"{form}.year"

    def year() -> int:
        return int(st.session_state.get(asked) or usual)

    def copy(
        engine: Engine,
        principal: Principal,
        *,
        reference: Reference,
        request_id: str,
        now: datetime,
    ) -> str:
        """Into the year that stands in the field when the button in the dialog is pressed."""
        return copy_training(
            engine,
            principal,
            training_id=training.training_id,
            fiscal_year=year(),
            reference=reference,
            request_id=request_id,
            now=now,
        )

    def done(made: str) -> str:
        open_detail("training", made)
        return (
            f"{FiscalYear(year()).full_label}の下書きを作りました。日程と内容を確かめてください。"
        )

    confirm(
        "複製する",
        f"**{escaped(training.content.title)}** から、選んだ年度の下書きを作ります。"
        "日程は同じ曜日に移し、申込・参加用アドレス・実施内容は写しません。",
        copy,
        key=training.version,
        form=form,
        done=done,
        go="下書きを作る",
        icon="content_copy",
        danger=False,
        fields=partial(choose, st.selectbox, "複製先の年度", years, usual, key=asked),
    )


def _draw_history(history: tuple[Training, ...]) -> None:
    """Every version, newest first."""
    versions = history[::-1]
    table(
        {
            "版": [f"第{each.version}版" for each in versions],
            "日時": [f"{each.recorded_at.astimezone(JAPAN):%Y-%m-%d %H:%M}" for each in versions],
            "記録した人": [shown_name(each.recorded_by) for each in versions],
            "状態": [each.state.label for each in versions],
            "題名": [each.content.title for each in versions],
            "日程": [
                "、".join(s.date.isoformat() for s in each.content.sessions) for each in versions
            ],
            "理由": [each.reason for each in versions],
        },
        alt="版の履歴",
    )


def draw_drafts(principal: Principal, question: Question) -> None:
    """Drafts in order of day, then the form of a new training."""
    st.subheader("下書き", anchor=False)
    lines = context.answer(unpublished_trainings_view, principal)
    by_training: dict[str, list[SessionLine]] = {}
    for line in lines:
        by_training.setdefault(line.training_id, []).append(line)
    for training_id, sessions in by_training.items():
        content = sessions[0].content
        with st.container(border=True, gap="small"):
            title = f"{content.kind.value}「{content.title}」"
            draw_title(title, question.of(training_id), "draft")
            st.caption("、".join(day_text(line.day) for line in sessions))
    if not lines:
        widgets.empty_state(
            "下書きはありません。過去の研修を開いて「複製する」と、その日程と内容から作れます。",
            "draft",
        )
    st.subheader("新しい研修", anchor=False)
    draw_form(None)
