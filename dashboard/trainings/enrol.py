"""申込: colleagues of one municipality, several at once; their places, changes and cancellations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from core.access.principal import Principal, allows
from core.commands.attendance import confirm_attendance
from core.commands.enrolments import Enrolled, cancel_enrolment, change_enrolment, enrol
from core.training.enrolment import PlaceKind
from core.training.person import Applicant, Person
from core.training.vocabulary import SessionFormat
from core.views.enrolments import OwnEnrolment, own_enrolments_view
from core.views.trainings import SessionCard, TrainingAnswer
from dashboard import context
from dashboard.kit.act import ask
from dashboard.kit.choice import choose
from dashboard.kit.submit import request_id, submit
from dashboard.kit.typed import Markdown, escaped
from dashboard.trainings.wording import day_text, moment_text, seats_text, session_text

MOST_AT_ONCE = 10
_NOBODY = Person("", "", "")


def draw_enrolling(principal: Principal, answer: TrainingAnswer, lg_code: str) -> None:
    """Those enrolled already, then a form for more.

    Args:
        principal: The officer, or the secretariat for a municipality that called.
    """
    own = context.answer(own_enrolments_view, principal, lg_code=lg_code)
    ours = [e for e in own if e.training.training_id == answer.training.training_id]
    active = sorted(
        (e for e in ours if e.line.place.kind is not PlaceKind.CANCELLED),
        key=lambda e: (e.session.date, e.line.enrolment.first_event),
    )
    if active:
        st.markdown("##### 自団体の申込")
        for each in active:
            _draw_own(principal, each)
    _draw_codes(lg_code, active)
    after_deadline = allows(principal, "training:manage")
    cards = [
        card
        for card in answer.cards
        if card.line.accepts(context.now()) or (after_deadline and not card.line.cancelled)
    ]
    if cards:
        st.markdown("##### 申し込む")
        _draw_form(cards, lg_code)
    elif not active:
        st.caption("申込みを受け付けている日程はありません。")


def _draw_form(cards: Sequence[SessionCard], lg_code: str) -> None:
    by_id = {card.line.session_id: card for card in cards}
    chosen = cards[0].line.session_id
    if len(cards) > 1:
        labels = {key: session_text(card.line.session) for key, card in by_id.items()}
        chosen = choose(st.selectbox, "申し込む日程", labels, key="enrol.session")
    if chosen not in by_id:
        return
    card = by_id[chosen]
    form = f"enrol.{lg_code}.{chosen}"
    key = request_id(form)
    people = st.number_input(
        "申し込む人数", 1, MOST_AT_ONCE, 1, key=f"enrol.people.{key}", width=180
    )
    st.caption(
        f"{session_text(card.line.session)}・{seats_text(card.seats)}。"
        "席がないときは、申込順にキャンセル待ちになります。"
        "2人目以降の所属・メールアドレスを空けると、1人目と同じになります。"
    )
    with st.form(f"enrol.form.{key}", enter_to_submit=False):
        applicants = [
            _person_fields(f"enrol.{key}.{number}", number, card.line.session.formats)
            for number in range(1, int(people) + 1)
        ]
        pressed = st.form_submit_button(
            f"{int(people)}人を申し込む", type="primary", icon=":material/how_to_reg:"
        )
    st.caption(
        "入力した個人情報は、自団体と事務局だけに見え、研修の実施と連絡にだけ使います。"
        "保存期間を過ぎると削除されます。"
    )
    if not pressed:
        return
    applicants = _filled_down(applicants)

    def done(enrolled: Sequence[Enrolled]) -> str:
        named = "、".join(
            f"{applicant.person.name.strip()}: {one.place.label}"
            for applicant, one in zip(applicants, enrolled, strict=True)
        )
        return f"{day_text(card.line.day)}の日程に申し込みました({named})。"

    submit(
        form,
        partial(enrol, lg_code=lg_code, session_id=chosen, applicants=applicants),
        done,
    )


def _person_fields(
    key: str, number: int, formats: tuple[SessionFormat, ...] | None, now: Applicant | None = None
) -> Applicant:
    """Fields of one person; ``now`` is what stands in them at first."""
    who = f"({number}人目)" if number else ""
    person = now.person if now else _NOBODY
    name_field, department_field = st.columns(2)
    name = name_field.text_input(f"氏名{who}", person.name, key=f"{key}.name", autocomplete="off")
    department = department_field.text_input(
        f"所属{who}",
        person.department,
        key=f"{key}.department",
        placeholder="例: 総務部 DX推進課",
        autocomplete="off",
    )
    mail_field, format_field = st.columns(2)
    mail = mail_field.text_input(
        f"メールアドレス{who}", person.mail, key=f"{key}.mail", autocomplete="off"
    )
    attending = now.attending if now else None
    if formats is not None and len(formats) > 1:
        attending = choose(
            format_field.segmented_control,
            f"参加方法{who}",
            formats,
            attending if attending in formats else None,
            key=f"{key}.attending",
        )
    return Applicant(Person(name, department, mail), attending)


def _filled_down(applicants: Sequence[Applicant]) -> list[Applicant]:
    """What the first person said also holds for those who left it out, but never a name."""
    first = applicants[0].person
    return [
        replace(
            each,
            person=replace(
                each.person,
                department=each.person.department.strip() or first.department,
                mail=each.person.mail.strip() or first.mail,
            ),
        )
        for each in applicants
    ]


def place_text(each: OwnEnrolment) -> Markdown:
    """Where an enrolment stands, as a badge, and why it waits."""
    place, mark = each.line.place, each.line.attendance
    colour = "green" if place.kind is PlaceKind.SEATED else "orange"
    badge = f":{colour}-badge[{escaped(place.label)}]"
    if place.own_seats_full:
        badge += " 1団体の人数の上限に達しています。"
    if mark is not None:
        badge += f" :blue-badge[{mark.mark.label}]"
    return Markdown(badge)


def _draw_own(principal: Principal, each: OwnEnrolment) -> None:
    line, person = each.line, each.line.person
    enrolment = line.enrolment
    with st.container(border=True, gap="small"):
        name = (
            f"**{escaped(person.name)}**({escaped(person.department)})"
            if person
            else "(個人情報は削除済み)"
        )
        st.markdown(f"{name} {place_text(each)}")
        how = f"・{enrolment.attending.label}で参加" if enrolment.attending else ""
        mail = f"・{escaped(person.mail)}" if person else ""
        st.caption(f"{session_text(each.session)}{how}{mail}")
        closed = context.now() >= each.closes_at and not allows(principal, "training:manage")
        if closed:
            st.caption(f"変更・取消しは{moment_text(each.closes_at)}で締め切りました。")
            return
        with st.container(horizontal=True):
            box = f"{enrolment.enrolment_id}.{enrolment.last_event}"
            with st.popover("変更する", icon=":material/edit:", key=f"enrol.changing.{box}"):
                _draw_change(each)
            named = person.name if person else "この人"
            ask(
                "取り消す",
                "person_remove",
                f"enrol.cancel.{enrolment.enrolment_id}",
                enrolment.last_event,
                f"{escaped(named)}の申込を取り消します。席はキャンセル待ちの次の人に移り、"
                "取り消した申込は元に戻せません。",
                partial(
                    cancel_enrolment,
                    lg_code=enrolment.lg_code,
                    enrolment_id=enrolment.enrolment_id,
                    seen_event=enrolment.last_event,
                ),
                f"{named}の申込を取り消しました。",
                go="申込を取り消す",
            )


def _draw_change(each: OwnEnrolment) -> None:
    enrolment = each.line.enrolment
    key = f"enrol.change.{enrolment.enrolment_id}.{enrolment.last_event}"
    now = Applicant(each.line.person or _NOBODY, enrolment.attending)
    with st.form(f"{key}.form", enter_to_submit=False):
        applicant = _person_fields(key, 0, each.session.formats, now)
        pressed = st.form_submit_button("この内容に変更する", type="primary")
    st.caption("順番は変わりません。")
    if not pressed:
        return
    submit(
        key,
        partial(
            change_enrolment,
            lg_code=enrolment.lg_code,
            enrolment_id=enrolment.enrolment_id,
            applicant=applicant,
            seen_event=enrolment.last_event,
        ),
        f"{applicant.person.name.strip()}の申込を変更しました。",
    )


def _draw_codes(lg_code: str, active: Sequence[OwnEnrolment]) -> None:
    """For each session that has begun its day: who is there, and the code on the wall."""
    today = context.today()
    waiting: dict[str, dict[str, str]] = {}
    for each in active:
        if (
            each.session.date == today
            and not each.session.cancelled
            and each.line.place.kind is PlaceKind.SEATED
            and each.line.attendance is None
        ):
            person = each.line.person
            names = waiting.setdefault(each.session.session_id, {})
            names[each.line.enrolment.enrolment_id] = person.name if person else "(削除済み)"
    for session_id, names in waiting.items():
        _draw_code(lg_code, session_id, names)


def _draw_code(lg_code: str, session_id: str, names: Mapping[str, str]) -> None:
    form = f"attendance.{lg_code}.{session_id}"
    key = request_id(form)
    with st.container(border=True), st.form(f"attendance.form.{key}", border=False):
        st.markdown("**今日の出席**")
        chosen = choose(
            st.pills,
            "出席した人",
            names,
            list(names),
            selection_mode="multi",
            key=f"attendance.people.{key}",
        )
        code = st.text_input(
            "会場に表示されている出席コード",
            key=f"attendance.code.{key}",
            placeholder="例: AB3D5F",
            autocomplete="off",
        )
        if st.form_submit_button("出席を記録する", type="primary"):
            submit(
                form,
                partial(
                    confirm_attendance,
                    lg_code=lg_code,
                    session_id=session_id,
                    code=code,
                    enrolment_ids=chosen,
                ),
                f"{len(chosen)}人の出席を記録しました。",
            )
