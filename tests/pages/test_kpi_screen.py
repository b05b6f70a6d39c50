"""事務局KPI: cards, address, rows, alerts, targets, and what each role is not shown."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from core.access.principal import CONSOLE
from core.commands.kpi import set_alert
from core.figures.alert import AlertKind
from core.figures.indicator import Place
from core.figures.registry import indicators
from dashboard import context
from tests.support.cards import cards_of, press
from tests.support.reference import REFERENCE
from tests.support.screens import Screens, as_read, shown_text

Make = Callable[[str], Screens]


def opened(screens: Screens, reader: str, tab: str = "一覧", query: str = ""):
    app = screens.signed_in(reader)
    app.session_state["kpi.tab"] = tab
    return screens.open(app, "kpi", query)


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
    assert [as_read(s.value) for s in app.subheader] == [name]


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
    assert len([b for b in app.button if b.label == "定義・内訳"]) == 10
    next(b for b in app.button if b.label == "定義・内訳").click().run()
    assert [s.value for s in app.subheader] == ["未回答の団体"]


def test_a_link_to_a_printed_figure_opens_the_papers(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = screens.open(screens.signed_in("viewer"), "kpi", "indicator=budget_advisors")
    assert not app.exception
    assert not [w for w in app.warning if "リンク" in w.value]
    assert "10,071千円" in app.dataframe[-1].value["値"].to_list()


def test_the_address_is_read_written_and_explained(screens_on: Make) -> None:
    screens = screens_on("filled")
    query = "indicator=econtract_named&as_of=2023-06-30&compared_with=2023-02-28&area=北河内"
    app = opened(screens, "secretariat", "推移・内訳", query)
    assert [as_read(s.value) for s in app.subheader] == ["電子契約: 名前がわかる団体"]
    assert any("**2団体**" in m.value for m in app.markdown)
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
    assert any(f"**{total:,}円**" in m.value for m in app.markdown)
    assert total > 0


def test_a_viewer_is_shown_no_form_and_no_name_behind_a_consultation(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = opened(screens, "viewer", "推移・内訳", "indicator=consultations_received")
    assert not app.exception
    text = shown_text(app)
    assert "市町村名は事務局だけに表示" in text
    assert "堺市" not in text
    assert "枚方市" not in text
    watched = opened(screens, "viewer", "アラート・目標")
    assert not watched.number_input
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
    assert any(re.search(r"該当あり.*参加の記録がない団体は", w.value) for w in app.warning)
    home = screens.signed_in("viewer")
    assert any("参加の記録がない団体は" in w.value for w in home.warning)
    assert not any(
        "参加の記録がない団体は" in w.value for w in screens.signed_in("officer").warning
    )


def test_a_stale_alert_form_is_refused_with_who_was_first(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = opened(screens, "secretariat", "アラート・目標")
    set_alert(
        screens.engine, CONSOLE, kind=AlertKind.IN_NONE, threshold=3, seen_row=0,
        request_id="other", now=context.now(),
    )  # fmt: skip
    next(b for b in app.button if b.label == "この条件で監視する").click().run()
    assert not app.exception
    assert any("console" in e.value for e in app.error)


def test_a_target_is_set_and_drawn_beside_its_number(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = opened(screens, "secretariat", "アラート・目標")
    next(n for n in app.number_input if n.label.startswith("目標値")).set_value(40)
    next(t for t in app.text_input if t.label == "根拠").set_value("会議で決定")
    next(b for b in app.button if b.label == "目標を設定").click().run()
    assert not app.exception
    assert any("目標を設定しました" in s.value for s in app.success)
    cards = opened(screens, "secretariat")
    assert any("目標 40団体" in line for card in cards_of(cards) for line in card.text)
