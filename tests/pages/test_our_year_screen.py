"""わがまち begins with its year: what is due first, then figures; the secretariat makes anybody's paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.commands.contracts import record_payment
from core.store.engine import reading
from core.store.support import contracts
from core.support.contract import PaidLine
from core.values.fiscal import FiscalYear
from core.values.money import Yen
from tests.support.contracts import NEIGHBOUR, OFFICER, OURS, TERMS, concluded
from tests.support.inquiries import published
from tests.support.screens import TODAY, Screens, japan_now, shown_text

Make = Callable[[str], Screens]
YEAR = FiscalYear.of(TODAY)


def under_contract(screens: Screens, lg_code: str = OURS, amount: int = 300_000) -> None:
    """A contract that ran from the first day of the year, of which one plan was paid."""
    terms = replace(
        TERMS, signed_on=YEAR.first_day, first_day=YEAR.first_day, last_day=YEAR.last_day
    )
    who = replace(OFFICER, lg_code=lg_code)
    number = concluded(
        screens.engine, who, lg_code, terms=terms, now=japan_now(), fiscal_year=int(YEAR)
    )
    with reading(screens.engine) as session:
        assert contracts(session, lg_code)
    record_payment(
        screens.engine, who, lg_code=lg_code, contract_id=number, paid_on=TODAY,
        lines=(PaidLine(4, Yen(amount)),), note="", seen_payment=0, request_id="", now=japan_now(),
    )  # fmt: skip


@pytest.fixture
def screens(screens_on: Make) -> Screens:
    return screens_on("empty")


def text_of(screens: Screens, query: str = "", reader: str = "officer", page: str = "") -> str:
    app = screens.open(screens.signed_in(reader), page or "our_municipality", query)
    assert not app.exception
    return shown_text(app)


def test_what_is_due_stands_first_then_the_figures_of_the_year(screens: Screens) -> None:
    under_contract(screens)
    under_contract(screens, NEIGHBOUR, 222_222)
    number = published(screens.engine, closes=japan_now() + timedelta(days=5))
    shown = text_of(screens)
    places = [shown.index(words) for words in (f"{YEAR.label}のまとめ", "あと5日", "お知らせ")]
    assert places == sorted(places)
    assert "300,000円" in shown
    assert "契約9回のうち。残り9回(プラン4・プラン6)" in shown
    assert "プラン6は支払の記録がない" in shown
    assert "222,222" not in shown
    assert number


def test_another_year_is_chosen_by_its_address_and_a_wrong_one_is_said(screens: Screens) -> None:
    under_contract(screens)
    before = text_of(screens, f"year={YEAR - 1}")
    assert f"{FiscalYear(YEAR - 1).label}のまとめ" in before
    assert f"{FiscalYear(YEAR - 1).label}の記録はまだありません" in before
    assert "300,000円" not in before.partition("お知らせ")[0]
    wrong = text_of(screens, "year=9999")
    assert "リンクの年度「9999」は使えません" in wrong
    assert f"{YEAR.label}のまとめ" in wrong


def test_the_secretariat_has_papers_of_anybody_and_of_all(screens: Screens) -> None:
    app = screens.open(screens.signed_in("secretariat"), "kpi", "tab=資料の書き出し")
    assert not app.exception
    labels = [each.label for each in downloads(app)]
    assert labels[-3:] == [
        "議会・決算説明用の1枚(PDF)", "同じ内容の表(Excel)", "全団体分(PDFとExcelのzip)",
    ]  # fmt: skip
    viewer = screens.open(screens.signed_in("viewer"), "kpi", "tab=資料の書き出し")
    assert not [each for each in downloads(viewer) if "議会" in each.label]


def downloads(app: Any) -> list[Any]:
    return [each.proto for each in app.get("download_button")]


def test_a_year_that_is_chosen_stands_in_the_address_and_todays_does_not(screens: Screens) -> None:
    app = screens.open(screens.signed_in("officer"), "our_municipality")
    [chosen] = [each for each in app.selectbox if each.label == "年度"]
    assert (chosen.value, "year" in app.query_params) == (int(YEAR), False)
    chosen.set_value(YEAR - 1).run()
    assert app.query_params["year"] in (str(YEAR - 1), [str(YEAR - 1)])
    assert f"{FiscalYear(YEAR - 1).label}のまとめ" in [each.value for each in app.subheader]
