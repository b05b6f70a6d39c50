"""Packs: another prefecture's is read, checked, written out, and fills a database like any other."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from core.access.principal import CONSOLE
from core.commands.catalogue import record_entry
from core.commands.initial_data import fill_initial_data
from core.commands.ledger import record_participation
from core.commands.municipalities import merge_municipalities
from core.commands.parameters import record_parameter
from core.estimate.request import EstimateRequest
from core.exports.pack import PackFiles, pack_files
from core.figures.alert import AlertKind, kinds
from core.figures.indicator import Subject
from core.figures.registry import indicators, subjects
from core.figures.scenes.registry import makers
from core.params import Basis
from core.procurement.event import EventKind
from core.procurement.recording import Entry
from core.reference.files import Files
from core.reference.pack import Reference, load_reference, problems_of
from core.settings import DATA, PROJECT
from core.store.catalogue import kept_catalogue
from core.store.engine import open_engine
from core.store.schema import upgrade
from core.values.errors import NotOfferedError
from core.values.fiscal import JAPAN, FiscalYear, parse_date
from core.values.offer import OfferedPart
from core.views.kpi import figures_view
from core.views.municipalities import municipalities_view
from core.views.pack import pack_view
from core.views.plans import plans_view
from core.views.trainings import training_view
from tests.support.databases import sqlite_url
from tests.support.elsewhere import made_up_pack, pack_without_subsidy
from tests.support.mergers import HANNAN, MISAKI, TOGETHER
from tests.support.reference import REFERENCE

NOW = datetime(2026, 11, 26, 10, 0, tzinfo=JAPAN)
SHIGA = load_reference(PROJECT / "packs" / "shiga")
MERGED = date(2027, 4, 2)
BORDER = [date(2027, 3, 26) + timedelta(days) for days in range(12)]


def filled(folder: Path, name: str, pack: Reference) -> Engine:
    engine = open_engine(sqlite_url(folder / name))
    upgrade(engine)
    fill_initial_data(engine, CONSOLE, reference=pack, now=NOW)
    return engine


def offered(engine: Engine) -> Reference:
    known = kept_catalogue(engine)
    assert known is not None
    return known.of(FiscalYear(2026))


def exported(engine: Engine, folder: Path) -> PackFiles:
    found = pack_files(offered(engine), pack_view(engine, CONSOLE, offered(engine)))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, body in found.files.items():
        (folder / name).write_bytes(body)
    return found


def told(engine: Engine, as_of: date) -> list[tuple[object, ...]]:
    found = figures_view(engine, CONSOLE, offered(engine), as_of=as_of, today=as_of)
    return [(f.key, f.value, f.why, f.birth.as_of, f.birth.named, f.birth.origin) for f in found]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("packs")


@pytest.fixture(scope="module")
def worked_with(folder: Path) -> Iterator[tuple[Engine, PackFiles, Engine]]:
    """A database of Osaka's pack somebody worked with, what it wrote, and one filled from that."""
    engine = filled(folder, "first.db", REFERENCE)
    total = dict(REFERENCE.files["published_totals.csv"][7]) | {
        "value": "36", "as_of": "2027-03-28", "period": "",
    }  # fmt: skip
    record_entry(
        engine, CONSOLE, part="published_totals", key="new", fiscal_year=None, content=total,
        reason="", seen=0, request_id="t", now=NOW,
    )  # fmt: skip
    for number, (code, system, kind, day, target, seen) in enumerate(
        (
            ("271403", "docs", EventKind.JOINED_LATE, "2027-03-30", None, 0),
            ("272108", "docs", EventKind.PLANNED, "2026-12", "2027-04", 0),
            ("272051", "chat", EventKind.LEFT, "2027-04-01", None, 21),
            ("272051", "docs", EventKind.INTEREST, "2026-11-20", None, 0),
            ("272051", "docs", EventKind.MANDATE, "2026-11-21", None, None),
            ("272051", "docs", EventKind.WITHDRAWN, "2027-03-31", None, None),
            (MISAKI, "docs", EventKind.JOINED, "2026-11-01", None, 0),
        )
    ):
        entry = Entry(
            participant=code, programme=system, kind=kind, effective=parse_date(day),
            target=parse_date(target) if target else None, source="電話で確認",
        )  # fmt: skip
        if seen is None:
            seen = pack_view(engine, CONSOLE, REFERENCE).events[-1].event_id
        record_participation(
            engine, CONSOLE, entry=entry, seen_event=seen, reference=REFERENCE,
            request_id=f"l{number}", now=NOW,
        )  # fmt: skip
    record_parameter(
        engine, CONSOLE, name="talent.programme_budget", text="9000000",
        valid_from=date(2027, 4, 1), basis=Basis.OFFICIAL, source="令和9年度当初予算", note="",
        request_id="p", now=NOW,
    )  # fmt: skip
    merge_municipalities(
        engine, CONSOLE, ended=(MISAKI,), card=TOGETHER, day=MERGED, reason="", request_id="m",
        seen=municipalities_view(engine, CONSOLE, offered(engine)).seen,
        reference=offered(engine), now=NOW + timedelta(minutes=1),
    )  # fmt: skip
    written = exported(engine, folder / "written")
    again = filled(folder, "second.db", load_reference(folder / "written"))
    yield engine, written, again
    engine.dispose()
    again.dispose()


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.one_of(st.sampled_from(BORDER), st.dates(date(2021, 4, 1), date(2028, 3, 31))))
def test_a_database_filled_from_what_was_written_out_says_the_same_of_any_day(
    worked_with: tuple[Engine, PackFiles, Engine], as_of: date
) -> None:
    first, _, again = worked_with
    assert told(again, as_of) == told(first, as_of)


