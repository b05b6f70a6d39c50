"""申込: colleagues of one municipality, several at once; their places, changes and cancellations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, replace
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.access.principal import Principal, Role, allows
from core.commands.attendance import confirm_attendance
from core.commands.enrolments import (
    Enrolled,
    accept_offer,
    cancel_enrolment,
    change_enrolment,
    enrol,
)
from core.training.enrolment import PlaceKind
from core.training.person import Applicant, Person
from core.training.vocabulary import SessionFormat
from core.views.enrolments import OwnEnrolment, own_enrolments_view
from core.views.trainings import SessionCard, TrainingAnswer
from dashboard import context
from dashboard.kit import answer as said
from dashboard.kit.choice import choose
from dashboard.kit.confirm import confirm
from dashboard.kit.form import Fields, form_box
from dashboard.kit.submit import request_id, submit
from dashboard.kit.typed import Markdown, escaped
from dashboard.trainings.question import OURS, Question
from dashboard.trainings.wording import day_text, moment_text, seats_text, session_text

_ROWS, _MORE, _MOST_ROWS = 2, 3, 20
"""Rows of the form at first, how many more come at once, and at most."""
_NOBODY = Person("", "", "")


def draw_enrolling(principal: Principal, answer: TrainingAnswer, lg_code: str) -> None:
    """Those enrolled already, then a form for more.

    Args:
        principal: The officer, or the secretariat for a municipality that called.
    """
    own = context.answer(own_enrolments_view, principal, lg_code=lg_code)
    ours = sorted(
        (e for e in own if e.training.training_id == answer.training.training_id),
        key=lambda e: (e.session.date, e.line.enrolment.first_event),
    )
    active = [e for e in ours if e.line.place.kind is not PlaceKind.CANCELLED]
    if ours:
        st.markdown("##### 自団体の申込")
    for each in ours:
        if each.line.place.kind is PlaceKind.CANCELLED:
            said.answer(f"enrol.cancel.{each.line.enrolment.enrolment_id}")
        else:
            _draw_own(principal, each)
    if ours and not active:
        st.caption("申し込んでいる人はいません。")
    _draw_codes(lg_code, active)
    after_deadline = allows(principal, "training:manage")
    cards = [
        card
        for card in answer.cards
        if card.line.accepts(context.now())
        or (after_deadline and not card.line.cancelled)
        or _typed(lg_code, card.line.session_id)
    ]
    if cards:
        st.markdown("##### 申し込む")
        _draw_form(cards, lg_code)
    elif not active:
        st.caption("申込みを受け付けている日程はありません。")


def _typed(lg_code: str, session_id: str) -> bool:
    """Whether somebody was named in the form: what closed meanwhile is refused in words, not gone."""
    key = request_id(f"enrol.{lg_code}.{session_id}")
    return any(st.session_state.get(f"enrol.{key}.{n}.name") for n in range(1, _MOST_ROWS + 1))


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
    rows = int(st.session_state.get(f"enrol.rows.{key}", _ROWS))
    st.caption(
        f"{session_text(card.line.session)}・{seats_text(card.seats)}。"
        "席がないときは、申込順にキャンセル待ちになります。空の行は申し込みません。"
        "2人目以降の所属・メールアドレス・参加方法を空けると、1人目と同じになります。"
    )
    with form_box(form):
        fields = Fields(f"enrol.{key}")
        typed = [
            _person_fields(fields, number, card.line.session.formats)
            for number in range(1, rows + 1)
        ]
        together = st.checkbox(
            "全員一緒でなければ申し込まない(席が足りないときは、誰も申し込みません)",
            key=f"enrol.{key}.together",
        )
        with st.container(horizontal=True):
            pressed = st.button("申し込む", type="primary", icon=":material/how_to_reg:", key=form)
            more = rows < _MOST_ROWS and st.button(
                f"{_MORE}人分の欄を足す", icon=":material/person_add:", key=f"{form}.more"
            )
    if more:
        st.session_state[f"enrol.rows.{key}"] = min(rows + _MORE, _MOST_ROWS)
        st.rerun()
    if pressed:
        _enrol(form, card, lg_code, typed, fields, together=together)
    said.answer(form)
    st.caption(
        "入力した個人情報は、自団体と事務局だけに見え、研修の実施と連絡にだけ使います。"
        "保存期間を過ぎると削除されます。"
    )


def _enrol(
    form: str,
    card: SessionCard,
    lg_code: str,
    typed: Sequence[Applicant],
    fields: Fields,
    *,
    together: bool,
) -> None:
    """Have those be enrolled whose row says anything; the first row always counts."""
    rows = [
        number
        for number, each in enumerate(typed, start=1)
        if number == 1 or any(text.strip() for text in astuple(each.person))
    ]
    applicants = _filled_down([typed[number - 1] for number in rows])

    def done(enrolled: Sequence[Enrolled]) -> str:
        named = "、".join(
            f"{applicant.person.name.strip()}: {one.place.label}"
            for applicant, one in zip(applicants, enrolled, strict=True)
        )
        return f"{day_text(card.line.day)}の日程に{len(enrolled)}人を申し込みました({named})。"

    submit(
        form,
        partial(
            enrol,
            lg_code=lg_code,
            session_id=card.line.session_id,
            applicants=applicants,
            together=together,
        ),
        done,
        {
            f"people.{place}.{name}": fields.places[f"{number}.{name}"]
            for place, number in enumerate(rows, start=1)
            for name in ("name", "department", "mail", "attending")
            if f"{number}.{name}" in fields.places
        },
        ("うちの申込を見る", "trainings", Question(view=OURS).query())
        if context.who().role is Role.OFFICER
        else None,
    )


def _person_fields(
    fields: Fields,
    number: int,
    formats: tuple[SessionFormat, ...] | None,
    now: Applicant | None = None,
) -> Applicant:
    """Fields of one person.

    Args:
        number: Which row of a form of several; 0 for one alone. Of the first all is required.
        now: What stands in them at first.
    """
    must = number < 2
    which = "、".join([*([f"{number}人目"] if number else []), *(["必須"] if must else [])])
    person = now.person if now else _NOBODY

    def field(name: str, label: str, where: DeltaGenerator, value: str, example: str = "") -> str:
        return str(
            fields(
                f"{number}.{name}", where.text_input, f"{label}({which})", value, at=where,
                placeholder=example, autocomplete="off",
            )
        )  # fmt: skip

    left, right = st.columns(2)
    name = field("name", "氏名", left, person.name)
    department = field(
        "department", "所属", right, person.department, "例: 総務部 DX推進課" if must else ""
    )
    left, right = st.columns(2)
    mail = field("mail", "メールアドレス", left, person.mail)
    attending = now.attending if now else None
    if formats is not None and len(formats) > 1:
        attending = fields(
            f"{number}.attending",
            partial(choose, right.segmented_control),
            f"参加方法({which})",
            formats,
            attending if attending in formats else None,
            at=right,
        )
    return Applicant(Person(name, department, mail), attending)


def _filled_down(applicants: Sequence[Applicant]) -> list[Applicant]:
    """What the first person said also holds for those who left it out, but never a name."""
    first = applicants[0]
    return [
        replace(
            each,
            person=replace(
                each.person,
                department=each.person.department.strip() or first.person.department,
                mail=each.person.mail.strip() or first.person.mail,
            ),
            attending=each.attending or first.attending,
        )
        for each in applicants
    ]


def place_text(each: OwnEnrolment) -> Markdown:
    """Where an enrolment stands, as a badge, and why it waits."""
    place, mark = each.line.place, each.line.attendance
    colour = "green" if place.kind is PlaceKind.SEATED else "orange"
    badge = f":{colour}-badge[{escaped(place.label)}]"
    if each.cancelled:
        return Markdown(f":gray-badge[申込は{escaped(place.label)}] :red-badge[中止]")
    if place.offered(context.now()):
        badge += " :blue-badge[空席の案内中]"
    elif place.own_seats_full:
        badge += " 1団体の人数の上限に達しています。"
    if mark is not None:
        badge += f" :blue-badge[{mark.mark.label}]"
    return Markdown(badge)


def _draw_own(principal: Principal, each: OwnEnrolment) -> None:
    line, person, now = each.line, each.line.person, context.now()
    enrolment = line.enrolment
    named = person.name if person else "この人"
    with st.container(border=True, gap="small"):
        name = (
            f"**{escaped(person.name)}**({escaped(person.department)})"
            if person
            else "(個人情報は削除済み)"
        )
        st.markdown(f"{name} {place_text(each)}")
        how = f"・{enrolment.attending.label}で参加" if enrolment.attending else ""
        mail = f"・{escaped(person.mail)}" if person else ""
        when = session_text(each.session)
        st.caption(f"{f'~~{when}~~ 開かれません' if each.cancelled else when}{how}{mail}")
        if each.cancelled:
            return
        if line.place.offered(now):
            _draw_offer(each, named)
        elif line.place.offer is not None:
            st.caption("研修が始まったため、空席の案内は終わりました。")
        said.answer(f"enrol.accept.{enrolment.enrolment_id}")
        said.answer(f"enrol.change.{enrolment.enrolment_id}")
        if now >= each.closes_at and not allows(principal, "training:manage"):
            st.caption(f"変更・取消しは{moment_text(each.closes_at)}で締め切りました。")
            return
        with st.container(horizontal=True):
            box = f"{enrolment.enrolment_id}.{enrolment.last_event}"
            with st.popover("変更する", icon=":material/edit:", key=f"enrol.changing.{box}"):
                _draw_change(each)
            confirm(
                "取り消す",
                f"**{escaped(named)}**の申込({session_text(each.session)})を取り消します。"
                "席はキャンセル待ちの次の人に案内され、取り消した申込は元に戻せません。",
                partial(
                    cancel_enrolment,
                    lg_code=enrolment.lg_code,
                    enrolment_id=enrolment.enrolment_id,
                    seen_event=enrolment.last_event,
                ),
                key=enrolment.last_event,
                form=f"enrol.cancel.{enrolment.enrolment_id}",
                done=f"{named}の申込を取り消しました。",
                go="申込を取り消す",
                icon="person_remove",
            )


def _draw_offer(each: OwnEnrolment, named: str) -> None:
    """The seat that came free, and the button that takes it."""
    enrolment, offer = each.line.enrolment, each.line.place.offer
    until = moment_text(offer.until) if offer else ""
    st.markdown(
        f"席が空きました。{until}までに「参加する」を押すと、参加が確定します。"
        "参加しないときは「取り消す」を選ぶと、次の人に案内されます。"
    )
    form = f"enrol.accept.{enrolment.enrolment_id}"
    if st.button("参加する", type="primary", icon=":material/event_available:", key=form):
        submit(
            form,
            partial(
                accept_offer,
                lg_code=enrolment.lg_code,
                enrolment_id=enrolment.enrolment_id,
                seen_event=enrolment.last_event,
            ),
            f"{named}の参加が確定しました。",
        )


def _draw_change(each: OwnEnrolment) -> None:
    enrolment = each.line.enrolment
    form = f"enrol.change.{enrolment.enrolment_id}"
    fields = Fields(f"{form}.{enrolment.last_event}")
    now = Applicant(each.line.person or _NOBODY, enrolment.attending)
    applicant = _person_fields(fields, 0, each.session.formats, now)
    pressed = st.button("この内容に変更する", type="primary", key=form)
    st.caption("順番は変わりません。")
    if not pressed:
        return
    submit(
        form,
        partial(
            change_enrolment,
            lg_code=enrolment.lg_code,
            enrolment_id=enrolment.enrolment_id,
            applicant=applicant,
            seen_event=enrolment.last_event,
        ),
        f"{applicant.person.name.strip()}の申込を変更しました。",
        {f"people.1.{name.removeprefix('0.')}": place for name, place in fields.places.items()},
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
    for session_id in dict.fromkeys(each.session.session_id for each in active):
        said.answer(f"attendance.{lg_code}.{session_id}")


def _draw_code(lg_code: str, session_id: str, names: Mapping[str, str]) -> None:
    form = f"attendance.{lg_code}.{session_id}"
    key = request_id(form)
    fields = Fields(f"attendance.{key}")
    with form_box(form):
        st.markdown("**今日の出席**")
        chosen = fields(
            "enrolment_ids",
            partial(choose, st.pills),
            "出席した人(必須。来た人だけを選んでください)",
            names,
            selection_mode="multi",
        )
        code = fields(
            "code",
            st.text_input,
            "会場に表示されている出席コード(必須)",
            placeholder="例: AB3D5F",
            autocomplete="off",
        )
        if st.button("出席を記録する", type="primary", key=form):
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
                fields.places,
            )
