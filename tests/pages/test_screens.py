"""Every screen × every reader × an empty and a filled database, run through dashboard/app.py."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string

from core.access.principal import CONSOLE, PUBLIC, Principal, Role
from core.commands.accounts import set_account_active
from core.commands.sessions import sign_in, sign_out
from core.settings import DISCOVERY
from core.store.audit import record_audit
from core.store.demonstration import DemonstrationRow
from core.store.engine import writing
from dashboard import context
from dashboard.frame import navigation, provider
from dashboard.kit import widgets
from tests.support.cards import cards_of, tables_of
from tests.support.reference import REFERENCE
from tests.support.screens import PASSWORD, READERS, Screens, addresses, queries, shown_text

STAFF = {"viewer", "officer", "adviser", "secretariat"}
EVERYBODY = {"public", *STAFF}
TITLES = {
    "home": "GovTech大阪 乗合",
    "plans": "プラン選択・費用試算",
    "support": "支援の実施",
    "procurement": "共同調達",
    "boarding": "後乗り",
    "trainings": "研修",
    "quotations": "見積・契約額",
    "consultations": "アドバイザー相談",
    "inquiries": "照会・回答",
    "our_municipality": "堺市",
    "ledger": "参加台帳",
    "kpi": "事務局KPI",
    "meeting": "会議",
    "meeting_preparation": "会議の準備",
    "catalogue": "カタログ",
    "administration": "管理",
    "about": "使い方・出典",
    "sign_in": "サインイン",
    "sign_ins": "サインイン状況",
    "password": "パスワード変更",
}
MAY_OPEN = {
    # screen: readers, written out by hand; a new screen has to be entered here
    "home": EVERYBODY,
    "plans": EVERYBODY,
    "support": {"officer", "adviser", "secretariat"},
    "procurement": EVERYBODY,
    "boarding": EVERYBODY,
    "quotations": {"officer", "secretariat"},
    "trainings": EVERYBODY,
    "consultations": {"officer", "secretariat"},
    "inquiries": {"officer", "secretariat"},
    "our_municipality": {"officer"},
    "ledger": {"secretariat"},
    "kpi": {"viewer", "secretariat"},
    "meeting": {"viewer", "secretariat"},
    "meeting_preparation": {"secretariat"},
    "catalogue": {"secretariat"},
    "administration": {"secretariat"},
    "about": EVERYBODY,
    "sign_in": {*EVERYBODY, "newcomer"},  # the form for the public only
    "sign_ins": set(STAFF),
    "password": {*STAFF, "newcomer"},
}
ADDRESSES = [screen.name for screen in navigation.SCREENS]
CLOSED = "この画面は開けません"
OFFICIAL_SECRETS = ("当初予算案", "継続案", "見送り")  # of one municipality
ASKED = ("無線LANの相談", "sakai-dx@city.example.lg.jp", "堺の見積")  # 堺市's, on アドバイザー相談
ASKED_NEXT_DOOR = ("枚方の相談", "hirakata-dx@city.example.lg.jp", "枚方の返事")  # 枚方市's
OFFICE_SECRETS = ("test-viewer", "担当 viewer")
MOST_STATEMENTS = 8
"""Where nothing is known from another screen."""
SERVES = {"adviser": 2}
"""Whom a reader serves is asked whenever it is asked who that is: by the frame and by the page."""
MOST_ON_SCREEN = {
    "administration": 10,  # what the tabs share, then accounts, vendors, sign-ins and limits
    # several views, each begins with the revision; consultations: five queries a set of them
    "consultations": 20,
    "boarding": 22,  # windows, own steps, the likes of an officer's municipality, and the prices it keeps
    "home": 67,  # everything a fact may use, and what is due and new of an officer's municipality
    "inquiries": 9,  # what is due and recent, each its own view
    "kpi": 26,  # everything an indicator may use, once a data revision
    "meeting_preparation": 11,  # the scenes of published inquiries can be chosen too
    "meeting": 24,  # asks who it is twice, and everything a fact on the wall may use once
    # the whole year, what is new, and everything the comparison with the like ones counts
    "our_municipality": 97,
    "plans": 13,  # what an officer's own municipality kept, wished and sent stands on every tab
    "quotations": 11,  # a municipality's own, and what all may know
    "sign_in": 18,  # leads the signed-in on to the home screen, which asks its own
    "support": 16,  # four of contracts, three of visits, wishes, values, vendors
    "trainings": 22,
}
MOST_WITH_TAB = {
    # a tab that asks views of its own: two statements a view (revision, parameters) on first sight
    "上限から選ぶ": 15,
    "保存した試算": 15,
    "一覧・訂正": 9,
    "似た市町村": 10,  # asks about the own municipality too
    "後乗り募集": 9,  # the index, then the records of those on the way, programme by programme
}
TABS = [
    ("consultations", "consultations.tab", "相談"),
    ("consultations", "consultations.tab", "好事例"),
    ("consultations", "consultations.tab", "ヒアリング"),
    ("consultations", "consultations.tab", "支援メニュー"),
    ("plans", "plans.tab", "内訳"),
    ("plans", "plans.tab", "計算の過程"),
    ("plans", "plans.tab", "上限から選ぶ"),
    ("plans", "plans.tab", "条件を変えて試す"),
    ("plans", "plans.tab", "保存した試算"),
    ("support", "support.tab", "契約・支援回"),
    ("support", "support.tab", "補助金"),
    ("support", "support.tab", "人材プール"),
    ("support", "support.tab", "成果・事例"),
    ("support", "support.tab", "書類の様式"),
    ("procurement", "procurement.tab", "全システムの一覧"),
    ("procurement", "procurement.tab", "推移"),
    ("procurement", "procurement.tab", "内訳"),
    ("procurement", "procurement.tab", "似た市町村"),
    ("quotations", "quotations.tab", "価格"),
    ("quotations", "quotations.tab", "削減額・時間"),
    ("quotations", "quotations.tab", "ほかの団体との比較"),
    ("quotations", "quotations.tab", "記録のない団体"),
    ("quotations", "quotations.tab", "団体の記録を代行"),
    ("ledger", "ledger.tab", "予定の確認"),
    ("ledger", "ledger.tab", "記録する"),
    ("ledger", "ledger.tab", "一覧・訂正"),
    ("ledger", "ledger.tab", "網羅"),
    ("ledger", "ledger.tab", "取り込み"),
    ("ledger", "ledger.tab", "書き出し"),
    ("ledger", "ledger.tab", "後乗り募集"),
    ("about", "about.tab", "使い方"),
    ("about", "about.tab", "指標の定義"),
    ("about", "about.tab", "制度値"),
    ("about", "about.tab", "事業の説明"),
    ("about", "about.tab", "アドバイザー・研修"),
    ("about", "about.tab", "出典"),
    ("about", "about.tab", "見やすさ・個人情報"),
    ("kpi", "kpi.tab", "今週"),
    ("kpi", "kpi.tab", "一覧"),
    ("kpi", "kpi.tab", "推移・内訳"),
    ("kpi", "kpi.tab", "アラート・目標"),
    ("kpi", "kpi.tab", "資料の書き出し"),
    ("kpi", "kpi.tab", "資料"),
    ("meeting_preparation", "meeting_preparation.tab", "場面構成"),
    ("meeting_preparation", "meeting_preparation.tab", "控え"),
    ("catalogue", "catalogue.tab", "年度のカタログ"),
    ("catalogue", "catalogue.tab", "共同調達"),
    ("catalogue", "catalogue.tab", "公表値"),
    ("catalogue", "catalogue.tab", "予算・調査"),
    ("catalogue", "catalogue.tab", "市町村"),
    ("catalogue", "catalogue.tab", "出典"),
    ("catalogue", "catalogue.tab", "スキーム・あらまし・言葉"),
    ("administration", "administration.tab", "アカウント"),
    ("administration", "administration.tab", "担当者"),
    ("administration", "administration.tab", "制度値"),
    ("administration", "administration.tab", "監査記録"),
]

NTH_TABS = [
    (nth, tab)
    for screen in dict.fromkeys(screen for screen, _, _ in TABS)
    for nth, tab in enumerate(tab for tab in TABS if tab[0] == screen)
]
TABS_OF_SOME = {
    "保存した試算": {"officer"},
    "記録のない団体": {"secretariat"},
    "団体の記録を代行": {"secretariat"},
    "契約・支援回": {"officer", "secretariat"},
    "補助金": {"officer", "secretariat"},
    "人材プール": {"secretariat"},
    "成果・事例": {"officer", "secretariat"},
    "書類の様式": {"secretariat"},
}

on_both = pytest.mark.parametrize("database", ["empty", "filled"])
Make = Callable[[str], Screens]


def secrets_for(reader: str, screen: str) -> tuple[str, ...]:
    """What this reader must not be sent on this screen."""
    ours = reader == "officer" and screen in ("plans", "our_municipality")
    office = reader == "secretariat" and screen == "administration"
    # what is due and new stands on the first screen of whoever it concerns
    asking = screen in ("home", "sign_in", "consultations", "our_municipality")
    return (
        *(() if ours or office else OFFICIAL_SECRETS),
        *(() if office else OFFICE_SECRETS),
        *(() if asking and reader in ("officer", "secretariat") else ASKED),
        *(() if asking and reader == "secretariat" else ASKED_NEXT_DOOR),
    )


@on_both
@pytest.mark.parametrize("reader", READERS)
def test_every_screen_for_every_reader(
    screens_on: Make, database: str, reader: str, subtests: pytest.Subtests
) -> None:
    screens = screens_on(database)
    app = screens.signed_in(reader)
    assert not app.exception
    there = [*ADDRESSES, "sign_in", "sign_ins", "password"]
    if reader == "newcomer":
        there = ["sign_in", "password"]
        assert addresses(app).keys() == set(there)
        assert app.title[0].value == TITLES["password"]
    for screen in there:
        with subtests.test(screen):
            opened(screens, app, screen, reader)


def asked_anew(screens: Screens) -> None:
    """Nothing is known from the screen before: what is counted is what this one asks."""
    context._answered.cache_clear()
    screens.statements.clear()


def opened(screens: Screens, app: AppTest, screen: str, reader: str) -> None:
    asked_anew(screens)
    screens.open(app, screen)
    text = shown_text(app)
    assert not app.exception
    assert not app.error
    if screen == "sign_in" and reader != "public":
        assert not app.text_input or reader == "newcomer"
    elif reader in MAY_OPEN[screen]:
        assert [title.value for title in app.title] == [TITLES[screen]]
    else:
        assert [title.value for title in app.title] == [CLOSED]
        assert not (*tables_of(app), *app.dataframe, *cards_of(app), *app.tabs, *app.text_input)
    if reader != "viewer":  # the sidebar names the reader
        assert [s for s in secrets_for(reader, screen) if s in text] == []
    most = MOST_ON_SCREEN.get(screen, MOST_STATEMENTS) + SERVES.get(reader, 0)
    assert len(queries(screens.statements)) <= most, queries(screens.statements)


@pytest.mark.parametrize("nth", range(max(nth for nth, _ in NTH_TABS) + 1))
@pytest.mark.parametrize("reader", sorted(EVERYBODY))
def test_every_tab_for_every_reader(
    screens_on: Make, reader: str, nth: int, subtests: pytest.Subtests
) -> None:
    """One of each screen in a session: a tab once drawn would be sent along to the next."""
    screens = screens_on("filled")
    app = screens.signed_in(reader)
    for place, (screen, key, tab) in NTH_TABS:
        if place == nth and reader in TABS_OF_SOME.get(tab, MAY_OPEN[screen]):
            with subtests.test(f"{screen} {tab}"):
                opened_at(screens, app, screen, key, tab, reader)


def opened_at(screens: Screens, app: AppTest, screen: str, key: str, tab: str, reader: str) -> None:
    app.session_state[key] = tab
    asked_anew(screens)
    address = {"plans": "plans=6:12,4:11", "推移・内訳": "indicator=chat_paid"}
    screens.open(app, screen, address.get(screen, address.get(tab, "")))
    assert not app.exception
    assert [t.label for t in app.tabs if len(t.children)] == [tab]
    if reader != "viewer":
        text = shown_text(app)
        assert [s for s in secrets_for(reader, screen) if s in text] == []
    most = MOST_WITH_TAB.get(tab, MOST_ON_SCREEN.get(screen, MOST_STATEMENTS))
    most += SERVES.get(reader, 0)
    assert len(queries(screens.statements)) <= most, queries(screens.statements)


def test_the_tabs_tested_are_the_tabs_there_are(screens_on: Make) -> None:
    screens = screens_on("empty")
    for screen in {screen for screen, _, _ in TABS}:
        reader = "officer" if screen == "plans" else "secretariat"  # who keeps estimates
        app = screens.open(screens.signed_in(reader), screen)
        assert [t.label for t in app.tabs] == [tab for name, _, tab in TABS if name == screen]


@pytest.mark.parametrize("reader", READERS)
def test_the_menu_offers_what_may_be_opened_and_nothing_else(screens_on: Make, reader: str) -> None:
    app = screens_on("empty").signed_in(reader)
    open_ones = {
        name
        for name, key in addresses(app).items()
        if not str(app._registered_pages[key]["script_path"]).endswith("closed.py")
    }
    assert open_ones == {name for name, readers in MAY_OPEN.items() if reader in readers}


def test_before_the_first_password_every_address_leads_to_changing_it(screens_on: Make) -> None:
    app = screens_on("filled").signed_in("newcomer")
    assert [title.value for title in app.title] == ["パスワード変更"]
    assert "最初のサインインです" in app.info[0].value
    assert not cards_of(app)


@on_both
@pytest.mark.parametrize("reader", sorted(EVERYBODY))
def test_every_figure_on_the_home_screen_names_definition_basis_day_and_source(
    screens_on: Make, database: str, reader: str
) -> None:
    app = screens_on(database).signed_in(reader)
    figures = [
        card
        for card in cards_of(app)
        if card.value[:1].isdecimal() and not re.search("日前|月", card.value)
    ]
    kept = (reader, database) == ("officer", "filled")
    assert bool(figures) == (kept or reader == "secretariat")
    known = {source.publisher for source in REFERENCE.sources.values()}
    for figure in figures:
        assert list(figure.terms) == ["定義", "集計基準", "基準日", "出典"]
        assert all(figure.terms.values())
        assert re.search(r"\((実績|予定|仮定)\)$", figure.terms["基準日"])
        source = figure.terms["出典"]
        assert source.endswith("(台帳)") or any(name in source for name in known), source


def test_the_secretariat_is_told_wishes_considered_and_unanswered_apart(screens_on: Make) -> None:
    def told(database: str) -> dict[str, str]:
        app = screens_on(database).signed_in("secretariat")
        return {card.title: card.value for card in cards_of(app) if card.terms}

    assert told("empty") == {
        "希望以上の団体": "0団体",
        "検討中の団体": "0団体",
        "未回答の団体": "不明",  # nobody was asked here before the first wish
        "のべ希望プラン": "0件",
    }
    # 堺市: 6プランから辞退1; 枚方市: 1
    assert told("filled") == {
        "希望以上の団体": "2団体",
        "検討中の団体": "0団体",
        "未回答の団体": "41団体",
        "のべ希望プラン": "6件",
    }


@pytest.mark.parametrize("reader", ["public", "officer", "secretariat"])
def test_the_systems_are_told_as_known_best_with_day_and_origin(
    screens_on: Make, reader: str
) -> None:
    app = screens_on("filled").signed_in(reader)
    table = next(t for t in tables_of(app) if "内訳と、いつの何による数か" in t.columns)
    assert list(table["参加"]) == ["34団体", "35団体", "6団体", "不明"]
    assert "うち名前がわかる22団体" in table["内訳と、いつの何による数か"].iloc[0]
    assert ("わがまち" in table.columns) == (reader == "officer")


def test_the_public_is_not_shown_the_ledger(screens_on: Make) -> None:
    app = screens_on("filled").signed_in("public")
    assert not {"のべ希望プラン", "未回答の団体"} & {card.title for card in cards_of(app)}


def test_a_disabled_account_is_out_at_its_next_click(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = screens.open(screens.signed_in("officer"), "our_municipality")
    assert app.title[0].value == "堺市"
    set_account_active(
        screens.engine, CONSOLE, username="test-officer", active=False, now=context.now()
    )
    app.run()
    assert not app.exception
    assert app.title[0].value == CLOSED
    assert "サインインが終了しました" in app.warning[1].value
    assert not any(s in shown_text(app) for s in OFFICIAL_SECRETS)
    next(b for b in app.button if b.label == "サインインせずに続ける").click().run()
    assert len(app.warning) == 1  # the fixed day
    assert app.title[0].value == CLOSED


def test_signing_out_elsewhere_ends_this_session_too(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = screens.signed_in("viewer")
    sign_out(screens.engine, Principal("test-viewer", "", Role.VIEWER), now=context.now())
    app.run()
    assert "サインインが終了しました" in app.warning[1].value
    assert not app.exception


def test_the_button_signs_out_and_forgets_what_was_entered(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = screens.signed_in("secretariat")
    app.session_state["plans.demand"] = 123
    next(b for b in app.button if b.label == "サインアウト").click().run()
    assert not app.exception
    assert "plans.demand" not in app.session_state
    assert not [card for card in cards_of(app) if card.title == "未回答の団体"]
    assert not [b for b in app.button if b.label == "サインアウト"]


def test_a_session_taken_over_by_another_browser_is_nobody(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = screens.signed_in("officer")
    screens.cookies["_streamlit_xsrf"] = "another-browser"
    app.run()
    assert not app.exception
    assert not [b for b in app.button if b.label == "サインアウト"]


def test_a_page_that_connects_again_is_still_its_readers(screens_on: Make) -> None:
    """Streamlit writes its anti-forgery cookie anew each time: the same in another mask."""
    screens = screens_on("filled")
    held = b"sixteen bytes of"
    screens.cookies["_streamlit_xsrf"] = generate_xsrf_token_string(held)
    app = screens.signed_in("officer")
    screens.cookies["_streamlit_xsrf"] = generate_xsrf_token_string(held)
    app.run()
    assert [b for b in app.button if b.label == "サインアウト"]
    screens.cookies["_streamlit_xsrf"] = generate_xsrf_token_string(b"another browser's")
    app.run()
    assert not [b for b in app.button if b.label == "サインアウト"]


def test_the_cookie_alone_signs_a_new_session_in(screens_on: Make) -> None:
    screens = screens_on("filled")
    screens.cookies[context.COOKIE] = screens.tokens["officer"]
    app = screens.signed_in("public")
    assert [b for b in app.button if b.label == "サインアウト"]
    screens.cookies[context.COOKIE] = "made-up"
    assert not [b for b in screens.signed_in("public").button if b.label == "サインアウト"]


def test_the_form_signs_in_and_a_wrong_password_says_one_thing_only(screens_on: Make) -> None:
    screens = screens_on("empty")
    said = []
    for name, password in (("test-officer", "違うパスワード"), ("いない人", "違うパスワード")):
        app = screens.open(screens.signed_in("public"), "sign_in")
        app.text_input[0].set_value(name)
        app.text_input[1].set_value(password)
        app.button[0].click().run()
        assert not app.exception
        said.append([error.value for error in app.error])
    assert len(said[0]) == 1
    assert said[0] == said[1]


def test_the_form_can_be_left_to_the_provider_of_accounts(
    screens_on: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    screens = screens_on("empty")
    assert provider.LABEL not in shown_text(screens.open(screens.signed_in("public"), "sign_in"))
    monkeypatch.setenv("NORIAI_OIDC_DISCOVERY_URL", f"https://idp.example{DISCOVERY}")
    for name in ("CLIENT_ID", "CLIENT_SECRET", "OFFICER"):
        monkeypatch.setenv(f"NORIAI_OIDC_{name}", "noriai")
    context.settings.cache_clear()
    app = screens.open(screens.signed_in("public"), "sign_in")
    assert provider.LABEL in shown_text(app)
    assert len(app.text_input) == 2
    monkeypatch.setenv("NORIAI_PASSWORD_SIGN_IN", "false")
    context.settings.cache_clear()
    app = screens.open(screens.signed_in("public"), "sign_in")
    assert provider.LABEL in shown_text(app)
    assert len(app.text_input) == 0


def test_a_name_made_of_markup_is_shown_as_it_was_typed(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = screens.open(screens.signed_in("officer"), "our_municipality")
    assert any(r"\<b\>\*二つ\*\</b\>" in m.value for m in app.markdown)
    assert any(r"見送り\_" in m.value for m in app.markdown)


def test_sign_in_still_works_for_these_accounts(screens_on: Make) -> None:
    """The matrix above uses sessions made beforehand: they are those of the real sign-in."""
    screens = screens_on("empty")
    token = sign_in(
        screens.engine,
        PUBLIC,
        username="test-officer",
        password=PASSWORD,
        now=context.now(),
    )
    assert len(token) == len(screens.tokens["officer"])


@pytest.mark.parametrize("screen", [*ADDRESSES, "sign_in", "sign_ins", "password"])
def test_made_up_data_is_marked_on_every_screen(screens_on: Make, screen: str) -> None:
    screens = screens_on("filled")
    app = screens.open(screens.signed_in("secretariat"), screen)
    assert not any(widgets.MADE_UP in warning.value for warning in app.warning)
    with writing(screens.engine) as session:
        session.add(DemonstrationRow(id=1, made_at=context.now()))
        record_audit(session, CONSOLE, context.now(), "demonstration:fill", "", {})
    app = screens.open(app, screen)
    assert any(widgets.MADE_UP in warning.value for warning in app.warning)


def test_a_file_made_later_knows_that_its_data_is_made_up(screens_on: Make) -> None:
    """Streamlit makes it in a thread of its own, where no session is."""
    screens = screens_on("filled")
    with ThreadPoolExecutor(1) as elsewhere:
        assert not elsewhere.submit(widgets.made_up).result()
        with writing(screens.engine) as session:
            session.add(DemonstrationRow(id=1, made_at=context.now()))
            record_audit(session, CONSOLE, context.now(), "demonstration:fill", "", {})
        assert elsewhere.submit(widgets.made_up).result()