def test_a_merger_is_written_out_and_read_again(
    worked_with: tuple[Engine, PackFiles, Engine], folder: Path
) -> None:
    first, _, again = worked_with
    head, *rows = (folder / "written" / "municipalities.csv").read_text().splitlines()
    assert head.endswith(",lat,lng,since,until,successor")
    assert len(rows) == 44
    assert [row.split(",")[-3:] for row in rows if row.startswith((HANNAN, MISAKI))] == [
        ["", "2027-04-01", ""], ["", "2027-04-01", HANNAN], ["2027-04-02", "", ""]
    ]  # fmt: skip
    for engine in (first, again):
        counted = [dict(each[:2] for each in told(engine, day)) for day in (BORDER[6], MERGED)]
        assert [each["docs_named"] for each in counted] == [2, 2]
        there = [len(offered(engine).on(day).municipalities) for day in (BORDER[6], MERGED)]
        assert there == [43, 42]
    assert offered(again).succession == offered(first).succession


def test_what_was_recorded_stands_in_the_files(
    worked_with: tuple[Engine, PackFiles, Engine], folder: Path
) -> None:
    _, written, again = worked_with
    assert written.left_out == ()
    rows = (folder / "written" / "participation.csv").read_text().splitlines()
    assert "docs,271403,堺市,joined_late,2027-03-30,day,2026-11-26,recorded-1" in rows
    assert "docs,272108,枚方市,planned,2027-04,month,2026-12,recorded-1" in rows
    for said in ("interest,2026-11-20", "mandate,2026-11-21", "withdrawn,2027-03-31"):
        assert f"docs,272051,吹田市,{said},day,2026-11-26,recorded-1" in rows
    assert offered(again).sources["recorded-1"].title == "電話で確認"
    assert offered(again).sources["recorded-2"].title == "令和9年度当初予算"


def test_what_the_files_do_not_hold_is_named(tmp_path: Path) -> None:
    engine = filled(tmp_path, "more.db", REFERENCE)
    entry = Entry(
        participant="272086", programme="docs", kind=EventKind.MANDATE, source="委任状",
        effective=parse_date("2026-11-22"), target=parse_date("2027-05"),
    )  # fmt: skip
    record_participation(
        engine, CONSOLE, entry=entry, seen_event=0, reference=REFERENCE, request_id="m", now=NOW
    )
    written = exported(engine, tmp_path / "again")
    assert written.left_out == ("参加台帳の、開始予定を書いた委任状の記録1件",)
    engine.dispose()


