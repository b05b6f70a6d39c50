"""プラン選択・費用試算: what is shown is what core computes, links, keeping, handing in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl

import pytest
import streamlit as st
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
from tests.support.cards import cards_of
from tests.support.screens import HIRAKATA, PLANS, SAKAI, Screens, as_read, queries, shown_text

Make = Callable[[str], Screens]
NET = "一般財源(実質の負担)"
KEEPING = "保存・希望の提出"
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


@pytest.fixture(autouse=True)
def year_outside_of_a_run() -> Iterator[None]:
    """AppTest asks a widget's labels after the run; those of 歳出の節 read the year on screen."""
    st.session_state["plans.fy"] = 2027
    yield
    del st.session_state["plans.fy"]


def core_estimate(screens: Screens, query: str):
    with reading(screens.engine) as session:
        parameters = all_parameters(session)
    return estimate(ESTIMATE_LINK.read(dict(parse_qsl(query)), 2027), PLANS, parameters)


def table_cells(markdown: str) -> list[list[str]]:
    """The rows of a Markdown table, without heading and emphasis."""
    lines = [line for line in markdown.splitlines() if line.startswith("|")][2:]
    return [[c.strip().strip("*") for c in line.strip("|").split("|")] for line in lines]


def amounts(app: AppTest) -> dict[str, list[str]]:
    """歳出, 府補助金, 一般財源 of the amounts table, in yen and 千円."""
    [table] = [m.value for m in app.markdown if m.value.startswith("| | 円 | 千円 |")]
    return {row[0]: row[1:] for row in table_cells(table)}


def net(app: AppTest) -> str:
    [metric] = [m for m in app.metric if m.label == NET]
    return metric.value


def button(app: AppTest, label: str):
    [found] = [b for b in app.button if b.label == label]
    return found


