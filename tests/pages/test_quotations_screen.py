"""見積・契約額 as each side sees it: keeping, correcting, agreeing, and 後乗り that fills itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from streamlit.testing.v1 import AppTest

from core.access.principal import Principal, Role
from core.commands.quotations import decide_quotation_consent, record_quotation
from core.quotation.event import Quotation
from core.quotation.price import Document, Price, Tax, Way
from core.store.engine import reading
from core.store.quotations import quotations
from core.values.fiscal import JAPAN
from tests.support.quotations import A_PRICE, a_year
from tests.support.reference import REFERENCE
from tests.support.screens import HIRAKATA, SAKAI, Screens, shown_text

Make = Callable[[str], Screens]
NOW = datetime(2026, 11, 1, 9, tzinfo=JAPAN)
TOWNS = ["271004", HIRAKATA, "272027", "272035", "272043"]


def kept(screens: Screens, lg_code: str = SAKAI) -> tuple[Quotation, ...]:
    with reading(screens.engine) as session:
        return quotations(session, lg_code)


def keep(screens: Screens, lg_code: str, price: Price, *, agreed: bool = False) -> int:
    who = Principal("tanto", "担当", Role.OFFICER, lg_code)
    number = record_quotation(
        screens.engine, who, lg_code=lg_code, price=price, files=[], reference=REFERENCE,
        request_id=f"{lg_code}{price.way}{price.total}", now=NOW,
    )  # fmt: skip
    if agreed:
        decide_quotation_consent(
            screens.engine, who, lg_code=lg_code, quotation_id=number, agreed=True,
            seen_event=number, request_id=f"{lg_code}agreed", now=NOW,
        )  # fmt: skip
    return number


def labelled(widgets: Any, label: str) -> Any:
    [found] = [each for each in widgets if each.label.startswith(label)]
    return found


def opened(screens: Screens, tab: str = "", who: str = "officer") -> AppTest:
    app = screens.open(screens.signed_in(who), "quotations", f"tab={tab}" if tab else "")
    assert not app.exception
    return app


def fill(app: AppTest, **typed: str) -> AppTest:
    labelled(app.selectbox, "共同調達").set_value("自治体専用チャットツール")
    for label, value in (
        ("調達の方法", "joint"),
        ("文書の種類", "contracted"),
        ("税の別", "excluded"),
    ):
        labelled(app.segmented_control, label).set_value(value)
    labelled(app.date_input, "文書の日付").set_value(date(2026, 10, 1))
    texts = {"初期費用": "50万", "月額": "30,000", "契約月数": "60"} | typed
    for label, value in texts.items():
        labelled(app.text_input, label).set_value(value)
    labelled(app.text_area, "根拠").set_value("契約書。=1+1 と **太字** も、そのまま")
    return app.run()


def press(app: AppTest, label: str) -> AppTest:
    labelled(app.button, label).click()
    return app.run()


def test_what_is_kept_is_read_as_people_write_and_shown_as_typed(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = opened(screens)
    assert "事務局がその内容と添付を見られます" in shown_text(app)  # before it is saved
    app = press(fill(app), "記録する(事務局に共有)")
    assert not app.exception
    assert "見積No.1として記録し、事務局に共有しました。" in app.success[0].value
    [one] = kept(screens)
    assert one.price == replace(
        A_PRICE, vendor="", initial=500_000, monthly=30_000, total=None, months=60,
        first_day=None, tax=Tax.EXCLUDED, dated=date(2026, 10, 1),
        basis="契約書。=1+1 と **太字** も、そのまま",
    )  # fmt: skip
    text = shown_text(app)
    assert "506,000円" in text  # (500,000 + 30,000 × 60) × 1.1 ÷ 5
    # the form is empty again, that for a correction holds what was kept
    held = [each.value for each in app.text_input if each.label.startswith("初期費用")]
    assert held == ["", "500,000"]


def test_what_cannot_be_read_or_was_not_chosen_is_said_at_its_field(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = fill(opened(screens), 月額="三千とか")
    labelled(app.segmented_control, "税の別").set_value(None)
    app = press(app.run(), "記録する(事務局に共有)")
    said = " ".join(each.value for each in app.error)
    assert "税の別を選んでください" in said
    assert "読めません" in said
    assert kept(screens) == ()


def test_a_total_that_does_not_add_up_is_refused_with_what_it_would_be(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = press(fill(opened(screens), 総額="240万"), "記録する(事務局に共有)")
    assert any("2,300,000円で、総額2,400,000円と合いません" in each.value for each in app.error)
    assert kept(screens) == ()


def test_agreeing_is_asked_about_and_can_be_taken_back(screens_on: Make) -> None:
    screens = screens_on("empty")
    keep(screens, SAKAI, A_PRICE)
    app = press(opened(screens), "名前と額を公開する")
    assert any("添付、事業者、根拠は見えません" in each.value for each in app.markdown)
    app = press(app, "公開に同意する")
    assert kept(screens)[0].agreed
    [again] = {each.key for each in app.button if each.label == "公開をやめる"}
    app.button(key=again).click()
    app.run()
    app.button(key="quotation.consent.1").click()
    app.run()
    assert not kept(screens)[0].agreed


def test_an_officer_sees_no_other_price_than_those_agreed_to(screens_on: Make) -> None:
    screens = screens_on("empty")
    for place, code in enumerate(TOWNS):
        keep(screens, code, a_year(1_234_567 + 100_000 * place, vendor="ひみつ社"))
    keep(screens, HIRAKATA, a_year(7_654_321, way=Way.ALONE), agreed=True)
    for tab in ("価格", "削減額・時間", "ほかの団体との比較"):
        text = shown_text(opened(screens, tab))
        assert "ひみつ社" not in text
        assert not any(f"{1_234_567 + 100_000 * place:,}" in text for place in range(5))
        assert ("7,654,321円" in text) == (tab == "ほかの団体との比較")
    assert "100万円以上200万円未満" in text
    assert "5団体(令和8年11月1日)" in text


def test_the_secretariat_sees_all_with_names_and_keeps_for_a_municipality(
    screens_on: Make,
) -> None:
    screens = screens_on("filled")
    keep(screens, SAKAI, a_year(1_000_000, way=Way.ALONE, document=Document.QUOTED))
    keep(screens, SAKAI, a_year(690_000))
    text = shown_text(opened(screens, who="secretariat"))
    assert "堺市" in text
    assert "690,000円" in text
    text = shown_text(opened(screens, "削減額・時間", who="secretariat"))
    assert "1団体(43団体中)" in text
    assert "310,000円" in text
    assert "31%" in text
    text = shown_text(opened(screens, "記録のない団体", who="secretariat"))
    assert "共同の価格の記録がありません" in text
    app = opened(screens, "団体の記録を代行", who="secretariat")
    labelled(app.selectbox, "団体").set_value(HIRAKATA)
    app = press(fill(app.run()), "記録する(事務局に共有)")
    assert [each.price.initial for each in kept(screens, HIRAKATA) if each.price] == [500_000]
    assert not [each for each in app.button if each.label == "名前と額を公開する"]


def test_hours_are_stated_and_stand_in_the_list(screens_on: Make) -> None:
    app = opened(screens_on("empty"), "削減額・時間")
    labelled(app.selectbox, "システム").set_value("chat")
    labelled(app.text_input, "1年間の削減時間").set_value("1,200")
    labelled(app.text_area, "測り方").set_value("1件15分 × 4,800件")
    app = press(app.run(), "記録する(事務局に共有)")
    assert "削減時間を記録しました。" in app.success[0].value
    assert "1,200時間" in shown_text(app)


def test_boarding_fills_itself_says_from_where_and_keeps_what_is_typed(screens_on: Make) -> None:
    screens = screens_on("empty")
    parts = {"total": None, "initial": 500_000, "monthly": 40_000, "months": 48}
    alone = replace(A_PRICE, way=Way.ALONE, document=Document.QUOTED, **parts)  # type: ignore[arg-type]
    keep(screens, SAKAI, replace(alone, tax=Tax.EXCLUDED))
    keep(screens, SAKAI, replace(A_PRICE, total=1_900_800, months=48))
    keep(screens, HIRAKATA, replace(alone, monthly=9_999_999))

    def values(app: AppTest) -> list[str]:
        names = ("initial", "monthly", "months", "merit")
        return [app.text_input(key=f"boarding.{name}").value for name in names]

    app = screens.open(screens.signed_in("officer"), "boarding", "programme=chat")
    assert not app.exception
    assert values(app) == ["550,000", "44,000", "48", "28.59%"]  # 2,662,000 → 1,900,800
    assert "見積No.1(単独の見積、令和5年3月20日)から、税込で入れました。" in shown_text(app)
    app.text_input(key="boarding.monthly").set_value("50,000").run()
    assert values(app)[:2] == ["550,000", "50,000"]
    linked = screens.open(
        screens.signed_in("officer"), "boarding", "programme=chat&initial=1&monthly=2"
    )
    assert values(linked)[:2] == ["1", "2"]
    other = screens.open(screens.signed_in("officer"), "boarding", "programme=docs")
    assert values(other) == ["", "", "60", ""]
    assert "から、税込で入れました" not in shown_text(other)
