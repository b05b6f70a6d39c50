"""プラン選択・費用試算: what is shown is what core computes, links, keeping, handing in."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl

import pytest
from lxml import html
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import TextInput

from core.access.principal import Principal, Role
from core.commands.estimates import keep_estimate
from core.estimate.calculation import NOTHING_CHOSEN, estimate
from core.estimate.link import ESTIMATE_LINK
from core.estimate.request import EstimateRequest, PlanChoice
from core.store.engine import reading
from core.store.estimates import kept_estimates
from core.store.parameters import all_parameters
from core.store.wishes import wish_events
from core.support.wish import WishState, current_wishes
from dashboard import context
from tests.support.cards import cards_of, copied_of, press, press_row, tables_of
from tests.support.opened import OPENED
from tests.support.reference import REFERENCE
from tests.support.screens import HIRAKATA, SAKAI, Screens, as_read, queries, shown_text

Make = Callable[[str], Screens]
COMPARING = "保存した試算"
ADDRESSES = [
    # address, and 歳出, 府補助金, 一般財源 reckoned by hand (None: core alone is the reference)
    ("fy=2027&plans=6:12,4:11", (2_300_000, 1_150_000, 1_150_000)),
    ("fy=2027&plans=1:7&start=10", (700_000, 350_000, 350_000)),
    ("fy=2027&plans=6:12,4:11&rate=1/3", (2_300_000, 766_000, 1_534_000)),
    ("fy=2027&plans=2:5,3:1&fee=123457&unit=1", (740_742, 370_371, 370_371)),
    ("fy=2027&plans=2:5,3:1&fee=123457&rate=1/3&scope=plan&unit=100", (740_742, 246_800, 493_942)),
    ("fy=2023&plans=7:1&rate=0", (100_000, 0, 100_000)),
    ("fy=2027&plans=1:12,2:12,3:12,4:12,5:12,6:12,7:12&years=3", None),
]
HOSTILE = [
    "plans=6:99,9:12&rate=1e99999&fy=1900&fee=-5",
    "plans=6:99,9:12&fy=1900&fee=-5",
    "fy=99999999999999999999999999&plans=6:12",
    "fy=" + "9" * 5000,
    "plans=6:-1,0:0,-3:5",
    "plans=;DROP TABLE account",
    "plans=6:12&start=0&years=99&unit=7",
    "plans=6:12&kind=<script>alert(1)</script>",
    "plans=6:12&rate=1/0",
    "plans=6:12&direction=sideways&scope=galaxy",
]

both = pytest.mark.parametrize("reader", ["public", "officer"])


def core_estimate(screens: Screens, query: str):
    with reading(screens.engine) as session:
        parameters = all_parameters(session)
    asked = ESTIMATE_LINK.read(dict(parse_qsl(query)), 2027)
    in_order = tuple(sorted(asked.choices, key=lambda choice: choice.plan))
    return estimate(replace(asked, choices=in_order), REFERENCE.plan_offers, parameters)


def bar(app: AppTest) -> html.HtmlElement:
    """What stands in the bar at the foot."""
    [found] = [e.proto.body for e in app.get("html") if "noriai-result" in e.proto.body]
    return html.fragment_fromstring(found)


def words(element: html.HtmlElement, path: str) -> list[str]:
    """The words of some elements."""
    return [" ".join(each.text_content().split()) for each in element.xpath(path)]


def amounts(app: AppTest) -> dict[str, list[str]]:
    """歳出, 府補助金, 一般財源 of the breakdown, in yen and 千円."""
    table = tables_of(app)[0]
    return {
        name: list(table.loc[["合計", "千円(予算書の単位)"], name])
        for name in ("歳出", "府補助金", "一般財源")
    }


def net(app: AppTest) -> str:
    """The figure everything is about; empty while there is none."""
    return "".join(words(bar(app), "//p[@class='big']/b"))


def button(app: AppTest, label: str):
    [found] = [b for b in app.button if b.label == label]
    return found


def test_a_plan_whose_text_was_read_otherwise_says_what_was_printed(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = screens.open(screens.signed_in("public"), "plans", "")
    told = {b.label[:4]: "印字" in b.label for b in app.checkbox}
    assert [number for number, said in told.items() if said] == ["**1.", "**3.", "**6."]
    assert "は印字「シェアリング力」の読み替え(推定)" in "".join(
        as_read(b.label) for b in app.checkbox
    )


@pytest.mark.parametrize("database", ["empty", "filled"])
@pytest.mark.parametrize(("query", "by_hand"), ADDRESSES)
def test_the_estimate_shown_is_the_one_core_computes(
    screens_on: Make, database: str, query: str, by_hand: tuple[int, int, int] | None
) -> None:
    screens = screens_on(database)
    app = screens.open(screens.signed_in("public"), "plans", query)
    assert not app.exception
    found = core_estimate(screens, query)
    assert app.query_params == ESTIMATE_LINK.write(found.request)
    year = found.first
    shown = amounts(app)
    thousands = year.thousands
    assert net(app) == f"{year.net:,}円"
    assert shown["歳出"] == [f"{year.gross:,}円", f"{thousands.gross:,}"]
    assert shown["府補助金"] == [f"{year.subsidy:,}円", f"{thousands.subsidy:,}"]
    assert shown["一般財源"] == [f"{year.net:,}円", f"{thousands.net:,}"]
    if by_hand and ("rate" in query or database == "empty"):  # filled: 1/3 from FY2027
        assert (int(year.gross), int(year.subsidy), int(year.net)) == by_hand


def test_a_rate_recorded_for_next_year_counts_from_its_first_day(screens_on: Make) -> None:
    screens = screens_on("filled")
    for fiscal_year, expected in ((2026, "600,000円"), (2027, "800,000円")):
        query = f"fy={fiscal_year}&plans=6:12"
        app = screens.open(screens.signed_in("public"), "plans", query)
        assert net(app) == expected


@both
def test_what_the_estimate_rests_on_is_one_click_away(screens_on: Make, reader: str) -> None:
    screens = screens_on("filled")
    app = screens.open(screens.signed_in(reader), "plans", "fy=2027&plans=6:12&tab=計算の過程")
    [working] = [m.value for m in app.markdown if m.value.startswith("**計算の過程**")]
    assert "1,200,000円 × 1/3" in as_read(working)
    premises = working.partition("**前提と出典**")[2].strip().splitlines()[2:]
    assert len(premises) == 8  # seven values, and that the plans are those of an earlier year
    assert all(re.search(r" 出典: \S+", text) for text in premises), premises
    assert "令和9年2月1日付け 府通知第123号" in as_read(working)
    assert "適用日 2027-04-01" in as_read(working)


def test_why_an_amount_is_provisional_stands_beside_it(screens_on: Make) -> None:
    screens = screens_on("empty")
    for query, said in (
        (
            "fy=2027&plans=6:12",
            "仮の額。令和9年度の費用・補助条件は公表・登録されていないため、令和5年度の値を準用した。",
        ),
        (
            "fy=2023&plans=6:12",
            "仮の額。公表(検討中): 補助率 1/2。仮定(要確認): 補助金の端数処理(",
        ),
    ):
        shown = bar(screens.open(screens.signed_in("public"), "plans", query))
        assert said in words(shown, "//div[@class='note']")[0]
        assert words(shown, "//p[@class='big']/span") == ["仮"]


def test_each_plan_says_what_it_costs_before_anything_is_chosen(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = screens.open(screens.signed_in("public"), "plans", "fy=2027&municipality=273228")
    assert not net(app)
    for row in app.checkbox:
        assert ":small[年額 **1,200,000円**]" in row.label
        assert ":small[町の負担 **600,000円**]" in row.label
        assert re.search(r":small\[希望 \*\*\d団体\*\*\]", row.label)


@both
@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: query[:40])
def test_a_hostile_link_is_answered_in_japanese(screens_on: Make, reader: str, query: str) -> None:
    screens = screens_on("filled")
    app = screens.open(screens.signed_in(reader), "plans", query)
    assert not app.exception
    said = [line for w in app.warning[1:] for line in w.value.split("\n\n")]  # first: the day
    assert said
    assert all(re.search(r"[ぁ-ん]", text) and len(text) < 200 for text in said), said
    assert not any("<script" in text.replace("\\<", "") for text in said)
    assert app.title[0].value == "プラン選択・費用試算"
    # the page works on: a plan can still be chosen
    app.checkbox(key="plans.on.6").set_value(True).run()
    assert not app.exception
    assert net(app)


def test_every_problem_of_a_link_is_named(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = screens.open(
        screens.signed_in("public"), "plans", "plans=6:99,9:12&fy=1900&fee=-5&start=13"
    )
    said = "\n".join(w.value for w in app.warning)
    for words in ("プラン9", "回数99", "年度「1900」", "費用「-5」", "開始月「13」"):
        assert words in said.replace("\\", ""), words


def test_choosing_and_changing_visits_moves_amounts_and_address(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = screens.open(screens.signed_in("public"), "plans")
    assert not net(app)
    app.checkbox(key="plans.on.6").set_value(True).run()
    assert net(app) == "600,000円"
    app.checkbox(key="plans.on.4").set_value(True).run()
    app.text_input(key="plans.visits").set_value("７回").run()
    assert net(app) == "700,000円"
    assert app.query_params == {"fy": "2027", "plans": "4:7,6:7"}
    app.text_input(key="plans.visits.6").set_value("十").run()
    assert net(app) == "850,000円"
    assert app.query_params["plans"] == "4:7,6:10"
    assert app.text_input(key="plans.visits").value == ""  # they differ
    app.text_input(key="plans.visits").set_value("7").run()
    app.selectbox(key="plans.start_month").select(10).run()
    assert app.query_params["start"] == "10"
    assert "残りは6か月" in words(bar(app), "//div[@class='note']")[0]
    app.selectbox(key="plans.start_month").select(4).run()
    assert "残りは" not in words(bar(app), "//div[@class='note']")[0]


@pytest.mark.parametrize(
    ("field", "typed"), [("plans.visits", "13"), ("plans.visits.6", "1,2"), ("plans.visits.6", "")]
)
def test_visits_that_cannot_be_leave_an_old_result_that_says_so(
    screens_on: Make, field: str, typed: str
) -> None:
    screens = screens_on("empty")
    app = screens.open(screens.signed_in("officer"), "plans", "fy=2027&plans=6:11")
    app.text_input(key=field).set_value(typed).run()
    assert not app.exception
    assert app.text_input(key=field).value == typed
    assert "old" in bar(app).get("class").split()
    assert "直す前" in words(bar(app), "//p[@class='old']")[0]
    assert net(app) == "550,000円"
    assert app.query_params["plans"] == "6:11"
    [error] = app.error
    assert error.value.startswith(f"「{typed}」は" if typed else "プラン6の年間回数を書いて")
    assert all(each.proto.disabled for each in app.get("download_button"))
    assert button(app, "この試算を保存").disabled
    assert button(app, "1プランを「希望」として提出").disabled
    app.text_input(key=field).set_value("10").run()
    assert bar(app).get("class") == "noriai-result"
    assert net(app) == "500,000円"
    assert not any(each.proto.disabled for each in app.get("download_button"))


def test_an_amount_of_ones_own_is_read_as_people_write_it(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = screens.open(
        screens.signed_in("public"), "plans", "fy=2027&plans=6:12&tab=条件を変えて試す"
    )
    app.text_input(key="plans.unit_price").set_value("12万").run()
    assert net(app) == "720,000円"
    assert app.query_params["fee"] == "120000"
    assert any("12万 = 120,000円" in as_read(c.value) for c in app.caption)
    app.text_input(key="plans.unit_price").set_value("1e9").run()
    assert net(app) == "720,000円"
    assert "old" in bar(app).get("class")
    app.text_input(key="plans.rate").set_value("2").run()
    app.text_input(key="plans.unit_price").set_value("").run()
    assert net(app) == "720,000円"
    assert any("補助率は0以上1以下" in as_read(e.value) for e in app.error)
    app.button(key="plans.forget").click().run()
    assert net(app) == "600,000円"
    assert app.query_params.keys() == {"fy", "plans", "tab"}


def test_the_address_written_gives_another_reader_the_same_figures(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = screens.open(
        screens.signed_in("public"), "plans", "fy=2027&plans=6:5,2:3&rate=1/3&unit=1&start=6"
    )
    query = "&".join(f"{k}={v}" for k, v in app.query_params.items())
    other = screens.open(screens.signed_in("viewer"), "plans", query)
    assert (net(other), amounts(other)) == (net(app), amounts(app))
    assert words(bar(other), "//p") == words(bar(app), "//p")


def test_scenarios_that_cannot_be_say_why(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = screens.open(
        screens.signed_in("public"), "plans", "fy=2027&plans=6:12&tab=条件を変えて試す"
    )
    app.text_input(key="plans.demand").set_value("1").run()
    app.text_input(key="plans.shortfall").set_value("5").run()
    assert not app.exception
    said = "\n".join(e.value for e in app.error)
    assert "申請総額は自団体の補助額" in said
    assert "不足額は0円以上" in said
    assert "三つの場合は出せません" in words(bar(app), "//p[@class='cases']")[0]
    app.text_input(key="plans.demand").set_value("1,200万").run()
    app.text_input(key="plans.shortfall").set_value("600万").run()
    assert words(bar(app), "//dd") == ["600,000円", "1,200,000円", "900,000円"]


def test_no_plan_chosen_is_not_a_figure_of_zero(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = screens.open(screens.signed_in("public"), "plans")
    assert not net(app)
    assert any(NOTHING_CHOSEN in i.value for i in app.info)
    assert all(each.proto.disabled for each in app.get("download_button"))


def keeping(screens: Screens, query: str, reader: str = "officer") -> AppTest:
    """The plans page of somebody who may keep and hand in."""
    return screens.open(screens.signed_in(reader), "plans", query)


def kept_by(screens: Screens, lg_code: str) -> list:
    with reading(screens.engine) as session:
        return list(kept_estimates(session, lg_code).values())


def the_name(app: AppTest) -> TextInput:
    return next(each for each in app.text_input if each.label == "試算の名前")


@pytest.mark.parametrize("reader", ["public", "viewer", "secretariat"])
def test_only_an_officer_is_offered_to_keep_and_hand_in(screens_on: Make, reader: str) -> None:
    app = keeping(screens_on("filled"), "fy=2027&plans=6:12", reader=reader)
    assert not [b for b in app.button if "提出" in b.label or "保存" in b.label]
    offered = [p.proto.label for p in app.get("page_link") if "保存・提出" in p.proto.label]
    assert len(offered) == (reader == "public")


def test_keeping_under_a_name_and_the_same_name_refused(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = keeping(screens, "fy=2027&plans=6:12,4:11")
    for attempt in range(2):
        the_name(app).set_value(" 当初案 ")
        button(app, "この試算を保存").click().run()
        assert not app.exception
        if attempt == 0:
            (said,) = (s.value for s in app.success)
            told = re.fullmatch(r"試算「当初案」を保存しました。 受領番号 (\d+)", said)
            assert not app.error
    assert [e.value.replace("\\", "") for e in app.error] == [
        "「当初案」という試算は既にあります。別の名前にしてください。"
    ]
    [kept] = kept_by(screens, SAKAI)
    assert (kept.name, int(kept.net), kept.recorded_by) == ("当初案", 1_150_000, "test-officer")
    app = screens.open(app, "our_municipality")
    assert "**当初案** 一般財源 **1,150,000円**" in [m.value for m in app.markdown]
    assert told
    last = f"受領番号 {told[1]}・2026-11-24 "
    assert any(last in m.value.replace("\\", "") for m in app.markdown)
    receipts = next(each for each in tables_of(app) if "控えの要約値" in each.columns)
    row = receipts.iloc[0]
    assert (receipts.index[0], row["操作"]) == (told[1], "試算の保存")
    assert re.fullmatch(r"[0-9a-f]{8}…", row["控えの要約値"])
    press_row(app, told[1])
    [digest] = [text for text in copied_of(app) if re.fullmatch("[0-9a-f]{64}", text)]
    assert digest.startswith(row["控えの要約値"][:8])
    assert "名前: 当初案" in row["内容"]
    home = screens.open(app, "home")
    assert any(last in m.value for m in home.caption)
    app = screens.open(app, "our_municipality")
    [link] = [p for p in app.get("page_link") if p.proto.label == "開く"]
    assert link.proto.query_string == "fy=2027&plans=4%3A11%2C6%3A12"


@pytest.mark.parametrize("name", ["", "  ", "　"])
def test_a_name_is_required(screens_on: Make, name: str) -> None:
    screens = screens_on("empty")
    app = keeping(screens, "fy=2027&plans=6:12")
    the_name(app).set_value(name)
    button(app, "この試算を保存").click().run()
    assert not app.exception
    assert "名前" in app.error[0].value
    assert not kept_by(screens, SAKAI)


def test_handing_in_reaches_our_municipality_and_the_secretariat(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = keeping(screens, "fy=2027&plans=6:12,4:11")
    assert sum(m.value.count("現在 **未回答**") for m in app.markdown) == 2
    button(app, "2プランを「希望」として提出").click().run()
    assert not app.exception
    assert "令和9年度の2プランを「希望」として提出しました" in app.success[0].value
    assert sum(m.value.count("現在 **希望") for m in app.markdown) == 2
    with reading(screens.engine) as session:
        wishes = current_wishes(wish_events(session))
    assert {(k, w.state, w.visits, int(w.net)) for k, w in wishes.items()} == {
        ((SAKAI, 2027, 6), WishState.WISHED, 12, 600_000),
        ((SAKAI, 2027, 4), WishState.WISHED, 11, 550_000),
    }
    app = screens.open(app, "our_municipality")
    assert sum("● **希望**" in m.value for m in app.markdown) == 2
    office = screens.signed_in("secretariat")
    told = {card.title: card.value for card in cards_of(office)}
    assert (told["希望以上の団体"], told["検討中の団体"]) == ("1団体", "0団体")


def test_terms_of_ones_own_cannot_be_handed_in(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = keeping(screens, "fy=2027&plans=6:12&rate=2/3")
    assert button(app, "1プランを「希望」として提出").disabled
    assert any("登録値に戻してください" in c.value for c in app.caption)


def test_plans_in_different_states_are_handed_in_one_by_one(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = keeping(screens, "fy=2027&plans=3:12,4:12")  # 議決 and 契約
    assert not [b for b in app.button if "として提出" in b.label]
    assert any("まとめて提出できません" in i.value for i in app.info)


def test_a_wish_a_colleague_stated_meanwhile_is_not_overwritten(screens_on: Make) -> None:
    screens = screens_on("empty")
    first = keeping(screens, "fy=2027&plans=6:12")
    second = keeping(screens, "fy=2027&plans=6:5")  # still says 未回答
    button(first, "1プランを「希望」として提出").click().run()
    assert first.success
    button(second, "1プランを「希望」として提出").click().run()
    assert not second.exception
    with reading(screens.engine) as session:
        assert [event.visits for event in wish_events(session)] == [12]
    assert any("記録しています" in e.value for e in second.error)


def test_a_wish_a_colleague_advanced_meanwhile_is_not_advanced_again(screens_on: Make) -> None:
    screens = screens_on("filled")
    first, second = (
        screens.open(screens.signed_in("officer"), "our_municipality") for _ in range(2)
    )
    for app in (first, second):  # プラン2 stands at 予算要求
        app.button_group(key="wish.state.2027.2").set_value("withdrawn")
        app.run()
        app.text_area(key="wish.reason.2027.2").set_value("財源がない").run()
    first.button_group(key="wish.state.2027.2").set_value("approved")
    first.run()
    first.button(key="wish.go.2027.2").click().run()
    assert first.success
    second.button(key="wish.go.2027.2").click().run()
    assert not second.exception
    with reading(screens.engine) as session:
        now_is = current_wishes(wish_events(session))[(SAKAI, 2027, 2)]
    assert now_is.state is WishState.APPROVED
    assert any("記録しています" in e.value for e in second.error)


def test_an_estimate_a_colleague_renamed_meanwhile_is_not_discarded(screens_on: Make) -> None:
    screens = screens_on("filled")
    first, second = (
        screens.open(screens.signed_in("officer"), "our_municipality") for _ in range(2)
    )
    [kept] = [one for one in kept_by(screens, SAKAI) if one.name == "継続案"]
    discard = f"kept.discard.{kept.estimate_id}"
    second.button(key=f"{discard}.{kept.estimate_id}.open").click().run()
    assert any("試算「継続案」を一覧から外します" in m.value for m in second.markdown)
    first.text_input(key=f"kept.name.{kept.estimate_id}").set_value("決裁済み")
    first.button(key=f"kept.rename.{kept.estimate_id}").click().run()
    assert first.success
    second.button(key=discard).click().run()
    assert not second.exception
    [after] = [one for one in kept_by(screens, SAKAI) if one.estimate_id == kept.estimate_id]
    assert (after.name, after.state.value) == ("決裁済み", "kept")
    assert any("決裁済み" in e.value for e in second.error)


def test_comparing_more_estimates_asks_the_database_no_more(screens_on: Make) -> None:
    counts = []
    for number in (1, 5):
        screens = screens_on("empty")
        for index in range(number):
            keep_estimate(
                screens.engine,
                Principal("test-officer", "", Role.OFFICER, SAKAI),
                lg_code=SAKAI,
                name=f"案{index}",
                request=EstimateRequest(2027, (PlanChoice(1 + index, 5),)),
                reference=REFERENCE,
                request_id=f"案{index}",
                now=context.now(),
            )
        app = screens.signed_in("officer")
        screens.statements.clear()
        screens.open(app, "plans", f"tab={COMPARING}")
        assert not app.exception
        counts.append(len(queries(screens.statements)))
    assert counts[0] == counts[1]


def test_nothing_of_another_municipality_is_sent(screens_on: Make) -> None:
    screens = screens_on("empty")
    keep_estimate(
        screens.engine,
        Principal("hirakata", "", Role.OFFICER, HIRAKATA),
        lg_code=HIRAKATA,
        name="よその試算",
        request=EstimateRequest(2027, (PlanChoice(1, 5),)),
        reference=REFERENCE,
        request_id="よそ",
        now=context.now(),
    )
    for reader in ("public", "viewer", "officer", "secretariat"):
        query = f"fy=2027&plans=6:12&municipality={HIRAKATA}&tab={COMPARING}"
        assert "よその試算" not in shown_text(keeping(screens, query, reader=reader))
    assert "よその試算" not in shown_text(
        screens.open(screens.signed_in("officer"), "our_municipality")
    )


def test_kept_estimates_stand_beside_the_screen_with_what_differs(screens_on: Make) -> None:
    screens = screens_on("empty")
    for name, plans in (("二つ", ((6, 12), (4, 12))), ("縮小", ((6, 6),))):
        keep_estimate(
            screens.engine,
            Principal("test-officer", "", Role.OFFICER, SAKAI),
            lg_code=SAKAI,
            name=name,
            request=EstimateRequest(2027, tuple(PlanChoice(*each) for each in plans)),
            reference=REFERENCE,
            request_id=name,
            now=context.now(),
        )
    app = keeping(screens, f"fy=2027&plans=6:12&tab={COMPARING}")
    table = tables_of(app)[0]
    assert list(table.columns) == ["画面の試算", "縮小", "二つ"]
    assert {row: list(table.loc[row]) for row in table.index} == {
        "プラン4": ["なし", "なし", "12回"],
        "プラン6": ["12回", "6回", "12回"],
        "歳出": ["1,200,000円", "600,000円", "2,400,000円"],
        "府補助金": ["600,000円", "300,000円", "1,200,000円"],
        "一般財源": ["600,000円", "300,000円", "1,200,000円"],
        "一般財源の差(画面の試算と)": ["－", "△300,000円", "+600,000円"],
    }
    assert any("どれも同じ: 年度 令和9年度、開始月 4月" in as_read(c.value) for c in app.caption)


def test_choices_under_a_ceiling_are_adopted_with_a_click(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = screens.open(screens.signed_in("public"), "plans", "fy=2027&tab=上限から選ぶ")
    app.text_input(key="plans.ceiling").set_value("120万").run()
    assert len(cards_of(app)) == 12
    assert any("**28通り**" in m.value for m in app.markdown)
    press(app, "1.公務員基礎・SD、3.オンライン化", "この組合せにする")
    assert app.query_params["plans"] == "1:12,3:12"
    assert net(app) == "1,200,000円"
    app.text_input(key="plans.ceiling").set_value("").run()
    assert not app.exception
    assert not cards_of(app)


def test_a_ceiling_too_low_says_how_many_visits_fit(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = screens.open(screens.signed_in("public"), "plans", "fy=2027&plans=6:12&tab=上限から選ぶ")
    app.text_input(key="plans.ceiling").set_value("50万円").run()
    assert any("**プラン1つなら10回まで**収まります" in i.value for i in app.info)
    button(app, "全プランの回数を10回にする").click().run()
    assert net(app) == "500,000円"
    assert len(cards_of(app)) == 7
    app.text_input(key="plans.ceiling").set_value("4万").run()
    assert any("1回分も収まりません" in i.value for i in app.info)


def test_months_are_a_chart_only_where_they_differ(screens_on: Make) -> None:
    screens = screens_on("empty")
    for query, charts in (("fy=2027&plans=6:12,4:12", 0), ("fy=2027&plans=6:12,4:11", 1)):
        app = screens.open(screens.signed_in("public"), "plans", query)
        assert len(app.get("arrow_vega_lite_chart") or app.get("vega_lite_chart")) == charts
        assert any("毎月同じ" in m.value for m in app.markdown) == (not charts)


def test_a_municipality_is_chosen_once_and_kept_on_the_way(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = screens.open(screens.signed_in("public"), "plans", "fy=2027&plans=6:12")
    app.selectbox(key="plans.town").select("273228").run()
    assert words(bar(app), "//p[@class='what']") == ["令和9年度 能勢町の負担(一般財源)"]
    assert app.query_params["municipality"] == "273228"
    told = as_read("".join(c.value for c in app.caption))
    assert "似た市町村: 田尻町" in told
    assert "前年度(令和8年度)の希望: 団体別には公表されていません" in told
    app = screens.open(screens.open(app, "trainings"), "plans")
    assert "能勢町" in words(bar(app), "//p[@class='what']")[0]
    assert app.query_params["municipality"] == "273228"
    app.selectbox(key="plans.town").set_value(None).run()
    assert "municipality" not in app.query_params
    wrong = screens.open(screens.signed_in("public"), "plans", "plans=6:12&municipality=999999")
    assert any("団体「999999」は使えません" in as_read(w.value) for w in wrong.warning)


def test_an_officer_estimates_for_their_own_municipality(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = keeping(screens, f"fy=2028&plans=6:12&municipality={HIRAKATA}")
    assert words(bar(app), "//p[@class='what']") == ["令和10年度 堺市の負担(一般財源)"]
    assert app.selectbox(key="plans.town").disabled
    told = as_read("".join(c.value for c in app.caption))
    assert "前年度(令和9年度)の希望: プラン" in told


def test_the_printed_page_says_everything_the_screen_does(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = screens.open(
        screens.signed_in("public"), "plans", "fy=2027&plans=6:12,4:11&municipality=273228"
    )
    [page] = [e.proto.body for e in app.get("html") if "noriai-printed" in e.proto.body]
    for said in (
        "能勢町",
        "一般財源 <b>1,150,000円</b>",
        "令和9年度の費用・補助条件は公表・登録されていないため",
        "公表(検討中): 補助率 1/2",
        "6. BPR支援プラン",
        "補助なし",
        "100,000円 × 12回 × 1プラン",
    ):
        assert said in page, said


@pytest.fixture
def opened(screens_on: Make, monkeypatch: pytest.MonkeyPatch) -> Screens:
    """The screens once 令和9年度 was opened: plan 3 ended, plan 8 is new and costs more."""
    screens = screens_on("empty")
    monkeypatch.setattr(context, "reference", lambda: OPENED.of(context.this_fiscal_year()))
    return screens


def offered(app: AppTest) -> list[str]:
    return [row.label[2:4] for row in app.checkbox]


def test_a_year_offers_its_own_plans_at_their_own_fee(opened: Screens) -> None:
    app = opened.open(opened.signed_in("public"), "plans", "fy=2027&plans=6:12,8:6")
    assert offered(app) == ["1.", "2.", "4.", "5.", "6.", "7.", "8."]
    assert ":small[年額 **720,000円**]" in app.checkbox(key="plans.on.8").label
    assert all(row.label.endswith(":small[希望 **未公表**]") for row in app.checkbox)
    assert net(app) == "960,000円"
    assert words(bar(app), "//dl/div/dt") == ["補助あり(1/2)", "補助なし"]
    app.text_input(key="plans.visits.8").set_value("7").run()
    assert any("6" in each.value for each in app.error)
    app.text_input(key="plans.visits.8").set_value("3").run()
    assert net(app) == "780,000円"


def test_another_year_is_asked_for_with_the_plans_it_has(opened: Screens) -> None:
    app = opened.open(opened.signed_in("public"), "plans", "fy=2026&plans=3:5,6:12")
    assert offered(app) == [f"{number}." for number in range(1, 8)]
    assert net(app) == "850,000円"
    app.selectbox(key="plans.fiscal_year").set_value(2027).run()
    assert offered(app)[-1] == "8."
    assert net(app) == "600,000円"
    assert "プラン3はこの年度にないため" in as_read(shown_text(app))
    app.checkbox(key="plans.on.8").set_value(True).run()
    assert net(app) == "960,000円"
    app.text_input(key="plans.visits").set_value("10").run()  # plan 8 has six at most
    assert app.text_input(key="plans.visits.8").value == "6"
    assert net(app) == "860,000円"
    app.selectbox(key="plans.fiscal_year").set_value(2026).run()
    assert net(app) == "750,000円"  # plan 3 keeps its five visits


def test_a_link_to_a_plan_the_year_does_not_have_says_so(opened: Screens) -> None:
    app = opened.open(opened.signed_in("public"), "plans", "fy=2027&plans=3:5,8:9")
    said = "".join(each.value for each in app.warning)
    assert "プラン3はありません" in as_read(said)
    assert "プラン8の回数9は使えません。6回に直しました。" in as_read(said)
    assert net(app) == "360,000円"


def test_a_kept_estimate_of_a_plan_that_ended_since_is_named_and_not_compared(
    opened: Screens,
) -> None:
    for name, plan in (("終わった案", 3), ("残った案", 6)):
        keep_estimate(
            opened.engine,
            Principal("test-officer", "", Role.OFFICER, SAKAI),
            lg_code=SAKAI,
            name=name,
            request=EstimateRequest(2027, (PlanChoice(plan, 12),)),
            reference=REFERENCE,
            request_id=name,
            now=context.now(),
        )
    query = f"fy=2027&plans=8:6&tab={COMPARING}"
    app = opened.open(opened.signed_in("officer"), "plans", query)
    said = as_read("".join(each.value for each in app.warning))
    assert "「終わった案」は、その年度のプランか条件が変わったため" in said
    compared = tables_of(app)[0].to_string()
    assert "残った案" in compared
    assert "終わった案" not in compared


def test_plans_of_a_year_are_handed_in_and_keep_their_names(opened: Screens) -> None:
    app = opened.open(opened.signed_in("officer"), "plans", "fy=2027&plans=8:6")
    button(app, "1プランを「希望」として提出").click().run()
    assert "提出しました" in as_read(shown_text(app))
    app = opened.open(app, "our_municipality", "")
    assert "8. 生成AI活用支援プラン" in as_read("".join(m.value for m in app.markdown))
