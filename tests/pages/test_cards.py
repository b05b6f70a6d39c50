"""Cards and tables as one element: what is pressed, what leads away, what is shown as it was typed."""

from __future__ import annotations

import re

import pytest
from lxml import html
from streamlit.testing.v1 import AppTest

from tests.support.cards import cards_of, press, press_row, press_word, tables_of
from tests.support.reference import REFERENCE

MEAN = '<img src=x onerror=alert(1)> "&amp;" **太字** :red[赤]'


def page() -> None:
    import streamlit as st

    from dashboard.kit.cards import Action, Badge, Card, cards, definitions
    from dashboard.kit.tables import Struck, table

    mean = '<img src=x onerror=alert(1)> "&amp;" **太字** :red[赤]'
    state = st.session_state

    def count(by: int) -> None:
        state.number = state.get("number", 0) + by

    one = Action("1を足す", on_press=lambda: count(1))
    two = Action("2を足す", on_press=lambda: count(2))
    said = Card(
        "b", mean, f"{state.get('number', 0):,}件", badges=(Badge(mean),), actions=(one, two)
    )
    first = Card("a", "先", "1,200,000円", terms={"定義": mean, "出典": ""}, actions=(one,))
    cards([first, said] if state.get("number") else [said, first], key="both")
    cards([Card("c", "静か", "不明")])
    definitions({"定義": mean})
    table(
        {"名前": [mean, "乙"], "数": ["1,200円", "−3"], "記録": [Struck(mean, "(訂正済み)"), None]},
        mean,
    )
    table({"名前": [], "数": []}, "何もない表")


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(page).run()


def test_a_press_does_what_its_own_card_and_button_say(app: AppTest) -> None:
    press(app, "先", "1を足す")
    assert [card.value for card in cards_of(app)] == ["1,200,000円", "1件", "不明"]
    press(app, MEAN, "2を足す")
    assert cards_of(app)[1].value == "3件"
    app.run()
    assert cards_of(app)[1].value == "3件"


def test_a_word_that_names_no_button_does_nothing(app: AppTest) -> None:
    for word in ("7 b", "0 z", "-1 b", "", "b", "0"):
        press(app, MEAN, "2を足す", word)
        assert not app.exception
        assert "number" not in app.session_state


def test_whatever_was_typed_is_text(app: AppTest) -> None:
    html = [each.proto.body for each in app.get("html")]
    html += [each.proto.bytes.decode() for each in app.get("bidi_component")]
    assert len(html) == 5
    assert not [each for each in html if "<img" in each]
    said = cards_of(app)[0]
    assert (said.title, said.badges) == (MEAN, [MEAN])
    assert cards_of(app)[1].terms == {"定義": MEAN}  # what is empty is not drawn


def test_a_table_names_its_rows_and_strikes_out_what_no_longer_holds(app: AppTest) -> None:
    [found, empty] = tables_of(app)
    assert list(found.index) == [MEAN, "乙"]
    assert list(found["数"]) == ["1,200円", "−3"]
    assert list(found["記録"]) == [f"{MEAN}(訂正済み)", ""]
    assert empty.empty
    body = next(e.proto.body for e in app.get("html") if "<table" in e.proto.body)
    assert body.count('<td class="number">') == 2
    assert body.count("<s>") == 1


