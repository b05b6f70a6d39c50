"""監査記録 on 管理: narrowed, paged, taken along."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from core.access.principal import CONSOLE
from core.store.audit import record_audit
from core.store.engine import writing
from core.views.administration import AUDIT_PAGE
from dashboard import context
from tests.support.cards import tables_of
from tests.support.screens import Screens, as_read, shown_text

AUDIT = "administration", "tab=監査記録"


def choose(app: AppTest, label: str, shown: str) -> AppTest:
    box = next(each for each in app.selectbox if each.label == label)
    return box.select(shown).run()


def test_the_trail_is_read_page_by_page_and_narrowed(screens_on: Callable[[str], Screens]) -> None:
    screens = screens_on("empty")
    with writing(context.engine()) as session:
        for _ in range(AUDIT_PAGE + 5):
            record_audit(session, CONSOLE, context.now(), "backup:make", "", {"rows": 1})
    app = screens.open(screens.signed_in("secretariat"), *AUDIT)
    assert not app.exception
    (rows,) = tables_of(app)
    assert len(rows) == AUDIT_PAGE
    assert "1件目から50件目" in as_read(shown_text(app))

    before = rows.index.tolist()
    page = next(iter(app.get("pagination")))
    page.set_value(2).run()
    (rows,) = tables_of(app)
    assert max(map(int, rows.index)) == min(map(int, before)) - 1

    choose(app, "操作した人", "@console")
    choose(app, "操作", "backup:make")
    (rows,) = tables_of(app)
    assert set(rows["操作"]) == {"バックアップ"}
    assert set(rows["操作した人"]) == {"コマンドライン"}
    assert len(rows) == AUDIT_PAGE  # another question begins at its first page


def test_what_does_not_exist_says_so_and_offers_to_ask_otherwise(
    screens_on: Callable[[str], Screens],
) -> None:
    screens = screens_on("empty")
    app = screens.open(screens.signed_in("secretariat"), *AUDIT)
    app.date_input(key="administration.last").set_value(context.today().replace(year=2020)).run()
    assert "この条件に合う記録はありません" in as_read(shown_text(app))


def test_an_accounts_problems_stand_at_their_fields_and_what_was_typed_stays(
    screens_on: Callable[[str], Screens],
) -> None:
    screens = screens_on("empty")
    app = screens.open(screens.signed_in("secretariat"), "administration")
    names = {each.label: each for each in app.text_input}
    names["ユーザー名(必須)"].set_value("日本語")
    names["表示名(必須)"].set_value("担当")
    next(each for each in app.button if each.label == "追加する").click().run()
    assert not app.exception
    said = [as_read(each.value) for each in app.error]
    assert said[-1].startswith("2か所を直してください")  # the town of an officer is wanted, too
    assert len(said) == 3
    assert {each.label: each.value for each in app.text_input}["表示名(必須)"] == "担当"

    {each.label: each for each in app.text_input}["ユーザー名(必須)"].set_value("tanto-a").run()
    (left,) = app.error  # what was put right is said no longer, the rest still stands at its field
    assert "市町村" in left.value
    next(each for each in app.selectbox if each.label.startswith("市町村")).select("271403")
    next(each for each in app.button if each.label == "追加する").click().run()
    assert any("「tanto-a」の最初のパスワード" in as_read(each.value) for each in app.success)
    assert {each.label: each.value for each in app.text_input}["表示名(必須)"] == ""


def test_a_pasted_table_shows_every_row_and_gives_the_passwords_once(
    screens_on: Callable[[str], Screens],
) -> None:
    screens = screens_on("empty")
    app = screens.open(screens.signed_in("secretariat"), "administration")
    app.segmented_control(key="administration.import_way").set_value("表を貼り付ける").run()
    [field] = [each for each in app.text_area if each.label.startswith("表")]
    field.set_value("氏名\t市町村\t権限\n山田 *花子*\t堺市\t\n田中\tない市\t\n").run()
    assert not app.exception
    said = as_read(shown_text(app))
    assert "追加 1行" in said.replace("**", "")
    assert "山田 *花子*" in said
    assert "「ない市」の団体はありません" in said
    add = next(each for each in app.button if each.key == "administration.import")
    assert add.disabled
    next(each for each in app.checkbox if "除いて" in each.label).check().run()
    next(each for each in app.button if each.key == "administration.import").click().run()
    assert any("1件のアカウントを追加しました" in each.value for each in app.success)
    [held] = app.session_state["administration.sheets"]
    assert held[:3] == ("堺市", "山田 *花子*", "tanto-271403")
    assert held[3] not in shown_text(app)  # on paper alone
    [again] = [each for each in app.text_area if each.label.startswith("表")]
    assert again.value == ""
    screens.open(app, "home")
    screens.open(app, "administration")
    assert "administration.sheets" not in app.session_state
