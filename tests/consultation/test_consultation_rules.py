"""アドバイザー相談: what may be asked, which state follows which, what can be counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from core.consultation.case import Consultation, Message, Side
from core.consultation.event import (
    NEXT_STATES,
    ConsultationEvent,
    ConsultationState,
    Step,
    check_step,
)
from core.consultation.example import (
    ExampleEvent,
    ExampleState,
    ExampleText,
    PublishedExample,
    check_example_state,
    found,
    identifying_words,
    published_text,
    read_example,
)
from core.consultation.hearing import (
    HearingEvent,
    HearingPlan,
    HearingState,
    check_hearing,
    hearing_period,
    outside_period,
)
from core.consultation.measures import (
    SESSIONS_PER_YEAR,
    by_theme,
    days_to_first_answer,
    session_quota,
    unanswered,
)
from core.consultation.number import ConsultationNumber
from core.consultation.request import Contact, read_request
from core.consultation.theme import MeetingForm, Theme
from core.params import Basis, Parameter
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import FiscalYear
from core.values.free_text import MAIL, Text
from tests.support.consultations import ANSWERS, FORM, NOW, TODAY
from tests.support.reference import REFERENCE

R, C, S, H, W = ConsultationState
FACTS = {
    # before: what may follow, written out by hand
    None: {R},
    R: {C, S, H, W},
    C: {S, H, W},
    S: {S, C, H, W},
    H: {H},
    W: set(),
}


def event(number: int, step: Step, at: datetime = NOW) -> ConsultationEvent:
    return ConsultationEvent(number, step, at, "jimukyoku")


def case(
    number: int,
    *steps: Step,
    theme: Theme = Theme.DAILY_WORK,
    asked: datetime = NOW,
    messages: tuple[Message, ...] = (),
    examples: tuple[ExampleEvent, ...] = (),
    days: int = 0,
) -> Consultation:
    """A consultation whose steps after 受付 were all recorded some days later."""
    request, contact = read_request(FORM, TODAY)
    later = asked + timedelta(days=days)
    events = [event(1, Step(R), asked)]
    events += [event(n, step, later) for n, step in enumerate(steps, start=2)]
    return Consultation(
        consultation_id=number,
        number=ConsultationNumber(FiscalYear.of(asked.date()), number),
        lg_code="271403",
        request=replace(request, theme=theme),
        contact=contact,
        requested_at=asked,
        requested_by="tanto",
        events=tuple(events),
        messages=messages,
        attachments=(),
        example_events=examples,
    )


# ── the request ───────────────────────────────────────────────────────────────────────────────


def test_the_themes_are_those_of_the_menu() -> None:
    menu = {item.key: item for item in REFERENCE.advisors.guide.menu}
    assert [t.label for t in Theme if t.menu == "ア"] == list(menu["ア"].items)
    assert {t.menu for t in Theme} == set(menu)
    assert menu["イ"].label.startswith(Theme.JOINT_SYSTEMS.label)
    assert menu["ウ"].label.startswith("日常業務")


def test_a_request_is_kept_with_half_width_kana_made_full() -> None:
    form = replace(FORM, title=" ﾃﾚﾜｰｸの件😀 ", contact="ﾔﾏﾀﾞ 花子", mail="ＤＸ@city.example.lg.jp")
    request, contact = read_request(form, TODAY)
    assert (request.title, contact.name) == ("テレワークの件😀", "ヤマダ 花子")
    assert contact.mail == "DX@city.example.lg.jp"


def test_everything_that_is_wrong_is_said_at_once() -> None:
    form = replace(
        FORM,
        theme="astrology",
        title="",
        question="長" * 10_000,
        meeting="by pigeon",
        wished=(TODAY - timedelta(days=1),),
        department=" \u3000",
        contact="外字\ue000さん",
        mail="dx at city",
    )
    with pytest.raises(InvalidInputError) as refusal:
        read_request(form, TODAY)
    problems = refusal.value.problems
    assert set(problems) == {
        "theme",
        "title",
        "question",
        "meeting",
        "wished",
        "department",
        "contact",
        "mail",
    }
    assert "現在10,000文字" in problems["question"]
    assert "2023-10-01は過ぎています" in problems["wished"]
    assert "3文字目に他の端末では表示できない文字「U+E000 外字」" in problems["contact"]


@pytest.mark.parametrize(
    ("wished", "words"),
    [
        ((), "1つ以上"),
        ((TODAY, TODAY), "2回選ばれています"),
        ((TODAY + timedelta(days=367),), "1年より先"),
        (tuple(TODAY + timedelta(days=n) for n in range(4)), "3つまで"),
    ],
)
def test_wished_days_that_cannot_be(wished: tuple[date, ...], words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        read_request(replace(FORM, wished=wished), TODAY)


def test_an_answer_in_writing_needs_no_day_and_today_is_not_past() -> None:
    assert read_request(replace(FORM, wished=(), meeting="written"), TODAY)[0].wished == ()
    assert read_request(replace(FORM, wished=(TODAY,)), TODAY)[0].wished == (TODAY,)


@pytest.mark.parametrize(
    "address",
    ["", "dx", "dx@", "@city.jp", "dx@city", "a b@city.jp", "dx@city..jp", "dx@city.jp\nBcc: x@y.jp",
     "dx@city.jp, x@y.jp", "<dx@city.jp>", "dx@-city.jp", "d" * 250 + "@city.jp", ".dx@city.jp"],
)  # fmt: skip
def test_what_is_no_mail_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="メール"):
        MAIL.read(address)


@pytest.mark.parametrize("character", ["\0", "\x1b", "\ud800", "\ue000", "\U000f0000", "\uffff"])
def test_a_character_no_other_machine_shows_is_refused_and_named(character: str) -> None:
    with pytest.raises(ValueError, match=f"U\\+{ord(character):04X}"):
        Text("件名", 60).read(f"あ{character}")


# ── the steps ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("before", [None, *ConsultationState], ids=str)
@pytest.mark.parametrize("after", list(ConsultationState), ids=str)
def test_which_state_follows_which(
    before: ConsultationState | None, after: ConsultationState
) -> None:
    previous = None if before is None else event(1, Step(before))
    step = ANSWERS.get(after, Step(after))
    assert set(NEXT_STATES[before]) == FACTS[before]
    if after in FACTS[before]:
        assert check_step(previous, step, requested_on=TODAY, today=TODAY).state is after
        return
    with pytest.raises(ConflictError, match=f"「{after.label}」") as refusal:
        check_step(previous, step, requested_on=TODAY, today=TODAY)
    if before is not None:
        assert f"2023-10-02に「{before.label}」と記録" in str(refusal.value)


@pytest.mark.parametrize(
    ("before", "step", "fields"),
    [
        (C, Step(S), {"day", "meeting"}),
        (C, Step(S, TODAY - timedelta(days=1), meeting=MeetingForm.ONLINE), {"day"}),
        (C, Step(S, TODAY, meeting=MeetingForm.EITHER), {"meeting"}),
        (C, Step(S, TODAY, meeting=MeetingForm.WRITTEN), {"meeting"}),
        (C, Step(S, TODAY, meeting=MeetingForm.ONLINE, place="場" * 101), {"place"}),
        (S, Step(H), {"day", "meeting", "answer"}),
        (S, Step(H, TODAY + timedelta(days=1), meeting=MeetingForm.ONLINE, answer="あ"), {"day"}),
        (S, Step(H, TODAY - timedelta(days=1), meeting=MeetingForm.ONLINE, answer="あ"), {"day"}),
        (C, Step(H, meeting=MeetingForm.ONLINE, answer="あ"), {"day"}),
        (R, Step(H, meeting=MeetingForm.WRITTEN, answer="あ"), {"day"}),
        (R, Step(W, reason=" "), {"reason"}),
        (R, Step(W, reason="長" * 1001), {"reason"}),
    ],
)
def test_what_a_step_lacks_is_said_field_by_field(
    before: ConsultationState, step: Step, fields: set[str]
) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        check_step(event(1, Step(before)), step, requested_on=TODAY, today=TODAY)
    assert set(refusal.value.problems) == fields


@pytest.mark.parametrize("before", [R, C])
def test_what_nobody_scheduled_may_be_held_and_keeps_the_day_that_was_given(
    before: ConsultationState,
) -> None:
    day = TODAY + timedelta(days=3)
    held = Step(H, day, meeting=MeetingForm.ON_SITE, answer="あ")
    kept = check_step(event(1, Step(before)), held, requested_on=TODAY, today=day)
    assert (kept.day, kept.meeting) == (day, MeetingForm.ON_SITE)


def test_only_what_belongs_to_a_state_is_kept() -> None:
    full = Step(C, TODAY, None, MeetingForm.ONLINE, "場所", "回答", "理由")
    assert check_step(event(1, Step(R)), full, requested_on=TODAY, today=TODAY) == Step(C)


# ── good examples ─────────────────────────────────────────────────────────────────────────────

A, D, P, U = ExampleState
TEXT = ExampleText("庁舎の無線LAN", "導入事例は", "中継器が要らない")


def word(number: int, state: ExampleState) -> ExampleEvent:
    return ExampleEvent(number, state, TEXT if state is P else None, NOW, "x")


def test_a_publication_stands_on_the_agreement_and_falls_with_it() -> None:
    said = [word(n, state) for n, state in enumerate((A, P), start=1)]
    assert published_text(said) == TEXT
    said += [word(3, D)]
    assert published_text(said) is None
    assert published_text(reversed([*said, word(4, A)])) is None  # agreeing again publishes nothing
    with pytest.raises(ConflictError, match="同意しない"):
        check_example_state(word(3, D), P)
    with pytest.raises(ConflictError, match="同意がまだありません"):
        check_example_state(None, P)


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("title", "堺市の無線LAN"),
        ("question", "堺 市では"),
        ("answer", "さかいしの場合"),
        ("answer", "山田花子さんに聞く"),
        ("question", "DX@CITY.example.lg.jp まで"),
        ("title", ""),
        ("answer", "長" * 2001),
    ],
)
def test_an_example_that_gives_somebody_away_is_refused(field: str, words: str) -> None:
    contact = Contact("課", "山田 花子", "dx@city.example.lg.jp", "")
    names = identifying_words("堺市", "さかいし")
    assert read_example(TEXT, names=names, contact=contact) == TEXT
    with pytest.raises(InvalidInputError) as refusal:
        read_example(replace(TEXT, **{field: words}), names=names, contact=contact)
    assert set(refusal.value.problems) == {f"example_{field}"}


def test_examples_are_found_by_every_word_in_any_width_and_case() -> None:
    wireless = PublishedExample(Theme.DAILY_WORK, TEXT, "令和5年度")
    remote = PublishedExample(
        Theme.TELEWORK, ExampleText("テレワーク", "費用は", "Daasが安い"), "令和5年度"
    )
    both = [wireless, remote]
    assert found(both, "", None) == both
    assert found(both, "無線ｌａｎ 中継器", None) == [wireless]
    assert found(both, "daas", None) == [remote]
    assert found(both, "ﾃﾚﾜｰｸ", None) == [remote]
    assert found(both, "無線LAN 費用", None) == []
    assert found(both, "", Theme.TELEWORK) == [remote]
    assert found(both, "無線LAN", Theme.TELEWORK) == []


# ── counting ──────────────────────────────────────────────────────────────────────────────────


def meeting(day: date, state: ConsultationState, how: MeetingForm = MeetingForm.ONLINE) -> Step:
    return Step(state, day, meeting=how, answer="あ" if state is H else "")


def test_one_day_and_one_theme_is_one_session_and_writing_is_none() -> None:
    five = Parameter(SESSIONS_PER_YEAR, 5, date(2022, 4, 1), Basis.OFFICIAL, "jirei")
    cases = [
        case(1, meeting(date(2023, 11, 1), H)),
        case(2, meeting(date(2023, 11, 1), H)),  # came along: the same session
        case(3, meeting(date(2023, 11, 1), H), theme=Theme.TELEWORK),
        case(4, meeting(date(2023, 11, 2), H, MeetingForm.WRITTEN)),
        case(5, meeting(date(2023, 12, 1), S)),
        case(6, meeting(date(2024, 4, 1), S)),  # next fiscal year's
        case(7, meeting(date(2023, 12, 5), S), Step(W, reason="やめる")),
        case(8, meeting(date(2023, 11, 1), S)),  # joins one that was held
    ]
    quota = session_quota(cases, FiscalYear(2023), [five])
    assert (quota.held, quota.scheduled, quota.exceeded, quota.carried_over) == (2, 1, 0, True)
    following = session_quota(cases, FiscalYear(2024), [five])
    assert (following.held, following.scheduled, following.exceeded) == (0, 1, 0)
    assert session_quota([], FiscalYear(2022), [five]).carried_over is False
    unknown = session_quota(cases, FiscalYear(2021), [five])
    assert (unknown.foreseen, unknown.exceeded) == (None, 0)
    two = replace(five, value=2)
    over = session_quota(cases, FiscalYear(2023), [two])
    assert over.exceeded == 1


def test_the_shipped_five_are_the_sessions_published_for_that_year() -> None:
    reference = REFERENCE
    held = [t for t in reference.trainings.trainings if t.kind.value == "技術相談会"]
    (item,) = [item for item in reference.advisors.guide.menu if item.times is not None]
    value = next(p for p in reference.parameters if p.name == SESSIONS_PER_YEAR)
    assert value.value == item.times == len(held) == 5


def test_days_to_the_first_answer_are_days_in_japan_and_unanswered_is_not_zero() -> None:
    late = datetime.fromisoformat("2023-10-02T14:59:00+00:00")  # 23:59 in Japan
    soon = Message(1, Side.SECRETARIAT, "はい", late + timedelta(minutes=2), "jimukyoku")
    own = Message(2, Side.MUNICIPALITY, "追加です", late, "tanto")
    answered = case(1, asked=late, messages=(own, soon))
    stepped = case(2, Step(C), asked=late, days=4)
    silent = case(3, asked=late, messages=(own,))
    withdrawn = case(4, Step(W, reason="x"), asked=late, days=1)
    assert [days_to_first_answer(c) for c in (answered, stepped, silent, withdrawn)] == [
        1,
        4,
        None,
        None,
    ]
    assert unanswered([stepped, silent, answered, withdrawn]) == [silent]
    counted = by_theme([answered, case(9, theme=Theme.SECURITY), withdrawn])
    assert (counted[Theme.DAILY_WORK], counted[Theme.SECURITY], counted[Theme.AI_RPA]) == (2, 1, 0)
    assert list(counted) == list(Theme)


# ── hearings ──────────────────────────────────────────────────────────────────────────────────

YEAR = FiscalYear(2023)
PLAN = HearingPlan(date(2023, 6, 1), None, MeetingForm.ON_SITE, "")


def hearing(state: HearingState, day: date = PLAN.day) -> HearingEvent:
    return HearingEvent(1, "271403", YEAR, state, replace(PLAN, day=day), NOW, "jimukyoku")


def test_the_period_is_the_one_announced() -> None:
    assert REFERENCE.advisors.guide.hearing.period == "5月下旬～7月中旬"
    assert hearing_period(YEAR) == (date(2023, 5, 21), date(2023, 7, 20))
    days = {date(2023, 5, 20): True, date(2023, 5, 21): False, date(2023, 7, 20): False}
    assert {day: outside_period(hearing(HearingState.PLANNED, day)) for day in days} == days


def test_what_a_hearing_may_become_and_when() -> None:
    before = date(2023, 5, 1)

    def say(previous: HearingEvent | None, state: HearingState, plan: HearingPlan = PLAN) -> None:
        check_hearing(previous, state, plan, fiscal_year=YEAR, today=before)

    say(None, HearingState.PLANNED)
    say(hearing(HearingState.PLANNED), HearingState.PLANNED)
    say(hearing(HearingState.CANCELLED), HearingState.PLANNED)
    say(hearing(HearingState.PLANNED), HearingState.CANCELLED)
    with pytest.raises(ConflictError, match="日程が未定"):
        say(None, HearingState.HELD)
    with pytest.raises(ConflictError, match="「実施済」"):
        say(hearing(HearingState.HELD), HearingState.CANCELLED)
    with pytest.raises(InvalidInputError, match="まだ来ていません"):
        say(hearing(HearingState.PLANNED), HearingState.HELD)
    with pytest.raises(InvalidInputError, match="過ぎています"):
        say(None, HearingState.PLANNED, replace(PLAN, day=date(2023, 4, 30)))
    with pytest.raises(InvalidInputError, match="令和5年度の日ではありません"):
        say(None, HearingState.PLANNED, replace(PLAN, day=date(2024, 6, 1)))
    with pytest.raises(InvalidInputError) as refusal:
        say(None, HearingState.PLANNED, replace(PLAN, meeting=MeetingForm.WRITTEN, note="\ue000"))
    assert set(refusal.value.problems) == {"meeting", "note"}
