"""A prefecture that pays no subsidy for support plans: nothing is granted, and nothing says so with a 0."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from core.cli import main
from core.estimate.calculation import Estimate, each_alone, estimate
from core.estimate.caveats import caveats
from core.estimate.ceiling import choices_within, fewer_visits
from core.estimate.request import EstimateRequest, PlanChoice
from core.estimate.request_form import FormField
from core.estimate.scenarios import scenarios
from core.estimate.wording import working
from core.exports.budget import budget_workbook
from core.exports.request_form import budget_form_values
from core.params import Basis, Parameter, RoundingScope
from core.reference.pack import Reference
from core.values.errors import InvalidInputError
from core.values.money import Direction, Yen
from tests.support.elsewhere import pack_without_subsidy, told_of_a_subsidy
from tests.support.office import convert

EVERY = dict.fromkeys(range(1, 8), 12)
LINK = "https://noriai.example/"


@pytest.fixture(scope="module")
def unpaid(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    return pack_without_subsidy(tmp_path_factory.mktemp("unpaid"))


def asked(*pairs: tuple[int, int], **own: Any) -> EstimateRequest:
    return EstimateRequest(2027, tuple(PlanChoice(*pair) for pair in pairs), **own)


def computed(unpaid: Reference, *pairs: tuple[int, int], **own: Any) -> Estimate:
    return estimate(asked(*pairs, **own), unpaid.plan_offers, unpaid.parameters)


def test_everything_is_paid_by_the_municipality(unpaid: Reference) -> None:
    found = computed(unpaid, (6, 12), (2, 5), start_month=10, years=2)
    year = found.first
    assert year.terms.subsidy is None
    assert (year.gross, year.net) == (1_700_000, 1_700_000)
    assert [int(line.net) for line in year.lines] == [1_200_000, 500_000]
    assert (found.gross, found.net) == (3_400_000, 3_400_000)
    assert [int(month.net) for month in year.months] == [300_000] * 5 + [200_000]
    assert [(step.label, step.expression) for step in working(year)] == [
        ("歳出", "100,000円 × 12回 × 1プラン + 100,000円 × 5回 × 1プラン = 1,700,000円"),
        ("一般財源", "1,700,000円(歳出の全額)"),
    ]
    assert scenarios(year, Yen(9), Yen(1)) == ()
    names = {premise.name for premise in year.terms.premises}
    assert names == {"talent.unit_price", "talent.visits_per_year", "talent.plans"}
    assert told_of_a_subsidy(caveats(found, unpaid.names.subsidy)) == []
    alone = each_alone(asked(), EVERY, unpaid.plan_offers, unpaid.parameters)
    assert {int(line.net) for line in alone.values()} == {1_200_000}


def test_a_ceiling_holds_what_is_spent(unpaid: Reference) -> None:
    within = (asked(), EVERY, unpaid.plan_offers, unpaid.parameters)
    fits = choices_within(Yen(2_400_000), *within)
    assert fits.number == 7 + 21
    assert {(each.gross, each.net) for each in fits.best} == {(2_400_000, 2_400_000)}
    assert choices_within(Yen(1_199_999), *within).number == 0
    fewer = fewer_visits(Yen(1_199_999), *within)
    assert fewer is not None
    assert (fewer.visits, fewer.net) == (11, 1_100_000)


@pytest.mark.parametrize(
    "own",
    [
        {"rate": Fraction(1, 2)},
        {"rounding_unit": 10},
        {"rounding_direction": Direction.UP},
        {"rounding_scope": RoundingScope.PLAN},
    ],
    ids=lambda own: next(iter(own)),
)
def test_terms_of_a_subsidy_cannot_be_tried(unpaid: Reference, own: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError, match="補助金はないため"):
        computed(unpaid, (6, 12), **own)


def test_a_value_somebody_recorded_all_the_same_pays_nothing(unpaid: Reference) -> None:
    rate = Parameter(
        "talent.subsidy_rate", Fraction(1, 2), date(2023, 4, 1), Basis.OFFICIAL, "jirei"
    )
    found = estimate(asked((6, 12)), unpaid.plan_offers, [*unpaid.parameters, rate])
    assert found == computed(unpaid, (6, 12))


def test_a_view_and_the_command_line_say_nothing_of_it(
    unpaid: Reference, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("NORIAI_DATABASE_URL", f"sqlite:///{tmp_path / 'noriai.db'}")
    monkeypatch.setenv("NORIAI_TODAY", "2026-11-26")
    (tmp_path / "pack").mkdir()
    pack_without_subsidy(tmp_path / "pack")
    assert main(["init", "--pack", str(tmp_path / "pack")]) == 0
    capsys.readouterr()
    plan = ["--fiscal-year", "2027", "--plan", "6:12", "--years", "2"]
    assert main(["estimate", *plan]) == 0
    said = capsys.readouterr().out
    assert told_of_a_subsidy([said]) == []
    assert "合計 歳出 2,400,000円 一般財源 2,400,000円" in said
    assert main(["estimate", *plan, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["gross"], found["subsidy"], found["net"]) == (1_200_000, None, 1_200_000)
    assert found["lines"][0]["subsidy"] is None
    assert main(["estimate", *plan, "--rate", "1/2"]) == 2
    assert "補助金はないため" in capsys.readouterr().err


def workbook(unpaid: Reference) -> bytes:
    """Two years, the second with another fee."""
    price = Parameter("talent.unit_price", 123_457, date(2028, 4, 1), Basis.OFFICIAL, "jirei")
    found = estimate(
        asked((6, 12), (2, 5), years=2), unpaid.plan_offers, [*unpaid.parameters, price]
    )
    return budget_workbook(
        found, reference=unpaid, municipality="堺市", made_on=date(2026, 11, 23), link=LINK,
        made_up=False,
    )  # fmt: skip


def test_the_workbook_has_no_place_for_it(unpaid: Reference) -> None:
    made = workbook(unpaid)
    book = openpyxl.load_workbook(BytesIO(made))
    texts = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value]
    assert told_of_a_subsidy(texts) == []
    values = openpyxl.load_workbook(BytesIO(made), data_only=True)
    front, years = values["予算要求書"], values["月別・年度別"]
    assert (front["D15"].value, front["F17"].value, front["G21"].value) == (1700, 1_700_000, 1700)
    assert front["D16"].value is None  # to be filled in
    assert [cell.value for cell in years[38]][:6] == [
        "令和10年度(2028年度)", 123_457, 2_098_769, 2_098_769, 2_099, 2_099,
    ]  # fmt: skip


@pytest.mark.office
def test_the_workbook_follows_its_inputs(unpaid: Reference, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(BytesIO(workbook(unpaid)))
    book["積算基礎"]["D6"] = 3
    book["積算基礎"]["C16"] = 50_000
    book["予算要求書"]["D16"] = 100
    book.save(tmp_path / "changed.xlsx")
    (made,) = convert([tmp_path / "changed.xlsx"], "xlsx", tmp_path / "out")
    changed = openpyxl.load_workbook(made, data_only=True)
    front, ground = changed["予算要求書"], changed["積算基礎"]
    assert (ground["F13"].value, ground["H21"].value) == (1_000_000, 1_000_000)
    assert [front[f"D{row}"].value for row in (15, 16, 17)] == [1000, 100, 900]
    assert [front[f"G{row}"].value for row in (21, 22)] == [900, 900_000]
    assert changed["月別・年度別"]["D38"].value == 123_457 * 20


def test_a_form_of_the_municipality_is_left_empty_there(unpaid: Reference) -> None:
    values = budget_form_values(
        computed(unpaid, (6, 12)), reference=unpaid, municipality="堺市",
        made_on=date(2026, 11, 23), link=LINK, made_up=False,
    )  # fmt: skip
    assert not {FormField.SUBSIDY, FormField.SUBSIDY_THOUSAND, FormField.RATE} & values.keys()
    assert (values[FormField.GROSS], values[FormField.NET]) == (1_200_000, 1_200_000)
    assert told_of_a_subsidy(str(value) for value in values.values()) == []
