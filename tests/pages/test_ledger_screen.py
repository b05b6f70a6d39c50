"""参加台帳 as the secretariat uses it: record, correct, files in and out."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from streamlit.testing.v1 import AppTest

from core.access.principal import CONSOLE
from core.commands.ledger import record_participation
from core.procurement.event import EventKind
from core.procurement.recording import Entry
from core.store.engine import reading
from core.store.ledger import ledger_events
from core.values.fiscal import JAPAN, parse_date
from core.views.ledger import ledger_cell_view
from tests.support.cards import tables_of
from tests.support.reference import REFERENCE
from tests.support.screens import Screens

Make = Callable[[str], Screens]
OSAKA, IKEDA = "271004", "272043"


def opened(screens: Screens, tab: str) -> AppTest:
    app = screens.signed_in("secretariat")
    app.session_state["ledger.tab"] = tab
    screens.open(app, "ledger")
    assert not app.exception
    return app


def recording(screens: Screens) -> AppTest:
    """記録する of 大阪市 in the chat system, which are chosen, never preselected."""
    app = opened(screens, "記録する")
    assert not app.text_input
    by_label(app.selectbox, "共同調達(必須)").set_value("chat").run()
    by_label(app.selectbox, "団体(必須)").set_value(OSAKA).run()
    return app


def by_label(elements: list, label: str):
    return next(element for element in elements if element.label == label)


def recorded(screens: Screens) -> int:
    with reading(screens.engine) as session:
        return len(list(ledger_events(session)))


def fill_in(app: AppTest, kind: EventKind, day: str, source: str) -> None:
    by_label(app.selectbox, "種類(必須)").set_value(kind.value).run()
    by_label(app.text_input, "適用日").set_value(day).run()
    by_label(app.text_input, "出典(必須)").set_value(source).run()


def test_a_record_is_kept_with_the_precision_it_was_typed_in(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = recording(screens)
    before = recorded(screens)
    fill_in(app, EventKind.JOINED_LATE, "Ｒ６.６", "令和6年5月1日付け 申込書")
    assert any("令和6年6月と読みました(精度: 月まで)" in c.value for c in app.caption)
    by_label(app.button, "記録する").click().run()
    assert not app.exception
    assert not app.error
    assert recorded(screens) == before + 1
    cell = ledger_cell_view(screens.engine, CONSOLE, participant=OSAKA, programme="chat")
    assert [(e.kind, e.effective.label, e.recorded_by) for e in cell.events] == [
        (EventKind.JOINED_LATE, "令和6年6月", "test-secretariat")
    ]
    assert by_label(app.text_input, "適用日").value == ""  # the next form begins empty


def test_what_cannot_be_read_cannot_be_recorded(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = recording(screens)
    assert by_label(app.button, "記録する").disabled
    by_label(app.text_input, "適用日").set_value("さきごろ").run()
    assert "日付として読めません" in app.error[0].value
    assert by_label(app.button, "記録する").disabled


def test_what_cannot_follow_is_refused_with_the_earlier_record_named(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = recording(screens)
    before = recorded(screens)
    fill_in(app, EventKind.LIVE, "2024-04-01", "電話")
    by_label(app.button, "記録する").click().run()
    assert "運用開始" in app.error[0].value
    fill_in(app, EventKind.PLANNED, "2024-04-01", "")
    by_label(app.button, "記録する").click().run()
    assert "出典を入力してください" in app.error[0].value
    assert recorded(screens) == before


def test_a_correction_says_what_will_change_and_keeps_both(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = opened(screens, "一覧・訂正")
    newest = app.dataframe[0].value
    assert list(newest["団体"][:2]) == ["池田市", "池田市"]
    assert newest["状態"].iloc[1].endswith("訂正済み")
    number = int(newest["番号"].iloc[0])
    app.query_params["record"] = str(number)
    app.run()
    assert by_label(app.button, "訂正する").disabled  # nothing was changed yet
    by_label(app.text_input, "適用日").set_value("令和6年7月1日").run()
    told = next(m.value for m in app.markdown if "訂正で変わること" in m.value)
    assert "令和6年5月 → 令和6年7月1日" in told
    by_label(app.button, "訂正する").click().run()
    assert not app.exception
    cell = ledger_cell_view(screens.engine, CONSOLE, participant=IKEDA, programme="docs")
    assert [e.effective.label for e in cell.events] == ["令和6年4月", "令和6年5月", "令和6年7月1日"]
    assert set(cell.corrected_by) == {e.event_id for e in cell.events[:2]}


def test_a_correction_that_breaks_what_follows_is_refused_before_it_is_tried(
    screens_on: Make,
) -> None:
    screens = screens_on("filled")
    app = opened(screens, "一覧・訂正")
    number = int(app.dataframe[0].value["番号"].iloc[0])
    app.query_params["record"] = str(number)
    app.run()
    by_label(app.selectbox, "種類(必須)").set_value(EventKind.LEFT.value).run()
    assert "離脱" in app.error[0].value
    assert by_label(app.button, "訂正する").disabled


def test_the_list_is_narrowed_and_says_so_when_nothing_is_left(screens_on: Make) -> None:
    app = opened(screens_on("filled"), "一覧・訂正")
    app.selectbox(key="ledger.filter.programme").set_value("econtract").run()
    assert set(app.dataframe[0].value["共同調達"]) == {"電子契約"}
    app.text_input(key="ledger.filter.by").set_value("初期データ").run()
    assert set(app.dataframe[0].value["記録した人"]) == {"初期データ"}
    app.text_input(key="ledger.filter.words").set_value("どこにもない語").run()
    assert not app.dataframe
    assert any("この条件に合う記録はありません" in info.value for info in app.info)


CSV = "団体名,共同調達,種類,適用日,出典\n四条畷市,docs,後乗り,R6.4.1,申込書\n大阪市,docs,予定,令和8年度,=1+1\n"


def uploaded(screens: Screens, text: str) -> AppTest:
    app = opened(screens, "取り込み")
    app.file_uploader[0].upload("台帳.csv", text.encode("cp932"), "text/csv").run()
    assert not app.exception
    return app


def expected(app: AppTest, **numbers: int) -> bool:
    """What the preview says becomes of the rows."""
    told = next(m.value for m in app.markdown if m.value.startswith("見込み: "))
    return {
        name: int(n) for name, n in re.findall(r"\*\*(\S+) (\d+)行\*\*", told) if n != "0"
    } == numbers


def test_a_file_is_previewed_and_taken_over_as_a_whole(screens_on: Make) -> None:
    screens = screens_on("filled")
    before = recorded(screens)
    app = uploaded(screens, CSV)
    assert expected(app, 追加=1, 読み替え=1)
    assert by_label(app.button, "1行を取り込む").disabled
    app.checkbox[0].check().run()
    by_label(app.button, "2行を取り込む").click().run()
    assert not app.exception
    assert any("2行を取り込みました" in s.value for s in app.success)
    assert recorded(screens) == before + 2
    again = uploaded(screens, CSV)
    again.checkbox[0].check().run()
    assert expected(again, 変更なし=2)
    assert by_label(again.button, "0行を取り込む").disabled


def test_each_row_in_the_way_shows_its_line_and_reason(screens_on: Make) -> None:
    app = uploaded(screens_on("filled"), CSV + "幻市,docs,予定,R6,x\n堺市,chat,当初参加,昨日,x\n")
    rows = tables_of(app)[0]
    assert list(rows.index) == ["4行目", "5行目"]
    assert "幻市" in rows["理由"].iloc[0]
    assert rows["団体"].iloc[1] == "堺市"  # what could be read of it is shown
    app.segmented_control[0].set_value("renamed").run()
    assert "四條畷市" in tables_of(app)[0]["理由"].iloc[0]


def test_rows_in_the_way_are_left_out_when_the_reader_says_so(screens_on: Make) -> None:
    screens = screens_on("filled")
    before = recorded(screens)
    app = uploaded(screens, CSV + "幻市,docs,予定,R6,x\n")
    app.checkbox(key="ledger.leave_out.0").check().run()
    by_label(app.button, "1行を取り込む").click().run()
    assert not app.exception
    assert any("1行を取り込みました(変更なし0行、除いた行2行)" in s.value for s in app.success)
    assert recorded(screens) == before + 1


def test_a_file_that_is_none_is_refused_in_words(screens_on: Make) -> None:
    app = uploaded(screens_on("filled"), "これは台帳ではない")
    assert "見出しの行が見つかりません" in app.error[0].value


def test_overdue_plans_are_confirmed_together_with_their_foreseen_days(screens_on: Make) -> None:
    """Eleven names, in at most six actions."""
    screens = screens_on("filled")
    app = screens.signed_in("secretariat")
    before = recorded(screens)
    actions = 0

    def act(element: object) -> None:
        nonlocal actions
        element.run()  # type: ignore[attr-defined]
        actions += 1

    screens.open(app, "ledger")  # the link on home
    actions += 1
    plans = {box.label for box in app.checkbox}
    assert len(plans) >= 11
    assert not any(box.value for box in app.checkbox)
    go = "ledger.overdue.go"
    assert app.button(key=go).disabled
    act(by_label(app.button, "すべて選ぶ").click())
    kinds = app.segmented_control[0]
    assert kinds.value is None
    act(kinds.set_value(EventKind.JOINED_LATE.value))
    act(by_label(app.text_input, "出典(必須)").set_value("令和8年10月2日付け 照会の回答"))
    act(app.button(key=go).click())
    assert not app.exception
    assert actions <= 6
    assert recorded(screens) == before + len(plans)
    assert f"{len(plans)}件を「後乗り」として記録しました" in app.success[0].value
    assert not app.checkbox
    with reading(screens.engine) as session:
        events = [*ledger_events(session)]
    aims = {(e.participant, e.programme): e.target for e in events if e.target is not None}
    for joined in events[-len(plans) :]:
        assert joined.kind is EventKind.JOINED_LATE
        assert joined.effective == aims[joined.participant, joined.programme]


def test_a_plan_that_was_changed_meanwhile_stops_them_all(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = screens.signed_in("secretariat")
    screens.open(app, "ledger")
    app.checkbox[0].check().run()
    app.segmented_control[0].set_value(EventKind.JOINED.value).run()
    by_label(app.text_input, "出典(必須)").set_value("照会").run()
    with reading(screens.engine) as session:
        last = [e for e in ledger_events(session) if e.target is not None]
    name = app.checkbox[0].label.split("　")[0]
    code = next(c for c, n in REFERENCE.participants.items() if n == name)
    event = next(e for e in reversed(last) if e.participant == code)
    record_participation(
        screens.engine,
        CONSOLE,
        reference=REFERENCE,
        entry=Entry(code, event.programme, EventKind.WITHDRAWN, parse_date("R8.11.1"), "電話"),
        seen_event=event.event_id,
        request_id="meanwhile",
        now=datetime(2026, 11, 20, tzinfo=JAPAN),
    )
    before = recorded(screens)
    app.button(key="ledger.overdue.go").click().run()
    assert recorded(screens) == before


def test_a_day_before_the_scheme_or_far_ahead_is_asked_about(screens_on: Make) -> None:
    app = recording(screens_on("filled"))
    fill_in(app, EventKind.JOINED, "R2.6.1", "申込書")
    assert "共同調達が始まった令和3年度より前" in app.warning[-1].value
    assert by_label(app.button, "記録する").disabled
    by_label(app.checkbox, "この日で間違いない").check().run()
    assert not by_label(app.button, "記録する").disabled
    by_label(app.text_input, "適用日").set_value("2062-06-01").run()
    assert "ずっと先です" in app.warning[-1].value
    assert by_label(
        app.button, "記録する"
    ).disabled  # what was said of another day is not said of this


def test_a_record_made_meanwhile_is_seen_before_another_is_added(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = recording(screens)
    fill_in(app, EventKind.JOINED_LATE, "R6.6", "令和6年5月1日付け 申込書")
    joined = parse_date("R6.4")
    record_participation(
        screens.engine,
        CONSOLE,
        reference=REFERENCE,
        entry=Entry(OSAKA, "chat", EventKind.INTEREST, joined, "電話"),
        seen_event=0,
        request_id="meanwhile",
        now=datetime(2024, 5, 1, tzinfo=JAPAN),
    )
    before = recorded(screens)
    by_label(app.button, "記録する").click().run()
    assert "画面を更新して確認してください" in app.error[0].value
    assert recorded(screens) == before
