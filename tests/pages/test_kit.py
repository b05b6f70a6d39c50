"""What every page is drawn with: fields that read, answers at the button, dialogs, tabs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.access.principal import PUBLIC
from dashboard import context
from tests.support.waiting import PATIENCE_SECONDS
from tests.support.written import CLOCK_CASES, VISIT_CASES, YEN_CASES


@pytest.fixture(autouse=True)
def _fixed_day(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("NORIAI_TODAY", "2026-11-24")
    context.settings.cache_clear()
    yield
    context.settings.cache_clear()


def drawn(script: Callable[[], object]) -> AppTest:
    app = AppTest.from_function(script, default_timeout=PATIENCE_SECONDS).run()
    assert not app.exception
    return app


def _fields() -> None:
    import streamlit as st

    from dashboard.kit import written

    found = written.amount("上限", key="ceiling", value=1_200_000)
    visits = written.count("回数", key="visits", unit="回", value=12, least=1, most=12)
    until = written.clock("締切時刻", key="until")
    st.text(f"{found}|{visits}|{until}|{written.wrong('ceiling', 'visits', 'until')}")


def said(app: AppTest, field: int, text: str) -> tuple[list[str], str, list[str], str]:
    app.text_input[field].set_value(text).run()
    assert not app.exception
    assert app.text_input[field].value == text  # what was typed stays as it was typed
    *values, wrong = app.text[0].value.split("|")
    return (
        values,
        wrong,
        [each.value for each in app.error],
        app.caption[0].value if app.caption else "",
    )


def test_a_field_reads_every_amount_as_the_core_does_and_says_so() -> None:
    app = drawn(_fields)
    assert app.text[0].value == "1200000|12|None|False"
    assert not app.caption
    for text, expected in YEN_CASES.items():
        values, wrong, errors, echo = said(app, 0, text)
        if isinstance(expected, int):
            assert (values[0], wrong, errors) == (str(expected), "False", []), text
            assert text == f"{expected:,}" or echo.endswith(f"= {expected:,}円"), text
        else:
            assert (values[0], wrong) == ("None", "True"), text
            assert expected in errors[0], text


def test_a_field_reads_every_count_and_time_as_the_core_does() -> None:
    app = drawn(_fields)
    for text, expected in VISIT_CASES.items():
        values, wrong, errors, _ = said(app, 1, text)
        assert values[1] == (str(expected) if isinstance(expected, int) else "None"), text
        assert wrong == str(isinstance(expected, str)), text
        assert isinstance(expected, int) or expected in errors[0], text
    said(app, 1, "12")
    for text, shown in CLOCK_CASES.items():
        values, wrong, errors, _ = said(app, 2, text)
        read = ":" in shown and len(shown) <= 5
        assert values[2] == (shown if read else "None"), text
        assert wrong == str(not read), text
        assert read or shown in errors[0], text


def _result() -> None:
    import streamlit as st

    from dashboard.kit import written

    visits = written.count("回数", key="visits", value=12, least=1, most=12, required=True)
    with written.stale("amount", "visits") as old:
        st.text(f"{written.last('visits') * 100}円")
    st.button("作る", disabled=old or visits is None)


def test_a_result_of_the_input_before_says_so_and_cannot_be_used() -> None:
    app = drawn(_result)
    assert not app.button[0].disabled
    for text in ("13", ""):
        app.text_input[0].set_value(text).run()
        assert app.error
        assert app.text[0].value == "1200円"
        assert [each.value for each in app.caption] == [
            "下は直す前の入力での結果です。入力を直すと、計算し直します。"
        ]
        assert app.button[0].disabled
    app.text_input[0].set_value("11").run()
    assert app.text[0].value == "1100円"
    assert not app.caption
    assert not app.button[0].disabled


def _number_put_there() -> None:
    import streamlit as st

    from dashboard.kit import written

    st.session_state.setdefault("ceiling", 3_000_000)
    st.text(str(written.amount("上限", key="ceiling")))


def test_a_number_an_address_brought_stands_in_the_field() -> None:
    app = drawn(_number_put_there)
    assert app.text_input[0].value == "3,000,000"
    assert app.text[0].value == "3000000"


def _words() -> None:
    import streamlit as st

    from dashboard.kit import written

    st.text(repr(written.text("試算の名前", key="name", longest=60)))


def test_a_paste_that_is_too_long_is_kept_and_told_by_how_much() -> None:
    app = drawn(_words)
    assert app.text[0].value == "''"
    app.text_input[0].set_value("あ" * 100).run()
    assert app.text_input[0].value == "あ" * 100
    assert app.text[0].value == "None"
    assert "40文字多い" in app.error[0].value
    app.text_input[0].set_value("当初\u200b案").run()
    assert app.text[0].value == "'当初案'"
    app.text_input[0].set_value("表\u202e示").run()
    assert "2文字目" in app.error[0].value


def _tabs() -> None:
    from functools import partial

    import streamlit as st

    from dashboard.kit import address, widgets

    address.enter("page")
    st.text(widgets.take_tab("page.tab"))
    widgets.draw_tabs("page.tab", {name: partial(st.caption, name) for name in ("地図", "推移")})


def test_the_open_tab_stands_in_the_address() -> None:
    app = drawn(_tabs)
    assert app.caption[0].value == "地図"
    assert "tab" not in app.query_params
    app.session_state["page.tab"] = "推移"
    app.run()
    assert app.caption[0].value == "推移"
    assert app.query_params["tab"] == "推移"
    app.query_params.clear()  # Back
    app.run()
    assert app.caption[0].value == "地図"
    app.query_params["tab"] = "推移"  # a link
    app.run()
    assert (app.caption[0].value, app.text[0].value) == ("推移", "推移")
    app.query_params["tab"] = "なし"
    app.run()
    assert app.caption[0].value == "地図"
    assert "「なし」" in app.warning[0].value


def _colleagues() -> None:
    """Two enrolments, each cancelled behind a question; a cancelled one is not drawn any more."""
    import streamlit as st

    from dashboard.kit import address, answer, carried
    from dashboard.kit.confirm import confirm

    def cancel(_engine: object, _who: object, *, now: object) -> None:
        st.session_state["gone"] = [*st.session_state.get("gone", []), name]

    carried.take_along()
    address.enter("page")
    answer.enter("page")
    above = st.container()
    for name in ("山田", "鈴木"):
        if name in st.session_state.get("gone", []):
            continue
        confirm(
            "申込を取り消す",
            f"{name}さんの申込を取り消します。",
            cancel,
            key=f"event-{name}",
            form=f"cancel.{name}",
            done=f"{name}さんの申込を取り消しました。",
        )
    answer.say_unplaced(above)


@pytest.fixture
def _nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "engine", lambda: None)
    monkeypatch.setattr(context, "who", lambda: PUBLIC)


@pytest.mark.usefixtures("_nobody")
def test_a_question_names_its_thing_and_nobody_else_inherits_it() -> None:
    app = drawn(_colleagues)
    assert [each.label for each in app.button] == ["申込を取り消す"] * 2
    app.button[0].click().run()
    assert [each.value for each in app.markdown] == ["山田さんの申込を取り消します。"]
    app.button(key="cancel.山田.event-山田.keep").click().run()
    assert not app.markdown
    assert len(app.button) == 2
    app.button[0].click().run()
    app.session_state["answer.page"] = "elsewhere"  # Back led away, and one came again
    app.run()
    assert not app.markdown
    app.button[0].click().run()
    app.button(key="cancel.山田").click().run()
    assert app.session_state["gone"] == ["山田"]
    assert [each.value for each in app.success] == ["山田さんの申込を取り消しました。"]
    assert not app.markdown  # no question stands open about the one who moved up
    assert [each.label for each in app.button] == ["申込を取り消す"]
    app.run()
    assert not app.success  # what no button of the page answers is said once


def _form() -> None:
    import streamlit as st

    from core.values.errors import InvalidInputError
    from dashboard.kit import address, answer, carried
    from dashboard.kit.answer import NextStep
    from dashboard.kit.form import Place
    from dashboard.kit.submit import submit

    def record(_engine: object, _who: object, *, now: object) -> int:
        if not name:
            raise InvalidInputError({"name": "氏名を入力してください。"})
        return 7

    carried.take_along()
    page = st.text_input("画面", "one")
    address.enter(page)
    answer.enter(page)
    above = st.container()
    name = st.text_input("氏名")
    place = Place("name", name)
    if st.button("提出する", disabled=answer.answered("form")):
        submit(
            "form",
            record,
            lambda number: f"{name}を{number}番に記録しました。",
            {"name": place},
            NextStep("わがまちで見る", "home", {"a": "1"}),
        )
    if page == "one":
        answer.answer("form")
    st.text("下")
    answer.say_unplaced(above)


@pytest.mark.usefixtures("_nobody")
def test_an_answer_stands_beneath_its_button_until_the_page_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    led = []
    monkeypatch.setattr(st, "page_link", lambda page, **how: led.append((page.stem, how)))
    app = drawn(_form)
    app.button[0].click().run()
    assert [each.value for each in app.error] == [
        "氏名を入力してください。",
        "1か所を直してください。入力した内容はそのまま残っています。",
    ]
    assert not app.success
    app.text_input[1].set_value("山田")
    app.button[0].click().run()
    assert not app.exception
    assert not app.error
    kinds = [
        each.type for each in app.main if each.type in ("button", "success", "caption", "text")
    ]
    assert kinds[:3] == ["button", "success", "caption"]
    assert app.success[0].value == "山田を7番に記録しました。"
    assert app.caption[0].value.endswith("に記録")
    assert app.button[0].disabled
    ((page, how),) = led
    assert (page, how["label"], how["query_params"]) == ("home", "わがまちで見る", {"a": "1"})
    app.run()
    assert app.success  # what was read is there as long as its reader stays
    app.text_input[0].set_value("two").run()
    app.text_input[0].set_value("one").run()
    assert not app.success
    assert not app.button[0].disabled
