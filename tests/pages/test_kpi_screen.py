"""事務局KPI: cards, address, rows, alerts, targets, and what each role is not shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from core.access.principal import CONSOLE
from core.commands.kpi import set_alert
from core.figures.alert import AlertKind
from core.figures.indicator import Place
from core.figures.registry import indicators
from dashboard import context
from tests.support.cards import ShownCard, cards_of, copied_of, press
from tests.support.reference import REFERENCE
from tests.support.screens import Screens, as_read, shown_text

Make = Callable[[str], Screens]


def opened(screens: Screens, reader: str, tab: str = "一覧", query: str = ""):
    app = screens.signed_in(reader)
    app.session_state["kpi.tab"] = tab
    return screens.open(app, "kpi", query)


def detailed(app: AppTest) -> ShownCard:
    """The one indicator whose history is shown."""
    [found] = [card for card in cards_of(app) if "定義" in card.terms and not card.actions]
    return found


@pytest.mark.parametrize("reader", ["viewer", "secretariat"])
def test_every_card_says_its_definition_basis_and_source(screens_on: Make, reader: str) -> None:
    app = opened(screens_on("filled"), reader)
    assert not app.exception
    headlines = [
        i
        for i in indicators(REFERENCE).values()
        if Place.CARD in i.shows and i.subject == "participation"
    ]
    shown = cards_of(app)
    assert [card.title for card in shown] == [each.name for each in headlines]
    for card in shown:
        for owed in ("定義", "分子", "集計方法", "集計基準", "望ましい方向", "出典"):
            assert card.terms[owed]


def test_a_card_opens_its_own_history(screens_on: Make) -> None:
    app = opened(screens_on("filled"), "viewer")
    name = cards_of(app)[3].title
    press(app, name, "推移・内訳")
    assert not app.exception
    assert detailed(app).title == name


def test_the_screen_opens_on_the_week_with_names_and_the_way_to_the_act(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = screens.open(screens.signed_in("secretariat"), "kpi")
    assert not app.exception
    text = shown_text(app)
    for said in (
        "未回答の団体", "希望以上の団体", "プラン別の希望", "予算に占める希望", "議決前の府補助金",
        "開始予定を過ぎた予定", "意向あり・委任状未着", "未回答の相談", "相談会の残り",
        "研修が届いていない団体",
    ):  # fmt: skip
        assert said in text
    rows = cards_of(app)
    assert len(rows) == 10
    assert all(set(row.actions) - {"推移・内訳"} for row in rows if row.value != "0団体")
    press(app, "未回答の団体", "推移・内訳")
    assert detailed(app).title == "未回答の団体"


def test_a_ready_text_names_whom_it_is_for_and_is_the_secretariats(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = screens.open(screens.signed_in("secretariat"), "kpi")
    [row] = [card for card in cards_of(app) if card.title == "未回答の団体"]
    press(app, "未回答の団体", "督促文をつくる")
    assert not app.exception
    subject, body = copied_of(app)[-2:]
    [waiting] = [e.proto.body for e in app.get("html") if "知らせる市町村と担当者" in e.proto.body]
    towns = row.terms["該当"].split("、")
    assert all(name in waiting for name in towns)
    assert waiting.count("登録なし") == waiting.count("まだ") == len(towns)
    assert "ご回答のお願い" in subject
    assert f"{context.settings().base_url}/w" in body
    towns = row.value.removesuffix("団体")
    [note] = [b for b in app.button if b.label == f"{towns}団体に知らせたと記録する"]
    app.session_state["kpi.week.letter"] = "talent_unanswered"  # a dialog runs alone
    note.click().run()
    assert any(f"{towns}団体に「{subject}」を知らせた" in each.value for each in app.success)
    assert body not in copied_of(app)  # closed by the next step, whatever it is
    press(app, "未回答の団体", "督促文をつくる")
    assert any("団体)へほかの方法で連絡済み" in as_read(each.value) for each in app.markdown)
    assert not [b for b in app.button if "知らせたと記録する" in b.label]
    viewer = screens.open(screens.signed_in("viewer"), "kpi")
    assert not [card for card in cards_of(viewer) if "督促文をつくる" in card.actions]
    press(viewer, "未回答の団体", "推移・内訳", word="0 talent_unanswered")
    assert body not in copied_of(viewer)


def test_the_history_of_a_subject_stands_together_and_what_has_no_number_is_folded(
    screens_on: Make,
) -> None:
    app = opened(screens_on("filled"), "secretariat")
    app.session_state["kpi.tab"] = "推移・内訳"  # by its heading, for no indicator in particular
    app.run()
    assert not app.exception
    rows = {card.title: card for card in cards_of(app) if card.actions}
    assert "チャット: 参加" in rows
    assert "→" in rows["チャット: 参加"].text[0]
    assert detailed(app).title == "チャット: 参加"
    folded = next(h.proto.body for h in app.get("html") if "値がない指標" in h.proto.body)
    assert "電子契約: 参加" in folded  # 不明, and no row of its own
    assert "電子契約: 参加" not in rows
    press(app, "電子申請: 参加", "内訳")
    assert not app.exception
    assert detailed(app).title == "電子申請: 参加"
    assert len(cards_of(app)) == 1  # whoever came for one sees that one first
    next(s for s in app.segmented_control if s.label == "分野").set_value("trainings").run()
    assert detailed(app).title == "開かれた研修"
    assert dict(app.query_params)["indicator"] in ("trainings_held", ["trainings_held"])


def test_a_link_to_a_printed_figure_opens_the_papers(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = screens.open(screens.signed_in("viewer"), "kpi", "indicator=budget_advisors")
    assert not app.exception
    assert not [w for w in app.warning if "リンク" in w.value]
    assert "10,071千円" in [card.value for card in cards_of(app)]


def test_the_address_is_read_written_and_explained(screens_on: Make) -> None:
    screens = screens_on("filled")
    query = "indicator=econtract_named&as_of=2023-06-30&compared_with=2023-02-28&area=北河内"
    app = opened(screens, "secretariat", "推移・内訳", query)
    assert detailed(app).title == "電子契約: 名前がわかる団体"
    assert detailed(app).value == "2団体"
    assert any("増えたもの: 四條畷市、枚方市" in m.value for m in app.markdown)
    assert dict(app.query_params)["area"] in ("北河内", ["北河内"])
    wrong = opened(screens, "secretariat", "一覧", "area=東京&as_of=2020-01-01&indicator=fax")
    assert not wrong.exception
    (warning,) = [w.value for w in wrong.warning if "リンク" in w.value]
    for word in ("東京", "2020", "fax"):
        assert word in warning.replace("\\", "")


def test_the_rows_on_screen_add_up_to_the_number_above_them(screens_on: Make) -> None:
    app = opened(screens_on("filled"), "secretariat", "推移・内訳", "indicator=talent_subsidy")
    rows = app.dataframe[-1].value
    total = int(rows["分子(円)"].sum())
    assert detailed(app).value == f"{total:,}円"
    assert total > 0


def test_a_viewer_is_shown_no_form_and_no_name_behind_a_consultation(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = opened(screens, "viewer", "推移・内訳", "indicator=consultations_received")
    assert not app.exception
    text = shown_text(app)
    assert "団体名は事務局だけに表示" in text
    assert "堺市" not in text
    assert "枚方市" not in text
    watched = opened(screens, "viewer", "アラート・目標")
    assert not watched.text_input
    assert not [b for b in watched.button if "監視" in b.label or "目標" in b.label]
    narrowed = opened(screens, "viewer", "推移・内訳", "indicator=consultations_received&area=泉北")
    assert not narrowed.exception
    assert "堺市" not in shown_text(narrowed)


def test_an_alert_is_set_by_the_secretariat_and_stands_on_the_home_screen(
    screens_on: Make,
) -> None:
    screens = screens_on("filled")
    app = opened(screens, "secretariat", "アラート・目標")
    next(b for b in app.button if b.label == "この条件で監視する").click().run()
    assert not app.exception
    assert any("アラートを設定しました" in s.value for s in app.success)
    [alert] = cards_of(app)
    assert "参加の記録がない団体は" in alert.title
    assert alert.badges == ["該当あり"]

    def told(reader: str) -> list[str]:
        shown = cards_of(screens.signed_in(reader))
        return [card.title for card in shown if "参加の記録がない団体は" in card.title]

    assert told("viewer") == [alert.title]
    assert told("officer") == []


def test_alerts_follow_the_filters_and_stand_below_the_figures(screens_on: Make) -> None:
    screens = screens_on("filled")
    set_alert(
        screens.engine, CONSOLE, kind=AlertKind.IN_NONE, threshold=1, seen_row=0,
        request_id="in_none", now=context.now(),
    )  # fmt: skip

    def named(query: str) -> set[str]:
        shown = cards_of(opened(screens, "secretariat", query=query))
        assert not shown[0].badges  # figures first
        alert = shown[-1]
        assert alert.badges == ["該当あり"]
        return set("".join(alert.terms.values()).split("、"))

    here = {m.name for m in REFERENCE.municipalities if m.area == "南河内"}
    assert named("area=南河内") == named("") & here
    assert named("") - here


def test_a_stale_alert_form_is_refused_with_who_was_first(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = opened(screens, "secretariat", "アラート・目標")
    set_alert(
        screens.engine, CONSOLE, kind=AlertKind.IN_NONE, threshold=3, seen_row=0,
        request_id="other", now=context.now(),
    )  # fmt: skip
    next(b for b in app.button if b.label == "この条件で監視する").click().run()
    assert not app.exception
    assert any("コマンドライン" in e.value for e in app.error)


def test_a_target_is_set_and_drawn_beside_its_number(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = opened(screens, "secretariat", "アラート・目標")
    assert not [t for t in app.text_input if t.label.startswith("目標値")]  # nothing chosen yet
    next(s for s in app.selectbox if s.label.startswith("指標")).set_value("chat_paid").run()
    next(b for b in app.button if b.label == "目標を設定").click().run()
    assert any("期限と目標値を入れてください" in e.value for e in app.error)
    next(d for d in app.date_input if d.label.startswith("期限")).set_value(date(2027, 3, 31))
    next(t for t in app.text_input if t.label.startswith("根拠")).set_value("会議で決定")
    aim = next(t for t in app.text_input if t.label.startswith("目標値"))
    aim.set_value("-5").run()
    assert next(b for b in app.button if b.label == "目標を設定").disabled
    aim = next(t for t in app.text_input if t.label.startswith("目標値"))
    aim.set_value("34").run()
    assert any("もう達しています" in w.value for w in app.warning)
    aim = next(t for t in app.text_input if t.label.startswith("目標値"))
    aim.set_value("40").run()
    assert not any("もう達しています" in w.value for w in app.warning)
    next(b for b in app.button if b.label == "目標を設定").click().run()
    assert not app.exception
    assert any("目標を40団体" in as_read(s.value) for s in app.success)
    cards = opened(screens, "secretariat")
    assert any("目標 40団体" in line for card in cards_of(cards) for line in card.text)
