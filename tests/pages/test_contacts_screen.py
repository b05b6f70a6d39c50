"""担当者: わがまち registers and hands over, the secretariat sees everybody's and copies the addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from streamlit.testing.v1 import AppTest

from core.access.principal import CONSOLE
from core.commands.contacts import record_contact
from core.contact.contact import ContactCard, ContactRole
from dashboard import context
from tests.support.cards import copied_of
from tests.support.reference import REFERENCE
from tests.support.screens import Screens, as_read, shown_text

Make = Callable[[str], Screens]
OLD = ContactCard(
    "前田 太郎", "DX推進課", "maeda@city.example.lg.jp", "", ContactRole.MAIN, date(2022, 4, 1)
)


def recorded(lg_code: str) -> None:
    record_contact(
        context.engine(), CONSOLE, lg_code=lg_code, form=OLD, reference=REFERENCE,
        request_id="r", now=context.now(),
    )  # fmt: skip


def field(app: AppTest, key: str):
    """The field of a form of a contact, by how its key ends."""
    [found] = [each for each in app.text_input if (each.key or "").endswith(key)]
    return found


def pressed(app: AppTest, key: str) -> None:
    next(each for each in app.button if (each.key or "").endswith(key)).click().run()
    assert not app.exception


def test_an_officer_registers_the_first_contact_and_refusals_stand_at_their_field(
    screens_on: Make,
) -> None:
    screens = screens_on("empty")
    app = screens.open(screens.signed_in("officer"), "our_municipality")
    assert "担当者はまだ登録されていません" in shown_text(app)
    field(app, ".name").set_value("山田 *花子*")
    field(app, ".department").set_value("DX推進課")
    field(app, ".mail").set_value("まちがい")
    form = next(e.key for e in app.button if (e.key or "").startswith("contact.record."))
    pressed(app, form)
    assert any("使えません: まちがい" in as_read(each.value) for each in app.error)
    assert field(app, ".name").value == "山田 *花子*"
    field(app, ".mail").set_value("hanako@city.example.lg.jp")
    pressed(app, form)
    assert any("登録しました" in each.value and "受領番号" in each.value for each in app.success)
    assert "山田 *花子*" in as_read(shown_text(app))
    assert "連絡の宛先" in shown_text(app)


def test_the_old_contact_hands_over_on_the_screen(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = screens.signed_in("officer")
    recorded("271403")
    screens.open(app, "our_municipality")
    boxes = [each.key for each in app.text_input if ".hand_over." in (each.key or "")]
    assert boxes
    for each in app.text_input:
        if ".hand_over." in (each.key or "") and each.label == "氏名(必須)":
            each.set_value("後藤 花子")
        if ".hand_over." in (each.key or "") and each.label == "メールアドレス(必須)":
            each.set_value("goto@city.example.lg.jp")
    pressed(app, ".hand_over")
    said = as_read(shown_text(app))
    assert any("後藤 花子" in as_read(each.value) for each in app.success)
    assert said.index("後藤 花子") < said.index("前田 太郎")
    assert "主担当・前任" in said


def test_the_secretariat_sees_who_has_none_and_copies_the_addresses(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = screens.signed_in("secretariat")
    recorded("271403")
    app.session_state["administration.tab"] = "担当者"
    screens.open(app, "administration")
    assert not app.exception
    assert copied_of(app) == [OLD.mail]
    assert "まだ担当者のいない団体 42" in as_read(shown_text(app)).replace("**", "")
    app.selectbox(key="contacts.who").select("none").run()
    assert copied_of(app) == []
    assert OLD.name not in shown_text(app)
    app.selectbox(key="contacts.who").select("now").run()
    app.text_input(key="contacts.words").set_value("ない課").run()
    assert "当てはまる団体・担当者はありません" in shown_text(app)