@pytest.mark.parametrize("pack", [REFERENCE, SHIGA], ids=["osaka", "shiga"])
def test_what_nobody_worked_with_is_written_out_as_it_was(pack: Reference, tmp_path: Path) -> None:
    engine = filled(tmp_path, "only.db", pack)
    assert exported(engine, tmp_path / "again").left_out == ()
    again = load_reference(tmp_path / "again")
    assert again.parameters == pack.parameters  # however a rate was written
    assert {**again.files, "parameters.yaml": None} == {**pack.files, "parameters.yaml": None}
    engine.dispose()


def test_a_later_start_with_the_shipped_pack_brings_nothing_of_it(tmp_path: Path) -> None:
    engine = filled(tmp_path, "shiga.db", SHIGA)
    fill_initial_data(engine, CONSOLE, reference=REFERENCE, now=NOW)
    recorded = pack_view(engine, CONSOLE, offered(engine))
    assert (recorded.events, recorded.trainings) == ((), 0)
    assert [each.name for each in recorded.parameters] == [p.name for p in SHIGA.parameters]
    assert "national.special_rate" not in [each.name for each in recorded.parameters]
    assert len(offered(engine).municipalities) == 19
    engine.dispose()


def test_what_is_not_offered_is_in_no_list() -> None:
    assert SHIGA.offers == {OfferedPart.MAP}
    assert subjects(SHIGA) == (Subject.PARTICIPATION, Subject.SAVINGS)
    for words in ("人材シェアリング", "支援プラン", "研修", "アドバイザー"):
        said = [f"{e.name}{e.definition}{e.basis}" for e in indicators(SHIGA).values()]
        said += [f"{maker.title}{maker.purpose}" for maker in makers(SHIGA).values()]
        assert [each for each in said if words in each] == []
    assert {"map", "participation"} <= makers(SHIGA).keys()
    assert kinds(SHIGA.offers) == (
        AlertKind.IN_NONE, AlertKind.WINDOW_CLOSING, AlertKind.TARGET_MISSED,
    )  # fmt: skip
    assert REFERENCE.offers == set(OfferedPart)


