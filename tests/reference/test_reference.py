"""The shipped data says what its sources say."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
import yaml

from core.params import DEFINITIONS, Basis, Parameter, RoundingScope, in_force
from core.procurement.published import PublishedTotal
from core.reference.corrections import corrections_text
from core.reference.pack import Reference
from core.reference.sources import Source
from core.settings import DATA
from core.values.errors import InvalidInputError
from core.values.figure import Status
from core.values.fiscal import FiscalYear, PartialDate, Precision
from core.values.money import Direction
from core.values.municipality import check_digit
from tests.support.reference import REFERENCE

YAML_FILES = sorted(path.name for path in DATA.glob("*.yaml") if path.name != "sources.yaml")
DAY, MONTH, YEAR = Precision.DAY, Precision.MONTH, Precision.FISCAL_YEAR


@pytest.fixture(scope="module")
def reference() -> Reference:
    return REFERENCE


def parsed(name: str) -> Any:
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


def below(value: object, key: str = "") -> Iterator[tuple[str, object]]:
    """Every value with the key it stands under."""
    yield key, value
    if isinstance(value, dict):
        for name, item in value.items():
            yield from below(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from below(item, key)


def cited(name: str) -> set[str]:
    if name.endswith(".yaml"):
        return {str(value) for key, value in below(parsed(name)) if key.endswith("source")}
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return {row["source"] for row in csv.DictReader(file) if "source" in row}


def parameter(reference: Reference, name: str) -> Parameter:
    return in_force(reference.parameters, name, date(2023, 4, 1))


# Municipalities


def test_there_are_43_municipalities_and_their_people_add_up(reference: Reference) -> None:
    assert len(reference.municipalities) == 43
    assert sum(m.population for m in reference.municipalities) == 8_837_685


def test_every_code_carries_its_check_digit(reference: Reference) -> None:
    codes = [m.lg_code for m in reference.municipalities]
    assert len(set(codes)) == 43
    assert all(len(code) == 6 and code[5] == check_digit(code[:5]) for code in codes)


def test_municipalities_stand_in_file_order_with_their_facts(reference: Reference) -> None:
    first, last = reference.municipalities[0], reference.municipalities[-1]
    assert (first.lg_code, first.name, first.population) == ("271004", "大阪市", 2_752_412)
    assert (last.lg_code, last.name, last.population) == ("273830", "千早赤阪村", 4_909)
    sakai = reference.municipality("271403")
    assert (sakai.name, sakai.kana, sakai.category, sakai.area) == (
        "堺市",
        "さかいし",
        "政令指定都市",
        "泉北",
    )
    assert (sakai.lat, sakai.lng) == (34.57333333, 135.4830556)


@pytest.mark.parametrize("code", ["270008", "", "27100", "２７１００４"])
def test_an_unknown_code_is_refused_in_words(reference: Reference, code: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        reference.municipality(code)
    assert code in caught.value.problems["lg_code"]
    assert "市町村はありません" in caught.value.problems["lg_code"]


def test_the_map_has_exactly_the_43(reference: Reference) -> None:
    topology = json.loads((DATA / "municipalities.topojson").read_text(encoding="utf-8"))
    drawn = [each["id"] for each in topology["objects"]["municipalities"]["geometries"]]
    assert len(drawn) == 43
    assert set(drawn) == {m.lg_code for m in reference.municipalities}


# Parameters and plans


@pytest.mark.parametrize(
    ("name", "value", "basis", "source"),
    [
        ("talent.unit_price", 100_000, Basis.OFFICIAL, "jirei"),
        ("talent.visits_per_year", 12, Basis.OFFICIAL, "jirei"),
        ("talent.subsidy_rate", Fraction(1, 2), Basis.UNDER_CONSIDERATION, "jirei"),
        ("talent.rounding_unit", 1_000, Basis.ASSUMPTION, "formats-budget"),
        ("talent.rounding_direction", Direction.DOWN, Basis.ASSUMPTION, "formats-budget"),
        ("talent.rounding_scope", RoundingScope.TOTAL, Basis.ASSUMPTION, "formats-budget"),
        ("talent.subsidy_cap", None, Basis.UNKNOWN, "jirei"),
        ("talent.programme_budget", None, Basis.UNKNOWN, "jirei"),
    ],
)
def test_each_parameter_has_its_value_and_what_it_rests_on(
    reference: Reference, name: str, value: object, basis: Basis, source: str
) -> None:
    found = parameter(reference, name)
    assert (found.value, found.basis, found.source) == (value, basis, source)
    assert found.valid_from == date(2023, 4, 1)
    assert found.recorded_at is None


def test_every_definition_has_a_value(reference: Reference) -> None:
    assert {p.name for p in reference.parameters} == set(DEFINITIONS)


def test_notes_say_what_is_not_decided(reference: Reference) -> None:
    assert "税の扱いは公表されていない" in parameter(reference, "talent.unit_price").note
    rate = parameter(reference, "talent.subsidy_rate").note
    assert "1/2補助を考えております" in rate
    assert "検討しております" in rate
    for name in ("unit", "direction", "scope"):
        assert "要確認" in parameter(reference, f"talent.rounding_{name}").note


def test_seven_plans_with_24_wishes(reference: Reference) -> None:
    assert [plan.number for plan in reference.plans] == [1, 2, 3, 4, 5, 6, 7]
    assert [plan.wishes for plan in reference.plans] == [4, 3, 1, 5, 3, 7, 1]
    assert sum(plan.wishes for plan in reference.plans) == 24
    assert {plan.wishes_as_of for plan in reference.plans} == {date(2023, 4, 4)}
    assert {plan.wishes_status for plan in reference.plans} == {Status.PLANNED}


def test_plans_are_named_as_printed(reference: Reference) -> None:
    assert [plan.name for plan in reference.plans] == [
        "公務員基礎能力向上・サービスデザイン思考支援プラン",
        "自治体システム標準化対応支援プラン",
        "行政手続きのオンライン化支援プラン",
        "セキュリティポリシー改定等支援プラン",
        "DX推進計画実行等支援プラン",
        "BPR支援プラン",
        "システム関連費用精査・システム更改助言支援プラン",
    ]
    shorts = [plan.short_name for plan in reference.plans]
    assert len(set(shorts)) == 7
    assert all(len(short) <= 12 for short in shorts)


def test_every_support_line_is_an_item_of_its_own(reference: Reference) -> None:
    assert [len(plan.supports) for plan in reference.plans] == [3, 3, 2, 3, 1, 2, 2]
    assert "仕様のFit&Gap分析等における改善提案等。" in reference.plans[1].supports
    assert "個人情報等の保有安全管理措置の策定支援等。" in reference.plans[3].supports
    assert not any(line.startswith("・") for plan in reference.plans for line in plan.supports)


def test_talent_sharing_says_cost_frequency_and_the_pending_vote(reference: Reference) -> None:
    talent = reference.talent
    assert "120万円（10万円×年12回）" in talent.cost
    assert "月1回程度" in talent.frequency
    assert (talent.participants, talent.participants_status) == (13, Status.PLANNED)
    assert talent.participants_as_of == date(2023, 4, 4)
    assert "議決前" in talent.participants_note
    assert talent.short_name_source == "noriai-assumption"


# Programmes


def test_survey_figures_survive_as_votes(reference: Reference) -> None:
    votes = {
        figure.label: figure.value
        for survey in reference.programmes.surveys
        for figure in survey.figures
        if figure.unit == "票"
    }
    assert votes == {"人的不足": 33, "スキルの不足": 18, "デジタル人材育成・確保": 28}
    assert all(survey.answering_bodies is None for survey in reference.programmes.surveys)


def test_budgets_have_amounts_and_admit_the_unknown_year(reference: Reference) -> None:
    budgets = {each.label: each for each in reference.programmes.budgets}
    assert {label: each.thousand_yen for label, each in budgets.items()} == {
        "スマートシティ戦略推進補助金": 40_213,
        "市町村DX推進アドバイザー制度": 10_071,
    }
    assert all(each.fiscal_year is None for each in budgets.values())
    assert all("記載はない" in each.fiscal_year_note for each in budgets.values())


def test_the_next_procurement_has_its_rule_but_no_result(reference: Reference) -> None:
    following = reference.programmes.next_procurement
    assert (following.programme, following.fiscal_year) == ("econtract", FiscalYear(2023))
    assert [(each.rank, each.points) for each in following.points] == [(1, 2), (2, 1)]
    assert following.surveyed_text == "R4.4.7 照会結果"
    assert following.surveyed_on == date(2022, 4, 7)
    assert following.results is None


def test_the_interview_has_five_answers(reference: Reference) -> None:
    answers = reference.programmes.interview.answers
    assert [answer.key for answer in answers] == [
        "background",
        "difficulties",
        "cost",
        "national_support",
        "outlook",
    ]
    assert "地方創生臨時交付金" in answers[3].paragraphs[0]
    assert answers[2].budgets == ("smart_city_subsidy", "advisors")


def test_the_overview_names_population_and_division(reference: Reference) -> None:
    overview = reference.programmes.overview
    assert overview.population_text == "880.1万人"
    assert overview.division.endswith("地域戦略推進課 市町村DXグループ")


# Procurements, participations, published totals


def test_procurements_have_years_lots_and_one_scheme(reference: Reference) -> None:
    found = reference.procurements
    assert [(each.key, int(each.fiscal_year)) for each in found.programmes] == [
        ("chat", 2021),
        ("eapply", 2021),
        ("docs", 2022),
        ("econtract", 2023),
        ("talent", 2023),
    ]
    assert found.lots == {
        "chat": (),
        "eapply": ("A", "B"),
        "docs": (),
        "econtract": (),
        "talent": (),
    }
    assert {each.scheme.key for each in found.programmes} == {"joint"}
    assert found.schemes[0].coordinator == "GovTech大阪事務局"
    assert found.schemes[0].contractor == "個別：各参加団体"
    assert found.programmes[2].label == "文書管理・電子決裁システム"


def test_the_scale_merit_of_one_system_is_an_assumption(reference: Reference) -> None:
    merit = reference.procurements.scale_merit
    assert (merit.rate, merit.basis) == (Fraction(3, 10), Basis.OFFICIAL)
    assert merit.single_system_basis is Basis.ASSUMPTION
    assert merit.single_system_source == "noriai-assumption"


def test_48_participations_of_29_municipalities(reference: Reference) -> None:
    found = reference.participations
    assert len(found) == 48
    assert len({each.lg_code for each in found}) == 29
    assert Counter((each.programme, each.event) for each in found) == {
        ("chat", "joined"): 22,
        ("econtract", "joined"): 2,
        ("econtract", "planned"): 11,
        ("talent", "joined"): 13,
    }


def test_participations_keep_their_dates(reference: Reference) -> None:
    chat = Counter(each.effective for each in reference.participations if each.programme == "chat")
    assert chat == {
        PartialDate(date(2021, 5, 1), DAY): 20,
        PartialDate(date(2021, 7, 1), DAY): 2,
    }
    late = {
        e.municipality
        for e in reference.participations
        if e.effective.first.month == 7 and e.programme == "chat"
    }
    assert late == {"吹田市", "柏原市"}
    talent = {each.effective for each in reference.participations if each.programme == "talent"}
    assert talent == {PartialDate(date(2023, 7, 1), Precision.MONTH_OR_LATER)}
    planned = {
        each.municipality: each.effective.label
        for each in reference.participations
        if each.event == "planned"
    }
    assert planned["岸和田市"] == "令和5年12月"
    assert planned["和泉市"] == "令和6年3月"


def total(
    reference: Reference,
    programme: str,
    basis: str,
    as_of: PartialDate,
    metric: str,
    lot: str | None,
    status: str,
) -> PublishedTotal:
    (found,) = [
        each
        for each in reference.published_totals
        if (each.programme, each.basis, each.as_of, each.metric, each.lot, each.status)
        == (programme, basis, as_of, metric, lot, status)
    ]
    return found


@pytest.mark.parametrize(
    ("programme", "lot", "basis", "metric", "as_of", "value", "status", "source"),
    [
        ("chat", None, "paid", "participants", (2021, 4, 27, DAY), 22, "actual", "hodo-2021-04-27"),
        ("chat", None, "paid_with_prefecture", "participants", (2022, 2, 1, MONTH), 23, "actual", "jlis-2022-02"),
        ("chat", None, "paid", "late_joiners", (2023, 2, 1, MONTH), 8, "actual", "jirei"),
        ("chat", None, "paid", "participants", (2024, 3, 1, MONTH), 33, "planned", "jirei"),
        ("chat", None, "paid_or_free", "participants", (2023, 3, 1, MONTH), 43, "actual", "jirei"),
        ("chat", None, "paid", "participants", (2023, 6, 1, DAY), 34, "actual", "prs-47910"),
        ("eapply", "A", "paid", "participants", (2023, 2, 1, MONTH), 5, "actual", "jirei"),
        ("eapply", "B", "paid", "participants", (2023, 2, 1, MONTH), 20, "actual", "jirei"),
        ("eapply", None, "paid_free_or_planned", "participants", (2023, 4, 1, YEAR), 36, "planned", "hokihosting"),
        ("docs", None, "paid", "participants", (2024, 3, 1, MONTH), 7, "planned", "jirei"),
        ("docs", None, "paid", "participants", (2023, 6, 1, DAY), 6, "actual", "prs-47910"),
        ("econtract", None, "paid_free_or_planned", "participants", (2023, 6, 1, MONTH), 13, "planned", "prs-47910"),
        ("talent", None, "paid", "participants", (2023, 7, 1, MONTH), 13, "actual", "prs-48072"),
    ],
)  # fmt: skip
def test_published_totals_keep_basis_date_status_and_source(
    reference: Reference,
    programme: str,
    lot: str | None,
    basis: str,
    metric: str,
    as_of: tuple[int, int, int, Precision],
    value: int,
    status: str,
    source: str,
) -> None:
    year, month, day, precision = as_of
    known = PartialDate(date(year, month, day), precision)
    found = total(reference, programme, basis, known, metric, lot, status)
    assert (found.value, found.source) == (value, source)


def test_there_are_26_published_totals(reference: Reference) -> None:
    assert len(reference.published_totals) == 26
    assert Counter(each.programme for each in reference.published_totals) == {
        "chat": 9,
        "eapply": 10,
        "docs": 4,
        "econtract": 1,
        "talent": 2,
    }


# Trainings and advisors

ONLINE, BOTH, ON_SITE = ("online",), ("on_site", "online"), ("on_site",)
TRAININGS = [
    (1, "技術相談会", "第1回技術相談会", None, [("2022-06-22", BOTH)]),
    (2, "技術相談会", "第2回技術相談会", None, [("2022-07-13", ONLINE)]),
    (3, "技術相談会", "第3回技術相談会", None, [("2022-08-26", BOTH)]),
    (4, "技術相談会", "第4回技術相談会", None, [("2022-09-27", ON_SITE), ("2022-11-22", ONLINE)]),
    (5, "技術相談会", "第5回技術相談会", None, [("2023-03-07", ON_SITE)]),
    (6, "成果発表会", "OSPF 令和3年度補助金採択事業に係る成果発表会", None, [("2022-09-05", ONLINE)]),
    (7, "勉強会", "情報システム標準化・共通化 初任者向け勉強会", None, [("2022-05-11", ONLINE)]),
    (8, "研修会", "情報システム標準化研修会", None, [("2022-10-31", BOTH)]),
    (9, "研修会", "第2回システム標準化研修会", None, [("2023-02-09", ONLINE)]),
    (10, "勉強会", "行政手続のオンライン化に係る法的観点勉強会", None, [("2022-10-25", ONLINE)]),
    (11, "勉強会", "第1回 電子契約システム勉強会", "全市町村", [("2022-06-20", ONLINE)]),
    (12, "説明会", "文書管理 後乗り説明会", "全市町村", [("2022-07-20", ONLINE)]),
    (13, "勉強会", "電子契約システム操作デモ・ハンズオン勉強会", "全市町村",
     [("2022-08-19", ONLINE), ("2022-08-23", ONLINE), ("2022-08-25", ONLINE), ("2022-08-30", ONLINE)]),
    (14, "検討会", "第1回システム共同化検討会", "予算要求団体", [("2022-09-26", ONLINE)]),
    (15, "勉強会", "第2回 電子契約システム勉強会", "全市町村", [("2023-01-26", ONLINE)]),
    (16, "検討会", "第2回システム共同化検討会", "予算要求団体", [("2023-02-21", ONLINE)]),
    (17, "説明会", "大阪版デジタル人材シェアリング事業共同調達に関する説明会", "予算要求団体", [("2023-03-22", ONLINE)]),
    (18, "勉強会", "大阪版自治体情報セキュリティクラウド勉強会", None, [("2022-05-27", ONLINE)]),
    (19, "セミナー", "情報セキュリティ技術セミナー", None, [("2023-02-02", None)]),
]  # fmt: skip


def test_there_are_19_trainings_of_fiscal_year_2022(reference: Reference) -> None:
    assert [training.number for training in reference.trainings.trainings] == list(range(1, 20))
    assert reference.trainings.fiscal_year == FiscalYear(2022)
    assert sum(len(training.sessions) for training in reference.trainings.trainings) == 23


@pytest.mark.parametrize(("number", "kind", "title", "audience", "sessions"), TRAININGS)
def test_each_training_has_its_days_formats_and_audience(
    reference: Reference,
    number: int,
    kind: str,
    title: str,
    audience: str | None,
    sessions: list[tuple[str, tuple[str, ...] | None]],
) -> None:
    training = reference.trainings.trainings[number - 1]
    assert (training.number, training.kind.value) == (number, kind)
    assert (training.title, training.audience and training.audience.label) == (title, audience)
    assert [(s.date.isoformat(), s.formats) for s in training.sessions] == sessions
    assert all((s.start, s.end, s.place) == (None, None, None) for s in training.sessions)


def test_the_prefecture_hosts_once_with_the_police_and_speaks_once(reference: Reference) -> None:
    trainings = reference.trainings.trainings
    assert {training.host for training in trainings} == {"大阪府"}
    assert {t.number: t.co_host for t in trainings if t.co_host} == {19: "大阪府警"}
    assert {t.number: t.speaker for t in trainings if t.speaker} == {7: "大阪府職員"}


def test_purposes_are_carried_over(reference: Reference) -> None:
    purposes = [training.purpose for training in reference.trainings.trainings]
    assert purposes[0] == "デジタル標準化の今後の方向性と地方創生ソリューションの紹介"
    assert purposes[11] == "文書管理・電子決裁システム参加拡大の後押し"
    assert purposes[18] == "サイバー攻撃の情勢やインシデント対応の訓練"


def test_the_advisors_guide_has_company_menu_and_five_consultations(reference: Reference) -> None:
    guide = reference.advisors.guide
    assert guide.company.name == "西日本電信電話株式会社"
    assert len(guide.company.strengths) == 7
    assert "弊社の強み" in guide.company.pr
    assert [item.key for item in guide.menu] == ["ア", "イ", "ウ"]
    assert [len(item.items) for item in guide.menu] == [6, 0, 0]
    assert [item.times for item in guide.menu] == [None, None, 5]
    assert guide.hearing.period == "5月下旬～7月中旬"
    assert guide.request.to == "*****@*****.co.jp"
    assert len(guide.consultation_examples) == 3


def test_both_lists_of_worked_examples_have_six(reference: Reference) -> None:
    records = {record.key: record for record in reference.advisors.track_records}
    assert {key: len(record.examples) for key, record in records.items()} == {
        "case_page": 6,
        "guide_2022": 6,
    }
    assert records["case_page"].fiscal_year is None
    assert records["guide_2022"].examples[5].title == "テレワーク環境導入業務"


# Sources and corrections


@pytest.mark.parametrize("name", [*YAML_FILES, "participation.csv", "published_totals.csv"])
def test_every_source_a_file_cites_exists_and_lists_the_file(
    reference: Reference, name: str
) -> None:
    assert cited(name)
    assert cited(name) == {key for key, s in reference.sources.items() if name in s.files}


def test_every_source_is_used(reference: Reference) -> None:
    def used(source: Source) -> bool:
        return bool(source.files) or source.used_for is not None

    assert all(used(source) for source in reference.sources.values())
    assert [key for key, s in reference.sources.items() if not s.files] == [
        "design-tokens",
        "yec-digital-bond",
        "jichinippo-2025-02-24",
    ]


def test_every_file_rests_on_a_source(reference: Reference) -> None:
    listed = {name for source in reference.sources.values() for name in source.files}
    present = {path.name for path in DATA.iterdir() if not path.name.startswith(".")}
    assert listed == present - {"sources.yaml"}


def test_the_sources_are_these(reference: Reference) -> None:
    assert set(reference.sources) == {
        "jirei",
        "hodo-2021-04-27",
        "jlis-2022-02",
        "prs-47910",
        "prs-48072",
        "hokihosting",
        "localgovjp",
        "kokusei-2020",
        "n03-2021",
        "design-tokens",
        "formats-budget",
        "event-list",
        "noriai-assumption",
        "holg-digital-bond",
        "yec-digital-bond",
        "jichinippo-2025-02-24",
        "chizai-2022-11-18",
    }
    assert reference.sources["localgovjp"].licence == "CC0"
    assert "国土交通省" in reference.sources["n03-2021"].licence


def test_national_values_are_to_be_confirmed_and_what_nobody_found_is_unknown(
    reference: Reference,
) -> None:
    national = [p for p in reference.parameters if p.name.startswith("national.")]
    assert {p.name.removeprefix("national."): p.value for p in national} == {
        "bond_rate": Fraction(9, 10),
        "bond_return_rate": Fraction(1, 2),
        "bond_last_year": 2029,
        "bond_term": 5,
        "special_rate": None,
        "special_cap": None,
    }
    for parameter in national:
        known = parameter.value is not None
        assert parameter.basis is (Basis.ASSUMPTION if known else Basis.UNKNOWN)
        assert "要確認" in parameter.note
        assert reference.sources[parameter.source].accessed == date(2026, 11, 26)


CORRECTIONS = {
    ("シェアリング力", "ヒアリング力", False): 1,
    ("関係部署へのシェアリング", "関係部署へのヒアリング", False): 2,
    ("ガバナメント", "ガバメントクラウド", False): 2,
    ("予請を共有しない協議会", "予算を共有しない協議会", True): 1,
    ("大阪府費", "大阪府警", True): 1,
    ("露社の強み", "弊社の強み", True): 1,
    ("補助金探採事業", "補助金採択事業", True): 1,
    ("ハズオンセミナー", "ハンズオンセミナー", True): 2,
    ("ハズオン勉強会", "ハンズオン勉強会", True): 1,
    ("文書管理・電子決済システム", "文書管理・電子決裁システム", True): 2,
    ("自治体DX推進手続書", "自治体DX推進手順書", True): 1,
    ("苦勞", "苦労", True): 1,
    ("一體的", "一体的", True): 1,
    ("適應する", "適応する", True): 1,
    ("www.pref.Osaka.lg.jp", "www.pref.osaka.lg.jp", True): 1,
}


def corrections() -> Counter[tuple[str, str, bool]]:
    return Counter(
        (str(item["printed"]), str(item["read_as"]), bool(item["certain"]))
        for name in YAML_FILES
        for key, value in below(parsed(name))
        if key == "corrections" and isinstance(value, list)
        for item in value
    )


def test_every_correction_keeps_its_printed_form() -> None:
    assert corrections() == CORRECTIONS


def test_a_printed_error_stands_nowhere_but_in_its_correction() -> None:
    texts = [
        str(value)
        for name in YAML_FILES
        for key, value in below(parsed(name))
        if key != "printed" and isinstance(value, str)
    ]
    for printed, _, _ in CORRECTIONS:
        # 電子決済 is right for eapply (cashless payment); only the docs system was misprinted.
        assert not [text for text in texts if printed in text], printed


def test_corrections_reach_the_values(reference: Reference) -> None:
    assert reference.plans[0].corrections[0].printed == "シェアリング力"
    assert not reference.plans[0].corrections[0].certain
    assert reference.trainings.trainings[18].corrections[0].printed == "大阪府費"


def test_what_is_told_of_a_correction_says_how_certain_it_is(reference: Reference) -> None:
    probable, certain = reference.plans[0].corrections[0], reference.trainings.trainings[18]
    assert probable.words == "「ヒアリング力」は印字「シェアリング力」の読み替え(推定)"
    assert corrections_text(certain.corrections) == "「大阪府警」は印字「大阪府費」の読み替え"
    assert certain.corrections_in("大阪府、大阪府警") == certain.corrections
    assert certain.corrections_in("大阪府") == ()
    assert reference.trainings.corrections_in("2023-19", "大阪府警") == ()


def test_no_file_names_a_machine() -> None:
    for path in DATA.iterdir():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(^|[\s\"'(])/(work|home|tmp|root)\b|[A-Z]:\\|\.txt\b", text), (
            path.name
        )