def test_a_plan_whose_text_was_read_otherwise_says_what_was_printed(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = screens.open(screens.signed_in("public"), "plans", "")
    told = {b.label[:4]: "印字" in b.label for b in app.checkbox if b.label.startswith("**")}
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
    year = core_estimate(screens, query).first
    shown = amounts(app)
    thousands = year.thousands
    assert net(app) == f"{year.net:,}円"
    assert shown["歳出"] == [f"{year.gross:,}", f"{thousands.gross:,}"]
    assert shown["− 府補助金"] == [f"{year.subsidy:,}", f"{thousands.subsidy:,}"]
    assert shown["＝ **一般財源"] == [f"{year.net:,}", f"{thousands.net:,}"]
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
    app = screens.signed_in(reader)
    app.session_state["plans.premises"] = True
    screens.open(app, "plans", "fy=2027&plans=6:12")
    [premises] = [m.value for m in app.markdown if m.value.startswith("**支援1回あたりの費用")]
    each = premises.split("\n\n")
    assert len(each) == 7
    assert all(re.search(r"\n出典: \S+", text) for text in each), premises
    assert "令和9年2月1日付け 府通知第123号" in premises
    assert any("適用日 2027-04-01" in as_read(c.value) for c in app.caption)


def test_a_year_without_values_of_its_own_says_so(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = screens.open(screens.signed_in("public"), "plans", "fy=2027&plans=6:12")
    assert any("令和9年度" in w.value and "仮の試算" in w.value for w in app.warning)


@both
@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: query[:40])
def test_a_hostile_link_is_answered_in_japanese(screens_on: Make, reader: str, query: str) -> None:
    screens = screens_on("filled")
    app = screens.open(screens.signed_in(reader), "plans", query)
    assert not app.exception
    said = [w.value for w in app.warning[1:]]  # the first: the fixed day
    assert said
    assert all(re.search(r"[ぁ-ん]", text) and len(text) < 200 for text in said), said
    assert not any("<script" in text.replace("\\<", "") for text in said)
    assert app.title[0].value == "プラン選択・費用試算"
    # the page works on: a plan can still be chosen
    app.checkbox(key="plans.on.6").set_value(True).run()
    assert not app.exception
    assert [m.label for m in app.metric] == [NET]


def test_every_problem_of_a_link_is_named(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = screens.open(
        screens.signed_in("public"), "plans", "plans=6:99,9:12&fy=1900&fee=-5&start=13"
    )
    said = "\n".join(w.value for w in app.warning)
    for words in ("プラン9", "回数99", "年度「1900」", "費用「", "開始月「13」"):
        assert words in said.replace("\\", ""), words


def test_choosing_and_changing_visits_moves_amounts_and_address(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = screens.open(screens.signed_in("public"), "plans")
    assert not app.metric
    app.checkbox(key="plans.on.6").set_value(True).run()
    assert net(app) == "600,000円"
    app.checkbox(key="plans.on.4").set_value(True).run()
    app.number_input(key="plans.visits").set_value(7).run()
    assert net(app) == "700,000円"
    assert app.query_params == {"fy": "2027", "plans": "4:7,6:7"}
    app.selectbox(key="plans.start").select(10).run()
    assert app.query_params["start"] == "10"
    assert any("残りは6か月" in w.value for w in app.warning)
    app.selectbox(key="plans.start").select(4).run()
    assert not any("残りは" in w.value for w in app.warning)


def test_the_address_written_gives_another_reader_the_same_figures(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = screens.open(
        screens.signed_in("public"), "plans", "fy=2027&plans=6:5,2:3&rate=1/3&unit=1&start=6"
    )
    query = "&".join(f"{k}={v}" for k, v in app.query_params.items())
    other = screens.open(screens.signed_in("viewer"), "plans", query)
    assert (net(other), amounts(other)) == (net(app), amounts(app))
    assert not other.warning[1:] or other.warning[1].value == app.warning[1].value


def test_scenarios_that_cannot_be_say_why(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = screens.open(screens.signed_in("public"), "plans", "fy=2027&plans=6:12")
    app.session_state["plans.demand"] = 1
    app.session_state["plans.shortfall"] = 5
    app.run()
    assert not app.exception
    said = "\n".join(e.value for e in app.error)
    assert "申請総額は自団体の補助額" in said
    assert "不足額は0円以上" in said


def test_no_plan_chosen_is_not_a_figure_of_zero(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = screens.open(screens.signed_in("public"), "plans")
    assert not app.metric
    assert any(NOTHING_CHOSEN in i.value for i in app.info)
    [workbook] = app.get("download_button")
    assert workbook.proto.disabled


def keeping(screens: Screens, query: str, reader: str = "officer") -> AppTest:
    """The plans page with the tab for keeping open."""
    app = screens.signed_in(reader)
    app.session_state["plans.tab"] = KEEPING
    return screens.open(app, "plans", query)


def kept_by(screens: Screens, lg_code: str) -> list:
    with reading(screens.engine) as session:
        return list(kept_estimates(session, lg_code).values())


def the_name(app: AppTest) -> TextInput:
    return next(each for each in app.text_input if each.label == "試算の名前")


@pytest.mark.parametrize("reader", ["public", "viewer", "secretariat"])
def test_only_an_officer_is_offered_to_keep_and_hand_in(screens_on: Make, reader: str) -> None:
    app = keeping(screens_on("filled"), "fy=2027&plans=6:12", reader)
    assert any("市町村職員としてサインインすると" in i.value for i in app.info)
    assert not [b for b in app.button if "提出" in b.label or "保存" in b.label]


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
    assert any(m.value == "**当初案**" for m in app.markdown)
    assert told
    last = f"受領番号 {told[1]}・2026-11-24 "
    assert any(last in m.value.replace("\\", "") for m in app.markdown)
    row = app.dataframe[-1].value.iloc[0]
    assert (row["受領番号"], row["操作"]) == (int(told[1]), "試算の保存")
    assert "名前: 当初案" in row["内容"]
    home = screens.open(app, "home")
    assert any(last in m.value.replace("\\", "") for m in home.markdown)
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
    assert sum("現在 **未回答**" in m.value for m in app.markdown) == 2
    button(app, "2プランを「希望」として提出").click().run()
    assert not app.exception
    assert "令和9年度の2プランを「希望」として提出しました" in app.success[0].value
    assert sum("現在 **希望(" in m.value for m in app.markdown) == 2
    with reading(screens.engine) as session:
        wishes = current_wishes(wish_events(session))
    assert {(k, w.state, w.visits, int(w.net)) for k, w in wishes.items()} == {
        ((SAKAI, 2027, 6), WishState.WISHED, 12, 600_000),
        ((SAKAI, 2027, 4), WishState.WISHED, 11, 550_000),
    }
    app = screens.open(app, "our_municipality")
    assert sum("● **希望**" in m.value for m in app.markdown) == 2
    office = screens.signed_in("secretariat")
    assert [card.value for card in cards_of(office)[:2]] == ["1団体", "0団体"]  # 希望以上, 検討中


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
    second.button(key=f"kept.discard.{kept.estimate_id}.{kept.estimate_id}.open").click().run()
    first.text_input(key=f"kept.name.{kept.estimate_id}").set_value("決裁済み")
    first.button(key=f"kept.rename.{kept.estimate_id}").click().run()
    assert first.success
    second.button(key=f"kept.discard.{kept.estimate_id}").click().run()
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
                plans=PLANS,
                request_id=f"案{index}",
                now=context.now(),
            )
        app = screens.signed_in("officer")
        app.session_state["plans.tab"] = KEEPING
        screens.statements.clear()
        screens.open(app, "plans")
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
        plans=PLANS,
        request_id="よそ",
        now=context.now(),
    )
    for reader in ("public", "viewer", "officer", "secretariat"):
        assert "よその試算" not in shown_text(keeping(screens, "fy=2027&plans=6:12", reader))
    assert "よその試算" not in shown_text(
        screens.open(screens.signed_in("officer"), "our_municipality")
    )
