"""サインイン状況, what the owner is told, and アカウント of 管理."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from core.access.account import browser_secret
from core.access.limit import LIMITS, LimitKind
from core.access.principal import CONSOLE, PUBLIC
from core.commands.accounts import reset_password
from core.commands.sessions import sign_in
from core.store.accounts import SessionRow
from core.store.engine import writing
from core.values.errors import SignInRefusedError
from core.views.administration import accounts_view
from core.views.session import session_view
from dashboard import context
from dashboard.kit.typed import escaped
from tests.support.screens import PASSWORD, Screens, shown_text

Make = Callable[[str], Screens]
NEW = "ことしもみんなで乗る2027"
AT_THE_BUTTON = "1か所を直してください。入力した内容はそのまま残っています。"
HERE, THERE = "10.1.0.7", "10.9.9.9"


def enter(screens: Screens, address: str, password: str = PASSWORD) -> str:
    return sign_in(
        screens.engine,
        PUBLIC,
        username="test-officer",
        password=password,
        address=address,
        now=context.now(),
    )


def fail(screens: Screens, times: int) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefusedError):
            enter(screens, THERE, "ちがう")


def holds(screens: Screens, token: str) -> bool:
    return session_view(screens.engine, PUBLIC, token=token, now=context.now()) != PUBLIC


def press(app: AppTest, label: str) -> AppTest:
    button = next(each for each in app.button if each.label == label)
    return button.click().run()


def warnings(app: AppTest) -> list[str]:
    return [each.value for each in app.warning]


def test_one_s_own_sign_ins_are_listed_and_another_one_is_ended(screens_on: Make) -> None:
    screens = screens_on("empty")
    other = enter(screens, HERE)
    app = screens.open(screens.signed_in("officer"), "sign_ins")
    assert [each for each in app.markdown if escaped(HERE) in each.value]
    assert [each.value for each in app.caption if "いま使っている画面" in each.value] != []
    assert [each.label for each in app.button].count("終わらせる") == 1
    press(app, "終わらせる")
    assert [each for each in app.markdown if "をサインアウトします" in each.value]
    press(app, "サインアウトする")
    assert not app.exception
    assert [each.value for each in app.success] == ["サインアウトしました。"]
    assert not holds(screens, other)
    assert holds(screens, screens.tokens["officer"])
    assert "サインアウトする" not in [each.label for each in app.button]


def test_the_owner_is_told_of_failures_until_they_have_read_it(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = screens.signed_in("officer")
    assert not [each for each in warnings(app) if "パスワードの誤り" in each]
    fail(screens, 3)
    app.session_state[context.TOKEN] = enter(screens, HERE)
    app.run()
    told = [each for each in warnings(app) if "パスワードの誤りが3回" in each]
    assert len(told) == 1
    assert "事務局に連絡" in told[0]
    press(app, "確認しました")
    assert not app.exception
    assert not [each for each in warnings(app) if "パスワードの誤り" in each]
    again = screens.signed_in("public")
    again.session_state[context.TOKEN] = app.session_state[context.TOKEN]
    again.session_state[context._BROWSER] = context._browser()
    assert not [each for each in warnings(again.run()) if "パスワードの誤り" in each]


def test_a_run_is_use_and_is_noted_once_a_minute(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = screens.signed_in("officer")
    long_ago = context.now() - timedelta(minutes=40)
    with writing(screens.engine) as session:
        session.execute(update(SessionRow).values(last_seen_at=long_ago))
    app.session_state[context._SEEN] = long_ago
    screens.statements.clear()
    for _ in range(3):
        app.run()
    noted = [each for each in screens.statements if each.startswith("UPDATE session")]
    assert len(noted) == 1
    (mine,) = (
        each
        for each in accounts_view(screens.engine, CONSOLE, now=context.now()).sign_ins
        if each.username == "test-officer"
    )
    assert context.now() - mine.last_seen_at < timedelta(minutes=5)


def test_a_session_that_sleeps_shows_nothing_of_its_owner(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = screens.open(screens.signed_in("officer"), "our_municipality")
    with writing(screens.engine) as session:
        session.execute(
            update(SessionRow).values(last_seen_at=context.now() - timedelta(minutes=61))
        )
    app.run()
    assert not app.exception
    assert [each for each in warnings(app) if "サインインが終了しました" in each]
    assert "当初予算案" not in shown_text(app)


def test_the_form_says_how_long_to_wait_and_a_known_browser_need_not(screens_on: Make) -> None:
    screens = screens_on("empty")
    mine = browser_secret(enter(screens, HERE))
    for _ in range(LIMITS[LimitKind.PAIR].free):
        with pytest.raises(SignInRefusedError):
            enter(screens, "", "ちがう")  # as AppTest's, which has no address

    def tried() -> AppTest:
        app = screens.open(screens.signed_in("public"), "sign_in")
        app.text_input[0].set_value("test-officer")
        app.text_input[1].set_value(PASSWORD)
        return app.button[0].click().run()

    app = tried()
    assert [each for each in app.error if "秒は試せません" in each.value]
    screens.cookies[context.cookie_name(context.BROWSER_COOKIE)] = mine
    app = tried()
    assert not app.exception
    assert [each for each in app.button if each.label == "サインアウト"]


def administration(screens: Screens, username: str) -> AppTest:
    app = screens.open(screens.signed_in("secretariat"), "administration")
    box = next(each for each in app.selectbox if each.label == "対象のアカウント")
    return box.select(username).run()


def state_of(app: AppTest, username: str) -> dict[str, Any]:
    accounts = next(each.value for each in app.dataframe if "ユーザー名" in each.value)
    (row,) = accounts[accounts["ユーザー名"] == username].to_dict("records")
    return row


def test_the_secretariat_sees_a_wait_and_ends_it(screens_on: Make) -> None:
    screens = screens_on("empty")
    fail(screens, LIMITS[LimitKind.PAIR].free)
    app = administration(screens, "test-officer")
    row = state_of(app, "test-officer")
    assert "まで待ち" in row["状態"]
    assert row["その後の失敗"] == "5回"
    assert "待ち時間を解除する" in [each.label for each in app.button]
    press(app, "待ち時間を解除する")
    assert not app.exception
    assert state_of(app, "test-officer")["状態"] == "有効"
    assert enter(screens, THERE)


def test_stopping_and_a_new_password_ask_by_name_and_never_begin_with_ones_own(
    screens_on: Make,
) -> None:
    screens = screens_on("empty")
    app = screens.open(screens.signed_in("secretariat"), "administration")
    box = next(each for each in app.selectbox if each.label == "対象のアカウント")
    assert box.value is None
    labels = {each.label for each in box.select("test-secretariat").run().button}
    assert not labels & {"停止する", "パスワードを再発行する"}

    app = administration(screens, "test-officer")
    app.button("administration.switch.test-officer.test-officer.open").click().run()
    asked = "".join(each.value.replace("\\", "") for each in app.markdown)
    assert "「test-officer」" in asked
    assert state_of(app, "test-officer")["状態"] == "有効"
    app.button("administration.switch.test-officer").click().run()
    assert state_of(app, "test-officer")["状態"] == "停止中"
    assert "「test-officer」を停止しました。" in [
        each.value.replace("\\", "") for each in app.success
    ]

    app = administration(screens, "test-viewer")
    old = screens.tokens["viewer"]
    app.button("administration.reset.test-viewer.test-viewer.open").click().run()
    assert holds(screens, old)
    app.button("administration.reset.test-viewer").click().run()
    assert not holds(screens, old)
    assert any(
        "「test-viewer」の最初のパスワード" in each.value.replace("\\", "") for each in app.success
    )


def test_the_secretariat_sees_when_a_first_password_ends(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = administration(screens, "test-newcomer")
    assert "最初のサインイン待ち(12-01" in state_of(app, "test-newcomer")["状態"]


def test_the_secretariat_ends_one_sign_in_of_another(screens_on: Make) -> None:
    screens = screens_on("empty")
    token = screens.tokens["officer"]
    app = administration(screens, "test-officer")
    press(app, "終わらせる")
    assert holds(screens, token)
    press(app, "サインアウトする")
    assert not app.exception
    assert not holds(screens, token)
    assert holds(screens, screens.tokens["secretariat"])


def test_the_secretariat_changes_an_account_and_its_screens_end(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = administration(screens, "test-officer")
    names = [each for each in app.text_input if each.label == "表示名"]
    names[-1].set_value("枚方市の担当")
    towns = [each for each in app.selectbox if each.label == "市町村(市町村職員のとき)"]
    towns[-1].select("272108")
    press(app, "変更する")
    assert not app.exception
    assert not app.error
    row = state_of(app, "test-officer")
    assert (row["表示名"], row["市町村・事業者"]) == ("枚方市の担当", "枚方市")
    assert not holds(screens, screens.tokens["officer"])


def test_a_weak_password_is_refused_on_the_screen_in_one_sentence(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = screens.open(screens.signed_in("officer"), "password")
    for field, text in zip(app.text_input, (PASSWORD, "sakaishi2026", "sakaishi2026"), strict=True):
        field.set_value(text)
    press(app, "変更する")
    assert [each.value.replace("\\", "") for each in app.error] == [
        "このパスワードは使えません。次を満たしてください: 推測されやすい部分"
        "(よく使われる語・人名・地名、年や日付)に頼らず、意味のつながらない語を足す。",
        AT_THE_BUTTON,
    ]


def sign_in_form(app: AppTest, username: str, password: str) -> AppTest:
    app.text_input[0].set_value(username)
    app.text_input[1].set_value(password)
    return press_main(app, "サインイン")


def press_main(app: AppTest, label: str) -> AppTest:
    next(each for each in app.main.get("button") if each.label == label).click()
    app.run()
    assert not app.exception
    return app


def question(app: AppTest) -> Any:
    return next(each for each in app.text_area if each.label.startswith("相談内容"))


def asked_with_inputs(screens: Screens) -> AppTest:
    """Somebody without an account, with a plan and a month chosen, on the fourth tab."""
    app = screens.open(screens.signed_in("public"), "plans", "tab=上限から選ぶ")
    app.checkbox(key="plans.on.4").check()
    app.selectbox(key="plans.start_month").select(8)
    app.run()
    return screens.open(app, "sign_in")


def test_sign_in_returns_to_the_place_and_the_inputs_it_was_asked_from(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = sign_in_form(asked_with_inputs(screens), "test-officer", PASSWORD)
    assert app.title[0].value == "プラン選択・費用試算"
    assert app.checkbox(key="plans.on.4").value
    assert app.selectbox(key="plans.start_month").value == 8
    assert [each for each in app.button if each.label == "サインアウト"]


def test_the_first_password_is_one_sign_in_and_leads_back_too(screens_on: Make) -> None:
    screens = screens_on("filled")
    first = reset_password(screens.engine, CONSOLE, username="test-newcomer", now=context.now())
    app = sign_in_form(asked_with_inputs(screens), "test-newcomer", first)
    assert app.title[0].value == "パスワード変更"
    screens.open(app, "password")  # AppTest does not follow to where a page leads
    for field, typed in zip(app.text_input, (first, NEW, NEW), strict=True):
        field.set_value(typed)
    press_main(app, "変更する")
    assert app.title[0].value == "プラン選択・費用試算"
    assert app.checkbox(key="plans.on.4").value
    assert "パスワードを変更しました" in app.success[0].value
    assert holds(screens, app.session_state[context.TOKEN])


def test_a_wrong_first_password_changes_nothing_and_says_so_at_the_button(
    screens_on: Make,
) -> None:
    screens = screens_on("empty")
    app = screens.open(screens.signed_in("officer"), "password")
    for field, typed in zip(app.text_input, ("ちがう", NEW, NEW), strict=True):
        field.set_value(typed)
    press_main(app, "変更する")
    assert [each.value for each in app.error] == ["現在のパスワードが違います。", AT_THE_BUTTON]
    app.text_input[0].set_value(PASSWORD)
    press_main(app, "変更する")
    assert app.title[0].value == "パスワード変更"
    assert "この画面は続けて使えます" in app.success[0].value
    assert [each.value for each in app.text_input] == ["", "", ""]  # no password stays in a field
    assert not holds(screens, screens.tokens["officer"])
    assert holds(screens, app.session_state[context.TOKEN])


def test_what_was_typed_waits_for_whose_sign_in_ended_and_for_nobody_else(
    screens_on: Make,
) -> None:
    screens = screens_on("filled")

    def ended_in_mid_form() -> AppTest:
        app = screens.open(screens.signed_in("officer"), "consultations")
        app.segmented_control[0].set_value("new").run()
        question(app).set_value("まだ送っていない相談")
        next(each for each in app.radio if "形式" in each.label).set_value("written")
        with writing(screens.engine) as session:
            session.execute(
                update(SessionRow).values(last_seen_at=context.now() - timedelta(minutes=61))
            )
        press(app, "相談を申し込む")
        assert app.title[0].value == "この画面は開けません"
        assert "まだ送っていない相談" not in shown_text(app)
        press(app, "サインインし直す")
        assert app.title[0].value == "サインイン"
        return screens.open(app, "sign_in")  # AppTest does not follow to where a page leads

    app = sign_in_form(ended_in_mid_form(), "test-secretariat", PASSWORD)
    assert app.title[0].value == "アドバイザー相談"
    assert "まだ送っていない相談" not in shown_text(app)
    screens.tokens = {**screens.tokens, "officer": enter(screens, HERE)}
    app = sign_in_form(ended_in_mid_form(), "test-officer", PASSWORD)
    assert app.title[0].value == "アドバイザー相談"
    assert question(app).value == "まだ送っていない相談"
    assert next(each for each in app.radio if "形式" in each.label).value == "written"
