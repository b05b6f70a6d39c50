"""One fact, one number: whatever shows a fact of a day shows what the registry says of that day.

Compared are ホーム, the wall, 事務局KPI with 今週, its workbook and CSV, the papers of a meeting, the
page for a visit, 共同調達, アドバイザー相談 and the command line, on the reference data, on made-up
data, and with a ledger that names everyone in some systems and in all.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pptx import Presentation
from pypdf import PdfReader
from sqlalchemy import URL, Engine

from core import cli
from core.access.principal import CONSOLE, PUBLIC, Principal, Role
from core.demonstration.fill import fill_demonstration
from core.exports.kpi import kpi_csv, kpi_workbook, meeting_deck, visit_pdf
from core.exports.kpi.workbook import NUMBERS
from core.figures.indicator import Place
from core.figures.reading import Reading
from core.figures.scenes.registry import makers
from core.procurement.counting import CountBasis
from core.procurement.standing import TAKING_PART
from core.start import start
from core.store.coverage import add_coverage
from core.store.engine import open_engine, writing
from core.values.figure import Figure, plain_number, value_text
from core.values.fiscal import JAPAN, budget_request_year
from core.views.consultations import advisors_view, consultation_inbox_view
from core.views.home import SystemLine, home_view
from core.views.kpi import figures_view, kpi_meeting_view, kpi_view, week_view
from core.views.ledger import counts_view
from core.views.meetings import wall_view
from core.views.peers import visit_view
from core.views.procurement import procurement_view
from tests.support.facts import SAKAI, at, declared
from tests.support.reference import REFERENCE

OFFICE = Principal("jimukyoku", "事務局", Role.SECRETARIAT)
FILLED_ON = date(2026, 11, 24)
SYSTEMS = [p.key for p in REFERENCE.procurements.programmes if p.key != "talent"]
WORLDS = ("reference", "made up", "some covered", "all covered")
# where something changes, and the days around: published counts, coverage, made-up wishes, October
TURNS = [
    date(2021, 4, 27), date(2021, 5, 1), date(2022, 2, 1), date(2023, 2, 28), date(2023, 4, 4),
    date(2023, 6, 1), date(2023, 6, 30), date(2023, 7, 1), date(2024, 3, 31), date(2026, 9, 30),
    FILLED_ON,
]  # fmt: skip
DAYS = st.builds(
    lambda day, off: day + timedelta(off), st.sampled_from(TURNS), st.integers(-2, 2)
) | st.dates(date(2021, 4, 1), date(2027, 3, 31))


@pytest.fixture(scope="module", params=WORLDS)
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp(request.param.replace(" ", "-"))
    engine = open_engine(URL.create("sqlite", database=str(folder / "noriai.db")))
    start(engine, REFERENCE, at(FILLED_ON))
    if request.param != "reference":
        fill_demonstration(engine, REFERENCE, at(FILLED_ON))
    covered = {"some covered": ["chat", "econtract"], "all covered": [*SYSTEMS, "talent"]}
    with writing(engine) as session:
        for event in declared(date(2023, 6, 10), *covered.get(request.param, [])):
            add_coverage(session, event)
    yield engine
    engine.dispose()


def told(engine: Engine, as_of: date) -> dict[str, Reading]:
    """Every fact of a day, as the registry says it."""
    return {each.key: each for each in figures_view(engine, OFFICE, REFERENCE, as_of=as_of)}


def _shown(line: SystemLine) -> tuple[Figure, int, int]:
    return line.reading.figure, line.named, line.planned


few = settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
"""A day costs a deck, a workbook and a page; over the four worlds and all tests many are drawn."""


@given(as_of=DAYS)
@few
def test_home_wall_kpi_and_week_say_what_the_registry_says(world: Engine, as_of: date) -> None:
    facts = told(world, as_of)
    values = {key: each.value for key, each in facts.items()}
    overview = kpi_view(world, OFFICE, REFERENCE, as_of=as_of)
    assert {each.key: each.value for each in overview.readings} == values
    week = week_view(world, OFFICE, REFERENCE, as_of=as_of)
    assert {line.reading.key: line.reading.value for line in week}.items() <= values.items()

    home = home_view(world, OFFICE, REFERENCE, as_of=as_of, fiscal_year=budget_request_year(as_of))
    public = home_view(
        world, PUBLIC, REFERENCE, as_of=as_of, fiscal_year=budget_request_year(as_of)
    )
    assert list(map(_shown, public.systems)) == list(map(_shown, home.systems))
    shown = [line.reading for line in home.systems] + [*home.facts, *home.office]
    assert {each.key: each.figure for each in shown} == {
        key: each.figure
        for key, each in facts.items()
        if each.indicator.shows & {Place.HOME, Place.OFFICE}
    }
    for line in home.systems:
        key = line.reading.key.removesuffix("_paid")
        assert (line.named, line.planned) == (values[f"{key}_named"], values[f"{key}_planned"])

    names = {each.indicator.name: each for each in facts.values()} | {
        p.short_label: facts[f"{p.key}_paid"]
        for p in REFERENCE.procurements.programmes
        if p.key != "talent"
    }
    scenes = wall_view(world, OFFICE, REFERENCE, set_id=None, as_of=as_of).scenes
    assert [scene.key for scene in scenes] == list(makers(REFERENCE))
    for scene in scenes:
        for big in scene.figures:
            told_value = None if scene.covered_by else names[big.figure.label].value
            assert big.figure.value == told_value, (scene.key, big.figure.label)


@given(as_of=DAYS)
@few
def test_joint_procurement_counts_what_the_registry_counts(world: Engine, as_of: date) -> None:
    facts = told(world, as_of)
    answer = procurement_view(world, PUBLIC, REFERENCE, as_of=as_of)
    inside = {
        row.name: sum(state.standing in TAKING_PART for state in row.states) for row in answer.rows
    }
    assert {name for name, systems in inside.items() if not systems} == {
        part.label for part in facts["in_none"].parts
    }
    assert sum(inside.values()) == facts["participation_records"].value
    assert sum(system.paid.overdue for system in answer.systems) == facts["overdue"].value
    lines = {
        line.programme: line
        for line in counts_view(world, PUBLIC, REFERENCE, as_of=as_of, basis=CountBasis.PAID)
    }
    for system in answer.systems:
        key = system.procurement.key
        fact = facts[f"{key}_paid"]
        for found in (system.headline(CountBasis.PAID), lines[key]):
            assert (found.value, found.origin) == (fact.value, fact.birth.origin)
            assert f"{found.as_of.label}時点" == fact.birth.as_of
            assert found.named == facts[f"{key}_named"].value
            assert found.unnamed == facts[f"{key}_unnamed"].value
        assert system.counts.planned == facts[f"{key}_planned"].value
    beside = visit_view(world, OFFICE, REFERENCE, lg_code=SAKAI, as_of=as_of).peers.rows[0]
    whole = procurement_view(world, PUBLIC, REFERENCE, as_of=as_of, basis=CountBasis.PAID_OR_FREE)
    [ours] = [row for row in whole.rows if row.participant == SAKAI]
    assert beside.states == ours.states


@given(today=DAYS, ahead=st.integers(1, 500))
@few
def test_of_a_day_ahead_nothing_has_come_about_anywhere(
    world: Engine, today: date, ahead: int
) -> None:
    as_of = today + timedelta(ahead)
    facts = {
        each.key: each for each in figures_view(world, OFFICE, REFERENCE, as_of=as_of, today=today)
    }
    overview = kpi_view(world, OFFICE, REFERENCE, as_of=as_of, today=today)
    assert {e.key: e.figure for e in overview.readings} == {k: e.figure for k, e in facts.items()}
    counted = counts_view(world, PUBLIC, REFERENCE, as_of=as_of, basis=CountBasis.PAID, today=today)
    lines = {line.programme: line for line in counted}
    answer = procurement_view(world, PUBLIC, REFERENCE, as_of=as_of, today=today)
    for system in answer.systems:
        key = system.procurement.key
        fact = facts[f"{key}_paid"]
        for found in (system.headline(CountBasis.PAID), lines[key]):
            assert (found.value, found.origin) == (fact.value, fact.birth.origin)
            assert f"{found.as_of.label}時点" == fact.birth.as_of
            assert found.named == facts[f"{key}_named"].value
            assert found.unnamed == facts[f"{key}_unnamed"].value
        assert system.seen.planned == facts[f"{key}_planned"].value
    inside = [sum(state.standing in TAKING_PART for state in row.states) for row in answer.rows]
    assert inside.count(0) == facts["in_none"].value
    assert sum(inside) == facts["participation_records"].value


@given(as_of=DAYS)
@few
def test_consultations_say_what_the_registry_says(world: Engine, as_of: date) -> None:
    facts = told(world, as_of)
    inbox = consultation_inbox_view(world, OFFICE, REFERENCE, as_of=as_of)
    assert {f.label: f for f in inbox.figures}.items() <= {
        each.indicator.name: each.figure for each in facts.values()
    }.items()
    advisors = advisors_view(world, OFFICE, REFERENCE, as_of=as_of)
    assert advisors.left == facts["consultations_quota"].figure
    quota = advisors.quota
    if quota.foreseen is not None:
        left = max(quota.foreseen - quota.held - quota.scheduled, 0)
        assert left == facts["consultations_quota"].value


@given(as_of=DAYS)
@few
def test_workbook_csv_and_deck_hold_what_the_registry_says(world: Engine, as_of: date) -> None:
    facts = told(world, as_of)
    overview = kpi_view(world, OFFICE, REFERENCE, as_of=as_of)
    book = load_workbook(io.BytesIO(kpi_workbook(overview, as_of, made_up=False)), read_only=True)
    cells = {row[1]: row[2] for row in book[NUMBERS].iter_rows(min_row=5, values_only=True)}
    plain = {each.indicator.name: plain_number(each.value) for each in facts.values()}
    shown = {name: "不明" if value is None else value for name, value in plain.items()}
    assert {name: cells[name] for name in shown} == shown
    lines = csv.DictReader(io.StringIO(kpi_csv(overview, made_up=False).decode("utf-8-sig")))
    assert {line["指標"]: line["値"] for line in lines} == {
        name: "" if value is None else str(value) for name, value in plain.items()
    }

    meeting = kpi_meeting_view(
        world, OFFICE, REFERENCE, as_of=as_of, first=date(2021, 4, 1), compared_with=None
    )
    deck = Presentation(io.BytesIO(meeting_deck(meeting, as_of, made_up=False)))
    tables = [
        [[cell.text for cell in row.cells] for row in shape.table.rows]
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_table
    ]
    [tiles, _legend, participation, plans, money, *rest] = tables
    unanswered = facts["talent_unanswered"].value
    if unanswered is not None:  # 不明 until anybody was asked
        assert sum(cell.startswith("－") for row in tiles for cell in row) == unanswered
    assert [row[1] for row in participation[1:]] == [facts[f"{k}_paid"].text for k in SYSTEMS]
    assert [row[2] for row in participation[1:]] == [facts[f"{k}_named"].text for k in SYSTEMS]
    amounts = {row[0]: row[1:] for row in money}
    for line, kind in (("希望以上の計", ""), ("検討中(別)", "considering_")):
        assert amounts[line] == [
            facts[f"talent_{kind}plans"].text,
            *(
                facts[f"talent_{kind}{key}"].text.removesuffix("円")
                for key in ("gross", "subsidy", "net")
            ),
        ]
    assert plans[-1][1] == facts["talent_by_plan"].text.removesuffix("件")
    assert plans[-1][2] == facts["talent_published_plans"].text.removesuffix("件")
    listed = {row[0]: row[1] for table in rest for row in table if row[0] != "指標"}
    assert listed == {
        each.indicator.name: each.text
        for each in facts.values()
        if Place.CARD in each.indicator.shows
    }


@given(as_of=DAYS)
@few
def test_a_visit_says_of_one_municipality_what_the_registry_says_of_it(
    world: Engine, as_of: date
) -> None:
    facts = told(world, as_of)
    answer = visit_view(world, OFFICE, REFERENCE, lg_code=SAKAI, as_of=as_of)
    for measure in answer.peers.measures:
        fact = facts[measure.indicator.key]
        own = sum(part.numerator or 0 for part in fact.parts if part.lg_code == SAKAI)
        assert measure.ours == (None if fact.value is None else own)
    wished = sum(w.state.value not in ("considering", "withdrawn") for w in answer.wishes)
    [plans] = [m for m in answer.peers.measures if m.indicator.key == "talent_plans"]
    assert plans.ours == wished
    page = "".join(
        PdfReader(io.BytesIO(visit_pdf(answer, as_of, made_up=False)))
        .pages[0]
        .extract_text()
        .split()
    )
    for measure in answer.peers.measures:
        words = f"{measure.indicator.name}{value_text(measure.ours, measure.indicator.unit)}"
        assert "".join(words.split()) in page


@given(as_of=DAYS)
@few
def test_the_command_line_prints_every_fact_with_what_it_owes(
    world: Engine, as_of: date, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("core.cli.kpi.engine", lambda: world)
        noon = datetime.combine(as_of, time(12), JAPAN)
        patched.setattr("core.cli.kpi.now", lambda: noon)  # asked on the day itself
        capsys.readouterr()
        assert cli.main(["figures", "--as-of", as_of.isoformat(), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["as_of"] == as_of.isoformat()
    facts = figures_view(world, CONSOLE, REFERENCE, as_of=as_of)
    assert list(printed["figures"]) == [each.key for each in facts]
    for each in facts:
        line = printed["figures"][each.key]
        assert line["value"] == plain_number(each.value), each.key
        assert (line["value"] is None) == bool(line["why"]), each.key
        assert line["as_of"] == each.figure.as_of
        assert all(line[owed] for owed in ("name", "unit", "basis", "as_of", "source", "status"))
