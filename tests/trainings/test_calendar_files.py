"""Calendar files against RFC 5545: read back by two libraries and by a calendar program."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import icalendar
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from core.access.principal import CONSOLE, PUBLIC, Principal, Role
from core.commands.accounts import add_account
from core.commands.boarding import close_boarding_window, open_boarding_window
from core.commands.calendar_tokens import make_calendar_token
from core.commands.consultations import record_step
from core.commands.enrolments import accept_offer, cancel_enrolment, enrol
from core.commands.hearings import record_hearing
from core.commands.trainings import cancel_training, revise_training
from core.consultation.event import ConsultationState, Step
from core.consultation.hearing import HearingPlan, HearingState
from core.consultation.theme import MeetingForm
from core.exports.calendar import personal_calendar, public_calendar
from core.training.filter import TrainingFilter
from core.training.line import SessionLine
from core.training.training import Training, TrainingContent, TrainingSession
from core.training.vocabulary import Audience, SessionFormat, TrainingKind, TrainingState
from core.values.fiscal import JAPAN, FiscalYear
from core.views.calendar import personal_calendar_view
from core.views.trainings import published_sessions_view, training_view
from tests.support.consultations import again, ask
from tests.support.reference import REFERENCE
from tests.support.trainings import ADDRESS, a_content, an_applicant
from tests.support.waiting import PATIENCE_SECONDS

OURS, NEIGHBOUR = "271004", "271403"
MARCH = st.dates(date(2024, 3, 26), date(2024, 4, 6))
TIMES = st.one_of(st.none(), st.sampled_from([time(0), time(9, 30), time(14), time(23, 59)]))
WORDS = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufeff"),
    min_size=1,
    max_size=200,
)


def link(training_id: str) -> str:
    return f"https://noriai.example.lg.jp/trainings?training={training_id}"


def a_line(**changes: object) -> SessionLine:
    content = TrainingContent(
        kind=TrainingKind.SEMINAR, title="生成AI; 庁内, 利用\\手引き", purpose="一行目\n二行目",
        theme="ai", host="大阪府", sessions=(), audience=Audience.ALL_MUNICIPALITIES, open_data=True,
    )  # fmt: skip
    session = TrainingSession("s1", date(2024, 3, 29), time(14), time(16), (SessionFormat.ONLINE,))
    training = Training(
        "t1", 1, content, TrainingState.PUBLISHED, "", None, "",
        datetime(2024, 1, 5, 9, tzinfo=JAPAN), "a",
    )  # fmt: skip
    content = changed(content, changes)
    return SessionLine(
        training=changed(replace(training, content=content), changes),
        session=changed(session, changes),
    )


def changed(value: Any, changes: dict[str, object]) -> Any:
    """The changes that are fields of this value."""
    own = {name: change for name, change in changes.items() if hasattr(value, name)}
    return replace(value, **own)


def file_of(*lines: SessionLine) -> bytes:
    return public_calendar(
        lines, link, "GovTech大阪の研修", reference=REFERENCE, made_up=False
    ).body


def events(body: bytes) -> list[icalendar.Event]:
    return icalendar.Calendar.from_ical(body).walk("VEVENT")


@given(
    title=WORDS, purpose=WORDS, day=MARCH, start=TIMES, minutes=st.one_of(st.none(), st.just(90))
)
@settings(max_examples=60)
def test_whatever_is_written_comes_back_and_no_line_is_longer_than_75_octets(
    title: str, purpose: str, day: date, start: time | None, minutes: int | None
) -> None:
    end = None
    if start is not None and minutes is not None and start < time(22):
        end = (datetime.combine(day, start) + timedelta(minutes=minutes)).time()
    body = file_of(a_line(title=title, purpose=purpose, date=day, start=start, end=end))
    assert body.count(b"\n") == body.count(b"\r\n")
    assert body.count(b"\r") == body.count(b"\r\n")
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    (event,) = events(body)
    assert str(event["summary"]) == f"セミナー「{title}」"
    assert str(event["description"]).endswith(purpose)
    if start is None:
        assert (event.decoded("dtstart"), event.decoded("dtend")) == (day, day + timedelta(days=1))
    else:
        assert event.decoded("dtstart") == datetime.combine(day, start, JAPAN)
        assert ("dtend" in event) == (end is not None)


def test_a_long_line_of_plain_letters_is_folded_too() -> None:
    body = file_of(a_line(place="Conference Room " * 12, formats=(SessionFormat.ON_SITE,)))
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert str(events(body)[0]["location"]).startswith("Conference Room Conference")


def test_a_time_nobody_gave_is_a_whole_day_and_never_midnight() -> None:
    body = file_of(a_line(start=None, end=None))
    assert b"DTSTART;VALUE=DATE:20240329" in body
    assert not [line for line in body.split(b"\r\n") if line.startswith(b"DTSTART;TZID")]
    assert "時刻: 不明" in str(events(body)[0]["description"])


def test_the_time_zone_is_in_the_file_and_named_by_every_time() -> None:
    body = file_of(a_line())
    calendar = icalendar.Calendar.from_ical(body)
    (zone,) = calendar.walk("VTIMEZONE")
    assert str(zone["tzid"]) == "Asia/Tokyo"
    assert b"DTSTART;TZID=Asia/Tokyo:20240329T140000" in body
    assert events(body)[0].decoded("dtstart").utcoffset() == timedelta(hours=9)


def test_equal_sessions_give_equal_bytes_and_the_moment_of_asking_is_nowhere() -> None:
    lines = [a_line(), a_line(session_id="s2", title="別の研修")]
    assert file_of(*lines) == file_of(*lines)
    assert b"DTSTAMP:20240105T000000Z" in file_of(*lines)


def test_what_is_off_stays_as_cancelled() -> None:
    off = a_line(state=TrainingState.CANCELLED, reason="台風の接近", session_id="s2")
    alone = a_line(cancelled=True, session_id="s3")
    found = {str(e["uid"]): e for e in events(file_of(a_line(), off, alone))}
    assert {uid: str(e["status"]) for uid, e in found.items()} == {
        "s1@noriai": "CONFIRMED",
        "s2@noriai": "CANCELLED",
        "s3@noriai": "CANCELLED",
    }
    assert "台風の接近" in str(found["s2@noriai"]["description"])
    assert str(found["s3@noriai"]["summary"]).startswith("【中止】")
    # Whoever reads what there is has not enrolled: nothing of it takes their time.
    assert {str(e["transp"]) for e in found.values()} == {"TRANSPARENT"}


def feed(engine: Engine, **wanted: object) -> dict[str, icalendar.Event]:
    lines = published_sessions_view(engine, PUBLIC, REFERENCE, wanted=TrainingFilter(**wanted))  # type: ignore[arg-type]
    return {
        str(e["uid"]): e
        for e in events(
            public_calendar(lines, link, "研修", reference=REFERENCE, made_up=False).body
        )
    }


def test_revising_and_cancelling_keep_the_uid_and_raise_the_sequence(
    engine: Engine, secretariat: Principal, publish: Callable, now: datetime
) -> None:
    training_id, (session_id,) = publish()
    uid = f"{session_id}@noriai"
    seen = [feed(engine)[uid]]
    content = training_view(
        engine, secretariat, REFERENCE, training_id=training_id, as_of=now.date()
    ).training.content
    revise_training(
        engine, secretariat, training_id=training_id, seen_version=2, reference=REFERENCE, request_id="r",
        content=replace(content, title="改めた題名"), now=now + timedelta(hours=1),
    )  # fmt: skip
    seen.append(feed(engine)[uid])
    cancel_training(
        engine, secretariat, training_id=training_id, reason="台風", seen_version=3,
        reference=REFERENCE, now=now + timedelta(hours=2),
    )  # fmt: skip
    seen.append(feed(engine)[uid])
    sequences = [int(event["sequence"]) for event in seen]
    assert sequences == sorted(set(sequences))
    stamps = [event.decoded("dtstamp") for event in seen]
    assert stamps == sorted(set(stamps))
    assert [str(event["status"]) for event in seen] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


def test_all_dates_of_the_founding_document_are_in_the_feed(engine: Engine, held: None) -> None:
    days = sorted(event.decoded("dtstart") for event in feed(engine).values())
    assert len(days) == 23
    assert {date(2022, 8, day) for day in (19, 23, 25, 30)} <= set(days)
    assert len(feed(engine, themes=("econtract",))) < 23


def an_officer(engine: Engine, now: datetime) -> Principal:
    add_account(
        engine, CONSOLE, username="tanto", display_name="担当", role=Role.OFFICER, lg_code=OURS,
        known_codes=frozenset({OURS}), now=now,
    )  # fmt: skip
    return Principal("tanto", "担当", Role.OFFICER, OURS)


def own_events(engine: Engine, token: str) -> dict[str, icalendar.Event]:
    calendar = personal_calendar_view(
        engine, PUBLIC, REFERENCE, token=token, as_of=date(2023, 10, 2)
    )
    body = personal_calendar(
        calendar.entries, calendar.days, "大阪市の研修・相談", link=link, day_link=link,
        window_link=link, inquiry_link=link, visit_link=lambda *_: "", reference=REFERENCE, made_up=False,
    ).body  # fmt: skip
    assert "職員".encode() not in body.replace("大阪府職員".encode(), b"")
    assert b"city.example" not in body
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    return {str(event["uid"]): event for event in events(body)}


def test_the_last_day_of_a_window_stands_in_the_calendar_of_whoever_may_board(
    engine: Engine, secretariat: Principal, now: datetime
) -> None:
    who = an_officer(engine, now)
    token = make_calendar_token(engine, who, lg_code=OURS, label="Outlook", now=now)
    open_boarding_window(
        engine, secretariat, programme="docs", fiscal_year=2024, first_day=date(2023, 10, 1),
        last_day=date(2023, 11, 30), source="府通知", note="", reference=REFERENCE,
        request_id="open", now=now,
    )  # fmt: skip
    event = own_events(engine, token)["window-1@noriai"]
    assert event["summary"] == "文書決裁 後乗り募集の締切(令和6年度利用開始分)"
    assert (event["dtstart"].dt, shown(event)[1:]) == (
        date(2023, 11, 30),
        ("CONFIRMED", "TRANSPARENT"),
    )
    close_boarding_window(
        engine, secretariat, window_id=1, last_day=date(2023, 9, 30), note="見送り",
        request_id="close", now=now,
    )  # fmt: skip
    later = own_events(engine, token)["window-1@noriai"]
    assert later["status"] == "CANCELLED"
    assert int(later["sequence"]) > int(event["sequence"])


def ours_of(engine: Engine, token: str) -> icalendar.Event:
    (event,) = own_events(engine, token).values()
    return event


def shown(event: icalendar.Event) -> tuple[str, str, str]:
    """What stands before the title, STATUS, TRANSP (OPAQUE where nothing is said)."""
    before = str(event["summary"]).partition("】")
    title = f"{before[0]}】" if before[1] else ""
    return title, str(event["status"]), str(event.get("transp", "OPAQUE"))


def test_a_seat_that_comes_free_reaches_our_calendar_as_an_offer_and_then_as_a_seat(
    engine: Engine, publish: Callable, officer: Callable, now: datetime
) -> None:
    who = an_officer(engine, now)
    _, (session_id,) = publish(capacity=1)
    made = [
        enrol(
            engine, officer(code), lg_code=code, session_id=session_id,
            applicants=[an_applicant(number)], reference=REFERENCE, request_id=f"e{number}", now=now,
        )
        for number, code in enumerate((NEIGHBOUR, OURS))
    ]  # fmt: skip
    token = make_calendar_token(engine, who, lg_code=OURS, label="共有", now=now)
    waiting = ours_of(engine, token)
    assert shown(waiting) == ("【キャンセル待ち】", "TENTATIVE", "TRANSPARENT")
    cancel_enrolment(
        engine, officer(NEIGHBOUR), lg_code=NEIGHBOUR, enrolment_id=made[0][0].enrolment_id,
        seen_event=1, request_id="c", now=now + timedelta(hours=1),
    )  # fmt: skip
    offered = ours_of(engine, token)
    assert shown(offered) == ("【キャンセル待ち】", "TENTATIVE", "TRANSPARENT")
    assert "空席の案内: 2023-11-20 14:00まで" in str(offered["description"])
    assert ADDRESS not in str(waiting["description"]) + str(offered["description"])
    ours = {"lg_code": OURS, "enrolment_id": made[1][0].enrolment_id}
    accept_offer(
        engine, officer(OURS), **ours, seen_event=2, request_id="a", now=now + timedelta(hours=2)
    )
    seated = ours_of(engine, token)
    assert shown(seated) == ("", "CONFIRMED", "OPAQUE")
    assert ADDRESS in str(seated["description"])
    cancel_enrolment(
        engine, officer(OURS), **ours, seen_event=4, request_id="d", now=now + timedelta(hours=3)
    )
    gone = ours_of(engine, token)
    assert shown(gone) == ("【取消し】", "CANCELLED", "TRANSPARENT")
    every = [waiting, offered, seated, gone]
    sequences = [int(event["sequence"]) for event in every]
    assert sequences == sorted(set(sequences))
    stamps = [event.decoded("dtstamp") for event in every]
    assert stamps == sorted(set(stamps))
    assert len({str(event["uid"]) for event in every}) == 1


def test_consultations_and_hearings_stand_in_the_same_calendar_with_what_became_of_them(
    engine: Engine, now: datetime, secretariat: Principal
) -> None:
    who = an_officer(engine, now)
    token = make_calendar_token(engine, who, lg_code=OURS, label="共有", now=now)
    asked = ask(engine, OURS, title="田中さんの席の無線LAN", now=now)
    assert own_events(engine, token) == {}
    day, later = date(2023, 10, 20), date(2023, 10, 25)
    scheduled = Step(
        ConsultationState.SCHEDULED, day, time(10), MeetingForm.ON_SITE, "市役所6階; 西"
    )
    held = Step(ConsultationState.HELD, later, None, MeetingForm.ON_SITE, answer="増設します。")
    steps = [
        (scheduled, ("", "CONFIRMED", "OPAQUE")),
        (Step(ConsultationState.COORDINATING), ("【取消し】", "CANCELLED", "TRANSPARENT")),
        (replace(scheduled, day=later, start=None), ("", "CONFIRMED", "TRANSPARENT")),
        (held, ("", "CONFIRMED", "TRANSPARENT")),
    ]
    for number, (step, expected) in enumerate(steps):
        record_step(
            engine, secretariat, lg_code=OURS, consultation_id=asked.consultation_id, step=step,
            seen_event=again(engine, asked).last.event_id, request_id=f"s{number}",
            now=now + timedelta(days=24 if step is held else 0),
        )  # fmt: skip
        event = own_events(engine, token)[f"consultation-{asked.consultation_id}@noriai"]
        assert shown(event) == expected, step
        assert "田中" not in str(event["summary"]) + str(event["description"])
        if step is scheduled:
            assert event.decoded("dtstart") == datetime.combine(day, time(10), JAPAN)
            assert str(event["location"]) == "市役所6階; 西"
        if step is held:
            assert event.decoded("dtstart") == later
    plan = HearingPlan(date(2023, 11, 2), time(13, 30), MeetingForm.ONLINE, "田中さんが同席")
    for number, state in enumerate((HearingState.PLANNED, HearingState.CANCELLED)):
        record_hearing(
            engine, secretariat, lg_code=OURS, fiscal_year=FiscalYear(2023), state=state,
            plan=plan, seen_event=number, request_id=f"h{number}", reference=REFERENCE, now=now,
        )  # fmt: skip
        event = own_events(engine, token)[f"hearing-2023-{OURS}@noriai"]
        assert (str(event["status"]) == "CANCELLED") == (state is HearingState.CANCELLED)
        assert str(event["summary"]).startswith("【取消し】") == (state is HearingState.CANCELLED)
        assert "田中" not in str(event["description"])


LINES = [
    a_line(),
    a_line(session_id="s2", date=date(2024, 4, 1), start=None, end=None, title="終日"),
    a_line(session_id="s3", date=date(2024, 4, 2), start=time(9, 30), end=None, title="終わり不明"),
]


def test_a_second_library_reads_the_same() -> None:
    component = vobject.readOne(file_of(*LINES).decode())
    found = {event.uid.value: event for event in component.vevent_list}
    assert found["s1@noriai"].summary.value == "セミナー「生成AI; 庁内, 利用\\手引き」"
    assert found["s1@noriai"].dtstart.value == datetime(2024, 3, 29, 14, tzinfo=JAPAN)
    assert found["s2@noriai"].dtstart.value == date(2024, 4, 1)
    assert found["s1@noriai"].description.value.endswith("一行目\n二行目")


def khal(folder: Path, *arguments: str) -> str:
    """A calendar program people use, on a calendar of its own."""
    config = folder / "khal.conf"
    config.write_text(
        f"[calendars]\n[[noriai]]\npath = {folder / 'calendar'}\ntype = calendar\n"
        "[locale]\nlocal_timezone = Asia/Tokyo\ndefault_timezone = Asia/Tokyo\n"
        "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        f"[sqlite]\npath = {folder / 'khal.db'}\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "khal", "-c", str(config), *arguments],
        capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False,
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "HOME": str(folder)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def listed(folder: Path, lines: Sequence[SessionLine]) -> list[str]:
    (folder / "calendar").mkdir(exist_ok=True)
    (folder / "noriai.ics").write_bytes(file_of(*lines))
    khal(folder, "import", "--batch", "-a", "noriai", str(folder / "noriai.ics"))
    shown = khal(
        folder, "list", "--once", "--day-format", "", "--format",
        "{start-date} {start-time} {end-time} {title}", "2024-03-26", "14d",
    )  # fmt: skip
    return [line.strip() for line in shown.splitlines() if line.strip()]


def test_a_calendar_program_shows_them_and_takes_changes_over(tmp_path: Path) -> None:
    before = listed(tmp_path, LINES)
    assert "2024-03-29 14:00 16:00 セミナー「生成AI; 庁内, 利用\\手引き」" in before
    assert any(line.startswith("2024-04-01") and "終日" in line for line in before)
    moved = a_line(date=date(2024, 4, 3), version=2)
    after = listed(tmp_path, [moved, *LINES[1:]])
    assert len(after) == len(before) == 3
    assert any(line.startswith("2024-04-03 14:00") for line in after)
    assert not any(line.startswith("2024-03-29") for line in after)


def test_a_training_of_many_sessions_is_many_entries(engine: Engine, publish: Callable) -> None:
    content = a_content()
    second = replace(content.sessions[0], date=date(2023, 11, 27))
    _, ids = publish(sessions=(content.sessions[0], second))
    assert set(feed(engine)) == {f"{each}@noriai" for each in ids}
