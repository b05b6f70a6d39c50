"""カタログ: a year is opened, decided thing by thing and published; a new system appears by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest
from streamlit.testing.v1 import AppTest

from core.access.principal import CONSOLE
from core.commands.initial_data import fill_initial_data
from core.commands.ledger import record_participation
from core.commands.municipalities import merge_municipalities
from core.procurement.event import EventKind
from core.procurement.recording import Entry
from core.reference.catalogue import Catalogue, YearState
from core.reference.entry import content_of
from core.reference.pack import load_reference
from core.reference.parts import apart
from core.settings import PROJECT
from core.store.catalogue import kept_catalogue
from core.values.fiscal import FiscalYear, parse_date
from core.views.municipalities import municipalities_view
from dashboard import context
from dashboard.catalogue.fields import FIELDS, SOURCE, completed, fields_of, held
from dashboard.catalogue.screen import thing_id
from tests.support.cards import tables_of
from tests.support.mergers import card_of
from tests.support.screens import Screens, as_read, shown_text

PAGE = "catalogue"


def press(app: AppTest, label: str) -> AppTest:
    return next(each for each in app.button if each.label.startswith(label)).click().run()


def write(app: AppTest, label: str, text: str) -> None:
    fields = [*app.text_input, *app.text_area]
    next(each for each in fields if as_read(each.label).startswith(label)).set_value(text)


def pick(app: AppTest, label: str, shown: str) -> None:
    next(each for each in app.selectbox if each.label.startswith(label)).select(shown)


def opened(screens_on: Callable[[str], Screens]) -> Screens:
    """On a database that a server has just begun."""
    screens = screens_on("empty")
    fill_initial_data(context.engine(), CONSOLE, reference=context.pack(), now=context.now())
    return screens


def known() -> Catalogue:
    found = kept_catalogue(context.engine())
    assert found is not None
    return found


def test_the_next_year_is_opened_decided_and_published(
    screens_on: Callable[[str], Screens],
) -> None:
    screens = opened(screens_on)
    app = screens.open(screens.signed_in("secretariat"), PAGE)
    assert not app.exception
    app = press(app, "下書きをつくる")
    year = context.this_fiscal_year() + 1
    assert known().states[FiscalYear(year)] is YearState.DRAFT
    text = as_read(shown_text(app))
    assert "まだ決めていないもの" in text
    assert next(each for each in app.button if each.label == "公開する").disabled

    fourth = f"fy={year}&thing={thing_id('plans', '4')}"
    app = screens.open(app, PAGE, fourth)
    write(app, "1回あたりの費用", "120000")
    app = press(app, "この年度のものとして記録する")
    assert "を記録しました" in as_read(shown_text(app))
    (rows, *_) = tables_of(app)
    assert "変える" in rows["決めたこと"].to_string()

    app = press(app, "未定の")
    app = press(app, "未定の") if known().undecided(FiscalYear(year)) else app
    go = [each for each in app.button if each.label.startswith("未定の")]
    if go:
        app = go[-1].click().run()
    assert known().undecided(FiscalYear(year)) == ()
    app = press(app, "公開する")
    app = [each for each in app.button if each.label == "公開する"][-1].click().run()
    assert known().published[-1] == year
    plans = context.reference().of(FiscalYear(year)).plans
    assert [plan.unit_price for plan in plans if plan.number == 4] == [120_000]
    assert all(plan.unit_price is None for plan in context.reference().of(FiscalYear(2023)).plans)


def test_a_new_system_and_its_published_total_appear_on_the_public_screen(
    screens_on: Callable[[str], Screens],
) -> None:
    screens = opened(screens_on)
    app = screens.open(
        screens.signed_in("secretariat"), PAGE, f"tab=共同調達&thing={thing_id('procurements', '')}"
    )
    assert not app.exception
    write(app, "英字の見出し", "genai")
    write(app, "名称", "生成AI")
    write(app, "短い名称", "生成AI")
    write(app, "調達の年度", "令和8年度")
    write(app, "内容", "職員が文章の下書きに使う生成AI")
    write(app, "区分", "A | 全庁 | 全職員で使う\nB | 試行 | 一部の課で使う")
    write(app, "日程", "公募 | 2026-12 | 予定")
    pick(app, "無償版", "なし")
    pick(app, "調達スキーム", context.reference().procurements.schemes[0].method)
    pick(app, "出典", "新しい出典を書く")
    app = app.run()
    write(app, "題名", "生成AIの共同調達について")
    write(app, "発行者", "事務局")
    write(app, "日付", "2026-11-20")
    write(app, "利用条件", "明示なし")
    app = press(app, "記録する")
    assert "を記録しました" in as_read(shown_text(app))
    system = context.reference().procurements.programme("genai")
    assert [lot.label for lot in system.lots] == ["全庁", "試行"]
    assert context.reference().sources[system.source].title == "生成AIの共同調達について"

    app = screens.open(app, "procurement", "programme=genai")
    assert not app.exception
    assert "生成AI" in as_read(shown_text(app))


def test_what_cannot_stand_is_said_at_its_field_and_nothing_is_recorded(
    screens_on: Callable[[str], Screens],
) -> None:
    screens = opened(screens_on)
    before = len(known().entries)
    app = screens.open(
        screens.signed_in("secretariat"), PAGE, f"tab=予算・調査&thing={thing_id('budgets', '')}"
    )
    app = press(app, "記録する")
    text = as_read(shown_text(app))
    assert "額(千円)を書いてください。" in text
    assert "出典を選んでください。" in text
    assert len(known().entries) == before


@pytest.mark.parametrize("folder", ["data", "packs/shiga"])
def test_a_form_gives_back_what_it_was_shown(folder: str) -> None:
    asked = set()
    pack = load_reference(PROJECT / folder)
    for part, _, value in apart(pack.files):
        for each in fields_of(part.name, pack) if part.name in FIELDS else ():
            shown = each.shown(held(value, each.name))
            assert len(shown) <= each.longest, (part.name, each.name)
            if each is not SOURCE and (shown or not each.optional):
                made = each.taken(value, shown)
                assert content_of(made) == content_of(value), (part.name, each.name)
                asked.add(part.name)
    assert asked >= {"names", "procurement", "procurements", "sources"}


def test_a_line_keeps_what_the_form_does_not_ask_and_a_lost_word_its_correction() -> None:
    [told] = [
        v for p, _, v in apart(load_reference(PROJECT / "data").files) if p.name == "interview"
    ]
    [answers] = [each for each in FIELDS["interview"] if each.name == "answers"]
    lines = answers.shown(told["answers"]).splitlines()
    made = completed(
        "interview", answers.taken(told, "\n".join([lines[1], "neu | 問 | 答 // 続き"]))
    )
    kept, new = made["answers"]
    assert kept == told["answers"][1]
    assert kept["corrections"]
    assert new == {
        "key": "neu",
        "question": "問",
        "paragraphs": ("答", "続き"),
        "budgets": (),
        "corrections": (),
    }
    without = answers.taken(told, lines[1].replace("苦労", "骨折り"))
    assert completed("interview", without)["answers"][0]["corrections"] == ()


def test_words_menu_and_scale_merit_are_the_secretariats(
    screens_on: Callable[[str], Screens],
) -> None:
    screens = opened(screens_on)
    reader = screens.signed_in("secretariat")
    for tab, part, label, text in (
        ("スキーム・あらまし・言葉", "names", "連携の名前", "デジタル連携"),
        ("スキーム・あらまし・言葉", "procurement", "スケールメリットの率", "1/4"),
        (
            "年度のカタログ",
            "advisors",
            "支援メニュー",
            "エ | 生成AIの支援 | 4 | 試行を支援する。 // 規程を整える。 | | ",
        ),
    ):
        app = screens.open(reader, PAGE, f"tab={tab}&thing={thing_id(part, '')}")
        write(app, label, text)
        press(app, "この年度のものとして記録する" if part == "advisors" else "記録する")
    app = screens.open(
        reader, PAGE, f"tab=スキーム・あらまし・言葉&thing={thing_id('procurement', '')}"
    )
    write(app, "スケールメリットの率", "五分")
    app = press(app, "記録する")
    reference = context.reference()
    assert reference.names.alliance == "デジタル連携"
    assert reference.procurements.scale_merit.rate == Fraction(1, 4)
    [item] = reference.advisors.guide.menu
    assert (item.label, item.times, item.descriptions) == (
        "生成AIの支援",
        4,
        ("試行を支援する。", "規程を整える。"),
    )
    assert "五分" in as_read(shown_text(app))


def test_a_published_total_begins_with_the_system_one_comes_from(
    screens_on: Callable[[str], Screens],
) -> None:
    screens = opened(screens_on)
    place = f"tab=公表値&thing={thing_id('published_totals', '')}"
    for asked, shown in (("&programme=eapply", "eapply"), ("&programme=<b>", None), ("", None)):
        app = screens.open(screens.signed_in("secretariat"), PAGE, place + asked)
        [field] = [each for each in app.selectbox if each.label.startswith("共同調達")]
        assert field.value == shown


def test_nobody_else_sees_the_page(screens_on: Callable[[str], Screens]) -> None:
    screens = opened(screens_on)
    for reader in ("public", "officer", "viewer"):
        app = screens.open(screens.signed_in(reader), PAGE)
        assert "下書き" not in as_read(shown_text(app))


def test_a_merger_is_recorded_with_what_it_touches_said_before(
    screens_on: Callable[[str], Screens],
) -> None:
    screens = opened(screens_on)
    joined = Entry("273414", "chat", EventKind.JOINED, parse_date("2021-05-01"), "通知")
    record_participation(
        context.engine(), CONSOLE, entry=joined, seen_event=0, reference=context.reference(),
        request_id="j", now=context.now(),
    )  # fmt: skip
    app = screens.open(
        screens.signed_in("secretariat"), PAGE, "tab=市町村&thing=municipality.merge"
    )
    assert not app.exception
    assert "今日の時点で43市町村" in as_read(shown_text(app))
    app.date_input[0].set_value(date(2024, 1, 1))
    pick(app, "合併後の団体", "阪南市が残る(編入合併)")
    app.multiselect[0].select("忠岡町")
    app = app.run()
    assert not app.exception
    text = as_read(shown_text(app))
    assert (
        "参加しているシステム・事業 1件: 令和6年1月1日から、合併後の団体の参加として数えます"
        in text
    )
    assert "令和6年1月1日より前の数・図・履歴は変わりません" in text
    write(app, "役所・役場の緯度", "北緯34度")
    app = [each for each in app.button if each.label == "合併を記録する"][-1].click().run()
    assert "緯度は、20から46までの度" in as_read(shown_text(app))
    assert not context.reference().succession.days

    write(app, "役所・役場の緯度", "34.3594")
    app = app.run()
    app = [each for each in app.button if each.label == "合併を記録する"][-1].click().run()
    assert not app.exception
    text = as_read(shown_text(app))
    assert "令和6年1月1日の合併を記録しました" in text
    assert "今日の時点で42市町村" in text
    there = context.reference()
    assert len(there.municipalities) == 42
    assert there.by_code["272329"].population == 51_254 + 16_567
    rows = tables_of(app)[0]
    assert list(rows["合併先"])[:3] == ["—", "—", "阪南市"]

    app = screens.open(app, "procurement", "programme=chat&as_of=2023-12-31")
    assert "43市町村" in as_read(shown_text(app))
    assert "忠岡町" in as_read(shown_text(app))
    app = screens.open(app, "procurement", "programme=chat&as_of=2024-01-01&municipality=273414")
    assert not app.exception
    text = as_read(shown_text(app))
    assert "阪南市の履歴" in text
    assert "旧忠岡町の参加" in text
    for page in ("home", "kpi", "ledger", "administration", "plans"):
        app = screens.open(app, page)
        assert not app.exception, page


def test_an_officer_of_a_municipality_that_ended_is_told_and_the_secretariat_moves_them(
    screens_on: Callable[[str], Screens],
) -> None:
    screens = opened(screens_on)
    officer, office = screens.signed_in("officer"), screens.signed_in("secretariat")
    merge_municipalities(
        context.engine(), CONSOLE, ended=("271403",), card=card_of("271004"),
        day=date(2026, 4, 1), reason="", reference=context.reference(), request_id="m",
        seen=municipalities_view(context.engine(), CONSOLE, context.reference()).seen,
        now=context.now(),
    )  # fmt: skip
    app = screens.open(office, "administration")
    assert not app.exception
    told = next(each.value for each in app.warning if "合併で終わった団体" in each.value)
    assert "(旧堺市→大阪市)" in as_read(told)
    for page in ("home", "our_municipality", "procurement", "plans"):
        app = screens.open(officer, page)
        assert not app.exception, page
        text = as_read(shown_text(app))
        assert "堺市は令和8年4月1日に大阪市になりました" in text, page
        assert "事務局に頼んでください" in text, page


def test_a_municipality_becomes_a_city_from_a_day_on(
    screens_on: Callable[[str], Screens],
) -> None:
    screens = opened(screens_on)
    app = screens.open(
        screens.signed_in("secretariat"), PAGE, "tab=市町村&thing=municipality.change.273660"
    )
    app = press(app, "この日から変える")
    assert "変わる日を選んでください" in as_read(shown_text(app))
    app.date_input[0].set_value(date(2026, 4, 1))
    write(app, "名称", "岬市")
    pick(app, "区分", "一般市")
    app = press(app.run(), "この日から変える")
    assert not app.exception
    assert "岬市の、令和8年4月1日からの内容を記録しました" in as_read(shown_text(app))
    reference = context.reference()
    assert reference.by_code["273660"].name == "岬市"
    assert reference.on(date(2026, 3, 31)).by_code["273660"].name == "岬町"
    app = press(app, "最後の記録を取り消す")
    app = [each for each in app.button if each.label == "最後の記録を取り消す"][-1].click().run()
    assert context.reference().by_code["273660"].name == "岬町"
