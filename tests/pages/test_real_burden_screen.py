"""実質負担(要確認) on its two screens: off until switched on, kept by the link, 不明 where it is unknown."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from core.access.principal import PUBLIC
from core.estimate.real_burden import NAME, Allocation, OtherSubsidy, RealRequest
from dashboard.kit import address
from dashboard.kit.real_burden import RealQuestion
from tests.support.cards import tables_of
from tests.support.screens import Screens, as_read, shown_text

Make = Callable[[str], Screens]
PLANS = "fy=2027&plans=6:12,4:11"
QUOTATION = "programme=docs&start=2027-10&initial=1234567&monthly=98765&months=17"
PAGES = pytest.mark.parametrize(("page", "query"), [("plans", PLANS), ("boarding", QUOTATION)])
ROW = st.tuples(st.sampled_from(["", "交付金", "県=補助 1"]), st.none() | st.integers(1, 10**11))


@given(st.booleans(), st.sampled_from(Allocation), st.lists(ROW, min_size=3, max_size=3))
def test_a_link_reproduces_what_the_layer_is_asked(
    on: bool, allocation: Allocation, rows: list[tuple[str, int | None]]
) -> None:
    fields = {
        key: value
        for number, (name, amount) in enumerate(rows, 1)
        for key, value in ((f"other{number}", name), (f"amount{number}", amount))
    }
    question = RealQuestion(real=on, allocation=allocation, **fields)  # type: ignore[arg-type]
    found, problems = address.parsed(RealQuestion, question.query(), PUBLIC)
    assert problems == []
    assert found == (question if on else RealQuestion())
    assert (found.real_request is None) == (not on)


def test_rows_left_empty_are_no_subsidies() -> None:
    asked = RealQuestion(real=True, other2=" 交付金 ", amount2=5, amount3=7).real_request
    assert asked == RealRequest(
        Allocation.UNKNOWN, (OtherSubsidy("交付金", 5), OtherSubsidy("", 7))
    )


def layer(screens: Screens, page: str, query: str, reader: str = "public") -> AppTest:
    app = screens.open(screens.signed_in(reader), page, query)
    assert not app.exception
    return app


def result(app: AppTest) -> str:
    """What the layer says first; empty while it says nothing."""
    found = [m.value for m in app.markdown if m.value.startswith("実質負担(")]
    return as_read(found[0]).replace("*", "") if found else ""


def workbook(app: AppTest) -> bool:
    """Whether the workbook can be made."""
    [made] = [b for b in app.get("download_button") if "予算要求書" in b.proto.label]
    return not made.proto.disabled


@PAGES
def test_it_is_off_until_it_is_switched_on_and_the_address_keeps_it(
    screens_on: Make, page: str, query: str
) -> None:
    screens = screens_on("empty")
    app = layer(screens, page, query)
    assert NAME in [each.label for each in app.expander]
    assert result(app) == ""
    assert "real" not in app.query_params
    app.toggle(key=f"{page}.real").set_value(True).run()
    assert "不明" in result(app)
    assert "要確認" in result(app)
    assert "財政課に確かめて選んでください" in shown_text(app)
    assert app.query_params["real"] == "1"
    app.segmented_control(key=f"{page}.allocation").set_value("none").run()
    app.text_input(key=f"{page}.other1").set_value("交付金").run()
    app.text_input(key=f"{page}.amount1").set_value("12万").run()
    told = dict(app.query_params)
    assert (told["allocation"], told["other1"], told["amount1"]) == (
        "none",
        "交付金",
        "120000",
    )
    again = layer(screens, page, "&".join(f"{key}={value}" for key, value in told.items()))
    assert result(again) == result(app) != ""
    app.toggle(key=f"{page}.real").set_value(False).run()
    assert not {"real", "allocation", "other1", "amount1"} & set(dict(app.query_params))
    assert result(app) == ""


def test_plans_stay_unknown_while_the_rate_is_and_say_who_can_change_it(screens_on: Make) -> None:
    app = layer(screens_on("empty"), "plans", f"{PLANS}&real=1&allocation=receives")
    assert result(app).startswith(
        "実質負担(予算要求の年度) 不明 :orange-badge[要確認] 一般財源は 1,150,000円"
    )
    text = shown_text(app)
    assert "「特別交付税の措置率(外部デジタル人材)」" in text
    assert "事務局が「管理」の制度値に登録します" in text
    assert workbook(app)


def test_who_receives_no_allocation_sees_what_other_subsidies_leave(screens_on: Make) -> None:
    query = f"{PLANS}&real=1&allocation=none&other1=%3Cb%3E交付金&amount1=150000"
    app = layer(screens_on("empty"), "plans", query)
    assert "1,000,000円" in result(app)
    steps = next(m.value for m in app.markdown if m.value.startswith("**計算の過程**"))
    assert "他の補助金「<b>交付金」** 150,000円(入力値)" in as_read(steps)
    assert "<b>" not in steps


def test_boarding_shows_each_step_and_when(screens_on: Make) -> None:
    app = layer(screens_on("empty"), "boarding", f"{QUOTATION}&real=1&allocation=receives")
    # (1,234,567 × 7/10 = 864,197) × 9/10 = 777,777.3; half of it 388,888.5
    assert "実質負担(契約期間の計) 1,650,621円" in result(app)
    text = as_read(shown_text(app))
    assert "864,197円 × 9/10 = 777,777.3円 → 777,777円(1円未満切捨て、仮定)" in text
    assert "777,777円 × 1/2 = 388,888.5円 → 388,888円(1円未満切捨て、仮定)" in text
    years = next(t for t in tables_of(app) if "償還" in t.columns)
    assert list(years.index) == [
        *(f"令和{n}年度({2018 + n}年度)" for n in range(9, 15)),
        "計",
    ]
    assert list(years["起債"])[:2] == ["777,777円", "0円"]
    assert list(years["償還"])[1:] == [*["155,556円"] * 2, *["155,555円"] * 3, "777,777円"]
    assert years.loc["計", "実質負担"] == "1,650,621円"
    assert "利子は含まない(仮定)" in text
    assert "地方公務員が気になるニュース" in text


@PAGES
def test_other_subsidies_that_cannot_be_hold_up_the_workbook_and_say_why(
    screens_on: Make, page: str, query: str
) -> None:
    app = layer(screens_on("empty"), page, f"{query}&real=1&allocation=none&amount1=50000")
    assert "補助金の名前を書いてください" in shown_text(app)
    assert result(app) == ""
    assert not workbook(app)
    app.text_input(key=f"{page}.other1").set_value("交付金").run()
    assert result(app)
    assert workbook(app)
    app.text_input(key=f"{page}.amount1").set_value("たくさん").run()
    assert not app.exception
    assert not workbook(app)
    app.toggle(key=f"{page}.real").set_value(False).run()  # what nobody sees holds up nothing
    assert workbook(app)
