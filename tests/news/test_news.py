"""お知らせ: whatever another's hand changed is told once, until it is read, and to nobody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine

from core.access.principal import CONSOLE, Principal, Role
from core.commands.accounts import add_account
from core.commands.boarding import close_boarding_window, open_boarding_window, state_boarding
from core.commands.consultations import decide_consent
from core.commands.enrolments import accept_offer, cancel_enrolment, enrol
from core.commands.hearings import record_hearing
from core.commands.letters import note_letter, send_letter
from core.commands.news import mark_news_read
from core.commands.trainings import cancel_training, revise_training
from core.commands.wishes import advance_wish, hand_in_wishes
from core.consultation.event import ConsultationState
from core.consultation.hearing import HearingPlan, HearingState
from core.consultation.theme import MeetingForm
from core.estimate.request import EstimateRequest, PlanChoice
from core.mail import MailNotSentError
from core.news.news import RECENT, News, NewsKind
from core.procurement.event import EventKind
from core.store.engine import data_revision, reading
from core.store.news import calendar_words
from core.store.trainings import training_history
from core.support.wish import WishState
from core.training.training import TrainingContent
from core.training.vocabulary import SessionFormat
from core.values.errors import ConflictError
from core.values.fiscal import FiscalYear
from core.views.letters import letters_view, touched_view
from core.views.news import office_news_view, read_news_view, town_news_view
from tests.commands.examples import OFFICE, OFFICER, OURS
from tests.consultation.test_consultation_mail import Kept
from tests.support.consultations import advance, ask, officer_of
from tests.support.reference import REFERENCE
from tests.support.trainings import an_applicant

NEIGHBOUR = "272108"
DAY = date(2023, 10, 2)
ADDRESS = "http://a/trainings"
Publish = Callable[..., tuple[str, list[str]]]


@pytest.fixture
def database_kind() -> str:
    return "sqlite"  # every statement here is also one of tests/commands, on both


@pytest.fixture(autouse=True)
def accounts(engine: Engine, now: datetime) -> None:
    """Whose hand it was is told by the accounts."""
    for name, role, town in (
        (OFFICE.username, Role.SECRETARIAT, None),
        ("jimu", Role.SECRETARIAT, None),
        (OFFICER.username, Role.OFFICER, OURS),
        (f"tanto-{NEIGHBOUR}", Role.OFFICER, NEIGHBOUR),
    ):
        add_account(
            engine,
            CONSOLE,
            username=name,
            display_name=name,
            role=role,
            lg_code=town,
            known_codes=frozenset({OURS, NEIGHBOUR}),
            now=now,
        )


def told(engine: Engine, lg_code: str = OURS, day: date = DAY) -> list[str]:
    who = officer_of(lg_code)
    return [n.text for n in town_news_view(engine, who, REFERENCE, lg_code=lg_code, as_of=day)]


def told_to_the_office(engine: Engine, day: date = DAY) -> list[str]:
    return [news.text for news in office_news_view(engine, OFFICE, REFERENCE, as_of=day)]


def enrolled(
    engine: Engine, session_id: str, lg_code: str, *numbers: int, now: datetime
) -> list[str]:
    done = enrol(
        engine,
        officer_of(lg_code),
        lg_code=lg_code,
        session_id=session_id,
        applicants=[an_applicant(number) for number in numbers],
        reference=REFERENCE,
        request_id=f"{lg_code}{numbers}",
        now=now,
    )
    return [each.enrolment_id for each in done]


def content_of(engine: Engine, training_id: str) -> TrainingContent:
    with reading(engine) as session:
        return training_history(session, training_id)[-1].content


def revised(engine: Engine, training_id: str, now: datetime, **changes: Any) -> TrainingContent:
    """The content with its one session changed; saved as the next version."""
    content = content_of(engine, training_id)
    first, *more = content.sessions
    another = replace(first, session_id="", date=first.date + timedelta(days=14))
    sessions = (replace(first, **changes), *(more or [another]))  # not all can be taken off
    changed = replace(content, sessions=sessions)
    with reading(engine) as session:
        seen = training_history(session, training_id)[-1].version
    revise_training(
        engine,
        OFFICE,
        training_id=training_id,
        content=changed,
        seen_version=seen,
        reference=REFERENCE,
        request_id=f"{training_id}{seen}",
        now=now,
    )
    return changed


def test_who_moves_up_by_anothers_cancellation_is_told_and_nobody_else(
    engine: Engine, publish: Publish, now: datetime
) -> None:
    _, (session_id,) = publish(capacity=2)
    first, _ = enrolled(engine, session_id, NEIGHBOUR, 1, 2, now=now)
    ours = enrolled(engine, session_id, OURS, 3, 4, now=now)
    assert told(engine) == []
    cancel_enrolment(
        engine,
        officer_of(NEIGHBOUR),
        lg_code=NEIGHBOUR,
        enrolment_id=first,
        seen_event=1,
        request_id="back",
        now=now,
    )
    (only,) = told(engine)
    assert only.startswith(
        "「生成AIの庁内利用」11月20日(月) 14:00〜16:00: キャンセル待ちの1人に空席を案内"
    )
    assert told(engine, NEIGHBOUR) == []
    assert told(engine, day=date(2023, 11, 20)) == [only]  # until it is held
    assert told(engine, day=date(2023, 12, 20)) == []
    with reading(engine) as session:
        words = calendar_words(session, OURS, DAY)
    assert [*words] == [session_id]
    assert only in words[session_id][0]
    accept_offer(
        engine,
        OFFICER,
        lg_code=OURS,
        enrolment_id=ours[0],
        seen_event=3,
        request_id="take",
        now=now,
    )
    assert told(engine) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"date": date(2023, 11, 27)}, "日時が11月20日(月) 14:00〜16:00から11月27日(月) 14:00〜16:00に"),
        ({"start": time(15)}, "から11月20日(月) 15:00〜16:00に変わりました。"),
        ({"formats": (SessionFormat.ON_SITE,), "place": "府庁", "joining_address": ""}, "現地だけの開催に変わりました。会場が未定から府庁に"),
        ({"cancelled": True}, "この日程は取りやめになりました。"),
        ({"joining_address": "https://another.example/"}, "参加用アドレスが変わりました。"),
    ],
)  # fmt: skip
def test_whoever_is_enrolled_is_told_what_changed_of_a_session(
    engine: Engine, publish: Publish, now: datetime, change: dict[str, Any], words: str
) -> None:
    training_id, (session_id,) = publish()
    enrolled(engine, session_id, OURS, 1, now=now)
    revised(engine, training_id, now, **change)
    enrolled_later = told(engine, NEIGHBOUR)
    (only,) = told(engine)
    assert words in only
    assert enrolled_later == []


def test_a_change_that_is_not_theirs_to_know_is_none(
    engine: Engine, publish: Publish, now: datetime
) -> None:
    training_id, (session_id,) = publish()
    revised(engine, training_id, now, start=time(13))  # before anybody enrolled
    (one,) = enrolled(engine, session_id, OURS, 1, now=now)
    cancel_enrolment(
        engine, OFFICER, lg_code=OURS, enrolment_id=one, seen_event=1, request_id="c", now=now
    )
    revised(engine, training_id, now, start=time(12))  # after we cancelled
    assert told(engine) == []


def test_the_secretariat_sees_before_saving_whom_a_change_touches_and_after_it_the_letter(
    engine: Engine, publish: Publish, now: datetime
) -> None:
    training_id, (session_id,) = publish(capacity=2)
    enrolled(engine, session_id, OURS, 1, 2, now=now)
    enrolled(engine, session_id, NEIGHBOUR, 3, now=now)
    content = content_of(engine, training_id)

    def touches(**changes: Any) -> Any:
        changed = replace(content, sessions=(replace(content.sessions[0], **changes),))
        return touched_view(
            engine, OFFICE, training_id=training_id, content=changed, address=ADDRESS, now=now
        )

    assert (touches().sentence, touches().letters) == ("", ())
    moved = touches(date=date(2023, 11, 27))
    assert (moved.people, moved.offered) == (3, 0)
    assert "申込者 3人(2団体)に関わります" in moved.sentence
    larger = touches(capacity=3)
    assert (larger.people, larger.offered) == (0, 1)
    assert "1人に空席を案内します" in larger.sentence
    off = touched_view(
        engine,
        OFFICE,
        training_id=training_id,
        content=None,
        reason="講師の都合",
        address=ADDRESS,
        now=now,
    )
    assert (off.people, off.sessions[0].towns) == (3, 2)
    assert "研修が中止になりました(理由: 講師の都合)" in off.sentence

    assert "講師の都合" in off.letters[0].body

    assert letters_view(engine, OFFICE, training_id=training_id, address=ADDRESS) == ()
    coming = touches(date=date(2023, 11, 27), capacity=3).letters
    revised(engine, training_id, now, date=date(2023, 11, 27), capacity=3)
    letters = letters_view(engine, OFFICE, training_id=training_id, address=ADDRESS)
    assert coming == tuple(each.letter for each in letters)  # word for word what was shown
    by_subject = {each.letter.subject: each for each in letters}
    changed, up = (
        by_subject[f"【{what}】「生成AIの庁内利用」のお知らせ"] for what in ("変更", "空席の案内")
    )
    assert changed.to == tuple(f"shokuin{n}@city.example.lg.jp" for n in (1, 2, 3))
    assert changed.letter.towns == 2
    assert "11月20日(月) 14:00〜16:00から11月27日(月)" in changed.letter.body
    assert ADDRESS in changed.letter.body
    assert up.to == ("shokuin3@city.example.lg.jp",)


def test_a_letter_goes_to_each_by_itself_and_a_second_click_sends_nothing(
    engine: Engine, publish: Publish, now: datetime, kept: Kept, smtp_url: str
) -> None:
    training_id, (session_id,) = publish()
    enrolled(engine, session_id, OURS, 1, 2, now=now)
    cancel_training(
        engine,
        OFFICE,
        training_id=training_id,
        reason="講師の都合",
        seen_version=2,
        reference=REFERENCE,
        request_id="off",
        now=now,
    )
    (only,) = letters_view(engine, OFFICE, training_id=training_id, address="a")
    same = {"training_id": training_id, "key": only.letter.key, "now": now}
    given = same | {"address": "a"}
    with pytest.raises(ConflictError, match="設定されていません"):
        send_letter(engine, OFFICE, **given, smtp_url="", request_id="x")
    for _ in range(2):
        assert send_letter(engine, OFFICE, **given, smtp_url=smtp_url, request_id="x") == 2
    assert [mail["To"] for mail in kept.mails] == list(only.to)
    assert all("講師の都合" in mail.get_content() for mail in kept.mails)
    (told,) = letters_view(engine, OFFICE, training_id=training_id, address="a")
    assert told.waiting == ()
    assert [each.recorded_by for each in told.told] == [OFFICE.username] * 2
    for again in (partial(send_letter, **given, smtp_url=smtp_url), partial(note_letter, **same)):
        with pytest.raises(ConflictError, match=f"{OFFICE.username}が全員に知らせています"):
            again(engine, OFFICE, request_id="y")
    assert len(kept.mails) == 2


def test_a_letter_that_failed_for_one_goes_to_that_one_alone_when_it_is_sent_again(
    engine: Engine, publish: Publish, now: datetime, kept: Kept, smtp_url: str
) -> None:
    training_id, (session_id,) = publish()
    second = an_applicant(2)
    gone = replace(second, person=replace(second.person, mail="nobody@city.example.lg.jp"))
    enrolled(engine, session_id, OURS, 1, now=now)
    enrol(
        engine,
        officer_of(OURS),
        lg_code=OURS,
        session_id=session_id,
        applicants=[gone],
        reference=REFERENCE,
        request_id="gone",
        now=now,
    )
    enrolled(engine, session_id, NEIGHBOUR, 3, now=now)
    revised(engine, training_id, now, date=date(2023, 11, 27))
    (only,) = letters_view(engine, OFFICE, training_id=training_id, address="a")
    same = {"training_id": training_id, "key": only.letter.key, "now": now}
    for number in range(2):
        with pytest.raises(MailNotSentError, match=r"「nobody@city\.example\.lg\.jp」を受け付け"):
            send_letter(
                engine, OFFICE, **same, address="a", smtp_url=smtp_url, request_id=f"{number}"
            )
    assert [mail["To"] for mail in kept.mails] == [only.to[0], only.to[2]]
    (left,) = letters_view(engine, OFFICE, training_id=training_id, address="a")
    assert left.waiting == ("nobody@city.example.lg.jp",)
    assert note_letter(engine, OFFICE, **same, request_id="by phone") == 1
    (done,) = letters_view(engine, OFFICE, training_id=training_id, address="a")
    assert [each.way.label for each in done.told] == ["送信", "送信", "ほかの方法で連絡"]
    assert done.waiting == ()


def test_what_the_secretariat_does_about_a_consultation_is_told_and_what_we_do_is_told_it(
    engine: Engine, now: datetime
) -> None:
    asked = ask(engine, OURS, now=now)
    assert told(engine) == []
    assert told_to_the_office(engine)[0].endswith("新しい相談が届きました。")
    held = advance(engine, asked, *list(ConsultationState)[1:4], now=now)
    texts = told(engine)
    assert [text.rpartition(": ")[2] for text in reversed(texts)] == [
        "日程の調整が始まりました。",
        "実施日が令和5年10月2日に決まりました。",
        "回答が届きました。好事例として公開してよいか選んでください。",
    ]
    decide_consent(
        engine,
        OFFICER,
        lg_code=OURS,
        consultation_id=held.consultation_id,
        agreed=True,
        request_id="yes",
        now=now,
    )
    assert len(told(engine)) == 3
    assert "好事例としての公開に同意がありました。" in told_to_the_office(engine)[0]
    assert told(engine, NEIGHBOUR) == []


def test_a_hearing_is_told_when_its_day_is_fixed_and_when_it_is_moved(
    engine: Engine, now: datetime
) -> None:
    for seen, day in enumerate((date(2023, 10, 20), date(2023, 10, 27))):
        record_hearing(
            engine,
            OFFICE,
            lg_code=OURS,
            fiscal_year=FiscalYear(2023),
            state=HearingState.PLANNED,
            plan=HearingPlan(day, time(10), MeetingForm.ONLINE, ""),
            seen_event=seen,
            reference=REFERENCE,
            request_id=f"h{seen}",
            now=now,
        )
    assert told(engine) == [
        "ヒアリングの日程が令和5年10月27日 10:00から(オンライン)に変わりました。",
        "ヒアリングの日程が令和5年10月20日 10:00から(オンライン)に決まりました。",
    ]


def test_a_wish_is_news_to_the_other_side_and_several_handed_in_together_are_one(
    engine: Engine, now: datetime
) -> None:
    hand_in_wishes(
        engine,
        OFFICER,
        lg_code=OURS,
        request=EstimateRequest(2024, (PlanChoice(4, 12), PlanChoice(6, 12))),
        state=WishState.WISHED,
        reference=REFERENCE,
        seen={},
        request_id="w",
        now=now,
    )
    name = REFERENCE.municipality(OURS).name
    assert told_to_the_office(engine) == [
        f"令和6年度の参加希望が1団体から届きました: {name}「希望」。"
    ]
    assert told(engine) == []
    advance_wish(
        engine,
        OFFICE,
        lg_code=OURS,
        fiscal_year=FiscalYear(2024),
        plan=6,
        state=WishState.BUDGET_REQUESTED,
        reason="",
        seen_event=2,
        request_id="a",
        now=now,
    )
    assert told(engine) == ["令和6年度のプラン6が「予算要求」になりました。"]
    assert len(told_to_the_office(engine)) == 1


def test_a_window_is_told_in_its_last_fortnight_to_whoever_may_still_board(
    engine: Engine, now: datetime
) -> None:
    open_boarding_window(
        engine,
        OFFICE,
        programme="docs",
        fiscal_year=2024,
        first_day=DAY,
        last_day=date(2023, 11, 30),
        source="府通知",
        note="",
        reference=REFERENCE,
        request_id="o",
        now=now,
    )
    assert told(engine, day=date(2023, 11, 15)) == []
    (only,) = told(engine, day=date(2023, 11, 16))
    assert only.endswith("令和5年11月30日で締め切ります(あと14日)。")
    assert told(engine, day=date(2023, 12, 1)) == []
    state_boarding(
        engine,
        OFFICER,
        lg_code=OURS,
        programme="docs",
        window_id=1,
        kind=EventKind.PLANNED,
        lot=None,
        start_month=None,
        note="",
        seen_event=0,
        reference=REFERENCE,
        request_id="s",
        now=now,
    )
    assert any("「参加を予定する」と記録しました" in text for text in told_to_the_office(engine))
    close_boarding_window(
        engine,
        OFFICE,
        window_id=1,
        last_day=date(2023, 10, 20),
        note="枠が埋まったため",
        request_id="c",
        now=now,
    )
    assert any("締切が令和5年10月20日に早まりました(枠が埋まったため)" in t for t in told(engine))


def test_what_one_has_read_stays_unread_for_a_colleague_and_costs_no_cache(
    engine: Engine, now: datetime
) -> None:
    ask(engine, OURS, now=now)
    (news,) = office_news_view(engine, OFFICE, REFERENCE, as_of=DAY)
    revision = data_revision(engine)
    assert mark_news_read(engine, OFFICE, keys=[news.key], now=now) == 1
    assert mark_news_read(engine, OFFICE, keys=[news.key], now=now) == 0
    assert read_news_view(engine, OFFICE) == {news.key}
    assert read_news_view(engine, Principal("jimu", "事務局", Role.SECRETARIAT)) == frozenset()
    assert data_revision(engine) == revision
    assert office_news_view(engine, OFFICE, REFERENCE, as_of=DAY) == (news,)


def test_news_is_old_after_a_while_but_not_before_the_day_it_is_about() -> None:
    news = News("k", NewsKind.SESSION, DAY, "", "trainings")
    assert news.matters(DAY + RECENT)
    assert not news.matters(DAY + RECENT + timedelta(days=1))
    assert not news.matters(DAY - timedelta(days=1))
    ahead = replace(news, until=DAY + timedelta(days=200))
    assert ahead.matters(DAY + timedelta(days=200))
    assert not ahead.matters(DAY + timedelta(days=201))
