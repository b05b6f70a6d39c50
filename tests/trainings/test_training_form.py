"""Bad input: every problem at once, with its field and its value; what is good is kept whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from core.training.enrolment import Seats
from core.training.form import FormRules, checked_content, is_web_address
from core.training.training import Material, TrainingContent, TrainingSession
from core.training.vocabulary import Audience, SessionFormat
from core.values.errors import InvalidInputError
from tests.support.trainings import a_content

RULES = FormRules(themes=frozenset({"ai"}), municipalities=frozenset({"271004", "271403"}))


def with_session(**changes: Any) -> TrainingContent:
    content = a_content()
    return replace(content, sessions=(replace(content.sessions[0], **changes),))


def problems_of(content: TrainingContent, rules: FormRules = RULES) -> dict[str, str]:
    with pytest.raises(InvalidInputError) as refusal:
        checked_content(content, rules)
    return refusal.value.problems


def test_a_complete_form_is_kept_as_it_is() -> None:
    assert checked_content(a_content(), RULES) == a_content()


def test_times_that_are_not_known_stay_unknown() -> None:
    checked = checked_content(with_session(start=None, end=None, formats=None, place=None), RULES)
    (session,) = checked.sessions
    assert (session.start, session.end, session.formats, session.place) == (None,) * 4


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"start": time(14), "end": time(13, 59)}, "sessions.1.end", "13:59.*14:00"),
        ({"start": time(14), "end": time(14)}, "sessions.1.end", "後になっていません"),
        ({"start": None, "end": time(16)}, "sessions.1.end", "終了時刻だけ"),
        ({"capacity": 0}, "sessions.1.capacity", "定員は1から"),
        ({"capacity": -3}, "sessions.1.capacity", "-3"),
        ({"place": "あ" * 201}, "sessions.1.place", "現在201文字"),
        ({"place": "第1\n会議室"}, "sessions.1.place", "使えない文字"),
        ({"formats": (SessionFormat.ON_SITE,)}, "sessions.1.joining_address", "現地開催"),
        ({"joining_address": "x" * 10_000}, "sessions.1.joining_address", "現在10,000文字"),
        ({"date": date(1868, 1, 1)}, "sessions.1.date", "1868-01-01"),
        ({"date": date(9999, 12, 31)}, "sessions.1.date", "9999-12-31"),
    ],
)  # fmt: skip
def test_a_session_that_cannot_be_is_named(changes: dict[str, Any], field: str, words: str) -> None:
    content = with_session(**changes)
    if "date" in changes:
        content = replace(content, deadline=None)
    problems = problems_of(content)
    assert list(problems) == [field]
    with pytest.raises(InvalidInputError, match=words):
        checked_content(content, RULES)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"title": "  "}, "title", "題名を入力"),
        ({"title": "a\x00b"}, "title", "使えない文字"),
        ({"purpose": "あ" * 10_000}, "purpose", "現在10,000文字"),
        ({"host": ""}, "host", "主催"),
        ({"theme": "gardening"}, "theme", "テーマ"),
        ({"audience": Audience.NAMED}, "named", "1つ以上"),
        ({"audience": Audience.NAMED, "named": ("999999",)}, "named", "999999"),
        ({"seats_per_municipality": 3}, "seats_per_municipality", r"3人.*定員\(2人\)"),
        ({"seats_per_municipality": 0}, "seats_per_municipality", "1から"),
        ({"deadline": date(2023, 11, 21)}, "deadline", "2023-11-21.*2023-11-20"),
        ({"deadline": date(2023, 11, 20), "deadline_time": time(14, 1)}, "deadline", "より後"),
        ({"deadline": None, "deadline_time": time(12)}, "deadline", "締切日も"),
        ({"sessions": ()}, "sessions", "1つ以上"),
        ({"materials": (Material(""),)}, "materials.1.label", "名前を入力"),
        ({"materials": (Material("資料", "javascript:alert(1)"),)}, "materials.1.url", "http"),
        ({"materials": (Material("資料", "", ""),)}, "materials.1.text", "アドレスか説明"),
    ],
)  # fmt: skip
def test_a_training_that_cannot_be_is_named(
    changes: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(InvalidInputError, match=words) as refusal:
        checked_content(a_content(**changes), RULES)
    assert field in refusal.value.problems


def test_all_problems_come_at_once_and_in_the_reading_order_of_the_form() -> None:
    content = replace(
        with_session(start=time(16), end=time(14), capacity=0),
        title="",
        theme="",
        materials=(Material("", "ftp://x"),),
    )
    assert list(problems_of(content)) == [
        "title",
        "theme",
        "sessions.1.end",
        "sessions.1.capacity",
        "materials.1.label",
        "materials.1.url",
    ]


def test_the_deadline_may_be_the_moment_the_last_session_begins() -> None:
    content = a_content(deadline=date(2023, 11, 20), deadline_time=time(14))
    assert checked_content(content, RULES) == content
    on_the_day = a_content(deadline=date(2023, 11, 20))
    assert "deadline" in problems_of(on_the_day)  # its end lies after 14:00
    whole_day = replace(with_session(start=None, end=None), deadline=date(2023, 11, 20))
    assert checked_content(whole_day, RULES) == whole_day


def test_nobody_who_has_a_seat_loses_it_to_a_smaller_number() -> None:
    content = with_session(session_id="s", capacity=4)
    rules = replace(
        RULES, known=frozenset({"s"}), taken={"s": Seats(9, seated=5, waiting=1, most_of_one=3)}
    )
    assert "5人を下回ります" in problems_of(content, rules)["sessions.1.capacity"]
    enough = replace(with_session(session_id="s", capacity=5), seats_per_municipality=3)
    assert checked_content(enough, rules) == enough
    fewer = problems_of(replace(enough, seats_per_municipality=2), rules)
    assert "3人の参加が確定している団体" in fewer["seats_per_municipality"]


def test_a_published_session_is_taken_off_not_removed() -> None:
    rules = replace(RULES, known=frozenset({"a", "b"}), lasting=frozenset({"a", "b"}))
    first = replace(a_content().sessions[0], session_id="a")
    second = replace(first, session_id="b", date=date(2023, 12, 1))
    assert "削除できません" in problems_of(a_content(sessions=(first,)), rules)["sessions"]
    off = a_content(sessions=(first, replace(second, cancelled=True)))
    assert checked_content(off, rules) == off
    none = a_content(sessions=tuple(replace(each, cancelled=True) for each in (first, second)))
    assert "研修を中止" in problems_of(none, rules)["sessions"]
    stranger = a_content(sessions=(first, second, replace(second, session_id="of another")))
    assert "画面を更新" in problems_of(stranger, rules)["sessions"]


def test_sessions_are_kept_in_order_and_the_same_one_twice_is_refused() -> None:
    late = replace(a_content().sessions[0], date=date(2023, 12, 1))
    early = replace(late, date=date(2023, 11, 20))
    checked = checked_content(a_content(sessions=(late, early)), RULES)
    assert [each.date for each in checked.sessions] == [early.date, late.date]
    assert "同じ日程が2つ" in problems_of(a_content(sessions=(late, late)))["sessions"]


def test_formats_are_kept_in_one_order_and_none_chosen_is_unknown() -> None:
    both = with_session(formats=(SessionFormat.ONLINE, SessionFormat.ON_SITE))
    (session,) = checked_content(both, RULES).sessions
    assert session.formats == (SessionFormat.ON_SITE, SessionFormat.ONLINE)
    (session,) = checked_content(with_session(formats=()), RULES).sessions
    assert session.formats is None


def test_municipalities_are_named_only_where_they_decide() -> None:
    content = a_content(audience=Audience.ALL_MUNICIPALITIES, named=("271004",))
    assert checked_content(content, RULES).named == ()
    named = a_content(audience=Audience.NAMED, named=("271403", "271004", "271403"))
    assert checked_content(named, RULES).named == ("271004", "271403")


def test_emoji_gaiji_and_half_width_kana_arrive() -> None:
    content = a_content(title="ﾃﾞｼﾞﾀﾙ研修🎉", speaker="髙﨑")
    checked = checked_content(content, RULES)
    assert (checked.title, checked.speaker) == ("デジタル研修🎉", "髙﨑")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "http://", "https:///x", "//x.jp", "http://[", "x"]
)  # fmt: skip
def test_only_web_addresses_can_be_followed(url: str) -> None:
    assert not is_web_address(url)


def test_a_session_knows_its_fiscal_year() -> None:
    assert TrainingSession("", date(2024, 3, 31)).fiscal_year == 2023
    assert TrainingSession("", date(2024, 4, 1)).fiscal_year == 2024
