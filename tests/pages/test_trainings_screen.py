"""研修 under AppTest: what each reader finds, does and is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta

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
from core.training.enrolment import PlaceKind
from core.training.person import Applicant, Person
from core.training.training import Training, TrainingContent, TrainingSession
from core.training.vocabulary import Audience, SessionFormat, TrainingKind
from core.views.calendar import calendar_tokens_view
from core.views.enrolments import own_enrolments_view, training_desk_view
from tests.support.cards import copied_of
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
        kind=TrainingKind.WORKSHOP, title=TITLE, purpose="手引きを学ぶ", theme="ai",
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


def button(app: AppTest, label: str) -> None:
    next(b for b in app.button if b.label == label).click().run()
    assert not app.exception


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
        refused = [w.value for w in app.warning if "使えません" in w.value]
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
        found += "\n".join(m.value for m in screens.open(app, "trainings").markdown)
    days = [s.date for t in REFERENCE.trainings.trainings for s in t.sessions]
    assert len(days) == 23
    for day in days:
        assert f"**{day.year}年{day.month}月{day.day}日(" in found
    assert "00:00" not in found
    assert "時刻不明" in found


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


def person_fields(app: AppTest, *people: tuple[str, str, str]) -> None:
    for number, (name, department, mail) in enumerate(people, start=1):
        for label, text in (("氏名", name), ("所属", department), ("メールアドレス", mail)):
            next(t for t in app.text_input if t.label == f"{label}({number}人目)").set_value(text)


def test_two_are_enrolled_at_once_and_the_third_waits(screens_on: Make) -> None:
    screens = screens_on("empty")
    training = a_training(screens, seats_per_municipality=None)
    app = opened(screens, "officer", f"training={training.training_id}")
    next(n for n in app.number_input if n.label == "申し込む人数").set_value(3).run()
    person_fields(
        app,
        ("髙﨑 一郎", "DX課", "dx@city.sakai.lg.jp"),
        ("山田 二郎", "", ""),
        ("堺 三郎", "", ""),
    )
    for control in app.get("button_group"):
        if control.label.startswith("参加方法"):
            control.set_value(SessionFormat.ONLINE.value)
    button(app, "3人を申し込む")
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
    button(app, "1人を申し込む")
    said = "\n".join(error.value for error in app.error)
    assert all(
        word in said for word in ("氏名を入力", "メールアドレスとして使えません", "参加方法")
    )
    assert next(t for t in app.text_input if t.label == "所属(1人目)").value == "DX課😀"
    assert places(screens, OFFICER) == {}


def test_cancelling_moves_the_waiting_list_up(screens_on: Make) -> None:
    screens = screens_on("empty")
    training = a_training(screens, seats_per_municipality=None)
    enrolled(screens, OFFICER, training, "一郎", "二郎")
    enrolled(screens, NEIGHBOUR, training, NEIGHBOURS_NAME)
    app = opened(screens, "officer", f"training={training.training_id}")
    button(app, "申込を取り消す")
    assert places(screens, NEIGHBOUR) == {NEIGHBOURS_NAME: PlaceKind.SEATED.label}
    assert places(screens, OFFICER) == {"一郎": "取消し", "二郎": "参加確定"}


def test_changing_keeps_the_place(screens_on: Make) -> None:
    screens = screens_on("empty")
    training = a_training(screens)
    enrolled(screens, OFFICER, training, "一郎")
    app = opened(screens, "officer", f"training={training.training_id}")
    next(t for t in app.text_input if t.label == "氏名").set_value("一郎の代理")
    button(app, "この内容に変更する")
    assert places(screens, OFFICER) == {"一郎の代理": "参加確定"}


def test_after_the_deadline_the_form_is_gone(screens_on: Make) -> None:
    screens = screens_on("empty")
    training = a_training(screens, deadline=TODAY, deadline_time=time(0))
    enrolled(screens, CONSOLE, training, "一郎", lg_code=SAKAI)
    app = opened(screens, "officer", f"training={training.training_id}")
    labels = [b.label for b in app.button]
    assert "申込を取り消す" not in labels
    assert not [label for label in labels if label.endswith("人を申し込む")]
    assert any("締め切りました" in c.value for c in app.caption)


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
    field = next(t for t in app.text_input if t.label == "会場に表示されている出席コード")
    field.set_value("ZZZZZZ")
    button(app, "出席を記録する")
    assert any("コードが違う" in error.value for error in app.error)
    field = next(t for t in app.text_input if t.label == "会場に表示されている出席コード")
    field.set_value(code.code.lower())
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
    assert list(app.dataframe[0].value["氏名"]) == ["一郎", NEIGHBOURS_NAME]
    button(app, "未記録の参加確定者を全員出席にする")
    assert list(app.dataframe[0].value["出席"]) == ["出席", "出席"]
    button(app, "出席コードを作る")
    (html,) = app.get("html")
    assert "noriai-code" in html.proto.body
    next(t for t in app.toggle if t.label.startswith("コードだけを表示")).set_value(True).run()
    assert NEIGHBOURS_NAME not in shown_text(app)
    assert "noriai-code" in app.get("html")[0].proto.body
    app = opened(screens, "secretariat", "view=reach")
    matrix = app.dataframe[0].value
    assert (matrix.loc["堺市"].iloc[0], matrix.loc["大阪市"].iloc[0]) == ("● 1", "－")


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
    fields = {"題名": "新しい研修", "主旨": "学ぶ"}
    for box in (*app.text_input, *app.text_area):
        if box.label in fields:
            box.set_value(fields[box.label])
    next(s for s in app.selectbox if s.label == "テーマ").set_value("chat")
    next(d for d in app.date_input if d.label == "日付(日程1)").set_value(date(2027, 1, 20))
    button(app, "下書きを作る")
    assert not app.error
    assert any("下書きを作りました" in s.value for s in app.success)
    button(app, "公開する")
    assert any("公開しました" in s.value for s in app.success)
    public = opened(screens, "public", "q=新しい研修")
    assert public.subheader[0].value == "これからの研修(1日程)"
    next(t for t in app.text_input if t.label == "中止の理由").set_value("講師の都合")
    button(app, "中止にする")
    assert any("講師の都合" in error.value for error in app.error)
    public = opened(screens, "public", "q=新しい研修")
    assert any("中止" in m.value for m in public.markdown)


def test_last_years_training_becomes_a_draft(screens_on: Make) -> None:
    screens = screens_on("empty")
    filled(screens)
    app = opened(screens, "secretariat", "training=2022-13")
    button(app, "下書きを作る")
    assert any("下書きを作りました" in s.value for s in app.success)
    assert app.query_params["training"] != "2022-13"


def test_a_personal_address_is_shown_once_and_can_be_revoked(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = opened(screens, "officer", "view=subscribe")
    next(t for t in app.text_input if t.label == "アドレスの名前").set_value("共有予定表")
    button(app, "アドレスを作る")
    made = [text for text in copied_of(app) if "/calendar/" in text]
    assert len(made) == 1
    app.run()
    assert not [text for text in copied_of(app) if "/calendar/" in text]
    button(app, "アドレスを無効にする")
    (token,) = calendar_tokens_view(screens.engine, OFFICER, lg_code=SAKAI)
    assert token.revoked_at is not None


def test_the_own_town_shows_own_addresses_alone(screens_on: Make) -> None:
    screens = screens_on("empty")
    make_calendar_token(
        screens.engine, NEIGHBOUR, lg_code=HIRAKATA, label="隣の予定表", now=japan_now()
    )
    assert "隣の予定表" not in shown_text(opened(screens, "officer", "view=subscribe"))
