"""参加台帳 as the secretariat uses it: record, correct, files in and out."""

from __future__ import annotations

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


def by_label(elements: list, label: str):
    return next(element for element in elements if element.label == label)


def recorded(screens: Screens) -> int:
    with reading(screens.engine) as session:
        return len(list(ledger_events(session)))


def fill_in(app: AppTest, kind: EventKind, day: str, source: str) -> None:
    by_label(app.selectbox, "種類").set_value(kind.value).run()
    by_label(app.text_input, "適用日").set_value(day).run()
    by_label(app.text_input, "出典").set_value(source).run()


def test_a_record_is_kept_with_the_precision_it_was_typed_in(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = opened(screens, "記録する")
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
    app = opened(screens, "記録する")
    assert by_label(app.button, "記録する").disabled
    by_label(app.text_input, "適用日").set_value("さきごろ").run()
    assert "日付として読めません" in app.error[0].value
    assert by_label(app.button, "記録する").disabled


def test_what_cannot_follow_is_refused_with_the_earlier_record_named(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = opened(screens, "記録する")
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
    by_label(app.selectbox, "種類").set_value(EventKind.LEFT.value).run()
    assert "離脱" in app.error[0].value
    assert by_label(app.button, "訂正する").disabled


def test_the_list_is_narrowed_and_says_so_when_nothing_is_left(screens_on: Make) -> None:
    app = opened(screens_on("filled"), "一覧・訂正")
    app.selectbox(key="ledger.filter.programme").set_value("econtract").run()
    assert set(app.dataframe[0].value["共同調達"]) == {"電子契約"}
    app.text_input(key="ledger.filter.words").set_value("どこにもない語").run()
    assert not app.dataframe
    assert any("この条件に合う記録はありません" in info.value for info in app.info)


CSV = "団体名,共同調達,種類,適用日,出典\n四条畷市,docs,後乗り,R6.4.1,申込書\n大阪市,docs,予定,令和8年度,=1+1\n"


def uploaded(screens: Screens, text: str) -> AppTest:
    app = opened(screens, "取り込み")
    app.file_uploader[0].upload("台帳.csv", text.encode("cp932"), "text/csv").run()
    assert not app.exception
    return app


def test_a_file_is_previewed_and_taken_over_as_a_whole(screens_on: Make) -> None:
    screens = screens_on("filled")
    before = recorded(screens)
    app = uploaded(screens, CSV)
    assert [(m.label, m.value) for m in app.metric] == [
        ("追加", "1行"),
        ("変更なし", "0行"),
        ("食い違い", "0行"),
        ("取り込めない", "1行"),
    ]
    assert by_label(app.button, "1行を取り込む").disabled
    app.checkbox[0].check().run()
    by_label(app.button, "2行を取り込む").click().run()
    assert not app.exception
    assert any("2行を取り込みました" in s.value for s in app.success)
    assert recorded(screens) == before + 2
    again = uploaded(screens, CSV)
    again.checkbox[0].check().run()
    assert ("変更なし", "2行") in [(m.label, m.value) for m in again.metric]
    assert by_label(again.button, "0行を取り込む").disabled


def test_each_row_in_the_way_shows_its_line_and_reason(screens_on: Make) -> None:
    app = uploaded(screens_on("filled"), CSV + "幻市,docs,予定,R6,x\n堺市,chat,当初参加,昨日,x\n")
    rows = tables_of(app)[0]
    assert list(rows.index) == ["2行目", "4行目", "5行目"]
    assert "四條畷市" in rows["理由"].iloc[0]
    assert "幻市" in rows["理由"].iloc[1]


def test_a_file_that_is_none_is_refused_in_words(screens_on: Make) -> None:
    app = uploaded(screens_on("filled"), "これは台帳ではない")
    assert "見出しの行が見つかりません" in app.error[0].value


def test_a_record_made_meanwhile_is_seen_before_another_is_added(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = opened(screens, "記録する")
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
