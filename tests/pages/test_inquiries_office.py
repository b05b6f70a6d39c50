"""事務局の照会 under AppTest: composed, published, extended, changed, withdrawn, and what each click says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.access.principal import CONSOLE, Principal, Role
from core.commands.initial_data import fill_initial_data
from core.commands.inquiries import compose_inquiry, publish_inquiry
from core.commands.municipalities import merge_municipalities
from core.commands.responses import hand_in, save_draft
from core.inquiry.composition import Composition
from core.inquiry.question import Option, Question
from core.inquiry.round import Inquiry, InquiryStep
from core.store.engine import reading
from core.store.inquiries import inquiry_of
from core.values.fiscal import JAPAN
from core.views.letters import inquiry_letters_view
from core.views.municipalities import municipalities_view
from core.views.news import office_news_view, town_news_view
from dashboard import context
from dashboard.kit import carried
from tests.support.cards import cards_of, press, tables_of
from tests.support.mergers import card_of
from tests.support.reference import REFERENCE
from tests.support.screens import HIRAKATA, SAKAI, TODAY, Screens, as_read, japan_now, shown_text

Make = Callable[[str], Screens]
OFFICE = Principal("test-secretariat", "担当", Role.SECRETARIAT)
COLLEAGUE = Principal("jimukyoku-2", "同僚", Role.SECRETARIAT)
OFFICER = Principal("test-officer", "担当", Role.OFFICER, SAKAI)
TITLE = "DX人材の*状況*<b>調査"


def on_record(screens: Screens, number: int = 1) -> Inquiry:
    with reading(screens.engine) as session:
        return inquiry_of(session, number)


def button(app: AppTest, label: str) -> Any:
    [found] = [each for each in app.button if each.label == label]
    return found


def agreed(app: AppTest, label: str) -> None:
    """The button of the dialog that a button of the same words opened."""
    [each for each in app.button if each.label == label][-1].click().run()


def field(app: AppTest, label: str) -> Any:
    kinds = (app.text_input, app.text_area, app.selectbox, app.date_input, app.checkbox)
    [found] = [each for kind in kinds for each in kind if as_read(each.label) == label]
    return found


def opened(screens: Screens, number: int = 1, tab: str = "") -> AppTest:
    app = screens.signed_in("secretariat")
    more = f"&tab={tab}" if tab else ""
    return screens.open(app, "inquiries", f"inquiry={number}{more}")


def said(app: AppTest) -> str:
    """What was said of the last click."""
    return " ".join(as_read(each.value) for each in app.success)


def words(app: AppTest) -> str:
    """What stands in sentences, in a dialog too."""
    return " ".join(as_read(each.value) for each in app.markdown)


def refused(app: AppTest) -> list[str]:
    return [as_read(each.value) for each in app.error]


def begun(screens: Screens) -> AppTest:
    """A draft, made on the screen."""
    app = screens.open(screens.signed_in("secretariat"), "inquiries")
    button(app, "照会をつくる").click().run()
    field(app, "件名(必須)").input(TITLE)
    button(app, "下書きをつくる").click().run()
    return app


ASKED = Composition(
    "組織の調査",
    2026,
    japan_now() - timedelta(days=1),
    japan_now() + timedelta(days=20),
    questions=(
        Question("q1", "single", "体制", options=(Option("o1", "専任"), Option("o2", "兼任"))),
        Question("q2", "text", "困りごと", required=False),
    ),
)


def published(screens: Screens, composition: Composition = ASKED) -> int:
    made = compose_inquiry(
        screens.engine, OFFICE, inquiry_id=0, composition=composition, seen_version=0,
        request_id="compose", now=japan_now(),
    )  # fmt: skip
    publish_inquiry(
        screens.engine, OFFICE, inquiry_id=made, seen_version=1, reference=REFERENCE,
        request_id="publish", now=japan_now(),
    )  # fmt: skip
    return made


def answered(screens: Screens, **typed: Any) -> None:
    hand_in(
        screens.engine, OFFICER, lg_code=SAKAI, inquiry_id=1, typed=typed or {"q1": "o1"},
        seen_revision=0, seen_event=0, reference=REFERENCE, clock=lambda _: japan_now(),
        request_id="in", now=japan_now(),
    )  # fmt: skip


def test_an_inquiry_is_composed_saved_and_published(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = begun(screens)
    assert not app.exception
    assert "下書きをつくりました" in said(app)
    assert on_record(screens).composition.title == TITLE
    # everything that stands against it at once, each where it stands
    button(app, "公開する").click().run()
    assert "設問を1つ以上加えてください。" in refused(app)
    field(app, "加える設問").select("single").run()
    button(app, "設問を加える").click().run()
    field(app, "設問文(必須)").input("体制").run()
    button(app, "公開する").click().run()
    assert any("選択肢を2つ以上" in each for each in refused(app))
    field(app, "選択肢(1行に1つ)(必須)").input("専任\n兼任").run()
    field(app, "趣旨・依頼元").input("総務省の照会による").run()
    assert len(on_record(screens).versions) == 1
    button(app, "下書きを保存する").click().run()
    assert "下書きを保存しました" in said(app)
    [question] = on_record(screens).composition.questions
    assert [each.label for each in question.options] == ["専任", "兼任"]
    button(app, "公開する").click().run()
    assert "照会先 43団体(全団体)" in words(app)
    button(app, "43団体に照会する").click().run()
    assert not app.exception
    assert "43団体に照会しました" in said(app)
    assert on_record(screens).published
    assert [tab.label for tab in app.tabs if len(tab.children)] == ["経過"]
    news = town_news_view(screens.engine, OFFICER, REFERENCE, lg_code=SAKAI, as_of=TODAY)
    assert any(TITLE in each.text and "照会が届きました" in each.text for each in news)


def test_an_open_inquiry_is_extended_changed_and_withdrawn_and_says_so(screens_on: Make) -> None:
    screens = screens_on("filled")
    published(screens)
    answered(screens)
    app = opened(screens, tab="経過")
    assert not app.exception
    button(app, "締切を変える").click().run()
    field(app, "時刻").input("25時").run()
    agreed(app, "締切を変える")
    assert any("時刻" in each for each in refused(app))
    field(app, "時刻").input("24:00").run()
    field(app, "新しい締切の日").set_value(TODAY + timedelta(days=30)).run()
    agreed(app, "締切を変える")
    assert "締切を変えました" in said(app)
    assert on_record(screens).events[-1].step is InquiryStep.EXTENDED
    assert on_record(screens).closes_at == datetime(2026, 12, 25, tzinfo=JAPAN)

    app = opened(screens, tab="設問")
    button(app, "設問を変える").click().run()
    press(app, "設問1 体制", "開く")
    assert field(app, "種類").disabled
    field(app, "選択肢(1行に1つ)(必須)").input("専任").run()
    button(app, "この内容に変える").click().run()
    assert any("公開した選択肢は消せません: 兼任" in each for each in refused(app))
    field(app, "選択肢(1行に1つ)(必須)").input("専任の職員\n兼任\nいない").run()
    button(app, "この内容に変える").click().run()
    assert "すでに回答した1団体(堺市)に、設問1の見直しをお知らせします" in words(app)
    agreed(app, "この内容に変える")
    assert not app.exception
    assert "設問を変えました。回答済みの1団体のお知らせに出ました。" in said(app)
    assert any("設問の変更" in list(each.get("経過", [])) for each in tables_of(app))

    button(app, "照会を取り下げる").click().run()
    agreed(app, "照会を取り下げる")
    assert "取り下げる理由を入力してください。" in refused(app)
    field(app, "理由(必須。各団体に見えます)").input("国の依頼が取り消されたため").run()
    agreed(app, "照会を取り下げる")
    assert "照会を取り下げました" in said(app)
    assert not [each for each in app.button if each.label in ("締切を変える", "受付を終える")]
    told = [
        each.text
        for each in town_news_view(screens.engine, OFFICER, REFERENCE, lg_code=SAKAI, as_of=TODAY)
        if "組織の調査" in each.text
    ]
    assert any("取り下げられました(理由: 国の依頼が取り消されたため)" in each for each in told)
    assert any("設問が変わりました" in each and "設問1" in each for each in told)
    assert not any("照会が届きました" in each for each in told)  # it has answered


def test_the_office_is_told_who_handed_in_and_a_neighbour_is_not(screens_on: Make) -> None:
    screens = screens_on("filled")
    published(screens)
    answered(screens)
    found = office_news_view(screens.engine, OFFICE, REFERENCE, as_of=TODAY)
    [told] = [each.text for each in found if "組織の調査" in each.text]
    assert "1団体が回答を提出しました(堺市)。この日までに1/43団体。" in told
    next_door = Principal("hirakata", "担当", Role.OFFICER, HIRAKATA)
    near = town_news_view(
        screens.engine, next_door, REFERENCE, lg_code=HIRAKATA, as_of=TODAY + timedelta(days=18)
    )
    texts = [each.text for each in near if "組織の調査" in each.text]
    assert any("締切はあと2日です" in each and "まだ提出していません" in each for each in texts)
    assert not any("堺" in each for each in texts)


def test_a_letter_goes_to_those_asked_and_a_reminder_to_who_has_not_answered(
    screens_on: Make,
) -> None:
    screens = screens_on("filled")
    number = published(screens)
    answered(screens)
    reminder, letter = inquiry_letters_view(
        screens.engine, OFFICE, REFERENCE, inquiry_id=number, address="http://n/x", now=japan_now()
    )
    assert (len(letter.letter.whom), len(reminder.letter.whom)) == (43, 42)
    assert SAKAI not in reminder.letter.whom
    assert "http://n/x" in letter.letter.body
    app = opened(screens, tab="経過")
    button(app, "42団体に知らせたと記録する").click().run()
    assert "42団体に" in said(app)
    again = inquiry_letters_view(
        screens.engine, OFFICE, REFERENCE, inquiry_id=number, address="", now=japan_now()
    )
    assert again[0].untold == ()
    assert len(again[1].untold) == 43


def test_what_a_colleague_saved_meanwhile_is_shown_and_nothing_typed_is_lost(
    screens_on: Make,
) -> None:
    screens = screens_on("filled")
    app = begun(screens)
    field(app, "回答のしかた").input("書きかけ").run()
    before = on_record(screens)
    compose_inquiry(
        screens.engine, COLLEAGUE, inquiry_id=1, seen_version=before.version.version_id,
        composition=replace(before.composition, title="同僚の題"), request_id="c", now=japan_now(),
    )  # fmt: skip
    button(app, "下書きを保存する").click().run()
    assert any("jimukyoku-2が変更して" in each for each in refused(app))
    assert on_record(screens).composition.title == "同僚の題"
    assert field(app, "回答のしかた").value == "書きかけ"
    [told] = [each for each in tables_of(app) if each.index.name == "変わったところ"]
    assert told.loc["件名"]["後"] == "同僚の題"
    button(app, "ここの入力を残す(保存すると上書きする)").click().run()
    button(app, "下書きを保存する").click().run()
    assert "下書きを保存しました" in said(app)
    assert on_record(screens).composition.explanation == "書きかけ"


def test_a_draft_is_still_there_after_another_page_and_a_removed_question_comes_back(
    screens_on: Make,
) -> None:
    screens = screens_on("filled")
    app = begun(screens)
    field(app, "加える設問").select("number").run()
    button(app, "設問を加える").click().run()
    field(app, "設問文(必須)").input("職員の人数").run()
    field(app, "上限").input("たくさん").run()
    screens.open(app, "home")
    screens.open(app, "inquiries")
    [card] = [each for each in cards_of(app) if each.title == TITLE]
    assert any("保存していない入力があります" in each for each in card.text)
    press(app, TITLE, "開く")
    press(app, "設問1 職員の人数", "開く")
    assert field(app, "上限").value == "たくさん"
    button(app, "下書きを保存する").click().run()
    assert any("たくさん" in each for each in refused(app))
    button(app, "削除").click().run()
    assert not [each for each in cards_of(app) if each.title.startswith("設問1")]
    button(app, "削除した「職員の人数」を元に戻す").click().run()
    assert field(app, "設問文(必須)").value == "職員の人数"


def test_last_years_is_copied_and_the_list_is_narrowed(screens_on: Make) -> None:
    screens = screens_on("filled")
    published(screens)
    app = screens.open(screens.signed_in("secretariat"), "inquiries")
    press(app, "組織の調査", "写しをつくる")
    assert "写しをつくりました" in said(app)
    made = on_record(screens, 2)
    assert (made.number.label, made.composition.copied_from) == ("R9-照会001", 1)
    app = screens.open(screens.signed_in("secretariat"), "inquiries", "state=open")
    assert [each.value for each in cards_of(app)] == ["0/43団体"]
    app = screens.open(screens.signed_in("secretariat"), "inquiries", "year=2027")
    assert [each.badges for each in cards_of(app)] == [["作成中"]]
    assert not app.exception


def test_the_preview_asks_as_the_municipality_is_asked(screens_on: Make) -> None:
    screens = screens_on("filled")
    published(screens)
    app = opened(screens, tab="設問")
    assert not app.exception
    assert "締切" in words(app)
    assert "設問1" in words(app)
    assert "体制" in words(app)


@pytest.mark.parametrize("number", ["99", "x", "9" * 30])
def test_an_address_of_no_inquiry_says_so(screens_on: Make, number: str) -> None:
    screens = screens_on("empty")
    app = screens.open(screens.signed_in("secretariat"), "inquiries", f"inquiry={number}")
    assert not app.exception
    assert refused(app) == ["この照会は見つかりません。画面を更新してください。"]


def test_what_is_typed_outlives_the_sign_in_and_the_server(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = begun(screens)
    button(app, "設問を加える").click().run()
    field(app, "設問文(必須)").input("まだ保存していない").run()
    app.run()
    [kept] = [each for each in app.text_area if str(each.key).endswith(".kept")]
    later = screens.signed_in("secretariat")
    for name in carried.KEPT:
        later.session_state[name] = app.session_state[name]
    later.session_state[kept.key] = kept.value
    screens.open(later, "inquiries", "inquiry=1&question=q1")
    assert field(later, "設問文(必須)").value == "まだ保存していない"
    assert not on_record(screens).composition.questions


def test_an_inquiry_outlives_a_municipality_it_asked(screens_on: Make) -> None:
    """After 堺市 has become part of 大阪市, what it answered and typed stands under its former name."""
    screens = screens_on("empty")
    fill_initial_data(screens.engine, CONSOLE, reference=context.pack(), now=japan_now())
    published(screens)
    answered(screens)
    save_draft(
        screens.engine, OFFICER, lg_code=SAKAI, inquiry_id=1, typed={"q1": "o2"},
        seen_revision=0, reference=REFERENCE, now=japan_now(),
    )  # fmt: skip
    merge_municipalities(
        screens.engine, CONSOLE, ended=(SAKAI,), card=card_of("271004"), day=TODAY, reason="",
        reference=context.reference(), request_id="m", now=japan_now(),
        seen=municipalities_view(screens.engine, CONSOLE, context.reference()).seen,
    )  # fmt: skip
    app = screens.open(screens.signed_in("secretariat"), "inquiries")
    assert not app.exception
    for tab in ("回答状況", "集計", "反映", "設問", "経過"):
        app = opened(screens, tab=tab)
        assert not app.exception, tab
        assert (tab not in ("回答状況", "集計")) or "旧堺市" in as_read(shown_text(app)), tab
