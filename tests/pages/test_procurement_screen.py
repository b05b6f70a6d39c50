"""共同調達 as readers use it: filters in the address, what is counted, what stays unsaid."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.access.principal import CONSOLE, PUBLIC, Principal
from core.commands.coverage import declare_coverage
from core.commands.ledger import record_participation
from core.procurement.counting import CountBasis
from core.procurement.coverage import CoverageEntry, Edition
from core.procurement.event import EventKind
from core.procurement.recording import Entry
from core.values.fiscal import parse_date
from dashboard import context
from dashboard.kit import address
from dashboard.procurement import place
from dashboard.procurement.question import Question
from tests.support.cards import tables_of
from tests.support.reference import REFERENCE
from tests.support.screens import LEDGER_NOTE, TODAY, Screens, as_read, japan_now, shown_text

Make = Callable[[str], Screens]
IKEDA = "272043"
FULL = {
    "programme": "eapply",
    "as_of": "2023-06-30",
    "basis": "paid_or_free",
    "area": "泉北",
    "category": "一般市",
    "municipality": "271403",
    "known_at": "2026-11-01",
}


def parsed(query: dict[str, str], reader: Principal) -> tuple[Question, list[str]]:
    return address.parsed(Question, query, reader)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "now", japan_now)


def opened(screens: Screens, reader: str, query: str) -> AppTest:
    app = screens.open(screens.signed_in(reader), "procurement", query)
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    """The headline as it is read: its sentence without the type."""
    [html] = [e.proto.body for e in app.get("html") if 'role="img"' in e.proto.body]
    return re.sub("<[^>]+>", "", html.partition("</p>")[0])


def grounds(app: AppTest) -> str:
    """What stands behind the mark of the headline, as it is read."""
    html = next(e.proto.body for e in app.get("html") if "<dt>定義</dt>" in e.proto.body)
    return " ".join(re.sub("<[^>]+>", " ", html).split())


def names(app: AppTest) -> str:
    """The names beside the map, group by group."""
    html = next(e.proto.body for e in app.get("html") if "<h3" in e.proto.body)
    return re.sub("<[^>]+>", " ", html)


def matrix_of(screens: Screens, reader: str, query: str) -> pd.DataFrame:
    app = opened(screens, reader, f"{query}&tab=全システムの一覧")
    return tables_of(app)[0].reset_index()


def test_an_address_says_everything_and_is_read_back_the_same() -> None:
    filters, problems = parsed(FULL, CONSOLE)
    assert problems == []
    assert filters == Question(
        "eapply",
        date(2023, 6, 30),
        CountBasis.PAID_OR_FREE,
        "泉北",
        "一般市",
        "271403",
        date(2026, 11, 1),
    )
    assert filters.query() == FULL
    assert parsed(filters.query(), CONSOLE) == (filters, [])


def test_a_bookmark_without_a_day_means_today_and_a_link_keeps_its_day() -> None:
    usual = Question()
    assert usual.query() == {}
    assert usual.full_query() == {"as_of": TODAY.isoformat()}


@pytest.mark.parametrize("key", sorted(FULL))
def test_each_wrong_value_gives_one_message_and_the_usual_value(key: str) -> None:
    filters, problems = parsed({key: "<b>x"}, CONSOLE)
    assert filters == Question()
    assert len(problems) == 1
    assert "<b>x" in problems[0]


@pytest.mark.parametrize("day", ["2021-03-31", "2028-04-01", "9999-12-31"])
def test_a_day_out_of_reach_is_refused(day: str) -> None:
    filters, problems = parsed({"as_of": day}, CONSOLE)
    assert (filters.as_of, len(problems)) == (TODAY, 1)


def test_what_was_known_at_a_time_is_for_the_secretariat() -> None:
    filters, problems = parsed({"known_at": "2026-11-01"}, PUBLIC)
    assert filters.known_on is None
    assert "事務局" in problems[0]


@pytest.mark.parametrize(
    ("day", "programme", "headline"),
    [
        ("2021-04-30", "chat", "22団体が参加(公表、令和3年4月27日)。うち名前がわかるのは0団体。"),
        ("2021-05-01", "chat", "22団体が参加(公表、令和3年4月27日)。うち名前がわかるのは20団体。"),
        ("2021-07-01", "chat", "22団体が参加(公表、令和3年4月27日)。うち名前がわかるのは22団体。"),
        ("2023-02-28", "chat", "30団体が参加(公表、令和5年2月)。うち名前がわかるのは22団体。"),
        ("2023-06-30", "chat", "34団体が参加(公表、令和5年6月1日)。うち名前がわかるのは22団体。"),
        ("2023-06-30", "eapply", "35団体が参加(公表、令和5年6月1日)。うち名前がわかるのは0団体。"),
        (
            "2023-06-30",
            "econtract",
            "不明。公表も、台帳の網羅の宣言もありません。名前がわかるのは2団体。",
        ),
        # recorded first as April, corrected to May
        ("2024-04-30", "docs", "6団体が参加(公表、令和5年6月1日)。うち名前がわかるのは0団体。"),
        ("2024-05-01", "docs", "6団体が参加(公表、令和5年6月1日)。うち名前がわかるのは1団体。"),
    ],
)
def test_the_headline_is_what_is_known_best_and_names_stand_inside_it(
    screens_on: Make, day: str, programme: str, headline: str
) -> None:
    app = opened(screens_on("filled"), "public", f"programme={programme}&as_of={day}")
    assert said(app).endswith(headline)


def test_names_are_not_made_up(screens_on: Make) -> None:
    app = opened(screens_on("filled"), "public", "programme=eapply&as_of=2023-06-30")
    found = grounds(app)
    assert "公表値 35団体(令和5年6月1日時点、実績)" in found
    assert (
        "公表値−台帳 35団体。公表値(実績、令和5年6月1日時点)から台帳の数(2023-06-30時点)を" in found
    )
    assert "台帳の網羅 名前なし" in found
    assert "？ 不明 43" in names(app)


def test_under_coverage_the_ledger_is_the_headline_and_no_record_is_no_participation(
    screens_on: Make,
) -> None:
    screens = screens_on("filled")
    declare_coverage(
        screens.engine,
        CONSOLE,
        entry=CoverageEntry("chat", Edition.PAID, date(2023, 6, 10), "照会の回答", "廃止を含む"),
        seen_event=0,
        reference=REFERENCE,
        request_id="all",
        now=japan_now(),
    )
    app = opened(screens, "public", "programme=chat&as_of=2023-06-30")
    assert said(app).endswith("22団体が参加(台帳、令和5年6月30日)。全団体の名前がわかっています。")
    matrix = matrix_of(screens, "public", "programme=chat&as_of=2023-06-30").set_index("市町村")
    assert matrix["チャット"].value_counts().to_dict() == {"◎": 22, "－": 21}
    assert set(matrix["電子申請"]) == {"？"}
    assert "－ 不参加 21" in names(app)
    query = "programme=chat&as_of=2023-06-30&basis=paid_or_free&tab=全システムの一覧"
    other = opened(screens, "public", query)
    assert "43団体が参加(公表、令和5年3月)" in said(other)  # nothing was said of 無償版
    assert set(tables_of(other)[0]["チャット"]) == {"◎", "？"}
    before = opened(screens, "public", "programme=chat&as_of=2023-06-09")
    assert "34団体が参加(公表" in said(before)
    course = opened(screens, "public", "programme=chat&as_of=2023-06-30&tab=推移")
    table = tables_of(course)[0].reset_index()
    kinds = table.groupby("種類")["団体数"].agg(list).to_dict()
    assert kinds["公表値(実績)"] == ["22団体", "30団体", "34団体"]
    assert kinds["公表値(予定)"] == ["33団体"]
    assert kinds["台帳(名前がわかる団体)"] == ["20団体", "22団体"]


def test_a_municipality_without_a_record_is_unknown_or_absent(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = opened(screens, "public", "municipality=272108")  # 枚方市 takes part, 貝塚市 does not say
    assert "枚方市の履歴" in shown_text(app)
    unknown = opened(screens, "public", "municipality=272086")
    assert "参加か不参加かは不明です" in shown_text(unknown)
    declare_coverage(
        screens.engine,
        CONSOLE,
        entry=CoverageEntry("talent", Edition.PAID, date(2023, 7, 1), "契約の一覧"),
        seen_event=0,
        reference=REFERENCE,
        request_id="talent",
        now=japan_now(),
    )
    absent = opened(screens, "public", "municipality=272086")
    assert "－ 不参加" in shown_text(absent)
    assert "大阪版 デジタル人材シェアリング事業" in shown_text(absent)


def test_before_the_first_participation_every_place_is_unknown(screens_on: Make) -> None:
    matrix = matrix_of(screens_on("filled"), "public", "as_of=2021-04-30")
    assert len(matrix) == 43
    assert set(
        matrix[["チャット", "電子申請", "文書決裁", "電子契約", "人材"]].to_numpy().flat
    ) == {"？"}
    app = opened(screens_on("filled"), "public", "as_of=2021-04-30")
    assert "？ 不明 43" in names(app)


def test_filters_by_place_narrow_the_matrix(screens_on: Make) -> None:
    screens = screens_on("filled")
    matrix = matrix_of(screens, "public", "area=泉北")
    assert list(matrix["市町村"]) == ["堺市", "泉大津市", "和泉市", "高石市", "忠岡町"]
    shown = names(opened(screens, "public", "area=泉北"))
    assert "和泉市" in shown
    assert "大阪市" not in shown


def test_the_difference_says_who_is_named_but_with_a_later_day(screens_on: Make) -> None:
    app = opened(screens_on("filled"), "public", "programme=chat&as_of=2021-05-01")
    assert "公表値−台帳 2団体" in grounds(app)
    assert as_read(grounds(app)).count("(令和3年7月1日から)") == 2
    unnamed = opened(screens_on("filled"), "public", "programme=eapply&as_of=2023-06-30")
    assert "基準日より後の参加" not in grounds(unnamed)


def test_a_wrong_address_is_explained_once_and_escaped(screens_on: Make) -> None:
    app = opened(screens_on("filled"), "public", "programme=<b>&as_of=昨日&area=月")
    [warning] = [w.value for w in app.warning if "リンク" in w.value]
    assert warning.count("リンクの") == 3
    assert r"\<b\>" in warning
    app.run()
    assert not [w for w in app.warning if "リンク" in w.value]


def test_there_is_one_field_for_the_day(screens_on: Make) -> None:
    app = opened(screens_on("filled"), "public", "")
    [day] = app.date_input
    day.set_value(date(2023, 2, 28)).run()
    assert app.query_params["as_of"] == "2023-02-28"
    app.date_input[0].set_value(TODAY).run()
    assert "as_of" not in app.query_params


def test_a_difference_says_the_days_of_both_numbers(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = screens.signed_in("public")
    app.session_state["procurement.about"] = True
    screens.open(app, "procurement", "programme=chat&as_of=2023-06-30")
    assert not app.exception
    differences = next(t for t in tables_of(app) if "公表値−台帳" in t.columns)["公表値−台帳"]
    assert "+12(令和5年6月1日 − 2023-06-30)" in list(differences)
    assert not [text for text in differences if text[0] in "+-0" and "−" not in text]


def test_a_day_ahead_is_called_no_fact(screens_on: Make) -> None:
    screens = screens_on("filled")
    record_participation(
        screens.engine,
        CONSOLE,
        entry=Entry("271004", "chat", EventKind.JOINED_LATE, parse_date("2027-04-01"), "契約書"),
        seen_event=0,
        reference=REFERENCE,
        request_id="ahead",
        now=japan_now(),
    )
    app = opened(screens, "public", "as_of=2027-04-30&municipality=271004")
    assert any("実績ではありません" in info.value for info in app.info)
    assert "うち名前がわかるのは22団体" in said(app)
    assert "台帳の団体は23団体(予定)" in shown_text(app)
    matrix = matrix_of(screens, "public", "as_of=2027-04-30").set_index("市町村")
    assert matrix["チャット"]["大阪市"] == "◇"
    assert any("2027-04-30時点 ◇ 予定" in markdown.value for markdown in app.markdown)
    course = opened(screens, "public", "as_of=2027-04-30&tab=推移")
    rows = next(t for t in tables_of(course) if "団体数" in t.columns).reset_index()
    assert rows.query("団体数 == '23団体' and 種類 == '台帳(予定を含む)'")["日"].tolist() == [
        "2027-04-01"
    ]
    assert rows.query("種類 == '台帳(名前がわかる団体)'")["日"].max() < TODAY.isoformat()
    then = opened(screens, "public", "as_of=2026-11-24")
    assert "うち名前がわかるのは22団体" in said(then)
    assert "団体(予定)" not in shown_text(then)


@pytest.mark.parametrize(
    ("reader", "sees"),
    [("public", False), ("viewer", False), ("officer", False), ("secretariat", True)],
)
def test_notes_of_the_office_are_not_shown_to_others(
    screens_on: Make, reader: str, *, sees: bool
) -> None:
    app = opened(screens_on("filled"), reader, f"programme=docs&municipality={IKEDA}")
    text = shown_text(app)
    assert "池田市の履歴" in text
    assert ("担当者の携帯に" in text) is sees
    assert LEDGER_NOTE not in text  # its markup is escaped wherever it shows
    assert ("参加申込書" in text) is sees


def test_a_correction_stays_readable_in_the_history(screens_on: Make) -> None:
    app = opened(screens_on("filled"), "public", f"programme=docs&municipality={IKEDA}")
    history = next(t for t in tables_of(app) if "記録" in t.columns)
    assert [str(day) for day in history.index] == ["令和6年5月", "令和6年4月"]
    assert "訂正済み" in history["記録"].iloc[1]


def test_what_was_known_then_leaves_out_what_was_recorded_since(screens_on: Make) -> None:
    app = opened(screens_on("filled"), "secretariat", "programme=chat&known_at=2026-11-23")
    assert said(app).endswith("34団体が参加(公表、令和5年6月1日)。うち名前がわかるのは0団体。")
    assert any("2026-11-23の終わりまでに" in info.value for info in app.info)


@pytest.mark.parametrize("basis", list(CountBasis))
def test_the_timeline_shows_one_basis_only(screens_on: Make, basis: CountBasis) -> None:
    screens = screens_on("filled")
    app = screens.signed_in("public")
    app.session_state["procurement.tab"] = "推移"
    screens.open(app, "procurement", f"programme=eapply&basis={basis.value}")
    assert not app.exception
    assert any(f"集計基準: {basis.label}" in m.value for m in app.markdown)
    published = {"paid": 4, "paid_free_or_planned": 1, "including_own_procurement": 1}
    tables = tables_of(app)
    kinds = list(tables[0]["種類"]) if tables else []
    assert len(kinds) == published.get(basis.value, 0)
    assert all(kind.startswith("公表値") for kind in kinds)  # nobody is named in the ledger


@pytest.mark.parametrize(
    ("programme", "actual", "planned"),
    [
        (
            "chat",
            {"2021-04-27": "22", "2023-02-01": "30", "2023-06-01": "34"},
            {"2024-03-01": "33"},
        ),
        (
            "eapply",
            {"2022-02-01": "11", "2023-02-01": "25", "2023-06-01": "35"},
            {"2024-03-01": "35"},
        ),
        ("docs", {"2023-02-01": "3", "2023-06-01": "6"}, {"2024-03-01": "7"}),
    ],
)
def test_published_points_are_drawn_at_their_days_and_plans_as_plans(
    screens_on: Make, programme: str, actual: dict[str, str], planned: dict[str, str]
) -> None:
    screens = screens_on("filled")
    app = screens.signed_in("public")
    app.session_state["procurement.tab"] = "推移"
    screens.open(app, "procurement", f"programme={programme}&as_of=2023-06-30")
    rows = tables_of(app)[0].reset_index()
    for kind, expected in (("公表値(実績)", actual), ("公表値(予定)", planned)):
        found = rows[rows["種類"] == kind].set_index("日")["団体数"]
        assert dict(found.str.removesuffix("団体")) == expected


def test_more_municipalities_than_fit_are_named_area_by_area(
    screens_on: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "_FITS", 20)
    screens = screens_on("filled")
    whole = "programme=eapply&as_of=2023-06-30"
    app = opened(screens, "public", whole)
    area = app.selectbox(key="procurement.named")
    assert area.options == [group.label for group in REFERENCE.areas]
    first = [m.name for m in REFERENCE.municipalities if m.area == area.value]
    assert [*matrix_of(screens, "public", whole)["市町村"]] == first
    numbers = [int(number) for number in re.findall(r" (\d+)", names(app))]
    assert sum(numbers) == len(REFERENCE.municipalities)

    area.select("泉北").run()
    assert app.query_params["area"] == "泉北"
    there = [m.name for m in REFERENCE.municipalities if m.area == "泉北"]
    assert sum(name in names(app) for name in there) == len(there)
    own = [*matrix_of(screens, "officer", whole)["市町村"]]
    assert own == [m.name for m in REFERENCE.municipalities if m.area == "泉北"]
