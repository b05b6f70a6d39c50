"""研修 under AppTest: what each reader finds, does and is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import ButtonGroup

from core.access.principal import CONSOLE, Principal, Role
from core.commands.attendance import issue_attendance_code, mark_attendance
from core.commands.calendar_tokens import make_calendar_token
from core.commands.enrolments import enrol
from core.commands.trainings import create_training, publish_training, revise_training
from core.store.engine import reading, writing
from core.store.enrolments import EnrolmentLine
from core.store.trainings import fill_trainings, find_training
from core.training.attendance import AttendanceMark, AttendanceMeans
from core.training.person import Applicant, Person
from core.training.training import Training, TrainingContent, TrainingSession
from core.training.vocabulary import Audience, SessionFormat, TrainingKind
from core.values.fiscal import FiscalYear
from core.views.calendar import calendar_tokens_view
from core.views.enrolments import own_enrolments_view, training_desk_view
from tests.support.cards import copied_of, tables_of
from tests.support.reference import REFERENCE
from tests.support.screens import (
    HIRAKATA,
    READERS,
    SAKAI,
    TODAY,
    Screens,
    japan_now,
    queries,
    shown_text,
)

Make = Callable[[str], Screens]
OFFICER = Principal("test-officer", "担当", Role.OFFICER, SAKAI)
NEIGHBOUR = Principal("hirakata", "担当", Role.OFFICER, HIRAKATA)
TITLE, ADDRESS = "生成AIの*業務*活用<b>", "https://meeting.example/secret"
NEIGHBOURS_NAME = "隣町 花子"
MOST_STATEMENTS = 30  # however many trainings; an empty month asks three views of seven each


def a_training(
    screens: Screens, *, day: date = TODAY + timedelta(days=14), **changes: object
) -> Training:
    """Published, one session for two, both ways to attend."""
    session = TrainingSession(
        "", day, time(23, 30), time(23, 45), tuple(SessionFormat), "咲洲庁舎", ADDRESS, 2
    )
    content = TrainingContent(
        kind=TrainingKind.WORKSHOP, title=TITLE, purpose="手引きを学ぶ", theme="ai", host="大阪府",
        sessions=(session,), audience=Audience.ALL_MUNICIPALITIES,
    )  # fmt: skip
    made = create_training(
        screens.engine, CONSOLE, content=replace(content, **changes),  # type: ignore[arg-type]
        reference=REFERENCE, request_id=f"t{day}{len(changes)}", now=japan_now(),
    )  # fmt: skip
    publish_training(
        screens.engine,
        CONSOLE,
        training_id=made,
        seen_version=1,
        reference=REFERENCE,
        now=japan_now(),
    )
    with reading(screens.engine) as session_:
        found = find_training(session_, made)
    assert found is not None
    return found


def enrolled(
    screens: Screens, who: Principal, training: Training, *names: str, lg_code: str = ""
) -> None:
    people = [
        Applicant(Person(name, "DX課", "dx@city.example.lg.jp"), SessionFormat.ONLINE)
        for name in names
    ]
    enrol(
        screens.engine, who, lg_code=lg_code or str(who.lg_code),
        session_id=training.content.sessions[0].session_id, applicants=people,
        reference=REFERENCE, request_id=f"{who.username}{names}", now=japan_now(),
    )  # fmt: skip


def filled(screens: Screens) -> None:
    with writing(screens.engine) as session:
        fill_trainings(session, REFERENCE.trainings, japan_now())


def opened(screens: Screens, reader: str, query: str = "", tab: str | None = None) -> AppTest:
    app = screens.signed_in(reader)
    if tab:
        app.session_state["training.tab"] = tab
    app = screens.open(app, "trainings", query)
    assert not app.exception
    return app


def list_html(app: AppTest) -> str:
    """The cards of the list."""
    return "".join(h.proto.body for h in app.get("html") if "noriai-trainings" in h.proto.body)


def in_dialog(app: AppTest, label: str) -> None:
    """The button in the dialog, which is called as the one that opened it."""
    [*_, found] = [b for b in app.button if b.label == label]
    found.click().run()
    assert not app.exception


def button(app: AppTest, label: str) -> None:
    next(b for b in app.button if b.label == label).click().run()
    assert not app.exception


def places_of(screens: Screens) -> dict[str, str]:
    """Enrolment by name."""
    answer = own_enrolments_view(screens.engine, OFFICER, lg_code=SAKAI)
    return {e.line.person.name: e.line.enrolment.enrolment_id for e in answer if e.line.person}


def places(screens: Screens, who: Principal) -> dict[str, str]:
    answer = own_enrolments_view(screens.engine, who, lg_code=str(who.lg_code))
    return {e.line.person.name: e.line.place.label for e in answer if e.line.person}


@pytest.mark.parametrize("reader", [r for r in READERS if r != "newcomer"])
@pytest.mark.parametrize("view", ["list", "month", "year", "ours", "subscribe", "reach", "desk"])
def test_every_view_for_every_reader_on_an_empty_and_a_full_programme(
    screens_on: Make, view: str, reader: str
) -> None:
    allowed = {
        "ours": {"officer"}, "reach": {"viewer", "secretariat"}, "desk": {"secretariat"},
    }  # fmt: skip
    for fill in (False, True):
        screens = screens_on("empty")
        if fill:
            filled(screens)
            training = a_training(screens)
            enrolled(screens, NEIGHBOUR, training, NEIGHBOURS_NAME)
        app = screens.signed_in(reader)
        screens.statements.clear()
        app = screens.open(app, "trainings", f"view={view}")
        assert not app.exception
        refused = [w.value for w in app.warning if "としてサインインすると使えます" in w.value]
        assert bool(refused) == (reader not in allowed.get(view, {reader}))
        text = shown_text(app)
        assert NEIGHBOURS_NAME not in text
        assert ADDRESS not in text
        assert len(queries(screens.statements)) <= MOST_STATEMENTS, queries(screens.statements)


def test_a_corrected_reading_shows_what_was_printed_until_it_is_rewritten(
    screens_on: Make,
) -> None:
    screens = screens_on("empty")
    filled(screens)
    told = "「ハンズオンセミナー」は印字「ハズオンセミナー」の読み替え"
    assert told in shown_text(opened(screens, "public", "training=2022-4"))
    assert "読み替え" not in shown_text(opened(screens, "public", "training=2022-3"))
    with reading(screens.engine) as session:
        content = find_training(session, "2022-4").content
    revise_training(
        screens.engine, CONSOLE, training_id="2022-4", seen_version=1, reference=REFERENCE, request_id="rewritten",
        content=replace(content, purpose="遠隔窓口システムの知識習得"), now=japan_now(),
    )  # fmt: skip
    assert "読み替え" not in shown_text(opened(screens, "public", "training=2022-4"))


def test_all_dates_of_the_founding_document_are_listed(screens_on: Make) -> None:
    screens = screens_on("empty")
    filled(screens)
    found = ""
    for page in (1, 2):
        app = screens.signed_in("public")
        app.session_state["trainings.page.past"] = page
        found += shown_text(screens.open(app, "trainings"))
    days = [s.date for t in REFERENCE.trainings.trainings for s in t.sessions]
    assert len(days) == 23
    for day in days:
        assert f"<strong>{day.year}年{day.month}月{day.day}日(" in found
    assert "00:00" not in found
    assert "時刻不明" in found


def test_the_page_of_what_was_is_in_the_address_and_one_that_is_not_there_is_the_first(
    screens_on: Make,
) -> None:
    screens = screens_on("empty")
    filled(screens)
    second = list_html(opened(screens, "public", "p=2"))
    assert "2023年3月22日" not in second
    assert "p=2" in second  # the way back from a training leads here
    first = list_html(opened(screens, "public"))
    assert "2023年3月22日" in first
    assert list_html(opened(screens, "public", "p=99")).replace("p=99&amp;", "") == first


def test_the_filters_live_in_the_address(screens_on: Make) -> None:
    screens = screens_on("empty")
    filled(screens)
    app = opened(screens, "public", "q=ｼｽﾃﾑ&fy=2022&theme=econtract&format=online")
    assert not app.warning[1:]
    assert [s.value for s in app.subheader][1].startswith("これまでの研修(7日程)")
    app = opened(screens, "public", "theme=zzz&fy=abc&month=2022-13&view=nothing&ours=1")
    text = "\n".join(w.value for w in app.warning)
    assert all(word in text for word in ("zzz", "abc", "2022", "nothing", "うちが対象"))


def test_the_month_has_its_holidays_and_escapes_what_was_typed(screens_on: Make) -> None:
    screens = screens_on("empty")
    filled(screens)
    a_training(screens, day=date(2026, 12, 8))
    (html,) = opened(screens, "public", "view=month&month=2022-08").get("html")
    assert all(
        word in html.proto.body for word in ("山の日", "電子契約", "<caption>", 'scope="col"')
    )
    (html,) = opened(screens, "public", "view=month&month=2026-12").get("html")
    assert "<b>" not in html.proto.body
    assert "&lt;b&gt;" in html.proto.body
    assert "23:30" in html.proto.body


def test_another_municipality_is_told_neither_who_comes_nor_where_to_join(screens_on: Make) -> None:
    screens = screens_on("empty")
    training = a_training(screens)
    enrolled(screens, NEIGHBOUR, training, NEIGHBOURS_NAME)
    query = f"training={training.training_id}"
    for reader in ("public", "viewer", "officer"):
        text = shown_text(opened(screens, reader, query))
        assert NEIGHBOURS_NAME not in text
        assert ADDRESS not in text
    enrolled(screens, OFFICER, training, "堺 太郎")
    text = shown_text(opened(screens, "officer", query))
    assert ADDRESS in text
    assert NEIGHBOURS_NAME not in text


@pytest.mark.parametrize("query", ["training=nothing", "training=%3Cb%3E"])
def test_a_guessed_training_is_refused_in_words(screens_on: Make, query: str) -> None:
    app = opened(screens_on("empty"), "public", query)
    assert any("見つかりません" in error.value for error in app.error)


def test_a_draft_is_there_for_the_secretariat_alone(screens_on: Make) -> None:
    screens = screens_on("empty")
    training = a_training(screens)
    made = create_training(
        screens.engine,
        CONSOLE,
        reference=REFERENCE,
        request_id="draft",
        now=japan_now(),
        content=replace(
            training.content,
            sessions=(replace(training.content.sessions[0], session_id=""),),
        ),
    )
    for reader in ("public", "viewer", "officer"):
        app = opened(screens, reader, f"training={made}")
        assert any("見つかりません" in error.value for error in app.error)
    app = opened(screens, "secretariat", f"training={made}")
    assert not app.error
    assert any("下書き" in info.value for info in app.info)


def field(app: AppTest, label: str) -> Any:
    """The one field whose label begins so."""
    (found,) = [
        each
        for each in (*app.text_input, *app.text_area, *app.selectbox, *app.date_input)
        if each.label.startswith(label)
    ]
    return found


def person_fields(app: AppTest, *people: tuple[str, str, str]) -> None:
    for number, (name, department, mail) in enumerate(people, start=1):
        for label, text in (("氏名", name), ("所属", department), ("メールアドレス", mail)):
            field(app, f"{label}({number}人目").set_value(text)


def test_two_are_enrolled_at_once_and_the_third_waits(screens_on: Make) -> None:
    screens = screens_on("empty")
    training = a_training(screens, seats_per_municipality=None)
    app = opened(screens, "officer", f"training={training.training_id}")
    button(app, "3人分の欄を足す")
    person_fields(
        app,
        ("髙﨑 一郎", "DX課", "dx@city.sakai.lg.jp"),
        ("山田 二郎", "", ""),
        ("堺 三郎", "", ""),
    )
    way = next(c for c in app.get("button_group") if c.label.startswith("参加方法(1人目"))
    way.set_value(SessionFormat.ONLINE.value)
    button(app, "申し込む")
    assert not app.error
    assert places(screens, OFFICER) == {
        "髙﨑 一郎": "参加確定", "山田 二郎": "参加確定", "堺 三郎": "キャンセル待ち1番",
    }  # fmt: skip
    assert any("キャンセル待ち1番" in s.value for s in app.success)


def test_bad_input_is_refused_all_at_once_and_nothing_is_lost(screens_on: Make) -> None:
    screens = screens_on("empty")
    training = a_training(screens)
    app = opened(screens, "officer", f"training={training.training_id}")
    person_fields(app, ("", "DX課😀", "mail"))
    button(app, "申し込む")
    said = "\n".join(error.value for error in app.error)
    assert all(
        word in said for word in ("氏名を入力", "メールアドレスとして使えません", "参加方法")
    )
    assert field(app, "所属(1人目").value == "DX課😀"
    assert places(screens, OFFICER) == {}


def test_a_cancelled_seat_is_offered_to_who_waits_and_no_dialog_stands_open_for_the_next(
    screens_on: Make,
) -> None:
    screens = screens_on("empty")
    training = a_training(screens, seats_per_municipality=None)
    enrolled(screens, NEIGHBOUR, training, "一郎", "二郎")
    enrolled(screens, OFFICER, training, "待つ人")
    query = f"training={training.training_id}"
    assert "参加する" not in [b.label for b in opened(screens, "officer", query).button]
    app = opened(screens, "secretariat", query, "申込者・出席")
    field(app, "市町村").set_value(HIRAKATA).run()
    button(app, "取り消す")
    assert any("**一郎**の申込" in m.value for m in app.markdown)
    button(app, "申込を取り消す")
    assert any("一郎の申込を取り消しました" in s.value for s in app.success)
    assert "申込を取り消す" not in [b.label for b in app.button]
    assert places(screens, NEIGHBOUR) == {"一郎": "取消し", "二郎": "参加確定"}
    assert places(screens, OFFICER) == {"待つ人": "キャンセル待ち1番"}
    app = opened(screens, "officer", query)
    assert any("席が空きました。" in m.value and "23:30まで" in m.value for m in app.markdown)
    button(app, "参加する")
    assert any("待つ人の参加が確定しました" in s.value for s in app.success)
    assert places(screens, OFFICER) == {"待つ人": "参加確定"}


def test_two_who_come_only_together_are_both_enrolled_or_neither(screens_on: Make) -> None:
    screens = screens_on("empty")
    training = a_training(screens)
    enrolled(screens, NEIGHBOUR, training, NEIGHBOURS_NAME)
    app = opened(screens, "officer", f"training={training.training_id}")
    person_fields(app, ("堺 一郎", "DX課", "dx@city.sakai.lg.jp"), ("堺 二郎", "", ""))
    way = next(c for c in app.get("button_group") if c.label.startswith("参加方法(1人目"))
    way.set_value(SessionFormat.ONLINE.value)
    next(c for c in app.checkbox if c.label.startswith("全員一緒でなければ")).check()
    button(app, "申し込む")
    assert any("誰も申し込んでいません" in e.value for e in app.error)
    assert places(screens, OFFICER) == {}
    next(c for c in app.checkbox if c.label.startswith("全員一緒でなければ")).uncheck()
    button(app, "申し込む")
    assert places(screens, OFFICER) == {"堺 一郎": "参加確定", "堺 二郎": "キャンセル待ち1番"}


def test_a_session_taken_off_looks_so_wherever_it_stands(screens_on: Make) -> None:
    screens = screens_on("empty")
    training = a_training(screens)
    enrolled(screens, OFFICER, training, "一郎")
    content = training.content
    later = TrainingSession("", TODAY + timedelta(days=20))
    off = replace(content.sessions[0], cancelled=True)
    revise_training(
        screens.engine, CONSOLE, training_id=training.training_id, seen_version=training.version,
        content=replace(content, sessions=(off, later)), reference=REFERENCE, request_id="off",
        now=japan_now(),
    )  # fmt: skip
    day = f"{off.date.year}年{off.date.month}月{off.date.day}日"
    for query in ("", "view=ours", f"training={training.training_id}"):
        text = shown_text(opened(screens, "officer", query))
        assert f"~~**{day}" in text or f"<s><strong>{day}" in text, query
        assert "中止" in text, query
        assert "参加確定1人" not in text, query
    home = shown_text(screens.open(screens.signed_in("officer"), "home"))
    assert f"<s>{off.date.month}<small>月{off.date.day}日" in home
    assert "開かれません" in home
    ours = shown_text(screens.open(screens.signed_in("officer"), "our_municipality"))
    assert f"~~**{day}" in ours
    month = f"view=month&month={off.date:%Y-%m}"
    (html,) = opened(screens, "public", month).get("html")
    assert "【中止】<s>23:30" in html.proto.body


def test_what_the_source_does_not_say_is_unknown_and_not_a_usual_value(screens_on: Make) -> None:
    screens = screens_on("empty")
    filled(screens)
    text = shown_text(opened(screens, "public", "training=2022-1"))
    assert "**申込締切** 不明" in text
    assert "会場 不明" in text
    training = a_training(screens)  # recorded here, without a deadline: until it begins
    text = shown_text(opened(screens, "public", f"training={training.training_id}"))
    assert "**申込締切** なし(各日程の開始まで)" in text
    assert "申込締切 なし(開始まで)" in shown_text(opened(screens, "public"))


def test_the_secretariats_form_tells_everything_at_its_field_and_records_nothing(
    screens_on: Make,
) -> None:
    screens = screens_on("empty")
    app = opened(screens, "secretariat", "view=desk")
    assert {"題名(必須)", "主旨(必須)", "テーマ(必須)"} <= {
        each.label for each in (*app.text_input, *app.text_area, *app.selectbox)
    }
    field(app, "締切時刻").set_value("25:30")
    field(app, "申込締切日").set_value(date(2027, 1, 10))
    field(app, "定員(日程1").set_value("5.7")
    field(app, "終了時刻(日程1").set_value("24:00")
    button(app, "下書きを作る")
    told = "\n".join(error.value for error in app.error)
    for words in (
        "「25:30」は使えません", "「5.7」", "24:00は使えません", "題名を入力", "主旨を入力",
        "テーマを一覧から", "日程1の日付を入力",
    ):  # fmt: skip
        assert words in told, words
    assert field(app, "締切時刻").value == "25:30"
    assert "7か所を直してください" in told


def test_before_a_change_is_saved_it_says_whom_it_touches_and_offers_the_text(
    screens_on: Make,
) -> None:
    screens = screens_on("empty")
    training = a_training(screens)
    enrolled(screens, OFFICER, training, "一郎", "二郎")
    query = f"training={training.training_id}"
    app = opened(screens, "secretariat", query, "内容を直す")

    def version() -> int:
        with reading(screens.engine) as session:
            found = find_training(session, training.training_id)
        return found.version if found else 0

    day = training.content.sessions[0].date + timedelta(days=3)
    field(app, "日付(日程1").set_value(day)
    button(app, "この内容に直す")
    assert any("申込者 2人(1団体)に関わります" in m.value for m in app.markdown)
    assert version() == training.version
    button(app, "やめる")
    assert version() == training.version
    button(app, "この内容に直す")
    in_dialog(app, "この内容に直す")
    assert not app.error
    assert version() == training.version + 1
    assert any("を直しました" in s.value for s in app.success)
    app = opened(screens, "secretariat", query, "申込者・出席")
    assert any(f"{day.month}月{day.day}日" in text for text in copied_of(app))
    assert any("dx@city.example.lg.jp" in text for text in copied_of(app))
    # What touches nobody is saved at once.
    app = opened(screens, "secretariat", query, "内容を直す")
    field(app, "登壇者").set_value("講師 花子")
    button(app, "この内容に直す")
    assert version() == training.version + 2


def test_the_end_of_a_day_is_24_oclock_for_who_writes_and_who_reads(screens_on: Make) -> None:
    screens = screens_on("empty")
    training = a_training(screens, deadline=TODAY + timedelta(days=7))
    app = opened(screens, "secretariat", f"training={training.training_id}", "内容を直す")
    assert field(app, "締切時刻").value == "24:00"
    field(app, "締切時刻").set_value("１７時半")
    button(app, "この内容に直す")
    assert not app.error
    field(app, "締切時刻").set_value("24:00")
    button(app, "この内容に直す")
    assert not app.error
    with reading(screens.engine) as session:
        found = find_training(session, training.training_id)
    assert found is not None
    assert (found.version, found.content.deadline_time) == (4, None)
    text = shown_text(opened(screens, "public", f"training={training.training_id}"))
    assert f"{TODAY + timedelta(days=7)} 24:00" in text


def test_changing_keeps_the_place(screens_on: Make) -> None:
    screens = screens_on("empty")
    training = a_training(screens)
    enrolled(screens, OFFICER, training, "一郎")
    app = opened(screens, "officer", f"training={training.training_id}")
    field(app, "氏名(必須)").set_value("一郎の代理")
    button(app, "この内容に変更する")
    assert places(screens, OFFICER) == {"一郎の代理": "参加確定"}


def test_after_the_deadline_the_form_is_gone(screens_on: Make) -> None:
    screens = screens_on("empty")
    training = a_training(screens, deadline=TODAY, deadline_time=time(0))
    enrolled(screens, CONSOLE, training, "一郎", lg_code=SAKAI)
    app = opened(screens, "officer", f"training={training.training_id}")
    labels = [b.label for b in app.button]
    assert not {"取り消す", "申し込む"} & set(labels)
    assert any("締め切りました" in c.value for c in app.caption)


def test_a_form_that_closes_under_the_hand_is_refused_in_words_and_keeps_what_was_typed(
    screens_on: Make,
) -> None:
    screens = screens_on("empty")
    training = a_training(screens)
    app = opened(screens, "officer", f"training={training.training_id}")
    person_fields(app, ("髙﨑 一郎", "DX課", "dx@city.sakai.lg.jp"))
    revise_training(
        screens.engine, CONSOLE, training_id=training.training_id, seen_version=training.version,
        content=replace(training.content, deadline=TODAY, deadline_time=time(0)),
        reference=REFERENCE, request_id="closes", now=japan_now(),
    )  # fmt: skip
    button(app, "申し込む")
    assert any("で締め切りました。事務局に連絡してください" in e.value for e in app.error)
    assert field(app, "氏名(1人目").value == "髙﨑 一郎"
    assert places(screens, OFFICER) == {}


def test_the_code_on_the_wall_records_attendance(screens_on: Make) -> None:
    screens = screens_on("empty")
    training = a_training(screens, day=TODAY)
    session_id = training.content.sessions[0].session_id
    enrolled(screens, OFFICER, training, "一郎")
    code = issue_attendance_code(
        screens.engine, CONSOLE, session_id=session_id, valid_for=timedelta(hours=1),
        now=japan_now(),
    )  # fmt: skip
    app = opened(screens, "officer", f"training={training.training_id}")
    people = next(c for c in app.get("button_group") if c.label.startswith("出席した人"))
    assert people.value == []
    field(app, "会場に表示されている出席コード").set_value(code.code)
    button(app, "出席を記録する")
    assert any("出席した人を" in error.value for error in app.error)
    field(app, "会場に表示されている出席コード").set_value("ZZZZZZ")
    button(app, "出席を記録する")
    assert any("コードが違う" in error.value for error in app.error)
    people = next(c for c in app.get("button_group") if c.label.startswith("出席した人"))
    people.set_value([places_of(screens)["一郎"]])
    field(app, "会場に表示されている出席コード").set_value(code.code.lower())
    button(app, "出席を記録する")
    assert not app.error
    desk = training_desk_view(
        screens.engine, CONSOLE, REFERENCE, training_id=training.training_id, now=japan_now()
    )
    (line,) = desk.sessions[0].lines
    assert line.attendance is not None


def test_the_secretariat_sees_everybody_and_marks_all_present(screens_on: Make) -> None:
    screens = screens_on("empty")
    training = a_training(screens, day=TODAY)
    enrolled(screens, OFFICER, training, "一郎")
    enrolled(screens, NEIGHBOUR, training, NEIGHBOURS_NAME)
    query = f"training={training.training_id}"
    app = opened(screens, "secretariat", query, "申込者・出席")
    assert list(tables_of(app)[0].index) == ["一郎", NEIGHBOURS_NAME]
    button(app, "未記録の参加確定者を全員出席にする")
    assert list(tables_of(app)[0]["出席"]) == ["出席", "出席"]
    button(app, "出席コードを作る")
    assert any("noriai-code" in html.proto.body for html in app.get("html"))
    next(t for t in app.toggle if t.label.startswith("コードだけを表示")).set_value(True).run()
    assert NEIGHBOURS_NAME not in shown_text(app)
    assert "noriai-code" in app.get("html")[0].proto.body
    app = opened(screens, "secretariat", "view=reach")
    [matrix] = tables_of(app)
    assert (matrix.loc["堺市"].iloc[0], matrix.loc["大阪市"].iloc[0]) == ("● 1", "－")


def test_a_list_of_ones_own_shows_what_it_records_and_its_good_rows_can_be_taken_alone(
    screens_on: Make,
) -> None:
    screens = screens_on("empty")
    training = a_training(screens, day=TODAY)
    enrolled(screens, OFFICER, training, "一郎", "二郎")
    app = opened(screens, "secretariat", f"training={training.training_id}", "申込者・出席")
    rows = "氏　名,所属,出欠\n一郎,DX課,出席\n知らない人,DX課,出席\n二郎,DX課,\n".encode()
    app.file_uploader[0].upload("出席者.csv", rows, "text/csv").run()
    assert any("「知らない人」はこの日程の申込にありません" in w.value for w in app.warning)
    [shown] = [each for each in tables_of(app) if "記録する内容" in each.columns]
    assert list(shown["記録する内容"]) == ["出席"]
    button(app, "読めた1人だけを記録する")
    assert any("1人の出欠を記録しました" in s.value for s in app.success)
    assert list(tables_of(app)[0]["出席"]) == ["出席", "未記録"]


def test_a_mark_made_elsewhere_is_shown_and_not_undone(screens_on: Make) -> None:
    screens = screens_on("empty")
    training = a_training(screens, day=TODAY)
    session_id = training.content.sessions[0].session_id
    enrolled(screens, OFFICER, training, "一郎", "二郎")
    app = opened(screens, "secretariat", f"training={training.training_id}", "申込者・出席")

    def lines() -> dict[str, EnrolmentLine]:
        desk = training_desk_view(
            screens.engine, CONSOLE, REFERENCE, training_id=training.training_id, now=japan_now()
        )
        return {str(line.person and line.person.name): line for line in desk.sessions[0].lines}

    def control(name: str) -> ButtonGroup:
        return next(c for c in app.get("button_group") if c.label.startswith(f"{name}("))

    control("二郎").set_value(AttendanceMark.PRESENT.value)
    came = lines()["一郎"].enrolment.enrolment_id
    mark_attendance(
        screens.engine, CONSOLE, session_id=session_id, marks={came: AttendanceMark.PRESENT},
        means=AttendanceMeans.FILE, request_id="elsewhere", now=japan_now(),
    )  # fmt: skip
    button(app, "出席を記録する")
    found = {name: line.attendance for name, line in lines().items()}
    assert {name: mark and mark.mark for name, mark in found.items()} == {
        "一郎": AttendanceMark.PRESENT, "二郎": AttendanceMark.PRESENT,
    }  # fmt: skip
    assert control("一郎").value == AttendanceMark.PRESENT.value


def test_a_training_is_written_published_revised_and_called_off(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = opened(screens, "secretariat", "view=desk")
    button(app, "下書きを作る")
    assert any("日程1の日付" in error.value for error in app.error)
    field(app, "題名").set_value("新しい研修")
    field(app, "主旨").set_value("学ぶ")
    field(app, "テーマ(").set_value("chat")
    field(app, "日付(日程1").set_value(date(2027, 1, 20))
    button(app, "下書きを作る")
    assert not app.error
    assert any("下書きを作りました" in s.value for s in app.success)
    button(app, "公開する")
    assert any("**新しい研修** を公開します" in m.value for m in app.markdown)
    in_dialog(app, "公開する")
    assert any("公開しました" in s.value for s in app.success)
    public = opened(screens, "public", "q=新しい研修")
    assert public.subheader[0].value == "これからの研修(1日程)"
    button(app, "中止する")
    button(app, "中止にする")
    assert any("中止の理由を入力" in error.value for error in app.error)
    field(app, "中止の理由").set_value("講師の都合").run()
    button(app, "中止にする")
    assert any("講師の都合" in error.value for error in app.error)
    public = opened(screens, "public", "q=新しい研修")
    assert "<s><strong>2027年1月20日(水)</strong> 時刻不明</s> 開かれません" in list_html(public)


def test_last_years_training_becomes_a_draft(screens_on: Make) -> None:
    screens = screens_on("empty")
    filled(screens)
    app = opened(screens, "secretariat", "training=2022-13")
    button(app, "複製する")
    years = field(app, "複製先の年度")
    # Moved to this 年度 its days would be past: the next one is what is meant, and any can be had.
    assert (years.value, years.options[0]) == (2027, FiscalYear(2026).full_label)
    years.set_value(2028).run()
    button(app, "下書きを作る")
    assert any("令和10年度(2028年度)の下書きを作りました" in s.value for s in app.success)
    made = app.query_params["training"]
    with reading(screens.engine) as session:
        found = find_training(session, made)
    assert found is not None
    assert {int(each.fiscal_year) for each in found.content.sessions} == {2028}


def test_a_personal_address_is_shown_once_and_can_be_revoked(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = opened(screens, "officer", "view=subscribe")
    next(t for t in app.text_input if t.label.startswith("アドレスの名前")).set_value("共有予定表")
    button(app, "アドレスを作る")
    made = [text for text in copied_of(app) if "/calendar/" in text]
    assert len(made) == 1
    app.run()
    assert not [text for text in copied_of(app) if "/calendar/" in text]
    button(app, "無効にする")
    assert any("**共有予定表** のアドレスを無効にします" in m.value for m in app.markdown)
    button(app, "アドレスを無効にする")
    assert any("「共有予定表」を無効にしました" in s.value for s in app.success)
    (token,) = calendar_tokens_view(screens.engine, OFFICER, lg_code=SAKAI)
    assert token.revoked_at is not None


def test_the_own_town_shows_own_addresses_alone(screens_on: Make) -> None:
    screens = screens_on("empty")
    make_calendar_token(
        screens.engine, NEIGHBOUR, lg_code=HIRAKATA, label="隣の予定表", now=japan_now()
    )
    assert "隣の予定表" not in shown_text(opened(screens, "officer", "view=subscribe"))