@pytest.mark.parametrize(
    ("view", "arguments"),
    [
        (plans_view, {"request": EstimateRequest(FiscalYear(2026), ())}),
        (training_view, {"training_id": "1", "as_of": NOW.date()}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_view_of_what_is_not_offered_says_so(
    view: Callable[..., object], arguments: dict[str, object], tmp_path: Path
) -> None:
    engine = filled(tmp_path, "shiga.db", SHIGA)
    with pytest.raises(NotOfferedError, match=r"この都道府県では、(人材シェアリング|研修)を"):
        view(engine, CONSOLE, SHIGA, **arguments)
    engine.dispose()


@pytest.mark.parametrize(
    "absent",
    [
        ("plans.yaml",),
        ("programmes.yaml",),
        ("advisors.yaml",),
        ("trainings.yaml", "event_list_columns.csv"),
        ("municipalities.topojson",),
        ("participation.csv", "published_totals.csv"),
    ],
    ids=lambda names: names[0],
)
def test_every_part_may_be_absent(absent: tuple[str, ...], tmp_path: Path) -> None:
    shutil.copytree(DATA, tmp_path / "pack")
    for name in absent:
        (tmp_path / "pack" / name).unlink()
    sources = tmp_path / "pack" / "sources.yaml"
    kept = [line for line in sources.read_text().splitlines() if line.strip()[2:] not in absent]
    text = "\n".join(kept)
    for name in absent:
        text = text.replace(f", {name}", "").replace(f"{name}, ", "").replace(f"[{name}]", "[]")
    sources.write_text(text.replace("files: []", "files: []\n    used_for: 試験"))
    whole = sources.read_text().replace("    used_for: 試験\n    used_for", "    used_for")
    sources.write_text(whole)
    engine = filled(tmp_path, "some.db", load_reference(tmp_path / "pack"))
    found = {key for key, *_ in told(engine, NOW.date())}
    gone = {each for each in OfferedPart if each.file in absent}
    if OfferedPart.TALENT in gone:
        gone.add(OfferedPart.SUBSIDY)  # there is nothing it is paid for
    assert offered(engine).offers == set(OfferedPart) - gone
    assert found == indicators(offered(engine)).keys()
    assert any(key.startswith("talent_m") for key in found) == ("plans.yaml" not in absent)
    engine.dispose()


def test_a_subsidy_may_be_absent(tmp_path: Path) -> None:
    (tmp_path / "pack").mkdir()
    pack = pack_without_subsidy(tmp_path / "pack")
    assert pack.offers == set(OfferedPart) - {OfferedPart.SUBSIDY}
    engine = filled(tmp_path, "unpaid.db", pack)
    assert exported(engine, tmp_path / "again").left_out == ()
    again = load_reference(tmp_path / "again")
    assert (again.offers, again.names, again.parameters) == (
        pack.offers, pack.names, pack.parameters,
    )  # fmt: skip
    engine.dispose()


@pytest.mark.parametrize(
    ("left_out", "told_of"),
    [
        (("names.yaml",), {"plans.yaml": "names.yamlに補助金の呼び名", "parameters.yaml": "talent.subsidy_rateの値がありますが"}),
        (("parameters.yaml",), {"parameters.yaml": "talent.subsidy_rateの値がありません"}),
        (("plans.yaml",), {"plans.yaml": "補助の説明も書いてください"}),
        (("names.yaml", "plans.yaml"), {"parameters.yaml": "なければこれらの値を消してください"}),
    ],
    ids=" ".join,
)  # fmt: skip
def test_half_a_subsidy_is_told_with_what_to_do(
    left_out: tuple[str, ...], told_of: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "without").mkdir()
    pack_without_subsidy(tmp_path / "without")
    (tmp_path / "pack").mkdir()
    made_up_pack(tmp_path / "pack")
    for name in left_out:
        shutil.copyfile(tmp_path / "without" / name, tmp_path / "pack" / name)
    found = problems_of(Files(tmp_path / "pack"))
    said = {each.file.removeprefix("data/"): each.reason for each in found}
    assert said.keys() == told_of.keys()
    assert {name: reason for name, reason in told_of.items() if reason not in said[name]} == {}
    assert all(each.line for each in found)


def test_every_problem_of_a_folder_is_told_at_once(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "packs" / "shiga", tmp_path / "pack")

    def change(name: str, before: str, after: str) -> None:
        path = tmp_path / "pack" / name
        assert before in path.read_text()
        path.write_text(path.read_text().replace(before, after, 1))

    change("checks.yaml", "19", "20")
    change("published_totals.csv", "guide,,paid,participants,,9", "fax,,paid,participants,,many")
    change("procurements.yaml", "free_edition: false", "free_edition: maybe")
    change("parameters.yaml", "account.first_password_days", "account.first_days")
    found = {(e.file.removeprefix("data/"), e.line) for e in problems_of(Files(tmp_path / "pack"))}
    assert {("checks.yaml", 2), ("published_totals.csv", 2), ("procurements.yaml", 36)} <= found
    assert {name for name, _ in found} == {
        "checks.yaml", "published_totals.csv", "procurements.yaml", "parameters.yaml",
    }  # fmt: skip


def test_no_participant_of_the_second_pack_is_made_up() -> None:
    assert SHIGA.participations == ()
    assert {total.value for total in SHIGA.published_totals} == {9, 5, 11}
    assert json.loads(SHIGA.map)["objects"].keys() == {"municipalities"}
