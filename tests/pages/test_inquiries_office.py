"""事務局の照会 under AppTest: composed, published, extended, changed, withdrawn, and what each click says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from streamlit.testing.v1 import AppTest

from core.access.principal import Principal, Role
from core.commands.inquiries import compose_inquiry, publish_inquiry
from core.commands.responses import hand_in
from core.inquiry.composition import Composition
from core.inquiry.question import Option, Question
from core.inquiry.round import Inquiry
from core.store.engine import reading
from core.store.inquiries import inquiry_of
from core.views.news import town_news_view
from tests.support.reference import REFERENCE
from tests.support.screens import SAKAI, TODAY, Screens, as_read, japan_now

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
    field(app, "加える設問の種類").select("single").run()
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