def test_a_link_leads_to_its_screen_and_can_be_opened_in_a_new_tab(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def page() -> None:
        from dashboard.kit.cards import Action, Card, cards

        cards(
            [Card("a", "行き先", actions=(Action("開く", page="nowhere", query={"k": "あ&b"}),))],
            key="k",
        )

    app = AppTest.from_function(page).run()
    body = app.get("bidi_component")[0].proto.bytes.decode()
    assert '<a href="/nowhere?k=%E3%81%82%26b"' in body
    press(app, "行き先", "開く")
    assert app.exception  # there is no such screen, and it is the one that was asked for
    assert "nowhere.py" in caplog.text


def test_a_press_on_the_name_of_a_row_picks_it() -> None:
    def page() -> None:
        import streamlit as st

        from dashboard.kit.tables import table

        def pick(row: int) -> None:
            st.session_state["picked"] = row

        names = ["堺市", "<b>枚方市</b>", "池田市"]
        chosen = st.session_state.get("picked")
        table({"市町村": names, "数": ["1", "2", "3"]}, "表", key="t", on_pick=pick, chosen=chosen)

    app = AppTest.from_function(page).run()
    press_row(app, "<b>枚方市</b>")
    assert app.session_state["picked"] == 1
    body = app.get("bidi_component")[0].proto.bytes.decode()
    assert body.count('aria-current="true"') == 1
    assert (
        '<tr aria-current="true"><th scope="row" class="word"><button type="button" data-press="1">'
        in body
    )
    for word in ("3", "-1", "x", ""):
        press_row(app, "堺市", word)
        assert not app.exception
        assert app.session_state["picked"] == 1


def test_the_map_has_every_municipality_in_its_place_and_a_press_picks_it() -> None:
    def page() -> None:
        import streamlit as st

        from core.procurement.standing import Standing
        from dashboard.kit.charts.map import Place, prefecture_map
        from tests.support.reference import REFERENCE

        def pick(code: str) -> None:
            st.session_state["picked"] = code

        places = [
            Place(
                each.lg_code,
                Standing.FREE,
                each.name,
                f"{each.name} <b>",
                each.lat,
                each.lng,
                chosen=number == 1,
            )
            for number, each in enumerate(REFERENCE.municipalities)
        ]
        prefecture_map(places, "府内地図", key="map", on_pick=pick)

    app = AppTest.from_function(page).run()
    assert not app.exception
    body = app.get("bidi_component")[0].proto.bytes.decode().partition("\0")[2]
    drawn = html.fragment_fromstring(body)
    _, _, width, height = map(float, drawn.get("viewbox").split())
    shapes, marks = drawn.xpath("./path"), drawn.xpath("./text")
    codes = {each.lg_code for each in REFERENCE.municipalities}
    assert {each.get("data-press") for each in shapes} == codes
    assert len(shapes) == len(marks) == len(codes) == 43
    assert all(each.xpath("./title")[0].text.endswith(" <b>") for each in shapes)
    for mark in marks:  # a town hall lies among the corners of its own municipality
        code = mark.get("data-key").removeprefix("mark-")
        [shape] = [each for each in shapes if each.get("data-press") == code]
        corners = [
            tuple(map(float, each.split())) for each in re.findall(r"\d+ \d+", shape.get("d"))
        ]
        x, y = float(mark.get("x")), float(mark.get("y"))
        assert min(a for a, _ in corners) <= x <= max(a for a, _ in corners) <= width
        assert min(b for _, b in corners) <= y <= max(b for _, b in corners) <= height
    assert shapes[-1].get("stroke-width") == "8"  # the one that is open lies above the others
    for word, picked in (("271403", "271403"), ("999999", "271403"), ("", "271403")):
        press_word(app, word)
        assert app.session_state["picked"] == picked


def test_a_column_of_addresses_has_the_room_of_sentences() -> None:
    def drawn() -> None:
        from dashboard.kit.tables import table

        mail = ["見本 花子 mihon-hanako1@example.lg.jp", "登録なし"]
        table(
            {"団体": ["堺市", "枚方市"], "連絡先": mail, "所属": ["情報政策課デジタル推進係"] * 2},
            "表",
        )

    app = AppTest.from_function(drawn).run()
    body = next(e.proto.body for e in app.get("html") if "<table" in e.proto.body)
    kinds = [cell.get("class") for cell in html.fromstring(body).iterfind(".//thead//th")]
    assert kinds == ["word", "words prose", "words"]
